-- Writes that are not scans, the audit of what they change, and the seals that
-- tell whether ledger and audit are still what they were.

-- answer is empty while the work is done, and never after the commit.
alter table tracetrack.operation
	add column station_id integer not null default 0
		constraint operation_station_fkey references tracetrack.station,
	add column session_id bigint;
alter table tracetrack.operation alter column station_id drop default;

-- What write_begin knows about a call. outcome is null if there is work to do,
-- else answer is what to return.
create type tracetrack.act as (
	outcome text,
	replayed boolean,
	answer jsonb,
	name text,
	request uuid,
	session_id bigint,
	station_id integer,
	person_id integer,
	login text,
	role text,
	rights text[],
	area_id smallint,
	any_area boolean,
	approver_id integer
);

-- Signs who acts, so that nobody's own setting of it is believed.
insert into tracetrack.secret (name, value)
values ('act_key', tracetrack.gen_random_bytes(32));

-- Who changed what, by the triggers of sql/audit.sql; append-only. station_number
-- counts the rows of a station without a gap: its counter is locked at the end of
-- the transaction. person_id is null for what the owner changes by hand; db_role
-- says which role of the database that was.
--
-- The number of this table and of the ledger is drawn when the transaction has an
-- id, so that whoever looks at the sequence and then at the transactions in
-- progress knows who may still commit a lower number: see sql/audit-seal.sql.
create sequence tracetrack.audit_number as bigint;

create table tracetrack.audit (
	number bigint not null default case when pg_current_xact_id() is not null
		then nextval('tracetrack.audit_number') end,
	at timestamptz not null default now(),
	request uuid,
	session_id bigint,
	station_number bigint not null,
	station_id integer not null,
	person_id integer,
	approver_id integer,
	db_role text not null default session_user,
	operation text not null constraint audit_operation_known
		check (operation in ('insert', 'update', 'delete', 'truncate', 'baseline')),
	table_name text collate "C" not null,
	key text collate "C" not null,
	before jsonb,
	after jsonb,
	constraint audit_pkey primary key (number, at)
) partition by range (at);

create index audit_thing on tracetrack.audit (table_name, key, number);
create index audit_person on tracetrack.audit (person_id, number);
create index audit_station on tracetrack.audit (station_id, station_number);
create index audit_at on tracetrack.audit (at);

create table tracetrack.audit_default partition of tracetrack.audit default;

create table tracetrack.audit_counter (
	station_id integer constraint audit_counter_pkey primary key,
	last bigint not null
);

alter table tracetrack.event alter column number set default
	case when pg_current_xact_id() is not null then nextval('tracetrack.event_number') end;
create or replace function tracetrack.refuse_change() returns trigger
language plpgsql as $$
begin
	raise exception '% is append-only', case
		when tg_table_name ~ '^(event|request)' then 'the ledger'
		when tg_table_name ~ '^audit' then 'the audit'
		else 'the log of seals' end
		using errcode = 'restrict_violation',
		hint = 'Undo or correct a scan by a new event; change the audit never.';
end
$$;

create trigger audit_append_only before update or delete on tracetrack.audit
	for each row execute function tracetrack.refuse_change();
create trigger audit_kept before truncate on tracetrack.audit
	for each statement execute function tracetrack.refuse_change();
create trigger audit_default_kept before truncate on tracetrack.audit_default
	for each statement execute function tracetrack.refuse_change();

-- The log of seals. A seal speaks of the rows of one source with numbers from
-- first to last; they adjoin the last seal of that source. rows_hash is the
-- sha256 of the sha256 of each row, by number; digests has for each row its number
-- and the first 8 bytes of its hash, so that a bad row can be named. hash covers
-- all of it and previous, the hash of the seal before.
create table tracetrack.seal (
	number bigint constraint seal_pkey primary key,
	at timestamptz not null default clock_timestamp(),
	source text not null constraint seal_source_known check (source in ('ledger', 'audit')),
	first bigint not null,
	last bigint not null,
	rows integer not null,
	previous bytea not null constraint seal_previous_length check (octet_length(previous) = 32),
	hash bytea not null constraint seal_hash_length check (octet_length(hash) = 32),
	rows_hash bytea not null,
	digests bytea not null,
	constraint seal_range check (first <= last)
);
alter table tracetrack.seal alter column digests set storage external;

create trigger seal_append_only before update or delete or truncate on tracetrack.seal
	for each statement execute function tracetrack.refuse_change();

-- How far a source may be sealed: up to safe nothing can be added any more. mark
-- and writers are the next such number and the transactions it still waits for.
create table tracetrack.seal_mark (
	source text constraint seal_mark_pkey primary key,
	safe bigint not null default 0,
	mark bigint,
	writers bigint[]
);
insert into tracetrack.seal_mark (source) values ('audit'), ('ledger');

insert into tracetrack.role_right (role, right_name)
select r.role, x.right_name
  from (values
	('audit.list', '{supervisor,administrator}'::text[]),
	('audit.verify', '{supervisor,administrator}'),
	('audit.seal', '{administrator}'),
	('area.create', '{administrator}'),
	('area.edit', '{administrator}'),
	('area.retire', '{administrator}'),
	('family.create', '{administrator}'),
	('family.edit', '{administrator}'),
	('family.retire', '{administrator}'),
	('station.create', '{administrator}'),
	('station.edit', '{administrator}'),
	('station.retire', '{administrator}'),
	('setting.list', '{supervisor,administrator}'),
	('setting.set', '{administrator}'),
	('exception.list', '{supervisor,administrator}'),
	('exception.resolve', '{supervisor,administrator}'),
	('notification.list', '{supervisor,administrator}'),
	('notification.ack', '{supervisor,administrator}'),
	('approval.list', '{supervisor,administrator}'),
	('approval.decide', '{supervisor,administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);

-- Why something was retired.
alter table tracetrack.area add column reason text
	constraint area_reason_length check (length(reason) <= 200);
alter table tracetrack.family add column reason text
	constraint family_reason_length check (length(reason) <= 200);
alter table tracetrack.station add column reason text
	constraint station_reason_length check (length(reason) <= 200);

-- What the database tells people who watch: once for a kind and a subject until
-- somebody has acknowledged it, then it may come again.
create table tracetrack.notification (
	id bigint generated always as identity constraint notification_pkey primary key,
	at timestamptz not null default now(),
	last_at timestamptz not null default now(),
	times integer not null default 1,
	kind text collate "C" not null constraint notification_kind_form
		check (kind ~ '^[a-z_]{1,32}$'),
	subject text not null,
	detail text not null,
	acked_at timestamptz,
	acked_by integer constraint notification_acker_fkey references tracetrack.person,
	constraint notification_acked_has_person check ((acked_at is null) = (acked_by is null))
);
create unique index notification_open on tracetrack.notification (kind, subject)
	where acked_at is null;

-- A write that needs a second person. content is what was asked, by the parameters
-- of the operation's function; execution is the request id with which it is carried
-- out, xact the transaction that does so.
create table tracetrack.approval (
	id bigint generated always as identity constraint approval_pkey primary key,
	at timestamptz not null default now(),
	expires_at timestamptz not null,
	request uuid not null constraint approval_request_key unique,
	execution uuid not null default gen_random_uuid()
		constraint approval_execution_key unique,
	xact xid8,
	session_id bigint not null,
	person_id integer not null constraint approval_person_fkey references tracetrack.person,
	station_id integer not null constraint approval_station_fkey references tracetrack.station,
	operation text not null,
	content jsonb not null,
	state text not null default 'pending' constraint approval_state_known
		check (state in ('pending', 'approved', 'failed', 'declined', 'expired')),
	decided_at timestamptz,
	decided_by integer constraint approval_decider_fkey references tracetrack.person,
	reason text constraint approval_reason_length check (length(reason) <= 200),
	answer jsonb,
	constraint approval_decided_by_another check (decided_by <> person_id),
	constraint approval_decided_has_decider check (
		(state in ('approved', 'failed', 'declined')) = (decided_by is not null)
		and (state <> 'pending') = (decided_at is not null))
);
create index approval_state on tracetrack.approval (state, id);

insert into tracetrack.setting (name, value, help) values
	('two_person', 'setting.weaken', 'operations that a second person must approve, divided by'
		' blanks: bill.cancel bag.cancel user.disable family.retire setting.weaken'),
	('approval_life', '1 day', 'how long an operation waits for the second person'),
	('station_silence', '15 minutes',
		'a station where somebody works and that is not heard for so long is told of');
