#!/bin/bash
# A day's work over ssh, by contrib/sshd-tracetrack.conf.sample and a real server; and that there is
# no way out of it: no shell, no files, no forwarding. Each attempt is made on a port without the
# sample as well, where it must succeed, else it would prove nothing.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/tui/ssh.sh
. "$here/ssh.sh"

# ---- a short day

on_terminal "$floor" xterm-256color -A
wait_for "ssh-$account.*● db"
shows 'the station, and nothing before it' 'Log in to scan'
ok 'is all that is shown' test "$(snapshot | grep -cE '\$ |# |Last login|Linux')" = 0
type_text dispatcher dispatcher
press Enter
password=$(cat "$TRACETRACK_DEMO_PASSWORDS/dispatcher")
type_text "$password" '••••••••'
press Enter
shows 'a password lets in' "ssh-$account  dispatcher \(dispatcher\)"
burst "$(parent 1)"
shows 'a scan comes over the line' "OPENED"
burst "$(child 01)"
wait_for 'number 1 of 30|1 of 30 children'
burst "$(child 02)"
shows 'and its children' '2 of 30 children'
run_command areas
shows 'lists are there' 'jaipur +Jaipur'
press Escape
wait_for '2 of 30 children'

at_work=$(pgrep -u "$account" -f "$ssh/bin/tracetrack --station" | tail -n 1)
ok 'the station is what runs, without a shell around it' \
    test "$(ps -o comm= -p "$(ps -o ppid= -p "$at_work" | tr -d ' ')")" = sshd
no_agent() { [ -n "$at_work" ] && ! tr '\0' '\n' <"/proc/$at_work/environ" | grep -E '^(SSH_AUTH_SOCK|DISPLAY)='; }
ok 'the agent that the client offers is not taken' no_agent
# One after the other as a person presses them; at once they would be a scan.
for key in C-z C-\\ C-d C-s C-q C-c; do
    press "$key"
    sleep 0.2
done
shows 'keys that stop or end a program do not; Ctrl-C asks' 'Leave this station\?'
press n
hides 'and one may stay' 'Leave this station'
run_command '!id'
hides 'no command is a shell' 'uid='
press Escape
shows 'it works on' '2 of 30 children'
press F2
shows 'and finishes' 'FINISHED'
run_command quit
wait_for 'Leave this station'
press y
shows 'quit ends the connection' 'ssh ended with status 0'

on_terminal "$floor" xterm-from-next-year
shows 'a terminal that nobody knows is told' 'is unknown here|Log in to scan'
tmux_ kill-server
on_terminal "$floor" dumb
shows 'one that moves no cursor is refused' "can't move its cursor"
shows 'and ends' 'ssh ended with status 69'
tmux_ kill-server

# ---- the office

on_terminal "$office" xterm -- --user biller login
wait_for 'Password'
press -l "$(cat "$TRACETRACK_DEMO_PASSWORDS/biller")"
press Enter
shows 'somebody of the office logs in' 'ssh ended with status 0'
tmux_ kill-server
on "$office" -- session check
ok 'and is known from then on' said '^login.biller$'
on "$office" -- tracetrackctl bag show "$(parent 1)" --json
ok 'what the floor scanned is there' said '"state":"complete".*"children":2,'
on "$office" -- "bill create --destination 'Khari Baoli; id' --capacity 5"
ok 'a value of several words is one, and no command' said 'destination.Khari Baoli; id$'
on "$office" -- label print SB10234 --pdf -
ok 'a PDF comes out' test "$(head -c 5 "$work/out")" = %PDF-

refused() {
    local want=$1 status=0
    shift
    on "$office" -- "$@" || status=$?
    [ "$status" = "$want" ] || { echo "# status $status"; cat "$work/err"; return 1; }
    ! said 'uid=|root:'
}
ok 'no command: says what there is to do' refused 64
ok 'a second command is a word' refused 64 "bag show $(parent 1); id"
ok 'so is what a shell would put in' refused 1 'bag show $(id)'
ok 'a shell is no command' refused 64 'sh -c id'
ok 'a quote that is not closed is told' refused 64 "bag show 'x"
ok 'settings of this machine are not read for it' refused 77 'bag show X --config /etc/passwd'
ok 'nor behind =' refused 77 'bag show X --config=/etc/passwd'
ok 'nor as a value' refused 77 'bag show --code --config /etc/passwd'
ok 'nor passwords' refused 77 '--user boss --password-file /etc/passwd session check'
ok 'nor another database' refused 77 '--dsn host=evil bag show X'
ok 'nor written to' refused 77 "bag show X --log $ssh/home/log"
ok 'nor printed to' refused 77 "label print SB10234 --pdf $ssh/home/x.pdf"
ok 'the end of options is no way around' refused 77 'bag show -- --config /etc/passwd'
ok 'the upkeep of the database is not for the line' refused 77 'db status'
ok 'an option that nobody knows is refused' refused 77 'bag show X --frobnicate'
no_files() { [ ! -e "$ssh/home/log" ] && [ ! -e "$ssh/home/x.pdf" ]; }
ok 'and wrote nothing' no_files

# ---- no way out; open: where there is one

database=$(sed -E 's/.*(^| )port=([0-9]+).*/\2/' <<<"$TRACETRACK_DSN")
echo stolen >"$work/loot"
shell() { on "$1" -- 'sh -c id' && said '^uid='; }
shell_on_terminal() {
    limit=3 on "$1" -tt -- 'id; exit' || :
    said 'uid='
}
copied() {
    rm -f "$ssh/home/copy"
    timeout 20 scp -q "${@:2}" "${ssh_options[@]}" -P "$1" "$work/loot" \
        "$account@127.0.0.1:$ssh/home/copy" >"$work/out" 2>"$work/err" </dev/null
    [ -e "$ssh/home/copy" ]
}
transferred() {
    rm -f "$ssh/home/copy"
    echo "put $work/loot $ssh/home/copy" | timeout 20 sftp -q "${ssh_options[@]}" -P "$1" -b - \
        "$account@127.0.0.1" >"$work/out" 2>"$work/err"
    [ -e "$ssh/home/copy" ]
}
# The server of ssh itself speaks first: whoever hears it has got through.
forwarded() { on "$1" -W "127.0.0.1:$open"; said '^SSH-2.0'; }
forwarded_to_socket() {
    rm -f "$ssh/home/socket"
    # A forwarded connection that is refused ends the client's; one that is not hangs on.
    on "$1" -o ExitOnForwardFailure=yes -o StreamLocalBindUnlink=yes -R "$ssh/home/socket:127.0.0.1:$database" -- true
    [ -S "$ssh/home/socket" ]
}
listening() {
    local port status=0
    port=$(free_port)
    on "$1" -N -o ExitOnForwardFailure=yes -R "$port:127.0.0.1:$database" &
    local client=$! until=$((SECONDS + patience))
    until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        kill -0 "$client" 2>/dev/null || { status=1; break; }
        [ $SECONDS -lt $until ] || { status=1; break; }
        sleep 0.05
    done
    kill "$client" 2>/dev/null
    wait "$client"
    return $status
}
for way in shell shell_on_terminal copied 'copied:-O' transferred forwarded forwarded_to_socket listening; do
    run=("${way%%:*}")
    way_options=()
    [[ $way != *:* ]] || way_options=("${way#*:}")
    ok "$way is a way out where the sample is not" "${run[0]}" "$open" "${way_options[@]}"
    for port in $floor $office; do
        name=floor
        [ "$port" = "$floor" ] || name=office
        closed() { ! "${run[0]}" "$port" "${way_options[@]}"; }
        ok "$way is none from the $name" closed
    done
done
