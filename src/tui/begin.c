/*
 * What is shown to whom: the rights of the person, the views that the screen begins with, and their
 * rotation on a wall screen.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

#define BEGIN_ROTATE_MS 20000

/* The nth of names divided by commas; false past the last. */
static bool begin_name(const char *names, size_t n, char *dst, size_t size)
{
	size_t len;

	for (;; names += len + 1) {
		len = strcspn(names, ",");
		if (n-- == 0) {
			tt_copy_n(dst, size, names, len);
			return len > 0;
		}
		if (names[len] == '\0')
			return false;
	}
}

static bool begin_is_view(const struct tt_command *row)
{
	return row && strcmp(row->group, "screens") == 0;
}

enum tt_rc tt_screen_check_view(const char *names, struct tt_error *err)
{
	const struct tt_command *row, *best = NULL;
	unsigned least = UINT_MAX;
	char name[64];
	size_t n, i;

	for (n = 0; begin_name(names, n, name, sizeof(name)); n++) {
		if (begin_is_view(tt_command_find(name)))
			continue;
		for (i = 0; (row = tt_command_at(i)) != NULL; i++) {
			if (begin_is_view(row) && tt_is_nearer(name, row->name, &least))
				best = row;
		}
		tt_fail(err, TT_USAGE, "there is no view \"%.40s\"", name);
		if (best)
			tt_error_hint(err, "Did you mean %s?", best->name);
		else
			tt_error_hint(err, "The menu (F10) has their names, and tracetrack(1).");
		return TT_USAGE;
	}
	return TT_OK;
}

/* Open one of the first views; the next when that one is not for this person. */
static void begin_open(struct tt_screen *s)
{
	const char *names = s->options.settings->view;
	const struct tt_command *row;
	char name[64];
	size_t tries;

	if (*names == '\0' && s->options.is_kiosk)
		names = "dashboard";
	for (tries = 0; tries < 16; tries++, s->turn++) {
		if (!begin_name(names, s->turn, name, sizeof(name))) {
			if (s->turn == 0)
				return;
			s->turn = 0;
			(void)begin_name(names, 0, name, sizeof(name));
		}
		row = tt_command_find(name);
		if (row && command_is_there(s, row, TT_SCOPE_ALL)) {
			command_run(s, row, "");
			return;
		}
	}
}

void begin_rotate(uv_timer_t *timer)
{
	struct tt_screen *s = timer->data;

	if (tt_station_phase(s->station) != TT_PHASE_WORKING || s->top->ops == &view_login ||
		s->top->ops == &view_ask)
		return;
	s->turn++;
	begin_open(s);
}

/* ---- rights */

static void begin_on_rights(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct tt_screen *s = v->screen;

	(void)op;
	tt_rows_fini(&s->rights);
	s->rights = call->rows;
	memset(&call->rows, 0, sizeof(call->rows));
}

static void begin_ask_rights(struct tt_screen *s)
{
	const struct tt_operation *op = tt_operation_find("right.list");
	struct view *base = s->top;

	while (base->below)
		base = base->below;
	view_forget(base, begin_on_rights);
	view_call(base, op, tt_operation_args_new(op), begin_on_rights);
}

bool screen_may(const struct tt_screen *s, const struct tt_operation *op)
{
	size_t i;

	if (s->options.settings->read_only && !(op->flags & TT_OP_READ))
		return false;
	for (i = 0; i < s->rights.count; i++) {
		const char *name = *(char **)tt_rows_at(&s->rights, i);

		if (op->right && strcmp(name, op->right) == 0)
			return true;
	}
	return s->rights.count == 0 || !op->right;
}

void begin_person(struct tt_screen *s)
{
	const struct tt_person *p = tt_station_person(s->station);
	bool is_other = strcmp(s->login, p->login) != 0;

	if (is_other)
		view_close_all(s);
	tt_copy(s->login, sizeof(s->login), p->login);
	tt_rows_fini(&s->rights);
	begin_ask_rights(s);
	if (is_other)
		begin_open(s);
	if (s->options.is_kiosk)
		uv_timer_start(&s->rotate, begin_rotate, BEGIN_ROTATE_MS, BEGIN_ROTATE_MS);
}
