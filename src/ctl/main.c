/*
 * tracetrackctl: every operation, and the database's upkeep, from the command line.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/process.h>

#include "ctl.h"

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

static void main_set_format(struct ctl *ctl, enum ctl_format format)
{
	ctl->has_two_formats = ctl->format != CTL_TEXT && ctl->format != format;
	ctl->format = format;
}

/* Flags that every command takes; they are taken out of argv. */
static int main_take_flags(
	struct ctl *ctl, int argc, char **argv, bool *wants_help, bool *wants_version)
{
	int in, out = 1;

	for (in = 1; in < argc && strcmp(argv[in], "--") != 0; in++) {
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
	while (in < argc)
		argv[out++] = argv[in++];
	argv[out] = NULL;
	return out;
}

/* Where the command stands: the first word that is neither an option nor the value of a setting;
 * argc when there is none. */
static int main_command_at(int argc, char **argv)
{
	const struct tt_setting *row;
	int i;

	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		if (strchr(argv[i], '='))
			continue;
		for (row = tt_setting_rows; row->name && strcmp(row->name, argv[i] + 2); row++)
			;
		if (strcmp(argv[i], "--config") == 0 || (row->name && row->type != TT_SET_BOOL))
			i++;
	}
	return i < argc ? i : argc;
}

/* Take out of argv, and keep in own, the options behind an operation's name that are parameters of
 * it: some have the name of a setting. */
static void main_part(const struct tt_operation *op, int from, int *argc, char **argv, char **own)
{
	int in, out = from;
	size_t count = 0;

	for (in = from; in < *argc && strcmp(argv[in], "--") != 0; in++) {
		if (strncmp(argv[in], "--", 2) != 0 || !ctl_operation_takes(op, argv[in])) {
			argv[out++] = argv[in];
			continue;
		}
		own[count++] = argv[in];
		if (!strchr(argv[in], '=') && ctl_takes_next(argv[in + 1]))
			own[count++] = argv[++in];
	}
	while (in < *argc)
		argv[out++] = argv[in++];
	argv[out] = NULL;
	*argc = out;
}

/* Read the settings out of argv. What is the operation's own comes back behind its name. */
static enum tt_rc main_settings(struct ctl *ctl, int *argc, char **argv, struct tt_error *err)
{
	int at = main_command_at(*argc, argv), count = 0;
	const struct tt_operation *op =
		at + 1 < *argc ? ctl_operation_find(argv[at], argv[at + 1]) : NULL;
	char **own = tt_alloc(((size_t)*argc + 1) * sizeof(*own));
	enum tt_rc rc;

	if (op)
		main_part(op, at + 2, argc, argv, own);
	rc = tt_settings_load(&ctl->settings, argc, argv, err);
	while (own[count])
		count++;
	/* An unknown option stands first then, and is refused. */
	if (rc == TT_OK && count > 0 && *argc >= 3) {
		memmove(argv + 3 + count, argv + 3, (size_t)(*argc - 3 + 1) * sizeof(*argv));
		memcpy(argv + 3, own, (size_t)count * sizeof(*argv));
		*argc += count;
	}
	free(own);
	return rc;
}

static enum tt_rc main_command(struct ctl *ctl, const struct ctl_command *c, int argc, char **argv,
	bool wants_help, struct tt_error *err)
{
	int taken = c->verb ? 3 : 2;
	enum tt_rc rc = TT_OK;

	if (wants_help) {
		ctl_command_help(c, stdout);
		return TT_OK;
	}
	if (ctl->is_remote)
		rc = ctl_remote_may(c, err);
	ctl->command = c;
	argc -= taken;
	argv += taken;
	if (rc == TT_OK)
		rc = ctl_take_options(ctl, &argc, argv, err);
	if (rc == TT_OK)
		rc = c->run(ctl, argc, argv, err);
	if (rc != TT_OK && c->run == ctl_check)
		ctl->plugin_status = ctl_check_failed(rc, err);
	return rc;
}

static enum tt_rc main_dispatch(
	struct ctl *ctl, int argc, char **argv, bool wants_help, struct tt_error *err)
{
	const char *noun = argv[1], *verb = argc > 2 ? argv[2] : NULL;
	const struct tt_operation *op = ctl_operation_find(noun, verb);
	const struct ctl_command *c = ctl_command_find(noun, verb);

	if (strncmp(noun, "--", 2) == 0)
		return ctl_option_unknown(NULL, NULL, noun, err);
	if (c)
		return main_command(ctl, c, argc, argv, wants_help, err);
	if (!op)
		return ctl_command_unknown(noun, verb, err);
	if (wants_help) {
		ctl_operation_help(op, stdout);
		return TT_OK;
	}
	return ctl_operate(ctl, op, argv + 3, err);
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
	rc = main_settings(ctl, &argc, argv, err);
	if (rc == TT_OK)
		rc = tt_log_open(
			ctl->settings.log, (enum tt_log_level)ctl->settings.log_level, err);
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
	return ctl.plugin_status ? ctl.plugin_status : tt_rc_exit_status(rc);
}
