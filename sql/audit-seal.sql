-- Seals: whether ledger and audit are still what they were.
--
-- Nothing is hashed while people work: a chain in the path of writing would make
-- every scanner wait for every other. Instead a sealer (tracetrackctl audit seal,
-- every minute) hashes what was committed since the last seal.
--
-- A seal may cover only numbers below which nothing can appear any more, though a
-- transaction may commit long after it drew its number. Numbers are drawn by
-- transactions that have an id. So the sealer reads how far the sequence is, then
-- looks up which transactions with an id are in progress, and when the last of
-- these has ended, whatever was drawn up to there is visible or will never be.
-- That needs sequences without a cache, and read committed.

-- Moves the safe number of a source. Waits for writers at most p_wait; if some are
-- still at work then they are remembered for the next time. Returns the safe number.
create or replace function tracetrack.seal_safe(p_source text, p_wait interval) returns bigint
language plpgsql as $$
declare
	m tracetrack.seal_mark;
	v_until timestamptz := clock_timestamp() + p_wait;
	v_last bigint;
begin
	if current_setting('transaction_isolation') <> 'read committed' then
		raise exception 'seals are made in read committed transactions'
			using errcode = 'invalid_transaction_state';
	end if;
	select * into m from tracetrack.seal_mark where source = p_source for update;
	if m.writers is not null and tracetrack.seal_writers(m.writers) = '{}' then
		m.safe := m.mark;
		m.writers := null;
	end if;
	if m.writers is null then
		if p_source = 'ledger' then
			select last_value - (not is_called)::integer into v_last
			  from tracetrack.event_number;
		else
			select last_value - (not is_called)::integer into v_last
			  from tracetrack.audit_number;
		end if;
		m.mark := v_last;
		m.writers := tracetrack.seal_writers(null);
	end if;
	while m.writers <> '{}' and clock_timestamp() < v_until loop
		perform pg_sleep(0.005);
		m.writers := tracetrack.seal_writers(m.writers);
	end loop;
	if m.writers = '{}' then
		m.safe := m.mark;
		m.writers := null;
	end if;
	update tracetrack.seal_mark set safe = m.safe, mark = m.mark, writers = m.writers
	 where source = p_source;
	return m.safe;
end
$$;

-- The other transactions in progress that have an id; those of p_these, or all if
-- that is null. Prepared ones count.
create or replace function tracetrack.seal_writers(p_these bigint[]) returns bigint[]
language sql volatile as $$
	select coalesce(array_agg(x.id), '{}')
	  from (select l.transactionid::text::bigint as id from pg_catalog.pg_locks l
		 where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted
		   and l.pid is distinct from pg_backend_pid()) x
	 where p_these is null or x.id = any (p_these)
$$;

-- The rows of a source with numbers from p_first to p_last (by event_by_number and the
-- key of the audit), each with the hash of
-- what it says. Null columns say nothing, so that a new one changes no old hash.
create or replace function tracetrack.seal_rows(p_source text, p_first bigint, p_last bigint)
returns table (number bigint, hash bytea)
language plpgsql stable
set timezone = 'UTC'
as $$
begin
	if p_source = 'ledger' then
		return query select e.number,
			sha256(convert_to(jsonb_strip_nulls(to_jsonb(e))::text, 'UTF8'))
		  from tracetrack.event e where e.number between p_first and p_last;
	else
		return query select a.number,
			sha256(convert_to(jsonb_strip_nulls(to_jsonb(a))::text, 'UTF8'))
		  from tracetrack.audit a where a.number between p_first and p_last;
	end if;
end
$$;

-- What a seal says of those rows.
create or replace function tracetrack.seal_sum(p_source text, p_first bigint, p_last bigint,
	out rows integer, out rows_hash bytea, out digests bytea)
language sql stable as $$
	select count(*)::integer, sha256(coalesce(string_agg(r.hash, '' order by r.number, r.hash), '')),
	       coalesce(string_agg(int8send(r.number) || substr(r.hash, 1, 8), ''
		order by r.number, r.hash), '')
	  from tracetrack.seal_rows(p_source, p_first, p_last) r
$$;

create or replace function tracetrack.seal_hash(s tracetrack.seal) returns bytea
language sql immutable as $$
	select sha256(s.previous || convert_to(format('%s %s %s %s %s %s', s.number,
		to_char(s.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), s.source, s.first,
		s.last, s.rows), 'UTF8') || s.rows_hash || sha256(s.digests))
$$;

-- Seals at most p_seals times up to 5000 numbers, audit first. Returns how many
-- seals and rows that were, and whether there is more to seal at once. Locks the
-- marks: a second sealer waits for the first.
create or replace function tracetrack.seal_run(p_seals integer, out seals integer,
	out rows bigint, out more boolean)
language plpgsql as $$
declare
	v_source text;
	v_safe bigint;
	s tracetrack.seal;
begin
	perform from tracetrack.seal_mark order by source for update;
	seals := 0;
	rows := 0;
	more := false;
	foreach v_source in array array['audit', 'ledger'] loop
		v_safe := tracetrack.seal_safe(v_source, '200 milliseconds');
		loop
			select coalesce(max(x.last), 0) + 1 into s.first from (
				select last from tracetrack.seal where source = v_source
				 order by number desc limit 1) x;
			exit when s.first > v_safe;
			if seals >= p_seals then
				more := true;
				return;
			end if;
			s := tracetrack.seal_next(v_source, s.first, v_safe);
			seals := seals + 1;
			rows := rows + s.rows;
		end loop;
	end loop;
end
$$;

-- Seals up to 5000 numbers from p_first on, none above p_safe.
create or replace function tracetrack.seal_next(p_source text, p_first bigint, p_safe bigint)
returns tracetrack.seal
language plpgsql as $$
declare
	s tracetrack.seal;
begin
	select x.number, x.hash into s.number, s.previous
	  from tracetrack.seal x order by x.number desc limit 1;
	s.number := coalesce(s.number, 0) + 1;
	s.previous := coalesce(s.previous, decode(repeat('00', 32), 'hex'));
	s.at := clock_timestamp();
	s.source := p_source;
	s.first := p_first;
	s.last := least(p_first + 4999, p_safe);
	select * into s.rows, s.rows_hash, s.digests
	  from tracetrack.seal_sum(p_source, s.first, s.last);
	s.hash := tracetrack.seal_hash(s);
	insert into tracetrack.seal select (s).*;
	return s;
end
$$;

-- What is wrong with a seal or with the rows that it covers; null if nothing is.
create or replace function tracetrack.seal_finding(s tracetrack.seal) returns text
language plpgsql stable as $$
declare
	v_before tracetrack.seal;
	v_last bigint;
	v record;
begin
	select * into v_before from tracetrack.seal x
	 where x.number < s.number order by x.number desc limit 1;
	select x.last into v_last from tracetrack.seal x
	 where x.number < s.number and x.source = s.source order by x.number desc limit 1;
	if coalesce(v_before.number, 0) <> s.number - 1 then
		return format('seal %s is missing', coalesce(v_before.number, 0) + 1);
	elsif coalesce(v_before.hash, decode(repeat('00', 32), 'hex')) <> s.previous then
		return format('seal %s does not follow from seal %s', s.number, s.number - 1);
	elsif coalesce(v_last, 0) <> s.first - 1 then
		return format('seal %s leaves out %s %s to %s', s.number, s.source,
			coalesce(v_last, 0) + 1, s.first - 1);
	elsif tracetrack.seal_hash(s) <> s.hash then
		return format('seal %s was changed', s.number);
	end if;
	select * into v from tracetrack.seal_sum(s.source,
		case when v_last is null then -9223372036854775808 else s.first end, s.last);
	if v.rows = s.rows and v.rows_hash = s.rows_hash then
		return null;
	end if;
	return format('seal %s: %s', s.number, tracetrack.seal_bad_row(s, v.digests));
end
$$;

-- The first row that is not as it was sealed.
create or replace function tracetrack.seal_bad_row(s tracetrack.seal, p_digests bytea)
returns text
language sql stable as $$
	with sealed as (
		select ('x' || encode(substr(s.digests, i * 16 + 1, 8), 'hex'))::bit(64)::bigint as number,
		       substr(s.digests, i * 16 + 9, 8) as digest
		  from generate_series(0, octet_length(s.digests) / 16 - 1) i
	), found as (
		select ('x' || encode(substr(p_digests, i * 16 + 1, 8), 'hex'))::bit(64)::bigint as number,
		       substr(p_digests, i * 16 + 9, 8) as digest
		  from generate_series(0, octet_length(p_digests) / 16 - 1) i
	)
	select coalesce((
		select format('row %s of the %s %s', coalesce(x.number, y.number), s.source, case
			when y.number is null then 'is gone'
			when x.number is null then 'was added'
			else 'was changed' end)
		  from sealed x full join found y on y.number = x.number
		 where x.digest is distinct from y.digest
		 order by coalesce(x.number, y.number) limit 1),
		format('a row of the %s from %s to %s was changed', s.source, s.first, s.last))
$$;

-- Examines at most p_seals seals after p_after, up to the first bad one. finding is
-- null if all is well; verified is the last seal that is well. A piece needs the memory
-- of one seal.
create or replace function tracetrack.seal_verify(p_after bigint, p_seals integer,
	out verified bigint, out seals integer, out rows bigint, out finding text, out more boolean)
language plpgsql stable as $$
declare
	s tracetrack.seal;
begin
	verified := coalesce(p_after, 0);
	seals := 0;
	rows := 0;
	loop
		select * into s from tracetrack.seal x where x.number > verified
		 order by x.number limit 1;
		more := found and seals < p_seals;
		exit when not more;
		finding := tracetrack.seal_finding(s);
		exit when finding is not null;
		verified := s.number;
		seals := seals + 1;
		rows := rows + s.rows;
	end loop;
	more := finding is null and s.number is not null;
end
$$;

-- Rule 7: the seals with these numbers hold, and reach as far as they were made.
create or replace function tracetrack.violation_seals(p_from bigint, p_to bigint)
returns table (rule text, detail text)
language sql stable parallel safe as $$
	select '7 the seals hold', v.finding
	  from tracetrack.seal_verify(greatest(p_from, 1) - 1,
		least(p_to - greatest(p_from, 1), 2147483646)::integer + 1) v
	 where v.finding is not null
$$;
