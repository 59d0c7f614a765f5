#!/bin/bash
# A walk through the views under valgrind: no wrong access, nothing lost.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

if ! command -v valgrind >/dev/null || grep -q __asan_init "$program"; then
    echo "ok - $STORY: runs clean # skip no valgrind, or a sanitizer is in the program"
    exit 0
fi
wrapper=(valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite
    --log-file="$work/valgrind")
patience=60

start_working
scan "$(parent 1)"
wait_for 'OPENED|QUEUED'
scan "$(child 01)"
wait_for '1 of 30 children'
press F5
wait_for 'Code:'
type_text "$(parent 1)" "Code: $(parent 1)"
press Enter
wait_for 'Timeline'
press Escape
wait_for '1 of 30 children'
press F8
wait_for 'last raw'
press q
wait_for '1 of 30 children'
press F9
wait_for 'Answer 1'
press Escape
press F1
wait_for 'Search:'
type_text 'lo' 'Search: lo'
press Escape
wait_for '1 of 30 children'
resize 40x16
wait_for '1 of 30'
press :
wait_for '^:'
type_text 'lane' '^:lane'
press Enter
wait_for "can't be used"
press C-c
wait_for 'Leave this'
press y
wait_for 'ended with'
ok 'ends with status 0' is_shown 'ended with status 0'
ok 'runs clean' eval '! [ -s "$work/valgrind" ] || ! sed "s/^/# /" "$work/valgrind"'
