-- Bills and returns: which parents leave on which truck, and which come back.

create extension if not exists pg_trgm with schema tracetrack;

-- Whatever begins with BILL- is a bill, so that its printed number can be scanned.
insert into tracetrack.family (name, role, pattern, example) values
	('bill', 'bill', '^BILL-[A-Z0-9][A-Z0-9-]{0,26}$', 'BILL-000001');

insert into tracetrack.setting (name, value, help) values
	('bill_complete_bags', 'on',
		'a parent must be complete or closed short to go onto a bill');

insert into tracetrack.role_right (role, right_name)
select r.role, x.right_name
  from (values
	('bill.read', '{biller,supervisor,administrator}'::text[]),
	('bill.summary_any', '{supervisor,administrator}'),
	('bill.create', '{biller,administrator}'),
	('bill.edit', '{biller,administrator}'),
	('bill.add', '{biller,administrator}'),
	('bill.remove', '{biller,administrator}'),
	('bill.manual', '{biller,administrator}'),
	('bill.complete', '{biller,administrator}'),
	('bill.reopen', '{supervisor,administrator}'),
	('bill.cancel', '{administrator}'),
	('return.read', '{biller,supervisor,administrator}'),
	('return.edit', '{biller,administrator}'),
	('return.commit', '{biller,administrator}'),
	('bag.weigh', '{dispatcher,biller,supervisor,administrator}'),
	('bag.cancel', '{supervisor,administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);

-- open -> completed -> reopened -> completed ...; open or reopened -> cancelled.
-- A completed bill is locked: nothing on it changes, nor does anything in its bags.
--
-- linked, children and the weights are what the bags on it say, kept in the same
-- transaction: grams_expected is what the children should weigh, grams_actual
-- takes a scale's word for a parent that has one. Whoever changes a bag that is
-- on a bill locks the bill first.
create sequence tracetrack.bill_number as bigint;

create table tracetrack.bill (
	id bigint generated always as identity constraint bill_pkey primary key,
	created_at timestamptz not null default now(),
	completed_at timestamptz,
	grams_expected bigint not null default 0
		constraint bill_grams_expected_range check (grams_expected >= 0),
	grams_actual bigint not null default 0
		constraint bill_grams_actual_range check (grams_actual >= 0),
	created_by integer not null constraint bill_creator_fkey references tracetrack.person,
	completed_by integer constraint bill_completer_fkey references tracetrack.person,
	completed_station integer
		constraint bill_completed_station_fkey references tracetrack.station,
	children integer not null default 0
		constraint bill_children_range check (children >= 0),
	capacity smallint not null constraint bill_capacity_range check (capacity between 1 and 100),
	linked smallint not null default 0,
	completed_event uuid,
	state text not null default 'open' constraint bill_state_known
		check (state in ('open', 'completed', 'reopened', 'cancelled')),
	number text collate "C" not null constraint bill_number_key unique
		constraint bill_number_form check (length(number) <= 64 and number ~ '^[!-`{-~]+$'),
	destination text not null constraint bill_destination_form
		check (length(destination) between 1 and 100 and destination !~ '[[:cntrl:]]'),
	vehicle text constraint bill_vehicle_form
		check (length(vehicle) between 1 and 40 and vehicle !~ '[[:cntrl:]]'),
	reason text,
	constraint bill_within_capacity check (linked between 0 and capacity),
	constraint bill_completed_has_completer check (
		(state = 'completed') = (completed_at is not null)
		and (state = 'completed') = (completed_by is not null)
		and (state = 'completed') = (completed_station is not null)
		and (state = 'completed') = (completed_event is not null)),
	constraint bill_cancelled_is_empty check (state <> 'cancelled' or linked = 0),
	constraint bill_reason_given check (state in ('open', 'completed') or reason is not null)
) with (fillfactor = 80);

create index bill_created on tracetrack.bill (created_at, id);
create index bill_state on tracetrack.bill (state, created_at, id);
create index bill_creator on tracetrack.bill (created_by, created_at, id);
create index bill_completed on tracetrack.bill (completed_at) where completed_at is not null;
create index bill_text on tracetrack.bill using gin (number tracetrack.gin_trgm_ops,
	destination tracetrack.gin_trgm_ops, vehicle tracetrack.gin_trgm_ops);

create trigger bill_kept before delete or truncate on tracetrack.bill
	for each statement execute function tracetrack.refuse_delete();

-- On which bill a parent is: one at most, because it is a column. bill_at,
-- bill_by, bill_station and bill_event tell since when, by whom, where and by which
-- event, bill_manual that its number was typed. No foreign keys, as for the rest.
alter table tracetrack.bag
	add column bill_id bigint,
	add column bill_at timestamptz,
	add column bill_by integer,
	add column bill_station integer,
	add column bill_event uuid,
	add column bill_manual boolean;
create index bag_bill on tracetrack.bag (bill_id) where bill_id is not null;

-- As it was, and what may be on a bill. By state, because the server prepares each part of an
-- expression anew in each transaction, and what a scan touches is linked or open.
create or replace function tracetrack.bag_is_sound(b tracetrack.bag) returns boolean
language plpgsql immutable as $$
begin
	if length(b.code) > 64 or b.code !~ '^[!-`{-~]+$' or b.grams_expected < 0
	or b.grams_measured <= 0 then
		return false;
	elsif b.state = 'linked' then
		return b.role = 'child' and b.parent_id <> b.id and b.position >= 1
			and num_nulls(b.child_count, b.capacity, b.closed_at, b.closed_by,
				b.closed_station, b.closed_event, b.bill_id) = 7;
	elsif b.state = 'open' then
		return b.role = 'parent' and b.child_count >= 0 and b.child_count < b.capacity
			and num_nulls(b.parent_id, b.position, b.closed_at, b.closed_by,
				b.closed_station, b.closed_event) = 6
			and (b.bill_id is null or num_nulls(b.bill_at, b.bill_by,
				b.bill_station, b.bill_event, b.bill_manual) = 0);
	elsif b.state in ('complete', 'short') then
		return b.role = 'parent' and b.child_count between 0 and b.capacity
			and num_nulls(b.parent_id, b.position) = 2
			and num_nulls(b.closed_at, b.closed_by, b.closed_station,
				b.closed_event) = 0
			and (b.bill_id is null or num_nulls(b.bill_at, b.bill_by,
				b.bill_station, b.bill_event, b.bill_manual) = 0);
	end if;
	return num_nulls(b.parent_id, b.position, b.closed_at, b.closed_by, b.closed_station,
			b.closed_event, b.bill_id) = 7
		and case b.role
		when 'parent' then b.child_count between 0 and b.capacity
			and (b.state = 'cancelled' or b.state = 'unused' and b.child_count = 0)
		when 'child' then b.state in ('unlinked', 'cancelled')
			and num_nulls(b.child_count, b.capacity) = 2
		else false end;
end
$$;

-- What the ledger says of bills, beside the actions of scanning:
--   bill_scan                  a bill became the current one of a lane
--   bill_add, bill_manual      parent_id went onto bill_id (manual: typed)
--   bill_remove                parent_id left bill_id
--   bill_complete              the bill was completed; with a reason: not full
--   bill_create, bill_edit     capacity is what it was set to
--   bill_reopen, bill_cancel   with the reason
--   bill_off                   parent_id left bill_id because that was cancelled
--                              or by a return; one row for each parent
--   return_commit              a return ticket, told in other, came back
--   weigh                      grams is what a scale says of child_id, else parent_id
--   cancel                     child_id, else parent_id, will not be used any more
-- children, capacity, total, state, bill_children and bill_expected describe the
-- bill after the event: parents on it, how many it takes, its weight.
-- bill is the number that was asked for where no bill has it.
alter table tracetrack.event
	add column bill_id bigint,
	add column bill_expected bigint,
	add column bill_children integer,
	add column bill text collate "C";
create index event_bill on tracetrack.event (bill_id, at) where bill_id is not null;

-- Goods that come back. Nothing happens to a bag before the commit, which takes
-- all of them off their bills at once.
create sequence tracetrack.return_number as bigint;

create table tracetrack.return_ticket (
	id bigint generated always as identity constraint return_ticket_pkey primary key,
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	opened_by integer not null
		constraint return_ticket_opener_fkey references tracetrack.person,
	closed_by integer constraint return_ticket_closer_fkey references tracetrack.person,
	bags integer not null default 0 constraint return_ticket_bags_range check (bags >= 0),
	grams bigint not null default 0 constraint return_ticket_grams_range check (grams >= 0),
	state text not null default 'open' constraint return_ticket_state_known
		check (state in ('open', 'committed', 'cancelled')),
	number text collate "C" not null constraint return_ticket_number_key unique,
	location text not null constraint return_ticket_location_form
		check (length(location) between 1 and 100 and location !~ '[[:cntrl:]]'),
	notes text constraint return_ticket_notes_length check (length(notes) <= 500),
	reason text,
	constraint return_ticket_closed_has_closer check (
		(state = 'open') = (closed_at is null) and (state = 'open') = (closed_by is null)),
	constraint return_ticket_cancelled_has_reason check (state <> 'cancelled' or reason is not null)
);
create index return_ticket_state on tracetrack.return_ticket (state, id);
create trigger return_ticket_kept before delete or truncate on tracetrack.return_ticket
	for each statement execute function tracetrack.refuse_delete();

-- A bag on a ticket: on one open ticket at most. bill_id, children and grams are as
-- they were when it was added; the commit writes what they were then.
create table tracetrack.return_bag (
	ticket_id bigint not null
		constraint return_bag_ticket_fkey references tracetrack.return_ticket,
	bag_id bigint not null constraint return_bag_bag_fkey references tracetrack.bag,
	bill_id bigint not null constraint return_bag_bill_fkey references tracetrack.bill,
	at timestamptz not null default now(),
	person_id integer not null constraint return_bag_person_fkey references tracetrack.person,
	children smallint not null,
	grams bigint not null,
	is_open boolean not null default true,
	constraint return_bag_pkey primary key (ticket_id, bag_id)
);
create unique index return_bag_open on tracetrack.return_bag (bag_id) where is_open;
create index return_bag_bag on tracetrack.return_bag (bag_id);

-- What the functions of bills return.
create type tracetrack.bill_answer as (
	outcome text,
	replayed boolean,
	event uuid,
	code text,
	bill text,
	"position" integer,
	parents integer,
	capacity integer,
	children integer,
	expected bigint,
	grams bigint,
	state text,
	destination text,
	other text,
	other_at timestamptz,
	other_by text,
	other_station text
);

-- What the functions of returns, and those that change a bag in the office, return.
create type tracetrack.return_answer as (
	outcome text,
	replayed boolean,
	event uuid,
	ticket text,
	location text,
	state text,
	bags integer,
	grams bigint,
	code text,
	other text,
	other_at timestamptz,
	other_by text,
	other_station text
);

create type tracetrack.bag_answer as (
	outcome text,
	replayed boolean,
	event uuid,
	code text,
	role text,
	state text,
	parent text,
	bill text,
	children integer,
	grams bigint,
	other text,
	other_at timestamptz,
	other_by text,
	other_station text
);

-- Changed in shape: remade by the rules of scanning.
drop function if exists tracetrack.parent_add(tracetrack.scan, bigint, bigint);
