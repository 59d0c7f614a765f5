#!/bin/bash
# What people set for themselves: password, PIN, second factor with its QR code and backup codes.
# shellcheck source=tests/tui/lib.sh disable=SC2119
. "$(dirname "$0")/../lib.sh"

me=own$run_number
old=$work/old new=$work/new
umask 077
echo 'old-secret-1' >"$old"
echo 'new-secret-2' >"$new"
"${program}ctl" --dsn "$TRACETRACK_DSN" --state-dir "$work/ctl" --user admin \
    --password-file "$TRACETRACK_DEMO_PASSWORDS/admin" user create "$me" --name Own \
    --role dispatcher --area jaipur --new-password-file "$old" >"$work/made" 2>&1 ||
    { cat "$work/made" >&2; report 1 'a person is made'; exit 1; }

# fill TEXT...: each field and the next; the last stays.
fill() {
    while [ $# -gt 0 ]; do
        tmux_ send-keys -t t -l "$1"
        shift
        [ $# = 0 ] || press Tab
    done
}
secret_on_screen() { snapshot | grep -oE '([A-Z2-7]{4} )+[A-Z2-7]{4}' | tr -d ' \n'; }
code_on_screen() { snapshot | grep -oE '[a-z0-9]{4,5}(-[a-z0-9]{4,5})+' | head -n 1; }

start --user "$me" --password-file "$old"
wait_for ' no parent'
run_command password
wait_for 'Own password'
press F2
shows 'the own password is asked for' 'Your password is needed'
fill wrong-secret new-secret-2 new-secret-3
press F2
shows 'the new one twice' 'The passwords differ'
press C-u
fill new-secret-2
press F2
shows 'a wrong one changes nothing' '[Ww]rong password|password is wrong'
press Tab C-u
fill old-secret-1
press F2
shows 'the right one does' '✔ Done'

run_command pin
wait_for 'Own PIN'
fill new-secret-2 no 12 12
press F2
shows 'a PIN has a length' 'A PIN is 4 to 6 digits'
press C-u
fill 4711
press F2
shows 'PINs must be the same too' 'The PINs differ'
press C-u
fill 4711
press F2
shows 'and is set' '✔ Done'
run_command lock
wait_for 'locked'
type_text 4711 '••••'
press Enter
shows 'and unlocks the station' ' no parent'

run_command second-factor
wait_for 'New second factor'
fill new-secret-2
press F2
wait_for 'Scan this with your authenticator'
shows 'there is a QR code that fits the usual window' '^█ █▀▀▀█ █.*█ █▀▀▀█ █'
secret=$(secret_on_screen)
ok 'and the secret to type' [ ${#secret} = 32 ]
resize 60x20
shows 'a small window has the secret alone' 'Type this secret'
resize 80x24
press Enter
wait_for 'Second factor on'
fill 000000
press F2
shows 'a wrong code switches nothing on' 'code'
press C-u
fill "$(oathtool --totp -b "$secret")"
press F2
wait_for 'Backup codes'
shows 'backup codes are told once' 'they are not shown again'
code=$(code_on_screen)
press q
wait_for ' no parent'
run_command second-factor-off
wait_for 'Second factor off'
fill new-secret-2 "$code"
press F2
shows 'a backup code and the password switch it off' '✔ Done'
press F10
wait_for 'Menu'
press End
shows 'all of it is in the menu' 'second-factor +begin|backup-codes'
