# shellcheck shell=bash disable=SC2154
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

row "the database does not run" 69 '' "can't be reached.*Scans at a station are kept.*anything else again" \
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
# The first byte that it writes to a file ends it.
killed_login() { (ulimit -c 0 -f 0; exec "$B/tracetrackctl" --user dispatcher --password-file "$passwords/dispatcher" login); }
killed_by_login() { killed_login >/dev/null 2>&1; [ $? = $((128 + $(kill -l XFSZ))) ]; }
beside=$(ls -A "${session%/*}")
check "a login that is killed while it keeps its session" killed_by_login
row "leaves the one that was kept before" 0 $'login\tsupervisor\n' '' ctl session check
check "and nothing beside it" test "$(ls -A "${session%/*}")" = "$beside"
chmod 644 "$session"
row "a file that others could read" 0 '' '' as supervisor login
check "is its owner's again" test "$(stat -c %a "$session")" = 600
cp "$session" "$tmp/ended"
row "logout" 0 '' '' ctl logout
check "takes the file away" test ! -e "$session"
cp "$tmp/ended" "$session"
row "the session is over on the server too" 77 '.*' 'session has ended.*login' ctl session check
row "for a list as well" 77 '' 'session has ended' ctl family list
printf 'no token\x1b[31m at all' >"$session"
row "a damaged session file" 77 '.*' 'session has ended' ctl session check
printf '\xff\xfe\x1b[31m' >"$session"
row "one that is no text" 77 '' 'nobody is logged in' ctl session check
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
row "a dispatcher without an area" 1 $'outcome\tarea_needed' '' create "a$run" --name A --role dispatcher
row "an area that there is not" 1 $'outcome\tunknown_area' '' create "b$run" --name B --role dispatcher --area atlantis
row "a role that there is not" 64 "" 'role must be dispatcher, .*not "king"' create "c$run" --name C --role king
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

# ---- a one-time password

code_of() { sed -n $'s/^code\t//p' "$tmp/out"; }
asha() { ctl --user "asha$run" --password-file "$@"; }
secret mine "a password of mine"
row "a reset by who may not" 77 '.*' 'may not do' as supervisor user reset "asha$run"
row "by an administrator" 0 $'outcome\tok\n.*code\t[a-z2-9-]{14}\nonce_until\t' '' as admin user reset "asha$run"
secret once "$(code_of)"
row "the old password is none" 77 '' 'password is wrong' asha "$tmp/new" session check
row "the one-time password, and nobody to ask" 64 '' 'no terminal.*new-password-file' asha "$tmp/once" --no-input login
input=$'state\n'
row "at a station" 77 '' 'one-time password.*login' \
    tracetrack --headless --station "ONCE-$run" --user "asha$run" --password-file "$tmp/once"
input=
row "a new one that is too short" 64 '' 'at least 8' asha "$tmp/once" login --new-password-file "$tmp/short"
row "a new one" 0 '' '' asha "$tmp/once" login --new-password-file "$tmp/mine"
row "which opened a session" 0 $'login\tasha'"$run" '' ctl session check
row "the one-time password was good once" 77 '' 'password is wrong' asha "$tmp/once" session check
row "the new one is good" 0 $'login\tasha'"$run" '' asha "$tmp/mine" session check
row "a change of password with a wrong one" 1 $'outcome\twrong_password' '' \
    ctl --password-file "$tmp/wrong" session password --new-password-file "$tmp/new"
row "with the right one" 0 $'outcome\tok' '' \
    ctl --password-file "$tmp/mine" session password --new-password-file "$tmp/new"
row "it is another now" 0 $'login\tasha'"$run" '' asha "$tmp/new" session check
row "a PIN with letters" 64 '' 'a PIN is 4 to 6 digits' asha "$tmp/new" session pin --new-password-file "$tmp/mine"
row "no PIN to take away" 0 $'outcome\tunchanged' '' asha "$tmp/new" session pin --off yes
ctl logout

# ---- the second factor

# As if no code had been taken yet.
forget_codes() { psql -XAtq "$TRACETRACK_DSN_ADMIN" -c 'update tracetrack.person_totp set last_step = 0'; }
row "enrolling" 0 $'secret\t[A-Z2-7]{32}\nuri\totpauth://totp/TraceTrack:asha'"$run"$'.secret=[A-Z2-7]{32}&' '' \
    asha "$tmp/new" totp enrol
secret totp "$(sed -n $'s/^secret\t//p' "$tmp/out")"
secret uri "$(sed -n $'s/^uri\t//p' "$tmp/out")"
row "it does not count yet" 0 $'login\tasha' '' asha "$tmp/new" session check
row "a first code switches it on" 0 $'codes\t\\["[a-z2-7]{5}-[a-z2-7]{5}", ' '' \
    asha "$tmp/new" totp confirm "$(oathtool --totp -b "$(cat "$tmp/totp")")"
secret backup "$(grep -oE '[a-z2-7]{5}-[a-z2-7]{5}' "$tmp/out" | head -n 1)"
row "then a code is needed" 64 '' 'no terminal.*--totp-file' asha "$tmp/new" --no-input session check
input=$'state\n'
row "at a station too" 77 '' 'second factor is needed.*--totp-file' \
    tracetrack --headless --station "TOTP-$run" --user "asha$run" --password-file "$tmp/new"
input=
row "a file with the secret waits for a code that was not used" 0 $'login\tasha' '' \
    asha "$tmp/new" --totp-file "$tmp/totp" session check
forget_codes
row "an address is as good" 0 $'login\tasha' '' asha "$tmp/new" --totp-file "$tmp/uri" session check
row "a backup code" 0 $'login\tasha' '' asha "$tmp/new" --totp-file "$tmp/backup" session check
row "once" 77 '' 'second factor is wrong' asha "$tmp/new" --totp-file "$tmp/backup" session check
row "a secret that others can read" 78 '' 'can be read by others' \
    asha "$tmp/new" --totp-file "$tmp/open" session check
forget_codes
input=$'quit\n'
row "a station with the secret" 0 '^\{"ready":true' '' \
    tracetrack --headless --station "TOTP-$run" --user "asha$run" --password-file "$tmp/new" --totp-file "$tmp/totp"
forget_codes
input="$(oathtool --totp -b "$(cat "$tmp/totp")")
:quit
"
row "the plain face asks for it" 0 "Code of the authenticator of asha$run:.*Scan, or type" '' \
    tracetrack --plain --station "TOTP-$run" --user "asha$run" --password-file "$tmp/new"
input=
row "and says so when nobody tells" 77 'Code of the authenticator' 'second factor is needed' \
    tracetrack --plain --station "TOTP-$run" --user "asha$run" --password-file "$tmp/new"
no_secrets() {
    local f
    for f in totp new once mine; do
        ! psql -XAt "$TRACETRACK_DSN_ADMIN" -c 'select o::text from tracetrack.operation o' | grep -F "$(cat "$tmp/$f")" || return 1
    done
}
check "no answer that is kept has a secret" no_secrets
row "an administrator switches it off" 0 $'outcome\tok' '' as admin user reset "asha$run" --totp yes

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

# ---- unlocking by PIN and badge

create "lock$run" --name Lock --role dispatcher --area jaipur >"$tmp/out"
secret pin 1357
ctl --user "lock$run" --password-file "$tmp/new" session pin --new-password-file "$tmp/pin" >"$tmp/out"
as admin user badge "lock$run" >"$tmp/out"
badge=$(code_of)
locked() {
    printf -v input '%s\n' ":lock" "$@" "SB8${run}1" ":quit"
    timeout 60 "$B/tracetrack" --plain --station "LOCK-$run" --user "lock$run" --password-file "$tmp/new" \
        --answer-within 5000 <<<"$input"
}
row "the PIN unlocks" 0 "Password of lock$run:.*: lock$run .*SB8${run}1 is open" '' locked "lock$run" 1357
row "a wrong one does not" '*' "the PIN is wrong" '.*' locked "lock$run" 2222
row "nor does it let a scan in" '*' 'User:' '.*' locked
row "the badge unlocks" 0 ": lock$run .*SB8${run}1 goes on" '' locked "$badge"
check "its secret is not shown" test -z "$(grep -F "${badge#*/}" "$tmp/out")"
row "a badge without a secret asks for the password" '*' "Password of lock$run" '.*' locked "${badge%/*}"
row "the badge with another secret" '*' 'badge does not unlock' '.*' locked "${badge%/*}/ABCDEFGHIJKLMNOP"
row "the password unlocks" 0 ": lock$run .*SB8${run}1 goes on" '' locked "lock$run" "long enough"
sessions_of() { psql -XAt "$TRACETRACK_DSN_ADMIN" -c "select count(*) from tracetrack.session s
    join tracetrack.person p on p.id = s.person_id join tracetrack.station t on t.id = s.station_id
    where p.login = 'lock$run' and t.name = 'LOCK-$run'"; }
before=$(sessions_of)
locked "lock$run" "long enough" >"$tmp/out"
check "it is the same session after that" test "$(sessions_of)" = $((before + 1))
