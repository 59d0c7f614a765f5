/*
 * tracetrackctl: every operation, and the database's upkeep, from the command line.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>

#include "ctl.h"

const struct ctl_command ctl_commands[] = {
	{"db", "init", ctl_db_init, "[--admin LOGIN --new-password-file FILE]",
		"make the schema in an empty database, and the first administrator"},
	{"db", "migrate", ctl_db_migrate, "", "bring the schema up to date"},
	{"db", "status", ctl_db_status, "", "say which version the schema has"},
	{"db", "demo", ctl_db_demo, "--passwords DIR [--dispatchers N]",
		"make demonstration people with random passwords"},
	{"login", NULL, ctl_login, "", "log in and keep the session for later calls"},
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

const char *ctl_option(const char *name, int argc, char **argv, int *i)
{
	size_t n = strlen(name);

	if (strncmp(argv[*i], name, n) != 0)
		return NULL;
	if (argv[*i][n] == '=')
		return argv[*i] + n + 1;
	if (argv[*i][n] != '\0')
		return NULL;
	return *i + 1 < argc ? argv[++*i] : "";
}

/* Flags that every command takes; they are taken out of argv. */
static int main_take_flags(struct ctl *ctl, int argc, char **argv, bool *wants_help,
	bool *wants_version)
{
	int in, out = 1;

	for (in = 1; in < argc; in++) {
		if (strcmp(argv[in], "--json") == 0)
			ctl->format = CTL_JSON;
		else if (strcmp(argv[in], "--csv") == 0)
			ctl->format = CTL_CSV;
		else if (strcmp(argv[in], "--no-input") == 0)
			ctl->is_no_input = true;
		else if (strcmp(argv[in], "--yes") == 0)
			ctl->is_yes = true;
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

static enum tt_rc main_unknown(const char *noun, const char *verb, struct tt_error *err)
{
	const struct tt_operation *near;
	char name[128], text[64];

	tt_format(name, sizeof(name), "%s.%s", noun, verb ? verb : "");
	near = tt_operation_nearest(name);
	tt_fail(err, TT_USAGE, "there is no command \"%.60s%s%.60s\"", noun, verb ? " " : "",
		verb ? verb : "");
	if (near) {
		tt_copy(text, sizeof(text), near->name);
		*strchr(text, '.') = ' ';
		tt_error_hint(err, "Did you mean: tracetrackctl %s?", text);
	} else {
		tt_error_hint(err, "tracetrackctl --help lists the commands.");
	}
	return TT_USAGE;
}

static enum tt_rc main_dispatch(struct ctl *ctl, int argc, char **argv, bool wants_help,
	struct tt_error *err)
{
	const char *noun = argv[1], *verb = argc > 2 ? argv[2] : NULL;
	const struct tt_operation *op;
	const struct ctl_command *c;
	char name[128];

	for (c = ctl_commands; c->noun; c++) {
		if (strcmp(c->noun, noun) != 0 || (c->verb && (!verb || strcmp(c->verb, verb))))
			continue;
		if (wants_help) {
			printf("usage: tracetrackctl %s%s%s %s\n%s\n", c->noun, c->verb ? " " : "",
				c->verb ? c->verb : "", c->options, c->help);
			return TT_OK;
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

	argc = main_take_flags(ctl, argc, argv, &wants_help, &wants_version);
	if (wants_version) {
		puts("tracetrackctl " TT_VERSION);
		return TT_OK;
	}
	rc = tt_settings_load(&ctl->settings, &argc, argv, err);
	if (rc == TT_OK)
		rc = tt_log_open(ctl->settings.log, (enum tt_log_level)ctl->settings.log_level, err);
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

int main(int argc, char **argv)
{
	struct ctl ctl = {0};
	struct tt_error err = {0};
	enum tt_rc rc;

	uv_loop_init(&ctl.loop);
	rc = main_run(&ctl, argc, argv, &err);
	ctl_disconnect(&ctl);
	if (fflush(stdout) != 0 && rc == TT_OK)
		rc = tt_fail(&err, TT_IO, "the output can't be written");
	if (rc != TT_OK && err.message[0] != '\0')
		ctl_print_error(&ctl, &err);
	tt_settings_fini(&ctl.settings);
	return tt_rc_exit_status(rc);
}
