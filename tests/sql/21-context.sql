-- What a session knows of its person, station, role and the settings follows them at once.
begin;
\ir prelude.psql
select plan(17);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') as asha \gset
select pg_temp.person('t.boss', 'supervisor', null, 'TEST-2', null) as boss \gset

create function pg_temp.knows(p_session bigint) returns text language sql as $$
	select concat_ws(' ', case when s.is_ready then 'ready' else 'not ready' end, a.code,
		s.durability)
	  from tracetrack.session s left join tracetrack.area a on a.id = s.area_id
	 where s.id = p_session
$$;
create function pg_temp.area(p_code text) returns smallint language sql as $$
	select id from tracetrack.area where code = p_code
$$;

select is(pg_temp.knows(:asha), 'ready jaipur on', 'a dispatcher is ready in the station''s area');
select is(pg_temp.knows(:boss), 'ready on', 'who works in any area needs none');
select is((select rights from tracetrack.session where id = :asha),
	(select rights from tracetrack.role where name = 'dispatcher'), 'the rights are the role''s');

select pg_temp.parent('t.asha', 'SB70001') \g /dev/null
update tracetrack.person set state = 'disabled' where login = 't.asha';
select is(pg_temp.knows(:asha), 'not ready jaipur on', 'a disabled person is not ready');
select is((pg_temp.child('t.asha', 'CTX1', 'SB70001')).outcome, 'session_expired',
	'and links nothing');
update tracetrack.person set state = 'active' where login = 't.asha';
select is((pg_temp.child('t.asha', 'CTX1', 'SB70001')).outcome, 'session_expired',
	'active again, one has to log in');
update tracetrack.session set revoked_at = null, person_id = person_id where id = :asha;
select is((pg_temp.child('t.asha', 'CTX1', 'SB70001')).outcome, 'linked', 'then it does');

update tracetrack.station set state = 'retired' where name = 'TEST-1';
select is((pg_temp.child('t.asha', 'CTX2', 'SB70001')).outcome, 'not_permitted',
	'nothing is linked at a retired station');
update tracetrack.station set state = 'enabled', area_id = pg_temp.area('hisar')
 where name = 'TEST-1';
select is((pg_temp.child('t.asha', 'CTX2', 'SB70001')).outcome, 'wrong_area',
	'nor at one that went to another area');
update tracetrack.person set area_id = pg_temp.area('hisar') where login = 't.asha';
select is(pg_temp.knows(:asha), 'ready hisar on', 'unless the person goes there too');
select is((pg_temp.child('t.asha', 'CTX2', 'SB70001')).outcome, 'wrong_area',
	'where the parent of the old area is another''s');
update tracetrack.person set role = 'supervisor' where login = 't.asha';
select is((pg_temp.child('t.asha', 'CTX2', 'SB70001')).outcome, 'linked',
	'a supervisor works in any area from the next scan on');

delete from tracetrack.role_right where role = 'supervisor' and right_name = 'scan.child';
select is((pg_temp.child('t.asha', 'CTX3', 'SB70001')).outcome, 'not_permitted',
	'a right that is taken away is gone from live sessions');
select is((pg_temp.child('t.boss', 'CTX3', 'SB70001')).outcome, 'not_permitted',
	'of everybody in that role');
insert into tracetrack.role_right values ('supervisor', 'scan.child');
select is((pg_temp.child('t.boss', 'CTX3', 'SB70001')).outcome, 'linked', 'and back when given');

update tracetrack.setting set value = 'local' where name = 'synchronous_commit';
select pg_temp.child('t.boss', 'CTX4', 'SB70001') \g /dev/null
select is(current_setting('synchronous_commit'), 'local',
	'a scan commits as the setting says at that time');
select is_empty('select * from tracetrack.violation()', 'and all is sound');
select * from finish();
rollback;
