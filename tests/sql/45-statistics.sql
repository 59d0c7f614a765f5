-- Figures in lists: over time, of people, stations, areas, families; recent scans; the
-- end of the day; changes.
begin;
\ir prelude.psql
select plan(63);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.ravi', 'dispatcher', 'akola', 'TEST-2', 'akola') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
create temporary table families as select * from api.stats_families(pg_temp.tok('t.sup'));
create temporary table version as select * from api.stats_changes(pg_temp.tok('t.sup'));
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-A', 30) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000002', 'T-B', 3) \g /dev/null
select pg_temp.child('t.asha', 'T-B1', 'SB91000002') \g /dev/null
select pg_temp.child('t.asha', 'T-A1', 'SB91000002') \g /dev/null
select pg_temp.parent('t.ravi', 'M444-91005') \g /dev/null
select pg_temp.fill('t.ravi', 'M444-91005', 'T-E', 2) \g /dev/null
select pg_temp.remove('t.ravi', 'T-E2') \g /dev/null

-- over time
select is((select row(sum(scans), sum(refused)) from api.stats_activity(pg_temp.tok('t.sup'), 'hour',
	now() - interval '2 hours')), (select row(count(*)::numeric, count(*) filter (
	where tracetrack.outcome_class(outcome) = 'refused')::numeric) from tracetrack.event
	where at >= date_trunc('hour', now() - interval '2 hours', 'Asia/Kolkata')), 'per hour');
select is((select row(a.at, a.linked) from api.stats_activity(pg_temp.tok('t.ravi'), 'day',
	now() - interval '1 hour') a order by a.at desc limit 1),
	(select row(date_trunc('day', now(), 'Asia/Kolkata'), count(*)) from tracetrack.event e
	 join tracetrack.station s on s.id = e.station_id join tracetrack.area a on a.id = s.area_id
	 where a.code = 'akola' and e.outcome in ('linked', 'completed')
	 and e.at >= date_trunc('day', now(), 'Asia/Kolkata')), 'per day of business, in the own area');
select throws_like($$select api.stats_activity(pg_temp.tok('t.sup'), 'minute')$$,
	'there are no figures per minute. %', 'per minute');
select throws_ok($$select api.stats_activity(pg_temp.tok('t.ravi'), p_area => 'jaipur')$$, '42501',
	'not_permitted', 'of another area');

-- people
select is((select row(name, role, area, scans, done, again, refused, linked, opened, closed, grams,
	days_active, peak, peak_day) from api.stats_people(pg_temp.tok('t.sup')) where login = 't.asha'),
	row('T.Asha'::text, 'dispatcher'::text, 'jaipur'::text, 37::bigint, 35::bigint, 1::bigint,
	1::bigint, 33::bigint, 2::bigint, 1::bigint, 30000::bigint, 1::bigint, 37::bigint,
	to_char(now() at time zone 'Asia/Kolkata', 'YYYY-MM-DD')), 'a person today');
insert into tracetrack.activity_day (day, area_id, person_id, station_id, scans, done, again, refused,
	linked, opened, closed, grams, first_at, last_at)
select (date_trunc('year', now() at time zone 'Asia/Kolkata'))::date, 1, p.id, 0, 100, 90, 4, 6, 80, 5, 5, 7,
	now() - interval '1 year', now() - interval '1 year'
  from tracetrack.person p where login = 't.asha';
select is((select row(scans, days_active, peak, peak_day) from api.stats_people(pg_temp.tok('t.sup'), 'year')
	where login = 't.asha'), row(137::bigint, 2::bigint, 100::bigint,
	to_char(date_trunc('year', now() at time zone 'Asia/Kolkata'), 'YYYY-MM-DD')), 'this year, with the best day');
select is((select scans from api.stats_people(pg_temp.tok('t.sup'), 'week') where login = 't.asha'),
	case when now() at time zone 'Asia/Kolkata' < date_trunc('year', now() at time zone 'Asia/Kolkata')
		+ interval '7 days' then (select scans from api.stats_people(pg_temp.tok('t.sup'), 'week')
		where login = 't.asha') else 37::bigint end, 'this week');
select set_eq($$select login from api.stats_people(pg_temp.tok('t.ravi')) where login like 't.%'$$,
	'{t.ravi}'::text[], 'a dispatcher sees the people of the own area');
select is((select row(scans, days_active) from api.stats_people(pg_temp.tok('t.sup'), 'day',
	p_day => to_char(date_trunc('year', now() at time zone 'Asia/Kolkata'), 'YYYY-MM-DD'))
	where login = 't.asha'), row(100::bigint, 1::bigint), 'another day');
select is((select array_agg(scans order by scans) from (
	select sum(scans) from api.stats_areas(pg_temp.tok('t.sup'), p_day => '2001-02-28')
	union all select sum(scans) from api.stats_stations(pg_temp.tok('t.sup'), 'month',
		p_day => '2001-02-28')) s (scans)), '{0,0}', 'a day on which nothing was done');
select is(tracetrack.period_days(p, '2024-02-29', 'UTC')::text, d, 'the days of a ' || p)
  from (values ('today', '(2024-02-29,2024-02-29)'), ('day', '(2024-02-29,2024-02-29)'),
	('week', '(2024-02-26,2024-03-03)'), ('month', '(2024-02-01,2024-02-29)'),
	('quarter', '(2024-01-01,2024-03-31)'), ('year', '(2024-01-01,2024-12-31)')) v (p, d);
select throws_like($$select api.stats_areas(pg_temp.tok('t.sup'), p_day => '2026-02-30')$$,
	'2026-02-30 is no day. %', 'a day that is none');
select ok((select array_agg(scans) = array_agg(scans order by scans desc)
	from api.stats_people(pg_temp.tok('t.sup'), 'year')), 'the busiest first');
select throws_like($$select api.stats_people(pg_temp.tok('t.sup'), 'decade')$$,
	'there is no period decade. %', 'a period that is none');
delete from tracetrack.activity_day where grams = 7 and scans = 100;

-- stations
select is((select row(area, person, scans, refused, people, days_active)
	from api.stats_stations(pg_temp.tok('t.sup')) where station = 'TEST-1'), row('jaipur'::text,
	't.asha'::text, 37::bigint, 1::bigint, 1::bigint, 1::bigint), 'a station today');
select pg_temp.station('TEST-9', 'akola') \g /dev/null
select is((select row(scans, person) from api.stats_stations(pg_temp.tok('t.ravi'))
	where station = 'TEST-9'), row(0::bigint, null::text), 'one that is silent');
select is_empty($$select from api.stats_stations(pg_temp.tok('t.ravi')) where station = 'TEST-1'$$,
	'not those of other areas');

-- outcomes
select is((select row(class, scans, days) from api.stats_outcomes(pg_temp.tok('t.ravi'))
	where outcome = 'linked'), (select row('done'::text, count(*), 1::bigint) from tracetrack.event e
	join tracetrack.station s on s.id = e.station_id join tracetrack.area a on a.id = s.area_id
	where a.code = 'akola' and e.outcome = 'linked'
	and e.at >= date_trunc('day', now(), 'Asia/Kolkata')), 'what scans of the own area came to');
select is((select sum(scans) from api.stats_outcomes(pg_temp.tok('t.sup'))), (select sum(scans)
	from api.stats_people(pg_temp.tok('t.sup'))), 'as many as of people');
select ok((select array_agg(scans) = array_agg(scans order by scans desc)
	from api.stats_outcomes(pg_temp.tok('t.sup'), 'year')), 'the most frequent first');
select throws_like($$select api.stats_outcomes(pg_temp.tok('t.sup'), 'decade')$$,
	'there is no period decade. %', 'of no such period');
select throws_ok($$select api.stats_outcomes('x')$$, '28000', 'session_expired', 'nor for nobody');

-- areas
select is((select row(a.scans, a.people, a.stations) from api.stats_areas(pg_temp.tok('t.sup')) a
	where area = 'akola'), (select row(count(*), count(distinct person_id), count(distinct station_id))
	from tracetrack.event e where station_id in (select id from tracetrack.station where area_id =
	(select id from tracetrack.area where code = 'akola'))
	and e.at >= date_trunc('day', now(), 'Asia/Kolkata')), 'what was done there');
select set_eq($$select area from api.stats_areas(pg_temp.tok('t.ravi'))$$, '{akola}'::text[],
	'a dispatcher sees the own one');

-- families
select is((select row(f.bags - o.bags, f.complete - o.complete, f.open - o.open)
	from api.stats_families(pg_temp.tok('t.sup')) f join families o using (family)
	where family = 'mustard'), row(2::bigint, 1::bigint, 1::bigint), 'parents of a family');
select is((select row(f.bags - o.bags, f.linked - o.linked, f.unlinked - o.unlinked)
	from api.stats_families(pg_temp.tok('t.sup')) f join families o using (family)
	where family = 'child'), row(35::bigint, 34::bigint, 1::bigint), 'children');
select is((select sum(f.bags) from api.stats_families(pg_temp.tok('t.sup')) f),
	(select count(*)::numeric from tracetrack.bag), 'all bags are of one');
select is((select sum(f.bags) from api.stats_families(pg_temp.tok('t.ravi')) f),
	(select count(*)::numeric from tracetrack.bag where area_id =
	(select id from tracetrack.area where code = 'akola')), 'or those of the own area');

-- recent scans
select is((select array_agg(r.action || ' ' || r.outcome || ' ' || coalesce(r.code, '') order by r.key desc)
	from api.stats_recent(pg_temp.tok('t.sup'), p_limit => 3) r),
	'{"remove removed T-E2","child linked T-E2","child linked T-E1"}', 'the newest first');
select is((select row(parent, "position", children, state, station, person, offline)
	from api.stats_recent(pg_temp.tok('t.sup')) where code = 'T-E1'),
	row('M444-91005'::text, 1, 1, 'open'::text, 'TEST-2'::text, 't.ravi'::text, false), 'all of a row');
select is((select array_agg(distinct person) from api.stats_recent(pg_temp.tok('t.ravi'), p_limit => 4)),
	'{t.ravi}', 'a dispatcher sees the own area');
select is((select count(*) from api.stats_recent(pg_temp.tok('t.sup'), p_by => 't.asha', p_limit => 200)),
	37::bigint, 'of a person');
select is((select count(*) from api.stats_recent(pg_temp.tok('t.sup'), p_station => 'TEST-2')
	where person = 't.ravi'), 4::bigint, 'at a station');
select is((select array_agg(outcome || ' ' || code) from api.stats_recent(pg_temp.tok('t.sup'),
	p_by => 't.asha', p_class => 'refused')), '{"in_other_parent T-A1"}', 'refused');
select is((select array_agg(outcome || ' ' || code) from api.stats_recent(pg_temp.tok('t.sup'),
	p_class => 'again', p_limit => 1)), '{"already_in_parent T-B1"}', 'done before');
create function pg_temp.walk(p_who text, p_by text default null) returns bigint[]
language plpgsql as $$
declare
	v_key bigint;
	v_keys bigint[] := '{}';
	v_page bigint[];
begin
	loop
		v_page := array(select key from api.stats_recent(pg_temp.tok(p_who), p_by => p_by,
			p_after => v_key, p_limit => 7));
		exit when v_page = '{}' or cardinality(v_keys) > 60;
		v_keys := v_keys || v_page;
		v_key := v_page[cardinality(v_page)];
	end loop;
	return v_keys;
end
$$;
select is(pg_temp.walk('t.sup', 't.asha'), array(select e.number from tracetrack.event e
	join tracetrack.person p on p.id = e.person_id where p.login = 't.asha' order by e.number desc),
	'page by page');
select is((pg_temp.walk('t.sup'))[1:41], array(select number from tracetrack.event order by number desc
	limit 41), 'of everybody too');
select throws_like($$select api.stats_recent(pg_temp.tok('t.sup'), p_station => 'NONE-1')$$,
	'there is no station NONE-1. %', 'a station that is none');
select throws_like($$select api.stats_recent(pg_temp.tok('t.sup'), p_class => 'odd')$$,
	'no scan is odd. %', 'a class that is none');

-- the end of the day
select is((select row(outcome, day, zone, area, totals ->> 'scans') from api.stats_summary(pg_temp.tok('t.ravi'))),
	(select row('ok'::text, to_char(now() at time zone 'Asia/Kolkata', 'YYYY-MM-DD'), 'Asia/Kolkata'::text,
	'akola'::text, count(*)::text) from tracetrack.event where station_id in (select id
	from tracetrack.station where area_id = (select id from tracetrack.area where code = 'akola'))
	and at >= date_trunc('day', now(), 'Asia/Kolkata')), 'the end of the day, in the own area');
select is((select sum((o ->> 'scans')::bigint) from api.stats_summary(pg_temp.tok('t.sup')) s,
	jsonb_array_elements(s.outcomes) o), (select (totals ->> 'scans')::numeric
	from api.stats_summary(pg_temp.tok('t.sup'))), 'the outcomes are all of it');
select is((select sum((a ->> 'scans')::bigint) from api.stats_summary(pg_temp.tok('t.sup')) s,
	jsonb_array_elements(s.areas) a), (select (totals ->> 'scans')::numeric
	from api.stats_summary(pg_temp.tok('t.sup'))), 'so are the areas');
select is((select sum((a ->> 'scans')::bigint) from api.stats_summary(pg_temp.tok('t.sup')) s,
	jsonb_array_elements(s.people) a), (select (totals ->> 'scans')::numeric
	from api.stats_summary(pg_temp.tok('t.sup'))), 'and the people');
select is((select row(outcome, totals ->> 'scans') from api.stats_summary(pg_temp.tok('t.sup'), '2001-02-03')),
	row('ok'::text, '0'::text), 'a day without a scan');
select is((select outcome from api.stats_summary(pg_temp.tok('t.sup'), '2001-02-30')), 'bad_value',
	'a day that is none');
select is((select outcome from api.stats_summary(pg_temp.tok('t.sup'), 'now(); --')), 'bad_value', 'nor is this');
select is((select outcome from api.stats_summary(pg_temp.tok('t.ravi'), null, 'jaipur')), 'not_permitted',
	'another area');

-- changes
select is((select row(c.outcome, c.changed, c.version - v.version) from version v,
	api.stats_changes(pg_temp.tok('t.sup'), v.version) c), row('ok'::text, true, 41::bigint),
	'something happened');
select is((select c.changed from api.stats_changes(pg_temp.tok('t.sup')) v,
	api.stats_changes(pg_temp.tok('t.sup'), v.version) c), false, 'nothing since');
select is((select outcome from api.stats_changes('x', 1)), 'session_expired', 'nobody');
select throws_ok(format('select %s', f), '28000', 'session_expired', f)
  from unnest(array[$$api.stats_activity('x')$$, $$api.stats_recent('x')$$, $$api.stats_families('x')$$]) f;
-- what waits in an area: an open parent also where it is on a bill already
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
update tracetrack.setting set value = 'off' where name = 'bill_complete_bags';
select pg_temp.bill('t.bill', 'BILL-T45') \g /dev/null
select pg_temp.bill_add('t.bill', 'SB91000002', 'BILL-T45') \g /dev/null
select is((select row(a.parents_open, a.parents_unbilled) from api.stats_areas(pg_temp.tok('t.sup')) a
	where area = 'jaipur'), (select row(count(*) filter (where b.state = 'open'),
	count(*) filter (where b.state in ('complete', 'short') and b.bill_id is null))
	from tracetrack.bag b where b.role = 'parent' and b.area_id =
	(select id from tracetrack.area where code = 'jaipur')), 'what waits in an area');
select pg_temp.person('t.far', 'supervisor', null, 'TEST-3', null) \g /dev/null
select pg_temp.child('t.far', 'T-E9', 'M444-91005') \g /dev/null
select is((select row(a.name, a.scans > 0) from api.stats_areas(pg_temp.tok('t.sup')) a
	where a.area = '-'), row('no area'::text, true), 'what was done in none');
select is((select sum(a.scans) from api.stats_areas(pg_temp.tok('t.sup')) a),
	(select sum(p.scans) from api.stats_people(pg_temp.tok('t.sup')) p), 'all areas are all people');
-- rights are data: who may work in any area no more, and has none
delete from tracetrack.role_right where role = 'supervisor' and right_name = 'scan.any_area';
select pg_temp.person('t.none', 'supervisor', null, 'TEST-4', null) \g /dev/null
select is((select row(outcome, coalesce(totals ->> 'scans', '0'))
	from api.stats_summary(pg_temp.tok('t.none'))), row('ok'::text, '1'::text),
	'who is held to an area and has none sees in the summary what was done in none');
select is((select row(outcome, coalesce(today ->> 'scans', '0'))
	from api.stats_dashboard(pg_temp.tok('t.none'))), row('ok'::text, '1'::text),
	'and on the dashboard');
select * from finish();
rollback;
