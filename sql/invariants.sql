-- What must always hold, as rows that must not be: tracetrack.violation() tells
-- what is wrong, and is empty on a sound database. It reads whole tables; run it
-- by the owner after stress, chaos and import runs.

-- The large ones are told in pieces too, by the numbers of bags, bills, events, seals, days or blocks:
-- (p_from, p_to) are the first and the last one, and who wants all gives 0 and the
-- highest number that there can be. tracetrack.integrity_parts() knows them; the last piece goes
-- up to there too, for what names a number that nothing has.

-- Rules that look at one row are told as an array of those that it breaks, empty for nearly all.

-- Rules 1 and 3, of the bags with these numbers: they agree with each other and with
-- their families.
create or replace function tracetrack.violation_bags(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '1 parents agree with their children',
	       format('%s: %s children of at most %s, %s counted, positions %s to %s, %s g of %s g',
		p.code, p.child_count, p.capacity, c.counted, c.first, c.last,
		p.grams_expected, c.grams)
	  from tracetrack.bag p
	  left join (
		select parent_id, count(*) as counted, min(position) as first,
		       max(position) as last, count(distinct position) as places,
		       sum(coalesce(grams_measured, grams_expected)) as grams
		  from tracetrack.bag where parent_id between p_from and p_to group by parent_id) c
	    on c.parent_id = p.id
	 where p.role = 'parent' and p.id between p_from and p_to
	   and (p.child_count <> coalesce(c.counted, 0) or p.child_count > p.capacity
		or c.first <> 1 or c.last <> c.counted or c.places <> c.counted
		or p.grams_expected <> coalesce(c.grams, 0))
	union all
	select '1 children are in parents', c.code
	  from tracetrack.bag c
	  left join tracetrack.bag p on p.id = c.parent_id and p.role = 'parent'
	 where c.id between p_from and p_to and c.parent_id is not null
	   and (p.id is null or p.state in ('unused', 'cancelled'))
	union all
	select unnest(x.broken), x.code
	  from (
		select b.code, array_remove(array[
			case when f.id is null or f.role <> b.role or b.code !~ f.pattern
				then '3 codes match their family' end,
			case when p.id is null or a.id is null or s.id is null
				then '3 bags name people, areas and stations' end
			], null) as broken
		  from tracetrack.bag b
		  left join tracetrack.family f on f.id = b.family_id
		  left join tracetrack.person p on p.id = b.person_id
		  left join tracetrack.area a on a.id = b.area_id
		  left join tracetrack.station s on s.id = b.station_id
		 where b.id between p_from and p_to) x
	 where x.broken <> '{}'
	union all
	select '3 no child has another role''s code', b.code
	  from tracetrack.bag b
	  join tracetrack.family f on f.role <> 'child' and b.code ~ f.pattern
	 where b.id between p_from and p_to and b.role = 'child'
$$;

-- Rules 3, 4 and 8, of the events with these numbers: what each of them names is there, none
-- undoes what was undone before, and nobody was at work who had been disabled
-- (violation_people).
create or replace function tracetrack.violation_ledger(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select unnest(x.broken), format('event %s', x.id)
	  from (
		select e.id, array_remove(array[
			case when p.id is null or s.id is null or o.id is null or t.id is null
				then '3 the ledger names people, stations and sessions' end,
			case when c.id is null and e.child_id is not null
				then '4 the ledger gives the children' end,
			case when b.id is null and e.parent_id is not null
				or f.id is null and e.from_parent_id is not null
				then '4 the ledger gives the parents' end,
			case when r.event is null or e.at <> r.at or e.station_id <> r.station_id
				or e.epoch is distinct from r.epoch or e.seq is distinct from r.seq
				then '4 every request is in the ledger once' end,
			case when e.action not in ('parent', 'child', 'finish', 'short', 'undo',
				'relink', 'remove', 'bill_scan', 'bill_add', 'bill_manual',
				'bill_remove', 'bill_complete', 'bill_create', 'bill_edit',
				'bill_reopen', 'bill_cancel', 'bill_off', 'return_commit',
				'weigh', 'cancel')
				or (e.outcome = 'undone' and e.undoes is null)
				then '4 events are of a known kind' end,
			case when (e.offline and tracetrack.outcome_class(e.outcome) = 'refused')
				<> (x.event is not null)
				then '4 refusals of offline scans are exceptions' end,
			case when p.state = 'disabled'
				and e.at > p.disabled_at + interval '5 seconds'
				and tracetrack.outcome_class(e.outcome) <> 'refused'
				then '8 a disabled person does nothing' end
			], null) as broken
		  from tracetrack.event e
		  left join tracetrack.request r on r.event = e.id
		  left join tracetrack.exception x on x.event = e.id
		  left join tracetrack.person p on p.id = e.person_id
		  left join tracetrack.station s on s.id = e.station_id
		  left join tracetrack.session o on o.id = e.session_id
		  left join tracetrack.session t on t.id = e.sent_by
		  left join tracetrack.bag c on c.id = e.child_id
		  left join tracetrack.bag b on b.id = e.parent_id
		  left join tracetrack.bag f on f.id = e.from_parent_id and f.role = 'parent'
		 where e.number between p_from and p_to) x
	 where x.broken <> '{}'
	union all
	select '4 an event is undone once', format('event %s', e.undoes)
	  from tracetrack.event e
	 where e.number between p_from and p_to and e.outcome = 'undone'
	   and exists (select from tracetrack.event x
		where x.undoes = e.undoes and x.outcome = 'undone'
		  -- in pieces by their keys: it is of the same parent, or the same child
		  and (p_from = 0 or x.parent_id = e.parent_id or x.child_id = e.child_id)
		  and (x.number, x.at, x.id) < (e.number, e.at, e.id))
$$;

-- Rule 4, of the requests in these blocks of their table, counted from 1: none is without its
-- event. Of all at once: each event has its request, so that as many as there are can't leave
-- one out.
create or replace function tracetrack.violation_requests(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	with here as not materialized (
		select r.* from tracetrack.request r
		 where r.ctid >= format('(%s,0)', least(greatest(p_from, 1), 4294967295) - 1)::tid
		   and r.ctid < format('(%s,0)', least(p_to, 4294967295))::tid
	)
	select '4 every request is in the ledger once', format('request %s', r.event)
	  from here r
	 where (p_from > 0 or (select count(*) from tracetrack.request)
			<> (select count(*) from tracetrack.event))
	   and (select e.id from tracetrack.event e
		where e.station_id = r.station_id and e.at = r.at and e.id = r.event) is null
	union all
	select '4 numbers come with an epoch', format('request %s', r.event)
	  from here r where (r.epoch is null) <> (r.seq is null)
$$;

-- Rule 4: where the ledger, replayed from nothing, puts every child. The last event that
-- changed something says in which parent, and the order of those events is the order of
-- the positions. Its weight is what a scale said last, since that event or in it. Of the
-- children in parents with these numbers, and of those that are in none.
create or replace function tracetrack.replayed_children(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	with child as (
		select c.* from tracetrack.bag c
		 where c.role = 'child' and c.parent_id between p_from and p_to
		union all
		select c.* from tracetrack.bag c
		 where c.role = 'child' and c.parent_id is null and c.id between p_from and p_to
	), latest as (
		select distinct on (e.child_id) e.child_id, e.number, e.id, e.grams,
		       case when e.from_parent_id is distinct from e.parent_id
			then e.parent_id end as place
		  from child c join tracetrack.event e on e.child_id = c.id
		 where e.outcome in ('linked', 'completed', 'relinked', 'removed', 'undone')
		 order by e.child_id, e.number desc
	), weighed as (
		select distinct on (e.child_id) e.child_id, e.number, e.grams
		  from child c join tracetrack.event e on e.child_id = c.id
		 where e.action = 'weigh' and e.outcome = 'ok'
		 order by e.child_id, e.number desc
	), told as (
		select l.child_id, l.place, l.id, coalesce(w.grams, l.grams) as grams,
		       case when l.place is not null then
			row_number() over (partition by l.place order by l.number) end as position
		  from latest l
		  left join weighed w on w.child_id = l.child_id and w.number > l.number
	)
	select '4 the ledger gives the children', format('%s: bag in %s at %s, ledger %s at %s',
		c.code, c.parent_id, c.position, t.place, t.position)
	  from child c left join told t on t.child_id = c.id
	 where t.child_id is null or c.parent_id is distinct from t.place
	    or c.position is distinct from t.position
	    or c.event_id <> t.id or c.grams_measured is distinct from t.grams
$$;

-- Rule 4: the state in which the ledger leaves the parents with these numbers. The undo
-- of a relink speaks of two: the one that loses the child is left open, the one that
-- gets it back is open too unless that closed it.
create or replace function tracetrack.replayed_parents(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	with parent as (
		select * from tracetrack.bag b where b.role = 'parent' and b.id between p_from and p_to
	), about as (
		select p.id as parent_id, p.closed_event, e.*
		  from (select id, closed_event from parent) p
		  join (select e.id as event_id, e.number, e.action, e.outcome, e.state, e.child_id,
			e.parent_id as to_id, e.from_parent_id as from_id from tracetrack.event e) e
		    on e.to_id = p.id
		union all
		select p.id, p.closed_event, e.*
		  from (select id, closed_event from parent) p
		  join (select e.id as event_id, e.number, e.action, e.outcome, e.state, e.child_id,
			e.parent_id as to_id, e.from_parent_id as from_id from tracetrack.event e) e
		    on e.from_id = p.id and e.to_id is distinct from e.from_id
	), said as (
		select a.parent_id, a.number, case
			when tracetrack.event_parent(a.action, a.to_id, a.from_id) = a.parent_id
			then a.state
			when a.closed_event = a.event_id then 'complete' else 'open' end as state
		  from about a
		 where (a.outcome in ('opened', 'linked', 'completed', 'finished', 'short_closed',
			'relinked', 'removed', 'undone')
			or (a.action = 'cancel' and a.outcome = 'ok' and a.child_id is null))
		   and (tracetrack.event_parent(a.action, a.to_id, a.from_id) = a.parent_id
			or (a.outcome = 'undone' and a.to_id = a.parent_id and a.from_id <> a.to_id))
	), told as (
		select distinct on (s.parent_id) s.parent_id, s.state
		  from said s order by s.parent_id, s.number desc
	)
	select '4 the ledger gives the parents', format('%s: bag %s, ledger %s', p.code, p.state,
		t.state)
	  from parent p left join told t on t.parent_id = p.id
	 where p.state is distinct from t.state
$$;

create or replace function tracetrack.violation_replay(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select * from tracetrack.replayed_children(p_from, p_to)
	union all select * from tracetrack.replayed_parents(p_from, p_to)
$$;

-- Rule 4: every request that is not a scan has its answer.
create or replace function tracetrack.violation_operations()
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '4 every request has its answer', format('%s %s', o.name, o.request)
	  from tracetrack.operation o where o.answer ->> 'outcome' is null
$$;

-- Rule 5: every counter is the count that it stands for. What is rolled up of the ledger is
-- compared with it by violation_activity.
create or replace function tracetrack.violation_counters() returns table (rule text, detail text)
language sql stable parallel safe as $$
	with counted as (
		select coalesce(sum(n), 0) as scans,
		       coalesce(sum(n) filter (where class = 'done'), 0) as done,
		       coalesce(sum(n) filter (where class = 'again'), 0) as again,
		       coalesce(sum(n) filter (where class = 'refused'), 0) as refused,
		       coalesce(sum(n) filter (where outcome in ('linked', 'completed')), 0)
			as linked,
		       coalesce(sum(n) filter (where outcome = 'undone'), 0) as undone,
		       coalesce(sum(n) filter (where outcome = 'relinked'), 0) as relinked,
		       coalesce(sum(n) filter (where outcome = 'removed'), 0) as removed
		  from (select a.outcome, tracetrack.outcome_class(a.outcome) as class,
			       sum(a.scans) as n
			  from (select outcome, scans from tracetrack.activity_outcome
				union all
				select outcome, scans from unnest(tracetrack.activity_tail())) a
			 group by a.outcome) e
	), stands as (
		select coalesce(sum(n) filter (where state = 'open'), 0) as parents_open,
		       coalesce(sum(n) filter (where state = 'complete'), 0) as parents_complete,
		       coalesce(sum(n) filter (where state = 'short'), 0) as parents_short,
		       coalesce(sum(n) filter (where state = 'linked'), 0) as children_linked
		  from (select state, count(*) as n from tracetrack.bag group by state) b
	)
	select '5 counters are what they count', format('%s: %s kept, %s counted', k.key, k.value,
		c.value)
	  from tracetrack.tally_sums() t, counted, stands,
	       jsonb_each_text(to_jsonb(t)) k,
	       jsonb_each_text(to_jsonb(counted) || to_jsonb(stands)) c
	 where c.key = k.key and c.value <> k.value
$$;

-- Rule 8: nothing of a disabled person works; scans are looked at with the ledger. A call
-- that began before the disabling was committed may end after it; the station's role gives
-- it 5 s.
create or replace function tracetrack.violation_people() returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '8 a disabled person does nothing', format('%s: session %s', p.login, s.id)
	  from tracetrack.person p join tracetrack.session s on s.person_id = p.id
	 where p.state = 'disabled'
	   and greatest(s.created_at, s.extended_at) > p.disabled_at + interval '5 seconds'
	union all
	select '8 no session of a disabled person works', format('%s: session %s', p.login, s.id)
	  from tracetrack.person p join tracetrack.session s on s.person_id = p.id
	 where p.state = 'disabled' and s.revoked_at is null and s.expires_at > now()
	   and s.is_ready
	union all
	select '8 a disabled person does nothing', format('%s: %s %s', p.login, o.name, o.request)
	  from tracetrack.person p
	  join tracetrack.operation o on o.person_id = p.id
	   and o.at > p.disabled_at + interval '5 seconds'
	 where p.state = 'disabled'
$$;

-- All of them. Each sorts and hashes whole tables, and one session at a time does so; the
-- server's cores share the work, because every part is parallel safe, and because the planner
-- is told that rows cost nothing, of which it expects thousands and gets none.
create or replace function tracetrack.violation() returns table (rule text, detail text)
language sql stable
set work_mem = '64MB'
set parallel_tuple_cost = 0
as $$
	select * from tracetrack.violation_bags(0, 9223372036854775807)
	union all select * from tracetrack.violation_ledger(0, 9223372036854775807)
	union all select * from tracetrack.violation_replay(0, 9223372036854775807)
	union all select * from tracetrack.violation_requests(0, 9223372036854775807)
	union all select * from tracetrack.violation_operations()
	union all select * from tracetrack.violation_counters()
	union all select * from tracetrack.violation_audit()
	union all select * from tracetrack.violation_seals(0, 9223372036854775807)
	union all select * from tracetrack.violation_activity(0, 9223372036854775807)
	union all select * from tracetrack.violation_people()
	union all select * from tracetrack.violation_bills(0, 9223372036854775807)
	union all select * from tracetrack.violation_billed(0, 9223372036854775807)
$$;

-- Numbers that a station gave and that never came: after its outbox is empty,
-- each is a lost scan. missing_from and missing_to are both missing.
create or replace function tracetrack.sequence_gaps()
returns table (station text, epoch bigint, missing_from bigint, missing_to bigint)
language sql stable as $$
	select s.name, g.epoch, g.before + 1, g.seq - 1
	  from (select r.station_id, r.epoch, r.seq, lag(r.seq, 1, 0::bigint)
			over (partition by r.station_id, r.epoch order by r.seq) as before
		  from tracetrack.request r where r.seq is not null) g
	  join tracetrack.station s on s.id = g.station_id
	 where g.seq > g.before + 1
$$;
