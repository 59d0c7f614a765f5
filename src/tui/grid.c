/*
 * A table on the screen. A row that is not here yet is a faint dot until its page comes.
 */
#include "grid.h"

#include <string.h>

#include <tracetrack/text.h>

#define GRID_LEFT 2 /* for marks */
#define GRID_BARS 4 /* the part of the width that bars take */
#define GRID_BARS_FROM 60

static void grid_titles(const struct canvas *c, const struct tt_table *t,
	const struct tt_column *sorted, bool is_reversed)
{
	char title[72];
	int x = GRID_LEFT;
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->width[i] == 0)
			continue;
		tt_table_title(t->cols[i], title, sizeof(title));
		if (t->cols[i] == sorted)
			tt_format(title + strlen(title), sizeof(title) - strlen(title), "%s",
				is_reversed ? "-" : "+");
		if (tt_table_is_right(t->cols[i]))
			draw_right(c, 0, x + t->width[i], t->width[i], STYLE_FAINT, title);
		else
			draw_text(c, 0, x, t->width[i] + 1, STYLE_FAINT, title);
		x += t->width[i] + TT_TABLE_GAP;
	}
}

static void grid_row(const struct canvas *c, int y, const struct tt_table *t, const void *row,
	tt_time now, enum style style)
{
	char cell[512];
	int x = GRID_LEFT;
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->width[i] == 0)
			continue;
		tt_table_cell(t->cols[i], row, now, cell, sizeof(cell));
		if (tt_table_is_right(t->cols[i]))
			draw_right(c, y, x + t->width[i], t->width[i], style, cell);
		else
			draw_text(c, y, x, t->width[i], style, cell);
		x += t->width[i] + TT_TABLE_GAP;
	}
}

static void grid_measure(const struct tt_listing *l, struct tt_table *t,
	const struct tt_scroll *scroll, int width, tt_time now)
{
	const void *row;
	size_t i;

	for (i = scroll->top; i < scroll->top + scroll->height; i++) {
		row = tt_listing_row(l, i);
		if (row)
			tt_table_measure(t, row, now);
	}
	tt_table_fit(t, width - GRID_LEFT);
}

/* ---- bars: a column's share of its largest */

static int64_t grid_value(const struct tt_column *bar, const void *row)
{
	return row ? *(const int64_t *)tt_field(bar, row) : 0;
}

static int64_t grid_most(const struct tt_listing *l, const struct tt_column *bar)
{
	int64_t most = 0;
	size_t i;

	for (i = 0; bar && i < tt_listing_count(l); i++) {
		if (grid_value(bar, tt_listing_row(l, i)) > most)
			most = grid_value(bar, tt_listing_row(l, i));
	}
	return most;
}

void grid_draw(const struct canvas *c, const struct tt_listing *l, struct tt_table *t,
	struct tt_scroll *scroll, const struct tt_column *sorted, bool is_reversed,
	const struct tt_column *bar)
{
	int bars = bar && c->width >= GRID_BARS_FROM ? c->width / GRID_BARS : 0;
	int64_t most = grid_most(l, bar);
	size_t height = c->height > 1 ? (size_t)c->height - 1 : 0, i;
	tt_time now = tt_now();
	enum style style;
	const void *row;
	int y;

	tt_scroll_resize(scroll, tt_listing_count(l), height);
	grid_measure(l, t, scroll, c->width - bars, now);
	grid_titles(c, t, sorted, is_reversed);
	for (i = 0; i < height && scroll->top + i < scroll->count; i++) {
		y = (int)i + 1;
		row = tt_listing_row(l, scroll->top + i);
		style = scroll->top + i == scroll->selected ? STYLE_SELECTED : STYLE_PLAIN;
		if (style == STYLE_SELECTED)
			draw_padded(c, y, 0, c->width, style, "");
		if (!row) {
			draw_text(c, y, GRID_LEFT, 1, STYLE_FAINT, ".");
			continue;
		}
		if (tt_listing_is_marked(l, row))
			draw_text(c, y, 0, 1, style, "*");
		grid_row(c, y, t, row, now, style);
		if (bars > 0)
			draw_bar(c, y, c->width - bars + 1, bars - 1, STYLE_CLASS + TT_CLASS_DONE,
				grid_value(bar, row), most);
	}
	draw_cursor(c, (int)(scroll->selected - scroll->top) + 1, 0);
}
