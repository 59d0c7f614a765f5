-- People and their sessions: one-time passwords, PINs, badges, a second factor,
-- requests for another role, rate limits.

insert into tracetrack.setting (name, value, help) values
	('login_failures', '5', 'so many wrong passwords in a row lock a login'),
	('login_lock', '15 minutes',
		'for so long, doubled by each further failure up to 64 times'),
	('pin_failures', '5', 'after so many wrong PINs in a row only the password unlocks'),
	('once_life', '1 day', 'how long a one-time password from an administrator is good'),
	('totp_issuer', 'TraceTrack', 'what an authenticator shows beside the login'),
	('rate_export', '20 per 1 hour', 'exports of a person; off for no limit'),
	('rate_import', '20 per 1 hour', 'imports of a person; off for no limit');

-- A limit that can't be read would be none.
alter table tracetrack.setting
	add constraint setting_rate_form check (name !~ '^rate_' or value = 'off'
		or value ~ '^[1-9][0-9]{0,5} per [1-9][0-9]{0,4} (second|minute|hour|day)s?$'),
	add constraint setting_people_form check (case
		when name in ('login_failures', 'pin_failures') then value ~ '^[1-9][0-9]{0,2}$'
		when name in ('login_lock', 'once_life') then value::interval > interval '0'
		else true end);

insert into tracetrack.role_right (role, right_name)
select r.role, x.right_name
  from (values
	('user.show', '{supervisor,administrator}'::text[]),
	('user.edit', '{administrator}'),
	('user.role', '{administrator}'),
	('user.area', '{administrator}'),
	('user.disable', '{administrator}'),
	('user.enable', '{administrator}'),
	('user.unlock', '{administrator}'),
	('user.reset', '{administrator}'),
	('user.badge', '{administrator}'),
	('user.decide', '{administrator}'),
	('user.promote', '{dispatcher,biller,supervisor,administrator}'),
	('user.requests', '{dispatcher,biller,supervisor,administrator}'),
	('session.list', '{dispatcher,biller,supervisor,administrator}'),
	('session.list_any', '{administrator}'),
	('session.revoke', '{dispatcher,biller,supervisor,administrator}'),
	('session.revoke_any', '{administrator}'),
	('session.password', '{dispatcher,biller,supervisor,administrator}'),
	('session.pin', '{dispatcher,biller,supervisor,administrator}'),
	('totp.enrol', '{dispatcher,biller,supervisor,administrator}'),
	('totp.confirm', '{dispatcher,biller,supervisor,administrator}'),
	('totp.codes', '{dispatcher,biller,supervisor,administrator}'),
	('totp.disable', '{dispatcher,biller,supervisor,administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);

-- once_until: the password is an administrator's one-time password, good until
-- then for a login that sets another.
alter table tracetrack.person
	add column once_until timestamptz,
	add column password_at timestamptz not null default now(),
	add column disabled_reason text constraint person_disabled_reason_form
		check (length(disabled_reason) between 1 and 200);

create or replace function tracetrack.person_disabled() returns trigger
language plpgsql as $$
begin
	if new.state = 'active' then
		new.disabled_at := null;
		new.disabled_reason := null;
	elsif new.disabled_at is null then
		new.disabled_at := clock_timestamp();
	end if;
	return new;
end
$$;

-- The sessions of who is disabled end, whoever disables: logins under way have been
-- waited for, because they lock the person's row.
create function tracetrack.person_out() returns trigger
language plpgsql as $$
begin
	update tracetrack.session s set revoked_at = clock_timestamp()
	 where s.person_id = new.id and s.revoked_at is null;
	return null;
end
$$;

create trigger person_out_of_session after update of state on tracetrack.person
	for each row when (new.state = 'disabled' and old.state <> 'disabled')
	execute function tracetrack.person_out();

-- What else unlocks a session. Each is hashed as a password is; a badge's secret
-- is long enough to need no salt.
create table tracetrack.person_pin (
	person_id integer constraint person_pin_pkey primary key
		constraint person_pin_person_fkey references tracetrack.person,
	salt bytea not null constraint person_pin_salt_length check (octet_length(salt) = 16),
	ops integer not null constraint person_pin_ops_floor check (ops between 2 and 64),
	mem bigint not null
		constraint person_pin_mem_floor check (mem between 19922944 and 4294967296),
	verifier bytea not null
		constraint person_pin_verifier_length check (octet_length(verifier) = 32),
	failures integer not null default 0
		constraint person_pin_failures_counted check (failures >= 0),
	set_at timestamptz not null default now()
);

create table tracetrack.person_badge (
	person_id integer constraint person_badge_pkey primary key
		constraint person_badge_person_fkey references tracetrack.person,
	verifier bytea not null
		constraint person_badge_verifier_length check (octet_length(verifier) = 32),
	issued_at timestamptz not null default now()
);

-- The second factor: RFC 6238 with SHA-1, 6 digits, 30 s. It counts from
-- confirmed_at on. last_step is the step of the last code that was taken: none is
-- taken twice.
create table tracetrack.person_totp (
	person_id integer constraint person_totp_pkey primary key
		constraint person_totp_person_fkey references tracetrack.person,
	secret bytea not null
		constraint person_totp_secret_length check (octet_length(secret) = 20),
	request uuid not null,
	confirmed_at timestamptz,
	last_step bigint not null default 0
);

-- Backup codes, one use each; new ones take the place of the old.
create table tracetrack.person_code (
	person_id integer constraint person_code_person_fkey references tracetrack.person,
	hash bytea constraint person_code_hash_length check (octet_length(hash) = 32),
	used_at timestamptz,
	constraint person_code_pkey primary key (person_id, hash)
);

-- Tries at the secrets of a person are counted by a sequence of the person's own, because
-- a sequence is not rolled back: it is a clock in seconds that each try puts forward.
create function tracetrack.person_tries_begin() returns trigger
language plpgsql as $$
begin
	execute format('create sequence tracetrack.person_tries_%s increment by 180', new.id);
	return null;
end
$$;

create trigger person_tries_begun after insert on tracetrack.person
	for each row execute function tracetrack.person_tries_begin();

-- Requests for another role.
create table tracetrack.promotion (
	id bigint generated always as identity constraint promotion_pkey primary key,
	person_id integer not null
		constraint promotion_person_fkey references tracetrack.person,
	role text not null constraint promotion_role_fkey references tracetrack.role,
	reason text not null
		constraint promotion_reason_length check (length(reason) between 1 and 500),
	state text not null default 'pending'
		constraint promotion_state_known
		check (state in ('pending', 'approved', 'rejected')),
	asked_at timestamptz not null default now(),
	decided_at timestamptz,
	decided_by integer constraint promotion_decider_fkey references tracetrack.person,
	note text constraint promotion_note_length check (length(note) between 1 and 300),
	constraint promotion_decided_has_decider check ((state = 'pending') = (decided_at is null)
		and (state = 'pending') = (decided_by is null)),
	constraint promotion_decided_by_another check (decided_by <> person_id)
);
create unique index promotion_one_pending on tracetrack.promotion (person_id)
	where state = 'pending';

-- When the allowance of a person for one thing is whole again.
create table tracetrack.rate (
	person_id integer constraint rate_person_fkey references tracetrack.person,
	what text collate "C" constraint rate_what_form check (what ~ '^[a-z_]{1,32}$'),
	full_at timestamptz not null,
	constraint rate_pkey primary key (person_id, what)
);

-- A badge may carry a secret behind the login; then it unlocks as well.
update tracetrack.family
   set pattern = '^TT:USER:[A-Z0-9][A-Z0-9._-]{0,63}(/[A-Z2-7]{16})?$'
 where name = 'badge' and role = 'badge';
