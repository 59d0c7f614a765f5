-- One table is filled, :part, in one transaction, while other connections fill the others.

set local synchronous_commit = off;
set local work_mem = '64MB';
-- Keys are sorted in memory; with less nobody may help with that.
set local maintenance_work_mem = '256MB';
select 'tracetrack.' || :'part' as place, :'part' = 'bag' as is_bag,
       :'part' = 'request' as is_request
\gset
lock table :place in exclusive mode;
set local load.place = :'place';

do $$
declare
	v_key record;
begin
	for v_key in select * from tracetrack_load.key k
		where k.id = current_setting('load.place')::regclass order by turn desc
	loop
		if v_key.is_constraint then
			execute format('alter table %s drop constraint %I', v_key.place, v_key.name);
		else
			execute format('drop index tracetrack.%I', v_key.name);
		end if;
	end loop;
end
$$;

\if :is_bag

-- k = 0 is the parent, k = 1 to children are its children, k = children + 1 closes it short.
-- Nothing is sorted: parents come in the order of their ids, and so does what is made of them.
insert into tracetrack.bag (id, parent_id, grams_expected, since, closed_at, person_id,
	station_id, closed_by, closed_station, family_id, area_id, position, child_count, capacity,
	event_id, closed_event, bill_id, bill_at, bill_by, bill_station, bill_event, bill_manual,
	role, state, code)
overriding system value
select x.id + k, case when k > 0 then x.id end, case when k = 0 then x.children else 1 end * 1000,
       x.at + interval '2 seconds' * k,
       case when k = 0 then x.at + interval '2 seconds' * x.closed_k end, x.person_id,
       x.station_id, case when k = 0 and x.closed_k is not null then x.person_id end,
       case when k = 0 and x.closed_k is not null then x.station_id end,
       case when k = 0 then x.family_id else c.id end, x.area_id,
       case when k > 0 then k end, case when k = 0 then x.children end,
       case when k = 0 then 30 end,
       case when k = 0 then x.event_id else tracetrack_load.uuid('0000', x.id + k) end,
       case when k = 0 then x.closed_event end, case when k = 0 then x.bill_id end,
       case when k = 0 then x.bill_at end, case when k = 0 then x.bill_by end,
       case when k = 0 then x.bill_station end, case when k = 0 then x.bill_event end,
       case when k = 0 then x.bill_manual end,
       case when k = 0 then 'parent' else 'child' end,
       case when k = 0 then x.state else 'linked' end,
       case when k = 0 then x.code else 'K' || lpad((x.id + k)::text, 9, '0') end
  from tracetrack.family c, tracetrack_load.parent x
 cross join lateral generate_series(0, x.children) k
 where c.name = 'child';

\elif :is_request

insert into tracetrack.request (event, at, content, epoch, seq, station_id)
select case when k <= x.children then tracetrack_load.uuid('0000', x.id + k)
	else x.closed_event end,
       x.at + interval '2 seconds' * k, 0, x.epoch, x.seq + k + 1, x.station_id
  from tracetrack_load.parent x
 cross join lateral generate_series(0, x.events - 1) k;

-- What bills have asked for.
insert into tracetrack.request (event, at, content, station_id)
select bill_event, bill_at, 0, bill_station from tracetrack_load.parent where bill_id is not null
union all
select id, at, 0, station_id from tracetrack_load.bill_step;

-- Children that were scanned again, :rescans times each.
insert into tracetrack.request (event, at, content, station_id)
select tracetrack_load.uuid('000' || n, x.id + k),
       x.at + interval '2 seconds' * k + interval '300 milliseconds' * n, 0, x.station_id
  from tracetrack_load.parent x
 cross join lateral generate_series(1, x.children) k
 cross join lateral generate_series(1, :rescans) n;

\else

insert into tracetrack.event (number, at, client_at, epoch, seq, session_id, sent_by, parent_id,
	child_id, total, station_id, person_id, lane, position, children, capacity, offline, id,
	action, outcome, code, state, reason)
select x.number + k, x.at + interval '2 seconds' * k, x.at + interval '2 seconds' * k,
       x.epoch, x.seq + k + 1, x.session_id, x.session_id, x.id,
       case when k between 1 and x.children then x.id + k end,
       least(k, x.children) * 1000, x.station_id, x.person_id, 0,
       case when k between 1 and x.children then k end,
       least(k, x.children), 30, false,
       case when k <= x.children then tracetrack_load.uuid('0000', x.id + k)
	else x.closed_event end,
       case when k = 0 then 'parent' when k <= x.children then 'child' else 'short' end,
       case when k = 0 then 'opened' when k = 30 then 'completed'
	when k <= x.children then 'linked' else 'short_closed' end,
       case when k = 0 then x.code
	when k <= x.children then 'K' || lpad((x.id + k)::text, 9, '0') end,
       case when k = 30 then 'complete' when k <= x.children then 'open' else 'short' end,
       case when k > x.children then 'end of the day' end
  from tracetrack_load.parent x
 cross join lateral generate_series(0, x.events - 1) k;

-- Bills: parents are put onto them, and what else becomes of them.
insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, total,
	station_id, person_id, lane, position, children, capacity, offline, id, action, outcome,
	code, state, bill_id, bill_expected, bill_children)
select b.number + x.bill_position, x.bill_at, x.bill_at, b.session_id, b.session_id, x.id,
       x.bill_children * 1000, x.bill_station, x.bill_by, 0, x.bill_position, x.bill_position,
       b.capacity, false, x.bill_event, 'bill_add', 'bill_added', x.code, 'open', b.id,
       x.bill_children * 1000, x.bill_children
  from tracetrack_load.bill b join tracetrack_load.parent x on x.bill_id = b.id;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, total, station_id,
	person_id, lane, children, capacity, offline, id, action, outcome, state, reason, bill_id,
	bill_expected, bill_children)
select number, at, client_at, session_id, session_id, children * 1000, station_id, person_id, lane,
       linked, capacity, false, id, action, outcome, state, reason, bill_id, children * 1000,
       children
  from tracetrack_load.bill_step;

insert into tracetrack.event (number, at, client_at, session_id, sent_by, parent_id, child_id,
	total, station_id, person_id, lane, position, children, capacity, offline, id, action,
	outcome, code, state, other, other_at, other_by, other_station)
select l.number + :rescans * (x.id - l.id + k - 1) + n, a.at, a.at, x.session_id,
       x.session_id, x.id, x.id + k, k * 1000, x.station_id, x.person_id, 0, k, k, 30, false,
       tracetrack_load.uuid('000' || n, x.id + k), 'child', 'already_in_parent',
       'K' || lpad((x.id + k)::text, 9, '0'), 'open', x.code, a.other_at, p.login, s.name
  from (select greatest(max(number + events),
		(select max(number + events) from tracetrack_load.bill)) as number, min(id) as id
	  from tracetrack_load.parent) l,
       tracetrack_load.parent x
  join tracetrack.person p on p.id = x.person_id
  join tracetrack.station s on s.id = x.station_id
 cross join lateral generate_series(1, x.children) k
 cross join lateral generate_series(1, :rescans) n
 cross join lateral (select x.at + interval '2 seconds' * k as other_at,
	x.at + interval '2 seconds' * k + interval '300 milliseconds' * n as at) a;

\endif

do $$
declare
	v_key record;
begin
	for v_key in select * from tracetrack_load.key k
		where k.id = current_setting('load.place')::regclass order by turn
	loop
		if v_key.is_constraint then
			execute format('alter table %s add constraint %I %s', v_key.place, v_key.name,
				v_key.definition);
		else
			execute v_key.definition;
		end if;
	end loop;
end
$$;
