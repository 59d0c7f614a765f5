/*
 * A form for an operation. It stays, as it was filled, while the database is away, while somebody
 * logs in again, and after a refusal; sending it again after a silence never does it twice.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/event.h>
#include <tracetrack/form.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

#include "form_secret.h"
#include "nouns.h"
#include "screen_impl.h"
#include "words.h"

#define FORM_LABEL 18
#define FORM_TOLD 4 /* facts of an answer */

struct form_state {
	struct tt_form form;
	struct form_secret *secret; /* being hashed, or NULL */
	char said[400];             /* the last answer that was no success */
	enum style style;
	int top; /* the first field in sight */
	char help[200];
};

static void form_say(struct form_state *st, enum style style, const char *message, const char *hint)
{
	tt_format(
		st->said, sizeof(st->said), "%s%s%s", message, *message && *hint ? ". " : "", hint);
	if (st->said[0] >= 'a' && st->said[0] <= 'z')
		st->said[0] = (char)(st->said[0] - 'a' + 'A');
	st->style = style;
}

/* What stands in the way, where the answer tells it. */
static void form_add_detail(struct form_state *st, const struct tt_rows *rows)
{
	const struct tt_column *col = tt_column_find(rows->cols, "detail");
	struct tt_buf text = {0};
	size_t len = strlen(st->said);

	if (!col)
		col = tt_column_find(rows->cols, "wanted");
	if (col && rows->count > 0)
		tt_column_print(col, tt_rows_at(rows, 0), true, &text);
	if (text.len > 0)
		tt_format(st->said + len, sizeof(st->said) - len, " (%s)", text.data);
	tt_buf_fini(&text);
}

/* ---- answers */

/* What an answer tells beyond its outcome: "number 17, code 4711". */
static void form_tell(const struct tt_rows *rows, struct tt_buf *out)
{
	const void *row = tt_rows_at(rows, 0);
	const struct tt_column *col;
	struct tt_buf value = {0};
	char label[64];
	int told = 0;

	for (col = rows->cols; col->name; col++) {
		if (strcmp(col->name, "outcome") == 0 || strcmp(col->name, "replayed") == 0 ||
			col->type == TT_JSON || col->type == TT_ID)
			continue;
		tt_buf_clear(&value);
		tt_column_print(col, row, true, &value);
		tt_table_title(col, label, sizeof(label));
		if (value.len > 0 && told++ < FORM_TOLD)
			tt_buf_printf(out, "%s%s %s", out->len ? ", " : "", label, value.data);
	}
	tt_buf_fini(&value);
}

/* It is done: away with the form, and the view below shows how it is now. */
static void form_finish(struct view *v, const char *label, const char *told)
{
	struct tt_screen *s = v->screen;
	char text[320];

	tt_format(text, sizeof(text), "%s %s%s%s", term_mark(&s->term, TT_CLASS_DONE), label,
		*told ? ": " : "", told);
	view_close(v);
	screen_say(s, STYLE_CLASS + TT_CLASS_DONE, text);
	screen_refresh(s);
}

static void form_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct form_state *st = v->state;
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");
	struct tt_screen *s = v->screen;
	struct tt_buf told = {0};
	char words[200], advice[200];

	if (call->rc != TT_OK) {
		form_say(st, STYLE_CLASS + TT_CLASS_TROUBLE, call->error.message,
			call->fate == TT_FATE_UNKNOWN
				? "It may have been done; F2 asks again and never does it twice"
				: call->error.hint);
		return;
	}
	if (strcmp(outcome->name, "session_expired") == 0) {
		form_say(
			st, STYLE_WARNING, "Nothing was done yet: log in, then press F2 again", "");
		return;
	}
	tt_form_answered(&st->form);
	if (outcome->cls >= TT_CLASS_REFUSED) {
		words_fill(words, sizeof(words), outcome->message, &call->rows,
			tt_form_subject(&st->form));
		words_fill(advice, sizeof(advice), outcome->advice, &call->rows,
			tt_form_subject(&st->form));
		form_say(st, STYLE_CLASS + outcome->cls, words, advice);
		form_add_detail(st, &call->rows);
		return;
	}
	if (told_has_something(&call->rows)) {
		view_close(v);
		view_open(s, &view_told, &call->rows);
		return;
	}
	if (call->rows.count > 0)
		form_tell(&call->rows, &told);
	form_finish(v, strcmp(outcome->name, "ok") == 0 ? "Done" : outcome->label,
		told.data ? told.data : "");
	tt_buf_fini(&told);
}

/* A scan event was answered, by the database or as queued. */
static unsigned form_on_answer(struct view *v, const struct tt_answer *answer)
{
	struct form_state *st = v->state;

	if (answer->ticket != v)
		return 0;
	if (answer->cls >= TT_CLASS_REFUSED)
		form_say(st, STYLE_CLASS + answer->cls, answer->message, answer->advice);
	else
		form_finish(v, answer->message, "");
	return VIEW_HANDLED;
}

/* ---- sending */

static void form_send(struct view *v, const struct form_secret *secret)
{
	struct form_state *st = v->state;
	const struct tt_operation *op = st->form.op;
	void *args = tt_form_args(&st->form);

	st->said[0] = '\0';
	if (!args)
		return;
	if (op->flags & TT_OP_EVENT) {
		((struct tt_event *)args)->event = (struct tt_uuid){{0}};
		tt_station_event(v->screen->station, v->screen->lane, op, args, v);
		tt_operation_args_free(op, args);
		return;
	}
	if (secret)
		form_secret_put(secret, op, args);
	view_call(v, op, args, form_on_done);
}

static void form_on_secret(
	struct view *v, const struct form_secret *secret, const struct tt_error *err)
{
	struct form_state *st = v->state;

	st->secret = NULL;
	if (err->rc == TT_OK)
		form_send(v, secret);
	else
		form_say(st, STYLE_CLASS + TT_CLASS_TROUBLE, err->message, err->hint);
}

/* How the own password is hashed. */
static void form_on_challenge(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct form_state *st = v->state;
	const void *row = call->rows.count > 0 ? tt_rows_at(&call->rows, 0) : NULL;
	const struct tt_column *cols = op->result;
	struct tt_hashed challenge;

	if (call->rc != TT_OK || !row) {
		form_say(st, STYLE_CLASS + TT_CLASS_TROUBLE, call->error.message,
			call->error.hint);
		return;
	}
	tt_copy(challenge.salt, sizeof(challenge.salt),
		*(char *const *)tt_field(tt_column_find(cols, "salt"), row));
	challenge.ops = *(const int64_t *)tt_field(tt_column_find(cols, "ops"), row);
	challenge.mem = *(const int64_t *)tt_field(tt_column_find(cols, "mem"), row);
	st->secret = form_secret_start(v, tt_form_own(&st->form), &challenge,
		tt_form_password(&st->form), form_on_secret);
}

static void form_ask_challenge(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("session.challenge");
	void *args = tt_operation_args_new(op);

	*(char **)tt_operation_arg(op, args, "login") =
		tt_strdup(tt_station_person(v->screen->station)->login);
	view_call(v, op, args, form_on_challenge);
}

static bool form_is_sending(struct view *v)
{
	struct form_state *st = v->state;

	return st->secret || view_is_waiting(v, form_on_done) ||
	       view_is_waiting(v, form_on_challenge);
}

void form_submit(struct view *v)
{
	struct form_state *st = v->state;
	const char *fresh = tt_form_password(&st->form);
	void *args;

	if (form_is_sending(v))
		return;
	if (!fresh && !tt_form_own(&st->form)) {
		form_send(v, NULL);
		return;
	}
	args = tt_form_args(&st->form);
	if (!args)
		return;
	tt_operation_args_free(st->form.op, args);
	if (tt_form_own(&st->form))
		form_ask_challenge(v);
	else
		st->secret = form_secret_start(v, NULL, NULL, fresh, form_on_secret);
}

/* ---- the view */

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
	int x = FORM_LABEL < c->width / 3 ? FORM_LABEL : c->width / 3;
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
	int at = (int)st->form.at, i;
	char about[200];

	frame_path(v, c, c->width - 1);
	/* What follows the first sentence is for the command line. */
	tt_copy_n(about, sizeof(about), help, (size_t)(end ? end - help : (long)strlen(help)));
	draw_wrapped(c, 1, 1, c->width - 2, 2, STYLE_PLAIN, about);
	if (st->said[0] != '\0')
		draw_wrapped(c, c->height - 3, 1, c->width - 2, 3, st->style, st->said);
	else
		draw_text(c, c->height - 1, 1, c->width - 2, STYLE_FAINT,
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
