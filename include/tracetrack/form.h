/*
 * A form for an operation: a field for each parameter that a person gives, checked by the
 * parameter's own row. The request id stays the same until the database has said yes or no, so that
 * sending it again after a silence never does it twice.
 */
#ifndef TRACETRACK_FORM_H
#define TRACETRACK_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/clock.h>
#include <tracetrack/editor.h>
#include <tracetrack/operation.h>

#define TT_FORM_FIELDS 24

enum tt_form_kind {
	TT_FORM_PARAMETER,
	TT_FORM_OWN,      /* the password that one has, to prove who asks */
	TT_FORM_PASSWORD, /* a new one or a PIN, hashed before it is sent */
	TT_FORM_AGAIN,    /* the same once more */
	TT_FORM_CONFIRM,  /* what can't be undone: the phrase */
};

struct tt_form_field {
	enum tt_form_kind kind;
	const struct tt_column *col; /* NULL unless it is a parameter */
	struct tt_editor text;
	char before[TT_EDITOR_MAX]; /* as it was filled */
	char error[160];            /* why it is no good, or "" */
};

struct tt_form {
	const struct tt_operation *op;
	struct tt_form_field fields[TT_FORM_FIELDS];
	size_t count, at; /* at: the one with the cursor */
	struct tt_uuid request;
	char phrase[64]; /* to be typed when the operation is to be confirmed */
};

/* phrase: names what it is done to; NULL: "yes". */
void tt_form_init(struct tt_form *f, const struct tt_operation *op, const char *phrase);
/* Wipes what was typed. */
void tt_form_fini(struct tt_form *f);
/* Fill the parameter of that name, if there is one. */
void tt_form_fill(struct tt_form *f, const char *name, const char *text);
/* Would a person's parameters do? False when it needs something that only a program has. */
bool tt_form_is_possible(const struct tt_operation *op);

void tt_form_move(struct tt_form *f, int fields);
bool tt_form_is_changed(const struct tt_form *f);
/* What stands left of a field, and what helps to fill it. */
void tt_form_label(
	const struct tt_form *f, const struct tt_form_field *field, char *dst, size_t size);
void tt_form_help(
	const struct tt_form *f, const struct tt_form_field *field, char *dst, size_t size);
/* What it is about: the phrase, or what was typed first. Borrowed. */
const char *tt_form_subject(const struct tt_form *f);
bool tt_form_is_secret(const struct tt_form_field *field);

/* The operation's parameters, the caller's to free; NULL when a field is no good, which then has
 * the cursor and its error. Secrets that a password makes are not in there yet. */
void *tt_form_args(struct tt_form *f);
/* The new password or PIN that was typed, NULL when none is wanted. Borrowed. */
const char *tt_form_password(const struct tt_form *f);
/* The own password that was typed, NULL when none is wanted. Borrowed. */
const char *tt_form_own(const struct tt_form *f);
/* The database has answered: what is sent next is another request. */
void tt_form_answered(struct tt_form *f);

#endif
