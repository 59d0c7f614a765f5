/*
 * A table for people to read: titles and cells of text, to be printed as text, CSV or on paper.
 */
#ifndef TRACETRACK_GRID_H
#define TRACETRACK_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/text.h>

struct tt_grid_column {
	const char *title;
	double width;  /* on paper, in shares of the row */
	bool is_right; /* numbers */
};

/* Fill columns and column_count, leave the rest zero. */
struct tt_grid {
	const char *title; /* NULL: none */
	const struct tt_grid_column *columns;
	size_t column_count;
	bool has_total; /* the last row sums up the others */
	char **cells;   /* owned; row by row */
	size_t cell_count, cell_cap;
};

/* Add the next cell, rows from left to right; NULL is "". Copied. */
void tt_grid_add(struct tt_grid *grid, const char *text);
void tt_grid_number(struct tt_grid *grid, int64_t n); /* TT_NO_INT is "" */
void tt_grid_kg(struct tt_grid *grid, int64_t grams); /* "30.250"; TT_NO_INT is "" */
size_t tt_grid_rows(const struct tt_grid *grid);
const char *tt_grid_cell(const struct tt_grid *grid, size_t row, size_t column);
void tt_grid_fini(struct tt_grid *grid);

/* Append the grid as aligned text, cleaned, each line indented by a blank; no blanks at their ends.
 */
void tt_grid_text(const struct tt_grid *grid, struct tt_buf *out);

/*
 * How many of `left` rows go on a page that has room for `room`, when `tail` more rows' height must
 * follow the last one on its page. Never leaves the tail with less than two rows, when there are
 * so many. room must exceed tail by 2.
 */
size_t tt_grid_break(size_t left, size_t room, size_t tail);

#endif
