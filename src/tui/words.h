/* The words of an outcome, with what an answer tells put into them. */
#ifndef TRACETRACK_TUI_WORDS_H
#define TRACETRACK_TUI_WORDS_H

#include <tracetrack/column.h>

/* Fill a template of outcome.h from the first row; code: what stands for {code} when the row has
 * none. */
void words_fill(
	char *dst, size_t size, const char *text, const struct tt_rows *rows, const char *code);

#endif
