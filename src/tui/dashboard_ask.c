/*
 * Asking for the dashboard's figures, at its pace.
 */
#include "dashboard_impl.h"

#include <tracetrack/text.h>

/* clang-format off */
static const unsigned board_paces[] = {1, 2, 5, 10, 30, 60}; /* seconds */
#define BOARD_PACES (sizeof(board_paces) / sizeof(*board_paces))
#define BOARD_MINUTE 60000000 /* of tt_time */

unsigned board_pace_s(const struct board_state *st)
{
	return board_paces[st->pace];
}

static void board_wait(struct view *v)
{
	struct board_state *st = v->state;

	if (!st->is_paused)
		view_wake(v, board_pace_s(st) * 1000);
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
		st->version = *(int64_t *)tt_field(tt_column_find(op->result, "version"), row);
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

void board_ask(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("stats.changes");

	if (!view_is_waiting(v, board_on_changes) && !view_is_waiting(v, board_on_figures))
		view_call(v, op, tt_operation_args_new(op), board_on_changes);
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

/* clang-format on */
