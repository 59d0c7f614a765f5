-- The audit: what people change is written down, by whom and where; what scans do is in the ledger.
begin;
\ir prelude.psql
select plan(44);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

-- every table is watched, or it is said why not
select is_empty($$
	select c.relname::text from pg_class c
	 where c.relnamespace = 'tracetrack'::regnamespace and c.relkind in ('r', 'p')
	   and not c.relispartition
	except (select table_name from tracetrack.audit_list()
		union all select table_name from tracetrack.audit_exceptions())
$$, 'every table is watched or an exception with its reason');
select is_empty($$
	(select table_name from tracetrack.audit_list()
	union all select table_name from tracetrack.audit_exceptions())
	except all select c.relname::text from pg_class c
	 where c.relnamespace = 'tracetrack'::regnamespace and not c.relispartition
$$, 'none is in both, none is unknown');
select is_empty($$
	select l.table_name, m from tracetrack.audit_list() l, unnest(l.moves) m where not exists (
		select from pg_trigger g where g.tgrelid = ('tracetrack.' || l.table_name)::regclass
		   and g.tgname = case m when 'update' then 'audited' else 'audited_other' end
		   and g.tgenabled = 'O' and g.tgdeferrable and g.tgtype & case m when 'insert' then 4
			when 'delete' then 8 else 16 end <> 0)
$$, 'every watched table has its triggers');
select is_empty($$
	select l.table_name, a.attname from tracetrack.audit_list() l
	  join pg_attribute a on a.attrelid = ('tracetrack.' || l.table_name)::regclass
	   and a.attnum > 0 and not a.attisdropped
	 where a.attname <> all (l.secret || l.noise)
	   and (a.atttypid = 'bytea'::regtype
		or a.attname ~ '(hash|salt|verifier|secret|token|pin|totp|seed)$')
$$, 'what looks like a secret is one');
select is_empty($$
	select l.table_name, k from tracetrack.audit_list() l, unnest(l.key || l.noise || l.secret) k
	 where not exists (select from pg_attribute a
		where a.attrelid = ('tracetrack.' || l.table_name)::regclass and a.attname = k
		  and not a.attisdropped)
$$, 'the list names columns that exist');

-- by a person
create function pg_temp.last(p_table text) returns tracetrack.audit language sql as $$
	select a from tracetrack.audit a where a.table_name = p_table order by a.number desc limit 1
$$;
select api.user_create(pg_temp.tok('t.boss'), pg_temp.ev('a1'), 't.new', 'New', 'dispatcher',
	'akola', null, repeat('00', 16), 2, 19922944, repeat('11', 32)) \g /dev/null
create temporary table made as select (pg_temp.last('person')).*;
select is((select row(m.operation, m.key, p.login, s.name, m.request, m.before) from made m
	join tracetrack.person p on p.id = m.person_id
	join tracetrack.station s on s.id = m.station_id),
	row('insert'::text, 't.new'::text collate "C", 't.boss'::text collate "C",
	'TEST-1'::text collate "C", pg_temp.ev('a1'), null::jsonb),
	'who made whom, where and by which request');
select is((select session_id from made), (select id from tracetrack.session
	where token_hash = tracetrack.token_hash(pg_temp.tok('t.boss'))), 'in which session');
select is((select row(after ->> 'name', after ->> 'role', after ->> 'verifier', after ->> 'salt')
	from made), row('New'::text, 'dispatcher'::text, '***'::text, '***'::text),
	'what the row says, without secrets');
select ok((select after::text !~ '1111' from made), 'no part of a verifier is in it');

-- by the owner's own hand
update tracetrack.person set verifier = sha256('x'), name = 'Newer' where login = 't.new';
select is((select row(operation, person_id, station_id, db_role)
	from pg_temp.last('person')), row('update'::text, null::integer, 0, session_user::text collate "default"),
	'a change by hand: the role of the database');
select is((select tracetrack.audit_changes(before, after) from pg_temp.last('person')),
	'{"name": ["New", "Newer"], "verifier": ["***", "*** changed"]}'::jsonb,
	'what changed, of a secret only that it did');
select is((select station_number from pg_temp.last('person')), (select last
	from tracetrack.audit_counter where station_id = 0), 'numbered by station');
create function pg_temp.rows() returns bigint language sql as $$
	select count(*) from tracetrack.audit
$$;
create temporary table counted as select pg_temp.rows() as n;
update tracetrack.person set name = name where login = 't.new';
select is(pg_temp.rows(), (select n from counted), 'what changes nothing is not told');
insert into tracetrack.role_right values ('biller', 'test.right');
select is((select row(operation, key) from pg_temp.last('role_right')),
	row('insert'::text, 'biller/test.right'::text collate "C"), 'a right is given');
delete from tracetrack.role_right where right_name = 'test.right';
select is((select row(operation, after) from pg_temp.last('role_right')),
	row('delete'::text, null::jsonb), 'and taken');
truncate tracetrack.role_right;
select is((select row(operation, key) from pg_temp.last('role_right')),
	row('truncate'::text, ''::text collate "C"), 'a table is emptied');
insert into tracetrack.role_right select split_part(key, '/', 1), split_part(key, '/', 2)
	from (select distinct on (key) * from tracetrack.audit where table_name = 'role_right'
	and key <> '' order by key, number desc) a where after is not null;

-- sessions
select api.session_login('t.new', encode('x', 'hex'), 'TEST-1') \g /dev/null
select is((select count(*) from tracetrack.audit where table_name = 'login_failure'), 0::bigint,
	'wrong passwords are counted elsewhere');
select api.session_login('t.asha', pg_temp.proof('t.asha'), 'TEST-1') \g /dev/null
select is((select row(operation, (after ->> 'person_id')::integer, after ? 'token_hash')
	from pg_temp.last('session')), row('insert'::text, (select id from tracetrack.person
	where login = 't.asha'), false), 'a login, without its token');
update counted set n = pg_temp.rows();
update tracetrack.session set extended_at = now() - interval '2 minutes'
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.asha'));
select api.session_check(pg_temp.tok('t.asha')) \g /dev/null
select is(pg_temp.rows(), (select n from counted), 'that a session goes on is no change');
select api.session_lock(pg_temp.tok('t.asha')) \g /dev/null
select ok((select before ->> 'locked_at' is null and after ->> 'locked_at' is not null
	from pg_temp.last('session')), 'that it is locked is one');
select api.session_unlock(pg_temp.tok('t.asha'), pg_temp.proof('t.asha')) \g /dev/null

-- scans leave their trace in the ledger alone
update counted set n = pg_temp.rows();
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 30) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000002', 'T-D', 3) \g /dev/null
select pg_temp.undo('t.asha', pg_temp.ev('T-C30')) \g /dev/null
select pg_temp.relink('t.asha', 'T-D1', 'SB91000001') \g /dev/null
select pg_temp.remove('t.asha', 'T-D2') \g /dev/null
select pg_temp.child('t.asha', 'T-D2', 'SB91000002', p_grams => 900) \g /dev/null
select pg_temp.short('t.asha', 'SB91000002', 'few') \g /dev/null
select is(pg_temp.rows(), (select n from counted), 'no scan writes to the audit');
update tracetrack.bag set grams_measured = 28000 where code = 'SB91000001';
select is((select row(operation, key, tracetrack.audit_changes(before, after))
	from pg_temp.last('bag')), row('update'::text, 'SB91000001'::text collate "C",
	'{"grams_measured": [null, 28000]}'::jsonb), 'a weight that no scan brought is told');
update tracetrack.bag set grams_measured = null where code = 'SB91000001';
update counted set n = pg_temp.rows();
update tracetrack.bag set area_id = area_id where code = 'SB91000001';
select is(pg_temp.rows(), (select n from counted), 'what stays as it is isn''t');
update tracetrack.bag set code = 'T-C1X' where code = 'T-C1';
select is((select row(key, tracetrack.audit_changes(before, after)) from pg_temp.last('bag')),
	row('T-C1X'::text collate "C", '{"code": ["T-C1", "T-C1X"]}'::jsonb), 'another code is');
update tracetrack.bag set code = 'T-C1' where code = 'T-C1X';
select is_empty($$
	select g.tgrelid::regclass, a.attname
	  from pg_trigger g, unnest(g.tgattr) x (n), pg_attribute a
	 where g.tgrelid = 'tracetrack.bag'::regclass and g.tgname ~ '^audited'
	   and a.attrelid = g.tgrelid and a.attnum = x.n
	   and a.attname in ('child_count', 'grams_expected', 'position', 'since', 'closed_at',
		'closed_by', 'closed_station', 'closed_event', 'event_id', 'person_id', 'station_id')
$$, 'what the parent of a scanned child gets fires nothing');
select is_empty($$ select from pg_trigger where tgrelid = 'tracetrack.bag'::regclass
	and tgname ~ '^audited' and tgtype & 4 = 4 $$, 'nor does a new child');

-- it stays as it is
select throws_ok($$ update tracetrack.audit set key = 'x' $$, '23001', 'the audit is append-only',
	'no change');
select throws_ok($$ delete from tracetrack.audit $$, '23001', 'the audit is append-only', 'no deletion');
select throws_ok($$ truncate tracetrack.audit $$, '23001', 'the audit is append-only', 'no emptying');

-- list
select is((select row(person, station, kind, key, operation) from api.audit_list(
	pg_temp.tok('t.sup'), p_person => 'T.Boss', p_kind => 'person')),
	row('t.boss'::text, 'TEST-1'::text, 'person'::text, 't.new'::text, 'insert'::text),
	'list: by person and kind');
select is((select count(*) from api.audit_list(pg_temp.tok('t.sup'), p_station => 'TEST-1',
	p_limit => 1000)), (select count(*) from tracetrack.audit a join tracetrack.station s
	on s.id = a.station_id where s.name = 'TEST-1'), 'by station');
select is((select count(*) from api.audit_list(pg_temp.tok('t.sup'), p_person => 'nobody')),
	0::bigint, 'by a person that is none');
select is((select count(*) from api.audit_list(pg_temp.tok('t.sup'), p_to => now())), (select
	least(count(*), 100) from tracetrack.audit where at < now()), 'by time');
select is((select array_agg(number order by number desc) from (
	select number from api.audit_list(pg_temp.tok('t.sup'), p_limit => 3) union all
	select number from api.audit_list(pg_temp.tok('t.sup'), p_limit => 3, p_after => (
		select min(number) from api.audit_list(pg_temp.tok('t.sup'), p_limit => 3)))) x),
	(select array_agg(number order by number desc) from (select number from tracetrack.audit
	order by number desc limit 6) x), 'page by page');
select throws_ok($$ select api.audit_list(pg_temp.tok('t.asha')) $$, '42501', 'not_permitted',
	'a dispatcher reads no audit');
select throws_ok($$ select api.audit_list(pg_temp.tok('t.bill')) $$, '42501', 'not_permitted',
	'nor does a biller');
select throws_ok($$ select api.audit_list('x') $$, '28000', 'session_expired', 'nor nobody');

-- one thing
select is((select array_agg(operation) from api.audit_entity(pg_temp.tok('t.sup'), 'person', 't.new')),
	'{update,insert}', 'a person''s story');
select ok((select array_agg(distinct source || ' ' || operation) @> '{ledger child,audit update,ledger undo}'
	from api.audit_entity(pg_temp.tok('t.sup'), 'bag', 'sb91000001')), 'a bag''s, ledger and audit');
select is((select count(*) from api.audit_entity(pg_temp.tok('t.sup'), 'bag', 'nothing')), 0::bigint,
	'of nothing');
select throws_ok($$ select api.audit_entity(pg_temp.tok('t.bill'), 'person', 't.new') $$, '42501',
	'not_permitted', 'a biller reads no story');
select throws_ok($$ select api.audit_entity('x', 'person', 't.new') $$, '28000', 'session_expired',
	'nor does nobody');

-- behind its back
alter table tracetrack.person disable trigger audited;
update tracetrack.person set role = 'administrator' where login = 't.asha';
alter table tracetrack.person enable trigger audited;
select is((select detail from tracetrack.violation() where rule = '7 the audit tells the present'),
	'person t.asha has another role', 'what was changed with the trigger off is found');
update tracetrack.person set role = 'dispatcher' where login = 't.asha';
select pg_temp.sound();
select * from finish();
rollback;
