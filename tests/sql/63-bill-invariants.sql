-- tracetrack.violation() finds what is broken of bills on purpose.
begin;
\ir prelude.psql
select plan(15);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.adm', 'administrator', null) \g /dev/null
select pg_temp.closed('t.asha', 'SB9100001', 3) \g /dev/null
select pg_temp.bill('t.adm', 'BILL-T' || i, 3) from generate_series(1, 2) i \g /dev/null
select pg_temp.bill_add('t.adm', 'SB91000011', 'BILL-T1') \g /dev/null
select pg_temp.bill_add('t.adm', 'SB91000012', 'BILL-T2') \g /dev/null
select pg_temp.bill_complete('t.adm', 'BILL-T1', 'x') \g /dev/null
select pg_temp.sound();

create function pg_temp.finds(p_rule text, p_break text) returns text language plpgsql as $$
declare
	v_found boolean := false;
begin
	begin
		execute p_break;
		v_found := exists (select from tracetrack.violation() where rule = p_rule)
			and pg_temp.pieces_agree();
		raise sqlstate 'TT002';
	exception when sqlstate 'TT002' then
		null;
	end;
	return ok(v_found, p_rule || ' <- ' ||
		left(regexp_replace(p_break, '\s+', ' ', 'g'), 60));
end
$$;
select pg_temp.finds('2 bills agree with their bags',
	$$update tracetrack.bill set linked = 2 where number = 'BILL-T2'$$);
select pg_temp.finds('2 bills agree with their bags',
	$$update tracetrack.bill set grams_actual = grams_actual + 1 where number = 'BILL-T2'$$);
select pg_temp.finds('2 bills agree with their bags',
	$$update tracetrack.bill set children = 1 where number = 'BILL-T2'$$);
select pg_temp.finds('2 bills agree with their bags',
	$$update tracetrack.bag set grams_measured = 7 where code = 'SB91000012'$$);
select pg_temp.finds('2 parents are on bills that take them',
	$$update tracetrack.bag set bill_id = 9223372036854775807 where code = 'SB91000012'$$);
select pg_temp.finds('2 tickets agree with their bags', $$insert into tracetrack.return_ticket
	(number, location, bags, opened_by) values ('RTN-T', 'x', 1, 1)$$);
select pg_temp.finds('3 bill numbers are nothing else',
	$$update tracetrack.bill set number = 'TRUCK' where number = 'BILL-T2'$$);
select pg_temp.finds('4 the ledger gives what is on bills',
	$$update tracetrack.bag set bill_id = (select id from tracetrack.bill where number = 'BILL-T1')
	where code = 'SB91000012'$$);
select pg_temp.finds('4 the ledger gives what is on bills',
	$$update tracetrack.bag set bill_event = gen_random_uuid() where code = 'SB91000012'$$);
select pg_temp.finds('4 the ledger gives the weights',
	$$update tracetrack.bag set grams_measured = 7 where code = 'SB91000013'$$);
select pg_temp.finds('4 the ledger gives the bills',
	$$update tracetrack.bill set capacity = 9 where number = 'BILL-T2'$$);
select pg_temp.finds('4 the ledger gives the bills', $$update tracetrack.bill set state = 'reopened',
	reason = 'x' where number = 'BILL-T2'$$);
select pg_temp.finds('6 completed bills are as they were completed', $$update tracetrack.bill
	set grams_actual = 1 where number = 'BILL-T1'$$);
select pg_temp.finds('6 closed parents have a closer',
	$$update tracetrack.bag set closed_event = gen_random_uuid() where code = 'SB91000013'$$);

select * from finish();
rollback;
