-- Prints the tables of a database as mdoc, for the generated parts of the manual
-- (contrib/docs), out of its catalog and its comments (sql/comments.sql):
--
--	psql -X -At -v part=tables | views | rights -f contrib/manual-schema.sql DSN
\set ON_ERROR_STOP on
set client_min_messages = warning;
-- names of our own stand without their schema
set search_path = tracetrack, pg_catalog;

-- A text behind the start of a line, each sentence on a line of its own.
create function pg_temp.mdoc(p_text text) returns text language sql immutable as $$
	select '\&' || regexp_replace(replace(replace(replace(p_text, '\', '\e'), '"', '\(dq'),
		'-', '\-'), '\. (?=[A-Z])', E'.\n\\\\&', 'g')
$$;

-- The same, as a sentence.
create function pg_temp.sentence(p_text text) returns text language sql immutable as $$
	select pg_temp.mdoc(upper(left(p_text, 1)) || rtrim(substr(p_text, 2), '.') || '.')
$$;

create function pg_temp.pair(p_name text, p_text text) returns text language sql immutable as $$
	select format(E'.It Li %s\n%s', p_name, pg_temp.mdoc(p_text))
$$;

create function pg_temp.list(p_items text, p_width text default 'Ds')
returns text language sql immutable as $$
	select E'.Bl -tag -width ' || p_width || E' -compact\n' || p_items || E'\n.El'
$$;

-- Each column: name, type, whether it may be null, what it is when not given, meaning.
create function pg_temp.columns(p_table oid) returns text language sql stable as $$
	select pg_temp.list(string_agg(format(E'.It Li %s No (%s)\n%s', a.attname,
		pg_temp.mdoc(format_type(a.atttypid, a.atttypmod)
			|| case when a.attnotnull then ', not null' else '' end
			|| case when a.attidentity <> '' then ', numbered by itself' else '' end
			|| coalesce(', default ' || pg_get_expr(d.adbin, d.adrelid, true), '')),
		pg_temp.sentence(col_description(p_table, a.attnum))), E'\n' order by a.attnum))
	  from pg_attribute a
	  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
	 where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped
$$;

-- Keys and rules by name, as errors tell them: constraints, then unique indexes that
-- are none.
create function pg_temp.rules(p_table oid) returns text language sql stable as $$
	select E'\n.Pp\nConstraints:\n' || pg_temp.list(string_agg(pg_temp.pair(r.name, r.def), E'\n'
		order by r.rank, r.name))
	  from (select c.conname as name, pg_get_constraintdef(c.oid, true) as def,
		       position(c.contype::text in 'pufcx') as rank
		  from pg_constraint c where c.conrelid = p_table
		union all
		select x.relname, regexp_replace(pg_get_indexdef(i.indexrelid, 0, true),
			'^.* USING btree ', 'UNIQUE '), 9
		  from pg_index i join pg_class x on x.oid = i.indexrelid
		 where i.indrelid = p_table and i.indisunique
		   and not exists (select from pg_constraint c where c.conindid = i.indexrelid
			and c.conrelid = p_table)) r
$$;

create function pg_temp.partitions(p_table oid) returns text language sql stable as $$
	select format(E'\n.Pp\nPartitioned by %s into\n.Li %s .', lower(pg_get_partkeydef(p_table)),
		string_agg(p.name, E'\nand\n.Li ' order by p.name))
	  from (select distinct regexp_replace(c.relname, '[0-9]{6}$', 'YYYYMM') as name
		  from pg_inherits i join pg_class c on c.oid = i.inhrelid
		 where i.inhparent = p_table) p
$$;

select :'part' = 'tables' as is_tables, :'part' = 'views' as is_views,
       :'part' = 'rights' as is_rights \gset

\if :is_tables
select format('.Ss %s', c.relname) || E'\n' || pg_temp.sentence(obj_description(c.oid, 'pg_class'))
	|| E'\n' || pg_temp.columns(c.oid) || coalesce(pg_temp.rules(c.oid), '')
	|| case c.relkind when 'p' then pg_temp.partitions(c.oid) else '' end
  from pg_class c
 where c.relnamespace = 'tracetrack'::regnamespace and c.relkind in ('r', 'p')
   and not c.relispartition
 order by c.relname collate "C";
\elif :is_views
select coalesce(string_agg(format('.Ss %s', c.relname) || E'\n'
		|| pg_temp.sentence(obj_description(c.oid, 'pg_class')) || E'\n'
		|| pg_temp.columns(c.oid), E'\n' order by c.relname collate "C"), 'There are none.')
  from pg_class c
 where c.relnamespace in ('tracetrack'::regnamespace, 'api'::regnamespace)
   and c.relkind in ('v', 'm');
\elif :is_rights
select pg_temp.list(string_agg(pg_temp.pair(r.right_name, r.roles), E'\n'
		order by r.right_name collate "C"), 'notification.list')
  from (select right_name, string_agg(role, ', ' order by role) as roles
	  from tracetrack.role_right group by right_name) r;
\else
do $$ begin raise 'there is no such part'; end $$;
\endif
