# The live view, in a real terminal. What a run counts differs each time: what is judged is what is
# shown where, keys, and the way out.
# shellcheck shell=bash disable=SC2154,SC2119,SC2120,SC2034

cat >"$tmp/shown.json" <<'JSON'
{"loop": "closed", "clients": 4, "stages": [{"seconds": 90, "level": 4}],
 "classes": [{"name": "d", "login": "dispatcher%03d", "wait_ms": [10, 30], "mix": {"check": 3, "areas": 1}}],
 "operations": {"check": "op session.check", "areas": "op area.list"}}
JSON

tmux_() { tmux -S "$tmp/tmux" -f "$tmp/tmux.conf" "$@"; }
# What is looked at stays in a file, to explain a point that fails.
look() { tmux_ capture-pane -p -t ui "$@" >"$tmp/screen" && cp "$tmp/screen" "$out/said"; }
shown() { look && grep -qE -- "$1" "$tmp/screen"; }
shows() { wait_until "${2:-20}" shown "$1" || { echo "nothing like: $1"; sed 's/^/|/' "$tmp/screen"; return 1; }; }
press() { tmux_ send-keys -t ui "$@"; }
resize() { tmux_ resize-window -t ui -x "${1%x*}" -y "${1#*x}"; }
second() { look && sed -nE 's/.* ([0-9]+) s of 90 *$/\1/p' "$tmp/screen"; }
is_later() { [ "$(second)" -gt "$1" ] 2>/dev/null; }

# open_ui NAME SIZE [NAME=VALUE]... [-- OPTION...]: the view on a terminal of its own, which stays
# when it is over.
open_ui() {
    local size=$2 env=()
    new_report "$1"
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        env+=("$1")
        shift
    done
    printf '%s\n' 'set -g status off' 'set -g remain-on-exit on' 'set -s escape-time 0' \
        'set -g default-terminal screen-256color' >"$tmp/tmux.conf"
    cat >"$tmp/ui" <<UI
#!/bin/bash
"$stress" run "$tmp/shown.json" --ui --gates none --out "$out" ${*:2} 2>"$out/errors"
status=\$?
stty -a | grep -c ' echo ' >"$out/stty"
echo "ended with status \$status"
read -r _
UI
    chmod +x "$tmp/ui"
    tmux_ new-session -d -s ui -c "$PWD" -x "${size%x*}" -y "${size#*x}" env -u NO_COLOR \
        TERM=screen-256color LC_ALL=C.UTF-8 "${env[@]}" "$tmp/ui"
}
close_ui() { tmux_ kill-server; }

open_ui shown 80x24
holds "view: at first it tells that stations log in" shows 'stations are in|s of 90'
holds "view: then the second of the work" shows ' [2-9] s of 90 *$' 60
holds "view: figures, chart, and each operation, in 80 by 24" all_of "shows '^ *shown, 4 clients'" \
    "shows 'per second +p50 ms +p95 ms +p99 ms'" "shows 'in flight +pool in use +wait for it +lock waits'" \
    "shows 'p95 of each second, m'" "shows '│ *[█▁▂▃▄▅▆▇]'" "shows '^ operation +attempts +refused +errors'" \
    "shows '^ check +[0-9]+ +0 +0'" "shows '^ areas +[0-9]+'" "shows '^ q ends the run +p pauses'"
holds "view: it goes on by itself" wait_until 20 is_later "$(second)"
before=$(second)
press p
holds "view: p keeps what is shown" all_of "shows 'paused: the run goes on'" "shows 'p goes on'"
press p
holds "view: p again, and it has gone on meanwhile" wait_until 20 is_later "$before"
resize 60x20
holds "view: a smaller terminal has it all, cut" all_of "shows '^ *shown, 4 clients'" "shows '^ check'" \
    "shows '^ q ends the run'"
resize 132x43
holds "view: a larger one too" all_of "shows '^ check'" "shows '^ q ends the run'"
resize 40x16
holds "view: the smallest has figures, operations and keys" all_of "shows 'per second'" "shows '^ check'" "shows '^ q ends'"
resize 80x24
press q
holds "view: q ends the run in order, and gives the terminal back" all_of \
    "shows 'ended with status 2' 40" "shows '^INCOMPLETE: it was interrupted'" '[ "$(cat "$out/stty")" = 1 ]' \
    nobody_is_left 'is in_flight == 0'
close_ui

open_ui plain 80x24 NO_COLOR=1 LC_ALL=C
holds "view: without colours and in ASCII" all_of "shows ' [2-9] s of 90 *$' 60" "shows '\\| *#'" \
    'look -e && ! grep -qE "\[([0-9]+;)*([34][0-8]|9[0-7])[;m]" "$tmp/screen"' \
    'look && ! LC_ALL=C grep -q "[^ -~]" "$tmp/screen"'
press C-c
holds "view: Ctrl-C is q" shows 'ended with status 2' 40
close_ui

open_ui gathers 80x24 -- --hosts 2
holds "view: who leads hosts says what to do on them" \
    shows 'waits for 2 hosts: tracetrack-stress agent [0-9]+ *$'
press q
holds "view: q ends that as well" all_of "shows '^INCOMPLETE: it was interrupted' 40" "shows 'ended with status 2'"
close_ui

new_report unseen
"$stress" run "$tmp/shown.json" --ui --out "$out" --quiet </dev/null >"$out/said" 2>"$out/errors"
result=$?
holds "view: without a terminal it says so, and nothing runs" all_of 'status_is 2' \
    'said "no terminal on standard input"' 'said "Leave --ui out"' nobody_is_left
