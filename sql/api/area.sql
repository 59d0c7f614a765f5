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
