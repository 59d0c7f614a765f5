/*
 * completion: scripts for bash, zsh and fish, made of the rows that parse and help. Each script
 * holds the rows as data and one function that goes over the words before the cursor.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/* A command or operation, and its options, as shells see them. */
struct completion_command {
	char name[64], noun[32];
	const char *verb; /* NULL: the noun alone */
	const struct ctl_command *command;
	const struct tt_operation *op;
};
struct completion_option {
	char name[64];
	bool takes_value;
	const char *words; /* "a|b", "FILE", "DIR"; NULL: anything */
	const char *help;
};

static bool completion_command_at(size_t i, struct completion_command *c)
{
	char *blank;

	if (!ctl_name_at(i, c->name, sizeof(c->name)))
		return false;
	blank = strchr(c->name, ' ');
	c->verb = blank ? blank + 1 : NULL;
	tt_copy_n(c->noun, sizeof(c->noun), c->name, strcspn(c->name, " "));
	c->command = ctl_command_find(c->noun, c->verb);
	c->op = c->command ? NULL : ctl_operation_find(c->noun, c->verb);
	return true;
}

/* Only what a shell can complete: words and files. */
static const char *completion_words(const char *value)
{
	bool is_known = value && (strchr(value, '|') || strcmp(value, "FILE") == 0 ||
					 strcmp(value, "DIR") == 0);

	return is_known ? value : NULL;
}

static void completion_of_row(struct completion_option *o, const struct ctl_option *row)
{
	tt_copy(o->name, sizeof(o->name), row->name);
	o->takes_value = row->value != NULL;
	o->words = completion_words(row->value);
	o->help = row->help;
}

static bool completion_row_at(const struct ctl_option *rows, size_t i, struct completion_option *o)
{
	for (; rows && rows->name && i > 0; rows++)
		i--;
	if (!rows || !rows->name)
		return false;
	completion_of_row(o, rows);
	return true;
}

static void completion_of_column(
	struct completion_option *o, const struct tt_operation *op, const struct tt_column *col)
{
	tt_format(o->name, sizeof(o->name), "--%s", col->name);
	tt_replace(o->name, '_', '-');
	o->takes_value = true;
	o->words = tt_choices(op, col);
	o->help = col->help;
}

static bool completion_option_at(
	const struct completion_command *c, size_t i, struct completion_option *o)
{
	const struct tt_column *col;

	if (c->command)
		return completion_row_at(c->command->options, i, o);
	for (col = c->op->params; col && col->name; col++) {
		if (col->flags & TT_HIDDEN || i-- > 0)
			continue;
		completion_of_column(o, c->op, col);
		return true;
	}
	return ctl_secret_is_new(c->op) && completion_row_at(ctl_secret_options, i, o);
}

/* Those of every command: the flags, then the settings. */
static bool completion_common_at(size_t i, struct completion_option *o)
{
	const struct tt_setting *row = tt_setting_rows;
	size_t flags = 0;

	if (completion_row_at(ctl_flags, i, o))
		return true;
	while (ctl_flags[flags].name)
		flags++;
	for (i -= flags; row->name && i > 0; row++)
		i--;
	if (!row->name)
		return false;
	tt_format(o->name, sizeof(o->name), "--%s", row->name);
	o->takes_value = row->type != TT_SET_BOOL;
	o->words = row->choices;
	o->help = row->help;
	if (strstr(row->name, "-file") || strcmp(row->name, "log") == 0)
		o->words = "FILE";
	else if (strstr(row->name, "-dir"))
		o->words = "DIR";
	return true;
}

/* What the word at place n, from 1, is; false when there can be none. */
static bool completion_place(const struct completion_command *c, size_t n, const char **words)
{
	const struct tt_column *col;

	if (c->command) {
		*words = completion_words(c->command->words);
		return n == 1 && *c->command->words;
	}
	for (col = c->op->params; col && col->name; col++) {
		if (!(col->flags & TT_POSITIONAL) || --n > 0)
			continue;
		*words = tt_choices(c->op, col);
		return true;
	}
	return false;
}

/* ---- what the scripts are made of */

/* In single quotes; fish takes a backslash before a quote, the others end the quotes for it. */
static void completion_quote(const char *text, bool is_fish)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'')
			fputs(is_fish ? "\\'" : "'\\''", stdout);
		else if (*text == '\\' && is_fish)
			fputs("\\\\", stdout);
		else
			putchar(*text);
	}
	putchar('\'');
}

/* "a|b" as "a b". */
static void completion_put_words(const char *words)
{
	for (; words && *words; words++)
		putchar(*words == '|' ? ' ' : *words);
}

static bool completion_is_first_of_noun(size_t at, const char *noun)
{
	struct completion_command c;
	size_t i;

	for (i = 0; i < at && completion_command_at(i, &c); i++) {
		if (strcmp(c.noun, noun) == 0)
			return false;
	}
	return true;
}

static void completion_put_verbs(const char *noun)
{
	struct completion_command c;
	size_t i;

	for (i = 0; completion_command_at(i, &c); i++) {
		if (c.verb && strcmp(c.noun, noun) == 0)
			printf(" %s", c.verb);
	}
}

/* ---- bash and zsh: tables by noun, by command, and by command and option */

static void completion_put_value(const char *command, const struct completion_option *o)
{
	if (!o->takes_value)
		return;
	printf("    '%s%s%s' '", command, *command ? " " : "", o->name);
	completion_put_words(o->words);
	puts("'");
}

/* Key and value in turn: zsh makes a table of them by itself, bash in a loop. */
static void completion_put_tables(void)
{
	struct completion_command c;
	struct completion_option o;
	const char *words;
	size_t i, k;

	puts("_tracetrackctl_rows=(");
	for (i = 0; completion_command_at(i, &c); i++) {
		if (completion_is_first_of_noun(i, c.noun)) {
			printf("    'verbs %s' '", c.noun);
			completion_put_verbs(c.noun);
			puts("'");
		}
	}
	for (i = 0; completion_command_at(i, &c); i++) {
		printf("    'options %s' '", c.name);
		for (k = 0; completion_option_at(&c, k, &o); k++)
			printf(" %s", o.name);
		puts("'");
		for (k = 0; completion_option_at(&c, k, &o); k++)
			completion_put_value(c.name, &o);
		for (k = 1; completion_place(&c, k, &words); k++) {
			printf("    '%s %zu' '", c.name, k);
			completion_put_words(words);
			puts("'");
		}
	}
	fputs("    'options' '", stdout);
	for (k = 0; completion_common_at(k, &o); k++)
		printf(" %s", o.name);
	puts("'");
	for (k = 0; completion_common_at(k, &o); k++)
		completion_put_value("", &o);
	fputs("    'nouns' '", stdout);
	for (i = 0; completion_command_at(i, &c); i++) {
		if (completion_is_first_of_noun(i, c.noun))
			printf(" %s", c.noun);
	}
	puts("'\n)");
}

/*
 * Goes over the words before the cursor, given as $@, and puts what may come now into the array
 * REPLY, or FILE or DIR. bash divides words at =, so an option waits for its value behind that.
 */
static const char completion_walk[] =
	"_tracetrackctl_find() {\n"
	"    local word name= option= place=0 over=\n"
	"    found=\n"
	"    for word; do\n"
	"        if [[ $word == '=' && -n $option ]]; then\n"
	"            continue\n"
	"        elif [[ -n $option ]]; then\n"
	"            option=\n"
	"        elif [[ -z $over && $word == -- ]]; then\n"
	"            over=1\n"
	"        elif [[ -z $over && $word == -*=* ]]; then\n"
	"            continue\n"
	"        elif [[ -z $over && $word == -* ]]; then\n"
	"            if [[ -n ${_tracetrackctl_table[$name $word]+set} ]]; then\n"
	"                option=\"$name $word\"\n"
	"            elif [[ -n ${_tracetrackctl_table[$word]+set} ]]; then\n"
	"                option=$word\n"
	"            fi\n"
	"        elif [[ -z $name ]]; then\n"
	"            name=$word\n"
	"        elif [[ $name != *' '* && -n ${_tracetrackctl_table[verbs $name]:-} ]]; then\n"
	"            name=\"$name $word\"\n"
	"        else\n"
	"            place=$((place + 1))\n"
	"        fi\n"
	"    done\n"
	"    if [[ -n $option ]]; then\n"
	"        found=${_tracetrackctl_table[$option]}\n"
	"    elif [[ -z $over && $current == -* ]]; then\n"
	"        found=${_tracetrackctl_table[options $name]:-}\n"
	"        found+=\" ${_tracetrackctl_table[options]}\"\n"
	"    elif [[ -z $name ]]; then\n"
	"        found=${_tracetrackctl_table[nouns]}\n"
	"    elif [[ $name != *' '* && -n ${_tracetrackctl_table[verbs $name]:-} ]]; then\n"
	"        found=${_tracetrackctl_table[verbs $name]}\n"
	"    else\n"
	"        found=${_tracetrackctl_table[$name $((place + 1))]:-}\n"
	"    fi\n"
	"}\n";

static void completion_bash(void)
{
	puts("# bash completion of tracetrackctl, made by `tracetrackctl completion bash`.\n"
	     "declare -a _tracetrackctl_rows");
	completion_put_tables();
	fputs("declare -A _tracetrackctl_table=()\n"
	      "for ((i = 0; i < ${#_tracetrackctl_rows[@]}; i += 2)); do\n"
	      "    _tracetrackctl_table[${_tracetrackctl_rows[i]}]=${_tracetrackctl_rows[i + 1]}\n"
	      "done\n"
	      "unset i _tracetrackctl_rows\n\n",
		stdout);
	fputs(completion_walk, stdout);
	fputs("_tracetrackctl() {\n"
	      "    local current=${COMP_WORDS[COMP_CWORD]} found\n"
	      "    [[ $current != '=' ]] || current=\n"
	      "    _tracetrackctl_find \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"\n"
	      "    case $found in\n"
	      "    FILE) mapfile -t COMPREPLY < <(compgen -f -- \"$current\") ;;\n"
	      "    DIR) mapfile -t COMPREPLY < <(compgen -d -- \"$current\") ;;\n"
	      "    *) mapfile -t COMPREPLY < <(compgen -W \"$found\" -- \"$current\") ;;\n"
	      "    esac\n"
	      "}\n"
	      "complete -o filenames -F _tracetrackctl tracetrackctl\n",
		stdout);
}

static void completion_zsh(void)
{
	puts("#compdef tracetrackctl\n"
	     "# zsh completion of tracetrackctl, made by `tracetrackctl completion zsh`.\n"
	     "typeset -ga _tracetrackctl_rows\n"
	     "typeset -gA _tracetrackctl_table");
	completion_put_tables();
	fputs("_tracetrackctl_table=(\"${_tracetrackctl_rows[@]}\")\n\n", stdout);
	fputs(completion_walk, stdout);
	fputs("_tracetrackctl() {\n"
	      "    local current=$words[CURRENT] found\n"
	      "    local -a before=(\"${(@)words[2,CURRENT-1]}\")\n"
	      "    if [[ $current == --*=* ]]; then\n"
	      "        before+=(\"${current%%=*}\")\n"
	      "        current=${current#*=}\n"
	      "        compset -P '*='\n"
	      "    fi\n"
	      "    _tracetrackctl_find \"${before[@]}\"\n"
	      "    case $found in\n"
	      "    FILE) _files ;;\n"
	      "    DIR) _files -/ ;;\n"
	      "    *) compadd -- ${=found} ;;\n"
	      "    esac\n"
	      "}\n"
	      "[[ ${zsh_eval_context[-1]} == loadautofunc ]] && _tracetrackctl \"$@\" ||\n"
	      "    { (( $+functions[compdef] )) && compdef _tracetrackctl tracetrackctl }\n",
		stdout);
}

/* ---- fish: a line for each thing */

static void completion_fish_option(const char *when, const struct completion_option *o)
{
	bool is_short = o->name[1] != '-';

	printf("complete -c tracetrackctl -n '%s' -%c %s", when, is_short ? 'o' : 'l',
		o->name + (is_short ? 1 : 2));
	if (o->takes_value && o->words && strcmp(o->words, "FILE") == 0) {
		fputs(" -rF", stdout);
	} else if (o->takes_value && o->words && strcmp(o->words, "DIR") == 0) {
		fputs(" -xa '(__fish_complete_directories)'", stdout);
	} else if (o->takes_value) {
		fputs(" -xa '", stdout);
		completion_put_words(o->words);
		putchar('\'');
	}
	fputs(" -d ", stdout);
	completion_quote(o->help, true);
	putchar('\n');
}

static void completion_fish_command(size_t at, const struct completion_command *c)
{
	const char *help = c->command ? c->command->help : c->op->help;
	struct completion_option o;
	char when[128];
	const char *words;
	size_t k;

	if (completion_is_first_of_noun(at, c->noun)) {
		printf("complete -c tracetrackctl -n '__tracetrackctl_at 0' -a %s", c->noun);
		if (!c->verb) {
			fputs(" -d ", stdout);
			completion_quote(help, true);
		}
		putchar('\n');
	}
	if (c->verb) {
		printf("complete -c tracetrackctl -n '__tracetrackctl_at 1 %s' -a %s -d ", c->noun,
			c->verb);
		completion_quote(help, true);
		putchar('\n');
	}
	tt_format(when, sizeof(when), "__tracetrackctl_in %s", c->name);
	for (k = 0; completion_option_at(c, k, &o); k++)
		completion_fish_option(when, &o);
	for (k = 1; completion_place(c, k, &words); k++) {
		if (!words)
			continue;
		printf("complete -c tracetrackctl -n '__tracetrackctl_at %zu %s' ",
			k + (c->verb ? 1 : 0), c->name);
		if (strcmp(words, "FILE") == 0) {
			puts("-F");
		} else {
			fputs("-a '", stdout);
			completion_put_words(words);
			puts("'");
		}
	}
}

static void completion_fish_alone(const struct completion_option *o)
{
	if (!o->takes_value)
		printf(" %s", o->name);
}

static void completion_fish(void)
{
	struct completion_command c;
	struct completion_option o;
	size_t i, k;

	puts("# fish completion of tracetrackctl, made by `tracetrackctl completion fish`.\n"
	     "complete -c tracetrackctl -f\n");
	fputs("set -g __tracetrackctl_alone", stdout);
	for (i = 0; completion_common_at(i, &o); i++)
		completion_fish_alone(&o);
	for (i = 0; completion_command_at(i, &c); i++) {
		for (k = 0; completion_option_at(&c, k, &o); k++)
			completion_fish_alone(&o);
	}
	puts("\n"
	     "# The words before the cursor that are neither options nor their values.\n"
	     "function __tracetrackctl_words\n"
	     "    set -l skip 0\n"
	     "    for word in (commandline -opc)[2..-1]\n"
	     "        if test $skip = 1\n"
	     "            set skip 0\n"
	     "        else if not string match -q -- '-*' $word\n"
	     "            echo $word\n"
	     "        else if not contains -- $word $__tracetrackctl_alone\n"
	     "            string match -q -- '*=*' $word; or set skip 1\n"
	     "        end\n"
	     "    end\n"
	     "end\n"
	     "# They begin with these.\n"
	     "function __tracetrackctl_in\n"
	     "    set -l words (__tracetrackctl_words)\n"
	     "    test (count $words) -ge (count $argv); or return 1\n"
	     "    test \"$words[1..\"(count $argv)\"]\" = \"$argv\"\n"
	     "end\n"
	     "# The same, and there are so many behind the first.\n"
	     "function __tracetrackctl_at\n"
	     "    set -l words (__tracetrackctl_words)\n"
	     "    test (count $words) = $argv[1]; or return 1\n"
	     "    test (count $argv) = 1; or __tracetrackctl_in $argv[2..-1]\n"
	     "end\n");
	for (i = 0; completion_common_at(i, &o); i++)
		completion_fish_option("true", &o);
	for (i = 0; completion_command_at(i, &c); i++)
		completion_fish_command(i, &c);
}

static const struct {
	const char *name;
	void (*put)(void);
} completion_shells[] = {
	{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
#define COMPLETION_SHELLS (sizeof(completion_shells) / sizeof(*completion_shells))

enum tt_rc ctl_completion(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	char shell[16];
	enum tt_rc rc;
	size_t i;

	if (argc == 0)
		return tt_fail(err, TT_USAGE, "completion for which shell? bash, zsh or fish");
	rc = ctl_no_more(argc - 1, argv + 1, err);
	if (rc == TT_OK)
		rc = tt_choice_read(
			"the shell", ctl->command->words, argv[0], shell, sizeof(shell), err);
	for (i = 0; rc == TT_OK && i < COMPLETION_SHELLS; i++) {
		if (strcmp(completion_shells[i].name, shell) == 0)
			completion_shells[i].put();
	}
	return rc;
}
