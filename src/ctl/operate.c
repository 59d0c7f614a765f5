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
	fprintf(out, "\n%s\n\n", op->help);
	for (col = op->params; col && col->name; col++) {
		operate_option_name(name, sizeof(name), col->name);
		if (!(col->flags & TT_HIDDEN))
			fprintf(out, "  --%-12s %s%s%s%s\n", name, col->help,
				col->unit ? " (" : "", col->unit ? col->unit : "",
				col->unit ? ")" : "");
	}
}

/* The next positional parameter after *at, or NULL. */
static const struct tt_column *operate_positional(const struct tt_operation *op, size_t *at)
{
	const struct tt_column *col;

	for (col = op->params ? op->params + *at : NULL; col && col->name; col++) {
		++*at;
		if (col->flags & TT_POSITIONAL)
			return col;
	}
	return NULL;
}

static enum tt_rc operate_parse(const struct tt_operation *op, void *args, int argc, char **argv,
	struct tt_error *err)
{
	const struct tt_column *col;
	enum tt_rc rc = TT_OK;
	size_t at = 0;
	char name[64];
	int i;

	for (i = 0; i < argc && rc == TT_OK; i++) {
		if (strncmp(argv[i], "--", 2) == 0) {
			const char *value = strchr(argv[i], '=');

			tt_copy_n(name, sizeof(name), argv[i] + 2,
				value ? (size_t)(value - argv[i] - 2) : strlen(argv[i] + 2));
			value = value ? value + 1 : i + 1 < argc ? argv[++i] : NULL;
			rc = tt_operation_set(op, args, name, value, err);
			continue;
		}
		col = operate_positional(op, &at);
		if (!col)
			return tt_fail(err, TT_USAGE, "what is \"%.60s\"?", argv[i]);
		rc = tt_operation_set(op, args, col->name, argv[i], err);
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
	tt_error_hint(err, "Nothing was done. The setting rate_%s says how many there may be.",
		what);
	return TT_CONFLICT;
}

/* Make what a piece has answered what the next one is asked. False after the last. */
static bool operate_next_piece(const struct tt_operation *op, void *args,
	const struct tt_rows *rows)
{
	const struct tt_column *more = tt_column_find(op->result, "more"), *col;
	const void *row = tt_rows_at(rows, 0);

	if (!(op->flags & TT_OP_PIECES) || rows->count != 1
		|| *(const int64_t *)tt_field(more, row) != 1)
		return false;
	for (col = op->result; col->name; col++) {
		if (col->type == TT_INT && tt_column_find(op->params, col->name))
			*(int64_t *)tt_operation_arg(op, args, col->name) =
				*(const int64_t *)tt_field(col, row);
	}
	return true;
}

static enum tt_rc operate_call(struct ctl *ctl, const struct tt_operation *op, void *args,
	struct tt_error *err)
{
	struct tt_call call = {0};
	const char *outcome;
	enum tt_rc rc;

	while ((rc = ctl_call(ctl, op, args, &call, err)) == TT_OK
		&& operate_next_piece(op, args, &call.rows))
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

enum tt_rc ctl_operate(struct ctl *ctl, const struct tt_operation *op, int argc, char **argv,
	struct tt_error *err)
{
	void *args = tt_operation_args_new(op);
	const char *file = NULL;
	const struct ctl_option options[] = {{"--new-password-file", &file}, {NULL, NULL}};
	enum tt_rc rc = TT_OK;

	if (ctl_secret_is_new(op))
		rc = ctl_take_options(options, &argc, argv, err);
	if (rc == TT_OK)
		rc = operate_parse(op, args, argc, argv, err);
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
