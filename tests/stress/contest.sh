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

holds "no deadlock" test "$(deadlocks)" = "$before"
