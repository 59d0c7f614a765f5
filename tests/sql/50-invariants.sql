-- tracetrack.violation() finds what is broken on purpose; without that its
-- silence would mean nothing.
begin;
\ir prelude.psql
select plan(43);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 4) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000002', 'T-D', 2) \g /dev/null
select pg_temp.sound();

-- Breaks something, looks for a rule that says so, and puts it right again.
create function pg_temp.finds(p_rule text, p_break text) returns text language plpgsql as $$
declare
	v_found boolean := false;
begin
	begin
		set constraints all deferred;
		execute p_break;
		v_found := exists (select from tracetrack.violation() where rule = p_rule)
			and (p_rule !~ '^[1348] ' or pg_temp.pieces_agree());
		raise sqlstate 'TT002';
	exception when sqlstate 'TT002' then
		null;
	end;
	return ok(v_found, p_rule || ' <- ' || 
		left(regexp_replace(p_break, '\s+', ' ', 'g'), 60));
end
$$;
select pg_temp.finds('1 parents agree with their children',
	$$update tracetrack.bag set child_count = 5 where code = 'SB91000001'$$);
select pg_temp.finds('1 parents agree with their children',
	$$update tracetrack.bag set position = 9 where code = 'T-C2'$$);
select pg_temp.finds('1 parents agree with their children',
	$$update tracetrack.bag set grams_expected = 1 where code = 'SB91000001'$$);
select pg_temp.finds('1 parents agree with their children', $$update tracetrack.bag set position = 3,
	parent_id = (select id from tracetrack.bag where code = 'SB91000002') where code = 'T-C4'$$);
select pg_temp.finds('1 children are in parents', $$update tracetrack.bag set position = 1,
	parent_id = (select id from tracetrack.bag where code = 'T-D1') where code = 'T-C4'$$);
select pg_temp.finds('1 children are in parents',
	$$update tracetrack.bag set parent_id = 9223372036854775807 where code = 'T-C4'$$);
select pg_temp.finds('3 codes match their family',
	$$update tracetrack.bag set code = 'SBX' where code = 'SB91000001'$$);
select pg_temp.finds('3 codes match their family', $$update tracetrack.bag set family_id =
	(select id from tracetrack.family where name = 'child') where code = 'SB91000001'$$);
select pg_temp.finds('3 no child has another role''s code',
	$$update tracetrack.bag set code = 'SB91000007' where code = 'T-C1'$$);
select pg_temp.finds('3 bags name people, areas and stations',
	$$update tracetrack.bag set person_id = 2147483647 where code = 'T-C1'$$);
select pg_temp.finds('3 the ledger names people, stations and sessions',
	$$delete from tracetrack.session$$);
select pg_temp.finds('4 every request is in the ledger once', $$insert into tracetrack.request
	values (pg_temp.ev('nowhere'), now(), 0, null, null, 0)$$);
select pg_temp.finds('4 every request is in the ledger once', $$insert into tracetrack.event
	select number, at + interval '1 second', client_at, epoch, seq, session_id, sent_by,
	parent_id, child_id, from_parent_id, grams, total, other_at, station_id, person_id, lane,
	position, children, capacity, offline, id, undoes, action, outcome from tracetrack.event
	where id = pg_temp.ev('T-C1')$$);
select pg_temp.finds('4 numbers come with an epoch', $$insert into tracetrack.request
	values (pg_temp.ev('nowhere'), now(), 0, 1, null, 0)$$);
create function pg_temp.forge(p_outcome text, p_child text, p_parent text, p_state text)
returns text language sql as $$
	select format('select tracetrack.scan_end(row(false, false, false, %L, now(), null, null,
		null, (select max(id) from tracetrack.session), 1, 0, 1, 1, true, null, true, null,
		''child'', null, null, null, null, null, %L, (select id from tracetrack.bag
		where code = %L), (select id from tracetrack.bag where code = %L), null, null, null,
		1, 1, 30, 1, %L, null, null, null, null, null, null, null, null, null,
		null)::tracetrack.scan)', pg_temp.ev('forged'), p_outcome, p_parent, p_child, p_state)
$$;
select pg_temp.finds('4 the ledger gives the children',
	pg_temp.forge('linked', 'T-C1', 'SB91000002', 'open'));
select pg_temp.finds('4 the ledger gives the parents',
	pg_temp.forge('finished', null, 'SB91000002', 'complete'));
select pg_temp.finds('4 the ledger gives the parents', $$update tracetrack.bag set state = 'short',
	closed_at = now(), closed_by = 1, closed_station = 0, closed_event = event_id
	where code = 'SB91000002'$$);
select pg_temp.finds('4 events are of a known kind',
	pg_temp.forge('undone', 'T-C1', 'SB91000001', 'open'));
select pg_temp.finds('4 the ledger gives the children', $$insert into tracetrack.bag (code, role,
	family_id, area_id, state, person_id, station_id, event_id) select 'T-NEW', role, family_id,
	area_id, 'unlinked', person_id, station_id, event_id from tracetrack.bag
	where code = 'T-C1'$$);
select pg_temp.finds('4 refusals of offline scans are exceptions',
	$$select api.scan_child(pg_temp.tok('t.asha'), gen_random_uuid(), p_offline => true,
	p_code => 'T-C1', p_parent => 'SB91000002'); delete from tracetrack.exception$$);
select pg_temp.finds('5 counters are what they count',
	$$update tracetrack.tally set linked = linked + 1 where slot = 5$$);
select pg_temp.finds('5 counters are what they count',
	$$update tracetrack.tally set parents_open = parents_open - 1 where slot = 63$$);
select pg_temp.finds('1 children are in parents',
	$$update tracetrack.bag set state = 'cancelled' where code = 'SB91000001'$$);
-- an event after that of T-C1 and like it, but for what is said
create function pg_temp.event_with(p_other text) returns text language sql as $$
	select format('insert into tracetrack.event select (jsonb_populate_record(e, %L)).*
		from tracetrack.event e where e.id = pg_temp.ev(''T-C1'')',
		p_other::jsonb || jsonb_build_object('id', pg_temp.ev('other'),
			'number', nextval('tracetrack.event_number')))
$$;
select pg_temp.finds(rule, pg_temp.event_with(other)) from (values
	('3 the ledger names people, stations and sessions', '{"person_id": 2147483647}'),
	('3 the ledger names people, stations and sessions', '{"station_id": 2147483647}'),
	('3 the ledger names people, stations and sessions', '{"session_id": 9223372036854775807}'),
	('3 the ledger names people, stations and sessions', '{"sent_by": 9223372036854775807}'),
	('4 the ledger gives the children', '{"child_id": 9223372036854775807}'),
	('4 the ledger gives the parents', '{"parent_id": 9223372036854775807}'),
	('4 the ledger gives the parents', '{"from_parent_id": 9223372036854775807}'),
	('4 events are of a known kind', '{"action": "guess"}')) x (rule, other);
select pg_temp.finds('4 an event is undone once', format(
	$$select pg_temp.undo('t.asha', pg_temp.ev('T-C4'), pg_temp.ev('undo')); insert into tracetrack.event
	(at, session_id, sent_by, parent_id, child_id, from_parent_id, station_id, person_id, offline, id,
	undoes, action, outcome) select at, session_id, sent_by, %s, child_id, from_parent_id,
	station_id, person_id, offline, pg_temp.ev('again'), undoes, action, outcome from tracetrack.event
	where id = pg_temp.ev('undo')$$, x.parent))
  from (values ('parent_id'), ('null::bigint')) x (parent);
select pg_temp.finds('5 the roll-up is what the ledger says',
	$$update tracetrack.activity_day set scans = scans + 1$$);
select pg_temp.finds('5 the roll-up is not ahead of what is settled',
	$$alter table tracetrack.activity_state drop constraint activity_state_in_order;
	update tracetrack.activity_state set rolled = settled + 1$$);
select pg_temp.finds('5 the roll-up is of the business zone',
	$$update tracetrack.activity_state set zone = 'UTC'$$);
select pg_temp.finds('7 the audit has no gaps',
	$$update tracetrack.audit_counter set last = last + 1$$);
select pg_temp.finds('7 the audit tells the present',
	$$alter table tracetrack.area disable trigger user; update tracetrack.area set name = 'Else'$$);
select pg_temp.finds('7 the seals hold', $$insert into tracetrack.seal (number, at, source, first, last,
	rows, previous, hash, rows_hash, digests) select coalesce(max(number), 0) + 2, now(), 'audit', 1, 1,
	1, sha256(''), sha256(''), '', '' from tracetrack.seal$$);
select pg_temp.finds('8 no session of a disabled person works',
	$$update tracetrack.person set state = 'disabled', disabled_at = now() where login = 't.asha';
	update tracetrack.session set is_ready = true, revoked_at = null$$);
select pg_temp.finds('8 a disabled person does nothing',
	$$update tracetrack.person set state = 'disabled', disabled_at = now() - interval '1 hour'
	where login = 't.asha'$$);
select pg_temp.sound();

select * from finish();
rollback;
