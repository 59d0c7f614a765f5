-- The roll-up of the ledger: how it is kept and read.

-- What events with numbers after p_after and up to p_to (null: all) come to. The area
-- is the station's, else the person's, else 0.
create or replace function tracetrack.activity_between(p_after bigint, p_to bigint)
returns setof tracetrack.activity
language sql stable as $$
	select date_trunc('minute', e.at), coalesce(st.area_id, p.area_id, 0::smallint),
	       e.person_id, e.station_id, e.outcome, count(*),
	       coalesce(sum(e.total) filter (
		where e.outcome in ('completed', 'finished', 'short_closed')), 0)::bigint,
	       min(e.at), max(e.at)
	  from tracetrack.event e
	  join tracetrack.station st on st.id = e.station_id
	  join tracetrack.person p on p.id = e.person_id
	 where e.number > p_after and e.number <= coalesce(p_to, 9223372036854775807)
	 group by 1, 2, 3, 4, 5
$$;

-- The events that the roll-up hasn't seen. To be read in the same snapshot as the
-- roll-up: in a function that is stable, or in one statement.
create or replace function tracetrack.activity_tail() returns tracetrack.activity[]
language plpgsql stable as $$
begin
	return array(select a from tracetrack.activity_state s,
		lateral tracetrack.activity_between(s.rolled, null) a);
end
$$;

-- The hour and the day of business in which a time falls.
create or replace function tracetrack.business_hour(p_at timestamptz, p_zone text)
returns timestamptz
language sql stable parallel safe as $$
	select date_trunc('hour', p_at, p_zone)
$$;

create or replace function tracetrack.business_day(p_at timestamptz, p_zone text) returns date
language sql stable parallel safe as $$
	select (p_at at time zone p_zone)::date
$$;

-- What was done on the days from p_from to p_to, by area, person and station, with
-- what the roll-up hasn't seen.
create or replace function tracetrack.activity_days(p_from date, p_to date, p_area smallint,
	p_tail tracetrack.activity[], p_zone text)
returns table (day date, area_id smallint, person_id integer, station_id integer,
	scans bigint, done bigint, again bigint, refused bigint, linked bigint, opened bigint,
	closed bigint, grams bigint, first_at timestamptz, last_at timestamptz)
language sql stable as $$
	select a.* from tracetrack.activity_day a
	 where a.day between p_from and p_to and (p_area is null or a.area_id = p_area)
	union all
	select tracetrack.business_day(t.minute, p_zone), t.area_id, t.person_id, t.station_id,
	       t.scans, case when c.class = 'done' then t.scans else 0 end,
	       case when c.class = 'again' then t.scans else 0 end,
	       case when c.class = 'refused' then t.scans else 0 end,
	       case when t.outcome in ('linked', 'completed') then t.scans else 0 end,
	       case when t.outcome = 'opened' then t.scans else 0 end,
	       case when t.outcome in ('completed', 'finished', 'short_closed')
		then t.scans else 0 end,
	       t.grams, t.first_at, t.last_at
	  from unnest(p_tail) t,
	       lateral (select tracetrack.outcome_class(t.outcome) as class) c
	 where tracetrack.business_day(t.minute, p_zone) between p_from and p_to
	   and (p_area is null or t.area_id = p_area)
$$;

-- What the roll-up hasn't seen, by hour and area.
create or replace function tracetrack.activity_tail_hours(p_tail tracetrack.activity[],
	p_zone text)
returns table (hour timestamptz, area_id smallint, scans bigint, done bigint, again bigint,
	refused bigint, linked bigint, opened bigint, closed bigint, grams bigint)
language sql stable as $$
	select tracetrack.business_hour(t.minute, p_zone), t.area_id, t.scans,
	       case when c.class = 'done' then t.scans else 0 end,
	       case when c.class = 'again' then t.scans else 0 end,
	       case when c.class = 'refused' then t.scans else 0 end,
	       case when t.outcome in ('linked', 'completed') then t.scans else 0 end,
	       case when t.outcome = 'opened' then t.scans else 0 end,
	       case when t.outcome in ('completed', 'finished', 'short_closed')
		then t.scans else 0 end, t.grams
	  from unnest(p_tail) t,
	       lateral (select tracetrack.outcome_class(t.outcome) as class) c
$$;

-- Adds the events with numbers after p_after up to p_to to the sums. Minutes are kept
-- for nine days.
create or replace function tracetrack.activity_add(p_after bigint, p_to bigint, p_zone text)
returns void
language sql as $$
	with fine as materialized (
		select a.*, tracetrack.outcome_class(a.outcome) as class
		  from tracetrack.activity_between(p_after, p_to) a
	), minutes as (
		insert into tracetrack.activity_minute as m (minute, area_id, scans, refused)
		select minute, area_id, sum(scans),
		       coalesce(sum(scans) filter (where class = 'refused'), 0)
		  from fine where minute > now() - interval '9 days' group by 1, 2
		on conflict on constraint activity_minute_pkey do update
		   set scans = m.scans + excluded.scans, refused = m.refused + excluded.refused
	), hours as (
		insert into tracetrack.activity_hour as h (hour, area_id, scans, done, again,
			refused, linked, opened, closed, grams)
		select tracetrack.business_hour(minute, p_zone), area_id, sum(scans),
		       coalesce(sum(scans) filter (where class = 'done'), 0),
		       coalesce(sum(scans) filter (where class = 'again'), 0),
		       coalesce(sum(scans) filter (where class = 'refused'), 0),
		       coalesce(sum(scans) filter (where outcome in ('linked', 'completed')), 0),
		       coalesce(sum(scans) filter (where outcome = 'opened'), 0),
		       coalesce(sum(scans) filter (
			where outcome in ('completed', 'finished', 'short_closed')), 0), sum(grams)
		  from fine group by 1, 2
		on conflict on constraint activity_hour_pkey do update
		   set scans = h.scans + excluded.scans, done = h.done + excluded.done,
		       again = h.again + excluded.again, refused = h.refused + excluded.refused,
		       linked = h.linked + excluded.linked, opened = h.opened + excluded.opened,
		       closed = h.closed + excluded.closed, grams = h.grams + excluded.grams
	), days as (
		insert into tracetrack.activity_day as d (day, area_id, person_id, station_id,
			scans, done, again, refused, linked, opened, closed, grams, first_at,
			last_at)
		select tracetrack.business_day(minute, p_zone), area_id, person_id, station_id,
		       sum(scans), coalesce(sum(scans) filter (where class = 'done'), 0),
		       coalesce(sum(scans) filter (where class = 'again'), 0),
		       coalesce(sum(scans) filter (where class = 'refused'), 0),
		       coalesce(sum(scans) filter (where outcome in ('linked', 'completed')), 0),
		       coalesce(sum(scans) filter (where outcome = 'opened'), 0),
		       coalesce(sum(scans) filter (
			where outcome in ('completed', 'finished', 'short_closed')), 0), sum(grams),
		       min(first_at), max(last_at)
		  from fine group by 1, 2, 3, 4
		on conflict on constraint activity_day_pkey do update
		   set scans = d.scans + excluded.scans, done = d.done + excluded.done,
		       again = d.again + excluded.again, refused = d.refused + excluded.refused,
		       linked = d.linked + excluded.linked, opened = d.opened + excluded.opened,
		       closed = d.closed + excluded.closed, grams = d.grams + excluded.grams,
		       first_at = least(d.first_at, excluded.first_at),
		       last_at = greatest(d.last_at, excluded.last_at)
	)
	insert into tracetrack.activity_outcome as o (day, area_id, outcome, scans)
	select tracetrack.business_day(minute, p_zone), area_id, outcome, sum(scans)
	  from fine group by 1, 2, 3
	on conflict on constraint activity_outcome_pkey do update
	   set scans = o.scans + excluded.scans
$$;

-- Brings the roll-up forward by at most p_most numbers and tells by how many. Does
-- nothing while somebody else is at it, and where the transaction can't write or sees
-- but an old snapshot. Locks the state, nothing that a scan waits for.
create or replace function tracetrack.activity_roll(p_most bigint default 20000) returns bigint
language plpgsql as $$
declare
	v tracetrack.activity_state;
	v_fresh boolean := pg_current_xact_id_if_assigned() is null;
	v_drawn bigint := (select last_value - (not is_called)::integer
		from tracetrack.event_number);
	v_to bigint;
begin
	if current_setting('transaction_isolation') <> 'read committed'
	or current_setting('transaction_read_only') = 'on' then
		return 0;
	end if;
	select * into v from tracetrack.activity_state for update skip locked;
	if not found then
		return 0;
	end if;
	if pg_snapshot_xmin(pg_current_snapshot()) > v.next_xid then
		v.settled := greatest(v.settled, v.next_number);
	end if;
	-- the number is older than this transaction; an xid that is yet to come is
	-- another server's, from before a restore
	if v_fresh and (v.settled >= v.next_number or v.next_xid > pg_current_xact_id()) then
		v.next_number := v_drawn;
		v.next_xid := pg_current_xact_id();
	end if;
	v_to := least(v.settled, v.rolled + p_most);
	if v_to > v.rolled then
		perform tracetrack.activity_add(v.rolled, v_to, v.zone);
	end if;
	update tracetrack.activity_state
	   set rolled = v_to, settled = v.settled, next_number = v.next_number,
	       next_xid = v.next_xid, at = clock_timestamp();
	return v_to - v.rolled;
end
$$;

-- What readers of figures call first: rolls up when there is enough of it, once a
-- second at most, or something that is ten seconds old.
create or replace function tracetrack.activity_refresh() returns void
language plpgsql as $$
declare
	v record;
begin
	select n.last_value - s.rolled as waiting, clock_timestamp() - s.at as age into v
	  from tracetrack.activity_state s, tracetrack.event_number n;
	if (v.waiting > 100 and v.age > interval '1 second')
	or (v.waiting > 0 and v.age > interval '10 seconds') then
		perform tracetrack.activity_roll();
	end if;
end
$$;

-- Makes the roll-up anew, after the business zone or old events have changed: counts
-- the whole ledger. Readers' figures stay exact and wait for nothing.
create or replace function tracetrack.activity_rebuild() returns void
language plpgsql as $$
begin
	perform from tracetrack.activity_state for update;
	delete from tracetrack.activity_minute;
	delete from tracetrack.activity_hour;
	delete from tracetrack.activity_day;
	delete from tracetrack.activity_outcome;
	update tracetrack.activity_state
	   set rolled = settled, zone = tracetrack.setting_text('business_zone');
	perform tracetrack.activity_add(-1, s.rolled, s.zone) from tracetrack.activity_state s;
end
$$;

-- The roll-up is cut by the business day: it is made anew when that begins elsewhere.
create or replace function tracetrack.zone_changed() returns trigger
language plpgsql as $$
begin
	perform tracetrack.activity_rebuild();
	return null;
end
$$;

create or replace trigger setting_zone_changed after update on tracetrack.setting
	for each row when (new.name = 'business_zone' and new.value <> old.value)
	execute function tracetrack.zone_changed();

-- Rule 5: the roll-up is what the ledger says: of the business days p_from to p_to, counted
-- from 1, the first one of the roll-up, with all before that and all behind the last one.
create or replace function tracetrack.violation_activity(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	with state as (
		select rolled, settled, zone from tracetrack.activity_state
	), span as (
		select case when p_from > 1 then d.first - 1 + least(p_from, 1000000)::integer
			else '-infinity' end as first,
		       case when p_to < d.last - d.first + 1
			then d.first - 1 + least(p_to, 1000000)::integer
			else 'infinity' end as last
		  from (select min(day) as first, max(day) as last from tracetrack.activity_day) d
	), fine as materialized (
		select f.*, tracetrack.outcome_class(f.outcome) as class,
		       tracetrack.business_day(f.minute, s.zone) as day,
		       tracetrack.business_hour(f.minute, s.zone) as hour
		  from state s, (
			select date_trunc('minute', e.at) as minute, e.person_id, e.station_id,
			       e.outcome, count(*) as scans, coalesce(sum(e.total) filter (
				where e.outcome in ('completed', 'finished', 'short_closed')), 0)
				as grams, max(e.at) as last_at
			  from tracetrack.event e
			 where e.number <= (select rolled from state)
			   and e.at >= (select first::timestamptz - interval '2 days' from span)
			   and e.at < (select last::timestamptz + interval '2 days' from span)
			 group by 1, 2, 3, 4) f
	), told as (
		select f.* from fine f, span where f.day between span.first and span.last
	)
	select '5 the roll-up is what the ledger says', format('day %s, person %s, station %s',
		coalesce(k.day, c.day), coalesce(k.person_id, c.person_id),
		coalesce(k.station_id, c.station_id))
	  from (select a.day, a.person_id, a.station_id, sum(a.scans) as scans,
			sum(a.refused) as refused, sum(a.linked) as linked, sum(a.opened) as opened,
			sum(a.closed) as closed, sum(a.grams) as grams, max(a.last_at) as last_at
		  from span join tracetrack.activity_day a on a.day between span.first and span.last
		 group by 1, 2, 3) k
	  full join (
		select day, person_id, station_id, sum(scans) as scans,
		       coalesce(sum(scans) filter (where class = 'refused'), 0) as refused,
		       coalesce(sum(scans) filter (where outcome in ('linked', 'completed')), 0)
			as linked,
		       coalesce(sum(scans) filter (where outcome = 'opened'), 0) as opened,
		       coalesce(sum(scans) filter (
			where outcome in ('completed', 'finished', 'short_closed')), 0) as closed,
		       sum(grams) as grams, max(last_at) as last_at
		  from told group by 1, 2, 3) c
	    on c.day = k.day and c.person_id = k.person_id and c.station_id = k.station_id
	 where row(k.scans, k.refused, k.linked, k.opened, k.closed, k.grams, k.last_at)
		is distinct from
		row(c.scans, c.refused, c.linked, c.opened, c.closed, c.grams, c.last_at)
	union all
	select '5 the roll-up is what the ledger says', format('hour %s', coalesce(k.hour, c.hour))
	  from (select a.hour, sum(a.scans) as scans, sum(a.refused) as refused
		  from state s, span, tracetrack.activity_hour a
		 where tracetrack.business_day(a.hour, s.zone) between span.first and span.last
		 group by 1) k
	  full join (
		select hour, sum(scans) as scans,
		       coalesce(sum(scans) filter (where class = 'refused'), 0) as refused
		  from told group by 1) c on c.hour = k.hour
	 where k.scans is distinct from c.scans or k.refused is distinct from c.refused
	union all
	select '5 the roll-up is what the ledger says', format('minute %s',
		coalesce(k.minute, c.minute))
	  from (select a.minute, sum(a.scans) as scans
		  from state s, span, tracetrack.activity_minute a
		 where a.minute > now() - interval '8 days'
		   and tracetrack.business_day(a.minute, s.zone) between span.first and span.last
		 group by 1) k
	  full join (select minute, sum(scans) as scans from told
		 where minute > now() - interval '8 days' group by 1) c on c.minute = k.minute
	 where k.scans is distinct from c.scans
	union all
	select '5 the roll-up is what the ledger says', format('%s on %s',
		coalesce(k.outcome, c.outcome), coalesce(k.day, c.day))
	  from (select a.day, a.outcome, sum(a.scans) as scans
		  from span join tracetrack.activity_outcome a
		    on a.day between span.first and span.last
		 group by 1, 2) k
	  full join (select day, outcome, sum(scans) as scans from told group by 1, 2) c
	    on c.day = k.day and c.outcome = k.outcome
	 where k.scans is distinct from c.scans
	union all
	select '5 the roll-up is not ahead of what is settled', format('%s > %s', rolled, settled)
	  from state where rolled > settled and p_from <= 1
	union all
	select '5 the roll-up is of the business zone', format('%s, not %s', zone,
		tracetrack.setting_text('business_zone'))
	  from state where zone <> tracetrack.setting_text('business_zone') and p_from <= 1
$$;
