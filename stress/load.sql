-- What stress/load runs: one transaction, set by set. :bags is the wanted number.

set local synchronous_commit = off;
set local work_mem = '64MB';
set local maintenance_work_mem = '256MB';
lock table tracetrack.bag, tracetrack.request in exclusive mode;

select tracetrack.event_partitions((now() - interval '367 days')::date, now()::date);

-- Where most of the rows will be new, keys are made anew at the end: sorting all at once takes a
-- third of the time of finding each its place. A key that others refer to stays.
create temporary table load_key on commit drop as
select i.indrelid::regclass::text as place, c.relname as name, k.oid is not null as is_constraint,
       coalesce(pg_get_constraintdef(k.oid),
	replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')) as definition
  from pg_index i
  join pg_class c on c.oid = i.indexrelid
  left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
 where i.indrelid in ('tracetrack.bag'::regclass, 'tracetrack.request'::regclass,
	'tracetrack.event'::regclass)
   and not exists (select from pg_constraint f where f.conindid = i.indexrelid and f.contype = 'f')
   and :bags > 2 * (select count(*) from tracetrack.bag);
do $$
declare
	v_key record;
begin
	for v_key in select * from load_key loop
		if v_key.is_constraint then
			execute format('alter table %s drop constraint %I', v_key.place, v_key.name);
		else
			execute format('drop index tracetrack.%I', v_key.name);
		end if;
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

-- Event ids are made from bag ids, so that they need no second look.
create function pg_temp.load_uuid(p_mark text, p_id bigint) returns uuid
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
select k.p, k.id, k.children, k.state,
       case when is_moong then 'M444-' || 60000 + moong + p / 4 - 1
	else 'SB2' || lpad((mustard + p)::text, 7, '0') end as code,
       f.id as family_id,
       now() - interval '1 hour' - interval '365 days' * (1 - k.p::float8 / k.parents) as at,
       w.area_id, w.station_id, w.person_id, w.session_id,
       -- One opens, one links each child, one closes short.
       1 + k.children + (k.state = 'short')::integer as events,
       (select last_value from tracetrack.event_number) + coalesce(
	sum(1 + k.children + (k.state = 'short')::integer) over (order by k.p
		rows between unbounded preceding and 1 preceding), 0)::bigint + 1 as number,
       pg_temp.load_uuid('0000', k.id) as event_id,
       case k.state when 'complete' then pg_temp.load_uuid('0000', k.id + k.children)
	when 'short' then pg_temp.load_uuid('ffff', k.id + k.children + 1) end as closed_event,
       case k.state when 'complete' then k.children when 'short' then k.children + 1 end as closed_k
  from stated k
  join tracetrack.family f on f.name = case when is_moong then 'moong' else 'mustard' end
  join load_worker w on w.n = k.p % w.workers
 order by k.p;

-- k = 0 is the parent, k = 1 to children are its children, k = children + 1 closes it short.
-- Nothing is sorted: parents come in the order of their ids, and so does what is made of them.
insert into tracetrack.bag (id, parent_id, grams_expected, since, closed_at, person_id,
	station_id, closed_by, closed_station, family_id, area_id, position, child_count, capacity,
	event_id, closed_event, role, state, code)
overriding system value
select x.id + k, case when k > 0 then x.id end, case when k = 0 then x.children else 1 end * 1000,
       x.at + interval '2 seconds' * k,
       case when k = 0 then x.at + interval '2 seconds' * x.closed_k end, x.person_id,
       x.station_id, case when k = 0 and x.closed_k is not null then x.person_id end,
       case when k = 0 and x.closed_k is not null then x.station_id end,
       case when k = 0 then x.family_id else c.id end, x.area_id,
       case when k > 0 then k end, case when k = 0 then x.children end,
       case when k = 0 then 30 end,
       case when k = 0 then x.event_id else pg_temp.load_uuid('0000', x.id + k) end,
       case when k = 0 then x.closed_event end,
       case when k = 0 then 'parent' else 'child' end,
       case when k = 0 then x.state else 'linked' end,
       case when k = 0 then x.code else 'K' || lpad((x.id + k)::text, 9, '0') end
  from tracetrack.family c, load_parent x
 cross join lateral generate_series(0, x.children) k
 where c.name = 'child';

insert into tracetrack.request (event, at, content, station_id)
select case when k <= x.children then pg_temp.load_uuid('0000', x.id + k) else x.closed_event end,
       x.at + interval '2 seconds' * k, 0, x.station_id
  from load_parent x
 cross join lateral generate_series(0, x.events - 1) k;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, child_id,
	total, station_id, person_id, lane, position, children, capacity, offline, id, action,
	outcome, code, state, reason)
select x.number + k, x.at + interval '2 seconds' * k, x.at + interval '2 seconds' * k,
       x.session_id, x.session_id, x.id,
       case when k between 1 and x.children then x.id + k end,
       least(k, x.children) * 1000, x.station_id, x.person_id, 0,
       case when k between 1 and x.children then k end,
       least(k, x.children), 30, false,
       case when k <= x.children then pg_temp.load_uuid('0000', x.id + k) else x.closed_event end,
       case when k = 0 then 'parent' when k <= x.children then 'child' else 'short' end,
       case when k = 0 then 'opened' when k = 30 then 'completed'
	when k <= x.children then 'linked' else 'short_closed' end,
       case when k = 0 then x.code
	when k <= x.children then 'K' || lpad((x.id + k)::text, 9, '0') end,
       case when k = 30 then 'complete' when k <= x.children then 'open' else 'short' end,
       case when k > x.children then 'end of the day' end
  from load_parent x
 cross join lateral generate_series(0, x.events - 1) k;

-- Children that were scanned again, :rescans times each.
insert into tracetrack.request (event, at, content, station_id)
select pg_temp.load_uuid('000' || n, x.id + k),
       x.at + interval '2 seconds' * k + interval '300 milliseconds' * n, 0, x.station_id
  from load_parent x
 cross join lateral generate_series(1, x.children) k
 cross join lateral generate_series(1, :rescans) n;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, child_id,
	total, station_id, person_id, lane, position, children, capacity, offline, id, action,
	outcome, code, state, other, other_at, other_by, other_station)
select l.number + :rescans * (x.id - l.id + k - 1) + n, a.at, a.at, x.session_id,
       x.session_id, x.id, x.id + k, k * 1000, x.station_id, x.person_id, 0, k, k, 30, false,
       pg_temp.load_uuid('000' || n, x.id + k), 'child', 'already_in_parent',
       'K' || lpad((x.id + k)::text, 9, '0'), 'open', x.code, a.other_at, p.login, s.name
  from (select max(number + events) as number, min(id) as id from load_parent) l,
       load_parent x
  join tracetrack.person p on p.id = x.person_id
  join tracetrack.station s on s.id = x.station_id
 cross join lateral generate_series(1, x.children) k
 cross join lateral generate_series(1, :rescans) n
 cross join lateral (select x.at + interval '2 seconds' * k as other_at,
	x.at + interval '2 seconds' * k + interval '300 milliseconds' * n as at) a;

update tracetrack.tally t
   set scans = t.scans + x.scans, again = t.again + x.scans
  from (select coalesce(sum(children), 0) * :rescans as scans from load_parent) x
 where t.slot = 1;

update tracetrack.tally t
   set scans = t.scans + x.scans, done = t.done + x.scans, linked = t.linked + x.linked,
       children_linked = t.children_linked + x.linked,
       parents_open = t.parents_open + x.open, parents_complete = t.parents_complete + x.complete,
       parents_short = t.parents_short + x.short
  from (select coalesce(sum(events), 0) as scans, coalesce(sum(children), 0) as linked,
		count(*) filter (where state = 'open') as open,
		count(*) filter (where state = 'complete') as complete,
		count(*) filter (where state = 'short') as short
	  from load_parent) x
 where t.slot = 0;

select setval(pg_get_serial_sequence('tracetrack.bag', 'id'), greatest(1, max(id)))
  from tracetrack.bag;
select setval('tracetrack.event_number', greatest(
	(select last_value from tracetrack.event_number), (select max(number) from tracetrack.event)));

do $$
declare
	v_key record;
begin
	for v_key in select * from load_key order by not is_constraint loop
		if v_key.is_constraint then
			execute format('alter table %s add constraint %I %s', v_key.place, v_key.name,
				v_key.definition);
		else
			execute v_key.definition;
		end if;
	end loop;
end
$$;

-- People that are disabled have done nothing since.
update tracetrack.person set disabled_at = clock_timestamp() where login like 'load.%';
