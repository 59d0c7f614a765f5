#!/bin/bash
# A parent and its children, from the first scan to the thirtieth.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
screen_is scan-empty

scan "$(parent 1)"
wait_for 'OPENED'
for n in 01 02 03; do scan "$(child $n)"; done
wait_for '3 of 30 children'
screen_is scan-three

# The same child again, later than a double read: nothing changes.
burst "$(child 01)"
wait_for 'AGAIN'
screen_is scan-again

# A burst from the keyboard is a scan as well.
burst "$(child 04)"
shows 'a keyboard scanner scans' '4 of 30 children'

# Undo takes the last one back.
press F4
wait_for 'UNDONE'
screen_is scan-undone

# Not 04 first: at once again it would be a double read.
for n in 05 04 $(seq -w 6 30); do scan "$(child "$n")"; done
wait_for 'COMPLETED'
screen_is scan-complete

scan "$(parent 2)"
wait_for "$(parent 2).*open since"
scan "$(child 31)"
wait_for 'number 1 of 30'
press F2
wait_for 'FINISHED'
shows 'a finished parent is closed' 'closed$'
