-- Taking scans back.
begin;
\ir prelude.psql
select plan(47);
select pg_temp.person('t.asha', 'dispatcher', 'jaipur') \g /dev/null
select pg_temp.person('t.anil', 'dispatcher', 'jaipur', 'TEST-2') \g /dev/null
select pg_temp.person('t.sup', 'supervisor', null) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000001', pg_temp.ev('open 1')) \g /dev/null
select pg_temp.parent('t.asha', 'SB91000002', pg_temp.ev('open 2')) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-C', 4) \g /dev/null

-- a link
select is((select row(outcome, code, parent, children, grams, state, undone) from
	pg_temp.undo('t.asha', pg_temp.ev('T-C2'), pg_temp.ev('undo T-C2'))),
	row('undone'::text, 'T-C2'::text, 'SB91000001'::text, 3, 3000::bigint, 'open'::text,
	'child'::text), 'a link is undone');
select is(pg_temp.inside('SB91000001'), '1:T-C1 2:T-C3 3:T-C4', 'the places close up');
select is((select row(state, parent_id, position) from tracetrack.bag where code = 'T-C2'),
	row('unlinked'::text collate "C", null::bigint, null::smallint), 'the child is in none');
select is((pg_temp.undo('t.asha', pg_temp.ev('T-C2'))).outcome, 'nothing_to_undo',
	'not twice');
select is((pg_temp.undo('t.asha', pg_temp.ev('undo T-C2'))).outcome, 'nothing_to_undo',
	'an undo is not undone');
select is((select undoes from tracetrack.event where id = pg_temp.ev('undo T-C2')),
	pg_temp.ev('T-C2'), 'the ledger tells which event was undone');
select is(pg_temp.brief(pg_temp.child('t.asha', 'T-C2', 'SB91000001', pg_temp.ev('C2 again'))),
	'linked pos=4 n=4 open', 'the child can be linked again');
select is((pg_temp.undo('t.asha', pg_temp.ev('T-C2'))).outcome, 'nothing_to_undo',
	'the first link of it stays undone');
select is((pg_temp.undo('t.asha', pg_temp.ev('C2 again'))).outcome, 'undone',
	'the second is undone by its own id');
select is(pg_temp.brief(pg_temp.child('t.asha', 'T-C2', 'SB91000002')), 'linked pos=1 n=1 open',
	'and it can go to another parent');

-- what is no event that changed something
select is((pg_temp.undo('t.asha', gen_random_uuid())).outcome, 'nothing_to_undo', 'unknown');
select is((pg_temp.undo('t.asha', null)).outcome, 'nothing_to_undo', 'none');
select pg_temp.child('t.asha', 'T-C1', 'SB91000002', pg_temp.ev('refused')) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('refused'))).outcome, 'nothing_to_undo', 'a refusal');
select pg_temp.parent('t.asha', 'SB91000001', pg_temp.ev('resumed')) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('resumed'))).outcome, 'nothing_to_undo',
	'a resumption');

-- whose, and when
select is((select row(outcome, other_by, children)
	from pg_temp.undo('t.anil', pg_temp.ev('T-C1'))),
	row('not_permitted'::text, 't.asha'::text, 3), 'somebody else''s');
select is((pg_temp.undo('t.sup', pg_temp.ev('T-C4'))).outcome, 'undone',
	'a supervisor undoes for others');
update tracetrack.setting set value = '-1 second' where name = 'undo_window';
select is((pg_temp.undo('t.asha', pg_temp.ev('T-C3'))).outcome, 'undo_window_over',
	'after the window');
select is((pg_temp.undo('t.sup', pg_temp.ev('T-C3'))).outcome, 'undone',
	'a supervisor has no window');
update tracetrack.setting set value = '1 hour' where name = 'undo_window';

-- an opening
select is((pg_temp.undo('t.asha', pg_temp.ev('open 1'))).outcome, 'nothing_to_undo',
	'an opening with children stands');
select pg_temp.undo('t.asha', pg_temp.ev('T-C1')) \g /dev/null
select is((select row(outcome, state, undone) from pg_temp.undo('t.asha', pg_temp.ev('open 1'))),
	row('undone'::text, 'unused'::text, 'parent'::text), 'without children it is undone');
select is((pg_temp.child('t.asha', 'T-C1', 'SB91000001')).outcome, 'no_parent',
	'an unused parent takes no child');
select is((pg_temp.finish('t.asha', 'SB91000001')).outcome, 'no_parent', 'and is not finished');
select is((select row(outcome, state) from pg_temp.parent('t.asha', 'SB91000001',
	pg_temp.ev('open 1b'))), row('opened'::text, 'open'::text), 'but can be opened');
select is((pg_temp.undo('t.asha', pg_temp.ev('open 1'))).outcome, 'nothing_to_undo',
	'the first opening is gone');

-- the child that completes
select pg_temp.fill('t.asha', 'SB91000001', 'T-D', 30) \g /dev/null
select is((select state from tracetrack.bag where code = 'SB91000001'), 'complete', 'complete');
select is((select row(outcome, other_by) from pg_temp.undo('t.asha', pg_temp.ev('T-D7'))),
	row('parent_closed'::text, 't.asha'::text),
	'a link before the one that completed can''t be undone');
select is((pg_temp.undo('t.asha', pg_temp.ev('open 1b'))).outcome, 'parent_closed',
	'nor the opening');
select is(pg_temp.brief(pg_temp.undo('t.asha', pg_temp.ev('T-D30'))), 'undone pos=30 n=29 open',
	'undoing the one that completed opens the parent again');
select is((select row(closed_at, closed_by, closed_event) from tracetrack.bag
	where code = 'SB91000001'), row(null::timestamptz, null::integer, null::uuid),
	'without a closer');
select is((pg_temp.undo('t.asha', pg_temp.ev('T-D7'))).outcome, 'undone', 'then the others go');

-- finish and short
select pg_temp.finish('t.asha', 'SB91000001', pg_temp.ev('finish 1')) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('T-D8'))).outcome, 'parent_closed',
	'a link in a finished parent');
select is((select row(outcome, state, undone) from pg_temp.undo('t.asha', pg_temp.ev('finish 1'))),
	row('undone'::text, 'open'::text, 'finish'::text), 'a finish');
select is((pg_temp.undo('t.asha', pg_temp.ev('finish 1'))).outcome, 'nothing_to_undo',
	'not twice');
select pg_temp.short('t.asha', 'SB91000001', 'x', pg_temp.ev('short 1')) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('finish 1'))).outcome, 'nothing_to_undo',
	'a finish that another close has followed');
select is((select row(outcome, state) from pg_temp.undo('t.asha', pg_temp.ev('short 1'))),
	row('undone'::text, 'open'::text), 'a short close');

-- relink and remove
select pg_temp.relink('t.asha', 'T-D1', 'SB91000002', pg_temp.ev('move')) \g /dev/null
select is((select row(outcome, parent, children, other) from
	pg_temp.undo('t.asha', pg_temp.ev('move'))),
	row('undone'::text, 'SB91000002'::text, 1, 'SB91000001'::text),
	'a relink goes back; the figures are those of the parent it leaves');
select is((select position from tracetrack.bag where code = 'T-D1'), 28::smallint,
	'the child comes back to the end');
select is((pg_temp.undo('t.asha', pg_temp.ev('T-D1'))).outcome, 'nothing_to_undo',
	'its first link has been overtaken');
select pg_temp.remove('t.asha', 'T-D2', pg_temp.ev('out')) \g /dev/null
select is(pg_temp.brief(pg_temp.undo('t.asha', pg_temp.ev('out'))), 'undone pos=28 n=28 open',
	'a removal: the child comes back to the end');
select pg_temp.relink('t.asha', 'T-D3', 'SB91000002', pg_temp.ev('move 3')) \g /dev/null
select pg_temp.short('t.asha', 'SB91000001', 'x', pg_temp.ev('short 2')) \g /dev/null
select is((select row(outcome, other) from pg_temp.undo('t.asha', pg_temp.ev('move 3'))),
	row('parent_closed'::text, 'SB91000001'::text), 'the old parent has been closed');
select pg_temp.undo('t.asha', pg_temp.ev('short 2')) \g /dev/null
select pg_temp.fill('t.asha', 'SB91000001', 'T-E', 2) \g /dev/null
select is((pg_temp.undo('t.asha', pg_temp.ev('move 3'))).outcome, 'undone',
	'into the last place');
select is((select state from tracetrack.bag where code = 'SB91000001'), 'complete',
	'which completes the old parent');
select pg_temp.remove('t.sup', 'T-D3', pg_temp.ev('out of closed')) \g /dev/null
select is((pg_temp.undo('t.sup', pg_temp.ev('out of closed'))).outcome, 'parent_closed',
	'a removal from a closed parent can''t be undone');

-- offline: the station's time counts, if it can be true
update tracetrack.setting set value = '-1 second' where name = 'undo_window';
select is((select outcome from api.scan_undo(pg_temp.tok('t.asha'), gen_random_uuid(),
	p_at => now() - interval '1 year', p_offline => true, p_target => pg_temp.ev('T-E1'))),
	'undo_window_over', 'a time before the event is not believed');
select isnt_empty($$ select from tracetrack.exception x join tracetrack.event e on e.id = x.event
	where x.outcome = 'undo_window_over' and x.state = 'open' $$,
	'and what was refused after being accepted offline is an exception');
update tracetrack.setting set value = '1 hour' where name = 'undo_window';
select is((select outcome from api.scan_undo(pg_temp.tok('t.asha'), gen_random_uuid(),
	p_offline => true, p_target => pg_temp.ev('c in none'))), 'nothing_to_undo',
	'an unknown event, offline too');
select pg_temp.sound();
select * from finish();
rollback;
