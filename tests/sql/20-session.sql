-- Login, lock-out, check, extend, lock, unlock, logout.
begin;
\ir prelude.psql
select plan(43);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.boss', 'administrator', null, 'TEST-2', null) \g /dev/null

-- challenge
select is((select row(salt, ops, mem, alg) from api.session_challenge('T.Asha ')),
	row(repeat('5a', 16), 2, 19922944::bigint, 'argon2id13'::text),
	'a known person''s salt and costs');
select is((select salt from api.session_challenge('nobody')),
	(select salt from api.session_challenge('nobody')), 'an unknown one''s salt is stable');
select matches((select salt from api.session_challenge('nobody')), '^[0-9a-f]{32}$',
	'and has the same shape');
select isnt((select salt from api.session_challenge('nobody')),
	(select salt from api.session_challenge('nobody2')), 'and is that login''s own');
select is((select row(ops, mem, alg) from api.session_challenge(null)),
	row(2, 19922944::bigint, 'argon2id13'::text), 'no login at all is answered too');

-- login
create temporary table login as
select * from api.session_login('t.asha', pg_temp.proof('t.asha'), 'TEST-9', '1.2');
select is((select row(outcome, login, name, role, area, station, retry_after, double_read_ms,
	hard_stop) from login), row('ok'::text, 't.asha'::text, 'T.Asha'::text,
	'dispatcher'::text, 'jaipur'::text, 'TEST-9'::text, 0, 800, false),
	'login tells who, where and how');
select matches((select token from login), '^[0-9a-f]{64}$', 'and gives a token');
select is((select schema from login), (select max(number) from tracetrack.migration),
	'and the schema''s version');
select is_empty($$ select from tracetrack.session s, login l
	where s.token_hash = decode(l.token, 'hex') $$, 'the token itself is not stored');
select is((select row(a.code, s.version, s.state) from tracetrack.station s
	join tracetrack.area a on a.id = s.area_id where s.name = 'TEST-9'),
	row('jaipur'::text collate "C", '1.2'::text, 'enabled'::text),
	'an unknown station is registered in the person''s area');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.boss'), 'TEST-9')),
	'bad_login', 'a wrong password is refused');
select is((select outcome from api.session_login('t.asha', 'garbage', 'TEST-9')), 'bad_login',
	'what is no proof is refused');
select is((select outcome from api.session_login('t.asha', null, null)), 'bad_login',
	'no proof is refused');
select is((select outcome from api.session_login(null, null)), 'bad_login', 'nobody is refused');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'), 'a b')),
	'not_permitted', 'a name that no station can have');
update tracetrack.station set state = 'retired' where name = 'TEST-9';
select is((select row(outcome, token) from api.session_login('t.asha', pg_temp.proof('t.asha'),
	'TEST-9')), row('not_permitted'::text, null::text), 'a retired station');
update tracetrack.setting set value = 'off' where name = 'station_autoregister';
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'), 'TEST-8')),
	'not_permitted', 'an unknown station, where they don''t register by themselves');
select is((select row(outcome, station, area) from api.session_login('t.boss',
	pg_temp.proof('t.boss'))), row('ok'::text, '-'::text, null::text),
	'without a station one is at station -');
update tracetrack.person set state = 'disabled' where login = 't.boss';
select is((select outcome from api.session_login('t.boss', pg_temp.proof('t.boss'))),
	'not_permitted', 'a disabled person');

-- locked out: the same for known and unknown
delete from tracetrack.login_failure;
select is((select array_agg(l.outcome || l.retry_after)
	from generate_series(1, 4) i, lateral api.session_login('t.asha', i::text) l), array['bad_login0', 'bad_login0', 'bad_login0', 'bad_login0'],
	'four failures are refused');
select is((select row(outcome, retry_after between 898 and 900) from
	api.session_login('t.asha', 'x')), row('locked_out'::text, true),
	'the fifth locks for 15 minutes');
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'))),
	'locked_out', 'the right password is locked out too');
update tracetrack.login_failure set locked_until = now() - interval '1 second'
 where login = 't.asha';
select is((select row(outcome, retry_after between 1797 and 1800) from
	api.session_login('t.asha', 'x')), row('locked_out'::text, true),
	'the next one for twice as long');
update tracetrack.login_failure set locked_until = now() - interval '1 second'
 where login = 't.asha';
select is((select outcome from api.session_login('t.asha', pg_temp.proof('t.asha'))), 'ok',
	'after that the right password opens');
select is((select outcome from api.session_login('t.asha', 'x')), 'bad_login',
	'and the count begins anew');
select is((select array_agg(l.outcome)
	from generate_series(1, 5) i, lateral api.session_login('nobody', i::text) l),
	array['bad_login', 'bad_login', 'bad_login', 'bad_login', 'locked_out'],
	'an unknown login is locked out just so');

-- check, extend
select is((select row(outcome, login, role, area, locked)
	from api.session_check(pg_temp.tok('t.asha'))),
	row('ok'::text, 't.asha'::text, 'dispatcher'::text, 'jaipur'::text, false), 'check');
select is((select outcome from api.session_check(pg_temp.tok('t.boss'))), 'session_expired',
	'a disabled person''s token');
select is((select outcome from api.session_check(repeat('0', 64))), 'session_expired',
	'an unknown token');
select is((select outcome from api.session_check('x''; drop')), 'session_expired', 'no token');
select is((select outcome from api.session_check(null)), 'session_expired', 'null');
update tracetrack.session set expires_at = now() + interval '5 minutes'
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.asha'));
select is((select expires_at from api.session_check(pg_temp.tok('t.asha'))),
	now() + interval '5 minutes', 'within a minute a call prolongs nothing');
update tracetrack.session set extended_at = now() - interval '2 minutes'
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.asha'));
select is((select expires_at from api.session_check(pg_temp.tok('t.asha'))),
	now() + interval '1 hour', 'after a minute a call prolongs the session');
update tracetrack.session set expires_at = now() + interval '5 minutes'
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.asha'));
select is((select row(outcome, expires_at) from api.session_extend(pg_temp.tok('t.asha'))),
	row('ok'::text, now() + interval '1 hour'), 'extend prolongs at once');

-- lock, unlock, logout
select is((select outcome from api.session_lock(pg_temp.tok('t.asha'))), 'ok', 'lock');
select is((select locked from api.session_check(pg_temp.tok('t.asha'))), true, 'it is locked');
select is((select outcome from api.scan_lookup(pg_temp.tok('t.asha'), 'SB91000001')),
	'not_permitted', 'a locked session reads nothing');
select is((select outcome from api.session_unlock(pg_temp.tok('t.asha'), 'x')), 'wrong_password',
	'a wrong password doesn''t unlock');
select is((select row(outcome, retry_after) from
	api.session_unlock(pg_temp.tok('t.asha'), pg_temp.proof('t.asha'))),
	row('ok'::text, 0), 'the right one does');
select is((select locked from api.session_check(pg_temp.tok('t.asha'))), false, 'it is open');
select is((select outcome from api.session_logout(pg_temp.tok('t.asha'))), 'ok', 'logout');
select is((select outcome from api.session_check(pg_temp.tok('t.asha'))), 'session_expired',
	'the token is dead');
select is((select outcome from api.session_unlock(pg_temp.tok('t.asha'),
	pg_temp.proof('t.asha'))), 'session_expired', 'and can''t be unlocked');
select * from finish();
rollback;
