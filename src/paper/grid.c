/*
 * Tables as text, and where they break on paper.
 */
#include <tracetrack/grid.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/column.h>

void tt_grid_add(struct tt_grid *grid, const char *text)
{
	if (grid->cell_count == grid->cell_cap) {
		grid->cell_cap = grid->cell_cap ? 2 * grid->cell_cap : 64;
		grid->cells = tt_realloc(grid->cells, grid->cell_cap * sizeof(*grid->cells));
	}
	grid->cells[grid->cell_count++] = tt_strdup(text ? text : "");
}

void tt_grid_number(struct tt_grid *grid, int64_t n)
{
	char text[24] = "";

	if (n != TT_NO_INT)
		tt_format(text, sizeof(text), "%" PRId64, n);
	tt_grid_add(grid, text);
}

void tt_grid_kg(struct tt_grid *grid, int64_t grams)
{
	char text[32] = "";

	if (grams != TT_NO_INT)
		tt_format(text, sizeof(text), "%s%" PRId64 ".%03" PRId64, grams < 0 ? "-" : "",
			labs(grams / 1000), labs(grams % 1000));
	tt_grid_add(grid, text);
}

size_t tt_grid_rows(const struct tt_grid *grid)
{
	return grid->cell_count / grid->column_count;
}

const char *tt_grid_cell(const struct tt_grid *grid, size_t row, size_t column)
{
	return grid->cells[row * grid->column_count + column];
}

void tt_grid_fini(struct tt_grid *grid)
{
	size_t i;

	for (i = 0; i < grid->cell_count; i++)
		free(grid->cells[i]);
	free(grid->cells);
	grid->cells = NULL;
	grid->cell_count = grid->cell_cap = 0;
}

#define GRID_CELL 512

static int grid_width(const struct tt_grid *grid, size_t column)
{
	int width = tt_text_width(grid->columns[column].title), w;
	char text[GRID_CELL];
	const char *cell;
	size_t row;

	for (row = 0; row < tt_grid_rows(grid); row++) {
		cell = tt_grid_cell(grid, row, column);
		tt_clean(text, sizeof(text), cell, strlen(cell));
		w = tt_text_width(text);
		width = w > width ? w : width;
	}
	return width;
}

static void grid_put(
	const struct tt_grid *grid, size_t column, int width, const char *cell, struct tt_buf *out)
{
	char text[GRID_CELL];
	int blanks;

	tt_clean(text, sizeof(text), cell, strlen(cell));
	blanks = width - tt_text_width(text);
	tt_buf_puts(out, column == 0 ? " " : "  ");
	if (grid->columns[column].is_right)
		tt_buf_printf(out, "%*s%s", blanks, "", text);
	else
		tt_buf_printf(out, "%s%*s", text, blanks, "");
}

static void grid_end_line(struct tt_buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
	tt_buf_puts(out, "\n");
}

static void grid_rule(const int *width, size_t columns, struct tt_buf *out)
{
	size_t c;
	int i;

	for (c = 0; c < columns; c++) {
		tt_buf_puts(out, c == 0 ? " " : "  ");
		for (i = 0; i < width[c]; i++)
			tt_buf_puts(out, "-");
	}
	tt_buf_puts(out, "\n");
}

void tt_grid_text(const struct tt_grid *grid, struct tt_buf *out)
{
	size_t columns = grid->column_count, rows = tt_grid_rows(grid), row, c;
	int *width = tt_alloc(columns * sizeof(*width));

	for (c = 0; c < columns; c++) {
		width[c] = grid_width(grid, c);
		grid_put(grid, c, width[c], grid->columns[c].title, out);
	}
	grid_end_line(out);
	grid_rule(width, columns, out);
	for (row = 0; row < rows; row++) {
		if (grid->has_total && row + 1 == rows)
			grid_rule(width, columns, out);
		for (c = 0; c < columns; c++)
			grid_put(grid, c, width[c], tt_grid_cell(grid, row, c), out);
		grid_end_line(out);
	}
	free(width);
}

size_t tt_grid_break(size_t left, size_t room, size_t tail)
{
	size_t most = left > 2 ? left - 2 : left;

	if (left + tail <= room)
		return left;
	return most < room ? most : room;
}
