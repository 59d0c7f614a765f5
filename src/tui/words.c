/*
 * Templates of outcomes, filled from a row of any operation.
 */
#include "words.h"

#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/outcome.h>
#include <tracetrack/table.h>

struct words {
	const struct tt_rows *rows;
	const char *code;
	char value[200];
};

static const char *words_value(void *ctx, const char *name)
{
	struct words *w = ctx;
	const struct tt_column *col = tt_column_find(w->rows->cols, name);

	w->value[0] = '\0';
	if (col && w->rows->count > 0)
		tt_table_cell(col, tt_rows_at(w->rows, 0), tt_now(), w->value, sizeof(w->value));
	if (w->value[0] == '\0' && strcmp(name, "code") == 0)
		return w->code;
	return w->value;
}

void words_fill(
	char *dst, size_t size, const char *text, const struct tt_rows *rows, const char *code)
{
	struct words w = {rows, code, ""};

	tt_template_fill(dst, size, text, words_value, &w);
}
