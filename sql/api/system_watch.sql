-- What monitoring looks at, in one short call: figures and no names, for which no
-- session is needed. Each is one row of a small table, an end of an index or a counter
-- of the server.

-- Seconds that the first row of ledger or audit that no seal covers has waited; 0 if there
-- is none. What was loaded with a time in the past waits since there is a database at most.
create or replace function tracetrack.unsealed_age() returns bigint
language plpgsql stable as $$
declare
	v_last bigint;
	v_at timestamptz;
	v_oldest timestamptz;
begin
	v_last := coalesce((select s.last from tracetrack.seal s where s.source = 'ledger'
		order by s.number desc limit 1), 0);
	select e.at into v_oldest from tracetrack.event e where e.number > v_last
	 order by e.number limit 1;
	v_last := coalesce((select s.last from tracetrack.seal s where s.source = 'audit'
		order by s.number desc limit 1), 0);
	select a.at into v_at from tracetrack.audit a where a.number > v_last
	 order by a.number limit 1;
	v_oldest := least(v_oldest, v_at);
	if v_oldest is null then
		return 0;
	end if;
	return greatest(0, extract(epoch from now() - greatest(v_oldest,
		(select min(m.applied_at) from tracetrack.migration m where m.number > 0))));
end
$$;

-- Seconds since then, rounded up; 0 for never.
create or replace function tracetrack.age_s(p_at timestamptz) returns bigint
language sql stable as $$
	select greatest(0, coalesce(ceil(extract(epoch from clock_timestamp() - p_at)), 0))::bigint
$$;

-- Outcomes: ok.
create or replace function api.system_watch()
returns table (outcome text, schema integer, writable boolean, replica boolean,
	size bigint, connections bigint, connections_used bigint, active bigint,
	waiting bigint, oldest_transaction bigint, deadlocks bigint, replicas bigint,
	replica_lag bigint, scans bigint, refused bigint, parents_open bigint,
	exceptions bigint, exceptions_oldest bigint, approvals bigint, notifications bigint,
	imports bigint, sessions bigint, behind bigint, partitions bigint, unsealed bigint)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	outcome := 'ok';
	schema := tracetrack.schema_version();
	replica := pg_is_in_recovery();
	writable := not replica and current_setting('default_transaction_read_only') = 'off';
	size := pg_database_size(current_database());
	select count(*), count(*) filter (where a.state = 'active'),
	       count(*) filter (where a.wait_event_type = 'Lock'),
	       tracetrack.age_s(min(a.xact_start) filter (where a.pid <> pg_backend_pid()))
	  into connections, active, waiting, oldest_transaction
	  from pg_stat_activity a where a.datname = current_database();
	connections_used := (select 100 * count(*) / current_setting('max_connections')::integer
		from pg_stat_activity a where a.backend_type = 'client backend');
	deadlocks := (select d.deadlocks from pg_stat_database d
		where d.datname = current_database());
	if replica then
		replica_lag := tracetrack.age_s(pg_last_xact_replay_timestamp());
	else
		select count(*), coalesce(ceil(max(extract(epoch from r.replay_lag))), 0)
		  into replicas, replica_lag from pg_stat_replication r
		 where r.state = 'streaming';
	end if;
	select t.scans, t.refused, t.parents_open into scans, refused, parents_open
	  from tracetrack.tally_sums() t;
	select count(*), tracetrack.age_s(min(x.at)) into exceptions, exceptions_oldest
	  from tracetrack.exception x where x.state = 'open';
	approvals := (select count(*) from tracetrack.approval a
		where a.state = 'pending' and a.expires_at > now());
	notifications := (select count(*) from tracetrack.notification n where n.acked_at is null);
	imports := (select count(*) from tracetrack.import i
		where i.state in ('staging', 'staged', 'applying'));
	sessions := (select count(*) from tracetrack.session s
		where s.revoked_at is null and s.expires_at > now());
	behind := (select n.last_value - s.rolled
		from tracetrack.activity_state s, tracetrack.event_number n);
	partitions := (select count(*) from pg_inherits i join pg_class c on c.oid = i.inhrelid
		where i.inhparent = 'tracetrack.event'::regclass and c.relname ~ '^event_[0-9]{6}$'
		  and c.relname > 'event_' || to_char(now() at time zone 'UTC', 'YYYYMM'));
	unsealed := tracetrack.unsealed_age();
	return next;
end
$$;
