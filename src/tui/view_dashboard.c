/*
 * The dashboard: what happens in the warehouse now. It asks at its pace, for little while nothing
 * happens; an answer that changes nothing changes no cell.
 */
#include <tracetrack/link.h>
#include <tracetrack/text.h>

#include "board.h"
#include "nouns.h"
#include "screen_impl.h"

static const unsigned board_paces[] = {1, 2, 5, 10, 30, 60}; /* seconds */
#define BOARD_PACES (sizeof(board_paces) / sizeof(*board_paces))
#define BOARD_MINUTE 60000000 /* of tt_time */

struct board_state {
	struct tt_board board;
	struct tt_pulse pulse;
	struct tt_error error;
	int64_t version; /* of what stats.changes tells; TT_NO_INT: all is to be read */
	tt_time read_at; /* the figures */
	double ms;       /* that the counter's last answer took */
	size_t pace;
	bool is_paused;
	bool is_people; /* the pane with the selection */
	struct tt_scroll list;
};

/* ---- asking: the change counter at each turn, the figures when it or the minute has changed */

static void board_wait(struct view *v)
{
	struct board_state *st = v->state;

	if (!st->is_paused)
		view_wake(v, board_paces[st->pace] * 1000);
}

/* The row of an answer, NULL with the reason in the state when there is none. */
static const void *board_row(
	struct board_state *st, const struct tt_operation *op, const struct tt_call *call)
{
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");

	st->error = call->error;
	if (call->rc == TT_OK && outcome->cls >= TT_CLASS_REFUSED)
		(void)tt_fail(&st->error, TT_DENIED, "%s", outcome->label);
	return st->error.rc == TT_OK && call->rows.count > 0 ? tt_rows_at(&call->rows, 0) : NULL;
}

static void board_on_pulse(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct board_state *st = v->state;

	if (call->rc == TT_OK && call->rows.count > 0)
		tt_pulse_read(&st->pulse, op->result, tt_rows_at(&call->rows, 0));
}

static void board_on_figures(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct board_state *st = v->state;
	const void *row = board_row(st, op, call);

	if (row) {
		tt_board_read(&st->board, op->result, row);
		st->read_at = tt_now();
	} else {
		st->version = TT_NO_INT;
	}
	board_wait(v);
}

static void board_ask_figures(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("stats.dashboard");
	const struct tt_operation *pulse = tt_operation_find("system.pulse");
	void *args = tt_operation_args_new(op);

	*(int64_t *)tt_operation_arg(op, args, "top") = TT_BOARD_ROWS;
	view_call(v, op, args, board_on_figures);
	if (screen_may(v->screen, pulse) && !view_is_waiting(v, board_on_pulse))
		view_call(v, pulse, tt_operation_args_new(pulse), board_on_pulse);
}

static void board_on_changes(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct board_state *st = v->state;
	const void *row = board_row(st, op, call);
	int64_t before = st->version;

	if (row)
		st->version = *(int64_t *)tt_field(tt_column_find(op->result, "version"), row);
	if (!row || (st->version == before &&
			    tt_now() / BOARD_MINUTE == st->read_at / BOARD_MINUTE)) {
		board_wait(v);
		return;
	}
	st->ms = (double)call->us / 1000;
	board_ask_figures(v);
}

static void board_ask(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("stats.changes");

	if (!view_is_waiting(v, board_on_changes) && !view_is_waiting(v, board_on_figures))
		view_call(v, op, tt_operation_args_new(op), board_on_changes);
}

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
			st->board.area[0] ? st->board.area : "all areas", board_paces[st->pace]);
}

static void board_on_draw(struct view *v, const struct canvas *c)
{
	struct board_state *st = v->state;
	const struct tt_station *station = v->screen->station;
	char state[120], alarm[400];
	struct board_shown shown = {&st->board, &st->pulse, v->title, state, alarm,
		st->ms, st->error.rc != TT_OK || st->is_paused,
		st->is_people};

	board_state_text(st, state, sizeof(state));
	tt_board_alarm(&st->board, &st->pulse, !tt_link_is_up(tt_station_link(station)),
		tt_station_waiting(station), alarm, sizeof(alarm));
	tt_scroll_resize(&st->list,
		!board_has_rows(c) ? 0 : st->is_people ? st->board.npeople : st->board.nstations,
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
	.draw = board_on_draw,
	.select = board_select,
	.status = board_status,
	.list = board_list,
};
