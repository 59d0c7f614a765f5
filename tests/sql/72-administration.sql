-- Areas, stations, families, settings, exceptions, notifications: who changes them, and what not.
begin;
\ir prelude.psql
select plan(88);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
create function pg_temp.t() returns text language sql as $$ select pg_temp.tok('t.boss') $$;

-- who may not: everybody but an administrator, and nobody
create function pg_temp.refusals(p_call text) returns text language plpgsql as $$
declare
	v_who text;
	v_all text := '';
	v_one text;
begin
	foreach v_who in array array['t.asha', 't.bill', 't.sup', 'nobody'] loop
		execute format('select outcome from ' || p_call, pg_temp.tok(v_who),
			gen_random_uuid()) into v_one;
		v_all := v_all || ' ' || v_one;
	end loop;
	return v_all;
end
$$;
select is(pg_temp.refusals(c), ' not_permitted not_permitted not_permitted session_expired', c)
  from unnest(array['api.area_create(%L, %L, ''x'', ''X'')',
	'api.area_edit(%L, %L, ''akola'', ''X'')', 'api.area_retire(%L, %L, ''akola'', ''X'')',
	'api.station_create(%L, %L, ''S'')', 'api.station_edit(%L, %L, ''TEST-1'')',
	'api.station_retire(%L, %L, ''TEST-1'', ''X'')',
	'api.family_create(%L, %L, ''x'', ''parent'', ''^X$'', ''X'')',
	'api.family_edit(%L, %L, ''moong'')', 'api.family_retire(%L, %L, ''moong'', ''X'')',
	'api.setting_set(%L, %L, ''undo_window'', ''2 hours'')']) c;
select is(pg_temp.refusals(c), ' not_permitted not_permitted ' || w || ' session_expired', c)
  from (values ('api.exception_resolve(%L, %L, gen_random_uuid(), ''x'')', 'not_found'),
	('api.notification_ack(%L, %L, 0)', 'not_found'),
	('api.approval_decide(%L, %L, 0, true)', 'not_found')) x (c, w);
select throws_ok(format('select api.%s_list(%L)', n, pg_temp.tok(w)), '42501', 'not_permitted',
	n || 's: not for ' || w)
  from unnest(array['setting', 'exception', 'notification', 'approval']) n,
       unnest(array['t.asha', 't.bill']) w;
select throws_ok(format('select api.%s_list(''x'')', n), '28000', 'session_expired',
	n || 's: not for nobody')
  from unnest(array['setting', 'exception', 'notification', 'approval']) n;

-- areas
create function pg_temp.e() returns uuid language sql as $$ select gen_random_uuid() $$;
select is((select outcome from api.area_create(pg_temp.t(), pg_temp.ev('ar'), ' Kota ', 'Kota')), 'ok',
	'an area');
select is((select row(outcome, replayed) from api.area_create(pg_temp.t(), pg_temp.ev('ar'), ' Kota ',
	'Kota')), row('ok'::text, true), 'the same request again');
select is((select outcome from api.area_create(pg_temp.t(), pg_temp.e(), 'kota', 'X')), 'exists',
	'a code that is taken');
select is((select array_agg(outcome) from (values ('9x', 'X'), ('kk', null), (null, 'X')) v (c, n),
	lateral api.area_create(pg_temp.t(), pg_temp.e(), v.c, v.n)),
	'{bad_value,bad_value,bad_value}', 'what is no code or no name');
select is((select outcome from api.area_edit(pg_temp.t(), pg_temp.e(), 'kota', 'Kota City')), 'ok',
	'another name');
select is((select outcome from api.area_edit(pg_temp.t(), pg_temp.e(), 'nowhere', 'X')),
	'unknown_area', 'of no area');
select is((select outcome from api.area_edit(pg_temp.t(), pg_temp.e(), 'kota', p_active => false)),
	'bad_value', 'to retire takes a reason');
select is((select outcome || detail from api.area_retire(pg_temp.t(), pg_temp.e(), 'jaipur', 'moved')),
	'in_useperson dispatcher', 'an area where people are') where exists (select
	from tracetrack.person where login = 'dispatcher')
union all select is((select outcome || detail from api.area_retire(pg_temp.t(), pg_temp.e(), 'jaipur',
	'moved')), 'in_useperson t.asha', 'an area where people are') where not exists (select
	from tracetrack.person where login = 'dispatcher');
select is((select outcome from api.area_retire(pg_temp.t(), pg_temp.e(), 'kota', ' ')), 'bad_value',
	'without a reason');
select is((select outcome from api.area_retire(pg_temp.t(), pg_temp.e(), 'kota', 'closed')), 'ok',
	'an empty one');
select is((select outcome from api.area_retire(pg_temp.t(), pg_temp.e(), 'kota', 'closed')),
	'already_decided', 'twice');
select is((select row(name, active, reason) from tracetrack.area where code = 'kota'),
	row('Kota City'::text, false, 'closed'::text), 'it stays, with the reason');
select is((select outcome from api.area_edit(pg_temp.t(), pg_temp.e(), 'kota', p_active => true)), 'ok',
	'and comes back');

-- stations
select is((select outcome from api.station_create(pg_temp.t(), pg_temp.e(), 'NEW-1', 'kota')), 'ok',
	'a station');
select is((select outcome from api.station_create(pg_temp.t(), pg_temp.e(), 'NEW-1')), 'exists',
	'a name that is taken');
select is((select outcome from api.station_create(pg_temp.t(), pg_temp.e(), 'a b')), 'bad_value',
	'no name');
select is((select outcome from api.station_create(pg_temp.t(), pg_temp.e(), 'NEW-2', 'x')),
	'unknown_area', 'an area that is none');
select is((select outcome from api.station_edit(pg_temp.t(), pg_temp.e(), 'NEW-1', '-', 500, true, false)),
	'ok', 'its policy');
select is((select row(area_id, double_read_ms, hard_stop, sounds) from tracetrack.station
	where name = 'NEW-1'), row(null::smallint, 500, true, false), 'as asked');
select is((select array_agg(outcome) from (values ('NEW-1', 60001, null), ('NEW-1', null, 'x'),
	('-', 1, null), ('none', 1, null)) v (n, ms, a), lateral api.station_edit(pg_temp.t(), pg_temp.e(),
	v.n, v.a, v.ms)), '{bad_value,unknown_area,not_found,not_found}', 'what is not acceptable');
select is((select array_agg(outcome) from unnest(array[null, 'broken', 'broken']) r,
	lateral api.station_retire(pg_temp.t(), pg_temp.e(), 'NEW-1', r)), '{bad_value,ok,already_decided}',
	'retired, with a reason, once');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'), 'NEW-1')),
	'not_permitted', 'nobody logs in there');
select is((select outcome from api.station_edit(pg_temp.t(), pg_temp.e(), 'NEW-1', p_enabled => true)),
	'ok', 'it comes back');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'), 'NEW-1')), 'ok',
	'and works');

-- families
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 3) \g /dev/null
select is((select outcome from api.family_create(pg_temp.t(), pg_temp.e(), 'gram', 'parent',
	'^GR[0-9]{5}$', 'GR00001')), 'ok', 'a family');
select is((select row(capacity, child_grams, active) from tracetrack.family where name = 'gram'),
	row(30::smallint, 1000::bigint, true), 'with what parents usually take');
select is((select outcome from api.family_create(pg_temp.t(), pg_temp.e(), 'gram', 'parent', '^G1$',
	'G1')), 'exists', 'a name that is taken');
select is((select array_agg(outcome) from (values ('g1', 'parent', 'GR', 'GR'), ('g1', 'parent', '^G($',
	'G'), ('g1', 'parent', '^G$', 'H'), ('g1', 'king', '^G$', 'G'), ('G1', 'parent', '^G$', 'G'))
	v (n, r, p, e), lateral api.family_create(pg_temp.t(), pg_temp.e(), v.n, v.r, v.p, v.e)),
	array_fill('bad_value'::text, array[5]), 'what is no family');
select is((select outcome || ' ' || detail from api.family_create(pg_temp.t(), pg_temp.e(), 'tc',
	'parent', '^T-C[0-9]$', 'T-C1')), 'ambiguous T-C1 is of family child',
	'a pattern that takes a child''s code');
select is((select count(*) from tracetrack.family where name = 'tc'), 0::bigint, 'nothing of it is left');
select is((select outcome || ' ' || detail from api.family_edit(pg_temp.t(), pg_temp.e(), 'mustard',
	'^SB7[0-9]{7}$', 'SB70000000')), 'ambiguous ' || (select code from tracetrack.bag b
	where b.family_id = (select id from tracetrack.family where name = 'mustard')
	and code !~ '^SB7[0-9]{7}$' order by id limit 1) || ' would belong to no family',
	'a pattern that leaves a bag without family');
select is((select outcome || ' ' || detail from api.family_edit(pg_temp.t(), pg_temp.e(), 'gram',
	'^SB91[0-9]{6}$', 'SB91000000')), 'ambiguous SB91000001 is of family mustard',
	'a pattern that takes another''s code');
select is((select outcome from api.family_edit(pg_temp.t(), pg_temp.e(), 'mustard',
	'^SB[0-9]{5,9}$', p_capacity => 40)), 'ok', 'a wider one');
select is((select row(pattern, capacity) from tracetrack.family where name = 'mustard')::text,
	'("^SB[0-9]{5,9}$",40)', 'as asked');
select is((select outcome from api.family_edit(pg_temp.t(), pg_temp.e(), 'mustard', p_example => 'X')),
	'bad_value', 'an example that does not match');
select is((select outcome from api.family_edit(pg_temp.t(), pg_temp.e(), 'none', '^X$')), 'not_found',
	'of no family');
select is((select outcome || ' ' || detail from api.family_retire(pg_temp.t(), pg_temp.e(),
	'child', 'old')), 'in_use no other family has the role child', 'the last family of a role');
select is((select array_agg(outcome) from unnest(array['', 'old', 'old']) r,
	lateral api.family_retire(pg_temp.t(), pg_temp.e(), 'mustard', r)),
	'{bad_value,ok,already_decided}', 'one that has bags');
select is((select array_agg((pg_temp.child('t.asha', c, 'SB91000001')).outcome)
	from unnest(array['T-RET1', 'SB91000777']) c), '{linked,bad_format}',
	'which go on; its labels are nobody''s');
select is((select outcome from api.family_create(pg_temp.t(), pg_temp.e(), 'heir', 'parent',
	'^SB9[0-9]{7}$', 'SB90000000')), 'ambiguous', 'not another family''s either');
select is((select outcome from api.family_edit(pg_temp.t(), pg_temp.e(), 'mustard',
	'^SB9[0-9]{8}$', 'SB900000000')), 'ambiguous', 'and it still has to match its bags');
select is((select outcome from api.family_edit(pg_temp.t(), pg_temp.e(), 'mustard',
	p_active => true)), 'ok', 'it comes back');
select is((select array_agg(outcome) from unnest(array['', 'old', 'old']) r,
	lateral api.family_retire(pg_temp.t(), pg_temp.e(), 'gram', r)), '{bad_value,ok,already_decided}',
	'retired, with a reason, once');
select is((select outcome from api.family_retire(pg_temp.t(), pg_temp.e(), 'command', 'old')),
	'bad_value', 'stations need their commands');
select is((pg_temp.parent('t.asha', 'GR00001')).outcome, 'bad_format', 'no new bag of it');

-- settings
select is((select row(value, kind) from api.setting_list(pg_temp.tok('t.sup')) where name = 'undo_window'),
	row('1 hour'::text, 'interval'::text), 'settings');
select is((select row(outcome, value) from api.setting_set(pg_temp.t(), pg_temp.e(), 'undo_window',
	' 2  hours')), row('ok'::text, '2 hours'::text), 'one is changed');
select is((select array_agg(outcome || ' ' || wanted) from (values ('undo_window', 'x'),
	('station_autoregister', 'yes'), ('business_zone', 'Mars'), ('synchronous_commit', 'x'),
	('two_person', 'scan.child')) v (n, x), lateral api.setting_set(pg_temp.t(), pg_temp.e(), v.n, v.x)),
	array['bad_value a time such as 15 minutes', 'bad_value on or off',
	'bad_value a time zone such as Asia/Kolkata',
	'bad_value off, local, remote_write, on or remote_apply',
	'bad_value some of bag.cancel bill.cancel family.retire setting.weaken user.disable'],
	'what it may be');
create or replace function tracetrack.ledger_is_long() returns boolean language sql as 'select true';
select is((select row(outcome, value, wanted ~ 'by the owner')::text from api.setting_set(pg_temp.t(),
	pg_temp.e(), 'business_zone', 'UTC')), '(not_permitted,Asia/Kolkata,t)',
	'figures of so many scans are not made anew in a call');
select is((select outcome from api.setting_set(pg_temp.t(), pg_temp.e(), 'business_zone',
	'Asia/Kolkata')), 'ok', 'when nothing changes, nothing is');
select is((select outcome from api.setting_set(pg_temp.t(), pg_temp.e(), 'none', 'x')), 'not_found',
	'of no setting');

-- exceptions and what is told
update tracetrack.notification set acked_at = now(), acked_by = (select min(id) from tracetrack.person)
	where acked_at is null;
select is((select outcome from api.scan_child(pg_temp.tok('t.asha'), pg_temp.ev('off'), p_code => 'TT:OK',
	p_parent => 'SB91000001', p_offline => true)), 'is_parent', 'a scan that was taken offline');
set constraints all immediate;
select is((select row(station, person, code, parent, outcome, state) from
	api.exception_list(pg_temp.tok('t.sup')) where scan = pg_temp.ev('off')), row('TEST-1'::text,
	't.asha'::text, 'TT:OK'::text, null::text, 'is_parent'::text, 'open'::text),
	'is an exception');
select is((select row(kind, subject, times) from api.notification_list(pg_temp.tok('t.sup'))),
	row('exception'::text, 'TEST-1'::text, 1), 'of which people are told');
select is((select count(*) from api.exception_list(pg_temp.tok('t.sup'), 'all', pg_temp.ev('off'))),
	0::bigint, 'none after it');
select is((select array_agg(outcome) from unnest(array[' ', 'relabelled', 'again']) h,
	lateral api.exception_resolve(pg_temp.tok('t.sup'), pg_temp.e(), pg_temp.ev('off'), h)),
	'{bad_value,ok,already_decided}', 'it is resolved, once');
select is((select row(state, resolved_by, resolution) from api.exception_list(pg_temp.tok('t.sup'),
	'resolved') where scan = pg_temp.ev('off')), row('resolved'::text, 't.sup'::text,
	'relabelled'::text), 'by whom and how');
select count(*) from generate_series(1, 5) i, lateral api.session_login('t.bill', i::text) \g /dev/null
select count(*) from generate_series(1, 5) i, lateral api.session_login('nobody.here', i::text) \g /dev/null
select is((select array_agg(subject) from api.notification_list(pg_temp.tok('t.sup'))
	where kind = 'lockout'), '{t.bill}', 'who is locked out is told of, if somebody is');
update tracetrack.station set last_seen = now() - interval '20 minutes' where name = 'TEST-1';
select api.audit_seal(pg_temp.t()) \g /dev/null
select api.audit_seal(pg_temp.t()) \g /dev/null
select is((select array_agg(times) from api.notification_list(pg_temp.tok('t.sup'))
	where kind = 'station_silent' and subject = 'TEST-1'), '{1}', 'so is a silent station, once');
select is((select array_agg(o.outcome) from (select id from tracetrack.notification
	where kind = 'station_silent' and subject = 'TEST-1') n, generate_series(1, 2) i,
	lateral api.notification_ack(pg_temp.tok('t.sup'), md5(i::text)::uuid, n.id) o),
	'{ok,already_decided}', 'acknowledged, once');
select is((select row(acked_by, acked_at) from api.notification_list(pg_temp.tok('t.sup'), true)
	where kind = 'station_silent' and subject = 'TEST-1'), row('t.sup'::text, now()), 'by whom');
select ok((select count(*) filter (where a.person_id is null) = 0 and count(*) >= 7
	from tracetrack.audit a where a.table_name in ('area', 'family') and a.at = now()
	 and a.operation <> 'baseline'), 'the audit knows who changed all that');
select pg_temp.sound();
select * from finish();
rollback;
