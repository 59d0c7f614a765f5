#!/bin/bash
# The terminal stops taking what is drawn, as on a stalled line; scanning goes on without it.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

linked() {
    psql "$TRACETRACK_DSN_ADMIN" -qAtX -c "select count(*) from tracetrack.bag c
        join tracetrack.bag p on p.id = c.parent_id where p.code like 'SB$run_number%'"
}

all_linked() {
    local until=$((SECONDS + 30))
    while [ "$(linked)" != 145 ] && [ $SECONDS -lt $until ]; do sleep 0.1; done
    [ "$(linked)" = 145 ] || { echo "$(linked) of 145"; return 1; }
}

start_working -s 132x43
server=$(tmux_ display-message -p '#{pid}')
stopped+=("$server")
kill -STOP "$server"
for p in {1..5}; do
    printf '%s\r' "$(parent "$p")"
    for c in {01..29}; do printf '%s\r' "$(child "$p$c")"; done
done >"$work/main"
ok 'every scan is in the database' all_linked
kill -CONT "$server"
stopped=()
wait_for '29 of 30 children'
shows 'the screen catches up' "$(child 529)"

kill -STOP "$server"
stopped+=("$server")
for p in {6..9}; do
    printf '%s\r' "$(parent "$p")"
    for c in {01..29}; do printf '%s\r' "$(child "$p$c")"; done
done >"$work/main"
kill -TERM "$station"
until_gone "$station"
ok 'it ends when it is told to' bash -c "! kill -0 $station 2>/dev/null"
station=
