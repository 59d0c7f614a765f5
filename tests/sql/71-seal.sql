-- Seals: what was committed is sealed, and what was changed behind them is found and named.
begin;
\ir prelude.psql
select plan(47);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.bill', 'biller', null) \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 20) \g /dev/null

select is((select array_agg(s.seqcache) from pg_sequence s where s.seqrelid in
	('tracetrack.event_number'::regclass, 'tracetrack.audit_number'::regclass)), '{1,1}',
	'no session keeps numbers back');
select is((select count(*) from pg_attrdef d where d.adrelid in ('tracetrack.event'::regclass,
	'tracetrack.audit'::regclass) and pg_get_expr(d.adbin, d.adrelid)
	~ 'pg_current_xact_id\(\) IS NOT NULL.*nextval'), 2::bigint,
	'who draws a number has a transaction id');

-- what the server does by itself, such as analyze, has transactions too, and sealing waits for them
do $$
begin
	for i in 1..1200 loop
		exit when not exists (select from pg_stat_activity
			where backend_xid is not null and pid <> pg_backend_pid());
		perform pg_sleep(0.05), pg_stat_clear_snapshot();
	end loop;
end
$$;
create temporary table before as select coalesce(sum(rows), 0)::bigint as rows
	from tracetrack.seal;
create temporary table done as select * from api.audit_seal(pg_temp.tok('t.boss'), 100);
select is((select row(outcome, more) from done), row('ok'::text, false), 'all is sealed');
select is((select d.rows + b.rows from done d, before b), (select count(*) from tracetrack.event)
	+ (select count(*) from tracetrack.audit), 'every row of ledger and audit');
select is((select row(last, hash) from done), (select row(number, encode(hash, 'hex'))
	from tracetrack.seal order by number desc limit 1), 'the last seal and its hash');
select is((select row(outcome, seals, rows) from api.audit_seal(pg_temp.tok('t.boss'))),
	row('ok'::text, 0::bigint, 0::bigint), 'there is nothing left to seal');
select is((select row(outcome, rows, finding, more) from
	api.audit_verify(pg_temp.tok('t.sup'), p_limit => 100)),
	row('ok'::text, (select d.rows + b.rows from done d, before b), null::text, false),
	'everything is as it was');
select pg_temp.child('t.asha', 'T-C21', 'SB91000001') \g /dev/null
select pg_temp.child('t.asha', 'T-C22', 'SB91000001') \g /dev/null
select is((select row(outcome, seals, rows) from api.audit_seal(pg_temp.tok('t.boss'), p_seals => 5,
	p_rows => 7)), row('ok'::text, 6::bigint, 9::bigint),
	'what came since is one more; earlier pieces are counted in');

-- pieces
select is((select row(outcome, seals, after, more) from api.audit_verify(pg_temp.tok('t.sup'), null, 1)),
	row('ok'::text, 1::bigint, 1::bigint, true), 'verify: the first seal alone');
select is((select row(outcome, seals, more) from api.audit_verify(pg_temp.tok('t.sup'),
	(select max(number) - 1 from tracetrack.seal), 1, p_seals => 4)),
	row('ok'::text, 5::bigint, false), 'the last one');
select is((select row(outcome, seals, more) from api.audit_verify(pg_temp.tok('t.sup'), 999999)),
	row('ok'::text, 0::bigint, false), 'none at all');

-- kept elsewhere
select is((select outcome from api.audit_verify(pg_temp.tok('t.sup'), p_seal => 1, p_hash => (select
	upper(encode(hash, 'hex')) from tracetrack.seal where number = 1))), 'ok',
	'a hash that was kept elsewhere');
select is((select row(outcome, finding) from api.audit_verify(pg_temp.tok('t.sup'), p_seal => 1,
	p_hash => repeat('0', 64))), row('chain_broken'::text, 'seal 1 has not this hash'::text),
	'another one');
select is((select outcome from api.audit_verify(pg_temp.tok('t.sup'), p_seal => 999999,
	p_hash => repeat('0', 64))), 'chain_broken', 'of a seal that is gone');
select is((select outcome from api.audit_verify(pg_temp.tok('t.sup'), p_seal => 1)), 'bad_value',
	'a seal without its hash');
select is((select array_agg(number) from api.audit_seals(pg_temp.tok('t.sup'), 0, 2)), '{1,2}',
	'the seals, to ship off');
select is((select row(previous, hash) from api.audit_seals(pg_temp.tok('t.sup'), 1, 1)),
	(select row(encode(a.hash, 'hex'), encode(b.hash, 'hex')) from tracetrack.seal a,
	tracetrack.seal b where a.number = 1 and b.number = 2), 'each follows from the one before');

-- who may not
select is((select outcome from api.audit_seal(pg_temp.tok('t.sup'))), 'not_permitted',
	'a supervisor seals nothing');
select is((select outcome from api.audit_seal(pg_temp.tok('t.asha'))), 'not_permitted',
	'nor does a dispatcher');
select is((select outcome from api.audit_seal('x')), 'session_expired', 'nor nobody');
select is((select outcome from api.audit_verify(pg_temp.tok('t.bill'))), 'not_permitted',
	'a biller verifies nothing');
select is((select outcome from api.audit_verify(null)), 'session_expired', 'nor does nobody');
select throws_ok($$ select api.audit_seals(pg_temp.tok('t.bill')) $$, '42501', 'not_permitted',
	'a biller sees no seals');
select throws_ok($$ select api.audit_seals('') $$, '28000', 'session_expired', 'nor does nobody');

-- the log stays
select throws_ok($$ update tracetrack.seal set rows = 0 $$, '23001',
	'the log of seals is append-only', 'no seal is changed');
select throws_ok($$ delete from tracetrack.seal $$, '23001', 'the log of seals is append-only',
	'nor deleted');
select throws_ok($$ truncate tracetrack.seal $$, '23001', 'the log of seals is append-only',
	'nor are all');

-- what an owner does with the triggers off is found and named
create function pg_temp.finds(p_break text, p_finding text) returns text language plpgsql as $$
declare
	v_finding text;
begin
	begin
		alter table tracetrack.event disable trigger user;
		alter table tracetrack.audit disable trigger user;
		alter table tracetrack.seal disable trigger user;
		execute p_break;
		select finding into v_finding from tracetrack.seal_verify(0, 1000);
		raise sqlstate 'TT002';
	exception when sqlstate 'TT002' then
		null;
	end;
	return matches(v_finding, p_finding, left(regexp_replace(p_break, '\s+', ' ', 'g'), 70));
end
$$;
create function pg_temp.number(p_event text) returns bigint language sql as $$
	select number from tracetrack.event where id = pg_temp.ev(p_event)
$$;
select pg_temp.finds($$update tracetrack.event set person_id = person_id + 1
	where id = pg_temp.ev('T-C7')$$,
	'^seal \d+: row ' || pg_temp.number('T-C7') || ' of the ledger was changed$');
select pg_temp.finds($$update tracetrack.event set device = 'x' where id = pg_temp.ev('T-C8')$$,
	'row ' || pg_temp.number('T-C8') || ' of the ledger was changed$');
select pg_temp.finds($$delete from tracetrack.event where id = pg_temp.ev('T-C9')$$,
	'row ' || pg_temp.number('T-C9') || ' of the ledger is gone$');
select pg_temp.finds($$update tracetrack.event set at = at + interval '1 microsecond'
	where id = pg_temp.ev('T-C9') or id = pg_temp.ev('T-C5')$$,
	'row ' || pg_temp.number('T-C5') || ' of the ledger was changed$');
select pg_temp.finds($$update tracetrack.event set number = -1 where id = pg_temp.ev('T-C9')$$,
	'row (-1 of the ledger was added|' || pg_temp.number('T-C9') || ' of the ledger is gone)$');
select pg_temp.finds($$update tracetrack.event set number = number + 100000
	where id = pg_temp.ev('T-C9')$$,
	'row ' || pg_temp.number('T-C9') || ' of the ledger is gone$');
select pg_temp.finds($$update tracetrack.audit set person_id = 1 where number = 1$$,
	'^seal 1: row 1 of the audit was changed$');
select pg_temp.finds($$update tracetrack.audit set before = '{}' where number = 2$$,
	'^seal 1: row 2 of the audit was changed$');
select pg_temp.finds($$delete from tracetrack.audit where number = 3$$,
	'^seal 1: row 3 of the audit is gone$');
select pg_temp.finds($$insert into tracetrack.audit (number, station_number, station_id, operation,
	table_name, key) values (0, 0, 0, 'delete', 'bag', 'x')$$, '^seal 1: row 0 of the audit was added$');
select pg_temp.finds($$update tracetrack.seal set rows = rows + 1 where number = 2$$,
	'^seal 2 was changed$');
select pg_temp.finds($$update tracetrack.seal set at = at - interval '1 day' where number = 2$$,
	'^seal 2 was changed$');
select pg_temp.finds($$update tracetrack.seal set digests = '' where number = 2$$,
	'^seal 2 was changed$');
select pg_temp.finds($$delete from tracetrack.seal where number = 2$$, '^seal 2 is missing$');
select pg_temp.finds($$with s as (update tracetrack.seal set rows = rows + 1 where number = 2
	returning *) select 1$$, '^seal 2 was changed$');
select pg_temp.finds($$update tracetrack.seal x set at = now(),
	hash = tracetrack.seal_hash(row(x.number, now(), x.source, x.first, x.last, x.rows, x.previous,
	x.hash, x.rows_hash, x.digests)::tracetrack.seal) where number = 2$$,
	'^seal 3 does not follow from seal 2$');
select pg_temp.finds($$update tracetrack.seal x set first = first + 1,
	hash = tracetrack.seal_hash(row(x.number, x.at, x.source, x.first + 1, x.last, x.rows, x.previous,
	x.hash, x.rows_hash, x.digests)::tracetrack.seal) where number = (select max(number)
	from tracetrack.seal)$$, '^seal \d+ leaves out (ledger|audit) (\d+) to \2$');
select is((select finding from tracetrack.seal_verify(0, 1000)), null, 'and all is well again');
select pg_temp.sound();
select is((select count(*) from tracetrack.seal where octet_length(digests) <> rows * 16), 0::bigint,
	'16 bytes for a row');
select * from finish();
rollback;
