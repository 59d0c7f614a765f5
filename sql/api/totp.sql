-- The second factor of the person who asks: an authenticator and backup codes. The
-- secret and the codes are in the answers of enrol, confirm and codes only; no
-- request, list or audit keeps them.

-- The address that authenticators read from a QR code; short, because SHA-1, 6 digits and
-- 30 s are what they take when nothing is said, and the code must fit a small window.
create or replace function tracetrack.totp_uri(p_login text, p_secret bytea) returns text
language plpgsql stable as $$
begin
	return format('otpauth://totp/%1$s:%2$s?secret=%3$s&issuer=%1$s', regexp_replace(tracetrack.setting_text('totp_issuer'),
		'[^A-Za-z0-9._-]', '%20', 'g'), p_login, tracetrack.base32(p_secret));
end
$$;

-- Begins: gives a secret, which counts from totp_confirm on. p_proof is of the
-- password. A second enrolment before that takes the place of the first. Outcomes:
-- ok, totp_on (switch it off first), wrong_password, locked_out, and those of
-- write_begin.
create or replace function api.totp_enrol(p_token text, p_event uuid, p_proof text)
returns table (outcome text, replayed boolean, secret text, uri text, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('totp.enrol', p_token, p_event, 'totp.enrol', '{}');
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select x.outcome, x.retry_after into outcome, retry_after
		  from tracetrack.person_prove(a.person_id, p_proof) x;
		if outcome = 'ok' then
			insert into tracetrack.person_totp as t (person_id, secret, request)
			values (a.person_id, tracetrack.gen_random_bytes(20), p_event)
			on conflict on constraint person_totp_pkey do update
			   set secret = excluded.secret, request = excluded.request
			 where t.confirmed_at is null;
			outcome := case when found then 'ok' else 'totp_on' end;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	select tracetrack.base32(t.secret), tracetrack.totp_uri(a.login, t.secret)
	  into secret, uri from tracetrack.person_totp t
	 where t.person_id = a.person_id and t.request = p_event and t.confirmed_at is null
	   and outcome = 'ok';
	return next;
end
$$;

-- Switches it on by a first code of the authenticator, and gives ten backup codes.
-- Outcomes: ok, totp_refused, totp_used, totp_on, totp_off (nothing is enrolled), and
-- those of write_begin.
create or replace function api.totp_confirm(p_token text, p_event uuid, p_totp text)
returns table (outcome text, replayed boolean, codes jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	t tracetrack.person_totp;
begin
	a := tracetrack.write_begin('totp.confirm', p_token, p_event, 'totp.confirm',
		jsonb_build_object('totp', p_totp));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select * into t from tracetrack.person_totp x
		 where x.person_id = a.person_id for update;
		outcome := case when not found then 'totp_off'
			when t.confirmed_at is not null then 'totp_on'
			when regexp_replace(p_totp, '[ -]', '', 'g') ~ '^[0-9]{6}$'
				then tracetrack.totp_take(a.person_id, p_totp)
			else 'totp_refused' end;
		if outcome = 'ok' then
			update tracetrack.person_totp x set confirmed_at = now()
			 where x.person_id = a.person_id;
			codes := tracetrack.codes_make(a.person_id);
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- New backup codes in place of the old. p_totp is a code of the authenticator, or
-- an old backup code. Outcomes: ok, totp_off, those of totp_prove, and those of
-- write_begin.
create or replace function api.totp_codes(p_token text, p_event uuid, p_totp text)
returns table (outcome text, replayed boolean, codes jsonb, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('totp.codes', p_token, p_event, 'totp.codes',
		jsonb_build_object('totp', p_totp));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select x.outcome, x.retry_after into outcome, retry_after
		  from tracetrack.totp_prove(a.person_id, a.login, p_totp) x;
		if outcome = 'ok' then
			codes := tracetrack.codes_make(a.person_id);
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;

-- Switches it off. p_proof is of the password, p_totp a code as in totp_codes.
-- Outcomes: ok, totp_off, wrong_password, those of totp_prove, and those of
-- write_begin.
create or replace function api.totp_disable(p_token text, p_event uuid, p_proof text, p_totp text)
returns table (outcome text, replayed boolean, retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('totp.disable', p_token, p_event, 'totp.disable',
		jsonb_build_object('totp', p_totp));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select x.outcome, x.retry_after into outcome, retry_after
		  from tracetrack.person_prove(a.person_id, p_proof) x;
		if outcome = 'ok' then
			select x.outcome, x.retry_after into outcome, retry_after
			  from tracetrack.totp_prove(a.person_id, a.login, p_totp) x;
		end if;
		if outcome = 'ok' then
			perform tracetrack.totp_forget(a.person_id);
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;
