-- Imports: a client begins one, stages the rows of its file, and applies them in
-- batches until the state is done. Each step may be repeated: what is staged or
-- applied is not staged or applied again. Right: import.run.
--
-- Ways (mode): good commits each batch, and leaves bad rows out. all stages first,
-- then applies every batch in one transaction, which the client rolls back if a
-- row was refused. dry is the same and always rolled back.

-- The import that a client means, locked; an empty row if there is none.
create or replace function tracetrack.import_find(p_import uuid) returns tracetrack.import
language plpgsql as $$
declare
	i tracetrack.import;
begin
	select * into i from tracetrack.import x where x.request = p_import for no key update;
	return i;
end
$$;

-- How far it is staged: the last line that the database has.
create or replace function tracetrack.import_staged(i tracetrack.import) returns bigint
language plpgsql stable as $$
begin
	if i.state in ('staged', 'done', 'cancelled') then
		return i.last_line;
	end if;
	return coalesce((select max(m.line) from (values (1), (2)) as x (phase),
		lateral (select max(r.line) as line from tracetrack.import_row r
			where r.import_id = i.id and r.phase = x.phase) m), 0);
end
$$;

-- Begins an import, or finds the one with this request id, however far it is: a
-- cancelled one begins anew, and one whose rows the server has lost, or whose code
-- families have changed, is staged again. staged is the last line that is there.
-- Outcomes: ok; not_permitted, session_expired, key_reused, bad_value (kind, mode,
-- sum or number), unknown_area, wrong_area, rate_limited (a new one, not before
-- retry_after seconds are over).
create or replace function api.import_begin(p_token text, p_event uuid, p_kind text,
	p_mode text, p_file text, p_sum text, p_rows bigint, p_last_line bigint,
	p_area text default null)
returns table (outcome text, replayed boolean, state text, staged bigint,
	retry_after integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	i tracetrack.import;
	v_area smallint;
begin
	a := tracetrack.write_begin('import.begin', p_token, p_event, 'import.run',
		jsonb_build_object('kind', p_kind, 'mode', p_mode, 'sum', p_sum, 'rows', p_rows,
			'last_line', p_last_line, 'area', p_area));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		v_area := case when p_area is null then a.area_id else (select x.id
			from tracetrack.area x where x.code = lower(p_area) and x.active) end;
		outcome := case
			when coalesce(p_kind not in ('bags', 'children', 'bills')
			or p_mode not in ('good', 'all', 'dry') or p_sum !~ '^[0-9a-f]{64}$'
			or p_rows < 0 or p_last_line < p_rows, true) then 'bad_value'
			when p_area is not null and v_area is null then 'unknown_area'
			when not a.any_area and v_area <> a.area_id then 'wrong_area'
			else 'ok' end;
		if outcome = 'ok' then
			select t.outcome, t.retry_after into outcome, retry_after
			  from tracetrack.rate_take(a.person_id, 'import') t;
		end if;
		if outcome = 'ok' then
			insert into tracetrack.import (request, base, kind, mode, file, sum, rows,
				last_line, area_id, person_id, station_id, session_id, families)
			values (p_event, tracetrack.import_base(), p_kind, p_mode,
				coalesce(tracetrack.text_clean(p_file, 200), '-'), p_sum, p_rows,
				p_last_line, v_area, a.person_id, a.station_id, a.session_id,
				tracetrack.families_mark());
		end if;
		if outcome = 'rate_limited' then
			perform tracetrack.write_forget(a);
		else
			perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
		end if;
	end if;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	update tracetrack.import x set session_id = a.session_id, station_id = a.station_id
	 where x.request = p_event and x.state <> 'done';
	i := tracetrack.import_find(p_event);
	if i.state = 'cancelled'
	or (i.state <> 'done' and i.families <> tracetrack.families_mark()) then
		delete from tracetrack.import_row r where r.import_id = i.id;
		update tracetrack.import x
		   set state = 'staging', families = tracetrack.families_mark(),
		       ended_at = null, reason = null
		 where x.id = i.id returning * into i;
	elsif i.state in ('staged', 'applying') and not exists (
		select from tracetrack.import_row r where r.import_id = i.id) then
		update tracetrack.import x set state = 'staging' where x.id = i.id returning * into i;
	end if;
	return query select 'ok'::text, a.replayed, i.state, tracetrack.import_staged(i), 0;
end
$$;

-- What is wrong with a row of bags in itself, or null.
create or replace function tracetrack.import_bag_why(p_role text, p_family_role text,
	p_grams text) returns text
language sql immutable as $$
	select case when p_role not in ('parent', 'child') then 'the role must be parent or child'
		when p_role = 'child' and p_family_role = 'parent'
			then 'a parent''s code, said to be a child'
		when p_grams is not null and p_grams !~ '^0*([1-9][0-9]{0,5}|1000000)$'
			then 'the weight must be 1 to 1000000 grams' end
$$;

-- What is wrong with a row of bills in itself, or null: it tells of a bill, or names a
-- parent (p_code) that goes onto it.
create or replace function tracetrack.import_bill_why(p_code text, p_bill text,
	p_destination text, p_vehicle text, p_capacity text) returns text
language sql immutable as $$
	select case when p_bill is null then 'the row names no bill'
		when p_code is not null and coalesce(p_destination, p_vehicle, p_capacity) is not null
			then 'what a bill is stands in a row of its own, without a parent'
		when p_code is not null then null
		when p_destination is null or length(p_destination) > 100
			then 'a bill needs a destination of at most 100 characters'
		when length(p_vehicle) > 40 then 'the vehicle must have at most 40 characters'
		when p_capacity is null or p_capacity !~ '^0*([1-9][0-9]?|100)$'
			then 'a bill needs a capacity of 1 to 100 parents' end
$$;

-- Takes rows of the file: for each its line, code, parent, area, weight, role; or bag
-- (code), bill (parent), destination, vehicle, capacity; and what is wrong with it if the
-- client could not read it. Rows that are there or applied already are passed over. The
-- last line of the file makes it staged.
-- Outcomes: ok; unknown_code (no such import), bad_value (lists of different
-- lengths, or over 10,000 rows), version_moved (it is not being staged).
create or replace function api.import_stage(p_token text, p_import uuid, p_lines bigint[],
	p_codes text[], p_parents text[], p_areas text[] default null,
	p_grams text[] default null, p_roles text[] default null, p_whys text[] default null,
	p_destinations text[] default null, p_vehicles text[] default null,
	p_capacities text[] default null)
returns table (outcome text, staged bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	i tracetrack.import;
	n integer := cardinality(p_lines);
	v_others text := (select string_agg('(?:' || f.pattern || ')', '|')
		from tracetrack.family f where f.role <> 'child');
	v_child record;
	v_staged bigint;
begin
	perform tracetrack.write_durably();
	select u.outcome into outcome from tracetrack.session_use(p_token, 'import.run') u;
	i := tracetrack.import_find(p_import);
	v_staged := tracetrack.import_staged(i);
	outcome := case when outcome <> 'ok' then outcome
		when i.id is null then 'unknown_code'
		when i.state <> 'staging' then 'version_moved'
		when coalesce(n > 10000 or cardinality(p_codes) <> n or cardinality(p_parents) <> n,
			true)
		or n <> any (array[cardinality(p_areas), cardinality(p_grams), cardinality(p_roles),
			cardinality(p_whys), cardinality(p_destinations), cardinality(p_vehicles),
			cardinality(p_capacities)]) then 'bad_value'
		else 'ok' end;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	-- nearly every code is a child's: two expressions tell, where there is one such family;
	-- offset 0: codes are cleaned once
	select f.id, f.pattern, count(*) over () as families into v_child
	  from tracetrack.family f where f.active and f.role = 'child' order by f.id limit 1;
	insert into tracetrack.import_row (import_id, phase, line, family_id, code, parent, area,
		grams, destination, vehicle, capacity, why)
	select i.id, x.phase, x.line, x.family_id, x.code, x.parent, x.area, x.grams, x.destination,
	       x.vehicle, x.capacity, x.why
	  from (
		select case when i.kind = 'bills' and r.code is null or i.kind = 'bags'
			and (r.role = 'parent' or (r.role is null and r.parent is null
			and f.role = 'parent')) then 1 else 2 end as phase,
		       r.*, f.id as family_id, coalesce(left(r.said, 200), case i.kind
			when 'bills' then tracetrack.import_bill_why(r.code, r.parent,
				r.destination, r.vehicle, r.capacity)
			else tracetrack.import_bag_why(r.role, f.role, r.grams) end) as why
		  from (select u.line, tracetrack.code_clean(u.code) as code,
			       tracetrack.code_clean(u.parent) as parent,
			       lower(nullif(btrim(u.area), '')) as area,
			       nullif(btrim(u.grams), '') as grams,
			       lower(nullif(btrim(u.role), '')) as role,
			       tracetrack.text_clean(u.destination, 101) as destination,
			       tracetrack.text_clean(u.vehicle, 41) as vehicle,
			       nullif(btrim(u.capacity), '') as capacity, u.said
			  from unnest(p_lines, p_codes, p_parents, p_areas, p_grams, p_roles,
				p_destinations, p_vehicles, p_capacities, p_whys) as u (line,
				code, parent, area, grams, role, destination, vehicle,
				capacity, said)
			 where u.line > v_staged
			offset 0) r
		  left join tracetrack.family f on i.kind <> 'bills' and f.id = case
			when v_child.families = 1 and r.code ~ v_child.pattern and r.code !~ v_others
			then v_child.id
			else (tracetrack.code_family(r.code)).id end) x
	 where (x.phase, x.line) > (i.phase, i.line);
	staged := p_lines[n];
	if staged >= i.last_line or i.rows = 0 then
		update tracetrack.import set state = 'staged' where id = i.id;
	end if;
	return next;
end
$$;

-- Applies the next batch, of at most p_limit rows (5000; what is made and put onto bills as
-- tracetrack.import_limit says), until the state is done.
-- The figures are of the whole import so far. In the modes all and dry the calls are
-- one transaction. Locks the import, then as sql/import-rules.sql tells.
-- Outcomes: ok; unknown_code (no such import), not_permitted (somebody else's),
-- version_moved (not staged, or the code families have changed: begin again),
-- bad_value (p_limit).
create or replace function api.import_apply(p_token text, p_import uuid,
	p_limit bigint default null)
returns table (outcome text, import uuid, kind text, mode text, state text, rows bigint,
	opened bigint, linked bigint, again bigint, refused bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	i tracetrack.import;
	v record;
begin
	perform tracetrack.write_durably();
	v := tracetrack.session_use(p_token, 'import.run');
	i := tracetrack.import_find(p_import);
	outcome := case when v.outcome <> 'ok' then v.outcome
		when i.id is null then 'unknown_code'
		when i.person_id <> v.person_id then 'not_permitted'
		when p_limit not between 1 and 10000 then 'bad_value'
		when i.state = 'done' then 'ok'
		when i.state not in ('staged', 'applying')
		or i.families <> tracetrack.families_mark() then 'version_moved'
		else 'ok' end;
	if outcome = 'ok' then
		if i.state <> 'done' then
			i := tracetrack.import_next(i, p_limit);
		end if;
		import := i.request;
		kind := i.kind;
		mode := i.mode;
		state := i.state;
		rows := i.rows;
		opened := i.opened;
		linked := i.linked;
		again := i.again;
		refused := i.refused;
	end if;
	return next;
end
$$;

-- What was refused, with who put it there and when.
create or replace function api.import_bad(p_token text, p_import uuid,
	p_after bigint default null, p_limit integer default 1000)
returns table (line bigint, outcome text, code text, parent text, "position" integer,
	state text, other text, other_at timestamptz, other_by text, other_station text, why text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.session_need(p_token, 'import.run');
	return query
	select b.line, b.outcome::text, b.code, b.parent, b.position::integer, p.state::text,
	       b.other, b.other_at, y.login::text, s.name::text, b.why
	  from tracetrack.import i
	  join tracetrack.import_bad b on b.import_id = i.id and b.line > coalesce(p_after, 0)
	  left join tracetrack.person y on y.id = b.other_by
	  left join tracetrack.station s on s.id = b.other_station
	  left join tracetrack.bag p on p.code = tracetrack.code_clean(coalesce(b.parent, b.code))
	   and p.role = 'parent'
	 where i.request = p_import
	 order by b.line limit tracetrack.list_limit(p_limit, 1000, 10000);
end
$$;

-- The imports, newest first; p_after is the id of the last one seen.
create or replace function api.import_list(p_token text, p_after uuid default null,
	p_limit integer default 100)
returns table (import uuid, kind text, mode text, state text, file text, rows bigint,
	opened bigint, linked bigint, again bigint, refused bigint, by text,
	started_at timestamptz, ended_at timestamptz, reason text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.session_need(p_token, 'import.run');
	return query
	select i.request, i.kind, i.mode, i.state, i.file, i.rows, i.opened, i.linked, i.again,
	       i.refused, p.login::text, i.started_at, i.ended_at, i.reason
	  from tracetrack.import i join tracetrack.person p on p.id = i.person_id
	 where p_after is null or i.id < (select x.id from tracetrack.import x
		where x.request = p_after)
	 order by i.id desc limit tracetrack.list_limit(p_limit);
end
$$;

-- Gives up an import that is not done. What is applied stays; begun again, it
-- goes on there. Outcomes: ok; unknown_code (no such import), version_moved (done).
create or replace function api.import_cancel(p_token text, p_event uuid, p_import uuid,
	p_reason text)
returns table (outcome text, replayed boolean, opened bigint, linked bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	a tracetrack.act;
	i tracetrack.import;
	v_reason text := tracetrack.text_clean(p_reason, 200);
begin
	a := tracetrack.write_begin('import.cancel', p_token, p_event, 'import.run',
		jsonb_build_object('import', p_import, 'reason', v_reason));
	i := tracetrack.import_find(p_import);
	outcome := a.outcome;
	if a.outcome is null then
		outcome := case when i.id is null then 'unknown_code'
			when v_reason is null then 'bad_value'
			when i.state = 'done' then 'version_moved'
			else 'ok' end;
		update tracetrack.import
		   set state = 'cancelled', ended_at = now(), reason = v_reason
		 where id = i.id and outcome = 'ok';
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	replayed := a.replayed;
	if outcome = 'ok' then
		opened := i.opened;
		linked := i.linked;
	end if;
	return next;
end
$$;

-- Clears away rows of ended imports, at most 50,000, and tells how many those were. When
-- all imports have ended all of them go at once, unless somebody is looking at the table.
-- Outcomes: ok, not_permitted, session_expired.
create or replace function api.import_sweep(p_token text)
returns table (outcome text, swept bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_swept bigint;
begin
	select u.outcome into outcome from tracetrack.session_use(p_token, 'import.run') u;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	begin
		lock table tracetrack.import_row in access exclusive mode nowait;
		swept := (select count(*) from tracetrack.import_row where not exists (
			select from tracetrack.import i where i.state not in ('done', 'cancelled')));
		if swept > 0 then
			truncate tracetrack.import_row;
		end if;
	exception when lock_not_available then
		null;
	end;
	delete from tracetrack.import_row r
	 where r.ctid = any (array(
		select x.ctid from tracetrack.import i
		  join tracetrack.import_row x on x.import_id = i.id
		 where i.state in ('done', 'cancelled') limit 50000));
	get diagnostics v_swept = row_count;
	swept := coalesce(swept, 0) + v_swept;
	return next;
end
$$;
