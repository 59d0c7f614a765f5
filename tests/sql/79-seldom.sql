-- Outcomes that are seldom come by: what the other stories leave out.
begin;
\ir prelude.psql
select no_plan();
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
insert into tracetrack.role_right values ('dispatcher', 'return.edit'), ('dispatcher', 'bag.cancel'),
	('dispatcher', 'import.run'), ('supervisor', 'user.decide') on conflict do nothing;
create function pg_temp.cancel(p_who text, p_code text) returns text language sql as $$
	select (api.bag_cancel(pg_temp.tok(p_who), gen_random_uuid(), p_code, 'torn')).outcome
$$;

-- scans: A1 is empty and cancelled, A2 had one child that went to A3, A4 has one
select pg_temp.parent('t.asha', 'SB9100000' || i, pg_temp.ev('open ' || i))
  from generate_series(1, 5) i \g /dev/null
select is(pg_temp.cancel('t.sup', 'SB91000001'), 'ok', 'a parent is cancelled');
select pg_temp.child('t.asha', 'T-S' || i, 'SB9100000' || i) from generate_series(2, 4) i \g /dev/null
select is((pg_temp.short('t.asha', 'SB91000001', 'x')).outcome, 'parent_cancelled', 'it is not closed');
select is((pg_temp.relink('t.asha', 'T-S2', 'SB91000001')).outcome, 'parent_cancelled',
	'nothing is moved there');
select pg_temp.relink('t.asha', 'T-S2', 'SB91000003', pg_temp.ev('move')) \g /dev/null
select pg_temp.remove('t.asha', 'T-S4', pg_temp.ev('out')) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('open ' || i))).outcome, 'undone', 'an opening is undone')
  from unnest(array[2, 4]) i;
select is((pg_temp.undo('t.asha', pg_temp.ev('move'))).outcome, 'no_parent',
	'a child does not go back into what is no parent any more');
select is((pg_temp.undo('t.asha', pg_temp.ev('out'))).outcome, 'no_parent', 'in no way');
select pg_temp.parent('t.asha', 'SB91000004') \g /dev/null
select is(pg_temp.cancel('t.sup', 'SB91000004'), 'ok', 'nor into one');
select is((pg_temp.undo('t.asha', pg_temp.ev('out'))).outcome, 'parent_cancelled', 'that is cancelled');
select pg_temp.child('t.asha', 'T-S5', 'SB91000005') \g /dev/null
select pg_temp.remove('t.asha', 'T-S5', pg_temp.ev('out 5')) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000005', 'T-F', 30) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('out 5'))).outcome, 'parent_full', 'or full by now');
select is(pg_temp.cancel('t.sup', 'T-S5'), 'ok', 'a child is cancelled');
select is((pg_temp.child('t.asha', 'T-S5', 'SB91000003')).outcome, 'bag_cancelled', 'and goes nowhere');
select is((pg_temp.relink('t.asha', 'T-S5', 'SB91000003')).outcome, 'bag_cancelled', 'in no way');
select is(pg_temp.cancel('t.hema', 'SB91000003'), 'wrong_area', 'bags elsewhere are not cancelled');

-- bills: what bill.add refuses, bill.manual refuses too
create function pg_temp.manual(p_code text, p_bill text) returns text language sql as $$
	select (api.bill_manual(pg_temp.tok('t.boss'), gen_random_uuid(), p_code => p_code,
		p_bill => p_bill, p_reason => 'torn')).outcome
$$;
select pg_temp.closed('t.asha', 'SB9100001', 3) \g /dev/null
select pg_temp.bill('t.bill', 'BILL-S' || i, 1) from generate_series(1, 3) i \g /dev/null
select is((select array_agg(pg_temp.manual(c, b) order by n) from (values
	(1, 'SB91000011', 'BILL-NONE'), (2, 'SB91000011', 'BILL-S1'), (3, 'SB91000011', 'BILL-S1'),
	(4, 'SB91000011', 'BILL-S2'), (5, 'SB91000012', 'BILL-S1'), (6, 'SB91000003', 'BILL-S2'),
	(7, 'T-F1', 'BILL-S2'), (8, 'SB91000001', 'BILL-S2'), (9, 'SB91000099', 'BILL-S2'))
	v (n, c, b)), '{no_bill,bill_added,already_on_bill,on_other_bill,bill_full,bag_not_complete,
	is_child,parent_cancelled,unknown_code}', 'a bag by hand');
select is((pg_temp.bill_complete('t.bill', 'BILL-S1')).outcome, 'bill_completed', 'a bill is completed');
select is(pg_temp.manual('SB91000012', 'BILL-S1'), 'bill_closed', 'and takes none');
select is((pg_temp.bill_complete('t.bill', 'BILL-NONE')).outcome, 'no_bill', 'no bill to complete');
select is((api.bill_cancel(pg_temp.tok('t.boss'), gen_random_uuid(), 'BILL-NONE', 'x')).outcome,
	'no_bill', 'nor to cancel');

-- returns
select ticket as ticket from api.return_open(pg_temp.tok('t.bill'), gen_random_uuid(), 'Hisar') \gset
select is((api.return_add(pg_temp.tok('t.hema'), gen_random_uuid(), 'SB91000011', :'ticket')).outcome,
	'wrong_area', 'another area''s bag');
select is((api.return_remove(pg_temp.tok('t.bill'), gen_random_uuid(), 'SB91000011', 'RTN-9')).outcome,
	'no_ticket', 'nothing is taken off none');
select is((api.return_commit(pg_temp.tok('t.bill'), gen_random_uuid(), 'RTN-9')).outcome, 'no_ticket',
	'none is committed');
select is((api.return_cancel(pg_temp.tok('t.bill'), gen_random_uuid(), 'RTN-9', 'x')).outcome,
	'no_ticket', 'none is cancelled');

-- imports
create function pg_temp.import(p_who text, p_area text, p_event uuid) returns text language sql as $$
	select outcome from api.import_begin(pg_temp.tok(p_who), p_event, 'bags', 'good', 'f',
		repeat('a', 64), 1, 2, p_area)
$$;
create function pg_temp.stage(p_import uuid, p_codes text[]) returns text language sql as $$
	select outcome from api.import_stage(pg_temp.tok('t.boss'), p_import, '{2}', p_codes,
		'{null}', '{jaipur}', '{null}', '{null}', '{null}')
$$;
select is(pg_temp.import('t.hema', 'jaipur', gen_random_uuid()), 'wrong_area', 'into another area');
select is(pg_temp.import('t.boss', 'jaipur', pg_temp.ev('import')), 'ok', 'an import');
select is(pg_temp.stage(pg_temp.ev('import'), '{SB91000050,SB91000051}'), 'bad_value',
	'two codes for one line');
select is(pg_temp.stage(pg_temp.ev('import'), '{SB91000050}'), 'ok', 'its only line');
select is(pg_temp.stage(pg_temp.ev('import'), '{SB91000050}'), 'version_moved', 'it has all');

-- people
create function pg_temp.decide(p_who text, p_login text, p_approve boolean, p_area text default null)
returns text language sql as $$
	select outcome from api.user_decide(pg_temp.tok(p_who), gen_random_uuid(), (
		select x.id from tracetrack.promotion x join tracetrack.person p on p.id = x.person_id
		 where p.login = p_login and x.state = 'pending'), p_approve, p_area)
$$;
update tracetrack.person set role = 'supervisor' where role = 'administrator' and login !~ '^t\.';
select api.user_promote(pg_temp.tok(w), gen_random_uuid(), r, 'x')
  from (values ('t.bill', 'supervisor'), ('t.boss', 'biller')) v (w, r) \g /dev/null
select is(pg_temp.decide('t.boss', 't.bill', null), 'bad_value', 'neither yes nor no');
select is(pg_temp.decide('t.sup', 't.boss', true, 'atlantis'), 'unknown_area', 'an area that is none');
select is(pg_temp.decide('t.sup', 't.boss', true), 'last_administrator', 'the last administrator stays');
select pg_temp.person(repeat('long.', 9), 'biller', null) \g /dev/null
select is((select outcome from api.user_badge(pg_temp.tok('t.boss'), gen_random_uuid(),
	repeat('long.', 9))), 'bad_value', 'a login that is too long for a badge');

-- one's own session
create function pg_temp.pin(p_proof text, p_ops integer) returns text language sql as $$
	select outcome from api.session_pin(pg_temp.tok('t.asha'), gen_random_uuid(),
		pg_temp.proof(p_proof), false, repeat('5a', 16), p_ops, 19922944, repeat('00', 32))
$$;
create function pg_temp.totp(p_code text) returns text[] language sql as $$
	select array[(select outcome from api.totp_codes(pg_temp.tok('t.asha'), gen_random_uuid(), p_code)),
		(select outcome from api.totp_disable(pg_temp.tok('t.asha'), gen_random_uuid(),
			pg_temp.proof('t.asha'), p_code))]
$$;
select is(pg_temp.pin('t.asha', 1), 'bad_value', 'a PIN that is hashed too cheaply');
insert into tracetrack.person_totp (person_id, secret, request)
select id, decode(repeat('77', 20), 'hex'), gen_random_uuid() from tracetrack.person where login = 't.asha';
update tracetrack.person_totp set last_step = tracetrack.totp_step() + 10;
select tracetrack.totp_code(decode(repeat('77', 20), 'hex'), tracetrack.totp_step()) as code \gset
select is((select outcome from api.totp_confirm(pg_temp.tok('t.asha'), gen_random_uuid(), :'code')),
	'totp_used', 'a code that has been taken confirms nothing');
update tracetrack.person_totp set confirmed_at = now();
select is(pg_temp.totp(:'code'), '{totp_used,totp_used}', 'nor does it anything else');
insert into tracetrack.login_failure (login, failures, locked_until, last_at)
values ('t.asha', 9, now() + interval '1 hour', now());
select is(pg_temp.totp(:'code'), '{locked_out,locked_out}', 'who is locked out');
select is(pg_temp.pin('t.asha', 2), 'locked_out', 'sets no PIN');
select is((select outcome from api.totp_enrol(pg_temp.tok('t.asha'), gen_random_uuid(),
	pg_temp.proof('t.asha'))), 'locked_out', 'begins no second factor');
select is((select outcome from api.session_unlock(pg_temp.tok('t.asha'), pg_temp.proof('t.asha'))),
	'locked_out', 'and unlocks nothing');

-- the rest
select is((select outcome from api.stats_summary(pg_temp.tok('t.sup'), p_area => 'atlantis')),
	'unknown_area', 'the day of an area that is none');
select is((select row(outcome, zone) from api.system_site()), row('ok'::text, 'Asia/Kolkata'::text),
	'the site');
select pg_temp.sound();
select * from finish();
rollback;
