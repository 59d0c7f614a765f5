#!/bin/bash
# The devices screen tells what a scanner sent and why it does not.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working --scanner "spare=serial:/dev/not-there"
raw main "AB\x01CD\r"
wait_for 'TROUBLE'
press F8
wait_for 'last raw'
screen_is devices
press Down
shows 'the missing scanner says why' 'unplugged|refused'
press b
shows 'a test beep is tried' 'should beep now'
