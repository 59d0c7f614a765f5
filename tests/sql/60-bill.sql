-- Bills: made, filled, completed, reopened, cancelled.
begin;
\ir prelude.psql
select no_plan();
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null, 'TEST-B', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.adm', 'administrator', null) \g /dev/null
select is(pg_temp.closed('t.asha', 'SB9100001', 5), 5::bigint, 'five closed parents');
select pg_temp.parent('t.asha', 'SB91000020') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000020', 'T-O', 1) \g /dev/null
select pg_temp.child('t.asha', 'T-WG', 'SB91000020', gen_random_uuid(), 700) \g /dev/null

-- create
select is(pg_temp.bill_brief(pg_temp.bill('t.bill', 'bill-t1', 3, pg_temp.ev('make'))),
	'ok 0/3 n=0 0/0 open', 'a bill with a number of its own');
select is((select row(outcome, replayed, bill, destination) from pg_temp.bill('t.bill', 'bill-t1',
	3, pg_temp.ev('make'))), row('ok'::text, true, 'BILL-T1'::text, 'Jaipur yard'::text),
	'asked again, answered again');
select is((pg_temp.bill('t.bill', 'bill-t2', 3, pg_temp.ev('make'))).outcome, 'key_reused',
	'the id for another bill');
select is((pg_temp.bill('t.bill', 'BILL-T1')).outcome, 'exists', 'the number is taken');
select matches((pg_temp.bill('t.bill', null)).bill, '^BILL-[0-9]{9}$', 'a number is issued');
select is((pg_temp.bill('t.bill', 'SB91000099')).outcome, 'bad_format', 'a parent''s code');
select is((pg_temp.bill('t.bill', 'TRUCK-7')).outcome, 'bad_format', 'a child''s code');
select is((pg_temp.bill('t.bill', 'BILL-' || repeat('7', 80))).outcome, 'bad_format', 'too long');
select is((pg_temp.bill('t.bill', 'BILL-T3', 0)).outcome, 'bad_value', 'no capacity');
select is((pg_temp.bill('t.bill', 'BILL-T3', 101)).outcome, 'bad_value', 'too much capacity');
select is((pg_temp.bill('t.bill', 'BILL-T3', null)).outcome, 'bad_value', 'none said');
select is((api.bill_create(pg_temp.tok('t.bill'), gen_random_uuid(), 'BILL-T3', E' \t', 'x', 3)).outcome,
	'bad_value', 'no destination');
select is((pg_temp.bill('t.bill', 'BILL-T3', 3, null)).outcome, 'bad_format', 'no request id');
select is((pg_temp.bill(w, 'BILL-T3')).outcome, 'not_permitted', w || ' makes none')
  from unnest(array['t.asha', 't.sup']) w;
select is((pg_temp.bill('t.nobody', 'BILL-T3')).outcome, 'session_expired', 'nobody');
select is_empty($$select from tracetrack.bill where number = 'BILL-T3'$$, 'none of these made one');

-- scan and add
select is((select row(outcome, bill, parents, capacity, destination) from api.bill_scan(
	pg_temp.tok('t.bill'), gen_random_uuid(), p_bill => 'bill-T1')),
	row('bill_resumed'::text, 'BILL-T1'::text, 0, 3, 'Jaipur yard'::text), 'picked');
select is((api.bill_scan(pg_temp.tok('t.bill'), gen_random_uuid(), p_bill => 'BILL-T9')).outcome,
	'no_bill', 'there is none of that number');
select is((api.bill_scan(pg_temp.tok('t.bill'), gen_random_uuid())).outcome, 'bad_format', 'no number');
select is((select row(outcome, parents, destination) from api.bill_scan(pg_temp.tok('t.asha'),
	gen_random_uuid(), p_bill => 'BILL-T1')), row('not_permitted'::text, null::integer,
	null::text), 'a dispatcher picks none and is told nothing');
select is(pg_temp.bill_brief(pg_temp.bill_add('t.bill', 'sb91000011', 'bill-t1', pg_temp.ev('a1'))),
	'bill_added 1/3 n=2 2000/2000 open', 'one is on');
select is((select row(outcome, replayed, position, parents, grams) from pg_temp.bill_add('t.bill',
	'sb91000011', 'bill-t1', pg_temp.ev('a1'))),
	row('bill_added'::text, true, 1, 1, 2000::bigint), 'the first answer again');
select is((pg_temp.bill_add('t.bill', 'SB91000012', 'BILL-T1', pg_temp.ev('a1'))).outcome,
	'key_reused', 'the id for another');
select is((select row(outcome, other, other_by, other_station) from pg_temp.bill_add('t.bill',
	'SB91000011', 'BILL-T1')), row('already_on_bill'::text, 'BILL-T1'::text, 't.bill'::text,
	'TEST-B'::text), 'it is on already: who, where');
select pg_temp.bill('t.bill', 'BILL-T2', 2) \g /dev/null
select is((select row(outcome, other, other_at is not null, other_by) from pg_temp.bill_add('t.adm',
	'SB91000011', 'BILL-T2')), row('on_other_bill'::text, 'BILL-T1'::text, true,
	't.bill'::text), 'another bill has it');
select is((select row(outcome, code) from pg_temp.bill_add('t.bill', 'SB91000099', 'BILL-T1')),
	row('unknown_code'::text, 'SB91000099'::text), 'an unregistered parent');
select is((pg_temp.bill_add('t.bill', 'T-NEW', 'BILL-T1')).outcome, 'unknown_code', 'an unknown child');
select is((select row(outcome, other) from pg_temp.bill_add('t.bill', 'T-O1', 'BILL-T1')),
	row('is_child'::text, 'SB91000020'::text), 'a child, and of which parent');
select is((pg_temp.bill_add('t.bill', 'BILL-T2', 'BILL-T1')).outcome, 'bad_format', 'a bill on a bill');
select is((pg_temp.bill_add('t.bill', null, 'BILL-T1')).outcome, 'bad_format', 'nothing');
select is((pg_temp.bill_add('t.bill', 'SB91000012', null)).outcome, 'bad_format', 'onto nothing');
select is((pg_temp.bill_add('t.bill', 'SB91000012', 'BILL-T9')).outcome, 'no_bill', 'onto no bill');
select is((select row(outcome, other) from pg_temp.bill_add('t.bill', 'SB91000020', 'BILL-T1')),
	row('bag_not_complete'::text, 'SB91000020'::text), 'an open parent');
select is((pg_temp.bill_add(w, 'SB91000012', 'BILL-T1')).outcome, 'not_permitted', w || ' adds none')
  from unnest(array['t.asha', 't.sup']) w;

-- complete
select is((pg_temp.bill_complete('t.bill', 'BILL-T1')).outcome, 'bill_not_full', 'not full');
select pg_temp.bill_add('t.bill', 'SB9100001' || i, 'BILL-T1') from generate_series(2, 3) i \g /dev/null
select is((select row(outcome, parents, capacity) from pg_temp.bill_add('t.bill', 'SB91000014',
	'BILL-T1')), row('bill_full'::text, 3, 3), 'full');
select is((pg_temp.bill_complete(w, 'BILL-T1')).outcome, 'not_permitted', w || ' completes none')
  from unnest(array['t.asha', 't.sup']) w;
select is(pg_temp.bill_brief(pg_temp.bill_complete('t.bill', 'BILL-T1', null, pg_temp.ev('done'))),
	'bill_completed 3/3 n=6 6000/6000 completed', 'completed');
select is((select row(outcome, replayed) from pg_temp.bill_complete('t.bill', 'BILL-T1', null,
	pg_temp.ev('done'))), row('bill_completed'::text, true), 'once');
select is((select row(outcome, other, other_by) from pg_temp.bill_complete('t.adm', 'BILL-T1')),
	row('bill_closed'::text, 'BILL-T1'::text, 't.bill'::text), 'not twice: who did it');
select is((pg_temp.bill_add('t.bill', 'SB91000014', 'BILL-T1')).outcome, 'bill_closed', 'nothing goes on');
select is((pg_temp.bill_remove('t.bill', 'SB91000011')).outcome, 'bill_closed', 'nothing comes off');
select is((api.bill_scan(pg_temp.tok('t.bill'), gen_random_uuid(), p_bill => 'BILL-T1')).outcome,
	'bill_closed', 'it is picked no more');
select is((api.bill_edit(pg_temp.tok('t.bill'), gen_random_uuid(), 'BILL-T1', 'x')).outcome,
	'bill_closed', 'nor changed');
select is((api.bill_cancel(pg_temp.tok('t.adm'), gen_random_uuid(), 'BILL-T1', 'x')).outcome,
	'bill_closed', 'nor cancelled');
select is((pg_temp.bill_complete('t.bill', 'BILL-T2', 'half a truck')).outcome, 'bill_not_full',
	'an empty bill is never complete');
select pg_temp.bill_add('t.bill', 'SB91000014', 'BILL-T2') \g /dev/null
select is((select row(b.outcome, t.reason) from pg_temp.bill_complete('t.bill', 'BILL-T2',
	'half a truck') b, tracetrack.bill t where t.number = 'BILL-T2'),
	row('bill_completed'::text, null::text), 'with a reason it need not be full');
select is((select reason from tracetrack.bill where number = 'BILL-T2'), 'half a truck', 'which is kept');
select pg_temp.sound();

-- reopen
select is((pg_temp.bill_reopen(w, 'BILL-T1', 'x')).outcome, 'not_permitted', w || ' reopens none')
  from unnest(array['t.asha', 't.bill']) w;
select is((pg_temp.bill_reopen('t.sup', 'BILL-T1', ' ')).outcome, 'bad_format', 'no reason');
select is(pg_temp.bill_brief(pg_temp.bill_reopen('t.sup', 'BILL-T1', 'wrong bag')),
	'ok 3/3 n=6 6000/6000 reopened', 'reopened');
select is((pg_temp.bill_reopen('t.sup', 'BILL-T1', 'x')).outcome, 'bill_open', 'it is open');
select is((pg_temp.bill_reopen('t.sup', 'BILL-T9', 'x')).outcome, 'no_bill', 'none of that number');

-- remove
select is((pg_temp.bill_remove('t.bill', 'SB91000011', 'BILL-T2')).outcome, 'on_other_bill',
	'it is on another');
select is((pg_temp.bill_remove(w, 'SB91000011', 'BILL-T1')).outcome, 'not_permitted', w || ' removes none')
  from unnest(array['t.asha', 't.sup']) w;
select is(pg_temp.bill_brief(pg_temp.bill_remove('t.bill', 'sb91000011', 'bill-t1', pg_temp.ev('r1'))),
	'bill_removed 2/3 n=4 4000/4000 reopened', 'off it');
select is((select row(outcome, replayed, parents) from pg_temp.bill_remove('t.bill', 'sb91000011',
	'bill-t1', pg_temp.ev('r1'))), row('bill_removed'::text, true, 2), 'once');
select is((pg_temp.bill_remove('t.bill', 'SB91000011')).outcome, 'not_on_bill', 'it is on none');
select is((pg_temp.bill_remove('t.bill', 'SB91000099')).outcome, 'unknown_code', 'unknown');
select is((pg_temp.bill_remove('t.bill', 'T-O1')).outcome, 'is_child', 'a child');
select is((pg_temp.bill_remove('t.bill', null)).outcome, 'bad_format', 'nothing');
select is((pg_temp.bill_remove('t.bill', 'SB91000012', 'BILL-T9')).outcome, 'no_bill', 'no such bill');
select is((select row(outcome, bill) from pg_temp.bill_remove('t.bill', 'SB91000012')),
	row('bill_removed'::text, 'BILL-T1'::text), 'off whatever bill it is on');

-- edit
select is((pg_temp.bill_add('t.bill', 'SB91000012', 'BILL-T1')).parents, 2, 'on again');
select is((api.bill_edit(pg_temp.tok('t.bill'), gen_random_uuid(), 'BILL-T1', p_capacity => 1)).outcome,
	'bill_full', 'two are on it');
select is((api.bill_edit(pg_temp.tok('t.bill'), gen_random_uuid(), 'BILL-T1', p_capacity => 0)).outcome,
	'bad_value', 'none');
select is((select row(outcome, capacity, destination) from api.bill_edit(pg_temp.tok('t.bill'),
	gen_random_uuid(), 'BILL-T1', p_capacity => 2)), row('ok'::text, 2, 'Jaipur yard'::text), 'smaller');
select is((select row(outcome, capacity, destination) from api.bill_edit(pg_temp.tok('t.bill'),
	gen_random_uuid(), 'BILL-T1', p_destination => 'Hisar')), row('ok'::text, 2, 'Hisar'::text),
	'to elsewhere');
select is((api.bill_edit(pg_temp.tok(w), gen_random_uuid(), 'BILL-T1', 'x')).outcome,
	'not_permitted', w || ' edits none') from unnest(array['t.asha', 't.sup']) w;
select is((api.bill_edit(pg_temp.tok('t.bill'), gen_random_uuid(), 'BILL-T9', 'x')).outcome, 'no_bill',
	'none of that number');
select is((pg_temp.bill_complete('t.bill', 'BILL-T1')).outcome, 'bill_completed', 'now it is full');

-- manual
select pg_temp.bill('t.bill', 'BILL-T4', 3) \g /dev/null
select is((api.bill_manual(pg_temp.tok('t.bill'), gen_random_uuid(), p_code => 'SB91000011',
	p_bill => 'BILL-T4')).outcome, 'bad_format', 'typed: not without a reason');
select is((api.bill_manual(pg_temp.tok(w), gen_random_uuid(), p_code => 'SB91000011',
	p_bill => 'BILL-T4', p_reason => 'torn label')).outcome, 'not_permitted', w || ' types none')
  from unnest(array['t.asha', 't.sup']) w;
select is((api.bill_manual(pg_temp.tok('t.bill'), gen_random_uuid(), p_code => 'SB91000011',
	p_bill => 'BILL-T4', p_reason => 'torn label')).outcome, 'bill_added', 'typed');
select is((api.bill_manual(pg_temp.tok('t.bill'), gen_random_uuid(), p_code => 'SB91000098',
	p_bill => 'BILL-T4', p_reason => 'torn label')).outcome, 'unknown_code', 'by the same rules');
select is((select bill_manual from tracetrack.bag where code = 'SB91000011'), true, 'and marked');

-- cancel
select is((api.bill_cancel(pg_temp.tok(w), gen_random_uuid(), 'BILL-T4', 'x')).outcome,
	'not_permitted', w || ' cancels none') from unnest(array['t.asha', 't.bill', 't.sup']) w;
select is((api.bill_cancel(pg_temp.tok('t.adm'), gen_random_uuid(), 'BILL-T4', null)).outcome,
	'bad_format', 'no reason');
select pg_temp.bill_add('t.bill', 'SB91000015', 'BILL-T4') \g /dev/null
select is(pg_temp.bill_brief(api.bill_cancel(pg_temp.tok('t.adm'), pg_temp.ev('void'), 'BILL-T4',
	'no truck')), 'ok 0/3 n=0 0/0 cancelled', 'cancelled');
select is((api.bill_cancel(pg_temp.tok('t.adm'), pg_temp.ev('void'), 'BILL-T4', 'no truck')).replayed,
	true, 'once');
select is((select row(outcome, other_by, state) from pg_temp.bill_add('t.bill', 'SB91000015',
	'BILL-T4')), row('bill_closed'::text, 't.adm'::text, 'cancelled'::text), 'it takes no more');
select is((pg_temp.bill_reopen('t.sup', 'BILL-T4', 'x')).outcome, 'bill_closed', 'and stays cancelled');
select is((pg_temp.bill_add('t.bill', 'SB91000015', (pg_temp.bill('t.bill', null)).bill)).outcome,
	'bill_added', 'its parents are free');
select is((select count(*) from tracetrack.event where action = 'bill_off'
	and reason = 'no truck'), 2::bigint, 'each has its row in the ledger');

select is((pg_temp.child('t.asha', 'BILL-T1', 'SB91000020')).outcome, 'bad_format', 'a bill is no child');
select is((pg_temp.parent('t.asha', 'BILL-T1')).outcome, 'bad_format', 'nor a parent');

-- offline
select is((api.bill_add(pg_temp.tok('t.bill'), pg_temp.ev('off1'), p_offline => true,
	p_code => 'SB91000015', p_bill => 'BILL-T1')).outcome, 'bill_closed', 'refused, but it was done');
select is((select outcome from tracetrack.exception where event = pg_temp.ev('off1')), 'bill_closed',
	'so somebody must look');
select pg_temp.sound();

select * from finish();
rollback;
