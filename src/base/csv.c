/*
 * CSV from column rows.
 */
#include <tracetrack/csv.h>

#include <string.h>

void tt_csv_text(const char *s, struct tt_buf *out)
{
	tt_buf_puts(out, "\"");
	if (*s && strchr("=+-@\t\r\n", *s))
		tt_buf_puts(out, "'");
	for (; *s; s++) {
		if (*s == '"')
			tt_buf_puts(out, "\"");
		tt_buf_add(out, s, 1);
	}
	tt_buf_puts(out, "\"");
}

void tt_csv_names(const struct tt_column *cols, struct tt_buf *out)
{
	for (; cols->name; cols++)
		tt_buf_printf(out, "%s%s", cols->name, cols[1].name ? "," : "\r\n");
}

void tt_csv_row(const struct tt_column *cols, const void *row, struct tt_buf *out)
{
	struct tt_buf text = {0};

	for (; cols->name; cols++) {
		tt_buf_clear(&text);
		tt_column_print(cols, row, false, &text);
		if (cols->type == TT_INT || cols->type == TT_GRAMS)
			tt_buf_puts(out, text.data ? text.data : "");
		else
			tt_csv_text(text.data ? text.data : "", out);
		tt_buf_puts(out, cols[1].name ? "," : "\r\n");
	}
	tt_buf_fini(&text);
}
