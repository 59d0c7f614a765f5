/*
 * The dashboard's panes, from the top: title, alarm, tiles, charts, people and stations, the
 * database, refusals. What has no room is left out from the middle.
 */
#include "board.h"

#include <string.h>

#include <tracetrack/outcome.h>
#include <tracetrack/scanlist.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

#include "chart.h"

#define BOARD_TILE 13 /* columns */
#define BOARD_TALL 30 /* rows from which there are people and stations */
#define BOARD_WIDE 110
#define BOARD_TWO_CHARTS 126
#define BOARD_HOURS 57 /* columns of the chart of hours */
#define BOARD_CHART 12 /* rows of the charts above people and stations */

static void board_draw_title(const struct board_shown *b, const struct canvas *c)
{
	struct canvas alarm = draw_part(c, 1, 0, 1, c->width);

	draw_text(c, 0, 0, 10, STYLE_STRONG, b->title);
	draw_right(c, 0, c->width, c->width - 12, b->is_warning ? STYLE_WARNING : STYLE_FAINT,
		b->state);
	if (b->alarm[0] == '\0')
		return;
	draw_padded(&alarm, 0, 0, c->width, STYLE_BAND + TT_CLASS_TROUBLE, "");
	draw_textf(&alarm, 0, 1, c->width - 2, STYLE_BAND + TT_CLASS_TROUBLE, "%s %s",
		term_mark(c->term, TT_CLASS_TROUBLE), b->alarm);
}

/* Two rows each: the figure and what it is. Returns the rows used. */
static int board_draw_tiles(const struct tt_board *board, const struct canvas *c, int rows)
{
	struct tt_board_tile tiles[TT_BOARD_TILES];
	size_t count = tt_board_tiles(board, tiles), i;
	int per_row = c->width / BOARD_TILE, y = 0, x;

	if (per_row > 6 && count % 6 == 0)
		per_row = c->width >= 12 * BOARD_TILE ? 12 : 6;
	for (i = 0; i < count && (int)i / per_row < rows; i++) {
		y = (int)i / per_row * 3;
		x = (int)i % per_row * (c->width / per_row);
		draw_text(c, y, x, c->width / per_row - 1,
			tiles[i].is_warning ? STYLE_CLASS + TT_CLASS_REFUSED : STYLE_STRONG,
			tiles[i].value);
		draw_text(c, y + 1, x, c->width / per_row - 1, STYLE_FAINT, tiles[i].label);
	}
	return y + 3;
}

static void board_draw_minutes(const struct tt_board *board, const struct canvas *c)
{
	struct canvas part = draw_part(c, 1, 0, c->height - 1, c->width);
	char rates[120];
	int used = draw_textf(c, 0, 0, c->width, STYLE_FAINT, "scans per minute, yesterday as %s",
		c->term->is_utf8 ? "·" : ".");

	tt_board_rates(board, rates, sizeof(rates));
	if (used + 2 + (int)strlen(rates) <= c->width)
		draw_right(c, 0, c->width, c->width - used - 2, STYLE_PLAIN, rates);
	chart_draw(&part, board->minutes, board->yesterday, TT_BOARD_MINUTES, "an hour ago", "now");
}

static void board_draw_hours(const struct tt_board *board, const struct canvas *c)
{
	struct canvas part = draw_part(c, 1, 0, c->height - 1, c->width);

	draw_text(c, 0, 0, c->width, STYLE_FAINT, "scans per hour of the day");
	if (board->nhours > 0)
		chart_draw(&part, board->hours, board->hours_yesterday, board->nhours, "midnight",
			"midnight");
}

static void board_draw_charts(const struct tt_board *board, const struct canvas *c)
{
	int width = c->width >= BOARD_TWO_CHARTS ? c->width - BOARD_HOURS - 2 : c->width;
	struct canvas part = draw_part(c, 0, 0, c->height, width);

	board_draw_minutes(board, &part);
	if (width == c->width)
		return;
	part = draw_part(c, 0, width + 2, c->height, BOARD_HOURS);
	board_draw_hours(board, &part);
}

static void board_draw_row(const struct canvas *c, int y, enum style style,
	const struct tt_board_row *row, bool is_people)
{
	char at[24], count[24];

	tt_table_time(at, sizeof(at), row->last_at, tt_now());
	tt_format_count(count, sizeof(count), row->scans > 0 ? (uint64_t)row->scans : 0);
	draw_padded(c, y, 0, c->width, style, "");
	draw_text(c, y, 0, 20, style, row->name);
	draw_right(c, y, 28, 7, style, count);
	draw_textf(c, y, 29, 7, style, "%7lld", (long long)(row->refused > 0 ? row->refused : 0));
	if (is_people)
		draw_textf(c, y, 37, 7, style, "%7lld",
			(long long)(row->closed > 0 ? row->closed : 0));
	else
		draw_text(c, y, 37, 11, style, row->person);
	if (row->is_silent && style == STYLE_PLAIN)
		style = STYLE_CLASS + TT_CLASS_TROUBLE;
	draw_textf(c, y, is_people ? 46 : 49, c->width - 46, style, "%s%s", at,
		row->is_silent ? " silent" : "");
}

static void board_draw_rows(const struct board_shown *b, const struct canvas *c, bool is_people,
	const struct tt_scroll *list)
{
	const struct tt_board_row *rows = is_people ? b->board->people : b->board->stations;
	size_t n = is_people ? b->board->npeople : b->board->nstations, i;

	if (is_people)
		draw_textf(c, 0, 0, c->width, STYLE_FAINT, "%-20s %7s %7s %7s  %s",
			"people, busiest first", "scans", "refused", "closed", "last");
	else
		draw_textf(c, 0, 0, c->width, STYLE_FAINT, "%-20s %7s %7s %-11s %s",
			"stations, worst first", "scans", "refused", "person", "last");
	for (i = 0; i < n && (int)i + 1 < c->height; i++)
		board_draw_row(c, (int)i + 1,
			is_people == b->is_people && i == list->selected ? STYLE_SELECTED
									 : STYLE_PLAIN,
			&rows[i], is_people);
}

static void board_draw_both(
	const struct board_shown *b, const struct canvas *c, const struct tt_scroll *list)
{
	struct canvas part = draw_part(c, 0, 0, c->height, c->width / 2 - 2);

	board_draw_rows(b, &part, false, list);
	part = draw_part(c, 0, c->width / 2, c->height, c->width - c->width / 2);
	board_draw_rows(b, &part, true, list);
}

static void board_draw_database(const struct board_shown *b, const struct canvas *c, int y)
{
	char text[320];

	tt_pulse_text(b->pulse, b->ms, text, sizeof(text));
	if (text[0] != '\0')
		draw_textf(c, y, 0, c->width, STYLE_PLAIN, "database: %s", text);
}

static void board_draw_refusals(const struct tt_board *board, const struct canvas *c, int y)
{
	char words[40];
	size_t i;
	int x = draw_text(c, y, 0, c->width, STYLE_FAINT, "refused: ");

	for (i = 0; i < board->nrefusals && x < c->width; i++) {
		tt_copy(words, sizeof(words), board->refusals[i].outcome);
		tt_replace(words, '_', ' ');
		x += draw_textf(c, y, x, c->width - x, STYLE_PLAIN, "%s%s %lld", i ? ", " : "",
			words, (long long)board->refusals[i].scans);
	}
	if (board->nrefusals == 0)
		draw_text(c, y, x, c->width - x, STYLE_PLAIN, "nothing today");
}

bool board_has_rows(const struct canvas *c)
{
	return c->height >= BOARD_TALL && c->width >= BOARD_WIDE;
}

void board_draw(const struct board_shown *b, const struct canvas *c, const struct tt_scroll *list)
{
	struct canvas body = draw_part(c, 2, 1, c->height - 2, c->width - 2), part;
	int y = board_draw_tiles(b->board, &body, c->height < 14 ? 1 : 2), last = body.height - 1;
	int chart = board_has_rows(c) ? BOARD_CHART : last - 1 - y;

	board_draw_title(b, c);
	part = draw_part(&body, y, 0, chart, body.width);
	board_draw_charts(b->board, &part);
	if (board_has_rows(c)) {
		part = draw_part(&body, y + chart + 1, 0, last - y - chart - 3, body.width);
		board_draw_both(b, &part, list);
	}
	board_draw_database(b, &body, last - 1);
	board_draw_refusals(b->board, &body, last);
	draw_cursor(&body, last, 0);
}
