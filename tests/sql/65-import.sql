-- Imports: staged, judged by the rules of scanning, applied in batches, never twice.
begin;
\ir prelude.psql
\ir import.psql
select no_plan();
select pg_temp.person('t.boss', 'administrator', null, 'TEST-9', null) \g /dev/null
select pg_temp.person('t.boss2', 'administrator', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.asha', 'dispatcher', 'jaipur', 'TEST-1', 'jaipur') \g /dev/null

create function pg_temp.start(p_who text, p_name text, p_kind text, p_mode text, p_rows bigint,
	p_area text default 'jaipur') returns text language sql as $$
	select concat_ws(' ', b.outcome, b.state, b.staged, case when b.replayed then 'again' end)
	  from api.import_begin(pg_temp.tok(p_who), pg_temp.ev(p_name), p_kind, p_mode, 'f.csv',
		repeat('ab', 32), p_rows, p_rows + 1, p_area) b
$$;
-- Rows as "CODE PARENT AREA GRAMS ROLE", - for none; the first is line 2.
create function pg_temp.stage(p_who text, p_name text, variadic p_rows text[]) returns text
language sql as $$
	select concat_ws(' ', s.outcome, s.staged) from (
		select array_agg(n + 1 order by n) as lines, array_agg(c[1] order by n) as codes,
		       array_agg(nullif(c[2], '-') order by n) as parents,
		       array_agg(nullif(c[3], '-') order by n) as areas,
		       array_agg(nullif(c[4], '-') order by n) as grams,
		       array_agg(nullif(c[5], '-') order by n) as roles,
		       array_agg(null::text) as whys
		  from unnest(p_rows) with ordinality as u (t, n), string_to_array(t, ' ') c) x,
	lateral api.import_stage(pg_temp.tok(p_who), pg_temp.ev(p_name), lines, codes, parents,
		areas, grams, roles, whys) s
$$;
create function pg_temp.bad(p_who text, p_name text) returns text language sql as $$
	select string_agg(concat_ws(' ', b.line, b.outcome, b.other, b.why), '; ' order by b.line)
	  from api.import_bad(pg_temp.tok(p_who), pg_temp.ev(p_name)) b
$$;

-- who
select is(pg_temp.start(w, 'no', 'bags', 'good', 1), 'not_permitted', w || ' may not import')
  from unnest(array['t.sup', 't.bill', 't.asha']) w;
select is(pg_temp.start('t.none', 'no', 'bags', 'good', 1), 'session_expired', 'nobody may');
select throws_ok(format('select * from api.import_list(%L)', pg_temp.tok('t.sup')), '42501',
	'not_permitted', 'nor see the list');
select throws_ok(format('select * from api.import_bad(%L, %L)', pg_temp.tok('t.sup'),
	pg_temp.ev('no')), '42501', 'not_permitted', 'nor what was refused');
select is(pg_temp.apply('t.sup', 'no'), 'not_permitted', 'nor apply');
select is(pg_temp.stage('t.sup', 'no', 'SB700001'), 'not_permitted', 'nor stage');
select is((select outcome from api.import_cancel(pg_temp.tok('t.sup'), pg_temp.ev('nc'),
	pg_temp.ev('no'), 'x')), 'not_permitted', 'nor cancel');
select is((select outcome from api.import_sweep(pg_temp.tok('t.sup'))), 'not_permitted',
	'nor sweep');

-- what can't be begun
select is(pg_temp.start('t.boss', 'k', 'trucks', 'good', 1), 'bad_value', 'no such kind');
select is(pg_temp.start('t.boss', 'k', 'bags', 'best', 1), 'key_reused', 'its id is used up');
select is(pg_temp.start('t.boss', 'k2', 'bags', 'best', 1), 'bad_value', 'no such way');
select is(pg_temp.start('t.boss', 'k3', 'bags', 'good', -1), 'bad_value', 'no such number');
select is(pg_temp.start('t.boss', 'k4', 'bags', 'good', 1, 'atlantis'), 'unknown_area',
	'no such area');
select is(pg_temp.apply('t.boss', 'nothing'), 'unknown_code', 'no such import');
select is(pg_temp.stage('t.boss', 'nothing', 'SB700001'), 'unknown_code', 'nor rows for it');

-- parents stand anywhere in the file, and children come after all of them
select is(pg_temp.start('t.boss', 'i1', 'bags', 'good', 6), 'ok staging 0', 'begun');
select is(pg_temp.apply('t.boss', 'i1'), 'version_moved', 'nothing is applied before it is staged');
select is(pg_temp.stage('t.boss', 'i1', 'ch-1 SB700001', 'SB700001', 'CH-2 sb700001 - 1250'), 'ok 4',
	'rows are staged');
select is(pg_temp.start('t.boss', 'i1', 'bags', 'good', 6), 'ok staging 4 again',
	'begun again, it tells how far it is');
select is(pg_temp.stage('t.boss', 'i1', 'CH-1 SB700001', 'SB700001', 'CH-2 SB700001 - 1250',
	'SB700002 - indore', 'CH-3 SB700002', 'CH-4 SB700009'), 'ok 7', 'rows may come twice');
select is((select count(*) from tracetrack.import_row r join tracetrack.import i on i.id = r.import_id
	where i.request = pg_temp.ev('i1')), 6::bigint, 'and are there once');
select is(pg_temp.apply('t.boss2', 'i1'), 'not_permitted', 'an import is its person''s');
select is(pg_temp.start('t.boss2', 'i1', 'bags', 'good', 6), 'key_reused', 'so is its id');
select is(pg_temp.apply('t.boss', 'i1', 0), 'bad_value', 'a batch has rows');
select is(pg_temp.apply('t.boss', 'i1', 1), 'ok applying 1 0 0 0', 'a batch of one');
select is(pg_temp.finish_import('t.boss', 'i1'), 'ok done 2 3 0 1', 'and the rest');
select is(pg_temp.finish_import('t.boss', 'i1'), 'ok done 2 3 0 1', 'done is done');
select is(pg_temp.start('t.boss', 'i1', 'bags', 'good', 6), 'ok done 7 again', 'and stays so');
select is(pg_temp.inside('SB700001'), '1:CH-1 2:CH-2', 'children in the order of the file');
select is((select grams_expected from tracetrack.bag where code = 'SB700001'), 2250::bigint,
	'with what a scale said');
select is((select a.code from tracetrack.bag b join tracetrack.area a on a.id = b.area_id
	where b.code = 'SB700002'), 'indore', 'a row names its area');
select is(pg_temp.bad('t.boss', 'i1'), '7 no_parent', 'what was refused');
select is((select row(e.action, e.outcome, e.position, e.total, e.person_id) from tracetrack.event e
	join tracetrack.bag b on b.id = e.child_id where b.code = 'CH-2'),
	(select row('child'::text collate "C", 'linked'::text collate "C", 2::smallint, 2250::bigint, p.id)
	from tracetrack.person p where login = 't.boss'), 'it is in the ledger');
select is((api.scan_undo(pg_temp.tok('t.boss'), pg_temp.ev('undo'), p_target => (
	select event_id from tracetrack.bag where code = 'CH-2'))).outcome, 'undone',
	'and can be taken back like a scan');
select pg_temp.sound();

-- every refusal that scanning has
select pg_temp.parent('t.boss2', 'SB700010') \g /dev/null
select pg_temp.parent('t.asha', 'SB700011') \g /dev/null
select pg_temp.fill('t.asha', 'SB700011', 'IMF-', 29) \g /dev/null
select pg_temp.parent('t.asha', 'SB700012') \g /dev/null
select pg_temp.short('t.asha', 'SB700012', 'truck full') \g /dev/null
select pg_temp.start('t.boss', 'i2', 'bags', 'good', 20, null) \g /dev/null
select is(pg_temp.stage('t.boss', 'i2', 'IMX-1 SB700011', 'IMX-2 SB700011', 'IMX-3 SB700012',
	'SB700011 SB700011', 'SB700010 SB700011', 'IMF-1 SB700011', 'IMF-2 SB700001', 'IMX-4 -',
	'a?b!ä SB700001', 'IMX-5 SB700001 - 0', 'IMX-6 SB700001 - - boss', 'SB700013 - nowhere',
	'IMX-1 - - - parent', 'SB700014 - - - child', 'TT:OK SB700001', 'IMX-7 SB700001',
	'IMX-7 SB700001', 'IMX-7 SB700002', 'SB700001', 'SB700015'), 'ok 21', 'twenty rows');
select is(pg_temp.finish_import('t.boss', 'i2'), 'ok done 0 2 3 15', 'what it came to');
select is(pg_temp.bad('t.boss', 'i2'),
	'3 parent_full; 4 parent_closed; 5 is_own_parent; 6 is_parent; '
	|| '8 in_other_parent SB700011; 9 no_parent; 10 bad_format; '
	|| '11 bad_format the weight must be 1 to 1000000 grams; '
	|| '12 bad_format the role must be parent or child; 13 unknown_area; 14 unknown_code; '
	|| '15 bad_format a parent''s code, said to be a child; 16 is_parent; '
	|| '19 in_other_parent SB700001 also on line 17; 21 wrong_area', 'each with its reason');
select is((select row(state, closed_event = (select event_id from tracetrack.bag
	where code = 'IMX-1')) from tracetrack.bag where code = 'SB700011'),
	row('complete'::text collate "C", true), 'the last place completes the parent');
select pg_temp.sound();

-- a child of a code that was refused for want of room
select pg_temp.parent('t.asha', 'SB700020') \g /dev/null
select pg_temp.fill('t.asha', 'SB700020', 'IMG-', 29) \g /dev/null
select pg_temp.start('t.boss', 'i3', 'children', 'good', 4) \g /dev/null
select pg_temp.stage('t.boss', 'i3', 'IMY-1 SB700020', 'IMY-2 SB700020', 'IMY-2 SB700010',
	'SB700021') \g /dev/null
select is(pg_temp.finish_import('t.boss', 'i3'), 'ok done 0 1 0 3', 'children only');
select is(pg_temp.bad('t.boss', 'i3'), '3 parent_full; 4 ambiguous SB700020 also on line 3; 5 is_parent',
	'a code that stands twice, without room for its first row');

-- labels and children that were taken back are used again
select is(pg_temp.brief(pg_temp.undo('t.boss2', (select event_id from tracetrack.bag
	where code = 'SB700010'))), 'undone n=0 unused', 'an opening is undone');
select is((pg_temp.remove('t.sup', 'CH-3')).outcome, 'removed', 'a child is taken out');
select pg_temp.start('t.boss', 'i4', 'bags', 'all', 2) \g /dev/null
select pg_temp.stage('t.boss', 'i4', 'CH-3 SB700010', 'SB700010') \g /dev/null
select is(pg_temp.apply('t.boss', 'i4'), 'ok applying 1 0 0 0', 'all or nothing: half of it');
select throws_ok('set constraints all immediate', '23001', 'half an import must not be committed',
	'which can''t be committed');
select is(pg_temp.apply('t.boss', 'i4'), 'ok applying 1 1 0 0', 'both of it');
select isnt_empty($$ select from tracetrack.violation() where rule ~ '^5' $$,
	'counters follow at its end');
select is(pg_temp.apply('t.boss', 'i4'), 'ok done 1 1 0 0', 'its end');
select lives_ok('set constraints all immediate', 'which can be committed');
set constraints all deferred;
select pg_temp.sound();

-- bills follow, and closed ones refuse
update tracetrack.setting set value = 'off' where name = 'bill_complete_bags';
select pg_temp.parent('t.asha', 'SB700030') \g /dev/null
select is((select outcome from api.bill_create(pg_temp.tok('t.bill'), pg_temp.ev('b'), 'BILL-IMP',
	'Delhi', null, 1)), 'ok', 'a bill');
select is((pg_temp.bill_add('t.bill', 'SB700030', 'BILL-IMP')).outcome, 'bill_added',
	'with an open parent');
select pg_temp.start('t.boss', 'i5', 'children', 'good', 1) \g /dev/null
select pg_temp.stage('t.boss', 'i5', 'IMZ-1 SB700030') \g /dev/null
select is(pg_temp.finish_import('t.boss', 'i5'), 'ok done 0 1 0 0', 'gets a child');
select is((select children from tracetrack.bill where number = 'BILL-IMP'), 1, 'which is on the bill');
select pg_temp.sound();

-- rows that the server has lost, families that have changed, giving up
select pg_temp.start('t.boss', 'i6', 'bags', 'good', 3) \g /dev/null
select pg_temp.stage('t.boss', 'i6', 'SB700040', 'IMV-1 SB700040', 'IMV-2 SB700040') \g /dev/null
select pg_temp.apply('t.boss', 'i6', 1) \g /dev/null
select pg_temp.apply('t.boss', 'i6', 1) \g /dev/null
delete from tracetrack.import_row;
select is(pg_temp.start('t.boss', 'i6', 'bags', 'good', 3), 'ok staging 0 again',
	'after a breakdown its rows are asked for again');
select is(pg_temp.stage('t.boss', 'i6', 'SB700040', 'IMV-1 SB700040', 'IMV-2 SB700040'), 'ok 4',
	'they come');
select is((select count(*) from tracetrack.import_row r join tracetrack.import i on i.id = r.import_id
	where i.request = pg_temp.ev('i6')), 1::bigint, 'those that are applied are passed over');
select is(pg_temp.finish_import('t.boss', 'i6'), 'ok done 1 2 0 0', 'and nothing is doubled');
select pg_temp.start('t.boss', 'i7', 'bags', 'good', 1) \g /dev/null
select pg_temp.stage('t.boss', 'i7', 'SB700050') \g /dev/null
update tracetrack.family set active = false where name = 'moong';
select is(pg_temp.apply('t.boss', 'i7'), 'version_moved', 'other families: what was judged is void');
select is(pg_temp.start('t.boss', 'i7', 'bags', 'good', 1), 'ok staging 0 again', 'it is staged anew');
select is((select row(outcome, opened, linked) from api.import_cancel(pg_temp.tok('t.boss'),
	pg_temp.ev('c7'), pg_temp.ev('i7'), 'no need')), row('ok'::text, 0::bigint, 0::bigint),
	'it is given up');
select is((select row(outcome, replayed) from api.import_cancel(pg_temp.tok('t.boss'),
	pg_temp.ev('c7'), pg_temp.ev('i7'), 'no need')), row('ok'::text, true), 'once');
select is((select outcome from api.import_cancel(pg_temp.tok('t.boss'), pg_temp.ev('c8'),
	pg_temp.ev('i7'), ' ')), 'bad_value', 'with a reason');
select is((select outcome from api.import_cancel(pg_temp.tok('t.boss'), pg_temp.ev('c9'),
	pg_temp.ev('i6'), 'late')), 'version_moved', 'not when it is done');
select is(pg_temp.apply('t.boss', 'i7'), 'version_moved', 'then nothing is applied');
-- two rows more of one that is done
create function pg_temp.leave() returns void language sql as $$
	insert into tracetrack.import_row (import_id, phase, line)
	select i.id, 1, n from generate_series(-2, -1) n, tracetrack.import i
	 where i.request = pg_temp.ev('i6')
$$;
select pg_temp.leave() \g /dev/null
select is((select row(outcome, swept) from api.import_sweep(pg_temp.tok('t.boss'))),
	row('ok'::text, 3::bigint), 'rows are cleared away, and counted');
select is((select row(outcome, swept) from api.import_sweep(pg_temp.tok('t.boss'))),
	row('ok'::text, 0::bigint), 'then there are none');
select is_empty($$ select from tracetrack.import_row r join tracetrack.import i on i.id = r.import_id
	where i.state in ('done', 'cancelled') $$, 'nothing is left of what has ended');
select is(pg_temp.start('t.boss', 'i7', 'bags', 'good', 1), 'ok staging 0 again', 'it may begin again');
select pg_temp.leave() \g /dev/null
select is((select row(outcome, swept) from api.import_sweep(pg_temp.tok('t.boss'))),
	row('ok'::text, 2::bigint), 'beside it the rows of others are cleared away, too');
select is((select count(*) from api.import_list(pg_temp.tok('t.boss'), null, 3)), 3::bigint,
	'a page of the list');
select is((select state from api.import_list(pg_temp.tok('t.boss'), pg_temp.ev('i7'), 1)), 'done',
	'goes on by key');
-- so many, then one waits, and may come again with the same id
update tracetrack.setting set value = '1 per 1 hour' where name = 'rate_import';
delete from tracetrack.rate where what = 'import';
select is(pg_temp.start('t.boss', 'k20', 'trucks', 'good', 1), 'bad_value', 'what is no import');
select is(pg_temp.start('t.boss', 'i20', 'bags', 'good', 1), 'ok staging 0', 'takes nothing');
select is(pg_temp.start('t.boss', 'i20', 'bags', 'good', 1), 'ok staging 0 again', 'nor the same again');
select is(pg_temp.start('t.boss', 'i21', 'bags', 'good', 1), 'rate_limited', 'not two in an hour');
select is((select retry_after between 3590 and 3600 from api.import_begin(pg_temp.tok('t.boss'),
	pg_temp.ev('i21'), 'bags', 'good', 'f.csv', repeat('ab', 32), 1, 2, 'jaipur')), true, 'it says when');
select is(pg_temp.start('t.boss2', 'i22', 'bags', 'good', 1), 'ok staging 0', 'each has their own');
update tracetrack.rate set full_at = now() - interval '1 second' where what = 'import';
select is(pg_temp.start('t.boss', 'i21', 'bags', 'good', 1), 'ok staging 0', 'later it is taken');
select pg_temp.sound();
select * from finish();
rollback;
