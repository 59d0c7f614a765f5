#!/bin/bash
# A book of all views at two sizes, each with and without colour: a page is what the whole screen
# shows, blank rows left out. Both modes have the same book; without colour there is none, and what
# colour tells is told by a mark, a word or an attribute as well (alone.awk).
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

# ---- one telling, as a process of its own: views.sh BOOK SIZE NAME=VALUE STATION

# page TITLE REGEX: when the screen shows it and rests.
page() {
    local text
    wait_for "$2"
    text=$(masked_at_rest)
    { printf '==== %s\n' "$1"; sed '/^$/d; /^cursor/d' <<<"$text"; } >>"$book"
    tmux_ capture-pane -e -p -t t >>"$book.painted"
}
# glance REGEX: a page whose figures are never the same: only its paint is kept.
glance() {
    wait_for "$1"
    tmux_ capture-pane -e -p -t t >>"$book.glanced"
}
back() {
    press q
    wait_for "$home"
}
log_in() {
    press C-u
    type_text "$1" "User +$1"
    press Enter
    tmux_ send-keys -t t -l "$(cat "$TRACETRACK_DEMO_PASSWORDS/$1")"
    wait_for '•••••••|\*\*\*\*\*\*\*'
    press Enter
}

tell_scans() {
    # However busy the machine is, an answer is waited for: "queued" is another story.
    start -s "$size" -e "$mode" --answer-within 5000
    page login 'Log in to scan'
    log_in dispatcher
    page scan ' no parent'
    scan "$(parent 1)"
    page 'a parent' 'OPENED'
    scan "$(child 01)"
    page 'a child' 'LINKED'
    scan "$(parent 1)"
    page 'the parent again' 'RESUMED'
    scan 'not a code'
    page 'a code of nothing' 'REFUSED'
    scan 'A\033B'
    page 'a label that is spoilt' 'TROUBLE'
    scan "$(parent 2)"
    wait_for 'OPENED'
    scan "$(child 01)"
    page 'a child of another' 'REFUSED'
    press F6
    page 'moved' 'MOVED'
    press F4
    page 'and back' 'UNDONE'
    press F3
    page 'short' 'Why is'
    press Enter
    page 'closed short' 'SHORT'
    press F5
    type_text "$(child 01)" "Code: $(child 01)"
    press Enter
    page 'looked up' 'Timeline'
    press Escape
    wait_for ' SHORT'
    press F1
    page help '^Search:'
    press Escape
    wait_for ' SHORT'
    press F9
    glance 'Answer 1 of'
    press Escape
    wait_for ' SHORT'
    run_command log-out
    wait_for 'Log in to scan'
    log_in admin
    home=' SHORT'
    wait_for "$home"
}

tell_dialogs() {
    press F10
    page menu '─ Menu'
    press Escape
    wait_for "$home"
    press F5
    page lookup '^ Code:'
    press Escape
    wait_for "$home"
    press F8
    page devices 'Lane +State'
    back
    press :
    page prompt '^:'
    press Escape
    wait_for "$home"
    press C-c
    page 'before leaving' 'Enter or y: leave'
    press n
    hides 'what it asks may be declined' 'Enter or y: leave'
}

# Of a list the words that no row has, so that it is the same in every database.
tell_nouns() {
    local name words
    for name in bags bills returns people requests sessions areas stations families exceptions \
        notifications approvals by-biller by-day by-hour by-person by-station by-area by-outcome \
        audit settings; do
        run_command "$name"
        wait_for '[0-9]\+? rows?$|There is nothing here'
        words=zqz
        [ "$name" != audit ] || words=person=zqz # too long to be filtered here
        type_filter "$words"
        [ "$name" != bags ] || page 'a filter' 'Esc takes it away'
        press Enter
        page "$name" "Nothing here has \"$words\""
        back
    done
    run_command areas
    wait_for '10 rows'
    press s m
    page 'areas, sorted and marked' '^\* akola'
    press Home Enter
    page 'one of them' 'Areas > '
    press a
    page 'what can be done with it' '─ Areas'
    press Enter
    page 'its form' 'Change an area'
    press Escape
    wait_for 'Areas > '
    press q
    wait_for '10 rows'
    back
    for name in dashboard today health; do
        run_command "$name"
        glance 'scans today|came of them|^ server'
        back
    done
}

tell_forms() {
    local name
    for name in password pin second-factor backup-codes second-factor-off; do
        run_command "$name"
        page "$name" 'Tab changes the field'
        press Escape
        wait_for "$home"
    done
    run_command people
    wait_for 'rows?$'
    press n
    page 'a new person' 'New person'
    press F2
    page 'and what it lacks' 'is needed'
    press Escape
    wait_for 'rows?$'
    back
}

if [ $# = 4 ]; then
    book=$1 size=$2 mode=$3 dock=$4
    tell_scans
    tell_dialogs
    tell_nouns
    tell_forms
    exit
fi

# ---- four tellings at once, most of whose time is waiting

telling=()
n=1
for size in 80x24 132x43; do
    for mode in color NO_COLOR; do
        bash "$0" "$work/$size-$mode" "$size" "$mode=1" DOCK-1$n &
        telling+=($!)
        n=$((n + 1))
    done
done
servants+=("${telling[@]}")
wait "${telling[@]}"

painted_with_color() { cat "$1".painted "$1".glanced | grep -cE $'\033\\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]'; }
for size in 80x24 132x43; do
    golden=$here/golden/views-$size.txt
    color=$work/$size-color plain=$work/$size-NO_COLOR
    [ -z "${GENERATE:-}" ] || cp "$color" "$golden"
    ok "the views at $size" diff "$golden" "$color"
    ok "the same without colour at $size" diff "$golden" "$plain"
    ok "there is colour at $size" [ "$(painted_with_color "$color")" -gt 100 ]
    ok "and none without at $size" [ "$(painted_with_color "$plain")" = 0 ]
    ok "colour tells nothing alone at $size" \
        env LC_ALL=C awk -f "$here/alone.awk" "$plain.painted" "$color.painted"
done
