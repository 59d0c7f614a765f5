-- What will be loaded: who scanned it, a row for each parent with all that its children need, and
-- the bills. The rest reads it, several connections at once. :bags is the wanted number.

set local synchronous_commit = off;
set local work_mem = '64MB';

select tracetrack.event_partitions((now() - interval '367 days')::date, now()::date);

drop schema if exists tracetrack_load cascade;
create schema tracetrack_load;

-- Where most of the rows will be new, keys are made anew at the end: sorting all at once takes a
-- third of the time of finding each its place.
create table tracetrack_load.key as
select i.indrelid as id, i.indrelid::regclass::text as place, c.relname::text as name,
       k.oid is not null as is_constraint, coalesce(pg_get_constraintdef(k.oid),
	replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')) as definition,
       case when k.oid is null then 2 else 1 end as turn
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
 where i.indrelid in ('tracetrack.bag'::regclass, 'tracetrack.request'::regclass,
	'tracetrack.event'::regclass)
   and :bags > 2 * (select count(*) from tracetrack.bag);

-- What refers to a key waits for it.
insert into tracetrack_load.key
select distinct f.confrelid, f.conrelid::regclass::text, f.conname, true,
       pg_get_constraintdef(f.oid), 3
  from tracetrack_load.key k
  join pg_constraint f on f.confrelid = k.id and f.contype = 'f';

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

-- A session of a year ago, ended.
create function tracetrack_load.session(p_person integer, p_station integer) returns bigint
language sql as $$
insert into tracetrack.session (token_hash, person_id, station_id, created_at, extended_at,
	expires_at, revoked_at)
select tracetrack.gen_random_bytes(32), p_person, p_station, t.at, t.at, t.at, t.at
  from (select now() - interval '1 year' as at) t
returning id
$$;

create temporary table load_worker on commit drop as
select row_number() over (order by a.id) - 1 as n, count(*) over () as workers, a.id as area_id,
       s.id as station_id, p.id as person_id, tracetrack_load.session(p.id, s.id) as session_id
  from tracetrack.area a
  join tracetrack.station s on s.name = 'LOAD-' || a.id
  join tracetrack.person p on p.login = 'load.' || a.code;

-- Event ids are made from bag ids, so that they need no second look.
create function tracetrack_load.uuid(p_mark text, p_id bigint) returns uuid
language sql immutable as $$
select ('10ad0000-' || p_mark || '-7000-8000-' || lpad(to_hex(p_id), 12, '0'))::uuid
$$;

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
), stated as (
	select p, id, children, mustard, moong, is_moong, parents,
	       case when state = 'complete' and children < 30 then 'open' else state end as state
	  from kinds
)
select k.p, k.id, k.children, k.state, k.parents,
       case when is_moong then 'M444-' || 60000 + moong + p / 4 - 1
	else 'SB2' || lpad((mustard + p)::text, 7, '0') end as code,
       case when is_moong then 'moong' else 'mustard' end as family,
       now() - interval '1 hour' - interval '365 days' * (1 - k.p::float8 / k.parents) as at,
       k.p % (select workers from load_worker limit 1) as worker,
       -- One opens, one links each child, one closes short.
       1 + k.children + (k.state = 'short')::integer as events
  from stated k;

-- Each station numbers what it sends.
create temporary table load_sent on commit drop as
select p, sum(events) over (partition by worker order by p) - events as seq from load_parent;

analyze load_parent, load_sent;

\ir load-bill.sql

-- The ledger's numbers, in the order of the year: bills between the parents.
create temporary table load_number on commit drop as
select place, bill_id, (select last_value from tracetrack.event_number) + coalesce(
	sum(events) over (order by place, bill_id
	rows between unbounded preceding and 1 preceding), 0)::bigint + 1 as number
  from (select p as place, 0::bigint as bill_id, events from load_parent
	union all
	select place, id, events from tracetrack_load.bill) x;

analyze load_number;

update tracetrack_load.bill b set number = n.number from load_number n where n.bill_id = b.id;

create unlogged table tracetrack_load.parent as
select k.p, k.id, k.children, k.state, k.code, f.id as family_id, k.at, w.area_id, w.station_id,
       w.person_id, w.session_id, k.events, n.number,
       (extract(epoch from now()) * 1000000)::bigint as epoch, s.seq,
       tracetrack_load.uuid('0000', k.id) as event_id,
       case k.state when 'complete' then tracetrack_load.uuid('0000', k.id + k.children)
	when 'short' then tracetrack_load.uuid('ffff', k.id + k.children + 1) end as closed_event,
       case k.state when 'complete' then k.children
	when 'short' then k.children + 1 end as closed_k,
       b.id as bill_id, b.at + interval '5 seconds' * o.position as bill_at,
       b.person_id as bill_by, b.station_id as bill_station,
       case when b.id is not null then tracetrack_load.uuid('0b00', k.id) end as bill_event,
       case when b.id is not null then false end as bill_manual,
       o.position as bill_position, o.children as bill_children
  from load_parent k
  join load_sent s on s.p = k.p
  join load_number n on n.place = k.p and n.bill_id = 0
  join tracetrack.family f on f.name = k.family
  join load_worker w on w.n = k.worker
  left join load_onto o on o.p = k.p
  left join tracetrack_load.bill b on b.worker = o.worker and b.bill = o.bill
 order by k.p;

analyze tracetrack_load.parent;
