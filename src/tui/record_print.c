/*
 * A bill as text in a file: what tracetrackctl bill print gives. It is read anew, because what is
 * shown may be old by now, in the time zone of the site.
 */
#include <string.h>

#include <tracetrack/paper_bill.h>

#include "export.h"
#include "record_impl.h"
#include "words.h"

static void print_fail(struct view *v, const struct tt_error *err)
{
	char text[300];

	tt_format(text, sizeof(text), "It is not printed: %s. %s", err->message, err->hint);
	screen_say(v->screen, STYLE_WARNING, text);
}

static void print_write(struct view *v, const struct tt_rows *rows)
{
	struct record_state *st = v->state;
	struct exported x = {.name = "bill", .suffix = ".txt"};
	struct tt_paper_shown shown = {0};
	struct tt_zone *zone;
	struct tt_error err = {0};
	enum tt_rc rc = tt_zone_open(&zone, st->zone, &err);

	if (rc == TT_OK)
		rc = tt_paper_bill_read(&shown, rows, zone, &err);
	if (rc == TT_OK) {
		tt_paper_bill_text(&shown.bill, &x.text);
		export_write_text(v->screen, &x, shown.bill.number);
	} else {
		print_fail(v, &err);
	}
	tt_paper_shown_fini(&shown);
	tt_zone_free(zone);
}

static void print_on_bill(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	const char *name = tt_operation_outcome(op, &call->rows);
	const struct tt_outcome *outcome = tt_outcome_find(name ? name : "ok");
	struct record_state *st = v->state;
	char text[200];

	if (call->rc != TT_OK) {
		print_fail(v, &call->error);
	} else if (outcome->cls >= TT_CLASS_REFUSED || call->rows.count == 0) {
		words_fill(text, sizeof(text), outcome->message, &call->rows, st->key.data);
		screen_say(v->screen, STYLE_CLASS + outcome->cls, text);
	} else {
		print_write(v, &call->rows);
	}
}

static void print_on_site(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct record_state *st = v->state;
	struct tt_error err = {0};
	const char *zone;
	void *args;

	if (call->rc != TT_OK || call->rows.count == 0) {
		print_fail(v, &call->error);
		return;
	}
	zone = *(char *const *)tt_field(
		tt_column_find(op->result, "zone"), tt_rows_at(&call->rows, 0));
	tt_copy(st->zone, sizeof(st->zone), zone ? zone : "");
	args = tt_operation_args_new(st->op);
	if (tt_operation_set(st->op, args, st->noun->key, st->key.data, &err) == TT_OK) {
		view_call(v, st->op, args, print_on_bill);
		return;
	}
	print_fail(v, &err);
	tt_operation_args_free(st->op, args);
}

bool record_can_print(const struct view *v)
{
	const struct record_state *st = v->state;

	return st->noun->prints;
}

void record_print(struct view *v)
{
	const struct tt_operation *op = tt_operation_find("system.site");

	if (!view_is_waiting(v, print_on_site) && !view_is_waiting(v, print_on_bill))
		view_call(v, op, tt_operation_args_new(op), print_on_site);
}
