# shellcheck shell=bash disable=SC2154
# check by the convention of monitoring plugins, metrics for Prometheus: each judged by a reader of
# its own, and each status on a database that is really so.

admin_sql() { psql -XqAt -v ON_ERROR_STOP=1 "$TRACETRACK_DSN_ADMIN" -c "$1"; }
monitor=$(dsn_with user=tracetrack_monitor)
closed=$(dsn_with port="$(free_port)")

# ---- check

row "check: all is well" 0 '^TRACETRACK OK - schema [0-9]+, [0-9]+ scans, [0-9]+ exceptions( |,)' '' \
    ctl check --notifications -,- --exceptions -,- --exceptions-age -,-
row "through the pooler, as the role of who watches" 0 ' pool_wait=[0-9]+s;0;4' '' \
    ctl --dsn "$monitor" check --notifications -,- --exceptions -,- --exceptions-age -,-
row "as a station the pool is not told" 0 'pool not told \|' '' \
    ctl check --notifications -,- --exceptions -,- --exceptions-age -,-
row "nor when it is not asked" 0 'pool not told \|' '' ctl --dsn "$monitor" check --no-pool \
    --notifications -,- --exceptions -,- --exceptions-age -,-
row "check: a warning" 1 '^TRACETRACK WARNING - partitions 12, warning below 100 \|.* partitions=12;100:;1: ' '' \
    ctl check --partitions 100,1 --notifications -,- --exceptions -,- --exceptions-age -,-
row "check: critical" 2 '^TRACETRACK CRITICAL - .*connections_used [0-9]+%, critical from 0' '' \
    ctl check --connections 90,0
row "check: the worst counts" 2 '^TRACETRACK CRITICAL - .*; ' '' \
    ctl check --connections -,0 --partitions 100,1
row "check: no database" 2 "^TRACETRACK CRITICAL - the database can't be reached[^|]*$" '' \
    ctl --dsn "$closed" check
row "check: a limit that is none" 3 '^TRACETRACK UNKNOWN - --lag must be two numbers such as 10,60' '' \
    ctl check --lag soon
row "check: half a limit too many" 3 '^TRACETRACK UNKNOWN - --lag must be' '' ctl check --lag 1,2,3
row "check: an unknown option" 3 '^TRACETRACK UNKNOWN - check has no option "--lga". Did you mean --lag\?' '' \
    ctl check --lga 1
row "check: an option twice" 3 '^TRACETRACK UNKNOWN - --lag is given twice' '' ctl check --lag 1 --lag 2
row "check: a word" 3 '^TRACETRACK UNKNOWN - what is "now"' '' ctl check now
row "check: in JSON" 3 '^TRACETRACK UNKNOWN - check is neither' '' ctl check --json
row "check: no database named" 3 '^TRACETRACK UNKNOWN - no database is named' '' \
    env -u TRACETRACK_DSN "$B/tracetrackctl" check
row "check: integrity without a session" 3 '^TRACETRACK UNKNOWN - nobody is logged in' '' ctl check --integrity 2
row "check: integrity without the right" 3 '^TRACETRACK UNKNOWN - .*not_permitted|may not' '' \
    as dispatcher check --integrity 2
row "check: integrity" '[012]' ' integrity_broken=0;;0 integrity_unfinished=[0-9]' '' \
    as admin check --integrity 60
# The next one goes on where this one stopped, and still tells what was broken before.
integrity=$tmp/check/integrity
mkdir -p "$tmp/check"
printf 'operations 0\nbags 1 parents agree: SB1\npeople 8 once: t\n' >"$integrity"
row "check: goes on where it stopped" 2 \
    '^TRACETRACK CRITICAL - .*bags broken: 1 parents agree: SB1.* integrity_broken=1;;0 integrity_unfinished=0$' \
    '' as admin --state-dir "$tmp/check" check --integrity 60
check "and has come to the end" grep -q '^- 0$' "$integrity"
row "check: a new round begins" '[012]' ' integrity_broken=0;;0 integrity_unfinished=0$' '' \
    as admin --state-dir "$tmp/check" check --integrity 60
echo 'nonsense' >"$integrity"
row "check: what can't be read begins anew" '[012]' ' integrity_broken=0;;0 integrity_unfinished=0$' '' \
    as admin --state-dir "$tmp/check" check --integrity 60
row "check: no time at all" 3 '^TRACETRACK UNKNOWN - --integrity must be seconds from 1 to 3600, not "0"' '' \
    as admin check --integrity 0

# ---- what is really so

admin_sql 'update tracetrack.tally set scans = scans + 1 where slot = 0'
row "check: broken counters" 2 '^TRACETRACK CRITICAL - .*counters broken: .* integrity_broken=1;;0' '' \
    as admin check --integrity 60
admin_sql 'update tracetrack.tally set scans = scans - 1 where slot = 0'
admin_sql "alter database tracetrack set default_transaction_read_only = on"
row "check: a database that takes no writes" 2 '^TRACETRACK CRITICAL - the database takes no writes' '' \
    ctl --dsn "$TRACETRACK_DSN_DIRECT" check
psql -XqAt "$TRACETRACK_DSN_ADMIN options='-c default_transaction_read_only=off'" \
    -c 'alter database tracetrack reset default_transaction_read_only'
admin_sql "insert into tracetrack.migration (number, name, checksum) values (999, 'later', '')"
row "check: another schema" 2 '^TRACETRACK CRITICAL - schema 999, this program wants [0-9]+' '' ctl check
admin_sql 'delete from tracetrack.migration where number = 999'

# Guidelines, section 2.6: 'label'=value[UOM];[warn];[crit];[min];[max]
figures_are_sound() {
    { ctl check || :; } | awk -F' [|] ' '
        NR > 1 || NF != 2 { bad = 1 }
        { n = split($2, f, " ")
          for (i = 1; i <= n; i++) {
              if (f[i] !~ /^[a-z_]+=[0-9]+(s|B|c|%)?(;([0-9]+:?)?)?(;([0-9]+:?)?)?$/) { print f[i]; bad = 1 }
              name = f[i]; sub(/=.*/, "", name)
              if (seen[name]++) { print name " twice"; bad = 1 } } }
        END { exit bad || n < 12 }'
}
check "check: its figures can be read" figures_are_sound

# ---- metrics

# The text format, line by line: HELP, TYPE and samples of each name together, names, types and
# values as they may be, nothing twice, a line end at the end.
metrics_are_sound() {
    [ "$(tail -c 1 "$1" | od -An -c | tr -d ' ')" = '\n' ] || { echo "no line end"; return 1; }
    awk '
        function wrong(why) { print NR ": " why ": " $0; bad = 1 }
        /^# HELP / { if ($3 in help) wrong("HELP twice"); if (NF < 4) wrong("no help")
                     if ($0 ~ /\\[^\\n]/) wrong("escape"); help[$3]; now = $3; next }
        /^# TYPE / { if ($3 != now || $3 in type) wrong("TYPE")
                     if ($4 !~ /^(counter|gauge)$/) wrong("kind"); type[$3] = $4; next }
        /^[a-zA-Z_:][a-zA-Z0-9_:]* -?[0-9]+(\.[0-9]+)?$/ {
                     if ($1 != now || !($1 in type)) wrong("sample without TYPE")
                     if ((type[$1] == "counter") != ($1 ~ /_total$/)) wrong("name of a counter")
                     if ($1 in value) wrong("sample twice"); value[$1] = $2; n++; next }
        { wrong("line") }
        END { exit bad || n == 0 }' "$1"
}
ctl --dsn "$monitor" metrics >"$tmp/metrics"
check "metrics: can be read" metrics_are_sound "$tmp/metrics"
row "metrics: the figures" 0 $'\ntracetrack_up 1\n.*\ntracetrack_size_bytes [1-9].*\ntracetrack_scans_total [0-9]+\n.*\ntracetrack_pool_wait_seconds 0' '' \
    cat "$tmp/metrics"
printf 'tracetrack_up 1\n' >"$tmp/wrong"
check "metrics: the reader refuses what is wrong" eval '! metrics_are_sound "$tmp/wrong" >/dev/null'
row "metrics: into a file" 0 '^$' '' ctl metrics --file "$tmp/tracetrack.prom"
check "metrics: the file can be read" metrics_are_sound "$tmp/tracetrack.prom"
row "metrics: no database, said in the file" 69 '^$' "can't be reached" \
    ctl --dsn "$closed" metrics --file "$tmp/tracetrack.prom"
row "metrics: that it is down" 0 $'\ntracetrack_up 0\n' '' cat "$tmp/tracetrack.prom"
check "metrics: which can be read too" metrics_are_sound "$tmp/tracetrack.prom"
row "metrics: a file that can't be" 74 '^$' "can't" ctl metrics --file "$tmp/no/tracetrack.prom"
row "metrics: in CSV" 64 '^$' 'neither JSON nor CSV' ctl --csv metrics
row "metrics: an option that is nearly one" 64 '^$' 'Did you mean --file\?' ctl metrics --fiel x
row "neither is for those who come by ssh" 77 '' 'metrics is not for those who come by ssh' \
    env SSH_ORIGINAL_COMMAND=metrics "$B/tracetrackctl" --remote
