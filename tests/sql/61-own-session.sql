-- One's own password, PIN and sessions; one-time passwords; unlocking by PIN and badge.
begin;
\ir prelude.psql
select plan(76);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') as asha \gset
select pg_temp.person('t.bill', 'biller', null) as bill \gset
select pg_temp.person('t.boss', 'administrator', null) as boss \gset

create function pg_temp.hash(p_secret text) returns text language sql immutable as $$
	select encode(sha256(decode(pg_temp.proof(p_secret), 'hex')), 'hex')
$$;
create function pg_temp.password(p_who text, p_old text, p_new text,
	p_event uuid default gen_random_uuid(), p_ops integer default 2)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end)
	  from api.session_password(pg_temp.tok(p_who), p_event, pg_temp.proof(p_old),
		repeat('6b', 16), p_ops, 19922944, pg_temp.hash(p_new))
$$;
create function pg_temp.pin(p_who text, p_password text, p_pin text, p_off boolean default false)
returns text language sql as $$
	select outcome from api.session_pin(pg_temp.tok(p_who), gen_random_uuid(),
		pg_temp.proof(p_password), p_off, repeat('7c', 16), 2, 19922944,
		pg_temp.hash(p_pin))
$$;
create function pg_temp.open(p_login text, p_password text, p_new text default null,
	p_ops integer default 2)
returns text language sql as $$
	select concat_ws(' ', outcome, case when token is not null then 'token' end)
	  from api.session_login(p_login, pg_temp.proof(p_password), p_salt => repeat('8d', 16),
		p_ops => p_ops, p_mem => 19922944,
		p_verifier => case when p_new is not null then pg_temp.hash(p_new) end)
$$;
create function pg_temp.unlock(p_who text, p_secret text, p_kind text default 'password')
returns text language sql as $$
	select outcome from api.session_unlock(pg_temp.tok(p_who), pg_temp.proof(p_secret), p_kind)
$$;
create function pg_temp.unlock_badge(p_who text, p_code text) returns text language sql as $$
	select outcome from api.session_unlock(pg_temp.tok(p_who),
		encode(sha256(convert_to(p_code, 'UTF8')), 'hex'), 'badge')
$$;
create function pg_temp.locked(p_who text) returns boolean language sql as $$
	select locked from api.session_check(pg_temp.tok(p_who))
$$;

-- password
select api.session_login('t.asha', pg_temp.proof('t.asha'), 'TEST-7') \g /dev/null
select is(pg_temp.password('t.asha', 'wrong', 'new'), 'wrong_password', 'the old one is needed');
select is(pg_temp.password('t.asha', 't.asha', 'new', p_ops => 1), 'bad_value',
	'the new one must be hashed well');
select is((select count(*) from api.session_list(pg_temp.tok('t.asha'))), 2::bigint,
	'what is refused ends nothing');
select is(pg_temp.password('t.asha', 't.asha', 'new', pg_temp.ev('pw')), 'ok', 'changed');
select is(pg_temp.password('t.asha', 't.asha', 'new', pg_temp.ev('pw')), 'ok replayed', 'once more');
select is((select array_agg(own) from api.session_list(pg_temp.tok('t.asha'))), '{t}',
	'the other sessions end');
select is(pg_temp.open('t.asha', 't.asha'), 'bad_login', 'the old one is none');
select is(pg_temp.open('t.asha', 'new'), 'ok token', 'the new one opens');
select is((select salt from api.session_challenge('t.asha')), repeat('6b', 16), 'with its salt');
select is((select array_agg(pg_temp.password('t.asha', i::text, 'newer') order by i)
	from generate_series(1, 5) i),
	'{wrong_password,wrong_password,wrong_password,wrong_password,locked_out}',
	'wrong ones lock out');
select is(pg_temp.password('t.asha', 'new', 'newer'), 'locked_out', 'the right one too');
select is(pg_temp.open('t.asha', 'new'), 'locked_out', 'logging in as well');
delete from tracetrack.login_failure where login = 't.asha';
select is((select outcome from api.session_password(repeat('0', 64), gen_random_uuid(), '', '', 2, 2,
	'')), 'session_expired', 'nobody has no password');

-- PIN
select is((select salt from api.session_challenge('t.asha', 'pin')),
	(select salt from api.session_challenge('t.asha', 'pin')), 'no PIN: a salt that is stable');
select isnt((select salt from api.session_challenge('t.none', 'pin')),
	(select salt from api.session_challenge('t.none')), 'and not that of the password');
select is(pg_temp.pin('t.asha', 'wrong', '1234'), 'wrong_password', 'setting one needs the password');
select is(pg_temp.pin('t.asha', 'new', '1234'), 'ok', 'a PIN');
select is((select salt from api.session_challenge('t.asha', 'pin')), repeat('7c', 16), 'with its salt');
select ok((select pin from api.user_show(pg_temp.tok('t.boss'), 't.asha')), 'that there is one shows');
select api.session_lock(pg_temp.tok('t.asha')) \g /dev/null
select is(pg_temp.unlock('t.asha', '1234'), 'wrong_password', 'a PIN is no password');
select is(pg_temp.unlock('t.asha', '4321', 'pin'), 'pin_refused', 'a wrong PIN');
select is(pg_temp.locked('t.asha'), true, 'opens nothing');
select is(pg_temp.unlock('t.asha', '1234', 'pin'), 'ok', 'the right one');
select is(pg_temp.locked('t.asha'), false, 'unlocks');
select api.session_lock(pg_temp.tok('t.asha')) \g /dev/null
select is(pg_temp.pin('t.asha', 'new', '5555'), 'not_permitted', 'not while it is locked');
select is((select array_agg(pg_temp.unlock('t.asha', i::text, 'pin') order by i)
	from generate_series(1, 6) i),
	'{pin_refused,pin_refused,pin_refused,pin_refused,pin_locked,pin_locked}',
	'five wrong ones end it');
select is(pg_temp.unlock('t.asha', '1234', 'pin'), 'pin_locked', 'the right one does not help');
select is(pg_temp.unlock('t.asha', 'new'), 'ok', 'the password does');
select api.session_lock(pg_temp.tok('t.asha')) \g /dev/null
select is(pg_temp.unlock('t.asha', '1234', 'pin'), 'ok', 'and then the PIN again');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('1234'))), 'bad_login',
	'a PIN does not log in');
select is(pg_temp.unlock('t.bill', '1234', 'pin'), 'no_pin', 'somebody without a PIN');
select is(pg_temp.unlock('t.asha', '1234', 'face'), 'bad_format', 'another kind');
select is(pg_temp.pin('t.asha', 'new', '1', true), 'ok', 'it is taken away');
select is(pg_temp.pin('t.asha', 'new', '1', true), 'unchanged', 'and is gone');
select is(pg_temp.unlock('t.asha', '1234', 'pin'), 'no_pin', 'and unlocks nothing');

-- badge
select code from api.user_badge(pg_temp.tok('t.boss'), gen_random_uuid(), 't.asha') \gset old_
select code from api.user_badge(pg_temp.tok('t.boss'), gen_random_uuid(), 't.asha') \gset
select api.session_lock(pg_temp.tok('t.asha')) \g /dev/null
select api.session_lock(pg_temp.tok('t.bill')) \g /dev/null
select is(pg_temp.unlock_badge('t.asha', 'TT:USER:T.ASHA'), 'badge_refused', 'the name alone');
select is(pg_temp.unlock_badge('t.asha', :'old_code'), 'badge_refused', 'a badge that was replaced');
select is(pg_temp.unlock_badge('t.bill', :'code'), 'badge_refused', 'that of another');
select is(pg_temp.locked('t.asha'), true, 'open nothing');
select is(pg_temp.unlock_badge('t.asha', :'code'), 'ok', 'the own badge');
select is(pg_temp.locked('t.asha'), false, 'unlocks');
select is_empty(format($$ select from tracetrack.person_badge b
	where b::text ~ %L $$, split_part(:'code', '/', 2)), 'its secret is not stored');

-- one-time password
create function pg_temp.reset(p_code text) returns text language sql as $$
	select outcome from api.user_reset(pg_temp.tok('t.boss'), gen_random_uuid(), 't.asha', false,
		repeat('5a', 16), 2, 19922944, pg_temp.hash(p_code))
$$;
select is(pg_temp.reset('code'), 'ok', 'an administrator resets');
select is((select row(outcome, code) from api.user_reset(pg_temp.tok('t.boss'), gen_random_uuid(),
	't.bill', false, repeat('5a', 16), 2, 19922944, pg_temp.hash('x'))),
	row('ok'::text, null::text), 'the database has no code to tell');
select is(pg_temp.open('t.asha', 'new'), 'bad_login', 'the old password is none');
select is(pg_temp.open('t.asha', 'code'), 'password_needed', 'the code asks for a new one');
select is(pg_temp.open('t.asha', 'code'), 'password_needed', 'and is not used up by that');
select is(pg_temp.open('t.asha', 'code', 'newest', 1), 'bad_value', 'nor by one that is no good');
select is(pg_temp.open('t.asha', 'code', 'newest'), 'ok token', 'with one it opens');
select is(pg_temp.open('t.asha', 'code', 'again'), 'bad_login', 'once');
select is(pg_temp.open('t.asha', 'newest'), 'ok token', 'then the new one does');
select is(pg_temp.open('t.asha', 'newest', 'other'), 'ok token', 'a new one that nobody asked for');
select is(pg_temp.open('t.asha', 'other'), 'bad_login', 'is not taken');
delete from tracetrack.login_failure;
select is(pg_temp.reset('late'), 'ok', 'another one');
update tracetrack.person set once_until = now() - interval '1 second' where login = 't.asha';
select is(pg_temp.open('t.asha', 'late', 'x'), 'code_expired', 'that is too old');
select is(pg_temp.reset('off'), 'ok', 'another one');
update tracetrack.person set state = 'disabled' where login = 't.asha';
select is(pg_temp.open('t.asha', 'off', 'x'), 'not_permitted', 'of somebody who is disabled');
select is((select count(*) from tracetrack.session s join tracetrack.person p on p.id = s.person_id
	where p.login = 't.asha' and s.revoked_at is null), 0::bigint, 'has no session at all');
update tracetrack.person set state = 'active' where login = 't.asha';
select is(pg_temp.open('t.asha', 'off', 'own'), 'ok token', 'and works when enabled');

-- sessions
update tracetrack.session set revoked_at = null where id = :asha;
select is((select array_agg(login || ' ' || own order by session desc)
	from api.session_list(pg_temp.tok('t.asha'))), '{"t.asha false","t.asha true"}',
	'one sees the own sessions');
select is((select count(*) from api.session_list(pg_temp.tok('t.asha'), 't.bill')), 0::bigint,
	'not those of others');
select ok((select count(distinct login) > 1 from api.session_list(pg_temp.tok('t.boss'))),
	'an administrator sees all');
select is((select count(*) from api.session_list(pg_temp.tok('t.boss'), 'T.Asha')), 2::bigint,
	'or those of somebody');
select is((select count(*) from api.session_list(pg_temp.tok('t.boss'), 't.asha', p_limit => 1)),
	1::bigint, 'a page');
select is((select array_agg(session) from api.session_list(pg_temp.tok('t.boss'), 't.asha', (
	select max(session) from api.session_list(pg_temp.tok('t.boss'), 't.asha')))),
	array[:asha::bigint], 'and the next one');
select throws_ok($$select api.session_list(pg_temp.tok('t.boss'), p_limit => 0)$$, '22023',
	'limit must be from 1 to 1000', 'a page of nothing');
select throws_ok($$select api.session_list(repeat('0', 64))$$, '28000', 'session_expired', 'nobody');
select is((select outcome from api.session_revoke(pg_temp.tok('t.asha'), gen_random_uuid(), :boss)),
	'unknown_session', 'one does not end those of others');
select is((select outcome from api.session_revoke(pg_temp.tok('t.asha'), gen_random_uuid(), 0)),
	'unknown_session', 'nor one that is none');
select is((select outcome from api.session_revoke(pg_temp.tok('t.boss'), pg_temp.ev('rv'), :asha)),
	'ok', 'an administrator does');
select is((select row(outcome, replayed) from api.session_revoke(pg_temp.tok('t.boss'),
	pg_temp.ev('rv'), :asha)), row('ok'::text, true), 'once more');
select is((select outcome from api.session_check(pg_temp.tok('t.asha'))), 'session_expired',
	'it is over');
select is((select outcome from api.session_revoke(pg_temp.tok('t.boss'), gen_random_uuid(), :asha)),
	'unchanged', 'over already');
select is((select outcome from api.session_revoke(pg_temp.tok('t.boss'), gen_random_uuid(), :boss)),
	'ok', 'the own one');
select is((select outcome from api.session_check(pg_temp.tok('t.boss'))), 'session_expired',
	'is a logout');
select pg_temp.sound();
select * from finish();
rollback;
