#!/bin/bash
# The dashboard: figures that follow the scans, pausing, sizes, and few bytes on a slow line.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

# The most that a refresh may send after a scan, with all its figures new.
REFRESH_BYTES=2048
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

asked() { grep -c "asked $1 " "$work/log"; }

start -s 132x43 --view dashboard --log-level debug --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'all areas, every 2 s'
wait_for 'scans today'
shows 'stations and people of today' 'stations, worst first .*people, busiest first'
shows 'the axis ends with zero and now' '^ +0 │'
wait_for '^ [0-9,]+ +[0-9,]+ +[0-9,]+'
shows 'the last hour against other days' 'yesterday [0-9,]+.*, a week ago [0-9,]+'
shows 'how the database fares' 'database: answers in .* ms, [0-9]+ of [0-9]+ connections active'
before=$(scans_today)
: >"$work/bytes"
tmux_ pipe-pane -t t "cat >>$work/bytes"
scan "SB$run_number"7
follow() {
    local until=$((SECONDS + patience))
    while [ "$(scans_today)" -le "$before" ] && [ $SECONDS -lt $until ]; do sleep 0.05; done
    [ "$(scans_today)" -gt "$before" ]
}
ok 'a scan is counted' follow
tmux_ pipe-pane -t t
bytes=$(wc -c <"$work/bytes")
echo "# $bytes bytes for a scan and the refresh that shows it"
ok 'by few bytes' [ "$bytes" -le $REFRESH_BYTES ]
press Space
shows 'Space pauses' 'paused at'
press Space
shows 'and goes on' 'every 2 s'
press +
shows '+ asks more often' 'every 1 s'
until is_early; do sleep 0.05; done
wait_for 'every 1 s'
figures=$(asked stats.dashboard) counters=$(asked stats.changes)
bytes=$(bytes_of_seconds 8)
ok 'while nothing happens the figures are not asked for' [ "$(asked stats.dashboard)" = "$figures" ]
ok 'only the counter' [ "$(asked stats.changes)" -ge $((counters + 4)) ]
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
database_stops
shows 'when the database is away it says so' '! the database is away|! 1 scan waits'
database_returns
shows 'and is back by itself' 'all areas, every 1 s'
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
