-- Request ids, sessions that deliver, and what is recorded of whom.
begin;
\ir prelude.psql
select plan(40);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') as asha \gset
select pg_temp.person('t.anil', 'dispatcher', 'jaipur') as anil \gset
select pg_temp.person('t.hema', 'dispatcher', 'jaipur', 'TEST-2') as hema \gset
select pg_temp.parent('t.asha', 'SB91000001', pg_temp.ev('open')) \g /dev/null

-- the same request again
create temporary table first as
select * from pg_temp.child('t.asha', 'T-C1', 'SB91000001', pg_temp.ev('c1'), 900);
select pg_temp.child('t.asha', 'T-C2', 'SB91000001') \g /dev/null
create temporary table again as
select * from pg_temp.child('t.asha', 'T-C1', 'SB91000001', pg_temp.ev('c1'), 900);
select is((select replayed from again), true, 'it is marked');
update again set replayed = false;
select results_eq('select * from again', 'select * from first', 'the first answer, whole');
select is((select count(*) from tracetrack.event where id = pg_temp.ev('c1')), 1::bigint,
	'one event');
select is((select child_count from tracetrack.bag where code = 'SB91000001'), 2::smallint,
	'nothing else happens');
select is((select row(outcome, replayed) from pg_temp.parent('t.asha', 'SB91000001',
	pg_temp.ev('open'))), row('opened'::text, true), 'an opening again');
create temporary table refused as
select * from pg_temp.child('t.asha', 'T-C9', 'SB91000099', pg_temp.ev('c9'));
create temporary table refused_again as
select * from pg_temp.child('t.asha', 'T-C9', 'SB91000099', pg_temp.ev('c9'));
update refused_again set replayed = false;
select results_eq('select * from refused_again', 'select * from refused', 'a refusal again');
create temporary table undone as
select * from pg_temp.undo('t.asha', pg_temp.ev('c1'), pg_temp.ev('u1'));
create temporary table undone_again as
select * from pg_temp.undo('t.asha', pg_temp.ev('c1'), pg_temp.ev('u1'));
select is((select replayed from undone_again), true, 'an undo again');
update undone_again set replayed = false;
select results_eq('select * from undone_again', 'select * from undone', 'is the same answer');
select is((select (pg_temp.child('t.asha', 'T-C1', 'SB91000001', pg_temp.ev('c1'), 900)).outcome),
	'linked', 'also after things have changed');

-- the same request with other content
select is((select row(outcome, replayed) from pg_temp.child('t.asha', 'T-C3', 'SB91000001',
	pg_temp.ev('c1'))), row('key_reused'::text, false), 'another child');
select is((pg_temp.child('t.asha', 'T-C1', 'SB91000002', pg_temp.ev('c1'), 900)).outcome,
	'key_reused', 'another parent');
select is((pg_temp.child('t.asha', 'T-C1', 'SB91000001', pg_temp.ev('c1'), 901)).outcome,
	'key_reused', 'another weight');
select is((pg_temp.parent('t.asha', 'T-C1', pg_temp.ev('c1'))).outcome, 'key_reused',
	'another action');
select is((pg_temp.child('t.hema', 'T-C1', 'SB91000001', pg_temp.ev('c1'), 900)).outcome,
	'key_reused', 'another station');
select is((pg_temp.child('t.asha', 'T-C3', 'SB91000001', null)).outcome, 'bad_format',
	'no request id at all');
select is_empty($$ select from tracetrack.bag where code = 'T-C3' $$, 'none of them did anything');

-- the outbox's numbers
select is((select outcome from api.scan_child(pg_temp.tok('t.asha'), pg_temp.ev('n1'), 7, 1,
	now(), null, 'scanner', 2, false, 'T-N1', 'SB91000001')), 'linked', 'numbered');
select is((select row(epoch, seq, device, lane, client_at, offline) from tracetrack.event
	where id = pg_temp.ev('n1')), row(7::bigint, 1::bigint, 'scanner'::text, 2, now(), false),
	'and recorded');
select is((select outcome from api.scan_child(pg_temp.tok('t.asha'), pg_temp.ev('n2'), 7, 1,
	p_code => 'T-N2', p_parent => 'SB91000001')), 'key_reused', 'a number twice');
select is((select outcome from api.scan_child(pg_temp.tok('t.hema'), pg_temp.ev('n2'), 7, 1,
	p_code => 'T-N2', p_parent => 'SB91000001')), 'linked', 'another station has its own');
select api.scan_child(pg_temp.tok('t.asha'), pg_temp.ev('n5'), 7, 5, p_code => 'T-N5',
	p_parent => 'SB91000001') \g /dev/null
select is((select row(missing_from, missing_to) from tracetrack.sequence_gaps()
	where station = 'TEST-1' and epoch = 7), row(2::bigint, 4::bigint), 'a gap is found');
select is((select row(epoch, seq) from tracetrack.request where event = pg_temp.ev('c1')),
	row(null::bigint, null::bigint), 'a call without an outbox has no number');

-- who delivers for whom
select is((select outcome from api.scan_child(pg_temp.tok('t.anil'), pg_temp.ev('d1'),
	p_session => :asha, p_code => 'T-X1', p_parent => 'SB91000001')), 'linked',
	'a session delivers for another one of its station');
select is((select row(session_id, sent_by) from tracetrack.event where id = pg_temp.ev('d1')),
	row(:asha::bigint, :anil::bigint), 'the ledger has both');
select is((select p.login from tracetrack.event e join tracetrack.person p on p.id = e.person_id
	where e.id = pg_temp.ev('d1')), 't.asha', 'it counts for the one who scanned');
select is((select outcome from api.scan_child(pg_temp.tok('t.hema'), gen_random_uuid(),
	p_session => :asha, p_code => 'T-X2', p_parent => 'SB91000001')), 'session_expired',
	'not for another station''s');
select is((select outcome from api.scan_child(pg_temp.tok('t.anil'), gen_random_uuid(),
	p_session => 9223372036854775807, p_code => 'T-X2', p_parent => 'SB91000001')),
	'session_expired', 'nor for one that is none');
select pg_temp.child('t.asha', ' t-x9 ', 'sb91000001', pg_temp.ev('d9')) \g /dev/null
select is((select row(outcome, replayed) from api.scan_child(pg_temp.tok('t.anil'),
	pg_temp.ev('d9'), p_session => :asha, p_code => ' t-x9 ', p_parent => 'sb91000001')),
	row('linked'::text, true), 'a scan sent by both is one, however it was written');
update tracetrack.session set revoked_at = now() where id = :asha;
select is((pg_temp.child('t.asha', 'T-X2', 'SB91000001', pg_temp.ev('x2'))).outcome,
	'session_expired', 'an ended session delivers nothing itself');
select is_empty($$ select from tracetrack.request where event = pg_temp.ev('x2') $$,
	'and nothing is recorded');
select is((select outcome from api.scan_child(pg_temp.tok('t.anil'), pg_temp.ev('x2'),
	p_session => :asha, p_code => 'T-X2', p_parent => 'SB91000001')), 'linked',
	'the next one at that station delivers it');
update tracetrack.session set revoked_at = now() - interval '8 days' where id = :asha;
select is((select outcome from api.scan_child(pg_temp.tok('t.anil'), gen_random_uuid(),
	p_session => :asha, p_code => 'T-X3', p_parent => 'SB91000001')), 'session_expired',
	'but not for ever');

-- an expired token
update tracetrack.session set expires_at = now() - interval '1 minute' where id = :hema;
select is((select outcome from api.scan_child(pg_temp.tok('t.hema'), gen_random_uuid(),
	p_at => now() - interval '2 minutes', p_code => 'T-Y1', p_parent => 'SB91000001')),
	'linked', 'delivers what was scanned before');
select is((select outcome from api.scan_child(pg_temp.tok('t.hema'), gen_random_uuid(),
	p_at => now(), p_code => 'T-Y2', p_parent => 'SB91000001')), 'session_expired',
	'not what was scanned after');
select is((select outcome from api.scan_child(pg_temp.tok('t.hema'), gen_random_uuid(),
	p_code => 'T-Y2', p_parent => 'SB91000001')), 'session_expired', 'nor at no known time');
select is((select expires_at from tracetrack.session where id = :hema), now() - interval '1 minute',
	'and is not prolonged by that');

-- a disabled person
update tracetrack.person set state = 'disabled' where login = 't.anil';
select is((pg_temp.child('t.anil', 'T-Z1', 'SB91000001', pg_temp.ev('z1'))).outcome,
	'session_expired', 'a disabled person');
select pg_temp.person('t.ravi', 'dispatcher', 'jaipur') \g /dev/null
select is((select outcome from api.scan_child(pg_temp.tok('t.ravi'), pg_temp.ev('z1'),
	p_session => :anil, p_code => 'T-Z1', p_parent => 'SB91000001')), 'not_permitted',
	'what that one had scanned, delivered by the next one there,');
select is((select outcome from tracetrack.event where id = pg_temp.ev('z1')), 'not_permitted',
	'is refused, and that is recorded');
select pg_temp.sound();
select * from finish();
rollback;
