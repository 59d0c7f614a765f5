/*
 * Fields from parameter rows, and back.
 */
#include <tracetrack/form.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <tracetrack/password.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

/* The request id is ours. */
static bool form_is_request(const struct tt_column *col)
{
	return col->type == TT_ID &&
	       (strcmp(col->name, "event") == 0 || strcmp(col->name, "request") == 0);
}

static bool form_makes_password(const struct tt_operation *op)
{
	return tt_column_find(op->params, "verifier") && tt_column_find(op->params, "salt");
}

static bool form_makes_pin(const struct tt_operation *op)
{
	return strcmp(op->name, "session.pin") == 0;
}

static bool form_proves(const struct tt_operation *op)
{
	return tt_column_find(op->params, "proof") != NULL;
}

/* Parameters that the station, the outbox or a password fills. */
static bool form_is_filled(const struct tt_operation *op, const struct tt_column *col)
{
	static const char *const known[] = {"token", "epoch", "seq", "at", "session", "lane",
		"device", "offline", "station", "version"};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (strcmp(col->name, known[i]) == 0)
			return true;
	}
	if (form_proves(op) && strcmp(col->name, "proof") == 0)
		return true;
	return form_makes_password(op) &&
	       (strcmp(col->name, "salt") == 0 || strcmp(col->name, "ops") == 0 ||
		       strcmp(col->name, "mem") == 0 || strcmp(col->name, "verifier") == 0);
}

bool tt_form_is_possible(const struct tt_operation *op)
{
	const struct tt_column *col;
	size_t n = 3;

	for (col = op->params; col && col->name; col++, n++) {
		if ((col->flags & TT_HIDDEN) && !form_is_request(col) && !form_is_filled(op, col))
			return false;
	}
	return n <= TT_FORM_FIELDS && !(op->flags & TT_OP_HIDDEN);
}

static void form_add(struct tt_form *f, enum tt_form_kind kind, const struct tt_column *col)
{
	struct tt_form_field *field;

	if (f->count == TT_FORM_FIELDS)
		return;
	field = &f->fields[f->count++];
	field->kind = kind;
	field->col = col;
}

void tt_form_init(struct tt_form *f, const struct tt_operation *op, const char *phrase)
{
	const struct tt_column *col;

	memset(f, 0, sizeof(*f));
	f->op = op;
	f->request = tt_uuid_v7();
	tt_copy(f->phrase, sizeof(f->phrase), phrase && *phrase ? phrase : "yes");
	if (form_proves(op))
		form_add(f, TT_FORM_OWN, NULL);
	for (col = op->params; col && col->name; col++) {
		if (!(col->flags & TT_HIDDEN) && !form_is_request(col) &&
			!((op->flags & TT_OP_EVENT) && form_is_filled(op, col)))
			form_add(f, TT_FORM_PARAMETER, col);
	}
	if (form_makes_password(op)) {
		form_add(f, TT_FORM_PASSWORD, NULL);
		form_add(f, TT_FORM_AGAIN, NULL);
	}
	if (op->flags & TT_OP_CONFIRM)
		form_add(f, TT_FORM_CONFIRM, NULL);
}

void tt_form_fini(struct tt_form *f)
{
	explicit_bzero(f, sizeof(*f));
}

void tt_form_fill(struct tt_form *f, const char *name, const char *text)
{
	struct tt_form_field *field;

	for (field = f->fields; field < f->fields + f->count; field++) {
		if (!field->col || strcmp(field->col->name, name) != 0)
			continue;
		tt_editor_set(&field->text, text);
		tt_copy(field->before, sizeof(field->before), field->text.text);
	}
}

void tt_form_move(struct tt_form *f, int fields)
{
	if (f->count == 0)
		return;
	f->at = (f->at + f->count + (size_t)(fields % (int)f->count + (int)f->count)) % f->count;
}

bool tt_form_is_changed(const struct tt_form *f)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		if (strcmp(f->fields[i].text.text, f->fields[i].before) != 0)
			return true;
	}
	return false;
}

/* ---- words */

const char *tt_form_subject(const struct tt_form *f)
{
	size_t i;

	if (strcmp(f->phrase, "yes") != 0)
		return f->phrase;
	for (i = 0; i < f->count && f->fields[i].text.len == 0; i++)
		;
	return i < f->count && !tt_form_is_secret(&f->fields[i]) ? f->fields[i].text.text : "";
}

void tt_form_label(
	const struct tt_form *f, const struct tt_form_field *field, char *dst, size_t size)
{
	static const char *const labels[] = {[TT_FORM_OWN] = "your password",
		[TT_FORM_PASSWORD] = "new password",
		[TT_FORM_AGAIN] = "once more",
		[TT_FORM_CONFIRM] = "confirm"};

	if (!field->col) {
		tt_copy(dst, size,
			field->kind == TT_FORM_PASSWORD && form_makes_pin(f->op)
				? "new PIN"
				: labels[field->kind]);
		return;
	}
	tt_table_title(field->col, dst, size);
	if (field->col->flags & TT_REQUIRED)
		tt_format(dst + strlen(dst), size - strlen(dst), " *");
}

void tt_form_help(
	const struct tt_form *f, const struct tt_form_field *field, char *dst, size_t size)
{
	switch (field->kind) {
	case TT_FORM_OWN:
		tt_copy(dst, size, "the one that you log in with");
		break;
	case TT_FORM_PASSWORD:
		if (form_makes_pin(f->op))
			tt_format(
				dst, size, "%d to %d digits", TT_PIN_LENGTH_MIN, TT_PIN_LENGTH_MAX);
		else
			tt_format(dst, size, "at least %d characters", TT_PASSWORD_LENGTH_MIN);
		break;
	case TT_FORM_AGAIN:
		tt_copy(dst, size, "the same once more");
		break;
	case TT_FORM_CONFIRM:
		tt_format(dst, size, "this can't be undone: type %s", f->phrase);
		break;
	case TT_FORM_PARAMETER:
		tt_format(dst, size, "%s%s%s%s%s", field->col->help, field->col->unit ? " (" : "",
			field->col->unit ? field->col->unit : "", field->col->unit ? ")" : "",
			field->col->type == TT_BOOL ? "; yes or no" : "");
		break;
	}
}

bool tt_form_is_secret(const struct tt_form_field *field)
{
	return field->kind == TT_FORM_OWN || field->kind == TT_FORM_PASSWORD ||
	       field->kind == TT_FORM_AGAIN || (field->col && field->col->type == TT_SECRET);
}

/* ---- parameters */

static const struct tt_form_field *form_kind(const struct tt_form *f, enum tt_form_kind kind)
{
	size_t i;

	for (i = 0; i < f->count; i++) {
		if (f->fields[i].kind == kind)
			return &f->fields[i];
	}
	return NULL;
}

/* Is the PIN to be taken away instead of set? */
static bool form_takes_away(const struct tt_form *f)
{
	int64_t off = 0;
	struct tt_column col;
	size_t i;

	for (i = 0; i < f->count; i++) {
		if (!f->fields[i].col || strcmp(f->fields[i].col->name, "off") != 0)
			continue;
		col = *f->fields[i].col;
		col.offset = 0;
		return tt_column_parse(&col, &off, f->fields[i].text.text, NULL) == TT_OK &&
		       off == 1;
	}
	return false;
}

const char *tt_form_password(const struct tt_form *f)
{
	const struct tt_form_field *field = form_kind(f, TT_FORM_PASSWORD);

	return field && !form_takes_away(f) ? field->text.text : NULL;
}

const char *tt_form_own(const struct tt_form *f)
{
	const struct tt_form_field *field = form_kind(f, TT_FORM_OWN);

	return field ? field->text.text : NULL;
}

/* What is wrong with a new password or PIN, or its repetition, in the field's error. */
static void form_take_new(const struct tt_form *f, struct tt_form_field *field)
{
	const char *fresh = tt_form_password(f);
	struct tt_error err = {0};
	enum tt_rc rc = TT_OK;

	if (!fresh)
		return;
	if (field->kind == TT_FORM_AGAIN && strcmp(field->text.text, fresh) != 0)
		tt_format(field->error, sizeof(field->error), "The %s differ.",
			form_makes_pin(f->op) ? "PINs" : "passwords");
	else if (field->kind == TT_FORM_PASSWORD)
		rc = form_makes_pin(f->op) ? tt_pin_check(fresh, &err)
					   : tt_password_check(fresh, &err);
	if (rc != TT_OK)
		tt_format(field->error, sizeof(field->error), "%s.", err.message);
}

/* Why a field is no good, in its error; an empty one is no value. */
static bool form_take(struct tt_form *f, struct tt_form_field *field, void *args)
{
	struct tt_error err = {0};
	char label[64];

	field->error[0] = '\0';
	switch (field->kind) {
	case TT_FORM_OWN:
		if (field->text.len == 0)
			tt_copy(field->error, sizeof(field->error), "Your password is needed.");
		break;
	case TT_FORM_PASSWORD:
	case TT_FORM_AGAIN:
		form_take_new(f, field);
		break;
	case TT_FORM_CONFIRM:
		if (strcasecmp(field->text.text, f->phrase) != 0)
			tt_format(
				field->error, sizeof(field->error), "Type %s to do it.", f->phrase);
		break;
	case TT_FORM_PARAMETER:
		tt_table_title(field->col, label, sizeof(label));
		if (field->text.len == 0 && (field->col->flags & TT_REQUIRED))
			tt_format(field->error, sizeof(field->error), "%s is needed.", label);
		else if (field->text.len > 0 &&
			 tt_column_parse(field->col, args, field->text.text, &err) != TT_OK)
			tt_copy(field->error, sizeof(field->error), err.message);
		break;
	}
	field->error[0] = (char)toupper((unsigned char)field->error[0]);
	return field->error[0] == '\0';
}

void *tt_form_args(struct tt_form *f)
{
	void *args = tt_operation_args_new(f->op);
	const struct tt_column *col;
	size_t bad = f->count, i;

	for (i = f->count; i-- > 0;) {
		if (!form_take(f, &f->fields[i], args))
			bad = i;
	}
	if (bad < f->count) {
		f->at = bad;
		tt_operation_args_free(f->op, args);
		return NULL;
	}
	for (col = f->op->params; col && col->name; col++) {
		if (form_is_request(col))
			*(struct tt_uuid *)tt_field(col, args) = f->request;
	}
	return args;
}

void tt_form_answered(struct tt_form *f)
{
	f->request = tt_uuid_v7();
}
