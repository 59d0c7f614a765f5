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
