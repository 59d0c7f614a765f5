-- Stations.

-- All stations but number 0, by name. One row with nothing but the outcome if it
-- isn't ok.
create or replace function api.station_list(p_token text)
returns table (outcome text, station text, area text, state text, version text,
	last_seen timestamptz, double_read_ms integer, hard_stop boolean, sounds boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	select * into v from tracetrack.session_use(p_token, 'station.list');
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	return query
	select 'ok'::text, st.name::text, a.code::text, st.state, st.version, st.last_seen,
	       st.double_read_ms, st.hard_stop, st.sounds
	  from tracetrack.station st left join tracetrack.area a on a.id = st.area_id
	 where st.id <> 0
	 order by st.name;
end
$$;
