# A hundred stations that want the same, judged by what each was told. STRESS_STATIONS makes it
# another number.
# shellcheck shell=bash disable=SC2119,SC2154

stations=${STRESS_STATIONS:-100}
children=10 # that are offered to two parents

# All that the logs say was answered to scans of children: outcome, parent, other.
child_answers() {
    awk '$1 == "I" { action = $3; code = $4; meant = $5 }
        $1 == "A" && action == "child" { print code, meant, $3, $7, $8 }' "$logs"/*.log
}

count_is() { [ "$1" = "$2" ] || { echo "$1, not $2"; child_answers | cut -d ' ' -f 3 | sort | uniq -c; return 1; }; }

deadlocks() { admin -c "select deadlocks from pg_stat_database where datname = current_database()"; }

# The server's log says who waited for whom, and where.
no_deadlock_since() {
    [ "$(deadlocks)" != "$1" ] || return 0
    grep -A 8 'deadlock detected' "$TRACETRACK_SANDBOX/server/postgres.log"
    return 1
}

logged_in() {
    echo "# $stations logged in after $(figure login_s) s; answers: p50 $(figure own_p50_ms) ms," \
        "p99 $(figure own_p99_ms) ms"
}

# Whoever came too late for the parent itself heard it then, and has none after that.
the_rest_hears() {
    awk '$1 == "I" { action = $3 }
        $1 != "A" || $3 == "linked" || $3 == "completed" || $3 == "opened" || $3 == "resumed" { next }
        $3 == "parent_full" || $3 == "parent_closed" { late[FILENAME] = action == "parent"; next }
        $3 == "no_parent" && late[FILENAME] { next }
        { print FILENAME, $0; bad = 1 }
        END { exit bad }' "$logs"/*.log
}

before=$(deadlocks)

# ---- one parent

new_run one-parent
start_drive --profile one-parent --parents 1 --stations "$stations" --together 1 --seconds 0 \
    --scans 4 --answer-within 30000 --heal 120
end_drive
logged_in
holds "$run: all log in at once, within 60 s" test "$(figure login_s | cut -d . -f 1)" -lt 60
holds "$run: every scan has a verdict" test "$(figure queued)" = 0
holds "$run: 30 children are linked" count_is "$(child_answers | grep -cE ' (linked|completed) ')" 30
holds "$run: one of them completes it" count_is "$(child_answers | grep -c ' completed ')" 1
holds "$run: the others hear that it is full or closed" the_rest_hears
holds "$run: the parent has 30" test \
    "$(admin -c "select child_count from tracetrack.bag where code = 'SB$base'")" = 30
judge_sound

# ---- the same children, two parents

# Each child is linked once; whoever offered it to the same parent hears that it is there already,
# whoever offered it to the other one hears where it is.
rivals_agree() {
    child_answers | awk -v children="$children" -v stations="$stations" '
        $3 == "linked" { winner[$1] = $2; linked++ }
        { code[NR] = $1; meant[NR] = $2; outcome[NR] = $3; other[NR] = $5 }
        END {
            for (i = 1; i <= NR; i++) {
                home = winner[code[i]]
                good = outcome[i] == "linked" ||
                    (outcome[i] == "already_in_parent" && meant[i] == home) ||
                    (outcome[i] == "in_other_parent" && meant[i] != home && other[i] == home)
                if (!good) { print code[i], "for", meant[i], outcome[i], other[i], "is in", home; bad++ }
            }
            if (linked != children) print linked, "linked, not", children
            if (NR != children * stations) print NR, "answers, not", children * stations
            exit bad > 0 || linked != children || NR != children * stations
        }'
}

new_run rivals
start_drive --profile rivals --stations "$stations" --together 1 --seconds 0 \
    --scans $((children + 1)) --answer-within 30000 --heal 120
end_drive
logged_in
holds "$run: every scan has a verdict" test "$(figure queued)" = 0
holds "$run: each child is in one parent, and the others hear in which" rivals_agree
judge_sound

# ---- relinks, removals and undos across each other

new_run everything
start_drive --profile everything --stations "$stations" --together 1 --seconds 0 --scans 12 \
    --answer-within 30000 --heal 120
end_drive
logged_in
holds "$run: every scan has a verdict" test "$(figure queued)" = 0
holds "$run: no trouble" test "$(figure trouble)" = 0
judge_sound

# ---- everybody does everything: scans, bills, returns, approvals, people

# Bills take parents that are open, so that whatever happens in a parent changes what its bill weighs.
# Whatever one may undo with is undone: the people who are changed, a second administrator, settings.
run=warehouse
changed="login between 'dispatcher101' and 'dispatcher112'"
undo=$(admin -c "select format('update tracetrack.person set role = %L, area_id = %L, state = %L
        where id = %s;', role, area_id, state, id) from tracetrack.person where $changed
    union all select format('update tracetrack.setting set value = %L where name = %L;', value, name)
    from tracetrack.setting where name in ('two_person', 'bill_complete_bags')")
admin -c "update tracetrack.person set role = 'administrator' where login = 'dispatcher112';
    update tracetrack.setting set value = 'off' where name = 'bill_complete_bags';
    update tracetrack.setting set value = 'bill.cancel bag.cancel user.disable' where name = 'two_person'"
approvals=$(admin -c "select coalesce(max(id), 0) from tracetrack.approval")
sed "s/\"from\": 1, \"to\": 60/\"from\": $((approvals + 1)), \"to\": $((approvals + 40))/" \
    tests/stress/warehouse.json >"$tmp/warehouse.json"
since=$(admin -c 'select now()')
run_stress warehouse "$tmp/warehouse.json" --clients "$stations" --gates none
admin -c "$undo"
done_since() { admin -c "select count(*) from tracetrack.$1 and at >= '$since'"; }
happened() {
    local what count
    for what in "event where action in ('bill_add', 'bill_remove') and outcome in ('bill_added', 'bill_removed')" \
        "event where action = 'bill_complete' and outcome = 'bill_completed'" \
        "event where action = 'weigh' and outcome = 'ok' and bill_id is not null" \
        "event e where action = 'child' and outcome = 'linked' and exists (select from tracetrack.bag p
            where p.id = e.parent_id and p.bill_at < e.at)" \
        "event where action = 'return_commit'" \
        "event where action = 'undo' and outcome = 'undone'" \
        "approval where state = 'approved'" \
        "operation where name = 'user.role' and answer ->> 'outcome' = 'ok'" \
        "operation where name = 'user.area' and answer ->> 'outcome' = 'ok'"; do
        count=$(done_since "$what")
        echo "$count $what"
        [ "$count" -gt 0 ] || return 1
    done
}
holds "$run: runs to its end, and counts right" all_of 'status_is 0' 'json_says complete true' adds_up
holds "$run: no trouble" all_of 'is failed == 0' 'is timed_out == 0' 'is in_flight == 0'
holds "$run: counters and weights are exact, all invariants hold, no scan is lost" all_of \
    'json_says checked true' 'json_says breaches 0'
holds "$run: each kind of thing was done" happened
echo "# $run: $(value attempts) operations, $(value refused) refused, p95 $(value p95_ms) ms"

holds "no deadlock" no_deadlock_since "$before"
