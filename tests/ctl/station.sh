# shellcheck shell=bash
# A station without a screen: starting, answering, ending.

s=STA$run
input=$'scan sb'$run$'11\nscan cts-'$run$'-1\nscan cts-'$run$'-1\nscan cts-'$run$'-2\nundo\nstate\nsync\nquit\n'
row "headless: one answer for each line" 0 \
    $'^\{"ready":true,"protocol":1,[^\n]*\n\{"seq":1,[^\n]*"opened"[^\n]*\n\{"seq":2,[^\n]*"linked"[^\n]*\n\{"seq":3,[^\n]*"double_read"[^\n]*\n\{"seq":4,[^\n]*"position":2[^\n]*\n\{"seq":5,[^\n]*"undone"[^\n]*\n\{"seq":6,[^\n]*"phase":"working"[^\n]*\n\{"seq":7,[^\n]*"waiting":0[^\n]*\n\{"seq":8,[^\n]*\n?$' \
    '' headless "$s"
input=$'short\nshort "truck \\"5\\" is full"\nfinish\n'
row "headless: a reason with blanks, and a lane that is empty after a start" 0 \
    'short needs a reason.*"seq":2,"cmd":"short".*"no_parent".*"seq":3,"cmd":"finish".*"no_parent"' '' headless "$s"
input=$'quit\nscan CTS-'$run$'-9\n'
row "headless: nothing is done after quit" 0 $'"cmd":"quit"[^\n]*\n?$' '' headless "$s"
row "headless: nor at the next start" 1 'unknown_code' '' as dispatcher scan lookup "CTS-$run-9"
input=$'op bag.show code=SB'$run$'11\nop area.list\nop user.list\nop bag.shwo\nop bag.show\nop bag.show cod=1\nop bag.show code\nop\nop scan.parent code=SB'$run$'12\nop session.login login=x\n'
row "headless: operations" 0 \
    '"seq":1,"cmd":"op","op":"bag.show","outcome":"ok".*"data":\{.*"seq":2.*"data":\[.*"seq":3.*"not_permitted".*"seq":4.*Did you mean bag.show.*"seq":5.*needs code.*"seq":6.*Did you mean code.*"seq":7.*not name=value.*"seq":8.*"seq":9.*"opened".*"seq":10,.*"usage"' \
    '' headless "$s"
input=$'fly\nscan\nscan a b\nscan@nowhere A\nraw xyz\nraw 123\nraw@7 00\nsync later\nsync -1\nscan "open\nscan "bad\\q"\n\n'
row "headless: lines that are wrong each get an answer" 0 \
    '"seq":1,"cmd":"fly".*no command.*"seq":2.*needs one code.*"seq":3.*needs one code.*"seq":4.*no lane \\"nowhere\\".*"seq":5.*hex.*"seq":6.*hex.*"seq":7.*no lane.*"seq":8,"cmd":"sync","outcome":"usage".*"seq":9,"cmd":"sync","outcome":"usage".*"seq":10.*does not end.*"seq":11.*no JSON string.*"seq":12.*empty line' \
    '' headless "$s"
input=$'scan "SB'$run$'13"'
row "headless: a last line without its end" 0 '"seq":1.*"opened"' '' headless "$s"
input=
row "headless: nobody asks anything" 0 '.*' '.*' headless "$s"

input=$'raw '$(printf "sb%s13\rcts-%s-3\r\n" "$run" "$run" | od -An -v -tx1 | tr -d ' \n')$'\nraw 5342\nraw 30\nraw 0d\nraw\nstate\n'
row "headless: bytes as from a device, cut anywhere" 0 \
    '"seq":1,"cmd":"raw","scans":\[\{"code":"SB[0-9]+","outcome":"resumed".*"linked".*\]\}.*"seq":2,"cmd":"raw","scans":\[\]\}.*"seq":3,"cmd":"raw","scans":\[\]\}.*"seq":4,"cmd":"raw","scans":\[\{"code":"SB0".*"seq":5.*needs bytes.*"seq":6' \
    '' headless "$s"
input=

# Standard input and output are one socket, and whoever reads is slow: nothing may be lost.
socket_answers() {
    local lines
    lines=$(for ((i = 0; i < 3000; i++)); do echo state; done | "$B/tests/tools/socket_pair" \
        "$B/tracetrack" --station "$s" --user dispatcher --password-file "$passwords/dispatcher" \
        --headless | grep -c '"cmd":"state"')
    [ "$lines" = 3000 ] || { echo "$lines answers"; return 1; }
}
check "headless: over one socket both ways" socket_answers

# ---- one station, one process

open_station "$s"
answers "it answers" state '"phase":"working"'
row "the station is already running" 75 '' 'already running.*--station NAME' headless "$s"
row "so it is for the plain face" 75 '.*' 'already running' plain "$s"
row "another name runs beside it" 0 '"ready":true' '' sh -c \
    "echo quit | exec $B/tracetrack --headless --station $s-2 --user dispatcher --password-file $passwords/dispatcher"
kill -9 "$station_pid"
close_station 2>/dev/null
input=$'quit\n'
row "after kill -9 it starts again" 0 '"ready":true' '' headless "$s"
input=

ends_by() {
    open_station "$s"
    kill -"$1" "$station_pid"
    close_station
}
check "SIGTERM ends it with status 0" ends_by TERM
check "SIGHUP ends it with status 0" ends_by HUP

input=$'fl\x7fy\n'
row "headless: a command with a control character in it" 0 '"cmd":"fl\\\\x7fy"' '' headless "$s"
input=

# ---- nobody reads, nobody writes

closed() {
    case $1 in
    input) "${@:2}" <&- ;;
    output) "${@:2}" >&- ;;
    full) "${@:2}" >/dev/full ;;
    esac
}
row "headless: closed standard input" 0 '.*' '' closed input headless "$s"
row "plain: closed standard input" 0 'Scan, or type :help' '' closed input plain "$s"
input=state
row "headless: closed standard output" 74 '' 'the output is gone' closed output headless "$s"
row "plain: closed standard output" 74 '' 'the output is gone' closed output plain "$s"
row "plain: a full disk behind standard output" 74 '' 'the output is gone' closed full plain "$s"
input=
row "--help to a full disk" 74 '' "can't be written" closed full tracetrack --help
row "--version to nobody" 74 '' "can't be written" closed output tracetrack --version

# ---- names

row "a station's name with a slash" 78 '' "can't be the name of a station" headless "../$s"
row "a station's name that is blank" 78 '' "can't be the name of a station" headless " "
row "a station's name that means none" 78 '' "can't be the name of a station" headless -
row "a station's name that is too long" 78 '' "can't be the name of a station" \
    headless "$(printf '%0300d' 1)"

# ---- a right that is missing for a while

owner() { psql "$TRACETRACK_DSN_ADMIN" -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
every_scan_child() {
    owner "select format('%s execute on function %s %s tracetrack_station', '$1',
        oid::regprocedure, '$2') from pg_proc where oid::regproc::text = 'api.scan_child'" |
        psql "$TRACETRACK_DSN_ADMIN" -qX -v ON_ERROR_STOP=1
}
open_station "$s-3"
answers "a parent" "scan SB${run}17" '"opened"'
every_scan_child revoke from
answers "without the right a scan is kept" "scan CTM-$run-1" '"class":"queued".*"durable":"outbox"'
answers "and not set aside, however often it is tried" "sync 3" '"waiting":1,"parked":0'
every_scan_child grant to
answers "with the right it goes" "sync 30" '"waiting":0,"parked":0'
answers "and is in the database" "op scan.lookup code=CTM-$run-1" "\"parent\":\"SB${run}17\""
close_station

# ---- no database

away=$(dsn_with port="$(free_port)")
input=$'scan SB'$run$'14\n'
row "headless: nobody there, one try" 69 '' "can't be reached" headless "$s" --dsn "$away"
input=
row "plain: nobody there" 69 '.*' "can't be reached" plain "$s" --dsn "$away"

printf "not the password\n" >"$tmp/wrong_at_station"
chmod 600 "$tmp/wrong_at_station"

# ---- the plain face

input=$'SB'$run$'15\nCTP-'$run$'-1\nCTP-'$run$'-1\nundo\nshort of bags\n:state\n:lookup CTP-'$run$'-1\n:short truck\n:fly\n:op area.list\n:help\n:quit\nSB'$run$'16\n'
row "plain: a line for each thing" 0 \
    $'Scan, or type :help.*\[OK\] opened: SB[0-9]+ is open.*\[OK\] linked: CTP.*\[==\].*scanned: the command is :undo.*scanned: the command is :short.*lane main: SB.*\[OK\] short.*no command :fly.*:lookup' \
    '' plain "$s"
input=
row "plain: nothing is done after :quit" 1 'unknown_code' '' as dispatcher scan lookup "SB${run}16"
row "plain: a wrong password" 77 '.*' 'password is wrong' \
    tracetrack --plain --station "$s" --user dispatcher --password-file "$tmp/wrong_at_station"
input=$'SB'$run$'15'
row "plain: a last line without its end" 0 '.*' '' plain "$s"
input=

# ---- a screen without a terminal

row "the screen needs a terminal" 69 '' '(terminal|--plain)' tracetrack --station "$s"
