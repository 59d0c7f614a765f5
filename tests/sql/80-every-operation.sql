-- What holds of every operation, whatever it does: who may not call it is told so and changes
-- nothing, and what any call or request may be answered, each of them answers. The calls are
-- made from the operation table; arguments that need not be given are not, others are null.
begin;
\ir prelude.psql
select no_plan();

create temporary table operation (name text, function text, right_name text, parameters text,
	results text, outcomes text);
\copy pg_temp.operation from program '"$B/tests/tools/operation_table"' with (null '-')

create temporary table f as
select o.name, o.right_name, string_to_array(o.outcomes, ',') as outcomes,
       p.oid::regproc::text as function, p.proargnames as names, p.proargtypes as types,
       p.pronargs - p.pronargdefaults as needed,
       'p_token' = any (p.proargnames) as has_token, 'p_event' = any (p.proargnames) as has_event
  from operation o
  join pg_proc p on p.pronamespace = 'api'::regnamespace and 'api.' || p.proname = o.function;
select ok(count(*) >= 100 and count(*) = (select count(*) from operation), 'the table is whole')
  from f;

-- The outcome of a call, or its SQLSTATE; null for a list. p_undo takes back what it has done.
create function pg_temp.call(f f, p_token text, p_event uuid, p_undo boolean default true)
returns text language plpgsql as $$
declare
	v_arguments text;
	v_answer text;
begin
	select string_agg(format('%I => %s::%s', a.name, case a.name when 'p_token' then '$1'
			when 'p_event' then '$2' else 'null' end,
			f.types[a.n - 1]::regtype), ', ')
	  into v_arguments
	  from unnest(f.names[:cardinality(f.types::oid[])]) with ordinality a (name, n)
	 where a.n <= f.needed or a.name in ('p_token', 'p_event');
	begin
		execute format('select to_jsonb(x) from %s(%s) x limit 1', f.function, v_arguments)
		   into v_answer using p_token, p_event;
		v_answer := case when f.outcomes is not null then coalesce(
			v_answer::jsonb ->> 'outcome', v_answer::jsonb #>> '{}') end;
		if p_undo then
			raise sqlstate 'TT999';
		end if;
	exception
		when sqlstate 'TT999' then null;
		when others then v_answer := sqlstate;
	end;
	return v_answer;
end
$$;

-- Rows of tables that this transaction has written.
create function pg_temp.written() returns table (name text, rows bigint) language sql as $$
	select regexp_replace(relname, '_[0-9]{6}$', ''), sum(n_tup_ins + n_tup_upd + n_tup_del)::bigint
	  from pg_stat_xact_all_tables where schemaname = 'tracetrack' group by 1
$$;

-- ---- nobody

select is_empty($$
	select f.name, pg_temp.call(f, 'x', gen_random_uuid()) as got from f
	 where f.has_token and pg_temp.call(f, 'x', gen_random_uuid())
		<> case when f.outcomes is null then '28000' else 'session_expired' end
$$, 'without a session nothing is to be had');

-- ---- each role

select pg_temp.person('every.' || name, name, case name when 'dispatcher' then 'jaipur' end)
  from tracetrack.role \g /dev/null
create temporary table refused as
select r.name as role, f.name, f.function, f.outcomes,
       'every.' || r.name as login, f.right_name
  from tracetrack.role r cross join f
 where f.right_name is not null and not f.right_name = any (r.rights);
select ok(count(*) >= 60 and count(distinct role) = (select count(distinct name)
	from tracetrack.role where name <> 'administrator') + (select count(distinct role)
	from refused where role = 'administrator'), 'roles that may not do something: ' || count(*))
  from refused;
select is(pg_temp.call(f, pg_temp.tok(r.login), gen_random_uuid(), false),
	case when f.outcomes is null then '42501' else 'not_permitted' end,
	r.role || ' may not call ' || r.name)
  from (select * from refused order by role, name) r join f using (name);
create temporary table before as select * from pg_temp.written();
select count(pg_temp.call(f, pg_temp.tok(r.login), gen_random_uuid(), false))
  from refused r join f using (name) where not f.name ~ '^(scan|bill)\.' or not f.has_event \g /dev/null
select is_empty($$
	select name, rows from pg_temp.written() except select name, rows from before
$$, 'and nothing is written');
select count(pg_temp.call(f, pg_temp.tok(r.login), gen_random_uuid(), false))
  from refused r join f using (name) where f.name ~ '^(scan|bill)\.' and f.has_event \g /dev/null
select is_empty($$
	select name from (select name, rows from pg_temp.written()
		except select name, rows from before) w
	 where name not in ('event', 'request', 'tally')
$$, 'but the ledger''s word that a scan was refused');

-- ---- somebody who may do everything, and no longer may

insert into tracetrack.role (name, help) values ('everything', 'for this test');
insert into tracetrack.role_right
select distinct 'everything', f.right_name from f where f.right_name is not null
union select 'everything', 'scan.any_area';
select pg_temp.person('every.thing', 'everything', 'jaipur') \g /dev/null
select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid()) from f
	 where f.has_token and pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid())
		in ('42501', '28000', 'not_permitted', 'session_expired')
$$, 'with all rights nothing is refused for want of one');

update tracetrack.session set locked_at = now()
 where token_hash = tracetrack.token_hash(pg_temp.tok('every.thing'));
select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid()) from f
	 where f.right_name is not null and not f.name ~ '^scan\.(parent|child|finish|short|undo|relink|remove)$'
	   and not f.name ~ '^bill\.(scan|add|manual|remove|complete)$'
	   and pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid())
		not in ('42501', 'not_permitted')
$$, 'a locked session does nothing but deliver scans');
update tracetrack.session set locked_at = null
 where token_hash = tracetrack.token_hash(pg_temp.tok('every.thing'));

-- ---- requests

select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.thing'), null) from f
	 where f.has_event and pg_temp.call(f, pg_temp.tok('every.thing'), null) <> 'bad_format'
$$, 'a write without a request id is none');
-- the id of somebody else's request, in the office and at a station
insert into tracetrack.operation (request, person_id, station_id, session_id, name, content, answer)
select pg_temp.ev('taken'), s.person_id, s.station_id, s.id, 'other', 0, '{"outcome": "ok"}'
  from tracetrack.session s
 where s.token_hash = tracetrack.token_hash(pg_temp.tok('every.biller'));
select is((pg_temp.parent('every.biller', 'SB91000001', pg_temp.ev('taken'))).outcome, 'opened',
	'an id is taken');
select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.thing'), pg_temp.ev('taken')) from f
	 where f.has_event
	   and pg_temp.call(f, pg_temp.tok('every.thing'), pg_temp.ev('taken')) <> 'key_reused'
$$, 'a request id is one request''s for ever');

-- ---- two persons

update tracetrack.setting set value = (select string_agg(operation, ' ') from tracetrack.approvable())
 where name = 'two_person';
select is(pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid()), 'awaiting_approval',
	f.name || ' takes two')
  from f join tracetrack.approvable() a on a.operation = f.name;

-- ---- scans at a station of another area

delete from tracetrack.role_right where role = 'everything' and right_name = 'scan.any_area';
select pg_temp.person('every.where', 'everything', 'jaipur', 'TEST-E', 'hisar') \g /dev/null
select is(pg_temp.call(f, pg_temp.tok('every.where'), gen_random_uuid()), 'wrong_area',
	f.name || ' at another area''s station')
  from f where f.has_event and 'wrong_area' = any (f.outcomes)
   and f.name ~ '^(scan\.|bill\.)';

-- ---- disabled people, retired stations

update tracetrack.station set state = 'retired' where name = 'TEST-E';
select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.where'), gen_random_uuid()) from f
	 where f.has_token and f.name not in ('session.lock', 'session.logout')
	   and pg_temp.call(f, pg_temp.tok('every.where'), gen_random_uuid())
		not in ('not_permitted', '42501')
$$, 'at a retired station nothing works');
update tracetrack.person set state = 'disabled', disabled_reason = 'test' where login = 'every.thing';
select is_empty($$
	select f.name, pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid()) from f
	 where f.has_token and f.name not in ('session.lock', 'session.logout')
	   and pg_temp.call(f, pg_temp.tok('every.thing'), gen_random_uuid())
		not in ('not_permitted', '42501', 'session_expired', '28000')
$$, 'nor for a disabled person');
select pg_temp.sound();
select * from finish();
rollback;
