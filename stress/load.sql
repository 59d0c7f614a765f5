-- What stress/load runs: one transaction, set by set. :bags is the wanted number.

set local synchronous_commit = off;
set local work_mem = '64MB';
set local maintenance_work_mem = '256MB';
lock table tracetrack.bag, tracetrack.request in exclusive mode;

select tracetrack.event_partitions((now() - interval '367 days')::date, now()::date);

-- Keys that are no constraints are made anew at the end where most of the rows are new:
-- sorted at once they take a third of the time.
create temporary table load_index on commit drop as
select c.relname, replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ') as definition
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
 where i.indrelid in ('tracetrack.bag'::regclass, 'tracetrack.event'::regclass)
   and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
   and :bags > 2 * (select count(*) from tracetrack.bag);
do $$
declare
	v_name name;
begin
	for v_name in select relname from load_index loop
		execute format('drop index tracetrack.%I', v_name);
	end loop;
end
$$;

-- Somebody must have scanned all this: per area a station and a person, who is
-- disabled again.
insert into tracetrack.station (name, area_id)
select 'LOAD-' || a.id, a.id from tracetrack.area a
on conflict do nothing;

insert into tracetrack.person (login, name, role, area_id, salt, ops, mem, verifier, state)
select 'load.' || a.code, 'Load ' || a.name, 'dispatcher', a.id, tracetrack.gen_random_bytes(16),
       2, 19922944, tracetrack.gen_random_bytes(32), 'disabled'
  from tracetrack.area a
on conflict do nothing;

create temporary table load_worker on commit drop as
select row_number() over (order by a.id) - 1 as n, count(*) over () as workers, a.id as area_id,
       s.id as station_id, p.id as person_id, null::bigint as session_id
  from tracetrack.area a
  join tracetrack.station s on s.name = 'LOAD-' || a.id
  join tracetrack.person p on p.login = 'load.' || a.code;

insert into tracetrack.session (token_hash, person_id, station_id, created_at, extended_at,
	expires_at, revoked_at)
select tracetrack.gen_random_bytes(32), w.person_id, w.station_id, now() - interval '1 year',
       now() - interval '1 year', now() - interval '1 year', now() - interval '1 year'
  from load_worker w;

update load_worker w set session_id = (
	select max(s.id) from tracetrack.session s where s.person_id = w.person_id);

-- Parents: every 50th is open with 15 children, every 97th short with 12. What is
-- left of the wanted number goes to the last one.
create temporary table load_parent on commit drop as
with wanted as (
	select greatest(0, :bags - (select count(*) from tracetrack.bag)) as bags,
	       (select coalesce(max(id), 0) from tracetrack.bag) as last_id,
	       (select coalesce(max(substr(code, 4)::integer), 0) from tracetrack.bag
		where code ~ '^SB2[0-9]{7}$') as mustard,
	       (select count(*) from tracetrack.bag where code ~ '^M444-[6-9][0-9]{4}$') as moong
), planned as (
	select p, case when p % 50 = 0 then 'open' when p % 97 = 0 then 'short'
		else 'complete' end as state,
	       case when p % 50 = 0 then 15 when p % 97 = 0 then 12 else 30 end as children
	  from wanted, generate_series(1, wanted.bags / 30 + 1) p
), placed as (
	select p, state, children, sum(children + 1) over (order by p) - children as first
	  from planned
), cut as (
	select x.p, last_id + first as id,
	       case when first + children > bags then 'open' else state end as state,
	       least(children, bags - first)::smallint as children, mustard, moong
	  from placed x, wanted where first <= bags
), kinds as (
	select *, p % 4 = 0 and moong + p / 4 < 40000 as is_moong,
	       max(p) over () as parents from cut
)
select k.p, k.id, k.children,
       case when k.state = 'complete' and k.children < 30 then 'open' else k.state end as state,
       case when is_moong then 'M444-' || 60000 + moong + p / 4 - 1
	else 'SB2' || lpad((mustard + p)::text, 7, '0') end as code,
       f.id as family_id,
       now() - interval '1 hour' - interval '365 days' * (1 - k.p::float8 / k.parents) as at,
       w.area_id, w.station_id, w.person_id, w.session_id
  from kinds k
  join tracetrack.family f on f.name = case when is_moong then 'moong' else 'mustard' end
  join load_worker w on w.n = k.p % w.workers;

-- One row per event: k = 0 opens, k = 1 to children links, k = children + 1
-- closes short. Event ids are made from bag ids, so that they need no second look.
create temporary table load_event on commit drop as
select (select last_value from tracetrack.event_number)
		+ row_number() over (order by x.id, k.k) as number,
       x.id as parent_id, x.id + k.k as child_id, k.k,
       format('10ad%s-%s-7000-8000-%s', lpad(to_hex(x.id >> 48 & 65535), 4, '0'),
		case when k.k > x.children then 'ffff' else '0000' end,
		lpad(to_hex((x.id + k.k) & 281474976710655), 12, '0'))::uuid as event_id,
       x.at + interval '2 seconds' * k.k as at, x.children, x.state, x.code, x.family_id,
       x.area_id, x.station_id, x.person_id, x.session_id
  from load_parent x
 cross join lateral generate_series(0, x.children + (x.state = 'short')::integer) k (k);

insert into tracetrack.bag (id, parent_id, grams_expected, since, closed_at, person_id,
	station_id, closed_by, closed_station, family_id, area_id, position, child_count, capacity,
	event_id, closed_event, role, state, code)
overriding system value
select e.parent_id, null, e.children * 1000, e.at, z.at, e.person_id,
       e.station_id, case when z.at is not null then e.person_id end,
       case when z.at is not null then e.station_id end, e.family_id, e.area_id, null,
       e.children, 30, e.event_id, z.event_id, 'parent', e.state, e.code
  from load_event e
  left join load_event z on z.parent_id = e.parent_id
   and z.k = case e.state when 'complete' then e.children when 'short' then e.children + 1 end
 where e.k = 0
union all
select e.child_id, e.parent_id, 1000, e.at, null, e.person_id,
       e.station_id, null, null, c.id, e.area_id, e.k, null, null,
       e.event_id, null, 'child', 'linked', 'K' || lpad(e.child_id::text, 9, '0')
  from load_event e, tracetrack.family c
 where c.name = 'child' and e.k between 1 and e.children
 order by 1;

insert into tracetrack.request (event, at, content, station_id)
select event_id, at, 0, station_id from load_event order by number;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, child_id,
	total, station_id, person_id, lane, position, children, capacity, offline, id, action,
	outcome, code, state, reason)
select e.number, e.at, e.at, e.session_id, e.session_id, e.parent_id,
       case when e.k between 1 and e.children then e.child_id end,
       least(e.k, e.children) * 1000, e.station_id, e.person_id, 0,
       case when e.k between 1 and e.children then e.k end,
       least(e.k, e.children), 30, false, e.event_id,
       case when e.k = 0 then 'parent' when e.k <= e.children then 'child' else 'short' end,
       case when e.k = 0 then 'opened' when e.k = 30 then 'completed'
	when e.k <= e.children then 'linked' else 'short_closed' end,
       case when e.k = 0 then e.code
	when e.k <= e.children then 'K' || lpad(e.child_id::text, 9, '0') end,
       case when e.k = 30 then 'complete' when e.k <= e.children then 'open' else 'short' end,
       case when e.k > e.children then 'end of the day' end
  from load_event e order by e.number;

-- Children that were scanned again, :rescans times each.
create temporary table load_again on commit drop as
select (select max(number) from load_event)
		+ row_number() over (order by e.at, e.child_id, n.n) as number,
       overlay(e.event_id::text placing to_hex(n.n) from 18 for 1)::uuid as event_id,
       e.at + n.n * interval '300 milliseconds' as at, e.parent_id, e.child_id, e.k,
       e.children, e.station_id, e.person_id, e.session_id, e.code, e.at as other_at
  from load_event e, generate_series(1, :rescans) n (n)
 where e.k between 1 and e.children;

insert into tracetrack.request (event, at, content, station_id)
select event_id, at, 0, station_id from load_again;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, child_id,
	total, station_id, person_id, lane, position, children, capacity, offline, id, action,
	outcome, code, state, other, other_at, other_by, other_station)
select a.number, a.at, a.at, a.session_id, a.session_id, a.parent_id, a.child_id,
       a.k * 1000, a.station_id, a.person_id, 0, a.k, a.k, 30, false, a.event_id, 'child',
       'already_in_parent', 'K' || lpad(a.child_id::text, 9, '0'), 'open', a.code, a.other_at,
       p.login, st.name
  from load_again a
  join tracetrack.person p on p.id = a.person_id
  join tracetrack.station st on st.id = a.station_id;

update tracetrack.tally t
   set scans = t.scans + x.scans, again = t.again + x.scans
  from (select count(*) as scans from load_again) x
 where t.slot = 1;

update tracetrack.tally t
   set scans = t.scans + x.scans, done = t.done + x.scans, linked = t.linked + x.linked,
       children_linked = t.children_linked + x.linked,
       parents_open = t.parents_open + x.open, parents_complete = t.parents_complete + x.complete,
       parents_short = t.parents_short + x.short
  from (select count(*) as scans, count(*) filter (where k between 1 and children) as linked,
		count(*) filter (where k = 0 and state = 'open') as open,
		count(*) filter (where k = 0 and state = 'complete') as complete,
		count(*) filter (where k = 0 and state = 'short') as short
	  from load_event) x
 where t.slot = 0;

select setval(pg_get_serial_sequence('tracetrack.bag', 'id'), greatest(1, max(id)))
  from tracetrack.bag;
select setval('tracetrack.event_number', greatest(
	(select last_value from tracetrack.event_number), (select max(number) from load_event),
	(select max(number) from load_again)));

do $$
declare
	v_definition text;
begin
	for v_definition in select definition from load_index loop
		execute v_definition;
	end loop;
end
$$;

-- People that are disabled have done nothing since.
update tracetrack.person set disabled_at = clock_timestamp() where login like 'load.%';
