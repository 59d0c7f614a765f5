/*
 * One lane of the scan view: whose it is, how full, and the answers.
 */
#include "scan_impl.h"

#include <inttypes.h>

#include <tracetrack/text.h>

/* Which rows of a lane's rectangle hold what; 0 rows: left out. */
struct scan_layout {
	int title, title_gap, figure, bar, band, list;
};

/* By height, the most important first: title and band, figure, list, bar, air. */
static struct scan_layout scan_layout(int height)
{
	struct scan_layout l = {1, 0, 0, 0, 1, 0};

	if (height >= 7)
		l.figure = 3;
	if (height >= 11)
		l.band = 3;
	if (height >= 12)
		l.bar = 1;
	if (height >= 16)
		l.title_gap = 1;
	if (height >= 28)
		l.figure = 5;
	l.list = height - l.title - l.title_gap - l.figure - l.bar - l.band;
	return l;
}

const struct tt_answer *scan_last(const struct tt_screen *s, int lane)
{
	return tt_scanlist_at(&s->lists[lane], 0);
}

static bool scan_has_figure(const struct tt_lane *lane)
{
	return lane->parent[0] != '\0' || lane->bill[0] != '\0';
}

static void scan_draw_title(const struct tt_screen *s, const struct canvas *c, int index)
{
	const struct tt_lane *lane = tt_station_lane(s->station, index);
	bool has_others = tt_station_lanes(s->station) > 1, is_focused = index == s->lane;
	char since[16], text[64] = "";
	int x = 1, right = c->width - 1;

	tt_time_of_day(since, sizeof(since), lane->opened_at);
	if (s->is_off[index])
		tt_copy(text, sizeof(text), "scanner is away");
	else if (lane->state == TT_LANE_CLOSED)
		tt_copy(text, sizeof(text), "closed");
	else if (since[0] != '\0')
		tt_format(text, sizeof(text), "open since %.5s", since);
	if (c->width >= SCAN_NARROW / 2 + 8)
		right = draw_right(c, 0, right, 20,
				s->is_off[index] ? STYLE_CLASS + TT_CLASS_TROUBLE : STYLE_PLAIN,
				text) -
			1;
	if (has_others) {
		draw_text(c, 0, 0, 1, STYLE_STRONG,
			is_focused ? term_glyph(&s->term, GLYPH_FOCUS) : " ");
		x += draw_text(c, 0, x, right - x, is_focused ? STYLE_SELECTED : STYLE_PLAIN,
			     lane->name) +
		     1;
	}
	if (!scan_has_figure(lane)) {
		draw_text(c, 0, x, right - x, STYLE_PLAIN, "no parent");
		return;
	}
	x += draw_text(c, 0, x, right - x, STYLE_STRONG, *lane->bill ? lane->bill : lane->parent) +
	     2;
	draw_text(c, 0, x, right - x, STYLE_PLAIN, *lane->bill ? lane->destination : lane->family);
}

void scan_figure_text(const struct tt_lane *lane, char *dst, size_t size)
{
	if (!scan_has_figure(lane) || lane->children == TT_NO_INT || lane->capacity == TT_NO_INT)
		tt_copy(dst, size, "-");
	else
		tt_format(dst, size, "%" PRId64 "/%" PRId64, lane->children, lane->capacity);
}

/* How many are on their way; one that is answered at once is not worth a flicker. */
static unsigned scan_queued(const struct tt_screen *s, int index)
{
	const struct tt_answer *last = scan_last(s, index);
	unsigned queued = tt_station_lane(s->station, index)->queued;

	return queued > 1 || (last && last->cls == TT_CLASS_QUEUED) ? queued : 0;
}

/* Columns beside the figure from which on it is set in. */
#define SCAN_FIGURE_ROOM 22

/* The big n/30, and beside it the same in words. */
static void scan_draw_figure(
	const struct tt_screen *s, const struct canvas *c, int y, int rows, int index)
{
	const struct tt_lane *lane = tt_station_lane(s->station, index);
	char figure[32], kg[24], text[48];
	unsigned queued = scan_queued(s, index);
	int width, left, right = c->width - 1, room, row = y;

	scan_figure_text(lane, figure, sizeof(figure));
	width = draw_big_width(c, rows, figure);
	if (width + 2 > c->width)
		rows = 3;
	left = c->width - draw_big_width(c, rows, figure) >= SCAN_FIGURE_ROOM ? 6 : 2;
	width = draw_big(c, y, left, rows, STYLE_STRONG, figure);
	room = right - width - left - 2;
	if (lane->children != TT_NO_INT && lane->capacity != TT_NO_INT && scan_has_figure(lane)) {
		const char *what = *lane->bill ? " parents" : " children";

		tt_format(text, sizeof(text), "%" PRId64 " of %" PRId64 "%s", lane->children,
			lane->capacity, room >= 17 ? what : "");
		draw_right(c, row++, right, room, STYLE_PLAIN, text);
	}
	tt_format_kg(kg, sizeof(kg), scan_has_figure(lane) ? lane->grams : TT_NO_INT);
	draw_right(c, row++, right, room, STYLE_PLAIN, kg);
	if (queued == 0)
		return;
	tt_format(text, sizeof(text), "%u queued", queued);
	draw_right(c, row, right, room, STYLE_CLASS + TT_CLASS_QUEUED, text);
}

static void scan_draw_bar(const struct tt_screen *s, const struct canvas *c, int y, int index)
{
	const struct tt_lane *lane = tt_station_lane(s->station, index);
	char text[32];
	int width = c->width - (c->width >= SCAN_NARROW ? 14 : 12);

	if (!scan_has_figure(lane) || lane->children == TT_NO_INT || lane->capacity <= 0)
		return;
	if (lane->state == TT_LANE_CLOSED)
		tt_copy(text, sizeof(text), lane->children >= lane->capacity ? "full" : "closed");
	else
		tt_format(text, sizeof(text), "%" PRId64 " to go", lane->capacity - lane->children);
	draw_right(c, y, c->width - 1, 12, STYLE_PLAIN, text);
	draw_bar(c, y, 1, width, STYLE_CLASS + TT_CLASS_DONE, lane->children, lane->capacity);
}

void scan_draw_lane(const struct tt_screen *s, const struct canvas *c, int index)
{
	struct scan_layout l = scan_layout(c->height);
	int y = l.title + l.title_gap;

	scan_draw_title(s, c, index);
	if (l.figure > 0)
		scan_draw_figure(s, c, y, l.figure, index);
	y += l.figure;
	if (l.bar > 0)
		scan_draw_bar(s, c, y, index);
	y += l.bar;
	scan_draw_band(s, c, y, l.band, index);
	scan_draw_list(s, c, y + l.band, l.list, index);
	if (index == s->lane)
		draw_cursor(c, y + l.band / 2, 0);
}
