-- Partitions of the ledger and of the audit: each migration makes this month's and
-- the next twelve.

-- Makes the partitions of tracetrack.p_table of the months from p_from to p_to that
-- are missing, and takes over what the default partition holds for them. Returns
-- how many were made. Run by the owner; locks the table for a moment.
create or replace function tracetrack.month_partitions(p_table text, p_from date, p_to date)
returns integer
language plpgsql
set timezone = 'UTC'
as $$
declare
	v_month date := date_trunc('month', p_from)::date;
	v_name text;
	v_default text := p_table || '_default';
	v_made integer := 0;
	v_strays boolean;
begin
	while v_month <= p_to loop
		v_name := p_table || '_' || to_char(v_month, 'YYYYMM');
		if to_regclass('tracetrack.' || v_name) is null then
			execute format('create table tracetrack.%I (like tracetrack.%I
				including defaults including constraints)', v_name, p_table);
			execute format('select exists (select from tracetrack.%I
				where at >= %L and at < %L)', v_default, v_month,
				v_month + interval '1 month') into v_strays;
			if v_strays then
				execute format('insert into tracetrack.%I
					select * from tracetrack.%I
					where at >= %L and at < %L', v_name, v_default, v_month,
					v_month + interval '1 month');
				execute format('alter table tracetrack.%I disable trigger user',
					v_default);
				execute format('delete from tracetrack.%I
					where at >= %L and at < %L', v_default, v_month,
					v_month + interval '1 month');
				execute format('alter table tracetrack.%I enable trigger user',
					v_default);
			end if;
			execute format('alter table tracetrack.%I attach partition tracetrack.%I
				for values from (%L) to (%L)', p_table, v_name, v_month,
				v_month + interval '1 month');
			execute format('create trigger %I before truncate on tracetrack.%I
				for each statement execute function tracetrack.refuse_change()',
				v_name || '_kept', v_name);
			v_made := v_made + 1;
		end if;
		v_month := (v_month + interval '1 month')::date;
	end loop;
	return v_made;
end
$$;

create or replace function tracetrack.event_partitions(p_from date, p_to date) returns integer
language sql as $$
	select tracetrack.month_partitions('event', p_from, p_to)
$$;

do $$
begin
	perform tracetrack.month_partitions(x, current_date,
		(current_date + interval '12 months')::date)
	   from unnest(array['event', 'audit']) x;
end
$$;
