-- Whatever a client sends, a scan function answers with one row and breaks nothing.
begin;
\ir prelude.psql
select plan(7);
select pg_temp.person('t.asha', 'supervisor', null) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001', pg_temp.ev('open')) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 3) \g /dev/null

create temporary table word (w text);
insert into word values (null), (''), (' '), ('SB91000001'), ('sb91000001 '), ('T-C1'), ('t-c2'),
	('T-NEW1'), ('SB91000009'), ('TT:UNDO'), ('*'), ('%'), ('\'), (''''), ('";--'), ('$1'),
	(E'\x01\x1b[2J\x7f'), (E'SB91000001\r\n'), ('ß'), ('Ǆ'), (U&'\202E\200B'),
	('İSTANBUL'), (repeat('9', 64)), (repeat('9', 65)), (repeat('A', 200000)), ('null'),
	('{}'), ('SB9100000' || U&'\0661');
create temporary table number (n bigint);
insert into number values (null), (-9223372036854775808), (-1), (0), (1), (9223372036854775807);
create temporary table moment (t timestamptz);
insert into moment values (null), ('-infinity'), ('infinity'), (now()), ('1900-01-01'),
	('2999-12-31');

create temporary table answer (outcome text, code text, parent text);
create function pg_temp.put(a tracetrack.answer) returns void language sql as $$
	insert into answer values (a.outcome, a.code, a.parent)
$$;
select lives_ok($$
	select pg_temp.put(api.scan_parent(pg_temp.tok('t.asha'), gen_random_uuid(), p_code => w)),
	       pg_temp.put(api.scan_finish(pg_temp.tok('t.asha'), gen_random_uuid(), p_parent => w)),
	       pg_temp.put(api.scan_remove(pg_temp.tok('t.asha'), gen_random_uuid(), p_code => w)),
	       pg_temp.put(api.scan_parent(w, gen_random_uuid(), p_code => w))
	  from word
$$, 'one text');
select lives_ok($$
	select pg_temp.put(api.scan_child(pg_temp.tok('t.asha'), gen_random_uuid(),
			p_code => a.w, p_parent => b.w)),
	       pg_temp.put(api.scan_relink(pg_temp.tok('t.asha'), gen_random_uuid(),
			p_code => a.w, p_parent => b.w)),
	       pg_temp.put(api.scan_short(pg_temp.tok('t.asha'), gen_random_uuid(),
			p_parent => a.w, p_reason => b.w))
	  from word a, word b
$$, 'two texts');
select lives_ok($$
	select pg_temp.put(api.scan_child(pg_temp.tok('t.asha'), gen_random_uuid(), a.n, b.n, t, null,
		w, (a.n % 2147483648)::integer, b.n is null, 'T-X' || coalesce(a.n, 0), 'SB91000001', b.n))
	  from number a, number b, moment, word where word.w is null or length(w) > 60
$$, 'numbers, times and devices');
select lives_ok($$
	select pg_temp.put(api.scan_undo(pg_temp.tok('t.asha'), gen_random_uuid(), p_at => t,
		p_session => n, p_offline => true, p_target => pg_temp.ev('T-C3')))
	  from number, moment
$$, 'undo at odd times of odd sessions');
select is_empty($$
	select * from answer where outcome is null or code !~ '^[!-~]{1,64}$' or parent !~ '^[!-~]{1,64}$'
$$, 'every call has an outcome, and nothing unclean comes back');
select is_empty($$
	select id from tracetrack.event where device !~ '^[ -~]{1,200}$' or code !~ '^[!-~]{1,64}$'
	    or parent_code !~ '^[!-~]{1,64}$' or length(reason) > 200
	    or reason ~ '[\x01-\x1f\x7f-\x9f]'
$$, 'nor is anything unclean or endless in the ledger');
select pg_temp.sound();
select * from finish();
rollback;
