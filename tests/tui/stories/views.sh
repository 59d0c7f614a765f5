#!/bin/bash
# A book of all views at two sizes, one of them without colour: each page is what the whole screen
# shows, blank rows left out.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

colored() { tmux_ capture-pane -e -p -t t | grep -qE $'\033\\[[0-9;]*(3[0-7]|4[0-7]|38;5|48;5)'; }

# page TITLE REGEX: when the screen shows it and rests.
page() {
    local before=
    wait_for "$2"
    until [ "$(masked)" = "$before" ]; do
        before=$(masked)
        sleep 0.1
    done
    { printf '==== %s\n' "$1"; sed '/^$/d; /^cursor/d' <<<"$before"; } >>"$book"
}
back() {
    press q
    wait_for ' no parent'
}

# Of a list the words that no row has, so that it is the same in every database.
tell_nouns() {
    local name words
    for name in bags bills returns people requests sessions areas stations families exceptions \
        notifications approvals by-day by-hour by-person by-station by-area by-outcome audit \
        settings; do
        run_command "$name"
        wait_for '[0-9]\+? rows?$|There is nothing here'
        words=zqz
        [ "$name" != audit ] || words=person=zqz # too long to be filtered here
        type_filter "$words"
        press Enter
        page "$name" "Nothing here has \"$words\""
        back
    done
}

tell_forms() {
    local name
    for name in password pin second-factor backup-codes second-factor-off; do
        run_command "$name"
        page "$name" 'Tab changes the field'
        press Escape
        wait_for ' no parent'
    done
    run_command people
    wait_for 'rows?$'
    press n
    page 'a new person' 'New person'
    press Escape
    wait_for 'rows?$'
    back
}

tell_dialogs() {
    press F10
    page menu '─ Menu'
    press Escape
    wait_for ' no parent'
    press F5
    page lookup '^ Code:'
    press Escape
    wait_for ' no parent'
    press F8
    page devices 'Lane +State'
    back
    press F9
    page details 'Details'
    back
    press :
    page prompt '^:'
    press Escape
    wait_for ' no parent'
    press C-c
    page 'before leaving' 'Enter or y: leave'
    press n
    hides 'what it asks may be declined' 'Enter or y: leave'
}

for run in '80x24 NO_COLOR=' '132x43 NO_COLOR=1'; do
    size=${run% *}
    book=$work/book-$size
    start -s "$size" -e "${run#* }" --user admin \
        --password-file "$TRACETRACK_DEMO_PASSWORDS/admin"
    page scan ' no parent'
    if [ "${run##*=}" = 1 ]; then
        ok 'one of them has no colour' eval '! colored'
    else
        ok 'and one has' colored
    fi
    tell_dialogs
    tell_nouns
    tell_forms
    golden=$here/golden/views-$size.txt
    [ -z "${GENERATE:-}" ] || cp "$book" "$golden"
    ok "the views at $size" diff "$golden" "$book"
    tmux_ kill-server
    until_gone "$station"
done
