-- Bills as they are read: lists, search, one whole, weights, days.
begin;
\ir prelude.psql
select no_plan();
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null, 'TEST-B', null) \g /dev/null
select pg_temp.person('t.bob', 'biller', null, 'TEST-C', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.adm', 'administrator', null) \g /dev/null
select pg_temp.closed('t.asha', 'SB9100001', 3) \g /dev/null
select pg_temp.bill('t.bill', 'BILL-T-A' || i, 3) from generate_series(1, 3) i \g /dev/null
select api.bill_create(pg_temp.tok('t.bob'), gen_random_uuid(), 'BILL-T-B1', 'Zzyzx 100%', 'KA_05', 1) \g /dev/null
select pg_temp.bill_add('t.bill', 'SB91000011', 'BILL-T-A1') \g /dev/null
select api.bill_manual(pg_temp.tok('t.bill'), gen_random_uuid(), p_code => 'SB91000012',
	p_bill => 'BILL-T-A1', p_reason => 'torn') \g /dev/null
select api.bag_weigh(pg_temp.tok('t.asha'), gen_random_uuid(), 'SB91000012', 2100) \g /dev/null
select pg_temp.bill_add('t.bill', 'SB91000099', 'BILL-T-A1') \g /dev/null
select pg_temp.bill_complete('t.bill', 'BILL-T-A1', 'late') \g /dev/null

create function pg_temp.numbers(p_state text default null, p_by text default null,
	p_since timestamptz default null, p_until timestamptz default null,
	p_after text default null, p_limit integer default 1000) returns text language sql as $$
	select string_agg(right(bill, 2), ' ') from api.bill_list(pg_temp.tok('t.sup'), p_state, p_by,
		p_since, p_until, p_after, p_limit) where bill like 'BILL-T-%'
$$;
select is(pg_temp.numbers(), 'B1 A3 A2 A1', 'newest first');
select is(pg_temp.numbers(p_limit => 2), 'B1 A3', 'a page');
select is(pg_temp.numbers(p_after => 'bill-t-a3', p_limit => 1), 'A2', 'the next');
select is(pg_temp.numbers('completed'), 'A1', 'of a state');
select is(pg_temp.numbers('open', p_after => 'BILL-T-A3'), 'A2', 'of a state, the next');
select is(pg_temp.numbers(p_by => 'T.Bob'), 'B1', 'by whom');
select is(pg_temp.numbers('open', 't.bill'), 'A3 A2', 'both');
select is(pg_temp.numbers(p_by => 't.nobody'), null, 'by nobody');
select is(pg_temp.numbers(p_since => now() + interval '1 second'), null, 'of the future');
select is(pg_temp.numbers(p_until => now()), null, 'of before');
select is(pg_temp.numbers('open', p_since => now()), 'B1 A3 A2', 'of now');
select is((select row(state, destination, parents, capacity, children, expected, grams, created_by,
	completed_by, reason) from api.bill_list(pg_temp.tok('t.sup'), 'completed', 't.bill')
	where bill = 'BILL-T-A1'), row('completed'::text, 'Jaipur yard'::text, 2, 3, 4, 4000::bigint,
	4100::bigint, 't.bill'::text, 't.bill'::text, 'late'::text), 'all of its facts');
select throws_ok($$select api.bill_list(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher lists none');
select throws_ok($$select api.bill_list('x')$$, '28000', 'session_expired', 'nor does nobody');

create function pg_temp.found(p_text text, p_limit integer default 100, p_after text default null)
returns text language sql as $$
	select string_agg(right(bill, 2), ' ') from api.bill_search(pg_temp.tok('t.bill'), p_text,
		p_after, p_limit)
	 where bill like 'BILL-T-%'
$$;
select is(pg_temp.found('bill-t-a2'), 'A2', 'by number');
select is(pg_temp.found('BILL-T-A'), 'A1 A2 A3', 'by its beginning');
select is(pg_temp.found('t-a'), 'A3 A2 A1', 'by a part');
select is(pg_temp.found('ZYZX'), 'B1', 'by destination, in any case');
select is(pg_temp.found('a_05'), 'B1', 'by vehicle; _ is no joker');
select is(pg_temp.found('00%'), 'B1', 'nor is %');
select is(pg_temp.found('z%x'), null, 'anywhere');
select is((select array_agg(pg_temp.found(t, 1, 'BILL-T-' || a)) from (values ('BILL-T-A', 'A1'),
	('BILL-T-A', 'A2'), ('BILL-T-A', 'A3'), ('t-a', 'A3'), ('t-a', 'A2'), ('t-a', 'A1'))
	v (t, a)), '{A2,A3,NULL,A2,A1,NULL}', 'on from the last one, page by page');
select throws_like($$select api.bill_search(pg_temp.tok('t.bill'), 't-a', 'BILL-NONE')$$,
	'there is no bill BILL-NONE. %', 'on from none');
select is(pg_temp.found('zz'), null, 'two characters are too few');
select is(pg_temp.found(null), null, 'nothing');
select is(pg_temp.found('\'), null, 'a backslash');
select throws_ok($$select api.bill_search(pg_temp.tok('t.asha'), 'x')$$, '42501', 'not_permitted',
	'a dispatcher finds none');

select is((select array_agg(row(s.state, s.bills, s.parents, s.grams)::text) from
	api.bill_states(pg_temp.tok('t.bill')) s), (select array_agg(row(x.state, x.n, x.linked,
	x.grams)::text) from (select t.state, count(*) as n, sum(t.linked) as linked,
		sum(t.grams_actual) as grams from tracetrack.bill t
		 where t.created_at >= date_trunc('day', now(), 'Asia/Kolkata') and t.created_by =
			(select id from tracetrack.person where login = 't.bill') group by 1
		 order by array_position('{open,reopened,completed,cancelled}'::text[], t.state)) x),
	'the day''s by state');
select ok((select sum(bills) from api.bill_states(pg_temp.tok('t.sup'))) >=
	(select sum(bills) from api.bill_states(pg_temp.tok('t.bill'))), 'a supervisor sees all');
select throws_ok($$select api.bill_states(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher none');
select is((select row(outcome, state, parents, json_array_length(parents_list)) from
	api.bill_show(pg_temp.tok('t.sup'), 'bill-t-a1')), row('ok'::text, 'completed'::text, 2, 2),
	'one bill');
select is((select jsonb_agg(p - 'at') from api.bill_show(pg_temp.tok('t.sup'), 'BILL-T-A1') s,
	jsonb_array_elements(s.parents_list::jsonb) p), '[
	{"position": 1, "code": "SB91000011", "state": "complete", "children": 2, "expected": 2000,
		"grams": 2000, "weighed": false, "by": "t.bill", "manual": false},
	{"position": 2, "code": "SB91000012", "state": "complete", "children": 2, "expected": 2000,
		"grams": 2100, "weighed": true, "by": "t.bill", "manual": true}]', 'its parents');
select is((select string_agg(concat_ws(' ', e ->> 'action', e ->> 'outcome', e ->> 'code',
	e ->> 'reason'), '; ' order by n) from api.bill_show(pg_temp.tok('t.sup'), 'BILL-T-A1') s,
	jsonb_array_elements(s.timeline::jsonb) with ordinality t (e, n)),
	'bill_complete bill_completed late; bill_add unknown_code SB91000099; weigh ok SB91000012; '
	'bill_manual bill_added SB91000012 torn; bill_add bill_added SB91000011; bill_create ok',
	'and all that happened to it');
select is((select outcome from api.bill_show(pg_temp.tok('t.sup'), 'BILL-T-X')), 'no_bill', 'none');
select is((select row(outcome, parents) from api.bill_show(pg_temp.tok('t.asha'), 'BILL-T-A1')),
	row('not_permitted'::text, null::integer), 'a dispatcher sees none');
select is((select outcome from api.bill_show('x', 'BILL-T-A1')), 'session_expired', 'nor does nobody');

select is((select row(outcome, parents, weighed, expected, grams, difference) from
	api.bill_weights(pg_temp.tok('t.bill'), 'BILL-T-A1')),
	row('ok'::text, 2, 1, 4000::bigint, 4100::bigint, 100::bigint), 'what it weighs');
select is((select outcome from api.bill_weights(pg_temp.tok('t.bill'), 'BILL-T-X')), 'no_bill', 'none');
select is((select outcome from api.bill_weights(pg_temp.tok('t.asha'), 'BILL-T-A1')), 'not_permitted',
	'a dispatcher weighs none');

select is((select string_agg(concat_ws(' ', login, created, completed, parents, children, expected,
	grams), '; ' order by login) from api.bill_summary(pg_temp.tok('t.sup')) where login like 't.%'),
	't.bill 3 1 2 4 4000 4100; t.bob 1 0 0 0 0 0', 'the day of everybody');
select is((select string_agg(login, ' ') from api.bill_summary(pg_temp.tok('t.bob'))), 't.bob',
	'a biller sees the own day');
select is((select day from api.bill_summary(pg_temp.tok('t.bob'))),
	(now() at time zone 'Asia/Kolkata')::date, 'which begins at the site''s midnight');
select is_empty($$select from api.bill_summary(pg_temp.tok('t.sup'), '2001-01-01', '2001-01-02')$$,
	'a day without any');
select throws_like($$select api.bill_summary(pg_temp.tok('t.sup'), '2026-02-30')$$,
	'2026-02-30 is no day. %', 'a day that is none');
select throws_like($$select api.bill_states(pg_temp.tok('t.sup'), null, '')$$,
	' is no day. %', 'nor is an empty one');
select throws_ok($$select api.bill_summary(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher sees none');

-- what a code is
select is((select row(outcome, bill) from api.scan_lookup(pg_temp.tok('t.asha'), 'SB91000011')),
	row('ok'::text, 'BILL-T-A1'::text), 'a parent says which bill it is on');
select is((select row(outcome, role, family, state, children, capacity, grams, closed_by) from
	api.scan_lookup(pg_temp.tok('t.sup'), 'bill-t-a1')), row('ok'::text, 'bill'::text, 'bill'::text,
	'completed'::text, 2, 3, 4100::bigint, 't.bill'::text), 'a bill is looked up');
select is((select row(outcome, state) from api.scan_lookup(pg_temp.tok('t.asha'), 'BILL-T-A1')),
	row('unknown_code'::text, null::text), 'by those who may');
select is((select row(bill, timeline -> 0 ->> 'action', timeline -> 1 ->> 'bill', timeline -> 1 ->>
	'reason') from api.bag_show(pg_temp.tok('t.sup'), 'SB91000012')), row('BILL-T-A1'::text,
	'weigh'::text, 'BILL-T-A1'::text, 'torn'::text), 'a bag''s timeline has its bills');

select * from finish();
rollback;
