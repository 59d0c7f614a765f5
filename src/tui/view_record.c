/*
 * One thing: all its facts and lists. Asked for by the noun's detail operation, or, where it has
 * none, the row that was selected.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "record_impl.h"

/* How it is opened: by a row of the list or by a code. */
struct record_arg {
	const struct noun *noun;
	const struct tt_operation *op; /* that gave the row */
	const void *row;
	const char *code;
};

/* A copy of the row, by way of JSON-free text: each field as PostgreSQL writes it. */
static void record_copy(
	struct record_state *st, const struct tt_column *cols, size_t size, const void *row)
{
	struct tt_buf text = {0};
	void *copy;

	st->row.cols = cols;
	st->row.size = size;
	copy = tt_rows_add(&st->row);
	for (; cols->name; cols++) {
		tt_buf_clear(&text);
		if (tt_column_bind(cols, row, &text) &&
			tt_column_parse(cols, copy, text.data ? text.data : "", NULL) != TT_OK)
			abort();
	}
	tt_buf_fini(&text);
}

static void record_open(struct view *v, const void *arg)
{
	const struct record_arg *a = arg;
	struct record_state *st = v->state;

	st->noun = a->noun;
	st->op = noun_operation(a->noun->detail);
	if (a->row) {
		record_copy(st, a->op->result, a->op->result_size, a->row);
		tt_buf_puts(&st->key, "");
		(void)tt_column_bind(tt_column_find(a->op->result, a->noun->key), a->row, &st->key);
	} else {
		tt_buf_puts(&st->key, a->code);
	}
	tt_copy(v->title, sizeof(v->title), a->noun->list ? st->key.data : a->noun->title);
	record_show(st);
	record_read(v);
}

static void record_close(struct view *v)
{
	struct record_state *st = v->state;

	facts_clear(&st->facts);
	tt_rows_fini(&st->row);
	tt_buf_fini(&st->key);
}

void record_open_row(struct tt_screen *s, const struct noun *noun, const struct tt_operation *op,
	const void *row)
{
	struct record_arg arg = {noun, op, row, NULL};

	view_open(s, &view_record, &arg);
}

void record_open_code(struct tt_screen *s, const struct noun *noun, const char *code)
{
	struct record_arg arg = {noun, NULL, NULL, code};

	while (s->top->ops == &view_filter || s->top->ops == &view_record)
		view_close(s->top);
	view_open(s, &view_record, &arg);
}

void record_refresh(struct view *v)
{
	record_read(v);
}

bool record_one(struct view *v, struct noun_one *one)
{
	struct record_state *st = v->state;

	*one = (struct noun_one){st->noun, st->row.cols, NULL, st->key.data};
	if (st->row.count > 0)
		one->row = tt_rows_at(&st->row, 0);
	return one->row != NULL;
}

static unsigned record_event(struct view *v, const struct view_event *event)
{
	struct record_state *st = v->state;
	const struct tt_operation *op = noun_operation(st->noun->scan);
	char code[TT_CODE_TEXT];

	if (event->kind == VIEW_READING && op && screen_may(v->screen, op) &&
		event->reading->code[0] != '\0') {
		record_scan(v, op, event->reading->code);
		return VIEW_HANDLED;
	}
	if (event->kind != VIEW_READING || !st->noun->takes_scans ||
		event->reading->code[0] == '\0')
		return 0;
	tt_copy(code, sizeof(code), event->reading->code);
	record_open_code(v->screen, st->noun, code);
	return VIEW_HANDLED;
}

static void record_draw(struct view *v, const struct canvas *c)
{
	struct record_state *st = v->state;
	struct canvas body = draw_part(c, 2, 1, c->height - 2, c->width - 1);

	frame_path(v, c, c->width - 10);
	if (record_is_reading(v))
		draw_right(c, 0, c->width - 1, 8, STYLE_FAINT, "reading");
	facts_draw(&st->facts, &body);
	draw_cursor(&body, 0, 0);
}

static const char *record_status(struct view *v)
{
	struct record_state *st = v->state;
	bool has_actions = command_for_key(v->screen, v->ops->scope, 'a') != NULL;

	tt_format(st->status, sizeof(st->status), "Arrows scroll, %s%sr reads again, q goes back.",
		has_actions ? "a shows what can be done, " : "",
		st->noun->prints ? "p prints, " : "");
	return st->status;
}

static struct tt_scroll *record_list(struct view *v)
{
	struct record_state *st = v->state;

	return &st->facts.list;
}

const struct view_ops view_record = {
	.name = "record",
	.title = "Details",
	.scope = TT_SCOPE_RECORD,
	.state_size = sizeof(struct record_state),
	.open = record_open,
	.close = record_close,
	.event = record_event,
	.draw = record_draw,
	.status = record_status,
	.list = record_list,
};
