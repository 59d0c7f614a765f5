-- What may be done with parents and children: the middle steps of the scan
-- functions in api/scan.sql, but for the undo. Each takes a tracetrack.scan and
-- gives it back with an outcome; one that has an outcome already it leaves alone.

-- Tells who did what stands in the way, when and where, unless that is known.
create or replace function tracetrack.scan_blame(s tracetrack.scan, p_other text,
	p_at timestamptz, p_person integer, p_station integer) returns tracetrack.scan
language plpgsql as $$
begin
	s.other := coalesce(p_other, s.other);
	s.other_at := p_at;
	s.other_by := (select login from tracetrack.person where id = p_person);
	s.other_station := (select name from tracetrack.station where id = p_station);
	return s;
end
$$;

-- Puts the parent's present facts into the answer.
create or replace function tracetrack.scan_show(s tracetrack.scan, p_parent bigint)
returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	select b.code, b.child_count, b.capacity, b.state, b.since, f.name as family,
	       coalesce(b.grams_measured, b.grams_expected) as total
	  into v
	  from tracetrack.bag b join tracetrack.family f on f.id = b.family_id
	 where b.id = p_parent and b.role = 'parent';
	if found then
		s.parent := v.code;
		s.family := v.family;
		s.children := v.child_count;
		s.capacity := v.capacity;
		s.total := v.total;
		s.state := v.state;
		s.opened_at := v.since;
	end if;
	return s;
end
$$;

-- Why nothing can be changed in this parent, or null. p_closing is an event
-- that may have closed it, p_closed_too says that closed is fine. The parent
-- must be locked by the caller.
create or replace function tracetrack.parent_refusal(s tracetrack.scan, p tracetrack.bag,
	p_closing uuid, p_closed_too boolean) returns text
language plpgsql as $$
begin
	return case
		when p.id is null or p.role <> 'parent' or p.state = 'unused' then 'no_parent'
		when p.state = 'cancelled' then 'parent_cancelled'
		when p.area_id <> s.area_id and not s.any_area then 'wrong_area'
		when p.state = 'open' or p_closed_too or p.closed_event = p_closing then null
		else 'parent_closed' end;
end
$$;

-- Why no child can be added to this parent, or null.
create or replace function tracetrack.parent_room(s tracetrack.scan, p tracetrack.bag)
returns text
language plpgsql as $$
begin
	if p.state in ('complete', 'short') and p.child_count >= p.capacity then
		return coalesce(tracetrack.parent_refusal(s, p, null, true), 'parent_full');
	end if;
	return tracetrack.parent_refusal(s, p, null, false);
end
$$;

-- Records that a parent refuses, with who closed it or which area it is of.
create or replace function tracetrack.parent_refuse(s tracetrack.scan, p tracetrack.bag,
	p_outcome text) returns tracetrack.scan
language plpgsql as $$
begin
	s.outcome := p_outcome;
	if p_outcome = 'wrong_area' then
		s.other := (select code from tracetrack.area where id = p.area_id);
	elsif p.closed_at is not null then
		s := tracetrack.scan_blame(s, p.code, p.closed_at, p.closed_by, p.closed_station);
	elsif p_outcome = 'parent_cancelled' then
		s := tracetrack.scan_blame(s, p.code, p.since, p.person_id, p.station_id);
	end if;
	return s;
end
$$;

-- Makes room for one more child of p_grams in an open parent, and closes it if
-- that was the last. Locks the parent. position is null if it isn't open, or is on a
-- bill that the caller has not locked (p_billed).
create or replace function tracetrack.parent_add(s tracetrack.scan, p_parent bigint,
	p_grams bigint, p_billed boolean) returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	v_last boolean;
begin
	select * into p from tracetrack.bag where id = p_parent and state = 'open'
	   and (p_billed or bill_id is null) for no key update;
	s.position := null;
	if not found then
		return s;
	end if;
	v_last := p.child_count + 1 = p.capacity;
	s.position := p.child_count + 1;
	s.children := p.child_count + 1;
	s.capacity := p.capacity;
	s.total := coalesce(p.grams_measured, p.grams_expected + p_grams);
	s.state := case when v_last then 'complete' else 'open' end;
	s.opened := case when v_last then -1 end;
	s.completed := case when v_last then 1 end;
	s.parent_id := p.id;
	s.parent := p.code;
	s.opened_at := p.since;
	update tracetrack.bag
	   set child_count = s.position,
	       grams_expected = grams_expected + p_grams,
	       state = s.state,
	       closed_at = case when v_last then s.at end,
	       closed_by = case when v_last then s.person_id end,
	       closed_station = case when v_last then s.station_id end,
	       closed_event = case when v_last then s.id end
	 where id = p_parent;
	return s;
end
$$;

-- Takes the place of a child away from its parent: count, weight (what a scale said
-- of the whole is no longer true), and the positions behind it. Reopens the parent if
-- p_closing closed it. The parent and the child are locked by the caller, who has
-- already moved the child's row.
create or replace function tracetrack.parent_less(s tracetrack.scan, c tracetrack.bag,
	p_closing uuid) returns tracetrack.scan
language plpgsql as $$
begin
	update tracetrack.bag set position = position - 1
	 where parent_id = c.parent_id and position > c.position;
	update tracetrack.bag
	   set child_count = child_count - 1, grams_measured = null,
	       grams_expected = grams_expected - coalesce(c.grams_measured, c.grams_expected)
	 where id = c.parent_id;
	return tracetrack.parent_reopen(s, c.parent_id, p_closing);
end
$$;

-- Opens a parent again that p_closing has closed; else nothing.
create or replace function tracetrack.parent_reopen(s tracetrack.scan, p_parent bigint,
	p_closing uuid) returns tracetrack.scan
language plpgsql as $$
declare
	v_was text := (select state from tracetrack.bag where id = p_parent);
begin
	update tracetrack.bag
	   set state = 'open', closed_at = null, closed_by = null, closed_station = null,
	       closed_event = null, grams_measured = null
	 where id = p_parent and closed_event = p_closing;
	if found then
		s.opened := coalesce(s.opened, 0) + 1;
		s.completed := coalesce(s.completed, 0) - (v_was = 'complete')::integer;
		s.shortened := coalesce(s.shortened, 0) - (v_was = 'short')::integer;
	end if;
	return s;
end
$$;

-- Opens a parent, or resumes an open one.
-- Outcomes: opened, resumed; parent_closed (who, when), parent_cancelled,
-- is_child (of which parent), unknown_code (would be a child's), wrong_area, no_area
-- (a new one, and neither the station nor the person has an area).
create or replace function tracetrack.parent_open(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	f tracetrack.family;
	v_refusal text;
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	loop
		select * into p from tracetrack.bag where code = s.code for no key update;
		if found then
			s.parent_id := case when p.role = 'parent' then p.id end;
			s.child_id := case when p.role = 'child' then p.id end;
			exit;
		end if;
		f := tracetrack.code_family(s.code);
		s.outcome := case
			when f.role = 'child' then 'unknown_code'
			when f.role = 'parent' then null
			else 'bad_format' end;
		if s.outcome is not null then
			return s;
		end if;
		if s.area_id is null then
			s.outcome := 'no_area';
			return s;
		end if;
		insert into tracetrack.bag (code, role, family_id, area_id, state, child_count,
			capacity, since, person_id, station_id, event_id)
		values (s.code, 'parent', f.id, s.area_id, 'open', 0,
			f.capacity, s.at, s.person_id, s.station_id, s.id)
		on conflict (code) do nothing
		returning id into s.parent_id;
		if found then
			s.outcome := 'opened';
			s.opened := 1;
			s.parent := s.code;
			s.family := f.name;
			s.children := 0;
			s.capacity := f.capacity;
			s.total := 0;
			s.state := 'open';
			s.opened_at := s.at;
			return s;
		end if;
	end loop;

	if p.role = 'child' then
		s.outcome := 'is_child';
		return tracetrack.scan_blame(s,
			(select code from tracetrack.bag where id = p.parent_id),
			p.since, p.person_id, p.station_id);
	end if;
	v_refusal := tracetrack.parent_refusal(s, p, null, false);
	if p.state = 'unused' and (s.any_area or p.area_id = s.area_id) then
		update tracetrack.bag
		   set state = 'open', since = s.at, person_id = s.person_id,
		       station_id = s.station_id, event_id = s.id
		 where id = p.id;
		s.outcome := 'opened';
		s.opened := 1;
	elsif p.state = 'unused' then
		s := tracetrack.parent_refuse(s, p, 'wrong_area');
	elsif v_refusal is null then
		s.outcome := 'resumed';
		s := tracetrack.scan_blame(s, null, p.since, p.person_id, p.station_id);
	else
		s := tracetrack.parent_refuse(s, p, v_refusal);
	end if;
	return tracetrack.scan_show(s, p.id);
end
$$;

-- Why this child can't go into this parent, or null: c and p are what the codes
-- are now, f is the family of a code that no bag has.
create or replace function tracetrack.child_refusal(s tracetrack.scan, c tracetrack.bag,
	p tracetrack.bag, p_family_role text) returns text
language plpgsql as $$
begin
	return case
		when s.code is null then 'bad_format'
		when s.code = s.parent_code then 'is_own_parent'
		when c.role = 'parent' then 'is_parent'
		when c.id is null and (p_family_role is null or p_family_role = 'bill')
			then 'bad_format'
		when c.id is null and p_family_role <> 'child' then 'is_parent'
		when p.id is null or p.role <> 'parent' or p.state = 'unused' then 'no_parent'
		when c.parent_id = p.id then 'already_in_parent'
		when c.parent_id is not null then 'in_other_parent'
		when c.state = 'cancelled' then 'bag_cancelled'
		else tracetrack.parent_room(s, p) end;
end
$$;

-- Records why a child is refused, with where it is now.
create or replace function tracetrack.child_refuse(s tracetrack.scan, c tracetrack.bag,
	p tracetrack.bag, p_outcome text) returns tracetrack.scan
language plpgsql as $$
begin
	s.outcome := p_outcome;
	if p_outcome in ('already_in_parent', 'in_other_parent', 'no_parent', 'is_parent')
	and c.id is not null then
		s.position := c.position;
		s := tracetrack.scan_blame(s, coalesce(
			(select code from tracetrack.bag where id = c.parent_id),
			case when c.role = 'parent' then c.code end),
			c.since, c.person_id, c.station_id);
	elsif p.id is not null then
		s := tracetrack.parent_refuse(s, p, p_outcome);
	end if;
	return tracetrack.scan_show(s, s.parent_id);
end
$$;

-- Takes back a place that this same call has claimed in a parent; it is locked.
create or replace function tracetrack.parent_give_back(s tracetrack.scan, p_parent bigint,
	p_grams bigint) returns tracetrack.scan
language plpgsql as $$
begin
	update tracetrack.bag
	   set child_count = child_count - 1, grams_expected = grams_expected - p_grams,
	       state = 'open', closed_at = null, closed_by = null, closed_station = null,
	       closed_event = null
	 where id = p_parent;
	s.opened := null;
	s.completed := null;
	s.position := null;
	return s;
end
$$;

-- Refuses a child: the reason by the rows as they are now. If there is no reason,
-- now that the codes are cleaned or somebody else has changed something, it stays
-- without an outcome. A parent on a bill gets its child here.
create or replace function tracetrack.child_judge(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	c tracetrack.bag;
	f tracetrack.family;
	v_refusal text;
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	f := tracetrack.code_family(s.code);
	select * into p from tracetrack.bag where code = s.parent_code;
	select * into c from tracetrack.bag where code = s.code;
	s.parent_id := case when p.role = 'parent' then p.id end;
	s.child_id := case when c.role = 'child' then c.id end;
	v_refusal := tracetrack.child_refusal(s, c, p, f.role);
	if v_refusal is not null then
		s := tracetrack.child_refuse(s, c, p, v_refusal);
	elsif p.bill_id is not null then
		s := tracetrack.child_link_billed(s, p.id);
	end if;
	return s;
end
$$;

-- Links a child to an open parent. Reads first without locks; then claims a
-- place in the parent, then the child. If somebody else was faster, what they
-- did is seen in the next turn.
-- Outcomes: linked, completed; already_in_parent, in_other_parent, is_parent,
-- is_own_parent, no_parent, parent_full, parent_closed, parent_cancelled, bag_cancelled
-- (the child), bill_closed.
create or replace function tracetrack.child_link(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	while s.outcome is null loop
		select p.id, p.code, p.since, p.area_id, p.capacity, pf.name, pf.child_grams,
		       coalesce(s.grams, pf.child_grams) as grams, c.id as child_id,
		       (select case when bool_and(x.role = 'child') then min(x.id) end
			  from tracetrack.family x
			 where (x.active or x.role <> 'child') and s.code ~ x.pattern) as family_id
		  into v
		  from tracetrack.bag p
		  join tracetrack.family pf on pf.id = p.family_id
		  left join tracetrack.bag c on c.code = s.code
		 where p.code = s.parent_code and p.state = 'open' and p.bill_id is null
		   and (p.area_id = s.area_id or s.any_area)
		   and (c.id is null or c.state = 'unlinked')
		   and (s.grams is null or s.grams between 1 and 1000000);
		if coalesce(v.child_id, v.family_id) is null then
			s := tracetrack.child_judge(s);
			continue;
		end if;
		s := tracetrack.parent_add(s, v.id, v.grams, false);
		continue when s.position is null;
		s.family := v.name;
		if v.child_id is null then
			insert into tracetrack.bag (code, role, family_id, area_id, state,
				parent_id, position, grams_expected, grams_measured, since,
				person_id, station_id, event_id)
			values (s.code, 'child', v.family_id, v.area_id, 'linked',
				v.id, s.position, v.child_grams, s.grams, s.at,
				s.person_id, s.station_id, s.id)
			on conflict (code) do nothing
			returning id, 1, case s.state when 'complete' then 'completed'
				else 'linked' end
			  into s.child_id, s.placed, s.outcome;
		else
			update tracetrack.bag
			   set state = 'linked', parent_id = v.id, position = s.position,
			       area_id = v.area_id, grams_expected = v.child_grams,
			       grams_measured = s.grams, since = s.at,
			       person_id = s.person_id, station_id = s.station_id,
			       event_id = s.id
			 where id = v.child_id and state = 'unlinked'
			returning id, 1, case s.state when 'complete' then 'completed'
				else 'linked' end
			  into s.child_id, s.placed, s.outcome;
		end if;
		if not found then
			s := tracetrack.parent_give_back(s, v.id, v.grams);
		end if;
	end loop;
	return s;
end
$$;

-- Closes an open parent: complete, or short with a reason.
-- Outcomes: finished, short_closed; bag_not_complete (finish of an empty one),
-- bad_format (no parent code, short without a reason), no_parent, is_child,
-- parent_closed (who, when), parent_cancelled.
create or replace function tracetrack.parent_close(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	v_short boolean := s.action = 'short';
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	select * into p from tracetrack.bag where code = s.parent_code for no key update;
	s.parent_id := case when p.role = 'parent' then p.id end;
	s.outcome := case
		when s.parent_code is null or (v_short and s.reason is null) then 'bad_format'
		when p.role = 'child' then 'is_child'
		else tracetrack.parent_refusal(s, p, null, false) end;
	if s.outcome is not null then
		s := tracetrack.parent_refuse(s, p, s.outcome);
	elsif p.child_count = 0 and not v_short then
		s.outcome := 'bag_not_complete';
	else
		update tracetrack.bag
		   set state = case when v_short then 'short' else 'complete' end,
		       closed_at = s.at, closed_by = s.person_id, closed_station = s.station_id,
		       closed_event = s.id
		 where id = p.id;
		s.outcome := case when v_short then 'short_closed' else 'finished' end;
		s.opened := -1;
		s.completed := case when not v_short then 1 end;
		s.shortened := case when v_short then 1 end;
	end if;
	return tracetrack.scan_show(s, s.parent_id);
end
$$;

-- Locks the bills that parents are on, the parents, lowest id first, then a child.
create or replace function tracetrack.bags_lock(p_parents bigint[], p_child bigint) returns void
language plpgsql as $$
begin
	perform tracetrack.bills_lock(null, p_parents);
	perform from tracetrack.bag where id = p_child for no key update;
end
$$;

-- The child of that code, locked after its parent and p_parent, so that none of
-- them can change: an empty row if there is no such child. If the child has
-- moved meanwhile, the locks are let go by way of a subtransaction, because
-- taking one more would break the order.
create or replace function tracetrack.child_hold(p_code text, p_parent bigint)
returns tracetrack.bag
language plpgsql as $$
declare
	c tracetrack.bag;
	v_parent bigint;
begin
	loop
		begin
			select * into c from tracetrack.bag where code = p_code and role = 'child';
			if not found then
				return c;
			end if;
			v_parent := c.parent_id;
			perform tracetrack.bags_lock(array[v_parent, p_parent], c.id);
			select * into c from tracetrack.bag where id = c.id;
			if c.parent_id is not distinct from v_parent then
				return c;
			end if;
			raise sqlstate 'TT001';
		exception when sqlstate 'TT001' then
			null;
		end;
	end loop;
end
$$;

-- Moves a child to another parent. A child that is in none is put there.
-- Outcomes: relinked (the answer's state tells if that was the last one);
-- unknown_code (no such child), is_parent, already_in_parent, no_parent,
-- parent_full, parent_closed and parent_cancelled (of either parent: other tells
-- which; the right scan.closed takes a child out of a closed one), bag_cancelled (the
-- child), bill_closed.
create or replace function tracetrack.child_move(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	c tracetrack.bag;
	p tracetrack.bag;
	v_old tracetrack.bag;
	v_refusal text;
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	select * into p from tracetrack.bag where code = s.parent_code;
	c := tracetrack.child_hold(s.code, p.id);
	if c.id is null then
		s.parent_id := case when p.role = 'parent' then p.id end;
		s.outcome := case
			when s.code is null then 'bad_format'
			when exists (select from tracetrack.bag where code = s.code)
				then 'is_parent'
			else 'unknown_code' end;
		return tracetrack.scan_show(s, s.parent_id);
	end if;
	select * into p from tracetrack.bag where id = p.id;
	select * into v_old from tracetrack.bag where id = c.parent_id;
	s.parent_id := case when p.role = 'parent' then p.id end;
	s.child_id := c.id;
	v_refusal := tracetrack.child_refusal(s, c, p, null);
	if v_refusal is distinct from 'in_other_parent' and v_refusal is not null then
		return tracetrack.child_refuse(s, c, p, v_refusal);
	end if;
	if v_old.id is not null then
		v_refusal := tracetrack.parent_refusal(s, v_old, null,
			tracetrack.person_may(s.person_id, 'scan.closed'));
		if v_refusal is not null then
			s := tracetrack.parent_refuse(s, v_old, v_refusal);
			return tracetrack.scan_show(s, p.id);
		end if;
	end if;
	v_refusal := tracetrack.parent_room(s, p);
	if v_refusal is not null then
		return tracetrack.scan_show(tracetrack.parent_refuse(s, p, v_refusal), p.id);
	end if;
	s := tracetrack.bills_refuse(s, array[v_old.id, p.id]);
	if s.outcome is not null then
		return tracetrack.scan_show(s, p.id);
	end if;
	s.from_parent_id := v_old.id;
	s := tracetrack.child_transfer(s, c, p.id);
	perform tracetrack.bills_follow(array[v_old.bill_id, p.bill_id]);
	s.outcome := 'relinked';
	s.other := v_old.code;
	return tracetrack.scan_show(s, p.id);
end
$$;

-- Moves a child to the end of an open parent and closes the gap that it leaves.
-- Parents and child are locked by the caller.
create or replace function tracetrack.child_transfer(s tracetrack.scan, c tracetrack.bag,
	p_parent bigint) returns tracetrack.scan
language plpgsql as $$
begin
	s.grams := c.grams_measured;
	s := tracetrack.parent_add(s, p_parent, coalesce(c.grams_measured, c.grams_expected),
		true);
	update tracetrack.bag
	   set parent_id = p_parent, position = s.position, state = 'linked', since = s.at,
	       person_id = s.person_id, station_id = s.station_id, event_id = s.id,
	       area_id = (select area_id from tracetrack.bag where id = p_parent)
	 where id = c.id;
	if c.parent_id is null then
		s.placed := 1;
	else
		s := tracetrack.parent_less(s, c, null);
	end if;
	return s;
end
$$;

-- Takes a child out of its parent and closes the gap. Parent and child are
-- locked by the caller. Reopens the parent if p_closing closed it.
create or replace function tracetrack.child_take(s tracetrack.scan, c tracetrack.bag,
	p_closing uuid) returns tracetrack.scan
language plpgsql as $$
begin
	s.grams := c.grams_measured;
	s.from_parent_id := c.parent_id;
	s.parent_id := c.parent_id;
	s.position := c.position;
	s.placed := -1;
	update tracetrack.bag
	   set state = 'unlinked', parent_id = null, position = null, since = s.at,
	       person_id = s.person_id, station_id = s.station_id, event_id = s.id
	 where id = c.id;
	return tracetrack.parent_less(s, c, p_closing);
end
$$;

-- Takes a child out of whatever parent it is in.
-- Outcomes: removed; unknown_code (no such child), is_parent, nothing_to_undo
-- (it is in none), parent_closed (unless the right scan.closed), wrong_area,
-- bill_closed.
create or replace function tracetrack.child_remove(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	c tracetrack.bag;
	p tracetrack.bag;
	v_refusal text;
begin
	s := tracetrack.scan_clean(s);
	if s.outcome is not null then
		return s;
	end if;
	c := tracetrack.child_hold(s.code, null);
	s.child_id := c.id;
	if c.parent_id is null then
		s.outcome := case
			when s.code is null then 'bad_format'
			when c.id is not null then 'nothing_to_undo'
			when exists (select from tracetrack.bag where code = s.code)
				then 'is_parent'
			else 'unknown_code' end;
		return s;
	end if;
	select * into p from tracetrack.bag where id = c.parent_id;
	s.parent_id := p.id;
	v_refusal := tracetrack.parent_refusal(s, p, null,
		tracetrack.person_may(s.person_id, 'scan.closed'));
	if v_refusal is not null then
		s := tracetrack.parent_refuse(s, p, v_refusal);
	else
		s := tracetrack.bills_refuse(s, array[p.id]);
	end if;
	if s.outcome is null then
		s := tracetrack.child_take(s, c, null);
		perform tracetrack.bills_follow(array[p.bill_id]);
		s.outcome := 'removed';
	end if;
	return tracetrack.scan_show(s, p.id);
end
$$;
