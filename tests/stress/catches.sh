# What the harness must catch: a stall, a slower function, broken rules, and everything that keeps a
# run from being one. Prints points through tests/tools/tap.sh.
# shellcheck shell=bash disable=SC2154,SC2119

# ---- the same seed

cat >"$tmp/seeded.json" <<'JSON'
{"loop": "closed", "clients": 4, "stages": [{"seconds": 60, "level": 4}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "rounds": 40, "mix": {"a": 5, "b": 3, "c": 2}}],
 "operations": {"a": "op stats.station", "b": "op session.check", "c": "op area.list"}}
JSON
picked() { echo "$(value attempts a) $(value attempts b) $(value attempts c)"; }
run_stress seeded "$tmp/seeded.json" --seed 7 --gates none
holds "a class that does so many operations ends after them" all_of 'status_is 0' 'is attempts == 160'
first=$(picked)
run_stress seeded-again "$tmp/seeded.json" --seed 7 --gates none
holds "the same seed picks the same" test "$(picked)" = "$first"
run_stress seeded-else "$tmp/seeded.json" --seed 8 --gates none
holds "another seed picks something else" test "$(picked)" != "$first"

# ---- a stall under open loop shows in the latencies (no coordinated omission)

cat >"$tmp/open.json" <<'JSON'
{"loop": "open", "clients": 10, "timeout_s": 20, "stages": [{"seconds": 6, "level": 100}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "mix": {"check": 1}}],
 "operations": {"check": "op session.check"}}
JSON
start_stress stall "$tmp/open.json" --gates none
holds "stall: the stations work" all_of 'wait_until 60 works 10' \
    'wait_until 60 busy session_check'
# In a real-time class where that is allowed; what it starts never is.
class=ordinary
! chrt --rr 1 true 2>/dev/null || class=real-time
policies() { ps -o policy= -p "$(stations | paste -sd,)" | sort -u | tr -d ' \n'; }
holds "stall: stations are ordinary processes" test "$(policies)" = TS
freeze
timeout 2 tail -f /dev/null
thaw
await_stress
holds "stall: the run is whole" all_of 'status_is 0' 'is attempts == 600' 'is failed == 0'
holds "stall: what was due in 2 s of standstill is late, not left out" all_of \
    'is max_ms ">" 1900' 'is p99.9_ms ">" 1800' 'is p80_ms ">" 300'
holds "stall: what does nothing stood still as well" \
    said "^floor: .* [0-9]{3,4}\.[0-9]+ \(p95\), [12][0-9]{3}\.[0-9]+ \(p99\)"
holds "stall: the generator goes before others where it may" json_says generator_class "\"$class\""

# ---- a function that became slower fails a gate, and compare

cat >"$tmp/slow.json" <<'JSON'
{"loop": "closed", "clients": 4, "stages": [{"seconds": 2, "level": 4}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "wait_ms": 20, "mix": {"check": 1, "areas": 1}}],
 "operations": {"check": "op session.check", "areas": "op area.list"}}
JSON
cat >"$tmp/slow-gates.json" <<'JSON'
{"operations": {"check": {"p50_ms": {"max": 45}}}, "totals": {"error_percent": {"max": 0}},
 "floor": {"p50_ms": {"max": 45}}}
JSON

definition() { superuser -c "select pg_get_functiondef('$1'::regproc)"; }

# replace_function NAME SED-EXPRESSION: fails when that changes nothing.
replace_function() {
    local old new
    old=$(definition "$1") && new=$(sed -E "$2" <<<"$old") && [ "$new" != "$old" ] &&
        superuser -c "$new" >/dev/null
}

check_was=$(definition api.session_check)
run_stress quick "$tmp/slow.json" --gates "$tmp/slow-gates.json"
holds "slow: at first the gate is met" status_is 0
holds "slow: 50 ms are put into a function" replace_function api.session_check \
    '0,/^begin/s/^begin/begin perform pg_catalog.pg_sleep(0.05);/'
run_stress slow "$tmp/slow.json" --gates "$tmp/slow-gates.json"
holds "slow: the gate fails and names operation and figure" all_of 'status_is 1' \
    'said "^gate failed: check p50_ms is [5-9][0-9.]+, at most 45"'
holds "slow: it is the function, as what does nothing is as fast as before" all_of \
    'said "^floor: a statement that does nothing took [0-9]"' '! grep -q "gate failed: floor" "$out/said"'

# ---- steps: the first that is too slow is the last one

cat >"$tmp/steps.json" <<'JSON'
{"loop": "open", "clients": 4, "breaks": {"error_percent": 5, "p95_ms": {"check": 45}},
 "stages": [{"seconds": 2, "level": 4}, {"seconds": 2, "level": 8, "step": true},
  {"seconds": 60, "level": 16, "step": true}, {"seconds": 4, "level": 4}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "mix": {"check": 1}}],
 "operations": {"check": "op session.check"}}
JSON
echo '{"break": {"held_level": {"min": 8}}}' >"$tmp/steps-gates.json"
run_stress steps "$tmp/steps.json" --gates "$tmp/steps-gates.json"
holds "steps: the first one that is too slow ends them, and the gate fails" all_of 'status_is 1' \
    'said "^break: 8 is too much: check takes [0-9.]+ ms \(p95\), above 45"' \
    'said "^gate failed: break held_level is 0.000"' 'is attempts "<" 60'
superuser -c "$check_was" >/dev/null

# compares STATUS PATTERN OLD NEW [OPTION]...
compares() {
    local want=$1 pattern=$2
    shift 2
    "$stress" compare "$@" >"$tmp/compared" 2>&1
    result=$?
    if [ "$result" != "$want" ] || ! grep -qE "$pattern" "$tmp/compared"; then
        echo "status $result"
        cat "$tmp/compared"
        return 1
    fi
}
quick=$tmp/report-quick/report.json slow=$tmp/report-slow/report.json
holds "compare: slower is a regression, and its line says so" compares 1 \
    '^check +p50_ms .*WORSE$' "$quick" "$slow" --threshold 20
holds "compare: a report with itself is none" compares 0 '^0 worse' "$quick" "$quick"
holds "compare: that the profiles differ is said" compares 1 '^note: the profiles differ' \
    "$tmp/report-seeded/report.json" "$slow"
sed 's/"processor": ".*"/"processor": "another one"/' "$quick" >"$tmp/elsewhere.json"
holds "compare: that the machines differ is said" compares 0 '^note: the runs differ in processor$' \
    "$quick" "$tmp/elsewhere.json"
holds "series: stolen time is the last column, known from every second" awk -F, '
    NR == 1 { if ($NF != "stolen_percent") exit bad = 1 }
    NR > 1 && $NF !~ /^[0-9.]+$/ { bad = 1 }
    END { exit bad || NR < 2 }' "${quick%/*}/timeseries.csv"
sed '/"stolen": {/,/}/{s/"mean_percent": .*,/"mean_percent": 3.25,/;s/"is_warning": false/"is_warning": true/}' \
    "$quick" >"$tmp/robbed.json"
holds "compare: that a hypervisor took the processors in one of the runs is said" compares 0 \
    '^note: the hypervisor took 3.2 % of the processors. time in the second run$' "$quick" "$tmp/robbed.json"
holds "compare: a wide threshold lets it pass" compares 0 '^0 worse' "$quick" "$slow" \
    --threshold 10000 --least-ms 1000
echo '{"schema": "something"}' >"$tmp/strange.json"
holds "compare: what is no report is refused" compares 2 'is no report' "$quick" "$tmp/strange.json"

# ---- broken rules: each copy of the function leaves parents of its own behind

# broken NAME PREFIX SED-EXPRESSION CHILDREN: with what that makes of a child's scan, 16 stations that
# all want the same parent leave one that the invariants name, by its prefix.
broken() {
    local was
    was=$(definition api.scan_child)
    cat >"$tmp/rivals.json" <<JSON
{"loop": "closed", "clients": 16, "stages": [{"seconds": 2, "level": 16}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "mix": {"child": 1}}],
 "operations": {"parent": "scan {shared}", "child": {"send": "scan T{run}{n}", "needs": "parent"}},
 "values": {"shared": {"form": "$2%06d", "shared": 1}, "n": {"form": "-%07d", $4}}}
JSON
    holds "broken: $1: the function is replaced" replace_function api.scan_child "$3"
    run_stress broken "$tmp/rivals.json" --gates none
    holds "broken: $1: the invariants fail the run" all_of 'status_is 1' \
        'said "^gate failed: end state breaches"' "said '^ *1 parents agree with their children: $2'"
    superuser -c "$was" >/dev/null
}

duplicate='s/if v_child is not null then/if v_parent is not null then/'
unlocked='s/set child_count = p\.child_count \+ 1/set child_count = (select x.child_count + 1 from tracetrack.bag x where x.id = p.id)/'
unlimited='s/and p\.child_count \+ 1 < p\.capacity/and p.child_count < 32000/'
broken "a swallowed duplicate" SB71 "$duplicate" '"shared": 5'
superuser -c "alter table tracetrack.bag drop constraint bag_position_key, drop constraint bag_is_sound"
broken "no limit" SB72 "$unlimited" '"next": true'
broken "no lock" SB73 "$unlocked" '"next": true'

# ---- a table that can't be filled

superuser -c "alter table tracetrack.event add constraint full_up check (parent_id is null) not valid"
bags=$(admin -c 'select count(*) from tracetrack.bag')
stress/load --bags $((bags + 15000)) "$TRACETRACK_DSN_ADMIN" >"$tmp/half" 2>&1
result=$?
holds "load: a table that can't be filled makes it fail, and it says what that means" all_of \
    '[ $result = 70 ]' 'grep -q "full_up" "$tmp/half"' 'grep -q "half filled: make it anew" "$tmp/half"'
