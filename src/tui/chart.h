/* A chart of columns in a rectangle: axis with its maximum, columns, and other values as dots. */
#ifndef TRACETRACK_TUI_CHART_H
#define TRACETRACK_TUI_CHART_H

#include <stddef.h>
#include <stdint.h>

#include "draw.h"

/* One column for each value, the last ones where the rectangle is narrow, several columns each
 * where it is wide. others: to compare with, or NULL. first, last: labels of the ends of the axis.
 */
void chart_draw(const struct canvas *c, const int64_t *values, const int64_t *others, size_t count,
	const char *first, const char *last);

#endif
