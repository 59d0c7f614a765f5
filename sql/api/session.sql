-- Sessions: challenge, login, check, extend, lock, unlock, logout.

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

-- Counts a failure: the fifth in a row locks for 15 minutes, each further one
-- for twice as long, up to 16 hours. Returns the seconds to wait. Forgets
-- failures that are a day old and lock nothing.
create or replace function tracetrack.login_failed(p_login text) returns integer
language plpgsql as $$
declare
	v_failures integer;
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
	if v_failures < 5 then
		return 0;
	end if;
	update tracetrack.login_failure
	   set locked_until = clock_timestamp()
		+ interval '15 minutes' * pow(2, least(v_failures - 5, 6))
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
-- station 0.
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
	if v_station.state <> 'enabled' then
		return null;
	end if;
	if v_station.version is distinct from v_version
	or coalesce(v_station.last_seen < now() - interval '1 minute', true) then
		update tracetrack.station set version = v_version, last_seen = now()
		 where id = v_station.id;
	end if;
	return v_station.id;
end
$$;

-- What the station needs to derive the proof from a password. An unknown login
-- gets a salt that is always the same for it and looks like any other.
create or replace function api.session_challenge(p_login text)
returns table (salt text, ops integer, mem bigint, alg text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_login text := tracetrack.login_clean(p_login);
	v_false bytea;
begin
	select substr(tracetrack.hmac(convert_to(v_login, 'UTF8'), s.value, 'sha256'), 1, 16)
	  into v_false from tracetrack.secret s where s.name = 'login_salt';
	return query
	select encode(coalesce(p.salt, v_false), 'hex'), coalesce(p.ops, 2),
	       coalesce(p.mem, 19922944::bigint), 'argon2id13'::text
	  from (select 1) one left join tracetrack.person p on p.login = v_login;
end
$$;

-- Opens a session. Outcomes: ok, refused (login or password), locked_out (too
-- many failures: retry_after in seconds), not_permitted (disabled person,
-- retired or unknown station). A failure is a row that commits, never an error.
create or replace function api.session_login(p_login text, p_proof text,
	p_station text default null, p_version text default null)
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
	retry_after := tracetrack.login_wait(v_login);
	if retry_after > 0 then
		return next;
		return;
	end if;
	select * into v_person from tracetrack.person p where p.login = v_login;
	v_matches := tracetrack.proof_matches(p_proof, v_person.verifier);
	if v_person.id is null or not v_matches then
		retry_after := tracetrack.login_failed(v_login);
		outcome := case when retry_after > 0 then 'locked_out' else 'refused' end;
		return next;
		return;
	end if;
	delete from tracetrack.login_failure f where f.login = v_login;
	if v_person.state = 'active' then
		v_station := tracetrack.station_at_login(p_station, p_version, v_person.area_id);
	end if;
	if v_station is null then
		outcome := 'not_permitted';
		return next;
		return;
	end if;
	v_token := encode(tracetrack.gen_random_bytes(32), 'hex');
	insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
	values (tracetrack.token_hash(v_token), v_person.id, v_station,
		now() + tracetrack.setting_text('session_life')::interval)
	returning id into v_session;
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
-- retired, or the session is locked and p_right is given).
create or replace function tracetrack.session_use(p_token text, p_right text,
	out outcome text, out session_id bigint, out person_id integer, out login text,
	out role text, out station_id integer)
language plpgsql as $$
declare
	v record;
	v_token bytea := tracetrack.token_hash(p_token);
begin
	select s.id, s.person_id, s.station_id, s.extended_at, s.locked_at, p.login, p.role,
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
	login := v.login;
	role := v.role;
	if not v.works
	or (p_right is not null and (not v.permitted or v.locked_at is not null)) then
		outcome := 'not_permitted';
		return;
	end if;
	outcome := 'ok';
	if v.locked_at is null and v.extended_at < now() - interval '1 minute' then
		perform tracetrack.session_prolong(v.id, v.station_id);
	end if;
end
$$;

-- The gate of functions that return lists and so have no outcome to return:
-- raises 28000 session_expired or 42501 not_permitted.
create or replace function tracetrack.session_need(p_token text, p_right text) returns void
language plpgsql as $$
declare
	v record;
begin
	select * into v from tracetrack.session_use(p_token, p_right);
	if v.outcome = 'session_expired' then
		raise invalid_authorization_specification using message = v.outcome,
			hint = 'Log in again.';
	elsif v.outcome <> 'ok' then
		raise insufficient_privilege using message = v.outcome,
			hint = 'Ask an administrator.';
	end if;
end
$$;

-- Gives a session a whole life from now on, and notes that the station lives.
-- Locks the session, then the station; called before any bag is locked.
create or replace function tracetrack.session_prolong(p_session bigint, p_station integer)
returns void
language plpgsql as $$
begin
	perform tracetrack.write_durably();
	update tracetrack.session
	   set expires_at = now() + tracetrack.setting_text('session_life')::interval,
	       extended_at = now()
	 where id = p_session;
	update tracetrack.station set last_seen = now() where id = p_station;
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
	select * into v from tracetrack.session_use(p_token, null);
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
	select * into v from tracetrack.session_use(p_token, null);
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

-- Unlocks by the password of the session's person; failures count as failed
-- logins do. Outcomes: ok, refused, locked_out, not_permitted, session_expired.
create or replace function api.session_unlock(p_token text, p_proof text)
returns table (outcome text, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
	v_matches boolean;
begin
	perform tracetrack.write_durably();
	select * into v from tracetrack.session_use(p_token, null);
	outcome := v.outcome;
	retry_after := 0;
	if v.outcome = 'ok' then
		retry_after := tracetrack.login_wait(v.login);
		if retry_after > 0 then
			outcome := 'locked_out';
			return next;
			return;
		end if;
		select tracetrack.proof_matches(p_proof, p.verifier) into v_matches
		  from tracetrack.person p where p.id = v.person_id;
		if v_matches then
			delete from tracetrack.login_failure f where f.login = v.login;
			update tracetrack.session set locked_at = null where id = v.session_id;
			perform tracetrack.session_prolong(v.session_id, v.station_id);
		else
			retry_after := tracetrack.login_failed(v.login);
			outcome := case when retry_after > 0 then 'locked_out' else 'refused' end;
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
