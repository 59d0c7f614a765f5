-- What the manual tells of the tables stands in the database: none without a comment.
begin;
\ir prelude.psql
select plan(2);

create view pg_temp.uncommented as
select format('%s.%s', c.relname, a.attname) as what
  from pg_class c
  left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relnamespace in ('tracetrack'::regnamespace, 'api'::regnamespace)
   and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
   and (obj_description(c.oid, 'pg_class') is null
	or a.attname is not null and col_description(c.oid, a.attnum) is null);
select is_empty('table pg_temp.uncommented', 'every table and column has a comment');

create table tracetrack.bare (one integer, two integer);
comment on table tracetrack.bare is 'Bare.';
comment on column tracetrack.bare.one is 'one';
create view api.bare as select 1 as one;
select bag_eq('table pg_temp.uncommented', $$ values ('bare.two'), ('bare.one') $$,
	'what has none is found');
select * from finish();
rollback;
