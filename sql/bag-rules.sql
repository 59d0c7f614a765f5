-- What may be done with a bag beside scanning: the steps of bag_weigh and bag_cancel.

-- The answer about a bag, kept with its request.
create or replace function tracetrack.bag_end(a tracetrack.act, s tracetrack.scan)
returns tracetrack.bag_answer
language plpgsql as $$
declare
	v tracetrack.bag_answer;
begin
	select s.outcome, false, s.id, s.code, b.role, b.state,
	       (select code from tracetrack.bag where id = b.parent_id),
	       (select number from tracetrack.bill where id = b.bill_id),
	       b.child_count, coalesce(b.grams_measured, b.grams_expected), s.other, s.other_at,
	       s.other_by, s.other_station
	  into v
	  from (select 1) one
	  left join tracetrack.bag b on b.code = s.code
	   and s.outcome not in ('wrong_area', 'not_permitted');
	perform tracetrack.write_end(a, to_jsonb(v));
	return v;
end
$$;

-- Finds and locks the bag of s.code, with its parent and the bill that either is on.
-- Outcomes: bad_format, unknown_code, wrong_area, bag_cancelled (when, who).
create or replace function tracetrack.bag_hold(inout s tracetrack.scan, out b tracetrack.bag)
language plpgsql as $$
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return;
	end if;
	b := tracetrack.child_hold(s.code, null);
	if b.id is null then
		select * into b from tracetrack.bag where code = s.code;
		perform tracetrack.bags_lock(array[b.id], null);
		select * into b from tracetrack.bag where id = b.id;
		s.parent_id := b.id;
	else
		s.child_id := b.id;
		s.parent_id := b.parent_id;
	end if;
	s.outcome := case
		when s.code is null then 'bad_format'
		when b.id is null or b.state = 'unused' then 'unknown_code'
		when b.area_id <> s.area_id and not s.any_area then 'wrong_area'
		when b.state = 'cancelled' then 'bag_cancelled' end;
	if s.outcome = 'wrong_area' then
		s.other := (select code from tracetrack.area where id = b.area_id);
	elsif s.outcome = 'bag_cancelled' then
		s := tracetrack.scan_blame(s, b.code, b.since, b.person_id, b.station_id);
	end if;
end
$$;

-- Sets what a scale says of a bag. A parent must be closed, because what is put in
-- later is not on the scale. Parent and bill follow.
-- Outcomes: ok; bad_value (1 g to 1 t for a child, 100 t for a parent),
-- bag_not_complete, bill_closed, and those of bag_hold.
create or replace function tracetrack.bag_measure(s tracetrack.scan, p_grams bigint)
returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	b tracetrack.bag;
	v_bills bigint[];
begin
	if s.outcome is not null then
		return s;
	end if;
	select * into v from tracetrack.bag_hold(s);
	s := v.s;
	b := v.b;
	s.outcome := case
		when s.outcome is not null then s.outcome
		when p_grams is null or p_grams not between 1 and case b.role when 'child'
			then 1000000 else 100000000 end then 'bad_value'
		when b.role = 'parent' and b.state = 'open' then 'bag_not_complete' end;
	if s.outcome is null then
		s := tracetrack.bills_refuse(s, array[s.parent_id]);
	end if;
	if s.outcome is not null then
		return s;
	end if;
	update tracetrack.bag set grams_measured = p_grams where id = b.id;
	if b.role = 'child' and b.parent_id is not null then
		update tracetrack.bag
		   set grams_expected = grams_expected + p_grams
			- coalesce(b.grams_measured, b.grams_expected)
		 where id = b.parent_id;
	end if;
	v_bills := tracetrack.bills_of(array[s.parent_id]);
	perform tracetrack.bills_follow(v_bills);
	s.grams := p_grams;
	s.outcome := 'ok';
	perform tracetrack.office_note(s, (select t from tracetrack.bill t where t.id = v_bills[1]));
	return s;
end
$$;

-- Takes a bag out of use for good: an empty parent on no bill, or a child in no
-- parent. Outcomes: ok; bag_not_empty, on_other_bill (which, when, who),
-- in_other_parent (which, when, who), bad_format (no reason), and those of bag_hold.
create or replace function tracetrack.bag_void(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	b tracetrack.bag;
begin
	if s.outcome is not null then
		return s;
	end if;
	select * into v from tracetrack.bag_hold(s);
	s := v.s;
	b := v.b;
	s.outcome := case
		when s.outcome is not null then s.outcome
		when s.reason is null then 'bad_format'
		when b.parent_id is not null then 'in_other_parent'
		when b.bill_id is not null then 'on_other_bill'
		when b.child_count > 0 then 'bag_not_empty' end;
	if s.outcome = 'on_other_bill' then
		return tracetrack.bill_refuse(s, b, s.outcome);
	elsif s.outcome = 'in_other_parent' then
		return tracetrack.scan_blame(s,
			(select code from tracetrack.bag where id = b.parent_id),
			b.since, b.person_id, b.station_id);
	elsif s.outcome is not null then
		return s;
	end if;
	s.opened := case b.state when 'open' then -1 end;
	s.completed := case b.state when 'complete' then -1 end;
	s.shortened := case b.state when 'short' then -1 end;
	update tracetrack.bag
	   set state = 'cancelled', closed_at = null, closed_by = null, closed_station = null,
	       closed_event = null,
	       since = case role when 'parent' then s.at else since end,
	       person_id = case role when 'parent' then s.person_id else person_id end,
	       station_id = case role when 'parent' then s.station_id else station_id end,
	       event_id = case role when 'parent' then s.id else event_id end
	 where id = b.id;
	s.state := 'cancelled';
	s.outcome := 'ok';
	perform tracetrack.office_note(s, null);
	return s;
end
$$;
