/*
 * The scan view: what happened to the last scan, how full the parent is, and what came before. One
 * lane fills it; two lie side by side, four in quarters; where that is too tight, one with a strip.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

#define SCAN_NARROW 60
#define SCAN_LEAST_CELL 6 /* rows in which a lane can be shown */

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

static const struct tt_answer *scan_last(const struct tt_screen *s, int lane)
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
	x += draw_text(c, 0, x, right - x, STYLE_STRONG,
		     *lane->bill ? lane->bill : lane->parent) +
	     2;
	draw_text(c, 0, x, right - x, STYLE_PLAIN,
		*lane->bill ? lane->destination : lane->family);
}

static void scan_figure_text(const struct tt_lane *lane, char *dst, size_t size)
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
	int end = c->width - 1;

	if (!scan_has_figure(lane) || lane->children == TT_NO_INT || lane->capacity <= 0)
		return;
	if (lane->state == TT_LANE_CLOSED)
		tt_copy(text, sizeof(text), lane->children >= lane->capacity ? "full" : "closed");
	else
		tt_format(text, sizeof(text), "%" PRId64 " to go", lane->capacity - lane->children);
	end = draw_right(c, y, end, 12, STYLE_PLAIN, text);
	end = c->width - 1 - (c->width >= SCAN_NARROW ? 12 : 10);
	draw_bar(c, y, 1, end - 1, STYLE_CLASS + TT_CLASS_DONE, lane->children, lane->capacity);
}

/* The word of the band: what was done, or which kind of no. */
static void scan_band_word(
	const struct tt_screen *s, const struct tt_answer *a, char *dst, size_t size)
{
	const char *label = a->cls == TT_CLASS_DONE ? a->outcome->label : tt_classes[a->cls].label;
	char upper[32];
	size_t i;

	tt_copy(upper, sizeof(upper), label);
	for (i = 0; upper[i] != '\0'; i++)
		upper[i] = (char)toupper((unsigned char)upper[i]);
	tt_format(dst, size, "%s %s", term_mark(&s->term, a->cls), upper);
}

static void scan_draw_band(
	const struct tt_screen *s, const struct canvas *c, int y, int rows, int index)
{
	const struct tt_answer *a = scan_last(s, index);
	enum style style;
	char word[64];
	int i, middle = y + rows / 2, x;

	if (!a) {
		for (i = 0; i < rows && rows > 1; i += rows - 1)
			draw_rule(c, y + i);
		return;
	}
	style = STYLE_BAND + a->cls;
	for (i = 0; i < rows; i++)
		draw_padded(c, y + i, 0, c->width, style, "");
	scan_band_word(s, a, word, sizeof(word));
	x = 1 + draw_text(c, middle, 1, c->width - 2, style, word);
	x = c->width >= SCAN_NARROW && x < 13 ? 15 : x + 2;
	if (rows > 1 && tt_text_width(a->message) > c->width - x - 1)
		draw_wrapped(c, middle, x, c->width - x - 1, 2, style, a->message);
	else
		draw_text(c, middle, x, c->width - x - 1, style, a->message);
}

/* Columns for the codes: as wide as the longest that is seen. */
static int scan_code_width(const struct tt_screen *s, int index, int rows, bool is_narrow)
{
	const struct tt_answer *a;
	int width, most = is_narrow ? 8 : 10, i;

	for (i = 0; i < rows; i++) {
		a = tt_scanlist_at(&s->lists[index], (size_t)i);
		width = a ? tt_text_width(a->code) + 2 : 0;
		most = width > most ? width : most;
	}
	return most > (is_narrow ? 11 : 22) ? (is_narrow ? 11 : 22) : most;
}

/* Time, mark and word, code, reason; without time and word where it is narrow. */
static void scan_draw_row(const struct tt_screen *s, const struct canvas *c, int y,
	const struct tt_answer *a, int code)
{
	char clock[16], reason[300];
	enum style style = STYLE_CLASS + a->cls;
	bool is_narrow = c->width < SCAN_NARROW;
	int x = 1;

	tt_time_of_day(clock, sizeof(clock), a->at);
	tt_answer_reason(a, reason, sizeof(reason));
	if (!is_narrow)
		x += draw_text(c, y, x, 8, STYLE_PLAIN, clock) + 2;
	draw_text(c, y, x, 4, style, term_mark(&s->term, a->cls));
	x += s->term.is_utf8 ? 2 : 5;
	if (!is_narrow) {
		draw_text(c, y, x, 10, style, a->outcome->label);
		x += 11;
	}
	draw_text(c, y, x, code - 1, STYLE_PLAIN, a->code);
	draw_text(c, y, x + code, c->width - x - code, STYLE_PLAIN, reason);
}

static void scan_draw_list(
	const struct tt_screen *s, const struct canvas *c, int y, int rows, int index)
{
	int code = scan_code_width(s, index, rows, c->width < SCAN_NARROW), i;
	const struct tt_answer *a;

	for (i = 0; i < rows; i++) {
		a = tt_scanlist_at(&s->lists[index], (size_t)i);
		if (!a)
			return;
		scan_draw_row(s, c, y + i, a, code);
	}
}

static void scan_draw_lane(const struct tt_screen *s, const struct canvas *c, int index)
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

/* " 1 main 17/30 ✘ | 2 belt 3/30": all lanes in a row, when only one can be shown. */
static void scan_draw_strip(const struct tt_screen *s, const struct canvas *c)
{
	int i, lanes = (int)tt_station_lanes(s->station), x = 0, room = c->width / lanes;
	const struct tt_answer *a;
	char figure[32];

	for (i = 0; i < lanes; i++, x += room) {
		const struct tt_lane *lane = tt_station_lane(s->station, i);

		a = scan_last(s, i);
		scan_figure_text(lane, figure, sizeof(figure));
		draw_textf(c, 0, x, room - 1, i == s->lane ? STYLE_SELECTED : STYLE_PLAIN,
			"%d %s %s%s%s", i + 1, room >= 16 ? lane->name : "", figure, a ? " " : "",
			a ? term_mark(&s->term, a->cls) : "");
	}
}

/* "today" counts what this station has done since it was started. */
static void scan_draw_counts(const struct tt_screen *s, const struct canvas *c, int y)
{
	const char *dot = term_glyph(&s->term, GLYPH_SEPARATOR);
	char scans[24], parents[24], refused[24], hour[24], since[16];

	tt_format_count(scans, sizeof(scans), s->tally.scans);
	tt_format_count(parents, sizeof(parents), s->tally.parents);
	tt_format_count(refused, sizeof(refused), s->tally.refused);
	tt_format_count(hour, sizeof(hour), tt_tally_last_hour(&s->tally, tt_now()));
	tt_time_of_day(since, sizeof(since), s->tally.since);
	draw_textf(c, y, 1, c->width - 1, STYLE_FAINT,
		"since %.5s  scans %s %s parents %s %s refused %s %s last hour %s", since, scans,
		dot, parents, dot, refused, dot, hour);
}

/* All lanes in a grid of two columns, if each has room enough. */
static bool scan_draw_grid(const struct tt_screen *s, const struct canvas *c)
{
	int lanes = (int)tt_station_lanes(s->station), rows = (lanes + 1) / 2, i;
	int height = (c->height - (rows - 1)) / rows, left = (c->width - 1) / 2;
	struct canvas cell;

	if (c->width < SCAN_NARROW || height < SCAN_LEAST_CELL)
		return false;
	for (i = 0; i < lanes; i++) {
		cell = draw_part(c, i / 2 * (height + 1), i % 2 ? left + 1 : 0, height,
			i % 2 ? c->width - left - 1 : left);
		scan_draw_lane(s, &cell, i);
	}
	for (i = 1; i < rows; i++)
		draw_rule(c, i * (height + 1) - 1);
	draw_wall(c, left);
	return true;
}

static void scan_draw(struct view *v, const struct canvas *c)
{
	const struct tt_screen *s = v->screen;
	bool has_counts = c->height >= 16, has_rule = c->height >= 20;
	struct canvas lanes = draw_part(c, 0, 0, c->height - has_counts - has_rule, c->width), one;

	if (has_rule)
		draw_rule(c, c->height - 1);
	if (has_counts)
		scan_draw_counts(s, c, c->height - 1 - has_rule);
	if (tt_station_lanes(s->station) < 2) {
		scan_draw_lane(s, &lanes, 0);
		return;
	}
	if (scan_draw_grid(s, &lanes))
		return;
	scan_draw_strip(s, &lanes);
	one = draw_part(&lanes, 1, 0, lanes.height - 1, lanes.width);
	scan_draw_lane(s, &one, s->lane);
}

static const char *scan_status(struct view *v)
{
	static const char *const texts[] = {
		[TT_LANE_EMPTY] = "Scan a parent to begin.",
		[TT_LANE_OPEN] = "Scan the children of this parent.",
		[TT_LANE_CLOSED] = "Scan the next parent.",
		[TT_LANE_ASKING] =
			"Scan TT:OK or press F6 to move it here, Esc to leave it; or go on.",
		[TT_LANE_STOPPED] = "Stopped. Put it right, then scan TT:OK or press F6.",
		[TT_LANE_BILL] = "Scan the parents that go onto this bill.",
	};

	return texts[screen_lane(v->screen)->state];
}

const struct view_ops view_scan = {
	.name = "scan",
	.title = "Scan",
	.scope = TT_SCOPE_SCAN,
	.draw = scan_draw,
	.status = scan_status,
};
