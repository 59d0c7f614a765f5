# Two paintings of the same screens, as tmux captures them with -e: first without colour, then with.
# Prints what the second paints in a colour though the first gives it neither attribute (bold,
# underlined, reversed) nor itself has a mark or a word of its meaning; then ends with status 1.
# Grey is no colour: it says nothing. Reads bytes: LC_ALL=C.
BEGIN {
    for (i = 0; i < 256; i++) code[sprintf("%c", i)] = i
    # marks of the five classes, link, bars and charts, and the words of outcomes and states
    meaning = "\342\234\224|\342\234\230|\342\200\246|=|!|\342\227\217|\342\227\213|\342\226|" words
    words = "opened|linked|resumed|completed|short|undone|moved|refused|again|ready"
    meaning = meaning words
}
FNR == 1 { reading++; attr = front = back = color = 0 }
function sgr(list, n, part, i) {
    n = split(list, part, ";")
    if (n == 0) attr = front = back = 0
    for (i = 1; i <= n; i++) {
        if (part[i] + 0 == 0) attr = front = back = 0
        else if (part[i] == 1 || part[i] == 4 || part[i] == 7) attr = 1
        else if (part[i] == 38) {
            front = part[i + 2] != 245
            i += 2
        } else if (part[i] == 48) {
            back = 1
            i += 2
        } else if (part[i] ~ /^(3[0-7]|9[0-7])$/) front = 1
        else if (part[i] ~ /^(4[0-7]|10[0-7])$/) back = 1
        else if (part[i] == 39) front = 0
        else if (part[i] == 49) back = 0
    }
    color = front || back
}
function judge() {
    if (run != "" && !told && run !~ meaning && run ~ /[^ ]/) {
        printf "row %d, by colour alone: %s\n", FNR, run
        bad = 1
    }
    run = ""
    told = 1
}
{
    column = 0
    run = ""
    told = 1
    for (at = 1; at <= length($0); at++) {
        byte = substr($0, at, 1)
        if (byte == "\033") {
            end = index(substr($0, at), "m")
            was = color
            sgr(substr($0, at + 2, end - 3))
            if (was && reading == 2) judge()
            at += end - 1
            continue
        }
        if (code[byte] < 128 || code[byte] >= 192) column++
        if (reading == 1) has[FNR, column] = attr
        else if (color) {
            run = run byte
            if (byte != " " && !has[FNR, column]) told = 0
        }
    }
    if (reading == 2) judge()
}
END { exit bad }
