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
create index event_number_range on tracetrack.event using brin (number)
	with (pages_per_range = 32, autosummarize = on);

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
	('audit.seal', '{administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);
