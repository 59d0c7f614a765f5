# Words for stories over ssh: a real server by contrib/sshd-tracetrack.conf.sample, in front of the
# sandbox. Ports: $floor and $office by the sample, $open without it. Sourced after lib.sh.
# shellcheck shell=bash disable=SC2154

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
# The server gives its sessions nothing of its own environment; without this a program built with
# sanitizers would not know whose leaks are no fault, nor where to report the others.
install -m 644 "$top/tests/tools/leaks-of-libraries" "$ssh/"
leaks=print_suppressions=0:suppressions=$ssh/leaks-of-libraries

# shellcheck source=tests/tools/port.sh
. "$top/tests/tools/port.sh"

write_conf() {
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
SetEnv "TRACETRACK_DSN=$dsn" "HOME=$ssh/home" "XDG_STATE_HOME=$ssh/home" \
    "ASAN_OPTIONS=${ASAN_OPTIONS:-}" "UBSAN_OPTIONS=${UBSAN_OPTIONS:-}" "LSAN_OPTIONS=$leaks"
CONF
    sed -e "s/^Match Group floor/Match LocalPort $floor/" \
        -e "s/^Match Group office/Match LocalPort $office/" \
        -e "s|/usr/local/bin|$ssh/bin|" -e "s|/var/lib/tracetrack/|$ssh/state/|" \
        -e "s|/etc/ssh/tracetrack|$ssh/keys|" "$top/contrib/sshd-tracetrack.conf.sample"
}
# Ports that were free a moment ago need not be any more: the server then goes on without them.
serve() {
    local pid
    floor=$(free_port) office=$(free_port) open=$(free_port)
    write_conf >"$ssh/conf"
    [ "$(id -u)" != 0 ] || chown -R "$account:$account" "$ssh"
    : >"$work/sshd.log"
    env -u TRACETRACK_DSN "${as_account[@]}" "$sshd" -D -e -f "$ssh/conf" 2>"$work/sshd.log" &
    pid=$!
    until [ "$(grep -c '^Server listening' "$work/sshd.log")" = 3 ]; do
        if ! kill -0 "$pid" 2>/dev/null || grep -q 'Bind to port' "$work/sshd.log"; then
            kill "$pid" 2>/dev/null
            wait "$pid"
            return 1
        fi
        sleep 0.05
    done
    servants+=("$pid")
}
serve || serve || serve || { sed 's/^/# /' "$work/sshd.log"; exit 1; }
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
