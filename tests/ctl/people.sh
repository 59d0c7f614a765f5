# shellcheck shell=bash
# Logging in, the kept session, accounts.

session=$XDG_STATE_HOME/tracetrack/session
nobody=$(free_port)
secret() {
    printf '%s\n' "$2" >"$tmp/$1"
    chmod 600 "$tmp/$1"
}
secret wrong "not the password"
secret empty ""
secret new "long enough"
secret short "1234567"
printf 'x' >"$tmp/open"
chmod 644 "$tmp/open"

row "a wrong password" 77 '' 'name or password is wrong' \
    ctl --user dispatcher002 --password-file "$tmp/wrong" session check
row "the right one after it" 0 $'login\tdispatcher002' '' as dispatcher002 session check
row "a name that nobody has" 77 '' 'name or password is wrong' \
    ctl --user nobody --password-file "$tmp/wrong" session check
row "five wrong passwords lock out" 77 '' '(wrong|[Tt]oo many)' sh -c \
    "for i in 1 2 3 4 5; do $B/tracetrackctl --user dispatcher003 --password-file $tmp/wrong session check 2>/dev/null; done;
    exec $B/tracetrackctl --user dispatcher003 --password-file $tmp/wrong session check"
row "then the right one does not help at once" 77 '' '[Tt]oo many wrong' as dispatcher003 session check
row "and the administrator sees it" 0 $'dispatcher003\t[^\n]*locked' '' as admin user list
row "a password file that others can read" 78 '' 'can be read by others.*chmod 600' \
    ctl --user dispatcher --password-file "$tmp/open" session check
row "the same at a station" 78 '' 'can be read by others' \
    tracetrack --headless --user dispatcher --password-file "$tmp/open"
row "a password file that is not there" 78 '' "can't read the password file" \
    ctl --user dispatcher --password-file "$tmp/none" session check
row "a password file with nothing in it" 78 '' 'is empty' \
    ctl --user dispatcher --password-file "$tmp/empty" session check
secret longer "$(many 600 x)"
row "a password longer than any" 78 '' 'longer than' \
    ctl --user dispatcher --password-file "$tmp/longer" session check

row "the database does not run" 69 '' "can't be reached" \
    ctl --dsn "$(dsn_with host=127.0.0.1 hostaddr=127.0.0.1 port="$nobody" sslmode=disable)" system version
row "a host that is none" 69 '' "can't be" \
    ctl --dsn "$(dsn_with host=no.such.host.invalid hostaddr=)" system version
row "a wrong password of the connection string" 78 '' 'authentication.*[Cc]heck the user name and password' \
    ctl --dsn "$(dsn_with passfile=/dev/null password=wrong)" system version
row "another authority's certificate" '6?' '' 'certificate' \
    ctl --dsn "$(dsn_with sslrootcert=/etc/ssl/certs/ca-certificates.crt)" system version

# ---- the kept session

row "nobody is logged in" 77 '' 'nobody is logged in.*--user NAME login' ctl session check
row "logout of nobody" 0 '' '' ctl logout
row "login" 0 '' '' as dispatcher login
check "its file is readable by its owner only" test "$(stat -c %a "$session")" = 600
check "so is its folder" test "$(stat -c %a "${session%/*}")" = 700
row "calls use it" 0 $'login\tdispatcher\n' '' ctl session check
no_secret_in_output() { ! grep -qF "$(cat "$session")" <(ctl session check; ctl session check --json; ctl session check --csv); }
check "its token is never printed" no_secret_in_output
row "another login takes its place" 0 '' '' as supervisor login
row "and is used" 0 $'login\tsupervisor\n' '' ctl session check
cp "$session" "$tmp/ended"
row "logout" 0 '' '' ctl logout
check "takes the file away" test ! -e "$session"
cp "$tmp/ended" "$session"
row "the session is over on the server too" 77 '.*' 'session has ended.*login' ctl session check
row "for a list as well" 77 '' 'session has ended' ctl family list
printf 'no token\x1b[31m at all' >"$session"
row "a damaged session file" 77 '.*' 'session has ended' ctl session check
rm "$session"
row "a home that can't be written" 74 '' "session can't be kept.*--state-dir" \
    as dispatcher --state-dir /proc/tracetrack login
sessions() { psql -XAt "$TRACETRACK_DSN_ADMIN" -c "select count(*) from tracetrack.session s
    join tracetrack.person p on p.id = s.person_id where p.login = 'dispatcher004' and s.revoked_at is null"; }
row "one call with --user" 0 'jaipur' '' as dispatcher004 area list
check "leaves no session behind" test "$(sessions)" = 0
row "a login that can't be kept" 74 '' "can't be kept" as dispatcher004 --state-dir /proc/tracetrack login
check "leaves none behind either" test "$(sessions)" = 0

# ---- accounts

create() { as admin user create "$@" --new-password-file "$tmp/new"; }
row "a dispatcher" 0 $'outcome\tok' '' create "asha$run" --name "Asha Rao" --role dispatcher --area jaipur
row "the same again" 1 $'outcome\texists' '' create "asha$run" --name "Asha Rao" --role dispatcher --area jaipur
row "logs in" 0 $'name\tAsha Rao\nrole\tdispatcher\narea\tjaipur' '' \
    ctl --user "asha$run" --password-file "$tmp/new" session check
row "in any letters" 0 $'login\tasha' '' ctl --user "ASHA$run" --password-file "$tmp/new" session check
row "is in the list" 0 $'asha[0-9]+\tAsha Rao\tdispatcher\tjaipur\tactive' '' as admin user list --limit 1000
row "a dispatcher without an area" 1 $'outcome\tbad_value' '' create "a$run" --name A --role dispatcher
row "an area that there is not" 1 $'outcome\tunknown_area' '' create "b$run" --name B --role dispatcher --area atlantis
row "a role that there is not" 1 $'outcome\tbad_value' '' create "c$run" --name C --role king
row "a login with control bytes" 1 $'outcome\tbad_value' '' create $'d\e[31m' --name D --role biller
row "a name with control bytes becomes harmless" 0 $'outcome\tok' '' create "e$run" --name $'E\e]0;x\a' --role biller
row "and is listed so" 0 $'\tE \\]0;x\tbiller' '' as admin user list --limit 1000
row "a login that is none" 1 $'outcome\tbad_value' '' create "" --name F --role biller
row "a short password" 64 '' 'at least 8' \
    as admin user create "g$run" --name G --role biller --new-password-file "$tmp/short"
row "without the right" 77 '.*' 'may not do' \
    as supervisor user create "h$run" --name H --role biller --new-password-file "$tmp/new"
row "no password to be had" 64 '' 'Give --new-password-file' \
    as admin --no-input user create "i$run" --name I --role biller

# ---- asked for on a terminal

# on_terminal COMMAND PROMPT TYPED: what the command says on a terminal of its own.
on_terminal() {
    local command=$1 prompt=$2 typed=$3 said='' char pid
    coproc TERMINAL { exec script -qec "$command" /dev/null 2>&1; }
    # shellcheck disable=SC2153
    pid=$TERMINAL_PID
    local in=${TERMINAL[0]} out=${TERMINAL[1]} from to
    exec {to}>&"$out" {from}<&"$in" {out}>&- {in}<&-
    until [[ $said == *"$prompt"* ]]; do
        IFS= read -r -t 30 -N 1 char <&"$from" || break
        said+=$char
    done
    printf '%b' "$typed" >&"$to"
    cat <&"$from"
    exec {to}>&- {from}<&-
    wait "$pid"
}

asked="$B/tracetrackctl --user dispatcher session check"
password=$(cat "$passwords/dispatcher")
row "a password that is typed" 0 $'login *\tdispatcher|login +dispatcher' '' \
    on_terminal "$asked | cat" 'Password: ' "$password\n"
check "is not shown" test -z "$(grep -F "$password" "$tmp/out")"
row "a wrong one that is typed" 77 'password is wrong' '' on_terminal "$asked" 'Password: ' 'wrong\n'
row "Ctrl-C at the question" '*' '[^-]echo ' '' \
    on_terminal "trap : INT; $asked; stty -a" 'Password: ' '\003'
row "the end of the input at the question" '*' 'no password' '' \
    on_terminal "$asked" 'Password: ' '\004'

# ---- somebody's badge is scanned where another works

input="TT:USER:DISPATCHER005
not the password
SB9${run}1
:quit
"
row "a take-over with a wrong password leaves who works there at work" 0 \
    'Badge of dispatcher005.*password is wrong.*: dispatcher \(dispatcher.*SB9'"$run"'1 is open' '' \
    plain "TAKE-$run"
input="TT:USER:DISPATCHER005

SB9${run}1
:quit
"
row "so does one that is given up" 0 'dispatcher005:.*: dispatcher \(dispatcher.*SB9'"$run"'1 goes on' '' \
    plain "TAKE-$run"
input="TT:USER:DISPATCHER005
$(cat "$passwords/dispatcher005")
SB9${run}1
:quit
"
row "one that succeeds puts the other in the place" 0 ': dispatcher005 \(dispatcher.*SB9'"$run"'1 goes on' '' \
    plain "TAKE-$run"
input=
