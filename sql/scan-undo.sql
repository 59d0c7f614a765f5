-- Taking back: the middle step of api.scan_undo.

-- Undoes one event. Own events, inside the window (a scan made offline counts
-- from when it was made); the right scan.undo_any lifts both. An event can be
-- undone while the bag is still where that event put it: undoing restores the
-- state before it, except that a child that comes back to a parent comes to its
-- end, because positions have no gaps. A parent whose opening is undone becomes
-- unused, and its label may be opened again. Undoing the event that closed a
-- parent opens it again. An undo can't be undone.
-- Outcomes: undone (undone = action of the event); nothing_to_undo (unknown,
-- refused, undone already, overtaken by a later event, or an opening of a parent
-- that has children), undo_window_over, not_permitted, parent_closed or
-- parent_full, parent_cancelled or no_parent (what changed the parent since stands in the
-- way), bill_closed, on_other_bill (the opening of a parent on a bill), wrong_area.
create or replace function tracetrack.event_undo(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
declare
	e tracetrack.event;
	v_parent bigint;
begin
	if s.outcome is not null then
		return s;
	end if;
	s.code := null;
	select x.* into e
	  from tracetrack.request r
	  join tracetrack.event x on x.station_id = r.station_id and x.at = r.at and x.id = r.event
	 where r.event = s.undoes;
	if not found or e.outcome not in ('opened', 'linked', 'completed', 'finished',
		'short_closed', 'relinked', 'removed') then
		s.outcome := 'nothing_to_undo';
		return s;
	end if;
	s.code := e.code;
	s.undone := e.action;
	s.child_id := e.child_id;
	s.parent_id := e.parent_id;
	v_parent := e.parent_id;
	if not tracetrack.person_may(s.person_id, 'scan.undo_any') then
		if e.person_id <> s.person_id then
			s.outcome := 'not_permitted';
		elsif tracetrack.undo_time(s, e.at)
			> e.at + tracetrack.setting_text('undo_window')::interval then
			s.outcome := 'undo_window_over';
		end if;
		if s.outcome is not null then
			s := tracetrack.scan_blame(s, null, e.at, e.person_id, e.station_id);
			return tracetrack.scan_show(s, v_parent);
		end if;
	end if;
	perform tracetrack.bags_lock(array[e.parent_id, e.from_parent_id], e.child_id);
	s := tracetrack.bills_refuse(s, array[e.parent_id, e.from_parent_id]);
	if s.outcome is not null then
		null;
	elsif e.child_id is null then
		s := tracetrack.undo_parent(s, e);
	elsif e.outcome = 'removed' then
		s := tracetrack.undo_remove(s, e);
	else
		s := tracetrack.undo_link(s, e);
	end if;
	perform tracetrack.bills_follow(tracetrack.bills_of(
		array[e.parent_id, e.from_parent_id]));
	return tracetrack.scan_show(s, v_parent);
end
$$;

-- When an undo was asked for: a station that was offline tells its own time,
-- taken only if it lies between the event and now.
create or replace function tracetrack.undo_time(s tracetrack.scan, p_event timestamptz)
returns timestamptz
language sql stable as $$
	select case when s.offline and s.client_at between p_event and s.at
		then s.client_at else s.at end
$$;

-- Undoes an opening, a finish or a short close. The parent is locked.
create or replace function tracetrack.undo_parent(s tracetrack.scan, e tracetrack.event)
returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	v_refusal text;
begin
	select * into p from tracetrack.bag where id = e.parent_id;
	v_refusal := tracetrack.parent_refusal(s, p, e.id, false);
	if e.outcome = 'opened' and p.event_id <> e.id
	or e.outcome <> 'opened' and p.closed_event is distinct from e.id
	or e.outcome = 'opened' and p.state = 'open' and p.child_count > 0 then
		s.outcome := 'nothing_to_undo';
		return tracetrack.scan_blame(s, p.code, coalesce(p.closed_at, p.since),
			coalesce(p.closed_by, p.person_id),
			coalesce(p.closed_station, p.station_id));
	elsif v_refusal is not null then
		return tracetrack.parent_refuse(s, p, v_refusal);
	elsif e.outcome = 'opened' and p.bill_id is not null then
		return tracetrack.bill_refuse(s, p, 'on_other_bill');
	elsif e.outcome = 'opened' then
		update tracetrack.bag
		   set state = 'unused', since = s.at, person_id = s.person_id,
		       station_id = s.station_id, event_id = s.id
		 where id = p.id;
		s.opened := -1;
	else
		s := tracetrack.parent_reopen(s, p.id, e.id);
	end if;
	s.outcome := 'undone';
	return s;
end
$$;

-- Undoes a link or a relink: the child leaves, or goes back to the parent that
-- it came from. Parents and child are locked.
create or replace function tracetrack.undo_link(s tracetrack.scan, e tracetrack.event)
returns tracetrack.scan
language plpgsql as $$
declare
	c tracetrack.bag;
	p tracetrack.bag;
	v_old tracetrack.bag;
	v_refusal text;
begin
	select * into c from tracetrack.bag where id = e.child_id;
	if c.event_id <> e.id then
		s.outcome := 'nothing_to_undo';
		return tracetrack.scan_blame(s,
			(select code from tracetrack.bag where id = c.parent_id),
			c.since, c.person_id, c.station_id);
	end if;
	select * into p from tracetrack.bag where id = c.parent_id;
	v_refusal := tracetrack.parent_refusal(s, p, e.id, false);
	if v_refusal is not null then
		return tracetrack.parent_refuse(s, p, v_refusal);
	end if;
	if e.from_parent_id is null then
		s := tracetrack.child_take(s, c, e.id);
	else
		select * into v_old from tracetrack.bag where id = e.from_parent_id;
		v_refusal := tracetrack.parent_room(s, v_old);
		if v_refusal is not null then
			return tracetrack.parent_refuse(s, v_old, v_refusal);
		end if;
		s := tracetrack.child_transfer(s, c, v_old.id);
		s := tracetrack.parent_reopen(s, p.id, e.id);
		s.from_parent_id := p.id;
		s.parent_id := v_old.id;
		s.other := v_old.code;
	end if;
	s.outcome := 'undone';
	return s;
end
$$;

-- Undoes a removal: the child comes back to the end of its parent. Parent and
-- child are locked.
create or replace function tracetrack.undo_remove(s tracetrack.scan, e tracetrack.event)
returns tracetrack.scan
language plpgsql as $$
declare
	c tracetrack.bag;
	p tracetrack.bag;
	v_refusal text;
begin
	select * into c from tracetrack.bag where id = e.child_id;
	select * into p from tracetrack.bag where id = e.parent_id;
	v_refusal := tracetrack.parent_room(s, p);
	if c.event_id <> e.id then
		s.outcome := 'nothing_to_undo';
		return tracetrack.scan_blame(s,
			(select code from tracetrack.bag where id = c.parent_id),
			c.since, c.person_id, c.station_id);
	elsif v_refusal is not null then
		return tracetrack.parent_refuse(s, p, v_refusal);
	end if;
	s := tracetrack.child_transfer(s, c, p.id);
	s.outcome := 'undone';
	return s;
end
$$;
