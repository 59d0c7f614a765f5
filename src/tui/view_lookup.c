/*
 * What the database knows of a code: its facts, its children, its timeline. A scan fills the field
 * and looks it up; nothing is recorded. The facts are drawn by the operation's own column rows.
 */
#include <string.h>

#include <tracetrack/operation.h>
#include <tracetrack/text.h>

#include "facts.h"
#include "screen_impl.h"
#include "words.h"

struct lookup_state {
	struct tt_editor code;
	struct facts facts;
	char asked[TT_EDITOR_MAX];
};

static void lookup_ask(struct view *v, const char *operation);

static void lookup_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct lookup_state *st = v->state;
	const struct tt_rows *rows = &call->rows;
	const struct tt_outcome *outcome;
	const char *name, *message, *advice;
	char text[200];

	facts_clear(&st->facts);
	if (call->rc != TT_OK || rows->count == 0) {
		facts_add_error(&st->facts, &call->error);
		return;
	}
	name = tt_operation_outcome(op, rows);
	outcome = tt_outcome_find(name ? name : "ok");
	if (outcome->cls == TT_CLASS_DONE && strcmp(op->name, "scan.lookup") == 0) {
		lookup_ask(v, "bag.show");
		return;
	}
	if (outcome->cls != TT_CLASS_DONE) {
		tt_outcome_wording(outcome, op->name, &message, &advice);
		words_fill(text, sizeof(text), message, rows, st->asked);
		facts_add(&st->facts, STYLE_CLASS + outcome->cls, text);
		facts_add(&st->facts, STYLE_PLAIN, advice);
	}
	facts_add_row(&st->facts, rows->cols, tt_rows_at(rows, 0));
}

static void lookup_ask(struct view *v, const char *operation)
{
	const struct tt_operation *op = tt_operation_find(operation);
	struct lookup_state *st = v->state;
	void *args = tt_operation_args_new(op);
	struct tt_error err = {0};

	view_forget(v, NULL);
	if (tt_operation_set(op, args, "code", st->asked, &err) != TT_OK) {
		facts_add_error(&st->facts, &err);
		tt_operation_args_free(op, args);
		return;
	}
	view_call(v, op, args, lookup_on_done);
}

static unsigned lookup_select(struct view *v)
{
	struct lookup_state *st = v->state;

	if (st->code.len == 0)
		return 0;
	tt_copy(st->asked, sizeof(st->asked), st->code.text);
	facts_clear(&st->facts);
	lookup_ask(v, "scan.lookup");
	return VIEW_HANDLED;
}

static void lookup_open(struct view *v, const void *arg)
{
	struct lookup_state *st = v->state;
	const char *code = arg;

	if (!code || *code == '\0')
		return;
	tt_editor_set(&st->code, code);
	lookup_select(v);
}

static void lookup_close(struct view *v)
{
	struct lookup_state *st = v->state;

	facts_clear(&st->facts);
}

static unsigned lookup_event(struct view *v, const struct view_event *event)
{
	struct lookup_state *st = v->state;

	if (event->kind != VIEW_READING || event->reading->code[0] == '\0')
		return 0;
	tt_editor_set(&st->code, event->reading->code);
	lookup_select(v);
	return VIEW_HANDLED;
}

static void lookup_draw(struct view *v, const struct canvas *c)
{
	struct lookup_state *st = v->state;
	int width = c->width - 10 < 34 ? c->width - 10 : 34;
	struct canvas part = draw_part(c, 2, 1, c->height - 2, c->width - 1);

	draw_text(c, 0, 1, 6, STYLE_STRONG, "Code:");
	if (view_is_waiting(v, lookup_on_done))
		draw_text(&part, 0, 0, part.width, STYLE_PLAIN, "Asking the database");
	facts_draw(&st->facts, &part);
	draw_field(c, 0, 7, width, &st->code, true, false);
}

static const char *lookup_status(struct view *v)
{
	(void)v;
	return "Scan or type a code and press Enter; nothing is recorded. Esc goes back.";
}

static struct tt_editor *lookup_field(struct view *v)
{
	struct lookup_state *st = v->state;

	return &st->code;
}

static struct tt_scroll *lookup_list(struct view *v)
{
	struct lookup_state *st = v->state;

	return &st->facts.list;
}

const struct view_ops view_lookup = {
	.name = "lookup",
	.title = "Lookup",
	.scope = TT_SCOPE_LOOKUP,
	.state_size = sizeof(struct lookup_state),
	.open = lookup_open,
	.close = lookup_close,
	.event = lookup_event,
	.draw = lookup_draw,
	.select = lookup_select,
	.status = lookup_status,
	.field = lookup_field,
	.list = lookup_list,
};
