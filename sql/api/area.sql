-- Areas.

-- All areas by code. Raises as session_need does.
create or replace function api.area_list(p_token text)
returns table (code text, name text, state text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'area.list');
	return query
	select a.code::text, a.name, case when a.active then 'active' else 'retired' end
	  from tracetrack.area a order by a.code;
end
$$;

-- Makes an area. Outcomes: ok, exists, bad_value, and those of write_begin.
create or replace function api.area_create(p_token text, p_event uuid,
	p_code text default null, p_name text default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('area.create', p_token, p_event, 'area.create',
		jsonb_build_object('code', p_code, 'name', p_name));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		begin
			insert into tracetrack.area (code, name)
			values (lower(btrim(p_code)), tracetrack.text_clean(p_name, 64));
		exception
			when unique_violation then
				outcome := 'exists';
			when integrity_constraint_violation then
				outcome := 'bad_value';
		end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Changes an area's name, or brings a retired one back with p_active; what is null
-- stays. Outcomes: ok, unknown_area, bad_value, and those of write_begin.
create or replace function api.area_edit(p_token text, p_event uuid,
	p_code text default null, p_name text default null, p_active boolean default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('area.edit', p_token, p_event, 'area.edit',
		jsonb_build_object('code', p_code, 'name', p_name, 'active', p_active));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		-- to retire takes a reason: area.retire
		outcome := case when p_active is false
			or (p_name is not null and tracetrack.text_clean(p_name, 64) is null)
			then 'bad_value' else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.area x
			   set name = coalesce(tracetrack.text_clean(p_name, 64), x.name),
			       active = coalesce(p_active, x.active),
			       reason = case when p_active then null else x.reason end
			 where x.code = lower(btrim(p_code));
			outcome := case when found then 'ok' else 'unknown_area' end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Retires an area: nobody and no station is put there any more. Outcomes: ok,
-- unknown_area, already_decided (it is retired), in_use (detail names an active person
-- or an enabled station there), bad_value (no reason), and those of write_begin.
-- Locks the area.
create or replace function api.area_retire(p_token text, p_event uuid,
	p_code text default null, p_reason text default null)
returns table (outcome text, replayed boolean, detail text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	v tracetrack.area;
begin
	a := tracetrack.write_begin('area.retire', p_token, p_event, 'area.retire',
		jsonb_build_object('code', p_code, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	detail := a.answer ->> 'detail';
	if a.outcome is null then
		select * into v from tracetrack.area x where x.code = lower(btrim(p_code)) for update;
		detail := coalesce(
			(select 'person ' || p.login from tracetrack.person p
			  where p.area_id = v.id and p.state = 'active' order by p.login limit 1),
			(select 'station ' || s.name from tracetrack.station s
			  where s.area_id = v.id and s.state = 'enabled' order by s.name limit 1));
		outcome := case when v.id is null then 'unknown_area'
			when not v.active then 'already_decided'
			when tracetrack.text_clean(p_reason, 200) is null then 'bad_value'
			when detail is not null then 'in_use' else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.area x
			   set active = false, reason = tracetrack.text_clean(p_reason, 200)
			 where x.id = v.id;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'detail', detail));
	end if;
	return next;
end
$$;
