/* Drawing a listing as a table: titles, the rows in sight, the selected one and the marked ones. */
#ifndef TRACETRACK_TUI_GRID_H
#define TRACETRACK_TUI_GRID_H

#include <tracetrack/listing.h>
#include <tracetrack/scroll.h>
#include <tracetrack/table.h>

#include "draw.h"

/* Learn widths, fit columns, follow the selection and draw; sorted: the column with an arrow, or
 * NULL; bar: the one that has bars on the right, or NULL. The cursor goes to the selected row. */
void grid_draw(const struct canvas *c, const struct tt_listing *l, struct tt_table *t,
	struct tt_scroll *scroll, const struct tt_column *sorted, bool is_reversed,
	const struct tt_column *bar);

#endif
