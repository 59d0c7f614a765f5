-- Stations.

-- All stations but number 0, by name. Raises as session_need does.
create or replace function api.station_list(p_token text)
returns table (name text, area text, state text, version text,
	last_seen timestamptz, double_read_ms integer, hard_stop boolean, sounds boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'station.list');
	return query
	select st.name::text, a.code::text, st.state, st.version, st.last_seen,
	       st.double_read_ms, st.hard_stop, st.sounds
	  from tracetrack.station st left join tracetrack.area a on a.id = st.area_id
	 where st.id <> 0
	 order by st.name;
end
$$;

-- Makes a station before its first login, which is needed where stations don't
-- register by themselves. Outcomes: ok, exists, unknown_area, bad_value, and those of
-- write_begin.
create or replace function api.station_create(p_token text, p_event uuid,
	p_name text default null, p_area text default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	v_area smallint := (select x.id from tracetrack.area x where x.code = p_area and x.active);
begin
	a := tracetrack.write_begin('station.create', p_token, p_event, 'station.create',
		jsonb_build_object('name', p_name, 'area', p_area));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		begin
			if p_area is not null and v_area is null then
				outcome := 'unknown_area';
			else
				insert into tracetrack.station (name, area_id)
				values (btrim(p_name), v_area);
			end if;
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

-- Changes a station's policy; what is null stays. p_area is '-' for no area of its
-- own; p_enabled brings a retired station back. A station takes the change at its
-- next login. Outcomes: ok, not_found, unknown_area, bad_value, and those of
-- write_begin. Locks as sessions_lock, then the station, then the sessions there.
create or replace function api.station_edit(p_token text, p_event uuid,
	p_name text default null, p_area text default null, p_double_read_ms integer default null,
	p_hard_stop boolean default null, p_sounds boolean default null,
	p_enabled boolean default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	v_area smallint := (select x.id from tracetrack.area x where x.code = p_area and x.active);
begin
	perform tracetrack.sessions_lock(p_token, 'station.edit');
	a := tracetrack.write_begin('station.edit', p_token, p_event, 'station.edit',
		jsonb_build_object('name', p_name, 'area', p_area, 'double_read_ms',
			p_double_read_ms, 'hard_stop', p_hard_stop, 'sounds', p_sounds,
			'enabled', p_enabled));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		-- to retire takes a reason: station.retire
		outcome := case when p_area <> '-' and v_area is null then 'unknown_area'
			when p_enabled is false or p_double_read_ms not between 0 and 60000
			then 'bad_value' else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.station s
			   set area_id = case when p_area is null then s.area_id else v_area end,
			       double_read_ms = coalesce(p_double_read_ms, s.double_read_ms),
			       hard_stop = coalesce(p_hard_stop, s.hard_stop),
			       sounds = coalesce(p_sounds, s.sounds),
			       state = case when p_enabled then 'enabled' else s.state end,
			       reason = case when p_enabled then null else s.reason end
			 where s.name = p_name and s.id <> 0;
			outcome := case when found then 'ok' else 'not_found' end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Retires a station: nobody logs in there any more, and what it still sends is
-- recorded as refused. Outcomes: ok, not_found, already_decided (it is retired),
-- bad_value (no reason), and those of write_begin. Locks as station_edit.
create or replace function api.station_retire(p_token text, p_event uuid,
	p_name text default null, p_reason text default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	v tracetrack.station;
begin
	perform tracetrack.sessions_lock(p_token, 'station.retire');
	a := tracetrack.write_begin('station.retire', p_token, p_event, 'station.retire',
		jsonb_build_object('name', p_name, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select * into v from tracetrack.station s where s.name = p_name and s.id <> 0
		   for no key update;
		outcome := case when v.id is null then 'not_found'
			when v.state = 'retired' then 'already_decided'
			when tracetrack.text_clean(p_reason, 200) is null then 'bad_value'
			else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.station s
			   set state = 'retired', reason = tracetrack.text_clean(p_reason, 200)
			 where s.id = v.id;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;
