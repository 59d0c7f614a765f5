-- What must always hold of bills and returns; part of tracetrack.violation().

-- Told in pieces as sql/invariants.sql says: (p_from, p_to) are numbers of bags for what is
-- told of bags, and of bills and tickets for what is told of those.

-- On which bill the ledger leaves these parents, since which event.
create or replace function tracetrack.replayed_billed(p_from bigint, p_to bigint)
returns table (parent_id bigint, bill_id bigint, event_id uuid)
language sql stable parallel safe as $$
	select distinct on (e.parent_id) e.parent_id,
	       case when e.outcome = 'bill_added' then e.bill_id end, e.id
	  from tracetrack.event e
	 where e.bill_id is not null and e.parent_id between p_from and p_to
	   and e.outcome in ('bill_added', 'bill_removed')
	 order by e.parent_id, e.number desc
$$;

-- What a scale says of those of these parents that the ledger leaves weighed: taking a
-- child out or opening it again makes that void.
create or replace function tracetrack.replayed_weights(p_from bigint, p_to bigint)
returns table (parent_id bigint, grams bigint)
language sql stable parallel safe as $$
	with said as (
		select e.parent_id, e.number, e.grams from tracetrack.event e
		 where e.parent_id between p_from and p_to
		   and e.action = 'weigh' and e.outcome = 'ok' and e.child_id is null
		union all
		select e.from_parent_id, e.number, null from tracetrack.event e
		 where e.from_parent_id between p_from and p_to
		   and e.outcome in ('relinked', 'removed', 'undone')
		union all
		select e.parent_id, e.number, null from tracetrack.event e
		 where e.parent_id between p_from and p_to and e.outcome = 'undone'
	)
	select distinct on (s.parent_id) s.parent_id, s.grams
	  from said s order by s.parent_id, s.number desc
$$;

-- Rules 2, 3, 4 and 6, of the bills and tickets with these numbers: they agree with their
-- bags and with the ledger, and completed ones stay as they were, but for what a return
-- takes off.
create or replace function tracetrack.violation_bills(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '2 bills agree with their bags',
	       format('%s: %s of %s parents, %s children, %s g, %s g; bags say %s, %s, %s, %s',
		t.number, t.linked, t.capacity, t.children, t.grams_expected, t.grams_actual,
		coalesce(x.linked, 0), coalesce(x.children, 0), coalesce(x.expected, 0),
		coalesce(x.actual, 0))
	  from tracetrack.bill t
	  left join (
		select bill_id, count(*) as linked, sum(child_count) as children,
		       sum(grams_expected) as expected,
		       sum(coalesce(grams_measured, grams_expected)) as actual
		  from tracetrack.bag where bill_id between p_from and p_to group by bill_id) x
	    on x.bill_id = t.id
	 where t.id between p_from and p_to
	   and (t.linked <> coalesce(x.linked, 0) or t.children <> coalesce(x.children, 0)
		or t.grams_expected <> coalesce(x.expected, 0)
		or t.grams_actual <> coalesce(x.actual, 0) or t.linked > t.capacity)
	union all
	select '2 tickets agree with their bags', format('%s: %s bags, %s g', t.number, t.bags,
		t.grams)
	  from tracetrack.return_ticket t
	  left join (
		select ticket_id, count(*) as bags, sum(grams) as grams,
		       bool_or(is_open) as any_open, bool_and(is_open) as all_open
		  from tracetrack.return_bag where ticket_id between p_from and p_to
		 group by ticket_id) x on x.ticket_id = t.id
	 where t.id between p_from and p_to
	   and (t.bags <> coalesce(x.bags, 0) or t.grams <> coalesce(x.grams, 0)
		or (t.state = 'open' and not x.all_open)
		or (t.state <> 'open' and x.any_open))
	union all
	select '3 bill numbers are nothing else', t.number
	  from tracetrack.bill t
	 where t.id between p_from and p_to
	   and (not exists (select from tracetrack.family f
		where f.role = 'bill' and t.number ~ f.pattern)
		or exists (select from tracetrack.bag b where b.code = t.number))
	union all
	select '4 the ledger gives the bills', format('%s: %s of %s, ledger %s of %s', t.number,
		t.state, t.capacity, x.state, x.capacity)
	  from tracetrack.bill t
	  left join (
		select distinct on (e.bill_id) e.bill_id, e.state, e.capacity
		  from tracetrack.event e
		 where e.bill_id between p_from and p_to
		   and tracetrack.outcome_class(e.outcome) = 'done'
		 order by e.bill_id, e.number desc) x on x.bill_id = t.id
	 where t.id between p_from and p_to
	   and (t.state is distinct from x.state or t.capacity is distinct from x.capacity)
	union all
	select '6 completed bills are as they were completed', t.number
	  from tracetrack.bill t
	  left join tracetrack.event c on c.bill_id = t.id and c.at = t.completed_at
	   and c.id = t.completed_event and c.outcome = 'bill_completed'
	   and c.person_id = t.completed_by
	  left join lateral (
		select e.* from tracetrack.event e
		 where e.bill_id = t.id and e.number >= c.number
		   and (e.action = 'bill_off' or e.id = t.completed_event)
		 order by e.number desc limit 1) x on true
	 where t.id between p_from and p_to and t.state = 'completed'
	   and (c.id is null or t.linked is distinct from x.children
		or t.children is distinct from x.bill_children
		or t.grams_expected is distinct from x.bill_expected
		or t.grams_actual is distinct from x.total)
$$;

-- Rules 2, 4 and 6, of the bags with these numbers: the ledger gives on which bill they are
-- and what scales say of them, and closed ones tell who closed them.
create or replace function tracetrack.violation_billed(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '2 parents are on bills that take them', b.code
	  from tracetrack.bag b
	  left join tracetrack.bill t on t.id = b.bill_id
	  left join tracetrack.person p on p.id = b.bill_by
	  left join tracetrack.station s on s.id = b.bill_station
	 where b.id between p_from and p_to and b.bill_id is not null
	   and (t.id is null or t.state = 'cancelled' or p.id is null or s.id is null)
	union all
	select '4 the ledger gives what is on bills', format('%s: bag %s, ledger %s',
		coalesce(b.code, x.parent_id::text), b.bill_id, x.bill_id)
	  from (select * from tracetrack.bag
		where id between p_from and p_to and bill_id is not null) b
	  full join (select * from tracetrack.replayed_billed(p_from, p_to) r
		where r.bill_id is not null) x
	    on x.parent_id = b.id
	 where b.bill_id is distinct from x.bill_id or b.bill_event is distinct from x.event_id
	union all
	select '4 the ledger gives the weights', format('%s: bag %s g, ledger %s g',
		coalesce(b.code, x.parent_id::text), b.grams_measured, x.grams)
	  from (select * from tracetrack.bag
		where id between p_from and p_to and role = 'parent'
		  and grams_measured is not null) b
	  full join (select * from tracetrack.replayed_weights(p_from, p_to) r
		where r.grams is not null) x
	    on x.parent_id = b.id
	 where b.grams_measured is distinct from x.grams
	union all
	select '6 closed parents have a closer', b.code
	  from tracetrack.bag b
	  left join tracetrack.person p on p.id = b.closed_by
	  left join tracetrack.request r on r.event = b.closed_event and r.at = b.closed_at
	 where b.id between p_from and p_to and b.state in ('complete', 'short')
	   and (p.id is null or r.event is null)
$$;
