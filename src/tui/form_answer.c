/*
 * What a form says of the answer to it: why not, or that it is done, and then it is gone.
 */
#include <string.h>

#include <tracetrack/event.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

#include "form_impl.h"
#include "words.h"

#define FORM_TOLD 4 /* facts of an answer */

void form_say(struct form_state *st, enum style style, const char *message, const char *hint)
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

void form_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct form_state *st = v->state;
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");
	struct tt_screen *s = v->screen;
	struct tt_buf told = {0};
	const char *message, *hint;
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
		tt_outcome_wording(outcome, op->name, &message, &hint);
		words_fill(words, sizeof(words), message, &call->rows, tt_form_subject(&st->form));
		words_fill(advice, sizeof(advice), hint, &call->rows, tt_form_subject(&st->form));
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

unsigned form_on_answer(struct view *v, const struct tt_answer *answer)
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
