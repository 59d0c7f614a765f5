# shellcheck shell=bash disable=SC2154
# What people type wrong, and what they are told.

row "nothing said" 64 '' 'usage: tracetrackctl.*bag show.*what should be done' ctl
row "help" 0 'usage: tracetrackctl.*db migrate.*bag show.*tracetrackctl\(1\)' '' ctl --help
row "help of an operation" 0 'scan child .*--grams.*\(g\)' '' ctl scan child --help
row "help of a command" 0 'usage: tracetrackctl db init' '' ctl db init --help
row "version" 0 '^tracetrackctl [0-9.]+$' '' ctl --version
row "a verb that is nearly one" 64 '' 'no command "bag shwo".*Did you mean: tracetrackctl bag show\?' \
    ctl bag shwo
row "a noun that is nearly one" 64 '' 'Did you mean: tracetrackctl scan child\?' ctl scam child
row "a command that is nearly one" 64 '' 'Did you mean: tracetrackctl db migrate\?' ctl db migrat
row "a word that is nearly one" 64 '' 'Did you mean: tracetrackctl login\?' ctl logn
row "a noun alone" 64 '' 'user what\?.*user list, user show, user create' ctl user
row "a noun with a verb that is near none" 64 '' 'There are: scan parent, .*scan lookup' ctl scan zzzzzzzz
row "nothing near" 64 '' 'no command "frobnicate".*--help' ctl frobnicate
row "an option that is nearly one" 64 '' 'unknown option "--uesr".*Did you mean --user\?' ctl --uesr x bag show
row "an option that is near none" 64 '' 'unknown option "--frobnicate"' ctl --frobnicate bag show
row "an operation's option that is nearly one" 64 '' 'no option "gram".*Did you mean grams\?' \
    ctl scan child C P --gram 5
row "an operation's option that is near none" 64 '' 'no option "foo"' ctl bag show X --foo 1
row "an operation's option that is near none, and last" 64 '' 'no option "foo"' ctl bag show X --foo
row "hidden parameters are no options" 64 '' 'no option "token"' ctl bag show X --token 1
row "hidden operations are no commands" 64 '' 'no command "session challenge"' ctl session challenge
row "a parameter missing" 64 '' 'bag.show needs code: code of a bag' ctl bag show
row "a value missing" 64 '' '--code needs a value' ctl bag show --code
row "a value missing before another option" 64 '' '--area needs a value' ctl bag list --area --state open
row "an option of a command that is nearly one" 64 '' 'bill print has no option "--pfd".*Did you mean --pdf\?' \
    ctl bill print X --pfd y
row "an option of a command that is near none" 64 '' 'export bags has no option "--frobnicate".*--help lists' \
    ctl export bags --frobnicate
row "a flag behind a command that is nearly one" 64 '' 'Did you mean --json\?' ctl export bags --jsonn
row "a value for what takes none" 64 '' '--text takes no value' ctl bill print X --text=yes
row "a command's value missing" 64 '' '--pdf needs a value' ctl bill print X --pdf
row "help of a command's options" 0 'bill print NUMBER \[--pdf FILE\] \[--text\].*--pdf  ' '' ctl bill print --help
row "an option twice" 64 '' 'limit is given twice' ctl bag list --limit 1 --limit=2
row "by its name and by its place" 64 '' 'what is "Y"' ctl bag show --code X Y
row "by its place and by its name" 64 '' 'what is "Y"' ctl bag show Y --code X
row "a command's option twice" 64 '' '--pdf is given twice' ctl bill print X --pdf a --pdf=a
row "an operation's file twice" 64 '' 'new-password-file is given twice' \
    ctl session pin --new-password-file a --new-password-file a
row "a setting twice" 64 '' '--user is given twice' ctl --user a bag show X --user a
row "a file of settings twice" 64 '' '--config is given twice' ctl --config /dev/null --config /dev/null bag show X
row "two names of one option" 64 '' 'are the same' ctl export bags -o a --output b
row "-- ends the options" 64 '' 'what is "--limit"' ctl bag list -- --text --limit
row "and what stands behind it is no flag" 64 '' 'what is "--json"' ctl bag show -- --help --json
row "nor a setting" 64 '' 'what is "x"' ctl bag show -- --user x
row "nor an option of a command" 64 '' 'what is "a"' ctl bill print -- --pdf a
row "nothing behind it" 64 '' 'bag.show needs code' ctl bag show --
row "a word that is none of a few" 64 '' 'state must be open, completed, reopened or cancelled, not "opne".*Did you mean open\?' \
    ctl bill list --state opne
row "a word that is near none" 64 '' 'sort must be newest or code, not "weight"' ctl bag list --sort weight
row "a command's word that is none of a few" 64 '' '--size must be 100x50, .*a4-65, not "a4-66".*Did you mean a4-' \
    ctl label print X --size a4-66
row "one word too many" 64 '' 'what is "Y"\?' ctl bag show X Y
for list in 'user list' 'bag list' 'bill list' 'audit list' 'exception list' 'stats recent'; do
    # shellcheck disable=SC2086
    row "$list: a page of nothing" 64 '' 'limit must be 1 or more, not "0"' ctl $list --limit 0
done
row "a page of less than nothing" 64 '' 'limit must be 1 or more' ctl bag list --limit=-5
row "no number" 64 '' 'limit must be a whole number, not "many"' ctl user list --limit many
row "no weight" 64 '' 'grams must be a weight such as' ctl scan child C P --grams 1.2505kg
row "no id" 64 '' 'event must be a UUID' ctl scan child C P --event 1
row "no text" 64 '' 'code must be text in UTF-8' ctl bag show $'\xff\xfe'
row "a setting's value missing" 64 '' '--user needs a value' ctl bag show X --user
row "a setting out of range" 64 '' '--call-timeout: call-timeout must be a number from 100 to 600000, not "5"' \
    ctl --call-timeout 5 bag show X
row "a setting that is no number" 64 '' 'must be a number' ctl --call-timeout=abc bag show X
row "a setting that is no choice" 64 '' 'must be one of auto.always.never, not "maybe"' ctl --color maybe bag show X
row "a setting that is neither on nor off" 64 '' 'must be on or off' ctl --bell=maybe bag show X
row "db init: a value missing" 64 '' '--admin needs a value' ctl db init --admin
row "db init: an unknown word" 64 '' 'what is "now"' ctl db init now
row "db demo: where to" 64 '' 'needs --passwords' ctl db demo
row "db demo: no number" 64 '' 'dispatchers must be a number' ctl db demo --passwords "$tmp/p" --dispatchers many
row "login takes no word" 64 '' 'login does not take' ctl login now
row "login as nobody" 64 '' 'Give --user' ctl login
row "control bytes in words are shown harmless" 64 '' 'no command "\\x1b' ctl $'\e]0;x\a' $'\e[31m'
row "errors as JSON" 64 '' '^\{"error":\{"code":"usage","message":"there is no command' ctl --json bag shwo
row "a password is needed and nobody there to ask" 64 '' 'Give --password-file' \
    ctl --no-input --user dispatcher bag show X

row "station: version" 0 '^tracetrack [0-9.]+$' '' tracetrack --version
row "station: help" 0 '--headless.*--answer-within.*tracetrack-scanners\(7\)' '' tracetrack --help
row "station: an option that is nearly one" 64 '' 'unknown option "--hedless".*Did you mean --headless\?' \
    tracetrack --hedless
row "station: a setting that is nearly one" 64 '' 'unknown option "--scaner".*Did you mean --scanner\?' \
    tracetrack --scaner=x
row "station: a setting twice" 64 '' '--station is given twice' tracetrack --station A --station=B
row "station: a word" 64 '' 'unknown option "now"' tracetrack now
row "station: two faces" 64 '' 'exclude each other' tracetrack --plain --headless
row "station: headless as nobody" 64 '' 'needs --user and --password-file' tracetrack --headless
row "station: a password for nobody" 64 '' '--password-file needs --user' \
    tracetrack --headless --password-file "$passwords/dispatcher"
row "station: a scanner without a lane" 64 '' 'is not LANE=SOURCE.*For example' \
    headless A --scanner /dev/ttyACM0
row "station: an unknown source" 64 '' 'usb' headless A --scanner left=usb:1
row "station: too many scanners" 64 '' 'at most' headless A \
    --scanner={a,b,c,d,e,f,g,h,i}=pipe:"$tmp/none"
row "station: a log into the screen" 64 '' 'name a file' tracetrack --log -
row "station: a log that can't be written" 74 '' 'log' headless A --log "$tmp/none/log"

# ---- no database

nameless() { env -u TRACETRACK_DSN "$@"; }
row "no database is named" 78 '' 'no database is named.*--dsn.*TRACETRACK_DSN' \
    nameless "$B/tracetrackctl" --user x --password-file "$passwords/dispatcher" bag show X
row "no database is named, for its upkeep" 78 '' 'no database is named.*--dsn' \
    nameless "$B/tracetrackctl" db status
row "no database is named, at a station" 78 '' 'no database is named' nameless "$B/tracetrack" --plain
row "a connection string that is none" 78 '' "can't be read.*It looks like" ctl --dsn 'host' system version
row "the same at a station" 78 '' "can't be read" headless A --dsn 'host'

# ---- files of settings

settings() { printf '%b' "$1" >"$tmp/settings"; }
settings 'user = x\n\n# words\nanswer_wihtin = 3\n'
row "a file: an unknown name" 78 '' 'settings:4: unknown setting "answer_wihtin".*Did you mean answer-within' \
    ctl --config "$tmp/settings" bag show X
settings 'user = x\ncall-timeout = 7\n'
row "a file: a bad value" 78 '' 'settings:2: call-timeout must be' ctl --config "$tmp/settings" bag show X
settings 'user = x\nnonsense\n'
row "a file: no setting at all" 78 '' 'settings:2: this is not "name = value": nonsense' \
    ctl --config "$tmp/settings" bag show X
settings 'nonsense\nanswer_wihtin = 3\n'
row "a file: the first error counts" 78 '' 'settings:1: this is not' ctl --config "$tmp/settings" bag show X
settings '\x00\x1b[31m\xff = 3\n'
row "a file of bytes" 78 '' 'settings' ctl --config "$tmp/settings" bag show X
row "a file that is not there" 78 '' "can't read the settings .*none" ctl --config "$tmp/none" bag show X
row "a folder for a file" 78 '' "can't read the settings" ctl --config "$tmp" bag show X
row "a variable" 78 '' 'TRACETRACK_BELL: bell must be on or off, not "maybe"' \
    env TRACETRACK_BELL=maybe "$B/tracetrackctl" bag show X

# The sandbox's connection string is longer than 200 bytes, as real ones are.
printf '\xef\xbb\xbf; words\r\n[database]\r\ndsn = %s\r\n' "$TRACETRACK_DSN" >"$tmp/settings"
row "a long connection string from a file" 0 'schema' '' \
    nameless "$B/tracetrackctl" --config "$tmp/settings" system version
mkdir -p "$HOME/.config/tracetrack"
cp "$tmp/settings" "$HOME/.config/tracetrack/tracetrack.conf"
row "the person's own file" 0 'schema' '' nameless "$B/tracetrackctl" system version
echo 'dsn = host' >"$HOME/.config/tracetrack/tracetrack.conf"
row "the environment is stronger than a file" 0 'schema' '' ctl system version
row "an option is stronger than the environment" 78 '' "can't be read" ctl --dsn host system version
rm -r "$HOME/.config"

# ---- forms of output

row "two forms at once" 64 '' 'json and --csv exclude' ctl area list --json --csv
# shellcheck disable=SC2016
row "a closed output" 74 '' "can't be written" sh -c '"$1" --help >&-' sh "$B/tracetrackctl"
# shellcheck disable=SC2016
row "a full output" 74 '' "can't be written" sh -c '"$1" --help >/dev/full' sh "$B/tracetrackctl"
