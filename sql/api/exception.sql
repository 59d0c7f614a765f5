-- Scans that stations had taken while the database was away, and that the rules then
-- refused: somebody must look at the bag.

-- Exceptions in a state (open when null; all for 'all'), oldest first, after that of
-- event p_after, at most p_limit (1 to 1000). Raises as session_need does.
create or replace function api.exception_list(p_token text, p_state text default null,
	p_after uuid default null, p_limit integer default 100)
returns table (scan uuid, at timestamptz, station text, person text, action text,
	code text, parent text, outcome text, other text, state text, resolved_at timestamptz,
	resolved_by text, resolution text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	v_at timestamptz := (select x.at from tracetrack.exception x where x.event = p_after);
begin
	perform tracetrack.session_need(p_token, 'exception.list');
	return query
	select x.event, x.at, s.name::text, p.login::text, e.action::text, e.code::text,
	       e.parent_code::text, x.outcome, e.other, x.state, x.resolved_at, d.login::text,
	       x.resolution
	  from (select * from tracetrack.exception x
		 where (p_state = 'all' or x.state = coalesce(p_state, 'open'))
		   and (p_after is null or (x.at, x.event) > (v_at, p_after))
		 order by x.at, x.event
		 limit tracetrack.list_limit(p_limit)) x
	  join tracetrack.request r on r.event = x.event
	  join tracetrack.event e on e.station_id = r.station_id and e.at = r.at
	   and e.id = x.event
	  join tracetrack.station s on s.id = r.station_id
	  join tracetrack.person p on p.id = e.person_id
	  left join tracetrack.person d on d.id = x.resolved_by
	 order by x.at, x.event;
end
$$;

-- Says how an exception was resolved. Outcomes: ok, not_found, already_decided,
-- bad_value (nothing said), and those of write_begin.
create or replace function api.exception_resolve(p_token text, p_event uuid,
	p_scan uuid default null, p_how text default null)
returns table (outcome text, replayed boolean)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	x tracetrack.exception;
	v_how text := tracetrack.text_clean(p_how, 500);
begin
	a := tracetrack.write_begin('exception.resolve', p_token, p_event, 'exception.resolve',
		jsonb_build_object('scan', p_scan, 'how', p_how));
	outcome := a.outcome;
	replayed := a.replayed;
	if a.outcome is null then
		select * into x from tracetrack.exception y where y.event = p_scan for update;
		outcome := case when x.event is null then 'not_found'
			when x.state <> 'open' then 'already_decided'
			when v_how is null then 'bad_value' else 'ok' end;
		if outcome = 'ok' then
			update tracetrack.exception set state = 'resolved', resolved_at = now(),
			       resolved_by = a.person_id, resolution = v_how
			 where event = p_scan;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome));
	end if;
	return next;
end
$$;
