#!/bin/bash
# A day's work over ssh, by contrib/sshd-tracetrack.conf.sample and a real server; and that there is
# no way out of it: no shell, no files, no forwarding. Each attempt is made on a port without the
# sample as well, where it must succeed, else it would prove nothing.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || { echo "ok - $STORY # SKIP no sshd here"; exit; }

# ---- the server, as somebody without rights; what it needs is copied to where that one can read

ssh=$work/ssh
mkdir -m 755 "$ssh" "$ssh/bin" "$ssh/keys"
chmod 711 "$work"
account=$(id -un) as_account=()
if [ "$(id -u)" = 0 ]; then
    account=${TRACETRACK_SANDBOX_USER:-postgres}
    # Group tty: the server may then hand a terminal over, however devpts is mounted.
    as_account=(setpriv --reuid "$account" --regid "$account" --groups tty)
fi
install -m 755 "$program" "${program}ctl" "$ssh/bin/"
dsn=$TRACETRACK_DSN
for name in passfile sslrootcert; do
    file=$(sed -E "s/.*(^| )$name=([^ ]+).*/\2/" <<<"$dsn")
    [ "$file" != "$dsn" ] || continue
    install -m 600 "$file" "$ssh/$name"
    dsn=${dsn/"$file"/"$ssh/$name"}
done
ssh-keygen -q -t ed25519 -N '' -f "$ssh/host"
ssh-keygen -q -t ed25519 -N '' -f "$work/key"
cp "$work/key.pub" "$ssh/keys/$account"
mkdir "$ssh/state" "$ssh/home"

free_port() {
    local port
    for port in $(shuf -i 33000-39999 -n 200); do
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}
floor=$(free_port) office=$(free_port) open=$(free_port)
{
    # Everything that Debian's server offers, and more: the sample must close it.
    cat <<CONF
ListenAddress 127.0.0.1
Port $floor
Port $office
Port $open
HostKey $ssh/host
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile $ssh/keys/%u
AcceptEnv LANG LC_*
X11Forwarding yes
AllowAgentForwarding yes
AllowTcpForwarding yes
GatewayPorts clientspecified
Subsystem sftp internal-sftp
SetEnv "TRACETRACK_DSN=$dsn" "HOME=$ssh/home" "XDG_STATE_HOME=$ssh/home"
CONF
    sed -e "s/^Match Group floor/Match LocalPort $floor/" \
        -e "s/^Match Group office/Match LocalPort $office/" \
        -e "s|/usr/local/bin|$ssh/bin|" -e "s|/var/lib/tracetrack/|$ssh/state/|" \
        -e "s|/etc/ssh/tracetrack|$ssh/keys|" "$top/contrib/sshd-tracetrack.conf.sample"
} >"$ssh/conf"
[ "$(id -u)" != 0 ] || chown -R "$account:$account" "$ssh"
env -u TRACETRACK_DSN "${as_account[@]}" "$sshd" -D -e -f "$ssh/conf" 2>"$work/sshd.log" &
servants+=($!)
until (: <"/dev/tcp/127.0.0.1/$open") 2>/dev/null; do
    kill -0 "${servants[0]}" 2>/dev/null || { sed 's/^/# /' "$work/sshd.log"; exit 1; }
    sleep 0.05
done
for port in $floor $office $open; do
    printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$ssh/host.pub")"
done >"$work/known"
ssh_options=(-F none -i "$work/key" -o IdentitiesOnly=yes -o IdentityAgent=none -o BatchMode=yes
    -o UserKnownHostsFile="$work/known" -o GlobalKnownHostsFile=/dev/null -o ConnectTimeout=10
    -o LogLevel=ERROR -o SendEnv=LC_ALL)
# on PORT [OPTION...] [-- COMMAND]: without a terminal, within $limit seconds
limit=20
on() {
    local port=$1 options=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1") && shift; done
    [ $# = 0 ] || shift
    timeout "$limit" ssh "${ssh_options[@]}" -p "$port" "${options[@]}" -- "$account@127.0.0.1" "$@" \
        </dev/null >"$work/out" 2>"$work/err"
}
said() { grep -qE -- "$1" "$work/out" "$work/err"; }
# on_terminal PORT TERM [OPTION...] [-- COMMAND]: in a terminal of 80x24
on_terminal() {
    local port=$1 term=$2 options=() until
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1") && shift; done
    [ $# = 0 ] || shift
    printf 'set -g %s\n' 'status off' 'default-terminal screen-256color' 'history-limit 0' \
        'remain-on-exit off' >"$work/tmux.conf"
    cat >"$work/start" <<START
#!/bin/bash
"\$@"
printf 'ssh ended with status %s\\n' \$?
read -r _
START
    chmod +x "$work/start"
    tmux_ kill-server 2>/dev/null
    # The server before may still be ending.
    until=$((SECONDS + patience))
    until tmux_ new-session -d -s t -x 80 -y 24 env -u NO_COLOR TERM="$term" LC_ALL=C.UTF-8 "$work/start" \
        ssh "${ssh_options[@]}" -t -p "$port" "${options[@]}" -- "$account@127.0.0.1" "$@" \
        2>/dev/null || [ $SECONDS -ge $until ]; do
        sleep 0.1
    done
}

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
