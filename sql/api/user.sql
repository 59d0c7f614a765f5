-- People.

-- For the owner: the first administrator, and people for demonstrations.
-- p_salt is hex of 16 bytes, p_verifier hex of sha256 of the login proof.
-- Returns the person's number; raises what the table refuses.
create or replace function tracetrack.person_add(p_login text, p_name text, p_role text,
	p_area text, p_mail text, p_salt text, p_ops integer, p_mem bigint, p_verifier text)
returns integer
language plpgsql as $$
declare
	v_id integer;
begin
	insert into tracetrack.person (login, name, role, area_id, mail, salt, ops, mem, verifier)
	values (p_login, p_name, p_role,
		(select id from tracetrack.area where code = p_area and active),
		nullif(p_mail, ''), decode(p_salt, 'hex'), p_ops, p_mem, decode(p_verifier, 'hex'))
	returning id into v_id;
	return v_id;
end
$$;

-- Makes a person. Outcomes: ok, exists (the login is taken), unknown_area,
-- bad_value (one that the table refuses), and those of write_begin.
create or replace function api.user_create(p_token text, p_event uuid,
	p_login text default null, p_name text default null, p_role text default null,
	p_area text default null, p_mail text default null, p_salt text default null,
	p_ops integer default null, p_mem bigint default null, p_verifier text default null)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.create', p_token, p_event, 'user.create',
		jsonb_build_object('login', login, 'name', p_name, 'role', p_role, 'area', p_area,
			'mail', p_mail));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		begin
			if coalesce(p_area, '') <> '' and not exists (
				select from tracetrack.area x where x.code = p_area and x.active) then
				outcome := 'unknown_area';
			else
				perform tracetrack.person_add(tracetrack.login_clean(p_login),
					tracetrack.text_clean(p_name, 100), p_role, nullif(p_area, ''),
					p_mail, p_salt, p_ops, p_mem, p_verifier);
			end if;
		exception
			when unique_violation then
				outcome := 'exists';
			when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
		end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- People by login after p_after, at most p_limit (1 to 1000) of them. state is
-- active, disabled, or locked (too many failed logins). Raises as session_need does.
create or replace function api.user_list(p_token text, p_after text default '',
	p_limit integer default 100)
returns table (login text, name text, role text, area text, mail text,
	state text, locked_until timestamptz, created_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'user.list');
	return query
	select p.login::text, p.name, p.role, a.code::text, p.mail,
	       case when p.state = 'active' and f.login is not null then 'locked'
		else p.state end,
	       f.locked_until, p.created_at
	  from tracetrack.person p
	  left join tracetrack.area a on a.id = p.area_id
	  left join tracetrack.login_failure f
	    on f.login = p.login and f.locked_until > now()
	 where p.login > coalesce(p_after, '')
	 order by p.login
	 limit least(greatest(coalesce(p_limit, 100), 1), 1000);
end
$$;
