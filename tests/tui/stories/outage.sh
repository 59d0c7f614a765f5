#!/bin/bash
# The database stops answering; the station goes on and catches up.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
scan "$(parent 1)"
wait_for 'OPENED'
scan "$(child 01)"
wait_for '1 of 30 children'

database_stops
scan "$(child 02)"
wait_for 'QUEUED'
scan "$(child 03)"
wait_for 'outbox 2'
shows 'the lane tells how many are on their way' '2 queued'
press F1
wait_for 'Search:'
ok 'keys work without the database' is_shown 'Search:'
press Escape
wait_for 'QUEUED'
press C-c
shows 'leaving asks, because scans wait' '2 scans wait here'
press n
wait_for '[F1]*1 ?Help|1Help'

database_returns
wait_for '3 of 30 children'
wait_for 'outbox 0'
screen_is outage-over
tmux_ kill-server

start --dsn 'host=127.0.0.1 port=1 dbname=none'
shows 'who has none is told when it is tried again' '○ down, retry [0-9]+ s  outbox'
resize 132x43
shows 'where there is room also why' "○ down, retry [0-9]+ s: the database can't be reached"
