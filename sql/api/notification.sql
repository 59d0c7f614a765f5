-- What the database tells of: kinds exception, station_silent, lockout,
-- chain_broken, approval.

-- What nobody has acknowledged, or all, newest first, below number p_after, at most
-- p_limit (1 to 1000). Raises as session_need does.
create or replace function api.notification_list(p_token text, p_all boolean default false,
	p_after bigint default null, p_limit integer default 100)
returns table (id bigint, at timestamptz, kind text, subject text, detail text,
	times integer, last_at timestamptz, acked_at timestamptz, acked_by text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'notification.list');
	return query
	select n.id, n.at, n.kind::text, n.subject, n.detail, n.times, n.last_at, n.acked_at,
	       p.login::text
	  from tracetrack.notification n left join tracetrack.person p on p.id = n.acked_by
	 where (p_all or n.acked_at is null) and (p_after is null or n.id < p_after)
	 order by n.id desc
	 limit tracetrack.list_limit(p_limit);
end
$$;

-- Acknowledges one. Outcomes: ok, not_found, already_decided, and those of
-- write_begin.
create or replace function api.notification_ack(p_token text, p_event uuid,
	p_id bigint default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	n tracetrack.notification;
begin
	a := tracetrack.write_begin('notification.ack', p_token, p_event, 'notification.ack',
		jsonb_build_object('id', p_id));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select * into n from tracetrack.notification x where x.id = p_id for update;
		outcome := case when n.id is null then 'not_found'
			when n.acked_at is not null then 'already_decided' else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.notification set acked_at = now(), acked_by = a.person_id
			 where id = p_id;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;
