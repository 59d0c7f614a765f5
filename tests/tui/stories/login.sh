#!/bin/bash
# Logging in: a wrong password, the right one, a badge, locking.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

who=$(printf 'dispatcher%03d' $((RANDOM % 200 + 1)))
start
wait_for '● db'
screen_is login
type_text "$who" "$who"
press Enter
type_text 'xyzzy' '•••••'
press Enter
shows 'a wrong password is told' '[Uu]ser name or password is wrong'
ok 'and never shown' eval '! is_shown xyzzy'
password=$(cat "$TRACETRACK_DEMO_PASSWORDS/$who")
type_text "$password" '••••••••'
press Enter
shows 'the right one lets in' "DOCK-03  $who \(dispatcher\)"

burst 'TT:LOCK'
shows 'a lock code locks' 'This station is locked'
burst "TT:USER:${who^^}"
shows 'a badge fills in the name' "User +$who"
type_text "$password" '••••••••'
press Enter
shows 'and the password unlocks' 'Scan a parent'

other=$(printf 'dispatcher%03d' $((10#${who#dispatcher} % 200 + 1)))
burst "TT:USER:${other^^}"
shows 'the badge of another asks for the password' "User +$other"
type_text 'xyzzy' '•••••'
press Enter
shows 'a wrong one is told' '[Uu]ser name or password is wrong'
press Escape
shows 'and who works here works on' "DOCK-03  $who \(dispatcher\)"
scan "$(parent 1)"
shows 'and scans' "$(parent 1) +mustard"
burst "TT:USER:${other^^}"
hides 'the next badge begins anew' 'password is wrong'
type_text "$(cat "$TRACETRACK_DEMO_PASSWORDS/$other")" '••••••••'
press Enter
shows 'and the right one takes over' "DOCK-03  $other \(dispatcher\)"
