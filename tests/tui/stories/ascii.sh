#!/bin/bash
# Without UTF-8 and without colour everything is still told, by words and shapes.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working -e LC_ALL=C
scan "$(parent 1)"
wait_for 'OPENED'
scan "$(child 01)"
wait_for '1 of 30 children'
screen_is ascii
non_ascii() { snapshot | LC_ALL=C grep -q '[^ -~]'; }
ok 'every character is ASCII' eval '! non_ascii'
