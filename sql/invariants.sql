-- What must always hold, as rows that must not be: tracetrack.violation() tells
-- what is wrong, and is empty on a sound database. It reads whole tables; run it
-- by the owner after stress, chaos and import runs.

-- Where the ledger, replayed from nothing, puts every child: the last event that
-- changed something says in which parent, and the order of those events is the
-- order of the positions. Its weight is what a scale said last, since that event or
-- in it.
create or replace function tracetrack.replayed_children()
returns table (child_id bigint, parent_id bigint, "position" bigint, event_id uuid,
	grams bigint)
language sql stable as $$
	with latest as (
		select distinct on (e.child_id) e.child_id, e.number, e.id, e.grams,
		       case when e.from_parent_id is distinct from e.parent_id
			then e.parent_id end as place
		  from tracetrack.event e
		 where e.child_id is not null and e.outcome in
			('linked', 'completed', 'relinked', 'removed', 'undone')
		 order by e.child_id, e.number desc
	), weighed as (
		select distinct on (e.child_id) e.child_id, e.number, e.grams
		  from tracetrack.event e
		 where e.child_id is not null and e.action = 'weigh' and e.outcome = 'ok'
		 order by e.child_id, e.number desc
	)
	select l.child_id, place, case when place is not null then
		row_number() over (partition by place order by l.number) end, id,
	       coalesce(w.grams, l.grams)
	  from latest l
	  left join weighed w on w.child_id = l.child_id and w.number > l.number
$$;

-- The state in which the ledger leaves every parent. The undo of a relink speaks
-- of two: the one that loses the child is left open, the one that gets it back
-- is open too unless that closed it.
create or replace function tracetrack.replayed_parents()
returns table (parent_id bigint, state text)
language sql stable as $$
	with said as (
		select tracetrack.event_parent(e.action, e.parent_id, e.from_parent_id)
			as parent_id, e.number, e.state
		  from tracetrack.event e
		 where e.outcome in ('opened', 'linked', 'completed', 'finished', 'short_closed',
			'relinked', 'removed', 'undone')
		    or (e.action = 'cancel' and e.outcome = 'ok' and e.child_id is null)
		union all
		select e.parent_id, e.number,
		       case when b.closed_event = e.id then 'complete' else 'open' end
		  from tracetrack.event e join tracetrack.bag b on b.id = e.parent_id
		 where e.outcome = 'undone' and e.from_parent_id <> e.parent_id
	)
	select distinct on (s.parent_id) s.parent_id, s.state
	  from said s order by s.parent_id, s.number desc
$$;

-- Rules 1 and 3: bags agree with each other and with their families.
create or replace function tracetrack.violation_bags() returns table (rule text, detail text)
language sql stable as $$
	select '1 parents agree with their children',
	       format('%s: %s children of at most %s, %s counted, positions %s to %s, %s g of %s g',
		p.code, p.child_count, p.capacity, c.counted, c.first, c.last,
		p.grams_expected, c.grams)
	  from tracetrack.bag p
	  left join (
		select parent_id, count(*) as counted, min(position) as first,
		       max(position) as last, count(distinct position) as places,
		       sum(coalesce(grams_measured, grams_expected)) as grams
		  from tracetrack.bag where parent_id is not null group by parent_id) c
	    on c.parent_id = p.id
	 where p.role = 'parent'
	   and (p.child_count <> coalesce(c.counted, 0) or p.child_count > p.capacity
		or c.first <> 1 or c.last <> c.counted or c.places <> c.counted
		or p.grams_expected <> coalesce(c.grams, 0))
	union all
	select '1 children are in parents', c.code
	  from tracetrack.bag c left join tracetrack.bag p on p.id = c.parent_id
	 where c.parent_id is not null
	   and (p.id is null or p.role <> 'parent' or p.state in ('unused', 'cancelled'))
	union all
	select '3 codes match their family', b.code
	  from tracetrack.bag b left join tracetrack.family f on f.id = b.family_id
	 where f.id is null or f.role <> b.role or b.code !~ f.pattern
	union all
	select '3 no child has another role''s code', b.code
	  from tracetrack.bag b
	  join tracetrack.family f on f.role <> 'child' and b.code ~ f.pattern
	 where b.role = 'child'
	union all
	select '3 bags name people, areas and stations', b.code
	  from tracetrack.bag b
	  left join tracetrack.person p on p.id = b.person_id
	  left join tracetrack.area a on a.id = b.area_id
	  left join tracetrack.station s on s.id = b.station_id
	 where p.id is null or a.id is null or s.id is null
	union all
	select '3 the ledger names people, stations and sessions', e.id::text
	  from tracetrack.event e
	  left join tracetrack.person p on p.id = e.person_id
	  left join tracetrack.station s on s.id = e.station_id
	  left join tracetrack.session o on o.id = e.session_id
	  left join tracetrack.session t on t.id = e.sent_by
	 where p.id is null or s.id is null or o.id is null or t.id is null
$$;

-- Rule 4: requests and ledger agree, and the ledger gives the present bags.
create or replace function tracetrack.violation_ledger() returns table (rule text, detail text)
language sql stable as $$
	select '4 every request is in the ledger once',
	       format('request %s, %s times', coalesce(r.event, e.id), coalesce(e.times, 0))
	  from tracetrack.request r
	  full join (
		select id, count(*) as times, min(at) as at, min(station_id) as station_id,
		       min(epoch) as epoch, min(seq) as seq
		  from tracetrack.event group by id) e on e.id = r.event
	 where r.event is null or e.id is null or e.times <> 1 or e.at <> r.at
	    or e.station_id <> r.station_id or e.epoch is distinct from r.epoch
	    or e.seq is distinct from r.seq
	union all
	select '4 numbers come with an epoch', format('request %s', r.event)
	  from tracetrack.request r where (r.epoch is null) <> (r.seq is null)
	union all
	select '4 events are of a known kind', format('event %s', e.id)
	  from tracetrack.event e
	 where e.action not in ('parent', 'child', 'finish', 'short', 'undo', 'relink', 'remove',
		'bill_scan', 'bill_add', 'bill_manual', 'bill_remove', 'bill_complete',
		'bill_create', 'bill_edit', 'bill_reopen', 'bill_cancel', 'bill_off',
		'return_commit', 'weigh', 'cancel')
	    or (e.outcome = 'undone' and e.undoes is null)
	union all
	select '4 the ledger gives the children', format('%s: bag in %s at %s, ledger %s at %s',
		coalesce(c.code, x.child_id::text), c.parent_id, c.position,
		x.parent_id, x.position)
	  from (select * from tracetrack.bag where role = 'child') c
	  full join tracetrack.replayed_children() x on x.child_id = c.id
	 where c.id is null or x.child_id is null
	    or c.parent_id is distinct from x.parent_id
	    or c.position is distinct from x.position
	    or c.event_id <> x.event_id
	    or c.grams_measured is distinct from x.grams
	union all
	select '4 the ledger gives the parents', format('%s: bag %s, ledger %s',
		coalesce(p.code, x.parent_id::text), p.state, x.state)
	  from (select * from tracetrack.bag where role = 'parent') p
	  full join tracetrack.replayed_parents() x on x.parent_id = p.id
	 where p.id is null or x.parent_id is null or p.state is distinct from x.state
	union all
	select '4 an event is undone once', format('event %s', e.undoes)
	  from tracetrack.event e where e.outcome = 'undone'
	 group by e.undoes having count(*) > 1
	union all
	select '4 refusals of offline scans are exceptions', format('event %s', e.id)
	  from tracetrack.event e left join tracetrack.exception x on x.event = e.id
	 where (e.offline and tracetrack.outcome_class(e.outcome) = 'refused')
	    <> (x.event is not null)
$$;

-- Rule 4: every request that is not a scan has its answer.
create or replace function tracetrack.violation_operations()
returns table (rule text, detail text)
language sql stable as $$
	select '4 every request has its answer', format('%s %s', o.name, o.request)
	  from tracetrack.operation o where o.answer ->> 'outcome' is null
$$;

-- Rule 5: every counter is the count that it stands for.
create or replace function tracetrack.violation_counters() returns table (rule text, detail text)
language sql stable as $$
	with counted as (
		select count(*) as scans,
		       count(*) filter (where tracetrack.outcome_class(outcome) = 'done') as done,
		       count(*) filter (where tracetrack.outcome_class(outcome) = 'again') as again,
		       count(*) filter (where tracetrack.outcome_class(outcome) = 'refused')
			as refused,
		       count(*) filter (where outcome in ('linked', 'completed')) as linked,
		       count(*) filter (where outcome = 'undone') as undone,
		       count(*) filter (where outcome = 'relinked') as relinked,
		       count(*) filter (where outcome = 'removed') as removed
		  from tracetrack.event
	), stands as (
		select count(*) filter (where state = 'open') as parents_open,
		       count(*) filter (where state = 'complete') as parents_complete,
		       count(*) filter (where state = 'short') as parents_short,
		       count(*) filter (where state = 'linked') as children_linked
		  from tracetrack.bag
	)
	select '5 counters are what they count', format('%s: %s kept, %s counted', k.key, k.value,
		c.value)
	  from tracetrack.tally_sums() t, counted, stands,
	       jsonb_each_text(to_jsonb(t)) k,
	       jsonb_each_text(to_jsonb(counted) || to_jsonb(stands)) c
	 where c.key = k.key and c.value <> k.value
$$;

-- Rule 8: nothing of a disabled person works. A call that began before the disabling
-- was committed may end after it; the station's role gives it 5 s.
create or replace function tracetrack.violation_people() returns table (rule text, detail text)
language sql stable as $$
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
	select '8 a disabled person does nothing', format('%s: event %s', p.login, e.id)
	  from tracetrack.person p
	  join tracetrack.event e on e.person_id = p.id
	   and e.at > p.disabled_at + interval '5 seconds'
	 where p.state = 'disabled' and tracetrack.outcome_class(e.outcome) <> 'refused'
	union all
	select '8 a disabled person does nothing', format('%s: %s %s', p.login, o.name, o.request)
	  from tracetrack.person p
	  join tracetrack.operation o on o.person_id = p.id
	   and o.at > p.disabled_at + interval '5 seconds'
	 where p.state = 'disabled'
$$;

create or replace function tracetrack.violation() returns table (rule text, detail text)
language sql stable as $$
	select * from tracetrack.violation_bags()
	union all select * from tracetrack.violation_ledger()
	union all select * from tracetrack.violation_operations()
	union all select * from tracetrack.violation_counters()
	union all select * from tracetrack.violation_audit()
	union all select * from tracetrack.violation_seals()
	union all select * from tracetrack.violation_activity()
	union all select * from tracetrack.violation_people()
	union all select * from tracetrack.violation_bills()
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
