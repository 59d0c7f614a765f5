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

-- Sessions of a person at both stations, with the tokens of that letter and 1 and 2.
create function isolation_test.sessions(p_letter text, p_login text) returns void
language sql as $$
	insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
	select tracetrack.token_hash(repeat(p_letter || i, 32)), p.id, s.id,
	       now() + interval '1 day'
	  from generate_series(1, 2) i
	  join tracetrack.station s on s.name = 'ISO-' || i
	  join tracetrack.person p on p.login = p_login
	on conflict (token_hash) do update set expires_at = excluded.expires_at
$$;

select isolation_test.sessions('a', 'iso.one') \g /dev/null

-- The code of a name in this case.
create function isolation_test.code(p_name text) returns text language sql stable as $$
	select case when p_name like 'P%'
		then 'SB' || lpad((number % 9000000)::text, 7, '0') || substr(p_name, 2)
		when p_name like 'B%' then 'BILL-ISO-' || number || '-' || p_name
		else 'ISO-' || number || '-' || p_name end
	  from isolation_test.story
$$;

-- The name in this case of a code.
create function isolation_test.name(p_code text) returns text language sql stable as $$
	select case when p_code like 'SB%' then 'P' || right(p_code, 1)
		when p_code like 'BILL-%' then split_part(p_code, '-', 4)
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

create function isolation_test.short(p_who integer, p_parent text) returns text language sql as $$
	select isolation_test.brief(api.scan_short(repeat('a' || p_who, 32), gen_random_uuid(),
		p_parent => isolation_test.code(p_parent), p_reason => 'test'))
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

-- Seals what can be sealed. Rows, and whether it all holds.
create function isolation_test.seal() returns text language sql as $$
	select r.rows || ' rows sealed' from tracetrack.seal_run(100) r
$$;

create function isolation_test.verify() returns text language sql as $$
	select coalesce(v.finding, 'all holds; ' || (select count(*) from tracetrack.event e
			where e.number > (select max(s.last) from tracetrack.seal s
				where s.source = 'ledger')) || ' not sealed yet')
	  from tracetrack.seal_verify(0, 1000000) v
$$;

-- A family of parents that takes the code of that name and nothing else.
create function isolation_test.family(p_name text) returns text language sql as $$
	select d.outcome || case when d.detail is null then '' else ' (' || isolation_test.name(
		split_part(d.detail, ' ', 1)) || substr(d.detail, strpos(d.detail, ' ')) || ')' end
	  from api.family_create(repeat('b1', 32), gen_random_uuid(),
		'iso_' || (select number from isolation_test.story), 'parent',
		'^' || isolation_test.code(p_name) || '$', isolation_test.code(p_name)) d
$$;

-- Three administrators: the last asks for what needs a second one, two decide.
insert into tracetrack.person (login, name, role, salt, ops, mem, verifier)
select 'iso.admin' || i, 'Admin ' || i, 'administrator', tracetrack.gen_random_bytes(16), 2, 19922944,
       tracetrack.gen_random_bytes(32)
  from generate_series(1, 3) i
on conflict do nothing;
insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
select tracetrack.token_hash(repeat('b' || i, 32)), p.id, 0, now() + interval '1 day'
  from generate_series(1, 3) i
  join tracetrack.person p on p.login = 'iso.admin' || i
on conflict (token_hash) do update set expires_at = excluded.expires_at;

create function isolation_test.ask() returns text language sql as $$
	update tracetrack.setting set value = 'on' where name = 'synchronous_commit';
	update tracetrack.setting set value = 'setting.weaken' where name = 'two_person';
	select outcome from api.setting_set(repeat('b3', 32), gen_random_uuid(),
		'synchronous_commit', 'local')
$$;

create function isolation_test.decide(p_who integer, p_approve boolean) returns text
language sql as $$
	select concat_ws(' ', d.outcome, d.state, d.result)
	  from api.approval_decide(repeat('b' || p_who, 32), gen_random_uuid(),
		(select max(id) from tracetrack.approval), p_approve) d
$$;

create function isolation_test.asked() returns text language sql as $$
	select concat_ws(' ', v.state, p.login, s.value, (select count(*)
		from tracetrack.audit x where x.table_name = 'setting' and x.approver_id is not null
		 and x.number > coalesce((select max(y.number) from tracetrack.audit y
			where y.table_name = 'setting' and y.person_id is null), 0)) || ' carried out')
	  from tracetrack.approval v
	  left join tracetrack.person p on p.id = v.decided_by,
	       tracetrack.setting s
	 where s.name = 'synchronous_commit' order by v.id desc limit 1
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

-- Bills: an administrator's sessions, and cases of closed parents.
insert into tracetrack.person (login, name, role, salt, ops, mem, verifier)
values ('iso.office', 'Office', 'administrator', tracetrack.gen_random_bytes(16), 2, 19922944,
	tracetrack.gen_random_bytes(32))
on conflict do nothing;
select isolation_test.sessions('b', 'iso.office') \g /dev/null

create function isolation_test.bill_brief(a tracetrack.bill_answer) returns text
language sql stable as $$
	select concat_ws(' ', a.outcome, a.parents || '/' || a.capacity,
		'n=' || a.children, a.expected || '/' || a.grams, a.state,
		'(' || isolation_test.name(a.other) || ')')
$$;

create function isolation_test.add(p_who integer, p_code text, p_bill text) returns text
language sql as $$
	select isolation_test.bill_brief(api.bill_add(repeat('b' || p_who, 32), gen_random_uuid(),
		p_code => isolation_test.code(p_code), p_bill => isolation_test.code(p_bill)))
$$;

create function isolation_test.complete(p_who integer, p_bill text) returns text
language sql as $$
	select isolation_test.bill_brief(api.bill_complete(repeat('b' || p_who, 32),
		gen_random_uuid(), p_bill => isolation_test.code(p_bill), p_reason => 'test'))
$$;

create function isolation_test.reopen(p_who integer, p_bill text) returns text language sql as $$
	select isolation_test.bill_brief(api.bill_reopen(repeat('b' || p_who, 32),
		gen_random_uuid(), isolation_test.code(p_bill), 'test'))
$$;

create function isolation_test.void(p_who integer, p_bill text) returns text language sql as $$
	select isolation_test.bill_brief(api.bill_cancel(repeat('b' || p_who, 32),
		gen_random_uuid(), isolation_test.code(p_bill), 'test'))
$$;

create function isolation_test.resize(p_who integer, p_bill text, p_capacity integer)
returns text language sql as $$
	select isolation_test.bill_brief(api.bill_edit(repeat('b' || p_who, 32),
		gen_random_uuid(), isolation_test.code(p_bill), p_capacity => p_capacity))
$$;

create function isolation_test.weigh(p_who integer, p_code text, p_grams bigint)
returns text language sql as $$
	select concat_ws(' ', a.outcome, a.grams, isolation_test.name(a.bill))
	  from api.bag_weigh(repeat('b' || p_who, 32), gen_random_uuid(),
		isolation_test.code(p_code), p_grams) a
$$;

create function isolation_test.cancel(p_who integer, p_code text) returns text language sql as $$
	select concat_ws(' ', a.outcome, a.state, isolation_test.name(a.other))
	  from api.bag_cancel(repeat('b' || p_who, 32), gen_random_uuid(),
		isolation_test.code(p_code), 'test') a
$$;

-- The ticket opened last.
create function isolation_test.ticket() returns text language sql stable as $$
	select number from tracetrack.return_ticket order by id desc limit 1
$$;

-- A ticket with that parent on it.
create function isolation_test.return_start(p_code text) returns void language plpgsql as $$
begin
	perform api.return_open(repeat('b1', 32), gen_random_uuid(), 'Hisar');
	perform api.return_add(repeat('b1', 32), gen_random_uuid(), isolation_test.code(p_code),
		isolation_test.ticket());
end
$$;

create function isolation_test.return_commit(p_who integer) returns text language sql as $$
	select concat_ws(' ', a.outcome, a.state, a.bags)
	  from api.return_commit(repeat('b' || p_who, 32), gen_random_uuid(),
		isolation_test.ticket()) a
$$;

-- A new case: parents P1 to Pn, closed with two children each (P1 has K1 and K2;
-- events finish1 and so on), an open one after them, and bills B1 and B2 of that
-- capacity, the first p_on parents on B1.
create function isolation_test.bill_start(p_parents integer, p_capacity integer,
	p_on integer default 0)
returns void language plpgsql as $$
begin
	perform isolation_test.start(p_parents + 1);
	perform isolation_test.child(1, 'K' || i, 'P' || (i + 1) / 2)
	  from generate_series(1, 2 * p_parents) i;
	perform isolation_test.finish(1, 'P' || i, 'finish' || i)
	  from generate_series(1, p_parents) i;
	perform api.bill_create(repeat('b1', 32), gen_random_uuid(), isolation_test.code('B' || i),
		'Hisar', null, p_capacity) from generate_series(1, 2) i;
	perform isolation_test.add(1, 'P' || i, 'B1') from generate_series(1, p_on) i;
end
$$;

-- The end of every case about bills.
create function isolation_test.bills() returns setof text language sql as $$
	select format('%s %s %s/%s n=%s %s/%s: %s', isolation_test.name(t.number), t.state,
		t.linked, t.capacity, t.children, t.grams_expected, t.grams_actual, coalesce((
		select string_agg(isolation_test.name(b.code), ' ' order by b.code)
		  from tracetrack.bag b where b.bill_id = t.id), 'empty'))
	  from tracetrack.bill t
	 where t.number in (isolation_test.code('B1'), isolation_test.code('B2'))
	 order by t.number
$$;
-- Whether the figures are what the ledger says, and how many numbers of it are
-- rolled up already, of those that were drawn.
create function isolation_test.figures() returns text language sql as $$
	select case when f.scans = l.scans and f.minute = l.minute then 'exact' else format(
		'%s scans, %s in the ledger; %s in minutes, %s in the ledger', f.scans, l.scans,
		f.minute, l.minute) end
	  from tracetrack.activity_state s, lateral (
		select (select sum(d.scans) from tracetrack.activity_days('-infinity', 'infinity',
				null, tracetrack.activity_tail(), s.zone) d) as scans,
		       (select sum(m::bigint) from jsonb_array_elements(
				tracetrack.minutes_before(array[now()], null,
				tracetrack.activity_tail()) -> 0) m) as minute) f, (
		select count(*) as scans, count(*) filter (where date_trunc('minute', at)
			> date_trunc('minute', now()) - interval '1 hour') as minute
		  from tracetrack.event) l
$$;

create function isolation_test.rolled() returns text language sql as $$
	select case when s.rolled = n.last_value then 'all' else 'not all' end
	  from tracetrack.activity_state s, tracetrack.event_number n
$$;

-- Rolls up once the transactions that the last roll-up saw have ended.
create function isolation_test.roll_settled() returns boolean language plpgsql as $$
begin
	for i in 1..500 loop
		exit when (select pg_snapshot_xmin(pg_current_snapshot()) > next_xid
			from tracetrack.activity_state);
		perform pg_sleep(0.01);
	end loop;
	return tracetrack.activity_roll() >= 0;
end
$$;

-- ---- people: two administrators 1 and 2 and two supervisors 3 and 4, who may do what
-- administrators do; no other administrator while a spec runs

insert into tracetrack.person (login, name, role, salt, ops, mem, verifier)
select login, login, role, decode(repeat('5a', 16), 'hex'), 2, 19922944,
       sha256(decode(repeat('aa', 32), 'hex'))
  from (values ('iso.chief1', 'administrator'), ('iso.chief2', 'administrator'),
	('iso.aide3', 'supervisor'), ('iso.aide4', 'supervisor')) p (login, role)
on conflict do nothing;

create table isolation_test.other (id integer);
create table isolation_test.granted (right_name text);
create table isolation_test.totp (step bigint);

-- The state in which each of these specs begins. p_once: admin2's password is one that
-- an administrator has set.
create function isolation_test.administrators(p_once boolean default false) returns void
language plpgsql as $$
begin
	insert into isolation_test.other
	select id from tracetrack.person
	 where role = 'administrator' and state = 'active' and login not like 'iso.chief_';
	update tracetrack.person set role = 'supervisor' where id in (table isolation_test.other);
	update tracetrack.person
	   set state = 'active', verifier = sha256(decode(repeat('aa', 32), 'hex')),
	       role = case when login like '%chief%' then 'administrator' else 'supervisor' end,
	       once_until = case when p_once and login = 'iso.chief2'
		then now() + interval '1 hour' end
	 where login like 'iso.chief_' or login like 'iso.aide_';
	update tracetrack.session set revoked_at = now()
	 where revoked_at is null and person_id in (select id from tracetrack.person
		where login like 'iso.chief_' or login like 'iso.aide_');
	delete from tracetrack.session where token_hash in (
		select tracetrack.token_hash(repeat('e' || i, 32)) from generate_series(1, 4) i);
	insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
	select tracetrack.token_hash(repeat('e' || right(p.login, 1), 32)), p.id, s.id,
	       now() + interval '1 day'
	  from tracetrack.person p join tracetrack.station s on s.name = 'ISO-1'
	 where p.login like 'iso.chief_' or p.login like 'iso.aide_';
	insert into isolation_test.granted
	select x from unnest(array['user.disable', 'user.role']) x
	 where not exists (select from tracetrack.role_right r
		where r.role = 'supervisor' and r.right_name = x);
	insert into tracetrack.role_right select 'supervisor', g from isolation_test.granted t (g);
	delete from tracetrack.person_totp t using tracetrack.person p
	 where p.id = t.person_id and p.login like 'iso.%';
	insert into tracetrack.person_totp (person_id, secret, request, confirmed_at)
	select id, decode(repeat('77', 20), 'hex'), gen_random_uuid(), now()
	  from tracetrack.person where login = 'iso.chief1';
	delete from isolation_test.totp;
	insert into isolation_test.totp values (tracetrack.totp_step());
	delete from tracetrack.login_failure where login like 'iso.%';
	delete from tracetrack.rate r using tracetrack.person p
	 where p.id = r.person_id and p.login like 'iso.%';
	insert into tracetrack.setting values ('rate_iso', '1 per 1 hour', 'specs')
	on conflict do nothing;
end
$$;

create function isolation_test.administrators_end() returns void language plpgsql as $$
begin
	delete from tracetrack.role_right r using isolation_test.granted g
	 where r.role = 'supervisor' and r.right_name = g.right_name;
	delete from isolation_test.granted;
	update tracetrack.person set role = 'administrator'
	 where id in (table isolation_test.other);
	delete from isolation_test.other;
	delete from tracetrack.setting where name = 'rate_iso';
end
$$;

create function isolation_test.disable(p_who integer, p_login text) returns text language sql as $$
	select outcome from api.user_disable(repeat('e' || p_who, 32), gen_random_uuid(), p_login,
		'spec')
$$;

create function isolation_test.role(p_who integer, p_login text, p_role text)
returns text language sql as $$
	select outcome from api.user_role(repeat('e' || p_who, 32), gen_random_uuid(), p_login,
		p_role)
$$;

create function isolation_test.reset(p_who integer, p_login text) returns text language sql as $$
	select outcome from api.user_reset(repeat('e' || p_who, 32), gen_random_uuid(), p_login,
		p_salt => repeat('00', 16), p_ops => 2, p_mem => 19922944,
		p_verifier => repeat('dd', 32))
$$;

create function isolation_test.password(p_who integer) returns text language sql as $$
	select outcome from api.session_password(repeat('e' || p_who, 32), gen_random_uuid(),
		repeat('aa', 32), repeat('00', 16), 2, 19922944, repeat('dd', 32))
$$;

create function isolation_test.extend(p_who integer) returns text language sql as $$
	select outcome from api.session_extend(repeat('e' || p_who, 32))
$$;

-- The code is one for the whole spec.
create function isolation_test.login(p_login text, p_new text default null)
returns text language sql as $$
	select outcome from api.session_login(p_login, repeat('aa', 32), p_totp => (
		select tracetrack.totp_code(decode(repeat('77', 20), 'hex'), step)
		  from isolation_test.totp where p_login = 'iso.chief1'),
		p_salt => repeat('00', 16), p_ops => 2, p_mem => 19922944,
		p_verifier => repeat(p_new, 32))
$$;

create function isolation_test.people() returns table (who text) language sql as $$
	select format('%s %s %s', login, role, state) from tracetrack.person
	 where login like 'iso.chief_' or login like 'iso.aide_' order by login
$$;

create function isolation_test.sessions(p_login text) returns bigint language sql as $$
	select count(*) from tracetrack.session s join tracetrack.person p on p.id = s.person_id
	 where p.login = p_login and s.revoked_at is null
$$;

create function isolation_test.four_wrong_pins() returns void language sql as $$
	insert into tracetrack.person_pin (person_id, salt, ops, mem, verifier, failures)
	select id, decode(repeat('00', 16), 'hex'), 2, 19922944,
	       sha256(decode(repeat('cc', 32), 'hex')), 4
	  from tracetrack.person where login = 'iso.chief1'
	on conflict on constraint person_pin_pkey do update set failures = 4
$$;

create function isolation_test.unlock(p_who integer, p_pin text) returns text language sql as $$
	select outcome from api.session_unlock(repeat('e' || p_who, 32), repeat(p_pin, 32), 'pin')
$$;

create function isolation_test.rate() returns text language sql as $$
	select outcome from tracetrack.rate_take((select id from tracetrack.person
		where login = 'iso.chief1'), 'iso')
$$;

create function isolation_test.ask_role() returns void language sql as $$
	update tracetrack.promotion set state = 'rejected', decided_at = now(), decided_by = (
		select id from tracetrack.person where login = 'iso.chief1')
	 where state = 'pending' and person_id = (
		select id from tracetrack.person where login = 'iso.aide3');
	insert into tracetrack.promotion (person_id, role, reason)
	select id, 'biller', 'spec' from tracetrack.person where login = 'iso.aide3'
$$;

create function isolation_test.decide_role(p_who integer, p_approve boolean)
returns text language sql as $$
	select outcome || ' ' || state from api.user_decide(repeat('e' || p_who, 32),
		gen_random_uuid(), (select max(x.id) from tracetrack.promotion x), p_approve)
$$;

-- An import that is staged and not applied: of children into parents, 'K2 P1' each, or of
-- parents onto bills, 'P1 B2'.
create function isolation_test.import_ready(p_kind text, variadic p_rows text[]) returns text
language plpgsql as $$
declare
	v_token text := repeat('b1', 32);
	v_import uuid := isolation_test.event('import');
	n integer := cardinality(p_rows);
	v_none text[] := array_fill(null::text, array[n]);
begin
	delete from tracetrack.rate r where r.what = 'import';
	perform api.import_begin(v_token, v_import, p_kind, 'good', 'spec.csv',
		repeat('5a', 32), n, n + 1, 'jaipur');
	return (select s.outcome from api.import_stage(v_token, v_import,
		array(select generate_series(2, n + 1)::bigint),
		array(select isolation_test.code(split_part(r, ' ', 1)) from unnest(p_rows) r),
		array(select isolation_test.code(split_part(r, ' ', 2)) from unnest(p_rows) r),
		v_none, v_none, v_none, v_none) s);
end
$$;

-- Applies it to its end: how many were linked, how many refused and why.
create function isolation_test.import_apply() returns text language plpgsql as $$
declare
	v_import uuid := isolation_test.event('import');
	v record;
begin
	loop
		select * into v from api.import_apply(repeat('b1', 32), v_import);
		exit when v.outcome <> 'ok' or v.state = 'done';
	end loop;
	return concat_ws(' ', v.outcome, v.linked || ' linked', v.refused || ' refused:', (
		select string_agg(b.outcome || ' (' || isolation_test.name(b.code) || ')', ' '
			order by b.line)
		  from api.import_bad(repeat('b1', 32), v_import) b));
end
$$;

-- ---- exports: of bags, behind the one before the last two, where p_places pages have ended;
-- one's allowance is spent

create table isolation_test.allowance (value text);

create function isolation_test.export_behind() returns bigint language sql stable as $$
	select id from tracetrack.bag order by id desc offset 2 limit 1
$$;

create function isolation_test.export_ready(p_places integer) returns void language sql as $$
	insert into isolation_test.allowance
	select value from tracetrack.setting where name = 'rate_export';
	update tracetrack.setting set value = '1 per 1 hour' where name = 'rate_export';
	delete from tracetrack.rate where what = 'export';
	delete from tracetrack.export_next;
	select tracetrack.rate_take(id, 'export') from tracetrack.person where login = 'iso.one';
	insert into tracetrack.export_next (person_id, what, key)
	select id, 'bags', isolation_test.export_behind()
	  from tracetrack.person, generate_series(1, p_places) where login = 'iso.one';
$$;

create function isolation_test.export_over() returns void language sql as $$
	delete from tracetrack.rate where what = 'export';
	delete from tracetrack.export_next;
	update tracetrack.setting set value = a.value from isolation_test.allowance a
	 where name = 'rate_export';
	delete from isolation_test.allowance;
$$;

-- A page of one bag, and how many rows it has.
create function isolation_test.export(p_who integer) returns text language plpgsql as $$
declare
	v text := (select x.outcome from api.export_page(repeat('a' || p_who, 32), 'bags',
		isolation_test.export_behind(), null, null, null, false, 1) x);
begin
	return concat_ws(' ', v, case when v = 'ok' then (select count(*) from api.export_bags()) end);
end
$$;

-- Where exports go on, and how many of them there.
create function isolation_test.places() returns table (place text, pages bigint)
language sql as $$
	select case key when isolation_test.export_behind() then 'here' else 'next page' end, count(*)
	  from tracetrack.export_next group by 1 order by 1
$$;

create function isolation_test.setting(p_who integer, p_value text) returns text language sql as $$
	select concat_ws(' ', outcome, value) from api.setting_set(repeat('e' || p_who, 32),
		gen_random_uuid(), 'undo_window', p_value)
$$;

create function isolation_test.retire(p_who integer, p_family text) returns text language sql as $$
	select concat_ws(' ', outcome, detail) from api.family_retire(repeat('e' || p_who, 32),
		gen_random_uuid(), p_family, 'spec')
$$;

-- ---- stations: an administrator at each, whose sessions are due to be prolonged

select isolation_test.sessions('e', 'iso.office') \g /dev/null

create function isolation_test.station_gate() returns trigger language plpgsql as $$
begin
	perform pg_advisory_xact_lock_shared(2207);
	return null;
end
$$;

-- Who changes a station's state stops at the gate, which is an advisory lock: the station is locked
-- by then, and its sessions are not.
create function isolation_test.stations() returns void language plpgsql as $$
begin
	perform isolation_test.start(0);
	update tracetrack.session set extended_at = now() - interval '2 minutes'
	 where token_hash in (select tracetrack.token_hash(repeat(t, 32))
		from unnest('{a1,a2,e1,e2}'::text[]) t);
	create or replace trigger a_gate after update of state on tracetrack.station for each row
		when (old.state is distinct from new.state)
		execute function isolation_test.station_gate();
end
$$;

create function isolation_test.stations_end() returns void language plpgsql as $$
begin
	drop trigger a_gate on tracetrack.station;
	update tracetrack.station set state = 'enabled', reason = null where name ~ '^ISO-[12]$';
	update tracetrack.setting set value = 'on' where name = 'synchronous_commit';
end
$$;

create function isolation_test.station_retire(p_who integer, p_station integer) returns text
language sql as $$
	select outcome from api.station_retire(repeat('e' || p_who, 32), gen_random_uuid(),
		'ISO-' || p_station, 'test')
$$;

create function isolation_test.station_seen(p_station integer) returns text language sql as $$
	select concat_ws(' ', st.state, case when bool_or(s.is_ready) then 'scans'
		else 'does not scan' end)
	  from tracetrack.station st join tracetrack.session s on s.station_id = st.id
	   and s.revoked_at is null and s.expires_at > now()
	 where st.name = 'ISO-' || p_station group by st.state
$$;

-- A login at a station.
create function isolation_test.login_at(p_station integer) returns text language sql as $$
	select outcome from api.session_login('iso.chief2', repeat('aa', 32),
		p_station => 'ISO-' || p_station)
$$;
