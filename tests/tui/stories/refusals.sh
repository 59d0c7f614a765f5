#!/bin/bash
# Every kind of no, each with what was scanned, why not, and what to do.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
scan "$(child 01)"
shows 'a child without a parent' 'No parent is open'
scan "$(parent 1)"
wait_for 'OPENED'
scan "$(child 01)"
wait_for 'number 1 of 30'
scan "$(parent 1)"
shows 'the parent again goes on' 'RESUMED'
scan 'TT:OK'
shows 'nothing to confirm' 'nothing to confirm'
scan 'A!B'
shows 'no code that is known' 'no code that is known'
raw main 'AB\x01CD\r'
shows 'a frame with a control byte' 'TROUBLE'
scan "$(parent 2)"
wait_for "^ $(parent 2)"
scan "$(child 01)"
wait_for 'REFUSED .*is in '
screen_is refused-in-other-parent

# Esc leaves it where it is; F6 moves it.
press Escape
shows 'Esc declines' 'DECLINED'
# Another one in between: the same again at once would be a double read.
scan "$(child 02)"
wait_for 'number 1 of 30'
scan "$(child 01)"
wait_for 'press F6'
press F6
wait_for 'MOVED'
screen_is refused-moved

# Details tell the stable code.
press Down F9
wait_for 'outcome'
shows 'details tell the outcome code' 'outcome +relinked'
press Down
shows 'and those of the scans before' 'outcome +in_other_parent'
press Escape
hides 'Esc closes the dialog' 'Answer . of'

# A long code leaves room for what to do.
scan "$(printf 'LONG%.0s' {1..15})"
shows 'what to do about a long code' '^Check the label'
