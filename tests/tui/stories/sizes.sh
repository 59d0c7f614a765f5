#!/bin/bash
# From a large window to one that is too small, and back.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working -s 132x43
scan "$(parent 1)"
wait_for 'OPENED'
for n in 01 02; do scan "$(child $n)"; done
wait_for '2 of 30 children'
screen_is size-132x43

resize 80x24
wait_for 'Scan the children'
screen_is size-80x24

resize 40x16
wait_for '2 of 30'
screen_is size-40x16

resize 30x10
wait_for 'too small'
screen_is size-too-small
scan "$(child 03)"
resize 80x24
shows 'scanning went on meanwhile' '3 of 30 children'
