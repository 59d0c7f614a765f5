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
load --bags $((3 * bags)) --rescans 2
holds "load: there are as many bags as asked for" all_of '[ $result = 0 ]' \
    '[ "$(admin -c "select count(*) from tracetrack.bag")" = $((3 * bags)) ]'
holds "load: and scans of them, each child's three times" test \
    "$(admin -c 'select count(*) from tracetrack.event')" -gt $((ledger + 5 * bags))
holds "load: keys and constraints are as they were" all_of 'keys >"$tmp/keys-after"' \
    'diff "$tmp/keys" "$tmp/keys-after"'
holds "load: every rule holds" test -z "$(admin -c 'select * from tracetrack.violation() limit 5')"
holds "load: nothing of its own is left" test \
    "$(admin -c "select count(*) from pg_namespace where nspname = 'tracetrack_load'")" = 0
load --bags $((3 * bags))
holds "load: what is there already is not loaded again" all_of '[ $result = 0 ]' \
    '[ "$(admin -c "select count(*) from tracetrack.bag")" = $((3 * bags)) ]'
admin -c "update tracetrack.setting set value = 'off' where name = 'stress_allowed'"
load --bags $((4 * bags))
holds "load: a database that is not for tests is left alone" load_says 1 "not marked as one for tests"
admin -c "update tracetrack.setting set value = 'on' where name = 'stress_allowed'"
