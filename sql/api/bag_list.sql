-- Bags in lists, and searched for.

-- The gate of lists that show an area's things: raises as session_need does.
-- Returns the area that the person is held to, null for somebody who sees all.
create or replace function tracetrack.reading_area(p_token text, p_right text) returns smallint
language plpgsql as $$
declare
	v record;
begin
	v := tracetrack.session_use(p_token, p_right);
	if v.outcome <> 'ok' then
		perform tracetrack.session_must(v.outcome);
	end if;
	return v.held;
end
$$;

-- The area that a person is held to; null for none.
create or replace function tracetrack.person_area(p_person integer) returns smallint
language plpgsql stable as $$
begin
	return (select case when 'scan.any_area' = any (r.rights) then null
			else coalesce(p.area_id, 0::smallint) end
		  from tracetrack.person p join tracetrack.role r on r.name = p.role
		 where p.id = p_person);
end
$$;

-- What a person typed as a filter names nothing: raises 22023.
create or replace function tracetrack.refuse_filter(p_message text, p_hint text) returns void
language plpgsql as $$
begin
	raise invalid_parameter_value using message = p_message || '. ' || p_hint;
end
$$;

-- The areas that a list covers, null for all: the one asked for, if this person may
-- see it. p_held is what reading_area gave.
create or replace function tracetrack.filter_areas(p_held smallint, p_area text)
returns smallint[]
language plpgsql stable as $$
declare
	v_areas smallint[];
begin
	if p_held is null and p_area is null then
		return null;
	end if;
	select array_agg(a.id) into v_areas from tracetrack.area a
	 where (p_held is null or a.id = p_held) and (p_area is null or a.code = lower(p_area));
	if v_areas is null and exists (
		select from tracetrack.area a where a.code = lower(p_area)) then
		raise insufficient_privilege using message = 'not_permitted',
			hint = 'That is another area; ask for your own.';
	elsif v_areas is null then
		perform tracetrack.refuse_filter(format('there is no area %s', p_area),
			'See area list.');
	end if;
	return v_areas;
end
$$;

-- The person of that login, null for null.
create or replace function tracetrack.filter_person(p_login text) returns integer
language plpgsql stable as $$
declare
	v_person integer;
begin
	select p.id into v_person from tracetrack.person p
	 where p.login = tracetrack.login_clean(p_login);
	if v_person is null and p_login is not null then
		perform tracetrack.refuse_filter(format('there is nobody called %s', p_login),
			'Give a login name.');
	end if;
	return v_person;
end
$$;

-- What a list covers of the families: those of that name, null for all, and of that
-- role, null for both. A state implies a role.
create or replace function tracetrack.filter_families(p_role text, p_family text,
	p_states text[], out families smallint[], out role text)
language plpgsql stable as $$
#variable_conflict use_column
declare
	v_role text := case when p_states <@ '{unused,open,complete,short}' then 'parent'
		when p_states <@ '{linked,unlinked}' then 'child' end;
begin
	if p_role not in ('parent', 'child') then
		perform tracetrack.refuse_filter(format('a bag is no %s', p_role),
			'The role is parent or child.');
	elsif p_family is not null and not exists (select from tracetrack.family f
		where f.name = lower(p_family) and f.role in ('parent', 'child')) then
		perform tracetrack.refuse_filter(format('there is no family %s of bags', p_family),
			'See family list.');
	end if;
	role := coalesce(p_role, v_role);
	if p_family is not null or p_role <> v_role then
		select coalesce(array_agg(f.id), '{}'), coalesce(min(f.role), p_role, v_role)
		  into families, role from tracetrack.family f
		 where f.name = coalesce(lower(p_family), f.name)
		   and f.role = coalesce(p_role, f.role) and f.role = coalesce(v_role, f.role);
	end if;
end
$$;

-- The states that a list covers, null for all. Of what is not linked there is
-- little: children in no parent, parents that wait for their first child.
create or replace function tracetrack.filter_states(p_state text, p_linked boolean)
returns text[]
language plpgsql stable as $$
begin
	if p_state not in ('unused', 'open', 'complete', 'short', 'linked', 'unlinked',
		'cancelled') then
		perform tracetrack.refuse_filter(format('no bag is %s', p_state), 'The state is '
			'unused, open, complete, short, linked, unlinked or cancelled.');
	end if;
	return case
		when not p_linked and p_state is null then '{unused,open,unlinked}'
		when not p_linked and p_state not in ('unused', 'open', 'unlinked') then '{}'
		when p_state is not null then array[p_state] end;
end
$$;

-- The ids of a page of bags as it is asked for most: the newest before a key and before p_to, of all
-- bags, or (some areas and families given) of those on a bill, on none, or all of these. Its
-- statements are planned once for each connection: planning takes longer than reading a page.
create or replace function tracetrack.bag_page_newest(p_areas smallint[], p_families smallint[],
	p_billed boolean, p_from timestamptz, p_to timestamptz, p_since timestamptz, p_id bigint,
	p_limit integer)
returns bigint[]
language plpgsql stable as $$
declare
	v_from timestamptz := coalesce(p_from, '-infinity');
	v_since timestamptz := coalesce(least(p_since, p_to), 'infinity');
	v_id bigint := case when p_since < coalesce(p_to, 'infinity') then p_id else 0 end;
begin
	if p_areas is null then
		return array(select b.id from tracetrack.bag b
			 where (b.since, b.id) < (v_since, v_id) and b.since >= v_from
			 order by b.since desc, b.id desc limit p_limit);
	elsif p_billed then
		return array(select b.id
			  from unnest(p_areas) a (area_id), unnest(p_families) f (family_id), lateral (
				select b.id, b.since from tracetrack.bag b
				 where b.area_id = a.area_id and b.family_id = f.family_id
				   and b.bill_id is not null
				   and (b.since, b.id) < (v_since, v_id) and b.since >= v_from
				 order by b.since desc, b.id desc limit p_limit) b
			 order by b.since desc, b.id desc limit p_limit);
	elsif not p_billed then
		return array(select b.id
			  from unnest(p_areas) a (area_id), unnest(p_families) f (family_id), lateral (
				select b.id, b.since from tracetrack.bag b
				 where b.area_id = a.area_id and b.family_id = f.family_id
				   and b.bill_id is null and b.role = 'parent'
				   and (b.since, b.id) < (v_since, v_id) and b.since >= v_from
				 order by b.since desc, b.id desc limit p_limit) b
			 order by b.since desc, b.id desc limit p_limit);
	end if;
	return array(select b.id
		  from unnest(p_areas) a (area_id), unnest(p_families) f (family_id), lateral (
			select b.id, b.since from tracetrack.bag b
			 where b.area_id = a.area_id and b.family_id = f.family_id
			   and (b.since, b.id) < (v_since, v_id) and b.since >= v_from
			 order by b.since desc, b.id desc limit p_limit) b
		 order by b.since desc, b.id desc limit p_limit);
end
$$;

-- The ids of a page of bags, in the order of the list. p_forward says on which side
-- of the key (p_since and p_id, or p_code) the page lies; without a key it begins
-- at that end. p_areas and p_families are null for all.
--
-- Of some areas or families the newest are taken from each and merged (bag_listed), or from
-- each state that few bags are in (bag_unusual), or of those on no bill (bag_unbilled) or on
-- one (bag_billed), because the bags looked for may be few and old. What bag_page_newest has no
-- statement for is made of fixed parts and planned for the values that it has, so that the
-- planner finds the way: along the order, or through what is rare among the filters.
create or replace function tracetrack.bag_page(p_sort text, p_forward boolean,
	p_areas smallint[], p_families smallint[], p_role text, p_states text[],
	p_person integer, p_linked boolean, p_billed boolean, p_text text,
	p_from timestamptz, p_to timestamptz, p_since timestamptz, p_id bigint, p_code text,
	p_limit integer)
returns bigint[]
language plpgsql stable as $$
declare
	v_few boolean := coalesce(p_states <@ '{unused,open,short,unlinked,cancelled}', false);
	v_some boolean := v_few or p_areas is not null or p_families is not null
		or p_billed is not null;
	-- only parents are on bills
	v_role text := case when p_billed is not null then coalesce(p_role, 'parent') else p_role end;
	v_areas smallint[] := case when v_some then
		coalesce(p_areas, array(select id from tracetrack.area)) end;
	v_families smallint[] := case when v_some then
		coalesce(p_families, array(select id from tracetrack.family
			where role = coalesce(v_role, role) and role in ('parent', 'child'))) end;
	v_where text;
	v_order text;
	v_sql text;
	v_ids bigint[];
begin
	if p_sort = 'newest' and p_forward and (v_some or p_role is null)
	and p_states is null and p_person is null and p_linked is null and p_text is null then
		return tracetrack.bag_page_newest(v_areas, v_families, p_billed, p_from, p_to,
			p_since, p_id, p_limit);
	end if;
	v_where := concat_ws(' and ', 'true',
		case when p_states is not null then 'b.state = any ($3)' end,
		case when p_person is not null then 'b.person_id = $4' end,
		case when p_linked then '(b.parent_id is not null or b.child_count > 0)' end,
		case when not p_linked then 'coalesce(b.child_count, 0) = 0' end,
		case when p_billed then 'b.bill_id is not null' end,
		case when not p_billed then 'b.bill_id is null and b.role = ''parent''' end,
		case when p_text is not null then 'b.code >= $5 and b.code < $5 || e''\x7f''' end,
		case when p_from is not null then 'b.since >= $6' end,
		case when p_to is not null then 'b.since < $7' end,
		case when p_code is not null then
			case when p_forward then 'b.code > $10' else 'b.code < $10' end
		when p_id is not null then case when p_forward then '(b.since, b.id) < ($8, $9)'
			else '(b.since, b.id) > ($8, $9)' end end);
	v_order := case when p_sort = 'code' and p_forward then 'b.code'
		when p_sort = 'code' then 'b.code desc'
		when p_forward then 'b.since desc, b.id desc'
		else 'b.since, b.id' end;
	if p_sort = 'code' or (not v_few and (p_person is not null or p_text is not null
		or (p_areas is null and p_families is null and p_billed is null))) then
		v_sql := format('select array_agg(b.id order by %1$s) from (
			select b.id, b.code, b.since from tracetrack.bag b where %2$s
			 order by %1$s limit $11) b', v_order, concat_ws(' and ', v_where,
			case when p_areas is not null then 'b.area_id = any ($1)' end,
			case when p_families is not null then 'b.family_id = any ($2)' end,
			case p_role when 'parent' then 'b.role = ''parent'''
				when 'child' then 'b.role = ''child''' end));
	else
		v_sql := format('select array_agg(b.id order by %1$s) from (
			select b.id, b.since
			  from unnest($1) a (area_id), unnest($2) f (family_id),
			       unnest(%2$s) s (state), lateral (
				select b.id, b.since from tracetrack.bag b
				 where b.area_id = a.area_id and b.family_id = f.family_id
				   and %3$s and %4$s
				 order by %1$s limit $11) b
			 order by %1$s limit $11) b', v_order,
			case when v_few then '$3' else 'array[null::text]' end,
			case when v_few then 'b.state = s.state
				and b.state not in (''complete'', ''linked'')' else 'true' end,
			v_where);
	end if;
	execute v_sql into v_ids
	  using v_areas, v_families, p_states, p_person, p_text, p_from, p_to, p_since, p_id,
		p_code, p_limit;
	return v_ids;
end
$$;

-- Bags, latest first or by code, at most p_limit (1 to 200) of them after or before a
-- key that an earlier row had. A dispatcher sees the own area. p_linked: children that
-- are in a parent and parents that have children, or those that are not (closed and
-- cancelled parents are neither). p_billed: parents on a bill, or on none. p_text: how the
-- code begins. since is when the bag came to where it is, p_from <= since < p_to. Raises as
-- session_need does, 42501 not_permitted for another area, 22023 for a filter that names
-- nothing. One plan does for every page. (A series has the planner think of many rows, and so
-- read each small table once; of an array it would think of ten. Bills become more: each is
-- looked up, by the bags that are on one.)
create or replace function api.bag_list(p_token text, p_role text default null,
	p_family text default null, p_text text default null, p_from timestamptz default null,
	p_to timestamptz default null, p_area text default null, p_by text default null,
	p_linked boolean default null, p_billed boolean default null,
	p_state text default null, p_sort text default 'newest', p_after text default null,
	p_before text default null, p_limit integer default 50)
returns table (code text, role text, family text, state text, area text, parent text,
	"position" integer, children integer, capacity integer, grams bigint,
	bill text, since timestamptz, by text, station text, closed_at timestamptz,
	closed_by text, key text)
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
	v_held smallint := tracetrack.reading_area(p_token, 'bag.read');
	v_sort text := coalesce(p_sort, 'newest');
	v_key text := coalesce(p_after, p_before);
	v_states text[] := tracetrack.filter_states(p_state, p_linked);
	v_kind record;
	v_ids bigint[];
begin
	if v_sort not in ('newest', 'code') then
		perform tracetrack.refuse_filter(format('bags can''t be sorted by %s', v_sort),
			'They are sorted by newest or by code.');
	elsif v_sort = 'newest' and v_key !~ '^[0-9]{1,17}[.][0-9]{1,18}$' then
		perform tracetrack.refuse_filter(format('%s is no key of this list', v_key),
			'Give the key of an earlier row.');
	elsif p_after is not null and p_before is not null then
		perform tracetrack.refuse_filter('a page is after a key or before one', 'Give one.');
	end if;
	select * into v_kind from tracetrack.filter_families(p_role, p_family, v_states);
	v_ids := tracetrack.bag_page(v_sort, p_before is null,
		tracetrack.filter_areas(v_held, p_area), v_kind.families, v_kind.role, v_states,
		tracetrack.filter_person(p_by), p_linked, p_billed,
		nullif(tracetrack.code_clean(p_text), ''), p_from, p_to,
		case when v_sort = 'newest' then timestamptz 'epoch'
			+ split_part(v_key, '.', 1)::bigint * interval '1 microsecond' end,
		case when v_sort = 'newest' then split_part(v_key, '.', 2)::bigint end,
		case when v_sort = 'code' then tracetrack.code_clean(v_key) end,
		tracetrack.list_limit(p_limit, 50, 200));
	return query
	select b.code::text, b.role::text, f.name::text, b.state::text, a.code::text,
	       p.code::text, b.position::integer, b.child_count::integer, b.capacity::integer,
	       coalesce(b.grams_measured, b.grams_expected),
	       (select l.number::text from tracetrack.bill l where l.id = b.bill_id), b.since,
	       o.login::text, st.name::text, b.closed_at, c.login::text,
	       case v_sort when 'code' then b.code else
		(extract(epoch from b.since) * 1000000)::bigint || '.' || b.id end
	  from generate_series(1, cardinality(v_ids)) i (n)
	  join tracetrack.bag b on b.id = v_ids[i.n]
	  join tracetrack.family f on f.id = b.family_id
	  join tracetrack.area a on a.id = b.area_id
	  join tracetrack.person o on o.id = b.person_id
	  join tracetrack.station st on st.id = b.station_id
	  left join tracetrack.bag p on p.id = b.parent_id
	  left join tracetrack.person c on c.id = b.closed_by
	 order by case when p_before is null then i.n else -i.n end;
end
$$;

-- A text as a part of a pattern of LIKE.
create or replace function tracetrack.like_clean(p_text text) returns text
language sql immutable parallel safe as $$
	select regexp_replace(p_text, E'([\\\\%_])', E'\\\\\\1', 'g')
$$;

-- Bags whose codes have p_text inside and do not begin with it, p_limit of them, by the
-- index of substrings. It must always gather all that match, and is asked for the end of
-- a longer text only: codes begin alike, and lists of what nearly all have are long.
create or replace function tracetrack.bag_substring(p_text text, p_area smallint,
	p_limit integer) returns bigint[]
language plpgsql stable
set enable_seqscan = off
set enable_indexscan = off
set enable_indexonlyscan = off
as $$
declare
	v_end text := '%' || tracetrack.like_clean(right(p_text, 5)) || '%';
begin
	return array(select b.id from tracetrack.bag b
		 where b.code like v_end and position(p_text in b.code) > 1
		   and (p_area is null or b.area_id = p_area)
		 limit p_limit);
end
$$;

-- The same by looking through p_blocks of the table at each of p_places, which lie evenly
-- between the newest bags, with which it begins, and the first. It goes from one to another
-- by the golden section of them all (p_step, without a divisor that p_places has too), so
-- that at any time it has been everywhere: what many codes have inside, alike ones or all,
-- is found so long before the index has gathered it, and what it doesn't meet is rare. Areas
-- work at the same time: a place with fewer blocks would hold parents and children of some of
-- them only, and what others have would be left to the index.
create or replace function tracetrack.bag_substring_walk(p_text text, p_area smallint,
	p_limit integer, p_places integer default 55, p_step integer default 34,
	p_blocks integer default 4) returns bigint[]
language plpgsql stable as $$
declare
	v_like text := '_%' || tracetrack.like_clean(p_text) || '%';
	v_all bigint := pg_relation_size('tracetrack.bag') / current_setting('block_size')::integer;
	v_place integer;
	v_from tid;
	v_to tid;
	v_found bigint[] := '{}';
begin
	for v_nth in 0 .. p_places - 1 loop
		v_place := p_places - v_nth * p_step % p_places;
		v_from := format('(%s,0)', greatest(v_all * (v_place - 1) / p_places,
			v_all * v_place / p_places - p_blocks))::tid;
		v_to := format('(%s,0)', v_all * v_place / p_places)::tid;
		v_found := v_found || array(select b.id from tracetrack.bag b
			 where b.ctid >= v_from and b.ctid < v_to
			   and b.code like v_like
			   and (p_area is null or b.area_id = p_area)
			 limit p_limit - cardinality(v_found));
		exit when cardinality(v_found) = p_limit;
	end loop;
	return v_found;
end
$$;

-- What a search finds; as api.dashboard a type, so that its columns are known at once.
create type api.bag_found as (kind text, code text, role text, family text, state text, area text,
	parent text, "position" integer, children integer, capacity integer, since timestamptz);

-- Bags by a part of their code, at most p_limit (1 to 100): the one that has it (kind
-- exact), those that begin with it (prefix); where no bag has it those that have three
-- or more characters of it inside (substring), and when nothing is found up to three that
-- differ by one character (near): who types a whole code wants that bag, and soon. A dispatcher finds
-- the own area's; that a code is another area's is looked for no further. Raises as
-- session_need does. One plan does for every text: planning would take longer than finding.
create or replace function api.bag_search(p_token text, p_text text,
	p_limit integer default 20)
returns setof api.bag_found
language plpgsql security definer
set search_path = pg_catalog, tracetrack, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
	v_area smallint := tracetrack.reading_area(p_token, 'bag.read');
	v_text text := left(tracetrack.code_clean(p_text), 64);
	v_limit integer := tracetrack.list_limit(p_limit, 20, 100);
	v_left integer := v_limit;
	v_known boolean := false;
	v_inside bigint[] := '{}';
	v_near bigint[] := '{}';
	v_bag api.bag_found;
begin
	if coalesce(v_text, '') = '' then
		perform tracetrack.refuse_filter('there is nothing to search for',
			'Give a code or a part of one.');
	end if;
	-- the one that has it is the first of those that begin with it
	for v_bag in
		select case when b.code <> v_text then 'prefix'
			when b.area_id <> v_area then 'elsewhere' else 'exact' end,
		       b.code::text, b.role::text,
		       (select f.name::text from tracetrack.family f where f.id = b.family_id),
		       b.state::text,
		       (select a.code::text from tracetrack.area a where a.id = b.area_id),
		       (select p.code::text from tracetrack.bag p where p.id = b.parent_id),
		       b.position::integer, b.child_count::integer, b.capacity::integer, b.since
		  from tracetrack.bag b
		 where b.code >= v_text and b.code < v_text || e'\x7f'
		   and (v_area is null or b.area_id = v_area or b.code = v_text)
		 order by b.code limit v_limit + 1
	loop
		v_known := v_known or v_bag.kind <> 'prefix';
		if v_bag.kind <> 'elsewhere' and v_left > 0 then
			return next v_bag;
			v_left := v_left - 1;
		end if;
	end loop;
	if v_known or v_left = 0 then
		return;
	end if;
	if v_text ~ '[A-Z0-9][A-Z0-9][A-Z0-9]' then
		v_inside := tracetrack.bag_substring_walk(v_text, v_area, v_left);
		if cardinality(v_inside) < v_left then
			v_inside := tracetrack.bag_substring(v_text, v_area, v_left);
		end if;
	end if;
	if v_left = v_limit and v_inside = '{}' and length(v_text) >= 4 then
		select coalesce(array_agg(b.id order by n.n), '{}') into v_near
		  from jsonb_array_elements(tracetrack.code_near(v_text, v_area))
			with ordinality n (bag, n)
		  join tracetrack.bag b on b.code = n.bag ->> 'code'
		 where n.n <= v_limit;
	end if;
	return query
	select case when v_near = '{}' then 'substring' else 'near' end,
	       b.code::text, b.role::text, f.name::text, b.state::text, a.code::text,
	       p.code::text, b.position::integer, b.child_count::integer, b.capacity::integer,
	       b.since
	  from unnest(v_inside || v_near) with ordinality i (id, n)
	  join tracetrack.bag b on b.id = i.id
	  join tracetrack.family f on f.id = b.family_id
	  join tracetrack.area a on a.id = b.area_id
	  left join tracetrack.bag p on p.id = b.parent_id
	 order by i.n;
end
$$;
