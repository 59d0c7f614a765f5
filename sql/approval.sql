-- Two persons: what can't be undone is asked for by one and carried out when a
-- second one, who may do it too, agrees. Which operations that are is the setting
-- two_person.

-- The operations that may be named there, and their functions. What such a function
-- gives to write_begin as content are its parameters by name, without secrets.
create or replace function tracetrack.approvable()
returns table (operation text, function text)
language sql immutable as $$
	values
	('bag.cancel', 'bag_cancel'),
	('bill.cancel', 'bill_cancel'),
	('family.retire', 'family_retire'),
	('setting.weaken', 'setting_set'),
	('user.disable', 'user_disable')
$$;

-- The end of write_begin for such an operation: notes the request and answers
-- awaiting_approval; or, if it is being carried out in this very transaction, goes
-- on as the person who asked for it.
create or replace function tracetrack.approval_need(a tracetrack.act, p_content jsonb)
returns tracetrack.act
language plpgsql as $$
declare
	v tracetrack.approval;
	v_id bigint;
begin
	select * into v from tracetrack.approval x
	 where x.execution = a.request and x.operation = a.name
	   and x.xact = pg_current_xact_id();
	if found then
		a.approver_id := a.person_id;
		a.person_id := v.person_id;
		a.station_id := v.station_id;
		a.session_id := v.session_id;
		a := tracetrack.act_fill(a);
		perform tracetrack.act_as(a.person_id, a.station_id, a.session_id, a.request,
			a.approver_id);
		return a;
	end if;
	insert into tracetrack.approval (expires_at, request, session_id, person_id, station_id,
		operation, content)
	values (now() + tracetrack.setting_text('approval_life')::interval, a.request,
		a.session_id, a.person_id, a.station_id, a.name, jsonb_strip_nulls(p_content))
	returning id into v_id;
	perform tracetrack.notify('approval', a.name || ' ' || v_id,
		format('%s asks for %s', a.login, a.name));
	a.outcome := 'awaiting_approval';
	a.answer := jsonb_build_object('outcome', a.outcome, 'approval', v_id);
	perform tracetrack.write_end(a, a.answer);
	return a;
end
$$;

-- Calls the operation with what was asked. Returns its answer.
create or replace function tracetrack.approval_execute(v tracetrack.approval, p_token text)
returns jsonb
language plpgsql as $$
declare
	v_function text := (select f.function from tracetrack.approvable() f
		where f.operation = v.operation);
	v_parameters text;
	v_answer jsonb;
begin
	select coalesce(string_agg(format(', %I => ($3 ->> %L)::%s', n.name, substr(n.name, 3),
		p.proargtypes[n.position - 1]::regtype), ''), '') into v_parameters
	  from pg_catalog.pg_proc p, unnest(p.proargnames) with ordinality n (name, position)
	 where p.pronamespace = 'api'::regnamespace and p.proname = v_function
	   and n.position <= p.pronargs and v.content ? substr(n.name, 3)
	   and n.name not in ('p_token', 'p_event');
	execute format('select to_jsonb(x) from api.%I(p_token => $1, p_event => $2%s) x',
		v_function, v_parameters) into v_answer using p_token, v.execution, v.content;
	return v_answer;
end
$$;
