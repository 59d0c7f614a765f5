/*
 * Columns of a chart as cells of characters: how high each is in eighths of a cell, and a round
 * maximum for the axis.
 */
#ifndef TRACETRACK_CHART_H
#define TRACETRACK_CHART_H

#include <stddef.h>
#include <stdint.h>

/* The next of 5, 10, 20, 50, 100 ... that no value is above. */
int64_t tt_chart_most(const int64_t *values, const int64_t *others, size_t count);
/* How much of the cell `row`, counted from the bottom, a value fills: 0 to 8. A value above 0 fills
 * at least an eighth of the lowest cell. */
int tt_chart_eighths(int64_t value, int64_t most, int rows, int row);
/* The row, from the bottom, in which the end of a value lies; -1 for 0. */
int tt_chart_row(int64_t value, int64_t most, int rows);

#endif
