#!/bin/bash
# A scanner that goes is told at once, and again when it is back; the keyboard goes on meanwhile.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

# The cable is a pseudo-terminal that comes and goes.
plug_in() {
    socat PTY,link="$work/port",raw,echo=0 PIPE:"$work/cable" &
    cable=$!
    servants+=("$cable")
}
unplug() {
    kill "$cable"
    wait "$cable" 2>/dev/null || :
}
mkfifo "$work/cable"
exec {cable_end}<>"$work/cable"
held+=("$cable_end")
plug_in
start_working --scanner "main=pipe:$work/port"
wait_for 'no parent'
scan "$(parent 1)"
wait_for 'OPENED'

unplug
shows 'unplugging is told' 'The scanner of main is unplugged'
shows 'and stays in sight' "$(parent 1) .*scanner is away"
burst "$(child 01)"
shows 'the keyboard scans on' '1 of 30 children'
plug_in
shows 'its return is told' 'The scanner of main is back'
hides 'and the mark goes' 'scanner is away'
unplug
