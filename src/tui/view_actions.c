/*
 * What can be done with one of a noun: its actions that the person may do, as a dialog. Enter opens
 * the form of the selected one.
 */
#include <string.h>

#include <tracetrack/form.h>
#include <tracetrack/text.h>

#include "nouns.h"
#include "screen_impl.h"

#define ACTIONS_MAX 24

struct actions_state {
	const struct tt_operation *rows[ACTIONS_MAX];
	struct tt_scroll list;
	char status[160];
};

static bool actions_one(struct view *v, struct noun_one *one)
{
	return v->ops == &view_list ? list_one(v, one) : record_one(v, one);
}

static void actions_open(struct view *v, const void *arg)
{
	struct actions_state *st = v->state;
	const struct tt_operation *op;
	struct noun_one one;
	char name[64];
	size_t i, n = 0;

	(void)arg;
	(void)actions_one(v->below, &one);
	for (i = 0; noun_action(one.noun, i, name, sizeof(name)) && n < ACTIONS_MAX; i++) {
		op = noun_operation(name);
		if (op && screen_may(v->screen, op) && tt_form_is_possible(op))
			st->rows[n++] = op;
	}
	tt_scroll_resize(&st->list, n, n);
	v->height = (int)n + 4 > 6 ? (int)n + 4 : 6;
	tt_format(v->title, sizeof(v->title), "%s %s", one.noun->title, one.key);
}

/* The dialog goes first, so that the form lies on the list or the details. */
static unsigned actions_select(struct view *v)
{
	struct actions_state *st = v->state;
	struct tt_screen *s = v->screen;
	struct noun_one one;
	struct form_arg arg;

	if (st->list.count == 0 || !actions_one(v->below, &one))
		return VIEW_HANDLED | VIEW_CLOSE;
	arg = (struct form_arg){st->rows[st->list.selected], one.cols, one.row, one.key};
	view_close(v);
	view_open(s, &view_form, &arg);
	return VIEW_HANDLED;
}

static void actions_draw(struct view *v, const struct canvas *c)
{
	struct actions_state *st = v->state;
	enum style style;
	int y;

	tt_scroll_resize(&st->list, st->list.count, (size_t)c->height);
	if (st->list.count == 0)
		draw_wrapped(c, 0, 0, c->width, 2, STYLE_PLAIN,
			"There is nothing that you can do with it here.");
	for (y = 0; y < c->height && st->list.top + (size_t)y < st->list.count; y++) {
		const struct tt_operation *op = st->rows[st->list.top + (size_t)y];

		style = st->list.top + (size_t)y == st->list.selected ? STYLE_SELECTED
								      : STYLE_PLAIN;
		draw_padded(c, y, 0, c->width, style, "");
		draw_text(c, y, 0, 20, style, op->title);
		draw_text(c, y, 21, c->width - 21, style, op->help);
	}
	draw_cursor(c, (int)(st->list.selected - st->list.top), 0);
}

static const char *actions_status(struct view *v)
{
	struct actions_state *st = v->state;

	if (st->list.count == 0)
		return "Esc goes back.";
	tt_format(st->status, sizeof(st->status), "Enter: %s.", st->rows[st->list.selected]->help);
	return st->status;
}

static struct tt_scroll *actions_list(struct view *v)
{
	struct actions_state *st = v->state;

	return &st->list;
}

const struct view_ops view_actions = {
	.name = "actions",
	.title = "Actions",
	.flags = VIEW_DIALOG,
	.scope = TT_SCOPE_MENU,
	.state_size = sizeof(struct actions_state),
	.height = 12,
	.width = 108,
	.open = actions_open,
	.draw = actions_draw,
	.select = actions_select,
	.status = actions_status,
	.list = actions_list,
};
