-- Areas.

-- All areas by code. One row with nothing but the outcome if it isn't ok.
create or replace function api.area_list(p_token text)
returns table (outcome text, area text, name text, active boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	select * into v from tracetrack.session_use(p_token, 'area.list');
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	return query
	select 'ok'::text, a.code::text, a.name, a.active from tracetrack.area a order by a.code;
end
$$;
