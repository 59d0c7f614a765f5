-- The scan functions, and what they share.
--
-- Each is a pipe of three steps over one tracetrack.scan: scan_begin finds the
-- session and claims the request id, a step of its own applies the rules, and
-- scan_end writes ledger and counters and gives the answer. A refusal is an
-- outcome in that row, never an error.
--
-- Locks, always in this order: session and station (at most once a minute),
-- request id, parents by id, children by id, the backend's slot of the tally.
-- Two calls with one request id meet at the request row: the second waits and
-- then gives the first answer again.
--
-- Outcomes of every scan function: session_expired (nothing recorded),
-- key_reused (the id, or the station's epoch and sequence, was used for
-- something else; nothing recorded), not_permitted, wrong_area, bad_format.

-- A code as it is compared and stored: upper-case, without blanks around it;
-- what can't be printed becomes '?', which no family takes. Null if empty.
-- Longer codes are cut, and one character more than 64 marks them as too long.
create or replace function tracetrack.code_clean(p_code text) returns text
language sql immutable parallel safe as $$
	select case when length(p_code) <= 64 and p_code ~ '^[!-`{-~]+$' then p_code
		else nullif(left(regexp_replace(upper(btrim(left(p_code, 4096), E' \t\r\n')
			collate "C"), '[^!-`{-~]', '?', 'g'), 65), '') end
$$;

-- Free text on one line, cut to p_length; null if nothing is left.
create or replace function tracetrack.text_clean(p_text text, p_length integer) returns text
language sql immutable parallel safe as $$
	select case when length(p_text) <= p_length and p_text ~ '^[!-~]+$' then p_text
		else nullif(btrim(left(regexp_replace(left(p_text, 4096),
			'[\x01-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]', ' ', 'g'),
			p_length)), '') end
$$;

-- The family of a code: the first active one that matches, and a child family
-- only if no other does. An empty row if there is none.
create or replace function tracetrack.code_family(p_code text) returns tracetrack.family
language plpgsql stable as $$
declare
	f tracetrack.family;
begin
	select * into f from tracetrack.family x
	 where x.active and p_code ~ x.pattern
	 order by x.role = 'child', x.id limit 1;
	return f;
end
$$;

-- done, again or refused: what counters and exceptions make of an outcome.
create or replace function tracetrack.outcome_class(p_outcome text) returns text
language sql immutable parallel safe as $$
	select case when p_outcome in ('linked', 'completed', 'opened', 'resumed', 'finished',
			'short_closed', 'undone', 'relinked', 'removed') then 'done'
		when p_outcome = 'already_in_parent' then 'again'
		else 'refused' end
$$;

-- Cleans what a person or a device has sent. What can't be right becomes
-- bad_format, unless there is an outcome already.
create or replace function tracetrack.scan_clean(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
begin
	s.code := tracetrack.code_clean(s.code);
	s.parent_code := tracetrack.code_clean(s.parent_code);
	s.device := tracetrack.text_clean(s.device, 200);
	s.reason := tracetrack.text_clean(s.reason, 200);
	if s.outcome is null and (length(s.code) > 64 or length(s.parent_code) > 64
	or s.grams not between 1 and 1000000) then
		s.outcome := 'bad_format';
	end if;
	s.code := left(s.code, 64);
	s.parent_code := left(s.parent_code, 64);
	s.grams := case when s.grams between 1 and 1000000 then s.grams end;
	return s;
end
$$;

-- For whom a scan counts, where it is not plainly the session that sends it. A
-- token that has expired still delivers its own session's scans of the time
-- before; a live session delivers for earlier sessions of its station, and
-- vouches for their times, because a station's clock may be wrong.
-- Sets settled if there is nothing to record: session_expired, or bad_format (no
-- request id). Else outcome may be not_permitted, wrong_area or bad_format.
create or replace function tracetrack.scan_session(p_action text, p_token bytea, s tracetrack.scan,
	p_session bigint) returns tracetrack.scan
language plpgsql as $$
declare
	v record;
	v_delivery interval := tracetrack.setting_text('delivery_window');
begin
	s := tracetrack.scan_clean(s);
	s.settled := true;
	select t.id as sent_by, o.id as session_id, st.id as station_id, st.state as station_state,
	       st.area_id as station_area, p.id as person_id, p.state, p.area_id, r.rights,
	       t.expires_at > now() and t.extended_at < now() - interval '1 minute' as prolong
	  into v
	  from tracetrack.session t
	  join tracetrack.session o on o.id = coalesce(p_session, t.id)
	   and o.station_id = t.station_id
	  join tracetrack.person p on p.id = o.person_id
	  join tracetrack.role r on r.name = p.role
	  join tracetrack.station st on st.id = t.station_id
	 where t.token_hash = p_token and t.revoked_at is null
	   and (t.expires_at > now() or (o.id = t.id and s.client_at <= t.expires_at
		and now() < t.expires_at + v_delivery))
	   and (o.id = t.id or (now() < coalesce(o.revoked_at, o.expires_at) + v_delivery
		and exists (select from tracetrack.person y
			where y.id = t.person_id and y.state = 'active')));
	if not found then
		s.outcome := 'session_expired';
		return s;
	elsif s.id is null then
		s.outcome := 'bad_format';
		return s;
	end if;
	perform tracetrack.write_durably();
	s.settled := false;
	s.prolong := v.prolong;
	s.session_id := v.session_id;
	s.sent_by := v.sent_by;
	s.station_id := v.station_id;
	s.person_id := v.person_id;
	s.area_id := coalesce(v.station_area, v.area_id);
	s.any_area := 'scan.any_area' = any (v.rights);
	if v.state <> 'active' or v.station_state <> 'enabled'
	or 'scan.' || p_action <> all (v.rights) then
		s.outcome := 'not_permitted';
	elsif not s.any_area and v.station_area <> v.area_id then
		s.outcome := 'wrong_area';
		s.other := (select code from tracetrack.area where id = v.station_area);
	end if;
	return s;
end
$$;

-- Finds out for whom a scan counts and claims its request id. settled is set if
-- the answer is known: as scan_session, or key_reused, or the first answer of a
-- request that comes again.
--
-- The server prepares every expression of every statement anew in each
-- transaction. So what nearly every scan needs is a few lean statements, here
-- and in child_link and scan_end; all else is in functions that few scans reach.
create or replace function tracetrack.scan_begin(p_action text, p_token text, p_event uuid,
	p_epoch bigint, p_seq bigint, p_at timestamptz, p_session bigint, p_device text,
	p_lane integer, p_offline boolean, p_code text default null, p_parent text default null,
	p_grams bigint default null, p_reason text default null, p_undoes uuid default null)
returns tracetrack.scan
language plpgsql as $$
declare
	s tracetrack.scan;
	v_token bytea := tracetrack.token_hash(p_token);
	v_right text := 'scan.' || p_action;
begin
	select case when p_event is not null and t.expires_at > now()
		and (p_session is null or p_session = t.id)
		and p.state = 'active' and st.state = 'enabled' and v_right = any (r.rights)
		and (st.area_id = p.area_id or st.area_id is null
			or 'scan.any_area' = any (r.rights))
		and (p_device is null or (length(p_device) <= 200 and p_device ~ '^[ -~]+$'))
		and set_config('synchronous_commit', c.value, true) is not null
		then false end,
	       false, t.extended_at < now() - interval '1 minute',
	       p_event, now(), p_at,
	       case when p_seq is not null then p_epoch end,
	       case when p_epoch is not null then p_seq end,
	       t.id, t.id, t.station_id, t.person_id, coalesce(st.area_id, p.area_id),
	       'scan.any_area' = any (r.rights), p_lane, coalesce(p_offline, false), p_device,
	       p_action, p_code, p_parent, p_undoes, p_reason, p_grams
	  into s
	  from tracetrack.session t
	  join tracetrack.person p on p.id = t.person_id
	  join tracetrack.role r on r.name = p.role
	  join tracetrack.station st on st.id = t.station_id
	  join tracetrack.setting c on c.name = 'synchronous_commit'
	 where t.token_hash = v_token and t.revoked_at is null;
	if s.settled is null then
		s := tracetrack.scan_session(p_action, v_token, row(true, false, false, p_event,
			now(), p_at, case when p_seq is not null then p_epoch end,
			case when p_epoch is not null then p_seq end, null, null, null, null,
			null, false, p_lane, coalesce(p_offline, false), p_device, p_action,
			p_code, p_parent, p_undoes, p_reason, p_grams, null, null, null, null,
			null, null, null, null, null, null, null, null, null, null, null, null,
			null, null, null, null, null)::tracetrack.scan, p_session);
		if s.settled then
			return s;
		end if;
	end if;
	if s.prolong then
		perform tracetrack.session_prolong(s.sent_by, s.station_id);
	end if;
	insert into tracetrack.request (event, at, content, epoch, seq, station_id)
	values (s.id, s.at, hash_record_extended(row(p_action, p_code, p_parent, p_grams,
		p_reason, p_undoes), 0), s.epoch, s.seq, s.station_id)
	on conflict do nothing;
	if not found then
		return tracetrack.scan_again(s, hash_record_extended(row(p_action, p_code,
			p_parent, p_grams, p_reason, p_undoes), 0));
	end if;
	return s;
end
$$;

-- The first answer again, for a request id that is already there.
create or replace function tracetrack.scan_again(s tracetrack.scan, p_content bigint)
returns tracetrack.scan
language plpgsql as $$
declare
	v record;
begin
	s.settled := true;
	s.outcome := 'key_reused';
	select e.*, p.code as parent_label, p.since, f.name as family into v
	  from tracetrack.request r
	  join tracetrack.event e on e.station_id = r.station_id and e.at = r.at and e.id = r.event
	  left join tracetrack.bag p on p.id = tracetrack.event_parent(e.action,
		e.parent_id, e.from_parent_id)
	  left join tracetrack.family f on f.id = p.family_id
	 where r.event = s.id and r.content = p_content and r.station_id = s.station_id;
	if not found then
		return tracetrack.scan_clean(s);
	end if;
	s.replayed := true;
	s.outcome := v.outcome;
	s.code := v.code;
	s.parent := coalesce(v.parent_label, v.parent_code);
	s.family := v.family;
	s.position := v.position;
	s.children := v.children;
	s.capacity := v.capacity;
	s.total := v.total;
	s.state := v.state;
	s.opened_at := case when v.parent_id is not null then v.since end;
	s.other := v.other;
	s.other_at := v.other_at;
	s.other_by := v.other_by;
	s.other_station := v.other_station;
	s.undone := v.undone;
	return s;
end
$$;

-- The parent whose figures stand in an event: of an undo that takes a child out
-- of a bag that bag, else parent_id.
create or replace function tracetrack.event_parent(p_action text, p_parent bigint, p_from bigint)
returns bigint
language sql immutable parallel safe as $$
	select case when p_action = 'undo' then coalesce(p_from, p_parent) else p_parent end
$$;

-- Adds a scan to the counters.
create or replace function tracetrack.scan_count(s tracetrack.scan) returns void
language plpgsql as $$
declare
	v_class text := tracetrack.outcome_class(s.outcome);
begin
	update tracetrack.tally
	   set scans = scans + 1,
	       done = done + (v_class = 'done')::integer,
	       again = again + (v_class = 'again')::integer,
	       refused = refused + (v_class = 'refused')::integer,
	       linked = linked + (s.outcome in ('linked', 'completed'))::integer,
	       undone = undone + (s.outcome = 'undone')::integer,
	       relinked = relinked + (s.outcome = 'relinked')::integer,
	       removed = removed + (s.outcome = 'removed')::integer,
	       parents_open = parents_open + coalesce(s.opened, 0),
	       parents_complete = parents_complete + coalesce(s.completed, 0),
	       parents_short = parents_short + coalesce(s.shortened, 0),
	       children_linked = children_linked + coalesce(s.placed, 0)
	 where slot = pg_backend_pid() % 64;
end
$$;

-- Writes ledger, counters and (a refused scan that had been accepted offline)
-- the exception, and gives the answer.
create or replace function tracetrack.scan_end(s tracetrack.scan) returns tracetrack.answer
language plpgsql as $$
begin
	if not s.settled then
		insert into tracetrack.event (at, client_at, epoch, seq, session_id, sent_by,
			parent_id, child_id, from_parent_id, grams, total, other_at, station_id,
			person_id, lane, position, children, capacity, offline, id, undoes, action,
			outcome, code, parent_code, state, device, reason, other, other_by,
			other_station, undone)
		values (s.at, s.client_at, s.epoch, s.seq, s.session_id, s.sent_by,
			s.parent_id, s.child_id, s.from_parent_id, s.grams, s.total, s.other_at,
			s.station_id, s.person_id, s.lane, s.position, s.children, s.capacity,
			s.offline, s.id, s.undoes, s.action, s.outcome, s.code,
			case when s.parent_id is null then s.parent_code end, s.state,
			s.device, s.reason, s.other, s.other_by, s.other_station, s.undone);
		if s.offline and s.outcome <> 'linked' then
			insert into tracetrack.exception (event, at, outcome)
			select s.id, s.at, s.outcome
			 where tracetrack.outcome_class(s.outcome) = 'refused';
		end if;
		if s.outcome = 'linked' then
			update tracetrack.tally
			   set scans = scans + 1, done = done + 1, linked = linked + 1,
			       children_linked = children_linked + 1
			 where slot = pg_backend_pid() % 64;
		else
			perform tracetrack.scan_count(s);
		end if;
	end if;
	return row(s.outcome, s.replayed, s.id, s.code, coalesce(s.parent, s.parent_code),
		s.family, s.position, s.children, s.capacity, s.total, s.state, s.opened_at,
		s.other, s.other_at, s.other_by, s.other_station, s.undone)::tracetrack.answer;
end
$$;

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
-- that was the last. Locks the parent. position is null if it isn't open.
create or replace function tracetrack.parent_add(s tracetrack.scan, p_parent bigint,
	p_grams bigint) returns tracetrack.scan
language plpgsql as $$
declare
	p tracetrack.bag;
	v_last boolean;
begin
	select * into p from tracetrack.bag where id = p_parent and state = 'open'
	   for no key update;
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

-- Takes the place of a child away from its parent: count, weight, and the
-- positions behind it. Reopens the parent if p_closing closed it. The parent and
-- the child are locked by the caller, who has already moved the child's row.
create or replace function tracetrack.parent_less(s tracetrack.scan, c tracetrack.bag,
	p_closing uuid) returns tracetrack.scan
language plpgsql as $$
begin
	update tracetrack.bag set position = position - 1
	 where parent_id = c.parent_id and position > c.position;
	update tracetrack.bag
	   set child_count = child_count - 1,
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
	       closed_event = null
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
-- is_child (of which parent), unknown_code (would be a child's), wrong_area.
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
			s.outcome := 'wrong_area';
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
			return tracetrack.scan_show(s, s.parent_id);
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
		when c.id is null and p_family_role is null then 'bad_format'
		when c.id is null and p_family_role <> 'child' then 'is_parent'
		when p.id is null or p.role <> 'parent' or p.state = 'unused' then 'no_parent'
		when c.parent_id = p.id then 'already_in_parent'
		when c.parent_id is not null then 'in_other_parent'
		when c.state = 'cancelled' then 'not_permitted'
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
-- without an outcome.
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
	end if;
	return s;
end
$$;

-- Links a child to an open parent. Reads first without locks; then claims a
-- place in the parent, then the child. If somebody else was faster, what they
-- did is seen in the next turn.
-- Outcomes: linked, completed; already_in_parent, in_other_parent, is_parent,
-- is_own_parent, no_parent, parent_full, parent_closed, parent_cancelled.
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
			 where x.active and s.code ~ x.pattern) as family_id
		  into v
		  from tracetrack.bag p
		  join tracetrack.family pf on pf.id = p.family_id
		  left join tracetrack.bag c on c.code = s.code
		 where p.code = s.parent_code and p.state = 'open'
		   and (p.area_id = s.area_id or s.any_area)
		   and (c.id is null or c.state = 'unlinked')
		   and (s.grams is null or s.grams between 1 and 1000000);
		if coalesce(v.child_id, v.family_id) is null then
			s := tracetrack.child_judge(s);
			continue;
		end if;
		update tracetrack.bag
		   set child_count = child_count + 1,
		       grams_expected = grams_expected + v.grams
		 where id = v.id and state = 'open' and child_count + 1 < v.capacity
		returning id, code, v.name, child_count, child_count, capacity,
		       coalesce(grams_measured, grams_expected), state, since
		  into s.parent_id, s.parent, s.family, s.position, s.children, s.capacity,
		       s.total, s.state, s.opened_at;
		if not found then
			s := tracetrack.parent_add(s, v.id, v.grams);
			continue when s.position is null;
			s.family := v.name;
		end if;
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

-- Locks parents, lowest id first, then a child.
create or replace function tracetrack.bags_lock(p_parents bigint[], p_child bigint) returns void
language plpgsql as $$
begin
	perform from tracetrack.bag where id = any (p_parents) order by id for no key update;
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
-- which; the right scan.closed takes a child out of a closed one).
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
			when exists (select from tracetrack.bag where code = s.code) then 'is_parent'
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
		v_refusal := tracetrack.parent_refusal(s, v_old, null, tracetrack.person_may(s.person_id, 'scan.closed'));
		if v_refusal is not null then
			return tracetrack.scan_show(tracetrack.parent_refuse(s, v_old, v_refusal), p.id);
		end if;
	end if;
	v_refusal := tracetrack.parent_room(s, p);
	if v_refusal is not null then
		return tracetrack.scan_show(tracetrack.parent_refuse(s, p, v_refusal), p.id);
	end if;
	s.from_parent_id := v_old.id;
	s := tracetrack.child_transfer(s, c, p.id);
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
	s := tracetrack.parent_add(s, p_parent, coalesce(c.grams_measured, c.grams_expected));
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
-- (it is in none), parent_closed (unless the right scan.closed), parent_full and
-- parent_cancelled, wrong_area.
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
			when exists (select from tracetrack.bag where code = s.code) then 'is_parent'
			else 'unknown_code' end;
		return s;
	end if;
	select * into p from tracetrack.bag where id = c.parent_id;
	s.parent_id := p.id;
	v_refusal := tracetrack.parent_refusal(s, p, null, tracetrack.person_may(s.person_id, 'scan.closed'));
	if v_refusal is null then
		s := tracetrack.child_take(s, c, null);
		s.outcome := 'removed';
	else
		s := tracetrack.parent_refuse(s, p, v_refusal);
	end if;
	return tracetrack.scan_show(s, p.id);
end
$$;

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
-- parent_full or parent_cancelled (what changed the parent since stands in the
-- way), wrong_area.
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
	if e.child_id is null then
		s := tracetrack.undo_parent(s, e);
	elsif e.outcome = 'removed' then
		s := tracetrack.undo_remove(s, e);
	else
		s := tracetrack.undo_link(s, e);
	end if;
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
		return tracetrack.scan_blame(s, (select code from tracetrack.bag where id = c.parent_id),
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
		return tracetrack.scan_blame(s, (select code from tracetrack.bag where id = c.parent_id),
			c.since, c.person_id, c.station_id);
	elsif v_refusal is not null then
		return tracetrack.parent_refuse(s, p, v_refusal);
	end if;
	s := tracetrack.child_transfer(s, c, p.id);
	s.outcome := 'undone';
	return s;
end
$$;

-- The functions that stations call. p_token is the sender's session, p_session
-- the one that scanned (null: the same), p_at the station's clock, p_epoch and
-- p_seq the outbox's number of this event (null: it has none).
create or replace function api.scan_parent(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.parent_open(tracetrack.scan_begin('parent',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_code => p_code)));
end
$$;

-- p_grams: the child's measured weight, null if it wasn't weighed.
create or replace function api.scan_child(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null,
	p_parent text default null, p_grams bigint default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.child_link(tracetrack.scan_begin('child',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_code => p_code, p_parent => p_parent, p_grams => p_grams)));
end
$$;

create or replace function api.scan_finish(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_parent text default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.parent_close(tracetrack.scan_begin('finish',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_parent => p_parent)));
end
$$;

create or replace function api.scan_short(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_parent text default null,
	p_reason text default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.parent_close(tracetrack.scan_begin('short',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_parent => p_parent, p_reason => p_reason)));
end
$$;

-- p_target: the event to undo.
create or replace function api.scan_undo(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_target uuid default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.event_undo(tracetrack.scan_begin('undo',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_undoes => p_target)));
end
$$;

create or replace function api.scan_relink(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null,
	p_parent text default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.child_move(tracetrack.scan_begin('relink',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_code => p_code, p_parent => p_parent)));
end
$$;

create or replace function api.scan_remove(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null)
returns tracetrack.answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.scan_end(tracetrack.child_remove(tracetrack.scan_begin('remove',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_code => p_code)));
end
$$;
