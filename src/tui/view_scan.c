/*
 * The scan view: what happened to the last scan, how full the parent is, and what came before. One
 * lane fills it; two lie side by side, four in quarters; where that is too tight, one with a strip.
 */
#include <tracetrack/text.h>

#include "scan_impl.h"

#define SCAN_LEAST_CELL 6 /* rows in which a lane can be shown */

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
