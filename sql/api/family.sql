-- Code families.

-- All families in the order in which they are tried. Raises as session_need does.
-- Works while the session is locked: a station reads it to know what its command
-- and badge codes look like.
create or replace function api.family_list(p_token text)
returns table (name text, role text, pattern text, example text,
	capacity integer, child_grams bigint, active boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, null);
	return query
	select f.name::text, f.role, f.pattern::text, f.example::text,
	       f.capacity::integer, f.child_grams, f.active
	  from tracetrack.family f
	 order by f.role = 'child', f.id;
end
$$;
