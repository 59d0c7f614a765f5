-- What the functions about people and their sessions share.

-- How many rows of a list are wanted: p_limit, from 1 to p_most, or p_usual if it is null.
create or replace function tracetrack.list_limit(p_limit integer, p_usual integer default 100,
	p_most integer default 1000) returns integer
language plpgsql immutable as $$
begin
	if p_limit not between 1 and p_most then
		raise invalid_parameter_value using message = 'limit must be from 1 to ' || p_most;
	end if;
	return coalesce(p_limit, p_usual);
end
$$;

-- Takes one piece of a person's allowance for p_what, as the setting rate_<p_what>
-- says: "20 per 1 hour" is twenty at once, and one more each three minutes. Seconds
-- to wait before anything is to be had, taking nothing; 0 if it was taken.
-- Locks the person's row of that rate until the end of the transaction, so that
-- two calls can't take the same piece.
create or replace function tracetrack.rate_wait(p_person integer, p_what text) returns integer
language plpgsql as $$
declare
	v_setting text := tracetrack.setting_text('rate_' || p_what);
	v_whole interval;
	v_piece interval;
	v_now timestamptz;
	v_full timestamptz;
begin
	if coalesce(v_setting, 'off') = 'off' then
		return 0;
	end if;
	v_whole := split_part(v_setting, ' per ', 2);
	v_piece := v_whole / split_part(v_setting, ' per ', 1)::integer;
	insert into tracetrack.rate (person_id, what, full_at)
	values (p_person, p_what, clock_timestamp())
	on conflict on constraint rate_pkey do update set what = excluded.what
	returning full_at into v_full;
	v_now := clock_timestamp();
	v_full := greatest(v_full, v_now) + v_piece;
	if v_full > v_now + v_whole + interval '1 millisecond' then
		return greatest(1, ceil(extract(epoch from v_full - v_now - v_whole)));
	end if;
	update tracetrack.rate set full_at = v_full
	 where person_id = p_person and what = p_what;
	return 0;
end
$$;

-- The same as an outcome: ok, or rate_limited with the seconds to wait.
create or replace function tracetrack.rate_take(p_person integer, p_what text,
	out outcome text, out retry_after integer)
language plpgsql as $$
begin
	retry_after := tracetrack.rate_wait(p_person, p_what);
	outcome := case when retry_after > 0 then 'rate_limited' else 'ok' end;
end
$$;

-- The login of the person of a session, if that one may.
create or replace function tracetrack.token_login(p_token text, p_right text) returns text
language plpgsql stable as $$
begin
	return (select p.login from tracetrack.session s
		join tracetrack.person p on p.id = s.person_id and p.state = 'active'
		join tracetrack.role_right r on r.role = p.role and r.right_name = p_right
		where s.token_hash = tracetrack.token_hash(p_token) and s.locked_at is null
		  and s.revoked_at is null and s.expires_at > now());
end
$$;

-- To be called by whatever changes sessions of others, before write_begin, which asks for
-- the rights again, and before any other lock: one at a time does, by the row of the role
-- that does so. Each may hold its own session, and two might want each other's. Who may
-- not do it locks nothing. The login as token_login.
create or replace function tracetrack.sessions_lock(p_token text, p_right text) returns text
language plpgsql as $$
declare
	v_own text := tracetrack.token_login(p_token, p_right);
begin
	if v_own is not null then
		perform from tracetrack.role r where r.name = 'administrator' for no key update;
	end if;
	return v_own;
end
$$;

-- The same, and locks the person that p_login names against logins, which lock that row
-- too, and against others who change it: of two administrators who put each other out,
-- the second finds that the first has. Without p_login it is one's own row, and others
-- go on.
create or replace function tracetrack.people_lock(p_token text, p_right text,
	p_login text default null) returns void
language plpgsql as $$
declare
	v_own text := case when p_login is null then tracetrack.token_login(p_token, p_right)
		else tracetrack.sessions_lock(p_token, p_right) end;
begin
	if v_own is not null then
		perform tracetrack.person_take(coalesce(p_login, v_own));
	end if;
end
$$;

-- Ends the sessions of a person but p_but; people_lock must have been called.
create or replace function tracetrack.sessions_end(p_person integer, p_but bigint default null)
returns void
language plpgsql as $$
begin
	update tracetrack.session s set revoked_at = clock_timestamp()
	 where s.person_id = p_person and s.revoked_at is null
	   and s.id is distinct from p_but;
end
$$;

-- Whether nobody would be left to look after people if this one were not there.
create or replace function tracetrack.person_is_last(p_person integer) returns boolean
language plpgsql stable as $$
begin
	return exists (select from tracetrack.person p where p.id = p_person
			and p.state = 'active' and p.role = 'administrator')
		and not exists (select from tracetrack.person p where p.id <> p_person
			and p.state = 'active' and p.role = 'administrator');
end
$$;

-- The number of a person, whose row is locked to the end of the transaction; null
-- if there is none.
create or replace function tracetrack.person_take(p_login text) returns integer
language plpgsql as $$
begin
	return (select p.id from tracetrack.person p
		 where p.login = tracetrack.login_clean(p_login) for no key update);
end
$$;

-- Gives a person another role, and area if one is named. Outcomes: ok, unchanged,
-- unknown_role, unknown_area, area_needed (a dispatcher without one),
-- last_administrator. people_lock must have been called.
create or replace function tracetrack.person_set_role(p_person integer, p_role text, p_area text)
returns text
language plpgsql as $$
declare
	p tracetrack.person;
	v_area smallint;
begin
	select * into p from tracetrack.person x where x.id = p_person for no key update;
	v_area := p.area_id;
	if not exists (select from tracetrack.role r where r.name = p_role) then
		return 'unknown_role';
	end if;
	if coalesce(p_area, '') <> '' then
		select a.id into v_area from tracetrack.area a where a.code = p_area and a.active;
		if not found then
			return 'unknown_area';
		end if;
	end if;
	if p.role = p_role and p.area_id is not distinct from v_area then
		return 'unchanged';
	elsif p_role = 'dispatcher' and v_area is null then
		return 'area_needed';
	elsif p_role <> 'administrator' and tracetrack.person_is_last(p_person) then
		return 'last_administrator';
	end if;
	update tracetrack.person x set role = p_role, area_id = v_area where x.id = p_person;
	return 'ok';
end
$$;

-- Sets an own password in place of the one with that verifier; raises what the table
-- refuses. False if there is another by now.
create or replace function tracetrack.person_set_password(p_person integer, p_old bytea,
	p_salt text, p_ops integer, p_mem bigint, p_verifier text) returns boolean
language plpgsql as $$
begin
	update tracetrack.person p
	   set salt = decode(p_salt, 'hex'), ops = p_ops, mem = p_mem,
	       verifier = decode(p_verifier, 'hex'), once_until = null,
	       password_at = clock_timestamp()
	 where p.id = p_person and p.verifier = p_old;
	return found;
end
$$;

-- Counts a try at a secret of a person, whatever becomes of the transaction: who rolls
-- back what was refused has not tried for nothing. The clock of the tries never runs
-- behind the real one; fifty tries ahead of it is too far, since a crash may put it 32
-- ahead. Returns the seconds to wait, 0 to go on. Locks nothing.
create or replace function tracetrack.person_try(p_person integer) returns integer
language plpgsql as $$
declare
	v_clock regclass := format('tracetrack.person_tries_%s', p_person);
	v_ahead bigint := tracetrack.person_tries_ahead(p_person);
begin
	if v_ahead > 50 * 180 then
		return v_ahead - 50 * 180;
	elsif v_ahead <= 0 then
		perform tracetrack.person_tries_forget(p_person);
	end if;
	perform nextval(v_clock);
	return 0;
end
$$;

-- Seconds by which tries have put the clock forward.
create or replace function tracetrack.person_tries_ahead(p_person integer) returns bigint
language sql volatile as $$
	select coalesce(pg_sequence_last_value(format('tracetrack.person_tries_%s', p_person)), 0)
		- extract(epoch from clock_timestamp())::bigint
$$;

create or replace function tracetrack.person_tries_forget(p_person integer) returns void
language plpgsql as $$
begin
	perform setval(format('tracetrack.person_tries_%s', p_person),
		extract(epoch from clock_timestamp())::bigint);
end
$$;

-- Judges the password of who asks. Outcomes: ok, wrong_password, locked_out;
-- failures count as failed logins do.
create or replace function tracetrack.person_prove(p_person integer, p_proof text,
	out outcome text, out retry_after integer)
language plpgsql as $$
declare
	p tracetrack.person;
begin
	select * into p from tracetrack.person x where x.id = p_person;
	outcome := 'locked_out';
	retry_after := tracetrack.login_wait(p.login);
	if retry_after = 0 then
		retry_after := tracetrack.person_try(p_person);
	end if;
	if retry_after > 0 then
		return;
	end if;
	if tracetrack.proof_matches(p_proof, p.verifier) then
		perform tracetrack.person_tries_forget(p_person);
		delete from tracetrack.login_failure f where f.login = p.login;
		update tracetrack.person_pin x set failures = 0
		 where x.person_id = p_person and x.failures > 0;
		outcome := 'ok';
		return;
	end if;
	retry_after := tracetrack.login_failed(p.login);
	outcome := case when retry_after > 0 then 'locked_out' else 'wrong_password' end;
end
$$;

-- Judges a PIN; the row is locked, so that no more than the allowed few are tried.
-- Outcomes: ok, pin_refused, pin_locked (too many wrong ones), no_pin.
create or replace function tracetrack.pin_prove(p_person integer, p_proof text) returns text
language plpgsql as $$
declare
	v tracetrack.person_pin;
begin
	select * into v from tracetrack.person_pin x where x.person_id = p_person for update;
	if not found then
		return 'no_pin';
	elsif v.failures >= tracetrack.setting_text('pin_failures')::integer
	or tracetrack.person_try(p_person) > 0 then
		return 'pin_locked';
	elsif tracetrack.proof_matches(p_proof, v.verifier) then
		perform tracetrack.person_tries_forget(p_person);
		update tracetrack.person_pin x set failures = 0
		 where x.person_id = p_person and x.failures > 0;
		return 'ok';
	end if;
	update tracetrack.person_pin x set failures = x.failures + 1
	 where x.person_id = p_person;
	return case when v.failures + 1 < tracetrack.setting_text('pin_failures')::integer
		then 'pin_refused' else 'pin_locked' end;
end
$$;

-- ---- the second factor

-- RFC 4648 base32, without padding.
create or replace function tracetrack.base32(p_bytes bytea) returns text
language sql immutable as $$
	select coalesce(string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
		rpad(substr(b.bits, i, 5), 5, '0')::bit(5)::integer + 1, 1), '' order by i), '')
	  from (select string_agg(get_byte(p_bytes, n)::bit(8)::text, '' order by n) as bits
		from generate_series(0, octet_length(p_bytes) - 1) n) b,
	       generate_series(1, length(b.bits), 5) i
$$;

-- RFC 4226 with 6 digits: the code of a step, which is 30 seconds (RFC 6238).
create or replace function tracetrack.totp_code(p_secret bytea, p_step bigint) returns text
language sql immutable as $$
	select lpad((((get_byte(h.mac, h.o) & 127) * 16777216::bigint
		+ get_byte(h.mac, h.o + 1) * 65536 + get_byte(h.mac, h.o + 2) * 256
		+ get_byte(h.mac, h.o + 3)) % 1000000)::text, 6, '0')
	  from (select m.mac, get_byte(m.mac, 19) & 15 as o
		from (select tracetrack.hmac(int8send(p_step), p_secret, 'sha1') as mac) m) h
$$;

create or replace function tracetrack.totp_step() returns bigint
language sql volatile as $$
	select floor(extract(epoch from clock_timestamp()) / 30)::bigint
$$;

-- The step among the present one and its neighbours that a code belongs to; null if
-- it belongs to none.
create or replace function tracetrack.totp_match(p_secret bytea, p_code text) returns bigint
language sql volatile as $$
	select min(s) from (select tracetrack.totp_step() as now) t,
	       generate_series(t.now - 1, t.now + 1) s
	 where tracetrack.totp_code(p_secret, s) = p_code
$$;

-- What is kept of a backup code: as people type it, in any letters, with hyphens
-- and blanks or without.
create or replace function tracetrack.code_hash(p_person integer, p_code text) returns bytea
language sql stable as $$
	select tracetrack.hmac(convert_to(p_person || ':' || regexp_replace(lower(p_code),
		'[^a-z2-7]', '', 'g'), 'UTF8'), s.value, 'sha256')
	  from tracetrack.secret s where s.name = 'login_salt'
$$;

-- Takes a code of an authenticator, or a backup code. Outcomes: ok, totp_refused,
-- totp_used (of an authenticator, and taken before). The row is updated under a
-- condition, so that of two who bring the same code one finds it used.
create or replace function tracetrack.totp_take(p_person integer, p_code text) returns text
language plpgsql as $$
declare
	v_code text := regexp_replace(left(coalesce(p_code, ''), 40), '[ -]', '', 'g');
	v_step bigint;
begin
	if v_code !~ '^[0-9]{6}$' then
		update tracetrack.person_code c set used_at = clock_timestamp()
		 where c.person_id = p_person and c.used_at is null
		   and c.hash = tracetrack.code_hash(p_person, v_code);
		return case when found then 'ok' else 'totp_refused' end;
	end if;
	select tracetrack.totp_match(t.secret, v_code) into v_step
	  from tracetrack.person_totp t where t.person_id = p_person;
	if v_step is null then
		return 'totp_refused';
	end if;
	update tracetrack.person_totp t set last_step = v_step
	 where t.person_id = p_person and t.last_step < v_step;
	return case when found then 'ok' else 'totp_used' end;
end
$$;

create or replace function tracetrack.totp_is_on(p_person integer) returns boolean
language sql stable as $$
	select exists (select from tracetrack.person_totp t
		where t.person_id = p_person and t.confirmed_at is not null)
$$;

-- Takes a code of somebody who is logged in. Outcomes: ok, totp_off (it is not on),
-- totp_refused, totp_used, locked_out; wrong codes count as wrong passwords do.
create or replace function tracetrack.totp_prove(p_person integer, p_login text, p_code text,
	out outcome text, out retry_after integer)
language plpgsql as $$
begin
	retry_after := greatest(tracetrack.login_wait(p_login), tracetrack.person_try(p_person));
	outcome := case when not tracetrack.totp_is_on(p_person) then 'totp_off'
		when retry_after > 0 then 'locked_out'
		else tracetrack.totp_take(p_person, p_code) end;
	if outcome = 'totp_refused' then
		retry_after := tracetrack.login_failed(p_login);
		outcome := case when retry_after > 0 then 'locked_out' else outcome end;
	elsif outcome = 'ok' then
		perform tracetrack.person_tries_forget(p_person);
	end if;
end
$$;

-- Ten new backup codes in place of those that there are. They are told once.
create or replace function tracetrack.codes_make(p_person integer) returns jsonb
language plpgsql as $$
declare
	v_codes text[];
begin
	delete from tracetrack.person_code c where c.person_id = p_person;
	select array_agg(lower(left(tracetrack.base32(tracetrack.gen_random_bytes(7)), 10)))
	  into v_codes from generate_series(1, 10);
	insert into tracetrack.person_code (person_id, hash)
	select p_person, tracetrack.code_hash(p_person, c) from unnest(v_codes) c;
	return (select jsonb_agg(left(c, 5) || '-' || right(c, 5)) from unnest(v_codes) c);
end
$$;

create or replace function tracetrack.totp_forget(p_person integer) returns void
language plpgsql as $$
begin
	delete from tracetrack.person_code c where c.person_id = p_person;
	delete from tracetrack.person_totp t where t.person_id = p_person;
end
$$;

-- ---- badges

-- What is kept of a badge. A station sends the hash of the code as a proof, as it
-- does for a password.
create or replace function tracetrack.badge_verifier(p_code text) returns bytea
language sql immutable as $$
	select sha256(sha256(convert_to(p_code, 'UTF8')))
$$;
