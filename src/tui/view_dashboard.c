/*
 * The dashboard: what happens in the warehouse now. It asks at its pace, one call at a time; an
 * answer that changes nothing changes no cell.
 */
#include <string.h>

#include <tracetrack/board.h>
#include <tracetrack/scanlist.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

#include "chart.h"
#include "nouns.h"
#include "screen_impl.h"

#define BOARD_OPERATION "stats.dashboard"
#define BOARD_TILE 13 /* columns */

static const unsigned board_paces[] = {1, 2, 5, 10, 30, 60}; /* seconds */
#define BOARD_PACES (sizeof(board_paces) / sizeof(*board_paces))

struct board_state {
	struct tt_board board;
	struct tt_error error;
	size_t pace;
	bool is_paused;
	bool is_people; /* the pane with the selection */
	struct tt_scroll list;
};

/* ---- asking */

static void board_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct board_state *st = v->state;
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");

	st->error = call->error;
	if (call->rc == TT_OK && outcome->cls >= TT_CLASS_REFUSED)
		(void)tt_fail(&st->error, TT_DENIED, "%s", outcome->label);
	else if (call->rc == TT_OK && call->rows.count > 0)
		tt_board_read(&st->board, op->result, tt_rows_at(&call->rows, 0));
	if (!st->is_paused)
		view_wake(v, board_paces[st->pace] * 1000);
}

static void board_ask(struct view *v)
{
	const struct tt_operation *op = tt_operation_find(BOARD_OPERATION);
	void *args;

	if (view_is_waiting(v, board_on_done))
		return;
	args = tt_operation_args_new(op);
	if (tt_column_find(op->params, "top"))
		*(int64_t *)tt_operation_arg(op, args, "top") = TT_BOARD_ROWS;
	view_call(v, op, args, board_on_done);
}

/* ---- drawing */

static void board_draw_title(struct view *v, const struct canvas *c)
{
	struct board_state *st = v->state;
	char text[120], at[16];

	tt_time_of_day(at, sizeof(at), st->board.at);
	if (st->error.rc != TT_OK && st->board.at != TT_NO_TIME)
		tt_format(text, sizeof(text), "as of %s: %s", at, st->error.message);
	else if (st->error.rc != TT_OK)
		tt_copy(text, sizeof(text), st->error.message);
	else if (st->is_paused)
		tt_format(text, sizeof(text), "paused at %s", at);
	else
		tt_format(text, sizeof(text), "%s, every %u s",
			st->board.area[0] ? st->board.area : "all areas", board_paces[st->pace]);
	draw_text(c, 0, 0, 10, STYLE_STRONG, v->title);
	draw_right(c, 0, c->width, c->width - 12,
		st->error.rc != TT_OK || st->is_paused ? STYLE_WARNING : STYLE_FAINT, text);
}

/* Two rows each: the figure and what it is. Returns the rows used. */
static int board_draw_tiles(const struct board_state *st, const struct canvas *c, int rows)
{
	struct tt_board_tile tiles[TT_BOARD_TILES];
	size_t count = tt_board_tiles(&st->board, tiles), i;
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

static void board_draw_chart(const struct board_state *st, const struct canvas *c)
{
	struct canvas part = draw_part(c, 1, 0, c->height - 1, c->width);

	draw_textf(c, 0, 0, c->width, STYLE_FAINT, "scans per minute, yesterday as %s",
		c->term->is_utf8 ? "·" : ".");
	chart_draw(&part, st->board.minutes, st->board.yesterday, TT_BOARD_MINUTES, "an hour ago",
		"now");
}

static void board_draw_rows(const struct board_state *st, const struct canvas *c, bool is_people)
{
	const struct tt_board_row *rows = is_people ? st->board.people : st->board.stations, *r;
	size_t n = is_people ? st->board.npeople : st->board.nstations, i;
	bool has_focus = is_people == st->is_people;
	char at[24], count[24];
	enum style style;
	int y;

	draw_textf(c, 0, 0, c->width, STYLE_FAINT,
		is_people ? "%-20s %7s %7s %7s  %s" : "%-20s %7s %7s %-10s  %s",
		is_people ? "people today" : "stations today", "scans", "refused",
		is_people ? "closed" : "person", "last");
	for (i = 0; i < n && (int)i + 1 < c->height; i++) {
		r = &rows[i];
		y = (int)i + 1;
		style = has_focus && i == st->list.selected ? STYLE_SELECTED : STYLE_PLAIN;
		tt_table_time(at, sizeof(at), r->last_at, tt_now());
		tt_format_count(count, sizeof(count), r->scans > 0 ? (uint64_t)r->scans : 0);
		draw_padded(c, y, 0, c->width, style, "");
		draw_textf(c, y, 0, 20, style, "%s", r->name);
		draw_right(c, y, 28, 7, style, count);
		draw_textf(
			c, y, 29, 7, style, "%7lld", (long long)(r->refused > 0 ? r->refused : 0));
		if (is_people)
			draw_textf(c, y, 37, 7, style, "%7lld",
				(long long)(r->closed > 0 ? r->closed : 0));
		else
			draw_text(c, y, 37, 10, style, r->person);
		draw_text(c, y, is_people ? 46 : 49, 12, style, at);
	}
}

static void board_draw_refusals(const struct board_state *st, const struct canvas *c)
{
	char text[80], words[40], *p;
	size_t i;
	int x = 0;

	x += draw_text(c, 0, x, c->width, STYLE_FAINT, "refused: ");
	for (i = 0; i < st->board.nrefusals && x < c->width; i++) {
		tt_copy(words, sizeof(words), st->board.refusals[i].outcome);
		while ((p = strchr(words, '_')) != NULL)
			*p = ' ';
		tt_format(text, sizeof(text), "%s%s %lld", i ? ", " : "", words,
			(long long)st->board.refusals[i].scans);
		x += draw_text(c, 0, x, c->width - x, STYLE_PLAIN, text);
	}
	if (st->board.nrefusals == 0)
		draw_text(c, 0, x, c->width - x, STYLE_PLAIN, "nothing today");
}

static void board_draw(struct view *v, const struct canvas *c)
{
	struct board_state *st = v->state;
	bool has_rows = c->height >= 30 && c->width >= 110;
	struct canvas tiles = draw_part(c, 2, 1, c->height - 2, c->width - 2), part;
	int y = 2 + board_draw_tiles(st, &tiles, c->height < 14 ? 1 : 2), chart;

	board_draw_title(v, c);
	tt_scroll_resize(&st->list,
		has_rows ? st->is_people ? st->board.npeople : st->board.nstations : 0,
		TT_BOARD_ROWS);
	chart = has_rows ? 12 : c->height - y - 1;
	part = draw_part(c, y, 1, chart, c->width - 2);
	board_draw_chart(st, &part);
	part = draw_part(c, c->height - 1, 1, 1, c->width - 2);
	board_draw_refusals(st, &part);
	draw_cursor(c, c->height - 1, 0);
	if (!has_rows)
		return;
	part = draw_part(c, y + chart + 1, 1, c->height - y - chart - 3, c->width / 2 - 3);
	board_draw_rows(st, &part, false);
	part = draw_part(c, y + chart + 1, c->width / 2, part.height, c->width / 2 - 1);
	board_draw_rows(st, &part, true);
	draw_cursor(c, c->height - 1, 0);
}

/* ---- the view */

static void board_open(struct view *v, const void *arg)
{
	struct board_state *st = v->state;

	(void)arg;
	tt_board_init(&st->board);
	st->pace = 1;
	board_ask(v);
}

static unsigned board_event(struct view *v, const struct view_event *event)
{
	struct board_state *st = v->state;

	if (event->kind == VIEW_WAKE) {
		board_ask(v);
	} else if (event->kind == VIEW_CHANGED && st->error.rc != TT_OK &&
		   tt_station_phase(v->screen->station) == TT_PHASE_WORKING) {
		board_ask(v);
	} else if (event->kind == VIEW_KEY && event->key == KEYS_TAB) {
		st->is_people = !st->is_people;
		tt_scroll_to(&st->list, 0);
		return VIEW_HANDLED;
	}
	return 0;
}

/* Into the row: its noun's list, with the row's name as the filter. */
static unsigned board_select(struct view *v)
{
	struct board_state *st = v->state;
	const struct noun *noun = noun_find(st->is_people ? "people" : "stations");
	const struct tt_board_row *rows = st->is_people ? st->board.people : st->board.stations;
	struct tt_screen *s = v->screen;

	if (st->list.count == 0 || !screen_may(s, noun_operation(noun->list)))
		return VIEW_HANDLED;
	list_filter(view_open(s, &view_list, noun), rows[st->list.selected].name);
	return VIEW_HANDLED;
}

void board_pause(struct view *v)
{
	struct board_state *st = v->state;

	st->is_paused = !st->is_paused;
	if (!st->is_paused)
		board_ask(v);
}

void board_pace(struct view *v, int faster)
{
	struct board_state *st = v->state;

	if (faster > 0 && st->pace > 0)
		st->pace--;
	if (faster < 0 && st->pace + 1 < BOARD_PACES)
		st->pace++;
	if (!st->is_paused)
		board_ask(v);
}

static const char *board_status(struct view *v)
{
	struct board_state *st = v->state;

	return st->list.count > 0
		       ? "Space pauses, + and - change the pace, Tab the side, Enter opens, q back."
		       : "Space pauses, + and - change the pace, q goes back.";
}

static struct tt_scroll *board_list(struct view *v)
{
	struct board_state *st = v->state;

	return &st->list;
}

const struct view_ops view_dashboard = {
	.name = "dashboard",
	.title = "Dashboard",
	.scope = TT_SCOPE_BOARD,
	.state_size = sizeof(struct board_state),
	.open = board_open,
	.event = board_event,
	.draw = board_draw,
	.select = board_select,
	.status = board_status,
	.list = board_list,
};
