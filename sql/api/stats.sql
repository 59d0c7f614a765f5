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

-- What goes on with everything that happens to a bag or a bill (in PL/pgSQL, because that keeps
-- its plan).
create or replace function tracetrack.changes_version() returns bigint
language plpgsql stable as $$
begin
	return (select sum(t.scans) from tracetrack.tally t);
end
$$;

create type api.counters as (outcome text, scans bigint, done bigint, again bigint,
	refused bigint, linked bigint, undone bigint, relinked bigint, removed bigint,
	parents_open bigint, parents_complete bigint, parents_short bigint,
	children_linked bigint);

create or replace function api.stats_counters(p_token text) returns api.counters
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
	answer api.counters;
begin
	v := tracetrack.session_use(p_token, 'stats.read');
	if v.outcome = 'ok' then
		select 'ok', t.* into answer from tracetrack.tally_sums() t;
	else
		answer.outcome := v.outcome;
	end if;
	return answer;
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
	v := tracetrack.session_use(p_token, 'stats.read');
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

-- Who may see the figures of an area (null: of all). outcome as of session_use, or
-- unknown_area; area_id and area are what the person is held to or has asked for.
create or replace function tracetrack.figures_use(p_token text, p_area text,
	out outcome text, out area_id smallint, out area text)
language plpgsql as $$
declare
	v record;
	v_held smallint;
begin
	v := tracetrack.session_use(p_token, 'stats.read');
	outcome := v.outcome;
	v_held := v.held;
	if outcome <> 'ok' or (p_area is null and v_held is null) then
		return;
	end if;
	select a.id, a.code into area_id, area from tracetrack.area a
	 where case when p_area is null then a.id = v_held else a.code = lower(p_area) end;
	if p_area is null then
		area_id := v_held; -- of none that there is, too: that is not all of them
	elsif area_id is null then
		outcome := 'unknown_area';
	elsif area_id <> v_held then
		outcome := 'not_permitted';
	end if;
end
$$;

-- Scans of each of the 60 minutes that end with those of p_ends, the oldest first.
-- (offset 0, here and below, has the planner look up each range by the key.)
create or replace function tracetrack.minutes_before(p_ends timestamptz[], p_area smallint,
	p_tail tracetrack.activity[]) returns jsonb
language plpgsql stable as $$
declare
	v_counts bigint[] := array_fill(0::bigint, array[cardinality(p_ends), 60]);
	v record;
begin
	for v in
		select m.n, m.minute, sum(m.scans) as scans from (
			select w.n, a.minute, a.scans
			  from unnest(p_ends) with ordinality w (last, n), lateral (
				select m.minute, m.scans from tracetrack.activity_minute m
				 where m.minute > w.last - interval '1 hour'
				   and m.minute <= w.last
				   and (p_area is null or m.area_id = p_area) offset 0) a
			union all
			select w.n, t.minute, t.scans
			  from unnest(p_ends) with ordinality w (last, n)
			  join unnest(p_tail) t
			    on t.minute > w.last - interval '1 hour' and t.minute <= w.last
			 where p_area is null or t.area_id = p_area) m
		 group by m.n, m.minute
	loop
		v_counts[v.n][60 - (extract(epoch from date_trunc('minute', p_ends[v.n])
			- v.minute) / 60)::integer] := v.scans;
	end loop;
	return to_jsonb(v_counts);
end
$$;

-- Scans of each hour of business days: 24 of each, and a 25th where clocks go back.
create or replace function tracetrack.hours_of_days(p_days date[], p_area smallint,
	p_tail tracetrack.activity[], p_zone text) returns jsonb
language plpgsql stable as $$
declare
	v_begin timestamptz[] := array(select d::timestamp at time zone p_zone
		from unnest(p_days) d);
	v_end timestamptz[] := array(select (d + 1)::timestamp at time zone p_zone
		from unnest(p_days) d);
	v_counts bigint[] := array_fill(0::bigint, array[cardinality(p_days), (
		select max(extract(epoch from e - b) / 3600)::integer
		  from unnest(v_begin, v_end) w (b, e))]);
	v record;
begin
	for v in
		select h.n, h.hour, sum(h.scans) as scans from (
			select w.n, a.hour, a.scans
			  from unnest(v_begin, v_end) with ordinality w (b, e, n), lateral (
				select h.hour, h.scans from tracetrack.activity_hour h
				 where h.hour >= w.b and h.hour < w.e
				   and (p_area is null or h.area_id = p_area) offset 0) a
			union all
			select w.n, tracetrack.business_hour(t.minute, p_zone), t.scans
			  from unnest(v_begin, v_end) with ordinality w (b, e, n)
			  join unnest(p_tail) t on t.minute >= w.b and t.minute < w.e
			 where p_area is null or t.area_id = p_area) h
		 group by h.n, h.hour
	loop
		v_counts[v.n][1 + (extract(epoch from v.hour - v_begin[v.n]) / 3600)::integer]
			:= v.scans;
	end loop;
	return to_jsonb(v_counts);
end
$$;

-- What bags there are. In an area only what the lists of few find is counted:
-- complete parents and linked children of one area are null.
create or replace function tracetrack.bag_totals(p_area smallint) returns jsonb
language plpgsql stable as $$
begin
	if p_area is null then
		return (select to_jsonb(t) from tracetrack.tally_sums() t);
	end if;
	return (select jsonb_build_object('parents_open', count(*) filter (where b.state = 'open'),
			'parents_short', count(*) filter (where b.state = 'short'),
			'parents_complete', null, 'children_linked', null)
		  from tracetrack.bag b
		 where b.area_id = p_area and b.state not in ('complete', 'linked')
		   and b.state in ('open', 'short'));
end
$$;

-- Bills, which belong to no area: those that can be filled, and what was begun and
-- completed since p_from.
create or replace function tracetrack.bill_totals(p_from timestamptz) returns jsonb
language plpgsql stable as $$
begin
	return jsonb_build_object(
		'open', (select count(*) from tracetrack.bill b
			where b.state in ('open', 'reopened')),
		'created', (select count(*) from tracetrack.bill b where b.created_at >= p_from),
		'completed', (select count(*) from tracetrack.bill b
			where b.completed_at >= p_from));
end
$$;

-- Stations that are not heard though somebody is at work there.
create or replace function tracetrack.silent_stations()
returns table (id integer, name text, last_seen timestamptz)
language sql stable as $$
	select distinct s.id, s.name::text, s.last_seen
	  from tracetrack.session o
	  join tracetrack.station s on s.id = o.station_id
	 where s.id <> 0 and s.state = 'enabled' and o.revoked_at is null
	   and o.expires_at > now() and o.locked_at is null
	   and s.last_seen < now() - (select tracetrack.setting_text('station_silence'))::interval
$$;

-- What all did on a day together; the busiest people as [{login, name, scans, refused,
-- linked, opened, closed, last_at}]; stations as [{station, area, person, scans, refused,
-- silent, last_at}], the worst first: those that are silent, then those with the most
-- refusals, then the busiest. person is who scanned there last.
create or replace function tracetrack.day_facts(p_day date, p_area smallint,
	p_tail tracetrack.activity[], p_zone text, p_top integer,
	out today jsonb, out people jsonb, out stations jsonb)
language plpgsql stable as $$
declare
	v_silent integer[] := array(select id from tracetrack.silent_stations());
begin
	with d as materialized (
		select * from tracetrack.activity_days(p_day, p_day, p_area, p_tail, p_zone)
	), by_person as (
		select d.person_id, sum(d.scans) as scans, sum(d.refused) as refused,
		       sum(d.linked) as linked, sum(d.opened) as opened, sum(d.closed) as closed,
		       max(d.last_at) as last_at
		  from d group by d.person_id order by sum(d.scans) desc, d.person_id limit p_top
	), by_station as (
		select d.station_id, sum(d.scans) as scans, sum(d.refused) as refused,
		       max(d.last_at) as last_at,
		       (array_agg(d.person_id order by d.last_at desc))[1] as person_id,
		       d.station_id = any (v_silent) as silent
		  from d group by d.station_id
		 order by d.station_id = any (v_silent) desc, sum(d.refused) desc,
			sum(d.scans) desc, d.station_id limit p_top
	)
	select (select jsonb_build_object('scans', coalesce(sum(d.scans), 0),
			'done', coalesce(sum(d.done), 0), 'again', coalesce(sum(d.again), 0),
			'refused', coalesce(sum(d.refused), 0),
			'linked', coalesce(sum(d.linked), 0),
			'opened', coalesce(sum(d.opened), 0),
			'closed', coalesce(sum(d.closed), 0),
			'grams', coalesce(sum(d.grams), 0),
			'people', count(distinct d.person_id),
			'stations', count(distinct d.station_id)) from d),
	       (select jsonb_agg(jsonb_build_object('login', p.login, 'name', p.name,
			'scans', x.scans, 'refused', x.refused, 'linked', x.linked,
			'opened', x.opened, 'closed', x.closed, 'last_at', x.last_at)
			order by x.scans desc, p.login)
		  from by_person x join tracetrack.person p on p.id = x.person_id),
	       (select jsonb_agg(jsonb_build_object('station', st.name, 'area', a.code,
			'person', p.login, 'scans', x.scans, 'refused', x.refused,
			'silent', x.silent, 'last_at', x.last_at)
			order by x.silent desc, x.refused desc, x.scans desc, st.name)
		  from by_station x join tracetrack.station st on st.id = x.station_id
		  join tracetrack.person p on p.id = x.person_id
		  left join tracetrack.area a on a.id = st.area_id)
	  into today, people, stations;
	people := coalesce(people, '[]');
	stations := coalesce(stations, '[]');
end
$$;

-- Scans of a day by what came of them, or only the refusals, the most frequent first:
-- [{outcome, scans}].
create or replace function tracetrack.outcomes_of_day(p_day date, p_area smallint,
	p_tail tracetrack.activity[], p_zone text, p_refused boolean) returns jsonb
language plpgsql stable as $$
begin
	return (
		select coalesce(jsonb_agg(jsonb_build_object('outcome', o.outcome,
			'scans', o.scans) order by o.scans desc, o.outcome), '[]')
		  from (select x.outcome, sum(x.scans) as scans from (
				select a.outcome, a.scans from tracetrack.activity_outcome a
				 where a.day = p_day and (p_area is null or a.area_id = p_area)
				union all
				select t.outcome, t.scans from unnest(p_tail) t
				 where tracetrack.business_day(t.minute, p_zone) = p_day
				   and (p_area is null or t.area_id = p_area)) x
			 where not p_refused
			    or tracetrack.outcome_class(x.outcome) = 'refused'
			 group by x.outcome) o);
end
$$;

-- All of the dashboard, from one snapshot.
create or replace function tracetrack.dashboard(p_area smallint, p_top smallint)
returns tracetrack.dashboard_kept
language plpgsql stable as $$
declare
	d tracetrack.dashboard_kept;
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v_series jsonb;
begin
	d.area_id := coalesce(p_area, -1);
	d.top := p_top;
	d.at := now();
	d.version := tracetrack.changes_version();
	d.day := tracetrack.business_day(d.at, v_zone);
	d.totals := tracetrack.bag_totals(p_area);
	v_series := tracetrack.minutes_before(array[d.at, d.at - interval '1 day',
		d.at - interval '7 days'], p_area, v_tail);
	d.minutes := v_series -> 0;
	d.minutes_yesterday := v_series -> 1;
	d.hour_last_week := (select sum(m::bigint) from jsonb_array_elements(v_series -> 2) m);
	v_series := tracetrack.hours_of_days(array[d.day, d.day - 1, d.day - 7], p_area, v_tail,
		v_zone);
	d.hours := v_series -> 0;
	d.hours_yesterday := v_series -> 1;
	d.hours_last_week := v_series -> 2;
	select f.today, f.people, f.stations into d.today, d.people, d.stations
	  from tracetrack.day_facts(d.day, p_area, v_tail, v_zone, p_top) f;
	d.refusals := tracetrack.outcomes_of_day(d.day, p_area, v_tail, v_zone, true);
	d.bills := tracetrack.bill_totals(d.day::timestamp at time zone v_zone);
	select count(*), min(x.at) into d.exceptions, d.exceptions_since
	  from tracetrack.exception x
	 where x.state = 'open' and (p_area is null or p_area = (
		select coalesce(st.area_id, p.area_id, 0)
		  from tracetrack.request r
		  join tracetrack.event e on e.station_id = r.station_id
		   and e.at = r.at and e.id = r.event
		  join tracetrack.station st on st.id = e.station_id
		  join tracetrack.person p on p.id = e.person_id
		 where r.event = x.event));
	d.sessions := (select count(*) from tracetrack.session s
		 where s.revoked_at is null and s.expires_at > now()
		   and (p_area is null or exists (select from tracetrack.person p
			where p.id = s.person_id and p.area_id = p_area)));
	return d;
end
$$;

-- The dashboard made anew, because what was kept is older than figures_age: by one at a
-- time, while others are told what was before, or wait if that is thirty times as old. If
-- each made its own as soon as that takes long, it would take longer still. A replica has
-- nothing kept, nor can it keep.
create or replace function tracetrack.dashboard_recent(p_area smallint, p_top smallint)
returns tracetrack.dashboard_kept
language plpgsql
set plan_cache_mode = force_generic_plan
as $$
declare
	d tracetrack.dashboard_kept;
	v_area smallint := coalesce(p_area, -1);
	v_most interval;
	v_age interval;
	v record;
begin
	if current_setting('transaction_read_only') = 'on' then
		return tracetrack.dashboard(p_area, p_top);
	end if;
	select k as kept, s.value into v
	  from tracetrack.setting s
	  left join tracetrack.dashboard_kept k on k.area_id = v_area and k.top = p_top
	 where s.name = 'figures_age';
	d := v.kept;
	v_most := v.value;
	v_age := clock_timestamp() - d.at;
	if v_age >= '0' and v_age < v_most then
		return d;
	end if;
	-- first, because it wants a transaction that has no number yet, and a lock gives it one
	perform tracetrack.activity_refresh();
	if v_age >= '0' and v_age < v_most * 30 then
		perform from tracetrack.dashboard_kept k
		 where k.area_id = v_area and k.top = p_top and k.at = d.at for update skip locked;
		if not found then
			return (select k from tracetrack.dashboard_kept k
				 where k.area_id = v_area and k.top = p_top);
		end if;
	else
		perform from tracetrack.dashboard_kept k
		 where k.area_id = v_area and k.top = p_top for update;
		select * into d from tracetrack.dashboard_kept k
		 where k.area_id = v_area and k.top = p_top;
		v_age := clock_timestamp() - d.at;
		if v_age >= '0' and v_age < v_most * 30 then
			return d;
		end if;
	end if;
	d := tracetrack.dashboard(p_area, p_top);
	delete from tracetrack.dashboard_kept k where k.area_id = v_area and k.top = p_top;
	insert into tracetrack.dashboard_kept select d.* on conflict do nothing;
	return d;
end
$$;

-- What a dashboard is answered, in one row: a type has its columns known without reading the
-- function's declaration, each time anew.
create type api.dashboard as (outcome text, at timestamptz, area text, day text, totals json,
	today json, minutes json, minutes_yesterday json, hours json, hours_yesterday json,
	hours_last_week json, people json, stations json, refusals json, bills json,
	exceptions bigint, sessions bigint, hour_last_week bigint, exceptions_since timestamptz,
	version bigint);

-- What a supervisor looks at, all in one call: of all areas or of one, which a
-- dispatcher is held to. Exact as of at, which is not longer ago than figures_age, or
-- thirty times that while it is being made anew.
--   totals     bags and scans since the beginning (see bag_totals)
--   today      scans by what came of them, parents opened and closed, their weight
--   minutes    scans of the last 60 minutes, the last of them being this one
--   hours      scans of each hour of the business day; the others to compare
--   hour_last_week   scans of the same 60 minutes a week ago
--   people, stations    the p_top busiest of the day, and the p_top worst (see day_facts)
--   exceptions_since    when the oldest of the open exceptions was scanned
--   version    of what stats.changes tells of: when that has gone on, there is more
-- One plan does for every day and area: planning would take longer than reading.
-- Outcomes: ok, not_permitted (another area too), unknown_area, session_expired.
create or replace function api.stats_dashboard(p_token text, p_area text default null,
	p_top integer default 10)
returns api.dashboard
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
	v record;
	v_area smallint;
	v_top smallint := least(greatest(coalesce(p_top, 10), 1), 100);
	d tracetrack.dashboard_kept;
	answer api.dashboard;
begin
	if p_area is null then
		v := tracetrack.session_use(p_token, 'stats.read');
		v_area := v.held;
	else
		v := tracetrack.figures_use(p_token, p_area);
		v_area := v.area_id;
	end if;
	if v.outcome <> 'ok' then
		answer.outcome := v.outcome;
		return answer;
	end if;
	-- nearly all who ask are told what was kept: by this one statement, which joins nothing
	-- because each join would have all columns described anew
	if current_setting('transaction_read_only') = 'off' then
		select 'ok', k.at, (select a.code::text from tracetrack.area a where a.id = v_area),
		       k.day::text, k.totals, k.today, k.minutes, k.minutes_yesterday, k.hours,
		       k.hours_yesterday, k.hours_last_week, k.people, k.stations, k.refusals,
		       k.bills, k.exceptions, k.sessions, k.hour_last_week, k.exceptions_since,
		       k.version
		  into answer
		  from tracetrack.dashboard_kept k
		 where k.area_id = coalesce(v_area, -1) and k.top = v_top
		   and clock_timestamp() >= k.at
		   and clock_timestamp() < k.at + (select s.value::interval
			from tracetrack.setting s where s.name = 'figures_age');
		if found then
			return answer;
		end if;
	end if;
	d := tracetrack.dashboard_recent(v_area, v_top);
	select 'ok', d.at, (select a.code::text from tracetrack.area a where a.id = v_area),
	       d.day::text, d.totals, d.today, d.minutes, d.minutes_yesterday, d.hours,
	       d.hours_yesterday, d.hours_last_week, d.people, d.stations, d.refusals, d.bills,
	       d.exceptions, d.sessions, d.hour_last_week, d.exceptions_since, d.version
	  into answer;
	return answer;
end
$$;
