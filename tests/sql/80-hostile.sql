-- Whatever comes in by a parameter of a function of api, the answer is rows or a refusal that
-- names itself: no other error, at once, and nothing broken.
begin;
\ir prelude.psql
select plan(3);
select pg_temp.person('t.boss', 'administrator', null) \g /dev/null
select pg_temp.parent('t.boss', 'SB91000001') \g /dev/null
select pg_temp.fill('t.boss', 'SB91000001', 'T-C', 3) \g /dev/null

create temporary table hostile (type text, value text);
insert into hostile
select x.type, v from (values
	('text', array[null, '', '%', E'\x01\x1b[2J\r\n\x7f', U&'\202E\FEFF', '(((((a+)+)+)+)+$',
		'{"a":1}', '-infinity', '99999999999999999999', repeat('%', 3000),
		repeat('[', 300000)]),
	('bigint', array[null, '-9223372036854775808', '0', '9223372036854775807']),
	('integer', array[null, '-2147483648', '0', '2147483647']),
	('boolean', array[null, 'true']),
	('uuid', array[null, '00000000-0000-0000-0000-000000000000']),
	('date', array[null, '-infinity', 'infinity', '4714-11-24 BC', '5874897-12-31']),
	('timestamp with time zone', array[null, '-infinity', 'infinity', '4714-11-25 BC',
		'294276-12-30']),
	('text[]', array[null, '{NULL}', '{{a,b},{c,d}}', '[5:6]={a,b}']),
	('bigint[]', array[null, '{NULL}', '{{1,2},{3,4}}', '[5:6]={1,1}'])) x (type, vs),
	unnest(x.vs) v;

-- The call of a function with one parameter given, and what it must have besides.
create function pg_temp.call(p pg_proc, p_name text, p_value text) returns text
language sql as $$
	select format('select count(x::text) from api.%I(%s) x', p.proname, string_agg(format(
		'%I => %L::%s', n.name, case n.name when p_name then p_value
			when 'p_token' then pg_temp.tok('t.boss')
			when 'p_event' then gen_random_uuid()::text end,
		p.proargtypes[n.i - 1]::regtype), ', '))
	  from unnest(p.proargnames) with ordinality n (name, i)
	 where n.i <= p.pronargs
	   and (n.name = p_name or n.i <= p.pronargs - p.pronargdefaults)
$$;

create temporary table said (what text, state text, message text, ms numeric);
create procedure pg_temp.ask(p_what text, p_call text) language plpgsql as $$
declare
	v_from timestamptz := clock_timestamp();
	v_state text := '00000';
	v_message text;
begin
	begin
		execute p_call;
	exception when others then
		v_state := sqlstate;
		v_message := sqlerrm;
	end;
	insert into said values (p_what, v_state, left(v_message, 200),
		extract(epoch from clock_timestamp() - v_from) * 1000);
end
$$;

do $$
declare
	f record;
begin
	for f in
		select format('%s(%s => %s)', p.proname, n.name, left(h.value, 40)) as what,
		       pg_temp.call(p, n.name, h.value) as call
		  from pg_proc p, unnest(p.proargnames) with ordinality n (name, i), hostile h
		 where p.pronamespace = 'api'::regnamespace and n.i <= p.pronargs
		   and h.type = p.proargtypes[n.i - 1]::regtype::text
		 order by p.proname, n.i
	loop
		call pg_temp.ask(f.what, f.call);
	end loop;
end
$$;
select cmp_ok((select count(*) from said), '>',
	(select sum(p.pronargs) from pg_proc p where p.pronamespace = 'api'::regnamespace),
	'every parameter was tried');
select is_empty($$
	select * from said where state not in ('00000', '28000', '42501', '22023')
$$, 'rows, or session_expired, not_permitted, or a value that is refused by name');
select pg_temp.sound();
select * from finish();
rollback;
