/*
 * export: pages of rows, each copied in a transaction of its own, into a file that is complete or
 * not there, or onto standard output. What is kept in memory is one page, which is written when all
 * of it has come.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "progress.h"
#include "transfer.h"

struct export_kind {
	const char *name, *function;
	bool has_area;
};

static const struct export_kind export_kinds[] = {
	{"bags", "api.export_bags", true},
	{"scans", "api.export_scans", true},
	{"bills", "api.export_bills", false},
	{"audit", "api.export_audit", false},
	{NULL, NULL, false},
};

struct exported {
	struct ctl *ctl;
	const struct export_kind *kind;
	const char *path, *area, *from, *to, *after;
	bool is_json, is_raw;
	struct ctl_file file;
	struct tt_buf page;
	bool wants_names;  /* before the first row */
	int64_t key, last; /* behind which the next page begins, 0: none yet; the highest key */
	int64_t seconds;   /* that the server gives the copy of the page */
	struct ctl_progress progress;
};

static enum tt_rc export_args(
	const struct exported *x, const struct tt_operation *op, void *args, struct tt_error *err)
{
	const char *const values[][2] = {{"what", x->kind->name}, {"after", x->after},
		{"area", x->area}, {"from", x->from}, {"to", x->to},
		{"raw", x->is_raw || x->is_json ? "yes" : "no"}};
	enum tt_rc rc = TT_OK;
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(*values) && rc == TT_OK; i++) {
		if (values[i][1])
			rc = tt_operation_set(op, args, values[i][0], values[i][1], err);
	}
	return rc;
}

static enum tt_rc export_refused(
	const char *outcome, const struct tt_rows *rows, struct tt_error *err)
{
	if (strcmp(outcome, "rate_limited") == 0)
		return ctl_too_many("export", rows, err);
	if (strcmp(outcome, "session_expired") == 0)
		return tt_fail(err, TT_DENIED, "the session has ended");
	if (strcmp(outcome, "not_permitted") == 0)
		return tt_fail(err, TT_DENIED, "this person may not export");
	return tt_fail(err, TT_REFUSED, "the export is refused: %s", outcome);
}

/* PostgreSQL ends lines with LF only; CSV wants CR LF. Inside cells they stay as they are. */
static void export_take_row(void *ctx, const char *row, size_t len)
{
	struct exported *x = ctx;

	if (x->is_json) {
		tt_buf_add(&x->page, row, len);
	} else {
		tt_buf_add(&x->page, row, len - 1);
		tt_buf_add(&x->page, "\r\n", 2);
	}
}

/* The server ends a copy that takes too long; its word is waited for as that of any call. An object
 * of JSON has no control characters, so that as CSV with such for quotes it is as it was. */
static enum tt_rc export_copy(struct exported *x, struct tt_error *err)
{
	struct tt_call call;
	char sql[256];
	enum tt_rc rc;

	if (x->is_json)
		tt_format(sql, sizeof(sql),
			"copy (select row_to_json(x) from %s() x) to stdout "
			"(format csv, quote e'\\x01', delimiter e'\\x02')",
			x->kind->function);
	else
		tt_format(sql, sizeof(sql),
			"copy (select * from %s()) to stdout "
			"(format csv, header %s)",
			x->kind->function, x->wants_names ? "on" : "off");
	tt_call_init(&call, sql, NULL, 0);
	call.is_in_transaction = true;
	call.copied = export_take_row;
	call.copied_ctx = x;
	call.timeout_ms = (unsigned)(x->seconds * 1000 + x->ctl->settings.call_timeout);
	rc = tt_link_call_blocking(x->ctl->link, &call, err);
	tt_call_fini(&call);
	return rc;
}

static int64_t export_number(
	const struct tt_operation *op, const struct tt_rows *rows, const char *name)
{
	return *(int64_t *)tt_field(tt_column_find(op->result, name), tt_rows_at(rows, 0));
}

/* Opens a page; *key is where the next one begins, TT_NO_INT behind the last. */
static enum tt_rc export_open(struct exported *x, void *args, int64_t *key, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("export.page");
	struct tt_call call = {0};
	enum tt_rc rc = ctl_call_within(x->ctl, op, args, true, &call, err);
	const char *outcome = rc == TT_OK ? tt_operation_outcome(op, &call.rows) : NULL;

	if (outcome && strcmp(outcome, "ok") != 0)
		rc = export_refused(outcome, &call.rows, err);
	if (rc == TT_OK) {
		*key = export_number(op, &call.rows, "key");
		x->last = export_number(op, &call.rows, "last");
		x->seconds = export_number(op, &call.rows, "seconds");
	}
	tt_call_fini(&call);
	return rc;
}

/* One page: written, and x->key moved on; is_end behind the last. */
static enum tt_rc export_page(struct exported *x, void *args, bool *is_end, struct tt_error *err)
{
	int64_t *after = tt_operation_arg(tt_operation_find("export.page"), args, "after");
	int64_t key = TT_NO_INT;
	enum tt_rc rc = ctl_begin(x->ctl, err);

	tt_buf_clear(&x->page);
	if (rc == TT_OK)
		rc = export_open(x, args, &key, err);
	if (rc == TT_OK)
		rc = export_copy(x, err);
	if (rc == TT_OK)
		rc = ctl_commit(x->ctl, err);
	if (rc == TT_OK && x->page.len > 0)
		rc = ctl_file_write(&x->file, x->page.data, x->page.len, err);
	if (rc != TT_OK)
		return rc;
	*is_end = key == TT_NO_INT;
	x->wants_names = false;
	if (!*is_end)
		*after = x->key = key;
	ctl_progress_tell(&x->progress, "exporting", x->key, x->last);
	return TT_OK;
}

static enum tt_rc export_run(struct exported *x, void *args, struct tt_error *err)
{
	enum tt_rc rc = ctl_file_open(&x->file, x->path, err);
	bool is_end = false;

	ctl_progress_begin(&x->progress, x->ctl);
	while (rc == TT_OK && !is_end)
		rc = export_page(x, args, &is_end, err);
	ctl_progress_end(&x->progress);
	tt_buf_fini(&x->page);
	rc = ctl_file_close(&x->file, rc, err);
	if (rc != TT_OK && rc != TT_IO && x->key > 0 && x->file.is_stdout)
		tt_error_hint(err, "Go on with --after %" PRId64 ".", x->key);
	return rc;
}

static enum tt_rc export_main(
	struct ctl *ctl, const char *what, int argc, char **argv, struct tt_error *err)
{
	const char *path = ctl_option(ctl, "--output"), *o = ctl_option(ctl, "-o");
	struct exported x = {.ctl = ctl,
		.kind = export_kinds,
		.path = path ? path : o,
		.area = ctl_option(ctl, "--area"),
		.from = ctl_option(ctl, "--from"),
		.to = ctl_option(ctl, "--to"),
		.after = ctl_option(ctl, "--after"),
		.is_json = ctl_has(ctl, "--ndjson"),
		.is_raw = ctl_has(ctl, "--raw")};
	const struct tt_operation *op = tt_operation_find("export.page");
	void *args = tt_operation_args_new(op);
	enum tt_rc rc = ctl_no_more(argc, argv, err);

	while (strcmp(x.kind->name, what) != 0)
		x.kind++;
	if (rc == TT_OK && path && o)
		rc = tt_fail(err, TT_USAGE, "--output and -o are the same; give one");
	if (rc == TT_OK && x.is_json && ctl->format == CTL_CSV)
		rc = tt_fail(err, TT_USAGE, "--ndjson and --csv exclude each other");
	if (rc == TT_OK && x.area && !x.kind->has_area)
		rc = tt_fail(
			err, TT_USAGE, "--area is for bags and scans; %s have none", x.kind->name);
	x.is_json = x.is_json || ctl->format == CTL_JSON;
	x.wants_names = !x.after;
	if (rc == TT_OK)
		rc = export_args(&x, op, args, err);
	if (rc == TT_OK)
		rc = ctl_connect(ctl, err);
	if (rc == TT_OK)
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = export_run(&x, args, err);
	tt_operation_args_free(op, args);
	return rc;
}

enum tt_rc ctl_export_bags(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return export_main(ctl, "bags", argc, argv, err);
}

enum tt_rc ctl_export_scans(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return export_main(ctl, "scans", argc, argv, err);
}

enum tt_rc ctl_export_bills(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return export_main(ctl, "bills", argc, argv, err);
}

enum tt_rc ctl_export_audit(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return export_main(ctl, "audit", argc, argv, err);
}
