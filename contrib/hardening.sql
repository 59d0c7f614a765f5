-- What PostgreSQL lets every role do by itself and a station has no use for: keep large
-- objects, hold advisory locks, end the sessions of others of its role, write into the
-- log, run blocks of PL/pgSQL. Only a superuser can take that away, in each database anew:
--
--	psql -U postgres -d tracetrack -f contrib/hardening.sql
--
-- Any number of times. The database's owner keeps it: migrations take an advisory lock.

do $$
declare
	v_function regprocedure;
	v_owner regrole := (select datdba from pg_database where datname = current_database());
begin
	for v_function in
		select p.oid from pg_proc p
		 where p.pronamespace = 'pg_catalog'::regnamespace
		   and p.proname ~ ('^(lo_|lo(read|write)$|pg_(try_)?advisory_'
			|| '|pg_(cancel|terminate)_backend$|pg_logical_emit_message$)')
	loop
		execute format('revoke execute on function %s from public', v_function);
		execute format('grant execute on function %s to %s', v_function, v_owner);
	end loop;
	revoke usage on language plpgsql from public;
	execute format('grant usage on language plpgsql to %s', v_owner);
end
$$;
