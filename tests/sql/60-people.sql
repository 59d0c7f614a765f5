-- Looking after people: list, show, edit, role, area, disable, enable, unlock, reset, badge,
-- requests for a role.
begin;
\ir prelude.psql
select plan(120);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select pg_temp.person('t.chief', 'administrator', null) \g /dev/null
-- Others who may be in the database are no administrators here.
update tracetrack.person set role = 'supervisor' where role = 'administrator' and login !~ '^t\.';

create function pg_temp.new(p_event text) returns uuid language sql immutable as $$
	select coalesce(pg_temp.ev(p_event), gen_random_uuid())
$$;
create function pg_temp.edit(p_who text, p_login text, p_name text default null,
	p_mail text default null, p_event text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end, login)
	  from api.user_edit(pg_temp.tok(p_who), pg_temp.new(p_event), p_login, p_name, p_mail)
$$;
create function pg_temp.role(p_who text, p_login text, p_role text, p_area text default null,
	p_event text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end)
	  from api.user_role(pg_temp.tok(p_who), pg_temp.new(p_event), p_login, p_role, p_area)
$$;
create function pg_temp.area(p_who text, p_login text, p_area text) returns text language sql as $$
	select outcome from api.user_area(pg_temp.tok(p_who), gen_random_uuid(), p_login, p_area)
$$;
create function pg_temp.disable(p_who text, p_login text, p_reason text default 'left',
	p_event text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end)
	  from api.user_disable(pg_temp.tok(p_who), pg_temp.new(p_event), p_login, p_reason)
$$;
create function pg_temp.enable(p_who text, p_login text) returns text language sql as $$
	select outcome from api.user_enable(pg_temp.tok(p_who), gen_random_uuid(), p_login)
$$;
create function pg_temp.unlock(p_who text, p_login text) returns text language sql as $$
	select outcome from api.user_unlock(pg_temp.tok(p_who), gen_random_uuid(), p_login)
$$;
create function pg_temp.reset(p_who text, p_login text, p_code text default 'code',
	p_totp boolean default false, p_ops integer default 2)
returns text language sql as $$
	select outcome from api.user_reset(pg_temp.tok(p_who), gen_random_uuid(), p_login, p_totp,
		repeat('5a', 16), p_ops, 19922944,
		encode(sha256(decode(pg_temp.proof(p_code), 'hex')), 'hex'))
$$;
create function pg_temp.promote(p_who text, p_role text, p_reason text default 'I do it anyway',
	p_event text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end)
	  from api.user_promote(pg_temp.tok(p_who), pg_temp.new(p_event), p_role, p_reason)
$$;
create function pg_temp.decide(p_who text, p_login text, p_approve boolean,
	p_area text default null, p_event text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end, state)
	  from api.user_decide(pg_temp.tok(p_who), pg_temp.new(p_event), (
		select max(x.id) from tracetrack.promotion x join tracetrack.person p
		    on p.id = x.person_id where p.login = p_login), p_approve, p_area, 'noted')
$$;
create function pg_temp.people(p_text text, p_role text default null, p_area text default null,
	p_state text default null, p_sort text default null, p_after text default null,
	p_limit integer default null)
returns text language sql as $$
	select string_agg(login, ' ' order by n) from api.user_list(pg_temp.tok('t.sup'), p_text,
		p_role, p_area, p_state, p_sort, p_after, p_limit) with ordinality
		as x (login, name, role, area, mail, state, locked_until, created_at, seen, n)
$$;

-- edit
select is(pg_temp.edit('t.boss', ' T.Asha', 'Asha Rao', 'asha@example.org', 'e1'), 'ok t.asha',
	'name and mail are changed');
select is((select row(name, mail) from tracetrack.person where login = 't.asha'),
	row('Asha Rao'::text, 'asha@example.org'::text), 'as asked');
select is(pg_temp.edit('t.boss', ' T.Asha', 'Asha Rao', 'asha@example.org', 'e1'),
	'ok replayed t.asha', 'the same request again');
select is(pg_temp.edit('t.boss', 't.asha', 'Other', null, 'e1'), 'key_reused t.asha',
	'the id for something else');
select is(pg_temp.edit('t.boss', 't.asha', 'Asha Rao'), 'unchanged t.asha', 'nothing new');
select is(pg_temp.edit('t.boss', 't.asha', p_mail => ''), 'ok t.asha', 'mail is taken away');
select is((select row(name, mail) from tracetrack.person where login = 't.asha'),
	row('Asha Rao'::text, null::text), 'the name stays');
select is(pg_temp.edit('t.boss', 't.asha', p_mail => 'nonsense'), 'bad_value t.asha',
	'what is no mail address');
select is(pg_temp.edit('t.boss', 't.asha', E' \x1b '), 'bad_value t.asha', 'no name');
select is(pg_temp.edit('t.boss', 't.none', 'X'), 'unknown_person t.none', 'nobody');
select is(pg_temp.edit('t.sup', 't.asha', 'X'), 'not_permitted t.asha', 'a supervisor may not');
select is((select outcome from api.user_edit(pg_temp.tok('t.boss'), null, 't.asha', 'X')),
	'bad_format', 'no request id');

-- list
select is(pg_temp.people('t.'), 't.asha t.bill t.boss t.chief t.sup', 'by login');
select is(pg_temp.people('RAO'), 't.asha', 'part of a name, in any letters');
select is(pg_temp.people('t.', 'administrator'), 't.boss t.chief', 'a role');
select is(pg_temp.people('t.', p_area => 'jaipur'), 't.asha', 'an area');
select is(pg_temp.people('t.', p_sort => 'role'), 't.boss t.chief t.bill t.asha t.sup', 'by role');
select is(pg_temp.people('t.', p_sort => 'role', p_after => 't.chief', p_limit => 2),
	't.bill t.asha', 'the next page of that');
select is(pg_temp.people('t.', p_sort => 'role', p_after => 't.sup'), null, 'after the last');
select is(pg_temp.people('t.', p_after => 't.bosom'), 't.boss t.chief t.sup',
	'after somebody who is not there');
select is(pg_temp.people('%'), null, 'text is no pattern');
select throws_ok($$select pg_temp.people('t.', p_limit => 0)$$, '22023',
	'limit must be from 1 to 1000', 'no rows at all are not asked for');
select throws_ok($$select pg_temp.people('t.', p_limit => 1001)$$, '22023',
	'limit must be from 1 to 1000', 'nor more than there may be');
select throws_ok($$select pg_temp.people('t.', p_state => 'asleep')$$, '22023',
	'state must be active, locked or disabled, not "asleep"', 'a state that is none');
select throws_ok($$select pg_temp.people('t.', p_sort => 'salt')$$, '22023',
	'sort must be login, name, role, area, created_at or last_seen, not "salt"', 'an order that is none');
select throws_ok($$select api.user_list(pg_temp.tok('t.bill'))$$, '42501', 'not_permitted',
	'a biller may not');

-- show
select is((select row(outcome, login, name, role, area, state, failures, sessions, totp, codes, pin,
	badge, requested) from api.user_show(pg_temp.tok('t.sup'), 'T.ASHA')),
	row('ok'::text, 't.asha'::text, 'Asha Rao'::text, 'dispatcher'::text, 'jaipur'::text,
	'active'::text, 0, 1, false, 0, false, false, null::text), 'a person');
select ok((select rights ? 'scan.child' and not rights ? 'user.edit'
	from api.user_show(pg_temp.tok('t.sup'), 't.asha')), 'with rights');
select is((select outcome from api.user_show(pg_temp.tok('t.sup'), 't.none')), 'unknown_person',
	'nobody');
select is((select row(outcome, name) from api.user_show(pg_temp.tok('t.asha'), 't.asha')),
	row('not_permitted'::text, null::text), 'a dispatcher may not');
select is((select outcome from api.user_show(pg_temp.tok('t.bill'), 't.asha')), 'not_permitted',
	'nor a biller');

-- role
select is(pg_temp.role('t.boss', 't.asha', 'biller', null, 'r1'), 'ok', 'another role');
select is(pg_temp.role('t.boss', 't.asha', 'biller', null, 'r1'), 'ok replayed', 'once more');
select is(pg_temp.role('t.boss', 't.asha', 'biller'), 'unchanged', 'the same role');
select is((select outcome from api.user_show(pg_temp.tok('t.asha'), 't.bill')), 'not_permitted',
	'the new role counts at once');
select is(pg_temp.role('t.boss', 't.bill', 'dispatcher'), 'area_needed',
	'a dispatcher without an area');
select is(pg_temp.role('t.boss', 't.bill', 'dispatcher', 'atlantis'), 'unknown_area',
	'or with one that is none');
select is(pg_temp.role('t.boss', 't.bill', 'dispatcher', 'akola'), 'ok', 'with one');
select is(pg_temp.role('t.boss', 't.bill', 'king'), 'unknown_role', 'a role that is none');
select is(pg_temp.role('t.boss', 't.none', 'biller'), 'unknown_person', 'nobody');
select is(pg_temp.role('t.boss', 't.boss', 'biller'), 'own_account', 'oneself');
select is(pg_temp.role('t.sup', 't.bill', 'biller'), 'not_permitted', 'a supervisor may not');
select is(pg_temp.role('t.asha', 't.asha', 'administrator'), 'not_permitted', 'nor a biller');
select is(pg_temp.role('t.boss', 't.asha', 'dispatcher'), 'ok', 'the area was kept');

-- area
select is(pg_temp.area('t.boss', 't.asha', 'akola'), 'ok', 'another area');
select is(pg_temp.area('t.boss', 't.asha', 'akola'), 'unchanged', 'the same');
select is(pg_temp.area('t.boss', 't.asha', ''), 'area_needed', 'a dispatcher needs one');
select is(pg_temp.area('t.boss', 't.sup', 'jaipur'), 'ok', 'others may have one');
select is(pg_temp.area('t.boss', 't.sup', ''), 'ok', 'or none');
select is(pg_temp.area('t.boss', 't.asha', 'atlantis'), 'unknown_area', 'one that is none');
select is(pg_temp.area('t.boss', 't.none', 'akola'), 'unknown_person', 'nobody');
select is(pg_temp.area('t.sup', 't.asha', 'jaipur'), 'not_permitted', 'a supervisor may not');
select is(pg_temp.area('t.asha', 't.asha', 'jaipur'), 'not_permitted', 'nor who it is about');

-- disable, enable
select is(pg_temp.disable('t.boss', 't.bill', '  '), 'bad_value', 'no reason');
select is(pg_temp.disable('t.boss', 't.bill', 'left us', 'd1'), 'ok', 'disabled');
select is(pg_temp.disable('t.boss', 't.bill', 'left us', 'd1'), 'ok replayed', 'once more');
select is((select outcome from api.session_check(pg_temp.tok('t.bill'))), 'session_expired',
	'the sessions end at once');
select is((select outcome from api.session_login('t.bill', pg_temp.proof('t.bill'))),
	'not_permitted', 'there are no new ones');
select is((select row(state, reason, sessions) from api.user_show(pg_temp.tok('t.boss'), 't.bill')),
	row('disabled'::text, 'left us'::text, 0), 'state and reason are shown');
select is(pg_temp.people('t.', p_state => 'disabled'), 't.bill', 'and listed');
select is(pg_temp.disable('t.boss', 't.bill'), 'unchanged', 'disabled already');
select is(pg_temp.disable('t.boss', 't.none'), 'unknown_person', 'nobody');
select is(pg_temp.disable('t.boss', 't.boss'), 'own_account', 'oneself');
select is(pg_temp.disable('t.sup', 't.asha'), 'not_permitted', 'a supervisor may not');
select is(pg_temp.disable('t.asha', 't.sup'), 'not_permitted', 'nor a dispatcher');
select is(pg_temp.enable('t.sup', 't.bill'), 'not_permitted', 'a supervisor does not enable');
select is(pg_temp.enable('t.boss', 't.bill'), 'ok', 'enabled');
select is(pg_temp.enable('t.boss', 't.bill'), 'unchanged', 'enabled already');
select is(pg_temp.enable('t.boss', 't.none'), 'unknown_person', 'nobody');
select is((select outcome from api.session_check(pg_temp.tok('t.bill'))), 'session_expired',
	'the old session stays ended');
select is((select outcome from api.session_login('t.bill', pg_temp.proof('t.bill'))), 'ok',
	'a new one opens');

-- the last administrator, where another role may do these things
insert into tracetrack.role_right values ('supervisor', 'user.role'), ('supervisor', 'user.disable');
select is(pg_temp.disable('t.boss', 't.chief'), 'ok', 'one of two administrators');
select is(pg_temp.disable('t.sup', 't.boss'), 'last_administrator', 'not the other');
select is(pg_temp.role('t.sup', 't.boss', 'biller'), 'last_administrator', 'in no way');
select is(pg_temp.enable('t.boss', 't.chief'), 'ok', 'two again');
select is(pg_temp.role('t.sup', 't.boss', 'supervisor'), 'ok', 'now one may go');
select is(pg_temp.edit('t.boss', 't.asha', 'X'), 'not_permitted t.asha', 'and has no right left');
select is(pg_temp.role('t.sup', 't.boss', 'administrator'), 'ok', 'and come back');
delete from tracetrack.role_right where role = 'supervisor'
   and right_name in ('user.role', 'user.disable');

-- unlock
select is(pg_temp.unlock('t.boss', 't.asha'), 'unchanged', 'nothing to unlock');
select count(l) from generate_series(1, 6) i, lateral api.session_login('t.asha', i::text) l \g /dev/null
select is(pg_temp.people('t.', p_state => 'locked'), 't.asha', 'who is locked out is listed');
select is(pg_temp.unlock('t.sup', 't.asha'), 'not_permitted', 'a supervisor may not');
select is(pg_temp.unlock('t.boss', 't.asha'), 'ok', 'failures are forgotten');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'))), 'ok',
	'the right password opens');
select is(pg_temp.unlock('t.boss', 't.none'), 'unknown_person', 'nobody');

-- reset
select is(pg_temp.reset('t.sup', 't.asha'), 'not_permitted', 'a supervisor may not');
select is(pg_temp.reset('t.boss', 't.boss'), 'own_account', 'oneself');
select is(pg_temp.reset('t.boss', 't.none'), 'unknown_person', 'nobody');
select is(pg_temp.reset('t.boss', 't.asha', p_ops => 1), 'bad_value', 'a hash that is too cheap');
select is((select outcome from api.session_check(pg_temp.tok('t.asha'))), 'ok',
	'what is refused changes nothing');
select is(pg_temp.reset('t.boss', 't.asha'), 'ok', 'a one-time password');
select is((select outcome from api.session_check(pg_temp.tok('t.asha'))), 'session_expired',
	'sessions end');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'))), 'bad_login',
	'the old password is none');

-- badge
select is((select row(outcome, code) from api.user_badge(pg_temp.tok('t.sup'), gen_random_uuid(),
	't.asha')), row('not_permitted'::text, null::text), 'a supervisor may not');
select is((select outcome from api.user_badge(pg_temp.tok('t.boss'), gen_random_uuid(), 't.none')),
	'unknown_person', 'nobody');
select matches((select code from api.user_badge(pg_temp.tok('t.boss'), pg_temp.ev('b1'), 't.asha')),
	'^TT:USER:T\.ASHA/[A-Z2-7]{16}$', 'a badge');
select is((select row(outcome, replayed, code) from api.user_badge(pg_temp.tok('t.boss'),
	pg_temp.ev('b1'), 't.asha')), row('ok'::text, true, null::text), 'its code is told once');
select is_empty($$ select from tracetrack.operation where answer::text ~ 'TT:USER' $$,
	'and not kept');
select is((select name from tracetrack.code_family('TT:USER:T.ASHA/ABCDEFGHIJKLMN27')), 'badge',
	'it is a badge''s code');

-- requests
select is(pg_temp.promote('t.sup', 'administrator', p_event => 'p1'), 'ok', 'asked');
select is(pg_temp.promote('t.sup', 'administrator', p_event => 'p1'), 'ok replayed', 'once more');
select is(pg_temp.promote('t.sup', 'biller'), 'pending', 'one at a time');
select is(pg_temp.promote('t.chief', 'administrator'), 'session_expired', 'who is logged out asks nothing');
select is(pg_temp.promote('t.boss', 'administrator'), 'unchanged', 'the own role');
select is(pg_temp.promote('t.boss', 'king'), 'unknown_role', 'a role that is none');
select is(pg_temp.promote('t.boss', 'biller', ''), 'bad_value', 'no reason');
select is(pg_temp.decide('t.sup', 't.sup', true), 'not_permitted', 'a supervisor does not decide');
select is(pg_temp.decide('t.boss', 't.sup', false, p_event => 'x1'), 'ok rejected', 'rejected');
select is(pg_temp.decide('t.boss', 't.sup', false, p_event => 'x1'), 'ok replayed rejected',
	'once more');
select is(pg_temp.decide('t.boss', 't.sup', true), 'already_decided rejected', 'that is final');
select is((select role from tracetrack.person where login = 't.sup'), 'supervisor', 'no new role');
select pg_temp.promote('t.sup', 'dispatcher') \g /dev/null
select is(pg_temp.decide('t.boss', 't.sup', true), 'area_needed pending', 'an area is missing');
select is(pg_temp.decide('t.boss', 't.sup', true, 'jaipur'), 'ok approved', 'approved');
select is((select row(role, area) from api.user_show(pg_temp.tok('t.boss'), 't.sup')),
	row('dispatcher'::text, 'jaipur'::text), 'the role is given');
select is((select array_agg(state || ' ' || requested || ' ' || decided_by || ' ' || note order by
	number) from api.user_requests(pg_temp.tok('t.sup'))),
	'{rejected administrator t.boss noted,approved dispatcher t.boss noted}',
	'one sees the own requests');
select pg_temp.promote('t.boss', 'biller') \g /dev/null
select is(pg_temp.decide('t.boss', 't.boss', true), 'own_account pending', 'not one''s own');
select is((select count(*) from api.user_requests(pg_temp.tok('t.boss'), 'pending')
	where login ~ '^t\.'), 1::bigint, 'who decides sees all');
select is((select count(*) from api.user_requests(pg_temp.tok('t.sup'))), 2::bigint,
	'others don''t');
select is((select outcome from api.user_decide(pg_temp.tok('t.boss'), gen_random_uuid(),
	9223372036854775807, true)), 'unknown_request', 'a request that is none');
select throws_ok($$select api.user_requests(pg_temp.tok('t.sup'), 'open')$$, '22023',
	'state must be pending, approved or rejected, not "open"', 'a state that is none');

-- nothing of a disabled person works
select pg_temp.sound();
select * from finish();
rollback;
