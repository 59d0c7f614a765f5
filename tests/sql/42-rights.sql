-- What a person may do.
begin;
\ir prelude.psql
select plan(6);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

select ok((select array_agg(name) @> '{scan.child,bag.read,area.list}'
	and not array_agg(name) && '{user.list,user.create}'
	from api.right_list(pg_temp.tok('t.asha'))), 'a dispatcher scans, and lists no people');
select set_eq($$ select name from api.right_list(pg_temp.tok('t.boss')) $$,
	$$ select right_name from tracetrack.role_right where role = 'administrator' $$,
	'an administrator has what the matrix says');
insert into tracetrack.role_right values ('dispatcher', 'user.list');
select isnt_empty($$ select from api.right_list(pg_temp.tok('t.asha')) where name = 'user.list' $$,
	'a row more is a right more');
select throws_ok($$ select api.right_list('x') $$, '28000', 'session_expired', 'rights: nobody');
update tracetrack.person set state = 'disabled' where login = 't.asha';
select throws_ok($$ select api.right_list(pg_temp.tok('t.asha')) $$, '28000', 'session_expired',
	'nor somebody disabled');
select is_empty($$ select proname from pg_proc where pronamespace = 'api'::regnamespace
	and regexp_count(prosrc, 'session_(need|use)\(') > 1 $$, 'no call asks twice who it is');
select * from finish();
rollback;
