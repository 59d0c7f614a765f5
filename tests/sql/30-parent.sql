-- Opening, resuming and closing parents.
begin;
\ir prelude.psql
select plan(36);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select pg_temp.person('t.stray', 'dispatcher', 'hisar') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.person('t.nowhere', 'supervisor', null, 'TEST-N', null) \g /dev/null

-- open
create temporary table a as select * from pg_temp.parent('t.asha', '  sb91000001 ', pg_temp.ev('open'));
select is((select row(outcome, replayed, event, code, parent, family, children, capacity, grams,
	state) from a), row('opened'::text, false, pg_temp.ev('open'), 'SB91000001'::text,
	'SB91000001'::text, 'mustard'::text, 0, 30, 0::bigint, 'open'::text), 'opened');
select is((select row(b.role, b.state, a.code) from tracetrack.bag b
	join tracetrack.area a on a.id = b.area_id where b.code = 'SB91000001'),
	row('parent'::text collate "C", 'open'::text collate "C", 'jaipur'::text collate "C"),
	'the bag is of the area');
select is((pg_temp.parent('t.asha', 'M444-91001')).family, 'moong', 'the other family');
select is((select row(outcome, other_by, other_station)
	from pg_temp.parent('t.sup', 'SB91000001')),
	row('resumed'::text, 't.asha'::text, 'TEST-1'::text), 'resumed, and who had opened it');
select is((pg_temp.parent('t.sup', 'SB91000002')).outcome, 'opened',
	'somebody of all areas opens in the station''s area');

-- refused
select is((pg_temp.parent('t.asha', 'SB1')).outcome, 'bad_format', 'too short for anything');
select is((pg_temp.parent('t.asha', 'SB123')).outcome, 'unknown_code', 'a child''s, perhaps');
select is((pg_temp.parent('t.asha', 'TT:UNDO')).outcome, 'bad_format', 'a command');
select is((pg_temp.parent('t.asha', null)).outcome, 'bad_format', 'nothing');
select is((pg_temp.parent('t.asha', '')).outcome, 'bad_format', 'an empty code');
select is((select row(outcome, code) from pg_temp.parent('t.asha', E'SB9100\x1b[2J00001')),
	row('bad_format'::text, 'SB9100?[2J00001'::text), 'control bytes are cleaned');
select is((select row(outcome, length(code)) from pg_temp.parent('t.asha', repeat('S', 100000))),
	row('bad_format'::text, 64), 'absurd lengths are cut');
select is((pg_temp.parent('t.asha', 'SB9100०००१')).outcome, 'bad_format',
	'digits of another script');
select pg_temp.child('t.asha', 'T-C1', 'SB91000001') \g /dev/null
select is((select row(outcome, other, other_by) from pg_temp.parent('t.asha', 't-c1')),
	row('is_child'::text, 'SB91000001'::text, 't.asha'::text), 'a child, and of which parent');
select is((select row(outcome, other) from pg_temp.parent('t.hema', 'SB91000001')),
	row('wrong_area'::text, 'jaipur'::text), 'another area''s bag');
select is((select row(outcome, other) from pg_temp.parent('t.stray', 'SB91000003')),
	row('wrong_area'::text, 'jaipur'::text), 'a dispatcher at another area''s station');
select is((pg_temp.parent('t.nowhere', 'SB91000003')).outcome, 'no_area',
	'where neither station nor person has an area, nothing is opened');
select is((pg_temp.parent('t.nowhere', 'SB91000001')).outcome, 'resumed',
	'but what is open can be resumed');
delete from tracetrack.role_right where role = 'dispatcher' and right_name = 'scan.parent';
select is((pg_temp.parent('t.asha', 'SB91000001')).outcome, 'not_permitted', 'without the right');
insert into tracetrack.role_right values ('dispatcher', 'scan.parent');

-- finish
select is((select row(outcome, state, children, parent) from pg_temp.finish('t.asha', 'sb91000001')),
	row('finished'::text, 'complete'::text, 1, 'SB91000001'::text), 'finished');
select is((select row(outcome, other, other_by, state) from pg_temp.finish('t.sup', 'SB91000001')),
	row('parent_closed'::text, 'SB91000001'::text, 't.asha'::text, 'complete'::text),
	'closed already, and by whom');
select is((select row(outcome, other_by) from pg_temp.parent('t.sup', 'SB91000001')),
	row('parent_closed'::text, 't.asha'::text), 'and it is not resumed');
select is((pg_temp.finish('t.asha', 'SB91000002')).outcome, 'bag_not_complete',
	'an empty one is not finished');
select is((pg_temp.finish('t.asha', 'SB91000009')).outcome, 'no_parent', 'an unknown one');
select is((pg_temp.finish('t.asha', null)).outcome, 'bad_format', 'none');
select is((pg_temp.finish('t.asha', 'T-C1')).outcome, 'is_child', 'a child');
select is((pg_temp.finish('t.hema', 'SB91000002')).outcome, 'wrong_area', 'another area''s');

-- short
select is((pg_temp.short('t.asha', 'SB91000002', '  ')).outcome, 'bad_format',
	'short without a reason');
select is((select row(outcome, state) from pg_temp.short('t.asha', 'SB91000002',
	E'torn\x1b[2J', pg_temp.ev('short'))), row('short_closed'::text, 'short'::text), 'short');
select is((select reason from tracetrack.event where id = pg_temp.ev('short')), 'torn [2J',
	'the reason is kept, cleaned');
select is((pg_temp.short('t.asha', 'SB91000002', 'again')).outcome, 'parent_closed',
	'closed already');

-- cancelled
select pg_temp.parent('t.asha', 'SB91000004') \g /dev/null
update tracetrack.bag set state = 'cancelled' where code = 'SB91000004';
select is((pg_temp.parent('t.asha', 'SB91000004')).outcome, 'parent_cancelled', 'cancelled: open');
select is((pg_temp.child('t.asha', 'T-C9', 'SB91000004')).outcome, 'parent_cancelled',
	'cancelled: child');
select is((pg_temp.finish('t.asha', 'SB91000004')).outcome, 'parent_cancelled',
	'cancelled: finish');

-- the ledger has all of it
select is((select count(*) from tracetrack.event e
	join tracetrack.person p on p.id = e.person_id and p.login like 't.%'), 34::bigint,
	'every scan is in the ledger, refused ones too');
update tracetrack.bag set state = 'open' where code = 'SB91000004';
select pg_temp.sound();
select * from finish();
rollback;
