# For tests of tracetrack-stress. To be sourced after tests/tools/tap.sh.
# shellcheck shell=bash disable=SC2154

stress=${B:-build}/tracetrack-stress
generator=

# The outputs of a run: $out/report.csv and so on, $out/said, $out/errors; its status: $result.
new_report() {
    report=$1
    out=$tmp/report-$1
    mkdir -p "$out"
}

stress() { "$stress" run "$@" --out "$out" --quiet >"$out/said" 2>"$out/errors"; }

# run_stress NAME PROFILE [OPTION]...
run_stress() {
    new_report "$1"
    shift
    stress "$@"
    result=$?
}

# The same in the background; await_stress gives $result.
start_stress() {
    new_report "$1"
    shift
    stress "$@" &
    generator=$!
}

await_stress() {
    wait "$generator"
    result=$?
    generator=
}

# The generator itself, below the shell that waits for it.
generator_pid() { pgrep -P "$generator" -x tracetrack-stre; }
stations() { pgrep -P "$(generator_pid)" -x tracetrack; }
works() { [ "$(stations | wc -l)" -ge "$1" ] 2>/dev/null; }

# value FIGURE [OPERATION]: of report.csv.
value() {
    awk -F, -v figure="$1" -v operation="\"${2:-all}\"" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == figure) at = i }
        $1 == operation { print $at + 0 }' "$out/report.csv"
}

# is FIGURE COMPARISON NUMBER [OPERATION]
is() {
    local is
    is=$(value "$1" "${4:-all}")
    awk "BEGIN { exit !($is $2 $3) }" || { echo "$1 ${4:-} is ${is:-unknown}, not $2 $3"; explain; return 1; }
}

# A word of the report's JSON, written a key a line.
json_says() { grep -qE "^ *\"$1\": $2,?$" "$out/report.json" || { echo "no $1: $2"; explain; return 1; }; }

said() { grep -qE "$1" "$out/said" "$out/errors" || { echo "nothing like: $1"; explain; return 1; }; }

explain() { cat "$out/said" "$out/errors" "$out/stations.err" 2>/dev/null | head -n 25; }

status_is() { [ "$result" = "$1" ] || { echo "status $result, not $1"; explain; return 1; }; }

all_of() {
    local check
    for check; do eval "$check" || return; done
}

adds_up() {
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["attempts"] != $at["succeeded"] + $at["refused"] + $at["failed"] + $at["timed_out"] \
            + $at["in_flight"] { print; bad = 1 }
        END { exit bad || NR < 3 }' "$out/report.csv"
}

# Of a short series: every attempt of the run is in a second of it.
series_adds_up() {
    local sum
    sum=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { n += $at["attempts"] } END { print n }' \
        "$out/timeseries.csv")
    [ "$sum" = "$(value attempts)" ] || { echo "$sum in the series, $(value attempts) in all"; return 1; }
}

# Whatever a generator has started is gone.
nobody_is_left() { ! pgrep -f -- "--state-dir $tmp/report-$report/state" >"$tmp/left"; }

# busy [FUNCTION]: stations were asking a moment ago, for that.
busy() {
    [ "$(superuser -c "select count(*) from pg_stat_activity where usename = 'tracetrack_station'
        and query like '%${1:-}%' and state_change > now() - interval '0.2 s'")" -gt 0 ]
}
