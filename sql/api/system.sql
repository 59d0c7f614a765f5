-- The system itself.

-- Number of the last migration.
create or replace function tracetrack.schema_version() returns integer
language plpgsql stable as $$
begin
	return (select max(number) from tracetrack.migration);
end
$$;

-- What a station asks before anybody has logged in, and a load generator before
-- it sends anything.
create or replace function api.system_version()
returns table (schema integer, server_time timestamptz, name text, stress_allowed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return query select tracetrack.schema_version(), clock_timestamp(),
		current_database()::text,
		coalesce(tracetrack.setting_text('stress_allowed') = 'on', false);
end
$$;

-- The site: the time zone of its business day, and which day it is there. Outcomes: ok.
create or replace function api.system_site()
returns table (outcome text, zone text, day text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	outcome := 'ok';
	zone := tracetrack.setting_text('business_zone');
	day := to_char(now() at time zone zone, 'YYYY-MM-DD');
	return next;
end
$$;

-- What a new connection of the pool calls before anybody waits for it (connect_query in
-- contrib/pgbouncer.ini.sample): reads of the catalogs, and compiles, what scanning needs,
-- which is most of what the first scan in a connection costs. Finds nothing, writes
-- nothing, waits for no lock.
create or replace function api.system_warm() returns void
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set lock_timeout = '100ms'
as $$
declare
	v_never boolean := false; -- known at run time: no plan is empty
begin
	perform api.scan_parent('', null), api.scan_child('', null),
		tracetrack.code_family('SB00000');
	insert into tracetrack.request (event, at, content, station_id)
	select gen_random_uuid(), now(), 0, 0 where v_never
	on conflict do nothing;
	insert into tracetrack.bag (code, role, family_id, area_id, state, person_id, station_id,
		event_id)
	select '', 'child', 0, 0, 'unlinked', 0, 0, gen_random_uuid() where v_never
	on conflict (code) do nothing;
	update tracetrack.bag p set child_count = p.child_count + 1
	  from tracetrack.family f
	 where v_never and p.code = '' and f.id = p.family_id;
	insert into tracetrack.event (at, session_id, sent_by, station_id, person_id, offline, id,
		action, outcome)
	select now(), 0, 0, 0, 0, false, gen_random_uuid(), '', '' where v_never;
	update tracetrack.tally set scans = scans + 1 where v_never and slot = 0;
end
$$;
