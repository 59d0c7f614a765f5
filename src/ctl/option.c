/*
 * What stands behind a command: options by the command's rows, words, and -- after which all are
 * words.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

/* The row that arg names; *value is what stands behind the =, else NULL. */
static const struct ctl_option *option_find(
	const struct ctl_option *rows, const char *arg, const char **value)
{
	size_t n = strcspn(arg, "=");

	*value = arg[n] == '=' ? arg + n + 1 : NULL;
	for (; rows && rows->name; rows++) {
		if (strlen(rows->name) == n && strncmp(rows->name, arg, n) == 0)
			return rows;
	}
	return NULL;
}

enum tt_rc ctl_option_unknown(
	const struct ctl_option *rows, const char *command, const char *arg, struct tt_error *err)
{
	const struct ctl_option *row;
	unsigned least = UINT_MAX;
	const char *near = NULL, *setting;
	char name[64];

	tt_copy_n(name, sizeof(name), arg + 2, strcspn(arg + 2, "="));
	for (row = rows; row && row->name; row++) {
		if (row->name[1] == '-' && tt_is_nearer(name, row->name + 2, &least))
			near = row->name + 2;
	}
	setting = tt_settings_nearest(name);
	if (setting && tt_is_nearer(name, setting, &least))
		near = setting;
	for (row = ctl_flags; row->name; row++) {
		if (tt_is_nearer(name, row->name + 2, &least))
			near = row->name + 2;
	}
	if (command)
		tt_fail(err, TT_USAGE, "%s has no option \"--%s\"", command, name);
	else
		tt_fail(err, TT_USAGE, "unknown option \"--%s\"", name);
	if (near)
		tt_error_hint(err, "Did you mean --%s?", near);
	else if (command)
		tt_error_hint(err, "tracetrackctl %s --help lists them.", command);
	else
		tt_error_hint(err, "Options of a command stand behind it; see --help.");
	return TT_USAGE;
}

bool ctl_takes_next(const char *next)
{
	return next && strncmp(next, "--", 2) != 0;
}

static enum tt_rc option_take(
	struct ctl *ctl, const struct ctl_option *row, const char *value, struct tt_error *err)
{
	size_t i = (size_t)(row - ctl->command->options);
	char word[64];

	if (row->value && (!value || *value == '\0'))
		return tt_fail(err, TT_USAGE, "%s needs a value", row->name);
	if (!row->value && value)
		return tt_fail(err, TT_USAGE, "%s takes no value", row->name);
	if (row->value && ctl->values[i])
		return tt_fail(err, TT_USAGE, "%s is given twice", row->name);
	ctl->values[i] = value ? value : "";
	if (row->value && strchr(row->value, '|'))
		return tt_choice_read(row->name, row->value, value, word, sizeof(word), err);
	return TT_OK;
}

enum tt_rc ctl_take_options(struct ctl *ctl, int *argc, char **argv, struct tt_error *err)
{
	const struct ctl_option *row;
	enum tt_rc rc = TT_OK;
	const char *value;
	char name[64];
	int in, out = 0;

	for (in = 0; in < *argc && strcmp(argv[in], "--") != 0 && rc == TT_OK; in++) {
		row = option_find(ctl->command->options, argv[in], &value);
		if (row) {
			if (row->value && !value && ctl_takes_next(argv[in + 1]))
				value = argv[++in];
			rc = option_take(ctl, row, value, err);
		} else if (strncmp(argv[in], "--", 2) == 0) {
			ctl_command_name(ctl->command, name, sizeof(name));
			rc = ctl_option_unknown(ctl->command->options, name, argv[in], err);
		} else {
			argv[out++] = argv[in];
		}
	}
	for (in++; in < *argc; in++)
		argv[out++] = argv[in];
	argv[out] = NULL;
	*argc = out;
	return rc;
}

const char *ctl_option(const struct ctl *ctl, const char *name)
{
	const struct ctl_option *row = ctl->command->options;

	for (; row && row->name; row++) {
		if (strcmp(row->name, name) == 0)
			return ctl->values[row - ctl->command->options];
	}
	abort();
}

bool ctl_has(const struct ctl *ctl, const char *name)
{
	return ctl_option(ctl, name) != NULL;
}

enum tt_rc ctl_no_more(int argc, char **argv, struct tt_error *err)
{
	if (argc == 0)
		return TT_OK;
	return tt_fail(err, TT_USAGE, "what is \"%.60s\"?", argv[0]);
}
