-- The second factor, and what people may do only so often.
begin;
\ir prelude.psql
select plan(63);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null

-- the codes, by the vectors of RFC 6238 and RFC 4648
select is((select array_agg(tracetrack.totp_code('12345678901234567890', t / 30) order by t)
	from unnest(array[59, 1111111109, 1111111111, 1234567890, 2000000000, 20000000000]) t),
	'{287082,081804,050471,005924,279037,353130}', 'codes of the times of RFC 6238');
select is((select array_agg(tracetrack.base32(b::bytea) order by length(b)) from
	unnest(array['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar']) b),
	'{"",MY,MZXQ,MZXW6,MZXW6YQ,MZXW6YTB,MZXW6YTBOI}', 'base32 of RFC 4648');

create function pg_temp.enrol(p_who text, p_event uuid default gen_random_uuid(),
	p_password text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end,
		length(secret), length(uri))
	  from api.totp_enrol(pg_temp.tok(p_who), p_event,
		pg_temp.proof(coalesce(p_password, p_who)))
$$;
create function pg_temp.code(p_who text, p_steps integer default 0) returns text language sql as $$
	select tracetrack.totp_code(t.secret, tracetrack.totp_step() + p_steps)
	  from tracetrack.person_totp t join tracetrack.person p on p.id = t.person_id
	 where p.login = p_who
$$;
-- A code that is wrong.
create function pg_temp.wrong(p_who text) returns text language sql as $$
	select min(lpad(i::text, 6, '0')) from generate_series(0, 9) i
	 where lpad(i::text, 6, '0') not in (pg_temp.code(p_who, -1), pg_temp.code(p_who),
		pg_temp.code(p_who, 1), pg_temp.code(p_who, 2))
$$;
create function pg_temp.confirm(p_who text, p_code text, p_event uuid default gen_random_uuid())
returns text language sql as $$
	select concat_ws(' ', outcome, case when replayed then 'replayed' end,
		jsonb_array_length(codes))
	  from api.totp_confirm(pg_temp.tok(p_who), p_event, p_code)
$$;
create function pg_temp.open(p_login text, p_totp text default null, p_password text default null)
returns text language sql as $$
	select concat_ws(' ', outcome, case when token is not null then 'token' end)
	  from api.session_login(p_login, pg_temp.proof(coalesce(p_password, p_login)),
		p_totp => p_totp)
$$;
-- As if the last code had been taken before yesterday.
create function pg_temp.later() returns void language sql as $$
	update tracetrack.person_totp set last_step = 0
$$;

-- enrol, confirm
select is(pg_temp.confirm('t.asha', '000000'), 'totp_off', 'nothing to confirm');
select is(pg_temp.enrol('t.asha', p_password => 'x'), 'wrong_password', 'the password is needed');
select is(pg_temp.enrol('t.asha', pg_temp.ev('en')), 'ok 32 90', 'a secret and an address');
select is(pg_temp.enrol('t.asha', pg_temp.ev('en')), 'ok replayed 32 90', 'the same once more');
select matches((select uri from api.totp_enrol(pg_temp.tok('t.asha'), pg_temp.ev('en'), '')),
	'^otpauth://totp/TraceTrack:t\.asha\?secret=[A-Z2-7]{32}&issuer=TraceTrack$',
	'as authenticators read it');
select is(pg_temp.open('t.asha'), 'ok token', 'it does not count yet');
select is(pg_temp.confirm('t.asha', pg_temp.wrong('t.asha')), 'totp_refused', 'a wrong code');
select is(pg_temp.confirm('t.asha', 'abcde-fghij'), 'totp_refused', 'what is no code');
select is(pg_temp.confirm('t.asha', null), 'totp_refused', 'none');
select is(pg_temp.enrol('t.asha'), 'ok 32 90', 'begun anew');
select is(pg_temp.confirm('t.asha', pg_temp.code('t.asha'), pg_temp.ev('co')), 'ok 10',
	'the right one switches it on, and there are backup codes');
select is(pg_temp.confirm('t.asha', pg_temp.code('t.asha'), pg_temp.ev('co')), 'ok replayed',
	'which are told once');
select is(pg_temp.confirm('t.asha', pg_temp.code('t.asha')), 'totp_on', 'on already');
select is(pg_temp.enrol('t.asha'), 'totp_on', 'no second one');
select is(pg_temp.enrol('t.asha', pg_temp.ev('en')), 'ok replayed', 'the old secret is not told any more');
select is((select row(totp, codes) from api.user_show(pg_temp.tok('t.boss'), 't.asha')),
	row(true, 10), 'that it is on shows');

-- login
select is(pg_temp.open('t.asha', p_password => 'x'), 'bad_login', 'a wrong password says nothing of it');
select is(pg_temp.open('t.asha'), 'totp_needed', 'a code is needed');
select is(pg_temp.open('t.asha', ''), 'totp_needed', 'an empty one is none');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha')), 'totp_used', 'each code once');
select pg_temp.later() \g /dev/null
select is(pg_temp.open('t.asha', pg_temp.code('t.asha', -1)), 'ok token', 'a code of just before');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha', -1)), 'totp_used', 'once');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha')), 'ok token', 'the present one');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha', -1)), 'totp_used', 'none older after it');
select is(pg_temp.open('t.asha', regexp_replace(pg_temp.code('t.asha', 1), '...', '\& ')), 'ok token',
	'the next one, as it is shown');
select pg_temp.later() \g /dev/null
select is(pg_temp.open('t.asha', pg_temp.code('t.asha', 2)), 'totp_refused', 'none of later');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha', -2)), 'totp_refused', 'none of long ago');
delete from tracetrack.login_failure;
select is((select array_agg(pg_temp.open('t.asha', pg_temp.wrong('t.asha')) order by i)
	from generate_series(1, 4) i), '{totp_refused,totp_refused,totp_refused,totp_refused}',
	'wrong codes are refused');
select is(pg_temp.open('t.asha'), 'totp_needed', 'the right password alone');
select is(pg_temp.open('t.asha', pg_temp.wrong('t.asha')), 'locked_out',
	'forgets none of them: the fifth locks');
select is(pg_temp.open('t.asha', pg_temp.code('t.asha')), 'locked_out', 'then no code helps');
delete from tracetrack.login_failure;
select is_empty($$ select from tracetrack.station where name = 'TEST-99' $$, 'no such station');
select api.session_login('t.asha', pg_temp.proof('t.asha'), 'TEST-99') \g /dev/null
select is_empty($$ select from tracetrack.station where name = 'TEST-99' $$,
	'half a login registers none');
update tracetrack.person set state = 'disabled' where login = 't.asha';
select is(pg_temp.open('t.asha', pg_temp.code('t.asha')), 'not_permitted', 'a disabled person');
update tracetrack.person set state = 'active' where login = 't.asha';
update tracetrack.session s set revoked_at = null
 where token_hash = tracetrack.token_hash(pg_temp.tok('t.asha'));
select is(pg_temp.open('t.asha', pg_temp.code('t.asha')), 'ok token', 'had no code taken');

-- backup codes
select pg_temp.later() \g /dev/null
select codes as text from api.totp_codes(pg_temp.tok('t.asha'), gen_random_uuid(),
	pg_temp.code('t.asha')) \gset codes_
select is(jsonb_array_length(:'codes_text'), 10, 'new backup codes');
select is((select count(distinct c) from jsonb_array_elements_text(:'codes_text') c
	where c ~ '^[a-z2-7]{5}-[a-z2-7]{5}$'), 10::bigint, 'all different');
select is(pg_temp.open('t.asha', :'codes_text'::jsonb ->> 3), 'ok token', 'one of them opens');
select is(pg_temp.open('t.asha', :'codes_text'::jsonb ->> 3), 'totp_refused', 'once');
select is(pg_temp.open('t.asha', upper(replace(:'codes_text'::jsonb ->> 4, '-', ' '))), 'ok token',
	'in any letters, with blanks');
select is((select codes from api.user_show(pg_temp.tok('t.boss'), 't.asha')), 8, 'eight are left');
select is((select outcome from api.totp_codes(pg_temp.tok('t.asha'), gen_random_uuid(), 'aaaaa-aaaaa')),
	'totp_refused', 'new ones need a code');
select is((select outcome from api.totp_codes(pg_temp.tok('t.boss'), gen_random_uuid(), '000000')),
	'totp_off', 'and that it is on');
select is((select row(outcome, jsonb_array_length(codes)) from api.totp_codes(pg_temp.tok('t.asha'),
	gen_random_uuid(), :'codes_text'::jsonb ->> 5)), row('ok'::text, 10), 'an old one will do');
select is(pg_temp.open('t.asha', :'codes_text'::jsonb ->> 6), 'totp_refused', 'the others are none then');
delete from tracetrack.login_failure;

-- what is kept
select is_empty($$ select from tracetrack.operation where name ~ '^totp' and answer::text ~ '[A-Z2-7]{16}|codes' $$,
	'no answer keeps a secret');
select is_empty(format($$ select from tracetrack.person_code c where c::text ~ any (%L::text[]) $$,
	(select array_agg(replace(c, '-', '')) from jsonb_array_elements_text(:'codes_text') c)),
	'nor does a table keep a backup code');

-- disable
select pg_temp.later() \g /dev/null
select is((select outcome from api.totp_disable(pg_temp.tok('t.asha'), gen_random_uuid(),
	pg_temp.proof('x'), pg_temp.code('t.asha'))), 'wrong_password', 'the password is needed');
select is((select outcome from api.totp_disable(pg_temp.tok('t.asha'), gen_random_uuid(),
	pg_temp.proof('t.asha'), '')), 'totp_refused', 'and a code');
select is((select outcome from api.totp_disable(pg_temp.tok('t.asha'), pg_temp.ev('di'),
	pg_temp.proof('t.asha'), pg_temp.code('t.asha'))), 'ok', 'it is off');
select is((select row(outcome, replayed) from api.totp_disable(pg_temp.tok('t.asha'),
	pg_temp.ev('di'), '', pg_temp.code('t.asha'))), row('key_reused'::text, false),
	'the request with another code');
select is((select outcome from api.totp_disable(pg_temp.tok('t.asha'), gen_random_uuid(),
	pg_temp.proof('t.asha'), '')), 'totp_off', 'off already');
select is(pg_temp.open('t.asha'), 'ok token', 'and not needed');
select is((select outcome from api.totp_enrol(repeat('0', 64), gen_random_uuid(), '')),
	'session_expired', 'nobody enrols');
select api.totp_confirm(pg_temp.tok('t.boss'), gen_random_uuid(), pg_temp.code('t.boss'))
  from pg_temp.enrol('t.boss') \g /dev/null

-- rates: three at once, then one each 20 minutes
insert into tracetrack.setting values ('rate_test', '3 per 1 hour', '');
select person_id as boss from api.session_check(pg_temp.tok('t.boss')) c
  join tracetrack.session s on s.id = c.session \gset
select is((select array_agg(r.outcome || ' ' || (r.retry_after between 1199 and 1200)::text
	order by i) from generate_series(1, 4) i, lateral tracetrack.rate_take(:boss + 0 * i, 'test') r),
	'{"ok false","ok false","ok false","rate_limited true"}', 'so many, then one waits');
update tracetrack.rate set full_at = full_at - interval '20 minutes' where what = 'test';
select is((select array_agg(tracetrack.rate_wait(:boss + 0 * i, 'test') > 0 order by i)
	from generate_series(1, 2) i), '{f,t}', 'after a while there is one more');
select is((select outcome from tracetrack.rate_take(:boss, 'nothing')), 'ok', 'what has no limit');
update tracetrack.setting set value = 'off' where name = 'rate_test';
select is((select outcome from tracetrack.rate_take(:boss, 'test')), 'ok', 'or none any more');
select throws_ok($$update tracetrack.setting set value = 'many' where name = 'rate_test'$$, '23514',
	null, 'a limit that can''t be read is refused');
select throws_ok($$update tracetrack.setting set value = '0' where name = 'login_failures'$$, '23514',
	null, 'no failures at all as well');
select pg_temp.sound();
select * from finish();
rollback;
