# Filling a database: what is in it agrees with the rules, keys are as they were, and whoever has no
# business there is sent away.
# shellcheck shell=bash disable=SC2154

load() {
    stress/load "$@" "$TRACETRACK_DSN_ADMIN" >"$tmp/load" 2>&1
    result=$?
    cp "$tmp/load" "$tmp/loaded"
}
keys() {
    admin -c "select indexdef from pg_indexes where schemaname = 'tracetrack' order by 1" \
        -c "select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint
            where connamespace = 'tracetrack'::regnamespace order by 1, 2"
}
load_says() { [ "$result" = "$1" ] && grep -qE "$2" "$tmp/loaded" || { echo "status $result"; cat "$tmp/loaded"; return 1; }; }

new_report load
keys >"$tmp/keys"
bags=$(admin -c 'select count(*) from tracetrack.bag')
ledger=$(admin -c 'select count(*) from tracetrack.event')
wanted=$((3 * bags + 12000)) # more than one bill for each area
load --bags $wanted --rescans 2
holds "load: there are as many bags as asked for" all_of '[ $result = 0 ]' \
    '[ "$(admin -c "select count(*) from tracetrack.bag")" = $wanted ]'
holds "load: and scans of them, each child's three times" test \
    "$(admin -c 'select count(*) from tracetrack.event')" -gt $((ledger + 5 * bags))
holds "load: keys and constraints are as they were" all_of 'keys >"$tmp/keys-after"' \
    'diff "$tmp/keys" "$tmp/keys-after"'
holds "load: areas have completed bills and one that is open, two have reopened theirs" test "$(admin -c "
    select count(*) filter (where b.state = 'completed' and linked between 20 and 100) >= 8,
        count(*) filter (where b.state = 'open' and linked >= 1), count(*) filter (where b.state = 'reopened')
      from tracetrack.bill b join tracetrack.person p on p.id = b.created_by
     where p.login like 'load.bills.%'")" = 't|10|2'
holds "load: parents closed long ago are on bills, those of the last weeks on none" test "$(admin -c "
    select count(*) filter (where closed_at < now() - interval '95 days' and p.login like 'load.bills.%') > 150,
        count(*) filter (where closed_at > now() - interval '85 days' and bill_id is null) > 50,
        count(*) filter (where closed_at > now() - interval '85 days' and p.login like 'load.bills.%')
      from tracetrack.bag left join tracetrack.bill b on b.id = bill_id
      left join tracetrack.person p on p.id = b.created_by
     where code like 'SB2%' or code like 'M444-%'")" = 't|t|0'
holds "load: the audit tells who made the bills" test "$(admin -c "
    select count(*) >= 18, bool_and(a.person_id is not distinct from b.created_by)
      from tracetrack.bill b join tracetrack.person p on p.id = b.created_by
      left join tracetrack.audit a on a.table_name = 'bill' and a.key = b.number and a.operation = 'insert'
     where p.login like 'load.bills.%'")" = 't|t'
holds "load: every rule holds" test -z "$(admin -c 'select * from tracetrack.violation() limit 5')"
holds "load: the figures of all are counted" test "$(admin -c "select rolled = (select max(number)
    from tracetrack.event) from tracetrack.activity_state")" = t
holds "load: keys of bags are read without their rows" test "$(admin -c "select relallvisible
    > relpages * 0.9 from pg_class where oid = 'tracetrack.bag'::regclass")" = t
holds "load: nothing of its own is left" test \
    "$(admin -c "select count(*) from pg_namespace where nspname = 'tracetrack_load'")" = 0
load --bags $wanted
holds "load: what is there already is not loaded again" all_of '[ $result = 0 ]' \
    '[ "$(admin -c "select count(*) from tracetrack.bag")" = $wanted ]'
admin -c "update tracetrack.setting set value = 'off' where name = 'stress_allowed'"
load --bags $((wanted + bags))
holds "load: a database that is not for tests is left alone" load_says 1 "not marked as one for tests"
admin -c "update tracetrack.setting set value = 'on' where name = 'stress_allowed'"
