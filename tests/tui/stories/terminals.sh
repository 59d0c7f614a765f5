#!/bin/bash
# A terminal that nobody has heard of, an old one, one that can't move its cursor, none at all.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working -t xterm-from-next-year
ok 'an unknown terminal is told' is_shown "Terminal type 'xterm-from-next-year' is unknown here"
scan "$(parent 1)"
shows 'and works' 'OPENED'
tmux_ kill-server

start_working -t vt220
scan "$(parent 1)"
shows 'a vt220 works' 'RESUMED'
tmux_ kill-server

start_working -e COLUMNS=30 -e LINES=5
scan "$(parent 1)"
shows 'a size in the environment that is not the terminal'"'"'s is none' 'RESUMED'
tmux_ kill-server

start -t dumb
wait_for 'ended with status 69|ended with status'
ok 'a dumb terminal is refused' grep -q "can't move its cursor" "$work/stderr"
ok 'with a way out' grep -q -- '--plain' "$work/stderr"

"$program" --state-dir "$work/none" </dev/null >/dev/null 2>"$work/stderr"
ok 'no terminal at all is told' grep -q 'no terminal' "$work/stderr"
