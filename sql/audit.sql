-- The audit: which tables it watches, and how.
--
-- What scans do to bags is told by the ledger: who, where, when, what, and what was
-- undone. So a bag is watched only for changes that no row of the ledger tells, by
-- columns that the path of a child scan never sets; an insert fires no trigger, and
-- the update of the parent none either.

-- Tells the triggers of the audit who acts, for this transaction. Signed,
-- because any client may set what it likes before it calls.
-- What was changed before is written down to whoever acted then.
create or replace function tracetrack.act_as(p_person integer, p_station integer,
	p_session bigint, p_request uuid default null, p_approver integer default null)
returns void
language plpgsql as $$
declare
	v_who text := format('%s,%s,%s,%s,%s', p_person, p_station, p_session, p_request,
		p_approver);
begin
	set constraints tracetrack.audited, tracetrack.audited_other immediate;
	perform set_config('tracetrack.act', v_who || ',' || tracetrack.act_mark(v_who), true);
end
$$;

-- The signature of such a text: good in this transaction only.
create or replace function tracetrack.act_mark(p_who text) returns text
language sql volatile as $$
	select encode(tracetrack.hmac(convert_to(p_who || pg_current_xact_id()::text, 'UTF8'),
		s.value, 'sha256'), 'hex')
	  from tracetrack.secret s where s.name = 'act_key'
$$;

-- Who acts in this transaction; nulls if nobody has said so.
create or replace function tracetrack.act_who(out person_id integer, out station_id integer,
	out session_id bigint, out request uuid, out approver_id integer)
language plpgsql as $$
declare
	v_text text := current_setting('tracetrack.act', true);
	v_part text[];
begin
	if coalesce(v_text, '') = '' then
		return;
	end if;
	v_part := string_to_array(v_text, ',', '');
	if tracetrack.act_mark(array_to_string(v_part[1:5], ',', '')) = v_part[6] then
		person_id := v_part[1];
		station_id := v_part[2];
		session_id := v_part[3];
		request := v_part[4];
		approver_id := v_part[5];
	end if;
end
$$;

-- The tables that are watched. key: the columns that name a row, once and for all.
-- noise: columns that change by themselves and are left out. secret: columns of
-- which only the change is told. moves: what is watched. told: an update of which
-- the ledger tells all, and so nothing is written here. whole: whether the audit
-- knows every row, so that the table can be compared with it.
create or replace function tracetrack.audit_list()
returns table (table_name text, key text[], noise text[], secret text[], moves text[],
	told text, whole boolean)
language sql immutable as $$
	select x.t, x.k::text[], x.n::text[], x.s::text[],
	       coalesce(x.m::text[], '{insert,update,delete}'), x.o, x.m is null and x.o is null
	  from (values
	('approval', '{id}', '{xact}', '{}', null, null),
	('area', '{code}', '{}', '{}', null, null),
	('bag', '{code}', '{child_count,position,grams_expected,since,person_id,station_id,event_id,
		closed_at,closed_by,closed_station,closed_event,
		bill_id,bill_at,bill_by,bill_station,bill_event,bill_manual}', '{}',
		'{update,delete}', 'tracetrack.bag_told(old, new)'),
	('bill', '{number}', '{linked,children,grams_expected,grams_actual}', '{}', null,
		'old.completed_event is distinct from new.completed_event'),
	('exception', '{event}', '{}', '{}', '{update,delete}', null),
	('family', '{name}', '{}', '{}', null, null),
	('notification', '{id}', '{times,last_at,detail}', '{}', '{update,delete}', null),
	('import', '{id}', '{rows,last_line,state,phase,line,opened,linked,completed,again,refused,
		ended_at,session_id,station_id}', '{}', null, null),
	('person', '{login}', '{}', '{salt,ops,mem,verifier}', null, null),
	('person_badge', '{person_id}', '{}', '{verifier}', null, null),
	('person_pin', '{person_id}', '{failures}', '{salt,ops,mem,verifier}', null, null),
	('person_totp', '{person_id}', '{last_step}', '{secret}', null, null),
	('promotion', '{id}', '{}', '{}', null, null),
	('return_bag', '{ticket_id,bag_id}', '{}', '{}', null, null),
	('return_ticket', '{number}', '{bags,grams}', '{}', null, null),
	('role', '{name}', '{rights}', '{}', null, null),
	('role_right', '{role,right_name}', '{}', '{}', null, null),
	('secret', '{name}', '{}', '{value}', null, null),
	('session', '{id}', '{token_hash,expires_at,extended_at}', '{}',
		'{insert,update,delete}', null),
	('setting', '{name}', '{}', '{}', null, null),
	('station', '{name}', '{version,last_seen}', '{}', null, null)
	  ) as x (t, k, n, s, m, o)
$$;

-- The tables that are not, and why.
create or replace function tracetrack.audit_exceptions()
returns table (table_name text, reason text)
language sql immutable as $$
	values
	('activity_day', 'sums that readers keep; compared with the ledger'),
	('activity_hour', 'sums that readers keep; compared with the ledger'),
	('activity_minute', 'sums that readers keep; compared with the ledger'),
	('activity_outcome', 'sums that readers keep; compared with the ledger'),
	('activity_state', 'how far those sums go'),
	('audit', 'the audit itself; append-only and sealed'),
	('audit_counter', 'the numbers of the audit'),
	('dashboard_kept', 'figures for those who ask within a second'),
	('event', 'the ledger; append-only and sealed'),
	('export_next', 'where exports go on; forgotten after a day'),
	('import_bad', 'lines of a file that were refused; written by imports alone'),
	('import_row', 'lines of a file on their way in'),
	('login_failure', 'counts wrong passwords, by itself; forgotten after a day'),
	('migration', 'written by tracetrackctl db migrate alone'),
	('operation', 'answers of requests; what they changed is in the audit'),
	('person_code', 'hashes of backup codes and nothing else'),
	('rate', 'counts what people take, by itself'),
	('request', 'request ids of the ledger; append-only'),
	('seal', 'the seals themselves; a chain'),
	('seal_mark', 'how far the seals may go'),
	('tally', 'counters that scans keep; compared with the ledger')
$$;

-- A row without noise; of a secret only whether there is one.
create or replace function tracetrack.audit_image(p_row jsonb, p_noise text[], p_secret text[])
returns jsonb
language plpgsql immutable as $$
begin
	p_row := p_row - p_noise;
	if p_secret <> '{}' then
		p_row := p_row || (select coalesce(jsonb_object_agg(key, '***'), '{}')
			from jsonb_each(p_row) where key = any (p_secret) and value <> 'null');
	end if;
	return p_row;
end
$$;

create or replace function tracetrack.audit_key(p_row jsonb, p_key text[]) returns text
language sql immutable as $$
	select string_agg(p_row ->> k, '/' order by n) from unnest(p_key) with ordinality x (k, n)
$$;

-- Adds a row to the audit. Locks the counter of its station to the end of the
-- transaction.
create or replace function tracetrack.audit_add(p_operation text, p_table text, p_key text,
	p_before jsonb, p_after jsonb) returns void
language plpgsql as $$
declare
	w record;
	v_station integer;
	v_number bigint;
	v_session jsonb := coalesce(p_after, p_before);
begin
	select * into w from tracetrack.act_who();
	if w.station_id is null and p_table = 'session' and session_user <> current_user then
		-- who logs in, locks or leaves does it to the own session
		w.person_id := v_session ->> 'person_id';
		w.station_id := v_session ->> 'station_id';
		w.session_id := v_session ->> 'id';
	end if;
	v_station := coalesce(w.station_id, 0);
	insert into tracetrack.audit_counter as c (station_id, last) values (v_station, 1)
	on conflict (station_id) do update set last = c.last + 1
	returning last into v_number;
	insert into tracetrack.audit (station_id, station_number, person_id, approver_id,
		session_id, request, operation, table_name, key, before, after)
	values (v_station, v_number, w.person_id, w.approver_id, w.session_id, w.request,
		p_operation, p_table, p_key, p_before, p_after);
end
$$;

-- The trigger of every row: arguments are key, noise and secret of the list. Fires
-- at the end of the transaction, when nothing else is locked any more; runs as the
-- owner, because by then the caller's function is over.
create or replace function tracetrack.audit_row() returns trigger
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set timezone = 'UTC'
as $$
declare
	v_key text[] := tg_argv[0];
	v_noise text[] := tg_argv[1];
	v_secret text[] := tg_argv[2];
	v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - v_noise end;
	v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - v_noise end;
	v_after jsonb := tracetrack.audit_image(v_new, v_noise, v_secret);
begin
	if v_old = v_new then
		return null;
	end if;
	if tg_op = 'UPDATE' and v_secret <> '{}' then
		v_after := v_after || (select coalesce(jsonb_object_agg(key, '*** changed'), '{}')
			from jsonb_each(v_new) where key = any (v_secret)
			 and value is distinct from v_old -> key and value <> 'null');
	end if;
	perform tracetrack.audit_add(lower(tg_op), tg_table_name,
		tracetrack.audit_key(coalesce(v_new, v_old), v_key),
		tracetrack.audit_image(v_old, v_noise, v_secret), v_after);
	return null;
end
$$;

create or replace function tracetrack.audit_emptied() returns trigger
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.audit_add('truncate', tg_table_name, '', null, null);
	return null;
end
$$;

-- Whether the ledger tells what became of a bag: it came to its place by another
-- event, or its closing is another one, and nothing changed that no scan changes.
create or replace function tracetrack.bag_told(o tracetrack.bag, n tracetrack.bag)
returns boolean
language sql immutable as $$
	select (n.id, n.code, n.role, n.family_id, n.capacity)
			is not distinct from (o.id, o.code, o.role, o.family_id, o.capacity)
	   and (o.event_id <> n.event_id or o.closed_event is distinct from n.closed_event
		or (n.area_id, n.state, n.parent_id, n.grams_measured)
			is not distinct from (o.area_id, o.state, o.parent_id, o.grams_measured))
$$;

-- Writes down what is there of tables that the audit knows whole and that it does
-- not know yet. Returns how many rows that were. Run by the owner.
create or replace function tracetrack.audit_baseline() returns bigint
language plpgsql
set timezone = 'UTC'
as $$
declare
	t record;
	v_rows bigint;
	v_all bigint := 0;
begin
	for t in select * from tracetrack.audit_list() where whole loop
		execute format('select count(tracetrack.audit_add(''baseline'', %1$L, x.key, null,
				x.image)::text)
			  from (select tracetrack.audit_key(j, %2$L) as key,
				       tracetrack.audit_image(j, %3$L, %4$L) as image
				  from tracetrack.%1$I r, lateral to_jsonb(r) j) x
			 where not exists (select from tracetrack.audit a
				where a.table_name = %1$L and a.key = x.key)',
			t.table_name, t.key, t.noise, t.secret) into v_rows;
		v_all := v_all + v_rows;
	end loop;
	return v_all;
end
$$;

-- Where tables that the audit knows whole are not as the audit tells: somebody has
-- changed them behind it.
create or replace function tracetrack.audit_differences()
returns table (table_name text, key text, detail text)
language plpgsql stable
set timezone = 'UTC'
as $$
declare
	t record;
begin
	for t in select l.* from tracetrack.audit_list() l where l.whole loop
		return query execute format('
			with told as (
				select distinct on (a.key) a.key::text, a.after
				  from tracetrack.audit a where a.table_name = %1$L
				 order by a.key, a.number desc
			), found as (
				select tracetrack.audit_key(j, %2$L) as key, j as image
				  from tracetrack.%1$I r, lateral to_jsonb(r) j
			)
			select %1$L, coalesce(t.key, f.key), case
				when f.key is null then ''is gone''
				when t.after is null then ''came from nowhere''
				else ''has another '' || (select string_agg(e.key, '', ''
						order by e.key) from jsonb_each(t.after) e
					where f.image ? e.key and e.key <> all (%3$L::text[])
					  and e.value <> f.image -> e.key) end
			  from told t full join found f on f.key = t.key
			 where (t.after is null) <> (f.key is null)
			    or exists (select from jsonb_each(t.after) e
				where f.image ? e.key and e.key <> all (%3$L::text[])
				  and e.value <> f.image -> e.key)',
			t.table_name, t.key, t.secret);
	end loop;
end
$$;

-- Attaches the triggers of a table. An update fires by the columns without noise, so
-- that a heartbeat costs nothing.
create or replace function tracetrack.audit_attach(p_table text, p_key text[], p_noise text[],
	p_secret text[], p_moves text[], p_told text) returns void
language plpgsql as $$
declare
	v_columns text := (select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
		from pg_catalog.pg_attribute a
		where a.attrelid = ('tracetrack.' || p_table)::regclass and a.attnum > 0
		  and not a.attisdropped and a.attname <> all (p_noise));
	v_others text := array_to_string(array_remove(p_moves, 'update'), ' or ');
	v_rest text := format('on tracetrack.%I deferrable initially deferred for each row %s
		execute function tracetrack.audit_row(%L, %L, %L)', p_table, '%s', p_key, p_noise,
		p_secret);
begin
	execute format('drop trigger if exists audited on tracetrack.%I', p_table);
	execute format('drop trigger if exists audited_other on tracetrack.%I', p_table);
	if 'update' = any (p_moves) then
		execute format('create constraint trigger audited after update of %s ', v_columns)
			|| format(v_rest, coalesce('when (not (' || p_told || '))', ''));
	end if;
	if v_others <> '' then
		execute format('create constraint trigger audited_other after %s ', v_others)
			|| format(v_rest, '');
	end if;
	execute format('create or replace trigger audited_emptied after truncate
		on tracetrack.%I for each statement
		execute function tracetrack.audit_emptied()', p_table);
end
$$;

do $$
begin
	perform tracetrack.audit_attach(l.table_name, l.key, l.noise, l.secret, l.moves, l.told)
	   from tracetrack.audit_list() l;
	perform tracetrack.audit_baseline();
end
$$;

-- Rule 7: the audit has no gaps and tells the present.
create or replace function tracetrack.violation_audit() returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '7 the audit has no gaps', format('station %s: %s rows up to %s, counted to %s',
		coalesce(c.station_id, a.station_id), a.rows, a.highest, c.last)
	  from tracetrack.audit_counter c
	  full join (select station_id, count(*) as rows, count(distinct station_number) as numbers,
			max(station_number) as highest from tracetrack.audit group by station_id) a
	    on a.station_id = c.station_id
	 where c.last is distinct from a.rows or a.rows <> a.highest or a.rows <> a.numbers
	union all
	select '7 the audit tells the present', format('%s %s %s', d.table_name, d.key, d.detail)
	  from tracetrack.audit_differences() d
$$;
