-- How the system fares: health, status, integrity, upkeep.

-- Whether the database answers, knows its schema and takes writes. For load balancers
-- and watchdogs: needs no session, reads one row.
create or replace function api.system_health()
returns table (outcome text, server_time timestamptz, schema integer, writable boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	return query select 'ok'::text, clock_timestamp(), tracetrack.schema_version(),
		not pg_is_in_recovery()
		and current_setting('default_transaction_read_only') = 'off';
end
$$;

-- The statements that took longest in all, if the server counts them:
-- [{query, calls, mean_ms, total_ms, rows}], null if not.
create or replace function tracetrack.slow_statements(p_limit integer) returns jsonb
language plpgsql as $$
declare
	v_schema name := (select n.nspname from pg_extension x
		join pg_namespace n on n.oid = x.extnamespace
		where x.extname = 'pg_stat_statements');
	v_slow jsonb;
begin
	if v_schema is null then
		return null;
	end if;
	execute format('select coalesce(jsonb_agg(s), ''[]'') from (
		select left(regexp_replace(query, ''[[:space:]]+'', '' '', ''g''), 200) as query, calls,
		       round(mean_exec_time::numeric, 3) as mean_ms,
		       round(total_exec_time::numeric, 1) as total_ms, rows
		  from %I.pg_stat_statements
		 where dbid = (select oid from pg_database where datname = current_database())
		 order by total_exec_time desc limit $1) s', v_schema)
	   into v_slow using p_limit;
	return v_slow;
exception when object_not_in_prerequisite_state then
	return null;
end
$$;

-- What keeps this from telling all: one line each.
create or replace function tracetrack.status_missing() returns text[]
language plpgsql stable as $$
begin
	return array_remove(array[
		case when not pg_has_role('pg_monitor', 'usage') then format(
			'connections and statements of others: grant pg_monitor to %I',
			current_user) end,
		case when not exists (select from pg_extension where extname = 'pg_stat_statements')
			then 'slow statements: create extension pg_stat_statements' end,
		case when current_setting('track_io_timing') = 'off'
			then 'time of reading: track_io_timing is off' end], null);
end
$$;

-- The database as it runs, as far as SQL sees it; the pooler has a console of its own.
--   connections    of this database: {total, active, idle, idle_in_transaction, waiting, most}
--   oldest_s       seconds since the oldest transaction began
--   activity       since the statistics began: {commits, rollbacks, deadlocks, cache_hit,
--                  temporary_bytes, since}
--   sizes          [{name, bytes, rows}] of the largest tables, partitions together
--   locks          {held, waiting, longest_wait_s}
--   replicas       [{name, state, sync, lag_bytes, lag_s}]; lag_s of this server where it
--                  is a replica itself
--   slow           see slow_statements
--   rollup         {behind, age_s}: events that figures count from the ledger itself
--   partitions     months of the ledger that are made ahead
--   missing        what can't be told, and why
-- Outcomes: ok, not_permitted, session_expired.
create or replace function api.system_status(p_token text, p_top integer default 10)
returns table (outcome text, server text, up_since timestamptz, bytes bigint,
	connections jsonb, oldest_s text, activity jsonb, sizes jsonb,
	locks jsonb, replicas jsonb, slow jsonb, rollup jsonb, partitions integer,
	missing text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_top integer := least(greatest(coalesce(p_top, 10), 1), 100);
begin
	v := tracetrack.session_use(p_token, 'system.status');
	outcome := v.outcome;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	server := current_setting('server_version');
	up_since := pg_postmaster_start_time();
	bytes := pg_database_size(current_database());
	select jsonb_build_object('total', count(*),
		'active', count(*) filter (where a.state = 'active'),
		'idle', count(*) filter (where a.state = 'idle'),
		'idle_in_transaction', count(*) filter (where a.state like 'idle in transaction%'),
		'waiting', count(*) filter (where a.wait_event_type = 'Lock'),
		'most', current_setting('max_connections')::integer),
	       round(coalesce(extract(epoch from now() - min(a.xact_start) filter (
		where a.pid <> pg_backend_pid())), 0), 3)
	  into connections, oldest_s
	  from pg_stat_activity a where a.datname = current_database();
	select jsonb_build_object('commits', d.xact_commit, 'rollbacks', d.xact_rollback,
		'deadlocks', d.deadlocks, 'cache_hit', round(100.0 * d.blks_hit
			/ nullif(d.blks_hit + d.blks_read, 0), 2),
		'temporary_bytes', d.temp_bytes, 'since', d.stats_reset)
	  into activity from pg_stat_database d where d.datname = current_database();
	sizes := tracetrack.table_sizes(v_top);
	select jsonb_build_object('held', count(*) filter (where l.granted),
		'waiting', count(*) filter (where not l.granted),
		'longest_wait_s', coalesce(extract(epoch from clock_timestamp() - min(l.waitstart)), 0))
	  into locks from pg_locks l
	 where l.database = (select oid from pg_database where datname = current_database());
	select coalesce(jsonb_agg(jsonb_build_object('name', r.application_name,
		'state', r.state, 'sync', r.sync_state,
		'lag_bytes', pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn),
		'lag_s', coalesce(extract(epoch from r.replay_lag), 0))), '[]')
	  into replicas from pg_stat_replication r where not pg_is_in_recovery();
	if pg_is_in_recovery() then
		replicas := jsonb_build_array(jsonb_build_object('name', 'this server',
			'state', 'replica', 'lag_s', extract(epoch from clock_timestamp()
			- pg_last_xact_replay_timestamp())));
	end if;
	slow := tracetrack.slow_statements(v_top);
	select jsonb_build_object('behind', n.last_value - s.rolled,
		'age_s', extract(epoch from clock_timestamp() - s.at))
	  into rollup from tracetrack.activity_state s, tracetrack.event_number n;
	partitions := (select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid
		 where i.inhparent = 'tracetrack.event'::regclass
		   and c.relname > 'event_' || to_char(now() at time zone 'UTC', 'YYYYMM')
		   and c.relname ~ '^event_[0-9]{6}$');
	missing := array_to_string(tracetrack.status_missing(), '; ');
	return next;
end
$$;

-- The largest tables with their indexes: [{name, bytes, rows}], partitions counted with
-- the table that they are of; rows as the server last estimated them.
create or replace function tracetrack.table_sizes(p_limit integer) returns jsonb
language plpgsql stable as $$
begin
	return (
		select coalesce(jsonb_agg(s), '[]') from (
			select coalesce(p.relname, c.relname) as name,
			       sum(pg_total_relation_size(c.oid))::bigint as bytes,
			       sum(greatest(c.reltuples, 0))::bigint as rows
			  from pg_class c
			  left join pg_inherits i on i.inhrelid = c.oid
			  left join pg_class p on p.oid = i.inhparent
			 where c.relnamespace = 'tracetrack'::regnamespace and c.relkind = 'r'
			 group by 1 order by 2 desc limit p_limit) s);
end
$$;

-- The little of system_status that a screen may ask for all the time: connections of
-- this database that do something, those of them that wait for a lock and for how long,
-- and the statement that runs longest. Outcomes: ok, not_permitted, session_expired.
create or replace function api.system_pulse(p_token text)
returns table (outcome text, connections bigint, active bigint, waiting bigint,
	longest_wait_ms bigint, longest_ms bigint, longest text, lag_ms bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := tracetrack.session_use(p_token, 'system.status');
	outcome := v.outcome;
	if outcome = 'ok' then
		select count(*), count(*) filter (where a.state <> 'idle'),
		       count(*) filter (where a.wait_event_type = 'Lock'),
		       coalesce(max(extract(epoch from clock_timestamp() - a.query_start)) filter (
			where a.wait_event_type = 'Lock') * 1000, 0)
		  into connections, active, waiting, longest_wait_ms
		  from pg_stat_activity a where a.datname = current_database();
		select extract(epoch from clock_timestamp() - a.query_start) * 1000,
		       left(regexp_replace(a.query, '[[:space:]]+', ' ', 'g'), 100) into longest_ms, longest
		  from pg_stat_activity a
		 where a.datname = current_database() and a.state = 'active'
		   and a.backend_type = 'client backend' and a.pid <> pg_backend_pid()
		 order by a.query_start limit 1;
		lag_ms := (select max(extract(epoch from r.replay_lag)) * 1000
			from pg_stat_replication r);
	end if;
	return next;
end
$$;

-- The checks of tracetrack.violation(): those with a width are done in pieces of so many
-- numbers, the last piece with all above; a piece takes a second or two at millions of bags, as
-- each of the others does that read a large table once.
create or replace function tracetrack.integrity_parts()
returns table (part text, width bigint, last bigint)
language sql stable as $$
	values
	('activity', 10::bigint, (select max(a.day) - min(a.day) + 1::bigint
		from tracetrack.activity_day a)),
	('audit', null, null),
	('bags', 20000, (select max(b.id) from tracetrack.bag b)),
	('billed', 20000, (select max(b.id) from tracetrack.bag b)),
	('bills', 500, (select greatest((select max(b.id) from tracetrack.bill b),
		(select max(t.id) from tracetrack.return_ticket t)))),
	('counters', null, null),
	('ledger', 20000, (select max(e.number) from tracetrack.event e)),
	('operations', null, null),
	('people', null, null),
	('replay', 10000, (select max(b.id) from tracetrack.bag b)),
	('requests', 200, (select pg_relation_size('tracetrack.request') / 8192)),
	('seals', 10, (select max(s.number) from tracetrack.seal s))
$$;

-- Runs them one by one for p_seconds (0 to 60), from part p_part on, and there behind
-- number p_after: sound, broken with how often and the first thing that is wrong, or
-- not_finished. after is null behind the end of a part, else the number behind which to
-- go on; a part that has none begins and ends at once. The role's statement_timeout ends
-- it too, within a piece; in a transaction the calls after the first have 25 seconds. What
-- is read is much: not for a busy hour. Raises as session_need does, and 22023 for a part
-- that there is not.
create or replace function api.system_integrity(p_token text, p_seconds integer default 4,
	p_part text default null, p_after bigint default null)
returns table (part text, state text, times bigint, first text, ms bigint, after bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_end timestamptz := statement_timestamp()
		+ least(greatest(coalesce(p_seconds, 4), 0), 60) * interval '1 second';
	v_begun timestamptz;
	v_late boolean := false;
	v_at bigint;
	p record;
	f record;
begin
	perform tracetrack.session_need(p_token, 'system.integrity');
	if p_part is not null and not exists (
		select from tracetrack.integrity_parts() x where x.part = p_part) then
		raise invalid_parameter_value using message = 'part must be one of '
			|| (select string_agg(x.part, ', ') from tracetrack.integrity_parts() x);
	end if;
	for p in
		select * from tracetrack.integrity_parts() x
		 where p_part is null or x.part >= p_part order by x.part
	loop
		part := p.part;
		times := null;
		first := null;
		v_at := case when part = p_part then greatest(p_after, 0) else 0 end;
		v_begun := clock_timestamp();
		loop
			after := v_at;
			exit when v_late or clock_timestamp() >= v_end;
			begin
				execute format('select count(*) as times, min(rule || '': '' || detail) as first
					from tracetrack.%I(%s)', 'violation_' || part,
					v_at + 1 || ', ' || case
						when v_at + p.width < p.last then v_at + p.width
						when p.width > 0 then 9223372036854775807 end)
					into f;
			exception when query_canceled then
				v_late := true;
				exit;
			end;
			times := coalesce(times, 0) + f.times;
			first := coalesce(first, f.first);
			after := null;
			v_at := v_at + p.width;
			exit when coalesce(v_at >= p.last, true);
		end loop;
		state := case when times > 0 then 'broken' when after is null then 'sound'
			else 'not_finished' end;
		ms := case when times is not null then
			extract(epoch from clock_timestamp() - v_begun) * 1000 end;
		return next;
	end loop;
	perform set_config('statement_timeout', '25s', true);
end
$$;

-- Upkeep that nothing waits for, but somebody must do now and then: makes the ledger's
-- partitions of the next twelve months, brings the roll-up up to date, ends sessions
-- whose scans nobody takes any more, forgets answers of old requests and minutes of old
-- figures. Any number of times. Outcomes: ok, key_reused, bad_format, not_permitted,
-- session_expired.
create or replace function api.system_maintain(p_token text, p_event uuid)
returns table (outcome text, replayed boolean, partitions bigint, rolled bigint,
	sessions bigint, requests bigint, minutes bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act := tracetrack.write_begin('system.maintain', p_token, p_event,
		'system.maintain', '{}');
	v_step bigint;
begin
	outcome := coalesce(a.outcome, 'ok');
	replayed := a.replayed;
	if a.outcome is null then
		partitions := (select sum(tracetrack.month_partitions(t, current_date,
			(current_date + interval '12 months')::date))
			from unnest('{event,audit}'::text[]) t);
		rolled := 0;
		for i in 1..10 loop
			v_step := tracetrack.activity_roll();
			rolled := rolled + v_step;
			exit when v_step = 0;
		end loop;
		update tracetrack.session s set revoked_at = s.expires_at
		 where s.revoked_at is null and s.expires_at
			< now() - tracetrack.setting_text('delivery_window')::interval;
		get diagnostics sessions = row_count;
		delete from tracetrack.operation o
		 where o.at < now() - tracetrack.setting_text('operation_life')::interval;
		get diagnostics requests = row_count;
		delete from tracetrack.activity_minute m where m.minute < now() - interval '9 days';
		get diagnostics minutes = row_count;
		a.answer := jsonb_build_object('outcome', outcome, 'partitions', partitions,
			'rolled', rolled, 'sessions', sessions, 'requests', requests,
			'minutes', minutes);
		perform tracetrack.write_end(a, a.answer);
	end if;
	partitions := a.answer ->> 'partitions';
	rolled := a.answer ->> 'rolled';
	sessions := a.answer ->> 'sessions';
	requests := a.answer ->> 'requests';
	minutes := a.answer ->> 'minutes';
	return next;
end
$$;
