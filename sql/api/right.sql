-- Rights.

-- The names of the rights that the person's role has, in order; so that a face can offer what will
-- not be refused. Raises as session_need does. Locks nothing.
create or replace function api.right_list(p_token text)
returns table (name text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_person integer;
begin
	perform tracetrack.session_need(p_token, null);
	select s.person_id into v_person
	  from tracetrack.session s
	 where s.token_hash = tracetrack.token_hash(p_token);
	return query
	select x.right_name
	  from tracetrack.person p
	  join tracetrack.role_right x on x.role = p.role
	 where p.id = v_person
	 order by x.right_name collate "C";
end
$$;
