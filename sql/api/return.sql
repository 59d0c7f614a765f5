-- Goods that come back: tickets on which parents are collected, and the commit that
-- takes them off their bills. What bills and bags become by it is in the ledger.
-- Outcomes of all writes: session_expired, not_permitted, bad_format, key_reused.

-- Opens a ticket; its number is issued. Outcomes: tracetrack.return_make.
create or replace function api.return_open(p_token text, p_event uuid,
	p_location text default null, p_notes text default null)
returns tracetrack.return_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('return.open', p_token, p_event, 'return.edit',
		jsonb_build_object('location', p_location, 'notes', p_notes));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.return_answer, a.answer);
	end if;
	return tracetrack.return_end(a, tracetrack.return_make(
		tracetrack.office_begin(a, 'return_open', null), p_location, p_notes));
end
$$;

-- Puts a parent onto a ticket. Outcomes: tracetrack.return_put.
create or replace function api.return_add(p_token text, p_event uuid, p_code text default null,
	p_ticket text default null)
returns tracetrack.return_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('return.add', p_token, p_event, 'return.edit',
		jsonb_build_object('code', p_code, 'ticket', p_ticket));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.return_answer, a.answer);
	end if;
	return tracetrack.return_end(a, tracetrack.return_put(
		tracetrack.office_begin(a, 'return_add', p_ticket, p_code)));
end
$$;

-- Takes a parent off a ticket. Outcomes: tracetrack.return_take.
create or replace function api.return_remove(p_token text, p_event uuid,
	p_code text default null, p_ticket text default null)
returns tracetrack.return_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('return.remove', p_token, p_event,
		'return.edit', jsonb_build_object('code', p_code, 'ticket', p_ticket));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.return_answer, a.answer);
	end if;
	return tracetrack.return_end(a, tracetrack.return_take(
		tracetrack.office_begin(a, 'return_remove', p_ticket, p_code)));
end
$$;

-- Takes all bags of a ticket off their bills. Outcomes: tracetrack.return_close.
create or replace function api.return_commit(p_token text, p_event uuid,
	p_ticket text default null)
returns tracetrack.return_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('return.commit', p_token, p_event,
		'return.commit', jsonb_build_object('ticket', p_ticket));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.return_answer, a.answer);
	end if;
	return tracetrack.return_end(a, tracetrack.return_close(
		tracetrack.office_begin(a, 'return_commit', p_ticket)));
end
$$;

-- Gives a ticket up; every bag stays where it is. Outcomes: tracetrack.return_void.
create or replace function api.return_cancel(p_token text, p_event uuid,
	p_ticket text default null, p_reason text default null)
returns tracetrack.return_answer
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act := tracetrack.write_begin('return.cancel', p_token, p_event,
		'return.edit', jsonb_build_object('ticket', p_ticket, 'reason', p_reason));
begin
	if a.outcome is not null then
		return jsonb_populate_record(null::tracetrack.return_answer, a.answer);
	end if;
	return tracetrack.return_end(a, tracetrack.return_void(
		tracetrack.office_begin(a, 'return_cancel', p_ticket, null, p_reason)));
end
$$;

-- The columns of a ticket in lists.
create or replace function tracetrack.return_row(t tracetrack.return_ticket)
returns table (ticket text, state text, location text, bags integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	notes text, reason text)
language sql stable as $$
	select t.number::text, t.state, t.location, t.bags, t.grams, t.opened_at,
	       (select login::text from tracetrack.person where id = t.opened_by),
	       t.closed_at,
	       (select login::text from tracetrack.person where id = t.closed_by),
	       t.notes, t.reason
$$;

-- Tickets, newest first: p_limit (1 to 1000) of them after the one of number
-- p_after, of one state or of all. Raises as session_need does.
create or replace function api.return_list(p_token text, p_state text default null,
	p_after text default null, p_limit integer default null)
returns table (ticket text, state text, location text, bags integer, grams bigint,
	opened_at timestamptz, opened_by text, closed_at timestamptz, closed_by text,
	notes text, reason text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_after bigint := coalesce((select id from tracetrack.return_ticket
		where number = tracetrack.code_clean(p_after)), 9223372036854775807);
	v_limit integer := tracetrack.list_limit(p_limit);
begin
	perform tracetrack.session_need(p_token, 'return.read');
	if p_state is null then
		return query
		select r.* from (select t from tracetrack.return_ticket t where t.id < v_after
			order by t.id desc limit v_limit) x,
		       tracetrack.return_row(x.t) r;
	else
		return query
		select r.* from (select t from tracetrack.return_ticket t
			where t.state = p_state and t.id < v_after
			order by t.id desc limit v_limit) x,
		       tracetrack.return_row(x.t) r;
	end if;
end
$$;

-- A ticket with its bags: [{code, bill, children, grams, at, by}], as they were when
-- they came onto it, of a committed one as they were then. Outcomes: ok, no_ticket,
-- not_permitted, session_expired.
create or replace function api.return_show(p_token text, p_ticket text)
returns table (outcome text, ticket text, state text, location text, bags integer,
	grams bigint, opened_at timestamptz, opened_by text, closed_at timestamptz,
	closed_by text, notes text, reason text, bags_list jsonb)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	t tracetrack.return_ticket;
begin
	v := tracetrack.session_use(p_token, 'return.read');
	outcome := v.outcome;
	ticket := left(tracetrack.code_clean(p_ticket), 64);
	if outcome = 'ok' then
		select * into t from tracetrack.return_ticket x where x.number = ticket;
		if found then
			return query
			select 'ok'::text, r.*, (select coalesce(jsonb_agg(jsonb_build_object(
				'code', b.code, 'bill', l.number, 'children', x.children, 'grams',
				x.grams, 'at', x.at, 'by', p.login) order by x.at, b.id), '[]')
				  from tracetrack.return_bag x
				  join tracetrack.bag b on b.id = x.bag_id
				  join tracetrack.bill l on l.id = x.bill_id
				  join tracetrack.person p on p.id = x.person_id
				 where x.ticket_id = t.id)
			  from tracetrack.return_row(t) r;
			return;
		end if;
		outcome := 'no_ticket';
	end if;
	return next;
end
$$;
