-- Code families and bags. What a bag can't be is refused by the table itself.

-- Patterns are anchored POSIX extended expressions that mean the same to
-- PostgreSQL and to regcomp(3); they are matched against upper-case codes. A
-- code belongs to the first active family that matches it, and a child family
-- matches only what no other family does.
create table tracetrack.family (
	id smallint generated always as identity constraint family_pkey primary key,
	name text collate "C" not null constraint family_name_key unique
		constraint family_name_form check (name ~ '^[a-z][a-z0-9_]{0,31}$'),
	role text not null constraint family_role_known
		check (role in ('parent', 'child', 'bill', 'badge', 'command')),
	pattern text collate "C" not null constraint family_pattern_anchored
		check (pattern ~ '^\^.*\$$' and length(pattern) <= 200
			and '' ~ pattern is not null),
	example text collate "C" not null,
	capacity smallint constraint family_capacity_range check (capacity between 1 and 1000),
	child_grams bigint constraint family_child_grams_range
		check (child_grams between 1 and 1000000),
	active boolean not null default true,
	constraint family_parent_has_capacity
		check ((role = 'parent') = (capacity is not null and child_grams is not null)),
	constraint family_example_matches check (example ~ pattern)
);

insert into tracetrack.family (name, role, pattern, example, capacity, child_grams) values
	('mustard', 'parent', '^SB[0-9]{5,8}$', 'SB00001', 30, 1000),
	('moong', 'parent', '^M444-[0-9]{5}$', 'M444-00001', 30, 1000),
	('child', 'child', '^[A-Z0-9-]{4,20}$', 'CH00001', null, null),
	('command', 'command', '^TT:(OK|CANCEL|UNDO|FINISH|SHORT|LOCK)$', 'TT:FINISH', null, null),
	('badge', 'badge', '^TT:USER:[A-Z0-9][A-Z0-9._-]{0,63}$', 'TT:USER:ASHA', null, null);

-- A parent: unused -> open -> complete or short -> open again by undo;
-- cancelled. unused is a label whose opening was undone: it may be opened.
-- A child: linked <-> unlinked; cancelled.
--
-- since, person_id, station_id and event_id tell when, by whom, where and by
-- which event the bag came to its present place: a parent was opened, a child
-- linked or unlinked. grams_expected of a parent is the sum of what its
-- children weigh (measured where known); grams_measured is a scale's word.
-- parent_id, person_id, area_id, station_id and family_id carry no foreign keys:
-- every scan would look up and lock the same few rows once more. Instead the
-- tables, this one too, refuse DELETE, and tracetrack.violation() looks for strays.
create table tracetrack.bag (
	id bigint generated always as identity constraint bag_pkey primary key,
	parent_id bigint,
	grams_expected bigint not null default 0,
	grams_measured bigint,
	since timestamptz not null default now(),
	closed_at timestamptz,
	person_id integer not null,
	station_id integer not null,
	closed_by integer,
	closed_station integer,
	family_id smallint not null,
	area_id smallint not null,
	position smallint,
	child_count smallint,
	capacity smallint,
	event_id uuid not null,
	closed_event uuid,
	role text collate "C" not null,
	state text collate "C" not null,
	code text collate "C" not null,

	constraint bag_code_key unique (code),
	constraint bag_position_key unique (parent_id, position) deferrable initially immediate
) with (fillfactor = 90);

-- What every bag is. One function instead of a constraint for each rule, because
-- the server reads the text of all constraints of a table anew in each statement,
-- and the ten that this was took a third of the time of a scan.
create function tracetrack.bag_is_sound(b tracetrack.bag) returns boolean
language plpgsql immutable as $$
begin
	return length(b.code) <= 64 and b.code ~ '^[!-`{-~]+$'
		and b.grams_expected >= 0 and coalesce(b.grams_measured, 1) > 0
		and case b.role
		when 'parent' then
			b.parent_id is null and b.position is null
			and b.capacity is not null and b.child_count between 0 and b.capacity
			and case
			when b.state in ('complete', 'short') then
				b.closed_at is not null and b.closed_by is not null
				and b.closed_station is not null and b.closed_event is not null
			else
				b.closed_at is null and b.closed_by is null
				and b.closed_station is null and b.closed_event is null
				and case b.state
				when 'open' then b.child_count < b.capacity
				when 'unused' then b.child_count = 0
				else b.state = 'cancelled' end
			end
		when 'child' then
			b.child_count is null and b.capacity is null and b.closed_at is null
			and b.closed_by is null and b.closed_station is null
			and b.closed_event is null
			and case when b.state = 'linked'
			then b.parent_id <> b.id and b.position >= 1
			else b.state in ('unlinked', 'cancelled')
				and b.parent_id is null and b.position is null end
		else false end;
end
$$;

alter table tracetrack.bag add constraint bag_is_sound
	check (tracetrack.bag_is_sound(bag) is true);

-- Rows that bags and ledger name by id are never deleted, and keep their id.
create function tracetrack.refuse_delete() returns trigger
language plpgsql as $$
begin
	raise exception 'rows of tracetrack.% are never deleted', tg_table_name
		using errcode = 'restrict_violation',
		hint = 'Retire or disable the row instead.';
end
$$;

create trigger area_kept before delete or truncate on tracetrack.area
	for each statement execute function tracetrack.refuse_delete();
create trigger person_kept before delete or truncate on tracetrack.person
	for each statement execute function tracetrack.refuse_delete();
create trigger station_kept before delete or truncate on tracetrack.station
	for each statement execute function tracetrack.refuse_delete();
create trigger family_kept before delete or truncate on tracetrack.family
	for each statement execute function tracetrack.refuse_delete();
create trigger bag_kept before delete or truncate on tracetrack.bag
	for each statement execute function tracetrack.refuse_delete();
