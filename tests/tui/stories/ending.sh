#!/bin/bash
# Leaving restores the terminal; so does a stop; a terminal that goes ends the station cleanly.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
press C-c
wait_for 'Leave this station'
press y
wait_for 'ended with status 0'
ok 'the terminal echoes again' grep -qE '(^| )echo( |;|$)' "$work/stty"
ok 'and reads lines' grep -qE '(^| )icanon' "$work/stty"
tmux_ kill-server

start_working
ok 'the station runs' kill -0 "$station"
kill -TERM "$station"
shows 'a request to end restores the terminal' 'ended with status 0'
tmux_ kill-server

# Ctrl-Z stops the station like any other program of a shell, and it draws itself again.
# shellcheck disable=SC2016,SC2034
wrapper=(bash --norc -ic "'\"\$0\" \"\$@\"; read -r _; fg'")
start_working
wrapper=()
is_stopped() { grep -q '^State:.T' "/proc/$station/status"; }
stops() {
    local until=$((SECONDS + patience))
    until is_stopped || [ $SECONDS -ge $until ]; do sleep 0.05; done
    is_stopped
}
press C-z
ok 'Ctrl-Z gives the terminal back to the shell' stops
press Enter
shows 'it goes on after a stop' ' no parent'
press F1
shows 'and hears its keys' 'Search:'
tmux_ kill-server

# Where no shell could continue it a stop would be for ever.
start_working
press C-z
press F1
shows 'without a shell Ctrl-Z is nothing' 'Search:'
pid=$station
tmux_ kill-server
until_gone "$pid"
ok 'a terminal that goes ends the station' eval '! kill -0 $pid 2>/dev/null'
