-- What every write that is not a scan begins and ends with.
--
--	a := tracetrack.write_begin('bill.create', p_token, p_event, 'bill.create',
--		jsonb_build_object('number', p_number, 'destination', p_destination));
--	if a.outcome is null then
--		... the work, which sets outcome ...
--		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome, ...));
--	end if;
--
-- Else a.answer is what to return: the first answer of this request, or only an
-- outcome. Work that may break a constraint is a block of its own with an
-- exception handler, after write_begin, so that the claim of the request stays.

-- Fills in who the person of an act is, and the area that the person is held to.
create or replace function tracetrack.act_fill(a tracetrack.act) returns tracetrack.act
language plpgsql as $$
begin
	select p.login, p.role, r.rights, 'scan.any_area' = any (r.rights),
	       case when 'scan.any_area' = any (r.rights) then coalesce(st.area_id, p.area_id)
		else p.area_id end
	  into a.login, a.role, a.rights, a.any_area, a.area_id
	  from tracetrack.person p
	  join tracetrack.role r on r.name = p.role
	  join tracetrack.station st on st.id = a.station_id
	 where p.id = a.person_id;
	return a;
end
$$;

-- Begins a write: commits durably, finds who calls, claims the request id and
-- tells the audit. p_name is the operation, p_right null if any session may;
-- p_content is all that was asked, by the names of the parameters without p_,
-- as it was given or as it was cleaned; it is compared by a hash and not kept,
-- but salts and verifiers stay out, because they differ from try to try.
-- area_id is the area that the person is held to unless any_area.
--
-- Settled outcomes: session_expired, not_permitted, bad_format (no request id),
-- key_reused (the id was used by somebody else, or for something else),
-- awaiting_approval (a second person must agree, and then it is called again), or
-- that of the first answer, which has "replayed": true then. A second call with the same
-- id waits for the first. Locks session and station (at most once a minute), then
-- the request.
create or replace function tracetrack.write_begin(p_name text, p_token text, p_request uuid,
	p_right text, p_content jsonb) returns tracetrack.act
language plpgsql as $$
declare
	a tracetrack.act;
	v record;
	v_first tracetrack.operation;
	v_content bigint := jsonb_hash_extended(coalesce(p_content, '{}'), 0);
begin
	perform tracetrack.write_durably();
	v := tracetrack.session_use(p_token, p_right);
	a.name := p_name;
	a.replayed := false;
	if v.outcome <> 'ok' or p_request is null then
		a.outcome := case when v.outcome <> 'ok' then v.outcome else 'bad_format' end;
		a.answer := jsonb_build_object('outcome', a.outcome);
		return a;
	end if;
	a.request := p_request;
	a.session_id := v.session_id;
	a.station_id := v.station_id;
	a.person_id := v.person_id;
	a := tracetrack.act_fill(a);
	insert into tracetrack.operation (request, person_id, station_id, session_id, name,
		content, answer)
	values (a.request, a.person_id, a.station_id, a.session_id, a.name, v_content, '{}')
	on conflict do nothing;
	if found then
		perform tracetrack.act_as(a.person_id, a.station_id, a.session_id, a.request);
		if p_name = any (string_to_array(tracetrack.setting_text('two_person'), ' ')) then
			a := tracetrack.approval_need(a, coalesce(p_content, '{}'));
		end if;
		return a;
	end if;
	select * into v_first from tracetrack.operation o where o.request = a.request;
	if v_first.person_id = a.person_id and v_first.name = a.name
	and v_first.content = v_content then
		a.replayed := true;
		a.answer := v_first.answer || '{"replayed": true}';
		a.outcome := a.answer ->> 'outcome';
	else
		a.outcome := 'key_reused';
		a.answer := jsonb_build_object('outcome', a.outcome);
	end if;
	return a;
end
$$;

-- Ends it: keeps the answer, a refusal too, with the request, and writes the audit
-- of what was changed. The answer has an outcome. Locks the station's counter of
-- the audit: to be called last.
create or replace function tracetrack.write_end(a tracetrack.act, p_answer jsonb) returns void
language plpgsql as $$
begin
	if p_answer ->> 'outcome' is null then
		raise exception 'the answer of % has no outcome', a.name;
	end if;
	update tracetrack.operation set answer = p_answer where request = a.request;
	set constraints tracetrack.audited, tracetrack.audited_other immediate;
	perform set_config('tracetrack.act', '', true);
end
$$;

-- Ends one that did nothing and may come again, with the same request id: its claim
-- is given back, and no answer kept.
create or replace function tracetrack.write_forget(a tracetrack.act) returns void
language plpgsql as $$
begin
	delete from tracetrack.operation where request = a.request;
	perform set_config('tracetrack.act', '', true);
end
$$;
