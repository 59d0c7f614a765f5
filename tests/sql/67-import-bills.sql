-- Imports of bills: made, and parents put onto them, by the rules of bill.create and bill.add.
begin;
\ir prelude.psql
\ir import.psql
select no_plan();
select pg_temp.person('t.boss', 'administrator', null, 'TEST-9', null) \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.asha', 'dispatcher', 'jaipur', 'TEST-1', 'jaipur') \g /dev/null

create function pg_temp.start(p_name text, p_mode text, p_rows bigint) returns text
language sql as $$
	select concat_ws(' ', b.outcome, b.state, b.staged)
	  from api.import_begin(pg_temp.tok('t.boss'), pg_temp.ev(p_name), 'bills', p_mode, 'f.csv',
		repeat('cd', 32), p_rows, p_rows + 1) b
$$;
-- Rows as "BILL PARENT DESTINATION VEHICLE CAPACITY", - for none; the first is line 2.
create function pg_temp.stage(p_name text, variadic p_rows text[]) returns text
language sql as $$
	select concat_ws(' ', s.outcome, s.staged) from (
		select array_agg(n + 1 order by n) as lines,
		       array_agg(nullif(c[1], '-') order by n) as bills,
		       array_agg(nullif(c[2], '-') order by n) as parents,
		       array_agg(nullif(c[3], '-') order by n) as destinations,
		       array_agg(nullif(c[4], '-') order by n) as vehicles,
		       array_agg(nullif(c[5], '-') order by n) as capacities
		  from unnest(p_rows) with ordinality as u (t, n), string_to_array(t, ' ') c) x,
	lateral api.import_stage(pg_temp.tok('t.boss'), pg_temp.ev(p_name), lines, parents, bills,
		p_destinations => destinations, p_vehicles => vehicles,
		p_capacities => capacities) s
$$;
create function pg_temp.bad(p_name text) returns text language sql as $$
	select string_agg(concat_ws(' ', b.line, b.outcome, b.code, b.parent, b.other, b.other_by, b.why),
		'; ' order by b.line)
	  from api.import_bad(pg_temp.tok('t.boss'), pg_temp.ev(p_name)) b
$$;

-- bills stand anywhere in the file, and parents come after all of them
select pg_temp.closed('t.asha', 'SB67001', 4) \g /dev/null
select is(pg_temp.start('b1', 'good', 5), 'ok staging 0', 'begun');
select is(pg_temp.stage('b1', 'bill-imp-1 SB670011', 'BILL-IMP-1 - Delhi DL-1 2',
	'BILL-IMP-2 - Agra - 100'), 'ok 4', 'rows are staged');
select is(pg_temp.stage('b1', 'BILL-IMP-2 - Agra - 100', 'x', 'x',
	'BILL-IMP-1 SB670012', 'BILL-IMP-2 SB670013'), 'ok 6', 'rows may come twice');
select is(pg_temp.finish_import('t.boss', 'b1', 1), 'ok done 2 3 0 0', 'bills, then what is on them');
select is((select row(destination, vehicle, capacity, linked, children, state)::text
	from tracetrack.bill where number = 'BILL-IMP-1'), '(Delhi,DL-1,2,2,4,open)', 'it is there');
select is((select string_agg(b.code, ' ' order by b.id) from tracetrack.bag b
	join tracetrack.bill t on t.id = b.bill_id where t.number = 'BILL-IMP-1'),
	'SB670011 SB670012', 'with its parents');
select is((select string_agg(e.action || ' ' || e.outcome || ' ' || e.children, ', ' order by e.number)
	from tracetrack.event e join tracetrack.bill t on t.id = e.bill_id
	where t.number = 'BILL-IMP-1'), 'bill_create ok 0, bill_add bill_added 1, bill_add bill_added 2',
	'it is in the ledger');
set constraints tracetrack.audited, tracetrack.audited_other immediate;
select is((select p.login::text from tracetrack.audit a join tracetrack.person p on p.id = a.person_id
	where a.table_name = 'bill' and a.key = 'BILL-IMP-1' and a.operation = 'insert'), 't.boss',
	'and in the audit, with who did it');
select is(pg_temp.finish_import('t.boss', 'b1'), 'ok done 2 3 0 0', 'done is done');
select pg_temp.sound();

-- the same again, and every refusal that billing has
select pg_temp.bill('t.bill', 'BILL-IMP-3', 3) \g /dev/null
select pg_temp.bill('t.bill', 'BILL-IMP-4', 3) \g /dev/null
select is((pg_temp.bill_add('t.bill', 'SB670014', 'BILL-IMP-3')).outcome, 'bill_added', 'a bill');
select is((pg_temp.bill_complete('t.bill', 'BILL-IMP-3', 'truck leaves')).outcome, 'bill_completed',
	'that is closed');
select is((select outcome from api.bill_cancel(pg_temp.tok('t.boss'), pg_temp.ev('cancel'),
	'BILL-IMP-4', 'no truck')), 'ok', 'and one that is cancelled');
select pg_temp.parent('t.asha', 'SB670020') \g /dev/null
select pg_temp.closed('t.asha', 'SB67003', 2) \g /dev/null
select pg_temp.start('b2', 'good', 24) \g /dev/null
select is(pg_temp.stage('b2', 'BILL-IMP-1 - Delhi DL-1 2', 'BILL-IMP-1 - Delhi DL-1 3',
	'BILL-IMP-1 - Pune DL-1 2', 'BILL-IMP-4 - Delhi - 3', 'IMP-9 - Delhi - 3',
	'BILL-IMP-5 - - - 3', 'BILL-IMP-5 - Delhi - -', 'BILL-IMP-5 - Delhi - 101',
	'BILL-IMP-5 - Delhi - 0', '- - Delhi - 3', 'BILL-IMP-6 - Delhi - 001',
	'BILL-IMP-6 - Delhi - 1', 'BILL-IMP-1 SB670011', 'BILL-IMP-2 SB670011',
	'BILL-IMP-1 SB670031', 'BILL-IMP-3 SB670031', 'BILL-IMP-7 SB670031', 'BILL-IMP-2 SB670020',
	'BILL-IMP-2 SB670099', 'BILL-IMP-2 TT:OK', '- SB670031', 'BILL-IMP-2 SB670031 Delhi - -',
	'BILL-IMP-6 SB670031', 'BILL-IMP-6 SB670032'), 'ok 25', 'many rows');
select is(pg_temp.finish_import('t.boss', 'b2'), 'ok done 1 1 3 19', 'what it came to');
select is(replace(pg_temp.bad('b2'), '; ', E'\n'), $$3 exists BILL-IMP-1 BILL-IMP-1 t.boss the bill is there with another destination, vehicle or capacity: bill edit changes them
4 exists BILL-IMP-1 BILL-IMP-1 t.boss the bill is there with another destination, vehicle or capacity: bill edit changes them
5 bill_closed BILL-IMP-4 BILL-IMP-4 t.boss
6 bad_format IMP-9 no family of bills has this number
7 bad_format BILL-IMP-5 a bill needs a destination of at most 100 characters
8 bad_format BILL-IMP-5 a bill needs a capacity of 1 to 100 parents
9 bad_format BILL-IMP-5 a bill needs a capacity of 1 to 100 parents
10 bad_format BILL-IMP-5 a bill needs a capacity of 1 to 100 parents
11 bad_format the row names no bill
15 on_other_bill SB670011 BILL-IMP-2 BILL-IMP-1 t.boss
16 bill_full SB670031 BILL-IMP-1
17 bill_closed SB670031 BILL-IMP-3 BILL-IMP-3 t.bill
18 no_bill SB670031 BILL-IMP-7
19 bag_not_complete SB670020 BILL-IMP-2 SB670020 t.asha the parent is open: finish it, or close it short
20 unknown_code SB670099 BILL-IMP-2
21 bad_format TT:OK BILL-IMP-2
22 bad_format SB670031 the row names no bill
23 bad_format SB670031 BILL-IMP-2 what a bill is stands in a row of its own, without a parent
25 bill_full SB670032 BILL-IMP-6$$, 'each with its reason');
select pg_temp.sound();

-- all or nothing: the counters wait for the end
select pg_temp.start('b3', 'all', 2) \g /dev/null
select pg_temp.stage('b3', 'BILL-IMP-8 SB670032', 'BILL-IMP-8 - Delhi - 3') \g /dev/null
select is(pg_temp.apply('t.boss', 'b3'), 'ok applying 1 0 0 0', 'all or nothing: half of it');
select throws_ok('set constraints tracetrack.import_whole immediate', '23001',
	'half an import must not be committed', 'which can''t be committed');
select is(pg_temp.apply('t.boss', 'b3'), 'ok applying 1 1 0 0', 'both of it');
select isnt_empty($$ select from tracetrack.violation() where rule ~ '^5' $$,
	'counters follow at its end');
select is(pg_temp.apply('t.boss', 'b3'), 'ok done 1 1 0 0', 'its end');
select lives_ok('set constraints all immediate', 'which can be committed');
set constraints all deferred;
select pg_temp.sound();

-- a batch of bills is done long before the time limit of a call, whatever was asked for
select pg_temp.start('b5', 'good', 501) \g /dev/null
select is(pg_temp.stage('b5', variadic array(select format('BILL-CAP-%s - Delhi - 1', n)
	from generate_series(1, 501) n)), 'ok 502', 'a long file');
select is(pg_temp.apply('t.boss', 'b5', 10000), 'ok applying 500 0 0 0', 'at most 500 rows at a time');
select is(pg_temp.finish_import('t.boss', 'b5'), 'ok done 501 0 0 0', 'and the rest');
select pg_temp.sound();

-- parents in longer batches
insert into tracetrack.setting as s (name, value, help) values ('bill_complete_bags', 'off', '-')
on conflict (name) do update set value = excluded.value;
select pg_temp.parent('t.asha', 'SB' || 6710000 + n) from generate_series(1, 600) n \g /dev/null
select pg_temp.start('b6', 'good', 600) \g /dev/null
select is(pg_temp.stage('b6', variadic array(select format('BILL-CAP-%s SB%s', n % 500 + 1, 6710000 + n)
	from generate_series(1, 600) n)), 'ok 601', 'parents for them');
select is(pg_temp.apply('t.boss', 'b6', 10000), 'ok applying 0 500 0 100', 'go onto them in one step');
select is(pg_temp.finish_import('t.boss', 'b6'), 'ok done 0 500 0 100', 'which was all');
select pg_temp.sound();
update tracetrack.setting set value = 'on' where name = 'bill_complete_bags';

-- a batch comes to what its rows come to one by one: 10 parents of different weights, one of them
-- open, 5 bills with room for 1 to 3, one of them completed
select pg_temp.closed('t.asha', 'SB67200' || n, 1, n) from generate_series(1, 9) n \g /dev/null
select pg_temp.parent('t.asha', 'SB6720101') \g /dev/null
select pg_temp.bill('t.bill', 'BILL-ROW-1', 1) \g /dev/null
select pg_temp.bill_add('t.bill', 'SB6720091', 'BILL-ROW-1') \g /dev/null
select pg_temp.bill_complete('t.bill', 'BILL-ROW-1') \g /dev/null
create function pg_temp.rows() returns text[] language sql as $$
	select array_agg(case when get_byte(m, 0) % 5 = 0
		then format('BILL-ROW-%s - Delhi - %s', get_byte(m, 1) % 5 + 1, get_byte(m, 2) % 3 + 1)
		else format('BILL-ROW-%s SB6720%s1', get_byte(m, 1) % 6 + 1,
			lpad((get_byte(m, 2) % 11 + 1)::text, 2, '0')) end order by n)
	  from generate_series(1, 150) n, decode(md5(n::text), 'hex') m
$$;
-- What it comes to in batches of p_limit: the refused rows, the ledger and the bills.
create function pg_temp.comes_to(p_limit bigint) returns table (line text) language plpgsql as $$
begin
	perform pg_temp.start('b7', 'good', 150), pg_temp.stage('b7', variadic pg_temp.rows());
	return query select pg_temp.finish_import('t.boss', 'b7', p_limit);
	return query
	select concat_ws(' ', b.line, b.outcome, b.code, b.parent, b.other, b.other_by, b.other_station,
		b.other_at = now(), b.why)
	  from api.import_bad(pg_temp.tok('t.boss'), pg_temp.ev('b7')) b;
	return query
	select concat_ws(' ', e.action, e.outcome, e.code, e.position, e.children, e.capacity, e.state,
		e.total, e.bill_children, e.bill_expected, right(e.id::text, 12), r.content, t.number)
	  from tracetrack.event e
	  join tracetrack.bill t on t.id = e.bill_id
	  join tracetrack.request r on r.event = e.id
	 where t.number ~ '^BILL-ROW-' order by e.number;
	return query
	select concat_ws(' ', t.number, t.capacity, t.linked, t.children, t.grams_expected,
		t.grams_actual, string_agg(b.code, ',' order by b.code))
	  from tracetrack.bill t left join tracetrack.bag b on b.bill_id = t.id
	 where t.number ~ '^BILL-ROW-' group by t.id order by t.number;
end
$$;
savepoint one_by_one;
select string_agg(line, E'\n') as one from pg_temp.comes_to(1) \gset
rollback to one_by_one;
select ok(not exists (select from unnest(array['exists', 'bill_full', 'on_other_bill',
	'bill_closed', 'bag_not_complete', 'unknown_code', 'no_bill']) x
	where :'one' !~ (E'\n[0-9]+ ' || x)), 'a file that has it all');
select is((select string_agg(line, E'\n') from pg_temp.comes_to(10000)), :'one',
	'comes to the same in one step as row by row');
select pg_temp.sound();

-- a row of bills has lists as long as the others
select pg_temp.start('b4', 'good', 1) \g /dev/null
select is((select outcome from api.import_stage(pg_temp.tok('t.boss'), pg_temp.ev('b4'), '{2}',
	'{null}', '{BILL-IMP-9}', p_destinations => '{Delhi,Agra}')), 'bad_value', 'lists of one length');
select * from finish();
rollback;
