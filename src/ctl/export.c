/*
 * export: pages of finished lines, one call after the other, into a file that is complete or not
 * there, or onto standard output. What is kept in memory is one page.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "transfer.h"

static const char export_bags[] =
	"code,role,family,state,area,parent,position,children,capacity,grams,bill,since,by\r\n";
static const char export_scans[] =
	"number,at,station,person,action,outcome,code,parent,position,children,grams,reason,"
	"offline,event\r\n";

struct export {
	struct ctl *ctl;
	const char *what, *header, *path, *area, *from, *to, *after;
	bool is_json, is_raw;
	struct ctl_file file;
	int64_t key; /* of the page written last; 0: none, -1: that had none */
};

static enum tt_rc export_args(const struct export *x, const struct tt_operation *op, void *args,
	struct tt_error *err)
{
	const char *const values[][2] = {{"what", x->what}, {"after", x->after}, {"area", x->area},
		{"from", x->from}, {"to", x->to}, {"json", x->is_json ? "yes" : "no"},
		{"raw", x->is_raw ? "yes" : "no"}};
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

/* One page: written, and x->key moved on; is_end behind the last. */
static enum tt_rc export_page(struct export *x, void *args, bool *is_end, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("export.page");
	int64_t *after = tt_operation_arg(op, args, "after"), key;
	struct tt_call call = {0};
	enum tt_rc rc = ctl_call(x->ctl, op, args, &call, err);
	const char *outcome = rc == TT_OK ? tt_operation_outcome(op, &call.rows) : NULL;
	char *const *lines;

	if (outcome && strcmp(outcome, "ok") != 0)
		rc = export_refused(outcome, &call.rows, err);
	if (rc == TT_OK) {
		lines = tt_field(tt_column_find(op->result, "lines"), tt_rows_at(&call.rows, 0));
		key = *(int64_t *)tt_field(tt_column_find(op->result, "key"),
			tt_rows_at(&call.rows, 0));
		*is_end = key == TT_NO_INT;
		if (!x->is_json && !x->after && x->key == 0)
			rc = ctl_file_write(&x->file, x->header, strlen(x->header), err);
		x->key = x->key ? x->key : -1;
		if (rc == TT_OK && *lines)
			rc = ctl_file_write(&x->file, *lines, strlen(*lines), err);
		if (rc == TT_OK && !*is_end)
			*after = x->key = key;
	}
	tt_call_fini(&call);
	return rc;
}

static enum tt_rc export_run(struct export *x, void *args, struct tt_error *err)
{
	enum tt_rc rc = ctl_file_open(&x->file, x->path, err);
	bool is_end = false;

	while (rc == TT_OK && !is_end)
		rc = export_page(x, args, &is_end, err);
	rc = ctl_file_close(&x->file, rc, err);
	if (rc != TT_OK && rc != TT_IO && x->key > 0 && x->file.is_stdout)
		tt_error_hint(err, "Go on with --after %lld.", (long long)x->key);
	return rc;
}

static enum tt_rc export_main(struct ctl *ctl, const char *what, const char *header, int argc,
	char **argv, struct tt_error *err)
{
	struct export x = {.ctl = ctl, .what = what, .header = header};
	const struct tt_operation *op = tt_operation_find("export.page");
	void *args = tt_operation_args_new(op);
	const struct ctl_option options[] = {{"--output", &x.path}, {"-o", &x.path},
		{"--area", &x.area}, {"--from", &x.from}, {"--to", &x.to}, {"--after", &x.after},
		{NULL, NULL}};
	const struct ctl_flag flags[] = {{"--ndjson", &x.is_json}, {"--raw", &x.is_raw},
		{NULL, NULL}};
	enum tt_rc rc;

	ctl_take_flags(flags, &argc, argv);
	rc = ctl_take_options(options, &argc, argv, err);
	if (rc == TT_OK)
		rc = ctl_no_more(argc, argv, err);
	if (rc == TT_OK && x.is_json && ctl->format == CTL_CSV)
		rc = tt_fail(err, TT_USAGE, "--ndjson and --csv exclude each other");
	x.is_json = x.is_json || ctl->format == CTL_JSON;
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
	return export_main(ctl, "bags", export_bags, argc, argv, err);
}

enum tt_rc ctl_export_scans(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return export_main(ctl, "scans", export_scans, argc, argv, err);
}
