-- What happens to bags that are on bills, and what the bills make of it.
begin;
\ir prelude.psql
select no_plan();
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select pg_temp.person('t.bill', 'biller', null, 'TEST-B', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.adm', 'administrator', null) \g /dev/null
select pg_temp.closed('t.asha', 'SB9100001', 3, 3) \g /dev/null
select pg_temp.bill('t.bill', 'BILL-T1', 3) \g /dev/null
select pg_temp.bill_add('t.bill', 'SB9100001' || i, 'BILL-T1') from generate_series(1, 2) i \g /dev/null
select pg_temp.parent('t.asha', 'SB91000020', pg_temp.ev('open20')) \g /dev/null

-- parents/capacity children expected/actual state
create function pg_temp.bill_now(p_number text) returns text language sql as $$
	select format('%s/%s n=%s %s/%s %s', linked, capacity, children, grams_expected,
		grams_actual, state)
	  from tracetrack.bill where number = p_number
$$;
create function pg_temp.weigh(p_who text, p_code text, p_grams bigint,
	p_event uuid default gen_random_uuid())
returns tracetrack.bag_answer language sql as $$
	select api.bag_weigh(pg_temp.tok(p_who), p_event, p_code, p_grams)
$$;
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=6 6000/6000 open', 'two parents are on it');

-- children of a closed parent on an open bill
select is((pg_temp.remove('t.asha', 'T-SB91000011-1')).outcome, 'parent_closed', 'not without the right');
select is((pg_temp.remove('t.sup', 'T-SB91000011-1', pg_temp.ev('rm'))).outcome, 'removed', 'taken out');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=5 5000/5000 open', 'and off the bill''s weight');
select is((pg_temp.undo('t.sup', pg_temp.ev('rm'))).outcome, 'parent_closed', 'it is closed');
select is((pg_temp.relink('t.sup', 'T-SB91000012-1', 'SB91000020')).outcome, 'relinked', 'moved out');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=4 4000/4000 open', 'the bill follows');

-- weights
select is((select row(outcome, grams, bill) from pg_temp.weigh('t.asha', 'sb91000011', 2500,
	pg_temp.ev('w1'))), row('ok'::text, 2500::bigint, 'BILL-T1'::text), 'a parent on a scale');
select is((pg_temp.weigh('t.asha', 'sb91000011', 2500, pg_temp.ev('w1'))).replayed, true, 'once');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=4 4000/4500 open', 'actual is what the scale says');
select is((pg_temp.weigh('t.asha', 'T-SB91000012-2', 800)).outcome, 'ok', 'a child');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=4 3800/4300 open', 'both follow');
select is((pg_temp.weigh('t.asha', 'T-SB91000012-2', 900)).parent, 'SB91000012', 'again');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=4 3900/4400 open', 'by the difference');
select is((pg_temp.weigh('t.asha', 'T-SB91000011-1', 500)).outcome, 'ok', 'one in no parent');
select is((pg_temp.weigh('t.asha', 'SB91000020', 500)).outcome, 'bag_not_complete', 'an open parent');
select is((pg_temp.weigh('t.hema', 'SB91000011', 500)).outcome, 'wrong_area', 'of another area');
select is((pg_temp.weigh('t.asha', 'SB91000011', g)).outcome, 'bad_value', coalesce(g::text, 'null') || ' g')
  from unnest(array[0, -5, null, 100000001]::bigint[]) g;
select is((pg_temp.weigh('t.asha', 'T-SB91000011-1', 1000001)).outcome, 'bad_value', 'a child of a ton');
select is((pg_temp.weigh('t.asha', 'SB91000099', 500)).outcome, 'unknown_code', 'unknown');
select is((pg_temp.weigh('t.asha', null, 500)).outcome, 'bad_format', 'none');
select is((pg_temp.remove('t.sup', 'T-SB91000011-2')).outcome, 'removed', 'one is taken out');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=3 2900/2900 open', 'what the scale said is void');
select pg_temp.sound();

-- a completed bill
select is((pg_temp.weigh('t.asha', 'SB91000011', 1100)).outcome, 'ok', 'weighed again');
select pg_temp.bill_complete('t.bill', 'BILL-T1', 'late') \g /dev/null
select is((select row(outcome, other, other_by, other_station) from pg_temp.remove('t.sup',
	'T-SB91000011-3')), row('bill_closed'::text, 'BILL-T1'::text, 't.bill'::text,
	'TEST-B'::text), 'nothing is taken out');
select is((pg_temp.relink('t.sup', 'T-SB91000011-3', 'SB91000020')).outcome, 'bill_closed', 'nor moved');
select is((pg_temp.weigh('t.sup', 'SB91000011', 1)).outcome, 'bill_closed', 'nor weighed');
select is((pg_temp.weigh('t.sup', 'T-SB91000011-3', 1)).outcome, 'bill_closed', 'nor a child');
select is((pg_temp.undo('t.sup', (select closed_event from tracetrack.bag where code = 'SB91000012'))).outcome,
	'bill_closed', 'nor opened again');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=3 2900/3000 completed', 'it stays as it was');
select pg_temp.sound();

-- an undo opens a parent that is on an open bill; its children go the slow way
select pg_temp.bill_reopen('t.sup', 'BILL-T1', 'x') \g /dev/null
select is((pg_temp.undo('t.sup', (select closed_event from tracetrack.bag where code = 'SB91000012'))).outcome,
	'undone', 'its finish is undone');
select is(pg_temp.brief(pg_temp.child('t.asha', 'T-LATE', 'SB91000012', pg_temp.ev('late'))),
	'linked pos=3 n=3 open', 'a child goes into it');
select is((select row(outcome, replayed, children) from pg_temp.child('t.asha', 'T-LATE', 'SB91000012',
	pg_temp.ev('late'))), row('linked'::text, true, 3), 'once');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=4 3900/4000 reopened', 'the bill follows');
select is((select row(outcome, other) from pg_temp.bill_complete('t.bill', 'BILL-T1', 'x')),
	row('bag_not_complete'::text, 'SB91000012'::text), 'but is not completed');
select is((pg_temp.child('t.asha', 'T-WHT', 'SB91000012', gen_random_uuid(), 300)).grams, 3200::bigint,
	'a weighed one');
select is((pg_temp.child('t.asha', 'T-SB91000011-1', 'SB91000012')).outcome, 'linked', 'one from before');
select is((pg_temp.child('t.asha', 'T-LATE', 'SB91000012')).outcome, 'already_in_parent', 'twice');
select is((pg_temp.child('t.asha', 'SB91000020', 'SB91000012')).outcome, 'is_parent', 'a parent');
select is((pg_temp.undo('t.asha', pg_temp.ev('late'))).outcome, 'undone', 'and it is taken back');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=5 4200/4300 reopened', 'the bill follows');
select is(pg_temp.fill('t.asha', 'SB91000012', 'T-M', 26), 26::bigint, 'until it is full');
select is((select state from tracetrack.bag where code = 'SB91000012'), 'complete', 'by the last one');
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=31 30200/30300 reopened', 'which counts too');
select pg_temp.sound();

-- when the site takes open parents
update tracetrack.setting set value = 'off' where name = 'bill_complete_bags';
select is((pg_temp.bill_add('t.bill', 'SB91000020', 'BILL-T1')).outcome, 'bill_added', 'an open one goes on');
select is((pg_temp.child('t.asha', 'T-OP1', 'SB91000020', pg_temp.ev('op1'))).outcome, 'linked', 'and fills up');
select is((pg_temp.relink('t.asha', 'T-OP1', 'SB91000020')).outcome, 'already_in_parent', 'there');
select is(pg_temp.bill_now('BILL-T1'), '3/3 n=33 32200/32300 reopened', 'the bill follows');
select is((pg_temp.bill_complete('t.bill', 'BILL-T1')).outcome, 'bill_completed', 'and is completed so');
select is((select row(outcome, other) from pg_temp.child('t.asha', 'T-OP2', 'SB91000020')),
	row('bill_closed'::text, 'BILL-T1'::text), 'then nothing more goes into it');
select is_empty($$select from tracetrack.bag where code = 'T-OP2'$$, 'the child is nowhere');
select is((pg_temp.undo('t.asha', pg_temp.ev('op1'))).outcome, 'bill_closed', 'nothing is taken back');
select is((pg_temp.finish('t.asha', 'SB91000020')).outcome, 'finished', 'it may be closed');
select pg_temp.bill_reopen('t.sup', 'BILL-T1', 'x') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000021', pg_temp.ev('open21')) \g /dev/null
select pg_temp.bill_remove('t.bill', 'SB91000020') \g /dev/null
select is((pg_temp.bill_add('t.bill', 'SB91000021', 'BILL-T1')).outcome, 'bill_added', 'an empty one');
select is((select row(outcome, other) from pg_temp.undo('t.asha', pg_temp.ev('open21'))),
	row('on_other_bill'::text, 'BILL-T1'::text), 'it can''t be unopened');
update tracetrack.setting set value = 'on' where name = 'bill_complete_bags';
select pg_temp.sound();

-- cancelling bags
create function pg_temp.void(p_who text, p_code text, p_reason text,
	p_event uuid default gen_random_uuid())
returns tracetrack.bag_answer language sql as $$
	select api.bag_cancel(pg_temp.tok(p_who), p_event, p_code, p_reason)
$$;
select is((pg_temp.void(w, 'SB91000021', 'x')).outcome, 'not_permitted', w || ' cancels none')
  from unnest(array['t.asha', 't.bill']) w;
select is((select row(outcome, other, other_by) from pg_temp.void('t.sup', 'SB91000021', 'x')),
	row('on_other_bill'::text, 'BILL-T1'::text, 't.bill'::text), 'on a bill');
select pg_temp.bill_remove('t.bill', 'SB91000021') \g /dev/null
select is((pg_temp.void('t.sup', 'SB91000021', null)).outcome, 'bad_format', 'no reason');
select is((pg_temp.void('t.sup', 'SB91000020', 'x')).outcome, 'bag_not_empty', 'with children');
select is((pg_temp.void('t.sup', 'T-LATE2', 'x')).outcome, 'unknown_code', 'unknown');
select is((select row(outcome, other) from pg_temp.void('t.sup', 'T-WHT', 'x')),
	row('in_other_parent'::text, 'SB91000012'::text), 'a child in a parent');
select is((select row(outcome, state) from pg_temp.void('t.sup', 'SB91000021', 'torn', pg_temp.ev('void'))),
	row('ok'::text, 'cancelled'::text), 'cancelled');
select is((pg_temp.void('t.sup', 'SB91000021', 'torn', pg_temp.ev('void'))).replayed, true, 'once');
select is((select row(outcome, other_by) from pg_temp.void('t.sup', 'SB91000021', 'torn')),
	row('bag_cancelled'::text, 't.sup'::text), 'it is already');
select is((pg_temp.bill_add('t.bill', 'SB91000021', 'BILL-T1')).outcome, 'parent_cancelled', 'it goes onto no bill');
select is((pg_temp.parent('t.asha', 'SB91000021')).outcome, 'parent_cancelled', 'and is not opened');
select is((pg_temp.void('t.sup', 'T-LATE', 'torn')).outcome, 'ok', 'a child in no parent');
select is((pg_temp.child('t.asha', 'T-LATE', 'SB91000020')).outcome, 'bag_cancelled', 'goes nowhere');
select is((pg_temp.weigh('t.asha', 'T-LATE', 5)).outcome, 'bag_cancelled', 'and is not weighed');
select pg_temp.sound();

-- returns
create function pg_temp.ret(p_what text, p_who text, p_ticket text, p_text text default null,
	p_event uuid default gen_random_uuid())
returns tracetrack.return_answer language plpgsql as $$
begin
	return case p_what
		when 'open' then api.return_open(pg_temp.tok(p_who), p_event, p_text)
		when 'add' then api.return_add(pg_temp.tok(p_who), p_event, p_text, p_ticket)
		when 'remove' then api.return_remove(pg_temp.tok(p_who), p_event, p_text, p_ticket)
		when 'commit' then api.return_commit(pg_temp.tok(p_who), p_event, p_ticket)
		when 'cancel' then api.return_cancel(pg_temp.tok(p_who), p_event, p_ticket, p_text)
		end;
end
$$;
select pg_temp.bill('t.bill', 'BILL-T2', 1) \g /dev/null
select pg_temp.bill_add('t.bill', 'SB91000013', 'BILL-T2') \g /dev/null
select pg_temp.bill_complete('t.bill', 'BILL-T1', 'x') \g /dev/null
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=31 30200/30300 completed', 'one bill left');
select ticket as t1 from pg_temp.ret('open', 't.bill', null, 'Hisar yard', pg_temp.ev('t1')) \gset
select ticket as t2 from pg_temp.ret('open', 't.bill', null, 'Akola yard') \gset
select matches(:'t1'::text, '^RTN-[0-9]{9}$', 'a ticket');
select is((pg_temp.ret('open', 't.bill', null, 'Hisar yard', pg_temp.ev('t1'))).ticket, :'t1'::text, 'once');
select is((pg_temp.ret('open', 't.bill', null, ' ')).outcome, 'bad_value', 'no location');
select is((pg_temp.ret(x, w, :'t1'::text, 'SB91000011')).outcome, 'not_permitted', w || ' does no ' || x)
  from unnest(array['open', 'add', 'remove', 'commit', 'cancel']) x,
       unnest(array['t.asha', 't.sup']) w;
select is((pg_temp.ret('commit', 't.bill', :'t1'::text)).outcome, 'ticket_empty', 'nothing is on it');
select is((select row(outcome, bags, grams, other) from pg_temp.ret('add', 't.bill', :'t1'::text, 'sb91000011',
	pg_temp.ev('ra'))), row('ok'::text, 1, 1100::bigint, 'BILL-T1'::text), 'one is: of which bill');
select is((pg_temp.ret('add', 't.bill', :'t1'::text, 'sb91000011', pg_temp.ev('ra'))).replayed, true, 'once');
select is((select row(outcome, other) from pg_temp.ret('add', 't.bill', :'t1'::text, 'SB91000011')),
	row('already_on_ticket'::text, :'t1'::text), 'again');
select is((select row(outcome, other, other_by) from pg_temp.ret('add', 't.bill', :'t2'::text, 'SB91000011')),
	row('on_other_ticket'::text, :'t1'::text, 't.bill'::text), 'another ticket has it');
select is((pg_temp.ret('add', 't.bill', :'t1'::text, 'SB91000020')).outcome, 'not_on_bill', 'it never left');
select is((pg_temp.ret('add', 't.bill', :'t1'::text, 'T-WHT')).outcome, 'is_child', 'a child');
select is((pg_temp.ret('add', 't.bill', :'t1'::text, 'SB91000099')).outcome, 'unknown_code', 'unknown');
select is((pg_temp.ret('add', 't.bill', :'t1'::text, null)).outcome, 'bad_format', 'none');
select is((pg_temp.ret('add', 't.bill', 'RTN-9', 'SB91000012')).outcome, 'no_ticket', 'no such ticket');
select is((pg_temp.ret('add', 't.bill', null, 'SB91000012')).outcome, 'bad_format', 'no ticket');
select is((pg_temp.ret('remove', 't.bill', :'t1'::text, 'SB91000012')).outcome, 'not_on_ticket', 'not on it');
select is((pg_temp.ret('remove', 't.bill', :'t1'::text, 'SB91000011')).bags, 0, 'off it');
select pg_temp.ret('add', 't.bill', :'t1'::text, c) from unnest(array['SB91000011', 'SB91000013']) c \g /dev/null
select is(pg_temp.bill_now('BILL-T1'), '2/3 n=31 30200/30300 completed', 'nothing has happened yet');
select pg_temp.sound();
select is((select row(outcome, state, bags, grams) from pg_temp.ret('commit', 't.bill', :'t1'::text, null,
	pg_temp.ev('rc'))), row('ok'::text, 'committed'::text, 2, 4100::bigint), 'committed');
select is((pg_temp.ret('commit', 't.bill', :'t1'::text, null, pg_temp.ev('rc'))).replayed, true, 'once');
select is(pg_temp.bill_now('BILL-T1'), '1/3 n=30 29200/29200 completed', 'a completed bill has less');
select is(pg_temp.bill_now('BILL-T2'), '0/1 n=0 0/0 open', 'and an open one');
select is((select array_agg(action || ' ' || code || ' ' || other order by code) from tracetrack.event
	where action = 'bill_off' and other = :'t1'::text),
	array['bill_off SB91000011 ' || :'t1'::text, 'bill_off SB91000013 ' || :'t1'::text], 'each is in the ledger');
select is((pg_temp.ret(x, 't.bill', :'t1'::text, 'SB91000012')).outcome, 'ticket_closed', x || ': it is closed')
  from unnest(array['add', 'remove', 'commit', 'cancel']) x;
select is((pg_temp.bill_add('t.bill', 'SB91000013', 'BILL-T2')).outcome, 'bill_added', 'what came back may leave');
select pg_temp.ret('add', 't.bill', :'t2'::text, 'SB91000013') \g /dev/null
select is((pg_temp.ret('cancel', 't.bill', :'t2'::text, null)).outcome, 'bad_format', 'no reason');
select is((pg_temp.ret('cancel', 't.bill', :'t2'::text, 'a mistake')).state, 'cancelled', 'given up');
select is(pg_temp.bill_now('BILL-T2'), '1/1 n=3 3000/3000 open', 'it stays on its bill');
select is((select array_agg(ticket || ' ' || state) from api.return_list(pg_temp.tok('t.sup'),
	p_limit => 2)), array[:'t2'::text || ' cancelled', :'t1'::text || ' committed'], 'tickets, newest first');
select is((select array_agg(ticket) from api.return_list(pg_temp.tok('t.sup'), 'committed', :'t2'::text, 1)),
	array[:'t1'::text], 'of a state, a page of them');
select is((select row(outcome, bags, jsonb_array_length(bags_list), bags_list -> 0 ->> 'bill')
	from api.return_show(pg_temp.tok('t.sup'), :'t1'::text)),
	row('ok'::text, 2, 2, 'BILL-T1'::text), 'what was on it');
select is((select outcome from api.return_show(pg_temp.tok('t.sup'), 'RTN-9')), 'no_ticket', 'none');
select is((select outcome from api.return_show(pg_temp.tok('t.asha'), :'t1'::text)), 'not_permitted',
	'a dispatcher sees none');
select throws_ok($$select api.return_list(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted', 'nor lists');
select pg_temp.sound();

select * from finish();
rollback;
