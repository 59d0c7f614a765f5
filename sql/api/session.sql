-- Sessions: challenge, login, check, extend, lock, unlock, logout, list, revoke; the own
-- password and PIN.

-- The stored form of a token: null if it can't be one. (A counted repetition in
-- the expression would take twenty times as long.)
create or replace function tracetrack.token_hash(p_token text) returns bytea
language sql immutable parallel safe as $$
	select case when length(p_token) = 64 and p_token ~ '^[0-9a-f]+$'
		then sha256(decode(p_token, 'hex')) end
$$;

-- The text of a setting; null if there is none of that name.
create or replace function tracetrack.setting_text(p_name text) returns text
language plpgsql stable as $$
begin
	return (select value from tracetrack.setting where name = p_name);
end
$$;

-- Whether the role of a person has a right.
create or replace function tracetrack.person_may(p_person integer, p_right text) returns boolean
language plpgsql stable as $$
begin
	return exists (select from tracetrack.person p
		join tracetrack.role_right r on r.role = p.role and r.right_name = p_right
		where p.id = p_person);
end
$$;

-- To be called first by everything that writes: pooled server connections
-- carry what other clients have set, and a commit that isn't durable must
-- never be acknowledged.
create or replace function tracetrack.write_durably() returns void
language plpgsql as $$
begin
	perform set_config('synchronous_commit', tracetrack.setting_text('synchronous_commit'),
		true);
end
$$;

create or replace function tracetrack.login_clean(p_login text) returns text
language sql immutable as $$
	select left(lower(btrim(coalesce(p_login, ''))) collate "C", 64)
$$;

-- Seconds for which nobody may try this login; 0 if it is free.
create or replace function tracetrack.login_wait(p_login text) returns integer
language plpgsql stable as $$
begin
	return coalesce((
		select greatest(0, ceil(extract(epoch from
			f.locked_until - clock_timestamp())))::integer
		  from tracetrack.login_failure f where f.login = p_login), 0);
end
$$;

-- Counts a failure: as the settings say, the fifth in a row locks for 15 minutes,
-- each further one for twice as long, up to 64 times. Returns the seconds to wait.
-- Forgets failures that are a day old and lock nothing.
create or replace function tracetrack.login_failed(p_login text) returns integer
language plpgsql as $$
declare
	v_failures integer;
	v_allowed integer := tracetrack.setting_text('login_failures');
begin
	delete from tracetrack.login_failure
	 where login in (select login from tracetrack.login_failure
		where last_at < now() - interval '1 day'
		  and coalesce(locked_until < now(), true)
		limit 10 for update skip locked);
	insert into tracetrack.login_failure as f (login, failures, last_at)
	values (p_login, 1, clock_timestamp())
	on conflict (login) do update
	   set failures = f.failures + 1, last_at = clock_timestamp()
	returning failures into v_failures;
	if v_failures < v_allowed then
		return 0;
	end if;
	update tracetrack.login_failure
	   set locked_until = clock_timestamp() + tracetrack.setting_text('login_lock')::interval
		* pow(2, least(v_failures - v_allowed, 6))
	 where login = p_login;
	return tracetrack.login_wait(p_login);
end
$$;

-- Whether p_proof (hex of 32 bytes) is the proof of this verifier. Both sides
-- are hashed with a key made for this one comparison, so that its duration
-- tells nothing about where they differ.
create or replace function tracetrack.proof_matches(p_proof text, p_verifier bytea)
returns boolean
language plpgsql as $$
declare
	v_key bytea := tracetrack.gen_random_bytes(32);
	v_proof bytea := case when p_proof ~ '^[0-9A-Fa-f]{64}$' then decode(p_proof, 'hex')
		else '' end;
begin
	return tracetrack.hmac(sha256(v_proof), v_key, 'sha256')
		= tracetrack.hmac(coalesce(p_verifier, v_key), v_key, 'sha256');
end
$$;

-- The station of that name, registered now if nobody knows it and the site
-- allows that; null if it isn't allowed, retired or no name. No name at all is
-- station 0. Locks the station against who changes it, before there is a session that
-- would not be told of the change.
create or replace function tracetrack.station_at_login(p_name text, p_version text,
	p_area smallint) returns integer
language plpgsql as $$
declare
	v_name text := left(btrim(coalesce(p_name, '')), 65);
	v_version text := left(regexp_replace(p_version, '[^ -~]', '?', 'g'), 64);
	v_station record;
begin
	if v_name in ('', '-') then
		return 0;
	end if;
	if v_name !~ '^[A-Za-z0-9-][A-Za-z0-9._-]{0,63}$' then
		return null;
	end if;
	select id, state, version, last_seen into v_station
	  from tracetrack.station where name = v_name;
	if not found then
		if tracetrack.setting_text('station_autoregister') is distinct from 'on' then
			return null;
		end if;
		insert into tracetrack.station (name, area_id, version, last_seen)
		values (v_name, p_area, v_version, now())
		on conflict (name) do nothing;
		select id, state, version, last_seen into v_station
		  from tracetrack.station where name = v_name;
	end if;
	if v_station.version is distinct from v_version
	or coalesce(v_station.last_seen < now() - interval '1 minute', true) then
		update tracetrack.station set version = v_version, last_seen = now()
		 where id = v_station.id and state = 'enabled';
	end if;
	return (select id from tracetrack.station
		 where id = v_station.id and state = 'enabled' for share);
end
$$;

-- What the station needs to derive the proof from a password, or with p_kind pin
-- from a PIN. An unknown login, or one without a PIN, gets a salt that is always the
-- same for it and looks like any other.
create or replace function api.session_challenge(p_login text, p_kind text default 'password')
returns table (salt text, ops integer, mem bigint, alg text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_login text := tracetrack.login_clean(p_login);
	v_false bytea;
	v_is_pin boolean := coalesce(p_kind = 'pin', false);
begin
	select substr(tracetrack.hmac(convert_to(case when v_is_pin then 'pin ' else '' end
		|| v_login, 'UTF8'), s.value, 'sha256'), 1, 16)
	  into v_false from tracetrack.secret s where s.name = 'login_salt';
	return query
	select encode(coalesce(p.salt, v_false), 'hex'), coalesce(p.ops, 2),
	       coalesce(p.mem, 19922944::bigint), 'argon2id13'::text
	  from (select 1) one left join (
		select x.salt, x.ops, x.mem from tracetrack.person x
		 where x.login = v_login and not v_is_pin
		union all
		select y.salt, y.ops, y.mem from tracetrack.person x
		  join tracetrack.person_pin y on y.person_id = x.id
		 where x.login = v_login and v_is_pin) p on true;
end
$$;

-- Whether a password that was right opens a session, as an outcome: ok;
-- not_permitted (disabled); code_expired or password_needed (the password is an
-- administrator's one-time password, and no new one came with it); totp_needed
-- (no code came), totp_refused, totp_used; bad_login if the password is another by now.
-- Takes the code, the last thing that it does. Locks the person against who disables,
-- resets or changes that one: what is read stays so. Logins of one person go on beside
-- each other, but for those that bring a new password.
create or replace function tracetrack.login_admit(p_person integer, p_verifier bytea,
	p_totp text, p_new_verifier text) returns text
language plpgsql as $$
declare
	p tracetrack.person;
begin
	if p_new_verifier is null then
		select * into p from tracetrack.person x where x.id = p_person for share;
	else
		select * into p from tracetrack.person x where x.id = p_person for no key update;
	end if;
	if p.state <> 'active' then
		return 'not_permitted';
	elsif p.verifier <> p_verifier then
		return 'bad_login';
	elsif p.once_until < now() then
		return 'code_expired';
	elsif p.once_until is not null and p_new_verifier is null then
		return 'password_needed';
	elsif not tracetrack.totp_is_on(p_person) then
		return 'ok';
	elsif coalesce(p_totp, '') = '' then
		return 'totp_needed';
	end if;
	return tracetrack.totp_take(p_person, p_totp);
end
$$;

-- Opens a session. Outcomes: ok, bad_login (login or password), locked_out (too
-- many failures: retry_after in seconds), not_permitted (disabled person, retired or
-- unknown station), and those of login_admit, for which the call is made again with
-- what was missing: p_totp, or a new password's p_salt, p_ops, p_mem and p_verifier,
-- with which the one-time password ends. bad_value: they are no good. A failure is a
-- row that commits, never an error; wrong codes count as wrong passwords do, and only
-- a login that is complete forgets them.
create or replace function api.session_login(p_login text, p_proof text,
	p_station text default null, p_version text default null, p_totp text default null,
	p_salt text default null, p_ops integer default null, p_mem bigint default null,
	p_verifier text default null)
returns table (outcome text, token text, session bigint, login text, name text, role text,
	area text, expires_at timestamptz, retry_after integer, station text,
	double_read_ms integer, hard_stop boolean, schema integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_login text := tracetrack.login_clean(p_login);
	v_person tracetrack.person;
	v_station integer;
	v_token text;
	v_session bigint;
	v_matches boolean;
begin
	perform tracetrack.write_durably();
	outcome := 'locked_out';
	login := v_login;
	select * into v_person from tracetrack.person p where p.login = v_login;
	retry_after := tracetrack.login_wait(v_login);
	if retry_after = 0 and v_person.id is not null then
		retry_after := tracetrack.person_try(v_person.id);
	end if;
	if retry_after > 0 then
		return next;
		return;
	end if;
	v_matches := tracetrack.proof_matches(p_proof, v_person.verifier);
	outcome := 'bad_login';
	if v_person.id is not null and v_matches then
		outcome := tracetrack.login_admit(v_person.id, v_person.verifier, p_totp,
			p_verifier);
	end if;
	if outcome in ('bad_login', 'totp_refused') then
		retry_after := tracetrack.login_failed(v_login);
		outcome := case when retry_after > 0 then 'locked_out' else outcome end;
	end if;
	if outcome = 'ok' then
		v_station := tracetrack.station_at_login(p_station, p_version, v_person.area_id);
		outcome := case when v_station is null then 'not_permitted' else 'ok' end;
	end if;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	perform tracetrack.person_tries_forget(v_person.id);
	delete from tracetrack.login_failure f where f.login = v_login;
	update tracetrack.person_pin x set failures = 0
	 where x.person_id = v_person.id and x.failures > 0;
	v_token := encode(tracetrack.gen_random_bytes(32), 'hex');
	begin
		insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
		values (tracetrack.token_hash(v_token), v_person.id, v_station,
			now() + tracetrack.setting_text('session_life')::interval)
		returning id into v_session;
		if v_person.once_until is not null then
			perform tracetrack.act_as(v_person.id, v_station, v_session);
			if not tracetrack.person_set_password(v_person.id, v_person.verifier,
				p_salt, p_ops, p_mem, p_verifier) then
				raise sqlstate 'TT001';
			end if;
		end if;
	exception
		when sqlstate 'TT001' then
			outcome := 'bad_login';
			return next;
			return;
		when integrity_constraint_violation or data_exception then
			outcome := 'bad_value';
			return next;
			return;
	end;
	return query
	select 'ok'::text, v_token, v_session, v_login, v_person.name, v_person.role, a.code::text,
	       s.expires_at, 0, st.name::text, st.double_read_ms, st.hard_stop, m.version
	  from tracetrack.session s
	  join tracetrack.station st on st.id = s.station_id
	  left join tracetrack.area a on a.id = v_person.area_id
	 cross join tracetrack.schema_version() m (version)
	 where s.id = v_session;
end
$$;

-- Who a token stands for, as everything but the scan functions asks it.
-- p_right is null if any session will do. Prolongs the session at most once a
-- minute. outcome: ok, session_expired, not_permitted (no such right, disabled,
-- retired, or the session is locked and p_right is given). held is the area that the
-- person is held to, as person_area: of a session that is ready its own is the person's. What
-- the session itself knows does for nearly all; the rest is looked at closer.
create or replace function tracetrack.session_use(p_token text, p_right text,
	out outcome text, out session_id bigint, out person_id integer, out station_id integer,
	out held smallint)
language plpgsql as $$
declare
	v record;
	v_token bytea := tracetrack.token_hash(p_token);
	v_prolong boolean;
begin
	select 'ok', s.id, s.person_id, s.station_id,
	       case when 'scan.any_area' <> all (s.rights) then coalesce(s.area_id, 0::smallint)
		end, s.extended_at < now() - interval '1 minute'
	  into outcome, session_id, person_id, station_id, held, v_prolong
	  from tracetrack.session s
	 where s.token_hash = v_token and s.revoked_at is null and s.expires_at > now()
	   and s.is_ready and s.locked_at is null and (p_right is null or p_right = any (s.rights));
	if found then
		if v_prolong then
			perform tracetrack.session_prolong(session_id, station_id);
		end if;
		return;
	end if;
	select s.id, s.person_id, s.station_id, s.extended_at, s.locked_at,
	       p.state = 'active' and st.state = 'enabled' as works,
	       exists (select from tracetrack.role_right r
		where r.role = p.role and r.right_name = p_right) as permitted
	  into v
	  from tracetrack.session s
	  join tracetrack.person p on p.id = s.person_id
	  join tracetrack.station st on st.id = s.station_id
	 where s.token_hash = v_token and s.revoked_at is null and s.expires_at > now();
	if not found then
		outcome := 'session_expired';
		return;
	end if;
	session_id := v.id;
	person_id := v.person_id;
	station_id := v.station_id;
	if not v.works
	or (p_right is not null and (not v.permitted or v.locked_at is not null)) then
		outcome := 'not_permitted';
		return;
	end if;
	outcome := 'ok';
	held := tracetrack.person_area(v.person_id);
	if v.locked_at is null and v.extended_at < now() - interval '1 minute' then
		perform tracetrack.session_prolong(v.id, v.station_id);
	end if;
end
$$;

-- The gate of functions that return lists and so have no outcome to return, for what
-- session_use said: raises 28000 session_expired or 42501 not_permitted.
create or replace function tracetrack.session_must(p_outcome text) returns void
language plpgsql as $$
begin
	if p_outcome = 'session_expired' then
		raise invalid_authorization_specification using message = p_outcome,
			hint = 'Log in again.';
	elsif p_outcome <> 'ok' then
		raise insufficient_privilege using message = p_outcome,
			hint = 'Ask an administrator.';
	end if;
end
$$;

-- The same for those that need not know who it is.
create or replace function tracetrack.session_need(p_token text, p_right text) returns void
language plpgsql as $$
declare
	v record;
begin
	v := tracetrack.session_use(p_token, p_right);
	if v.outcome <> 'ok' then
		perform tracetrack.session_must(v.outcome);
	end if;
end
$$;

-- Gives a session a whole life from now on, and notes that the station lives. Locks the
-- session, then the station unless that one is locked: who changes a station locks it
-- before its sessions, and so nobody who has locked a session may wait for a station.
-- Called before any bag is locked.
create or replace function tracetrack.session_prolong(p_session bigint, p_station integer)
returns void
language plpgsql as $$
begin
	perform tracetrack.write_durably();
	update tracetrack.session
	   set expires_at = now() + tracetrack.setting_text('session_life')::interval,
	       extended_at = now()
	 where id = p_session;
	update tracetrack.station set last_seen = now()
	 where id = (select st.id from tracetrack.station st where st.id = p_station
		for no key update skip locked);
end
$$;

-- The row that session_check and session_extend return.
create or replace function tracetrack.session_facts(p_outcome text, p_session bigint)
returns table (outcome text, session bigint, login text, name text, role text, area text,
	expires_at timestamptz, locked boolean)
language sql stable as $$
	select p_outcome, s.id, p.login::text, p.name, p.role, a.code::text, s.expires_at,
	       s.locked_at is not null
	  from (select 1) one
	  left join tracetrack.session s on s.id = p_session
	  left join tracetrack.person p on p.id = s.person_id
	  left join tracetrack.area a on a.id = p.area_id
$$;

-- Whether the token is good, and for whom. Outcomes: ok, session_expired,
-- not_permitted (disabled person, retired station).
create or replace function api.session_check(p_token text)
returns table (outcome text, session bigint, login text, name text, role text, area text,
	expires_at timestamptz, locked boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
begin
	v := tracetrack.session_use(p_token, null);
	return query select * from tracetrack.session_facts(v.outcome, v.session_id);
end
$$;

-- Prolongs the session now, unless it is locked. Outcomes as session_check.
create or replace function api.session_extend(p_token text)
returns table (outcome text, session bigint, login text, name text, role text, area text,
	expires_at timestamptz, locked boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
begin
	perform tracetrack.write_durably();
	v := tracetrack.session_use(p_token, null);
	update tracetrack.session s
	   set expires_at = now() + tracetrack.setting_text('session_life')::interval,
	       extended_at = now()
	 where s.id = v.session_id and v.outcome = 'ok' and s.locked_at is null;
	return query select * from tracetrack.session_facts(v.outcome, v.session_id);
end
$$;

-- Locks the screen: the session reads nothing until it is unlocked, but what
-- was scanned before is still delivered. Outcomes: ok, session_expired.
create or replace function api.session_lock(p_token text) returns table (outcome text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.write_durably();
	update tracetrack.session s set locked_at = coalesce(s.locked_at, now())
	 where s.token_hash = tracetrack.token_hash(p_token)
	   and s.revoked_at is null and s.expires_at > now();
	return query select case when found then 'ok' else 'session_expired' end;
end
$$;

-- Unlocks: by the password of the session's person, by the PIN (p_kind pin), or by
-- the badge with its secret (badge). Wrong passwords count as failed logins do, wrong
-- PINs by themselves. Outcomes: ok, wrong_password, locked_out, pin_refused, pin_locked,
-- no_pin, badge_refused, not_permitted, session_expired, bad_format (another kind).
create or replace function api.session_unlock(p_token text, p_proof text,
	p_kind text default 'password')
returns table (outcome text, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
begin
	perform tracetrack.write_durably();
	-- in the order of who resets a person: PINs after it
	perform from tracetrack.person p join tracetrack.session s on s.person_id = p.id
	  where s.token_hash = tracetrack.token_hash(p_token)
	    and s.revoked_at is null and s.expires_at > now()
	    for share of p;
	v := tracetrack.session_use(p_token, null);
	outcome := v.outcome;
	retry_after := 0;
	if v.outcome = 'ok' then
		case coalesce(p_kind, 'password')
		when 'password' then
			select x.outcome, x.retry_after into outcome, retry_after
			  from tracetrack.person_prove(v.person_id, p_proof) x;
		when 'pin' then
			outcome := tracetrack.pin_prove(v.person_id, p_proof);
		when 'badge' then
			outcome := case when exists (select from tracetrack.person_badge b
				where b.person_id = v.person_id
				  and tracetrack.proof_matches(p_proof, b.verifier))
				then 'ok' else 'badge_refused' end;
		else
			outcome := 'bad_format';
		end case;
		if outcome = 'ok' then
			update tracetrack.session set locked_at = null where id = v.session_id;
			perform tracetrack.session_prolong(v.session_id, v.station_id);
		end if;
	end if;
	return next;
end
$$;

-- Ends the session. Ending it twice is fine. Outcomes: ok, session_expired.
create or replace function api.session_logout(p_token text) returns table (outcome text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.write_durably();
	update tracetrack.session s set revoked_at = coalesce(s.revoked_at, now())
	 where s.token_hash = tracetrack.token_hash(p_token);
	return query select case when found then 'ok' else 'session_expired' end;
end
$$;

-- Open sessions, newest first, below the number p_after: the own ones, or with the
-- right session.list_any all, or those of p_login. own is this very session. Raises
-- as session_need does.
create or replace function api.session_list(p_token text, p_login text default null,
	p_after bigint default null, p_limit integer default null)
returns table (session bigint, login text, station text, created_at timestamptz,
	last_seen timestamptz, expires_at timestamptz, locked boolean, own boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_any_person boolean;
begin
	v := tracetrack.session_use(p_token, 'session.list');
	perform tracetrack.session_must(v.outcome);
	v_any_person := tracetrack.person_may(v.person_id, 'session.list_any');
	return query
	select s.id, p.login::text, st.name::text, s.created_at, s.extended_at, s.expires_at,
	       s.locked_at is not null, s.id = v.session_id
	  from tracetrack.session s
	  join tracetrack.person p on p.id = s.person_id
	  join tracetrack.station st on st.id = s.station_id
	 where s.revoked_at is null and s.expires_at > now()
	   and (v_any_person or s.person_id = v.person_id)
	   and (coalesce(p_login, '') = '' or p.login = tracetrack.login_clean(p_login))
	   and (p_after is null or s.id < p_after)
	 order by s.id desc
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- Ends a session: an own one, or with the right session.revoke_any any. Outcomes: ok,
-- unchanged (it had ended), unknown_session (there is none, or it is not one's own),
-- and those of write_begin. Locks as people_lock, because others do what ends sessions too.
create or replace function api.session_revoke(p_token text, p_event uuid, p_session bigint)
returns table (outcome text, replayed boolean, session bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	perform tracetrack.sessions_lock(p_token, 'session.revoke');
	perform tracetrack.people_lock(p_token, 'session.revoke');
	a := tracetrack.write_begin('session.revoke', p_token, p_event, 'session.revoke',
		jsonb_build_object('session', p_session));
	outcome := a.outcome;
	replayed := a.replayed;
	session := p_session;
	if a.outcome is null then
		update tracetrack.session s set revoked_at = clock_timestamp()
		 where s.id = p_session and s.revoked_at is null and s.expires_at > now()
		   and (s.person_id = a.person_id or 'session.revoke_any' = any (a.rights));
		outcome := case when found then 'ok'
			when exists (select from tracetrack.session s where s.id = p_session
				and (s.person_id = a.person_id
					or 'session.revoke_any' = any (a.rights)))
			then 'unchanged' else 'unknown_session' end;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Changes the own password; p_proof is of the old one. The other sessions of the
-- person end. Outcomes: ok, wrong_password, locked_out, bad_value, and those of
-- write_begin.
create or replace function api.session_password(p_token text, p_event uuid, p_proof text,
	p_salt text, p_ops integer, p_mem bigint, p_verifier text)
returns table (outcome text, replayed boolean, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	perform tracetrack.people_lock(p_token, 'session.password');
	a := tracetrack.write_begin('session.password', p_token, p_event, 'session.password', '{}');
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select x.outcome, x.retry_after into outcome, retry_after
		  from tracetrack.person_prove(a.person_id, p_proof) x;
		if outcome = 'ok' then
			begin
				perform tracetrack.sessions_end(a.person_id, a.session_id);
				perform tracetrack.person_set_password(p.id, p.verifier, p_salt,
					p_ops, p_mem, p_verifier) from tracetrack.person p
				 where p.id = a.person_id;
			exception when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
			end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Sets the PIN that unlocks the own sessions, or with p_off takes it away; p_proof
-- is of the password. Outcomes: ok, unchanged (there was none), wrong_password,
-- locked_out, bad_value, and those of write_begin.
create or replace function api.session_pin(p_token text, p_event uuid, p_proof text,
	p_off boolean default false, p_salt text default null, p_ops integer default null,
	p_mem bigint default null, p_verifier text default null)
returns table (outcome text, replayed boolean, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('session.pin', p_token, p_event, 'session.pin',
		jsonb_build_object('off', coalesce(p_off, false)));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select x.outcome, x.retry_after into outcome, retry_after
		  from tracetrack.person_prove(a.person_id, p_proof) x;
		if outcome = 'ok' and p_off then
			delete from tracetrack.person_pin x where x.person_id = a.person_id;
			outcome := case when found then 'ok' else 'unchanged' end;
		elsif outcome = 'ok' then
			begin
				insert into tracetrack.person_pin as x (person_id, salt, ops, mem,
					verifier)
				values (a.person_id, decode(p_salt, 'hex'), p_ops, p_mem,
					decode(p_verifier, 'hex'))
				on conflict on constraint person_pin_pkey do update
				   set salt = excluded.salt, ops = excluded.ops,
				       mem = excluded.mem, verifier = excluded.verifier,
				       failures = 0, set_at = now();
			exception when integrity_constraint_violation or data_exception then
				outcome := 'bad_value';
			end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;
