-- Code families.

-- All families in the order in which they are tried. One row with nothing but
-- the outcome if it isn't ok. Works while the session is locked: a station reads
-- it to know what its command and badge codes look like.
create or replace function api.family_list(p_token text)
returns table (outcome text, family text, role text, pattern text, example text,
	capacity integer, child_grams bigint, active boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	select * into v from tracetrack.session_use(p_token, null);
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	return query
	select 'ok'::text, f.name::text, f.role, f.pattern::text, f.example::text,
	       f.capacity::integer, f.child_grams, f.active
	  from tracetrack.family f
	 order by f.role = 'child', f.id;
end
$$;
