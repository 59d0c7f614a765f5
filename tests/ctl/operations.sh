# shellcheck shell=bash
# shellcheck disable=SC2154 # what lib.sh sets
# Each row of the operation table: defined in the database as the table has it, and reachable from
# the command line in text, JSON and CSV.

table() { "$B/tests/tools/operation_table"; }
rows() { psql -XAtF $'\t' "$TRACETRACK_DSN_ADMIN" -c "$1"; }
# Parameters and results in their order, by which operations are called and answered; results in
# columns of their own or in a composite type.
defined() {
    rows "
        select 'api.' || p.proname,
            coalesce((select string_agg(name, ',' order by n)
                from unnest(p.proargnames, coalesce(p.proargmodes,
                    array_fill('i'::\"char\", array[coalesce(cardinality(p.proargnames), 0)])))
                    with ordinality as a(name, mode, n)
                where a.mode in ('i', 'b')), '-'),
            coalesce((select string_agg(name, ',' order by n)
                from unnest(p.proargnames, p.proargmodes) with ordinality as a(name, mode, n)
                where a.mode in ('t', 'o')),
                (select string_agg(name, ',' order by n)
                from (select c.attname::text, c.attnum from pg_attribute c
                    join pg_type t on t.typrelid = c.attrelid
                    where t.oid = p.prorettype and c.attnum > 0 and not c.attisdropped)
                    c(name, n)), '-')
        from pg_proc p where p.pronamespace = 'api'::regnamespace"
}

defined >"$tmp/defined"
rows 'select distinct right_name from tracetrack.role_right' >"$tmp/rights"
while IFS=$'\t' read -r name function right parameters results _; do
    if grep -qxF "$function"$'\t'"$parameters"$'\t'"$results" "$tmp/defined"; then
        pass "$name: $function has these parameters and results"
    else
        fail "$name: $function has these parameters and results" "table:    $parameters -> $results" \
            "database: $(grep -F "$function"$'\t' "$tmp/defined" | cut -f2- | sed 's/\t/ -> /')"
    fi
    [ "$right" = - ] || check "$name: the right $right exists" grep -qxF "$right" "$tmp/rights"
done < <(table)
# Those of export.page are read by COPY, in its transaction; system_warm is the pooler's.
not_in_table() { ! grep -vxFf <(table | cut -f2) <(cut -f1 "$tmp/defined" |
    grep -vxE 'api\.(export_(audit|bags|bills|scans)|system_warm)'); }
check "no function is without an operation" not_in_table

# ---- every one is called

p1=SB${run}01 p2=SB${run}02 p3=SB${run}03
uuid() { cat /proc/sys/kernel/random/uuid; }
child=$(uuid)
declare -A tried
tries() {
    local name=$1
    tried[$name]=1
    row "$name" "${@:2}"
}
me() { as dispatcher "$@"; }

tries "scan parent" 0 $'outcome\topened.*code\t'"$p1"$'.*children\t0.*capacity\t30' '' me scan parent "${p1,,}"
tries "scan child" 0 $'outcome\tlinked.*position\t1.*grams\t1250' '' \
    me scan child "CTL-$run-1" "$p1" --grams "1.25 kg" --event "$child"
row "the same request again" 0 $'outcome\tlinked.*replayed\ttrue' '' \
    me scan child "CTL-$run-1" "$p1" --grams 1250 --event "$child"
row "the same request id for something else" 75 $'outcome\tkey_reused' '' \
    me scan child "CTL-$run-9" "$p1" --event "$child"
row "again" 0 $'outcome\talready_in_parent' '' me scan child "CTL-$run-1" "$p1"
me scan parent "$p2" >/dev/null
row "a refusal" 1 $'outcome\tin_other_parent.*other\t'"$p1" '' me scan child "CTL-$run-1" "$p2"
tries "scan relink" 0 $'outcome\trelinked.*parent\t'"$p2" '' me scan relink "CTL-$run-1" "$p2"
tries "scan remove" 0 $'outcome\tremoved' '' me scan remove "CTL-$run-1"
undone=$(uuid)
me scan child "CTL-$run-2" "$p1" --event "$undone" >/dev/null
tries "scan undo" 0 $'outcome\tundone' '' me scan undo "$undone"
row "undone twice" '[01]' $'outcome\t' '' me scan undo "$undone"
tries "scan short" 0 $'outcome\tshort_closed.*state\tshort' '' me scan short "$p1" "truck is full"
me scan child "CTL-$run-3" "$p2" >/dev/null
tries "scan finish" 0 $'outcome\tfinished.*state\tcomplete' '' me scan finish "$p2"
row "a child into a closed parent" 1 $'outcome\tparent_closed' '' me scan child "CTL-$run-4" "$p2"
tries "scan lookup" 0 $'code\tCTL-'"$run"$'-3.*parent\t'"$p2" '' me scan lookup "ctl-$run-3"
row "a code that nobody knows" 1 $'outcome\tunknown_code' '' me scan lookup CTL-NONE
tries "bag show" 0 $'state\tcomplete.*children_list\t.*CTL-'"$run"$'-3.*timeline' '' me bag show "$p2"
tries "bag list" 0 $'^CTL-'"$run"$'-[^\n]*\tchild\t[^\n]*\n' '' me bag list --by dispatcher --limit 2 --role child
row "a page after another" 0 "^$p2"$'\tparent\t' '' me bag list "SB$run" --sort code --after "$p1"
row "a filter that names nothing" 64 '^$' 'state must be unused, .*not "lost"' me bag list --state lost
row "bags of another area" 77 '' 'may not do' me bag list --area akola
tries "bag search" 0 $'^exact\t'"$p2" '' me bag search "$p2"
tries "family list" 0 $'mustard\tparent\t' '' me family list
tries "area list" 0 $'jaipur\tJaipur' '' me area list
tries "station list" 0 'tracetrackctl' '' as supervisor station list
tries "user list" 0 'dispatcher001' '' as admin user list
row "a page of it" 0 $'^dispatcher002\t[^\n]*\ndispatcher003\t[^\n]*\n?$' '' \
    as admin user list --after dispatcher001 --limit 2
row "with a right only" 77 '.*' 'may not do' me user list
echo 'long enough' >"$tmp/new"
chmod 600 "$tmp/new"
tries "user create" 0 $'outcome\tok' '' as admin user create "ops$run" --name Ops --role dispatcher \
    --area jaipur --new-password-file "$tmp/new"
row "a page too long" 65 '' 'limit must be from 1 to 1000' as admin user list --limit 1001
row "a page of nothing" 64 '' 'limit must be 1 or more, not "0"' as admin user list --limit 0
row "an order that there is not" 64 '' 'sort must be login, .*created_at or last_seen, not "salt"' as admin user list --sort salt
row "part of a name" 0 $'^ops'"$run"$'\tOps\t[^\n]*\n?$' '' as admin user list "ops$run"
tries "user show" 0 $'login\tops'"$run"$'.*state\tactive.*totp\tfalse' '' as supervisor user show "ops$run"
row "somebody who is nobody" 1 $'outcome\tunknown_person' '' as supervisor user show nobody
tries "user edit" 0 $'outcome\tok' '' as admin user edit "ops$run" --name "Ops Two" --mail ops@example.org
row "nothing to edit" 0 $'outcome\tunchanged' '' as admin user edit "ops$run" --name "Ops Two"
tries "user role" 0 $'outcome\tok' '' as admin user role "ops$run" biller
row "oneself" 1 $'outcome\town_account' '' as admin user role admin biller
tries "user area" 0 $'outcome\tok' '' as admin user area "ops$run" akola
ops() { ctl --user "ops$run" --password-file "$tmp/new" "$@"; }
tries "user promote" 0 $'outcome\tok.*number\t[0-9]+' '' ops user promote supervisor "I do it anyway"
tries "user requests" 0 $'ops'"$run"$'\tbiller\tsupervisor\tI do it anyway\tpending' '' ops user requests
number=$(as admin --json user requests --state pending --limit 1 | sed 's/.*"number":\([0-9]*\).*/\1/')
tries "user decide" 0 $'outcome\tok.*state\tapproved' '' as admin user decide "$number" yes --note "well done"
tries "user disable" 0 $'outcome\tok' '' as admin user disable "ops$run" "left us"
row "who is disabled does not log in" 77 '' 'may not work' ops session check
tries "user enable" 0 $'outcome\tok' '' as admin user enable "ops$run"
tries "user unlock" 0 $'outcome\tok' '' as admin user unlock "ops$run"
row "nothing to unlock" 0 $'outcome\tunchanged' '' as admin user unlock "ops$run"
tries "user badge" 0 $'code\tTT:USER:OPS'"$run"'/[A-Z2-7]{16}' '' as admin user badge "ops$run"
tries "session list" 0 $'\tops'"$run"$'\ttracetrackctl\t' '' ops session list
session=$(as dispatcher --json session check | sed 's/.*"session":\([0-9]*\).*/\1/')
tries "session revoke" 0 $'outcome\tunchanged' '' as admin session revoke "$session"
echo 2468 >"$tmp/pin"
chmod 600 "$tmp/pin"
tries "session pin" 0 $'outcome\tok' '' ops session pin --new-password-file "$tmp/pin"
echo 'longer than before' >"$tmp/newer"
chmod 600 "$tmp/newer"
tries "session password" 0 $'outcome\tok' '' ops session password --new-password-file "$tmp/newer"
ops() { ctl --user "ops$run" --password-file "$tmp/newer" "$@"; }
tries "totp enrol" 0 $'secret\t[A-Z2-7]{32}\nuri\totpauth://totp/' '' ops totp enrol
tries "totp confirm" 1 $'outcome\ttotp_refused' '' ops totp confirm 12345
tries "totp codes" 1 $'outcome\ttotp_off' '' ops totp codes 123456
tries "totp disable" 1 $'outcome\ttotp_off' '' ops totp disable 123456
tries "user reset" 0 $'code\t[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\n' '' as admin user reset "ops$run"
tries "stats station" 0 $'[0-9]' '' me stats station
tries "stats counters" 0 $'scans\t[1-9].*children_linked\t' '' me stats counters
tries "area create" 0 $'outcome\tok' '' as admin area create "zz$run" "Area $run"
row "an area that is there" 1 $'outcome\texists' '' as admin area create "zz$run" "Area $run"
row "who may not make one" 77 'not_permitted' 'may not do' me area create "zy$run" "Area $run"
tries "area edit" 0 $'outcome\tok' '' as admin area edit "zz$run" --name "Renamed $run"
tries "area retire" 0 $'outcome\tok' '' as admin area retire "zz$run" "not needed"
row "an area where people are" 1 $'outcome\tin_use.*detail\t(person|station) ' '' \
    as admin area retire jaipur "not needed"
row "without a reason" 64 '' 'area.retire needs reason' as admin area retire "zz$run"
tries "station create" 0 $'outcome\tok' '' as admin station create "OPS-$run" --area jaipur
tries "station edit" 0 $'outcome\tok' '' as admin station edit "OPS-$run" --double-read-ms 500 \
    --hard-stop yes
row "the policy of it" 0 $'OPS-'"$run"$'\tjaipur\tenabled\t[^\n]*\t500\tt' '' as admin station list
tries "station retire" 0 $'outcome\tok' '' as admin station retire "OPS-$run" broken
tries "family create" 0 $'outcome\tok' '' as admin family create "f$run" --role parent \
    --pattern "^FAM$run-[0-9]{3}\$" --example "FAM$run-001"
row "a pattern that takes others' codes" 1 $'outcome\tambiguous.*detail\t.* is of family ' '' \
    as admin family edit "f$run" --pattern '^SB.*$' --example SB1
tries "family edit" 0 $'outcome\tok' '' as admin family edit "f$run" --capacity 12
tries "family retire" 0 $'outcome\tok' '' as admin family retire "f$run" "not needed"
tries "setting list" 0 $'undo_window\t[^\n]*\tinterval\t' '' as supervisor setting list
tries "setting set" 0 $'outcome\tok.*value\t1 hour' '' as admin setting set undo_window '1 hour'
row "a setting that can't be so" 1 $'outcome\tbad_value.*wanted\ta time such as' '' \
    as admin setting set undo_window soon
row "a setting that needs two" 0 $'outcome\tawaiting_approval.*value\ton' '' \
    as admin setting set synchronous_commit off
approval=$(rows "select max(id) from tracetrack.approval")
tries "approval list" 0 "$approval"$'\t[^\n]*setting.weaken' '' as supervisor approval list
tries "approval decide" 1 $'outcome\town_request' '' as admin approval decide "$approval" yes
as admin user create "ops2$run" --name Two --role administrator --new-password-file "$tmp/new" >/dev/null
two() { ctl --user "ops2$run" --password-file "$tmp/new" "$@"; }
row "a second one declines" 0 $'outcome\tok.*state\tdeclined' '' two approval decide "$approval" no
offline=$(uuid)
# Other parts may have left some.
oldest=$(rows "select event from tracetrack.exception where state = 'open' order by at, event limit 1")
tries "exception list" 0 "${oldest:+^$oldest}" '' as supervisor exception list
tries "exception resolve" 1 $'outcome\tnot_found' '' as supervisor exception resolve "$offline" "seen"
for _ in 1 2 3 4 5; do ctl --user "ops$run" --password-file "$passwords/admin" user list; done \
    >/dev/null 2>&1
tries "notification list" 0 $'lockout\tops'"$run" '' as supervisor notification list
notification=$(rows "select max(id) from tracetrack.notification where kind = 'lockout'")
tries "notification ack" 0 $'outcome\tok' '' as supervisor notification ack "$notification"
row "acknowledged before" 0 $'outcome\talready_decided' '' \
    as supervisor notification ack "$notification"
tries "audit list" 0 $'person\t'"ops$run"$'\tinsert' '' as admin audit list --kind person --limit 50
row "of a station, which is a setting too" 0 '^$' '' as admin audit list --station "NONE-$run"
tries "audit entity" 0 "ops$run" '' as admin audit entity person "ops$run"
tries "audit seal" 0 $'outcome\tok' '' as admin audit seal
tries "audit seals" 0 $'^1\t20[^\n]*\taudit\t1\t' '' as admin audit seals --limit 1
row "seals to keep elsewhere" 0 $'^number,at,source,first,last,rows,hash,previous\r\n1,' '' \
    as admin audit seals --csv --limit 1
tries "audit verify" 0 $'outcome\tok.*rows\t[1-9]' '' as admin audit verify --limit 1
row "a hash that was kept, of another seal" 1 $'chain_broken.*seal 1 has not this hash' '' \
    as admin audit verify --seal 1 --hash "$(printf '0%.0s' {1..64})"
row "who may not seal" 77 'not_permitted' 'may not do' me audit seal
tries "stats dashboard" 0 $'outcome\tok.*minutes\t\\[[0-9, ]+\\]' '' me stats dashboard
tries "stats changes" 0 $'version\t[0-9]+.*changed\ttrue' '' me stats changes
tries "stats activity" 0 $'^20[^\t]*Z\t[0-9]+' '' me stats activity --per day
tries "stats people" 0 $'dispatcher\t' '' as supervisor stats people
tries "stats stations" 0 $'tracetrackctl\t' '' as supervisor stats stations
tries "stats outcomes" 0 '[1-9]' '' me stats outcomes
tries "stats areas" 0 $'^jaipur\t' '' me stats areas --period week
row "a period that is none" 64 '' 'period must be today, .*not "decade"' me stats areas --period decade
tries "stats families" 0 $'mustard\tparent\t' '' me stats families
tries "stats recent" 0 $'\tdispatcher\t' '' me stats recent --by dispatcher --limit 1
tries "stats summary" 0 $'zone\tAsia/Kolkata' '' me stats summary
tries "system health" 0 $'outcome\tok.*writable\ttrue' '' ctl system health
tries "system pulse" 0 $'outcome\tok' '' as supervisor system pulse
tries "system watch" 0 $'outcome\tok.*writable\ttrue.*exceptions\t[0-9]' '' ctl system watch
tries "system status" 0 $'outcome\tok.*connections\t\{' '' as supervisor system status
tries "system integrity" 0 $'counters\tsound\t0' '' as supervisor system integrity
tries "system maintain" 0 $'outcome\tok' '' as admin system maintain
row "system status for somebody else" 77 $'outcome\tnot_permitted' 'may not do' me system status
tries "session check" 0 $'login\tdispatcher.*role\tdispatcher' '' me session check
tries "session extend" 0 $'expires_at\t20' '' me session extend
tries "right list" 0 'bag.read' '' me right list
tries "system site" 0 $'zone\tAsia/Kolkata\nday\t20[0-9-]{8}$' '' ctl system site
tries "system version" 0 $'schema\t[0-9]+' '' ctl system version

# bills: $p1 is short, $p2 complete, $p3 open
office() { as biller "$@"; }
bill=BILL-$run
making=$(uuid)
tries "bill create" 0 $'outcome\tok.*bill\t'"$bill"$'.*parents\t0.*capacity\t2.*state\topen' '' \
    office bill create --number "${bill,,}" --destination "Hisar yard" --vehicle "RJ14 GB 7" \
    --capacity 2 --event "$making"
row "the same request again" 0 $'outcome\tok.*replayed\ttrue' '' office bill create \
    --number "${bill,,}" --destination "Hisar yard" --vehicle "RJ14 GB 7" --capacity 2 \
    --event "$making"
row "a number that is taken" 1 $'outcome\texists' '' \
    office bill create --number "$bill" --destination Hisar --capacity 2
row "a bill without a capacity" 64 '' 'bill.create needs capacity' \
    office bill create --destination Hisar
row "a capacity that is no number" 64 '' 'capacity' \
    office bill create --destination Hisar --capacity many
row "who may not make bills" 77 $'outcome\tnot_permitted' 'may not do' \
    me bill create --destination Hisar --capacity 2
tries "bill scan" 0 $'outcome\tbill_resumed.*parents\t0.*destination\tHisar yard' '' \
    office bill scan "$bill"
row "a bill that is none" 1 $'outcome\tno_bill' '' office bill scan BILL-NONE
tries "bill add" 0 $'outcome\tbill_added.*position\t1.*parents\t1.*grams\t1000' '' \
    office bill add "$p2" "$bill"
row "again" 0 $'outcome\talready_on_bill.*other\t'"$bill" '' office bill add "$p2" "$bill"
me scan parent "$p3" >/dev/null
row "an open parent" 1 $'outcome\tbag_not_complete' '' office bill add "$p3" "$bill"
row "not full" 1 $'outcome\tbill_not_full' '' office bill complete "$bill"
tries "bill manual" 0 $'outcome\tbill_added.*parents\t2' '' \
    office bill manual "$p1" "$bill" "torn label"
tries "bill remove" 0 $'outcome\tbill_removed.*parents\t1' '' office bill remove "$p1"
tries "bill edit" 0 $'outcome\tok.*capacity\t1.*destination\tHisar yard' '' \
    office bill edit "$bill" --capacity 1
tries "bill complete" 0 $'outcome\tbill_completed.*state\tcompleted' '' office bill complete "$bill"
row "twice" 1 $'outcome\tbill_closed.*other_by\tbiller' '' office bill complete "$bill"
row "who may not reopen bills" 77 $'outcome\tnot_permitted' 'may not do' office bill reopen "$bill" x
tries "bill reopen" 0 $'outcome\tok.*state\treopened' '' \
    as supervisor bill reopen "$bill" "wrong bag"
tries "bag weigh" 0 $'outcome\tok.*bill\t'"$bill"$'.*grams\t1500' '' me bag weigh "$p2" 1.5kg
row "the bill follows" 0 $'weighed\t1.*expected\t1000.*difference\t500' '' \
    office bill weights "$bill"
row "an open parent is not weighed" 1 $'outcome\tbag_not_complete' '' me bag weigh "$p3" 1.5kg
row "a bag on a bill is not cancelled" 1 $'outcome\ton_other_bill.*other\t'"$bill" '' \
    as supervisor bag cancel "$p2" "torn"
tries "bag cancel" 0 $'outcome\tok.*state\tcancelled' '' as supervisor bag cancel "$p3" "torn"
row "who may not cancel bags" 77 $'outcome\tnot_permitted' 'may not do' me bag cancel "$p3" "torn"
tries "return open" 0 $'outcome\tok.*ticket\tRTN-[0-9]+.*state\topen' '' \
    office return open "Hisar yard" --notes "no room"
ticket=$(grep -o 'RTN-[0-9]*' "$tmp/out")
tries "return add" 0 $'outcome\tok.*bags\t1.*grams\t1500.*other\t'"$bill" '' \
    office return add "$p2" "$ticket"
row "who may not return goods" 77 $'outcome\tnot_permitted' 'may not do' me return add "$p2" "$ticket"
tries "return remove" 0 $'outcome\tok.*bags\t0' '' office return remove "$p2" "$ticket"
row "nothing comes back" 1 $'outcome\tticket_empty' '' office return commit "$ticket"
office return add "$p2" "$ticket" >/dev/null
tries "return show" 0 $'bags_list\t.*'"$bill"$'.*'"$p2" '' office return show "$ticket"
tries "return commit" 0 $'outcome\tok.*state\tcommitted' '' office return commit "$ticket"
row "the bill has nothing now" 0 $'parents\t0' '' office bill weights "$bill"
tries "return list" 0 $'^'"$ticket"$'\tcommitted' '' office return list --limit 1
row "a committed ticket stays" 1 $'outcome\tticket_closed' '' \
    office return cancel "$ticket" "changed my mind"
office return open "Hisar yard" >"$tmp/out"
tries "return cancel" 0 $'outcome\tok.*state\tcancelled' '' \
    office return cancel "$(grep -o 'RTN-[0-9]*' "$tmp/out")" "a mistake"
row "what came back goes onto a bill again" 0 $'outcome\tbill_added' '' \
    office bill add "$p2" "$bill"
tries "bill list" 0 $'^'"$bill"$'\treopened\tHisar yard' '' office bill list --limit 1
row "of a state" 0 '^BILL-' '' office bill list --state Reopened
row "of a state that is none" 64 '' 'state must be open, .*not "none"' office bill list --state none
row "of a time that is none" 64 '' 'since' office bill list --since yesterday-ish
tries "bill search" 0 "$bill"$'\treopened' '' office bill search "${run}"
tries "bill show" 0 $'state\treopened.*parents_list\t.*'"$p2"$'.*timeline\t.*bill_reopen' '' \
    office bill show "$bill"
row "of none" 1 $'outcome\tno_bill' '' office bill show BILL-NONE
tries "bill weights" 0 $'weighed\t1.*expected\t1000.*difference\t500' '' office bill weights "$bill"
tries "bill states" 0 $'^(open|reopened|completed)\t[1-9]' '' office bill states
tries "bill summary" 0 $'\tbiller\t[1-9]' '' office bill summary
row "of a day that is none" 65 '' '2026-02-30 is no day' office bill summary --from 2026-02-30
row "nor is yesterday one" 65 '' 'yesterday is no day.*2026-11-21' office bill states --to yesterday
tries "bill cancel" 0 $'outcome\tok.*parents\t0.*state\tcancelled' '' \
    as admin bill cancel "$bill" "no truck"

tries "import list" 0 '.*' '' as admin import list
tries "import bad" 0 '^$' '' as admin import bad "$(uuid)"
tries "import cancel" 1 'unknown_code' '' as admin import cancel "$(uuid)" "not needed"

while read -r noun verb; do
    [ -n "${tried[$noun $verb]:-}" ] || fail "$noun $verb is tried"
    row "$noun $verb --help" 0 "usage: tracetrackctl $noun $verb" '' ctl "$noun" "$verb" --help
done < <(ctl --help | sed -nE 's/^  ([a-z]+ [a-z]+) .*/\1/p' | grep -vE '^db | print$|^(import|export) (bags|children|scans|bills|audit)$')

# ---- the three forms say the same

row "JSON of one row" 0 '^\{"outcome":"(ok|found)".*"code":"'"$p2"'".*"children":1,.*"children_list":\[\{' '' \
    me bag show "$p2" --json
row "JSON of a list" 0 '^\[\{"code":"[a-z_]+","name":' '' me --json area list
row "CSV of a list" 0 $'^code,name,state\r\n"' '' me --csv area list
row "JSON of a refusal" 1 '^\{"outcome":"unknown_code"' '' me --json scan lookup CTL-NONE
row "JSON of nothing done is one object" 0 $'^\{[^\n]*\}\n?$' '' ctl --json system version

valid_json() { [ "$(rows "select jsonb_typeof(\$json\$$(me --json "${@:2}")\$json\$)")" = "$1" ]; }
check "JSON of a bag is JSON" valid_json object bag show "$p2"
check "JSON of the families is JSON" valid_json array family list

row "read-only refuses what changes" 77 '' 'read-only is set: scan.parent is refused' \
    me --read-only scan parent "$p3"
row "and lets one look" 0 "$p2" '' me --read-only bag show "$p2"
