-- Figures in lists: over time, of people, stations, areas and families, and what was
-- scanned last. All of them are exact to the last scan that is committed.

-- The one area that figures are held to, null for all. Raises as session_need does,
-- 42501 not_permitted for another area, 22023 for one that is none.
create or replace function tracetrack.figures_area(p_token text, p_area text) returns smallint
language plpgsql as $$
declare
	v_held smallint := tracetrack.reading_area(p_token, 'stats.read');
begin
	return (tracetrack.filter_areas(v_held, p_area))[1];
end
$$;

-- The first and the last business day of the period that p_day (as 2026-11-21, else
-- today) is in: day or today, week (from Monday), month, quarter or year. Raises 22023
-- where one of them is none.
create or replace function tracetrack.period_days(p_period text, p_day text, p_zone text,
	out first date, out last date)
language plpgsql stable as $$
declare
	v_period text := case coalesce(p_period, 'today') when 'today' then 'day'
		else p_period end;
	v_day date;
begin
	if v_period not in ('day', 'week', 'month', 'quarter', 'year') then
		perform tracetrack.refuse_filter(format('there is no period %s', p_period),
			'It is today, day, week, month, quarter or year.');
	end if;
	v_day := tracetrack.day_given(p_day);
	first := date_trunc(v_period, coalesce(v_day,
		tracetrack.business_day(now(), p_zone))::timestamp)::date;
	last := (first + case v_period when 'quarter' then interval '3 months'
		else ('1 ' || v_period)::interval end)::date - 1;
end
$$;

-- The day that a text like 2026-11-21 names; null if it is none.
create or replace function tracetrack.day_of(p_day text) returns date
language plpgsql immutable as $$
begin
	return case when p_day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then p_day::date end;
exception when data_exception then
	return null;
end
$$;

-- The same, null only if none is given. Raises 22023 if it is none.
create or replace function tracetrack.day_given(p_day text) returns date
language plpgsql immutable as $$
declare
	v_day date := tracetrack.day_of(p_day);
begin
	if p_day is not null and v_day is null then
		perform tracetrack.refuse_filter(format('%s is no day', p_day),
			'A day looks like 2026-11-21.');
	end if;
	return v_day;
end
$$;

-- Scans per hour or per business day, from p_from to before p_to, hours and days
-- without scans left out. Without limits the last 24 hours or 30 days; at most 40 days
-- of hours, 400 of days. at is when the hour or day began. Raises as figures_area does.
create or replace function api.stats_activity(p_token text, p_per text default 'hour',
	p_from timestamptz default null, p_to timestamptz default null,
	p_area text default null)
returns table (at timestamptz, day text, scans bigint, done bigint, again bigint, refused bigint,
	linked bigint, opened bigint, closed bigint, grams bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, p_area);
	v_to timestamptz := greatest(coalesce(p_to, now()), '1900-01-01');
	v_from timestamptz;
begin
	if coalesce(p_per, 'hour') not in ('hour', 'day') then
		perform tracetrack.refuse_filter(format('there are no figures per %s', p_per),
			'They are per hour or per day.');
	end if;
	v_from := greatest(
		coalesce(p_from, v_to - case p_per when 'day' then interval '30 days'
			else interval '24 hours' end),
		v_to - case p_per when 'day' then interval '400 days' else interval '40 days' end);
	perform tracetrack.activity_refresh();
	return query
	select a.at, tracetrack.business_day(a.at, s.zone)::text, a.scans, a.done, a.again,
	       a.refused, a.linked, a.opened, a.closed, a.grams
	  from tracetrack.activity_state s,
	       tracetrack.activity_per(coalesce(p_per, 'hour'), v_from, v_to, v_area) a
	 order by a.at;
end
$$;

create or replace function tracetrack.activity_per(p_per text, p_from timestamptz,
	p_to timestamptz, p_area smallint)
returns table (at timestamptz, scans bigint, done bigint, again bigint, refused bigint,
	linked bigint, opened bigint, closed bigint, grams bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v_from timestamptz := date_trunc(p_per, p_from, v_zone);
begin
	return query
	select date_trunc(p_per, h.hour, v_zone), sum(h.scans)::bigint, sum(h.done)::bigint,
	       sum(h.again)::bigint, sum(h.refused)::bigint, sum(h.linked)::bigint,
	       sum(h.opened)::bigint, sum(h.closed)::bigint, sum(h.grams)::bigint
	  from (select * from tracetrack.activity_hour a
		 where a.hour >= v_from and a.hour < p_to and (p_area is null or a.area_id = p_area)
		union all
		select * from tracetrack.activity_tail_hours(v_tail, v_zone) t
		 where t.hour >= v_from and t.hour < p_to and (p_area is null or t.area_id = p_area)) h
	 group by 1 order by 1;
end
$$;

-- People by what they did in the period that p_day is in, the busiest first: on how many
-- days, and the most scans on one of them. Raises as figures_area and period_days do.
create or replace function api.stats_people(p_token text, p_period text default 'today',
	p_area text default null, p_day text default null)
returns table (login text, name text, role text, area text, scans bigint, done bigint,
	again bigint, refused bigint, linked bigint, opened bigint, closed bigint,
	grams bigint, days_active bigint, peak bigint, peak_day text, first_at timestamptz,
	last_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, p_area);
begin
	perform tracetrack.activity_refresh();
	return query
	select p.login::text, p.name, p.role, a.code::text, f.scans, f.done, f.again, f.refused,
	       f.linked, f.opened, f.closed, f.grams, f.days_active, f.peak, f.peak_day::text,
	       f.first_at, f.last_at
	  from tracetrack.people_figures(p_period, p_day, v_area) f
	  join tracetrack.person p on p.id = f.person_id
	  left join tracetrack.area a on a.id = p.area_id
	 order by f.scans desc, p.login;
end
$$;

create or replace function tracetrack.people_figures(p_period text, p_day text,
	p_area smallint)
returns table (person_id integer, scans bigint, done bigint, again bigint, refused bigint,
	linked bigint, opened bigint, closed bigint, grams bigint, days_active bigint,
	peak bigint, peak_day date, first_at timestamptz, last_at timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v record := tracetrack.period_days(p_period, p_day, v_zone);
begin
	return query
	with days as (
		select d.person_id, d.day, sum(d.scans)::bigint as scans, sum(d.done) as done,
		       sum(d.again) as again, sum(d.refused) as refused, sum(d.linked) as linked,
		       sum(d.opened) as opened, sum(d.closed) as closed, sum(d.grams) as grams,
		       min(d.first_at) as first_at, max(d.last_at) as last_at
		  from tracetrack.activity_days(v.first, v.last, p_area, v_tail, v_zone) d
		 group by d.person_id, d.day
	)
	select d.person_id, sum(d.scans)::bigint, sum(d.done)::bigint, sum(d.again)::bigint,
	       sum(d.refused)::bigint, sum(d.linked)::bigint, sum(d.opened)::bigint,
	       sum(d.closed)::bigint, sum(d.grams)::bigint, count(*), max(d.scans),
	       (array_agg(d.day order by d.scans desc, d.day desc))[1], min(d.first_at),
	       max(d.last_at)
	  from days d group by d.person_id;
end
$$;

-- Stations, those without a scan in the period too, the busiest first. person is who
-- scanned there last in it. Raises as stats_people does.
create or replace function api.stats_stations(p_token text, p_period text default 'today',
	p_area text default null, p_day text default null)
returns table (station text, area text, state text, version text, last_seen timestamptz,
	person text, scans bigint, done bigint, again bigint, refused bigint, linked bigint,
	opened bigint, closed bigint, grams bigint, days_active bigint, people bigint,
	last_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, p_area);
begin
	perform tracetrack.activity_refresh();
	return query
	select st.name::text, a.code::text, st.state, st.version, st.last_seen, p.login::text,
	       coalesce(f.scans, 0), coalesce(f.done, 0), coalesce(f.again, 0),
	       coalesce(f.refused, 0), coalesce(f.linked, 0), coalesce(f.opened, 0),
	       coalesce(f.closed, 0), coalesce(f.grams, 0), coalesce(f.days_active, 0),
	       coalesce(f.people, 0), f.last_at
	  from tracetrack.station st
	  left join tracetrack.station_figures(p_period, p_day, v_area) f
	    on f.station_id = st.id
	  left join tracetrack.area a on a.id = st.area_id
	  left join tracetrack.person p on p.id = f.person_id
	 where f.station_id is not null
	    or (st.id <> 0 and (v_area is null or st.area_id = v_area))
	 order by coalesce(f.scans, 0) desc, st.name;
end
$$;

create or replace function tracetrack.station_figures(p_period text, p_day text,
	p_area smallint)
returns table (station_id integer, person_id integer, scans bigint, done bigint, again bigint,
	refused bigint, linked bigint, opened bigint, closed bigint, grams bigint,
	days_active bigint, people bigint, last_at timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v record := tracetrack.period_days(p_period, p_day, v_zone);
begin
	return query
	select d.station_id, (array_agg(d.person_id order by d.last_at desc))[1],
	       sum(d.scans)::bigint, sum(d.done)::bigint, sum(d.again)::bigint,
	       sum(d.refused)::bigint, sum(d.linked)::bigint, sum(d.opened)::bigint,
	       sum(d.closed)::bigint, sum(d.grams)::bigint, count(distinct d.day),
	       count(distinct d.person_id), max(d.last_at)
	  from tracetrack.activity_days(v.first, v.last, p_area, v_tail, v_zone) d
	 group by d.station_id;
end
$$;

-- Areas by what was done there in a period, and the parents that wait there now: open
-- ones, and those closed but on no bill. What was done at stations of no area is in a last
-- row called -, if there was anything, so that their sums are those of people. Raises as
-- stats_people does.
create or replace function api.stats_areas(p_token text, p_period text default 'today',
	p_day text default null)
returns table (area text, name text, state text, scans bigint, done bigint, again bigint,
	refused bigint, linked bigint, opened bigint, closed bigint, grams bigint,
	people bigint, stations bigint, parents_open bigint, parents_unbilled bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, null);
begin
	perform tracetrack.activity_refresh();
	return query
	with figures as materialized (
		select * from tracetrack.area_figures(p_period, p_day, v_area)
	)
	select x.* from (select a.code::text as area, a.name,
	       case when a.active then 'active' else 'retired' end,
	       coalesce(f.scans, 0), coalesce(f.done, 0), coalesce(f.again, 0),
	       coalesce(f.refused, 0), coalesce(f.linked, 0), coalesce(f.opened, 0),
	       coalesce(f.closed, 0), coalesce(f.grams, 0), coalesce(f.people, 0),
	       coalesce(f.stations, 0), o.open, u.unbilled
	  from tracetrack.area a
	  left join figures f on f.area_id = a.id
	 cross join lateral (
		select count(*) as open from tracetrack.bag b
		 where b.area_id = a.id and b.state not in ('complete', 'linked')
		   and b.state = 'open') o
	 cross join lateral (
		select count(*) as unbilled from tracetrack.bag b
		 where b.area_id = a.id and b.role = 'parent' and b.bill_id is null
		   and b.state in ('complete', 'short')) u
	 where v_area is null or a.id = v_area
	union all
	select '-', 'no area', null, f.scans, f.done, f.again, f.refused, f.linked, f.opened,
	       f.closed, f.grams, f.people, f.stations, 0, 0
	  from figures f where f.area_id = 0) x
	 order by x.area = '-', x.area;
end
$$;

create or replace function tracetrack.area_figures(p_period text, p_day text,
	p_area smallint)
returns table (area_id smallint, scans bigint, done bigint, again bigint, refused bigint,
	linked bigint, opened bigint, closed bigint, grams bigint, people bigint,
	stations bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v record := tracetrack.period_days(p_period, p_day, v_zone);
begin
	return query
	select d.area_id, sum(d.scans)::bigint, sum(d.done)::bigint, sum(d.again)::bigint,
	       sum(d.refused)::bigint, sum(d.linked)::bigint, sum(d.opened)::bigint,
	       sum(d.closed)::bigint, sum(d.grams)::bigint, count(distinct d.person_id),
	       count(distinct d.station_id)
	  from tracetrack.activity_days(v.first, v.last, p_area, v_tail, v_zone) d
	 group by d.area_id;
end
$$;

-- What the scans of the period that p_day is in came to, the most frequent first. Raises
-- as stats_people does.
create or replace function api.stats_outcomes(p_token text, p_period text default 'today',
	p_area text default null, p_day text default null)
returns table (outcome text, class text, scans bigint, days bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_area smallint := tracetrack.figures_area(p_token, p_area);
begin
	perform tracetrack.activity_refresh();
	return query
	select f.outcome, tracetrack.outcome_class(f.outcome), f.scans, f.days
	  from tracetrack.outcome_figures(p_period, p_day, v_area) f
	 order by f.scans desc, f.outcome;
end
$$;

create or replace function tracetrack.outcome_figures(p_period text, p_day text,
	p_area smallint)
returns table (outcome text, scans bigint, days bigint)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
	v_zone text := (select zone from tracetrack.activity_state);
	v record := tracetrack.period_days(p_period, p_day, v_zone);
begin
	return query
	select o.outcome, sum(o.scans)::bigint, count(distinct o.day)
	  from (select a.day, a.outcome, a.scans from tracetrack.activity_outcome a
		 where a.day between v.first and v.last and (p_area is null or a.area_id = p_area)
		union all
		select tracetrack.business_day(t.minute, v_zone), t.outcome, t.scans
		  from unnest(v_tail) t
		 where tracetrack.business_day(t.minute, v_zone) between v.first and v.last
		   and (p_area is null or t.area_id = p_area)) o
	 group by o.outcome;
end
$$;

-- What a business day (p_day as 2026-11-21, else today) came to, for its end: in all, by
-- outcome, by person and by area, and its bills. Outcomes: ok, bad_value (p_day is no
-- day), not_permitted, unknown_area, session_expired.
create or replace function api.stats_summary(p_token text, p_day text default null,
	p_area text default null)
returns table (outcome text, day text, zone text, area text, totals jsonb, outcomes jsonb,
	people jsonb, areas jsonb, bills jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_day date;
begin
	select * into v from tracetrack.figures_use(p_token, p_area);
	outcome := v.outcome;
	v_day := tracetrack.day_of(p_day);
	if outcome = 'ok' and p_day is not null and v_day is null then
		outcome := 'bad_value';
	end if;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	perform tracetrack.activity_refresh();
	return query
	select 'ok'::text, s.day::text, s.zone, v.area, s.totals, s.outcomes, s.people, s.areas,
	       s.bills
	  from tracetrack.day_summary(v_day, v.area_id) s;
end
$$;

create or replace function tracetrack.day_summary(p_day date, p_area smallint)
returns table (day date, zone text, totals jsonb, outcomes jsonb, people jsonb, areas jsonb,
	bills jsonb)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_tail tracetrack.activity[] := tracetrack.activity_tail();
begin
	zone := (select s.zone from tracetrack.activity_state s);
	day := coalesce(p_day, tracetrack.business_day(now(), zone));
	select f.today, f.people into totals, people
	  from tracetrack.day_facts(day, p_area, v_tail, zone, null) f;
	outcomes := tracetrack.outcomes_of_day(day, p_area, v_tail, zone, false);
	areas := (select coalesce(jsonb_agg(jsonb_build_object('area', coalesce(a.code, '-'),
			'scans', d.scans, 'refused', d.refused, 'linked', d.linked, 'opened', d.opened,
			'closed', d.closed, 'grams', d.grams) order by a.code), '[]')
		  from (select x.area_id, sum(x.scans) as scans, sum(x.refused) as refused,
				sum(x.linked) as linked, sum(x.opened) as opened,
				sum(x.closed) as closed, sum(x.grams) as grams
			  from tracetrack.activity_days(day, day, p_area, v_tail, zone) x
			 group by x.area_id) d
		  left join tracetrack.area a on a.id = d.area_id);
	bills := (select jsonb_build_object(
			'created', count(*) filter (where b.created_at >= t.b and b.created_at < t.e),
			'completed', count(*) filter (where b.completed_at is not null),
			'parents', coalesce(sum(b.linked) filter (where b.completed_at is not null), 0),
			'grams', coalesce(sum(b.grams_actual) filter (
				where b.completed_at is not null), 0))
		  from (select day::timestamp at time zone zone as b,
				(day + 1)::timestamp at time zone zone as e) t,
		       lateral (select l.created_at, null::timestamptz as completed_at, l.linked,
				l.grams_actual from tracetrack.bill l
			 where l.created_at >= t.b and l.created_at < t.e
			union all
			select null, l.completed_at, l.linked, l.grams_actual from tracetrack.bill l
			 where l.completed_at >= t.b and l.completed_at < t.e) b);
	return next;
end
$$;

-- Whether anything has happened to a bag or a bill since p_since, the version that an
-- earlier call gave: for those who watch. Outcomes: ok, not_permitted, session_expired.
create or replace function api.stats_changes(p_token text, p_since bigint default null)
returns table (outcome text, version bigint, changed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := tracetrack.session_use(p_token, 'stats.read');
	outcome := v.outcome;
	if outcome = 'ok' then
		version := tracetrack.changes_version();
		changed := version is distinct from p_since;
	end if;
	return next;
end
$$;

-- Bag families with the bags that there are of them. complete and linked are what is
-- left of all when those in the states that few are in are taken off.
-- Raises as session_need does.
create or replace function api.stats_families(p_token text)
returns table (family text, role text, active boolean, bags bigint, open bigint,
	complete bigint, short bigint, linked bigint, unlinked bigint, cancelled bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, null);
begin
	return query
	with areas as materialized (
		select array_agg(a.id) as ids from tracetrack.area a
		 where v_area is null or a.id = v_area
	), few as (
		select f.id, count(*) filter (where b.state = 'open') as open,
		       count(*) filter (where b.state = 'short') as short,
		       count(*) filter (where b.state = 'unlinked') as unlinked,
		       count(*) filter (where b.state = 'cancelled') as cancelled,
		       count(b.id) as bags
		  from tracetrack.family f cross join areas
		  left join tracetrack.bag b on b.family_id = f.id and b.area_id = any (areas.ids)
		   and b.state not in ('complete', 'linked')
		 where f.role in ('parent', 'child')
		 group by f.id
	)
	select f.name::text, f.role, f.active, n.bags, w.open,
	       case when f.role = 'parent' then n.bags - w.bags end, w.short,
	       case when f.role = 'child' then n.bags - w.bags end, w.unlinked, w.cancelled
	  from few w
	  join tracetrack.family f on f.id = w.id
	 cross join areas
	 cross join lateral (
		select count(*) as bags from tracetrack.bag b
		 where b.area_id = any (areas.ids) and b.family_id = f.id) n
	 order by f.role desc, f.name;
end
$$;

-- What was scanned last, newest first, at most p_limit (1 to 200) events before the
-- key of an earlier row. Of an area, station or person, of which a dispatcher's own area
-- is one, only the last 31 days. p_class: done, again or refused. Raises as
-- figures_area does, 22023 for a filter that names nothing.
create or replace function api.stats_recent(p_token text, p_area text default null,
	p_station text default null, p_by text default null, p_class text default null,
	p_after bigint default null, p_limit integer default 50)
returns table (at timestamptz, action text, outcome text, code text, parent text, bill text,
	"position" integer, children integer, state text, station text, person text,
	lane integer, offline boolean, event uuid, key bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_area smallint := tracetrack.figures_area(p_token, p_area);
	v_person integer := tracetrack.filter_person(p_by);
	v_stations integer[];
begin
	if p_class not in ('done', 'again', 'refused') then
		perform tracetrack.refuse_filter(format('no scan is %s', p_class),
			'The class is done, again or refused.');
	elsif p_station is not null then
		v_stations := array(select st.id from tracetrack.station st
			where st.name = p_station);
		if v_stations = '{}' then
			perform tracetrack.refuse_filter(format('there is no station %s', p_station),
				'See station list.');
		end if;
	elsif v_person is not null then
		v_stations := array(select s.station_id from tracetrack.stations_of(v_person) s);
	elsif v_area is not null then
		v_stations := array(select st.id from tracetrack.station st
			where st.area_id = v_area or st.area_id is null);
	end if;
	return query
	select e.at, e.action::text, e.outcome::text, e.code::text,
	       coalesce(p.code, e.parent_code)::text,
	       coalesce(case when e.bill_id is not null
			then (select l.number from tracetrack.bill l where l.id = e.bill_id) end,
		e.bill)::text,
	       e.position::integer, e.children::integer, e.state::text, st.name::text,
	       o.login::text, e.lane, e.offline, e.id, e.number
	  from tracetrack.recent_events(v_stations, v_area, v_person, p_class, p_after,
		tracetrack.list_limit(p_limit, 50, 200)) e
	  join tracetrack.station st on st.id = e.station_id
	  join tracetrack.person o on o.id = e.person_id
	  left join tracetrack.bag p on p.id = e.parent_id
	 order by e.number desc;
end
$$;

-- Where a person has scanned in the last 31 days, what the roll-up hasn't seen too.
create or replace function tracetrack.stations_of(p_person integer)
returns table (station_id integer)
language plpgsql stable as $$
begin
	return query
	select a.station_id from tracetrack.activity_day a
	 where a.person_id = p_person and a.day >= current_date - 32
	union
	select t.station_id from unnest(tracetrack.activity_tail()) t
	 where t.person_id = p_person;
end
$$;

-- The newest events with numbers below p_before, of these stations (null: all), which
-- are looked up one by one: the ledger has no key of areas or people.
create or replace function tracetrack.recent_events(p_stations integer[], p_area smallint,
	p_person integer, p_class text, p_before bigint, p_limit integer)
returns setof tracetrack.event
language plpgsql stable as $$
declare
	v_from timestamptz := now() - interval '31 days';
	v_at timestamptz;
begin
	if p_stations is null then
		return query
		select e.* from tracetrack.event e
		 where e.number < coalesce(p_before, 9223372036854775807)
		   and (p_class is null or tracetrack.outcome_class(e.outcome) = p_class)
		 order by e.number desc limit p_limit;
		return;
	end if;
	select e.at into v_at from tracetrack.event e where e.number = p_before;
	return query
	select r.* from unnest(p_stations) s (id), lateral (
		select e.* from tracetrack.event e
		 where e.station_id = s.id and e.at >= v_from and e.at <= coalesce(v_at, 'infinity')
		   and e.number < coalesce(p_before, 9223372036854775807)
		   and (p_person is null or e.person_id = p_person)
		   and (p_class is null or tracetrack.outcome_class(e.outcome) = p_class)
		   and (p_area is null or p_area = coalesce(
			(select st.area_id from tracetrack.station st where st.id = e.station_id),
			(select p.area_id from tracetrack.person p where p.id = e.person_id)))
		 order by e.at desc, e.number desc limit p_limit) r
	 order by r.number desc limit p_limit;
end
$$;
