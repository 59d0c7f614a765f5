-- What the tables themselves refuse, whoever asks.
begin;
\ir prelude.psql
select plan(26);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 3) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null

create function pg_temp.broken(p_set text, p_code text) returns text language sql as $$
	select throws_ok(format('update tracetrack.bag set %s where code = %L', p_set, p_code),
		'23514', null, p_code || ' can''t have ' || p_set)
$$;
select pg_temp.broken($$state = 'complete'$$, 'SB91000001');
select pg_temp.broken($$child_count = 31$$, 'SB91000001');
select pg_temp.broken($$child_count = 30$$, 'SB91000001');
select pg_temp.broken($$child_count = null$$, 'SB91000001');
select pg_temp.broken($$capacity = null$$, 'SB91000001');
select pg_temp.broken($$parent_id = 1, position = 1$$, 'SB91000001');
select pg_temp.broken($$state = 'linked'$$, 'SB91000001');
select pg_temp.broken($$state = 'unused'$$, 'SB91000001');
select pg_temp.broken($$state = 'unused', child_count = 0, capacity = -1$$, 'SB91000001');
select pg_temp.broken($$role = 'bill'$$, 'SB91000001');
select pg_temp.broken($$code = 'sb91000001'$$, 'SB91000001');
select pg_temp.broken($$code = E'SB\x1b[2J'$$, 'SB91000001');
select pg_temp.broken($$grams_expected = -1$$, 'SB91000001');
select pg_temp.broken($$grams_measured = 0$$, 'SB91000001');
select pg_temp.broken($$state = 'unlinked'$$, 'T-C1');
select pg_temp.broken($$position = null$$, 'T-C1');
select pg_temp.broken($$position = 0$$, 'T-C1');
select pg_temp.broken($$parent_id = id$$, 'T-C1');
select pg_temp.broken($$closed_at = now()$$, 'T-C1');
select throws_ok($$update tracetrack.bag set position = 2 where code = 'T-C1'$$, '23505', null,
	'two children can''t have one place');
select throws_ok($$update tracetrack.bag set code = 'SB91000002' where code = 'SB91000001'$$,
	'23505', null, 'a code is one thing');
select throws_ok($$delete from tracetrack.bag where code = 'T-C1'$$, '23001', null,
	'bags are never deleted');
select throws_ok($$update tracetrack.event set outcome = 'linked'
	where id = pg_temp.ev('T-C1')$$, '23001', null, 'the ledger is not changed');
select throws_ok($$delete from tracetrack.event where id = pg_temp.ev('T-C1')$$, '23001', null,
	'nor deleted from');
select throws_ok($$insert into tracetrack.tally (slot) values (64)$$, '23514', null,
	'the counters have 64 slots');
select throws_ok($$update tracetrack.tally set slot = -1 where slot = 63$$, '23514', null,
	'and no other');
select * from finish();
rollback;
