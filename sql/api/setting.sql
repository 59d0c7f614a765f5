-- Settings of the site.

-- What kind of value a setting takes: switch, interval, number, count, rate, zone,
-- choice of durability, list of operations, or text. Told by what it is now where no rule
-- names it.
create or replace function tracetrack.setting_kind(p_name text, p_value text) returns text
language sql immutable as $$
	select case
		when p_name = 'synchronous_commit' then 'durability'
		when p_name = 'business_zone' then 'zone'
		when p_name = 'two_person' then 'operations'
		when p_name in ('login_failures', 'pin_failures') then 'count'
		when p_name ~ '^rate_' then 'rate'
		when p_value in ('on', 'off') then 'switch'
		when p_value ~ '^[0-9]+$' then 'number'
		when p_value ~ '^[0-9]+ (second|minute|hour|day)s?$' then 'interval'
		else 'text' end
$$;

-- What a value of that kind may be; null if it is one, else what it should be.
create or replace function tracetrack.setting_fault(p_kind text, p_value text) returns text
language plpgsql stable as $$
begin
	return case
		when p_value is null or length(p_value) > 200 or p_value ~ '[[:cntrl:]]'
			then 'up to 200 characters'
		when p_kind = 'switch' and p_value not in ('on', 'off') then 'on or off'
		when p_kind = 'number' and p_value !~ '^[0-9]{1,9}$' then 'a number'
		when p_kind = 'count' and p_value !~ '^[1-9][0-9]{0,2}$' then 'a number from 1 to 999'
		when p_kind = 'rate' and p_value <> 'off' and p_value
			!~ '^[1-9][0-9]{0,5} per [1-9][0-9]{0,4} (second|minute|hour|day)s?$'
			then 'off, or so many in a time such as 20 per 1 hour'
		when p_kind = 'interval' and p_value !~ '^[1-9][0-9]{0,5} (second|minute|hour|day)s?$'
			then 'a time such as 15 minutes'
		when p_kind = 'durability'
		and p_value not in ('off', 'local', 'remote_write', 'on', 'remote_apply')
			then 'off, local, remote_write, on or remote_apply'
		when p_kind = 'zone' and not exists (
			select from pg_catalog.pg_timezone_names z where z.name = p_value)
			then 'a time zone such as Asia/Kolkata'
		when p_kind = 'operations' and exists (
			select from unnest(string_to_array(p_value, ' ')) o
			 where o not in (select f.operation from tracetrack.approvable() f))
			then 'some of ' || (select string_agg(f.operation, ' ' order by f.operation)
				from tracetrack.approvable() f)
		end;
end
$$;

-- Whether a change makes the site less safe: commits less durable, fewer operations
-- that need two persons, or a database that load generators may write to.
create or replace function tracetrack.setting_weakens(p_name text, p_old text, p_new text)
returns boolean
language sql immutable as $$
	select case p_name
		when 'synchronous_commit' then
			array_position('{off,local,remote_write,on,remote_apply}'::text[], p_new)
			< array_position('{off,local,remote_write,on,remote_apply}'::text[], p_old)
		when 'two_person' then
			not string_to_array(p_old, ' ') <@ string_to_array(p_new, ' ')
		when 'stress_allowed' then p_new = 'on' and p_old <> 'on'
		else false end
$$;

-- Whether counting the ledger anew would take longer than a station's call may.
create or replace function tracetrack.ledger_is_long() returns boolean
language sql stable as $$
	select last_value > 500000 from tracetrack.event_number
$$;

-- The settings by name. Raises as session_need does.
create or replace function api.setting_list(p_token text)
returns table (name text, value text, kind text, help text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
begin
	perform tracetrack.session_need(p_token, 'setting.list');
	return query
	select s.name, s.value, tracetrack.setting_kind(s.name, s.value), s.help
	  from tracetrack.setting s order by s.name;
end
$$;

-- Changes a setting. What makes the site less safe is the operation setting.weaken,
-- which a second person must approve unless the setting two_person says else.
-- Outcomes: ok, not_found, bad_value (wanted says what it may be), version_moved (changed
-- by somebody else at this moment), not_permitted (also the business zone of a site with
-- so many scans that making the figures anew takes longer than a call may: by the
-- owner), and those of write_begin. Locks as sessions_lock, then the setting, then for
-- the durability of commits the table of sessions.
create or replace function api.setting_set(p_token text, p_event uuid,
	p_name text default null, p_value text default null)
returns table (outcome text, replayed boolean, name text, value text, wanted text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
as $$
#variable_conflict use_column
declare
	a tracetrack.act;
	v_value text := btrim(regexp_replace(p_value, '[[:space:]]+', ' ', 'g'));
	v_old text := (select s.value from tracetrack.setting s where s.name = p_name);
	v_fault text := tracetrack.setting_fault(tracetrack.setting_kind(p_name, v_old), v_value);
begin
	name := p_name;
	perform tracetrack.sessions_lock(p_token, 'setting.set');
	-- a request that comes again is what it was, whatever the value is by now
	a := tracetrack.write_begin(coalesce((select o.name from tracetrack.operation o
			where o.request = p_event and o.name in ('setting.set', 'setting.weaken')),
			case when v_fault is null
			and tracetrack.setting_weakens(p_name, v_old, v_value)
			then 'setting.weaken' else 'setting.set' end),
		p_token, p_event, 'setting.set',
		jsonb_build_object('name', p_name, 'value', p_value));
	outcome := a.outcome;
	replayed := a.replayed;
	wanted := a.answer ->> 'wanted';
	if a.outcome is null then
		select s.value into value from tracetrack.setting s where s.name = p_name
		   for update;
		outcome := case when not found then 'not_found'
			when v_fault is not null then 'bad_value'
			when value is distinct from v_old then 'version_moved'
			when p_name = 'business_zone' and v_value <> v_old and tracetrack.ledger_is_long()
			then 'not_permitted'
			else 'ok' end;
		wanted := case outcome when 'not_permitted'
			then 'to be set by the owner of the database: all figures are made anew'
			else v_fault end;
		if outcome = 'ok' then
			update tracetrack.setting s set value = v_value where s.name = p_name;
		end if;
		perform tracetrack.write_end(a, jsonb_build_object('outcome', outcome,
			'wanted', wanted));
	end if;
	value := (select s.value from tracetrack.setting s where s.name = p_name);
	return next;
end
$$;
