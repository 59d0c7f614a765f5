#!/bin/bash
# No key is lost, however late the station gets to read it; and what a slow line brings all at once
# is no scan where a command is typed.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

pause_station() { kill -STOP "$station" && stopped=("$station"); }
resume_station() { kill -CONT "$station" && stopped=(); }

start_working
press F2
shows 'nothing is open to be finished' 'REFUSED +No parent is open$'
run_command areas
wait_for '10 rows'

# Esc arrives while the character before it is held as what may become a scan; again, because the
# stop may come too late to meet that moment.
esc_is_heard() {
    local i
    for i in 1 2 3 4 5 6; do
        type_filter ra
        press Enter
        wait_for '"ra"'
        pause_station
        press /
        resume_station
        pause_station
        press Escape
        sleep 0.05 # longer than a character is held
        resume_station
        wait_for '10 rows'
    done
}
esc_is_heard
ok 'Esc right after another key is heard' is_shown '10 rows'

# As over a slow line: typed one by one, read at once.
press :
wait_for '^:'
burst bags
shows 'a command that comes at once stays in the prompt' '^:bags'
hides 'and is no scan' 'BAGS'
press Enter
shows 'Enter runs it' '^Bags '
press q
wait_for 'since .* scans'
run_command ba
shows 'what is begun is proposed' 'Did you mean bags'

# Letters at the scan view, one by one as people type.
press x
shows 'who types where scans are awaited is told how' 'press : and type: scan CODE'
run_command "scan $(parent 1)"
shows 'and that works' 'OPENED'
run_command scan
shows 'without a code it asks for one' 'Say which code'
run_command bags
type_filter zqz
press Enter
wait_for 'Nothing here has'
press F3
shows 'what there is nothing for is told' 'Nothing is selected here'
run_command areas
wait_for '10 rows'
press z
shows 'a key that does nothing says so' 'z does nothing here'
press Down
press q
wait_for '0 of 30 children'
hides 'a message goes with the view that it was said in' 'does nothing here'
press F4
shows 'an opening that is taken back names the parent once' "Taken back: opening $(parent 1)\$"

press C-c
wait_for 'Enter or y: leave'
press y
wait_for 'ended with status 0'
tmux_ kill-server

start_working --demo
shows 'a demonstration says which key is its scanner' 'F12 is the scanner'
press F12
shows 'and it is' 'OPENED'
