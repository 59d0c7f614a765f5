#!/bin/bash
# The screen that begins with a view, the read-only one, and the wall screen.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

sql() { psql "$TRACETRACK_DSN_ADMIN" -qAtX -c "$1"; }
ended() {
    wait_for 'ended with'
    tmux_ kill-server
}

start --view areas --user supervisor --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
shows 'it begins with the view' 'Areas +10 rows'
press q
shows 'which lies on the scan view' ' no parent'
press C-c
wait_for 'Enter or y: leave'
press y
ended

start --view aeras
wait_for 'status 64'
ok 'an unknown view gets a proposal' grep -q 'Did you mean areas' "$work/stderr"
ended

# What an earlier run has left in the outbox is not sent either.
start_working
database_stops
scan "$(parent 1)"
wait_for 'QUEUED'
kill "$station"
wait_for 'ended with'
database_returns
tmux_ kill-server
start --read-only --user dispatcher --password-file "$TRACETRACK_DEMO_PASSWORDS/dispatcher"
wait_for ' no parent'
scan "$(parent 2)"
shows 'a read-only station takes no scan' 'read-only'
run_command bills
run_command areas
wait_for '10 rows'
press F10
wait_for 'Menu'
ok 'what was queued stays queued' is_shown 'outbox 1'
ok 'and nothing came to the database' \
    [ "$(sql "select count(*) from tracetrack.bag where code = '$(parent 2)'")" = 0 ]
press Escape
hides 'the menu is gone' '─ Menu'
press q
wait_for ' no parent'
press C-c
wait_for 'Enter or y: leave'
press y
ended

rm -rf "$work/state"
start --kiosk --view areas,families --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'Areas +10 rows'
screen_is wall
for key in q : F10 / Enter s; do press $key; done
shows 'keys do nothing' 'Areas +10 rows'
patience=30
shows 'the next view follows' 'Code families'
patience=10
press C-c
wait_for 'Enter or y: leave'
press y
shows 'but for leaving' 'ended with status 0'
