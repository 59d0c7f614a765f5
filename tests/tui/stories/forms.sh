#!/bin/bash
# Forms: checked by the table, kept through a refusal, an outage and an expired session, never sent
# twice.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

sql() { psql "$TRACETRACK_DSN_ADMIN" -qAtX -c "$1"; }
made() { sql "select count(*) from tracetrack.person where login = '$1'"; }
fill() { # TEXT: the field with the cursor, then the next
    tmux_ send-keys -t t -l "$1"
    press Tab
}

start --call-timeout 2000 --user admin --password-file "$TRACETRACK_DEMO_PASSWORDS/admin"
wait_for ' no parent'
run_command people
wait_for 'rows'
press n
wait_for 'New person'
screen_is form-person
resize 40x16
wait_for 'Esc leaves'
screen_is form-person-40x16
resize 80x24
press F2
shows 'what is missing is told' 'Login is needed'
fill "t$run_number"
fill 'Ravi'
fill 'dispatcher'
fill 'nowhere'
press Tab
fill 'secret-1'
tmux_ send-keys -t t -l 'secret-2'
press F2
shows 'passwords must be the same' 'The passwords differ'
press C-u
tmux_ send-keys -t t -l 'secret-1'
press F2
shows 'a refusal is told' '[Nn]o such area|area'
ok 'nobody was made' [ "$(made "t$run_number")" = 0 ]
press Escape
shows 'leaving asks first' 'What was typed here is lost'
press n
hides 'and stays' 'What was typed here is lost'

# The session ends meanwhile: log in on top, the form is as it was.
press BTab BTab BTab
press C-u
tmux_ send-keys -t t -l 'jaipur'
sql "update tracetrack.session set revoked_at = now() where revoked_at is null and person_id =
    (select id from tracetrack.person where login = 'admin')"
press F2
wait_for 'The session has ended'
tmux_ send-keys -t t -l "$(cat "$TRACETRACK_DEMO_PASSWORDS/admin")"
press Enter
wait_for 'New person'
shows 'the form is as it was' 'jaipur'
ok 'and says what to do' is_shown 'log in, then press F2 again'
ok 'still nobody was made' [ "$(made "t$run_number")" = 0 ]

# The database does not answer: asked again, it is done once.
database_stops
press F2
shows 'no answer is told as that' 'It may have been done'
database_returns
press_until 'People  ' F2 # as advised: at first the link may still be on its way back
shows 'it is done' "✔ .*t$run_number"
ok 'once' [ "$(made "t$run_number")" = 1 ]
type_filter "t$run_number" # 1 row
shows 'the list has the new one' 'Ravi'
