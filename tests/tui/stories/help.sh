#!/bin/bash
# Help finds commands by their words and runs them; so do menu and prompt.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

start_working
press F1
wait_for 'Search:'
screen_is help
type_text 'scanners' 'Search: scanners'
screen_is help-search
press Enter
shows 'Enter runs the selected command' 'Lane +State +Read'
press q
hides 'q goes back' 'Lane +State +Read'

press :
wait_for '^:'
type_text 'dev' '^:dev'
press Tab
shows 'Tab completes' '^:devices'
press Enter
wait_for 'Lane +State'
ok 'and Enter runs it' is_shown 'Lane +State'
press Escape
hides 'Esc goes back' 'Lane +State'
press :
wait_for '^:'
press Up
shows 'the prompt remembers' '^:devices'
press C-u
type_text 'devises' '^:devises'
press Enter
shows 'an unknown command gets a proposal' 'Did you mean devices'

# What a scanner types into the prompt is a scan, whatever it spells.
press :
wait_for '^:'
burst 'QUIT'
shows 'a burst is never a command' 'QUIT: |No parent is open for QUIT'
press Escape
press F10
wait_for 'Menu'
screen_is menu

# What is typed there searches it; a name goes before what is only told of.
type_text 'bags' 'Search: bags'
shows 'the menu has what was typed' '^ │ +bags +parents and children'
hides 'and nothing else' 'dashboard +what happens'
press C-u
wait_for 'dashboard +what happens'
type_text 'no such' 'Search: no such'
shows 'nothing found is told' 'No command has these words'
press C-u
type_text 'devi' 'Search: devi'
press Enter
wait_for 'Lane +State'
press Escape
wait_for 'SB|no parent'
press F10
wait_for '─ Menu'
press Escape

# Letters do nothing on the scan view.
hides 'the menu is gone' '─ Menu'
for key in q x b y 1; do press $key; done
press F9
wait_for 'Details'
ok 'letters did nothing' is_shown 'Answer 1 of'
