-- Exports: pages of finished lines, so that a client of constant memory only writes
-- them down. Right: export.run.

-- A cell of CSV in quotes. Unless p_raw, what a spreadsheet would take for a formula
-- gets a ' in front.
create or replace function tracetrack.csv_cell(p_text text, p_raw boolean) returns text
language sql immutable parallel safe as $$
	select '"' || case when not p_raw and left(p_text, 1) in ('=', '+', '-', '@', E'\t', E'\r', E'\n')
		then '''' else '' end
		|| replace(coalesce(p_text, ''), '"', '""') || '"'
$$;

create or replace function tracetrack.export_time(p_at timestamptz) returns text
language sql stable as $$
	select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The lines of the next p_limit bags by id that are wanted, and the last id looked
-- at: null behind the last bag. A page looks at so many rows, however few it gives.
create or replace function tracetrack.export_bags(p_after bigint, p_area smallint,
	p_from timestamptz, p_to timestamptz, p_json boolean, p_raw boolean, p_limit bigint,
	out rows bigint, out key bigint, out lines text)
language plpgsql as $$
begin
	with w as materialized (
		select * from tracetrack.bag where id > p_after order by id limit p_limit
	), x as (
		select b.id, b.code, b.role, f.name as family, b.state, a.code as area,
		       p.code as parent, b.position, b.child_count as children, b.capacity,
		       coalesce(b.grams_measured, b.grams_expected) as grams, t.number as bill,
		       tracetrack.export_time(b.since) as since, y.login as by
		  from w b
		  join tracetrack.family f on f.id = b.family_id
		  join tracetrack.area a on a.id = b.area_id
		  join tracetrack.person y on y.id = b.person_id
		  left join tracetrack.bag p on p.id = b.parent_id
		  left join tracetrack.bill t on t.id = b.bill_id
		 where (p_area is null or b.area_id = p_area)
		   and (p_from is null or b.since >= p_from) and (p_to is null or b.since < p_to)
	)
	select count(*), (select max(id) from w), string_agg(case when p_json
		then (to_jsonb(x) - 'id')::text || E'\n'
		else concat(tracetrack.csv_cell(x.code, p_raw), ',', x.role, ',', x.family, ',',
			x.state, ',', x.area, ',', tracetrack.csv_cell(x.parent, p_raw), ',',
			x.position, ',', x.children, ',', x.capacity, ',', x.grams, ',',
			tracetrack.csv_cell(x.bill, p_raw), ',', x.since, ',',
			tracetrack.csv_cell(x.by, p_raw), E'\r\n') end, '' order by x.id)
	  into rows, key, lines from x;
end
$$;

-- The same of the ledger, by the number of its events.
create or replace function tracetrack.export_scans(p_after bigint, p_area smallint,
	p_from timestamptz, p_to timestamptz, p_json boolean, p_raw boolean, p_limit bigint,
	out rows bigint, out key bigint, out lines text)
language plpgsql as $$
begin
	with w as materialized (
		select * from tracetrack.event where number > p_after order by number limit p_limit
	), x as (
		select e.number, tracetrack.export_time(e.at) as at, s.name as station,
		       y.login as person, e.action, e.outcome, e.code,
		       coalesce(p.code, e.parent_code) as parent, e.position, e.children, e.grams,
		       e.reason, e.offline, e.id as event
		  from w e
		  join tracetrack.station s on s.id = e.station_id
		  join tracetrack.person y on y.id = e.person_id
		  left join tracetrack.bag p on p.id = e.parent_id
		 where (p_area is null or p.area_id = p_area)
		   and (p_from is null or e.at >= p_from) and (p_to is null or e.at < p_to)
	)
	select count(*), (select max(number) from w), string_agg(case when p_json
		then to_jsonb(x)::text || E'\n'
		else concat(x.number, ',', x.at, ',', tracetrack.csv_cell(x.station, p_raw), ',',
			tracetrack.csv_cell(x.person, p_raw), ',', x.action, ',', x.outcome, ',',
			tracetrack.csv_cell(x.code, p_raw), ',',
			tracetrack.csv_cell(x.parent, p_raw), ',', x.position, ',', x.children,
			',', x.grams, ',', tracetrack.csv_cell(x.reason, p_raw), ',', x.offline,
			',', x.event, E'\r\n') end, '' order by x.number)
	  into rows, key, lines from x;
end
$$;

-- A page of an export (what: bags or scans) behind key p_after. key is where the next
-- begins, and null behind the last one. The first page is an export, by which the limit
-- counts. Outcomes: ok; not_permitted, session_expired, bad_value (what, or p_limit),
-- unknown_area, rate_limited (an export, not before retry_after seconds are over).
create or replace function api.export_page(p_token text, p_what text, p_after bigint,
	p_area text, p_from timestamptz, p_to timestamptz, p_json boolean, p_raw boolean,
	p_limit bigint)
returns table (outcome text, rows bigint, key bigint, lines text, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_area smallint := (select a.id from tracetrack.area a where a.code = lower(p_area));
	v_after bigint := coalesce(p_after, 0);
	v_limit bigint := coalesce(p_limit, 5000);
	v_json boolean := coalesce(p_json, false);
	v_raw boolean := coalesce(p_raw, false);
	v_person integer;
begin
	select u.outcome, u.person_id into outcome, v_person
	  from tracetrack.session_use(p_token, 'export.run') u;
	if outcome = 'ok' then
		outcome := case when coalesce(p_what not in ('bags', 'scans'), true)
			or v_limit not between 1 and 20000 then 'bad_value'
			when p_area is not null and v_area is null then 'unknown_area'
			else 'ok' end;
	end if;
	if outcome = 'ok' and v_after = 0 then
		select t.outcome, t.retry_after into outcome, retry_after
		  from tracetrack.rate_take(v_person, 'export') t;
	end if;
	if outcome = 'ok' and p_what = 'bags' then
		select x.rows, x.key, x.lines into rows, key, lines
		  from tracetrack.export_bags(v_after, v_area, p_from, p_to, v_json, v_raw, v_limit) x;
	elsif outcome = 'ok' then
		select x.rows, x.key, x.lines into rows, key, lines
		  from tracetrack.export_scans(v_after, v_area, p_from, p_to, v_json, v_raw, v_limit) x;
	end if;
	return next;
end
$$;
