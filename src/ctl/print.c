/*
 * Rows as text for people, as stable text for pipes, as CSV or JSON. All of it from the result
 * columns.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/csv.h>

#include "ctl.h"

static void print_json(const struct tt_operation *op, const struct tt_rows *rows, FILE *out)
{
	struct tt_json json = {0};

	tt_operation_json(&json, NULL, op, rows);
	fprintf(out, "%s\n", json.text.data);
	tt_json_fini(&json);
}

static void print_csv(const struct tt_rows *rows, FILE *out)
{
	struct tt_buf text = {0};
	size_t i;

	tt_csv_names(rows->cols, &text);
	fputs(text.data, out);
	for (i = 0; i < rows->count; i++) {
		tt_buf_clear(&text);
		tt_csv_row(rows->cols, tt_rows_at(rows, i), &text);
		fputs(text.data, out);
	}
	tt_buf_fini(&text);
}

/* One row: a line for each field that has a value. */
static void print_facts(const struct tt_rows *rows, bool human, FILE *out)
{
	const struct tt_column *col;
	struct tt_buf text = {0};

	for (col = rows->cols; col->name && rows->count > 0; col++) {
		tt_buf_clear(&text);
		tt_column_print(col, tt_rows_at(rows, 0), human, &text);
		if (text.len > 0)
			fprintf(out, human ? "%-14s %s\n" : "%s\t%s\n", col->name, text.data);
	}
	tt_buf_fini(&text);
}

static int print_width(const struct tt_rows *rows, const struct tt_column *col)
{
	struct tt_buf text = {0};
	int width = (int)strlen(col->name), w;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		tt_buf_clear(&text);
		tt_column_print(col, tt_rows_at(rows, i), true, &text);
		w = text.data ? tt_text_width(text.data) : 0;
		width = w > width ? w : width;
	}
	tt_buf_fini(&text);
	return width;
}

static void print_cell(const char *s, int width, bool is_last, FILE *out)
{
	fputs(s, out);
	if (!is_last)
		fprintf(out, "%*s", width - tt_text_width(s) + 2, "");
}

static void print_table(const struct tt_rows *rows, FILE *out)
{
	size_t n = tt_column_count(rows->cols), i, c;
	int *width = tt_alloc((n + 1) * sizeof(*width));
	struct tt_buf text = {0};

	for (c = 0; c < n; c++) {
		width[c] = print_width(rows, &rows->cols[c]);
		print_cell(rows->cols[c].name, width[c], c + 1 == n, out);
	}
	fputc('\n', out);
	for (i = 0; i < rows->count; i++) {
		for (c = 0; c < n; c++) {
			tt_buf_clear(&text);
			tt_column_print(&rows->cols[c], tt_rows_at(rows, i), true, &text);
			print_cell(text.data ? text.data : "", width[c], c + 1 == n, out);
		}
		fputc('\n', out);
	}
	tt_buf_fini(&text);
	free(width);
}

static void print_tabs(const struct tt_rows *rows, FILE *out)
{
	const struct tt_column *col;
	struct tt_buf text = {0};
	size_t i;

	for (i = 0; i < rows->count; i++) {
		for (col = rows->cols; col->name; col++) {
			tt_buf_clear(&text);
			tt_column_print(col, tt_rows_at(rows, i), false, &text);
			fprintf(out, "%s%s", text.data ? text.data : "", col[1].name ? "\t" : "\n");
		}
	}
	tt_buf_fini(&text);
}

void ctl_print_rows(
	const struct ctl *ctl, const struct tt_operation *op, const struct tt_rows *rows, FILE *out)
{
	bool human = isatty(fileno(out));

	if (ctl->format == CTL_JSON)
		print_json(op, rows, out);
	else if (ctl->format == CTL_CSV)
		print_csv(rows, out);
	else if (!(op->flags & TT_OP_LIST))
		print_facts(rows, human, out);
	else if (human)
		print_table(rows, out);
	else
		print_tabs(rows, out);
}

void ctl_print_error(const struct ctl *ctl, const struct tt_error *err)
{
	struct tt_json json = {0};

	if (ctl->format == CTL_JSON) {
		tt_json_open(&json, NULL, '{');
		tt_json_error(&json, "error", err);
		tt_json_close(&json, '}');
		fprintf(stderr, "%s\n", json.text.data);
		tt_json_fini(&json);
		return;
	}
	fprintf(stderr, "tracetrackctl: %s\n", err->message);
	if (*err->detail)
		fprintf(stderr, "  %s\n", err->detail);
	if (*err->hint)
		fprintf(stderr, "  %s\n", err->hint);
}
