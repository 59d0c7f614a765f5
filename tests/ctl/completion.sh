# shellcheck shell=bash disable=SC2154
# Completion, by the shells themselves: what each proposes for a line that is being typed.

for shell in bash zsh fish; do
    ctl completion "$shell" >"$tmp/completion.$shell"
done
row "completion for which shell" 64 '^$' 'bash, zsh or fish' ctl completion
row "completion for a shell that is nearly one" 64 '^$' 'must be bash, zsh or fish, not "zhs".*Did you mean zsh\?' \
    ctl completion zhs
row "completion for two" 64 '^$' 'what is "zsh"' ctl completion bash zsh

# Lines, the word to complete last, and all that may be proposed for it; fish for -- gives some of
# it only, so that nothing here asks for all options.
lines() {
    cat <<'LINES'
tracetrackctl expor|export
tracetrackctl bag |cancel list search show weigh
tracetrackctl bill pri|print
tracetrackctl user pro|promote
tracetrackctl --user asha --json bag sh|show
tracetrackctl --color |always auto never
tracetrackctl bag list --sor|--sort
tracetrackctl bag list --sort |code newest
tracetrackctl bag list --limit 3 --sort n|newest
tracetrackctl bill list --state |cancelled completed open reopened
tracetrackctl station edit DOCK --hard-stop |no yes
tracetrackctl station edit DOCK --double-re|--double-read-ms
tracetrackctl user role asha |administrator biller dispatcher supervisor
tracetrackctl user role --area jaipur asha b|biller
tracetrackctl label print X --size a4-|a4-21 a4-24 a4-65
tracetrackctl session pin --new-p|--new-password-file
tracetrackctl completion |bash fish zsh
tracetrackctl logout |
tracetrackctl no-such-noun |
LINES
}

by_bash() {
    bash --norc --noprofile -c '
        . "$1"
        IFS=" " read -ra COMP_WORDS <<<"$2"
        [[ $2 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        COMPREPLY=()
        _tracetrackctl
        printf "%s\n" "${COMPREPLY[@]}"' bash "$tmp/completion.bash" "$1"
}
by_fish() { fish -N -c 'source $argv[1]; complete -C $argv[2]' "$tmp/completion.fish" "$1" | cut -f1; }
# What zsh adds, without its editor.
by_zsh() {
    zsh -f -c '
        compdef() { }
        compset() { }
        _files() { print -l FILES }
        compadd() { shift; print -l -- "${(@M)@:#$words[CURRENT]*}" }
        source $1
        words=(${=2})
        [[ $2 != *" " ]] || words+=("")
        CURRENT=$#words
        _tracetrackctl' zsh "$tmp/completion.zsh" "$1"
}

while IFS='|' read -r line wanted; do
    for shell in bash zsh fish; do
        got=$("by_$shell" "$line" 2>&1 | sort | xargs)
        if [ "$got" = "$wanted" ]; then
            pass "$shell: $line"
        else
            fail "$shell: $line" "wanted: $wanted" "got:    $got"
        fi
    done
done < <(lines)

# bash divides words at =, zsh and fish don't.
divided() {
    bash --norc --noprofile -c '. "$1"; COMP_WORDS=(tracetrackctl bill list --state = "$2") COMP_CWORD=5
        _tracetrackctl; echo "${COMPREPLY[*]}"' bash "$tmp/completion.bash" "$1"
}
row "bash: behind =" 0 '^open'$'\n''?$' '' divided op
row "bash: right behind =" 0 '^open completed reopened cancelled' '' divided ''
row "fish: behind =" 0 '^--state=open' '' by_fish 'tracetrackctl bill list --state=op'
row "bash: nothing but words behind --" 0 '^'$'\n''?$' '' by_bash 'tracetrackctl bag list -- --sor'
mkdir "$tmp/files"
touch "$tmp/files/one.csv"
row "bash: files" 0 "^$tmp/files/one.csv" '' by_bash "tracetrackctl import bags $tmp/files/o"
row "fish: files" 0 "^$tmp/files/one.csv" '' by_fish "tracetrackctl import bags $tmp/files/o"
row "zsh: files" 0 '^FILES' '' by_zsh "tracetrackctl export bags --output $tmp/files/o"

# All names, options and words: what the tables have is in each script.
names_are_there() {
    local noun verb proposed
    ctl --help | sed -nE 's/^  ([a-z]+) ([a-z]+) .*/\1 \2/p' | while read -r noun verb; do
        proposed=$(by_bash "tracetrackctl $noun " | xargs)
        [[ " $proposed " == *" $verb "* ]] || echo "bash: $noun $verb"
        grep -q "^complete .*__tracetrackctl_at 1 $noun' -a $verb " "$tmp/completion.fish" || echo "fish: $noun $verb"
    done
}
row "every command of --help is proposed" 0 '^$' '' names_are_there

# zsh as a person uses it: keys into a terminal, what it has made of the line comes out.
in_zsh() {
    timeout 60 zsh -f -c '
        zmodload zsh/zpty
        zpty z "TERM=vt100 zsh -f -i"
        zpty -w z "PS1=; autoload -Uz compinit; compinit -D -u; source $1
            tracetrackctl() { print -r -- \"got: \$* .\" }; print rea\"\"dy"
        zpty -r -m z out "*ready*"
        zpty -w -n z "$2"
        zpty -r -m z out "*got: * .*"
        zpty -d z
        print -r -- "got: ${${out##*got: }%% .*}"' zsh "$tmp/completion.zsh" "$1"
}
row "zsh: keys in, a command out" 0 '^got: bag list --sort code' '' in_zsh $'tracetrackctl bag li\t--sor\tco\t\n'

# make install puts them where shells look.
install_all() { make -s install B="$B" DESTDIR="$tmp/root" prefix=/usr; }
installed() {
    local share=$tmp/root/usr/share
    cmp "$tmp/completion.bash" "$share/bash-completion/completions/tracetrackctl" &&
        cmp "$tmp/completion.zsh" "$share/zsh/site-functions/_tracetrackctl" &&
        cmp "$tmp/completion.fish" "$share/fish/vendor_completions.d/tracetrackctl.fish"
}
check "make install has them" eval 'install_all && installed'
