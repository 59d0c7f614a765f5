-- Who may do what, stated whole after every migration: nothing for PUBLIC,
-- EXECUTE on schema api for stations, statistics for the monitor.

do $$
begin
	execute format('revoke all on database %I from public', current_database());
	execute format('grant connect on database %I to tracetrack_station, tracetrack_monitor',
		current_database());
end
$$;

revoke all on schema tracetrack, api from public;
revoke all on all tables in schema tracetrack from public, tracetrack_station, tracetrack_monitor;
revoke all on all sequences in schema tracetrack
	from public, tracetrack_station, tracetrack_monitor;
revoke all on all functions in schema api from public, tracetrack_station, tracetrack_monitor;
alter default privileges revoke execute on functions from public;

do $$
declare
	v_function regprocedure;
begin
	for v_function in
		select p.oid from pg_catalog.pg_proc p
		 where p.pronamespace = 'tracetrack'::regnamespace
		   and pg_catalog.pg_has_role(p.proowner, 'usage')
	loop
		execute format('revoke all on function %s from public', v_function);
	end loop;
	if pg_catalog.pg_has_role(
		(select nspowner from pg_catalog.pg_namespace where nspname = 'public'),
		'usage') then
		revoke all on schema public from public;
	end if;
	if not pg_catalog.pg_has_role('tracetrack_monitor', 'pg_monitor', 'member') then
		grant pg_monitor to tracetrack_monitor;
	end if;
	-- system_status runs as the owner
	if not pg_catalog.pg_has_role('pg_monitor', 'usage') then
		execute format('grant pg_monitor to %I', current_user);
	end if;
end
$$;

grant usage on schema api to tracetrack_station;
grant execute on all functions in schema api to tracetrack_station;

-- Figures without names, for who watches.
grant usage on schema api to tracetrack_monitor;
grant execute on function api.system_health(), api.system_version(), api.system_watch(),
	api.system_warm() to tracetrack_monitor;
