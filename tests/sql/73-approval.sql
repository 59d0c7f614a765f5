-- Two persons: asked for by one, carried out when a second one agrees.
begin;
\ir prelude.psql
select plan(38);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null, 'TEST-2', null) \g /dev/null
select pg_temp.person('t.two', 'administrator', null) \g /dev/null
select pg_temp.person('t.three', 'administrator', null) \g /dev/null
update tracetrack.setting set value = 'setting.weaken' where name = 'two_person';
update tracetrack.setting set value = 'on' where name = 'synchronous_commit';
create function pg_temp.set(p_who text, p_name text, p_value text, p_event uuid default gen_random_uuid())
returns text language sql as $$
	select outcome || ' ' || coalesce(value, '-')
	  from api.setting_set(pg_temp.tok(p_who), p_event, p_name, p_value)
$$;
create function pg_temp.decide(p_who text, p_id bigint, p_approve boolean,
	p_event uuid default gen_random_uuid())
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'again' end, state, result)
	  from api.approval_decide(pg_temp.tok(p_who), p_event, p_id, p_approve, 'because')
$$;
create function pg_temp.newest() returns bigint language sql as $$
	select max(id) from tracetrack.approval
$$;

-- settings that make the site less safe
select is(pg_temp.set('t.boss', 'synchronous_commit', 'remote_apply'), 'ok remote_apply',
	'what makes it safer is done at once');
select is(pg_temp.set('t.boss', 'synchronous_commit', 'off', pg_temp.ev('s1')),
	'awaiting_approval remote_apply', 'what makes it less safe waits');
select is((select row(operation, content, asked_by, station, state) from
	api.approval_list(pg_temp.tok('t.sup'), p_limit => 1)), row('setting.weaken'::text,
	'{"name": "synchronous_commit", "value": "off"}'::jsonb, 't.boss'::text, 'TEST-2'::text,
	'pending'::text), 'who asks for what');
select is(pg_temp.set('t.boss', 'synchronous_commit', 'off', pg_temp.ev('s1')),
	'awaiting_approval remote_apply', 'the same request asks once');
select is((select count(*) from tracetrack.approval where state = 'pending' and person_id =
	(select id from tracetrack.person where login = 't.boss')), 1::bigint, 'indeed once');
select is((select subject from api.notification_list(pg_temp.tok('t.sup')) where kind = 'approval'
	order by id desc limit 1), 'setting.weaken ' || pg_temp.newest(), 'people are told');
select is(pg_temp.decide('t.boss', pg_temp.newest(), true), 'own_request pending', 'not by oneself');
select is(pg_temp.decide('t.sup', pg_temp.newest(), true), 'not_permitted pending',
	'nor by one who may not do it');
select is(pg_temp.decide('t.asha', pg_temp.newest(), true), 'not_permitted', 'nor by a dispatcher');
select is(pg_temp.decide('t.two', pg_temp.newest(), null), 'bad_value pending', 'yes or no');
select is(pg_temp.decide('t.two', 0, true), 'not_found', 'nothing like that');
select is(pg_temp.decide('t.two', pg_temp.newest(), true, pg_temp.ev('d1')), 'ok approved ok',
	'a second one agrees');
select is((select value from tracetrack.setting where name = 'synchronous_commit'), 'off', 'it is done');
select is(pg_temp.decide('t.two', pg_temp.newest(), true, pg_temp.ev('d1')), 'ok again approved ok',
	'the same decision again');
select is(pg_temp.decide('t.three', pg_temp.newest(), false), 'already_decided approved', 'too late');
select is((select row(p.login, y.login, s.name, tracetrack.audit_changes(a.before, a.after))::text
	from tracetrack.audit a join tracetrack.person p on p.id = a.person_id
	join tracetrack.person y on y.id = a.approver_id join tracetrack.station s on s.id = a.station_id
	where a.table_name = 'setting' order by a.number desc limit 1),
	'(t.boss,t.two,TEST-2,"{""value"": [""remote_apply"", ""off""]}")', 'the audit names both');
select is((select p.login from tracetrack.audit a join tracetrack.person p on p.id = a.person_id
	where a.table_name = 'approval' order by a.number desc limit 1)::text, 't.two',
	'the decision is the second one''s');
select is(pg_temp.set('t.boss', 'synchronous_commit', 'on'), 'ok on', 'back again alone');

-- declined, too late, no longer possible
select is(pg_temp.set('t.boss', 'stress_allowed', 'on'), 'awaiting_approval ' || (select value
	from tracetrack.setting where name = 'stress_allowed'), 'a test database')
	where (select value from tracetrack.setting where name = 'stress_allowed') = 'off'
union all select ok(true, 'it is a test database')
	where (select value from tracetrack.setting where name = 'stress_allowed') = 'on';
select is(pg_temp.set('t.boss', 'two_person', ''), 'awaiting_approval setting.weaken',
	'to need nobody else any more needs somebody else');
select is(pg_temp.decide('t.two', pg_temp.newest(), false), 'ok declined', 'it is declined');
select is((select row(l.decided_by, l.reason, s.value) from tracetrack.setting s,
	api.approval_list(pg_temp.tok('t.sup'), 'declined', p_limit => 1) l
	where s.name = 'two_person' and l.id = pg_temp.newest()), row('t.two'::text, 'because'::text,
	'setting.weaken'::text), 'by whom, why, and nothing is done');
select is(pg_temp.set('t.boss', 'two_person', ''), 'awaiting_approval setting.weaken', 'asked once more');
update tracetrack.approval set expires_at = now() where id = pg_temp.newest();
select is((select id from api.approval_list(pg_temp.tok('t.sup'), 'expired', p_limit => 1)),
	pg_temp.newest(), 'it has waited too long');
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'expired expired', 'and can''t be approved');
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'already_decided expired', 'it is over');
select is(pg_temp.set('t.three', 'two_person', 'user.disable bag.cancel'),
	'awaiting_approval setting.weaken', 'other operations');
update tracetrack.person set state = 'disabled' where login = 't.three';
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'not_permitted pending',
	'who asked may not do it any more');

-- other operations
select is(pg_temp.set('t.boss', 'two_person',
	'setting.weaken bag.cancel bill.cancel family.retire'),
	'ok setting.weaken bag.cancel bill.cancel family.retire', 'more operations: at once');
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select is((api.bag_cancel(pg_temp.tok('t.boss'), pg_temp.ev('bc'), 'SB91000001', 'torn')).outcome,
	'awaiting_approval', 'a bag is not cancelled yet');
select is((select state from tracetrack.bag where code = 'SB91000001'), 'open'::text collate "C",
	'it is as it was');
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'ok approved ok', 'it is approved');
select is((select row(b.state, p.login)::text from tracetrack.bag b, tracetrack.event e
	join tracetrack.person p on p.id = e.person_id
	where b.code = 'SB91000001' and e.parent_id = b.id order by e.number desc limit 1),
	'(cancelled,t.boss)', 'and cancelled, by the one who asked');
select is((api.bag_cancel(pg_temp.tok('t.boss'), pg_temp.ev('bd'), 'SB91000099', 'torn')).outcome,
	'awaiting_approval', 'what can''t be is told when it is carried out');
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'not_carried_out failed unknown_code', 'and not carried out');
select is((select outcome from api.family_retire(pg_temp.tok('t.boss'), pg_temp.ev('fr'), 'moong',
	'gone')), 'awaiting_approval', 'a family');
select is(pg_temp.decide('t.two', pg_temp.newest(), true), 'ok approved ok', 'is retired by two');
select pg_temp.sound();
select * from finish();
rollback;
