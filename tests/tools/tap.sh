# For tiers that drive stations: points, the driver under faults, the verdict of the checker.
# To be sourced from the top folder. Gives $tmp, removed at the end.
# shellcheck shell=bash

tools=${B:-build}/tests/tools
tmp=$(mktemp -d)
chmod 711 "$tmp"
number=0 status=0 runs=0
drive_pid='' cutter_pid=''

stop_all() {
    local pid
    for pid in $drive_pid $cutter_pid; do
        kill -TERM "$pid" 2>/dev/null
    done
    # What an interrupted run has stopped must go on, or nobody can end it.
    thaw 2>/dev/null
    wait
    rm -rf "$tmp"
}
trap stop_all EXIT
trap 'exit 143' TERM INT HUP

# point STATUS NAME [FILE]: FILE explains a failure. TAP_TIMES=1 shows when.
point() {
    [ -z "${TAP_TIMES:-}" ] || echo "# at $SECONDS s"
    number=$((number + 1))
    if [ "$1" = 0 ]; then
        echo "ok $number - $2"
    else
        status=1
        echo "not ok $number - $2"
        [ ! -s "${3:-}" ] || head -n 40 "$3" | sed 's/^/# /'
    fi
}

# holds NAME COMMAND...: a point that says what the command printed.
holds() {
    local name=$1
    shift
    "$@" >"$tmp/said" 2>&1
    point $? "$name" "$tmp/said"
}

finish() {
    echo "1..$number"
    exit $status
}

# wait_until SECONDS COMMAND...
wait_until() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.05
    done
}

admin() { psql -XqAt -v ON_ERROR_STOP=1 "$TRACETRACK_DSN_ADMIN" "$@"; }
superuser() { contrib/sandbox psql -qAt -v ON_ERROR_STOP=1 "$@"; }

# ---- the driver

# new_run NAME: names and folders of the next run: $run, $logs, $state and $base.
new_run() {
    run=$1
    runs=$((runs + 1))
    logs=$tmp/$run/logs state=$tmp/$run/state base=$((90000000 + 100000 * runs))
    mkdir -p "$logs" "$state"
}

# Starts the driver; it goes on until ended, or as its options say.
start_drive() {
    "$tools/drive" --logs "$logs" --state "$state" --passwords "$TRACETRACK_DEMO_PASSWORDS" \
        --prefix "$run" --base "$base" --program "${B:-build}/tracetrack" "$@" \
        >"$tmp/$run/drive" 2>"$tmp/$run/errors" &
    drive_pid=$!
}

# Waits for the driver; --now tells it to let everybody finish.
await_drive() {
    local result
    [ "${1:-}" != --now ] || kill -TERM "$drive_pid"
    wait "$drive_pid"
    result=$?
    drive_pid=
    return $result
}

end_drive() {
    await_drive "$@"
    local result=$?
    cat "$logs"/*.err >>"$tmp/$run/errors"
    point $result "$run: every station comes to an end, and none by itself" "$tmp/$run/errors"
}

# figure NAME: what the driver said of it.
figure() { awk -v name="$1" '$1 == name { print $2 }' "$tmp/$run/drive"; }

answers() { cat "$logs"/*.log 2>/dev/null | grep -c "^A .*${1:-}"; }

has_answers() { [ "$(answers "$2")" -ge "$1" ]; }

# more N [DURABLE]: waits until so many answers have come since.
more() {
    local how=${2:+ $2 }
    wait_until 60 has_answers $(($(answers "$how") + $1)) "$how" ||
        echo "# $run: no $1 answers more of $how in 60 s"
}

# ---- the checker

check_ledger() { "$tools/ledger" --prefix "$run" "$logs"/*.log; }

judge_sound() {
    check_ledger >"$tmp/$run/ledger" 2>&1
    point $? "$run: the ledger is sound" "$tmp/$run/ledger"
    sed -n '/^recorded/p;/^by_/p;/^unanswered/p' "$tmp/$run/ledger" | tr '\n' ' ' | sed 's/^/# /'
    echo
}

# judge_broken BREACH WHY: the checker must see that one, whatever else.
judge_broken() {
    ! check_ledger >"$tmp/$run/ledger" 2>&1 && grep -q "^broken.* $1=" "$tmp/$run/ledger"
    point $? "$run: red: $2" "$tmp/$run/ledger"
    grep '^broken' "$tmp/$run/ledger" | sed 's/^/# /'
}

# ---- faults

# Everything that works for the sandbox's PostgreSQL, the postmaster first.
postgres_processes() {
    local pid
    pid=$(contrib/sandbox pid postgres) || return
    echo "$pid"
    pgrep -P "$pid"
}

# Signals while the postmaster, stopped, can't make more of them.
signal_postgres() {
    local pids
    kill -STOP "$(contrib/sandbox pid postgres)" || return
    pids=$(postgres_processes)
    # shellcheck disable=SC2086
    kill "-$1" $pids 2>/dev/null || :
}

freeze() { signal_postgres STOP; }
thaw() { [ -z "${TRACETRACK_SANDBOX:-}" ] || signal_postgres CONT; }

# What is started belongs to the sandbox, not to this tier.
start_server() { env -u TEST_RUN_MARK contrib/sandbox start "$1"; }

kill_server() { kill -KILL "$(contrib/sandbox pid "$1")" && start_server "$1"; }

# All at once: as if the power were gone, but for the disk's own cache.
kill_all_of_postgres() { signal_postgres KILL && start_server postgres; }

database_answers() { admin -c 'select 1' >/dev/null 2>&1; }

# One of those that work for stations; PostgreSQL then starts all of them anew.
kill_backend() {
    local pid
    pid=$(admin -c "select pid from pg_stat_activity where usename = 'tracetrack_station'
        order by random() limit 1") && [ -n "$pid" ] && kill -KILL "$pid"
    wait_until 60 database_answers
}

# start_cutter SEED ONE-IN [OPTION]...: stations go through it until it is ended.
start_cutter() {
    local port seed=$1 one_in=$2
    shift 2
    port=$(sed -E 's/.* port=([0-9]+) .*/\1/' <<<"$TRACETRACK_DSN")
    : >"$tmp/cutter"
    "$tools/cutter" "$port" --seed "$seed" --one-in "$one_in" "$@" >"$tmp/cutter" &
    cutter_pid=$!
    wait_until 10 test -s "$tmp/cutter"
    direct_dsn=$TRACETRACK_DSN
    TRACETRACK_DSN=${TRACETRACK_DSN/port=$port /port=$(head -n 1 "$tmp/cutter") }
}

end_cutter() {
    kill -TERM "$cutter_pid"
    wait "$cutter_pid"
    cutter_pid=
    TRACETRACK_DSN=$direct_dsn
    # shellcheck disable=SC2034 # for the tier
    cuts=$(awk '$1 == "cut" { print $2 }' "$tmp/cutter")
}
