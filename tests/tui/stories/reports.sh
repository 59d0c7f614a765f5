#!/bin/bash
# Reports: what was scanned by day, hour, person, station, area and outcome, with bars; and the
# history of one thing.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
scan "$(parent 1)"
scan "$(child 1)"
scan nonsense:
wait_for 'REFUSED'
tmux_ kill-server

start -s 132x43 --view by-day --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'Scans by day'
for report in 'hour' 'person' 'station' 'area' 'outcome' 'day'; do
    press Tab
    shows "Tab goes on to the figures by $report" "^Scans by $report +[a-z]+  [0-9]+ rows?\$"
done
press_until '^  [0-9]{4}-[0-9]{2}-[0-9]{2} +[0-9]+ .*█' r
shows 'a day has figures and a bar' '^  [0-9]{4}-[0-9]{2}-[0-9]{2} +[0-9]+ .*█'
run_command by-outcome
press_until '^  bad format +refused +[0-9]+' r
shows 'refusals by kind' '^  bad format +refused +[0-9]+'
for period in week month quarter year today; do
    press p
    shows "p goes on to $period" "^Scans by outcome +$period  [0-9]+ rows"
done
press q
run_command bags
type_filter "$(parent 1)"
press Enter
wait_for "$(parent 1) +parent +mustard"
press h
shows 'h tells the history of the selected one' "History +\"kind=bag key=$(parent 1)\"  3 rows"
shows 'with who did it, and where' 'ledger +dispatcher +DOCK-03 +parent'
press q
wait_for 'Bags +"'
run_command 'history person dispatcher'
shows 'the prompt takes anything' 'History +"kind=person key=dispatcher"'
press q
wait_for 'Bags +"'
run_command 'history person'
shows 'and says how' 'Say of what: history bag'
tmux_ kill-server

start -e NO_COLOR=1 --lines ascii --view by-person --user supervisor \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/supervisor"
wait_for 'Scans by person +today  [0-9]+ row'
shows 'bars are # in ASCII' '^  dispatcher .* #+'
