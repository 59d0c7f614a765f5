#!/bin/bash
# Closing short asks why.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
scan "$(parent 1)"
wait_for 'OPENED'
scan "$(child 01)"
wait_for '1 of 30 children'
press F3
wait_for 'Why is'
screen_is short-question

press Escape
hides 'Esc goes back' 'Why is'
shows 'and the parent is open' 'open since'

press F3
wait_for 'Why is'
# A scan while the dialog is open is a scan, not the answer.
burst "$(child 02)"
wait_for '2 of 30'
shows 'a burst is no reason' 'Why is'
type_text 'forklift' 'forklift'
press Enter
wait_for 'SHORT'
shows 'closed short' 'closed short with 2 of 30'
