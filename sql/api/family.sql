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
	 order by f.role = 'child', not f.active, f.id;
end
$$;

-- Why a family may not take codes by this pattern; null if it may. Every bag keeps
-- the family that it has: one of this family must still match, and no other bag's
-- code and no bill's number may. Looks at bags with numbers above p_after only.
create or replace function tracetrack.family_clash(f tracetrack.family, p_after bigint)
returns text
language plpgsql stable as $$
declare
	v record;
begin
	select b.code, b.family_id, o.name into v
	  from tracetrack.bag b join tracetrack.family o on o.id = b.family_id
	 where b.id > p_after
	   and (b.family_id = f.id and b.code !~ f.pattern
		or b.family_id <> f.id and f.role <> 'child' and b.code ~ f.pattern)
	 order by b.id limit 1;
	if found then
		return case when v.family_id = f.id then format('%s would belong to no family', v.code)
			else format('%s is of family %s', v.code, v.name) end;
	end if;
	return (select format('%s is a bill', b.number) from tracetrack.bill b
		 where f.role not in ('bill', 'child') and b.number ~ f.pattern
		 order by b.id limit 1);
end
$$;

-- The same for all bags. Bags that are made while it looks are looked at once more,
-- when no transaction that has read the families as they were is left and new ones
-- have to wait: every scan reads them. Their numbers may be lower than the highest
-- that was seen before, but not by much. Returns the clash.
create or replace function tracetrack.family_clash_now(f tracetrack.family) returns text
language plpgsql as $$
declare
	v_last bigint := (select coalesce(max(id), 0) from tracetrack.bag);
	v_clash text := tracetrack.family_clash(f, 0);
begin
	if v_clash is null then
		lock table tracetrack.family in access exclusive mode;
		v_clash := tracetrack.family_clash(f, v_last - 100000);
	end if;
	return v_clash;
end
$$;

-- Makes a family. The pattern is an anchored POSIX extended expression over
-- upper-case codes. Outcomes: ok, exists, bad_value (one that the table refuses, such
-- as an example that doesn't match), ambiguous (detail names a code that is something
-- else), and those of write_begin. Locks the families: scans wait for a moment.
create or replace function api.family_create(p_token text, p_event uuid,
	p_name text default null, p_role text default null, p_pattern text default null,
	p_example text default null, p_capacity integer default null,
	p_child_grams bigint default null)
returns table (outcome text, replayed boolean, detail text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	f tracetrack.family;
begin
	a := tracetrack.write_begin('family.create', p_token, p_event, 'family.create',
		jsonb_build_object('name', p_name, 'role', p_role, 'pattern', p_pattern,
			'example', p_example, 'capacity', p_capacity, 'child_grams', p_child_grams));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	detail := a.answer ->> 'detail';
	if a.outcome is null then
		lock table tracetrack.family in share row exclusive mode;
		begin
			insert into tracetrack.family (name, role, pattern, example, capacity,
				child_grams)
			values (p_name, p_role, p_pattern, p_example,
				case when p_role = 'parent' then coalesce(p_capacity, 30)
				else p_capacity end,
				case when p_role = 'parent' then coalesce(p_child_grams, 1000)
				else p_child_grams end)
			returning * into f;
			detail := tracetrack.family_clash_now(f);
			if detail is not null then
				raise sqlstate 'TT001';
			end if;
		exception
			when sqlstate 'TT001' then
				outcome := 'ambiguous';
			when unique_violation then
				outcome := 'exists';
			when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
		end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'detail', detail));
	end if;
	return next;
end
$$;

-- Changes a family; what is null stays. Parents that are there keep the number of
-- children that they take. p_active brings a retired family back. Outcomes: ok,
-- not_found, bad_value, ambiguous (detail names a code that would become something
-- else), and those of write_begin. Locks the families: scans wait for a moment.
create or replace function api.family_edit(p_token text, p_event uuid,
	p_name text default null, p_pattern text default null, p_example text default null,
	p_capacity integer default null, p_child_grams bigint default null,
	p_active boolean default null)
returns table (outcome text, replayed boolean, detail text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	f tracetrack.family;
begin
	a := tracetrack.write_begin('family.edit', p_token, p_event, 'family.edit',
		jsonb_build_object('name', p_name, 'pattern', p_pattern, 'example', p_example,
			'capacity', p_capacity, 'child_grams', p_child_grams, 'active', p_active));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	detail := a.answer ->> 'detail';
	if a.outcome is null then
		lock table tracetrack.family in share row exclusive mode;
		begin
			-- to retire takes a reason: family.retire
			update tracetrack.family x
			   set pattern = coalesce(p_pattern, x.pattern),
			       example = coalesce(p_example, x.example),
			       capacity = coalesce(p_capacity, x.capacity),
			       child_grams = coalesce(p_child_grams, x.child_grams),
			       active = x.active or coalesce(p_active, false),
			       reason = case when p_active then null else x.reason end
			 where x.name = p_name
			returning * into f;
			outcome := case when not found then 'not_found'
				when p_active is false then 'bad_value' else 'ok' end;
			if p_pattern is not null or p_active then
				detail := tracetrack.family_clash_now(f);
				outcome := case when detail is not null then 'ambiguous'
					else outcome end;
			end if;
			if outcome <> 'ok' then
				raise sqlstate 'TT001';
			end if;
		exception
			when sqlstate 'TT001' then
				null;
			when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
		end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'detail', detail));
	end if;
	return next;
end
$$;

-- Retires a family: no new bag gets a code of it. Its bags stay what they are and go on,
-- and its codes stay its own.
-- Outcomes: ok, not_found, already_decided (it is retired), in_use (the last one of its
-- role), bad_value (no reason, or stations need it), and those of write_begin. Locks the
-- families.
create or replace function api.family_retire(p_token text, p_event uuid,
	p_name text default null, p_reason text default null)
returns table (outcome text, replayed boolean, detail text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	f tracetrack.family;
begin
	a := tracetrack.write_begin('family.retire', p_token, p_event, 'family.retire',
		jsonb_build_object('name', p_name, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	detail := a.answer ->> 'detail';
	if a.outcome is null then
		lock table tracetrack.family in share row exclusive mode;
		select * into f from tracetrack.family x where x.name = p_name;
		detail := (select 'no other family has the role ' || f.role
			 where not exists (select from tracetrack.family x
				where x.role = f.role and x.active and x.id <> f.id));
		outcome := case when f.id is null then 'not_found'
			when not f.active then 'already_decided'
			when tracetrack.text_clean(p_reason, 200) is null then 'bad_value'
			when f.role in ('command', 'badge') then 'bad_value'
			when detail is not null then 'in_use' else 'ok' end;
		detail := case when outcome = 'in_use' then detail end;
		if outcome = 'ok' then
			update tracetrack.family x
			   set active = false, reason = tracetrack.text_clean(p_reason, 200)
			 where x.id = f.id;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'detail', detail));
	end if;
	return next;
end
$$;
