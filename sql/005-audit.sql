-- Writes that are not scans: what their requests keep, and who does them.

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
	any_area boolean
);

-- Signs who acts, so that nobody's own setting of it is believed.
insert into tracetrack.secret (name, value)
values ('act_key', tracetrack.gen_random_bytes(32));
