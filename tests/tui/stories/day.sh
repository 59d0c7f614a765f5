#!/bin/bash
# A day over ssh, by everyone who has a part in it: a dispatcher fills a bag, a biller puts it onto a
# bill and has it printed, a supervisor looks what the day came to.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/tui/ssh.sh
. "$here/ssh.sh"

log_in() {
    wait_for 'Log in to scan'
    press C-u
    type_text "$1" "User +$1"
    press Enter
    tmux_ send-keys -t t -l "$(cat "$TRACETRACK_DEMO_PASSWORDS/$1")"
    wait_for '•••••••'
    press Enter
    wait_for "ssh-$account  $1 "
}
at_office() {
    on_terminal "$office" xterm -- --user "$1" login
    wait_for 'Password'
    press -l "$(cat "$TRACETRACK_DEMO_PASSWORDS/$1")"
    press Enter
    wait_for 'ssh ended with status 0'
    tmux_ kill-server
}

on_terminal "$floor" xterm-256color
log_in dispatcher
shows 'a new hand is told how to begin' 'Scan a parent to begin'
burst "$(parent 1)"
wait_for 'OPENED'
shows 'and how to go on' 'Scan its children'
for n in 01 02 03; do
    burst "$(child $n)"
    wait_for "$((10#$n)) of 30 children"
done
press F2
wait_for 'FINISHED'
run_command today
shows 'a dispatcher sees what today came to' 'Scans, parents and weight'
figures=$(snapshot | sed -n '/^ Scans, parents/,/^$/s/^ \([a-z]*\) .*/\1/p' | tr '\n' ' ')
ok 'how many, and then what came of them' \
    [ "$figures" = 'scans done again refused linked opened closed weight people stations ' ]
press q
wait_for 'FINISHED'
run_command log-out

log_in biller
run_command bills
wait_for 'rows?$|nothing here'
press n
wait_for 'New bill'
shows 'a form says what a field is for' 'its number; issued when not given'
bill=BILL-DAY$run_number
type_text "$bill" "number +$bill"
press Tab
type_text 'Hisar yard' 'destination .* +Hisar yard'
press Tab Tab
type_text 2 'capacity .* +2'
press F2
shows 'the bill is made' "✔ Done: bill $bill"
type_filter "$bill"
wait_for "$bill +open"
press Enter # of the filter
press_until "Bills > $bill" Enter
shows 'what happened to it is told by its name' '[0-9]  bill create +biller'
press q
wait_for '^Bills +"'
press q
wait_for 'F2 Finish|2Finish'
burst "$bill"
wait_for '0 of 2 parents'
burst "$(parent 1)"
shows 'a parent goes onto it' 'BILLED'
press F3
wait_for "Why is $bill"
press Down
press Enter
shows 'and the bill is complete' "COMPLETED +$bill is complete with 1 parent, 3 children"
run_command by-biller
shows 'with what the biller did today' 'biller +[1-9]'
press q
wait_for 'COMPLETED'
run_command log-out

log_in supervisor
run_command today
shows 'a supervisor sees what the day came to' 'zone +Asia'
press PageDown
hides 'and a window further on' 'zone +Asia'
press End
shows 'down to its bills' 'completed +[1-9]'
press q
wait_for 'COMPLETED'
run_command health
shows 'and how large the database is' '^ bytes +[0-9.]+ MB$'
press PageDown
shows 'with two digits of what is no whole number' '^ cache hit +[0-9]+\.[0-9]{2}$'
press q
wait_for 'COMPLETED'
run_command dashboard
shows 'and the dashboard' 'bills done'
press q
wait_for 'COMPLETED'
run_command quit
wait_for 'Leave this station'
press y
wait_for 'ssh ended with status 0'
tmux_ kill-server

at_office biller
on "$office" -- bill print "$bill"
ok 'the bill is printed' said "1 +$(parent 1) +3 +3.000"
ok 'as completed' said '^ State +completed'
on "$office" -- bill print "$bill" --pdf -
ok 'or as PDF' test "$(head -c 5 "$work/out")" = %PDF-
on "$office" -- logout
at_office supervisor
on "$office" -- summary print
ok 'and the end of the day' said 'biller'
