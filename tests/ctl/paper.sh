# shellcheck shell=bash disable=SC2154,SC2015,SC2017
# What is printed, read back: the text of the pages, the letters, and the QR codes by another
# program's eye. And where it can't go.

pdf=$tmp/paper.pdf
# The codes on a page as a label printer's 203 dots per inch show them: codes_on FILE [PAGE]
codes_on() {
    pdftoppm -r 203 -f "${2:-1}" -l "${2:-1}" -singlefile -gray "$1" "$tmp/page" &&
        zbarimg --nodbus -q --raw "$tmp/page.pgm" | sort
}
has_codes() {
    local file=$1 page=$2 want
    shift 2
    want=$(printf '%s\n' "$@" | sort)
    [ "$(codes_on "$file" "$page")" = "$want" ] || { codes_on "$file" "$page"; return 1; }
}
pages() { pdfinfo "$1" | sed -n 's/^Pages: *//p'; }
has_pages() { [ "$(pages "$1")" = "$2" ] || { pages "$1"; return 1; }; }
text_of() { pdftotext -layout "$@" -; }
# says FILE WORDS...: each stands on its pages
says() {
    local words
    text_of "$1" >"$tmp/text"
    shift
    for words; do
        grep -qF -- "$words" "$tmp/text" || { echo "no $words"; cat "$tmp/text"; return 1; }
    done
}

# ---- labels

label() { as dispatcher label print "$@"; }

row "labels for parents, commands, badges and children" 0 '^$' '^$' \
    label sb10234 M444-00017 TT:OK TT:USER:ASHA CH0123456789-ABCDEFG --pdf "$pdf"
check "a page each" has_pages "$pdf" 5
check "with the codes in words, and their families" says "$pdf" SB10234 mustard M444-00017 moong \
    TT:OK command TT:USER:ASHA badge child
check "of their size" grep -q '283.465 x 141.732' <(pdfinfo "$pdf")
check "a parent's label is read" has_codes "$pdf" 1 SB10234
check "a command's label is read" has_codes "$pdf" 3 TT:OK
check "a badge is read" has_codes "$pdf" 4 TT:USER:ASHA
check "the longest code is read" has_codes "$pdf" 5 CH0123456789-ABCDEFG
label SB10234 CH0123456789-ABCDEFG --size 50x25 --pdf "$tmp/small.pdf"
check "a small label is read" has_codes "$tmp/small.pdf" 1 SB10234
check "a small label of the longest code is read" has_codes "$tmp/small.pdf" 2 CH0123456789-ABCDEFG
whole_code() { [ "$(text_of -f 2 "$tmp/small.pdf" | tr -d ' \f\n')" = childCH0123456789-ABCDEFG ]; }
check "and has the code in words, whole" whole_code
mapfile -t many_codes < <(seq -f 'SB%05.0f' 1 25)
label "${many_codes[@]}" --size a4-24 --pdf "$tmp/sheet.pdf"
check "25 labels need two sheets of 24" has_pages "$tmp/sheet.pdf" 2
check "the sheet is A4" grep -q 'A4' <(pdfinfo "$tmp/sheet.pdf")
# Each label by itself, as a scanner sees them: 70 x 37 mm at 203 dots per inch.
sheet_has_each() {
    local i code
    for i in 1 3 11 22 24; do
        pdftoppm -r 203 -f 1 -l 1 -singlefile -gray -W 559 -H 295 -x $(((i - 1) % 3 * 559)) \
            -y $(((i - 1) / 3 * 2957 / 10 + 4)) "$tmp/sheet.pdf" "$tmp/label"
        code=$(zbarimg --nodbus -q --raw "$tmp/label.pgm")
        [ "$code" = "${many_codes[i - 1]}" ] || { echo "$i: $code"; return 1; }
    done
}
check "each label is at its place on the sheet" sheet_has_each
check "the last one is on the second sheet" has_codes "$tmp/sheet.pdf" 2 SB00025

label sb10234 M444-00017 TT:OK TT:USER:ASHA CH0123456789-ABCDEFG --pdf "$tmp/again.pdf"
check "the same labels are the same bytes" cmp "$pdf" "$tmp/again.pdf"
# shellcheck disable=SC2016
row "a PDF for the next command" 0 '^2$' '' sh -c '"$@" | grep -ac "^%PDF-1\|^%%EOF"' sh \
    "$B/tracetrackctl" --user dispatcher --password-file "$passwords/dispatcher" \
    label print SB10234 --pdf -

# The codes that a picture of characters shows, dark being what is drawn: as_picture <TEXT >FILE
as_picture() {
    awk -v ascii="${ascii:-}" '{ gsub(/█/, "b"); gsub(/▀/, "u"); gsub(/▄/, "l"); line[++n] = $0
           if (length($0) > width) width = length($0) }
        END {
            for (y = 1; y <= n; y++) {
                upper = lower = ""
                for (x = 1; x <= width; x++) {
                    c = substr(line[y], x, 1)
                    upper = upper (c == "b" || c == "u" || c == "#" ? "1111" : "0000")
                    lower = lower (c == "b" || c == "l" || c == "#" ? "1111" : "0000")
                }
                for (i = 0; i < 4; i++) { rows = rows upper "\n"; height++ }
                if (!ascii) for (i = 0; i < 4; i++) { rows = rows lower "\n"; height++ }
                else for (i = 0; i < 4; i++) { rows = rows upper "\n"; height++ }
            }
            gsub(/./, "& ", rows)
            printf "P1\n%d %d\n%s", width * 4, height, rows
        }' "$@"
}
reads_back() {
    as_picture "$tmp/out" >"$tmp/screen.pbm"
    [ "$(zbarimg --nodbus -q --raw "$tmp/screen.pbm")" = "$1" ]
}
export LC_ALL=C.UTF-8
row "a label in half blocks" 0 $'█▀▀▀▀▀█.*\n    SB10234  mustard$' '' label SB10234
check "is read" reads_back SB10234
LC_ALL=C row "a label where there are no blocks" 0 $'########.*\n    SB10234  mustard$' '' label SB10234
ascii=1 check "is read, too" reads_back SB10234
row "a label in ASCII by choice" 0 '########' '' label SB10234 --lines ascii
row "on paper and on the screen" 0 '█▀▀▀▀▀█' '' label SB10234 --qr --pdf "$tmp/both.pdf"
check "the paper is there" has_codes "$tmp/both.pdf" 1 SB10234
# A terminal of its own: what it got, without what sets colours.
on_terminal() {
    TERM=xterm script -qec "$(printf '%q ' "$B/tracetrackctl" --user dispatcher --password-file \
        "$passwords/dispatcher" "$@")" /dev/null </dev/null >"$tmp/raw"
}
check "a label on a terminal" on_terminal label print SB10234
check "is white on black, whatever the terminal's colours are" grep -q $'^\e\[37;40m█' "$tmp/raw"
# Light modules are drawn: what is not drawn is dark.
sed 's/\x1b\[[0-9;]*m//g; s/\r//' "$tmp/raw" | grep -v mustard |
    sed 's/█/E/g; s/▀/L/g; s/▄/U/g; s/ /█/g; s/L/▄/g; s/U/▀/g; s/E/ /g' >"$tmp/out"
check "and is read there" reads_back SB10234
not_on_terminal() { ! on_terminal label print SB10234 --pdf - && grep -q 'does not go to a terminal' "$tmp/raw"; }
check "a PDF is not for a terminal" not_on_terminal

row "a label for no code of the site" 1 '' 'CAFÉ is no code of this site.*SB00001' label SB10234 CAFÉ
row "a label for control bytes" 1 '' '\\x1b\[2J.* is no code of this site' label $'SB\e[2J'
row "a label for nothing" 64 '' 'which codes' label
row "a label of a size that there is not" 64 '' '--size must be 100x50, .*not "10x10"' \
    label SB10234 --size 10x10
row "an option that there is not" 64 '' 'label print has no option "--copies"' label SB10234 --copies=3
row "an option without its value" 64 '' '--pdf needs a value' label SB10234 --pdf
row "a label as JSON" 64 '' 'neither JSON nor CSV' label SB10234 --json
row "two things for one output" 64 '' 'both for standard output' label SB10234 --qr --pdf -
row "a label by nobody" 77 '' 'nobody is logged in' ctl label print SB10234
row "help" 0 'usage: tracetrackctl label print CODE... \[--pdf FILE' '' ctl label print --help

# ---- bills

# Parents p001 to pNNN of this run, one child each, closed; every seventh short.
# Of seven digits, and children of their own: no code of another part is one of these.
bagged() { printf 'SB%s%03d' "${run:2:4}" "$1"; }
fill_bags() {
    local i
    for i in $(seq 1 "$1"); do
        printf 'scan %s\nscan CTPAPER-%s-%s\n' "$(bagged "$i")" "$run" "$i"
        if ((i % 7 == 0)); then echo 'short "no more came"'; else echo finish; fi
    done
    printf 'sync 30\nquit\n'
}
load_bill() {
    local i
    for i in $(seq "$2" "$3"); do printf 'op bill.add code=%s bill=%s\n' "$(bagged "$i")" "$1"; done
    printf 'sync 30\nquit\n'
}
biller() { as biller bill "$@"; }
on_biller() {
    tracetrack --headless --station "PAPER$run" --user biller --password-file "$passwords/biller"
}
print_bill() { biller print "$@"; }

full=BILL-$run-F one=BILL-$run-1
destination='श्री गंगानगर मंडी, ਬਠਿੰਡਾ'
{
    fill_bags 103 | headless "PAP$run"
    biller create --number "$full" --destination "$destination" --vehicle 'RJ 14 GB 1234' --capacity 100
    biller create --number "$one" --destination 'Khari Baoli, Delhi' --capacity 5
    load_bill "$full" 1 100 | on_biller
    load_bill "$one" 101 101 | on_biller
    biller manual "$(bagged 102)" "$one" 'label torn'
} >"$tmp/made" 2>&1

row "an open bill says so" 0 \
    "^ \\*\\*\\* NOT FINAL: this bill is open \\*\\*\\*.* Bill +$one.* Destination  Khari Baoli, Delhi.* Parents +2 of 5.*Asia/Kolkata.* 1  $(bagged 101) +1 +1.000 +1.000  biller"$'\n'".* 2  $(bagged 102) .*biller +typed.* 2  parents in all +2 +2.000 +2.000" \
    '' print_bill "${one,,}"
row "the same on purpose" 0 'NOT FINAL.*parents in all' '' print_bill "$one" --text
row "an open bill on paper" 0 '^$' '^$' print_bill "$one" --pdf "$tmp/one.pdf"
check "says so, too, twice" says "$tmp/one.pdf" 'NOT FINAL: this bill is open' "$one" \
    'Khari Baoli, Delhi' '2 of 5' typed 'parents in all' 'Page 1 of 1' 'Times in Asia/Kolkata' Driver
check "its number is a QR code" has_codes "$tmp/one.pdf" 1 "$one"
biller complete "$one" 'no more today' >/dev/null
print_bill "$one" --pdf "$tmp/one.pdf"
final() { says "$tmp/one.pdf" completed && ! grep -q 'NOT FINAL' "$tmp/text"; }
check "completed it is final" final
as supervisor bill reopen "$one" 'wrong truck' >/dev/null
print_bill "$one" --pdf "$tmp/one.pdf"
check "reopened it is not" says "$tmp/one.pdf" 'NOT FINAL: this bill is reopened: wrong truck'
as admin --yes bill cancel "$one" 'truck broke down' >/dev/null
row "cancelled it says so" 0 'CANCELLED: truck broke down.* 0  parents in all +0' '' print_bill "$one"
print_bill "$one" --pdf "$tmp/one.pdf"
check "on paper as well" says "$tmp/one.pdf" 'CANCELLED: truck broke down'

biller complete "$full" >/dev/null
row "a bill of 100 parents" 0 '^$' '^$' print_bill "$full" --pdf "$tmp/full.pdf"
check "has three pages" has_pages "$tmp/full.pdf" 3
every_parent_once() {
    local i
    text_of "$tmp/full.pdf" >"$tmp/text"
    for i in $(seq 1 100); do
        [ "$(grep -cE "^ *$i +$(bagged "$i") " "$tmp/text")" = 1 ] || { echo "$i"; return 1; }
    done
}
check "each parent is on them once, numbered" every_parent_once
each_page() {
    local page
    for page in 1 2 3; do
        text_of -f $page -l $page "$tmp/full.pdf" >"$tmp/text"
        grep -qE "Page $page of 3" "$tmp/text" && grep -qE 'No. +Parent +Children' "$tmp/text" &&
            grep -qF "$full" "$tmp/text" || { echo "page $page"; cat "$tmp/text"; return 1; }
    done
}
check "each page has its number, the bill's and the titles" each_page
check "the sums are on the last" grep -qE '^ *100 +parents in all +100 +100.000 +100.000$' \
    <(text_of -f 3 -l 3 "$tmp/full.pdf")
check "what was closed short is noted" says "$tmp/full.pdf" short
check "the number is read from the first page" has_codes "$tmp/full.pdf" 1 "$full"
# Shaped: so many letters became glyphs of the script's own font, and come back as they were.
shaped() {
    pdffonts "$tmp/full.pdf" >"$tmp/used"
    text_of "$tmp/full.pdf" | tr -d ' ' >"$tmp/text"
    grep -q 'NotoSansDevanagari-Bold' "$tmp/used" && grep -q 'NotoSansGurmukhi-Bold' "$tmp/used" &&
        grep -qF "${destination// /}" "$tmp/text"
}
check "an Indic destination is shaped" shaped
print_bill "$full" --pdf "$tmp/full2.pdf"
check "the same bill is the same bytes" cmp "$tmp/full.pdf" "$tmp/full2.pdf"
TZ=America/New_York LC_ALL=C print_bill "$full" --pdf "$tmp/full3.pdf"
check "in whatever zone and language" cmp "$tmp/full.pdf" "$tmp/full3.pdf"

row "no such bill" 1 '^$' 'there is no bill "BILL-NONE"' print_bill BILL-NONE --pdf "$tmp/none.pdf"
check "leaves no file" test ! -e "$tmp/none.pdf"
row "a bill for somebody without the right" 77 '^$' 'may not do that' \
    as dispatcher bill print "$full" --pdf "$tmp/none.pdf"
row "no bill named" 64 '' 'which bill' print_bill
row "two bills" 64 '' 'what is "X"' print_bill "$full" X
row "two forms" 64 '' 'exclude each other' print_bill "$full" --text --pdf "$tmp/none.pdf"
row "a bill as JSON has its own command" 64 '' 'bill show NUMBER --json' print_bill "$full" --json
row "a bill to a folder" 74 '' 'Is a directory' print_bill "$full" --pdf "$tmp"
row "a full output" 74 '' "can't be written" sh -c \
    "'$B/tracetrackctl' --user biller --password-file '$passwords/biller' bill print $full >/dev/full"

# ---- the end of the day

summary() { as supervisor summary print "$@"; }
row "the end of a day" 0 $'^ End of day\n 20[0-9-]{8}, Asia/Kolkata\n\n Bills made, by state\n State .* completed +[1-9].* Bills by person\n Person .* biller +[0-9]+ .* Scans by person\n.* dispatcher +[1-9].* Scans by area\n.* Jaipur +[1-9].* all +[1-9]' '' summary
row "as JSON" 0 '^\{"day":"20[0-9-]{8}","states":\[\{.*"bills":\[\{.*"people":\[\{.*"areas":\[\{' '' summary --json
row "as CSV" 0 $'^part,name,figure,value\r\n"states",.*"bills","[a-z]+","created",[0-9]+\r.*"areas","Jaipur","scans",[1-9]' '' \
    summary --csv
row "on paper" 0 '^$' '^$' summary --pdf "$tmp/day.pdf"
check "with all its tables" says "$tmp/day.pdf" 'End of day' 'Bills by person' 'Scans by area' Jaipur 'Page 1 of'
row "a day without work" 0 $'^ End of day\n 2020-02-29, .* all +0 +0 +0 +0 +0.000 +0.000' '' \
    summary --date 2020-02-29
row "no day" 64 '' 'looks like 2026-11-21, not "2026-02-30"' summary --date 2026-02-30
row "two forms of a summary" 64 '' 'exclude each other' summary --csv --pdf "$tmp/none.pdf"
row "a summary to a folder" 74 '' 'Is a directory' summary --pdf "$tmp"
row "a summary without the right" 77 '^$' 'may not' as dispatcher summary print

# ---- files that can't be written

row "a folder for a file" 74 '' 'home can.t be written: Is a directory.*Name a file in it' \
    label SB10234 --pdf "$tmp/home"
row "a folder that is not there" 74 '' "none/x.pdf can't be written: No such file.*Name another" \
    label SB10234 --pdf "$tmp/none/x.pdf"
row "a full device" 74 '' "/dev/full can't be written: No space" label SB10234 --pdf /dev/full
check "a device stays one" test -c /dev/full
row "a full disk behind standard output" 74 '' "output can't be written" sh -c \
    "'$B/tracetrackctl' --user dispatcher --password-file '$passwords/dispatcher' label print SB10234 --pdf - >/dev/full"
cp "$pdf" "$tmp/kept.pdf"
row "a code that is wrong leaves the file alone" 1 '' 'no code of this site' label CAFÉ --pdf "$tmp/kept.pdf"
check "it is as it was" cmp "$pdf" "$tmp/kept.pdf"
row "a file that is there is replaced" 0 '' '' label SB10234 --pdf "$tmp/kept.pdf"
check "by the new one" has_pages "$tmp/kept.pdf" 1
if can_mount; then
    on_small_disk() {
        # shellcheck disable=SC2016
        with_disk size=16k sh -c 'echo before >"$1/x.pdf"; shift; "$@"; status=$?
            cat "$0"/x.pdf; ls -A "$0" | tr "\n" " "; exit $status' "$tmp/disk" "$tmp/disk" \
            "$B/tracetrackctl" --user dispatcher --password-file "$passwords/dispatcher" \
            label print "${many_codes[@]}" --pdf "$tmp/disk/x.pdf"
    }
    row "a full disk: the old file stays, and no half of the new" 74 $'^before\nx.pdf $' \
        "can't be written: No space.*disk is full" on_small_disk
    on_locked_disk() {
        with_disk ro "$B/tracetrackctl" --user dispatcher --password-file "$passwords/dispatcher" \
            label print SB10234 --pdf "$tmp/disk/x.pdf"
    }
    row "a disk that can only be read" 74 '' 'Read-only' on_locked_disk
    # There a file without a name can't get one.
    without_proc() {
        # shellcheck disable=SC2016
        with_disk size=64k sh -c 'mount -t tmpfs tmpfs /proc && echo before >"$0/x.pdf" && "$@" &&
            ls -A "$0"' "$tmp/disk" "$B/tracetrackctl" --user dispatcher \
            --password-file "$passwords/dispatcher" label print SB10234 --pdf "$tmp/disk/x.pdf"
    }
    if grep -q __asan_init "$B/tracetrackctl"; then
        echo "ok - without /proc: by a temporary file # SKIP a sanitizer can't do without it"
    else
        row "without /proc: by a temporary file" 0 $'^x.pdf\n?$' '^$' without_proc
    fi
else
    echo "ok - a full disk # SKIP no disk of its own can be mounted here"
fi

# ---- killed: at a byte of the file, by a limit that ends a process as kill -9 does, and at any moment

mkdir "$tmp/killed"
killed=$tmp/killed/x.pdf
# The words of a command that timeout and prlimit can start: command_of WHO WORDS...
command_of() { command=("$B/tracetrackctl" --user "$1" --password-file "$passwords/$1" "${@:2}" --pdf "$killed"); }
is_as_before() { [ "$(cat "$killed")" = before ] && [ "$(ls "$tmp/killed")" = x.pdf ]; }
# Twelve times: what is there is all of the old file, or all of the new one.
is_whole_whenever_killed() {
    "${command[@]}" || return
    cp "$killed" "$tmp/whole.pdf"
    for _ in {1..12}; do
        echo before >"$killed"
        timeout -s KILL "0.0$((RANDOM % 80 + 10))" "${command[@]}"
        is_as_before || cmp "$killed" "$tmp/whole.pdf" || return
    done
}
while read -r words; do
    # shellcheck disable=SC2086
    command_of $words
    echo before >"$killed"
    row "killed in the middle: ${words#* }" 153 '^$' '^$' prlimit --core=0 --fsize=1000 "${command[@]}"
    check "the old file stays" is_as_before
    check "whenever it is killed: ${words#* }" is_whole_whenever_killed
done <<END
biller bill print $full
supervisor summary print --date 2020-02-29
dispatcher label print SB10234
END

# ---- fonts that are missing

mkdir "$tmp/fonts"
fonts_from() {
    printf '<?xml version="1.0"?><fontconfig><dir>%s</dir><cachedir>%s</cachedir></fontconfig>' \
        "$1" "$tmp/fonts/cache" >"$tmp/fonts.conf"
}
with_fonts() { FONTCONFIG_FILE=$tmp/fonts.conf "$@"; }
fonts_from "$tmp/fonts"
row "no font at all" 78 '' 'no font on this machine.*fonts-noto-core' \
    with_fonts label SB10234 --pdf "$tmp/fontless.pdf"
check "leaves no file" test ! -e "$tmp/fontless.pdf"
row "the screen needs none" 0 '█▀▀▀▀▀█' '' with_fonts label SB10234
fonts_from /usr/share/fonts/truetype/dejavu
row "letters that no font has are told" 0 '^$' \
    'no font here has [0-9]+ characters of "श्री.*printed as boxes.*fonts-noto-core' \
    with_fonts print_bill "$full" --pdf "$tmp/boxes.pdf"
check "and the rest is printed" says "$tmp/boxes.pdf" "$full" 'parents in all'
