-- Exports: pages of lines by key, safe cells, held to a right.
begin;
\ir prelude.psql
select plan(20);
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
create function pg_temp.page(p_who text, p_what text, p_after bigint, p_limit bigint default null,
	p_json boolean default false, p_area text default null, p_raw boolean default false,
	out outcome text, out rows bigint, out key bigint, out lines text, out retry_after integer)
language sql as $$
	select * from api.export_page(pg_temp.tok(p_who), p_what, p_after, p_area, null, null, p_json,
		p_raw, p_limit)
$$;
select is((pg_temp.page('t.asha', 'bags', 0)).outcome, 'not_permitted', 'not for dispatchers');
select is((pg_temp.page('t.none', 'bags', 0)).outcome, 'session_expired', 'nor for nobody');
select is((pg_temp.page('t.boss', 'trucks', 0)).outcome, 'bad_value', 'no such export');
select is((pg_temp.page('t.boss', 'bags', 0, 0)).outcome, 'bad_value', 'a page has rows');
select is((pg_temp.page('t.boss', 'bags', 0, p_area => 'atlantis')).outcome, 'unknown_area',
	'no such area');
select coalesce(max(id), 0) as bag from tracetrack.bag \gset
select coalesce(max(number), 0) as event from tracetrack.event \gset
select pg_temp.parent('t.asha', 'SB710001') \g /dev/null
select pg_temp.child('t.asha', '-EXPORT-1', 'SB710001') \g /dev/null
select pg_temp.short('t.asha', 'SB710001', '=2+2 "x"') \g /dev/null
select is((select row(outcome, rows) from pg_temp.page('t.boss', 'bags', :bag)),
	row('ok'::text, 2::bigint), 'both bags');
select matches((pg_temp.page('t.boss', 'bags', :bag)).lines,
	E'^"SB710001",parent,mustard,short,jaipur,"",,1,30,1000,"",[^,]*,"t.asha"\r\n'
	|| E'"''-EXPORT-1",child,child,linked,jaipur,"SB710001",1,,,1000,"",[^,]*,"t.asha"\r\n$',
	'a line each, none a formula');
select matches((pg_temp.page('t.boss', 'bags', :bag, p_raw => true)).lines, '"-EXPORT-1"', 'or raw');
select is((pg_temp.page('t.boss', 'bags', :bag, 1)).rows, 1::bigint, 'a page of one');
select is((select row(rows, lines) from pg_temp.page('t.boss', 'bags',
	(pg_temp.page('t.boss', 'bags', :bag, 2)).key)), row(0::bigint, null::text), 'and no more');
select is((pg_temp.page('t.boss', 'bags', (pg_temp.page('t.boss', 'bags', :bag, 2)).key)).key, null,
	'the end has no key');
select is((select row(rows, key is not null) from pg_temp.page('t.boss', 'bags', :bag,
	p_area => 'indore')), row(0::bigint, true), 'another area: nothing, but there may be more');
select is((pg_temp.page('t.boss', 'scans', :event)).rows, 3::bigint, 'three scans');
select matches((pg_temp.page('t.boss', 'scans', :event)).lines, '"''=2[+]2 ""x"""', 'reasons are safe');
select is((select string_agg((l::jsonb) ->> 'action', ' ') from pg_temp.page('t.boss', 'scans', :event,
	p_json => true) p, regexp_split_to_table(btrim(p.lines, E'\n'), E'\n') l), 'parent child short',
	'as objects');
select is((select string_agg((l::jsonb) ->> 'code', ' ') from pg_temp.page('t.boss', 'bags', :bag,
	p_json => true) p, regexp_split_to_table(btrim(p.lines, E'\n'), E'\n') l), 'SB710001 -EXPORT-1',
	'which no spreadsheet reads');
-- so many, then one waits; pages of one that has begun don't count
select count(*) from tracetrack.rate r join tracetrack.person p on p.id = r.person_id
 where p.login = 't.boss' and r.what = 'export' \gset
select is(:count, 0, 'pages behind a key have taken nothing');
update tracetrack.setting set value = '1 per 1 hour' where name = 'rate_export';
select is((select row(outcome, retry_after) from pg_temp.page('t.boss', 'bags', null)),
	row('ok'::text, 0), 'one export');
select is((select row(outcome, retry_after between 3590 and 3600, lines) from pg_temp.page('t.boss',
	'scans', 0)), row('rate_limited'::text, true, null::text), 'not two in an hour');
select is((pg_temp.page('t.boss', 'bags', :bag)).outcome, 'ok', 'but it goes on');
select * from finish();
rollback;
