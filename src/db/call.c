/*
 * The caller's side of a call: parameters in, nothing of libpq visible.
 */
#include <tracetrack/link.h>

#include <stdlib.h>
#include <string.h>

void tt_call_init(
	struct tt_call *call, const char *sql, const struct tt_column *cols, size_t row_size)
{
	memset(call, 0, sizeof(*call));
	call->sql = sql;
	call->cols = cols;
	call->row_size = row_size;
	call->rows.cols = cols;
	call->rows.size = row_size;
}

static void call_end_param(struct tt_call *call, size_t start, bool is_null)
{
	call->at[call->nparams] = start;
	call->is_null[call->nparams] = is_null;
	call->nparams++;
	tt_buf_add(&call->text, "", 1);
}

void tt_call_bind(struct tt_call *call, const struct tt_column *cols, const void *row)
{
	for (; cols && cols->name; cols++) {
		size_t start = call->text.len;

		if (call->nparams == TT_CALL_MAX_PARAMS)
			abort();
		call_end_param(call, start, !tt_column_bind(cols, row, &call->text));
	}
}

void tt_call_bind_text(struct tt_call *call, const char *value)
{
	size_t start = call->text.len;

	if (call->nparams == TT_CALL_MAX_PARAMS)
		abort();
	tt_buf_puts(&call->text, value ? value : "");
	call_end_param(call, start, value == NULL);
}

void tt_call_fini(struct tt_call *call)
{
	tt_rows_fini(&call->rows);
	tt_buf_fini(&call->text);
	call->nparams = 0;
}
