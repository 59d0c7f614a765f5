-- Keys to read by, and the roll-up of the ledger that figures are made of.

create extension if not exists pg_trgm with schema tracetrack;

-- Lists of bags: all of them, those of an area and family, in a state that few bags
-- are in, on no bill, on one, of a person; newest means latest since. Nothing here changes while
-- a parent is filled, so that updating its count stays within its page.
create index bag_newest on tracetrack.bag (since, id);
create index bag_listed on tracetrack.bag (area_id, family_id, since, id);
create index bag_unusual on tracetrack.bag (area_id, family_id, state, since, id)
	where state not in ('complete', 'linked');
create index bag_of_person on tracetrack.bag (person_id, since, id);
create index bag_unbilled on tracetrack.bag (area_id, family_id, since, id)
	where role = 'parent' and bill_id is null;
create index bag_billed on tracetrack.bag (area_id, family_id, since, id)
	where bill_id is not null;
create index bag_parent_code on tracetrack.bag (code) where role = 'parent';

-- Parts of codes. What is new waits in a short list; a longer one would make the
-- scan that empties it late.
create index bag_substring on tracetrack.bag using gin (code tracetrack.gin_trgm_ops)
	with (gin_pending_list_limit = 256);

-- The ledger in the order in which things happened: recent scans, and what the
-- roll-up has not seen.
create index event_by_number on tracetrack.event (number);

-- The roll-up: sums over the events with numbers up to activity_state.rolled.
-- Readers add those after it, so that a figure is exact however old the roll-up
-- is; whoever reads brings it up to date (sql/activity.sql).
--
-- All numbers up to settled are final: no transaction that still runs can commit
-- one of them. That is known because next_number was the last number drawn before
-- the transaction next_xid began to write: when it and everything older has ended,
-- the numbers up to next_number have all come, or never will. (A transaction that
-- writes to the ledger has written its requests before, so it is older than its
-- numbers.) zone is the business zone that hours and days of the roll-up are in.
create table tracetrack.activity_state (
	one boolean constraint activity_state_pkey primary key default true
		constraint activity_state_is_one check (one),
	rolled bigint not null default 0,
	settled bigint not null default 0,
	next_number bigint not null default 0,
	next_xid xid8 not null default '0',
	at timestamptz not null default 'epoch',
	zone text not null,
	constraint activity_state_in_order check (rolled <= settled)
) with (fillfactor = 10);

insert into tracetrack.activity_state (zone)
select value from tracetrack.setting where name = 'business_zone';

-- What each row counts. grams is the weight of the parents that were closed.
-- area_id is the station's, else the person's, else 0.
create table tracetrack.activity_minute (
	minute timestamptz not null,
	area_id smallint not null,
	scans bigint not null,
	refused bigint not null,
	constraint activity_minute_pkey primary key (minute, area_id)
) with (fillfactor = 70);

create table tracetrack.activity_hour (
	hour timestamptz not null,
	area_id smallint not null,
	scans bigint not null,
	done bigint not null,
	again bigint not null,
	refused bigint not null,
	linked bigint not null,
	opened bigint not null,
	closed bigint not null,
	grams bigint not null,
	constraint activity_hour_pkey primary key (hour, area_id)
) with (fillfactor = 70);

create table tracetrack.activity_day (
	day date not null,
	area_id smallint not null,
	person_id integer not null,
	station_id integer not null,
	scans bigint not null,
	done bigint not null,
	again bigint not null,
	refused bigint not null,
	linked bigint not null,
	opened bigint not null,
	closed bigint not null,
	grams bigint not null,
	first_at timestamptz not null,
	last_at timestamptz not null,
	constraint activity_day_pkey primary key (day, area_id, person_id, station_id)
) with (fillfactor = 70);
create index activity_day_person on tracetrack.activity_day (person_id, day);
create index activity_day_station on tracetrack.activity_day (station_id, day);

create table tracetrack.activity_outcome (
	day date not null,
	area_id smallint not null,
	outcome text collate "C" not null,
	scans bigint not null,
	constraint activity_outcome_pkey primary key (day, area_id, outcome)
) with (fillfactor = 70);

-- What the figures are made of: a minute of what one person did at one station and
-- of what came of it.
create type tracetrack.activity as (
	minute timestamptz,
	area_id smallint,
	person_id integer,
	station_id integer,
	outcome text,
	scans bigint,
	grams bigint,
	first_at timestamptz,
	last_at timestamptz
);

-- The figures of the dashboard as they were computed last, for all who ask within the
-- setting figures_age: of an area (-1: of all) and so many people and stations; in json,
-- because that is sent as it is. Lost in a crash, and made again by the next who asks.
create unlogged table tracetrack.dashboard_kept (
	area_id smallint not null,
	top smallint not null,
	at timestamptz not null,
	version bigint not null,
	day date not null,
	totals json not null,
	today json not null,
	minutes json not null,
	minutes_yesterday json not null,
	hours json not null,
	hours_yesterday json not null,
	hours_last_week json not null,
	people json not null,
	stations json not null,
	refusals json not null,
	bills json not null,
	exceptions bigint not null,
	sessions bigint not null,
	hour_last_week bigint,
	exceptions_since timestamptz,
	constraint dashboard_kept_pkey primary key (area_id, top)
) with (fillfactor = 50, toast_tuple_target = 8160);

create index session_live on tracetrack.session (person_id) where revoked_at is null;

insert into tracetrack.role_right (role, right_name)
select r.role, x.right_name
  from (values
	('system.status', '{supervisor,administrator}'::text[]),
	('system.integrity', '{supervisor,administrator}'),
	('system.maintain', '{administrator}')
       ) as x (right_name, roles),
       unnest(x.roles) as r (role);

insert into tracetrack.setting (name, value, help) values
	('operation_life', '90 days', 'how long the first answer of a request is kept'),
	('figures_age', '1 second', 'how old the figures of a dashboard may be: who asks within '
		'that time is told the same');
