-- The ledger's partitions: each migration makes this month's and the next twelve.

-- Makes the partitions of the months from p_from to p_to that are missing,
-- and takes over what the default partition holds for them. Returns how many
-- were made. Run by the owner; locks the ledger for a moment.
create or replace function tracetrack.event_partitions(p_from date, p_to date) returns integer
language plpgsql
set timezone = 'UTC'
as $$
declare
	v_month date := date_trunc('month', p_from)::date;
	v_name text;
	v_made integer := 0;
	v_strays boolean;
begin
	while v_month <= p_to loop
		v_name := 'event_' || to_char(v_month, 'YYYYMM');
		if to_regclass('tracetrack.' || v_name) is null then
			execute format('create table tracetrack.%I (like tracetrack.event
				including defaults including constraints)', v_name);
			select exists (select from tracetrack.event_default
			 where at >= v_month and at < v_month + interval '1 month') into v_strays;
			if v_strays then
				execute format('insert into tracetrack.%I
					select * from tracetrack.event_default
					where at >= %L and at < %L', v_name, v_month,
					v_month + interval '1 month');
				alter table tracetrack.event_default disable trigger user;
				delete from tracetrack.event_default
				 where at >= v_month and at < v_month + interval '1 month';
				alter table tracetrack.event_default enable trigger user;
			end if;
			execute format('alter table tracetrack.event attach partition tracetrack.%I
				for values from (%L) to (%L)', v_name, v_month,
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

do $$
begin
	perform tracetrack.event_partitions(current_date,
		(current_date + interval '12 months')::date);
end
$$;
