# shellcheck shell=bash
# Hostile bytes through the headless and the plain face, and through words of the command line: an
# answer to each, no control byte on either stream, nothing of it in the database.

s=BYT$run
open_station "$s" --scanner left=pipe:"$tmp/scanner" --scanner right=pipe:"$tmp/scanner2"

# bytes_answer NAME EXPRESSION BYTES: the answer must match and be printable ASCII.
hex_of() { od -An -v -tx1 | tr -d ' \n'; }
bytes_answer() {
    answers "$1" "raw $(printf '%b' "$3" | hex_of)" "$2"
    if [[ $answer =~ [^\ -~] ]]; then fail "$1: the answer is printable"; else pass "$1: the answer is printable"; fi
}
bytes_answer "a parent" '"outcome":"opened"' "SB${run}21\r"
bytes_answer "an escape sequence" '"unreadable".*"trouble".*"durable":"none"' 'CTB\033[31m-1\r'
bytes_answer "a title of the terminal" '"unreadable"' '\033]0;owned\a\r'
bytes_answer "NUL" '"unreadable"' 'CTB\000-1\r'
bytes_answer "DEL" '"unreadable"' 'CTB\177-1\r'
bytes_answer "C1 in UTF-8" '"(unreadable|bad_format)"' 'CTB\xc2\x9b31m\r'
bytes_answer "no UTF-8" '"unreadable"' 'CTB\xff\xfe\r'
bytes_answer "UTF-8 cut off" '"unreadable"' 'CTB\xe2\x82\r'
bytes_answer "an overlong form" '"unreadable"' 'CTB\xc0\xaf\r'
bytes_answer "text that runs the other way" '"(unreadable|bad_format)"' 'CTB\xe2\x80\xae1\r'
bytes_answer "letters of another script" '"bad_format"' 'CTB\xd0\x90\xd0\x91\r'
bytes_answer "a quote and what follows" '"bad_format"' "'; drop table bag; --\r"
bytes_answer "blanks only" '("unreadable"|"bad_format"|"scans":\[\])' '   \r'
bytes_answer "an SSCC with a wrong check digit" '"unreadable".*check digit' ']C100123456789012345679\r'
bytes_answer "GS1 cut off" '"unreadable"' ']C10012345\r'
bytes_answer "a frame of 4,097 bytes" '"unreadable".*"durable":"none"' "$(many 4097 A)\r"
bytes_answer "a code of 129 characters" '"(unreadable|bad_format)"' "$(many 129 B)\r"
bytes_answer "a code of 21 characters" '"bad_format"' "$(many 21 C)\r"
answers "an unregistered parent's label is no child" "op scan.child code=SB${run}29 parent=SB${run}21" \
    '"is_parent"'
bytes_answer "afterwards the lane works" '"linked".*"position":1' "CTB-$run-1\r"

answers "an escape sequence in a code" $'scan "CTB\\u001b[31m-2"' '"unreadable".*"durable":"none"'
answers "in a raw line" $'scan CTB\e[31m-2' '"unreadable"'
answers "in a command" $'\e[31m' '"usage"'
answers "in the name of a lane" $'scan@\e[31m CTB' 'there is no lane \\"'
answers "in an operation" $'op bag.\e[31m' '"usage"'
answers "in a parameter" $'op bag.show code="\\u001b]0;x\\u0007"' '"(unknown_code|bad_format)"'
answers "in a reason" $'short "\\u001b[31mred"' '"(short_closed|bad_value|bad_format|usage)"'
answers "no UTF-8 in a line" $'scan \xff' 'not text in UTF-8'
answers "a line that is too long" "scan $(many 200000 A)" 'longer than 16384'
answers "is one line, not several" state '"cmd":"state"'
answers "more words than there may be" "op $(printf 'a=1 %.0s' {1..60})" 'too many words'
answers "a command longer than any" "$(many 300 a)" 'unknown command'
close_station
check "the station ends with status 0" test $? = 0
quiet_errors() { ! has_control_bytes "$tmp/station.err"; }
check "and wrote no control byte to stderr" quiet_errors

# ---- the plain face: everything at once, and every byte there is

{
    printf 'SB%s22\n' "$run"
    for ((i = 0; i < 256; i++)); do printf "CT%b\n" "$(printf '\\x%02x' "$i")"; done
    printf 'CTB-%s-3\n' "$run"
    printf '\033[2J\n:\033[2J\n:lookup \033[2J\n:op \033[2J\n:op scan.parent code=\033]0;x\a\n'
} >"$tmp/bytes"
row_from() {
    plain "$s" <"$tmp/bytes"
}
row "plain: every byte as part of a code" 0 "CTB-$run-3 is number" '' row_from
head -c 300000 /dev/urandom >"$tmp/bytes"
row "plain: noise" 0 '.*' '.*' row_from
noise_headless() { headless "$s" <"$tmp/bytes"; }
row "headless: noise" 0 '"ready":true.*"seq":100,' '' noise_headless
one_answer_each() { [ "$(grep -c '^{"seq":' "$tmp/out")" = "$(LC_ALL=C awk 'END { print NR }' "$tmp/bytes")" ]; }
check "an answer for each line of it" one_answer_each

# ---- nothing of it arrived, and the data that is there is consistent

stored() {
    psql -XAt "$TRACETRACK_DSN_ADMIN" -c "select count(*) from tracetrack.bag
        where code ~ '[^A-Z0-9-]'"
}
check "no such code is in the database" test "$(stored)" = 0
invariants() {
    local broken
    broken=$(psql -XqAt "$TRACETRACK_DSN_ADMIN" -c 'select * from tracetrack.violation()') || return
    [ -z "$broken" ] || { echo "$broken"; return 1; }
}
check "what is there is consistent" invariants
