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

# The same in a name that the database keeps: on its list, in its details and in its form.
owner() { psql -qX "$TRACETRACK_DSN_ADMIN" -c "$1"; }
press Escape
wait_for 'since .* scans'
owner "update tracetrack.area set name = E'Ako\x1b]0;owned\x07\x1b[2J\x1b[1;1HGONE\u009b31m\u202e' where code = 'akola'"
run_command areas
wait_for 'akola'
stored() {
    snapshot | grep -q 'DOCK-03  dispatcher' &&
        [ "$(tmux_ display -p -t t '#{pane_title}')" != owned ] &&
        ! snapshot | grep -q '^GONE'
}
shows 'a stored sequence is spelled out' 'Ako\\x1b\]0;owned'
ok 'in a list' stored
press Enter
wait_for 'Areas > akola'
shows 'to its end' 'GONE\\x9b31m\\u\{202e\}'
ok 'and in details' stored
owner "update tracetrack.area set name = 'Akola' where code = 'akola'"
press q
wait_for '^Areas +10 rows'
press q
wait_for 'since .* scans'

# 100 KB at each field, and it works on.
head -c 102400 /dev/zero | tr '\0' A >"$work/much"
paste() {
    tmux_ load-buffer "$work/much" \; paste-buffer -r -t t
    shows "100 KB at $1" "$2"
    press "${3:-Escape}"
    wait_for "$4"
}
paste 'the scan view' 'more than 4096 bytes without an end' Escape 'TROUBLE'
press :
wait_for '^:'
paste 'the prompt' '^:AAAAA' Escape 'TROUBLE'
press F5
wait_for 'Code:'
paste 'the look-up' 'Code: AAAAA' Escape 'TROUBLE'
run_command areas
wait_for '10 rows'
press /
wait_for '^/'
paste 'a filter' '^/AAAAA' Escape '10 rows'
press q
run_command pin
wait_for 'Own PIN'
paste 'a field of a form' 'password .* •••••' Escape 'What was typed here is lost'
press y
wait_for 'TROUBLE'
scan "$(parent 1)"
shows 'and scans go on' 'OPENED'
