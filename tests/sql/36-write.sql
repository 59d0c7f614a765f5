-- The contract of writes that are not scans: one request id, one answer.
begin;
\ir prelude.psql
select plan(26);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur', 'TEST-2', 'indore') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

create function pg_temp.write(p_who text, p_event uuid, p_content jsonb default '{"a": 1}',
	p_right text default 'user.create', p_name text default 'test.write')
returns tracetrack.act language sql as $$
	select tracetrack.write_begin(p_name, pg_temp.tok(p_who), p_event, p_right, p_content)
$$;

-- who
create temporary table begun as select a from pg_temp.write('t.boss', pg_temp.ev('w1')) a;
select is((select row((a).outcome, (a).replayed, (a).name, (a).request, (a).login, (a).role,
	(a).any_area) from begun),
	row(null::text, false, 'test.write'::text, pg_temp.ev('w1'), 't.boss'::text,
	'administrator'::text, true), 'there is work to do');
select is((select row((a).person_id, (a).station_id, (a).session_id, (a).area_id) from begun),
	(select row(s.person_id, s.station_id, s.id, st.area_id) from tracetrack.session s
	join tracetrack.station st on st.id = s.station_id
	where s.token_hash = tracetrack.token_hash(pg_temp.tok('t.boss'))),
	'for whom, where, in which session, in which area');
select ok((select 'user.create' = any ((a).rights) and not 'nonsense.here' = any ((a).rights)
	from begun),
	'with these rights');
select is((select row(any_area, area_id) from pg_temp.write('t.asha', pg_temp.ev('w2'),
	p_right => null)), row(false, (select id from tracetrack.area where code = 'jaipur')),
	'a dispatcher is held to the own area, wherever the station is');
select is(current_setting('synchronous_commit'), tracetrack.setting_text('synchronous_commit'),
	'the commit is durable');

-- what the audit is told
select pg_temp.write('t.boss', pg_temp.ev('w3')) \g /dev/null
select is((select row(w.person_id, w.station_id, w.session_id, w.request)
	from tracetrack.act_who() w),
	(select row((a).person_id, (a).station_id, (a).session_id, pg_temp.ev('w3')) from begun),
	'the audit is told who it is');
select set_config('tracetrack.act', regexp_replace(current_setting('tracetrack.act'), '^\d+', '1'),
	true) \g /dev/null
select is((select w::text from tracetrack.act_who() w), '(,,,,)', 'a forged one is nobody');
select set_config('tracetrack.act', 'x', true) \g /dev/null
select is((select w::text from tracetrack.act_who() w), '(,,,,)', 'so is garbage');
select set_config('tracetrack.act', '', true) \g /dev/null
select is((select w::text from tracetrack.act_who() w), '(,,,,)', 'and nothing at all');
select tracetrack.act_as(null, 0, null) \g /dev/null
select is((select w::text from tracetrack.act_who() w), '(,0,,,)', 'a station alone');

-- answers
select tracetrack.write_end(a, '{"outcome": "ok", "x": 7}') from begun \g /dev/null
select is(current_setting('tracetrack.act'), '', 'after the end nobody acts');
select is((select row(outcome, replayed, answer) from pg_temp.write('t.boss', pg_temp.ev('w1'))),
	row('ok'::text, true, '{"outcome": "ok", "x": 7, "replayed": true}'::jsonb),
	'the first answer again');
select is((select outcome from pg_temp.write('t.boss', pg_temp.ev('w1'), '{"a": 1.0}')), 'ok',
	'content is compared by what it means');
select is((select outcome from pg_temp.write('t.boss', pg_temp.ev('w1'), '{"a": 2}')),
	'key_reused', 'other content');
select is((select outcome from pg_temp.write('t.boss', pg_temp.ev('w1'), p_name => 'test.other')),
	'key_reused', 'another operation');
select is((select row(outcome, answer) from pg_temp.write('t.sup', pg_temp.ev('w1'),
	p_right => 'user.list')), row('key_reused'::text, '{"outcome": "key_reused"}'::jsonb),
	'another person learns nothing');
select throws_ok($$ select tracetrack.write_end(a, '{"x": 1}') from begun $$,
	'the answer of test.write has no outcome', 'an answer has an outcome');
select is((select string_agg(content::text, '') ~ 'secret' or bool_or(o::text ~ 'hush')
	from tracetrack.operation o, pg_temp.write('t.boss', pg_temp.ev('w4'), '{"pin": "hush"}')),
	false, 'what was asked is not kept');

-- refused before any work
select is((select row(outcome, answer) from pg_temp.write('t.sup', pg_temp.ev('w5'))),
	row('not_permitted'::text, '{"outcome": "not_permitted"}'::jsonb), 'without the right');
select is((select outcome from tracetrack.write_begin('test.write', 'x', pg_temp.ev('w5'), null,
	null)), 'session_expired', 'nobody');
select is((select outcome from pg_temp.write('t.boss', null)), 'bad_format', 'no request id');
select is_empty($$ select from tracetrack.operation where request = pg_temp.ev('w5') $$,
	'that claims nothing');
update tracetrack.person set state = 'disabled' where login = 't.boss';
select is((select outcome from pg_temp.write('t.boss', pg_temp.ev('w1'))), 'session_expired',
	'a disabled person gets no old answers either');
update tracetrack.person set state = 'active' where login = 't.boss';

-- what must hold
select isnt_empty($$ select from tracetrack.violation()
	where rule = '4 every request has its answer' $$, 'a write that was not ended is found');
select tracetrack.write_end(jsonb_populate_record(null::tracetrack.act,
	jsonb_build_object('request', o.request)), '{"outcome": "ok"}')
	from tracetrack.operation o where o.answer = '{}' \g /dev/null
select is((select count(*) from tracetrack.operation where request in (pg_temp.ev('w2'),
	pg_temp.ev('w3'), pg_temp.ev('w4')) and answer = '{"outcome": "ok"}'), 3::bigint,
	'they are ended');
select pg_temp.sound();
select * from finish();
rollback;
