/*
 * Columns of eighths of blocks, or of # where the terminal has only ASCII. The dots of what they
 * are compared with show on the columns too, as the other shape.
 */
#include "chart.h"

#include <string.h>

#include <tracetrack/chart.h>
#include <tracetrack/scanlist.h>
#include <tracetrack/text.h>

#define CHART_LABEL 7 /* columns of the axis */

/* clang-format off */
static const char *const chart_blocks[] = {
	" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
/* clang-format on */

static void chart_cell(const struct canvas *c, int y, int x, int width, int eighths, bool has_dot)
{
	bool is_utf8 = c->term->is_utf8;
	const char *text = is_utf8 ? chart_blocks[eighths] : eighths >= 4 ? "#" : " ";
	enum style style = STYLE_CLASS + TT_CLASS_DONE;
	int i;

	for (i = 0; i < width; i++)
		draw_text(c, y, x + i, 1, style, text);
	if (!has_dot)
		return;
	if (eighths == 0 || !is_utf8)
		draw_text(c, y, x, 1, STYLE_STRONG, *text == '#' ? "o" : is_utf8 ? "·" : ".");
	else
		draw_text(c, y, x, 1, STYLE_BAND + TT_CLASS_DONE, "·");
}

static void chart_column(
	const struct canvas *c, int x, int width, int64_t value, int64_t other, int64_t most)
{
	int row, dot = tt_chart_row(other, most, c->height);

	for (row = 0; row < c->height; row++)
		chart_cell(c, c->height - 1 - row, x, width,
			tt_chart_eighths(value, most, c->height, row), row == dot);
}

static void chart_axis(const struct canvas *c, int height, int64_t most)
{
	char label[24];
	int y;

	for (y = 0; y < height; y++)
		draw_text(c, y, CHART_LABEL - 1, 1, STYLE_FAINT, term_glyph(c->term, GLYPH_WALL));
	tt_format_count(label, sizeof(label), (uint64_t)most);
	draw_right(c, 0, CHART_LABEL - 2, CHART_LABEL - 2, STYLE_FAINT, label);
	if (height > 4 && most % 2 == 0) {
		tt_format_count(label, sizeof(label), (uint64_t)most / 2);
		draw_right(c, height / 2, CHART_LABEL - 2, CHART_LABEL - 2, STYLE_FAINT, label);
	}
	draw_right(c, height - 1, CHART_LABEL - 2, CHART_LABEL - 2, STYLE_FAINT, "0");
}

void chart_draw(const struct canvas *c, const int64_t *values, const int64_t *others, size_t count,
	const char *first, const char *last)
{
	int64_t most = tt_chart_most(values, others, count);
	int room = c->width - CHART_LABEL, width = room / (int)count, i;
	size_t from = 0;
	struct canvas part;

	if (room < 8 || c->height < 3)
		return;
	if (width == 0) {
		width = 1;
		from = count - (size_t)room;
	}
	chart_axis(c, c->height - 1, most);
	draw_text(c, c->height - 1, CHART_LABEL, c->width / 2, STYLE_FAINT, first);
	part = draw_part(c, 0, CHART_LABEL, c->height - 1, width * (int)(count - from));
	for (i = 0; from + (size_t)i < count; i++)
		chart_column(&part, i * width, width, values[from + (size_t)i],
			others ? others[from + (size_t)i] : 0, most);
	draw_right(c, c->height - 1, CHART_LABEL + part.width, 30, STYLE_FAINT, last);
}
