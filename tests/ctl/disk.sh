# shellcheck shell=bash
# A disk that is full under the outbox, one that can't be written, and a file that is damaged.

s=DSK$run
if ! can_mount; then
    echo "ok - a full disk # SKIP no disk of its own can be mounted here"
else
    # The part that runs on the small disk: it fills it, scans, makes room, and scans again.
    cat >"$tmp/full" <<'S'
#!/bin/bash
set -u
disk=$1 program=$2 run=$3
shift 3
coproc STATION { exec "$program" "$@" --state-dir "$disk" 2>"$disk.err"; }
exec {to}>&"${STATION[1]}" {from}<&"${STATION[0]}"
ask() {
    printf '%s\n' "$1" >&"$to"
    IFS= read -r -t 30 answer <&"$from"
    echo "$answer"
}
IFS= read -r -t 30 answer <&"$from"
ask "scan SB${run}31"
ask "scan CTD-$run-1"
cat /dev/zero >"$disk/ballast" 2>/dev/null
i=2
until [[ $answer == *not_saved* || $i -gt 4000 ]]; do
    ask "scan CTD-$run-$i" >"$disk.last"
    i=$((i + 1))
done
cat "$disk.last"
ask "state"
rm "$disk/ballast"
ask "scan CTD-$run-after"
ask "sync 20"
ask "quit"
S
    full_disk() {
        with_disk size=256k bash "$tmp/full" "$tmp/disk" "$B/tracetrack" "$run" --headless \
            --station "$s" --user dispatcher --password-file "$passwords/dispatcher" \
            --answer-within 5000
    }
    row "a full disk: not saved is said, and scanning goes on when there is room" 0 \
        '"opened".*"linked".*"not_saved","class":"trouble".*NOT saved.*"durable":"none".*"error":\{"code":"io".*"phase":"working".*"waiting":0.*"cmd":"quit"' \
        '' full_disk
    check "the disk's fault has a hint" grep -q '"hint":"The disk is full' "$tmp/out"
    after_room() { grep -q "\"code\":\"CTD-$run-AFTER\".*\"durable\":\"db\"" "$tmp/out"; }
    check "what was scanned after it is in the database" after_room
    read_only_disk() {
        with_disk ro "$B/tracetrack" --headless --station "$s" --user dispatcher \
            --password-file "$passwords/dispatcher" --state-dir "$tmp/disk"
    }
    input=$'state\n'
    row "a disk that can only be read" 74 '' "can't be (made|written).*--state-dir" read_only_disk
    input=
    read_only_session() { with_disk ro "$B/tracetrackctl" --user dispatcher \
        --password-file "$passwords/dispatcher" --state-dir "$tmp/disk" login; }
    row "a session that can't be kept there" 74 '' 'Read-only.*--state-dir' read_only_session
fi

input=$'state\n'
row "a folder that can't be made" 74 '' "can't be made.*--state-dir" headless "$s" --state-dir /proc/none
echo x >"$tmp/file"
row "a file in its place" 74 '' "can't be.*--state-dir" headless "$s" --state-dir "$tmp/file"
row "a folder with a name that is too long" 74 '' 'too long.*--state-dir' \
    headless "$s" --state-dir "$tmp/$(many 200 a)/$(many 200 b)/$(many 200 c)"
check "which made no folder of half its name" test ! -e "$tmp/$(many 200 a)"

row "before the damage" 0 '"ready":true' '' headless "$s" --state-dir "$tmp/damaged"
outbox=$(find "$tmp/damaged" -name outbox.db)
printf '\033[31mthis is no database, and it is longer than a header of SQLite has to be: %0200d' 0 >"$outbox"
rm -f "$outbox"-*
row "an outbox that is damaged" 74 '' "outbox can't be.*(damaged|move it away)" \
    headless "$s" --state-dir "$tmp/damaged"
input=
# A pipe whose reader has ended already.
unread() {
    exec {pipe}> >(:)
    wait $!
    headless "$s" >&"$pipe"
}
input=$'state\n'
row "whoever reads the output has gone" 74 '' 'output is gone' unread
input=
row "a full disk for the output" 74 '' "can't be written" sh -c \
    "$B/tracetrackctl system version >/dev/full"
