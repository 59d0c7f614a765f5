-- How imported rows become bags and bills: the middle steps of api/import.sql. A batch is
-- judged as a set by the rules of scanning, and what is done of it lands in the ledger as
-- scans do. What is so already is counted and not written again.
--
-- A batch is rows of one phase, in the order of the file. Locks: bills, parents
-- by id, then children and new codes, one import at a time.

-- What the code families are, to see that they have changed.
create or replace function tracetrack.families_mark() returns text
language sql stable as $$
	select md5(string_agg(f::text, '|' order by f.id)) from tracetrack.family f
$$;

-- The id of the event that a line of an import makes: always the same one.
create or replace function tracetrack.import_event(p_base text, p_line bigint) returns uuid
language sql immutable parallel safe as $$
	select (p_base || lpad(to_hex(p_line), 12, '0'))::uuid
$$;

-- Twenty hex digits that begin the ids of an import's events, by the rules of
-- UUID version 7: the time, and 26 random bits.
create or replace function tracetrack.import_base() returns text
language sql volatile as $$
	select lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
		|| substr(r, 1, 3) || to_hex(8 + get_byte(decode(substr(r, 4, 2), 'hex'), 0) % 4)
		|| substr(r, 6, 3)
	  from encode(tracetrack.gen_random_bytes(4), 'hex') r
$$;

-- Waits its turn: imports that insert the same codes in another order would wait
-- for each other for ever.
create or replace function tracetrack.import_alone() returns void
language plpgsql as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('tracetrack.import', 0));
end
$$;

-- The rows of a phase up to a line that are not applied yet.
create or replace function tracetrack.import_rows(i tracetrack.import, p_phase integer,
	p_upto bigint) returns setof tracetrack.import_row
language sql stable as $$
	select r.* from tracetrack.import_row r
	 where r.import_id = i.id and r.phase = p_phase and r.line > i.line and r.line <= p_upto
$$;

-- The last line of the next batch, or null when the phase has no more.
create or replace function tracetrack.import_batch(i tracetrack.import, p_limit bigint)
returns bigint
language sql stable as $$
	select max(b.line) from (
		select r.line from tracetrack.import_rows(i, i.phase, i.last_line) r
		 order by r.line limit p_limit) b
$$;

-- Locks the parents of these lines, after the bills that they are on or shall go onto, and
-- tells which those are (bills: of an import of bills, those that its rows name).
create or replace function tracetrack.import_hold(i tracetrack.import, p_upto bigint,
	out bills bigint[], out parents bigint[])
language plpgsql as $$
begin
	if i.kind = 'bills' then
		bills := array(
			select b.id from (select distinct r.parent
				from tracetrack.import_rows(i, 2, p_upto) r) x
			  join tracetrack.bill b on b.number = x.parent);
	end if;
	parents := array(
		select b.id from (select distinct
			case i.kind when 'bills' then r.code else r.parent end as code
			from tracetrack.import_rows(i, 2, p_upto) r) x
		  join tracetrack.bag b on b.code = x.code and b.role = 'parent');
	perform tracetrack.bills_lock(bills, parents);
end
$$;

-- Why a scan of this child into this parent would be refused, or null.
create or replace function tracetrack.import_child_refusal(i tracetrack.import, p_code text,
	p_parent text, p_family_role text) returns text
language plpgsql as $$
declare
	s tracetrack.scan;
	c tracetrack.bag;
	p tracetrack.bag;
begin
	s.code := p_code;
	s.parent_code := p_parent;
	s.area_id := i.area_id;
	s.any_area := tracetrack.import_any_area(i.person_id);
	select * into c from tracetrack.bag where code = p_code;
	select * into p from tracetrack.bag where code = p_parent;
	return tracetrack.child_refusal(s, c, p, p_family_role);
end
$$;

create or replace function tracetrack.import_any_area(p_person integer) returns boolean
language sql stable as $$
	select 'scan.any_area' = any (r.rights)
	  from tracetrack.person p join tracetrack.role r on r.name = p.role
	 where p.id = p_person
$$;

-- Opens the parents of a batch. One that is there, open or closed, is so already.
create or replace function tracetrack.import_parents(i tracetrack.import, p_upto bigint)
returns tracetrack.import_step
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	s tracetrack.import_step;
	v_made bigint;
	v_any_area boolean := tracetrack.import_any_area(i.person_id);
begin
	with r as (
		select * from tracetrack.import_rows(i, 1, p_upto)
	), judged as materialized (
		select r.line, r.code, r.parent, r.why, r.family_id, f.capacity, b.id as bag_id, b.state,
		       b.closed_at, b.closed_by, b.closed_station, b.since, b.person_id, b.station_id,
		       b.role, b.parent_id, coalesce(a.id, b.area_id, i.area_id) as area_id,
		       case when r.why is not null or r.code is null or length(r.code) > 64
				then 'bad_format'
			when r.parent is not null then 'is_parent'
			when b.role = 'child' then 'is_child'
			when b.id is null and f.role = 'child' then 'unknown_code'
			when b.id is null and f.role is distinct from 'parent' then 'bad_format'
			when r.area is not null and a.id is null then 'unknown_area'
			when b.state = 'cancelled' then 'parent_cancelled'
			when b.area_id <> a.id
			or coalesce(a.id, b.area_id, i.area_id) is null
			or (not v_any_area and coalesce(a.id, b.area_id, i.area_id) <> i.area_id)
				then 'wrong_area'
			end as refusal
		  from r
		  left join lateral (select * from tracetrack.bag y
			where y.code = r.code limit 1) b on true
		  left join tracetrack.family f on f.id = r.family_id
		  left join tracetrack.area a on a.code = r.area and a.active
	), ranked as materialized (
		select j.*, case when j.refusal is null
			and (j.bag_id is null or j.state = 'unused')
			then row_number() over (partition by j.code, j.refusal is null
				order by j.line) end as nth
		  from judged j
	), made as materialized (
		select coalesce(k.bag_id, nextval('tracetrack.bag_id_seq')) as id, k.code,
		       k.family_id, k.area_id, k.capacity, k.bag_id is null as is_new,
		       tracetrack.import_event(i.base, k.line) as event_id
		  from (select * from ranked where nth = 1 order by line) k
	), new_bags as (
		insert into tracetrack.bag (id, code, role, family_id, area_id, state, child_count,
			capacity, since, person_id, station_id, event_id)
		overriding system value
		select id, code, 'parent', family_id, area_id, 'open', 0, capacity, now(),
		       i.person_id, i.station_id, event_id
		  from made where is_new
		returning 1
	), old_bags as (
		update tracetrack.bag b
		   set state = 'open', since = now(), person_id = i.person_id,
		       station_id = i.station_id, event_id = m.event_id
		  from made m where b.id = m.id and not m.is_new and b.state = 'unused'
		returning 1
	), requests as (
		insert into tracetrack.request (event, at, content, station_id)
		select event_id, now(), hash_record_extended(row('parent'::text, code, null::text,
			null::bigint, null::text, null::uuid), 0), i.station_id
		  from made
	), events as (
		insert into tracetrack.event (at, session_id, sent_by, parent_id, total, station_id,
			person_id, children, capacity, offline, id, action, outcome, code, state)
		select now(), i.session_id, i.session_id, id, 0, i.station_id, i.person_id, 0,
		       capacity, false, event_id, 'parent', 'opened', code, 'open'
		  from made
	), bad as (
		insert into tracetrack.import_bad (import_id, line, outcome, code, parent, other,
			other_at, other_by, other_station, why)
		select i.id, line, refusal, code, parent,
		       case refusal when 'is_child' then
				(select y.code from tracetrack.bag y where y.id = k.parent_id)
			when 'wrong_area' then
				(select y.code from tracetrack.area y where y.id = k.area_id) end,
		       coalesce(closed_at, since), coalesce(closed_by, person_id),
		       coalesce(closed_station, station_id), why
		  from ranked k where refusal is not null
	)
	select p_upto, count(*), count(*) filter (where nth = 1), 0, 0,
	       count(*) filter (where refusal is null and nth is distinct from 1),
	       count(*) filter (where refusal is not null),
	       (select count(*) from new_bags) + (select count(*) from old_bags)
	  into s.line, s.taken, s.opened, s.linked, s.completed, s.again, s.refused, v_made
	  from ranked;
	if v_made <> s.opened then
		raise sqlstate 'TT001';
	end if;
	return s;
end
$$;

-- Links the children of a batch. A code that stands twice in a batch is taken
-- from its first row; if that found no room, the second is ambiguous. A parent that came
-- while the others were locked is another try.
create or replace function tracetrack.import_children(i tracetrack.import, p_upto bigint)
returns tracetrack.import_step
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	s tracetrack.import_step;
	v_made bigint;
	v_is_new boolean;
	v_parents bigint[];
	v_any_area boolean := tracetrack.import_any_area(i.person_id);
begin
	v_parents := (tracetrack.import_hold(i, p_upto)).parents;
	with r as (
		select * from tracetrack.import_rows(i, 2, p_upto)
	), judged as materialized (
		select r.line, r.code, r.parent, r.why, r.family_id, p.id as parent_id,
		       p.area_id, p.child_count, p.capacity, p.grams_expected, p.grams_measured,
		       p.role = 'parent' and p.id not in (select unnest(v_parents)) as is_new,
		       pf.child_grams::integer as child_grams,
		       case when r.why is null then r.grams::integer end as grams,
		       c.id as child_id, case when r.why is not null or r.code is null or length(r.code) > 64
				or length(r.parent) > 64 then 'bad_format'
			when p.bill_id is not null and exists (select from tracetrack.bill y
				where y.id = p.bill_id and y.state = 'completed') then 'bill_closed'
			when p.state = 'open' and (v_any_area or p.area_id = i.area_id)
			and (c.state = 'unlinked' or (c.id is null and f.role = 'child'))
				then null
			else tracetrack.import_child_refusal(i, r.code, r.parent, f.role)
			end as refusal
		  from r
		  left join lateral (select y.id, y.role, y.area_id, y.state, y.family_id, y.child_count,
				y.capacity, y.grams_expected, y.grams_measured, y.bill_id
			  from tracetrack.bag y where y.code = r.parent limit 1) p on true
		  left join lateral (select y.id, y.state
			  from tracetrack.bag y where y.code = r.code limit 1) c on true
		  left join tracetrack.family pf on pf.id = p.family_id
		  left join tracetrack.family f on f.id = r.family_id
	), singled as (
		select j.*, case when j.refusal is null then first_value(j.line) over same end as first
		  from judged j
		window same as (partition by j.code, j.refusal is null order by j.line)
	), placed as materialized (
		select x.*, case when x.line = x.first then row_number() over place end as nth,
		       case when x.line = x.first then sum(coalesce(x.grams, x.child_grams))
				over place end as more
		  from singled x
		window place as (partition by x.parent_id, x.line = x.first order by x.line)
	), made as materialized (
		select coalesce(k.child_id, nextval('tracetrack.bag_id_seq')) as id, k.code,
		       k.parent, k.family_id, k.parent_id, k.area_id, k.child_grams, k.grams,
		       k.capacity, k.child_id is null as is_new,
		       (k.child_count + k.nth)::smallint as position, k.more,
		       coalesce(k.grams_measured, k.grams_expected + k.more) as total,
		       k.child_count + k.nth = k.capacity as is_last,
		       tracetrack.import_event(i.base, k.line) as event_id
		  from (select * from placed
			 where nth <= capacity - child_count
			 order by parent_id, nth) k
	), new_bags as (
		insert into tracetrack.bag (id, code, role, family_id, area_id, state, parent_id,
			position, grams_expected, grams_measured, since, person_id, station_id,
			event_id)
		overriding system value
		select id, code, 'child', family_id, area_id, 'linked', parent_id, position,
		       child_grams, grams, now(), i.person_id, i.station_id, event_id
		  from made where is_new
		returning 1
	), old_bags as (
		update tracetrack.bag b
		   set state = 'linked', parent_id = m.parent_id, position = m.position,
		       area_id = m.area_id, grams_expected = m.child_grams,
		       grams_measured = m.grams, since = now(), person_id = i.person_id,
		       station_id = i.station_id, event_id = m.event_id
		  from made m where b.id = m.id and not m.is_new
		   and b.parent_id is null and b.state <> 'cancelled'
		returning 1
	), parents as (
		update tracetrack.bag b
		   set child_count = m.position, grams_expected = grams_expected + m.more,
		       state = case when m.is_last then 'complete' else 'open' end,
		       closed_at = case when m.is_last then now() end,
		       closed_by = case when m.is_last then i.person_id end,
		       closed_station = case when m.is_last then i.station_id end,
		       closed_event = case when m.is_last then m.event_id end
		  from (select distinct on (parent_id) * from made
			 order by parent_id, position desc) m
		 where b.id = m.parent_id
		returning 1
	), requests as (
		insert into tracetrack.request (event, at, content, station_id)
		select event_id, now(), hash_record_extended(row('child'::text, code, parent, grams::bigint,
			null::text, null::uuid), 0), i.station_id
		  from made
	), events as (
		insert into tracetrack.event (at, session_id, sent_by, parent_id, child_id, grams,
			total, station_id, person_id, position, children, capacity, offline, id,
			action, outcome, code, state)
		select now(), i.session_id, i.session_id, parent_id, id, grams, total, i.station_id,
		       i.person_id, position, position, capacity, false, event_id, 'child',
		       case when is_last then 'completed' else 'linked' end, code,
		       case when is_last then 'complete' else 'open' end
		  from made
	), left_over as materialized (
		select k.*, case when refusal is not null then refusal
			when line = first then 'parent_full'
			when exists (select from placed y where y.line = k.first
				and y.nth > y.capacity - y.child_count) then 'ambiguous'
			when exists (select from placed y where y.line = k.first
				and y.parent_id = k.parent_id) then 'already_in_parent'
			else 'in_other_parent' end as outcome
		  from placed k
		 where refusal is not null or line <> first or nth > capacity - child_count
	), bad as (
		insert into tracetrack.import_bad (import_id, line, outcome, code, parent, position,
			other, other_at, other_by, other_station, why)
		select i.id, k.line, k.outcome, k.code, k.parent, c.position,
		       case when c.parent_id is not null then
				(select y.code from tracetrack.bag y where y.id = c.parent_id)
			when k.line <> k.first then
				(select y.parent from placed y where y.line = k.first)
			when k.outcome = 'wrong_area' then
				(select y.code from tracetrack.area y where y.id = k.area_id) end,
		       case when c.id is null then p.closed_at else c.since end,
		       case when c.id is null then p.closed_by else c.person_id end,
		       case when c.id is null then p.closed_station else c.station_id end,
		       coalesce(k.why, case when k.line <> k.first then 'also on line ' || k.first end)
		  from left_over k
		  left join tracetrack.bag c on c.id = k.child_id
		  left join tracetrack.bag p on p.id = k.parent_id
		 where k.outcome <> 'already_in_parent'
	)
	select p_upto, count(*), 0,
	       (select count(*) from made), (select count(*) from made where is_last),
	       (select count(*) from left_over where outcome = 'already_in_parent'),
	       (select count(*) from left_over where outcome <> 'already_in_parent'),
	       (select count(*) from new_bags) + (select count(*) from old_bags), bool_or(is_new)
	  into s.line, s.taken, s.opened, s.linked, s.completed, s.again, s.refused, v_made,
	       v_is_new
	  from placed;
	if v_made <> s.linked or v_is_new then
		raise sqlstate 'TT001';
	end if;
	perform tracetrack.bills_follow(tracetrack.bills_of(v_parents));
	return s;
end
$$;

-- Makes the bills of a batch, as bill.create does: of rows that tell of one bill the first
-- that is right in itself makes it. One that is there and says the same is so already.
-- Outcomes: ok, unchanged; exists (it says something else: who made it, when), bill_closed
-- (cancelled: who, when), bad_format (no family of bills has its number).
create or replace function tracetrack.import_bills(i tracetrack.import, p_upto bigint)
returns tracetrack.import_step
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	s tracetrack.import_step;
	v_made bigint;
begin
	if (tracetrack.act_who()).request is distinct from i.request then
		perform tracetrack.act_as(i.person_id, i.station_id, i.session_id, i.request);
		set constraints tracetrack.audited, tracetrack.audited_other deferred;
	end if;
	with r as (
		select x.line, x.parent as number, x.destination, x.vehicle, x.why,
		       case when x.why is null then x.capacity::smallint end as capacity
		  from tracetrack.import_rows(i, 1, p_upto) x
	), told as materialized (
		select r.*, t.id, t.state, t.created_at, t.created_by,
		       t.destination as its_destination, t.vehicle as its_vehicle,
		       t.capacity as its_capacity,
		       case when r.why is not null then 'bad_format'
			when t.id is null and (length(r.number) > 64
			or (tracetrack.code_family(r.number)).role is distinct from 'bill')
				then 'bad_format'
			when t.state = 'cancelled' then 'bill_closed' end as refusal
		  from r
		  left join lateral (select * from tracetrack.bill y
			where y.number = r.number limit 1) t on true
	), judged as materialized (
		select k.*, case when refusal is not null then refusal
			when id is null and line = first_value(line) over same then 'ok'
			when (destination, vehicle, capacity) is not distinct from (
				coalesce(its_destination, first_value(destination) over same),
				case when id is null then first_value(vehicle) over same
					else its_vehicle end,
				coalesce(its_capacity, first_value(capacity) over same))
				then 'unchanged'
			else 'exists' end as outcome
		  from told k
		window same as (partition by number, refusal is null order by line)
	), made as (
		insert into tracetrack.bill (number, destination, vehicle, capacity, created_at,
			created_by)
		select number, destination, vehicle, capacity, now(), i.person_id
		  from judged where outcome = 'ok' order by line
		on conflict on constraint bill_number_key do nothing
		returning id, number, state, capacity
	), requests as (
		insert into tracetrack.request (event, at, content, station_id)
		select tracetrack.import_event(i.base, line), now(), hash_record_extended(
			row('bill_create'::text, null::text, number, null::text), 0), i.station_id
		  from judged where outcome = 'ok'
	), events as (
		insert into tracetrack.event (at, session_id, sent_by, total, station_id, person_id,
			children, capacity, offline, id, action, outcome, state, bill_id,
			bill_expected, bill_children)
		select now(), i.session_id, i.session_id, 0, i.station_id, i.person_id, 0,
		       m.capacity, false, tracetrack.import_event(i.base, j.line), 'bill_create',
		       'ok', m.state, m.id, 0, 0
		  from made m join judged j on j.number = m.number and j.outcome = 'ok'
		 order by j.line
	), bad as (
		insert into tracetrack.import_bad (import_id, line, outcome, parent, other,
			other_at, other_by, other_station, why)
		select i.id, j.line, j.outcome, j.number,
		       case when j.outcome <> 'bad_format' then j.number end,
		       case j.outcome when 'exists' then coalesce(j.created_at, now())
			else c.at end,
		       case j.outcome when 'exists' then coalesce(j.created_by, i.person_id)
			else c.person_id end,
		       c.station_id, coalesce(j.why, case j.outcome
			when 'exists' then 'the bill is there with another destination, vehicle or'
				|| ' capacity: bill edit changes them'
			when 'bad_format' then 'no family of bills has this number' end)
		  from judged j
		  left join lateral (select e.at, e.person_id, e.station_id
			  from tracetrack.event e
			 where e.bill_id = j.id and e.action = 'bill_cancel'
			   and j.outcome = 'bill_closed'
			 order by e.at desc limit 1) c on true
		 where j.outcome not in ('ok', 'unchanged')
	)
	select p_upto, count(*), count(*) filter (where outcome = 'ok'), 0, 0,
	       count(*) filter (where outcome = 'unchanged'),
	       count(*) filter (where outcome not in ('ok', 'unchanged')),
	       (select count(*) from made)
	  into s.line, s.taken, s.opened, s.linked, s.completed, s.again, s.refused, v_made
	  from judged;
	if v_made <> s.opened then
		raise sqlstate 'TT001';
	end if;
	return s;
end
$$;

-- Puts the parents of a batch onto their bills. Each row is judged by what those before it
-- have done, which is kept in arrays, by the rules of bill.add; then all of it is written at
-- once. A bill or a parent that came while the others were locked is another try.
create or replace function tracetrack.import_billed(i tracetrack.import, p_upto bigint)
returns tracetrack.import_step
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	n tracetrack.import_step := row(p_upto, 0, 0, 0, 0, 0, 0);
	v_scan tracetrack.scan := tracetrack.import_scan(i);
	v_held record := tracetrack.import_hold(i, p_upto);
	v_more integer[];	-- how many have gone onto a bill
	v_to bigint[];	-- the bill that a parent has gone onto
	v_lines bigint[];
	v_bags bigint[];
	v_bills bigint[];
	v_bad tracetrack.import_bad[];
	s tracetrack.scan;
	b tracetrack.bill;
	p tracetrack.bag;
	r record;
begin
	for r in
		select x.line, x.code, x.parent, x.why, x.nth_bill, x.nth_code, y as bill, z as bag,
		       (y.id is not null and y.id not in (select unnest(v_held.bills)))
			or (z.role = 'parent' and z.id not in (select unnest(v_held.parents)))
			as is_new
		  from (select q.*, dense_rank() over (order by q.parent) as nth_bill,
			       dense_rank() over (order by q.code) as nth_code
			  from tracetrack.import_rows(i, 2, p_upto) q) x
		  left join lateral (select * from tracetrack.bill t
			where t.number = x.parent limit 1) y on true
		  left join lateral (select * from tracetrack.bag c
			where c.code = x.code limit 1) z on true
		 order by x.line
	loop
		if r.is_new then
			raise sqlstate 'TT001';
		end if;
		s := v_scan;
		s.code := r.code;
		s.parent_code := r.parent;
		b := r.bill;
		p := r.bag;
		b.linked := b.linked + coalesce(v_more[r.nth_bill], 0);
		if v_to[r.nth_code] is not null then
			p.bill_id := v_to[r.nth_code];
			p.bill_at := s.at;
			p.bill_by := s.person_id;
			p.bill_station := s.station_id;
		end if;
		s.outcome := case
			when r.why is not null or length(r.code) > 64 or length(r.parent) > 64
				then 'bad_format'
			when b.id is null then 'no_bill'
			when b.state in ('completed', 'cancelled') then 'bill_closed'
			else coalesce(tracetrack.bill_refusal(s, b, p), 'bill_added') end;
		n.taken := n.taken + 1;
		if s.outcome = 'bill_added' then
			n.linked := n.linked + 1;
			v_more[r.nth_bill] := coalesce(v_more[r.nth_bill], 0) + 1;
			v_to[r.nth_code] := b.id;
			v_lines := array_append(v_lines, r.line);
			v_bags := array_append(v_bags, p.id);
			v_bills := array_append(v_bills, b.id);
		elsif s.outcome = 'already_on_bill' then
			n.again := n.again + 1;
		else
			n.refused := n.refused + 1;
			v_bad := array_append(v_bad,
				tracetrack.import_blame(i, r.line, s, b, p, r.why));
		end if;
	end loop;
	perform tracetrack.import_put(i, v_lines, v_bags, v_bills);
	insert into tracetrack.import_bad select * from unnest(v_bad);
	return n;
end
$$;

-- The scan that a row of an import of bills stands for, but for what stands in the row.
create or replace function tracetrack.import_scan(i tracetrack.import) returns tracetrack.scan
language plpgsql stable as $$
declare
	s tracetrack.scan;
begin
	s.at := now();
	s.session_id := i.session_id;
	s.sent_by := i.session_id;
	s.station_id := i.station_id;
	s.person_id := i.person_id;
	s.area_id := i.area_id;
	s.any_area := tracetrack.import_any_area(i.person_id);
	s.offline := false;
	s.action := 'bill_add';
	return s;
end
$$;

-- What is kept of a row that is refused: why, and what or who stands in its way.
create or replace function tracetrack.import_blame(i tracetrack.import, p_line bigint,
	s tracetrack.scan, b tracetrack.bill, p tracetrack.bag, p_why text)
returns tracetrack.import_bad
language plpgsql as $$
declare
	v tracetrack.import_bad;
begin
	s := case s.outcome when 'bill_closed' then tracetrack.bill_blame(s, b)
		else tracetrack.bill_refuse(s, p, s.outcome) end;
	v.import_id := i.id;
	v.line := p_line;
	v.outcome := s.outcome;
	v.code := s.code;
	v.parent := s.parent_code;
	v.other := s.other;
	v.other_at := s.other_at;
	v.other_by := (select x.id from tracetrack.person x where x.login = s.other_by);
	v.other_station := (select x.id from tracetrack.station x where x.name = s.other_station);
	v.why := coalesce(p_why, case s.outcome when 'bag_not_complete'
		then 'the parent is open: finish it, or close it short' end);
	return v;
end
$$;

-- Writes that the rows of these lines have put these parents onto these bills.
create or replace function tracetrack.import_put(i tracetrack.import, p_lines bigint[],
	p_bags bigint[], p_bills bigint[]) returns void
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off
as $$
begin
	with put as materialized (
		select u.line, u.bag, p.code, t.id as bill_id, t.number, t.state, t.capacity,
		       tracetrack.import_event(i.base, u.line) as event_id,
		       t.linked + row_number() over so_far as place,
		       t.children + sum(p.child_count) over so_far as children,
		       t.grams_expected + sum(p.grams_expected) over so_far as expected,
		       t.grams_actual + sum(coalesce(p.grams_measured, p.grams_expected))
				over so_far as actual
		  from unnest(p_lines, p_bags, p_bills) u (line, bag, bill)
		  join tracetrack.bill t on t.id = u.bill
		  join tracetrack.bag p on p.id = u.bag
		window so_far as (partition by t.id order by u.line)
	), moved as (
		update tracetrack.bag b
		   set bill_id = m.bill_id, bill_at = now(), bill_by = i.person_id,
		       bill_station = i.station_id, bill_event = m.event_id, bill_manual = false
		  from put m where b.id = m.bag
	), requests as (
		insert into tracetrack.request (event, at, content, station_id)
		select event_id, now(), hash_record_extended(row('bill_add'::text, code, number,
			null::text), 0), i.station_id
		  from put
	)
	insert into tracetrack.event (at, session_id, sent_by, parent_id, total, station_id,
		person_id, position, children, capacity, offline, id, action, outcome, code,
		state, bill_id, bill_expected, bill_children)
	select now(), i.session_id, i.session_id, bag, actual, i.station_id, i.person_id,
	       place, place, capacity, false, event_id, 'bill_add', 'bill_added', code, state,
	       bill_id, expected, children
	  from put order by line;
	perform tracetrack.bills_follow(array(select distinct x from unnest(p_bills) x));
end
$$;

-- A batch, once more when somebody else was faster with one of its codes.
create or replace function tracetrack.import_try(i tracetrack.import, p_upto bigint)
returns tracetrack.import_step
language plpgsql as $$
declare
	v_tries integer := 0;
begin
	loop
		begin
			return case when i.kind = 'bills' and i.phase = 1
					then tracetrack.import_bills(i, p_upto)
				when i.kind = 'bills' then tracetrack.import_billed(i, p_upto)
				when i.phase = 1 then tracetrack.import_parents(i, p_upto)
				else tracetrack.import_children(i, p_upto) end;
		exception when sqlstate 'TT001' or unique_violation then
			v_tries := v_tries + 1;
			if v_tries = 20 then
				raise;
			end if;
		end;
	end loop;
end
$$;

-- Adds what an import has done to the counters. Those of bags are not about bills.
create or replace function tracetrack.import_count(p_kind text, p_opened bigint, p_linked bigint,
	p_completed bigint) returns void
language plpgsql as $$
declare
	v_bags integer := (p_kind <> 'bills')::integer;
begin
	if coalesce(p_opened + p_linked, 0) = 0 then
		return;
	end if;
	update tracetrack.tally
	   set scans = scans + p_opened + p_linked,
	       done = done + p_opened + p_linked,
	       linked = linked + v_bags * p_linked,
	       parents_open = parents_open + v_bags * p_opened - p_completed,
	       parents_complete = parents_complete + p_completed,
	       children_linked = children_linked + v_bags * p_linked
	 where slot = pg_backend_pid() % 64;
end
$$;

-- How many rows the next batch has, if p_limit were asked for. Bills that are made are each
-- written to the audit, at the end, when their station's counter of it is held: few at a time.
create or replace function tracetrack.import_limit(i tracetrack.import, p_limit bigint)
returns bigint
language sql immutable as $$
	select case when i.kind <> 'bills' then coalesce(p_limit, 5000)
		when i.phase = 1 then least(coalesce(p_limit, 500), 500)
		else least(coalesce(p_limit, 2000), 5000) end
$$;

-- The next batch of an import, or its end. Locks the import's parents first if all
-- of it is one transaction; the counters follow at the end then, so that nobody
-- waits for their slot meanwhile.
create or replace function tracetrack.import_next(i tracetrack.import, p_limit bigint)
returns tracetrack.import
language plpgsql as $$
declare
	s tracetrack.import_step;
	v_upto bigint;
begin
	perform tracetrack.import_alone();
	if i.mode <> 'good' and i.state = 'staged' then
		perform tracetrack.import_hold(i, i.last_line);
	end if;
	v_upto := tracetrack.import_batch(i, tracetrack.import_limit(i, p_limit));
	if v_upto is null and i.phase = 1 then
		i.phase := 2;
		i.line := 0;
		v_upto := tracetrack.import_batch(i, tracetrack.import_limit(i, p_limit));
	end if;
	if v_upto is not null then
		s := tracetrack.import_try(i, v_upto);
	end if;
	update tracetrack.import x
	   set phase = i.phase, line = coalesce(v_upto, i.line),
	       opened = x.opened + coalesce(s.opened, 0),
	       linked = x.linked + coalesce(s.linked, 0),
	       completed = x.completed + coalesce(s.completed, 0),
	       again = x.again + coalesce(s.again, 0),
	       refused = x.refused + coalesce(s.refused, 0),
	       state = case when v_upto is null then 'done' else 'applying' end,
	       ended_at = case when v_upto is null then clock_timestamp() end
	 where x.id = i.id
	returning * into i;
	if i.mode = 'good' then
		perform tracetrack.import_count(i.kind, s.opened, s.linked, s.completed);
	elsif i.state = 'done' then
		perform tracetrack.import_count(i.kind, i.opened, i.linked, i.completed);
	end if;
	return i;
end
$$;
