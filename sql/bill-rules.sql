-- What may be done with bills: the steps of the functions in api/bill.sql.
--
-- Locks, always in this order: what every call takes, bills by id, parents by id,
-- children by id, the backend's slot of the tally.

-- The bills that these parents are on, by id.
create or replace function tracetrack.bills_of(p_parents bigint[]) returns bigint[]
language plpgsql as $$
begin
	return array(select distinct b.bill_id from tracetrack.bag b
		where b.id = any (p_parents) and b.bill_id is not null order by 1);
end
$$;

-- Locks bills, those that the parents are on too, then the parents. If a parent has
-- moved to another bill meanwhile, the locks are let go by way of a
-- subtransaction, because taking one more would break the order.
create or replace function tracetrack.bills_lock(p_bills bigint[], p_parents bigint[])
returns void
language plpgsql as $$
declare
	v_bills bigint[];
begin
	loop
		begin
			v_bills := coalesce(p_bills, '{}') || tracetrack.bills_of(p_parents);
			perform from tracetrack.bill where id = any (v_bills)
			  order by id for no key update;
			perform from tracetrack.bag where id = any (p_parents)
			  order by id for no key update;
			if tracetrack.bills_of(p_parents) <@ v_bills then
				return;
			end if;
			raise sqlstate 'TT001';
		exception when sqlstate 'TT001' then
			null;
		end;
	end loop;
end
$$;

-- Brings counts and weights of bills up to what their bags say now. The bills are
-- locked by the caller; p_bills may hold nulls.
create or replace function tracetrack.bills_follow(p_bills bigint[]) returns void
language plpgsql as $$
begin
	update tracetrack.bill t
	   set linked = x.linked, children = x.children, grams_expected = x.expected,
	       grams_actual = x.actual
	  from unnest(p_bills) i (id)
	 cross join lateral (
		select count(*) as linked, coalesce(sum(b.child_count), 0) as children,
		       coalesce(sum(b.grams_expected), 0) as expected,
		       coalesce(sum(coalesce(b.grams_measured, b.grams_expected)), 0) as actual
		  from tracetrack.bag b where b.bill_id = i.id) x
	 where t.id = i.id;
end
$$;

-- Refuses to change what is in parents of which one is on a completed bill. The
-- bills are locked by the caller. Outcome: bill_closed (which, when, who).
create or replace function tracetrack.bills_refuse(s tracetrack.scan, p_parents bigint[])
returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	select t.number, t.completed_at, t.completed_by, t.completed_station into v
	  from tracetrack.bag b join tracetrack.bill t on t.id = b.bill_id
	 where b.id = any (p_parents) and t.state = 'completed'
	 order by t.id limit 1;
	if found then
		s.outcome := 'bill_closed';
		s := tracetrack.scan_blame(s, v.number, v.completed_at, v.completed_by,
			v.completed_station);
	end if;
	return s;
end
$$;

-- Links a child to an open parent that is on a bill: the slow way of child_link,
-- by locks in their order. Without an outcome if that changed meanwhile.
-- Outcomes: linked, completed, bill_closed.
create or replace function tracetrack.child_link_billed(s tracetrack.scan, p_parent bigint)
returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	c tracetrack.bag;
	f tracetrack.family;
	v_grams bigint := s.grams;
begin
	-- Who has waited for the parent while it was put onto the bill holds it already,
	-- before the bill: then the bill isn't waited for. The station sends it again.
	perform from tracetrack.bag x join tracetrack.bill t on t.id = x.bill_id
	  where x.id = p_parent and x.xmax = pg_current_xact_id()::xid
	  for no key update of t nowait;
	perform tracetrack.bills_lock(null, array[p_parent]);
	select * into p from tracetrack.bag where id = p_parent;
	if p.bill_id is null or p.state <> 'open' then
		return s;
	end if;
	s := tracetrack.bills_refuse(s, array[p.id]);
	if s.outcome is not null then
		return tracetrack.scan_show(s, p.id);
	end if;
	f := tracetrack.code_family(s.code);
	insert into tracetrack.bag (code, role, family_id, area_id, state, since, person_id,
		station_id, event_id)
	values (s.code, 'child', f.id, p.area_id, 'unlinked', s.at, s.person_id,
		s.station_id, s.id)
	on conflict (code) do nothing;
	update tracetrack.bag
	   set grams_measured = v_grams, grams_expected = (select child_grams
		from tracetrack.family where id = p.family_id)
	 where code = s.code and role = 'child' and state = 'unlinked'
	returning * into c;
	if not found then
		return s;
	end if;
	s.child_id := c.id;
	s := tracetrack.child_transfer(s, c, p.id);
	s := tracetrack.scan_show(s, p.id);
	s.outcome := case s.state when 'complete' then 'completed' else 'linked' end;
	perform tracetrack.bills_follow(array[p.bill_id]);
	return s;
end
$$;

-- Begins a scan that is about a bill, as scan_begin does for bags. settled if the
-- answer is known: session_expired, bad_format (no request id), key_reused, or
-- replayed.
create or replace function tracetrack.bill_begin(p_action text, p_token text, p_event uuid,
	p_epoch bigint, p_seq bigint, p_at timestamptz, p_session bigint, p_device text,
	p_lane integer, p_offline boolean, p_bill text, p_code text default null,
	p_reason text default null) returns tracetrack.scan
language plpgsql as $$
declare
	s tracetrack.scan;
	v_content bigint := hash_record_extended(row(p_action, p_code, p_bill, p_reason), 0);
begin
	s := tracetrack.scan_context(p_action, p_token, p_event, p_epoch, p_seq, p_at, p_session,
		p_device, p_lane, p_offline, p_code => p_code, p_parent => p_bill,
		p_reason => p_reason);
	if s.settled then
		return s;
	end if;
	insert into tracetrack.request (event, at, content, epoch, seq, station_id)
	values (s.id, s.at, v_content, s.epoch, s.seq, s.station_id)
	on conflict do nothing;
	if not found then
		s.settled := true;
		s.replayed := exists (select from tracetrack.request r
			where r.event = s.id and r.content = v_content
			  and r.station_id = s.station_id);
		s.outcome := case when not s.replayed then 'key_reused' end;
	end if;
	return s;
end
$$;

-- Writes the ledger's row about a bill, null if there is none of that number. What
-- the row says of the bill is what is true now.
create or replace function tracetrack.bill_event(s tracetrack.scan, b tracetrack.bill)
returns void
language plpgsql as $$
begin
	insert into tracetrack.event (at, client_at, epoch, seq, session_id, sent_by, parent_id,
		child_id, grams, total, other_at, station_id, person_id, lane, position, children,
		capacity, offline, id, action, outcome, code, state, device, reason, other,
		other_by, other_station, bill_id, bill_expected, bill_children, bill)
	values (s.at, s.client_at, s.epoch, s.seq, s.session_id, s.sent_by, s.parent_id,
		s.child_id, s.grams, b.grams_actual, s.other_at, s.station_id, s.person_id, s.lane,
		s.position, b.linked, b.capacity, coalesce(s.offline, false), s.id, s.action,
		s.outcome, s.code, coalesce(b.state, s.state), s.device, s.reason, s.other, s.other_by,
		s.other_station, b.id, b.grams_expected, b.children,
		case when b.id is null then s.parent_code end);
end
$$;

-- The same with counters and exception.
create or replace function tracetrack.bill_note(s tracetrack.scan, b tracetrack.bill)
returns void
language plpgsql as $$
begin
	perform tracetrack.bill_event(s, b);
	if s.offline then
		insert into tracetrack.exception (event, at, outcome)
		select s.id, s.at, s.outcome
		 where tracetrack.outcome_class(s.outcome) = 'refused';
	end if;
	perform tracetrack.scan_count(s);
end
$$;

-- The first answer again.
create or replace function tracetrack.bill_again(s tracetrack.scan)
returns tracetrack.bill_answer
language plpgsql as $$
declare
	a tracetrack.bill_answer;
begin
	select e.outcome, true, e.id, e.code, coalesce(b.number, e.bill), e.position, e.children,
	       e.capacity, e.bill_children, e.bill_expected, e.total, e.state, b.destination,
	       e.other, e.other_at, e.other_by, e.other_station
	  into a
	  from tracetrack.request r
	  join tracetrack.event e on e.station_id = r.station_id and e.at = r.at and e.id = r.event
	  left join tracetrack.bill b on b.id = e.bill_id
	 where r.event = s.id;
	return a;
end
$$;

-- The answer: what came of it, and the bill as it is now.
create or replace function tracetrack.bill_tell(s tracetrack.scan, b tracetrack.bill)
returns tracetrack.bill_answer
language plpgsql as $$
begin
	return row(s.outcome, s.replayed, s.id, s.code, coalesce(b.number, s.parent_code),
		s.position, b.linked, b.capacity, b.children, b.grams_expected, b.grams_actual,
		b.state, b.destination, s.other, s.other_at, s.other_by,
		s.other_station)::tracetrack.bill_answer;
end
$$;

-- Writes ledger, counters and exception, and gives the answer. Who may not is told
-- nothing of the bill.
create or replace function tracetrack.bill_end(s tracetrack.scan) returns tracetrack.bill_answer
language plpgsql as $$
declare
	b tracetrack.bill;
begin
	if s.replayed then
		return tracetrack.bill_again(s);
	end if;
	if not s.settled then
		select * into b from tracetrack.bill where number = s.parent_code
		   and s.outcome <> 'not_permitted';
		perform tracetrack.bill_note(s, b);
	end if;
	return tracetrack.bill_tell(s, b);
end
$$;

-- Cleans a call and locks the bill that it is about. Sets outcome if there is none
-- (no_bill), it was given none (bad_format), or it is closed (bill_closed: who, when).
create or replace function tracetrack.bill_hold(inout s tracetrack.scan, out b tracetrack.bill)
language plpgsql as $$
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return;
	end if;
	select * into b from tracetrack.bill where number = s.parent_code for no key update;
	if s.parent_code is null then
		s.outcome := 'bad_format';
	elsif b.id is null then
		s.outcome := 'no_bill';
	elsif b.state in ('completed', 'cancelled') then
		s := tracetrack.bill_blame(s, b);
	end if;
end
$$;

-- Refuses because a bill is completed or cancelled, with who did that.
create or replace function tracetrack.bill_blame(s tracetrack.scan, b tracetrack.bill)
returns tracetrack.scan
language plpgsql as $$
declare
	e record;
begin
	s.outcome := 'bill_closed';
	if b.state = 'completed' then
		return tracetrack.scan_blame(s, b.number, b.completed_at, b.completed_by,
			b.completed_station);
	end if;
	select x.at, x.person_id, x.station_id into e from tracetrack.event x
	 where x.bill_id = b.id and x.action = 'bill_cancel' order by x.at desc limit 1;
	return tracetrack.scan_blame(s, b.number, e.at, e.person_id, e.station_id);
end
$$;

-- Makes a bill the current one of a lane: changes nothing.
-- Outcomes: bill_resumed; no_bill, bill_closed, bad_format.
create or replace function tracetrack.bill_pick(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
begin
	if s.outcome is null then
		s := (tracetrack.bill_hold(s)).s;
	end if;
	s.outcome := coalesce(s.outcome, 'bill_resumed');
	return s;
end
$$;

-- Why this parent can't go onto this bill, or null. Both are locked.
create or replace function tracetrack.bill_refusal(s tracetrack.scan, b tracetrack.bill,
	p tracetrack.bag) returns text
language plpgsql as $$
declare
	v_family text := case when p.id is null
		then (tracetrack.code_family(s.code)).role end;
begin
	return case
		when s.code is null then 'bad_format'
		when p.id is null and v_family in ('parent', 'child') then 'unknown_code'
		when p.id is null then 'bad_format'
		when p.role = 'child' then 'is_child'
		when p.state = 'unused' then 'unknown_code'
		when p.state = 'cancelled' then 'parent_cancelled'
		when p.area_id <> s.area_id and not s.any_area then 'wrong_area'
		when p.bill_id = b.id then 'already_on_bill'
		when p.bill_id is not null then 'on_other_bill'
		when b.linked >= b.capacity then 'bill_full'
		when p.state = 'open' and tracetrack.setting_text('bill_complete_bags')
			is distinct from 'off' then 'bag_not_complete' end;
end
$$;

-- Records why a parent is refused, with what stands in the way.
create or replace function tracetrack.bill_refuse(s tracetrack.scan, p tracetrack.bag,
	p_outcome text) returns tracetrack.scan
language plpgsql as $$
begin
	s.outcome := p_outcome;
	if p_outcome in ('already_on_bill', 'on_other_bill') then
		return tracetrack.scan_blame(s,
			(select number from tracetrack.bill where id = p.bill_id),
			p.bill_at, p.bill_by, p.bill_station);
	elsif p_outcome = 'is_child' then
		return tracetrack.scan_blame(s,
			(select code from tracetrack.bag where id = p.parent_id),
			p.since, p.person_id, p.station_id);
	elsif p_outcome = 'wrong_area' then
		s.other := (select code from tracetrack.area where id = p.area_id);
	elsif p_outcome in ('parent_cancelled', 'bag_not_complete') then
		return tracetrack.scan_blame(s, p.code, p.since, p.person_id, p.station_id);
	end if;
	return s;
end
$$;

-- Puts a parent onto a bill; bill_manual is told apart by a mark and wants a reason.
-- Outcomes: bill_added (position: how many it makes); no_bill, bill_closed, bill_full,
-- already_on_bill, on_other_bill, bag_not_complete, unknown_code, is_child,
-- parent_cancelled, wrong_area, bad_format.
create or replace function tracetrack.bill_put(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	b tracetrack.bill;
	p tracetrack.bag;
	v_refusal text;
begin
	if s.outcome is null then
		select * into v from tracetrack.bill_hold(s);
		s := v.s;
		b := v.b;
	end if;
	if s.outcome is null and s.action = 'bill_manual' and s.reason is null then
		s.outcome := 'bad_format';
	end if;
	if s.outcome is not null then
		return s;
	end if;
	select * into p from tracetrack.bag where code = s.code for no key update;
	s.parent_id := case when p.role = 'parent' then p.id end;
	s.child_id := case when p.role = 'child' then p.id end;
	v_refusal := tracetrack.bill_refusal(s, b, p);
	if v_refusal is not null then
		return tracetrack.bill_refuse(s, p, v_refusal);
	end if;
	update tracetrack.bag
	   set bill_id = b.id, bill_at = s.at, bill_by = s.person_id,
	       bill_station = s.station_id, bill_event = s.id,
	       bill_manual = s.action = 'bill_manual'
	 where id = p.id;
	perform tracetrack.bills_follow(array[b.id]);
	s.outcome := 'bill_added';
	s.position := b.linked + 1;
	return s;
end
$$;

-- Takes a parent off its bill. Without a number: off whatever bill it is on.
-- Outcomes: bill_removed; not_on_bill, on_other_bill, bill_closed, no_bill,
-- unknown_code, is_child, wrong_area, bad_format.
create or replace function tracetrack.bill_take(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	b tracetrack.bill;
	p tracetrack.bag;
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	select * into b from tracetrack.bill where number = s.parent_code;
	select * into p from tracetrack.bag where code = s.code;
	perform tracetrack.bills_lock(array_remove(array[b.id], null),
		case when p.role = 'parent' then array[p.id] end);
	select * into p from tracetrack.bag where id = p.id;
	s.parent_id := case when p.role = 'parent' then p.id end;
	s.child_id := case when p.role = 'child' then p.id end;
	select * into b from tracetrack.bill where id = coalesce(b.id, p.bill_id);
	s.outcome := case
		when s.code is null then 'bad_format'
		when s.parent_code is not null and b.number is distinct from s.parent_code
			then 'no_bill'
		when p.id is null then 'unknown_code'
		when p.role = 'child' then 'is_child'
		when p.area_id <> s.area_id and not s.any_area then 'wrong_area'
		when p.bill_id is null then 'not_on_bill'
		when p.bill_id <> b.id then 'on_other_bill' end;
	s.parent_code := coalesce(b.number, s.parent_code);
	if s.outcome is not null then
		return tracetrack.bill_refuse(s, p, s.outcome);
	elsif b.state = 'completed' then
		return tracetrack.bill_blame(s, b);
	end if;
	update tracetrack.bag
	   set bill_id = null, bill_at = null, bill_by = null, bill_station = null,
	       bill_event = null, bill_manual = null
	 where id = p.id;
	perform tracetrack.bills_follow(array[b.id]);
	s.outcome := 'bill_removed';
	return s;
end
$$;

-- Completes a bill: full, or with a reason not full; never an empty one.
-- Outcomes: bill_completed; bill_not_full, bag_not_complete (other is one that is
-- open), bill_closed (who, when), no_bill, bad_format.
create or replace function tracetrack.bill_close(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	b tracetrack.bill;
	p tracetrack.bag;
begin
	if s.outcome is null then
		select * into v from tracetrack.bill_hold(s);
		s := v.s;
		b := v.b;
	end if;
	if s.outcome is not null then
		return s;
	end if;
	if b.linked = 0 or (b.linked < b.capacity and s.reason is null) then
		s.outcome := 'bill_not_full';
		return s;
	end if;
	if tracetrack.setting_text('bill_complete_bags') is distinct from 'off' then
		select * into p from tracetrack.bag
		 where bill_id = b.id and state = 'open' order by id limit 1;
		if found then
			s.code := p.code;
			return tracetrack.bill_refuse(s, p, 'bag_not_complete');
		end if;
	end if;
	update tracetrack.bill
	   set state = 'completed', completed_at = s.at, completed_by = s.person_id,
	       completed_station = s.station_id, completed_event = s.id,
	       reason = s.reason
	 where id = b.id;
	s.outcome := 'bill_completed';
	return s;
end
$$;

-- A write of the office as the ledger takes it; a has been begun. The rights were
-- looked at. Outcome: key_reused if a scan has had this request id.
create or replace function tracetrack.office_begin(a tracetrack.act, p_action text,
	p_bill text, p_code text default null, p_reason text default null)
returns tracetrack.scan
language plpgsql as $$
declare
	s tracetrack.scan;
begin
	s.settled := false;
	s.replayed := false;
	s.offline := false;
	s.id := a.request;
	s.at := now();
	s.session_id := a.session_id;
	s.sent_by := a.session_id;
	s.station_id := a.station_id;
	s.person_id := a.person_id;
	s.area_id := a.area_id;
	s.any_area := a.any_area;
	s.action := p_action;
	s.parent_code := p_bill;
	s.code := p_code;
	s.reason := p_reason;
	if exists (select from tracetrack.request r where r.event = a.request) then
		s.outcome := 'key_reused';
	end if;
	return s;
end
$$;

-- Writes the ledger's row of a write of the office, if that was done.
create or replace function tracetrack.office_note(s tracetrack.scan, b tracetrack.bill)
returns void
language plpgsql as $$
begin
	if s.outcome = 'ok' then
		insert into tracetrack.request (event, at, content, station_id)
		values (s.id, s.at, hashtextextended(s.action, 0), s.station_id);
		perform tracetrack.bill_note(s, b);
	end if;
end
$$;

-- Ends a write of the office that is about a bill: ledger and answer.
create or replace function tracetrack.office_end(a tracetrack.act, s tracetrack.scan)
returns tracetrack.bill_answer
language plpgsql as $$
declare
	b tracetrack.bill;
	v tracetrack.bill_answer;
begin
	select * into b from tracetrack.bill where number = s.parent_code;
	perform tracetrack.office_note(s, b);
	v := tracetrack.bill_tell(s, b);
	perform tracetrack.write_end(a, to_jsonb(v));
	return v;
end
$$;

-- The next number that nobody has given to a bill by hand.
create or replace function tracetrack.bill_number_next() returns text
language plpgsql as $$
declare
	v_number text;
begin
	loop
		v_number := 'BILL-' || to_char(nextval('tracetrack.bill_number'), 'FM000000000');
		if not exists (select from tracetrack.bill where number = v_number) then
			return v_number;
		end if;
	end loop;
end
$$;

-- Makes a bill. Outcomes: ok; bad_format (the number is no bill's), exists,
-- bad_value (no destination, a capacity that is none, a text that is too long).
create or replace function tracetrack.bill_make(s tracetrack.scan, p_destination text,
	p_vehicle text, p_capacity integer) returns tracetrack.scan
language plpgsql as $$
declare
	v_destination text := tracetrack.text_clean(p_destination, 101);
	v_vehicle text := tracetrack.text_clean(p_vehicle, 41);
begin
	s.parent_code := tracetrack.code_clean(s.parent_code);
	s.outcome := case
		when s.outcome is not null then s.outcome
		when length(s.parent_code) > 64 or s.parent_code is not null
			and (tracetrack.code_family(s.parent_code)).role is distinct from 'bill'
			then 'bad_format'
		when v_destination is null or length(v_destination) > 100
			or length(v_vehicle) > 40 or p_capacity is null
			or p_capacity not between 1 and 100 then 'bad_value' end;
	if s.outcome is not null then
		return s;
	end if;
	s.parent_code := coalesce(s.parent_code, tracetrack.bill_number_next());
	insert into tracetrack.bill (number, destination, vehicle, capacity, created_at, created_by)
	values (s.parent_code, v_destination, v_vehicle, p_capacity, s.at, s.person_id)
	on conflict (number) do nothing;
	s.outcome := case when found then 'ok' else 'exists' end;
	return s;
end
$$;

-- Changes what is given of a bill. Outcomes: ok; bill_full (more are on it than that
-- capacity), bill_closed, no_bill, bad_format, bad_value.
create or replace function tracetrack.bill_change(s tracetrack.scan, p_destination text,
	p_vehicle text, p_capacity integer) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	v_destination text := tracetrack.text_clean(p_destination, 101);
	v_vehicle text := tracetrack.text_clean(p_vehicle, 41);
begin
	if s.outcome is null then
		select * into v from tracetrack.bill_hold(s);
		s := v.s;
	end if;
	s.outcome := case
		when s.outcome is not null then s.outcome
		when length(v_destination) > 100 or length(v_vehicle) > 40
			or p_capacity not between 1 and 100 then 'bad_value'
		when p_capacity < (v.b).linked then 'bill_full'
		else 'ok' end;
	if s.outcome = 'ok' then
		update tracetrack.bill
		   set destination = coalesce(v_destination, destination),
		       vehicle = coalesce(v_vehicle, vehicle),
		       capacity = coalesce(p_capacity, capacity)
		 where id = (v.b).id;
	end if;
	return s;
end
$$;

-- Opens a completed bill again. Outcomes: ok; bill_open (it is not completed),
-- bill_closed (cancelled), no_bill, bad_format (no reason).
create or replace function tracetrack.bill_unlock(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	if s.outcome is null then
		select * into v from tracetrack.bill_hold(s);
		s := v.s;
	end if;
	if s.outcome is null then
		s.outcome := 'bill_open';
	elsif s.outcome = 'bill_closed' and (v.b).state = 'completed' then
		s.outcome := case when s.reason is null then 'bad_format' else 'ok' end;
	end if;
	if s.outcome = 'ok' then
		s.other := null;
		s.other_at := null;
		s.other_by := null;
		s.other_station := null;
		update tracetrack.bill
		   set state = 'reopened', reason = s.reason, completed_at = null,
		       completed_by = null, completed_station = null, completed_event = null
		 where id = (v.b).id;
	end if;
	return s;
end
$$;

-- Cancels a bill that is not completed; its parents are free again. Outcomes: ok;
-- bill_closed, no_bill, bad_format (no reason).
create or replace function tracetrack.bill_void(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	if s.outcome is null then
		select * into v from tracetrack.bill_hold(s);
		s := v.s;
	end if;
	if s.outcome is null and s.reason is null then
		s.outcome := 'bad_format';
	end if;
	if s.outcome is null then
		perform from tracetrack.bag where bill_id = (v.b).id order by id for no key update;
		perform tracetrack.bills_unload(s, array(
			select id from tracetrack.bag where bill_id = (v.b).id));
		update tracetrack.bill set state = 'cancelled', reason = s.reason
		 where id = (v.b).id;
		s.outcome := 'ok';
	end if;
	return s;
end
$$;

-- Takes parents off whatever bills they are on, and writes the ledger's row of each.
-- Bills and parents are locked by the caller.
create or replace function tracetrack.bills_unload(s tracetrack.scan, p_bags bigint[])
returns void
language plpgsql as $$
declare
	v_bags bigint[];
	v_bills bigint[];
	v_events uuid[];
begin
	select array_agg(b.id order by b.id), array_agg(b.bill_id order by b.id),
	       array_agg(gen_random_uuid() order by b.id)
	  into v_bags, v_bills, v_events
	  from tracetrack.bag b where b.id = any (p_bags) and b.bill_id is not null;
	if v_bags is null then
		return;
	end if;
	update tracetrack.bag
	   set bill_id = null, bill_at = null, bill_by = null, bill_station = null,
	       bill_event = null, bill_manual = null
	 where id = any (v_bags);
	perform tracetrack.bills_follow(v_bills);
	insert into tracetrack.request (event, at, content, station_id)
	select e, s.at, 0, s.station_id from unnest(v_events) e;
	insert into tracetrack.event (at, session_id, sent_by, parent_id, total, station_id,
		person_id, children, capacity, offline, id, action, outcome, code, state, reason,
		other, bill_id, bill_expected, bill_children)
	select s.at, s.session_id, s.sent_by, x.bag, t.grams_actual, s.station_id, s.person_id,
	       t.linked, t.capacity, false, x.event, 'bill_off', 'bill_removed', b.code,
	       t.state, s.reason, s.other, t.id, t.grams_expected, t.children
	  from unnest(v_bags, v_bills, v_events) x (bag, bill, event)
	  join tracetrack.bag b on b.id = x.bag
	  join tracetrack.bill t on t.id = x.bill;
	update tracetrack.tally
	   set scans = scans + cardinality(v_bags), done = done + cardinality(v_bags)
	 where slot = pg_backend_pid() % 64;
end
$$;
