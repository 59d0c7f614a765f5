/*
 * Reading one thing, and scanning codes onto it.
 */
#include <string.h>

#include <tracetrack/text.h>

#include "record_impl.h"
#include "words.h"

void record_show(struct record_state *st)
{
	facts_clear(&st->facts);
	if (st->row.count > 0)
		facts_add_row(&st->facts, st->row.cols, tt_rows_at(&st->row, 0));
}

static void record_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct record_state *st = v->state;
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");
	size_t line = st->facts.list.selected;
	char text[200];

	if (call->rc != TT_OK || call->rows.count == 0) {
		facts_clear(&st->facts);
		facts_add_error(&st->facts, &call->error);
		return;
	}
	tt_rows_fini(&st->row);
	st->row = call->rows;
	memset(&call->rows, 0, sizeof(call->rows));
	record_show(st);
	tt_scroll_to(&st->facts.list, line);
	if (outcome->cls < TT_CLASS_REFUSED)
		return;
	words_fill(text, sizeof(text), outcome->message, &st->row, st->key.data);
	facts_add(&st->facts, STYLE_CLASS + outcome->cls, text);
	words_fill(text, sizeof(text), outcome->advice, &st->row, st->key.data);
	facts_add(&st->facts, STYLE_PLAIN, text);
}

void record_read(struct view *v)
{
	struct record_state *st = v->state;
	const struct tt_column *col;
	struct tt_error err = {0};
	void *args;

	if (!st->op)
		return;
	args = tt_operation_args_new(st->op);
	for (col = st->op->params; col->name && (col->flags & TT_HIDDEN); col++)
		;
	view_forget(v, record_on_done);
	if (!st->noun->list ||
		tt_operation_set(st->op, args, col->name, st->key.data, &err) == TT_OK) {
		view_call(v, st->op, args, record_on_done);
		return;
	}
	facts_clear(&st->facts);
	facts_add_error(&st->facts, &err);
	tt_operation_args_free(st->op, args);
}

bool record_is_reading(const struct view *v)
{
	return view_is_waiting(v, record_on_done);
}

/* ---- codes that are scanned onto the one shown */

static void record_on_scanned(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct tt_screen *s = v->screen;
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");
	char words[160], advice[120], text[300];

	if (call->rc != TT_OK) {
		tt_format(text, sizeof(text), "%s %s. %s", term_mark(&s->term, TT_CLASS_TROUBLE),
			call->error.message, call->error.hint);
		screen_say(s, STYLE_CLASS + TT_CLASS_TROUBLE, text);
		screen_ring(s, 3);
		return;
	}
	words_fill(words, sizeof(words), outcome->message, &call->rows, "");
	words_fill(advice, sizeof(advice), outcome->advice, &call->rows, "");
	tt_format(
		text, sizeof(text), "%s %s. %s", term_mark(&s->term, outcome->cls), words, advice);
	screen_say(s, STYLE_CLASS + outcome->cls, text);
	screen_ring(s, outcome->cls >= TT_CLASS_REFUSED ? 2 : 0);
	record_read(v);
}

void record_scan(struct view *v, const struct tt_operation *op, const char *code)
{
	struct record_state *st = v->state;
	void *args = tt_operation_args_new(op);
	struct tt_error err = {0};

	if (tt_operation_set(op, args, "code", code, &err) == TT_OK &&
		tt_operation_set(op, args, st->noun->key, st->key.data, &err) == TT_OK &&
		tt_operation_complete(op, args, &err) == TT_OK) {
		view_call(v, op, args, record_on_scanned);
		return;
	}
	screen_say(v->screen, STYLE_WARNING, err.message);
	tt_operation_args_free(op, args);
}
