-- Figures.

-- The exact counters; what each stands for is said at tracetrack.tally.
create or replace function tracetrack.tally_sums()
returns table (scans bigint, done bigint, again bigint, refused bigint, linked bigint,
	undone bigint, relinked bigint, removed bigint, parents_open bigint,
	parents_complete bigint, parents_short bigint, children_linked bigint)
language sql stable as $$
	select sum(scans)::bigint, sum(done)::bigint, sum(again)::bigint, sum(refused)::bigint,
	       sum(linked)::bigint, sum(undone)::bigint, sum(relinked)::bigint,
	       sum(removed)::bigint, sum(parents_open)::bigint,
	       sum(parents_complete)::bigint, sum(parents_short)::bigint,
	       sum(children_linked)::bigint
	  from tracetrack.tally
$$;

create or replace function api.stats_counters(p_token text)
returns table (outcome text, scans bigint, done bigint, again bigint, refused bigint,
	linked bigint, undone bigint, relinked bigint, removed bigint, parents_open bigint,
	parents_complete bigint, parents_short bigint, children_linked bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	select * into v from tracetrack.session_use(p_token, 'stats.read');
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	return query select 'ok'::text, t.* from tracetrack.tally_sums() t;
end
$$;

-- The session's station today: scans, parents opened, refused scans, and the
-- scans of the last 60 minutes. The day begins in the site's business zone.
create or replace function api.stats_station(p_token text)
returns table (outcome text, scans bigint, parents bigint, refused bigint, last_hour bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_zone text := tracetrack.setting_text('business_zone');
	v_day timestamptz := date_trunc('day', now() at time zone v_zone) at time zone v_zone;
begin
	select * into v from tracetrack.session_use(p_token, 'stats.read');
	outcome := v.outcome;
	if outcome = 'ok' then
		select count(*) filter (where e.at >= v_day),
		       count(*) filter (where e.at >= v_day and e.outcome = 'opened'),
		       count(*) filter (where e.at >= v_day
			and tracetrack.outcome_class(e.outcome) = 'refused'),
		       count(*) filter (where e.at >= now() - interval '1 hour')
		  into scans, parents, refused, last_hour
		  from tracetrack.event e
		 where e.station_id = v.station_id
		   and e.at >= least(v_day, now() - interval '1 hour');
	end if;
	return next;
end
$$;
