-- The ledger of scans, request ids, exceptions and counters.

-- One row per request id, in a table of its own because a partitioned table
-- can't carry a key over all partitions. content is a hash of what was asked:
-- the same id with other content is refused. (station_id, epoch, seq) numbers
-- what a station's outbox sends; a gap is a lost scan.
create table tracetrack.request (
	event uuid constraint request_pkey primary key,
	at timestamptz not null,
	content bigint not null,
	epoch bigint,
	seq bigint,
	station_id integer not null
);
create unique index request_sequence_key on tracetrack.request (station_id, epoch, seq)
	where seq is not null;

create sequence tracetrack.event_number as bigint;

-- Append-only. number is drawn while the locks of the bags are held, so for
-- any one bag it is the order in which things happened; at is when the
-- transaction began.
--
-- Where a child is after an event that changed something: in parent_id, or
-- nowhere if from_parent_id is the same bag. An event that takes a child out
-- of a parent names that parent in from_parent_id.
--   link     parent_id = new              from_parent_id = null
--   relink   parent_id = new              from_parent_id = old, or null
--   remove   parent_id = from_parent_id = old
--   undo of a link, relink, remove: the reverse, by the same rule
-- children, capacity, total and state describe the parent of the answer after
-- the event: of an undo the one that lost the child, else parent_id.
create table tracetrack.event (
	number bigint not null default nextval('tracetrack.event_number'),
	at timestamptz not null default now(),
	client_at timestamptz,
	epoch bigint,
	seq bigint,
	session_id bigint not null,
	sent_by bigint not null,
	parent_id bigint,
	child_id bigint,
	from_parent_id bigint,
	grams bigint,
	total bigint,
	other_at timestamptz,
	station_id integer not null,
	person_id integer not null,
	lane integer,
	position smallint,
	children smallint,
	capacity smallint,
	offline boolean not null,
	id uuid not null,
	undoes uuid,
	action text collate "C" not null,
	outcome text collate "C" not null,
	code text collate "C",
	parent_code text collate "C",
	state text collate "C",
	device text,
	reason text,
	other text,
	other_by text,
	other_station text,
	undone text,

	constraint event_pkey primary key (station_id, at, id)
) partition by range (at);

create index event_parent on tracetrack.event (parent_id, at);
create index event_child on tracetrack.event (child_id, at);
create index event_from_parent on tracetrack.event (from_parent_id, at)
	where from_parent_id is not null;

create function tracetrack.refuse_change() returns trigger
language plpgsql as $$
begin
	raise exception 'the ledger is append-only'
		using errcode = 'restrict_violation',
		hint = 'Undo or correct a scan by a new event.';
end
$$;

create trigger event_append_only before update or delete on tracetrack.event
	for each row execute function tracetrack.refuse_change();
create trigger event_kept before truncate on tracetrack.event
	for each statement execute function tracetrack.refuse_change();
create trigger request_append_only before update or delete or truncate on tracetrack.request
	for each statement execute function tracetrack.refuse_change();

-- Takes what no month's partition takes, so that no scan is ever refused for
-- want of a partition. The months are made by sql/partitions.sql.
create table tracetrack.event_default partition of tracetrack.event default;
create trigger event_default_kept before truncate on tracetrack.event_default
	for each statement execute function tracetrack.refuse_change();

-- A scan that a station had accepted while the database was away and that the
-- rules then refused: somebody must look at the bag.
create table tracetrack.exception (
	event uuid constraint exception_pkey primary key
		constraint exception_event_fkey references tracetrack.request,
	at timestamptz not null,
	outcome text not null,
	state text not null default 'open'
		constraint exception_state_known check (state in ('open', 'resolved')),
	resolved_at timestamptz,
	resolved_by integer constraint exception_resolver_fkey references tracetrack.person,
	resolution text,
	constraint exception_resolved_has_resolver check (
		(state = 'resolved') = (resolved_at is not null)
		and (state = 'resolved') = (resolved_by is not null))
);
create index exception_open on tracetrack.exception (at) where state = 'open';

-- Exact counters in 64 slots: a backend adds to slot pid % 64 only, so no row
-- is updated by everybody; the sum over the slots is the figure, a single slot
-- means nothing and may be negative.
--   scans = done + again + refused     every event of the ledger
--   linked, undone, relinked, removed  events with that outcome (a link that
--                                      completes a parent is a link)
--   parents_*, children_linked         bags in that state now
-- The range is the slot's type's, because the server prepares a constraint of the table
-- anew in each update, and no update sets the slot.
create domain tracetrack.tally_slot as smallint
	constraint tally_slot_range check (value between 0 and 63);

create table tracetrack.tally (
	slot tracetrack.tally_slot constraint tally_pkey primary key,
	scans bigint not null default 0,
	done bigint not null default 0,
	again bigint not null default 0,
	refused bigint not null default 0,
	linked bigint not null default 0,
	undone bigint not null default 0,
	relinked bigint not null default 0,
	removed bigint not null default 0,
	parents_open bigint not null default 0,
	parents_complete bigint not null default 0,
	parents_short bigint not null default 0,
	children_linked bigint not null default 0
) with (fillfactor = 10);

insert into tracetrack.tally (slot) select generate_series(0, 63);

-- What a scan function works on: the call, what it is about, and the answer.
-- scan_begin fills the columns down to outcome by their order.
create type tracetrack.scan as (
	-- the call; settled is true when the answer is known without any work
	settled boolean,
	replayed boolean,
	prolong boolean,
	id uuid,
	at timestamptz,
	client_at timestamptz,
	epoch bigint,
	seq bigint,
	session_id bigint,
	sent_by bigint,
	station_id integer,
	person_id integer,
	area_id smallint,
	any_area boolean,
	lane integer,
	offline boolean,
	device text,
	action text,
	-- what it is about
	code text,
	parent_code text,
	undoes uuid,
	reason text,
	grams bigint,
	outcome text,
	parent_id bigint,
	child_id bigint,
	from_parent_id bigint,
	-- the rest of the answer
	parent text,
	family text,
	position smallint,
	children smallint,
	capacity smallint,
	total bigint,
	state text,
	opened_at timestamptz,
	other text,
	other_at timestamptz,
	other_by text,
	other_station text,
	undone text,
	-- what the counters must follow
	opened smallint,
	completed smallint,
	shortened smallint,
	placed smallint
);

-- What every scan function returns.
create type tracetrack.answer as (
	outcome text,
	replayed boolean,
	event uuid,
	code text,
	parent text,
	family text,
	"position" integer,
	children integer,
	capacity integer,
	grams bigint,
	state text,
	opened_at timestamptz,
	other text,
	other_at timestamptz,
	other_by text,
	other_station text,
	undone text
);
