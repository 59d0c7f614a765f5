-- Figures: exact whatever of the ledger is rolled up, and held to the own area.
begin;
\ir prelude.psql
select plan(46);
update tracetrack.setting set value = '0 seconds' where name = 'figures_age';
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.ravi', 'dispatcher', 'akola', 'TEST-2', 'akola') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null

-- The dashboard, its parts as what can be compared.
create type pg_temp.figures as (outcome text, at timestamptz, area text, day text, totals jsonb,
	today jsonb, minutes jsonb, minutes_yesterday jsonb, hours jsonb, hours_yesterday jsonb,
	hours_last_week jsonb, people jsonb, stations jsonb, refusals jsonb, bills jsonb,
	exceptions bigint, sessions bigint, hour_last_week bigint, exceptions_since timestamptz,
	version bigint);
create function pg_temp.dashboard(p_token text, p_area text default null, p_top integer default 10)
returns setof pg_temp.figures language sql as $$
	select jsonb_populate_record(null::pg_temp.figures, to_jsonb(d))
	  from api.stats_dashboard(p_token, p_area, p_top) d
$$;
create temporary table seen as select 'before' as what, d.*
	from pg_temp.dashboard(pg_temp.tok('t.sup')) d;

select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-A', 30) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000002', 'T-B', 3) \g /dev/null
select pg_temp.child('t.asha', 'T-B1', 'SB91000002') \g /dev/null
select pg_temp.child('t.asha', 'T-A1', 'SB91000002') \g /dev/null
select pg_temp.child('t.asha', 'TT:OK', 'SB91000002') \g /dev/null
select pg_temp.short('t.asha', 'SB91000002', 'dark') \g /dev/null
select pg_temp.parent('t.ravi', 'SB91000005') \g /dev/null
select pg_temp.fill('t.ravi', 'SB91000005', 'T-E', 2) \g /dev/null
select pg_temp.undo('t.ravi', pg_temp.ev('T-E2')) \g /dev/null

insert into seen select 'after', d.* from pg_temp.dashboard(pg_temp.tok('t.sup')) d;

-- What has been added of one figure of a json part.
create function pg_temp.added(p_what text, p_part text, p_key text) returns bigint
language sql as $$
	select (select (to_jsonb(s) -> p_part ->> p_key)::bigint from seen s where what = p_what)
	     - (select (to_jsonb(s) -> p_part ->> p_key)::bigint from seen s where what = 'before')
$$;
select is((select outcome from seen where what = 'after'), 'ok', 'the dashboard');
select is(pg_temp.added('after', 'today', 'scans'), 43::bigint, 'scans today');
select is(pg_temp.added('after', 'today', 'done'), 40::bigint, 'that were done');
select is(pg_temp.added('after', 'today', 'again'), 1::bigint, 'that were done before');
select is(pg_temp.added('after', 'today', 'refused'), 2::bigint, 'that were refused');
select is(pg_temp.added('after', 'today', 'linked'), 35::bigint, 'children linked');
select is(pg_temp.added('after', 'today', 'opened'), 3::bigint, 'parents opened');
select is(pg_temp.added('after', 'today', 'closed'), 2::bigint, 'parents closed');
select is(pg_temp.added('after', 'today', 'grams'), 33000::bigint, 'and what they weigh');
select is(pg_temp.added('after', 'totals', 'parents_short'), 1::bigint, 'short parents');
select is((select (a.minutes ->> 59)::bigint - (b.minutes ->> 59)::bigint from seen a, seen b
	where a.what = 'after' and b.what = 'before'), 43::bigint, 'scans in this minute');
select is((select sum(h::bigint) from seen s, jsonb_array_elements(s.hours) h where what = 'after'),
	(select (today ->> 'scans')::numeric from seen where what = 'after'),
	'the hours are the day');
select is((select row(jsonb_array_length(minutes), jsonb_array_length(minutes_yesterday),
	jsonb_array_length(hours), jsonb_array_length(hours_yesterday),
	jsonb_array_length(hours_last_week)) from seen where what = 'after'),
	row(60, 60, 24, 24, 24), 'an hour has sixty minutes, a day 24 hours');
select is((select p - 'last_at' from seen s, jsonb_array_elements(s.people) p
	where what = 'after' and p ->> 'login' = 't.asha'), '{"login": "t.asha", "name": "T.Asha",
	"scans": 39, "refused": 2, "linked": 33, "opened": 2, "closed": 2}', 'a person');
select is((select p - 'last_at' from seen s, jsonb_array_elements(s.stations) p
	where what = 'after' and p ->> 'station' = 'TEST-2'), '{"station": "TEST-2",
	"area": "akola", "person": "t.ravi", "scans": 4, "refused": 0, "silent": false}', 'a station');
select is((array_agg((x ->> 'refused')::bigint order by n))[1], max((x ->> 'refused')::bigint),
	'the one with the most refusals first')
  from seen, jsonb_array_elements(stations) with ordinality s (x, n)
 where what = 'after' and x ->> 'silent' = 'false';
update tracetrack.station set last_seen = now() - interval '20 minutes' where name = 'TEST-2';
select is((select d.stations #- '{0,last_at}' -> 0 from pg_temp.dashboard(pg_temp.tok('t.sup'), 'akola') d),
	'{"station": "TEST-2", "area": "akola", "person": "t.ravi", "scans": 4, "refused": 0, "silent": true}',
	'before it one that is silent while somebody works there');
update tracetrack.station set last_seen = now() where name = 'TEST-2';
select is((select exceptions_since from pg_temp.dashboard(pg_temp.tok('t.sup'))),
	(select min(at) from tracetrack.exception where state = 'open'), 'since when exceptions wait');
insert into tracetrack.activity_minute (minute, area_id, scans, refused)
select date_trunc('minute', now()) - interval '7 days' - m * interval '1 minute', id, 5, 0
  from tracetrack.area, unnest(array[0, 30, 61]) m where code = 'akola'
    on conflict on constraint activity_minute_pkey do update set scans = activity_minute.scans + 5;
select is((select d.hour_last_week from pg_temp.dashboard(pg_temp.tok('t.sup')) d), (select s.hour_last_week + 10
	from seen s where what = 'after'), 'the same hour a week ago');
update tracetrack.activity_minute m set scans = m.scans - 5 from tracetrack.area a
 where a.id = m.area_id and a.code = 'akola' and m.minute = any (array(select date_trunc('minute', now())
	- interval '7 days' - x * interval '1 minute' from unnest(array[0, 30, 61]) x));
delete from tracetrack.activity_minute where scans = 0;
select ok((select 'plan_cache_mode=force_generic_plan' = any (proconfig) from pg_proc
	where oid = 'api.stats_dashboard(text,text,integer)'::regprocedure), 'one plan does for every day');
select is((select sum((p ->> 'scans')::bigint * case what when 'after' then 1 else -1 end)
	from seen s, jsonb_array_elements(s.refusals) p where p ->> 'outcome' = 'in_other_parent'),
	1::numeric, 'refusals by kind');
select is(jsonb_array_length((select people from pg_temp.dashboard(pg_temp.tok('t.sup'),
	p_top => 1))), 1, 'as many as asked for');

select is((select bills from pg_temp.dashboard(pg_temp.tok('t.sup'))), (select jsonb_build_object(
	'open', count(*) filter (where state in ('open', 'reopened')),
	'created', count(*) filter (where created_at >= date_trunc('day', now(), 'Asia/Kolkata')),
	'completed', count(*) filter (where completed_at >= date_trunc('day', now(), 'Asia/Kolkata')))
	from tracetrack.bill), 'bills');

-- the same from the roll-up as from the ledger
update tracetrack.activity_state set settled = (select last_value from tracetrack.event_number);
select cmp_ok(tracetrack.activity_roll(5), '=', 5::bigint, 'a part of it is rolled up');
insert into seen select 'part', d.* from pg_temp.dashboard(pg_temp.tok('t.sup')) d;
select cmp_ok(tracetrack.activity_roll(1000000), '>', 0::bigint, 'the rest');
insert into seen select 'rolled', d.* from pg_temp.dashboard(pg_temp.tok('t.sup')) d;
select is(tracetrack.activity_roll(), 0::bigint, 'and no more');
select is((select count(distinct to_jsonb(s) - 'what') from seen s where what <> 'before'), 1::bigint,
	'every figure stays what it was');
select is(tracetrack.activity_tail(), '{}', 'nothing is left in the ledger alone');
create function pg_temp.rolled() returns setof text language sql as $$
	select detail from tracetrack.violation_activity(0, 9223372036854775807)
$$;
select is_empty('select pg_temp.rolled()', 'the roll-up is what the ledger says');
update tracetrack.activity_day set scans = scans + 1 where person_id =
	(select id from tracetrack.person where login = 't.asha');
select isnt_empty('select pg_temp.rolled()', 'or it is found out');
update tracetrack.activity_hour set scans = scans + 1 where hour <= now() - interval '2 months';
update tracetrack.activity_outcome set scans = scans + 1 where day <= current_date - 30;
update tracetrack.activity_minute set scans = scans + 1;
select ok(pg_temp.pieces_agree(), 'in pieces as at once');
select tracetrack.activity_rebuild() \g /dev/null
select is_empty('select pg_temp.rolled()', 'and can be made anew');

-- the business day begins elsewhere
update tracetrack.setting set value = 'America/Los_Angeles' where name = 'business_zone';
select is((select zone from tracetrack.activity_state), 'America/Los_Angeles',
	'the figures are of the new zone');
select is_empty('select pg_temp.rolled()', 'and exact');
update tracetrack.activity_state set zone = 'UTC';
select isnt_empty('select pg_temp.rolled()', 'of another they are not');
update tracetrack.setting set value = 'Asia/Kolkata' where name = 'business_zone';

-- areas and people
select is((select row(outcome, area, today ->> 'scans', jsonb_array_length(people),
	totals ->> 'parents_open', sessions) from pg_temp.dashboard(pg_temp.tok('t.ravi'))),
	(select row('ok'::text, 'akola'::text, count(*)::text, count(distinct e.person_id)::integer,
	(select count(*) from tracetrack.bag b where b.state = 'open' and b.area_id =
		(select id from tracetrack.area where code = 'akola'))::text,
	(select count(*) from tracetrack.session s join tracetrack.person p on p.id = s.person_id
	  where p.area_id = (select id from tracetrack.area where code = 'akola')
	    and s.expires_at > now() and s.revoked_at is null))
	from tracetrack.event e join tracetrack.station s on s.id = e.station_id
	where s.area_id = (select id from tracetrack.area where code = 'akola')
	  and e.at >= date_trunc('day', now(), 'Asia/Kolkata')), 'a dispatcher sees the own area');
select is((select row(outcome, area) from pg_temp.dashboard(pg_temp.tok('t.ravi'), 'jaipur')),
	row('not_permitted'::text, null::text), 'and no other');
select is((select outcome from pg_temp.dashboard(pg_temp.tok('t.sup'), 'atlantis')),
	'unknown_area', 'an area that is none');
select is((select outcome from api.stats_dashboard('x')), 'session_expired', 'nobody');
select pg_temp.sound();
update tracetrack.setting set value = '1 hour' where name = 'figures_age';
create temporary table kept as select * from pg_temp.dashboard(pg_temp.tok('t.sup'));
select pg_temp.parent('t.asha', 'SB91000009') \g /dev/null
select results_eq($$select * from pg_temp.dashboard(pg_temp.tok('t.sup'))$$, 'table kept',
	'who asks soon after is told the same');
select is((select d.version - k.version from kept k,
	pg_temp.dashboard(pg_temp.tok('t.sup'), p_top => 3) d), 1::bigint, 'but not who asks for other rows');
select is((select d.version - k.version from kept k,
	pg_temp.dashboard(pg_temp.tok('t.asha')) d), 1::bigint, 'nor of another area');
select is((select c.changed from kept k, api.stats_changes(pg_temp.tok('t.sup'), k.version) c), true,
	'and that there is more is known by the version');
savepoint replica;
set local transaction_read_only = on;
select is((select d.version - k.version from kept k, pg_temp.dashboard(pg_temp.tok('t.sup')) d), 1::bigint,
	'where nothing can be kept all is read');
rollback to replica;
update tracetrack.dashboard_kept set at = at - interval '2 hours';
select is((select d.version - k.version from kept k, pg_temp.dashboard(pg_temp.tok('t.sup')) d), 1::bigint,
	'later it is made anew');
select * from finish();
rollback;
