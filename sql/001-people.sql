-- Roles of the database, settings, areas, people, stations and sessions.
--
-- tracetrack_station is the one login role of all stations: it may call the
-- functions of schema api and nothing else. tracetrack_monitor reads the
-- server's statistics. Who a person is and what they may do is decided by the
-- session token, never by the database role.

create schema if not exists tracetrack;
create extension if not exists pgcrypto with schema tracetrack;

do $$
declare
	v_role text;
begin
	foreach v_role in array array['tracetrack_station', 'tracetrack_monitor'] loop
		if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
			execute format('create role %I login', v_role);
		end if;
		execute format('alter role %I set statement_timeout = %L', v_role, '5s');
		execute format('alter role %I set lock_timeout = %L', v_role, '2s');
		execute format('alter role %I set idle_in_transaction_session_timeout = %L',
			v_role, '10s');
		execute format('alter role %I set default_transaction_isolation = %L',
			v_role, 'read committed');
		-- the queries of the api go by keys: planning anew finds nothing better
		execute format('alter role %I set plan_cache_mode = %L',
			v_role, 'force_generic_plan');
		execute format('alter role %I set jit = %L', v_role, 'off');
		execute format('alter role %I set random_page_cost = %L', v_role, '1.1');
	end loop;
	-- what every station calls itself: after its reset query the pooler would
	-- else send the name again before each call
	alter role tracetrack_station set application_name = 'tracetrack';
end
$$;

create table tracetrack.setting (
	name text constraint setting_pkey primary key,
	value text not null,
	help text not null
);

insert into tracetrack.setting (name, value, help) values
	('synchronous_commit', 'on', 'how durable a commit is; every write sets it for itself'),
	('undo_window', '1 hour', 'how long a person may undo an own scan'),
	('session_life', '1 hour', 'how long a session lives without a call'),
	('delivery_window', '7 days',
		'how long after its end a session''s scans are still taken from an outbox'),
	('station_autoregister', 'on', 'a station that nobody knows is registered at login'),
	('stress_allowed', 'off', 'this is a test database: load generators may write to it'),
	('business_zone', 'Asia/Kolkata', 'time zone of the business day');

-- Keys that only the owner reads.
create table tracetrack.secret (
	name text constraint secret_pkey primary key,
	value bytea not null
);

insert into tracetrack.secret (name, value)
values ('login_salt', tracetrack.gen_random_bytes(32));

create table tracetrack.area (
	id smallint generated always as identity constraint area_pkey primary key,
	code text collate "C" not null constraint area_code_key unique
		constraint area_code_form check (code ~ '^[a-z][a-z0-9_]{1,31}$'),
	name text not null constraint area_name_form check (length(name) between 1 and 64),
	active boolean not null default true
);

insert into tracetrack.area (code, name) values
	('lucknow', 'Lucknow'), ('indore', 'Indore'), ('jaipur', 'Jaipur'), ('hisar', 'Hisar'),
	('sri_ganganagar', 'Sri Ganganagar'), ('sangaria', 'Sangaria'), ('bathinda', 'Bathinda'),
	('raipur', 'Raipur'), ('ranchi', 'Ranchi'), ('akola', 'Akola');

-- What a role may do is data: a right is a row. rights repeats them, so that a scan
-- finds them in one look; role_right is what to change.
create table tracetrack.role (
	name text constraint role_pkey primary key,
	help text not null,
	rights text[] not null default '{}'
);

insert into tracetrack.role (name, help) values
	('dispatcher', 'scans, in the own area only'),
	('biller', 'scans and bills, all areas'),
	('supervisor', 'reads everything, corrects, undoes for others'),
	('administrator', 'people, areas, families, stations');

create table tracetrack.role_right (
	role text constraint role_right_role_fkey references tracetrack.role,
	right_name text constraint role_right_name_form check (right_name ~ '^[a-z]+\.[a-z_]+$'),
	constraint role_right_pkey primary key (role, right_name)
);

create function tracetrack.role_rights_repeat() returns trigger
language plpgsql as $$
begin
	update tracetrack.role r
	   set rights = array(select x.right_name from tracetrack.role_right x
		where x.role = r.name order by x.right_name);
	return null;
end
$$;

create trigger role_right_changed after insert or update or delete on tracetrack.role_right
	for each statement execute function tracetrack.role_rights_repeat();
create trigger role_right_emptied after truncate on tracetrack.role_right
	for each statement execute function tracetrack.role_rights_repeat();

insert into tracetrack.role_right (role, right_name)
select r.role, x.right_name
  from (values
	('scan.parent', '{dispatcher,biller,supervisor,administrator}'::text[]),
	('scan.child', '{dispatcher,biller,supervisor,administrator}'),
	('scan.finish', '{dispatcher,biller,supervisor,administrator}'),
	('scan.short', '{dispatcher,biller,supervisor,administrator}'),
	('scan.undo', '{dispatcher,biller,supervisor,administrator}'),
	('scan.relink', '{dispatcher,biller,supervisor,administrator}'),
	('scan.remove', '{dispatcher,biller,supervisor,administrator}'),
	('scan.any_area', '{biller,supervisor,administrator}'),
	('scan.undo_any', '{supervisor,administrator}'),
	('scan.closed', '{supervisor,administrator}'),
	('bag.read', '{dispatcher,biller,supervisor,administrator}'),
	('stats.read', '{dispatcher,biller,supervisor,administrator}'),
	('family.list', '{dispatcher,biller,supervisor,administrator}'),
	('area.list', '{dispatcher,biller,supervisor,administrator}'),
	('station.list', '{biller,supervisor,administrator}'),
	('user.list', '{supervisor,administrator}'),
	('user.create', '{administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);

-- verifier is sha256 of what the station derives from the password with
-- Argon2id and this salt; salt, ops and mem are told to anybody who asks.
create table tracetrack.person (
	id integer generated always as identity constraint person_pkey primary key,
	login text collate "C" not null constraint person_login_key unique
		constraint person_login_form check (login ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
	name text not null constraint person_name_form
		check (length(name) between 1 and 100 and name !~ '[[:cntrl:]]'),
	mail text constraint person_mail_form
		check (length(mail) <= 254
			and mail ~ '^[^@[:space:][:cntrl:]]+@[^@[:space:][:cntrl:]]+$'),
	role text not null constraint person_role_fkey references tracetrack.role,
	area_id smallint constraint person_area_fkey references tracetrack.area,
	state text not null default 'active'
		constraint person_state_known check (state in ('active', 'disabled')),
	salt bytea not null constraint person_salt_length check (octet_length(salt) = 16),
	ops integer not null constraint person_ops_floor check (ops between 2 and 64),
	mem bigint not null
		constraint person_mem_floor check (mem between 19922944 and 4294967296),
	verifier bytea not null
		constraint person_verifier_length check (octet_length(verifier) = 32),
	created_at timestamptz not null default now(),
	disabled_at timestamptz,
	constraint person_dispatcher_has_area check (role <> 'dispatcher' or area_id is not null),
	constraint person_disabled_has_time check ((state = 'disabled') = (disabled_at is not null))
);

create function tracetrack.person_disabled() returns trigger
language plpgsql as $$
begin
	if new.state = 'active' then
		new.disabled_at := null;
	elsif new.disabled_at is null then
		new.disabled_at := clock_timestamp();
	end if;
	return new;
end
$$;

create trigger person_disabled before insert or update of state on tracetrack.person
	for each row execute function tracetrack.person_disabled();

-- Failed logins by login name, known or not, so that a lock tells nothing.
create table tracetrack.login_failure (
	login text collate "C" constraint login_failure_pkey primary key,
	failures integer not null constraint login_failure_counted check (failures > 0),
	locked_until timestamptz,
	last_at timestamptz not null
);
create index login_failure_last_at on tracetrack.login_failure (last_at);

-- Station 0 stands for calls that come from no station.
create table tracetrack.station (
	id integer generated by default as identity constraint station_pkey primary key,
	name text collate "C" not null constraint station_name_key unique
		constraint station_name_form check (name ~ '^[A-Za-z0-9-][A-Za-z0-9._-]{0,63}$'),
	area_id smallint constraint station_area_fkey references tracetrack.area,
	double_read_ms integer not null default 800
		constraint station_double_read_range check (double_read_ms between 0 and 60000),
	hard_stop boolean not null default false,
	sounds boolean not null default true,
	version text constraint station_version_length check (length(version) <= 64),
	last_seen timestamptz,
	state text not null default 'enabled'
		constraint station_state_known check (state in ('enabled', 'retired'))
) with (fillfactor = 70);

insert into tracetrack.station (id, name) values (0, '-');

-- The token itself is never stored. A session ends by revoked_at or by
-- expires_at; its row stays, because ledger rows name it.
create table tracetrack.session (
	token_hash bytea constraint session_pkey primary key
		constraint session_token_hash_length check (octet_length(token_hash) = 32),
	id bigint generated always as identity constraint session_id_key unique,
	person_id integer not null constraint session_person_fkey references tracetrack.person,
	station_id integer not null constraint session_station_fkey references tracetrack.station,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	extended_at timestamptz not null default now(),
	locked_at timestamptz,
	revoked_at timestamptz,
	-- What the session may do now, so that a scan finds it in one look: kept by
	-- session_context from person, role, station and settings.
	is_ready boolean not null,
	area_id smallint,
	rights text[] not null,
	durability text not null
) with (fillfactor = 70);
create index session_person on tracetrack.session (person_id);

-- ready: the person is active, the station enabled, and they are of one area or
-- the person may work in any. area_id is the station's, or else the person's.
-- A new session locks its person's row against who changes the person.
create function tracetrack.session_context() returns trigger
language plpgsql as $$
begin
	if tg_op = 'INSERT' then
		perform from tracetrack.person p where p.id = new.person_id for share;
	end if;
	select p.state = 'active' and s.state = 'enabled'
		and (s.area_id is null or s.area_id = p.area_id
			or 'scan.any_area' = any (r.rights)) is true,
	       coalesce(s.area_id, p.area_id), r.rights, c.value
	  into new.is_ready, new.area_id, new.rights, new.durability
	  from tracetrack.person p
	  join tracetrack.role r on r.name = p.role
	  join tracetrack.station s on s.id = new.station_id
	  join tracetrack.setting c on c.name = 'synchronous_commit'
	 where p.id = new.person_id;
	return new;
end
$$;

create trigger session_context before insert or update of person_id on tracetrack.session
	for each row execute function tracetrack.session_context();

-- What live sessions know of a person, station, role or setting that has changed.
-- A login that began before the change would not be seen here, and has not seen the
-- change. One of the person or at the station whose row was changed has been waited for;
-- of all else, which seldom changes, the table is locked against it.
create function tracetrack.session_refresh() returns trigger
language plpgsql as $$
begin
	if tg_table_name not in ('person', 'station') then
		lock table tracetrack.session in share row exclusive mode;
	end if;
	update tracetrack.session t set person_id = t.person_id
	  from tracetrack.person p
	 where t.revoked_at is null and t.expires_at > now() and p.id = t.person_id
	   and case tg_table_name
		when 'person' then t.person_id = (to_jsonb(new) ->> 'id')::integer
		when 'station' then t.station_id = (to_jsonb(new) ->> 'id')::integer
		when 'role' then p.role = to_jsonb(new) ->> 'name'
		else true end;
	return null;
end
$$;

create trigger person_in_session after update of state, role, area_id on tracetrack.person
	for each row when ((old.state, old.role, old.area_id)
		is distinct from (new.state, new.role, new.area_id)) execute function tracetrack.session_refresh();
create trigger station_in_session after update of state, area_id on tracetrack.station
	for each row when ((old.state, old.area_id) is distinct from (new.state, new.area_id))
	execute function tracetrack.session_refresh();
create trigger role_in_session after update of rights on tracetrack.role
	for each row when (old.rights is distinct from new.rights)
	execute function tracetrack.session_refresh();
create trigger setting_in_session after update on tracetrack.setting
	for each row when (new.name = 'synchronous_commit')
	execute function tracetrack.session_refresh();

-- First answers of writes that are not scans, by request id.
create table tracetrack.operation (
	request uuid constraint operation_pkey primary key,
	at timestamptz not null default now(),
	person_id integer not null constraint operation_person_fkey references tracetrack.person,
	name text not null,
	content bigint not null,
	answer jsonb not null
);
