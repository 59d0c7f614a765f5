# shellcheck shell=bash
# A scanner that fills a bill: its code makes it the lane's, parents go onto it, TT:FINISH completes
# it. The same with the database's functions away for a while.

st=BIL$run
biller=(--user biller --password-file "$passwords/biller")
closed_parent() {
    as dispatcher scan parent "$1" >/dev/null
    as dispatcher scan child "CTB-$1" "$1" >/dev/null
    as dispatcher scan finish "$1" >/dev/null
}
for i in 71 72 73 74; do closed_parent "SB$run$i"; done
as dispatcher scan parent "SB${run}75" >/dev/null
b1=BILL-$run-A b2=BILL-$run-B
for i in "$b1" "$b2"; do
    as biller bill create --number "$i" --destination "Hisar yard" --capacity 3 >/dev/null
done

# A station is of the area of who logs in there first.
headless "$st" <<<quit >/dev/null
open_station "$st" "${biller[@]}"
answers "a bill's code makes it the lane's" "scan ${b1,,}" \
    '"outcome":"bill_resumed","class":"done","action":"bill.scan","bill":"'"$b1"'","destination":"Hisar yard","parents":0,.*"capacity":3'
answers "which the state shows" state '"state":"bill",.*"bill":"'"$b1"'","count":0,"capacity":3'
answers "a parent goes onto it" "scan SB${run}71" \
    '"outcome":"bill_added",.*"bill":"'"$b1"'".*"position":1,"parents":1.*"message":"SB[0-9]+ is number 1 of 3 on'
answers "an open one does not" "scan SB${run}75" \
    '"outcome":"bag_not_complete".*"message":"SB[0-9]+ is still open".*"advice":"Finish it'
answers "nor a child" "scan CTB-SB${run}71" '"outcome":"is_child".*"other":"SB'
answers "nor what nobody knows" "scan SB${run}99" '"outcome":"unknown_code"'
answers "twice is once" "scan SB${run}71" '"outcome":"already_on_bill","class":"already"'
answers "another" "scan SB${run}72" '"outcome":"bill_added".*"parents":2'
answers "undo takes it off" undo '"outcome":"bill_removed".*"parents":1.*"message":"SB[0-9]+ is off'
answers "so does the command code" "scan TT:UNDO" '"outcome":"bill_removed".*"parents":0'
answers "until there is nothing" undo '"outcome":"nothing_to_undo"'
answers "one again" "scan SB${run}72" '"outcome":"bill_added".*"parents":1'
answers "it is not full" "scan TT:FINISH" '"outcome":"bill_not_full".*has 1 of 3 parents'
answers "another bill takes its place" "scan $b2" '"outcome":"bill_resumed","class":"done".*"bill":"'"$b2"
answers "which has not what that has" "scan SB${run}72" \
    '"outcome":"on_other_bill".*"other":"'"$b1"'","other_by":"biller"'
answers "TT:CANCEL leaves it" "scan TT:CANCEL" '"outcome":"cancelled".*"message":"'"$b2"' stays as it is"'
answers "and the lane has none" state '"state":"empty",'
answers "a parent opens again" "scan SB${run}76" '"outcome":"opened"'
answers "a bill that is none" "scan BILL-$run-X" '"outcome":"no_bill".*There is no bill BILL'
answers "leaves the lane empty" "scan CTB-$run-9" '"outcome":"no_parent"'
answers "back to the first" "scan $b1" '"outcome":"bill_resumed".*"parents":1'
answers "short completes it as it is" 'short "the truck leaves"' \
    '"outcome":"bill_completed".*"parents":1.*"state":"completed"'
answers "the lane shows it closed" state '"state":"closed",.*"bill":"'"$b1"
answers "the next parent is opened" "scan SB${run}77" '"outcome":"opened"'
answers "a completed bill is not picked" "scan $b1" \
    '"outcome":"bill_closed".*"other_by":"biller".*"message":"Bill '"$b1"' is closed'

# ---- the same while the functions may not be called

owner() { psql "$TRACETRACK_DSN_ADMIN" -qAtX -v ON_ERROR_STOP=1 -c "$1"; }
every_bill_event() {
    owner "select format('%s execute on function %s %s tracetrack_station;', '$1',
        oid::regprocedure, '$2') from pg_proc
        where oid::regproc::text in ('api.bill_scan', 'api.bill_add', 'api.bill_complete')" |
        psql "$TRACETRACK_DSN_ADMIN" -qX -v ON_ERROR_STOP=1
}
every_bill_event revoke from
answers "a bill is kept" "scan $b2" '"outcome":"queued".*"action":"bill.scan","bill":"'"$b2"
answers "a parent too" "scan SB${run}73" '"outcome":"queued".*"action":"bill.add","bill":"'"$b2"
answers "and one that is on another bill" "scan SB${run}72" '"outcome":"queued"'
answers "and the end" 'short "the truck leaves"' '"outcome":"queued".*"action":"bill.complete"'
answers "all of it waits" state '"waiting":4'
every_bill_event grant to
answers "then it goes" "sync 30" '"waiting":0,"parked":0'
close_station
row "what was accepted is on the bill, once" 0 \
    $'state\tcompleted.*parents\t1.*bill_complete.*on_other_bill.*bill_added.*bill_resumed' '' \
    as biller bill show "$b2"
check "what was refused then is an exception" [ "$(owner "select x.outcome from tracetrack.exception x
    join tracetrack.event e on e.id = x.event join tracetrack.bill b on b.id = e.bill_id
    where b.number = '$b2'")" = on_other_bill ]
closed_parent "SB${run}78"
as biller bill create --number "BILL-$run-C" --destination Hisar --capacity 1 >/dev/null
open_station "$st"
answers "a dispatcher fills no bills" "scan BILL-$run-C" '"outcome":"not_permitted"'
close_station
input=$'BILL-'$run$'-C\nSB'$run$'78\n:state\nTT:FINISH\n:quit\n'
row "plain: a bill" 0 \
    $'\[OK\] bill: BILL.* has 0 of 1 parents, for Hisar.*\[OK\] billed: SB[0-9]+ is number 1 of 1.*1 of 1 on BILL.*lane main: BILL[^\n]* 1 of 1.*\[OK\] completed: BILL' \
    '' tracetrack --station "$st" --plain --answer-within 5000 "${biller[@]}"
input=
