#!/bin/bash
# Lists of nouns: filter, sort, mark, export, pages, and who is offered which.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

quit() {
    press q
    press q
    wait_for ' no parent'
    press C-c
    wait_for 'Leave this station'
    press y
    wait_for 'ended with status 0'
    tmux_ kill-server
}

start --user admin --password-file "$TRACETRACK_DEMO_PASSWORDS/admin"
wait_for ' no parent'
run_command areas
wait_for '10 rows'
screen_is list-areas
press s s
wait_for 'name\+'
press S
wait_for 'name-'
shows 'sorted by name, the last first' 'sri_ganganagar'
type_filter ra
shows 'what is typed filters at once' '"ra"  [0-9]+ rows'
ok 'and leaves what has it' is_shown 'ranchi'
ok 'but not the others' eval '! is_shown indore'
press Enter
press m
wait_for '^\*'
press e
shows 'marked rows are exported' '1 row in areas-[0-9-]*\.csv of /'
ok 'into a file of this user only' eval '[ "$(stat -c %a "$work"/state/DOCK-03/exports/areas-*)" = 600 ]'
ok 'with names and the marked row' eval '[ "$(wc -l <"$(echo "$work"/state/DOCK-03/exports/areas-*)")" = 2 ]'
press /
press Escape
shows 'Esc in the filter shows all again' '10 rows'
press Enter
shows 'Enter opens' 'Areas > '
press q
press q
wait_for ' no parent'

# Some pages: more people than are read at once.
run_command people
wait_for '100\+ rows'
press End
shows 'the end of what is known is read on' '200\+ rows'
press End
shows 'to the end of the list' '[0-9]{3} rows'
press Home
shows 'and back' 'admin +admin'
type_filter disp200
wait_for 'Nothing here has'
screen_is list-nothing
press C-u
# one who never logs in
type_text 'dispatcher188' '^/dispatcher188'
press Enter
shows 'a person is found' 'dispatcher188 +'
screen_is list-people
press Enter
wait_for 'People > dispatcher188'
screen_is record-person
quit

start -s 132x43 -e NO_COLOR=1 --user admin --password-file "$TRACETRACK_DEMO_PASSWORDS/admin"
wait_for ' no parent'
run_command families
wait_for 'mustard'
screen_is list-families-132x43
resize 40x16
wait_for 'mustard'
screen_is list-families-40x16
quit

start --user dispatcher --password-file "$TRACETRACK_DEMO_PASSWORDS/dispatcher"
wait_for ' no parent'
press F10
wait_for 'areas'
ok 'a dispatcher is offered areas' is_shown 'areas'
ok 'but not people' eval '! is_shown "people +who works"'
