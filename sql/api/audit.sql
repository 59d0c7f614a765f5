-- The audit: who changed what; seals, and whether they hold.

-- What an update changed, as {"column": [before, after]}; else the whole row.
create or replace function tracetrack.audit_changes(p_before jsonb, p_after jsonb)
returns jsonb
language sql immutable as $$
	select case when p_before is null or p_after is null then coalesce(p_after, p_before)
		else (select jsonb_object_agg(coalesce(b.key, a.key),
				jsonb_build_array(b.value, a.value))
			  from jsonb_each(p_before) b full join jsonb_each(p_after) a on a.key = b.key
			 where a.value is distinct from b.value) end
$$;

-- Changes, newest first, below number p_after, at most p_limit (1 to 1000): by a
-- person, at a station ('-' for none), of a table, between two times. Raises as
-- session_need does.
create or replace function api.audit_list(p_token text, p_person text default null,
	p_station text default null, p_kind text default null,
	p_from timestamptz default null, p_to timestamptz default null,
	p_after bigint default null, p_limit integer default 100)
returns table (number bigint, at timestamptz, person text, station text, kind text,
	key text, operation text, changes jsonb, approver text, db_role text, request uuid)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	v_person integer := (select p.id from tracetrack.person p
		where p.login = tracetrack.login_clean(p_person));
	v_station integer := (select s.id from tracetrack.station s where s.name = p_station);
begin
	perform tracetrack.session_need(p_token, 'audit.list');
	return query
	select a.number, a.at, p.login::text, s.name::text, a.table_name::text, a.key::text,
	       a.operation, tracetrack.audit_changes(a.before, a.after), y.login::text, a.db_role,
	       a.request
	  from tracetrack.audit a
	  left join tracetrack.person p on p.id = a.person_id
	  left join tracetrack.person y on y.id = a.approver_id
	  left join tracetrack.station s on s.id = a.station_id
	 where (p_person is null or a.person_id = v_person)
	   and (p_station is null or a.station_id = v_station)
	   and (p_kind is null or a.table_name = p_kind)
	   and (p_from is null or a.at >= p_from)
	   and (p_to is null or a.at < p_to)
	   and (p_after is null or a.number < p_after)
	 order by a.number desc
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- All that happened to one thing, newest first, before p_before: a row of a table by
-- its key, such as person asha or role_right biller/bag.read. Of a bag that is the
-- ledger and what the ledger can't tell. Rows of one time come together, so that
-- there may be a few more than p_limit (1 to 1000). Raises as session_need does.
create or replace function api.audit_entity(p_token text, p_kind text, p_key text,
	p_before timestamptz default null, p_limit integer default 100)
returns table (at timestamptz, number bigint, source text, person text, station text,
	operation text, changes jsonb, approver text, db_role text, request uuid)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_bag bigint := (select b.id from tracetrack.bag b
		where p_kind = 'bag' and b.code = tracetrack.code_clean(p_key));
begin
	perform tracetrack.session_need(p_token, 'audit.list');
	return query
	with told as (
		select a.at, a.number, 'audit' as source, a.person_id, a.approver_id,
		       a.station_id, a.operation, tracetrack.audit_changes(a.before, a.after)
			as changes, a.db_role, a.request
		  from tracetrack.audit a
		 where a.table_name = p_kind
		   and a.key = case when v_bag is null then p_key
			else tracetrack.code_clean(p_key) end
		union all
		select e.at, e.number, 'ledger', e.person_id, null, e.station_id, e.action,
		       jsonb_strip_nulls(jsonb_build_object('outcome', e.outcome, 'code', e.code,
			'parent', e.parent_code, 'reason', e.reason, 'undoes', e.undoes)),
		       null, e.id
		  from tracetrack.event e
		 where v_bag is not null and (e.child_id = v_bag or e.parent_id = v_bag)
	), page as (
		select * from told where p_before is null or told.at < p_before
		 order by told.at desc
		 fetch first tracetrack.list_limit(p_limit) rows with ties
	)
	select t.at, t.number, t.source, p.login::text, s.name::text, t.operation, t.changes,
	       y.login::text, t.db_role, t.request
	  from page t
	  left join tracetrack.person p on p.id = t.person_id
	  left join tracetrack.person y on y.id = t.approver_id
	  left join tracetrack.station s on s.id = t.station_id
	 order by t.at desc, t.source, t.number desc;
end
$$;

-- Seals what was committed since the last seal, at most p_limit (1 to 100) seals of
-- 5000 rows; more tells that there is more at once. Doing it twice is fine. Looks
-- for silent stations too, because it is called all the time.
-- Outcomes: ok, not_permitted, session_expired.
create or replace function api.audit_seal(p_token text, p_limit integer default 10,
	p_seals bigint default 0, p_rows bigint default 0)
returns table (outcome text, seals bigint, rows bigint, more boolean, last bigint, hash text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_seals bigint := least(coalesce(p_seals, 0), 1::bigint << 60);
	v_rows bigint := least(coalesce(p_rows, 0), 1::bigint << 60);
begin
	perform tracetrack.write_durably();
	v := tracetrack.session_use(p_token, 'audit.seal');
	outcome := v.outcome;
	if outcome = 'ok' then
		select v_seals + r.seals, v_rows + r.rows, r.more into seals, rows, more
		  from tracetrack.seal_run(least(greatest(coalesce(p_limit, 10), 1), 100)) r;
		perform tracetrack.notify_silence();
		select s.number, encode(s.hash, 'hex') into last, hash
		  from tracetrack.seal s order by s.number desc limit 1;
	end if;
	return next;
end
$$;

-- The seals after number p_after, at most p_limit (1 to 1000). Raises as
-- session_need does.
create or replace function api.audit_seals(p_token text, p_after bigint default 0,
	p_limit integer default 100)
returns table (number bigint, at timestamptz, source text, first bigint, last bigint,
	rows integer, hash text, previous text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'audit.verify');
	return query
	select s.number, s.at, s.source, s.first, s.last, s.rows, encode(s.hash, 'hex'),
	       encode(s.previous, 'hex')
	  from tracetrack.seal s where s.number > coalesce(p_after, 0)
	 order by s.number
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- Whether seals after p_after hold, at most p_limit (1 to 100) of them; more tells
-- that the next piece begins after last. With p_hash (hex) seal p_seal must have that
-- hash, which was kept elsewhere. p_seals and p_rows are what earlier pieces counted.
-- Outcomes: ok, chain_broken (finding says where; there is a notification), bad_value
-- (a hash without a seal), not_permitted, session_expired.
create or replace function api.audit_verify(p_token text, p_after bigint default 0,
	p_limit integer default 10, p_seal bigint default null, p_hash text default null,
	p_seals bigint default 0, p_rows bigint default 0)
returns table (outcome text, seals bigint, rows bigint, after bigint, finding text, more boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_seals bigint := least(coalesce(p_seals, 0), 1::bigint << 60);
	v_rows bigint := least(coalesce(p_rows, 0), 1::bigint << 60);
begin
	v := tracetrack.session_use(p_token, 'audit.verify');
	outcome := v.outcome;
	if outcome = 'ok' and (p_seal is null) <> (p_hash is null) then
		outcome := 'bad_value';
	elsif outcome = 'ok' then
		select v_seals + r.seals, v_rows + r.rows, r.verified, r.finding, r.more
		  into seals, rows, after, finding, more
		  from tracetrack.seal_verify(p_after, least(greatest(coalesce(p_limit, 10), 1),
			100)) r;
		if finding is null and p_seal is not null and not exists (
			select from tracetrack.seal s
			 where s.number = p_seal and encode(s.hash, 'hex') = lower(p_hash)) then
			finding := format('seal %s has not this hash', p_seal);
			more := false;
		end if;
		outcome := case when finding is null then 'ok' else 'chain_broken' end;
		if finding is not null then
			perform tracetrack.write_durably();
			perform tracetrack.notify('chain_broken', 'seals', finding);
		end if;
	end if;
	return next;
end
$$;
