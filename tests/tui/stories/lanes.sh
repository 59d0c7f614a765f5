#!/bin/bash
# Two lanes side by side, four in quarters, one at a time where it is narrow.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working -s 100x30 -l 4
scan_on lane1 "$(parent 1)"
scan_on lane3 "$(parent 3)"
wait_for "$(parent 3)"
scan_on lane3 "$(child 01)"
wait_for 'number 1 of 30'
scan_on lane4 "$(child 01)"
wait_for 'No parent is open'
screen_is lanes-four

# Keys and the keyboard act on the focused lane.
press F7
wait_for '▶lane2'
burst "$(parent 2)"
wait_for "▶lane2 $(parent 2)"
ok 'F7 goes to the next lane' is_shown "▶lane2 $(parent 2)"

resize 50x16
wait_for '2 lane2|2 '
screen_is lanes-narrow
