-- What is known about a code.

-- Codes that differ from p_code by one character (changed, missing, too many, or
-- two swapped), then codes that begin with it: up to three bags, of area p_held unless
-- that is null, as [{code, role, state, parent}]. Each candidate is one probe of the
-- unique key.
create or replace function tracetrack.code_near(p_code text, p_held smallint) returns jsonb
language plpgsql stable as $$
declare
	v_candidates text[];
	v_found jsonb;
begin
	with at as (
		select substr(p_code, 1, i - 1) as head, substr(p_code, i, 1) as here,
		       substr(p_code, i + 1) as tail
		  from generate_series(1, least(length(p_code), 20) + 1) i
	), alphabet as (
		select substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-', n, 1) as c
		  from generate_series(1, 37) n
	), candidate (code) as (
		select head || c || tail from at, alphabet
		 where here <> '' and (c between '0' and '9' or here ~ '[A-Z-]')
		union select head || c || here || tail from at, alphabet where c between '0' and '9'
		union select head || tail from at where here <> ''
		union select head || substr(tail, 1, 1) || here || substr(tail, 2)
			from at where tail <> ''
	)
	select array_agg(code) into v_candidates from candidate where code <> p_code;

	with near (id, code, rank) as (
		(select b.id, b.code, 1 from tracetrack.bag b
		  where b.code = any (v_candidates) and (p_held is null or b.area_id = p_held)
		  order by b.code limit 3)
		union
		(select b.id, b.code, 2 from tracetrack.bag b
		  where b.code > p_code and b.code < p_code || E'\x7f'
		    and b.code <> all (v_candidates) and length(p_code) >= 3
		    and (p_held is null or b.area_id = p_held)
		  order by b.code limit 3)
	), best as (
		select n.id, n.code, n.rank from near n order by n.rank, n.code limit 3
	)
	select jsonb_agg(jsonb_build_object('code', b.code, 'role', b.role, 'state', b.state,
		'parent', p.code) order by n.rank, n.code)
	  into v_found
	  from best n
	  join tracetrack.bag b on b.id = n.id
	  left join tracetrack.bag p on p.id = b.parent_id;
	return coalesce(v_found, '[]');
end
$$;

-- The facts of a code, the first columns of scan_lookup and bag_show. Of a child
-- opened_at and opened_by tell when and by whom it was put where it is. Who is held to
-- area p_held is told of a bag elsewhere what it is and where, and nothing more.
create or replace function tracetrack.bag_facts(p_code text, p_held smallint)
returns table (outcome text, code text, role text, family text, state text, area text,
	parent text, "position" integer, children integer, capacity integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	near jsonb, bill text)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_code text := tracetrack.code_clean(p_code);
begin
	return query
	select 'ok'::text, b.code::text, b.role::text, null::text, null::text, a.code::text,
	       p.code::text, b.position::integer, null::integer, null::integer, null::bigint,
	       null::timestamptz, null::text, null::timestamptz, null::text, '[]'::jsonb,
	       null::text
	  from tracetrack.bag b
	  join tracetrack.area a on a.id = b.area_id
	  left join tracetrack.bag p on p.id = b.parent_id
	 where b.code = v_code and b.area_id <> p_held;
	if found then
		return;
	end if;
	return query
	select 'ok'::text, b.code::text, b.role::text, f.name::text, b.state::text, a.code::text,
	       p.code::text, b.position::integer, b.child_count::integer, b.capacity::integer,
	       coalesce(b.grams_measured, b.grams_expected), b.since, o.login::text,
	       b.closed_at, c.login::text, '[]'::jsonb,
	       (select number::text from tracetrack.bill where id = b.bill_id)
	  from tracetrack.bag b
	  join tracetrack.family f on f.id = b.family_id
	  join tracetrack.area a on a.id = b.area_id
	  join tracetrack.person o on o.id = b.person_id
	  left join tracetrack.bag p on p.id = b.parent_id
	  left join tracetrack.person c on c.id = b.closed_by
	 where b.code = v_code;
	if found then
		return;
	end if;
	select f.role, f.name into role, family from tracetrack.code_family(v_code) f;
	outcome := case when role is null or length(v_code) > 64 then 'bad_format'
		else 'unknown_code' end;
	code := left(v_code, 64);
	near := coalesce(tracetrack.code_near(code, p_held), '[]');
	return next;
end
$$;

-- The facts of a bill by the same columns: children are the parents on it. No row if
-- there is none of that number.
create or replace function tracetrack.bill_facts(p_code text)
returns table (outcome text, code text, role text, family text, state text, area text,
	parent text, "position" integer, children integer, capacity integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	near jsonb, bill text)
language plpgsql stable as $$
#variable_conflict use_column
begin
	return query
	select 'ok'::text, t.number::text, 'bill'::text,
	       (tracetrack.code_family(t.number)).name::text, t.state, null::text, null::text,
	       null::integer, t.linked::integer, t.capacity::integer, t.grams_actual,
	       t.created_at, o.login::text, t.completed_at, c.login::text, '[]'::jsonb,
	       t.number::text
	  from tracetrack.bill t
	  join tracetrack.person o on o.id = t.created_by
	  left join tracetrack.person c on c.id = t.completed_by
	 where t.number = tracetrack.code_clean(p_code);
end
$$;

-- What a code is and where the bag is: of one in another area than the person is held
-- to only that; of a bill what is on it, for those who may read bills. Outcomes: ok, unknown_code (of a family
-- that takes it, but nobody has scanned it: near tells what it may have been
-- meant to be), bad_format (also with near), not_permitted, session_expired.
create or replace function api.scan_lookup(p_token text, p_code text)
returns table (outcome text, code text, role text, family text, state text, area text,
	parent text, "position" integer, children integer, capacity integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	bill text, near jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v record;
begin
	v := tracetrack.session_use(p_token, 'bag.read');
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	return query
	select f.outcome, f.code, f.role, f.family, f.state, f.area, f.parent,
	       f.position, f.children, f.capacity, f.grams, f.opened_at, f.opened_by,
	       f.closed_at, f.closed_by, f.bill, f.near
	  from tracetrack.bill_facts(p_code) f
	 where tracetrack.person_may(v.person_id, 'bill.read');
	if not found then
		return query
		select f.outcome, f.code, f.role, f.family, f.state, f.area, f.parent,
		       f.position, f.children, f.capacity, f.grams, f.opened_at, f.opened_by,
		       f.closed_at, f.closed_by, f.bill, f.near
		  from tracetrack.bag_facts(p_code, v.held) f;
	end if;
end
$$;

-- Children of a parent by position: [{position, code, grams, at, by}].
create or replace function tracetrack.bag_children(p_bag bigint) returns jsonb
language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('position', c.position, 'code', c.code,
		'grams', coalesce(c.grams_measured, c.grams_expected), 'at', c.since,
		'by', p.login) order by c.position), '[]')
	  from tracetrack.bag c join tracetrack.person p on p.id = c.person_id
	 where c.parent_id = p_bag
$$;

-- What happened to a bag, newest first, at most 200 events:
-- [{at, action, outcome, code, parent, bill, reason, by, station, event, undoes}].
create or replace function tracetrack.bag_timeline(p_bag bigint, p_role text) returns jsonb
language plpgsql stable as $$
declare
	v_events jsonb;
begin
	with of_bag as (
		(select * from tracetrack.event e
		  where p_role = 'parent' and e.parent_id = p_bag
		  order by e.at desc limit 200)
		union all
		(select * from tracetrack.event e
		  where p_role = 'parent' and e.from_parent_id = p_bag and e.parent_id <> p_bag
		  order by e.at desc limit 200)
		union all
		(select * from tracetrack.event e
		  where p_role = 'child' and e.child_id = p_bag
		  order by e.at desc limit 200)
	), latest as (
		select * from of_bag order by at desc, number desc limit 200
	)
	select jsonb_agg(jsonb_build_object('at', e.at, 'action', e.action,
		'outcome', e.outcome, 'code', e.code, 'parent', coalesce(p.code, e.parent_code),
		'bill', case when e.bill_id is not null
			then (select t.number from tracetrack.bill t where t.id = e.bill_id) end,
		'reason', e.reason,
		'by', o.login, 'station', s.name, 'event', e.id, 'undoes', e.undoes)
		order by e.at desc, e.number desc)
	  into v_events
	  from latest e
	  left join tracetrack.bag p on p.id = e.parent_id
	  join tracetrack.person o on o.id = e.person_id
	  join tracetrack.station s on s.id = e.station_id;
	return coalesce(v_events, '[]');
end
$$;

-- The facts of scan_lookup, with all children and the timeline. Outcomes as there, and
-- wrong_area: of a bag elsewhere only what scan_lookup says.
create or replace function api.bag_show(p_token text, p_code text)
returns table (outcome text, code text, role text, family text, state text, area text,
	parent text, "position" integer, children integer, capacity integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	bill text, children_list jsonb, timeline jsonb, near jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_held smallint;
begin
	v := tracetrack.session_use(p_token, 'bag.read');
	if v.outcome <> 'ok' then
		outcome := v.outcome;
		return next;
		return;
	end if;
	v_held := v.held;
	return query
	select case when b.area_id <> v_held then 'wrong_area' else f.outcome end, f.code, f.role,
	       f.family, f.state, f.area, f.parent, f.position, f.children, f.capacity, f.grams,
	       f.opened_at, f.opened_by, f.closed_at, f.closed_by, f.bill,
	       tracetrack.bag_children(x.id), tracetrack.bag_timeline(x.id, x.role), f.near
	  from tracetrack.bag_facts(p_code, v_held) f
	  left join tracetrack.bag b on b.code = f.code
	  left join tracetrack.bag x on x.id = b.id and (v_held is null or x.area_id = v_held);
end
$$;

-- Sets what a scale says of a bag. Outcomes: tracetrack.bag_measure, session_expired,
-- not_permitted, key_reused.
create or replace function api.bag_weigh(p_token text, p_event uuid, p_code text default null,
	p_grams bigint default null)
returns tracetrack.bag_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bag.weigh', p_token, p_event, 'bag.weigh',
		jsonb_build_object('code', p_code, 'grams', p_grams));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bag_answer, a.answer);
	end if;
	return tracetrack.bag_end(a, tracetrack.bag_measure(
		tracetrack.office_begin(a, 'weigh', null, p_code), p_grams));
end
$$;

-- Takes a bag out of use for good. Outcomes: tracetrack.bag_void, session_expired,
-- not_permitted, key_reused.
create or replace function api.bag_cancel(p_token text, p_event uuid, p_code text default null,
	p_reason text default null)
returns tracetrack.bag_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bag.cancel', p_token, p_event, 'bag.cancel',
		jsonb_build_object('code', p_code, 'reason', p_reason));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bag_answer, a.answer);
	end if;
	return tracetrack.bag_end(a, tracetrack.bag_void(
		tracetrack.office_begin(a, 'cancel', null, p_code, p_reason)));
end
$$;
