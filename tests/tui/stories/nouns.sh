#!/bin/bash
# Bags, bills and returns from list to details and forms; every list that there is opens.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

leave() {
    press C-c
    wait_for 'Enter or y: leave'
    press y
    wait_for 'ended with status 0'
    tmux_ kill-server
}
new_bill() { # at the list of bills
    press n
    wait_for 'New bill'
    press Tab # its number is issued
    tmux_ send-keys -t t -l "Indore $run_number"
    press Tab Tab
    tmux_ send-keys -t t -l '40'
    press F2
}

start_working
scan "$(parent 1)"
wait_for 'OPENED'
for n in 01 02 03; do scan "$(child $n)"; done
wait_for '3 of 30 children'
run_command bags
wait_for 'Bags'
type_filter "SB$run_number"
shows 'bags are searched' "exact|prefix"
press Enter
screen_is list-bags
press Enter
wait_for 'Timeline'
screen_is record-bag
scan "$(child 02)"
shows 'a scanned code goes to its bag' 'position +2'
press q
press q
wait_for '3 of 30 children'
run_command recent
wait_for 'Recent scans'
scan "$(parent 9)"
shows 'a list follows what happens' "parent +opened +$(parent 9)"
press q
wait_for 'since .* scans'
run_command bags
wait_for 'rows'
type_filter 'state=open role=parent'
shows 'parameters filter too' 'open'
press C-u
type_text 'state=opn' '^/state=opn'
shows 'and are refused with a reason' 'state must be unused'
press Escape
hides 'Esc takes the filter away' 'state=opn'
press q
wait_for 'since .* scans'
leave

start --user biller --password-file "$TRACETRACK_DEMO_PASSWORDS/biller"
wait_for ' no parent'
run_command bills
wait_for 'Bills'
new_bill
shows 'a bill is made' "✔ .*bill "
type_filter "$run_number"
wait_for "open +Indore $run_number"
press Enter
press_until 'Bills > ' Enter # it may be reading still
shows 'it has its facts' "destination +Indore $run_number"
press a
shows 'and what a biller can do with it' 'Change a bill'
press q
press q
press q
wait_for ' no parent'
run_command returns
wait_for 'Returns'
press n
wait_for 'New return'
tmux_ send-keys -t t -l "gate $run_number"
press F2
shows 'a ticket is opened' '✔ .*ticket'
type_filter "gate $run_number"
wait_for "gate $run_number"
press Enter
press_until 'Returns > ' Enter
scan "$(parent 1)"
shows 'a scan goes onto the ticket, or is told why not' "$(parent 1)"
press q
press q
wait_for ' no parent'
hides 'and was none of the lane' 'OPENED'
leave

start --user admin --password-file "$TRACETRACK_DEMO_PASSWORDS/admin"
wait_for ' no parent'
press F10
wait_for 'Menu'
names=$(snapshot | sed -n '/Menu/,/ help /p' | grep -oE '│ {6,}[a-z-]+' | tr -d '│ ' | grep -v dashboard)
press Escape
hides 'the menu is gone' '─ Menu'
for name in $names; do
    run_command "$name"
    wait_for '([0-9]+\+?) rows?$|^ server|^ day|There is nothing here'
    ok "$name opens" eval '! is_shown "does not exist|column|There is no command"'
    press q
    wait_for ' no parent'
done

# What it has written. A library's pages that it only reads count as its own while no other process
# happens to have them.
written() { awk '/^Private_Dirty/ { kb += $2 } END { print kb }' "/proc/$station/smaps"; }
if grep -q __asan_init "$program"; then
    echo "ok - $STORY: memory stays under 4 MB # skip a sanitizer takes its own"
else
    echo "# $(written) kB"
    ok 'memory stays under 4 MB' [ "$(written)" -lt 4096 ]
fi
