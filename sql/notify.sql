-- What the database tells of by itself.

-- Tells of something, or counts it once more if nobody has acknowledged it yet.
create or replace function tracetrack.notify(p_kind text, p_subject text, p_detail text)
returns void
language sql as $$
	insert into tracetrack.notification as n (kind, subject, detail)
	values (p_kind, p_subject, p_detail)
	on conflict (kind, subject) where acked_at is null
	do update set times = n.times + 1, last_at = now(), detail = excluded.detail
$$;

-- A scan that was taken offline was refused. At the end of the transaction, so that
-- the scans of a station don't wait for each other's notification.
create or replace function tracetrack.notify_exception() returns trigger
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	perform tracetrack.notify('exception', s.name,
		format('a scan of %s that was taken offline was refused: %s', s.name, new.outcome))
	   from tracetrack.request r join tracetrack.station s on s.id = r.station_id
	  where r.event = new.event;
	return null;
end
$$;
drop trigger if exists exception_told on tracetrack.exception;
create constraint trigger exception_told after insert on tracetrack.exception
	deferrable initially deferred for each row execute function tracetrack.notify_exception();

-- A person is locked out. Nothing is told of logins that nobody has.
create or replace function tracetrack.notify_lockout() returns trigger
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
begin
	if exists (select from tracetrack.person p where p.login = new.login) then
		perform tracetrack.notify('lockout', new.login,
			format('%s wrong passwords of %s in a row', new.failures, new.login));
	end if;
	return null;
end
$$;
drop trigger if exists login_failure_told on tracetrack.login_failure;
create constraint trigger login_failure_told after update of locked_until
	on tracetrack.login_failure deferrable initially deferred for each row
	when (new.locked_until is distinct from old.locked_until and new.locked_until is not null)
	execute function tracetrack.notify_lockout();

-- Tells of stations where somebody is at work and that are not heard. Called by
-- every audit.seal.
create or replace function tracetrack.notify_silence() returns void
language sql as $$
	select tracetrack.notify('station_silent', x.name,
		format('%s was heard last at %s', x.name, to_char(x.last_seen at time zone 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS"Z"')))
	  from tracetrack.silent_stations() x
	 where not exists (select from tracetrack.notification n
		where n.kind = 'station_silent' and n.subject = x.name and n.last_at > x.last_seen)
$$;
