# Every profile, short and with few stations: it runs to its end, counts right, and leaves a sound
# database. What it measures here is of no meaning.
# shellcheck shell=bash disable=SC2154,SC2119

# passes NAME CLIENTS SCALE [OPTION]...
passes() {
    local name=$1 began=$SECONDS
    run_stress "$1" "$1" --clients "$2" --time-scale "$3" --gates none "${@:4}"
    holds "$name: runs to its end" all_of 'status_is 0' 'json_says complete true'
    holds "$name: attempts are what they came to, in all and in each second" all_of adds_up \
        series_adds_up 'is attempts ">" 0'
    holds "$name: no trouble" all_of 'is failed == 0' 'is timed_out == 0' 'is in_flight == 0'
    holds "$name: invariants hold, no scan is lost" all_of 'json_says checked true' 'json_says breaches 0'
    echo "# $name took $((SECONDS - began)) s"
}

passes target 10 0.004 --rate 150
holds "target: each part of the mix has its share" all_of 'is attempts ">" 100 dashboard' \
    'is attempts ">" 25 search' 'is attempts ">" 20 "child scan"' 'is attempts ">" 10 "view bill"'
holds "target: the offered rate is the rate" all_of 'is per_s ">" 140' 'is per_s "<" 160'
passes basic 8 0.004
passes load 10 0.008
passes families 8 0.006
holds "families: they come to their end" is workflows '>=' 8
passes query 8 0.03
passes race 20 0.02
holds "race: some win and some lose" all_of 'is succeeded ">" 20' 'is refused ">" 20' \
    'is succeeded ">" 0 "parent onto bill"'
passes spike 3 0.004
holds "spike: ten times as many at the top" grep -qE "^[0-9]+,30.000," "$out/timeseries.csv"
passes login-storm 20 0.2
holds "login-storm: everybody gets in, looks, and leaves" all_of 'is succeeded == 20 "log in"' \
    'is succeeded == 20 "log out"' 'is workflows == 20'
passes pool 40 0.15
holds "pool: the holders fill it, who waits is counted, nobody is dropped" all_of \
    'is max_ms ">" 1000' 'said "WARNING"' 'said "[1-9][0-9]* clients waited"' \
    'said "waiting for a server connection took [0-9.]+ ms a statement, the statement [0-9.]+ ms"'
passes stress 10 0.004
passes stages 4 0.003
passes ramp 16 0.01 --rate 20
holds "ramp: who comes logs in, looks and leaves, or lists and scans: five of the one to three of the other" \
    all_of 'is attempts == 35 "log in"' 'is attempts == 21 "bag list"' 'is workflows ">" 50'
run_stress crowd ramp --clients 8 --time-scale 0.01 --rate 2000 --gates none
holds "ramp: rounds that no station has time for are told, each of them" all_of 'status_is 0' adds_up \
    'is attempts == 3525 "log in"' 'is failed ">" 3000 "log in"' 'json_says breaches 0'
passes bills 5 0.01
holds "bills: they are made and filled" all_of 'is succeeded ">" 20 add' \
    'is succeeded ">" 0 "create bill"' 'is refused == 0 "create bill"'
passes api-perf 4 0.006
passes db-scale 4 0.03
holds "db-scale: no large table is read from end to end" json_says large_seq_scans 0
run_stress peak peak --clients 6 --time-scale 0.008 --rate 10000 --gates none
holds "peak: what is too much is shed, and told" all_of 'status_is 0' adds_up 'is failed ">" 100' \
    'is in_flight == 0' 'grep -q "client_behind" "$out/report.json"'
holds "peak: invariants hold, no scan is lost" json_says breaches 0
run_stress synthetic synthetic --gates none
holds "synthetic: in, a look, a scan and its undo, out" all_of 'status_is 0' 'is succeeded == 7' \
    'is workflows == 1'

holds "the report page needs nothing from outside, has both faces and a plot" all_of \
    '! grep -qE "(src|href)=\"[^#]|https?:|@import|url\(" "$out/report.html"' \
    'grep -q "prefers-color-scheme:dark" "$out/report.html"' \
    'grep -q "name=\"viewport\"" "$out/report.html"' \
    '[ "$(grep -c "<path class=\"line" "$out/report.html")" -ge 10 ]'
