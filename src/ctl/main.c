/*
 * tracetrackctl: every operation, and the database's upkeep, from the command line.
 */
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/process.h>

#include "ctl.h"

#define CTL_IMPORT_OPTIONS                                                                         \
	"FILE [--all-or-nothing | --good-rows | --dry-run] [--area AREA] [--errors FILE]"

#define CTL_EXPORT_OPTIONS_PLAIN                                                                   \
	"[--ndjson] [--raw] [--from TIME] [--to TIME] [--after KEY] [-o FILE]"
#define CTL_EXPORT_OPTIONS "[--area AREA] " CTL_EXPORT_OPTIONS_PLAIN

const struct ctl_command ctl_commands[] = {
	{"db", "init", ctl_db_init, "[--admin LOGIN --new-password-file FILE]",
		"make the schema in an empty database, and the first administrator"},
	{"db", "migrate", ctl_db_migrate, "", "bring the schema up to date"},
	{"db", "status", ctl_db_status, "", "say which version the schema has"},
	{"db", "demo", ctl_db_demo, "--passwords DIR [--dispatchers N]",
		"make demonstration people with random passwords"},
	{"bill", "print", ctl_bill_print, "NUMBER [--pdf FILE | --text]",
		"a bill as a PDF or as text"},
	{"import", "bags", ctl_import_bags, CTL_IMPORT_OPTIONS,
		"parents and children from a CSV file"},
	{"import", "children", ctl_import_children, CTL_IMPORT_OPTIONS,
		"children into parents that are there, from a CSV file"},
	{"export", "bags", ctl_export_bags, CTL_EXPORT_OPTIONS, "all bags as CSV or JSON lines"},
	{"export", "scans", ctl_export_scans, CTL_EXPORT_OPTIONS,
		"all that happened, as CSV or JSON lines"},
	{"export", "bills", ctl_export_bills, CTL_EXPORT_OPTIONS_PLAIN, "all bills"},
	{"export", "audit", ctl_export_audit, CTL_EXPORT_OPTIONS_PLAIN, "who changed what"},
	{"summary", "print", ctl_summary_print,
		"[--date DATE] [--text | --csv | --json | --pdf FILE]",
		"the end of a day: bills and scans by person, scans by area"},
	{"label", "print", ctl_label_print, "CODE... [--pdf FILE [--size NAME]] [--qr]",
		"labels with QR codes, as a PDF or on the screen"},
	{"login", NULL, ctl_login, "[--new-password-file FILE]",
		"log in and keep the session for later calls"},
	{"logout", NULL, ctl_logout, "", "end the kept session"},
	{NULL, NULL, NULL, NULL, NULL},
};

static void main_help(FILE *out)
{
	const struct ctl_command *c;
	const struct tt_operation *op;
	char noun[64];

	fputs("usage: tracetrackctl [--dsn CONNINFO] [--user NAME --password-file FILE]\n"
	      "                     [--json | --csv] NOUN VERB [--option VALUE]...\n\n",
		out);
	for (c = ctl_commands; c->noun; c++)
		fprintf(out, "  %s%s%-*s %s\n", c->noun, c->verb ? " " : "",
			(int)(19 - strlen(c->noun) - (c->verb ? 1 : 0)), c->verb ? c->verb : "",
			c->help);
	for (op = tt_operations; op->name; op++) {
		if (op->flags & TT_OP_HIDDEN)
			continue;
		tt_copy(noun, sizeof(noun), op->name);
		*strchr(noun, '.') = ' ';
		fprintf(out, "  %-20s%s\n", noun, op->help);
	}
	fputs("\ntracetrackctl NOUN VERB --help says more. Manual: tracetrackctl(1).\n", out);
}

/* The row that argv names; *value is what stands behind the =, else NULL. */
static const struct ctl_option *main_option(const struct ctl_option *rows, const char *arg,
	const char **value)
{
	size_t n = strcspn(arg, "=");

	*value = arg[n] == '=' ? arg + n + 1 : NULL;
	for (; rows->name; rows++) {
		if (strlen(rows->name) == n && strncmp(rows->name, arg, n) == 0)
			return rows;
	}
	return NULL;
}

enum tt_rc ctl_take_options(const struct ctl_option *rows, int *argc, char **argv,
	struct tt_error *err)
{
	const struct ctl_option *row;
	const char *value;
	int in, out = 0;

	for (in = 0; in < *argc; in++) {
		row = main_option(rows, argv[in], &value);
		if (!row) {
			argv[out++] = argv[in];
			continue;
		}
		if (!value && in + 1 < *argc)
			value = argv[++in];
		if (!value || *value == '\0')
			return tt_fail(err, TT_USAGE, "%s needs a value", row->name);
		*row->value = value;
	}
	*argc = out;
	return TT_OK;
}

void ctl_take_flags(const struct ctl_flag *rows, int *argc, char **argv)
{
	const struct ctl_flag *row;
	int in, out = 0;

	for (in = 0; in < *argc; in++) {
		for (row = rows; row->name && strcmp(row->name, argv[in]) != 0; row++)
			;
		if (row->name)
			*row->is_given = true;
		else
			argv[out++] = argv[in];
	}
	*argc = out;
}

enum tt_rc ctl_no_more(int argc, char **argv, struct tt_error *err)
{
	if (argc == 0)
		return TT_OK;
	return tt_fail(err, TT_USAGE, "what is \"%.60s\"?", argv[0]);
}

static void main_set_format(struct ctl *ctl, enum ctl_format format)
{
	ctl->has_two_formats = ctl->format != CTL_TEXT && ctl->format != format;
	ctl->format = format;
}

/* Flags that every command takes; they are taken out of argv. */
static int main_take_flags(struct ctl *ctl, int argc, char **argv, bool *wants_help,
	bool *wants_version)
{
	int in, out = 1;

	for (in = 1; in < argc; in++) {
		if (strcmp(argv[in], "--json") == 0)
			main_set_format(ctl, CTL_JSON);
		else if (strcmp(argv[in], "--csv") == 0)
			main_set_format(ctl, CTL_CSV);
		else if (strcmp(argv[in], "--no-input") == 0)
			ctl->is_no_input = true;
		else if (strcmp(argv[in], "--yes") == 0)
			ctl->is_yes = true;
		else if (strcmp(argv[in], "--no-progress") == 0)
			ctl->is_no_progress = true;
		else if (strcmp(argv[in], "--help") == 0)
			*wants_help = true;
		else if (strcmp(argv[in], "--version") == 0)
			*wants_version = true;
		else
			argv[out++] = argv[in];
	}
	argv[out] = NULL;
	return out;
}

/* The names of all commands one after the other, as typed; false behind the last. */
static bool main_name(size_t i, char *dst, size_t size)
{
	const struct tt_operation *op = tt_operations;
	const struct ctl_command *c = ctl_commands;
	char *dot;

	for (; c->noun; c++, i--) {
		if (i == 0) {
			tt_format(dst, size, "%s%s%s", c->noun, c->verb ? " " : "",
				c->verb ? c->verb : "");
			return true;
		}
	}
	for (; op->name; op++) {
		if (op->flags & TT_OP_HIDDEN)
			continue;
		if (i-- > 0)
			continue;
		tt_copy(dst, size, op->name);
		dot = strchr(dst, '.');
		if (dot)
			*dot = ' ';
		return true;
	}
	return false;
}

/* "user list, user create"; nothing when there is no such noun. */
static void main_verbs(const char *noun, struct tt_buf *out)
{
	size_t i, n = strlen(noun);
	char name[64];

	for (i = 0; main_name(i, name, sizeof(name)); i++) {
		if (strncmp(name, noun, n) == 0 && name[n] == ' ')
			tt_buf_printf(out, "%s%s", out->len ? ", " : "", name);
	}
}

static enum tt_rc main_unknown(const char *noun, const char *verb, struct tt_error *err)
{
	char typed[128], name[64], near[64] = "";
	struct tt_buf verbs = {0};
	unsigned least = UINT_MAX;
	size_t i;

	tt_format(typed, sizeof(typed), "%.60s%s%.60s", noun, verb ? " " : "", verb ? verb : "");
	for (i = 0; main_name(i, name, sizeof(name)); i++) {
		if (tt_is_nearer(typed, name, &least))
			tt_copy(near, sizeof(near), name);
	}
	main_verbs(noun, &verbs);
	if (!verb && verbs.len)
		tt_fail(err, TT_USAGE, "%s what?", noun);
	else
		tt_fail(err, TT_USAGE, "there is no command \"%s\"", typed);
	if (verb && *near)
		tt_error_hint(err, "Did you mean: tracetrackctl %s?", near);
	else if (verbs.len)
		tt_error_hint(err, "There are: %s", verbs.data);
	else if (*near)
		tt_error_hint(err, "Did you mean: tracetrackctl %s?", near);
	else
		tt_error_hint(err, "tracetrackctl --help lists the commands.");
	tt_buf_fini(&verbs);
	return TT_USAGE;
}

static enum tt_rc main_unknown_option(const char *option, struct tt_error *err)
{
	static const char *const flags[] = {"json", "csv", "no-input", "no-progress", "yes", "help",
		"version", "config"};
	const char *near;
	unsigned least = UINT_MAX;
	char name[64];
	size_t i;

	tt_copy_n(name, sizeof(name), option + 2, strcspn(option + 2, "="));
	near = tt_settings_nearest(name);
	if (near)
		(void)tt_is_nearer(name, near, &least);
	for (i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		if (tt_is_nearer(name, flags[i], &least))
			near = flags[i];
	}
	tt_fail(err, TT_USAGE, "unknown option \"--%s\"", name);
	if (near)
		tt_error_hint(err, "Did you mean --%s?", near);
	else
		tt_error_hint(err, "Options of a command stand behind it; see --help.");
	return TT_USAGE;
}

static enum tt_rc main_dispatch(struct ctl *ctl, int argc, char **argv, bool wants_help,
	struct tt_error *err)
{
	const char *noun = argv[1], *verb = argc > 2 ? argv[2] : NULL;
	const struct tt_operation *op;
	const struct ctl_command *c;
	char name[128];

	if (strncmp(noun, "--", 2) == 0)
		return main_unknown_option(noun, err);
	for (c = ctl_commands; c->noun; c++) {
		if (strcmp(c->noun, noun) != 0 || (c->verb && (!verb || strcmp(c->verb, verb))))
			continue;
		if (wants_help) {
			printf("usage: tracetrackctl %s%s%s %s\n%s\n", c->noun, c->verb ? " " : "",
				c->verb ? c->verb : "", c->options, c->help);
			return TT_OK;
		}
		if (ctl->is_remote) {
			enum tt_rc rc = ctl_remote_may(c, err);

			if (rc != TT_OK)
				return rc;
		}
		return c->run(ctl, argc - (c->verb ? 3 : 2), argv + (c->verb ? 3 : 2), err);
	}
	tt_format(name, sizeof(name), "%s.%s", noun, verb ? verb : "");
	op = tt_operation_find(name);
	if (!op || (op->flags & TT_OP_HIDDEN))
		return main_unknown(noun, verb, err);
	if (wants_help) {
		ctl_operation_help(op, stdout);
		return TT_OK;
	}
	return ctl_operate(ctl, op, argc - 3, argv + 3, err);
}

static enum tt_rc main_run(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	bool wants_help = false, wants_version = false;
	enum tt_rc rc;

	if (argc == 2 && strcmp(argv[1], "--remote") == 0) {
		rc = ctl_remote(ctl, &argc, &argv, err);
		if (rc != TT_OK)
			return rc;
	}
	argc = main_take_flags(ctl, argc, argv, &wants_help, &wants_version);
	if (ctl->has_two_formats)
		return tt_fail(err, TT_USAGE, "--json and --csv exclude each other");
	if (wants_version) {
		puts("tracetrackctl " TT_VERSION);
		return TT_OK;
	}
	rc = tt_settings_load(&ctl->settings, &argc, argv, err);
	if (rc == TT_OK)
		rc = tt_log_open(ctl->settings.log,
			(enum tt_log_level)ctl->settings.log_level, err);
	if (rc != TT_OK)
		return rc;
	if (argc < 2) {
		main_help(wants_help ? stdout : stderr);
		if (wants_help)
			return TT_OK;
		return tt_fail(err, TT_USAGE, "what should be done?");
	}
	return main_dispatch(ctl, argc, argv, wants_help, err);
}

/* Only letters: numbers and dates are the same in every language. What is printed is UTF-8
 * whatever the terminal says, and so are its columns. */
static bool main_set_locale(void)
{
	bool is_utf8 = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

	if (!is_utf8)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	return is_utf8;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	struct tt_error err = {0};
	enum tt_rc rc;

	tt_process_begin();
	ctl.is_utf8 = main_set_locale();
	uv_loop_init(&ctl.loop);
	rc = main_run(&ctl, argc, argv, &err);
	ctl_disconnect(&ctl);
	if ((fflush(stdout) != 0 || ferror(stdout)) && rc == TT_OK)
		rc = tt_fail(&err, TT_IO, "the output can't be written");
	if (rc != TT_OK && err.message[0] != '\0')
		ctl_print_error(&ctl, &err);
	tt_settings_fini(&ctl.settings);
	ctl_remote_fini(&ctl);
	return tt_rc_exit_status(rc);
}
