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
