# Several generator hosts that meet through the database: three agents on this machine, and what
# happens when one of them, or the one that leads, is killed.
# shellcheck shell=bash disable=SC2154,SC2119,SC2034

cat >"$tmp/shared.json" <<'JSON'
{"loop": "open", "clients": 9, "timeout_s": 10,
 "stages": [{"seconds": 1, "level": 60, "measured": false}, {"seconds": 4, "level": 60}],
 "classes": [{"name": "d", "share": 2, "login": "dispatcher%03d", "mix": {"check": 3, "child": 1}},
             {"name": "b", "share": 1, "login": "biller", "mix": {"check": 1}}],
 "operations": {"check": "op session.check", "parent": "scan {parent}",
                "child": {"send": "scan T{run}{n}", "needs": "parent"}},
 "values": {"parent": {"form": "SB7%07d", "next": true}, "n": {"form": "-%07d", "next": true}}}
JSON
sed 's/"seconds": 4/"seconds": 120/' "$tmp/shared.json" >"$tmp/endless.json"

agents=()

# lead NAME PROFILE [OPTION]...: the coordinator in the background, then three agents.
lead() {
    local i
    start_stress "$@" --hosts 3 --gates none --give-up 8
    wait_until 30 has_begun
    run=$(admin -c "select max(id) from tracetrack_stress.run")
    agents=()
    for i in 1 2 3; do
        "$stress" agent "$run" --out "$out/agent-$i" --give-up 8 --quiet >"$out/agent-$i.said" 2>&1 &
        agents+=($!)
    done
}
has_begun() { [ "$(admin -c "select count(*) from tracetrack_stress.run" 2>/dev/null)" = 1 ]; }

# The status of each agent, in the order of their starts.
await_agents() {
    local pid
    statuses=
    for pid in "${agents[@]}"; do
        wait "$pid" 2>/dev/null
        statuses+="$? "
    done
}

stations_of() { pgrep -P "$1" -x tracetrack; }
all_work() {
    local pid
    for pid in "${agents[@]}"; do [ "$(stations_of "$pid" | wc -l)" = 3 ] || return; done
    [ "$(admin -c "select count(*) from tracetrack_stress.second where run_id = $run and number > 1")" -ge 3 ]
}
no_station_is_left() { ! pgrep -f -- "--state-dir $out/agent-" >"$tmp/left"; }
nothing_is_kept() {
    [ "$(admin -c "select count(*) from tracetrack_stress.run")" = 0 ] &&
        [ "$(admin -c "select count(*) from tracetrack_stress.second")" = 0 ]
}

# hosts_sum FIGURE: of the lines for each host in what was said.
hosts_sum() { awk -v f="$1" '/^host [0-9]+ \(/ { for (i = 2; i <= NF; i++) if ($i ~ "^" f) n += $(i - 1) } END { print n + 0 }' "$out/said"; }
hosts_are_the_whole() {
    if [ "$(hosts_sum attempts)" != "$(value attempts)" ] || [ "$(hosts_sum clients)" != 9 ]; then
        echo "$(hosts_sum attempts) of hosts, $(value attempts) in all"
        explain
        return 1
    fi
}

lead together "$tmp/shared.json"
await_stress
await_agents
holds "together: every host and the whole run are complete" all_of 'status_is 0' '[ "$statuses" = "0 0 0 " ]' \
    'json_says complete true'
holds "together: the offered load is that of one host" all_of 'is attempts == 300'
holds "together: what the hosts counted is the whole" all_of hosts_are_the_whole adds_up series_adds_up
holds "together: nobody scanned what another had" all_of 'is failed == 0' 'is refused == 0 child' \
    'is succeeded ">" 20 child'
holds "together: the end state is checked for all stations" all_of 'json_says checked true' 'json_says breaches 0'
holds "together: the report page has a part for each host" all_of \
    '[ "$(grep -c "<h3 id=\"host-" "$out/report.html")" = 3 ]'
holds "together: each host tells what grew there" test \
    "$(grep -c '^ *"flatness": {' "$out/report.json")" = 4
holds "together: nothing is left in the database, and no station" all_of nothing_is_kept no_station_is_left

lead loses "$tmp/endless.json" --time-scale 0.14
holds "loses: all three work" wait_until 60 all_work
kill -KILL "${agents[1]}"
await_stress
await_agents
holds "loses: the run is incomplete and names the host" all_of 'status_is 2' 'json_says complete false' \
    'said "^INCOMPLETE: host [123] \(.*\) is lost: not heard of"' \
    'grep -q "Incomplete: host [123]" "$out/report.html"'
holds "loses: the others went on to the end" all_of '[ "$statuses" = "0 137 0 " ]' \
    '[ "$(grep -cE "^[0-9]" "$out/timeseries.csv")" -ge 16 ]'
holds "loses: what it had told is counted" all_of hosts_are_the_whole adds_up series_adds_up \
    '[ "$(grep -cE "^host [123] .* [1-9][0-9]* attempts" "$out/said")" = 3 ]'
holds "loses: no station of it is left" all_of 'wait_until 10 no_station_is_left' nothing_is_kept

lead orphaned "$tmp/endless.json"
holds "orphaned: all three work" wait_until 60 all_work
kill -KILL "$(generator_pid)"
await_stress
await_agents
holds "orphaned: without the one that leads the agents end, and say so" all_of \
    '[ "$statuses" = "2 2 2 " ]' '[ "$(cat "$out"/agent-*.said | grep -c "the coordinator has gone")" -ge 3 ]'
holds "orphaned: no station is left" wait_until 10 no_station_is_left
admin -c "delete from tracetrack_stress.run"

lead interrupted-hosts "$tmp/endless.json"
holds "interrupted: all three work" wait_until 60 all_work
"$stress" agent "$run" --quiet >"$tmp/late" 2>&1
late=$?
holds "a host too many is told so" all_of '[ $late = 2 ]' 'grep -q "has its 3 hosts already" "$tmp/late"'
kill -TERM "$(generator_pid)"
await_stress
await_agents
holds "interrupted: all hosts end in order, and it is told" all_of 'status_is 2' '[ "$statuses" = "2 2 2 " ]' \
    'said "^INCOMPLETE: it was interrupted"' 'is in_flight == 0' no_station_is_left nothing_is_kept

# agent_refused WHAT STATUS PATTERN RUN
agent_refused() {
    "$stress" agent "$4" --quiet >"$tmp/refused" 2>&1
    result=$?
    holds "$1" all_of "[ $result = $2 ]" "grep -q '$3' '$tmp/refused'"
}
agent_refused "a run that is not there" 2 "there is no such run" 999999
agent_refused "what is no number" 2 "a run has a number" tomorrow
run_stress few "$tmp/shared.json" --hosts 3 --clients 2
holds "fewer clients than hosts" all_of 'status_is 2' "said '2 clients are too few for 3 hosts'"
run_stress steps break --hosts 2
holds "a profile that looks for its limit by itself" all_of 'status_is 2' "said 'on one host only'"
