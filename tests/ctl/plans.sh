# shellcheck shell=bash disable=SC2154
# No reading operation reads a large table from end to end: each is called on a database of 30,000
# bags and 90,000 events, in the same session often enough for plans that are kept, and the server
# tells how many rows it read in sequence.

second=$tmp/plans
contrib/sandbox up "$second" --without-demo || exit 69
eval "$(contrib/sandbox env "$second")"

rows() { psql -XAtF $'\t' "$TRACETRACK_DSN_ADMIN" -c "$1"; }
token=$(printf 'cd%.0s' {1..32})
times=7

check "thirty thousand bags" stress/load --bags 30000 --rescans 2 --mark-as-test "$TRACETRACK_DSN_ADMIN"
rows "select tracetrack.activity_roll(); analyze tracetrack.operation, tracetrack.audit" >/dev/null
rows "insert into tracetrack.session (token_hash, person_id, station_id, expires_at)
    select tracetrack.token_hash('$token'), tracetrack.person_add('reader', 'Reader', 'administrator',
        null, null, repeat('00', 16), 2, 19922944, repeat('00', 32)), 0, now() + interval '1 hour'" >/dev/null
code=$(rows "select code from tracetrack.bag where role = 'parent' and state = 'complete'
    and child_count = 30 order by id desc limit 1")
child=$(rows "select c.code from tracetrack.bag c join tracetrack.bag p on p.id = c.parent_id
    where p.code = '$code' limit 1")
key=$(rows "select (extract(epoch from since) * 1000000)::bigint || '.' || id
    from tracetrack.bag order by since desc, id desc offset 10000 limit 1")
bill=$(rows "select number from tracetrack.bill where state = 'completed' order by linked desc, id limit 1")
number=$(rows "select max(number) - 1000 from tracetrack.event")

# Operation, then its arguments behind the token; several times for other filters.
calls() {
    cat <<CALLS
scan.lookup|'$code'
scan.lookup|'$child'
scan.lookup|'NO-SUCH-CODE'
bag.show|'$code'
bag.show|'$child'
bag.list|
bag.list|p_after => '$key'
bag.list|p_before => '$key'
bag.list|p_role => 'parent'
bag.list|p_role => 'child', p_area => 'jaipur'
bag.list|p_area => 'jaipur'
bag.list|p_state => 'open'
bag.list|p_state => 'short', p_area => 'indore'
bag.list|p_billed => false
bag.list|p_billed => true
bag.list|p_billed => true, p_area => 'jaipur'
bag.list|p_family => 'moong'
bag.list|p_by => 'load.jaipur'
bag.list|p_from => now() - interval '100 days', p_to => now() - interval '99 days'
bag.list|p_sort => 'code'
bag.list|p_sort => 'code', p_after => '$code'
bag.list|p_text => 'SB200'
bag.search|'$code'
bag.search|'${code:3}'
bag.search|'001'
bag.search|'NO-SUCH-CODE'
bill.list|
bill.list|p_after => '$bill'
bill.list|p_state => 'open'
bill.list|p_by => 'load.bills.jaipur'
bill.search|'$bill'
bill.search|'Indore'
bill.search|'NO-SUCH'
bill.show|'$bill'
bill.show|'NO-SUCH'
bill.weights|'$bill'
bill.weights|'NO-SUCH'
bill.summary|
bill.summary|p_from => (current_date - 100)::text
return.list|
return.show|'NO-SUCH'
family.list|
area.list|
station.list|
user.list|
user.show|'load.jaipur'
user.requests|
stats.station|
stats.counters|
stats.dashboard|
stats.dashboard|p_area => 'jaipur'
stats.changes|
stats.activity|
stats.activity|p_per => 'day', p_area => 'jaipur'
stats.people|
stats.people|p_period => 'year'
stats.stations|p_period => 'month'
stats.areas|
stats.families|
stats.recent|
stats.recent|p_area => 'jaipur'
stats.recent|p_class => 'refused', p_by => 'load.jaipur'
stats.recent|p_after => $number
stats.summary|
import.list|
import.bad|gen_random_uuid()
export.page|'bags', $number, null, null, null, false, 100
export.page|'scans', $number, null, null, null, false, 100
right.list|
setting.list|
exception.list|
exception.list|p_state => 'all'
notification.list|
approval.list|
audit.list|
audit.list|p_person => 'reader'
audit.list|p_kind => 'person', p_from => now() - interval '1 day'
audit.entity|'bag', '$code'
audit.entity|'person', 'reader'
audit.seals|
session.check|
session.list|
session.list|p_login => 'reader'
system.status|
system.pulse|
stats.outcomes|
bill.states|
CALLS
}
# No session: called without a token.
open_calls() { printf '%s\n' system.health system.watch system.version system.site; }
# session.challenge: logging in. system.integrity: reads everything, on purpose.
left_out='^(session\.challenge|system\.integrity)$'

# Statements in, one a line; out: what reads how many rows of what in sequence. Partitions count as
# their table; 2,000 rows at each call are no small table any more, but bag.search looks through some
# pages of bags before it asks the index, so many at any size. $1: what to do first.
reads_in_sequence() {
    local call most before=${1:-}
    while IFS= read -r call; do
        case $call in *bag_search*) most=15000 ;; *) most=2000 ;; esac
        printf 'begin;\n%s\n' "$before"
        for _ in $(seq "$times"); do printf '%s \\g /dev/null\n' "$call"; done
        printf "select \$call\$%s\$call\$, name, sum(seq_tup_read) / %s
              from (select coalesce(p.relname, s.relname) as name, s.seq_tup_read
                      from pg_stat_xact_user_tables s
                      left join pg_inherits i on i.inhrelid = s.relid
                      left join pg_class p on p.oid = i.inhparent
                     where s.schemaname = 'tracetrack') x
             group by name having sum(seq_tup_read) / %s > %s;
            rollback;
            select pg_stat_force_next_flush() \\g /dev/null\n" "$call" "$times" "$times" "$most"
    done | psql -XqAtF ' ' -v ON_ERROR_STOP=1 "$TRACETRACK_DSN_ADMIN" 2>&1
}
statements() {
    calls | while IFS='|' read -r name arguments; do
        printf "select * from api.%s('%s'%s);\n" "${name/./_}" "$token" "${arguments:+, $arguments}"
    done
    open_calls | while read -r name; do printf 'select * from api.%s();\n' "${name/./_}"; done
}
# psql sends what \g ends.
without_end() { sed 's/;$//'; }

not_called() {
    "$B/tests/tools/operation_table" --reading | grep -vE "$left_out" |
        grep -vxFf <(calls | cut -d'|' -f1; open_calls)
}
row "every reading operation is called" 1 '^$' '' not_called
outcomes() {
    statements | without_end | sed 's/^select \*/select 1/; s/$/;/' |
        psql -XqAt -v ON_ERROR_STOP=1 -o /dev/null "$TRACETRACK_DSN_ADMIN" 2>&1
}
row "and answers" 0 '^$' '' outcomes
admitted() { rows "select outcome from api.session_check('$token')"; }
row "with a session that is taken" 0 '^ok' '' admitted

sequential() { statements | without_end | reads_in_sequence "${1:-}"; }
row "none reads a large table from end to end" 0 '^$' '' sequential

# Bags on bills are old ones, behind all that are on none yet: a list of them fetches those that it
# shows, and a page from each area and family at most.
many_fetched() {
    printf "begin;
        select 1 from api.bag_list('%s', p_billed => true) \\g /dev/null
        select idx_tup_fetch from pg_stat_xact_user_tables where relname = 'bag' and idx_tup_fetch > 3000;
        rollback;\n" "$token" | psql -XqAt -v ON_ERROR_STOP=1 "$TRACETRACK_DSN_ADMIN" 2>&1
}
row "bags on bills are found without what is on none" 0 '^$' '' many_fetched

# ---- without the key that it needs an operation is found out

without() { statements | without_end | grep -F "$2" | reads_in_sequence "drop index tracetrack.$1;"; }
row "recent scans without theirs" 0 'stats_recent.* event [0-9]{4}' '' without event_by_number 'stats_recent'
row "parts of codes without theirs" 0 'bag_search.* bag [0-9]{5}' '' without bag_substring 'bag_search'
row "what is on a bill without theirs" 0 'bill_show.* bag [0-9]{5}' '' without 'bag_bill, tracetrack.bag_billed' 'bill_show'
row "the keys are there again" 0 '^$' '' sequential

contrib/sandbox destroy "$second"
second=
