# What keeps a run from being one: a clear message, a report marked incomplete, status 2, and no
# process left.
# shellcheck shell=bash disable=SC2154,SC2119,SC2034

cat >"$tmp/steady.json" <<'JSON'
{"loop": "closed", "clients": 6, "timeout_s": 5, "stages": [{"seconds": 60, "level": 6}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "wait_ms": [10, 30], "mix": {"check": 1}}],
 "operations": {"check": "op session.check"}}
JSON

# refuses WHAT PATTERN: of the last run.
refuses() {
    holds "$1" all_of 'status_is 2' "said '$2'" nobody_is_left
    [ ! -e "$out/report.json" ] || holds "$1: the report says that it is incomplete" all_of \
        'json_says complete false' 'grep -q "Incomplete: " "$out/report.html"' 'said "^INCOMPLETE: "'
}

# profile_refused WHAT PATTERN TEXT
profile_refused() {
    printf '%s\n' "$3" >"$tmp/bad.json"
    run_stress bad "$tmp/bad.json"
    refuses "$1" "$2"
}

run_stress nowhere nosuchprofile
refuses "a profile that is not there" "nosuchprofile.json can.t be read: No such file"
profile_refused "a profile that is no JSON" "bad.json: line [0-9]+, column" '{"loop"'
profile_refused "a key that is none" "what is .clinets." '{"loop": "open", "clinets": 3}'
whole='"clients": 2, "stages": [{"seconds": 1, "level": 2}], "loop": "closed"'
profile_refused "an operation that is none" "did you mean session.check" \
    "{$whole, \"operations\": {\"a\": \"op session.chek\"}, \"classes\": []}"
profile_refused "a value of another kind" '"clients" must be a whole number' '{"loop": "open", "clients": "3"}'
profile_refused "a value that is none" "no value {code}" \
    "{$whole, \"operations\": {\"a\": \"scan {code}\"}, \"classes\": []}"
profile_refused "a login that nobody has" "no password of nobody" "{$whole,
    \"operations\": {\"a\": \"state\"}, \"classes\": [{\"name\": \"x\", \"login\": \"nobody\", \"mix\": {\"a\": 1}}]}"

profile_refused "a name that would act on a terminal" "can.t be a name" \
    "{$whole, \"operations\": {\"\\u001b[31mred\": \"state\"}, \"classes\": []}"

echo '{"totals": {"p95": {"max": 1}}}' >"$tmp/gates.json"
run_stress gates "$tmp/steady.json" --gates "$tmp/gates.json"
refuses "a gate for a figure that is none" "no figure .p95."
echo '{"operations": [1]}' >"$tmp/gates.json"
run_stress gates "$tmp/steady.json" --gates "$tmp/gates.json"
refuses "gates of operations that name none" "no operations in"
"$stress" run "$tmp/steady.json" --clients many >"$tmp/usage" 2>&1
result=$?
holds "an option that is no number is a usage error" all_of '[ $result = 64 ]' \
    'grep -q "number from 1 to 2000" "$tmp/usage"'
"$stress" profiles 2>"$tmp/usage" >/dev/full
result=$?
holds "an output that can't be written is told" all_of '[ $result = 2 ]' \
    'grep -q "the output can.t be written" "$tmp/usage"'

new_report unwritable
touch "$tmp/file"
"$stress" run "$tmp/steady.json" --out "$tmp/file/below" >"$out/said" 2>"$out/errors"
result=$?
holds "a folder that can't be made" all_of 'status_is 2' "said \"file/below can't be made\"" nobody_is_left

# What a run makes of that name it removes: what is not of a run must stay.
new_report taken
mkdir "$out/state"
touch "$out/state/precious"
stress "$tmp/steady.json" --time-scale 0.01
result=$?
refuses "a folder that has something else called state" "state is there already, and not of a run"
holds "and still has it" test -e "$out/state/precious"
new_report linked
mkdir "$tmp/elsewhere"
touch "$tmp/elsewhere/wrong-password"
ln -s "$tmp/elsewhere" "$out/state"
stress "$tmp/steady.json" --time-scale 0.01
result=$?
refuses "a link to something else, too" "state is there already, and not of a run"
holds "which has what it had" test "$(ls "$tmp/elsewhere")" = wrong-password

printf '{"schema": "tracetrack-stress-report", "version": 1, "complete": true, "totals": [], "operations": []}' \
    >"$tmp/damaged.json"
"$stress" compare "$tmp/damaged.json" "$tmp/damaged.json" >"$tmp/usage" 2>&1
result=$?
holds "reports without figures are not compared" all_of '[ $result = 2 ]' 'grep -q "is no report" "$tmp/usage"'

# What can't be opened stands for a full disk; the report of the run before must not be taken for its.
new_report full
echo earlier >"$out/report.json"
mkdir "$out/report.html.part"
stress "$tmp/steady.json" --time-scale 0.02 --gates none
result=$?
holds "a report that can't be written: it is told, and the earlier one has gone" all_of 'status_is 2' \
    'said "report.html can.t be written: Is a directory"' 'said "Make room there"' 'said "^all +[1-9]"' \
    '[ ! -e "$out/report.json" ]' nobody_is_left

admin -c "update tracetrack.setting set value = 'off' where name = 'stress_allowed'"
sessions() { admin -c 'select count(*) from tracetrack.session'; }
before=$(sessions)
run_stress unmarked "$tmp/steady.json"
refuses "a database that is not for tests" "not marked as one for tests"
holds "not one scan or login has reached it" test "$(sessions)" = "$before"
admin -c "update tracetrack.setting set value = 'on' where name = 'stress_allowed'"

new_report descriptors
(ulimit -Sn 100 && ulimit -Hn 100 && stress "$tmp/steady.json" --clients 100)
result=$?
refuses "too few open files, and how to raise the limit" "need 264 open files"

TRACETRACK_DSN=${TRACETRACK_DSN/port=/port=1} run_stress absent "$tmp/steady.json"
refuses "a database that is not there" "database|refused|port"

# ---- under way

start_stress dies "$tmp/steady.json" --time-scale 0.08
holds "dies: the stations work" wait_until 60 works 6
kill -KILL "$(stations | head -n 1)"
await_stress
refuses "a station that dies" "was killed by signal 9|did not get in"

start_stress interrupted "$tmp/steady.json"
holds "interrupted: the stations work" wait_until 60 works 6
"$stress" run "$tmp/steady.json" --out "$out" --quiet >"$tmp/usage" 2>&1
second=$?
holds "interrupted: a second run does not begin in its folder" all_of '[ $second = 2 ]' \
    'grep -q "another run works in the folder" "$tmp/usage"' 'works 6' '[ -e "$out/state/0001" ]'
kill -TERM "$(generator_pid)"
await_stress
refuses "an interrupted run" "it was interrupted"

start_stress vanishes "$tmp/steady.json" --give-up 3
holds "vanishes: the stations work" all_of 'wait_until 60 works 6' 'wait_until 60 busy session_check'
kill -KILL "$(contrib/sandbox pid pgbouncer)"
await_stress
refuses "a pooler that vanishes" "has not answered since second|end state can.t be checked"
start_server pgbouncer

start_stress server "$tmp/steady.json" --give-up 3
holds "server: the stations work" all_of 'wait_until 60 works 6' 'wait_until 60 busy session_check'
kill -KILL "$(contrib/sandbox pid postgres)"
await_stress
refuses "a server that vanishes" "has not answered since second"
holds "server: why the end state is not known is said, on the page too" all_of \
    'said "^end state: not checked: .*(refused|could not connect)"' 'grep -q "Not checked: .*refused" "$out/report.html"'
start_server postgres
# The pooler remembers for a second that it could not be reached.
pooler_answers() { psql -XqAt "$TRACETRACK_DSN" -c 'select 1'; }
holds "server: it is reached again" wait_until 30 pooler_answers

start_stress orphans "$tmp/steady.json"
holds "orphans: the stations work" wait_until 60 works 6
kill -KILL "$(generator_pid)"
await_stress
holds "a generator that is killed leaves no station" wait_until 10 nobody_is_left

# ---- the manual

undocumented() {
    "$stress" --help | grep -oE '^  --[a-z-]+' | tr -d ' -' >"$tmp/options"
    ! tr -d '\\-' <man/tracetrack-stress.1 | grep -oE 'Fl [a-z]+' | cut -d ' ' -f 2 | sort -u |
        grep -vxFf - "$tmp/options" | grep -vx dsn
}
holds "every option is in the manual" undocumented
