-- What is told about a code.
begin;
\ir prelude.psql
select plan(31);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null, 'TEST-2') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001', pg_temp.ev('open')) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-LOOK', 3) \g /dev/null

create temporary table p as
select * from api.scan_lookup(pg_temp.tok('t.sup'), ' sb91000001 ');
select is((select row(outcome, code, role, family, state, area, parent, children, capacity, grams,
	opened_by, closed_by) from p), row('ok'::text, 'SB91000001'::text, 'parent'::text,
	'mustard'::text, 'open'::text, 'jaipur'::text, null::text, 3, 30, 3000::bigint,
	't.asha'::text, null::text), 'a parent');
select is((select row(outcome, role, state, parent, position, grams, opened_by)
	from api.scan_lookup(pg_temp.tok('t.sup'), 't-look2')), row('ok'::text, 'child'::text,
	'linked'::text, 'SB91000001'::text, 2, 1000::bigint, 't.asha'::text), 'a child');
select is((select row(outcome, role, family) from api.scan_lookup(pg_temp.tok('t.sup'),
	'SB91000777')), row('unknown_code'::text, 'parent'::text, 'mustard'::text),
	'a parent''s label that nobody has opened');
select is((select row(outcome, code) from api.scan_lookup(pg_temp.tok('t.sup'), 'x!')),
	row('bad_format'::text, 'X!'::text), 'no code');
select is((select outcome from api.scan_lookup(pg_temp.tok('t.sup'), null)), 'bad_format', 'none');
select is((select outcome from api.scan_lookup(pg_temp.tok('t.sup'), repeat('x', 100000))),
	'bad_format', 'an endless one');
select is((select outcome from api.scan_lookup('x', 'SB91000001')), 'session_expired', 'nobody');
delete from tracetrack.role_right where role = 'supervisor' and right_name = 'bag.read';
select is((select outcome from api.scan_lookup(pg_temp.tok('t.sup'), 'SB91000001')),
	'not_permitted', 'without the right');
select is((select outcome from api.bag_show(pg_temp.tok('t.sup'), 'SB91000001')),
	'not_permitted', 'show without the right');
insert into tracetrack.role_right values ('supervisor', 'bag.read');

-- near
create function pg_temp.near(p_code text) returns jsonb language sql as $$
	select jsonb_path_query_array(near, '$[*].code')
	  from api.scan_lookup(pg_temp.tok('t.asha'), p_code)
$$;
select is(pg_temp.near('SB91000001'), '[]', 'what is known needs no suggestion');
select ok(pg_temp.near('T-LOOK9') @> '["T-LOOK1"]', 'one character changed');
select is(pg_temp.near('SB9100000Z'), '["SB91000001", "SB91000002"]', 'a letter for a digit');
select is(pg_temp.near('T-LOKO1'), '["T-LOOK1"]', 'two swapped');
select is(pg_temp.near('T-LOO1'), '[]', 'two letters away is too far');
select is(pg_temp.near('SB9100000'), '["SB91000001", "SB91000002"]', 'one missing');
select is(pg_temp.near('T-LOOK12'), '["T-LOOK1", "T-LOOK2"]', 'one too many');
select is(pg_temp.near('T-LO'), '["T-LOOK1", "T-LOOK2", "T-LOOK3"]', 'the beginning of codes');
select is((select near -> 0 from api.scan_lookup(pg_temp.tok('t.asha'), 'T-LOKO1')),
	'{"code": "T-LOOK1", "role": "child", "state": "linked", "parent": "SB91000001"}',
	'with what it is and where');

-- show
select pg_temp.undo('t.asha', pg_temp.ev('T-LOOK2'), pg_temp.ev('undo')) \g /dev/null
select pg_temp.relink('t.sup', 'T-LOOK3', 'SB91000002', pg_temp.ev('move')) \g /dev/null
create temporary table s as select * from api.bag_show(pg_temp.tok('t.asha'), 'sb91000001');
select is((select row(outcome, code, children) from s),
	row('ok'::text, 'SB91000001'::text, 1), 'the facts');
select is((select children_list - 0 from s), '[]', 'one child');
select is((select (children_list -> 0) - 'at' from s),
	'{"position": 1, "code": "T-LOOK1", "grams": 1000, "by": "t.asha"}', 'which');
select is((select jsonb_path_query_array(timeline, '$[*].action') from s),
	'["relink", "undo", "child", "child", "child", "parent"]',
	'all that happened, newest first, and what left it for another parent');
select is((select (timeline -> 1) - 'at' from s), jsonb_build_object('action', 'undo',
	'outcome', 'undone', 'code', 'T-LOOK2', 'parent', 'SB91000001', 'by', 't.asha',
	'station', 'TEST-1', 'event', pg_temp.ev('undo'), 'undoes', pg_temp.ev('T-LOOK2'),
	'bill', null, 'reason', null),
	'each with person, station and what it undid');
select is((select jsonb_path_query_array(timeline, '$[*].parent')
	from api.bag_show(pg_temp.tok('t.asha'), 'T-LOOK3')), '["SB91000002", "SB91000001"]',
	'a child''s way');
select is((select row(outcome, children_list, timeline)
	from api.bag_show(pg_temp.tok('t.asha'), 'SB91000777')),
	row('unknown_code'::text, '[]'::jsonb, '[]'::jsonb), 'of an unknown code there is nothing');
select is((select outcome from api.bag_show('x', 'SB91000001')), 'session_expired', 'nobody');

-- of another area
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select is((select jsonb_strip_nulls(to_jsonb(l)) from
	api.scan_lookup(pg_temp.tok('t.hema'), 'T-LOOK1') l), '{"outcome": "ok", "code": "T-LOOK1",
	"role": "child", "area": "jaipur", "parent": "SB91000001", "position": 1, "near": []}',
	'a dispatcher elsewhere is told what it is and where');
select is((select jsonb_strip_nulls(to_jsonb(l)) from
	api.bag_show(pg_temp.tok('t.hema'), 'SB91000001') l), '{"outcome": "wrong_area",
	"code": "SB91000001", "role": "parent", "area": "jaipur", "near": [], "children_list": [],
	"timeline": []}', 'and shown no more');
select is((select near from api.scan_lookup(pg_temp.tok('t.hema'), 'T-LOKO1')), '[]',
	'nor what is near');
select is((select outcome from api.bag_show(pg_temp.tok('t.hema'), 'SB91000777')),
	'unknown_code', 'what is nowhere is unknown there too');
select pg_temp.sound();
select * from finish();
rollback;
