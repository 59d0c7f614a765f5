-- Tries at a secret count, though whoever tries rolls back what was refused.
begin;
\ir prelude.psql
select plan(12);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select outcome from api.session_pin(pg_temp.tok('t.boss'), gen_random_uuid(), pg_temp.proof('t.boss'),
	false, repeat('5a', 16), 2, 19922944, encode(sha256('pin'), 'hex')) \g /dev/null

-- How often of a hundred times a call that is rolled back each time was judged.
create function pg_temp.judged(p_call text) returns integer language plpgsql as $$
declare
	v_outcome text;
	v_judged integer := 0;
begin
	for i in 1..100 loop
		begin
			execute p_call into v_outcome;
			raise sqlstate 'TT999';
		exception when sqlstate 'TT999' then
			v_judged := v_judged + (v_outcome not in ('locked_out', 'pin_locked'))::integer;
		end;
	end loop;
	return v_judged;
end
$$;
create function pg_temp.login(p_who text, p_proof text) returns text language sql as $$
	select outcome from api.session_login(p_who, p_proof)
$$;
create function pg_temp.is_locked_for(p_who text) returns boolean language sql as $$
	select retry_after between 1 and 180 from api.session_login(p_who, pg_temp.proof(p_who))
$$;

select cmp_ok(pg_temp.judged($$ select pg_temp.login('t.asha', 'x') $$), '<=', 51, 'logins');
select is(pg_temp.login('t.asha', pg_temp.proof('t.asha')), 'locked_out',
	'the right password comes too late');
select ok(pg_temp.is_locked_for('t.asha'), 'but only for minutes');
select is_empty($$ select from tracetrack.login_failure where login = 't.asha' $$,
	'of the tries themselves nothing is left');
select is(pg_temp.login('t.boss', pg_temp.proof('t.boss')), 'ok', 'another person is not kept out');
select is((select outcome from api.user_unlock(pg_temp.tok('t.boss'), gen_random_uuid(), 't.asha')),
	'ok', 'an administrator unlocks');
select is(pg_temp.login('t.asha', pg_temp.proof('t.asha')), 'ok', 'and the right password is good');
select is((select outcome from api.user_unlock(pg_temp.tok('t.boss'), gen_random_uuid(), 't.asha')),
	'unchanged', 'it forgets the tries');
select is(pg_temp.judged($$ select pg_temp.login('t.asha', pg_temp.proof('t.asha')) $$), 100,
	'who knows the password may log in any number of times');

select cmp_ok(pg_temp.judged(format('select outcome from api.session_unlock(%L, %L, %L)',
	pg_temp.tok('t.boss'), 'x', 'pin')), '<=', 51, 'PINs');
select tracetrack.person_tries_forget((select id from tracetrack.person where login = 't.boss'))
	\g /dev/null
select cmp_ok(pg_temp.judged(format('select outcome from api.session_unlock(%L, %L)',
	pg_temp.tok('t.boss'), 'x')), '<=', 51, 'passwords of who is logged in');
select is(pg_temp.login('nobody', 'x'), 'bad_login', 'an unknown login is answered as before');
select * from finish();
rollback;
