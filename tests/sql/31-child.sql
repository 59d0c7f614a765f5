-- Putting children into parents.
begin;
\ir prelude.psql
select plan(35);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.anil', 'dispatcher', 'jaipur', 'TEST-2') \g /dev/null
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null

create temporary table a as
select * from pg_temp.child('t.asha', 't-c1', ' sb91000001', pg_temp.ev('one'), 950);
select is((select row(outcome, replayed, event, code, parent, family, position, children,
	capacity, grams, state) from a), row('linked'::text, false, pg_temp.ev('one'),
	'T-C1'::text, 'SB91000001'::text, 'mustard'::text, 1, 1, 30, 950::bigint,
	'open'::text), 'linked, weighed');
select is((select row(position, children, grams) from pg_temp.child('t.anil', 'T-C2', 'SB91000001')),
	row(2, 2, 1950::bigint), 'the next one, not weighed: its expected weight counts');
select is((select row(outcome, position, children, other, other_by, other_station)
	from pg_temp.child('t.asha', 'T-C2', 'SB91000001')),
	row('already_in_parent'::text, 2, 2, 'SB91000001'::text, 't.anil'::text, 'TEST-2'::text),
	'again: which place, by whom, where');
select is((select row(outcome, position, parent, children, other, other_by)
	from pg_temp.child('t.anil', 'T-C1', 'SB91000002')),
	row('in_other_parent'::text, 1, 'SB91000002'::text, 0, 'SB91000001'::text, 't.asha'::text),
	'in another parent: which, and who put it there');
select is((select row(outcome, other) from pg_temp.child('t.asha', 'SB91000002', 'SB91000001')),
	row('is_parent'::text, 'SB91000002'::text), 'a parent');
select is((pg_temp.child('t.asha', 'SB91000777', 'SB91000001')).outcome, 'is_parent',
	'a parent''s label that nobody has opened');
select is((pg_temp.child('t.asha', 'TT:FINISH', 'SB91000001')).outcome, 'is_parent', 'a command');
select is((pg_temp.child('t.asha', 'SB91000001', 'SB91000001')).outcome, 'is_own_parent',
	'its own parent');
select is((select row(outcome, parent) from pg_temp.child('t.asha', 'T-C3', 'SB91000999')),
	row('no_parent'::text, 'SB91000999'::text), 'an unknown parent');
select is((select row(outcome, other, other_by) from pg_temp.child('t.asha', 'T-C1', null)),
	row('no_parent'::text, 'SB91000001'::text, 't.asha'::text),
	'no parent, and where the child is');
select is((pg_temp.child('t.asha', 'T-C3', 'T-C1')).outcome, 'no_parent',
	'a child is no parent');
select is((pg_temp.child('t.asha', 'X!', 'SB91000001')).outcome, 'bad_format', 'no code');
select is((pg_temp.child('t.asha', null, 'SB91000001')).outcome, 'bad_format', 'nothing');
select is((pg_temp.child('t.asha', null, null)).outcome, 'bad_format', 'nothing at all');
select is((pg_temp.child('t.asha', repeat('C', 21), 'SB91000001')).outcome, 'bad_format',
	'21 characters');
select is((pg_temp.child('t.asha', repeat('C', 1000000), repeat('P', 1000000))).outcome,
	'bad_format', 'a million');
select is((pg_temp.child('t.asha', 'T-C3', 'SB91000001', gen_random_uuid(), 0)).outcome,
	'bad_format', 'no weight');
select is((pg_temp.child('t.asha', 'T-C3', 'SB91000001', gen_random_uuid(), -9223372036854775808))
	.outcome, 'bad_format', 'less than no weight');
select is((pg_temp.child('t.asha', 'T-C3', 'SB91000001', gen_random_uuid(), 9223372036854775807))
	.outcome, 'bad_format', 'more than a bag can weigh');
select is((select row(outcome, other) from pg_temp.child('t.hema', 'T-C3', 'SB91000001')),
	row('wrong_area'::text, 'jaipur'::text), 'another area''s parent');
select is((select position from pg_temp.child('t.hema', 'T-C1', 'SB91000001')), 1,
	'what is there already is told even there');

-- the last place
select is(pg_temp.fill('t.asha', 'SB91000001', 'T-D', 27), 27::bigint, 'up to 29');
select is(pg_temp.brief(pg_temp.child('t.asha', 'T-E1', 'SB91000001', pg_temp.ev('last'))),
	'completed pos=30 n=30 complete', 'the 30th completes');
select is((select row(closed_at, closed_event) from tracetrack.bag where code = 'SB91000001'),
	row(now(), pg_temp.ev('last')), 'and closes the parent');
select is((select row(outcome, children, state, other_by)
	from pg_temp.child('t.anil', 'T-E2', 'SB91000001')),
	row('parent_full'::text, 30, 'complete'::text, 't.asha'::text), 'there is no 31st');
select is(pg_temp.brief(pg_temp.child('t.anil', 'T-E1', 'SB91000001')),
	'already_in_parent pos=30 n=30 complete', 'what is inside is still told first');
select is_empty($$ select from tracetrack.bag where code = 'T-E2' $$, 'a refused child is no bag');

-- closed
select pg_temp.child('t.asha', 'T-F1', 'SB91000002') \g /dev/null
select pg_temp.short('t.asha', 'SB91000002', 'end of day') \g /dev/null
select is((select row(outcome, other, other_by, state)
	from pg_temp.child('t.anil', 'T-F2', 'SB91000002')),
	row('parent_closed'::text, 'SB91000002'::text, 't.asha'::text, 'short'::text),
	'a short one takes no more');

-- a family of its own
insert into tracetrack.family (name, role, pattern, example, capacity, child_grams)
values ('tiny', 'parent', '^TINY[0-9]$', 'TINY1', 2, 250);
select is((select row(outcome, capacity, family) from pg_temp.parent('t.asha', 'TINY1')),
	row('opened'::text, 2, 'tiny'::text), 'a family is a row');
select pg_temp.child('t.asha', 'T-G1', 'TINY1') \g /dev/null
select is((select row(outcome, grams) from pg_temp.child('t.asha', 'T-G2', 'TINY1', pg_temp.ev('T-G2'))),
	row('completed'::text, 500::bigint), 'with its own capacity and weight');
select is((pg_temp.child('t.asha', 'TINY2', 'SB91000002')).outcome, 'is_parent',
	'and from then on its labels are no children');
update tracetrack.family set active = false where name = 'tiny';
select is((pg_temp.parent('t.asha', 'TINY3')).outcome, 'bad_format', 'a retired family');
select is((pg_temp.child('t.asha', 'TINY3', 'SB91000002')).outcome, 'bad_format',
	'whose labels are no children either');
select is((pg_temp.undo('t.asha', pg_temp.ev('T-G2'))).outcome, 'undone',
	'while its own bags go on');
select pg_temp.sound();
select * from finish();
rollback;
