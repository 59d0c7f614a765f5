# shellcheck shell=bash
# shellcheck disable=SC2154 # what lib.sh sets
# Files in: what is wrong with a file itself, what is wrong with its rows, and what is left when the
# client or the server is killed in the middle of it.

admin() { as admin "$@"; }
me() { as dispatcher "$@"; }
sound() { [ -z "$(rows 'select * from tracetrack.violation() limit 3' | tee /dev/stderr)" ]; }
rows() { psql -XAtF $'\t' "$TRACETRACK_DSN_ADMIN" -c "$1"; }
file=$tmp/in.csv
# shellcheck disable=SC2059
says() { printf "$@" >"$file"; }
imp=$(shuf -i 10000-99999 -n 1)
import() { admin import "$@" "$file" --area jaipur; }

in_folder() { (cd "$1" && shift && "$@"); }

# limit WHAT VALUE: of who has taken nothing yet.
limit() {
    rows "update tracetrack.setting set value = '$2' where name = 'rate_$1';
        delete from tracetrack.rate where what = '$1'" >/dev/null
}
limit import off
limit export off

# ---- the file itself: nothing is sent

says 'code,parent\nSB%s901,\nCAF\xc9-1,SB%s901\n' "$imp" "$imp"
row "Latin-1 is refused, with the line" 65 '^$' 'in.csv, line 3: this is not UTF-8.*CSV UTF-8' import bags
says ''
row "an empty file" 65 '^$' 'in.csv is empty' import bags
says 'code,parent\n'
row "a header alone" 65 '^$' 'a header and no rows' import bags
says 'code,parnt\nX,Y\n'
row "a column that is not known, with the nearest" 65 '^$' '"parnt".*Did you mean parent\?' import bags
says 'code,wether\nX,Y\n'
row "a column that is like nothing" 65 '^$' 'The columns are code, parent' import bags
says 'code,code\nX,Y\n'
row "a column twice" 65 '^$' 'two columns code' import bags
says 'parent\nX\n'
row "no codes" 65 '^$' 'no column code' import bags
says 'code\nX\n'
row "children need their parents" 65 '^$' 'no column parent' import children
says 'code\n"X\nSB1\n'
row "a quote that is never closed" 65 '^$' 'line 2: a quote is opened here' import bags
says 'code\n"X"Y\n'
row "text behind a quote" 65 '^$' 'line 2: text behind a closing quote' import bags
says 'code\nX\0Y\n'
row "a NUL" 65 '^$' 'line 2: a NUL byte' import bags
says '\xff\xfec\0o\0d\0e\0'
row "UTF-16" 65 '^$' 'is UTF-16.*Save it as CSV' import bags
says 'PK\x03\x04\x14\0'
row "a spreadsheet's own file" 65 '^$' 'a spreadsheet or archive' import bags
{ printf 'code\n'; head -c 1G /dev/zero | tr '\0' x; } >"$tmp/long.csv"
row "a line of 1 GB" 65 '^$' 'line 2: a record of more than 64 KiB' admin import bags "$tmp/long.csv"
rm "$tmp/long.csv"
row "a folder" 74 '^$' 'it is a folder' admin import bags "$tmp"
row "a file that is not there" 74 '^$' 'No such file' admin import bags "$tmp/none"
mkfifo "$tmp/fifo"
row "a pipe" 74 '^$' 'must be a file.*Standard input may be a pipe: name it -' admin import bags "$tmp/fifo"
row "no file" 64 '^$' 'import bags needs a file' admin import bags
row "two ways at once" 64 '^$' 'exclude each other' admin import bags x --dry-run --good-rows
says 'code\nSB%s901\n' "$imp"
row "an area that is not there" 1 '^$' 'unknown_area' admin import bags "$file" --area atlantis
row "without the right" 77 '^$' 'may not import' as supervisor import bags "$file"
row "read-only" 77 '^$' 'read-only is set' admin --read-only import bags "$file"

# ---- a spreadsheet's file

says '\xef\xbb\xbfCode;Parent;Grams\r\n"IMP-%s-1";SB%s901;1250\r\n\r\nSB%s901;;\r\n"IMP-%s-2";"SB%s901";\r\n' \
    "$run" "$imp" "$imp" "$run" "$imp"
row "BOM, semicolons, CRLF, blank lines: dry run" 0 $'mode\tdry.*state\tundone.*opened\t1.*linked\t2.*refused\t0' '' import bags --dry-run
row "of which nothing stays" 1 'unknown_code' '' admin bag show "SB${imp}901"
row "the same for good" 0 $'mode\tall.*state\tdone.*opened\t1.*linked\t2' '' import bags
row "again: it is done" 0 $'state\tdone.*opened\t1.*linked\t2' '' import bags
row "another way: all is so already" 0 $'opened\t0.*linked\t0.*again\t3' '' import bags --good-rows
row "it is there" 0 $'children\t2.*grams\t2250' '' admin bag show "SB${imp}901"
check "no file of errors is left" test ! -e "$file.errors.csv"

says 'code\tparent\nIMP-%s-3\tSB%s901\nIMP-%s-4\tSB%s977\n=1+1\tSB%s901\nIMP-%s-3\n"IMP-\nX"\tSB%s901\n' \
    "$run" "$imp" "$run" "$imp" "$imp" "$run" "$imp"
row "one bad row, and nothing is imported" 1 $'state\tundone.*linked\t1.*refused\t4' \
    '4 of 5 rows were refused; nothing was imported.*errors.csv' import children
wrong=$'^line,code,parent,outcome,why\r\n3,"IMP-'"$run"$'-4","SB'"$imp"$'977",no_parent,"[^\r]*\r\n4,"\'=1\+1","[^\r]*bad_format,[^\r]*\r\n5,"IMP-'"$run"$'-3","",bad_format,"1 cells where the header has 2"\r\n6,"IMP-[?]X",'
row "the bad rows, with line and reason; no formulas" 0 "$wrong" '' cat "$file.errors.csv"
row "nothing of it is there" 1 'unknown_code' '' admin bag show "IMP-$run-3"
row "a dry run says the same" 1 $'state\tundone.*refused\t4' 'would be refused' import children --dry-run
row "good rows only" 1 $'state\tdone.*linked\t1.*refused\t4' '4 of 5 rows were refused' \
    import children --good-rows --errors "$tmp/bad.csv"
row "the errors where they are wanted" 0 "$wrong" '' cat "$tmp/bad.csv"
row "again: the same errors" 1 $'state\tdone.*refused\t4' 'refused' import children --good-rows --errors "$tmp/bad.csv"
row "errors that can't be written" 74 '.*' "can't write" import children --good-rows --errors "$tmp/no/bad.csv"
check "everything is sound" sound

id=$(admin import list --limit 1 | cut -f1)
row "import list" 0 "^$id"$'\tchildren\t' '' admin import list --limit 1
row "import bad" 0 $'^3\tno_parent\tIMP-' '' admin import bad "$id"
row "import cancel: too late" 1 'version_moved' '' admin import cancel "$id" "no need"
row "import bags --help" 0 'usage: tracetrackctl import bags FILE' '' ctl import bags --help

# ---- standard input: in a pipe, which nobody can read twice

piped() { cat "$file" | as admin import "$1" - --area jaipur "${@:2}"; }
says 'code,parent\nIMP-%s-5,SB%s901\n=1+1,SB%s901\n' "$run" "$imp" "$imp"
row "standard input" 1 $'kind\tbags.*state\tundone.*linked\t1.*refused\t1' 'They are in import.errors.csv' \
    in_folder "$tmp/home" piped bags
check "its errors are in the current folder" test -s "$tmp/home/import.errors.csv"
row "standard input again: what was refused is left out" 1 $'state\tdone.*linked\t1.*refused\t1' "They are in $tmp/bad.csv" \
    piped bags --good-rows --errors "$tmp/bad.csv"
says 'code,parent\nIMP-%s-5,SB%s901\n' "$run" "$imp"
row "the same command with other input is another import" 0 $'state\tdone.*linked\t0.*again\t1.*refused\t0' '' \
    in_folder "$tmp/home" piped bags
row "which is listed as such" 0 $'\tstandard input\t' '' admin import list --limit 1
check "and leaves no errors" test ! -e "$tmp/home/import.errors.csv"
says 'code,parnt\nX,Y\n'
row "what is wrong with it" 65 '^$' 'standard input has a column "parnt"' piped bags
row "standard input that is empty" 65 '^$' 'standard input is empty' admin import bags -
row "a folder as standard input" 74 '^$' "can't read standard input: Is a directory" eval 'admin import bags - <"$tmp"'
row "standard input that can't be kept" 74 '^$' "can't keep standard input in $tmp/none: No such file.*TMPDIR" \
    env TMPDIR="$tmp/none" "$B/tracetrackctl" import bags -
full_disk() { TMPDIR=$tmp/disk with_disk size=16k "$B/tracetrackctl" import bags - <"$tmp/big"; }
if can_mount; then
    head -c 100000 /dev/zero >"$tmp/big"
    row "standard input that finds no room" 74 '^$' "can't keep standard input in .*: No space left.*Make room" full_disk
fi
echo 'code' >"$tmp/home/-"
row "a file of that name is named with its folder" 65 '^$' 'a header and no rows' in_folder "$tmp/home" admin import bags ./-
rm "$tmp/home/-"

# ---- bills

for i in 1 2 3; do
    me scan parent "SB${imp}80$i" >/dev/null
    me scan child "IMB-$run-$i" "SB${imp}80$i" >/dev/null
    me scan finish "SB${imp}80$i" >/dev/null
done
bill=BILL-IMP-$run
one=$bill,SB${imp}801
says 'bill;vehicle;destination;capacity;parent\n%s;;;;SB%s801\n%s;RJ14 GB 7;"Jaipur; yard";2\n' "$bill" "$imp" "$bill"
row "bills: a row is too short" 1 $'kind\tbills.*state\tundone.*opened\t0.*refused\t2' 'nothing was imported' admin import bills "$file"
row "which is told" 0 $'\r\n2,"'"$bill"'","SB'"$imp"$'801",no_bill,"There is no bill '"$bill"$'"\r\n3,"'"$bill"$'","",bad_format,"4 cells' \
    '' cat "$file.errors.csv"
says 'bill;vehicle;destination;capacity;parent\n%s;;;;SB%s801\n%s;RJ14 GB 7;"Jaipur; yard";2;\n%s;;;;sb%s802\n' \
    "$bill" "$imp" "$bill" "$bill" "$imp"
row "bills: dry run" 0 $'mode\tdry.*state\tundone.*opened\t1.*linked\t2.*refused\t0' '' admin import bills "$file" --dry-run
row "of which nothing stays, either" 1 'no_bill' '' admin bill show "$bill"
row "the same for good" 0 $'mode\tall.*state\tdone.*opened\t1.*linked\t2' '' admin import bills "$file"
row "another way: all is so already" 0 $'opened\t0.*linked\t0.*again\t3' '' admin import bills "$file" --good-rows
row "the bill is there, with its parents" 0 \
    $'state\topen\ndestination\tJaipur; yard\nvehicle\tRJ14 GB 7\nparents\t2\ncapacity\t2' '' admin bill show "$bill"
check "no file of errors is left, either" test ! -e "$file.errors.csv"
says 'bill,parent\n%s,SB%s803\n%s,SB%s977\n%s\n%s-2,SB%s803\n,SB%s803\n' \
    "$bill" "$imp" "$bill" "$imp" "$one" "$bill" "$imp" "$imp"
row "one bad row, and no bill is changed" 1 $'state\tundone.*again\t1.*refused\t4' '4 of 5 rows.*nothing was imported' admin import bills "$file"
row "good rows of bills only" 1 $'state\tdone.*again\t1.*refused\t4' '4 of 5 rows were refused' admin import bills "$file" --good-rows
wrong=$'^line,bill,parent,outcome,why\r\n2,"'"$bill"'","SB'"$imp"$'803",bill_full,"[^\r]*\r\n3,"'"$bill"'","SB'"$imp"$'977",unknown_code,"[^\r]*\r\n5,"'"$bill"'-2","SB'"$imp"$'803",no_bill,"[^\r]*\r\n6,"","SB'"$imp"$'803",bad_format,"the row names no bill"\r$'
row "with line, bill, parent and reason" 0 "$wrong" '' cat "$file.errors.csv"
id=$(admin import list --limit 1 | cut -f1)
row "import list: bills" 0 "^$id"$'\tbills\t' '' admin import list --limit 1
row "import bad: bills" 0 $'^2\tbill_full\tSB'"$imp"$'803\tBILL-IMP' '' admin import bad "$id"
row "bills: without the right" 77 '^$' 'may not import' as biller import bills "$file"
says 'bill,code\nX,Y\n'
row "a column of bags" 65 '^$' '"code".*The columns are bill, parent, destination, vehicle, capacity' admin import bills "$file"
says 'parent\nX\n'
row "no bills" 65 '^$' 'no column bill' admin import bills "$file"
row "an import of bills has no area" 64 '^$' '--area' admin import bills "$file" --area jaipur
row "import bills --help" 0 'usage: tracetrackctl import bills FILE' '' ctl import bills --help
check "everything is sound with bills" sound

# ---- out

row "export: without the right" 77 '^$' 'may not export' me export bags
row "export: no such area" 1 '^$' 'unknown_area' admin export bags --area nowhere
row "export: no time" 64 '^$' 'from must be a time' admin export bags --from tomorrow
row "export: two forms" 64 '^$' 'exclude each other' admin export bags --ndjson --csv
row "export to a full disk" 74 '^$' 'No space left' bash -c '"$0" "$@" >/dev/full' "$B/tracetrackctl" \
    --user admin --password-file "$passwords/admin" export bags
row "export where no file can be" 74 '^$' "can't write" admin export bags -o "$tmp/no/bags.csv"
row "export bags" 0 '^$' '' admin export bags -o "$tmp/bags.csv"
csv_rows() { rows "select count(*) + 1 from tracetrack.$1"; }
check "has every bag" test "$(wc -l <"$tmp/bags.csv")" = "$(csv_rows bag)"
row "beneath its names" 0 '^code,role,family,state,area,parent,position' '' head -n 1 "$tmp/bags.csv"
check "and no half file is left" test ! -e "$tmp/bags.csv.part"
echo half >"$tmp/bags.csv.part"
row "export: two at once into one file" 74 '^$' "can't write .*bags.csv: .*Another process is writing it" \
    flock "$tmp/bags.csv.part" "$B/tracetrackctl" --user admin --password-file "$passwords/admin" \
    export bags --output "$tmp/bags.csv"
check "and what the other has written stays" grep -q half "$tmp/bags.csv.part"
rm "$tmp/bags.csv.part"
chmod 600 "$tmp/bags.csv"
ln -s bags.csv "$tmp/link.csv"
row "export into a file by a link" 0 '^$' '' admin export bags -o "$tmp/link.csv"
check "the link stays one" test -L "$tmp/link.csv"
check "and the file keeps its rights" test "$(stat -c %a "$tmp/bags.csv")" = 600
# Not a device: where this failed as root, the machine would miss it.
mkfifo "$tmp/out-fifo"
timeout 60 cat "$tmp/out-fifo" >"$tmp/read" &
row "export into a FIFO" 0 '^$' '' admin export bags -o "$tmp/out-fifo"
wait $!
check "which stays one" test -p "$tmp/out-fifo"
check "and has it all" cmp "$tmp/read" "$tmp/bags.csv"
row "export into a folder" 74 '^$' "can't write .*Is a directory" admin export bags -o "$tmp"
row "export scans" 0 '^$' '' admin export scans -o "$tmp/scans.csv"
check "has every event" test "$(wc -l <"$tmp/scans.csv")" = "$(csv_rows event)"
admin export scans --ndjson >"$tmp/scans.json"
is_json() { rows "select count(*) from (select \$json\$$(tail -n 1 "$tmp/scans.json")\$json\$::jsonb) x"; }
check "as JSON, a line an event" test "$(wc -l <"$tmp/scans.json")" = "$(rows 'select count(*) from tracetrack.event')"
check "each an object" is_json
last=$(tail -n 2 "$tmp/scans.csv" | head -n 1 | cut -d, -f1)
row "export goes on behind a key" 0 $'^[0-9]+,[^\n]*\n?$' '' admin export scans --after "$last"
row "export bills" 0 $'^number,state,destination,[^\n]*,reason\r' '' admin export bills
row "export audit" 0 $'^number,at,person,station,kind,key,operation,changes,[^\n]*\r\n1,2' '' admin export audit --to 2100-01-01T00:00:00Z
row "export audit: without the right" 77 '^$' 'may not export' as biller export audit
row "bills have no area" 64 '^$' '--area is for bags and scans' admin export bills --area jaipur
row "no progress without a terminal" 0 '^code,' '^$' admin export bags
row "export of a time when nothing was" 0 $'^number,[^\n]*\n?$' '' admin export scans --from 2030-01-01T00:00:00Z
# By a limit that ends a process as kill -9 does, at a byte of the file.
echo before >"$tmp/killed.csv"
row "export: killed in the middle" 153 '^$' '^$' prlimit --core=0 --fsize=4096 "$B/tracetrackctl" \
    --user admin --password-file "$passwords/admin" export bags -o "$tmp/killed.csv"
check "the old file stays" test "$(cat "$tmp/killed.csv")" = before
check "beside what there is of the new one" test "$(stat -c %s "$tmp/killed.csv.part")" = 4096
row "the same command writes it" 0 '^$' '^$' admin export bags -o "$tmp/killed.csv"
check "whole" test "$(wc -l <"$tmp/killed.csv")" = "$(csv_rows bag)"
check "and nothing is beside it" test ! -e "$tmp/killed.csv.part"
# The copy waits for a lock that the page did not need, longer than a call may take.
slow_copy() {
    local holder status until=$((SECONDS + 20))
    psql -Xq "$TRACETRACK_DSN_ADMIN" <<'END' &
begin;
lock table tracetrack.family in access exclusive mode;
do $$
begin
    while not exists (select from pg_locks where relation = 'tracetrack.family'::regclass
        and not granted) loop
        perform pg_sleep(0.01);
    end loop;
    perform pg_sleep(1.3);
end
$$;
END
    holder=$!
    until holds_family || [ $SECONDS -ge $until ]; do sleep 0.05; done
    admin export bags --call-timeout 1000 "$@"
    status=$?
    wait "$holder"
    return "$status"
}
holds_family() { [ "$(rows "select count(*) from pg_locks where relation = 'tracetrack.family'::regclass
    and mode = 'AccessExclusiveLock' and granted")" = 1 ]; }
row "a page has the time that the server gives it" 0 '^$' '^$' slow_copy -o "$tmp/slow.csv"
limit export '1 per 1 hour'
row "an export too many" 75 '^$' 'too many exports in a short time: the next in 3[56][0-9]{2} s.*rate_export' \
    bash -c '"$0" "$@" >/dev/null && "$0" "$@"' "$B/tracetrackctl" --user admin \
    --password-file "$passwords/admin" export scans
row "nor by beginning behind a key" 75 '^$' 'too many exports' admin export scans --after "$last"
limit export '20 per 1 hour'

# ---- killed in the middle

# many_rows NAME STEM DIGITS ROWS: new bags, of 31 one is a parent.
many_rows() {
    awk -v name="IMK-$run-$1" -v stem="SB$2" -v digits="$3" -v rows="$4" 'BEGIN {
        print "code,parent"
        for (i = 0; i < rows; i++) {
            if (i % 31 == 0) { parent = sprintf("%s%0*d", stem, digits, i / 31); print parent "," }
            else print name "-" i "," parent
        }
    }' >"$file"
}
linked() { rows "select count(*) from tracetrack.bag where code like 'IMK-$run-$1-%'"; }
staged() { rows 'select coalesce(max(line), 0) from tracetrack.import_row'; }
# until_over FIGURE NAME NUMBER
until_over() {
    local until=$((SECONDS + 60))
    until [ "$("$1" "$2")" -gt "$3" ]; do
        [ $SECONDS -lt $until ] || return 1
    done
}
# begin OPTION...: an import that goes on beside us.
begin_import() {
    "$B/tracetrackctl" --user admin --password-file "$passwords/admin" import bags "$file" \
        --area jaipur --good-rows "$@" >"$tmp/out" 2>&1 &
    client=$!
}
kill_client() {
    kill -9 "$client"
    wait "$client" 2>/dev/null
}
# partly NAME MOST
partly() { [ "$(linked "$1")" -gt 0 ] && [ "$(linked "$1")" -lt "$2" ]; }
# kill_server: while the client waits for it; until it answers again.
kill_server() {
    local got=0
    kill -9 "$(contrib/sandbox pid postgres "$TRACETRACK_SANDBOX")"
    wait "$client" || got=$?
    check "the server is killed: try again later" test "$got" = 69
    check "how to go on is said" grep -q 'Run the same command again' "$tmp/out"
    env -u TEST_RUN_MARK contrib/sandbox start postgres "$TRACETRACK_SANDBOX" >/dev/null
    check "the server is back" answers_again
}
answers_again() {
    local until=$((SECONDS + 60))
    until as admin system version >/dev/null 2>&1; do
        [ $SECONDS -lt $until ] || return 1
    done
}

many_rows A "$imp" 3 3100
begin_import --batch 10
check "an import is under way" until_over linked A 100
kill_client
check "its client is killed in the middle" partly A 3000
check "what it did is sound" sound
row "the same command goes on" 0 $'state\tdone.*opened\t100.*linked\t3000.*again\t0.*refused\t0' '' import bags --good-rows
check "with nothing doubled" test "$(linked A)" = 3000
check "and nothing left behind" test "$(rows 'select count(*) from tracetrack.import_row')" = 0

# A stem of parents that nobody else has: SBnnnn0000 to SBnnnn9999.
stem=$(rows "select n from generate_series(1000, 9999) n where not exists (select from tracetrack.bag
    where code between 'SB' || n || '0000' and 'SB' || n || '9999') order by random() limit 1")
many_rows B "$stem" 4 100000
begin_import
check "a hundred thousand rows are read" until_over staged B 30000
kill_client
check "when their client is killed" test "$(linked B)" = 0
begin_import
check "the same command goes on to write them" until_over linked B 20000
kill_client
check "its client is killed, too" partly B 96774
if [ -n "${TRACETRACK_SANDBOX:-}" ]; then
    before=$(linked B)
    begin_import
    check "the third one goes on" until_over linked B $((before + 10000))
    kill_server
    check "it was in the middle" partly B 96774
fi
check "half a hundred thousand rows are sound" sound
row "the last one ends it" 0 $'state\tdone.*rows\t100000.*opened\t3226.*linked\t96774.*again\t0.*refused\t0' '' \
    import bags --good-rows
check "with nothing doubled, either" test "$(linked B)" = 96774
check "nor left behind" test "$(rows 'select count(*) from tracetrack.import_row')" = 0

# All of it in one transaction: who has changed bags has not committed them yet.
many_rows C "${stem}9" 3 15500
has_changed_bags() {
    rows "select count(*) from pg_locks l join pg_stat_activity a using (pid)
        where l.relation = 'tracetrack.bag'::regclass and l.mode = 'RowExclusiveLock'
            and a.usename = 'tracetrack_station'"
}
"$B/tracetrackctl" --user admin --password-file "$passwords/admin" import bags "$file" --area jaipur \
    >"$tmp/out" 2>&1 &
client=$!
check "all or nothing: it is under way" until_over has_changed_bags C 0
kill_client
check "its client is killed, and nothing is there" test "$(linked C)" = 0
row "the same command does it all" 0 $'state\tdone.*opened\t500.*linked\t15000.*again\t0.*refused\t0' '' import bags
check "once" test "$(linked C)" = 15000

many_rows D "${stem}8" 3 3100
mkdir "$tmp/kept"
TMPDIR=$tmp/kept "$B/tracetrackctl" --user admin --password-file "$passwords/admin" import bags - \
    --area jaipur --good-rows --batch 10 <"$file" >"$tmp/out" 2>&1 &
client=$!
check "standard input: it is under way" until_over linked D 100
kill_client
check "its client is killed in the middle, too" partly D 3000
check "nothing is left of what it kept" test -z "$(ls -A "$tmp/kept")"
row "the same input goes on" 0 $'state\tdone.*opened\t100.*linked\t3000.*again\t0.*refused\t0' '' \
    piped bags --good-rows
check "with nothing doubled here" test "$(linked D)" = 3000
check "all is sound at the end" sound

limit import '1 per 1 hour'
says 'code\nSB%s961\n' "$imp"
row "an import" 0 $'opened\t1' '' import bags --good-rows
row "again, which is the same one" 0 $'opened\t1' '' import bags --good-rows
says 'code\nSB%s962\n' "$imp"
row "an import too many" 75 '^$' 'too many imports in a short time: the next in .*rate_import' import bags --good-rows
limit import '20 per 1 hour'
row "the same one, when it may" 0 $'opened\t1' '' import bags --good-rows
