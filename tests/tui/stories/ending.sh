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

# Ctrl-Z stops the station like any other program, and it draws itself again.
start_working
is_stopped() { grep -q '^State:.T' "/proc/$station/status"; }
press C-z
until is_stopped; do sleep 0.05; done
kill -CONT "$(ps -o ppid= "$station" | tr -d ' ')" "$station"
press F1
shows 'it goes on after a stop' 'Search:'
tmux_ kill-server

start_working
pid=$station
tmux_ kill-server
until_gone "$pid"
ok 'a terminal that goes ends the station' eval '! kill -0 $pid 2>/dev/null'
