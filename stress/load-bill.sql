-- The year's bills; part of load-plan.sql. Most parents leave three months after they were closed,
-- every 23rd doesn't. The last bill of each area is being filled now, and two areas have opened
-- again the one before. An area that hasn't enough for the first bill has none.

-- Which parents go onto which of their area's bills: of eight bills one is of 20, two of 100.
create temporary table load_onto on commit drop as
with gone as (
	select p, worker, children, count(*) over (partition by worker) as gone,
	       (row_number() over (partition by worker order by p) - 1)::integer as place
	  from load_parent
	 where state <> 'open' and p <= parents * (1 - 90 / 365.0) and p % 23 <> 0
), cut as (
	select p, worker, children, place / 505 * 8 + width_bucket(place % 505,
		array[20, 60, 120, 220, 320, 365, 425]) as bill
	  from gone where gone >= 20
)
select p, worker, bill, row_number() over onto as position, sum(children) over onto as children
  from cut
window onto as (partition by worker, bill order by p);

-- Who makes them: in each of these areas a biller, at the area's station.
insert into tracetrack.person (login, name, role, area_id, salt, ops, mem, verifier, state)
select 'load.bills.' || a.code, 'Load bills ' || a.name, 'biller', a.id,
       tracetrack.gen_random_bytes(16), 2, 19922944, tracetrack.gen_random_bytes(32), 'disabled'
  from load_worker w join tracetrack.area a on a.id = w.area_id
 where w.n in (select worker from load_onto)
on conflict do nothing;

create temporary table load_biller on commit drop as
select w.n, p.id as person_id, w.station_id,
       tracetrack_load.session(p.id, w.station_id) as session_id
  from load_worker w
  join tracetrack.area a on a.id = w.area_id
  join tracetrack.person p on p.login = 'load.bills.' || a.code
 where w.n in (select worker from load_onto);

-- place is the parent after which it is made. One event makes it, one puts each parent onto it, one
-- completes it, one opens it again.
create unlogged table tracetrack_load.bill as
with bill as (
	select worker, bill, max(position)::smallint as linked, max(children)::integer as children,
	       max(p) as last,
	       max(bill) over (partition by worker) - bill as later
	  from load_onto group by worker, bill
), stated as (
	select *, (select coalesce(max(id), 0) from tracetrack.bill)
		+ row_number() over (order by last, worker) as id,
	       (array[20, 40, 60, 100, 100, 50, 60, 80])[bill % 8 + 1]::smallint as capacity,
	       case when later = 0 then 'open' when later = 1 and worker < 2 then 'reopened'
		else 'completed' end as state
	  from bill
)
select s.id, s.worker, s.bill, s.linked, s.children, s.capacity, s.state,
       floor(s.last + k.parents * 90 / 365.0)::bigint as place, k.at + interval '90 days' as at,
       w.person_id, w.station_id, w.session_id, a.name as destination,
       1 + s.linked + (s.state <> 'open')::integer + (s.state = 'reopened')::integer as events,
       null::bigint as number
  from stated s
  join load_parent k on k.p = s.last
  join load_biller w on w.n = s.worker
  join load_worker o on o.n = (s.worker + 1 + s.bill % 8) % o.workers
  join tracetrack.area a on a.id = o.area_id;

-- Their rows of the ledger, but for the parents. Numbers come with the plan.
create view tracetrack_load.bill_step as
select b.id as bill_id, b.number, tracetrack_load.uuid('0b01', b.id) as id, b.at,
       null::timestamptz as client_at, null::integer as lane, 'bill_create' as action,
       'ok' as outcome, 'open' as state, null as reason, 0 as linked, 0 as children, b.capacity,
       b.person_id, b.station_id, b.session_id
  from tracetrack_load.bill b
union all
select b.id, b.number + 1 + b.linked, tracetrack_load.uuid('0b02', b.id), c.at, c.at, 0,
       'bill_complete', 'bill_completed', 'completed',
       case when b.linked < b.capacity then 'the truck is full' end, b.linked, b.children,
       b.capacity, b.person_id, b.station_id, b.session_id
  from tracetrack_load.bill b
 cross join lateral (select b.at + interval '5 seconds' * (b.linked + 1) as at) c
 where b.state <> 'open'
union all
select b.id, b.number + 2 + b.linked, tracetrack_load.uuid('0b03', b.id),
       b.at + interval '15 minutes', null, null, 'bill_reopen', 'ok', 'reopened',
       'one more is ready', b.linked, b.children, b.capacity, b.person_id, b.station_id,
       b.session_id
  from tracetrack_load.bill b where b.state = 'reopened';

-- Each is made as its biller would have made it, for the audit. What becomes of it is told by the
-- ledger alone.
do $$
declare
	v record;
begin
	for v in
		select b.*, s.id as event from tracetrack_load.bill b
		  join tracetrack_load.bill_step s on s.bill_id = b.id and s.action = 'bill_create'
		 order by b.id
	loop
		perform tracetrack.act_as(v.person_id, v.station_id, v.session_id, v.event);
		insert into tracetrack.bill (id, number, destination, vehicle, capacity, linked,
			children, grams_expected, grams_actual, created_at, created_by)
		overriding system value
		values (v.id, tracetrack.bill_number_next(), v.destination,
			'RJ-14-GA-' || 1000 + v.id % 40, v.capacity, v.linked, v.children,
			v.children * 1000, v.children * 1000, v.at, v.person_id);
	end loop;
	set constraints tracetrack.audited, tracetrack.audited_other immediate;
	perform set_config('tracetrack.act', '', true);
end
$$;

update tracetrack.bill b
   set state = s.state, reason = s.reason, completed_at = s.at, completed_by = s.person_id,
       completed_station = s.station_id, completed_event = s.id
  from tracetrack_load.bill_step s where s.bill_id = b.id and s.action = 'bill_complete';

update tracetrack.bill b
   set state = s.state, reason = s.reason, completed_at = null, completed_by = null,
       completed_station = null, completed_event = null
  from tracetrack_load.bill_step s where s.bill_id = b.id and s.action = 'bill_reopen';
