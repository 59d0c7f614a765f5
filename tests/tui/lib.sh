# Words for stories about the screen. Sourced by stories/*.sh with STORY set; prints TAP without a
# plan. Reads B, TRACETRACK_DSN, TRACETRACK_DEMO_PASSWORDS, TRACETRACK_SANDBOX, GENERATE.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
program=$(cd "$top" && realpath "${B:-build}/tracetrack")
: "${STORY:?}" "${TRACETRACK_DSN:?}" "${TRACETRACK_DEMO_PASSWORDS:?}"

work=$(mktemp -d "${TMPDIR:-/tmp}/tui-XXXXXX")
run_number=$(printf '%06d' $(($(od -An -N4 -tu4 /dev/urandom) % 1000000)))
stopped=()
held=()
servants=() # processes of the story, ended with it
wrapper=()  # in front of the program
patience=10 # seconds
dock=DOCK-03 # the station's name
station=

tmux_() { tmux -S "$work/tmux" -f "$work/tmux.conf" "$@"; }

finish() {
    local pid
    for pid in "${stopped[@]}"; do kill -CONT "$pid"; done
    for pid in "${servants[@]}"; do kill "$pid" 2>/dev/null; done
    tmux_ kill-server 2>/dev/null
    [ -z "$station" ] || until_gone "$station"
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

until_gone() {
    local until=$((SECONDS + patience))
    while kill -0 "$1" 2>/dev/null && [ $SECONDS -lt $until ]; do sleep 0.05; done
}

# Codes of this run only, so that a story can be told twice: parent 1, child 07.
parent() { echo "SB$run_number$1"; }
child() { echo "CH$run_number$1"; }

# ---- the terminal

# start [-s 80x24] [-t TERM] [-l LANES] [-e NAME=VALUE]... [OPTION...]: the station in a terminal.
# Each lane is a FIFO in its folder: main, or lane1, lane2...
start() {
    local size=80x24 term=screen-256color lanes=1 env=() scanners=() i name
    while [[ ${1:-} == -[stle] ]]; do
        case $1 in
        -s) size=$2 ;;
        -t) term=$2 ;;
        -l) lanes=$2 ;;
        -e) env+=("$2") ;;
        esac
        shift 2
    done
    for ((i = 1; i <= lanes; i++)); do
        name=main
        [ "$lanes" = 1 ] || name=lane$i
        # Held open: a FIFO that nobody holds loses what is in it.
        if [ ! -p "$work/$name" ]; then
            mkfifo "$work/$name"
            exec {fifo}<>"$work/$name"
            held+=("$fifo")
        fi
        scanners+=(--scanner "$name=pipe:$name")
    done
    cat >"$work/tmux.conf" <<'CONF'
set -g status off
set -g remain-on-exit on
set -g default-terminal screen-256color
set -s escape-time 0
set -g history-limit 0
CONF
    cat >"$work/start" <<START
#!/bin/bash
${wrapper[*]} $program "\$@" 2>"$work/stderr"
status=\$?
stty -a >"$work/stty"
printf 'ended with status %s\\n' \$status
read -r _
START
    chmod +x "$work/start"
    tmux_ new-session -d -s t -c "$work" -x "${size%x*}" -y "${size#*x}" \
        env -u NO_COLOR TERM="$term" LC_ALL=C.UTF-8 TZ=UTC "${env[@]}" "$work/start" \
        --state-dir "$work/state" --station "$dock" --log "$work/log" "${scanners[@]}" "$@"
    wait_for "$dock|ended with"
    station=$(pgrep -f "$program --state-dir $work/state" | tail -n 1) || station=
}

# The same, somebody logged in already and the database reached.
start_working() {
    start "$@" --user dispatcher --password-file "$TRACETRACK_DEMO_PASSWORDS/dispatcher"
    wait_for ' no parent'
}

resize() { tmux_ resize-window -t t -x "${1%x*}" -y "${1#*x}"; }
press() { tmux_ send-keys -t t "$@"; }
# As a person types: the text, seen, before anything else.
type_text() {
    tmux_ send-keys -t t -l "$1"
    wait_for "$2"
}
# press_until REGEX KEY: again each second, as a person who is told that it did not work does.
press_until() {
    local until=$((SECONDS + patience)) again
    while ! is_shown "$1" && [ $SECONDS -lt $until ]; do
        press "$2"
        again=$((SECONDS + 2))
        while ! is_shown "$1" && [ $SECONDS -lt $again ]; do sleep 0.05; done
    done
    wait_for "$1"
}
# run_command LINE: by the prompt, typed as a person does.
run_command() {
    press :
    wait_for '^:'
    type_text "$1" "^:$1"
    press Enter
}
# type_filter WORDS: of the list.
type_filter() {
    press /
    wait_for '^/'
    press C-u
    type_text "$1" "^/$1"
}
# As a keyboard scanner types: all at once, with its Enter.
burst() { tmux_ send-keys -t t -l "$1"$'\r'; }
# As the scanner of a lane: raw bytes.
# shellcheck disable=SC2059
raw() { printf "$2" >"$work/$1"; }
scan_on() { raw "$1" "$2\r"; }
scan() { scan_on main "$1"; }

snapshot() {
    tmux_ capture-pane -p -t t
    tmux_ display -p -t t 'cursor #{cursor_x},#{cursor_y}'
}

masked() {
    snapshot | sed -E \
        -e "s/(SB|CH)[0-9]{0,6}([…│])/\\1\\2/g" \
        -e "s/(SB|CH)$run_number/\\1nnnnnn/g" -e "s/K-${dock#*-}/K-03/g" \
        -e 's/ +([●+] (db )?)[0-9.]+ ms/ \1N ms/' \
        -e 's/took( +)[0-9.]+ ms.*/took\1N ms/' \
        -e 's/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/uuid/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/yyyy-mm-ddThh:mm:ssZ/g' \
        -e 's/[0-9]{2} [A-Z][a-z]{2} [0-9]{0,4}…/dd Mon …/g' \
        -e 's/[0-9]{2} [A-Z][a-z]{2} [0-9]{4}/dd Mon yyyy/g' \
        -e 's/[0-9]{2}:[0-9]{2}:[0-9]{2}/hh:mm:ss/g' \
        -e 's/[0-9]{2}:[0-9]{2}/hh:mm/g' \
        -e "s|$work|WORK|g"
}

# The same when the screen rests: twice alike.
masked_at_rest() {
    local now before=
    while now=$(masked); [ "$now" != "$before" ]; do
        before=$now
        sleep 0.1
    done
    printf '%s\n' "$now"
}

# ---- judging

report() {
    if [ "$1" = 0 ]; then
        echo "ok - $STORY: $2"
    else
        echo "not ok - $STORY: $2"
        snapshot | sed 's/^/# |/'
        [ ! -s "$work/stderr" ] || sed 's/^/# stderr: /' "$work/stderr"
    fi
}

is_shown() { snapshot | grep -qE -- "$1"; }

# Wait until the screen shows a text (extended regular expression); not a judgement, but a story
# that waits in vain ends.
wait_for() {
    local until=$((SECONDS + patience))
    while sleep 0.05; ! is_shown "$1"; do
        if [ $SECONDS -ge $until ]; then
            report 1 "waits in vain for $1"
            exit 1
        fi
    done
}

# shows WHAT REGEX, hides WHAT REGEX: within ten seconds.
shows() {
    local until=$((SECONDS + patience))
    while ! is_shown "$2" && [ $SECONDS -lt $until ]; do sleep 0.05; done
    is_shown "$2"
    report $? "$1"
}

hides() {
    local until=$((SECONDS + patience))
    while is_shown "$2" && [ $SECONDS -lt $until ]; do sleep 0.05; done
    ! is_shown "$2"
    report $? "$1"
}

# The whole screen is golden/NAME.txt, within ten seconds.
screen_is() {
    local golden=$here/golden/$1.txt until=$((SECONDS + patience))
    if [ -n "${GENERATE:-}" ]; then
        masked_at_rest >"$golden"
    fi
    while ! masked | cmp -s - "$golden" && [ $SECONDS -lt $until ]; do sleep 0.05; done
    if masked | cmp -s - "$golden"; then
        echo "ok - $STORY: the screen is $1"
    else
        echo "not ok - $STORY: the screen is $1"
        masked | diff "$golden" - | sed 's/^/# /'
    fi
}

# ok WHAT COMMAND...
ok() {
    local what=$1
    shift
    "$@"
    report $? "$what"
}

# ---- the database goes and comes back

database_stops() {
    local pid
    pid=$("$top/contrib/sandbox" pid pgbouncer "$TRACETRACK_SANDBOX")
    stopped+=("$pid")
    kill -STOP "$pid"
}

database_returns() {
    kill -CONT "${stopped[@]}"
    stopped=()
}
