/*
 * import: a CSV file, or standard input once it is kept as one, is read twice. The first pass finds
 * whatever is wrong with the file itself, counts its rows and takes its checksum, from which the
 * import's id is made: the same command goes on where it was broken off, whatever broke. The second
 * stages the rows; the database judges and writes them, batch by batch.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <tracetrack/clock.h>
#include <tracetrack/csv.h>
#include <tracetrack/csv_reader.h>
#include <tracetrack/outcome.h>

#include "ctl.h"
#include "progress.h"
#include "transfer.h"

#define IMPORT_BATCH_ROWS 5000
#define IMPORT_BATCH_BYTES (512 * 1024)

/* A column of the file, the parameter of import.stage that takes it, and whether a file of that
 * kind can't do without it. */
struct import_column {
	const char *name, *param;
	bool is_needed;
};
#define COL_MOST 5

struct import_kind {
	const char *name;
	struct import_column columns[COL_MOST];
	const char *errors; /* the first columns of the file of refused rows */
	bool is_bills;      /* what goes onto one is code, the bill itself parent */
};

/* clang-format off */
static const struct import_kind import_bags = {"bags", {{"code", "codes", true},
	{"parent", "parents", false}, {"area", "areas", false}, {"grams", "grams", false},
	{"role", "roles", false}}, "line,code,parent", false};
static const struct import_kind import_children = {"children", {{"code", "codes", true},
	{"parent", "parents", true}, {"area", "areas", false}, {"grams", "grams", false},
	{"role", "roles", false}}, "line,code,parent", false};
static const struct import_kind import_bills = {"bills", {{"bill", "parents", true},
	{"parent", "codes", false}, {"destination", "destinations", false},
	{"vehicle", "vehicles", false}, {"capacity", "capacities", false}},
	"line,bill,parent", true};
/* clang-format on */

struct import {
	struct ctl *ctl;
	const struct import_kind *kind;
	const char *mode, *path, *area, *errors, *batch;
	char errors_path[4096];
	bool is_dry, is_good, is_stdin, is_in_transaction;
	struct tt_uuid id;
	/* the file */
	int input; /* standard input, kept; -1: a file that has a name */
	struct tt_csv csv;
	int at[COL_MOST]; /* cell of each column, -1: none */
	size_t width;
	int64_t rows, last_line, staged;
	crypto_hash_sha256_state hash;
	char sum[65];
	/* a batch: an array each of lines, the columns and what is wrong */
	struct tt_buf arrays[COL_MOST + 2];
	size_t batch_rows;
	/* what it came to */
	struct tt_call answer;
	int64_t refused;
	struct ctl_progress progress;
};

#define LINES COL_MOST
#define WHYS (COL_MOST + 1)

/* ---- the file */

/* "The columns are code, parent, area, grams, role" and what more is to be said. */
static void import_hint(
	const struct import *in, const char *before, const char *behind, struct tt_error *err)
{
	struct tt_buf text = {0};
	size_t i;

	for (i = 0; i < COL_MOST; i++)
		tt_buf_printf(&text, "%s%s", i ? ", " : "", in->kind->columns[i].name);
	tt_error_hint(err, "%sThe columns are %s%s.", before, text.data, behind);
	tt_buf_fini(&text);
}

static void import_on_bytes(void *ctx, const void *data, size_t len)
{
	struct import *in = ctx;

	crypto_hash_sha256_update(&in->hash, data, len);
}

static enum tt_rc import_unknown_column(
	const struct import *in, const char *name, struct tt_error *err)
{
	const char *near = NULL;
	unsigned least = UINT_MAX;
	char clean[64], before[64] = "";
	size_t i;

	tt_clean(clean, sizeof(clean), name, strlen(name));
	for (i = 0; i < COL_MOST; i++) {
		if (tt_is_nearer(clean, in->kind->columns[i].name, &least))
			near = in->kind->columns[i].name;
	}
	tt_fail(err, TT_DATA, "%s has a column \"%s\" that is not known", in->path, clean);
	if (near)
		tt_format(before, sizeof(before), "Did you mean %s? ", near);
	import_hint(in, before, near ? "" : "; leave out others", err);
	return TT_DATA;
}

static enum tt_rc import_take_column(struct import *in, size_t cell, struct tt_error *err)
{
	char name[64];
	size_t i, len;

	tt_copy(name, sizeof(name), in->csv.cells[cell] + strspn(in->csv.cells[cell], " \t"));
	for (len = strlen(name); len > 0 && strchr(" \t", name[len - 1]); len--)
		name[len - 1] = '\0';
	for (i = 0; i < COL_MOST; i++) {
		if (strcasecmp(name, in->kind->columns[i].name) != 0)
			continue;
		if (in->at[i] >= 0)
			return tt_fail(err, TT_DATA, "%s has two columns %s", in->path,
				in->kind->columns[i].name);
		in->at[i] = (int)cell;
		return TT_OK;
	}
	return import_unknown_column(in, name, err);
}

static enum tt_rc import_read_header(struct import *in, struct tt_error *err)
{
	enum tt_rc rc = tt_csv_next(&in->csv, err);
	size_t i;

	for (i = 0; i < COL_MOST; i++)
		in->at[i] = -1;
	if (rc == TT_OK && in->csv.is_end) {
		tt_fail(err, TT_DATA, "%s is empty", in->path);
		import_hint(in, "Its first line names them. ", "", err);
		return TT_DATA;
	}
	for (i = 0; i < in->csv.count && rc == TT_OK; i++)
		rc = import_take_column(in, i, err);
	in->width = in->csv.count;
	for (i = 0; i < COL_MOST && rc == TT_OK; i++) {
		if (in->kind->columns[i].is_needed && in->at[i] < 0)
			rc = tt_fail(err, TT_DATA, "%s has no column %s", in->path,
				in->kind->columns[i].name);
	}
	return rc;
}

static enum tt_rc import_open_file(struct import *in, struct tt_error *err)
{
	struct stat st;
	enum tt_rc rc;

	if (in->input >= 0) {
		(void)lseek(in->input, 0, SEEK_SET);
		return tt_csv_open_fd(
			&in->csv, fcntl(in->input, F_DUPFD_CLOEXEC, 0), in->path, err);
	}
	rc = tt_csv_open(&in->csv, in->path, err);
	if (rc == TT_IO && stat(in->path, &st) == 0 && S_ISFIFO(st.st_mode))
		tt_error_hint(err, "Standard input may be a pipe: name it -.");
	return rc;
}

/* Open the file and read its header; from its beginning, with a new checksum. */
static enum tt_rc import_open(struct import *in, struct tt_error *err)
{
	enum tt_rc rc;

	memset(&in->csv, 0, sizeof(in->csv));
	crypto_hash_sha256_init(&in->hash);
	in->csv.on_bytes = import_on_bytes;
	in->csv.ctx = in;
	rc = import_open_file(in, err);
	return rc == TT_OK ? import_read_header(in, err) : rc;
}

static void import_close(struct import *in, char sum[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(&in->hash, hash);
	tt_hex(sum, hash, sizeof(hash));
	tt_csv_close(&in->csv);
}

static enum tt_rc import_survey(struct import *in, struct tt_error *err)
{
	enum tt_rc rc = import_open(in, err);

	while (rc == TT_OK) {
		rc = tt_csv_next(&in->csv, err);
		if (rc != TT_OK || in->csv.is_end)
			break;
		in->rows++;
		in->last_line = (int64_t)in->csv.line;
	}
	import_close(in, in->sum);
	if (rc == TT_OK && in->rows == 0) {
		tt_fail(err, TT_DATA, "%s has a header and no rows", in->path);
		return TT_DATA;
	}
	return rc;
}

/* ---- calls */

static void import_bind_id(
	const struct tt_operation *op, void *args, const char *name, const struct tt_uuid *id)
{
	*(struct tt_uuid *)tt_operation_arg(op, args, name) = *id;
}

static void import_bind_text(
	const struct tt_operation *op, void *args, const char *name, const char *value)
{
	*(char **)tt_operation_arg(op, args, name) = tt_strdup(value);
}

static int64_t import_int(const struct tt_call *call, const char *name)
{
	const struct tt_column *col = tt_column_find(call->cols, name);

	return *(const int64_t *)tt_field(col, tt_rows_at(&call->rows, 0));
}

static const char *import_text(const struct tt_call *call, size_t row, const char *name)
{
	const struct tt_column *col = tt_column_find(call->cols, name);

	return *(char *const *)tt_field(col, tt_rows_at(&call->rows, row));
}

static enum tt_rc import_refused(
	const char *outcome, const struct tt_rows *rows, struct tt_error *err)
{
	const struct tt_outcome *o = tt_outcome_find(outcome);

	if (strcmp(o->name, "rate_limited") == 0)
		return ctl_too_many("import", rows, err);
	if (strcmp(o->name, "session_expired") == 0 || strcmp(o->name, "not_permitted") == 0) {
		tt_fail(err, TT_DENIED,
			strcmp(o->name, "not_permitted") == 0 ? "this person may not import"
							      : "the session has ended");
		return TT_DENIED;
	}
	if (strcmp(o->name, "version_moved") == 0) {
		tt_fail(err, TT_CONFLICT, "the import or the code families were changed meanwhile");
		tt_error_hint(err, "Run the same command again.");
		return TT_CONFLICT;
	}
	tt_fail(err, TT_REFUSED, "the import is refused: %s", o->name);
	tt_error_hint(err, "%s. %s", o->message, o->advice);
	return TT_REFUSED;
}

/* One call, again while another import or a scan is in the way. Its answer is good until the next
 * one; args are freed. */
static enum tt_rc import_call(struct import *in, const char *name, void *args, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find(name);
	const struct timespec pause = {0, 200000000};
	const char *outcome;
	enum tt_rc rc;

	for (;;) {
		tt_call_fini(&in->answer);
		rc = ctl_call_within(in->ctl, op, args, in->is_in_transaction, &in->answer, err);
		if (rc == TT_OK || !in->answer.may_retry || in->is_in_transaction)
			break;
		(void)nanosleep(&pause, NULL);
	}
	tt_operation_args_free(op, args);
	outcome = rc == TT_OK ? tt_operation_outcome(op, &in->answer.rows) : NULL;
	if (outcome && strcmp(outcome, "ok") != 0)
		rc = import_refused(outcome, &in->answer.rows, err);
	return rc;
}

static enum tt_rc import_statement(struct import *in, const char *sql, struct tt_error *err)
{
	tt_call_fini(&in->answer);
	tt_call_init(&in->answer, sql, NULL, 0);
	in->answer.is_in_transaction = in->is_in_transaction;
	return tt_link_call_blocking(in->ctl->link, &in->answer, err);
}

/* The same file, kind, way, area and person make the same id. */
static enum tt_rc import_name(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("session.check");
	unsigned char hash[crypto_hash_sha256_BYTES];
	struct tt_buf text = {0};
	char hex[65], id[37];
	enum tt_rc rc = import_call(in, op->name, tt_operation_args_new(op), err);

	if (rc != TT_OK || !tt_uuid_is_nil(&in->id))
		return rc;
	tt_buf_printf(&text, "import %s %s %s %s %s", in->kind->name, in->mode,
		in->area ? in->area : "-", import_text(&in->answer, 0, "login"), in->sum);
	crypto_hash_sha256(hash, (const unsigned char *)text.data, text.len);
	hash[6] = (unsigned char)(0x80 | (hash[6] & 0x0f));
	hash[8] = (unsigned char)(0x80 | (hash[8] & 0x3f));
	tt_hex(hex, hash, sizeof(hash));
	tt_format(id, sizeof(id), "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		hex + 20);
	tt_buf_fini(&text);
	return tt_uuid_parse(id, &in->id) ? TT_OK : tt_fail(err, TT_INTERNAL, "no id");
}

static enum tt_rc import_begin(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.begin");
	const char *base = strrchr(in->path, '/');
	void *args = tt_operation_args_new(op);
	enum tt_rc rc;

	import_bind_id(op, args, "event", &in->id);
	import_bind_text(op, args, "kind", in->kind->name);
	import_bind_text(op, args, "mode", in->mode);
	import_bind_text(op, args, "file", base ? base + 1 : in->path);
	import_bind_text(op, args, "sum", in->sum);
	import_bind_text(op, args, "area", in->area);
	*(int64_t *)tt_operation_arg(op, args, "rows") = in->rows;
	*(int64_t *)tt_operation_arg(op, args, "last_line") = in->last_line;
	rc = import_call(in, op->name, args, err);
	if (rc == TT_OK)
		in->staged = import_int(&in->answer, "staged");
	return rc;
}

/* ---- staging */

/* An element of an array's text: NULL, or quoted. */
static void import_put(struct tt_buf *array, const char *value)
{
	const char *p;

	tt_buf_puts(array, array->len ? "," : "{");
	if (!value || *value == '\0') {
		tt_buf_puts(array, "NULL");
		return;
	}
	tt_buf_puts(array, "\"");
	for (p = value; *p; p++) {
		if (*p == '"' || *p == '\\')
			tt_buf_puts(array, "\\");
		tt_buf_add(array, p, 1);
	}
	tt_buf_puts(array, "\"");
}

static void import_put_row(struct import *in)
{
	char why[64] = "";
	size_t i;

	if (in->csv.count != in->width)
		tt_format(why, sizeof(why), "%zu cells where the header has %zu", in->csv.count,
			in->width);
	for (i = 0; i < COL_MOST; i++)
		import_put(&in->arrays[i], in->at[i] >= 0 && (size_t)in->at[i] < in->csv.count
						   ? in->csv.cells[in->at[i]]
						   : NULL);
	import_put(&in->arrays[WHYS], why);
	tt_buf_printf(&in->arrays[LINES], "%s%llu", in->arrays[LINES].len ? "," : "{",
		(unsigned long long)in->csv.line);
	in->batch_rows++;
}

static enum tt_rc import_send(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.stage");
	void *args = tt_operation_args_new(op);
	size_t i;

	for (i = 0; i < COL_MOST + 2; i++) {
		tt_buf_puts(&in->arrays[i], "}");
		import_bind_text(op, args,
			i == LINES  ? "lines"
			: i == WHYS ? "whys"
				    : in->kind->columns[i].param,
			in->arrays[i].data);
		tt_buf_clear(&in->arrays[i]);
	}
	import_bind_id(op, args, "import", &in->id);
	in->batch_rows = 0;
	return import_call(in, op->name, args, err);
}

static bool import_is_batch_full(const struct import *in)
{
	size_t i, bytes = 0;

	for (i = 0; i < COL_MOST + 2; i++)
		bytes += in->arrays[i].len;
	return in->batch_rows == IMPORT_BATCH_ROWS || bytes > IMPORT_BATCH_BYTES;
}

static enum tt_rc import_stage(struct import *in, struct tt_error *err)
{
	enum tt_rc rc = import_open(in, err);
	int64_t seen = 0;
	char sum[65];

	while (rc == TT_OK) {
		rc = tt_csv_next(&in->csv, err);
		if (rc != TT_OK || in->csv.is_end)
			break;
		seen++;
		if ((int64_t)in->csv.line <= in->staged)
			continue;
		import_put_row(in);
		/* The last row stays for when the checksum is known. */
		if (import_is_batch_full(in) && seen < in->rows)
			rc = import_send(in, err);
		ctl_progress_tell(&in->progress, "reading", seen, in->rows);
	}
	import_close(in, sum);
	if (rc == TT_OK && strcmp(sum, in->sum) != 0) {
		tt_fail(err, TT_DATA, "%s was changed while it was read", in->path);
		tt_error_hint(err, "Nothing was imported. Run the same command again.");
		return TT_DATA;
	}
	if (rc == TT_OK && in->batch_rows > 0)
		rc = import_send(in, err);
	return rc;
}

/* ---- applying */

static enum tt_rc import_apply_all(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.apply");
	bool is_done = false;
	enum tt_rc rc = TT_OK;
	void *args;

	while (rc == TT_OK && !is_done) {
		args = tt_operation_args_new(op);
		import_bind_id(op, args, "import", &in->id);
		if (in->batch)
			*(int64_t *)tt_operation_arg(op, args, "limit") = atoll(in->batch);
		rc = import_call(in, op->name, args, err);
		if (rc != TT_OK)
			break;
		is_done = strcmp(import_text(&in->answer, 0, "state"), "done") == 0;
		in->refused = import_int(&in->answer, "refused");
		ctl_progress_tell(&in->progress, "importing",
			import_int(&in->answer, "opened") + import_int(&in->answer, "linked") +
				import_int(&in->answer, "again") + in->refused,
			in->rows);
	}
	return rc;
}

struct import_bad_row {
	const struct tt_call *call;
	size_t row;
	bool is_bill; /* its parent is the bill, its code the parent */
	char text[64];
};

/* What the outcome's sentence speaks of. */
static const char *import_bad_value(void *ctx, const char *name)
{
	static const char *const names[][2] = {{"when", "other_at"}, {"by", "other_by"},
		{"where", "other_station"}, {"bill", "parent"}, {"parent", "code"}};
	struct import_bad_row *bad = ctx;
	const struct tt_column *col;
	struct tt_buf text = {0};
	size_t i;

	for (i = 0; i < (bad->is_bill ? 5 : 3); i++) {
		if (strcmp(name, names[i][0]) == 0) {
			name = names[i][1];
			break;
		}
	}
	col = tt_column_find(bad->call->cols, name);
	if (!col)
		return NULL;
	tt_column_print(col, tt_rows_at(&bad->call->rows, bad->row), false, &text);
	tt_copy(bad->text, sizeof(bad->text), text.data);
	tt_buf_fini(&text);
	return bad->text;
}

static void import_put_bad(const struct import *in, size_t row, struct tt_buf *out)
{
	const struct tt_call *call = &in->answer;
	bool is_bill = in->kind->is_bills;
	struct import_bad_row bad = {.call = call, .row = row, .is_bill = is_bill};
	const char *outcome = import_text(call, row, "outcome");
	const char *first = import_text(call, row, is_bill ? "parent" : "code");
	const char *second = import_text(call, row, is_bill ? "code" : "parent");
	const char *why = import_text(call, row, "why");
	char words[512];

	tt_template_fill(
		words, sizeof(words), tt_outcome_find(outcome)->message, import_bad_value, &bad);
	tt_buf_printf(out, "%lld,",
		(long long)*(const int64_t *)tt_field(call->cols, tt_rows_at(&call->rows, row)));
	tt_csv_text(first ? first : "", out);
	tt_buf_puts(out, ",");
	tt_csv_text(second ? second : "", out);
	tt_buf_printf(out, ",%s,", outcome);
	tt_csv_text(why ? why : words, out);
	tt_buf_puts(out, "\r\n");
}

/* All rows that were refused, into a file that is complete or not there. */
static enum tt_rc import_write_errors(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.bad");
	struct ctl_file file = {0};
	struct tt_buf text = {0};
	int64_t after = 0;
	enum tt_rc rc = ctl_file_open(&file, in->errors_path, err);
	size_t i, count = 1;
	void *args;

	tt_buf_printf(&text, "%s,outcome,why\r\n", in->kind->errors);
	while (rc == TT_OK && count > 0) {
		args = tt_operation_args_new(op);
		import_bind_id(op, args, "import", &in->id);
		*(int64_t *)tt_operation_arg(op, args, "after") = after;
		*(int64_t *)tt_operation_arg(op, args, "limit") = 5000;
		rc = import_call(in, op->name, args, err);
		count = rc == TT_OK ? in->answer.rows.count : 0;
		for (i = 0; i < count; i++)
			import_put_bad(in, i, &text);
		if (count > 0)
			after = *(const int64_t *)tt_field(
				op->result, tt_rows_at(&in->answer.rows, count - 1));
		if (rc == TT_OK)
			rc = ctl_file_write(&file, text.data, text.len, err);
		tt_buf_clear(&text);
	}
	tt_buf_fini(&text);
	return ctl_file_close(&file, rc, err);
}

/* The row that says what it came to; the words of a run that was taken back say so. */
static void import_print(struct import *in, const struct tt_rows *rows, bool is_undone)
{
	const struct tt_operation *op = tt_operation_find("import.apply");
	char **state = tt_field(tt_column_find(op->result, "state"), tt_rows_at(rows, 0));

	if (is_undone) {
		free(*state);
		*state = tt_strdup("undone");
	}
	ctl_print_rows(in->ctl, op, rows, stdout);
}

static enum tt_rc import_cancel(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.cancel");
	void *args = tt_operation_args_new(op);
	struct tt_uuid request = tt_uuid_v7();

	import_bind_id(op, args, "event", &request);
	import_bind_id(op, args, "import", &in->id);
	import_bind_text(op, args, "reason", in->is_dry ? "dry run" : "rows were refused");
	return import_call(in, op->name, args, err);
}

static enum tt_rc import_sweep(struct import *in, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("import.sweep");
	enum tt_rc rc;

	do {
		rc = import_call(in, op->name, tt_operation_args_new(op), err);
	} while (rc == TT_OK && import_int(&in->answer, "swept") > 0);
	return rc;
}

/* All of it in one transaction, which a dry run and any bad row take back. The session is prolonged
 * before, so that its row is not locked meanwhile. */
static enum tt_rc import_run_whole(
	struct import *in, struct tt_rows *result, bool *is_undone, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("session.extend");
	enum tt_rc rc = import_call(in, op->name, tt_operation_args_new(op), err);

	in->is_in_transaction = true;
	if (rc == TT_OK)
		rc = import_statement(in, "begin", err);
	if (rc == TT_OK)
		rc = import_apply_all(in, err);
	if (rc == TT_OK) {
		*result = in->answer.rows;
		memset(&in->answer.rows, 0, sizeof(in->answer.rows));
		rc = import_write_errors(in, err);
	}
	in->is_in_transaction = false;
	*is_undone = in->is_dry || in->refused > 0;
	if (rc != TT_OK)
		return rc;
	rc = import_statement(in, *is_undone ? "rollback" : "commit", err);
	return rc == TT_OK && *is_undone ? import_cancel(in, err) : rc;
}

static enum tt_rc import_run_good(struct import *in, struct tt_rows *result, struct tt_error *err)
{
	enum tt_rc rc = import_apply_all(in, err);

	if (rc != TT_OK)
		return rc;
	*result = in->answer.rows;
	memset(&in->answer.rows, 0, sizeof(in->answer.rows));
	return import_write_errors(in, err);
}

static enum tt_rc import_run(struct import *in, struct tt_error *err)
{
	struct tt_rows result = {0};
	struct tt_error ignored;
	bool is_undone = false;
	enum tt_rc rc = import_name(in, err);

	if (rc == TT_OK)
		rc = import_begin(in, err);
	if (rc == TT_OK && in->staged < in->last_line)
		rc = import_stage(in, err);
	if (rc == TT_OK)
		rc = in->is_good ? import_run_good(in, &result, err)
				 : import_run_whole(in, &result, &is_undone, err);
	ctl_progress_end(&in->progress);
	if (rc == TT_OK && import_sweep(in, &ignored) == TT_OK && in->refused == 0)
		(void)unlink(in->errors_path);
	if (rc == TT_OK)
		import_print(in, &result, is_undone);
	tt_rows_fini(&result);
	if (rc != TT_OK || in->refused == 0)
		return rc;
	tt_fail(err, TT_REFUSED, "%lld of %lld rows %s refused%s", (long long)in->refused,
		(long long)in->rows, in->is_dry ? "would be" : "were",
		in->is_good || in->is_dry ? "" : "; nothing was imported");
	tt_error_hint(err, "They are in %s.", in->errors_path);
	return TT_REFUSED;
}

static enum tt_rc import_parse(struct import *in, int argc, char **argv, struct tt_error *err)
{
	const char *event = ctl_option(in->ctl, "--event");

	in->area = in->kind->is_bills ? NULL : ctl_option(in->ctl, "--area");
	in->errors = ctl_option(in->ctl, "--errors");
	in->batch = ctl_option(in->ctl, "--batch");
	in->is_dry = ctl_has(in->ctl, "--dry-run");
	in->is_good = ctl_has(in->ctl, "--good-rows");
	if (in->is_good + in->is_dry + ctl_has(in->ctl, "--all-or-nothing") > 1)
		return tt_fail(err, TT_USAGE,
			"--dry-run, --good-rows and --all-or-nothing exclude each other");
	if (event && !tt_uuid_parse(event, &in->id))
		return tt_fail(err, TT_USAGE, "--event must be a UUID");
	if (in->batch && (atoll(in->batch) < 1 || atoll(in->batch) > 10000))
		return tt_fail(err, TT_USAGE, "--batch must be a number from 1 to 10000");
	if (argc == 0)
		return tt_fail(err, TT_USAGE, "import %s needs a file", in->kind->name);
	in->is_stdin = strcmp(argv[0], "-") == 0;
	in->path = in->is_stdin ? "standard input" : argv[0];
	in->mode = in->is_dry ? "dry" : in->is_good ? "good" : "all";
	if (in->errors)
		tt_copy(in->errors_path, sizeof(in->errors_path), in->errors);
	else
		tt_format(in->errors_path, sizeof(in->errors_path), "%s.errors.csv",
			in->is_stdin ? "import" : in->path);
	return ctl_no_more(argc - 1, argv + 1, err);
}

static enum tt_rc import_main(struct ctl *ctl, const struct import_kind *kind, int argc,
	char **argv, struct tt_error *err)
{
	struct import *in = tt_alloc(sizeof(*in));
	enum tt_rc rc;
	size_t i;

	in->ctl = ctl;
	in->kind = kind;
	in->input = -1;
	rc = import_parse(in, argc, argv, err);
	if (rc == TT_OK && ctl->settings.read_only)
		rc = tt_fail(err, TT_DENIED, "read-only is set: import is refused");
	if (rc == TT_OK && in->is_stdin)
		rc = ctl_input_keep(&in->input, err);
	ctl_progress_begin(&in->progress, ctl);
	if (rc == TT_OK)
		rc = import_survey(in, err);
	if (rc == TT_OK)
		rc = ctl_connect(ctl, err);
	if (rc == TT_OK)
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = import_run(in, err);
	if (rc == TT_UNAVAILABLE || rc == TT_TIMEOUT)
		tt_error_hint(err, "Run the same command again%s: it goes on where it was.",
			in->is_stdin ? " with the same input" : "");
	tt_call_fini(&in->answer);
	for (i = 0; i < COL_MOST + 2; i++)
		tt_buf_fini(&in->arrays[i]);
	if (in->input >= 0)
		close(in->input);
	free(in);
	return rc;
}

enum tt_rc ctl_import_bags(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return import_main(ctl, &import_bags, argc, argv, err);
}

enum tt_rc ctl_import_children(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return import_main(ctl, &import_children, argc, argv, err);
}

enum tt_rc ctl_import_bills(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	return import_main(ctl, &import_bills, argc, argv, err);
}
