/*
 * Prints one of the program's tables as mdoc, for the generated parts of the manual (contrib/docs):
 *
 *	manual-tables settings | outcomes | classes | errors | operations | results | reference |
 *		lanes | commands | sources | drivers | aims | gs1
 *
 * The rows are the ones that the programs work by, so the manual can't say anything else.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/command.h>
#include <tracetrack/feedback.h>
#include <tracetrack/gs1.h>
#include <tracetrack/operation.h>
#include <tracetrack/outcome.h>
#include <tracetrack/settings.h>
#include <tracetrack/source.h>
#include <tracetrack/symbol.h>

#include "../src/core/lane.h"

/* Text of a line, a line for each sentence. The caller keeps it off the line's start. */
static void put_text(const char *text)
{
	for (char before = '\0'; *text; before = *text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == ' ' && before == '.' && text[1] >= 'A' && text[1] <= 'Z')
			fputs("\n\\&", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
	}
}

static void put_list(void)
{
	puts(".Bl -tag -width Ds");
}

static void put_end(void)
{
	puts(".El");
}

/* A sentence from a help text: first letter upper case, but of a program's name, and a full stop at
 * the end. */
static void put_sentence(const char *help)
{
	bool is_word = *help >= 'a' && *help <= 'z' && strncmp(help, "tracetrack", 10) != 0 &&
		       strncmp(help, "libpq", 5) != 0;
	char first[2] = {is_word ? (char)(*help - 'a' + 'A') : *help};

	if (!*help)
		return;
	fputs("\\&", stdout);
	put_text(first);
	put_text(help + 1);
	puts(help[strlen(help) - 1] == '.' ? "" : ".");
}

/* ---- settings */

static void put_setting_value(const struct tt_setting *row)
{
	switch (row->type) {
	case TT_SET_INT:
		printf(" = Ar %ld", row->min);
		printf(" No to Ar %ld", row->max);
		break;
	case TT_SET_BOOL:
		fputs(" = Cm on No or Cm off", stdout);
		break;
	case TT_SET_CHOICE:
		fputs(" = Cm ", stdout);
		for (const char *p = row->choices; *p; p++) {
			if (*p == '|')
				fputs(" No or Cm ", stdout);
			else
				putchar(*p);
		}
		break;
	case TT_SET_TEXT:
	case TT_SET_LIST:
		fputs(" = Ar text", stdout);
		break;
	}
	putchar('\n');
}

static void settings(void)
{
	put_list();
	for (const struct tt_setting *row = tt_setting_rows; row->name; row++) {
		printf(".It Ic %s", row->name);
		put_setting_value(row);
		put_sentence(row->help);
		if (row->unit)
			printf("In %s.\n", row->unit);
		if (row->fallback && *row->fallback) {
			fputs("Built in:\n.Li ", stdout);
			put_text(row->fallback);
			puts(" .");
		}
	}
	put_end();
}

/* ---- outcomes */

static void classes(void)
{
	puts(".Bl -tag -width refused");
	for (int i = 0; i < TT_CLASS_COUNT; i++)
		printf(".It Cm %s\n%s or\n.Li %s ;\nexit status %d.\n", tt_classes[i].word,
			tt_classes[i].mark, tt_classes[i].ascii, tt_classes[i].exit_status);
	put_end();
}

static void put_error(enum tt_rc rc)
{
	printf(".It Cm %s Pq %d\n", tt_rc_word(rc), tt_rc_exit_status(rc));
	put_sentence(tt_rc_help(rc));
}

static void errors(void)
{
	put_list();
	for (int rc = TT_OK + 1; rc < TT_RC_COUNT; rc++)
		put_error((enum tt_rc)rc);
	put_end();
}

static void outcomes(void)
{
	for (int cls = 0; cls < TT_CLASS_COUNT; cls++) {
		printf(".Ss Outcomes of class %s\n", tt_classes[cls].word);
		put_list();
		for (const struct tt_outcome *row = tt_outcomes; row->name; row++) {
			if ((int)row->cls != cls)
				continue;
			printf(".It Cm %s\n", row->name);
			put_sentence(row->message);
			put_sentence(row->advice);
		}
		put_end();
	}
}

/* ---- operations */

static void put_option(const struct tt_column *col)
{
	char name[64];
	size_t n;

	for (n = 0; col->name[n] && n + 1 < sizeof(name); n++)
		name[n] = col->name[n] == '_' ? '-' : col->name[n];
	name[n] = '\0';
	if (col->flags & TT_POSITIONAL)
		printf((col->flags & TT_REQUIRED) ? " Ar %s" : " Oo Ar %s Oc", name);
	else if (col->flags & TT_REQUIRED)
		printf(" Fl \\-%s Ar %s", name, col->unit ? col->unit : "value");
	else
		printf(" Oo Fl \\-%s Ar %s Oc", name, col->unit ? col->unit : "value");
}

static void put_column_name(const struct tt_column *col, char instead_of_underline)
{
	for (const char *p = col->name; *p; p++)
		putchar(*p == '_' ? instead_of_underline : *p);
}

static void put_column_help(const struct tt_column *col)
{
	fputs("\n\\&", stdout);
	put_text(col->help);
	if (col->unit)
		printf(", in %s", col->unit);
	putchar('\n');
}

static void put_parameters(const struct tt_operation *op)
{
	bool is_first = true;

	for (const struct tt_column *col = op->params; col && col->name; col++) {
		/* The request id is the same everywhere: the page says it once. */
		if ((col->flags & TT_HIDDEN) || strcmp(col->name, "event") == 0)
			continue;
		if (is_first)
			puts(".Bl -tag -width children -compact");
		is_first = false;
		fputs((col->flags & TT_POSITIONAL) ? ".It Ar " : ".It Fl \\-", stdout);
		put_column_name(col, '-');
		put_column_help(col);
	}
	if (!is_first)
		put_end();
}

/* Results, each table once, with the operations that give it. */
static void put_givers(const struct tt_operation *first)
{
	const struct tt_operation *op;
	bool is_first = true;

	fputs(".Ss Columns of", stdout);
	for (op = first; op->name; op++) {
		if ((op->flags & TT_OP_HIDDEN) || op->result != first->result)
			continue;
		printf("%s %.*s %s", is_first ? "" : ",", (int)strcspn(op->name, "."), op->name,
			strchr(op->name, '.') + 1);
		is_first = false;
	}
	putchar('\n');
}

static bool is_result_new(const struct tt_operation *op)
{
	for (const struct tt_operation *before = tt_operations; before < op; before++)
		if (!(before->flags & TT_OP_HIDDEN) && before->result == op->result)
			return false;
	return true;
}

static void results(void)
{
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		if ((op->flags & TT_OP_HIDDEN) || !is_result_new(op))
			continue;
		put_givers(op);
		puts(".Bl -tag -width double_read_ms -compact");
		for (const struct tt_column *col = op->result; col->name; col++) {
			if (col->type == TT_SECRET)
				continue;
			printf(".It Li %s", col->name);
			put_column_help(col);
		}
		put_end();
	}
}

static void operations(void)
{
	const struct tt_column *col;

	put_list();
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		if (op->flags & TT_OP_HIDDEN)
			continue;
		printf(".It Ic %.*s Ic %s", (int)strcspn(op->name, "."), op->name,
			strchr(op->name, '.') + 1);
		for (col = op->params; col && col->name; col++)
			if (!(col->flags & TT_HIDDEN))
				put_option(col);
		putchar('\n');
		put_sentence(op->help);
		if (op->right)
			printf("Needs the right\n.Cm %s .\n", op->right);
		put_parameters(op);
	}
	put_end();
}

/* ---- the same for who calls the functions: whatever there is, in every detail */

static void put_argument(const struct tt_operation *op, const struct tt_column *col)
{
	static const char *const types[] = {[TT_TEXT] = "text",
		[TT_INT] = "number",
		[TT_GRAMS] = "weight",
		[TT_BOOL] = "yes or no",
		[TT_TIME] = "time",
		[TT_ID] = "UUID",
		[TT_JSON] = "JSON",
		[TT_SECRET] = "text, secret"};
	const char *words = col->type == TT_TEXT ? tt_choices(op, col) : NULL;

	printf(".It Ar %s Pq %s%s", col->name, types[col->type],
		col->flags & TT_REQUIRED ? ", needed" : "");
	put_column_help(col);
	if (!words)
		return;
	fputs("One of\n.Li ", stdout);
	for (; *words; words++)
		printf(*words == '|' ? " , " : "%c", *words);
	puts(" .");
}

static void put_arguments(const struct tt_operation *op)
{
	bool is_first = true;

	for (const struct tt_column *col = op->params; col && col->name; col++) {
		if ((col->flags & TT_HIDDEN) || strcmp(col->name, "token") == 0)
			continue;
		if (is_first)
			puts(".Pp\nArguments:\n.Bl -tag -width Ds -compact");
		is_first = false;
		put_argument(op, col);
	}
	if (!is_first)
		put_end();
}

static void put_given(const struct tt_operation *op)
{
	bool is_first = true;

	for (const struct tt_outcome *row = tt_outcomes; row->name; row++) {
		if (!tt_operation_gives(op, row->name))
			continue;
		if (is_first)
			puts(".Pp\nOutcomes:\n.Bl -tag -width Ds -compact");
		is_first = false;
		printf(".It Cm %s Pq %s\n", row->name, tt_classes[row->cls].word);
		put_sentence(row->message);
	}
	if (!is_first)
		put_end();
}

static const char *repeated(const struct tt_operation *op)
{
	if (op->flags & TT_OP_READ)
		return "Changes nothing.";
	if (op->flags & TT_OP_EVENT)
		return "A scan event: idempotent by its request id, and sent by the outbox.";
	if (tt_column_find(op->params, "event"))
		return "Idempotent by its request id.";
	return "Takes no request id: a call that was lost is simply made again.";
}

static void reference(void)
{
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		printf(".Ss %.*s %s\n", (int)strcspn(op->name, "."), op->name,
			strchr(op->name, '.') + 1);
		put_sentence(op->help);
		printf(".Pp\n.Fn %s\n", op->function);
		if (op->right)
			printf("needs the right\n.Cm %s .\n", op->right);
		else
			printf("needs %s.\n",
				op->flags & TT_OP_OPEN ? "no session" : "any session");
		puts(repeated(op));
		if (op->flags & TT_OP_LIST)
			puts("Gives rows, any number, and no outcome.");
		if (op->flags & TT_OP_CONFIRM)
			puts("Can't be undone: the programs ask first.");
		if (op->flags & TT_OP_HIDDEN)
			puts("A step of something else: no command.");
		put_arguments(op);
		put_given(op);
	}
}

/* ---- lanes: what a code does in each state */

static void put_set(unsigned set, const char *const *words, size_t count, const char *all)
{
	bool is_first = true;

	if (set == (1u << count) - 1) {
		printf("%s", all);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (!(set & 1u << i))
			continue;
		printf("%s%s", is_first ? "" : ", ", words[i]);
		is_first = false;
	}
}

static void lanes(void)
{
	static const char *const states[] = {
		"empty", "open", "closed", "asking", "stopped", "bill"};
	static const char *const kinds[] = {
		"an unknown code", "a parent", "a child", "a bill", "a badge", "a command"};

	put_list();
	for (const struct lane_row *row = lane_rows; row->help; row++) {
		fputs(".It Cm \\&", stdout);
		if (row->command)
			fputs(row->command, stdout);
		else
			put_set(row->kinds, kinds, sizeof(kinds) / sizeof(*kinds),
				"any other code");
		fputs(" No in state \\&", stdout);
		put_set(row->states, states, sizeof(states) / sizeof(*states), "any");
		putchar('\n');
		put_sentence(row->help);
	}
	put_end();
}

/* ---- interface commands */

static void commands(void)
{
	put_list();
	const struct tt_command *row;

	for (size_t n = 0; (row = tt_command_at(n)) != NULL; n++) {
		printf(".It Ic %s", row->name);
		if (row->takes)
			printf(" Ar %s", row->takes);
		if (*row->keys) {
			fputs(" Pq \"\\&", stdout);
			put_text(row->keys);
			putchar('"');
		}
		putchar('\n');
		put_sentence(row->help);
	}
	put_end();
}

/* ---- scanners */

static void sources(void)
{
	put_list();
	for (const struct tt_source_option *row = tt_source_option_table; row->name; row++) {
		printf(".It Cm %s Ns = Ns Ar \\&", row->name);
		put_text(row->values);
		putchar('\n');
		put_sentence(row->help);
		if (row->standard && *row->standard) {
			fputs("Built in:\n.Li ", stdout);
			put_text(row->standard);
			puts(" .");
		}
	}
	put_end();
}

static void drivers(void)
{
	put_list();
	for (const struct tt_driver *row = tt_driver_table; row->name; row++) {
		printf(".It Cm %s\n", row->name);
		put_sentence(row->help);
	}
	put_end();
}

static void aims(void)
{
	puts(".Bl -column \"]Xn\" \"GS1 Data Matrix\" \"GS1\" -offset indent");
	puts(".It Sy identifier Ta Sy symbology Ta Sy data");
	for (const struct tt_symbology *row = tt_symbology_table; row->name; row++) {
		if (row->modifier)
			printf(".It Li ]%c%c Ta ", row->code, row->modifier);
		else
			printf(".It Li ]%c Ns Ar n Ta ", row->code);
		printf("%s Ta %s\n", row->name, row->is_gs1 ? "GS1" : "as it is");
	}
	put_end();
}

static void gs1(void)
{
	puts(".Bl -column 39nn predefined -offset indent");
	puts(".It Sy AI Ta Sy length Ta Sy what");
	for (const struct tt_gs1_ai *row = tt_gs1_table; row->prefix; row++) {
		int more = row->id_len - (int)strlen(row->prefix);
		int min = row->head + row->min, max = row->head + row->max;

		printf(".It %s%.*s Ta ", row->prefix, more, "nnnn");
		if (min == max)
			printf("%d", max);
		else
			printf("%d\\-%d", min, max);
		fputs(" Ta ", stdout);
		put_text(row->title);
		putchar('\n');
	}
	put_end();
}

static const struct {
	const char *name;
	void (*print)(void);
} tables[] = {
	{"settings", settings},
	{"classes", classes},
	{"errors", errors},
	{"outcomes", outcomes},
	{"operations", operations},
	{"results", results},
	{"reference", reference},
	{"lanes", lanes},
	{"commands", commands},
	{"sources", sources},
	{"drivers", drivers},
	{"aims", aims},
	{"gs1", gs1},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(tables) / sizeof(*tables); i++) {
		if (strcmp(tables[i].name, argv[1]) == 0) {
			tables[i].print();
			return 0;
		}
	}
	fprintf(stderr, "manual-tables: there is no such table\n");
	return 64;
}
