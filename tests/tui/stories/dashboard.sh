#!/bin/bash
# The dashboard: figures that follow the scans, pausing, sizes, and few bytes on a slow line.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

# The most that an unchanged dashboard may send, per second: the clock, and the way back to the cursor.
CLOCK_BYTES=24

scans_today() { snapshot | sed -n '5s/^ *\([0-9,]*\).*/\1/p' | tr -d ,; }
seconds() { snapshot | sed -n '1s/.*:\([0-9][0-9]\)$/\1/p'; }

# Before its end the minute moves the chart.
is_early() { [ "$(seconds)" -lt 49 ] 2>/dev/null; }

# Bytes that the program sends until the clock has moved by so many seconds.
bytes_of_seconds() {
    local n=0 last now
    until is_early; do sleep 0.05; done
    : >"$work/bytes"
    last=$(seconds)
    tmux_ pipe-pane -t t "cat >>$work/bytes"
    while [ "$n" -lt "$1" ]; do
        now=$(seconds)
        [ "$now" = "$last" ] || n=$((n + 1))
        last=$now
    done
    tmux_ pipe-pane -t t
    wc -c <"$work/bytes"
}

start -s 132x43 --view dashboard --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'all areas, every 2 s'
wait_for 'scans today'
shows 'stations and people of today' 'stations today .*people today'
shows 'the axis ends with zero and now' '^ +0 │'
wait_for '^ [0-9,]+ +[0-9,]+ +[0-9,]+'
before=$(scans_today)
scan "SB$run_number"7
follow() {
    local until=$((SECONDS + patience))
    while [ "$(scans_today)" -le "$before" ] && [ $SECONDS -lt $until ]; do sleep 0.05; done
    [ "$(scans_today)" -gt "$before" ]
}
ok 'a scan is counted' follow
press Space
shows 'Space pauses' 'paused at'
press Space
shows 'and goes on' 'every 2 s'
press +
shows '+ asks more often' 'every 1 s'
bytes=$(bytes_of_seconds 8)
echo "# $bytes bytes in 8 seconds"
ok "an unchanged dashboard sends no more than its clock" [ "$bytes" -le $((CLOCK_BYTES * 9)) ]
press Tab
press Enter
shows 'Enter goes into the row' 'People +".*"'
press q
shows 'q comes back' 'last hour'
resize 40x16
wait_for 'every 1 s'
shows 'a small one has figures and the chart' '0 │'
resize 80x24
shows 'the usual one has two rows of figures' 'refused +weight today'
press q
wait_for ' since .* scans'
press C-c
wait_for 'Enter or y: leave'
press y
wait_for 'ended with status 0'
tmux_ kill-server

colored() { tmux_ capture-pane -e -p -t t | grep -qE $'\033\\[[0-9;]*(3[0-7]|4[0-7]|38;5|48;5)'; }
start -e NO_COLOR=1 --lines ascii --view dashboard --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'every 2 s'
wait_for 'scans today'
ok 'without colour there is none' eval '! colored'
ok 'in ASCII columns are of #' eval 'snapshot | LC_ALL=C grep -qP "^[\x00-\x7f]*$" && ! snapshot | grep -q █'
shows 'and the axis too' '^ +0 \|'
