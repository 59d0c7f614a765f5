/*
 * What the files of the form share.
 */
#ifndef TRACETRACK_TUI_FORM_IMPL_H
#define TRACETRACK_TUI_FORM_IMPL_H

#include <tracetrack/form.h>

#include "form_secret.h"
#include "screen_impl.h"

struct form_state {
	struct tt_form form;
	struct form_secret *secret; /* being hashed, or NULL */
	char said[400];             /* the last answer that was no success */
	enum style style;
	int top; /* the first field in sight */
	char help[200];
};

/* form_answer.c: below the fields */
void form_say(struct form_state *st, enum style style, const char *message, const char *hint);
/* Of the form's operation. */
void form_on_done(struct view *v, const struct tt_operation *op, struct tt_call *call);
/* A scan event was answered, by the database or as queued. */
unsigned form_on_answer(struct view *v, const struct tt_answer *answer);

/* form_send.c */
bool form_is_sending(struct view *v);

#endif
