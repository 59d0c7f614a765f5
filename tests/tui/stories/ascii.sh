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
tmux_ kill-server

# A locale of UTF-8 that is not installed is good enough for lines; a setting is stronger than both.
start_working -e LC_ALL=xx_XX.utf8
ok 'a missing locale of UTF-8 gets lines' is_shown '────'
tmux_ kill-server
start_working -e LC_ALL=C --lines utf8
ok 'the setting insists on UTF-8' is_shown '────'
tmux_ kill-server
start_working --lines ascii
ok 'the setting insists on ASCII' eval '! non_ascii'
