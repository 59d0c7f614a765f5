#!/bin/bash
# Lookup: facts, children, timeline; a scan is looked up and not recorded.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
scan "$(parent 1)"
wait_for 'OPENED'
scan "$(child 01)"
wait_for '1 of 30 children'
press F5
wait_for 'Code:'
type_text "$(parent 1)" "Code: $(parent 1)"
press Enter
wait_for 'Timeline'
screen_is lookup-parent
scan "$(child 01)"
wait_for 'parent +SB'
screen_is lookup-child
burst "$(child 99)"
shows 'an unknown code is told' 'not known'
burst 'x?'
shows 'so is what can be no code, and what to do here' 'X\? is no code that is known here'
hides 'which is not to scan something' 'Scan a parent or a child'
press Escape
wait_for '1 of 30 children'
hides 'looking up is no scan' "$(child 99)"
