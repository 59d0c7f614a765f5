-- Lists, people, figures.
begin;
\ir prelude.psql
select plan(39);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

select ok((select count(*) >= 10 from api.area_list(pg_temp.tok('t.asha'))), 'areas');
select is((select row(code, name, state) from api.area_list(pg_temp.tok('t.asha'))
	where code = 'sri_ganganagar'),
	row('sri_ganganagar'::text, 'Sri Ganganagar'::text, 'active'::text), 'one of them');
select is((select array_agg(name) from api.family_list(pg_temp.tok('t.asha'))
	where name in ('mustard', 'moong', 'child', 'command', 'badge')),
	'{mustard,moong,command,badge,child}', 'families, child last');
select is((select row(role, pattern, capacity, child_grams, active)
	from api.family_list(pg_temp.tok('t.asha')) where name = 'moong'),
	row('parent'::text, '^M444-[0-9]{5}$'::text, 30, 1000::bigint, true), 'one of them');
select is((select row(area, state, double_read_ms, hard_stop)
	from api.station_list(pg_temp.tok('t.bill')) where name = 'TEST-1'),
	row('jaipur'::text, 'enabled'::text, 800, false), 'stations');
select is_empty($$ select from api.station_list(pg_temp.tok('t.bill')) where name = '-' $$,
	'number 0 is none');
select is((select row(name, role, area, state) from api.user_list(pg_temp.tok('t.sup'), p_after => 't.aaa', p_limit => 1)),
	row('T.Asha'::text, 'dispatcher'::text, 'jaipur'::text, 'active'::text), 'people, paged');
select is((select array_agg(login) from api.user_list(pg_temp.tok('t.sup'), p_after => 't.asha', p_limit => 3)),
	'{t.bill,t.boss,t.sup}', 'after a login');
insert into tracetrack.login_failure values ('t.asha', 5, now() + interval '1 minute', now());
select is((select state from api.user_list(pg_temp.tok('t.sup'), p_after => 't.arz', p_limit => 1)), 'locked',
	'who is locked out');
select ok((select count(*) <= 1000 from api.user_list(pg_temp.tok('t.sup'))),
	'without limits there is one');

-- who may not
select throws_ok($$select api.user_list(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher sees no people');
select throws_ok($$select api.user_list(pg_temp.tok('t.bill'))$$, '42501', 'not_permitted',
	'nor does a biller');
select throws_ok($$select api.station_list(pg_temp.tok('t.asha'))$$, '42501', 'not_permitted',
	'a dispatcher sees no stations');
select throws_ok($$select api.area_list('x')$$, '28000', 'session_expired', 'areas: nobody');
select throws_ok($$select api.family_list(null)$$, '28000', 'session_expired', 'families: nobody');
select throws_ok($$select api.station_list('')$$, '28000', 'session_expired', 'stations: nobody');
select throws_ok($$select api.user_list(repeat('0', 64))$$, '28000', 'session_expired',
	'people: nobody');
update tracetrack.session set locked_at = now()
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.bill'));
select throws_ok($$select api.area_list(pg_temp.tok('t.bill'))$$, '42501', 'not_permitted',
	'a locked session lists nothing');
select isnt_empty($$select api.family_list(pg_temp.tok('t.bill'))$$,
	'but the families, which the station needs to unlock by badge');

-- new people
create function pg_temp.create_user(p_who text, p_event uuid, p_login text, p_role text, p_area text,
	p_mail text default null, p_name text default 'Somebody', p_salt text default repeat('00', 16),
	p_ops integer default 2)
returns text language sql as $$
	select outcome || ' ' || login from api.user_create(pg_temp.tok(p_who), p_event, p_login,
		p_name, p_role, p_area, p_mail, p_salt, p_ops, 19922944, repeat('11', 32))
$$;
select is(pg_temp.create_user('t.boss', pg_temp.ev('u1'), ' T.New', 'dispatcher', 'akola'),
	'ok t.new', 'a person is made');
select is((select row(p.role, a.code, p.state) from tracetrack.person p
	join tracetrack.area a on a.id = p.area_id where p.login = 't.new'),
	row('dispatcher'::text, 'akola'::text collate "C", 'active'::text), 'as asked');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u1'), ' T.New', 'dispatcher', 'akola'),
	'ok t.new', 'the same request again');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u1'), 't.other', 'dispatcher', 'akola'),
	'key_reused t.other', 'with other content');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u2'), 't.new', 'biller', null),
	'exists t.new', 'a login that is taken');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.4'), 't.n3', 'dispatcher', 'atlantis'),
	'unknown_area t.n3', 'an area that is none');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.5'), 't.n3', 'dispatcher', null),
	'area_needed t.n3', 'a dispatcher without an area');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.6'), 't.n3', 'king', null),
	'unknown_role t.n3', 'a role that is none');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.7'), '../x', 'biller', null),
	'bad_value ../x', 'a login that can''t be one');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.8'), 't.n3', 'biller', null, 'nonsense'),
	'bad_value t.n3', 'a mail address that is none');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.9'), 't.n3', 'biller', null, null, null),
	'bad_value t.n3', 'without a name');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.10'), 't.n3', 'biller', null, p_salt => 'zz'),
	'bad_value t.n3', 'a salt that is none');
select is(pg_temp.create_user('t.boss', pg_temp.ev('u3.11'), 't.n3', 'biller', null, p_ops => 1),
	'bad_value t.n3', 'a hash that is too cheap');
select is(pg_temp.create_user('t.sup', pg_temp.ev('u4'), 't.n4', 'biller', null),
	'not_permitted t.n4', 'a supervisor makes nobody');

-- figures
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 3) \g /dev/null
select pg_temp.child('t.asha', 'T-C1', 'SB91000001') \g /dev/null
select pg_temp.child('t.asha', 'TT:OK', 'SB91000001') \g /dev/null
select is((select row(outcome, scans, parents, refused, last_hour)
	from api.stats_station(pg_temp.tok('t.asha'))),
	row('ok'::text, 6::bigint, 1::bigint, 1::bigint, 6::bigint), 'the station today');
select is((select row(c.scans, c.linked, c.children_linked) from
	api.stats_counters(pg_temp.tok('t.asha')) c), (select row(count(*),
	count(*) filter (where outcome in ('linked', 'completed')), (select count(*)
	from tracetrack.bag where state = 'linked')) from tracetrack.event), 'the counters');
select is((select outcome from api.stats_counters('x')), 'session_expired', 'nobody');

-- every list refuses a page that it does not have, all in the same words
create function pg_temp.refused(p_limit integer) returns table (list text, why text)
language plpgsql as $$
begin
	for list in
		select p.proname from pg_proc p
		 where p.pronamespace = 'api'::regnamespace and 'p_limit' = any (p.proargnames)
		   and p.proretset and p.proname ~ '_(list|requests|recent|search|entity|bad|seals)$'
	loop
		begin
			execute format('select 1 from api.%I(%L%s, p_limit => %s)', list,
				pg_temp.tok('t.boss'), case when list ~ 'search$' then ', ''SB'''
				when list ~ 'entity$' then ', ''person'', ''t.boss'''
				when list ~ 'bad$' then ', gen_random_uuid()' else '' end, p_limit);
			why := 'taken';
		exception when invalid_parameter_value then
			why := sqlerrm;
		end;
		return next;
	end loop;
end
$$;
select cmp_ok((select count(*) from pg_temp.refused(1) where why = 'taken'), '>=', 15::bigint,
	'lists of one row');
select is_empty($$ select * from pg_temp.refused(0)
	where why !~ '^limit must be from 1 to (100|200|1000|10000)$' $$, 'none of no rows');
select is_empty($$ select * from pg_temp.refused(10001)
	where why !~ '^limit must be from 1 to (100|200|1000|10000)$' $$, 'nor of too many');
select * from finish();
rollback;
