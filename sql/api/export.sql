-- Exports. A client opens a page and copies its rows, in one transaction, as often
-- as the answer has a key:
--
--	begin;
--	select * from api.export_page(:token, 'bags', :key, ...);
--	copy (select * from api.export_bags()) to stdout (format csv);
--	commit;
--
-- COPY takes no parameters, so the page is kept for the transaction, signed. The
-- server writes the CSV; a page is small enough that a slow line has it before a
-- pooler's time is over. Right: export.run, and one for what is read.

-- Finds the page that this transaction has opened, for the rows of p_what. Raises
-- 42501 if there is none.
create or replace function tracetrack.export_opened(p_what text) returns tracetrack.export
language plpgsql as $$
declare
	v_text text := coalesce(current_setting('tracetrack.export', true), '');
	v_page text := substr(v_text, 65);
	x tracetrack.export;
begin
	if left(v_text, 64) = tracetrack.act_mark('export' || v_page) then
		x := v_page::tracetrack.export;
	end if;
	if x.what is distinct from p_what then
		raise insufficient_privilege using message = 'no page of ' || p_what || ' is open',
			hint = 'Call api.export_page first, in the same transaction.';
	end if;
	return x;
end
$$;

-- A text that no spreadsheet takes for a formula, unless it is wanted as it is: = + - @,
-- TAB and line ends get a ' in front.
create or replace function tracetrack.export_text(p_text text, p_raw boolean) returns text
language sql immutable parallel safe as $$
	select case when p_raw or ascii(p_text) > 64 then p_text
		when ascii(p_text) in (9, 10, 13, 43, 45, 61, 64) then '''' || p_text
		else p_text end
$$;

-- What can be exported: its name, the right to read it, whether it has areas, and its
-- first key behind p_after and its last one.
create or replace function tracetrack.export_find(p_what text, p_after bigint, out reading text,
	out has_area boolean, out first bigint, out last bigint)
language plpgsql stable as $$
begin
	case p_what
	when 'bags' then
		reading := 'bag.read';
		has_area := true;
		first := (select min(b.id) from tracetrack.bag b where b.id > p_after);
		last := (select max(b.id) from tracetrack.bag b);
	when 'scans' then
		reading := 'bag.read';
		has_area := true;
		first := (select min(e.number) from tracetrack.event e where e.number > p_after);
		last := (select max(e.number) from tracetrack.event e);
	when 'bills' then
		reading := 'bill.read';
		has_area := false;
		first := (select min(t.id) from tracetrack.bill t where t.id > p_after);
		last := (select max(t.id) from tracetrack.bill t);
	when 'audit' then
		reading := 'audit.list';
		has_area := false;
		first := (select min(a.number) from tracetrack.audit a where a.number > p_after);
		last := (select max(a.number) from tracetrack.audit a);
	else
		null;
	end case;
end
$$;

-- Takes the page behind p_after: once for each that has ended there, within a day, else as
-- an export of its own, by the allowance of the person. A place that somebody is taking is
-- waited for where no other is free: it is there again if that page is broken off.
-- Outcomes: ok, rate_limited.
create or replace function tracetrack.export_take(p_person integer, p_what text, p_after bigint,
	out outcome text, out retry_after integer)
language plpgsql as $$
declare
	v_place bigint;
begin
	outcome := 'ok';
	select x.id into v_place from tracetrack.export_next x
	 where x.person_id = p_person and x.what = p_what and x.key = p_after
	   and x.at >= now() - interval '1 day'
	 order by x.id limit 1 for update skip locked;
	if not found then
		select x.id into v_place from tracetrack.export_next x
		 where x.person_id = p_person and x.what = p_what and x.key = p_after
		   and x.at >= now() - interval '1 day'
		 order by x.id limit 1 for update;
	end if;
	delete from tracetrack.export_next n where n.id = v_place;
	if not found then
		delete from tracetrack.export_next n
		 where n.person_id = p_person and n.at < now() - interval '1 day';
		select t.outcome, t.retry_after into outcome, retry_after
		  from tracetrack.rate_take(p_person, 'export') t;
	end if;
end
$$;

-- Opens the page of p_limit keys (20000) behind p_after: bags of an area, or since a
-- time and before another. key is where the next page begins, null behind the last
-- row; last is the highest key that there is now.
-- For the copy times are of UTC, and it has so many seconds as the answer says: the server
-- ends it then, before a pooler would, and the client waits for that. The limit counts pages
-- that go on where none before has ended, such as the first.
-- Outcomes: ok; not_permitted, session_expired, bad_value (what, limit, or an area of what
-- has none), unknown_area, rate_limited (an export, not before retry_after seconds are
-- over).
create or replace function api.export_page(p_token text, p_what text, p_after bigint,
	p_area text, p_from timestamptz, p_to timestamptz, p_raw boolean, p_limit bigint)
returns table (outcome text, key bigint, last bigint, retry_after integer, seconds integer)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	v_area smallint := (select a.id from tracetrack.area a where a.code = lower(p_area));
	v_after bigint := coalesce(p_after, 0);
	v_page text;
	f record;
	u record;
begin
	u := tracetrack.session_use(p_token, 'export.run');
	select * into f from tracetrack.export_find(p_what, v_after);
	outcome := case when u.outcome <> 'ok' then u.outcome
		when f.reading is null or p_limit not between 1 and 20000
		or (p_area is not null and not f.has_area) then 'bad_value'
		when p_area is not null and v_area is null then 'unknown_area'
		when not tracetrack.person_may(u.person_id, f.reading) then 'not_permitted'
		else 'ok' end;
	if outcome = 'ok' then
		select t.outcome, t.retry_after into outcome, retry_after
		  from tracetrack.export_take(u.person_id, p_what, v_after) t;
	end if;
	if outcome = 'ok' then
		last := f.last;
		key := f.first + coalesce(p_limit, 20000) - 1;
		v_page := row(p_what, v_after, coalesce(key, v_after), v_area, p_from, p_to,
			coalesce(p_raw, false))::tracetrack.export::text;
		perform set_config('tracetrack.export',
			tracetrack.act_mark('export' || v_page) || v_page, true);
		seconds := 25;
		perform set_config('timezone', 'UTC', true),
			set_config('statement_timeout', seconds || 's', true);
		key := case when key < last then key end;
		insert into tracetrack.export_next (person_id, what, key)
		select u.person_id, p_what, export_page.key where export_page.key is not null;
	end if;
	return next;
end
$$;

-- The rows of the page that is open. Each of the few areas, families and people is looked
-- up once, and so are parents, for their children lie together.
create or replace function api.export_bags()
returns table (code text, role text, family text, state text, area text, parent text,
	"position" smallint, children smallint, capacity smallint, grams bigint, bill text,
	since timestamptz, by text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_custom_plan set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	x tracetrack.export := tracetrack.export_opened('bags');
begin
	return query
	select tracetrack.export_text(b.code, x.raw), b.role, f.name, b.state, a.code,
	       tracetrack.export_text(p.code, x.raw), b.position, b.child_count, b.capacity,
	       coalesce(b.grams_measured, b.grams_expected),
	       case when b.bill_id is not null then (
			select tracetrack.export_text(t.number, x.raw)
			  from tracetrack.bill t where t.id = b.bill_id) end,
	       b.since, tracetrack.export_text(y.login, x.raw)
	  from tracetrack.bag b
	  join tracetrack.family f on f.id = b.family_id
	  join tracetrack.area a on a.id = b.area_id
	  join tracetrack.person y on y.id = b.person_id
	  left join tracetrack.bag p on p.id = b.parent_id
	 where b.id > x.after and b.id <= x.upto
	   and (x.area_id is null or b.area_id = x.area_id)
	   and (x.since is null or b.since >= x.since)
	   and (x.before is null or b.since < x.before)
	 order by b.id;
end
$$;

-- The same of the ledger, by the number of its events.
create or replace function api.export_scans()
returns table (number bigint, at timestamptz, station text, person text, action text, outcome text,
	code text, parent text, "position" smallint, children smallint, grams bigint,
	reason text, offline boolean, event uuid)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_custom_plan set enable_hashjoin = off set enable_mergejoin = off
as $$
declare
	x tracetrack.export := tracetrack.export_opened('scans');
begin
	return query
	select e.number, e.at, tracetrack.export_text(s.name, x.raw),
	       tracetrack.export_text(y.login, x.raw), e.action, e.outcome,
	       tracetrack.export_text(e.code, x.raw),
	       tracetrack.export_text(coalesce(p.code, e.parent_code), x.raw), e.position,
	       e.children, e.grams, tracetrack.export_text(e.reason, x.raw), e.offline, e.id
	  from tracetrack.event e
	  join tracetrack.station s on s.id = e.station_id
	  join tracetrack.person y on y.id = e.person_id
	  left join tracetrack.bag p on p.id = e.parent_id
	 where e.number > x.after and e.number <= x.upto
	   and (x.area_id is null or p.area_id = x.area_id)
	   and (x.since is null or e.at >= x.since)
	   and (x.before is null or e.at < x.before)
	 order by e.number;
end
$$;

-- The same of the bills, in the order in which they were made.
create or replace function api.export_bills()
returns table (number text, state text, destination text, vehicle text, capacity smallint,
	bags smallint, children integer, grams_expected bigint, grams_actual bigint,
	created_at timestamptz, created_by text, completed_at timestamptz, completed_by text, reason text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	x tracetrack.export := tracetrack.export_opened('bills');
begin
	return query
	select tracetrack.export_text(t.number, x.raw), t.state,
	       tracetrack.export_text(t.destination, x.raw),
	       tracetrack.export_text(t.vehicle, x.raw), t.capacity, t.linked, t.children,
	       t.grams_expected, t.grams_actual, t.created_at,
	       tracetrack.export_text(c.login, x.raw), t.completed_at,
	       tracetrack.export_text(d.login, x.raw), tracetrack.export_text(t.reason, x.raw)
	  from tracetrack.bill t
	  join tracetrack.person c on c.id = t.created_by
	  left join tracetrack.person d on d.id = t.completed_by
	 where t.id > x.after and t.id <= x.upto
	   and (x.since is null or t.created_at >= x.since)
	   and (x.before is null or t.created_at < x.before)
	 order by t.id;
end
$$;

-- The same of the audit, by its numbers.
create or replace function api.export_audit()
returns table (number bigint, at timestamptz, person text, station text, kind text, key text,
	operation text, changes jsonb, approver text, db_role text, request uuid)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
declare
	x tracetrack.export := tracetrack.export_opened('audit');
begin
	return query
	select a.number, a.at, tracetrack.export_text(p.login, x.raw),
	       tracetrack.export_text(s.name, x.raw), a.table_name,
	       tracetrack.export_text(a.key, x.raw), a.operation,
	       tracetrack.audit_changes(a.before, a.after),
	       tracetrack.export_text(y.login, x.raw),
	       tracetrack.export_text(a.db_role, x.raw), a.request
	  from tracetrack.audit a
	  left join tracetrack.person p on p.id = a.person_id
	  left join tracetrack.person y on y.id = a.approver_id
	  left join tracetrack.station s on s.id = a.station_id
	 where a.number > x.after and a.number <= x.upto
	   and (x.since is null or a.at >= x.since) and (x.before is null or a.at < x.before)
	 order by a.number;
end
$$;
