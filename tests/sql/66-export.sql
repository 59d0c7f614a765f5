-- Exports: pages of rows by key, safe cells, held to rights and to the transaction.
begin;
\ir prelude.psql
select plan(38);
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
create function pg_temp.page(p_who text, p_what text, p_after bigint, p_limit bigint default null,
	p_area text default null, p_raw boolean default false, p_from timestamptz default null,
	out outcome text, out key bigint, out last bigint, out retry_after integer, out seconds integer)
language sql as $$
	select * from api.export_page(pg_temp.tok(p_who), p_what, p_after, p_area, p_from, null, p_raw,
		p_limit)
$$;
select is((pg_temp.page('t.asha', 'bags', 0)).outcome, 'not_permitted', 'not for dispatchers');
select is((pg_temp.page('t.none', 'bags', 0)).outcome, 'session_expired', 'nor for nobody');
select is((pg_temp.page('t.bill', 'audit', 0)).outcome, 'not_permitted',
	'the audit not for those who may not read it');
select throws_ok('select * from api.export_bags()', '42501', 'no page of bags is open',
	'no rows without a page');
select is((pg_temp.page('t.boss', 'trucks', 0)).outcome, 'bad_value', 'no such export');
select is((pg_temp.page('t.boss', null, 0)).outcome, 'bad_value', 'nor one without a name');
select is((pg_temp.page('t.boss', 'bags', 0, 0)).outcome, 'bad_value', 'a page has rows');
select is((pg_temp.page('t.boss', 'bags', 0, p_area => 'atlantis')).outcome, 'unknown_area',
	'no such area');
select is((pg_temp.page('t.boss', 'bills', 0, p_area => 'jaipur')).outcome, 'bad_value',
	'bills have no area');
select throws_ok('select * from api.export_bags()', '42501', null, 'refused pages are not open');

select coalesce(max(id), 0) as bag from tracetrack.bag \gset
select coalesce(max(number), 0) as event from tracetrack.event \gset
select coalesce(max(id), 0) as bill from tracetrack.bill \gset
select pg_temp.parent('t.asha', 'SB710001') \g /dev/null
select pg_temp.child('t.asha', '-EXPORT-1', 'SB710001') \g /dev/null
select pg_temp.short('t.asha', 'SB710001', '=2+2 "x"') \g /dev/null
select is((select row(outcome, key, last) from pg_temp.page('t.boss', 'bags', :bag)),
	row('ok'::text, null::bigint, (select max(id) from tracetrack.bag)), 'a page to the end');
select results_eq('select code, role, family, state, area, parent, "position", children, capacity,
	grams, bill, by from api.export_bags()', $$values
	('SB710001', 'parent', 'mustard', 'short', 'jaipur', null, null::smallint, 1::smallint,
		30::smallint, 1000::bigint, null::text, 't.asha'),
	('''-EXPORT-1', 'child', 'child', 'linked', 'jaipur', 'SB710001', 1::smallint, null, null,
		1000, null, 't.asha')$$, 'both bags, in their order, none a formula');
select throws_ok('select * from api.export_scans()', '42501', 'no page of scans is open',
	'a page of bags is none of scans');
select is(current_setting('timezone'), 'UTC', 'times are of UTC');
select is((pg_temp.page('t.boss', 'bags', :bag)).seconds * 1000, (select setting::integer
	from pg_settings where name = 'statement_timeout'), 'it is told how long the copy may take');
select set_config('tracetrack.export', replace(current_setting('tracetrack.export'), 'bags,',
	'bags,0'), true) \g /dev/null
select throws_ok('select * from api.export_bags()', '42501', 'no page of bags is open',
	'nor one that somebody made');
select pg_temp.page('t.boss', 'bags', :bag, p_raw => true) \g /dev/null
select is((select max(code) from api.export_bags() where role = 'child'), '-EXPORT-1', 'or raw');
select ok((pg_temp.page('t.boss', 'bags', :bag, 1)).key > :bag, 'a page of one has a next one');
select is((select count(*) from api.export_bags()), 1::bigint, 'and one row');
select is((pg_temp.page('t.boss', 'bags', (pg_temp.page('t.boss', 'bags', :bag, 1)).key)).key, null,
	'the end has no key');
select is((select string_agg(code, ' ') from api.export_bags()), '''-EXPORT-1',
	'the next page has the rest');
select is((select row(outcome, key) from pg_temp.page('t.boss', 'bags', 9000000000000000)),
	row('ok'::text, null::bigint), 'a page behind the last');
select is_empty('select * from api.export_bags()', 'has nothing');
select pg_temp.page('t.boss', 'bags', :bag, p_area => 'indore') \g /dev/null
select is_empty('select * from api.export_bags()', 'nothing of another area');
select pg_temp.page('t.boss', 'bags', :bag, p_from => 'infinity') \g /dev/null
select is_empty('select * from api.export_bags()', 'nothing of another time');
select pg_temp.page('t.boss', 'scans', :event) \g /dev/null
select is((select array_agg(action || ' ' || coalesce(reason, '-')) from api.export_scans()),
	array['parent -', 'child -', 'short ''=2+2 "x"'], 'three scans; reasons are safe');

select api.bill_create(pg_temp.tok('t.bill'), pg_temp.ev('bill'), 'BILL-X1', '@Delhi', 'RJ 14', 5)
	\g /dev/null
select pg_temp.page('t.bill', 'bills', :bill) \g /dev/null
select results_eq('select number, state, destination, vehicle, capacity, created_by
	from api.export_bills()', $$values
	('BILL-X1', 'open', '''@Delhi', 'RJ 14', 5::smallint, 't.bill')$$, 'a bill');
select number - 1 as audit from tracetrack.audit where table_name = 'bill' and key = 'BILL-X1' \gset
select pg_temp.page('t.boss', 'audit', :audit) \g /dev/null
select is((select row(person, kind, key, operation, changes ->> 'vehicle') from api.export_audit()
	limit 1), row('t.bill'::text, 'bill'::text, 'BILL-X1'::text, 'insert'::text, 'RJ 14'::text),
	'and its audit');
select is((select array_agg(f.proname::text order by f.proname) from pg_proc f
	where f.pronamespace = 'api'::regnamespace and f.proname like 'export_%'
	  and has_function_privilege('tracetrack_station', f.oid, 'execute')),
	'{export_audit,export_bags,export_bills,export_page,export_scans}', 'the doors there are');
-- so many, then one waits; the pages of one that has begun don't count, but each of them once
update tracetrack.setting set value = '1 per 1 hour' where name = 'rate_export';
delete from tracetrack.rate;
delete from tracetrack.export_next;
select is((select row(outcome, retry_after) from pg_temp.page('t.boss', 'bags', :bag, 1)),
	row('ok'::text, 0), 'one export, from wherever');
select is((select row(outcome, retry_after between 3590 and 3600) from pg_temp.page('t.boss',
	'scans', 0)), row('rate_limited'::text, true), 'not two in an hour');
select key from tracetrack.export_next \gset
select is((pg_temp.page('t.boss', 'bags', :bag, 1)).outcome, 'rate_limited',
	'nor the same page again');
select is((pg_temp.page('t.boss', 'scans', :key)).outcome, 'rate_limited', 'nor something else');
select pg_temp.page('t.bill', 'scans', 0) \g /dev/null
select is((pg_temp.page('t.bill', 'bags', :key)).outcome, 'rate_limited', 'nor where another is');
select is((pg_temp.page('t.boss', 'bags', :key)).outcome, 'ok', 'but it goes on');
select is((pg_temp.page('t.boss', 'bags', :key)).outcome, 'rate_limited', 'once');
insert into tracetrack.export_next (person_id, what, key, at)
select id, 'bags', :key, now() - interval '25 hours' from tracetrack.person where login = 't.boss';
select is((pg_temp.page('t.boss', 'bags', :key)).outcome, 'rate_limited', 'nor after a day');
update tracetrack.setting set value = 'off' where name = 'rate_export';
select is((pg_temp.page('t.boss', 'bags', :key)).outcome, 'ok', 'without a limit as often as wanted');
select * from finish();
rollback;
