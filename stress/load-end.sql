-- When all tables are filled: what is counted of them, and what comes next.

update tracetrack.tally t
   set scans = t.scans + x.scans, again = t.again + x.scans
  from (select coalesce(sum(children), 0) * :rescans as scans from tracetrack_load.parent) x
 where t.slot = 1;

update tracetrack.tally t
   set scans = t.scans + x.scans, done = t.done + x.scans, linked = t.linked + x.linked,
       children_linked = t.children_linked + x.linked,
       parents_open = t.parents_open + x.open, parents_complete = t.parents_complete + x.complete,
       parents_short = t.parents_short + x.short
  from (select coalesce(sum(events), 0) as scans, coalesce(sum(children), 0) as linked,
		count(*) filter (where state = 'open') as open,
		count(*) filter (where state = 'complete') as complete,
		count(*) filter (where state = 'short') as short
	  from tracetrack_load.parent) x
 where t.slot = 0;

update tracetrack.tally t
   set scans = t.scans + x.scans, done = t.done + x.scans
  from (select coalesce(sum(events), 0) as scans from tracetrack_load.bill) x
 where t.slot = 0;

select setval(pg_get_serial_sequence('tracetrack.bag', 'id'), greatest(1, max(id)))
  from tracetrack.bag;
select setval(pg_get_serial_sequence('tracetrack.bill', 'id'), max(id))
  from tracetrack.bill having count(*) > 0;
select setval('tracetrack.event_number', greatest(
	(select last_value from tracetrack.event_number), (select max(number) from tracetrack.event)));

-- People that are disabled have done nothing since.
update tracetrack.person set disabled_at = clock_timestamp() where login like 'load.%';

drop schema tracetrack_load cascade;
