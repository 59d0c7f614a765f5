# shellcheck shell=bash
# What comes by ssh: words as a shell would make them, and none of what names files.

# As sshd calls it: no argument but --remote, the person's session kept before.
by_ssh() { SSH_ORIGINAL_COMMAND=$1 ctl --remote; }
as dispatcher login

row "one command by ssh" 0 $'login\tdispatcher' '' by_ssh 'session check'
row "with the program's name" 0 $'login\tdispatcher' '' by_ssh 'tracetrackctl session check'
row "and options" 0 '^\{"outcome":"ok".*"login":"dispatcher"' '' by_ssh '  session   check	--json '
row "each kind of quote" 64 '' 'what is "a b"cd""\?' by_ssh "session check 'a b'\\\"\"c\"d\\\""
row "a backslash in single quotes stays" 64 '' 'what is "a\\b"' by_ssh "session check 'a\\b'"
row "an empty word is a word" 64 '' 'what is ""' by_ssh "session check ''"
# shellcheck disable=SC2016
row "no word is a command of a shell" 64 '' 'what is "\$\(id\);"' by_ssh 'session check $(id); `id` | id > /tmp/x'
row "a quote that is not closed" 64 '' 'quote is not closed' by_ssh 'session check "'
row "a backslash at the end" 64 '' 'what is "\\"' by_ssh 'session check \'
row "more words than there are commands for" 64 '' 'at most 255 words' by_ssh "$(many 400 'x' | sed 's/x/x /g')"
row "nothing asked for" 64 '' 'what should be done' by_ssh ''
row "no variable at all" 64 '' 'what should be done' env -u SSH_ORIGINAL_COMMAND "$B/tracetrackctl" --remote
row "--remote is no word of the client" 77 '' '--remote is not for those who come by ssh' by_ssh '--remote'
row "a password is asked for, never read" 77 '' '--password-file is not for those' \
    by_ssh "--user dispatcher --password-file $passwords/dispatcher session check"
for option in --config --dsn --password-file --new-password-file --state-dir --log --log-level \
    --scanner --passwords --admin --station-file --; do
    row "by ssh no $option" 77 '^$' 'is not for those who come by ssh.*stays on the machine' \
        by_ssh "session check $option /etc/passwd"
    row "nor $option=" 77 '^$' 'is not for those' by_ssh "session check $option=/etc/passwd"
done
row "nor as the value of another" 77 '^$' 'is not for those' by_ssh 'bag show --code --config /etc/passwd'
for command in 'db status' 'db migrate' 'db demo' 'db init'; do
    row "by ssh no $command" 77 '^$' "$command is not for those" by_ssh "$command"
done
row "by ssh no PDF into a file" 77 '^$' 'goes to standard output: --pdf -' \
    by_ssh "label print SB10234 --pdf $tmp/remote.pdf"
check "and none is there" test ! -e "$tmp/remote.pdf"
pdf_by_ssh() { by_ssh 'label print SB10234 --pdf -' | grep -ac '^%PDF'; }
row "a PDF comes back" 0 '^1$' '' pdf_by_ssh
row "logged out by ssh" 0 '' '' by_ssh logout
row "nobody is logged in by ssh" 77 '' 'nobody is logged in' by_ssh 'session check'
