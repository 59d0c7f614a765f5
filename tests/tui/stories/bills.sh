#!/bin/bash
# A bill is scanned, then the parents that go onto it.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

as() {
    "$(dirname "$program")/tracetrackctl" --user "$1" \
        --password-file "$TRACETRACK_DEMO_PASSWORDS/$1" "${@:2}" >"$work/said"
}
for i in 1 2 3; do
    as dispatcher scan parent "$(parent "$i")"
    as dispatcher scan child "$(child "0$i")" "$(parent "$i")"
    [ "$i" = 3 ] || as dispatcher scan finish "$(parent "$i")"
done
bill=BILL-$(child A)
as biller bill create --number "$bill" --destination "Hisar yard" --capacity 3

start --user biller --password-file "$TRACETRACK_DEMO_PASSWORDS/biller"
wait_for ' no parent'
scan "$bill"
wait_for '0 of 3 parents$'
shows 'what to do now' 'Scan the parents that go onto (it|this bill)'
scan "$(parent 1)"
wait_for '1 of 3 parents$'
scan "$(parent 2)"
wait_for '2 of 3 parents$'
scan "$(parent 3)"
wait_for 'is still open'
screen_is bill-two

press F4
wait_for '1 of 3 parents$'
shows 'the last is off' 'is off'
scan "$(parent 2)"
wait_for '2 of 3 parents$'
press F2
wait_for 'has 2 of 3 parents'
press F3
wait_for 'Why is'
shows 'why a bill is not full' 'the truck is full'
press Enter
wait_for 'COMPLETED'
screen_is bill-completed

# The completed bill on paper: what tracetrackctl prints, in a file.
printed() { cat "$work"/state/*/exports/bill-*.txt; }
run_command bills
wait_for 'Bills .* row'
type_filter "$bill"
press Enter
wait_for "^. $bill"
press_until "Bills > $bill" Enter
wait_for 'p prints'
screen_is record-bill
press F9
shows 'where the printed bill is' "$bill in bill-[0-9-]*\.txt of "
as biller bill print "$bill"
ok 'it is the text that tracetrackctl prints' [ "$(printed)" = "$(cat "$work/said")" ]
ok 'for nobody else' [ "$(stat -c %a "$work"/state/*/exports/bill-*.txt)" = 600 ]
mv "$work"/state/*/exports "$work/kept"
touch "$work/state/$dock/exports"
press p
shows 'a folder that is none is told' 'It could not be written: Not a directory'
rm "$work/state/$dock/exports"
run_command print
shows 'as a command too' "$bill in bill-"
press q
wait_for '^Bills .* row'
press F2
wait_for 'New bill'
type_text 'B 7' 'number +B 7'
press Tab
type_text 'Hisar' 'destination . +Hisar'
press Tab Tab
type_text '3' 'capacity . +3'
press F2
shows 'a number that is none of a bill is told as such' "B 7 can't be the number of a bill\\. Leave"
press Escape
wait_for 'Leave\?'
press Enter
wait_for '^Bills .* row'
run_command areas
wait_for 'rows$'
press Enter
wait_for 'Areas > '
press p
shows 'what is no paper is not printed' 'p does nothing here'
