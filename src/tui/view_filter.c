/*
 * The filter of the list below, in the message line: what is typed works at once.
 */
#include <tracetrack/text.h>

#include "screen_impl.h"

struct filter_state {
	struct tt_editor text;
};

static void filter_open(struct view *v, const void *arg)
{
	struct filter_state *st = v->state;

	(void)arg;
	tt_editor_set(&st->text, list_filter_text(v->below));
}

static unsigned filter_event(struct view *v, const struct view_event *event)
{
	struct filter_state *st = v->state;

	if (event->kind == VIEW_READING)
		return view_send(v->below, event);
	if (event->kind == VIEW_EDITED) {
		list_filter(v->below, st->text.text);
		return VIEW_HANDLED;
	}
	if (event->kind != VIEW_KEY || event->key != KEYS_ESC)
		return 0;
	list_filter(v->below, "");
	return VIEW_HANDLED | VIEW_CLOSE;
}

static unsigned filter_select(struct view *v)
{
	(void)v;
	return VIEW_HANDLED | VIEW_CLOSE;
}

static void filter_draw(struct view *v, const struct canvas *c)
{
	struct filter_state *st = v->state;

	draw_padded(c, 0, 0, c->width, STYLE_PLAIN, "/");
	draw_field(
		c, 0, 1, c->width - 40 > 20 ? c->width - 40 : c->width - 1, &st->text, true, false);
	if (c->width > 60)
		draw_right(c, 0, c->width, 38, STYLE_FAINT, "Enter keeps it, Esc takes it away");
}

static struct tt_editor *filter_field(struct view *v)
{
	struct filter_state *st = v->state;

	return &st->text;
}

const struct view_ops view_filter = {
	.name = "filter",
	.title = "Filter",
	.flags = VIEW_LINE,
	.scope = TT_SCOPE_FILTER,
	.state_size = sizeof(struct filter_state),
	.open = filter_open,
	.event = filter_event,
	.draw = filter_draw,
	.select = filter_select,
	.field = filter_field,
};
