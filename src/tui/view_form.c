/*
 * A form for an operation. It stays, as it was filled, while the database is away, while somebody
 * logs in again, and after a refusal; sending it again after a silence never does it twice.
 */
#include <string.h>

#include <tracetrack/text.h>

#include "form_impl.h"

#define FORM_LABEL 18
#define FORM_NARROW 54 /* columns below which the hint takes two rows */

static void form_open(struct view *v, const void *arg)
{
	const struct form_arg *a = arg;
	struct form_state *st = v->state;
	const struct tt_column *col;
	struct tt_buf text = {0};

	tt_form_init(&st->form, a->op, a->phrase);
	tt_copy(v->title, sizeof(v->title), a->op->title);
	for (col = a->cols; col && a->row && col->name; col++) {
		tt_buf_clear(&text);
		if (col->type != TT_JSON && col->type != TT_SECRET &&
			tt_column_bind(col, a->row, &text))
			tt_form_fill(&st->form, col->name, text.data ? text.data : "");
	}
	tt_buf_fini(&text);
	while (st->form.at + 1 < st->form.count && st->form.fields[st->form.at].text.len > 0 &&
		(st->form.fields[st->form.at].col->flags & TT_POSITIONAL))
		st->form.at++;
}

static void form_close(struct view *v)
{
	struct form_state *st = v->state;

	form_secret_forget(st->secret);
	tt_form_fini(&st->form);
}

bool form_is_changed(struct view *v)
{
	struct form_state *st = v->state;

	return tt_form_is_changed(&st->form);
}

static unsigned form_event(struct view *v, const struct view_event *event)
{
	struct form_state *st = v->state;
	struct tt_form *f = &st->form;

	if (event->kind == VIEW_ANSWER)
		return form_on_answer(v, event->answer);
	if (event->kind == VIEW_EDITED && f->count > 0)
		f->fields[f->at].error[0] = '\0';
	if (event->kind == VIEW_READING && f->count > 0 && event->reading->code[0] != '\0') {
		tt_editor_set(&f->fields[f->at].text, event->reading->code);
		tt_form_move(f, f->at + 1 < f->count);
		return VIEW_HANDLED;
	}
	if (event->kind != VIEW_KEY)
		return 0;
	if (event->key == KEYS_TAB || event->key == KEYS_DOWN)
		tt_form_move(f, 1);
	else if (event->key == KEYS_BACK_TAB || event->key == KEYS_UP)
		tt_form_move(f, -1);
	return VIEW_HANDLED;
}

/* Enter goes on; on the last field it sends. */
static unsigned form_select(struct view *v)
{
	struct form_state *st = v->state;

	if (st->form.at + 1 < st->form.count)
		tt_form_move(&st->form, 1);
	else
		form_submit(v);
	return VIEW_HANDLED;
}

static void form_draw_field(struct form_state *st, const struct canvas *c, int y, size_t i)
{
	struct tt_form_field *field = &st->form.fields[i];
	int x = FORM_LABEL < c->width * 2 / 5 ? FORM_LABEL : c->width * 2 / 5;
	int width = c->width - x - 1 < 32 ? c->width - x - 1 : 32;
	char text[200];

	tt_form_label(&st->form, field, text, sizeof(text));
	draw_text(c, y, 0, x - 1, i == st->form.at ? STYLE_STRONG : STYLE_PLAIN, text);
	draw_field(c, y, x, width, &field->text, false, tt_form_is_secret(field));
	if (field->error[0] != '\0')
		draw_text(c, y, x + width + 1, c->width - x - width - 1,
			STYLE_CLASS + TT_CLASS_REFUSED, field->error);
	if (i == st->form.at)
		draw_field(c, y, x, width, &field->text, true, tt_form_is_secret(field));
}

static void form_draw(struct view *v, const struct canvas *c)
{
	struct form_state *st = v->state;
	struct canvas body = draw_part(c, 4, 1, c->height - 7, c->width - 2);
	const char *help = st->form.op->help, *end = strstr(help, ". ");
	int at = (int)st->form.at, lines = c->width < FORM_NARROW ? 2 : 1, i;
	char about[200];

	frame_path(v, c, c->width - 1);
	/* What follows the first sentence is for the command line. */
	tt_copy_n(about, sizeof(about), help, (size_t)(end ? end - help : (long)strlen(help)));
	draw_wrapped(c, 1, 1, c->width - 2, 2, STYLE_PLAIN, about);
	if (st->said[0] != '\0')
		draw_wrapped(c, c->height - 3, 1, c->width - 2, 3, st->style, st->said);
	else
		draw_wrapped(c, c->height - lines, 1, c->width - 2, lines, STYLE_FAINT,
			"Tab changes the field, F2 sends it all, Esc leaves.");
	if (at < st->top)
		st->top = at;
	if (at >= st->top + body.height)
		st->top = at - body.height + 1;
	for (i = st->top; i < (int)st->form.count && i - st->top < body.height; i++) {
		if (i != at)
			form_draw_field(st, &body, i - st->top, (size_t)i);
	}
	if (st->form.count > 0)
		form_draw_field(st, &body, at - st->top, (size_t)at);
}

static const char *form_status(struct view *v)
{
	struct form_state *st = v->state;
	const struct tt_form_field *field = &st->form.fields[st->form.at];

	if (form_is_sending(v))
		return "Asking the database";
	if (st->form.count == 0)
		return "F2 does it, Esc leaves.";
	if (field->error[0] != '\0')
		return field->error;
	tt_form_help(&st->form, field, st->help, sizeof(st->help));
	return st->help;
}

static struct tt_editor *form_field(struct view *v)
{
	struct form_state *st = v->state;

	return st->form.count > 0 ? &st->form.fields[st->form.at].text : NULL;
}

const struct view_ops view_form = {
	.name = "form",
	.title = "Form",
	.flags = VIEW_BURST_IS_TEXT,
	.scope = TT_SCOPE_FORM,
	.state_size = sizeof(struct form_state),
	.open = form_open,
	.close = form_close,
	.event = form_event,
	.draw = form_draw,
	.select = form_select,
	.status = form_status,
	.field = form_field,
};
