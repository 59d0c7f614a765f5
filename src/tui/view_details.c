/*
 * Details of an answer: the stable outcome code, ids, times, and what the error said. The arrow
 * keys go back through the lane's answers.
 */
#include <inttypes.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

struct details_state {
	struct tt_scroll list; /* which answer, 0 the newest */
	int lane;
};

struct details_pen {
	const struct canvas *c;
	int y;
};

static void details_open(struct view *v, const void *arg)
{
	struct details_state *st = v->state;

	(void)arg;
	st->lane = v->screen->lane;
}

static void details_line(struct details_pen *pen, const char *label, const char *value)
{
	const struct canvas *c = pen->c;
	int width = c->width - 12;

	if (value[0] == '\0' || pen->y >= c->height)
		return;
	draw_text(c, pen->y, 0, 11, STYLE_FAINT, label);
	pen->y += draw_wrapped(c, pen->y, 12, width, 2, STYLE_PLAIN, value);
}

static void details_number(struct details_pen *pen, const char *label, int64_t n)
{
	char text[32];

	if (n == TT_NO_INT || n == 0)
		return;
	tt_format(text, sizeof(text), "%" PRId64, n);
	details_line(pen, label, text);
}

static void details_error(struct details_pen *pen, const struct tt_error *err)
{
	char text[320];

	if (err->rc == TT_OK)
		return;
	tt_format(text, sizeof(text), "%s%s%s%s%s", tt_rc_word(err->rc),
		err->sqlstate[0] ? " " : "", err->sqlstate, err->message[0] ? ": " : "",
		err->message);
	details_line(pen, "error", text);
	details_line(pen, "detail", err->detail);
	details_line(pen, "hint", err->hint);
}

static void details_draw_answer(struct details_pen *pen, const struct tt_answer *a)
{
	static const char *const durable[] = {"nowhere", "this station's disk", "the database"};
	char text[64];

	details_line(pen, "scanned", a->code);
	details_line(pen, "outcome", a->outcome->name);
	details_line(pen, "class", tt_classes[a->cls].word);
	details_line(pen, "safe in", durable[a->durable]);
	tt_uuid_format(text, &a->event);
	details_line(pen, "event", tt_uuid_is_nil(&a->event) ? "" : text);
	details_error(pen, &a->error);
	details_line(pen, "says", a->message);
	details_line(pen, "action", a->action);
	details_line(pen, "parent", a->parent);
	details_line(pen, "bill", a->bill);
	tt_time_format(text, sizeof(text), a->at);
	details_line(pen, "at", text);
	tt_format(text, sizeof(text), "%.2f ms%s%s", a->ms, a->is_replayed ? ", replayed" : "",
		a->is_settlement ? ", settled later" : "");
	details_line(pen, "took", text);
	details_number(pen, "sequence", a->seq);
}

static void details_draw(struct view *v, const struct canvas *c)
{
	struct details_state *st = v->state;
	const struct tt_scanlist *answers = &v->screen->lists[st->lane];
	const struct tt_answer *a;
	struct details_pen pen = {c, 1};

	tt_scroll_resize(&st->list, answers->count, 1);
	a = tt_scanlist_at(answers, st->list.selected);
	if (!a) {
		draw_wrapped(
			c, 0, 0, c->width, 2, STYLE_PLAIN, "Nothing was scanned on this lane yet.");
		return;
	}
	draw_textf(c, 0, 0, c->width, STYLE_STRONG, "Answer %zu of %zu (Up newer, Down older)",
		st->list.selected + 1, answers->count);
	details_draw_answer(&pen, a);
	draw_cursor(c, 0, 0);
}

static const char *details_status(struct view *v)
{
	(void)v;
	return "Esc goes back.";
}

static struct tt_scroll *details_list(struct view *v)
{
	struct details_state *st = v->state;

	return &st->list;
}

const struct view_ops view_details = {
	.name = "details",
	.title = "Details",
	.flags = VIEW_DIALOG,
	.scope = TT_SCOPE_DETAILS,
	.state_size = sizeof(struct details_state),
	.height = 19,
	.width = 74,
	.open = details_open,
	.draw = details_draw,
	.status = details_status,
	.list = details_list,
};
