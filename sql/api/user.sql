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
-- area_needed (a dispatcher without one), unknown_role, bad_value (what the table
-- refuses), and those of write_begin.
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
			elsif not exists (select from tracetrack.role x where x.name = p_role) then
				outcome := 'unknown_role';
			elsif p_role = 'dispatcher' and coalesce(p_area, '') = '' then
				outcome := 'area_needed';
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

-- By what a list of people is sorted: p_sort is login, name, role, area, created_at
-- or last_seen; 22023 for another.
create or replace function tracetrack.person_sort(p_sort text, p tracetrack.person, p_area text,
	p_seen timestamptz) returns text
language plpgsql stable as $$
begin
	case coalesce(p_sort, 'login')
	when 'login' then return '';
	when 'name' then return lower(p.name);
	when 'role' then return p.role;
	when 'area' then return coalesce(p_area, '~');
	when 'created_at' then return to_char(p.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS');
	when 'last_seen' then
		return coalesce(to_char(p_seen at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '');
	else
		raise invalid_parameter_value using message = format('sort must be login, name, role, '
			'area, created_at or last_seen, not "%s"', left(p_sort, 40));
	end case;
end
$$;

-- People, sorted by p_sort and then by login, after the person p_after, at most
-- p_limit (1 to 1000) of them. p_text is part of login, name or mail in any letters.
-- state is active, disabled, or locked (too many failed logins). Raises as
-- session_need does, and 22023 for a limit, state or order that there is not.
create or replace function api.user_list(p_token text, p_text text default null,
	p_role text default null, p_area text default null, p_state text default null,
	p_sort text default null, p_after text default null, p_limit integer default null)
returns table (login text, name text, role text, area text, state text,
	mail text, locked_until timestamptz, created_at timestamptz, last_seen timestamptz)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'user.list');
	if p_state not in ('active', 'locked', 'disabled') then
		raise invalid_parameter_value using message = format(
			'state must be active, locked or disabled, not "%s"', left(p_state, 40));
	end if;
	return query
	with everybody as (
		select p.login, p.name, p.role, a.code as area, p.mail,
		       case when p.state = 'active' and f.login is not null then 'locked'
			else p.state end as state,
		       f.locked_until, p.created_at, s.seen,
		       tracetrack.person_sort(p_sort, p, a.code, s.seen) collate "C" as place
		  from tracetrack.person p
		  left join tracetrack.area a on a.id = p.area_id
		  left join tracetrack.login_failure f
		    on f.login = p.login and f.locked_until > now()
		  left join lateral (select max(x.extended_at) as seen
			from tracetrack.session x where x.person_id = p.id) s on true
	)
	select e.login::text, e.name, e.role, e.area::text, e.state, e.mail, e.locked_until,
	       e.created_at, e.seen
	  from everybody e
	 where (coalesce(p_after, '') = '' or (e.place, e.login) > (
		select x.place, x.login from everybody x where x.login = p_after
		union all
		select '', p_after where not exists (select from everybody y where y.login = p_after)
		 limit 1))
	   and (p_role is null or e.role = p_role)
	   and (p_area is null or e.area = p_area)
	   and (p_state is null or e.state = p_state)
	   and (coalesce(p_text, '') = '' or position(lower(left(p_text, 300))
		in lower(concat_ws(E'\n', e.login, e.name, e.mail))) > 0)
	 order by e.place, e.login
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- All that there is to know about a person but secrets. rights are those of the
-- role; once_until: an administrator's one-time password waits to be replaced.
-- Outcomes: ok, unknown_person, not_permitted, session_expired.
create or replace function api.user_show(p_token text, p_login text)
returns table (outcome text, login text, name text, role text, area text, mail text, state text,
	reason text, failures integer, locked_until timestamptz, created_at timestamptz,
	disabled_at timestamptz, once_until timestamptz, last_seen timestamptz, sessions integer,
	totp boolean, codes integer, pin boolean, badge boolean, requested text, rights jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	select s.outcome into outcome from tracetrack.session_use(p_token, 'user.show') s;
	login := tracetrack.login_clean(p_login);
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	return query
	select 'ok'::text, p.login::text, p.name, p.role, a.code::text, p.mail,
	       case when p.state = 'active' and f.locked_until > now() then 'locked' else p.state end,
	       p.disabled_reason, coalesce(f.failures, 0),
	       case when f.locked_until > now() then f.locked_until end, p.created_at, p.disabled_at,
	       p.once_until, s.seen, s.open::integer, tracetrack.totp_is_on(p.id),
	       (select count(*)::integer from tracetrack.person_code c
		where c.person_id = p.id and c.used_at is null),
	       exists (select from tracetrack.person_pin x where x.person_id = p.id),
	       exists (select from tracetrack.person_badge x where x.person_id = p.id),
	       (select x.role from tracetrack.promotion x
		where x.person_id = p.id and x.state = 'pending'),
	       to_jsonb(r.rights)
	  from tracetrack.person p
	  join tracetrack.role r on r.name = p.role
	  left join tracetrack.area a on a.id = p.area_id
	  left join tracetrack.login_failure f on f.login = p.login
	  left join lateral (select max(x.extended_at) as seen,
		count(*) filter (where x.revoked_at is null and x.expires_at > now()) as open
		from tracetrack.session x where x.person_id = p.id) s on true
	 where p.login = tracetrack.login_clean(p_login);
	if not found then
		outcome := 'unknown_person';
		return next;
	end if;
end
$$;

-- Changes name and mail; null leaves one as it is, an empty mail takes it away.
-- Outcomes: ok, unchanged, unknown_person, bad_value, and those of write_begin.
create or replace function api.user_edit(p_token text, p_event uuid, p_login text,
	p_name text default null, p_mail text default null)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
begin
	perform tracetrack.people_lock(p_token, 'user.edit', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.edit', p_token, p_event, 'user.edit',
		jsonb_build_object('login', login, 'name', p_name, 'mail', p_mail));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		begin
			update tracetrack.person p
			   set name = case when p_name is null then p.name
				else coalesce(tracetrack.text_clean(p_name, 100), '') end,
			       mail = case when p_mail is null then p.mail
				else nullif(btrim(p_mail), '') end
			 where p.id = v_person
			   and (p.name is distinct from coalesce(tracetrack.text_clean(p_name, 100),
				case when p_name is null then p.name end)
				or p.mail is distinct from case when p_mail is null then p.mail
				else nullif(btrim(p_mail), '') end);
			if v_person is null then
				outcome := 'unknown_person';
			elsif not found then
				outcome := 'unchanged';
			end if;
		exception when integrity_constraint_violation then
			outcome := 'bad_value';
		end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Gives another role, with an area if one is named. Outcomes: those of
-- person_set_role, unknown_person, own_account, and those of write_begin.
create or replace function api.user_role(p_token text, p_event uuid, p_login text, p_role text,
	p_area text default null)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
begin
	perform tracetrack.people_lock(p_token, 'user.role', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.role', p_token, p_event, 'user.role',
		jsonb_build_object('login', login, 'role', p_role, 'area', p_area));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		outcome := case when v_person is null then 'unknown_person'
			when v_person = a.person_id then 'own_account'
			else tracetrack.person_set_role(v_person, p_role, p_area) end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Gives another area; an empty one takes it away. Outcomes: ok, unchanged,
-- unknown_person, unknown_area, area_needed (a dispatcher's is taken away), and
-- those of write_begin.
create or replace function api.user_area(p_token text, p_event uuid, p_login text, p_area text)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
	v_role text;
	v_had smallint;
	v_area smallint := (select x.id from tracetrack.area x where x.code = p_area and x.active);
begin
	perform tracetrack.people_lock(p_token, 'user.area', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.area', p_token, p_event, 'user.area',
		jsonb_build_object('login', login, 'area', p_area));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		select p.role, p.area_id into v_role, v_had
		  from tracetrack.person p where p.id = v_person;
		outcome := case when v_person is null then 'unknown_person'
			when v_area is null and coalesce(p_area, '') <> '' then 'unknown_area'
			when v_had is not distinct from v_area then 'unchanged'
			when v_area is null and v_role = 'dispatcher' then 'area_needed'
			else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.person p set area_id = v_area where p.id = v_person;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Disables a person and ends the sessions. Nobody is ever deleted: ledger and audit
-- name them. Outcomes: ok, unchanged, unknown_person, own_account,
-- last_administrator, bad_value (no reason), and those of write_begin.
create or replace function api.user_disable(p_token text, p_event uuid, p_login text, p_reason text)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	p tracetrack.person;
	v_reason text := tracetrack.text_clean(p_reason, 200);
begin
	perform tracetrack.people_lock(p_token, 'user.disable', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.disable', p_token, p_event, 'user.disable',
		jsonb_build_object('login', login, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select * into p from tracetrack.person x
		 where x.login = tracetrack.login_clean(p_login);
		outcome := case when p.id is null then 'unknown_person'
			when p.id = a.person_id then 'own_account'
			when p.state = 'disabled' then 'unchanged'
			when v_reason is null then 'bad_value'
			when tracetrack.person_is_last(p.id) then 'last_administrator'
			else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.person x
			   set state = 'disabled', disabled_reason = v_reason where x.id = p.id;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Lets a disabled person work again, with the role that there was; old sessions
-- stay ended. Outcomes: ok, unchanged, unknown_person, and those of write_begin.
create or replace function api.user_enable(p_token text, p_event uuid, p_login text)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
begin
	perform tracetrack.people_lock(p_token, 'user.enable', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.enable', p_token, p_event, 'user.enable',
		jsonb_build_object('login', login));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		update tracetrack.person p set state = 'active'
		 where p.id = v_person and p.state = 'disabled';
		outcome := case when v_person is null then 'unknown_person'
			when found then 'ok' else 'unchanged' end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Forgets wrong passwords and wrong PINs. Outcomes: ok, unchanged (there were
-- none), unknown_person, and those of write_begin.
create or replace function api.user_unlock(p_token text, p_event uuid, p_login text)
returns table (outcome text, replayed boolean, login text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
begin
	perform tracetrack.people_lock(p_token, 'user.unlock', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.unlock', p_token, p_event, 'user.unlock',
		jsonb_build_object('login', login));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		outcome := case when v_person is null then 'unknown_person' else 'unchanged' end;
		update tracetrack.person_pin x set failures = 0
		 where x.person_id = v_person and x.failures > 0;
		if found then
			outcome := 'ok';
		end if;
		delete from tracetrack.login_failure f
		 where v_person is not null and f.login = tracetrack.login_clean(p_login);
		if found or (v_person is not null
			and tracetrack.person_tries_ahead(v_person) > 0) then
			outcome := 'ok';
			perform tracetrack.person_tries_forget(v_person);
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Gives a one-time password, which the caller has made and hashed: the database
-- never sees it, and code stays null for the program to fill. It is good until
-- once_until, for one login that sets another. The old password, the PIN and the
-- sessions end; with p_totp the second factor too. Outcomes: ok, unknown_person,
-- own_account (there is session.password), bad_value, and those of write_begin.
create or replace function api.user_reset(p_token text, p_event uuid, p_login text,
	p_totp boolean default false, p_salt text default null, p_ops integer default null,
	p_mem bigint default null, p_verifier text default null)
returns table (outcome text, replayed boolean, login text, code text, once_until timestamptz)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
begin
	perform tracetrack.people_lock(p_token, 'user.reset', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.reset', p_token, p_event, 'user.reset',
		jsonb_build_object('login', login, 'totp', p_totp));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	once_until := a.answer ->> 'once_until';
	if a.outcome is null then
		select p.id into v_person from tracetrack.person p
		 where p.login = tracetrack.login_clean(p_login);
		if not found then
			outcome := 'unknown_person';
		elsif v_person = a.person_id then
			outcome := 'own_account';
		else
			once_until := now() + tracetrack.setting_text('once_life')::interval;
			begin
				perform tracetrack.sessions_end(v_person);
				update tracetrack.person p
				   set salt = decode(p_salt, 'hex'), ops = p_ops, mem = p_mem,
				       verifier = decode(p_verifier, 'hex'),
				       password_at = clock_timestamp(),
				       once_until = user_reset.once_until
				 where p.id = v_person;
				delete from tracetrack.person_pin x where x.person_id = v_person;
				delete from tracetrack.login_failure f
				 where f.login = tracetrack.login_clean(p_login);
				perform tracetrack.person_tries_forget(v_person);
				if p_totp then
					perform tracetrack.totp_forget(v_person);
				end if;
			exception when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
				once_until := null;
			end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'once_until', once_until));
	end if;
	return next;
end
$$;

-- Issues a badge with a secret, which unlocks the person's sessions; an older one
-- is good no more. The code is told once: a replay has none. Outcomes: ok,
-- unknown_person, bad_value (the login is too long for a code), and those of
-- write_begin.
create or replace function api.user_badge(p_token text, p_event uuid, p_login text)
returns table (outcome text, replayed boolean, login text, code text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_person integer;
	v_code text;
begin
	perform tracetrack.people_lock(p_token, 'user.badge', p_login);
	login := tracetrack.login_clean(p_login);
	a := tracetrack.write_begin('user.badge', p_token, p_event, 'user.badge',
		jsonb_build_object('login', login));
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		v_person := tracetrack.person_take(p_login);
		v_code := 'TT:USER:' || upper(login) || '/'
			|| tracetrack.base32(tracetrack.gen_random_bytes(10));
		if v_person is null then
			outcome := 'unknown_person';
		elsif length(v_code) > 64 then
			outcome := 'bad_value';
		else
			insert into tracetrack.person_badge as b (person_id, verifier)
			values (v_person, tracetrack.badge_verifier(v_code))
			on conflict on constraint person_badge_pkey do update
			   set verifier = excluded.verifier, issued_at = now();
			code := v_code;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Asks for another role. Outcomes: ok, pending (something is asked for already),
-- unchanged (that is the role), unknown_role, bad_value (no reason), and those of
-- write_begin.
create or replace function api.user_promote(p_token text, p_event uuid, p_role text, p_reason text)
returns table (outcome text, replayed boolean, number bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_reason text := tracetrack.text_clean(p_reason, 500);
begin
	a := tracetrack.write_begin('user.promote', p_token, p_event, 'user.promote',
		jsonb_build_object('role', p_role, 'reason', p_reason));
	outcome := a.outcome;
	replayed := a.replayed;
	number := a.answer ->> 'number';
	if a.outcome is null then
		outcome := case
			when not exists (select from tracetrack.role r where r.name = p_role)
				then 'unknown_role'
			when p_role = a.role then 'unchanged'
			when v_reason is null then 'bad_value'
			else 'ok' end;
		if outcome = 'ok' then
			insert into tracetrack.promotion (person_id, role, reason)
			values (a.person_id, p_role, v_reason)
			on conflict (person_id) where state = 'pending' do nothing
			returning id into number;
			if not found then
				outcome := 'pending';
			end if;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'number', number));
	end if;
	return next;
end
$$;

-- Requests for roles, newest first, below the number p_after: all for those who
-- decide, else the own ones. p_state is pending, approved or rejected. Raises as
-- session_need does.
create or replace function api.user_requests(p_token text, p_state text default null,
	p_after bigint default null, p_limit integer default null)
returns table (number bigint, login text, role text, requested text, reason text, state text,
	asked_at timestamptz, decided_at timestamptz, decided_by text, note text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_decides boolean;
begin
	v := tracetrack.session_use(p_token, 'user.requests');
	perform tracetrack.session_must(v.outcome);
	if p_state not in ('pending', 'approved', 'rejected') then
		raise invalid_parameter_value using message = format(
			'state must be pending, approved or rejected, not "%s"', left(p_state, 40));
	end if;
	v_decides := tracetrack.person_may(v.person_id, 'user.decide');
	return query
	select x.id, p.login::text, p.role, x.role, x.reason, x.state, x.asked_at, x.decided_at,
	       d.login::text, x.note
	  from tracetrack.promotion x
	  join tracetrack.person p on p.id = x.person_id
	  left join tracetrack.person d on d.id = x.decided_by
	 where (v_decides or x.person_id = v.person_id)
	   and (p_state is null or x.state = p_state)
	   and (p_after is null or x.id < p_after)
	 order by x.id desc
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- Decides a request, once; approving gives the role. Outcomes: ok,
-- already_decided, unknown_request, own_account, those of person_set_role (the
-- request stays open then, but for unchanged), and those of write_begin.
create or replace function api.user_decide(p_token text, p_event uuid, p_number bigint,
	p_approve boolean, p_area text default null, p_note text default null)
returns table (outcome text, replayed boolean, login text, role text, state text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	x tracetrack.promotion;
begin
	perform tracetrack.people_lock(p_token, 'user.decide', p.login)
	   from tracetrack.promotion y join tracetrack.person p on p.id = y.person_id
	  where y.id = p_number;
	a := tracetrack.write_begin('user.decide', p_token, p_event, 'user.decide',
		jsonb_build_object('number', p_number, 'approve', p_approve, 'area', p_area,
			'note', p_note));
	outcome := a.outcome;
	replayed := a.replayed;
	login := a.answer ->> 'login';
	role := a.answer ->> 'role';
	state := a.answer ->> 'state';
	if a.outcome is null then
		select * into x from tracetrack.promotion y where y.id = p_number for update;
		outcome := case when x.id is null then 'unknown_request'
			when x.state <> 'pending' then 'already_decided'
			when x.person_id = a.person_id then 'own_account'
			when p_approve is null then 'bad_value'
			when p_approve then
				tracetrack.person_set_role(x.person_id, x.role, p_area)
			else 'ok' end;
		if outcome in ('ok', 'unchanged') then
			outcome := 'ok';
			update tracetrack.promotion y
			   set state = case when p_approve then 'approved' else 'rejected' end,
			       decided_at = now(), decided_by = a.person_id,
			       note = tracetrack.text_clean(p_note, 300)
			 where y.id = x.id returning y.state into x.state;
		end if;
		login := (select p.login from tracetrack.person p where p.id = x.person_id);
		role := x.role;
		state := x.state;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'login', login, 'role', role, 'state', state));
	end if;
	return next;
end
$$;
