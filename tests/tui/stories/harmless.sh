#!/bin/bash
# Escape sequences and other tricks in data are shown, never obeyed.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
raw main 'A\033]0;owned\007B\r'
wait_for 'TROUBLE'
shows 'the sequence is spelled out' 'x1b'
ok 'the title is not set' eval '[ "$(tmux_ display -p -t t "#{pane_title}")" != owned ]'
raw main '\033[2J\033[1;1HGONE\r'
wait_for 'x1b\[2J'
ok 'the screen is not cleared' is_shown 'DOCK-03  dispatcher'
raw main 'X\xe2\x80\xaeY\r'
shows 'a bidirectional override is spelled out' '202e'

# The same from a keyboard: what a terminal sends as a sequence is no scan and no text.
tmux_ send-keys -t t -l $'\033[200~'
tmux_ send-keys -t t -l $'\033[99;99R'
press F5
wait_for 'Code:'
ok 'unknown sequences leave no letters' is_shown 'Code: *$'
