/* What a screen shows as a file in the station's own folder: rows as CSV, or a text. */
#ifndef TRACETRACK_TUI_EXPORT_H
#define TRACETRACK_TUI_EXPORT_H

#include <stdbool.h>

#include <tracetrack/column.h>

struct tt_screen;

/* Start from cols and name, for a text from name and suffix. */
struct exported {
	const struct tt_column *cols;
	const char *name;   /* the file's name begins with it */
	const char *suffix; /* and ends with this; NULL: ".csv" */
	struct tt_buf text;
	size_t count;
};

void export_row(struct exported *x, const void *row);
/* Write STATE-DIR/STATION/exports/NAME-TIME.csv, readable by its owner only, never over another;
 * say where it is, or why not. Frees x. is_all: nothing was left out. */
void export_write(struct tt_screen *s, struct exported *x, bool is_all);
/* The same for a text, with what it is: "BILL-7". */
void export_write_text(struct tt_screen *s, struct exported *x, const char *what);

#endif
