/*
 * A question in a dialog: yes or no, or one of some texts, or a text typed in.
 */
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

#define ASK_HEIGHT_PLAIN 8 /* rows of a dialog without choices */

struct ask_state {
	char text[200], yes[32];
	const char *const *choices;
	struct tt_editor typed;
	struct tt_scroll list;
	int lane;
	void (*answer)(struct tt_screen *screen, int lane, const char *text);
};

static void ask_open(struct view *v, const void *arg)
{
	const struct view_question *q = arg;
	struct ask_state *st = v->state;

	tt_copy(st->text, sizeof(st->text), q->text);
	tt_copy(st->yes, sizeof(st->yes), q->yes);
	tt_copy(v->title, sizeof(v->title), q->title);
	if (!q->choices)
		v->height = ASK_HEIGHT_PLAIN;
	st->choices = q->choices;
	st->lane = q->lane;
	st->answer = q->answer;
	while (st->choices && st->choices[st->list.count])
		st->list.count++;
	tt_scroll_resize(&st->list, st->list.count, st->list.count);
}

/* What was typed, else what is selected. The dialog goes first: the answer may open another. */
static unsigned ask_select(struct view *v)
{
	struct tt_screen *s = v->screen;
	struct ask_state st = *(struct ask_state *)v->state;
	const char *text = "";

	if (st.choices)
		text = st.typed.len ? st.typed.text : st.choices[st.list.selected];
	view_close(v);
	st.answer(s, st.lane, text);
	return VIEW_HANDLED;
}

static unsigned ask_event(struct view *v, const struct view_event *event)
{
	const struct ask_state *st = v->state;

	if (event->kind != VIEW_KEY || st->choices)
		return 0;
	if (event->key == 'y' || event->key == 'Y')
		return ask_select(v);
	if (event->key == 'n' || event->key == 'N')
		return VIEW_HANDLED | VIEW_CLOSE;
	return 0;
}

static void ask_draw(struct view *v, const struct canvas *c)
{
	struct ask_state *st = v->state;
	int y = draw_wrapped(c, 0, 0, c->width, 4, STYLE_PLAIN, st->text) + 1;
	size_t i;

	for (i = 0; i < st->list.count; i++, y++)
		draw_padded(c, y, 1, c->width - 2,
			i == st->list.selected && st->typed.len == 0 ? STYLE_SELECTED : STYLE_PLAIN,
			st->choices[i]);
	if (st->choices) {
		draw_text(c, ++y, 0, 6, STYLE_PLAIN, "Other:");
		draw_field(c, y, 7, c->width - 8, &st->typed, true, false);
	}
	draw_textf(c, c->height - 1, 0, c->width, STYLE_STRONG,
		st->choices ? "Enter: %s   Esc: go back" : "Enter or y: %s   Esc or n: stay",
		st->yes);
	if (!st->choices)
		draw_cursor(c, c->height - 1, 0);
}

static struct tt_editor *ask_field(struct view *v)
{
	struct ask_state *st = v->state;

	return st->choices ? &st->typed : NULL;
}

static struct tt_scroll *ask_list(struct view *v)
{
	struct ask_state *st = v->state;

	return &st->list;
}

const struct view_ops view_ask = {
	.name = "ask",
	.title = "Question",
	.flags = VIEW_DIALOG,
	.scope = TT_SCOPE_ASK,
	.state_size = sizeof(struct ask_state),
	.height = 12,
	.width = 56,
	.open = ask_open,
	.event = ask_event,
	.draw = ask_draw,
	.select = ask_select,
	.field = ask_field,
	.list = ask_list,
};
