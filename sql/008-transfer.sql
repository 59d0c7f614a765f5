-- Imports: what is under way, what a file says, and what was refused of it.

-- One row per file and way of importing it; request is the id that clients know.
-- mode: good (each batch of rows is its own transaction, bad rows are left out),
-- all (one transaction, nothing if a row is bad), dry (one that is rolled back).
-- phase and line are how far it is applied: 1 opens parents, 2 links children; or 1
-- makes bills, 2 puts parents onto them.
-- base is what the ids of its events begin with; families is what the code
-- families were when its rows were staged.
create table tracetrack.import (
	id bigint generated always as identity constraint import_pkey primary key,
	request uuid not null constraint import_request_key unique,
	base text collate "C" not null constraint import_base_key unique
		constraint import_base_form check (base ~ '^[0-9a-f]{20}$'),
	kind text not null constraint import_kind_known check (kind in ('bags', 'children', 'bills')),
	mode text not null constraint import_mode_known check (mode in ('good', 'all', 'dry')),
	file text not null,
	sum text not null constraint import_sum_form check (sum ~ '^[0-9a-f]{64}$'),
	rows bigint not null constraint import_rows_range check (rows >= 0),
	last_line bigint not null,
	area_id smallint constraint import_area_fkey references tracetrack.area,
	person_id integer not null constraint import_person_fkey references tracetrack.person,
	station_id integer not null constraint import_station_fkey references tracetrack.station,
	session_id bigint not null,
	state text not null default 'staging' constraint import_state_known
		check (state in ('staging', 'staged', 'applying', 'done', 'cancelled')),
	families text not null,
	phase smallint not null default 1 constraint import_phase_known check (phase in (1, 2)),
	line bigint not null default 0,
	opened bigint not null default 0,
	linked bigint not null default 0,
	completed bigint not null default 0,
	again bigint not null default 0,
	refused bigint not null default 0,
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	reason text,
	constraint import_ended_has_time
		check ((state in ('done', 'cancelled')) = (ended_at is not null))
) with (fillfactor = 50);
create index import_started_at on tracetrack.import (started_at);

-- The rows of files that are not applied yet: code goes into parent, or is a parent; of
-- an import of bills parent is the bill, and code the bag that goes onto it, if there is
-- one. Unlogged: a server that breaks down forgets them, and the client sends its file
-- again.
create unlogged table tracetrack.import_row (
	import_id bigint,
	phase smallint,
	line bigint,
	family_id smallint,
	code text collate "C",
	parent text collate "C",
	area text collate "C",
	grams text collate "C",
	destination text,
	vehicle text,
	capacity text,
	why text,
	constraint import_row_pkey primary key (import_id, phase, line)
);

create table tracetrack.import_bad (
	import_id bigint constraint import_bad_import_fkey references tracetrack.import,
	line bigint,
	outcome text collate "C" not null,
	code text,
	parent text,
	position smallint,
	other text,
	other_at timestamptz,
	other_by integer,
	other_station integer,
	why text,
	constraint import_bad_pkey primary key (import_id, line)
);

-- What applying a batch came to.
create type tracetrack.import_step as (
	line bigint,
	taken bigint,
	opened bigint,
	linked bigint,
	completed bigint,
	again bigint,
	refused bigint
);

-- Only single batches are seen half done: the other ways end as done, or are
-- rolled back. By the owner's rights, because it runs when the client commits.
create function tracetrack.import_is_whole() returns trigger
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	if exists (select from tracetrack.import i
		where i.id = new.id and i.mode <> 'good' and i.state = 'applying') then
		raise exception 'half an import must not be committed'
			using errcode = 'restrict_violation',
			hint = 'Apply it to its end in one transaction, or roll back.';
	end if;
	return null;
end
$$;

create constraint trigger import_whole after update of state on tracetrack.import
	deferrable initially deferred for each row
	when (new.state = 'applying' and new.mode <> 'good')
	execute function tracetrack.import_is_whole();

-- A page of an export: the keys behind after, up to upto, and which rows of them.
create type tracetrack.export as (
	what text,
	after bigint,
	upto bigint,
	area_id smallint,
	since timestamptz,
	before timestamptz,
	raw boolean
);

-- Where the next page of each export begins, once: that page takes nothing of the
-- allowance of who exports.
create table tracetrack.export_next (
	id bigint generated always as identity constraint export_next_pkey primary key,
	person_id integer not null constraint export_next_person_fkey references tracetrack.person,
	what text not null,
	key bigint not null,
	at timestamptz not null default now()
);
create index export_next_person on tracetrack.export_next (person_id, what, key);

insert into tracetrack.role_right (role, right_name) values
	('administrator', 'import.run'),
	('biller', 'export.run'), ('supervisor', 'export.run'), ('administrator', 'export.run')
on conflict do nothing;
