-- What may be done with return tickets: the steps of the functions in api/return.sql.
--
-- Locks: the ticket, bills by id, parents by id.

-- The answer of a write on a ticket, kept with its request.
create or replace function tracetrack.return_end(a tracetrack.act, s tracetrack.scan)
returns tracetrack.return_answer
language plpgsql as $$
declare
	v tracetrack.return_answer;
begin
	select s.outcome, false, s.id, coalesce(t.number, s.parent_code), t.location, t.state,
	       t.bags, t.grams, s.code, s.other, s.other_at, s.other_by, s.other_station
	  into v
	  from (select 1) one
	  left join tracetrack.return_ticket t on t.number = s.parent_code;
	perform tracetrack.write_end(a, to_jsonb(v));
	return v;
end
$$;

-- Cleans a call and locks the open ticket that it is about. Outcomes: no_ticket,
-- ticket_closed (when, who), bad_format (none was given).
create or replace function tracetrack.return_hold(inout s tracetrack.scan,
	out t tracetrack.return_ticket)
language plpgsql as $$
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return;
	end if;
	select * into t from tracetrack.return_ticket where number = s.parent_code
	   for no key update;
	if s.parent_code is null then
		s.outcome := 'bad_format';
	elsif t.id is null then
		s.outcome := 'no_ticket';
	elsif t.state <> 'open' then
		s.outcome := 'ticket_closed';
		s := tracetrack.scan_blame(s, t.number, t.closed_at, t.closed_by, null);
	end if;
end
$$;

-- Brings count and weight of a locked ticket up to what its bags say.
create or replace function tracetrack.return_follow(p_ticket bigint) returns void
language plpgsql as $$
begin
	update tracetrack.return_ticket
	   set (bags, grams) = (select count(*), coalesce(sum(grams), 0)
		  from tracetrack.return_bag where ticket_id = p_ticket)
	 where id = p_ticket;
end
$$;

-- Opens a ticket. Outcomes: ok; bad_value (no location, or a text that is too long).
create or replace function tracetrack.return_make(s tracetrack.scan, p_location text,
	p_notes text) returns tracetrack.scan
language plpgsql as $$
declare
	v_location text := tracetrack.text_clean(p_location, 101);
	v_notes text := tracetrack.text_clean(p_notes, 501);
begin
	if s.outcome is not null then
		return s;
	elsif v_location is null or length(v_location) > 100 or length(v_notes) > 500 then
		s.outcome := 'bad_value';
		return s;
	end if;
	insert into tracetrack.return_ticket (number, location, notes, opened_at, opened_by)
	values ('RTN-' || to_char(nextval('tracetrack.return_number'), 'FM000000000'),
		v_location, v_notes, s.at, s.person_id)
	returning number into s.parent_code;
	s.outcome := 'ok';
	return s;
end
$$;

-- Puts a parent that is on a bill onto an open ticket; the bill keeps it until the
-- commit. Outcomes: ok; already_on_ticket, on_other_ticket (which, when, who),
-- not_on_bill, unknown_code, is_child, wrong_area, no_ticket, ticket_closed,
-- bad_format.
create or replace function tracetrack.return_put(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	p tracetrack.bag;
	x tracetrack.return_bag;
begin
	select * into v from tracetrack.return_hold(s);
	s := v.s;
	if s.outcome is not null then
		return s;
	end if;
	select * into p from tracetrack.bag where code = s.code for no key update;
	select * into x from tracetrack.return_bag where bag_id = p.id and is_open;
	s.outcome := case
		when s.code is null then 'bad_format'
		when p.id is null or p.state = 'unused' then 'unknown_code'
		when p.role = 'child' then 'is_child'
		when p.area_id <> s.area_id and not s.any_area then 'wrong_area'
		when x.ticket_id = (v.t).id then 'already_on_ticket'
		when x.ticket_id is not null then 'on_other_ticket'
		when p.bill_id is null then 'not_on_bill' end;
	if x.ticket_id is not null and s.outcome like '%_ticket' then
		return tracetrack.scan_blame(s, (select number from tracetrack.return_ticket
			where id = x.ticket_id), x.at, x.person_id, null);
	elsif s.outcome is not null then
		return tracetrack.bill_refuse(s, p, s.outcome);
	end if;
	insert into tracetrack.return_bag (ticket_id, bag_id, bill_id, at, person_id, children,
		grams)
	values ((v.t).id, p.id, p.bill_id, s.at, s.person_id, p.child_count,
		coalesce(p.grams_measured, p.grams_expected));
	perform tracetrack.return_follow((v.t).id);
	s.outcome := 'ok';
	s.other := (select number from tracetrack.bill where id = p.bill_id);
	return s;
end
$$;

-- Takes a parent off an open ticket. Outcomes: ok; not_on_ticket, no_ticket,
-- ticket_closed, bad_format.
create or replace function tracetrack.return_take(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	select * into v from tracetrack.return_hold(s);
	s := v.s;
	if s.outcome is not null then
		return s;
	end if;
	delete from tracetrack.return_bag
	 where ticket_id = (v.t).id
	   and bag_id = (select id from tracetrack.bag where code = s.code);
	s.outcome := case when s.code is null then 'bad_format'
		when found then 'ok' else 'not_on_ticket' end;
	perform tracetrack.return_follow((v.t).id);
	return s;
end
$$;

-- Commits a ticket: all of its bags leave the bills that they are on now, completed
-- ones too. Outcomes: ok; ticket_empty, no_ticket, ticket_closed, bad_format.
create or replace function tracetrack.return_close(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	v_bags bigint[];
begin
	select * into v from tracetrack.return_hold(s);
	s := v.s;
	if s.outcome is null and (v.t).bags = 0 then
		s.outcome := 'ticket_empty';
	end if;
	if s.outcome is not null then
		return s;
	end if;
	v_bags := array(select bag_id from tracetrack.return_bag where ticket_id = (v.t).id);
	perform tracetrack.bills_lock(null, v_bags);
	update tracetrack.return_bag x
	   set is_open = false, bill_id = coalesce(b.bill_id, x.bill_id),
	       children = b.child_count, grams = coalesce(b.grams_measured, b.grams_expected)
	  from tracetrack.bag b
	 where x.ticket_id = (v.t).id and b.id = x.bag_id;
	perform tracetrack.return_follow((v.t).id);
	update tracetrack.return_ticket
	   set state = 'committed', closed_at = s.at, closed_by = s.person_id
	 where id = (v.t).id;
	s.other := (v.t).number;
	perform tracetrack.bills_unload(s, v_bags);
	s.outcome := 'ok';
	perform tracetrack.office_note(s, null);
	return s;
end
$$;

-- Cancels an open ticket: nothing has happened. Outcomes: ok; no_ticket,
-- ticket_closed, bad_format (no reason).
create or replace function tracetrack.return_void(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	select * into v from tracetrack.return_hold(s);
	s := v.s;
	s.outcome := case when s.outcome is not null then s.outcome
		when s.reason is null then 'bad_format' else 'ok' end;
	if s.outcome = 'ok' then
		update tracetrack.return_bag set is_open = false where ticket_id = (v.t).id;
		update tracetrack.return_ticket
		   set state = 'cancelled', closed_at = s.at, closed_by = s.person_id,
		       reason = s.reason
		 where id = (v.t).id;
	end if;
	return s;
end
$$;
