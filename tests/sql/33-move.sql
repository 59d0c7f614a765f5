-- Relinking and removing children.
begin;
\ir prelude.psql
select plan(30);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.hema', 'dispatcher', 'hisar', 'TEST-H', 'hisar') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001') \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002') \g /dev/null
select pg_temp.parent('t.asha', 'M444-91003') \g /dev/null
select pg_temp.parent('t.hema', 'SB91000005') \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 5) \g /dev/null
select pg_temp.child('t.asha', 'T-WG', 'SB91000001', gen_random_uuid(), 700) \g /dev/null

select is((select row(outcome, code, parent, position, children, grams, other) from
	pg_temp.relink('t.asha', 't-c2', 'm444-91003')),
	row('relinked'::text, 'T-C2'::text, 'M444-91003'::text, 1, 1, 1000::bigint,
	'SB91000001'::text), 'relinked, and from where');
select is(pg_temp.inside('SB91000001'), '1:T-C1 2:T-C3 3:T-C4 4:T-C5 5:T-WG', 'the gap is closed');
select is((select grams from pg_temp.relink('t.asha', 'T-WG', 'M444-91003')), 1700::bigint,
	'its weight goes with it');
select is((select grams_expected from tracetrack.bag where code = 'SB91000001'), 4000::bigint,
	'and leaves the old parent');
select is((select row(outcome, position) from pg_temp.relink('t.asha', 'T-WG', 'M444-91003')),
	row('already_in_parent'::text, 2), 'it is there already');
select is((pg_temp.relink('t.asha', 'T-NEW', 'SB91000001')).outcome, 'unknown_code',
	'an unknown child');
select is((pg_temp.relink('t.asha', null, 'SB91000001')).outcome, 'bad_format', 'none');
select is((pg_temp.relink('t.asha', 'SB91000002', 'SB91000001')).outcome, 'is_parent', 'a parent');
select is((select row(outcome, other) from pg_temp.relink('t.asha', 'T-C1', 'SB91000999')),
	row('no_parent'::text, 'SB91000001'::text), 'to an unknown parent');
select is((pg_temp.relink('t.asha', 'T-C1', null)).outcome, 'no_parent', 'to none');
select is((select row(outcome, other) from pg_temp.relink('t.asha', 'T-C1', 'SB91000005')),
	row('wrong_area'::text, 'hisar'::text), 'to another area');
select is((select row(outcome, other) from pg_temp.relink('t.hema', 'T-C1', 'SB91000005')),
	row('wrong_area'::text, 'jaipur'::text), 'from another area');
select is((pg_temp.relink('t.sup', 'T-C1', 'SB91000005')).outcome, 'relinked',
	'somebody of all areas may');
select is((select a.code from tracetrack.bag b join tracetrack.area a on a.id = b.area_id
	where b.code = 'T-C1'), 'hisar', 'and the child is of the new area');

-- full and closed
select pg_temp.fill('t.asha', 'SB91000002', 'T-D', 29) \g /dev/null
select is(pg_temp.brief(pg_temp.relink('t.asha', 'T-C3', 'SB91000002', pg_temp.ev('30th'))),
	'relinked pos=30 n=30 complete', 'into the last place');
select is((pg_temp.relink('t.asha', 'T-C4', 'SB91000002')).outcome, 'parent_full', 'it is full');
select is((select row(outcome, other, parent) from pg_temp.relink('t.asha', 'T-D1', 'SB91000001')),
	row('parent_closed'::text, 'SB91000002'::text, 'SB91000001'::text),
	'a closed parent keeps its children');
select is((select row(outcome, children) from pg_temp.relink('t.sup', 'T-D1', 'SB91000001')),
	row('relinked'::text, 3), 'the right takes them out');
select is((select row(state, child_count) from tracetrack.bag where code = 'SB91000002'),
	row('complete'::text collate "C", 29::smallint), 'it stays closed');
select pg_temp.short('t.asha', 'SB91000001', 'x') \g /dev/null
select is((select row(outcome, state) from pg_temp.relink('t.asha', 'T-C2', 'SB91000001')),
	row('parent_closed'::text, 'short'::text), 'nothing goes into a closed one');
select is((pg_temp.relink('t.sup', 'T-C2', 'SB91000001')).outcome, 'parent_closed',
	'with the right neither');

-- remove
select is((select row(outcome, code, parent, children, grams) from pg_temp.remove('t.asha', 't-wg')),
	row('removed'::text, 'T-WG'::text, 'M444-91003'::text, 1, 1000::bigint), 'removed');
select is((pg_temp.remove('t.asha', 'T-WG')).outcome, 'nothing_to_undo', 'it is in none now');
select is((select row(outcome, position) from pg_temp.relink('t.asha', 'T-WG', 'M444-91003')),
	row('relinked'::text, 2), 'from none it is put there');
select is((pg_temp.remove('t.asha', 'T-NEW')).outcome, 'unknown_code', 'an unknown child');
select is((pg_temp.remove('t.asha', 'SB91000001')).outcome, 'is_parent', 'a parent');
select is((pg_temp.remove('t.asha', null)).outcome, 'bad_format', 'none');
select is((select row(outcome, other) from pg_temp.remove('t.asha', 'T-D5')),
	row('parent_closed'::text, 'SB91000002'::text), 'out of a closed parent');
select is((pg_temp.remove('t.hema', 'T-C2')).outcome, 'wrong_area', 'of another area');
select pg_temp.sound();
select * from finish();
rollback;
