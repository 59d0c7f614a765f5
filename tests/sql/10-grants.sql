-- What the roles of the database may do: stations call api and nothing else.
begin;
\ir prelude.psql
select plan(17);

select is_empty($$
	select c.oid::regclass from pg_class c
	 where c.relnamespace = 'tracetrack'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
	   and (has_any_column_privilege('tracetrack_station', c.oid, 'select, insert, update')
		or has_table_privilege('tracetrack_station', c.oid, 'select, insert, update,
			delete, truncate, references, trigger'))
$$, 'a station has no right on any table');
select is_empty($$
	select c.oid::regclass from pg_class c
	 where case when c.relnamespace = 'tracetrack'::regnamespace and c.relkind = 'S'
		then has_sequence_privilege('tracetrack_station', c.oid, 'usage, select, update')
		else false end
$$, 'nor on any sequence');
select is_empty($$
	select p.oid::regprocedure from pg_proc p
	 where p.pronamespace = 'tracetrack'::regnamespace
	   and pg_has_role('tracetrack_owner', p.proowner, 'usage')
	   and has_function_privilege('tracetrack_station', p.oid, 'execute')
$$, 'nor on any inner function');
select ok(not has_schema_privilege('tracetrack_station', 'tracetrack', 'usage'),
	'nor on their schema');
select ok(has_schema_privilege('tracetrack_station', 'api', 'usage')
	and not has_schema_privilege('tracetrack_station', 'api', 'create'),
	'it may use schema api, not make things in it');
select ok(not has_database_privilege('tracetrack_station', current_database(), 'temp')
	and not has_database_privilege('tracetrack_station', current_database(), 'create'),
	'it may make neither temporary tables nor schemas');
select isnt_empty($$ select from pg_proc where pronamespace = 'api'::regnamespace $$,
	'there are functions in api');
select is_empty($$
	select p.oid::regprocedure from pg_proc p
	 where p.pronamespace = 'api'::regnamespace and not (p.prosecdef
		and coalesce(p.proconfig, '{}') @> array['search_path=pg_catalog, tracetrack, pg_temp'])
$$, 'every one of them is a definer with a pinned path');
select is_empty($$
	select p.oid::regprocedure from pg_proc p, lateral aclexplode(p.proacl) a
	 where p.pronamespace in ('api'::regnamespace, 'tracetrack'::regnamespace)
	   and pg_has_role('tracetrack_owner', p.proowner, 'usage') and a.grantee = 0
	union
	select p.oid::regprocedure from pg_proc p
	 where p.pronamespace = 'api'::regnamespace and p.proacl is null
$$, 'none is for everybody');
select is_empty($$
	select p.oid::regprocedure from pg_proc p
	 where p.pronamespace = 'api'::regnamespace
	   and not has_function_privilege('tracetrack_station', p.oid, 'execute')
$$, 'a station may call every one');
select is_empty($$
	select relname from pg_class where relnamespace = 'api'::regnamespace and relkind <> 'c'
$$, 'schema api holds no data');
select set_eq($$
	select p.proname::text from pg_proc p
	 where p.pronamespace = 'api'::regnamespace
	   and has_function_privilege('tracetrack_monitor', p.oid, 'execute')
$$, array['system_health', 'system_version', 'system_warm', 'system_watch'],
	'the monitor may call what tells figures without names');
select ok(pg_has_role('tracetrack_monitor', 'pg_monitor', 'member'),
	'the monitor reads statistics');
select is_empty($$
	select p.oid::regprocedure from pg_proc p
	 where p.proname in ('lo_create', 'lo_put', 'lowrite', 'pg_advisory_lock',
		'pg_try_advisory_xact_lock', 'pg_terminate_backend', 'pg_cancel_backend',
		'pg_logical_emit_message')
	   and has_function_privilege('tracetrack_station', p.oid, 'execute')
$$, 'a station makes no large objects, holds no advisory locks, ends no sessions');
select is_empty($$
	select p.oid::regprocedure, r.literal[1]
	  from pg_proc p, regexp_matches(p.prosrc, $r$(?:^|[^'E])('[^'\n]*\\[^'\n]*')$r$, 'gi') r (literal)
	 where p.pronamespace in ('api'::regnamespace, 'tracetrack'::regnamespace)
	   and pg_has_role('tracetrack_owner', p.proowner, 'usage')
$$, 'no function means something else with standard_conforming_strings off');
select ok(not has_language_privilege('tracetrack_station', 'plpgsql', 'usage'),
	'it runs no blocks of its own');
select is((select array_agg(split_part(c, '=', 1) order by c)
	from pg_roles r, unnest(r.rolconfig) c where r.rolname = 'tracetrack_station'
	 and c ~ '^(statement_timeout=5s|lock_timeout=2s|idle_in.*=10s|default_tr.*=read committed)$'),
	'{default_transaction_isolation,idle_in_transaction_session_timeout,lock_timeout,statement_timeout}',
	'a station''s role has its limits');

select * from finish();
rollback;
