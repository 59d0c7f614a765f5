# shellcheck shell=bash
# What the parts of the tier share: rows, the two programs, a station that one talks to.

# shellcheck source=tests/tools/port.sh
. tests/tools/port.sh

B=${B:-build}
[[ $B == /* ]] || B=$PWD/$B
failed=0
tmp=$(mktemp -d)
chmod 755 "$tmp"
mkdir -m 755 "$tmp/home" "$tmp/state"
export HOME=$tmp/home XDG_STATE_HOME=$tmp/state
unset XDG_CONFIG_HOME
# A second sandbox, when a part makes one.
second=
clean_up() {
    [ -z "$second" ] || contrib/sandbox destroy "$second"
    rm -rf "$tmp"
}
trap clean_up EXIT

passwords=$TRACETRACK_DEMO_PASSWORDS
# In codes and names, so that the tier runs again on the same database.
# shellcheck disable=SC2034
run=$(shuf -i 100000-999999 -n 1)
# What a command reads; empty for nothing.
input=

# Everything ends within a minute.
ctl() { timeout 60 "$B/tracetrackctl" "$@"; }
tracetrack() { timeout 60 "$B/tracetrack" "$@"; }
as() {
    local who=$1
    shift
    ctl --user "$who" --password-file "$passwords/$who" "$@"
}
# Sets who works at a station: the dispatcher, unless the options name somebody.
who_works() {
    who=(--user dispatcher --password-file "$passwords/dispatcher")
    [[ " $* " != *" --user "* ]] || who=()
}
# A station of its own for each call: name, then options.
station() {
    local name=$1 who
    shift
    who_works "$@"
    tracetrack --station "$name" "${who[@]}" --answer-within 5000 "$@"
}
headless() { station "$1" --headless "${@:2}"; }
plain() { station "$1" --plain "${@:2}"; }

pass() { echo "ok - $1"; }
fail() {
    failed=1
    echo "not ok - $1"
    shift
    printf '%s\n' "$@" | tr -c '[:print:]\n' '?' | head -n 12 | cut -c1-300 | sed 's/^/# /'
}

# check NAME COMMAND...: passes when the command does.
check() {
    local name=$1 said
    shift
    if said=$("$@" 2>&1); then pass "$name"; else fail "$name" "$said"; fi
}

# Bytes that may act on a terminal, as they are or as C1 in UTF-8.
has_control_bytes() { LC_ALL=C grep -qaP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]' "$@"; }

# matches FILE EXPRESSION
matches() {
    local text
    [ -n "$2" ] || { [ ! -s "$1" ]; return; }
    text=$(tr -d '\0' <"$1")
    [[ $text =~ $2 ]]
}

# row NAME STATUS STDOUT STDERR COMMAND...
row() {
    local name=$1 want=$2 out=$3 err=$4 got=0 wrong=()
    shift 4
    printf '%s' "$input" >"$tmp/in"
    "$@" <"$tmp/in" >"$tmp/out" 2>"$tmp/err" || got=$?
    # shellcheck disable=SC2053
    [[ $got == $want ]] || wrong+=("status $got, not $want")
    matches "$tmp/out" "$out" || wrong+=("stdout does not match: $out")
    matches "$tmp/err" "$err" || wrong+=("stderr does not match: $err")
    ! has_control_bytes "$tmp/out" "$tmp/err" || wrong+=("control bytes in the output")
    if [ ${#wrong[@]} = 0 ]; then
        pass "$name"
    else
        fail "$name" "${wrong[@]}" "stdout: $(head -c 600 "$tmp/out" | tr -d '\0')" \
            "stderr: $(head -c 600 "$tmp/err" | tr -d '\0')"
    fi
}

# ---- a station that one talks to: open_station NAME OPTIONS..., ask LINE, close_station

open_station() {
    local who
    who_works "$@"
    coproc STATION { exec "$B/tracetrack" --headless --answer-within 5000 "${who[@]}" \
        --station "$@" 2>"$tmp/station.err"; }
    # shellcheck disable=SC2153
    station_pid=$STATION_PID
    local in=${STATION[0]} out=${STATION[1]}
    exec {to}>&"$out" {from}<&"$in" {out}>&- {in}<&-
    read_answer
}

read_answer() {
    answer=
    IFS= read -r -t 30 answer <&"$from" || answer="(no answer: $(tail -n 2 "$tmp/station.err"))"
}

ask() {
    printf '%s\n' "$1" >&"$to"
    read_answer
}

close_station() {
    exec {to}>&-
    while read_answer && [[ $answer == '{'* ]]; do :; done
    exec {from}<&-
    wait "$station_pid"
}

# answers NAME LINE EXPRESSION
answers() {
    ask "$2"
    if [[ $answer =~ $3 ]]; then pass "$1"; else fail "$1" "to: $2" "not $3 but: $answer"; fi
}

# many N CHARACTER
many() { head -c "$1" /dev/zero | tr '\0' "$2"; }

# A disk of its own, gone with the process that uses it: with_disk OPTIONS COMMAND... The folder is
# $tmp/disk.
mkdir -m 777 "$tmp/disk"
with_disk() {
    local options=$1 unshare=(unshare --mount)
    shift
    [ "$(id -u)" = 0 ] || unshare=(unshare --map-root-user --mount)
    # shellcheck disable=SC2016
    "${unshare[@]}" sh -c 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"' sh \
        "$options" "$tmp/disk" "$@"
}
can_mount() { with_disk size=64k true 2>/dev/null; }

# The connection string with other words in place of some of its own: dsn_with NAME=VALUE...
dsn_with() {
    local word dsn=$TRACETRACK_DSN
    for word; do
        dsn=$(sed -E "s#(^| )${word%%=*}=[^ ]+##" <<<"$dsn")" $word"
    done
    printf '%s' "$dsn"
}
