/*
 * Any operation as a command: options from its parameter rows, output from its result rows.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/event.h>
#include <tracetrack/outcome.h>
#include <tracetrack/password.h>

#include "ctl.h"

static void operate_option_name(char *dst, size_t size, const char *column)
{
	tt_copy(dst, size, column);
	for (; *dst; dst++) {
		if (*dst == '_')
			*dst = '-';
	}
}

void ctl_operation_help(const struct tt_operation *op, FILE *out)
{
	const struct tt_column *col;
	char name[64];

	tt_copy(name, sizeof(name), op->name);
	*strchr(name, '.') = ' ';
	fprintf(out, "usage: tracetrackctl %s", name);
	for (col = op->params; col && col->name; col++) {
		operate_option_name(name, sizeof(name), col->name);
		if (col->flags & TT_HIDDEN)
			continue;
		fprintf(out, (col->flags & TT_REQUIRED) ? " --%s VALUE" : " [--%s VALUE]", name);
	}
	if (ctl_secret_is_new(op))
		fprintf(out, " [%s %s]", ctl_secret_options->name, ctl_secret_options->value);
	fprintf(out, "\n%s\n\n", op->help);
	for (col = op->params; col && col->name; col++) {
		operate_option_name(name, sizeof(name), col->name);
		if (!(col->flags & TT_HIDDEN))
			fprintf(out, "  --%-12s %s%s%s%s\n", name, col->help, col->unit ? " (" : "",
				col->unit ? col->unit : "", col->unit ? ")" : "");
	}
}

/* An option's name without -- and value. */
static void operate_name(char *dst, size_t size, const char *option)
{
	tt_copy_n(dst, size, option + 2, strcspn(option + 2, "="));
}

bool ctl_operation_takes(const struct tt_operation *op, const char *option)
{
	const struct tt_column *col;
	char name[64], typed[64];

	operate_name(typed, sizeof(typed), option);
	for (col = op->params; col && col->name; col++) {
		operate_option_name(name, sizeof(name), col->name);
		if (!(col->flags & TT_HIDDEN) && strcmp(name, typed) == 0)
			return true;
	}
	return false;
}

static enum tt_rc operate_word(
	const struct tt_operation *op, void *args, const char *word, struct tt_error *err)
{
	const struct tt_column *col = tt_operation_positional(op, args);

	if (!col)
		return tt_fail(err, TT_USAGE, "what is \"%.60s\"?", word);
	return tt_operation_set(op, args, col->name, word, err);
}

/* *file is --new-password-file's; NULL: there is no such option. */
static enum tt_rc operate_option(const struct tt_operation *op, void *args, const char *option,
	const char *value, const char **file, struct tt_error *err)
{
	char name[64];

	operate_name(name, sizeof(name), option);
	if (!file || strcmp(name, "new-password-file") != 0)
		return tt_operation_give(op, args, name, value, err);
	if (!value)
		return tt_fail(err, TT_USAGE, "--%s needs a value", name);
	if (*file)
		return tt_fail(err, TT_USAGE, "--%s is given twice", name);
	*file = value;
	return TT_OK;
}

static enum tt_rc operate_parse(const struct tt_operation *op, void *args, char **argv,
	const char **file, struct tt_error *err)
{
	bool is_over = false;
	enum tt_rc rc = TT_OK;
	const char *value;

	for (; *argv && rc == TT_OK; argv++) {
		if (is_over || strncmp(*argv, "--", 2) != 0) {
			rc = operate_word(op, args, *argv, err);
		} else if (strcmp(*argv, "--") == 0) {
			is_over = true;
		} else {
			const char *option = *argv;

			value = strchr(option, '=');
			if (value)
				value++;
			else if (ctl_takes_next(argv[1]))
				value = *++argv;
			rc = operate_option(op, args, option, value, file, err);
		}
	}
	return rc;
}

enum tt_rc ctl_judge(const char *outcome, struct tt_error *err)
{
	const struct tt_outcome *o = tt_outcome_find(outcome);

	if (o->cls == TT_CLASS_DONE || o->cls == TT_CLASS_AGAIN || o->cls == TT_CLASS_QUEUED)
		return TT_OK;
	if (strcmp(o->name, "session_expired") == 0) {
		tt_fail(err, TT_DENIED, "the session has ended");
		tt_error_hint(err, "Run: tracetrackctl --user NAME login");
		return TT_DENIED;
	}
	if (strcmp(o->name, "not_permitted") == 0)
		return tt_fail(err, TT_DENIED, "this person may not do that");
	/* The row on stdout says it; a class by exit status, no second message. */
	err->message[0] = '\0';
	return o->cls == TT_CLASS_TROUBLE ? TT_CONFLICT : TT_REFUSED;
}

enum tt_rc ctl_too_many(const char *what, const struct tt_rows *rows, struct tt_error *err)
{
	const struct tt_column *wait = tt_column_find(rows->cols, "retry_after");

	tt_fail(err, TT_CONFLICT, "too many %ss in a short time: the next in %lld s", what,
		(long long)*(int64_t *)tt_field(wait, tt_rows_at(rows, 0)));
	tt_error_hint(
		err, "Nothing was done. The setting rate_%s says how many there may be.", what);
	return TT_CONFLICT;
}

/* Make what a piece has answered what the next one is asked. False after the last. */
static bool operate_next_piece(
	const struct tt_operation *op, void *args, const struct tt_rows *rows)
{
	const struct tt_column *more = tt_column_find(op->result, "more"), *col;
	const void *row = tt_rows_at(rows, 0);

	if (!(op->flags & TT_OP_PIECES) || rows->count != 1 ||
		*(const int64_t *)tt_field(more, row) != 1)
		return false;
	for (col = op->result; col->name; col++) {
		if (col->type == TT_INT && tt_column_find(op->params, col->name))
			*(int64_t *)tt_operation_arg(op, args, col->name) =
				*(const int64_t *)tt_field(col, row);
	}
	return true;
}

static enum tt_rc operate_call(
	struct ctl *ctl, const struct tt_operation *op, void *args, struct tt_error *err)
{
	struct tt_call call = {0};
	const char *outcome;
	enum tt_rc rc;

	while ((rc = ctl_call(ctl, op, args, &call, err)) == TT_OK &&
		operate_next_piece(op, args, &call.rows))
		tt_call_fini(&call);
	if (rc == TT_OK) {
		outcome = tt_operation_outcome(op, &call.rows);
		ctl_secret_tell(ctl, &call.rows);
		ctl_print_rows(ctl, op, &call.rows, stdout);
		ctl_secret_draw(ctl, op, &call.rows);
		if (outcome)
			rc = ctl_judge(outcome, err);
	}
	tt_call_fini(&call);
	return rc;
}

enum tt_rc ctl_operate(
	struct ctl *ctl, const struct tt_operation *op, char **argv, struct tt_error *err)
{
	void *args = tt_operation_args_new(op);
	const char *file = NULL;
	enum tt_rc rc = operate_parse(op, args, argv, ctl_secret_is_new(op) ? &file : NULL, err);

	if (rc == TT_OK)
		rc = ctl_secret_totp(ctl, op, args, err);
	if (rc == TT_OK)
		rc = tt_operation_complete(op, args, err);
	if (rc == TT_OK && !(op->flags & TT_OP_READ) && ctl->settings.read_only)
		rc = tt_fail(err, TT_DENIED, "read-only is set: %s is refused", op->name);
	if (rc == TT_OK && (op->flags & TT_OP_EVENT))
		((struct tt_event *)args)->at = tt_now();
	if (rc == TT_OK)
		rc = ctl_connect(ctl, err);
	if (rc == TT_OK && !(op->flags & TT_OP_OPEN))
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = ctl_secret_fill(ctl, op, args, file, err);
	if (rc == TT_OK)
		rc = operate_call(ctl, op, args, err);
	tt_operation_args_free(op, args);
	return rc;
}
