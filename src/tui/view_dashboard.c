/*
 * The dashboard: what happens in the warehouse now. It asks at its pace, for little while nothing
 * happens; an answer that changes nothing changes no cell.
 */
#include <tracetrack/link.h>
#include <tracetrack/text.h>

#include "dashboard_impl.h"
#include "nouns.h"

/* ---- drawing */

static void board_state_text(const struct board_state *st, char *dst, size_t size)
{
	char at[16];

	tt_time_of_day(at, sizeof(at), st->board.at);
	if (st->error.rc != TT_OK && st->board.at != TT_NO_TIME)
		tt_format(dst, size, "as of %s: %s", at, st->error.message);
	else if (st->error.rc != TT_OK)
		tt_copy(dst, size, st->error.message);
	else if (st->is_paused)
		tt_format(dst, size, "paused at %s", at);
	else
		tt_format(dst, size, "%s, every %u s",
			st->board.area[0] ? st->board.area : "all areas", board_pace_s(st));
}

static void board_on_draw(struct view *v, const struct canvas *c)
{
	struct board_state *st = v->state;
	const struct tt_station *station = v->screen->station;
	char state[120], alarm[400];
	struct board_shown shown = {&st->board, &st->pulse, v->title, state, alarm, st->ms,
		st->error.rc != TT_OK || st->is_paused, st->is_people};

	board_state_text(st, state, sizeof(state));
	tt_board_alarm(&st->board, &st->pulse, !tt_link_is_up(tt_station_link(station)),
		tt_station_waiting(station), alarm, sizeof(alarm));
	tt_scroll_resize(&st->list,
		!board_has_rows(c) ? 0
		: st->is_people    ? st->board.npeople
				   : st->board.nstations,
		TT_BOARD_ROWS);
	board_draw(&shown, c, &st->list);
}

/* ---- the view */

static void board_open(struct view *v, const void *arg)
{
	struct board_state *st = v->state;

	(void)arg;
	tt_board_init(&st->board);
	tt_pulse_init(&st->pulse);
	st->version = TT_NO_INT;
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
	list_open_noun(s, noun, rows[st->list.selected].name);
	return VIEW_HANDLED;
}

void board_pause(struct view *v)
{
	struct board_state *st = v->state;

	st->is_paused = !st->is_paused;
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
	.draw = board_on_draw,
	.select = board_select,
	.status = board_status,
	.list = board_list,
};
