-- Bags in lists and searched for: every filter, both orders, both directions.
begin;
\ir prelude.psql
select plan(70);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.ravi', 'dispatcher', 'akola', 'TEST-2', 'akola') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null

-- jaipur: a full parent, one with 3 children, one without, one closed short;
-- akola: one with a child that was taken out of it again, and one more
create function pg_temp.later(p_what text) returns void language sql as $$
	update tracetrack.bag set since = clock_timestamp() where code = p_what
$$;
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-A', 30) \g /dev/null
select pg_temp.parent('t.asha', 'M444-91002') \g /dev/null
select pg_temp.fill('t.asha', 'M444-91002', 'T-B', 3) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000003') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000004') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000004', 'T-D', 2) \g /dev/null
select pg_temp.short('t.asha', 'SB91000004', 'dark') \g /dev/null
select pg_temp.parent('t.ravi', 'SB91000005') \g /dev/null
select pg_temp.fill('t.ravi', 'SB91000005', 'T-E', 2) \g /dev/null
select pg_temp.remove('t.ravi', 'T-E1') \g /dev/null

-- All were scanned in one transaction, at one time; so spread them.
update tracetrack.bag set since = now() + id * interval '1 millisecond'
 where code like 'T-_%' or code like 'SB9100000_' or code = 'M444-91002';

-- The codes of a list, with its parameters after the token.
create function pg_temp.list(p_who text, p_more text default '') returns text
language plpgsql as $$
declare
	v_codes text;
begin
	execute format('select string_agg(l.code, '' '' order by l.n) from (
		select code, row_number() over () as n from api.bag_list(%L %s)) l',
		pg_temp.tok(p_who), p_more) into v_codes;
	return coalesce(v_codes, '');
end
$$;

select is(pg_temp.list('t.asha', ', p_limit => 3'), 'T-D2 T-D1 SB91000004', 'the newest first');
select is(pg_temp.list('t.sup', ', p_limit => 4'), 'T-E2 T-E1 SB91000005 T-D2',
	'whoever sees all areas sees all');
select is(pg_temp.list('t.ravi', ', p_from => now()'), 'T-E2 T-E1 SB91000005',
	'a dispatcher sees the own area');
select is(pg_temp.list('t.sup', $$, p_area => 'akola', p_from => now()$$), 'T-E2 T-E1 SB91000005',
	'an area');
select is(pg_temp.list('t.sup', $$, p_role => 'parent', p_limit => 5$$),
	'SB91000005 SB91000004 SB91000003 M444-91002 SB91000001', 'parents');
select is(pg_temp.list('t.sup', $$, p_role => 'child', p_limit => 3$$), 'T-E2 T-E1 T-D2',
	'children');
select is(pg_temp.list('t.asha', $$, p_family => 'moong', p_from => now()$$), 'M444-91002', 'a family');
select is(pg_temp.list('t.sup', $$, p_family => 'moong', p_role => 'child'$$), '',
	'a family that has no such bags');
select is(pg_temp.list('t.asha', $$, p_text => 't-b'$$), 'T-B3 T-B2 T-B1', 'how the code begins');
select is(pg_temp.list('t.asha', $$, p_text => 'T-_'$$), '', 'as it stands, not as a pattern');
select is(pg_temp.list('t.sup', $$, p_state => 'short', p_text => 'SB9100000'$$), 'SB91000004',
	'short ones');
select is(pg_temp.list('t.asha', $$, p_state => 'open', p_from => now()$$), 'SB91000003 M444-91002', 'open ones');
select is(pg_temp.list('t.asha', $$, p_state => 'complete', p_limit => 1$$), 'SB91000001',
	'complete ones');
select is(pg_temp.list('t.ravi', $$, p_state => 'unlinked', p_from => now()$$), 'T-E1', 'children in no parent');
select is(pg_temp.list('t.ravi', $$, p_state => 'linked', p_limit => 1$$), 'T-E2', 'children in a parent');
select is(pg_temp.list('t.sup', $$, p_role => 'parent', p_state => 'linked'$$), '',
	'parents are never linked');
select is(pg_temp.list('t.ravi', ', p_linked => true, p_limit => 2'), 'T-E2 SB91000005', 'what is linked');
select is(pg_temp.list('t.ravi', ', p_linked => false, p_from => now()'), 'T-E1', 'what is not');
select is(pg_temp.list('t.asha', ', p_linked => false, p_from => now()'), 'SB91000003',
	'a parent that waits for its first child isn''t either');
select is(pg_temp.list('t.asha', $$, p_linked => true, p_state => 'open', p_from => now()$$), 'M444-91002',
	'open and with children');
select is(pg_temp.list('t.asha', $$, p_linked => false, p_state => 'open', p_from => now()$$), 'SB91000003',
	'open and without');
select is(pg_temp.list('t.asha', $$, p_linked => false, p_state => 'short', p_from => now()$$), '',
	'short and without: none');
select is(pg_temp.list('t.sup', $$, p_by => 'T.Ravi'$$), 'T-E2 T-E1 SB91000005', 'by whom');
select is(pg_temp.list('t.sup', $$, p_by => 't.asha', p_area => 'akola'$$), '',
	'by whom, elsewhere');
select is(pg_temp.list('t.sup', $$, p_by => 't.asha', p_state => 'open'$$),
	'SB91000003 M444-91002', 'by whom, in a state');
select is(pg_temp.list('t.asha', format(', p_from => %L', (select since from tracetrack.bag
	where code = 'SB91000004'))), 'T-D2 T-D1 SB91000004', 'since then or later');
select is(pg_temp.list('t.asha', format(', p_from => %L, p_to => %L',
	(select since from tracetrack.bag where code = 'T-B2'),
	(select since from tracetrack.bag where code = 'SB91000003'))), 'T-B3 T-B2',
	'since then and before');
select is(pg_temp.list('t.asha', $$, p_sort => 'code', p_limit => 3, p_text => 'T-'$$),
	'T-A1 T-A10 T-A11', 'by code');
select is(pg_temp.list('t.sup', $$, p_sort => 'code', p_role => 'parent', p_text => 'SB9100000'$$),
	'SB91000001 SB91000003 SB91000004 SB91000005', 'parents by code');
select is(pg_temp.list('t.sup', $$, p_sort => 'code', p_state => 'unlinked', p_text => 'T-'$$),
	'T-E1', 'a state by code');

select is(pg_temp.list('t.sup', $$, p_billed => false, p_from => now()$$),
	'SB91000005 SB91000004 SB91000003 M444-91002 SB91000001', 'parents on no bill');
insert into tracetrack.bill (number, destination, capacity, created_by)
values ('BILL-T43', 'Delhi', 5, (select id from tracetrack.person where login = 't.sup'));
update tracetrack.bag set bill_id = (select id from tracetrack.bill where number = 'BILL-T43'),
	bill_at = now(), bill_by = person_id, bill_station = station_id, bill_event = event_id,
	bill_manual = false where code = 'SB91000001';
select is(pg_temp.list('t.sup', $$, p_billed => true, p_from => now()$$), 'SB91000001',
	'parents on a bill');
select is((select bill from api.bag_list(pg_temp.tok('t.sup'), p_text => 'SB91000001')), 'BILL-T43',
	'on which');
select is(pg_temp.list('t.sup', $$, p_billed => false, p_from => now(), p_sort => 'code'$$),
	'M444-91002 SB91000003 SB91000004 SB91000005', 'on none, by code');

-- Pages: there and back again, with each row once.
create function pg_temp.walk(p_who text, p_more text, p_back boolean default false)
returns text language plpgsql as $$
declare
	v_key text;
	v_codes text[] := '{}';
	v_page record;
begin
	loop
		execute format('select array_agg(code) as codes, (array_agg(key))[1] as first,
			(array_agg(key))[count(*)] as last from api.bag_list(%L %s, %s => %L,
			p_limit => 4)', pg_temp.tok(p_who), p_more,
			case when p_back then 'p_before' else 'p_after' end, v_key) into v_page;
		exit when v_page.codes is null;
		v_codes := case when p_back then v_page.codes || v_codes
			else v_codes || v_page.codes end;
		v_key := case when p_back then v_page.first else v_page.last end;
	end loop;
	return array_to_string(v_codes, ' ');
end
$$;
select is(pg_temp.walk('t.asha', $$, p_from => now(), p_sort => 'code'$$),
	(select string_agg(code, ' ' order by code) from tracetrack.bag b
	  where b.since >= now() and b.area_id = (select id from tracetrack.area where code = 'jaipur')),
	'page by page, by code');
select is(pg_temp.walk('t.asha', $$, p_from => now()$$),
	(select string_agg(code, ' ' order by since desc) from tracetrack.bag b
	  where b.since >= now() and b.area_id = (select id from tracetrack.area where code = 'jaipur')),
	'page by page, newest first');
select is(pg_temp.walk('t.sup', $$, p_from => now(), p_area => 'jaipur', p_billed => false$$),
	(select string_agg(code, ' ' order by since desc) from tracetrack.bag b
	  where b.since >= now() and b.role = 'parent' and b.bill_id is null
	    and b.area_id = (select id from tracetrack.area where code = 'jaipur')),
	'page by page, those on no bill');
update tracetrack.bag set since = now() where code like 'T-A%';
select is(pg_temp.walk('t.sup', $$, p_from => now(), p_to => now() + interval '1 us'$$),
	(select string_agg(code, ' ' order by id desc) from tracetrack.bag where since = now()),
	'page by page, those of one instant');
select is(pg_temp.list('t.sup', format(', p_from => %1$L, p_to => %2$L, p_after => %3$L',
	now() - interval '1 hour', now(), (extract(epoch from now()) * 1000000)::bigint || '.'
	|| (select max(id) from tracetrack.bag where code like 'T-A%'))),
	(select coalesce(string_agg(code, ' ' order by since desc, id desc), '') from tracetrack.bag
	  where since >= now() - interval '1 hour' and since < now()), 'none of the instant before which');
select is(pg_temp.walk('t.sup', $$, p_text => 'T-A'$$),
	(select string_agg(code, ' ' order by id desc) from tracetrack.bag where code like 'T-A%'),
	'of the same instant too');
select is(array_length(string_to_array(pg_temp.list('t.sup',
	$$, p_text => 'T-A', p_before => (select key from api.bag_list($$
	|| quote_literal(pg_temp.tok('t.sup')) || $$, p_text => 'T-A', p_limit => 9) order by key
	limit 1)$$), ' '), 1), 8, 'before a key');
select is(pg_temp.list('t.sup', $$, p_sort => 'code', p_text => 'T-', p_before => 'T-B1',
	p_limit => 2$$), 'T-A8 T-A9', 'the page before is in the same order');
select throws_ok($$ select pg_temp.list('t.sup', ', p_limit => 0') $$, '22023',
	'limit must be from 1 to 200', 'one row at least');

-- the rest of a row
select is((select row(l.role, l.family, l.state, l.area, l.children, l.capacity, l.grams, l.by,
	l.station, l.closed_by, l.closed_at is not null)
	from api.bag_list(pg_temp.tok('t.asha'), p_state => 'short', p_from => now()) l),
	row('parent'::text, 'mustard'::text, 'short'::text, 'jaipur'::text, 2, 30, 2000::bigint,
	't.asha'::text, 'TEST-1'::text, 't.asha'::text, true), 'all of a parent');
select is((select row(l.role, l.parent, l.position, l.grams)
	from api.bag_list(pg_temp.tok('t.asha'), p_text => 'T-B2') l),
	row('child'::text, 'M444-91002'::text, 2, 1000::bigint), 'all of a child');

-- Bills become many: who reads bags or scans reads those that they are on.
insert into tracetrack.bill (number, destination, capacity, created_by)
select 'BILL-T43-' || n, 'Delhi', 5, (select id from tracetrack.person where login = 't.sup')
  from generate_series(1, 500) n;
analyze tracetrack.bill;
create function pg_temp.whole_reads(p_statement text) returns bigint language plpgsql as $$
declare
	v_before bigint;
begin
	execute format(p_statement, pg_temp.tok('t.sup'));
	v_before := (select seq_scan from pg_stat_xact_user_tables
		where relid = 'tracetrack.bill'::regclass);
	execute format(p_statement, pg_temp.tok('t.sup'));
	return (select seq_scan from pg_stat_xact_user_tables
		where relid = 'tracetrack.bill'::regclass) - v_before;
end
$$;
select is(pg_temp.whole_reads('select api.bag_list(%L, p_from => now())'), 0::bigint,
	'a page of bags does not read all bills');
select is(pg_temp.whole_reads('select api.stats_recent(%L)'), 0::bigint,
	'nor do the recent scans');
select is(pg_temp.whole_reads($$select api.bag_show(%L, 'T-A1')$$), 0::bigint,
	'nor the timeline of a bag');

-- what is refused
select throws_ok($$select api.bag_list('x')$$, '28000', 'session_expired', 'nobody');
select throws_ok($$select api.bag_list(pg_temp.tok('t.asha'), p_area => 'akola')$$, '42501',
	'not_permitted', 'another area');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_area => 'atlantis')$$,
	'there is no area atlantis. %', 'an area that is none');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_family => 'badge')$$,
	'there is no family badge of bags. %', 'a family that is none of bags');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_role => 'bill')$$,
	'a bag is no bill. %', 'a role that is none');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_state => 'lost')$$,
	'no bag is lost. %', 'a state that is none');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_by => 'santa')$$,
	'there is nobody called santa. %', 'somebody who is nobody');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_sort => 'colour')$$,
	'bags can''t be sorted by colour. %', 'an order that is none');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_after => 'x'';--')$$,
	'%is no key of this list. %', 'a key that is none');
select throws_like($$select api.bag_list(pg_temp.tok('t.sup'), p_after => '1.1', p_before => '1.1')$$,
	'a page is after a key or before one. %', 'two keys');
select throws_ok($$select api.bag_list(pg_temp.tok('t.sup'), p_after => '1e9.1')$$, '22023',
	null, 'with a state of its own');

-- search
create function pg_temp.found(p_who text, p_text text, p_limit integer default 20) returns text
language sql as $$
	-- what has it inside comes as the rows lie
	select string_agg(s.kind || ':' || s.code, ' ' order by
			case s.kind when 'substring' then s.code end collate "C" nulls first, s.n)
	  from api.bag_search(pg_temp.tok(p_who), p_text, p_limit) with ordinality
		s (kind, code, a, b, c, d, e, f, g, h, i, n)
$$;
update tracetrack.bag set code = 'SB9177' || right(code, 4) where code like 'SB9100000_';
select is(pg_temp.found('t.asha', 't-a1', 5),
	'exact:T-A1 prefix:T-A10 prefix:T-A11 prefix:T-A12 prefix:T-A13', 'exact, then prefix');
select is(pg_temp.found('t.sup', '177000'),
	'substring:SB91770001 substring:SB91770003 substring:SB91770004 substring:SB91770005',
	'then what has it inside');
select is(pg_temp.found('t.ravi', '177000'), 'substring:SB91770005', 'in the own area');
select is(pg_temp.found('t.asha', 'T-X2'), 'near:T-A2 near:T-B2 near:T-D2', 'then what is near');
select is(pg_temp.found('t.asha', 'T-E2'), null, 'but not to a bag of another area');
select is(pg_temp.found('t.ravi', 'T-E2'), 'exact:T-E2', 'which is found there');
select is(pg_temp.found('t.asha', '%_%'), null, 'a pattern is none here');
select is((select row(s.role, s.family, s.state, s.area, s.parent, s.position)
	from api.bag_search(pg_temp.tok('t.sup'), 'T-B2') s where s.kind = 'exact'),
	row('child'::text, 'child'::text, 'linked'::text, 'jaipur'::text, 'M444-91002'::text, 2),
	'all of a row');
select throws_ok($$select api.bag_search(null, 'T-A')$$, '28000', 'session_expired', 'nobody');
select throws_like($$select api.bag_search(pg_temp.tok('t.sup'), ' ')$$,
	'there is nothing to search for. %', 'nothing to search for');
-- the index alone finds what the walk along the newest finds
select is((select array_agg(id order by id) from unnest(tracetrack.bag_substring(
		'177000', null, 100)) id),
	(select array_agg(id order by id) from tracetrack.bag where code like '_%177000%'),
	'the index of substrings');
select * from finish();
rollback;
