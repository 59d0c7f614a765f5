-- Health, status, integrity and upkeep.
begin;
\ir prelude.psql
select plan(40);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

select is((select row(outcome, schema, writable) from api.system_health()),
	row('ok'::text, (select max(number) from tracetrack.migration), true), 'healthy');

select lives_ok('select api.system_warm()', 'a connection is made ready for scanning');

-- what monitoring looks at, before and after
create temporary table watch as select * from api.system_watch();
select ok((select outcome = 'ok' and writable and not replica and size > 1000000 and connections >= 1
	and connections_used between 0 and 100 and partitions = 12 and replicas = 0 from watch),
	'figures of the server');
select is((select row(scans, refused, parents_open) from watch),
	(select row(t.scans, t.refused, t.parents_open) from tracetrack.tally_sums() t), 'of scans');
select is((select behind from watch), (select n.last_value - s.rolled
	from tracetrack.event_number n, tracetrack.activity_state s), 'of the roll-up');
select pg_temp.parent('t.asha', 'SB460001') \g /dev/null
insert into tracetrack.exception (event, at, outcome)
select r.event, now() - interval '2 hours', 'no_parent' from tracetrack.request r
 order by r.at desc limit 1;
select tracetrack.notify('lockout', 'x', 'y') \g /dev/null
select is((select row(n.exceptions - w.exceptions, n.exceptions_oldest >= 7200,
	n.notifications - w.notifications, n.scans - w.scans) from watch w, api.system_watch() n),
	row(1::bigint, true, 1::bigint, 1::bigint), 'they follow');
select ok((select w.unsealed between 0 and ceil(extract(epoch from now() - m.applied_at))
	from api.system_watch() w, tracetrack.migration m where m.number = 1),
	'nothing waits for its seal longer than there is a database, whatever was loaded');
delete from tracetrack.exception where at = now() - interval '2 hours';

create temporary table status as select * from api.system_status(pg_temp.tok('t.sup'), 3);
select is((select row(outcome, server, bytes > 1000000, up_since < now()) from status),
	row('ok'::text, current_setting('server_version'), true, true), 'the server');
select ok((select (connections ->> 'total')::integer between 1 and (connections ->> 'most')::integer
	from status), 'connections');
select ok((select (activity ->> 'commits')::bigint > 0 and (activity ->> 'cache_hit')::numeric
	between 0 and 100 from status), 'what the database has done');
select is((select jsonb_array_length(sizes) from status), 3, 'as many tables as asked for');
select ok((select sizes @> '[{"name": "event"}]' and (sizes -> 0 ->> 'bytes')::bigint
	>= (sizes -> 1 ->> 'bytes')::bigint from status), 'the largest first, partitions together');
select is((select (locks ->> 'waiting')::integer from status), 0, 'nobody waits for a lock');
select is((select replicas from status), '[]', 'no replica');
select is((select partitions from status), 12, 'twelve months of the ledger are made ahead');
select is((select (rollup ->> 'behind')::bigint from status), (select n.last_value - s.rolled
	from tracetrack.event_number n, tracetrack.activity_state s), 'how far the figures are');
select ok((select missing not like '%pg_monitor%' from status), 'the owner sees what others do');
select is((select outcome from api.system_status(pg_temp.tok('t.asha'))), 'not_permitted',
	'a dispatcher does not see it');
select is((select outcome from api.system_status('x')), 'session_expired', 'nor does nobody');

select is((select row(outcome, connections > 0, active > 0, waiting, longest_wait_ms)
	from api.system_pulse(pg_temp.tok('t.sup'))), row('ok'::text, true, true, 0::bigint, 0::bigint),
	'the same in short');
select is((select outcome from api.system_pulse(pg_temp.tok('t.asha'))), 'not_permitted',
	'not for a dispatcher');
select is((select outcome from api.system_pulse('x')), 'session_expired', 'nor for nobody');

select is_empty($$select * from api.system_integrity(pg_temp.tok('t.sup'), 60) where state <> 'sound'$$,
	'all is sound');
update tracetrack.tally set scans = scans + 1 where slot = 5;
select is((select row(state, times, first ~ 'scans') from api.system_integrity(pg_temp.tok('t.sup'), 60)
	where part = 'counters'), row('broken'::text, 1::bigint, true), 'what is broken is found');
update tracetrack.tally set scans = scans - 1 where slot = 5;
-- in pieces: each begins where the one before has stopped
create or replace function tracetrack.integrity_parts()
returns table (part text, width bigint, last bigint) language sql as $$
	values ('bags', 300, (select max(b.id) from tracetrack.bag b)), ('replay', 500,
		(select max(b.id) from tracetrack.bag b)), ('seals', 10, null)
$$;
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
update tracetrack.bag set child_count = child_count + 1 where code = 'SB91000001';
select is((select array_agg(row(part, state, after)::text) from api.system_integrity(
	pg_temp.tok('t.sup'), 0)), '{"(bags,not_finished,0)","(replay,not_finished,0)","(seals,not_finished,0)"}',
	'without time nothing is done');
select is((select row(state, times, after, first ~ 'SB91000001') from api.system_integrity(pg_temp.tok('t.sup'),
	60, 'bags', (select id - 1 from tracetrack.bag where code = 'SB91000001')) where part = 'bags'),
	row('broken'::text, 1::bigint, null::bigint, true), 'from a number on');
select is((select row(state, times, after) from api.system_integrity(pg_temp.tok('t.sup'), 60, 'bags',
	(select id from tracetrack.bag where code = 'SB91000001')) where part = 'bags'),
	row('sound'::text, 0::bigint, null::bigint), 'and behind it');
select is((select array_agg(part || ' ' || state) from api.system_integrity(pg_temp.tok('t.sup'), 60, 'replay')),
	'{"replay sound","seals sound"}', 'from a part on');
select pg_temp.fill('t.asha', 'SB91000001', 'T-Z', 1) \g /dev/null
set constraints all deferred;
create temp table before as select parent_id from tracetrack.bag where code = 'T-Z1';
update tracetrack.bag set parent_id = 9223372036854775807 where code = 'T-Z1';
select is((select array_agg(part || ' ' || state || ' ' || times) from api.system_integrity(
	pg_temp.tok('t.sup'), 60, 'replay')), '{"replay broken 1","seals sound 0"}',
	'a child in a parent above all is in the last piece');
update tracetrack.bag set parent_id = (select parent_id from before) where code = 'T-Z1';
set constraints all immediate;
select throws_ok($$select api.system_integrity(pg_temp.tok('t.sup'), 60, 'bag')$$, '22023',
	'part must be one of bags, replay, seals', 'which there must be');
update tracetrack.bag set child_count = child_count - 1 where code = 'SB91000001';
select is(current_setting('statement_timeout'), '25s', 'the calls after the first have time');
select throws_ok($$select api.system_integrity(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher checks nothing');

insert into tracetrack.operation (request, at, person_id, station_id, name, content, answer)
select pg_temp.ev('old'), now() - interval '91 days', id, 0, 'test', 1, '{"outcome": "ok"}'
  from tracetrack.person where login = 't.boss';
insert into tracetrack.session (token_hash, person_id, station_id, created_at, expires_at)
select sha256('old'), id, 0, now() - interval '9 days', now() - interval '8 days'
  from tracetrack.person where login = 't.boss';
insert into tracetrack.activity_minute values (now() - interval '10 days', 1, 1, 0);
create temporary table upkeep as
	select * from api.system_maintain(pg_temp.tok('t.boss'), pg_temp.ev('m1'));
select is((select row(outcome, replayed, partitions) from upkeep), row('ok'::text, false, 0::bigint),
	'upkeep');
select ok((select requests >= 1 and sessions >= 1 and minutes >= 1 from upkeep), 'what is past its time');
select is_empty($$select from tracetrack.operation where request = pg_temp.ev('old')$$, 'answers');
select is((select revoked_at = expires_at from tracetrack.session where token_hash = sha256('old')), true,
	'sessions are ended, not deleted');
select is_empty($$select from tracetrack.activity_minute where minute < now() - interval '9 days'$$, 'minutes');
select is((select row(m.outcome, m.replayed, m.requests) from api.system_maintain(pg_temp.tok('t.boss'),
	pg_temp.ev('m1')) m), (select row('ok'::text, true, u.requests) from upkeep u), 'the same request again');
select is((select outcome from api.system_maintain(pg_temp.tok('t.sup'), pg_temp.ev('m2'))),
	'not_permitted', 'a supervisor keeps nothing up');
select is((select outcome from api.system_maintain(pg_temp.tok('t.boss'), null)), 'bad_format',
	'without a request id');
select * from finish();
rollback;
