-- The scan functions, and what they share.
--
-- Each is a pipe of three steps over one tracetrack.scan: scan_begin finds the
-- session and claims the request id, a step of its own applies the rules, and
-- scan_end writes ledger and counters and gives the answer. A refusal is an
-- outcome in that row, never an error.
--
-- Locks, always in this order: session and station (at most once a minute, see
-- session_prolong), request id, parents by id, children by id, the backend's slot of
-- the tally.
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
			E'[\\x01-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]',
			' ', 'g'), p_length)), '') end
$$;

-- The family of a code: the first active one that matches, and a child family only if
-- no other does. A family that is retired keeps its codes: unless another has taken
-- them over they are nobody's, and never a child's. An empty row if there is none.
create or replace function tracetrack.code_family(p_code text) returns tracetrack.family
language plpgsql stable as $$
declare
	f tracetrack.family;
begin
	select * into f from tracetrack.family x
	 where p_code ~ x.pattern and (x.active or x.role <> 'child')
	 order by x.role = 'child', not x.active, x.id limit 1;
	if not f.active then
		f := null;
	end if;
	return f;
end
$$;

-- done, again or refused: what counters and exceptions make of an outcome.
create or replace function tracetrack.outcome_class(p_outcome text) returns text
language sql immutable parallel safe as $$
	select case when p_outcome in ('linked', 'completed', 'opened', 'resumed', 'finished',
			'short_closed', 'undone', 'relinked', 'removed', 'ok', 'bill_resumed',
			'bill_added', 'bill_removed', 'bill_completed') then 'done'
		when p_outcome in ('already_in_parent', 'already_on_bill') then 'again'
		else 'refused' end
$$;

-- The right that an action of the ledger needs.
create or replace function tracetrack.action_right(p_action text) returns text
language sql immutable parallel safe as $$
	select case when p_action = 'bill_scan' then 'bill.add'
		when starts_with(p_action, 'bill_') then 'bill.' || substr(p_action, 6)
		else 'scan.' || p_action end
$$;

-- Cleans what a person or a device has sent. What can't be right becomes
-- bad_format, unless there is an outcome already. Nearly all comes clean, and is looked at
-- once: each step of the cleaning is prepared anew in each transaction.
create or replace function tracetrack.scan_clean(s tracetrack.scan) returns tracetrack.scan
language plpgsql as $$
begin
	if s.reason is null and (s.grams between 1 and 1000000) is not false
	and (length(s.code) <= 64 and s.code ~ '^[!-`{-~]+$') is not false
	and (length(s.parent_code) <= 64 and s.parent_code ~ '^[!-`{-~]+$') is not false
	and (length(s.device) <= 200 and s.device ~ '^[!-~]+$') is not false then
		return s;
	end if;
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
	or tracetrack.action_right(p_action) <> all (v.rights) then
		s.outcome := 'not_permitted';
	elsif not s.any_area and v.station_area <> v.area_id then
		s.outcome := 'wrong_area';
		s.other := (select code from tracetrack.area where id = v.station_area);
	end if;
	return s;
end
$$;

-- Finds out for whom a scan counts: the session as it is now, or as scan_session.
create or replace function tracetrack.scan_context(p_action text, p_token text, p_event uuid,
	p_epoch bigint, p_seq bigint, p_at timestamptz, p_session bigint, p_device text,
	p_lane integer, p_offline boolean, p_code text default null, p_parent text default null,
	p_grams bigint default null, p_reason text default null, p_undoes uuid default null)
returns tracetrack.scan
language plpgsql as $$
declare
	s tracetrack.scan;
	v_token bytea := tracetrack.token_hash(p_token);
	v_right text := tracetrack.action_right(p_action);
begin
	s := (select row(case when p_event is not null and t.expires_at > now()
		and (p_session is null or p_session = t.id)
		and t.is_ready and v_right = any (t.rights)
		and (p_device is null or (length(p_device) <= 200 and p_device ~ '^[ -~]+$'))
		and set_config('synchronous_commit', t.durability, true) is not null
		then false end,
	       false, t.extended_at < now() - interval '1 minute',
	       p_event, now(), p_at,
	       case when p_seq is not null then p_epoch end,
	       case when p_epoch is not null then p_seq end,
	       t.id, t.id, t.station_id, t.person_id, t.area_id,
	       'scan.any_area' = any (t.rights), p_lane, coalesce(p_offline, false), p_device,
	       p_action, p_code, p_parent, p_undoes, p_reason, p_grams, null, null, null, null,
	       null, null, null, null, null, null, null, null, null, null, null, null, null,
	       null, null, null, null)::tracetrack.scan
	  from tracetrack.session t
	 where t.token_hash = v_token and t.revoked_at is null);
	if s.settled is null then
		s := tracetrack.scan_session(p_action, v_token, row(true, false, false, p_event,
			now(), p_at, case when p_seq is not null then p_epoch end,
			case when p_epoch is not null then p_seq end, null, null, null, null,
			null, false, p_lane, coalesce(p_offline, false), p_device, p_action,
			p_code, p_parent, p_undoes, p_reason, p_grams, null, null, null, null,
			null, null, null, null, null, null, null, null, null, null, null, null,
			null, null, null, null, null)::tracetrack.scan, p_session);
	end if;
	if s.prolong and not s.settled then
		perform tracetrack.session_prolong(s.sent_by, s.station_id);
	end if;
	return s;
end
$$;

-- Claims the request id of a scan whose session is known; p_content is a hash of
-- what was asked, as it was asked. settled is set if the answer is: as
-- scan_session, or key_reused, or the first answer of a request that comes again.
create or replace function tracetrack.scan_claim(s tracetrack.scan, p_content bigint)
returns tracetrack.scan
language plpgsql as $$
begin
	if s.settled then
		return s;
	end if;
	insert into tracetrack.request (event, at, content, epoch, seq, station_id)
	values (s.id, s.at, p_content, s.epoch, s.seq, s.station_id)
	on conflict do nothing;
	if not found then
		return tracetrack.scan_again(s, p_content);
	end if;
	return s;
end
$$;

-- What each scan function begins with.
create or replace function tracetrack.scan_begin(p_action text, p_token text, p_event uuid,
	p_epoch bigint, p_seq bigint, p_at timestamptz, p_session bigint, p_device text,
	p_lane integer, p_offline boolean, p_code text default null, p_parent text default null,
	p_grams bigint default null, p_reason text default null, p_undoes uuid default null)
returns tracetrack.scan
language plpgsql as $$
begin
	return tracetrack.scan_claim(tracetrack.scan_context(p_action, p_token, p_event, p_epoch,
		p_seq, p_at, p_session, p_device, p_lane, p_offline, p_code, p_parent, p_grams,
		p_reason, p_undoes), hash_record_extended(row(p_action, p_code, p_parent,
		p_grams, p_reason, p_undoes), 0));
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
		perform tracetrack.scan_count(s);
	end if;
	return row(s.outcome, s.replayed, s.id, s.code, coalesce(s.parent, s.parent_code),
		s.family, s.position, s.children, s.capacity, s.total, s.state, s.opened_at,
		s.other, s.other_at, s.other_by, s.other_station, s.undone)::tracetrack.answer;
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
--
-- The server prepares every expression of every statement anew in each
-- transaction. So what nearly every scan is - a new child into an open parent that
-- has more places - is six lean statements; all else goes the general way, from
-- wherever it shows.
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
declare
	s tracetrack.scan;
	v_claimed boolean := false;
	v_session bigint;
	v_station integer;
	v_person integer;
	v_area smallint;
	v_any_area boolean;
	v_prolong boolean;
	v_family smallint;
	v_parent bigint;
	v_parent_code text;
	v_parent_family text;
	v_position smallint;
	v_capacity smallint;
	v_total bigint;
	v_since timestamptz;
	v_grams bigint;
	v_child bigint;
begin
	select t.id, t.station_id, t.person_id, t.area_id, 'scan.any_area' = any (t.rights),
	       t.extended_at < now() - interval '1 minute',
	       (select case when bool_and(f.role = 'child') then min(f.id) end
		  from tracetrack.family f
		 where (f.active or f.role <> 'child') and p_code ~ f.pattern)
	  into v_session, v_station, v_person, v_area, v_any_area, v_prolong, v_family
	  from tracetrack.session t
	 where t.token_hash = tracetrack.token_hash(p_token)
	   and t.revoked_at is null and t.expires_at > now() and t.is_ready
	   and p_event is not null and (p_session is null or p_session = t.id)
	   and (p_epoch is null) = (p_seq is null) and 'scan.child' = any (t.rights)
	   and (p_device is null or (length(p_device) <= 200 and p_device ~ '^[ -~]+$'))
	   and (p_grams is null or p_grams between 1 and 1000000)
	   and set_config('synchronous_commit', t.durability, true) is not null;

	if v_family is not null then
		if v_prolong then
			perform tracetrack.session_prolong(v_session, v_station);
		end if;
		insert into tracetrack.request (event, at, content, epoch, seq, station_id)
		values (p_event, now(), hash_record_extended(row('child'::text, p_code, p_parent,
			p_grams, null::text, null::uuid), 0), p_epoch, p_seq, v_station)
		on conflict do nothing;
		v_claimed := found;
	end if;
	if v_claimed then
		update tracetrack.bag p
		   set child_count = p.child_count + 1,
		       grams_expected = p.grams_expected + coalesce(p_grams, f.child_grams)
		  from tracetrack.family f
		 where p.code = p_parent and p.state = 'open' and p.bill_id is null
		   and p.child_count + 1 < p.capacity
		   and (p.area_id = v_area or v_any_area) and f.id = p.family_id
		returning p.id, p.code, f.name, p.child_count, p.capacity,
		       coalesce(p.grams_measured, p.grams_expected), p.since, p.area_id,
		       f.child_grams
		  into v_parent, v_parent_code, v_parent_family, v_position, v_capacity,
		       v_total, v_since, v_area, v_grams;
	end if;
	if v_parent is not null then
		insert into tracetrack.bag (code, role, family_id, area_id, state, parent_id,
			position, grams_expected, grams_measured, since, person_id, station_id,
			event_id)
		values (p_code, 'child', v_family, v_area, 'linked', v_parent,
			v_position, v_grams, p_grams, now(), v_person, v_station,
			p_event)
		on conflict (code) do nothing
		returning id into v_child;
	end if;
	if v_child is not null then
		insert into tracetrack.event (at, client_at, epoch, seq, session_id, sent_by,
			parent_id, child_id, grams, total, station_id, person_id, lane, position,
			children, capacity, offline, id, action, outcome, code, state, device)
		values (now(), p_at, p_epoch, p_seq, v_session, v_session,
			v_parent, v_child, p_grams, v_total, v_station, v_person, p_lane, v_position,
			v_position, v_capacity, coalesce(p_offline, false), p_event, 'child',
			'linked', p_code, 'open', p_device);
		update tracetrack.tally
		   set scans = scans + 1, done = done + 1, linked = linked + 1,
		       children_linked = children_linked + 1
		 where slot = pg_backend_pid() % 64;
		return row('linked', false, p_event, p_code, v_parent_code, v_parent_family,
			v_position, v_position, v_capacity, v_total, 'open', v_since,
			null, null, null, null, null)::tracetrack.answer;
	end if;

	s := tracetrack.scan_context('child', p_token, p_event, p_epoch, p_seq, p_at, p_session,
		p_device, p_lane, p_offline, p_code => p_code, p_parent => p_parent,
		p_grams => p_grams);
	if not v_claimed then
		s := tracetrack.scan_claim(s, hash_record_extended(row('child'::text, p_code,
			p_parent, p_grams, null::text, null::uuid), 0));
	elsif s.settled then
		raise exception 'the session ended during the call'
			using errcode = 'serialization_failure';
	elsif v_parent is not null then
		s := tracetrack.parent_give_back(s, v_parent, coalesce(p_grams, v_grams));
	end if;
	return tracetrack.scan_end(tracetrack.child_link(s));
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
