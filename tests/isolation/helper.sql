-- Short ways to scan for the specs, in a schema that lives as long as the run.
-- Every permutation is a case of its own with bags of its own, because bags and
-- ledger can't be deleted: P1, K1 and so on are names inside a case.

drop schema if exists isolation_test cascade;
create schema isolation_test;

create table isolation_test.story (number bigint not null);
insert into isolation_test.story select coalesce(max(id), 0) from tracetrack.bag;

insert into tracetrack.station (name, area_id)
select s, (select id from tracetrack.area where code = 'jaipur')
  from unnest(array['ISO-1', 'ISO-2']) s
on conflict do nothing;

insert into tracetrack.person (login, name, role, salt, ops, mem, verifier)
values ('iso.one', 'One', 'supervisor', tracetrack.gen_random_bytes(16), 2, 19922944,
	tracetrack.gen_random_bytes(32))
on conflict do nothing;

delete from tracetrack.session where token_hash in (
	tracetrack.token_hash(repeat('a1', 32)), tracetrack.token_hash(repeat('a2', 32)));
insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
select tracetrack.token_hash(repeat('a' || i, 32)), p.id, s.id, now() + interval '1 day'
  from generate_series(1, 2) i
  join tracetrack.station s on s.name = 'ISO-' || i
  join tracetrack.person p on p.login = 'iso.one';

-- The code of a name in this case.
create function isolation_test.code(p_name text) returns text language sql stable as $$
	select case when p_name like 'P%'
		then 'SB' || lpad((number % 9000000)::text, 7, '0') || substr(p_name, 2)
		else 'ISO-' || number || '-' || p_name end
	  from isolation_test.story
$$;

-- The name in this case of a code.
create function isolation_test.name(p_code text) returns text language sql stable as $$
	select case when p_code like 'SB%' then 'P' || right(p_code, 1)
		else split_part(p_code, '-', 3) end
$$;

create function isolation_test.event(p_name text) returns uuid language sql stable as $$
	select md5(number || p_name)::uuid from isolation_test.story
$$;

create function isolation_test.brief(a tracetrack.answer) returns text language sql stable as $$
	select concat_ws(' ', a.outcome, case when a.replayed then 'replayed' end,
		'place ' || a.position, a.children || ' in ' || isolation_test.name(a.parent),
		a.state, '(' || isolation_test.name(a.other) || ')')
$$;

create function isolation_test.parent(p_who integer, p_code text, p_event text default null)
returns text language sql as $$
	select isolation_test.brief(api.scan_parent(repeat('a' || p_who, 32),
		coalesce(isolation_test.event(p_event), gen_random_uuid()),
		p_code => isolation_test.code(p_code)))
$$;

create function isolation_test.child(p_who integer, p_code text, p_parent text,
	p_event text default null)
returns text language sql as $$
	select isolation_test.brief(api.scan_child(repeat('a' || p_who, 32),
		coalesce(isolation_test.event(p_event), gen_random_uuid()),
		p_code => isolation_test.code(p_code), p_parent => isolation_test.code(p_parent)))
$$;

create function isolation_test.finish(p_who integer, p_parent text, p_event text default null)
returns text language sql as $$
	select isolation_test.brief(api.scan_finish(repeat('a' || p_who, 32),
		coalesce(isolation_test.event(p_event), gen_random_uuid()),
		p_parent => isolation_test.code(p_parent)))
$$;

create function isolation_test.undo(p_who integer, p_target text, p_event text default null)
returns text language sql as $$
	select isolation_test.brief(api.scan_undo(repeat('a' || p_who, 32),
		coalesce(isolation_test.event(p_event), gen_random_uuid()),
		p_target => isolation_test.event(p_target)))
$$;

create function isolation_test.relink(p_who integer, p_code text, p_parent text)
returns text language sql as $$
	select isolation_test.brief(api.scan_relink(repeat('a' || p_who, 32), gen_random_uuid(),
		p_code => isolation_test.code(p_code), p_parent => isolation_test.code(p_parent)))
$$;

create function isolation_test.remove(p_who integer, p_code text) returns text language sql as $$
	select isolation_test.brief(api.scan_remove(repeat('a' || p_who, 32), gen_random_uuid(),
		p_code => isolation_test.code(p_code)))
$$;

-- A write that is no scan and has nothing to do but to answer.
create function isolation_test.write(p_who integer, p_event text, p_content text)
returns text language plpgsql as $$
declare
	a tracetrack.act;
begin
	a := tracetrack.write_begin('test.write', repeat('a' || p_who, 32),
		isolation_test.event(p_event), null, jsonb_build_object('content', p_content));
	if a.outcome is not null then
		return a.answer;
	end if;
	perform tracetrack.write_end(a, jsonb_build_object('outcome', 'ok', 'first', p_who));
	return 'done by ' || p_who;
end
$$;

-- A new case with parents P1 to P<parents>, of which P1 has K1 to K<first> and
-- P2 the next <second> children; their events are called as they are.
create function isolation_test.start(p_parents integer, p_first integer default 0,
	p_second integer default 0)
returns void language plpgsql as $$
begin
	update isolation_test.story set number = number + 1;
	perform isolation_test.parent(1, 'P' || i) from generate_series(1, p_parents) i;
	perform isolation_test.child(1, 'K' || i, case when i <= p_first then 'P1' else 'P2' end,
		'K' || i) from generate_series(1, p_first + p_second) i;
end
$$;

-- The end of every case: who is where, and what is broken.
create function isolation_test.outcome() returns setof text language sql as $$
	select format('%s %s: %s', isolation_test.name(p.code), p.state, coalesce((
		select string_agg(isolation_test.name(c.code), ' ' order by c.position)
		  from tracetrack.bag c where c.parent_id = p.id), 'empty'))
	  from tracetrack.bag p
	 where p.code in (isolation_test.code('P1'), isolation_test.code('P2'))
	 order by p.code
$$;

create function isolation_test.broken() returns setof text language sql as $$
	select rule || ': ' || detail from tracetrack.violation()
$$;
