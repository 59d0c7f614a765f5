#!/bin/bash
# Colours: by terminal, and none with NO_COLOR, but then the band is still reversed.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

colored() { tmux_ capture-pane -e -p -t t | grep -qE $'\033\\[[0-9;]*(3[0-7]|4[0-7]|38;5|48;5)'; }
reversed() { tmux_ capture-pane -e -p -t t | grep -qE $'\033\\[([0-9;]*;)?7m'; }

start_working -e NO_COLOR=1
scan "$(parent 1)"
wait_for 'OPENED'
ok 'NO_COLOR: no colour' eval '! colored'
ok 'NO_COLOR: the band is reversed' reversed
press C-c
wait_for 'Leave this station'
press y
wait_for 'ended with status 0'
tmux_ kill-server

start_working
scan "$(parent 1)"
wait_for 'RESUMED'
ok 'else there is colour' colored
