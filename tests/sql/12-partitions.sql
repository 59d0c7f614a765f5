-- The ledger's partitions: made ahead, and made up for.
begin;
\ir prelude.psql
select plan(9);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null

create function pg_temp.months() returns bigint language sql as $$
	select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid
	 where i.inhparent = 'tracetrack.event'::regclass and c.relname ~ '^event_[0-9]{6}$'
$$;
select ok(pg_temp.months() >= 13, 'this month''s and the next twelve are ready');
select is((select count(*) from generate_series(0, 12) i
	where to_regclass('tracetrack.event_' || to_char(current_date + i * interval '1 month',
	'YYYYMM')) is null), 0::bigint, 'none of them is missing');
select is(tracetrack.event_partitions(current_date, current_date), 0, 'what is there is left alone');

-- a scan that no partition takes
insert into tracetrack.event (at, session_id, sent_by, station_id, person_id, offline, id, action,
	outcome)
values ('2099-06-15', 1, 1, 0, 1, false, pg_temp.ev('far'), 'parent', 'bad_format');
select is((select tableoid::regclass::text from tracetrack.event where id = pg_temp.ev('far')),
	'tracetrack.event_default', 'is in the default one');
select is(tracetrack.event_partitions('2099-05-31', '2099-07-01'), 3, 'three months are made');
select is((select tableoid::regclass::text from tracetrack.event where id = pg_temp.ev('far')),
	'tracetrack.event_209906', 'and it has moved to its month');
select throws_ok($$ delete from tracetrack.event where id = pg_temp.ev('far') $$, '23001', null,
	'where it can''t be deleted');
select throws_ok($$ truncate tracetrack.event_209906 $$, '23001', null, 'nor truncated away');
select throws_ok($$ truncate tracetrack.event_default $$, '23001', null,
	'the default one can''t either');
select * from finish();
rollback;
