# shellcheck shell=bash
# The database's definition: made, brought up to date, and what does not fit.

second=$tmp/second
contrib/sandbox up "$second" --bare || exit 69
empty=$(
    eval "$(contrib/sandbox env "$second")"
    printf '%s' "$TRACETRACK_DSN_ADMIN"
)
owner() { psql -XqAt -v ON_ERROR_STOP=1 "$empty" "$@"; }

row "the sandbox is current" 0 '^version [0-9]+ of [0-9]+, 0 pending, functions current' '' \
    ctl --dsn "$TRACETRACK_DSN_ADMIN" db status
row "as JSON" 0 '^\{"version":[0-9]+,"wanted":[0-9]+,"pending":0,"functions":"current"\}' '' \
    ctl --json --dsn "$TRACETRACK_DSN_ADMIN" db status
row "migrating what is current changes nothing" 0 '' '' ctl --dsn "$TRACETRACK_DSN_ADMIN" db migrate
row "the station's login may not" 78 '' "may not do that.*owner's direct connection" ctl db migrate
row "nor ask for its version" 78 '' "may not do that.*owner's direct connection" ctl db status

row "an empty database" 1 'version 0 of [0-9]+, [1-9][0-9]* pending' 'not up to date.*db migrate' \
    ctl --dsn "$empty" db status
input=$'state\n'
row "a station at an empty database" 78 '' '(db migrate|does not fit|schema|version)' \
    headless EMPTY --dsn "$empty"
input=
echo 'long enough' >"$tmp/boss"
chmod 600 "$tmp/boss"
row "init" 0 '' '' ctl --dsn "$empty" db init --admin boss --new-password-file "$tmp/boss"
row "is current then" 0 '0 pending, functions current' '' ctl --dsn "$empty" db status
row "init twice" 0 '' '' ctl --dsn "$empty" db init
row "migrate twice" 0 '' '' ctl --dsn "$empty" db migrate
row "the first administrator logs in" 0 $'role\tadministrator' '' \
    ctl --dsn "$empty" --user boss --password-file "$tmp/boss" session check
row "a second of that name is refused" 1 '' 'boss' \
    ctl --dsn "$empty" db init --admin boss --new-password-file "$tmp/boss"
row "an administrator's name that is none" 1 '' 'boss' \
    ctl --dsn "$empty" db init --admin $'boss\e[31m' --new-password-file "$tmp/boss"

together() {
    local -a pids=()
    local i status=0
    owner -c "update tracetrack.migration set checksum = 'old' where number = 0"
    for i in 1 2 3 4; do
        ctl --dsn "$empty" db migrate &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || status=$?; done
    return "$status"
}
check "several that migrate at once take turns" together
row "and it is current" 0 'functions current' '' ctl --dsn "$empty" db status

owner -c "update tracetrack.migration set checksum = 'old' where number = 0"
row "functions of another version" 1 'functions old' 'db migrate' ctl --dsn "$empty" db status
row "are applied afresh" 0 '' '' ctl --dsn "$empty" db migrate
row "and current" 0 'functions current' '' ctl --dsn "$empty" db status

sum=$(owner -c 'select checksum from tracetrack.migration where number = 2')
owner -c "update tracetrack.migration set checksum = repeat('0', 64) where number = 2"
row "a migration that was changed after it was applied" 78 '' '002-[a-z]+\.sql is not the one that was applied.*release' \
    ctl --dsn "$empty" db migrate
row "status says so too" 78 '' 'not the one that was applied' ctl --dsn "$empty" db status
owner -c "update tracetrack.migration set checksum = '$sum' where number = 2"

owner -c "insert into tracetrack.migration(number, name, checksum) values (999, '999-later.sql', '0')"
row "a database newer than the program" 78 '' 'version 999, this program knows.*Update this program' ctl --dsn "$empty" db migrate
row "status says so too" 78 '' 'version 999, this program knows.*Update this program' ctl --dsn "$empty" db status
row "a login to it" 78 '' '(version|schema).*999' \
    ctl --dsn "$empty" --user boss --password-file "$tmp/boss" session check
input=$'state\n'
row "a station at it" 78 '' '(version|schema).*999' \
    tracetrack --headless --station NEWER --dsn "$empty" --user boss --password-file "$tmp/boss"
row "a station without a screen at it" 78 '.*' '(version|schema).*999' \
    tracetrack --plain --station NEWER --dsn "$empty" --user boss --password-file "$tmp/boss"
input=
owner -c 'delete from tracetrack.migration where number = 999'

contrib/sandbox destroy "$second"
second=
