-- Requests that wait for a second person.

-- Requests in a state (pending when null; all for 'all'), newest first, below number
-- p_after, at most p_limit (1 to 1000). Raises as session_need does.
create or replace function api.approval_list(p_token text, p_state text default null,
	p_after bigint default null, p_limit integer default 100)
returns table (id bigint, at timestamptz, operation text, content jsonb, asked_by text,
	station text, state text, expires_at timestamptz, decided_at timestamptz,
	decided_by text, reason text, result text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'approval.list');
	return query
	select v.id, v.at, v.operation, v.content, p.login::text, s.name::text,
	       case when v.state = 'pending' and v.expires_at <= now() then 'expired'
		else v.state end,
	       v.expires_at, v.decided_at, d.login::text, v.reason, v.answer ->> 'outcome'
	  from tracetrack.approval v
	  join tracetrack.person p on p.id = v.person_id
	  join tracetrack.station s on s.id = v.station_id
	  left join tracetrack.person d on d.id = v.decided_by
	 where (p_after is null or v.id < p_after)
	   and (p_state = 'all' or coalesce(p_state, 'pending') =
		case when v.state = 'pending' and v.expires_at <= now() then 'expired'
		else v.state end)
	 order by v.id desc
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- Approves or declines a request. Approved, it is carried out at once, as the one
-- who asked; then result is its outcome and state approved, or failed if the rules
-- refuse it now. Whoever decides must have the right of the operation as well.
-- Outcomes: ok, not_found, own_request, already_decided, expired, not_carried_out (result
-- says why), not_permitted, bad_value, and those of write_begin. Locks the request,
-- then what the operation locks.
create or replace function api.approval_decide(p_token text, p_event uuid,
	p_id bigint default null, p_approve boolean default null, p_reason text default null)
returns table (outcome text, replayed boolean, id bigint, state text, result text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v tracetrack.approval;
begin
	-- what setting_set and user_disable lock comes before all else
	perform tracetrack.sessions_lock(p_token, 'approval.decide');
	perform tracetrack.people_lock(p_token, x.operation, x.content ->> 'login')
	   from tracetrack.approval x where x.id = p_id and x.operation = 'user.disable';
	a := tracetrack.write_begin('approval.decide', p_token, p_event, 'approval.decide',
		jsonb_build_object('id', p_id, 'approve', p_approve, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	id := p_id;
	state := a.answer ->> 'state';
	result := a.answer ->> 'result';
	if a.outcome is not null then
		return next;
		return;
	end if;
	select * into v from tracetrack.approval x where x.id = p_id for update;
	state := v.state;
	outcome := case
		when v.id is null then 'not_found'
		when p_approve is null then 'bad_value'
		when v.state <> 'pending' then 'already_decided'
		when v.person_id = a.person_id then 'own_request'
		when not (tracetrack.approval_right(v.operation) = any (a.rights))
			then 'not_permitted'
		when v.expires_at <= now() then 'expired'
		when p_approve and not exists (select from tracetrack.person p
			where p.id = v.person_id and p.state = 'active' and tracetrack.person_may(p.id,
				tracetrack.approval_right(v.operation))) then 'not_permitted'
		else 'ok' end;
	if outcome = 'expired' then
		state := 'expired';
		update tracetrack.approval x set state = 'expired', decided_at = now()
		 where x.id = v.id;
	elsif outcome = 'ok' then
		state := case when p_approve then 'approved' else 'declined' end;
		update tracetrack.approval x
		   set state = case when p_approve then 'approved' else 'declined' end,
		       decided_at = now(), decided_by = a.person_id,
		       reason = tracetrack.text_clean(p_reason, 200),
		       xact = case when p_approve then pg_current_xact_id() end
		 where x.id = v.id;
	end if;
	if outcome = 'ok' and p_approve then
		v.answer := tracetrack.approval_execute(v, p_token);
		result := v.answer ->> 'outcome';
		if result not in ('ok', 'bill_removed', 'removed', 'cancelled', 'replayed') then
			outcome := 'not_carried_out';
			state := 'failed';
		end if;
		perform tracetrack.act_as(a.person_id, a.station_id, a.session_id, a.request);
		update tracetrack.approval x set answer = v.answer, xact = null,
		       state = case when outcome = 'not_carried_out' then 'failed' else 'approved' end
		 where x.id = v.id;
	end if;
	perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome, 'id', p_id,
		'state', state, 'result', result));
	return next;
end
$$;

-- The right that an operation needs.
create or replace function tracetrack.approval_right(p_operation text) returns text
language sql immutable as $$
	select case p_operation when 'setting.weaken' then 'setting.set' else p_operation end
$$;
