# shellcheck shell=bash disable=SC2154
# Every operation of the table at three doors: the command line, the plain and the headless face. Each
# takes the same parameters by the same names; what is called answers at all three.

"$B/tests/tools/operation_table" --doors >"$tmp/doors"
admin_station() {
    tracetrack --station "DOORS-$1" --user admin --password-file "$passwords/admin" \
        --answer-within 5000 "--$1"
}
# What is behind the name, as "name=value" for the faces; the last is no parameter of anything, so
# that nothing is done.
asked() { cut -f1,3- "$tmp/doors" | sed 's/\t/ /g; s/$/ no_such_thing=1/'; }
count=$(wc -l <"$tmp/doors")
check "the table has a hundred operations" test "$count" -ge 100

refused_by() { grep -cF "has no option \\\"no_such_thing\\\"" "$1"; }
asked | sed 's/^/op /' | admin_station headless 2>"$tmp/err" | grep '^{"seq"' >"$tmp/headless"
check "headless: one answer for each" test "$(wc -l <"$tmp/headless")" = "$count"
check "headless: the parameters of each are known" test "$(refused_by "$tmp/headless")" = "$count"
asked | sed 's/^/:op /' | admin_station plain 2>&1 | grep 'no_such_thing' >"$tmp/plain"
check "plain: the parameters of each are known" test "$(wc -l <"$tmp/plain")" = "$count"

names() { sed -nE 's/.*[] "]([a-z]+\.[a-z]+) has no option.*/\1/p' "$1"; }
check "headless: each is called by its name" diff <(cut -f1 "$tmp/doors") <(names "$tmp/headless")
check "plain: each is called by its name" diff <(cut -f1 "$tmp/doors") <(names "$tmp/plain")

# The command line has options in place of name=value, and leaves out what is a step of another.
while IFS=$'\t' read -r -a door; do
    words=()
    for pair in "${door[@]:2}"; do
        words+=("--${pair%%=*}" "${pair#*=}")
    done
    words=("${words[@]//_/-}")
    if [ "${door[1]}" = hidden ]; then
        row "ctl: ${door[0]} is no command" 64 '^$' 'there is no command' ctl "${door[0]%.*}" "${door[0]#*.}"
    else
        row "ctl: ${door[0]} has these parameters" 64 '^$' "${door[0]} has no option .no_such_thing" \
            ctl "${door[0]%.*}" "${door[0]#*.}" "${words[@]}" --no-such-thing 1
    fi
done <"$tmp/doors"

# ---- what asks for nothing more is called, and says the same at the doors

reads=$("$B/tests/tools/operation_table" --reading | while read -r name; do
    case $name in
    # Reads whole tables; what is hidden.
    system.integrity | session.challenge | export.page) ;;
    *) grep -q "needs" <(ctl "${name%.*}" "${name#*.}" --no-input 2>&1 </dev/null | grep ' needs ') ||
        echo "$name" ;;
    esac
done)
# shellcheck disable=SC2086
printf 'op %s\n' $reads | admin_station headless 2>/dev/null | grep '^{"seq"' >"$tmp/headless"
# shellcheck disable=SC2086
answered_all() {
    [ "$(grep -c '"class":"done"' "$tmp/headless")" = "$(wc -w <<<"$reads")" ] ||
        { grep -v '"class":"done"' "$tmp/headless"; return 1; }
}
check "headless: whatever asks for nothing answers" answered_all
# shellcheck disable=SC2086
plain_is_content() {
    ! printf ':op %s\n' $reads | admin_station plain 2>&1 | grep -F '[!!]'
}
check "plain: the same" plain_is_content
for name in family.list area.list right.list setting.list bill.list return.list; do
    said() { sed -nE "s/.*\"op\":\"$name\".*\"data\":(.*)\}$/\1/p" "$tmp/headless"; }
    check "$name: the command line says the same" diff <(said) \
        <(as admin "${name%.*}" "${name#*.}" --json)
done
