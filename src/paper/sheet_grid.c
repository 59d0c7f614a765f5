/*
 * A table on paper: its titles again on each page, rows of one height, a grey band under every
 * other one.
 */
#include "sheet.h"

#define GRID_ROW MM(5.6)
#define GRID_PAD MM(1.2)
#define GRID_SIZE 9.5

static void grid_row(struct sheet *sheet, const struct tt_grid *grid, size_t row, bool is_bold)
{
	const struct tt_grid_column *col = grid->columns;
	const struct sheet_style plain = {.size = GRID_SIZE, .is_bold = is_bold, .least = 7};
	double x = sheet->left, width, shares = 0;
	struct sheet_style style;
	size_t c;

	for (c = 0; c < grid->column_count; c++)
		shares += col[c].width;
	for (c = 0; c < grid->column_count; c++) {
		width = (sheet->right - sheet->left) * col[c].width / shares;
		style = plain;
		style.align = col[c].is_right ? SHEET_RIGHT : SHEET_LEFT;
		sheet_text(sheet, &style, x + GRID_PAD, sheet->y + MM(0.5), width - 2 * GRID_PAD,
			row == SIZE_MAX ? col[c].title : tt_grid_cell(grid, row, c));
		x += width;
	}
	sheet->y += GRID_ROW;
}

static void grid_titles(struct sheet *sheet, const struct tt_grid *grid)
{
	double width = sheet->right - sheet->left;

	sheet_fill(sheet, sheet->left, sheet->y, width, GRID_ROW, 0.85);
	grid_row(sheet, grid, SIZE_MAX, true);
	sheet_rule(sheet, sheet->left, sheet->y, width, 0.8);
}

static size_t grid_room(const struct sheet *sheet)
{
	double room = (sheet->bottom - sheet->y) / GRID_ROW;

	return room > 0 ? (size_t)room : 0;
}

void sheet_grid(struct sheet *sheet, const struct tt_grid *grid, double tail)
{
	size_t rows = tt_grid_rows(grid), row = 0, end, after;
	double width = sheet->right - sheet->left;
	bool is_total;

	after = (size_t)(tail / GRID_ROW) + (tail > 0);
	if (grid_room(sheet) < after + 3)
		sheet_new_page(sheet);
	grid_titles(sheet, grid);
	for (;;) {
		end = row + tt_grid_break(rows - row, grid_room(sheet), after);
		for (; row < end; row++) {
			is_total = grid->has_total && row + 1 == rows;
			if (is_total)
				sheet_rule(sheet, sheet->left, sheet->y, width, 0.8);
			else if (row % 2 == 1 && !sheet->has_watermark)
				sheet_fill(sheet, sheet->left, sheet->y, width, GRID_ROW, 0.95);
			grid_row(sheet, grid, row, is_total);
		}
		if (row == rows)
			break;
		sheet_new_page(sheet);
		grid_titles(sheet, grid);
	}
}
