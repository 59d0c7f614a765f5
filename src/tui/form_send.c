/*
 * Sending a form: at once, or when its password, PIN or the proof of the own password is hashed.
 */
#include <string.h>

#include <tracetrack/event.h>
#include <tracetrack/text.h>

#include "form_impl.h"

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
		form_say(st, STYLE_CLASS + TT_CLASS_TROUBLE, call->error.message, call->error.hint);
		return;
	}
	tt_copy(challenge.salt, sizeof(challenge.salt),
		*(char *const *)tt_field(tt_column_find(cols, "salt"), row));
	challenge.ops = *(const int64_t *)tt_field(tt_column_find(cols, "ops"), row);
	challenge.mem = *(const int64_t *)tt_field(tt_column_find(cols, "mem"), row);
	st->secret = form_secret_start(
		v, tt_form_own(&st->form), &challenge, tt_form_password(&st->form), form_on_secret);
}

static void form_ask_challenge(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("session.challenge");
	void *args = tt_operation_args_new(op);

	*(char **)tt_operation_arg(op, args, "login") =
		tt_strdup(tt_station_person(v->screen->station)->login);
	view_call(v, op, args, form_on_challenge);
}

bool form_is_sending(struct view *v)
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
