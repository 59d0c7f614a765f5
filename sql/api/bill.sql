-- Bills.
--
-- bill_scan, bill_add, bill_manual, bill_remove and bill_complete are scan events:
-- they come through a station's outbox, with p_epoch, p_seq and the others as the
-- functions of api/scan.sql have them, and what they come to is in the ledger,
-- refusals too. The other writes are in the ledger when they were done.
-- Outcomes of all: session_expired, not_permitted, bad_format, key_reused.

-- Makes a bill the current one of a scanner, and says what is on it.
-- Outcomes: tracetrack.bill_pick.
create or replace function api.bill_scan(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_bill text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.bill_end(tracetrack.bill_pick(tracetrack.bill_begin('bill_scan',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_bill)));
end
$$;

-- Puts a parent onto a bill. Outcomes: tracetrack.bill_put.
create or replace function api.bill_add(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null, p_bill text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.bill_end(tracetrack.bill_put(tracetrack.bill_begin('bill_add',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_bill, p_code)));
end
$$;

-- The same for a label that can't be scanned: typed, with the reason, and marked.
create or replace function api.bill_manual(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null, p_bill text default null,
	p_reason text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.bill_end(tracetrack.bill_put(tracetrack.bill_begin('bill_manual',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_bill, p_code, p_reason)));
end
$$;

-- Takes a parent off its bill. Outcomes: tracetrack.bill_take.
create or replace function api.bill_remove(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_code text default null, p_bill text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.bill_end(tracetrack.bill_take(tracetrack.bill_begin('bill_remove',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_bill, p_code)));
end
$$;

-- Completes a bill; p_reason: though it is not full. Outcomes: tracetrack.bill_close.
create or replace function api.bill_complete(p_token text, p_event uuid,
	p_epoch bigint default null, p_seq bigint default null,
	p_at timestamptz default null, p_session bigint default null,
	p_device text default null, p_lane integer default null,
	p_offline boolean default null, p_bill text default null, p_reason text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return tracetrack.bill_end(tracetrack.bill_close(tracetrack.bill_begin('bill_complete',
		p_token, p_event, p_epoch, p_seq, p_at, p_session, p_device, p_lane, p_offline,
		p_bill, p_reason => p_reason)));
end
$$;

-- Makes a bill; without a number it gets the next one. Outcomes: tracetrack.bill_make.
create or replace function api.bill_create(p_token text, p_event uuid,
	p_number text default null, p_destination text default null,
	p_vehicle text default null, p_capacity integer default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bill.create', p_token, p_event,
		'bill.create', jsonb_build_object('number', p_number, 'destination',
		p_destination, 'vehicle', p_vehicle, 'capacity', p_capacity));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bill_answer, a.answer);
	end if;
	return tracetrack.office_end(a, tracetrack.bill_make(
		tracetrack.office_begin(a, 'bill_create', p_number), p_destination, p_vehicle,
		p_capacity));
end
$$;

-- Changes what is given; what is null stays. Outcomes: tracetrack.bill_change.
create or replace function api.bill_edit(p_token text, p_event uuid, p_bill text default null,
	p_destination text default null, p_vehicle text default null,
	p_capacity integer default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bill.edit', p_token, p_event, 'bill.edit',
		jsonb_build_object('bill', p_bill, 'destination', p_destination, 'vehicle',
		p_vehicle, 'capacity', p_capacity));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bill_answer, a.answer);
	end if;
	return tracetrack.office_end(a, tracetrack.bill_change(
		tracetrack.office_begin(a, 'bill_edit', p_bill), p_destination, p_vehicle,
		p_capacity));
end
$$;

-- Opens a completed bill again. Outcomes: tracetrack.bill_unlock.
create or replace function api.bill_reopen(p_token text, p_event uuid, p_bill text default null,
	p_reason text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bill.reopen', p_token, p_event, 'bill.reopen',
		jsonb_build_object('bill', p_bill, 'reason', p_reason));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bill_answer, a.answer);
	end if;
	return tracetrack.office_end(a, tracetrack.bill_unlock(
		tracetrack.office_begin(a, 'bill_reopen', p_bill, null, p_reason)));
end
$$;

-- Cancels a bill that is not completed. Outcomes: tracetrack.bill_void.
create or replace function api.bill_cancel(p_token text, p_event uuid, p_bill text default null,
	p_reason text default null)
returns tracetrack.bill_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('bill.cancel', p_token, p_event, 'bill.cancel',
		jsonb_build_object('bill', p_bill, 'reason', p_reason));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.bill_answer, a.answer);
	end if;
	return tracetrack.office_end(a, tracetrack.bill_void(
		tracetrack.office_begin(a, 'bill_cancel', p_bill, null, p_reason)));
end
$$;

-- The columns of a bill in lists.
create or replace function tracetrack.bill_row(b tracetrack.bill)
returns table (bill text, state text, destination text, vehicle text, parents integer,
	capacity integer, children integer, expected bigint, grams bigint,
	created_at timestamptz, created_by text, completed_at timestamptz, completed_by text,
	reason text)
language sql stable as $$
	select b.number::text, b.state, b.destination, b.vehicle, b.linked::integer,
	       b.capacity::integer, b.children, b.grams_expected, b.grams_actual, b.created_at,
	       (select login::text from tracetrack.person where id = b.created_by),
	       b.completed_at,
	       (select login::text from tracetrack.person where id = b.completed_by), b.reason
$$;

-- Bills, newest first: p_limit (1 to 1000) of them after the one of number p_after.
-- Each filter may be null: a state, who made them, when they were made (from
-- p_since, before p_until). Raises as session_need does.
create or replace function api.bill_list(p_token text, p_state text default null,
	p_by text default null, p_since timestamptz default null,
	p_until timestamptz default null, p_after text default null,
	p_limit integer default null)
returns table (bill text, state text, destination text, vehicle text, parents integer,
	capacity integer, children integer, expected bigint, grams bigint,
	created_at timestamptz, created_by text, completed_at timestamptz, completed_by text,
	reason text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_after record;
	v_since timestamptz := coalesce(p_since, '-infinity');
	v_by integer := (select id from tracetrack.person
		where login = tracetrack.login_clean(p_by));
	v_limit integer := tracetrack.list_limit(p_limit);
begin
	perform tracetrack.session_need(p_token, 'bill.read');
	select b.created_at as at, b.id into v_after
	  from tracetrack.bill b where b.number = tracetrack.code_clean(p_after);
	if not found then
		select coalesce(p_until, 'infinity') as at, 0::bigint as id into v_after;
	end if;
	if p_by is not null then
		return query
		select r.* from (
			select b as bill from tracetrack.bill b
			 where b.created_by = v_by
			   and (b.created_at, b.id) < (v_after.at, v_after.id)
			   and b.created_at >= v_since
			   and (p_state is null or b.state = p_state)
			   and (p_until is null or b.created_at < p_until)
			 order by b.created_at desc, b.id desc limit v_limit) x,
		       tracetrack.bill_row(x.bill) r;
	elsif p_state is not null then
		return query
		select r.* from (
			select b as bill from tracetrack.bill b
			 where b.state = p_state
			   and (b.created_at, b.id) < (v_after.at, v_after.id)
			   and b.created_at >= v_since
			   and (p_until is null or b.created_at < p_until)
			 order by b.created_at desc, b.id desc limit v_limit) x,
		       tracetrack.bill_row(x.bill) r;
	else
		return query
		select r.* from (
			select b as bill from tracetrack.bill b
			 where (b.created_at, b.id) < (v_after.at, v_after.id)
			   and b.created_at >= v_since
			   and (p_until is null or b.created_at < p_until)
			 order by b.created_at desc, b.id desc limit v_limit) x,
		       tracetrack.bill_row(x.bill) r;
	end if;
end
$$;

-- Bills by a text: the one of that number, then those whose number begins with it,
-- then (3 characters or more) those that have it in number, destination or vehicle,
-- the newest first; p_limit (1 to 100) of them after the one of number p_after. Raises
-- as session_need does, 22023 if there is no bill p_after.
create or replace function api.bill_search(p_token text, p_text text, p_after text default null,
	p_limit integer default null)
returns table (bill text, state text, destination text, vehicle text, parents integer,
	capacity integer, children integer, expected bigint, grams bigint,
	created_at timestamptz, created_by text, completed_at timestamptz, completed_by text,
	reason text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_limit integer := tracetrack.list_limit(p_limit, 20, 100);
	v_code text := tracetrack.code_clean(p_text);
	v_after tracetrack.bill;
	v_found bigint[] := '{}';
begin
	perform tracetrack.session_need(p_token, 'bill.read');
	if p_after is not null then
		select * into v_after from tracetrack.bill b
		 where b.number = tracetrack.code_clean(p_after);
		if not found then
			perform tracetrack.refuse_filter(format('there is no bill %s', p_after),
				'Go on after one that the search has found.');
		end if;
	end if;
	if v_after.id is null or starts_with(v_after.number, v_code) then
		v_found := array(select b.id from tracetrack.bill b
			where b.number >= v_code and b.number < v_code || E'\x7f'
			  and (v_after.id is null or b.number > v_after.number)
			order by b.number limit v_limit);
		v_after.id := null;
	end if;
	return query
	select r.*
	  from unnest(v_found || tracetrack.bill_hits(tracetrack.text_clean(p_text, 100), v_code,
		v_after.id, v_limit - cardinality(v_found))) with ordinality x (id, place)
	  join tracetrack.bill t on t.id = x.id
	 cross join tracetrack.bill_row(t) r
	 order by x.place;
end
$$;

-- The newest p_limit bills with numbers of rows below p_below (null: all) that have
-- p_text in number, destination or vehicle, but those whose number begins with p_code. A
-- text that many have is found among the newest, one that few have by the index.
create or replace function tracetrack.bill_hits(p_text text, p_code text, p_below bigint,
	p_limit integer) returns bigint[]
language plpgsql stable as $$
declare
	v_like text := '%' || tracetrack.like_clean(p_text) || '%';
	v_below bigint := coalesce(p_below, 9223372036854775807);
	v_found bigint[];
begin
	if p_limit < 1 or length(p_text) < 3 then
		return '{}';
	end if;
	v_found := array(select b.id from (select * from tracetrack.bill
			where id < v_below order by id desc limit 500) b
		where (b.number like upper(v_like) collate "C"
			or b.destination ilike v_like or b.vehicle ilike v_like)
		  and not starts_with(b.number, p_code)
		order by b.id desc limit p_limit);
	if cardinality(v_found) < p_limit then
		v_found := array(
			with hit as materialized (
				select b.id, b.number from tracetrack.bill b
				 where b.number like upper(v_like) collate "C"
				    or b.destination ilike v_like or b.vehicle ilike v_like)
			select h.id from hit h
			 where h.id < v_below and not starts_with(h.number, p_code)
			 order by h.id desc limit p_limit);
	end if;
	return v_found;
end
$$;

-- The parents on a bill in the order in which they came (in PL/pgSQL, as the next,
-- because that keeps its plans; in json, which is not taken apart again to be sent):
-- [{position, code, state, children, expected, grams, weighed, at, by, manual}].
create or replace function tracetrack.bill_parents(p_bill bigint) returns json
language plpgsql stable as $$
begin
	return (select coalesce(json_agg(x), '[]')
	  from (select row_number() over (order by b.bill_at, b.id) as position, b.code, b.state,
		       b.child_count as children, b.grams_expected as expected,
		       coalesce(b.grams_measured, b.grams_expected) as grams,
		       b.grams_measured is not null as weighed, b.bill_at as at,
		       p.login as by, b.bill_manual as manual
		  from tracetrack.bag b left join tracetrack.person p on p.id = b.bill_by
		 where b.bill_id = p_bill
		 order by b.bill_at, b.id) x);
end
$$;

-- What happened to a bill since p_since, newest first, at most 500 events:
-- [{at, action, outcome, code, by, station, reason, other, event}]. A few people at a few
-- stations did it all: each is looked up once, where another join would read all there are.
create or replace function tracetrack.bill_timeline(p_bill bigint, p_since timestamptz)
returns json
language plpgsql stable
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
	-- until a minute from now, because the months to come are tables too
	return (select coalesce(json_agg(x), '[]')
	  from (select e.at, e.action, e.outcome, e.code,
		       p.login as by, s.name as station, e.reason, e.other, e.id as event
		  from tracetrack.event e
		  left join tracetrack.person p on p.id = e.person_id
		  left join tracetrack.station s on s.id = e.station_id
		 where e.bill_id = p_bill and e.at >= p_since and e.at < now() + interval '1 minute'
		 order by e.at desc, e.number desc limit 500) x);
end
$$;

-- A bill with its parents and all that happened to it. Outcomes: ok, no_bill,
-- not_permitted, session_expired. One plan does for every bill: planning would take longer
-- than reading.
create or replace function api.bill_show(p_token text, p_bill text)
returns table (outcome text, bill text, state text, destination text, vehicle text,
	parents integer, capacity integer, children integer, expected bigint, grams bigint,
	created_at timestamptz, created_by text, completed_at timestamptz, completed_by text,
	reason text, parents_list json, timeline json)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	v record;
	b tracetrack.bill;
begin
	v := tracetrack.session_use(p_token, 'bill.read');
	outcome := v.outcome;
	bill := left(tracetrack.code_clean(p_bill), 64);
	if outcome = 'ok' then
		select * into b from tracetrack.bill t where t.number = bill;
		if found then
			return query
			select 'ok'::text, r.*, tracetrack.bill_parents(b.id),
			       tracetrack.bill_timeline(b.id, b.created_at - interval '1 day')
			  from tracetrack.bill_row(b) r;
			return;
		end if;
		outcome := 'no_bill';
	end if;
	return next;
end
$$;

-- What a bill weighs: expected by its children, and as scales have said of weighed
-- of its parents. Outcomes: ok, no_bill, not_permitted, session_expired.
create or replace function api.bill_weights(p_token text, p_bill text)
returns table (outcome text, bill text, state text, parents integer, weighed integer,
	children integer, expected bigint, grams bigint, difference bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := tracetrack.session_use(p_token, 'bill.read');
	outcome := v.outcome;
	bill := left(tracetrack.code_clean(p_bill), 64);
	if outcome = 'ok' then
		return query
		select 'ok'::text, t.number::text, t.state, t.linked::integer,
		       (select count(*) from tracetrack.bag b where b.bill_id = t.id
			and b.grams_measured is not null)::integer,
		       t.children, t.grams_expected, t.grams_actual,
		       t.grams_actual - t.grams_expected
		  from tracetrack.bill t where t.number = bill;
		if found then
			return;
		end if;
		outcome := 'no_bill';
	end if;
	return next;
end
$$;

-- When the business days p_from to p_to (today) begin and are over. Days that no calendar
-- of bills has are those at its ends.
create or replace function tracetrack.days_span(p_from date, p_to date, p_zone text,
	out since timestamptz, out until timestamptz)
language sql stable as $$
	select least(greatest(x.first, '1900-01-01'), '9999-12-30')::timestamp at time zone p_zone,
	       (least(greatest(coalesce(p_to, greatest(x.first, x.today)), '1900-01-01'),
		'9999-12-30') + 1)::timestamp at time zone p_zone
	  from (select coalesce(p_from, t.today) as first, t.today
		from (select (now() at time zone p_zone)::date as today) t) x
$$;

-- The bills of business days by person, from p_from to p_to (today): how many were
-- made and completed, and what is on those that were completed. Without the right
-- bill.summary_any only one's own. Raises as session_need and day_given do.
create or replace function api.bill_summary(p_token text, p_from text default null,
	p_to text default null)
returns table (day date, login text, created integer, completed integer, parents integer,
	children integer, expected bigint, grams bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_zone text := tracetrack.setting_text('business_zone');
	v_span record;
	v_own integer;
begin
	v := tracetrack.session_use(p_token, 'bill.read');
	perform tracetrack.session_must(v.outcome);
	v_span := tracetrack.days_span(tracetrack.day_given(p_from),
		tracetrack.day_given(p_to), v_zone);
	if not tracetrack.person_may(v.person_id, 'bill.summary_any') then
		v_own := v.person_id;
	end if;
	return query
	with said as (
		select (t.created_at at time zone v_zone)::date as day, t.created_by as person,
		       1 as created, 0 as completed, 0 as parents, 0 as children,
		       0::bigint as expected, 0::bigint as grams
		  from tracetrack.bill t
		 where t.created_at >= v_span.since and t.created_at < v_span.until
		union all
		select (t.completed_at at time zone v_zone)::date, t.completed_by, 0, 1, t.linked,
		       t.children, t.grams_expected, t.grams_actual
		  from tracetrack.bill t
		 where t.completed_at >= v_span.since and t.completed_at < v_span.until
	)
	select s.day, p.login::text, sum(s.created)::integer, sum(s.completed)::integer,
	       sum(s.parents)::integer, sum(s.children)::integer, sum(s.expected)::bigint,
	       sum(s.grams)::bigint
	  from said s join tracetrack.person p on p.id = s.person
	 where v_own is null or s.person = v_own
	 group by s.day, p.login
	 order by s.day desc, p.login
	 limit 10000;
end
$$;

-- The bills made on business days, p_from to p_to (today), by the state that they are in
-- now. Without the right bill.summary_any only one's own. Raises as session_need and
-- day_given do.
create or replace function api.bill_states(p_token text, p_from text default null,
	p_to text default null)
returns table (state text, bills bigint, parents bigint, children bigint, expected bigint,
	grams bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_zone text := tracetrack.setting_text('business_zone');
	v_span record;
	v_any_person boolean;
begin
	v := tracetrack.session_use(p_token, 'bill.read');
	perform tracetrack.session_must(v.outcome);
	v_span := tracetrack.days_span(tracetrack.day_given(p_from),
		tracetrack.day_given(p_to), v_zone);
	v_any_person := tracetrack.person_may(v.person_id, 'bill.summary_any');
	return query
	select t.state, count(*), sum(t.linked)::bigint, sum(t.children)::bigint,
	       sum(t.grams_expected)::bigint, sum(t.grams_actual)::bigint
	  from tracetrack.bill t
	 where t.created_at >= v_span.since and t.created_at < v_span.until
	   and (v_any_person or t.created_by = v.person_id)
	 group by t.state
	 order by array_position('{open,reopened,completed,cancelled}'::text[], t.state);
end
$$;
