/*
 * bill print: a bill as PDF or text, from what bill.show says of it.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <tracetrack/clock.h>
#include <tracetrack/outcome.h>
#include <tracetrack/paper_bill.h>

#include "paper.h"

static const char *bill_text(const struct tt_rows *rows, const char *column)
{
	return *(char *const *)tt_field(tt_column_find(rows->cols, column), tt_rows_at(rows, 0));
}

static int64_t bill_number(const struct tt_rows *rows, const char *column)
{
	return *(int64_t *)tt_field(tt_column_find(rows->cols, column), tt_rows_at(rows, 0));
}

static int64_t bill_json_number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : TT_NO_INT;
}

/* Texts are borrowed from list. */
static struct tt_paper_parent *bill_parents(const json_t *list)
{
	size_t count = json_array_size(list), i;
	struct tt_paper_parent *parents = tt_alloc((count + 1) * sizeof(*parents));
	const json_t *row;

	for (i = 0; i < count; i++) {
		row = json_array_get(list, i);
		parents[i] = (struct tt_paper_parent){
			.code = json_string_value(json_object_get(row, "code")),
			.state = json_string_value(json_object_get(row, "state")),
			.added_by = json_string_value(json_object_get(row, "by")),
			.children = bill_json_number(row, "children"),
			.expected_grams = bill_json_number(row, "expected"),
			.actual_grams = bill_json_number(row, "grams"),
			.is_weighed = json_is_true(json_object_get(row, "weighed")),
			.is_typed = json_is_true(json_object_get(row, "manual")),
		};
	}
	return parents;
}

/* The rows must add up to what the bill says of itself: a paper that does not is none. */
static enum tt_rc bill_check(
	const struct tt_paper_bill *bill, const struct tt_rows *rows, struct tt_error *err)
{
	struct tt_paper_totals totals;
	bool has_any = bill->parent_count > 0;

	tt_paper_bill_totals(bill, &totals);
	if (totals.parents == bill_number(rows, "parents") &&
		totals.children == bill_number(rows, "children") &&
		(has_any ? totals.expected_grams : 0) == bill_number(rows, "expected") &&
		(has_any ? totals.actual_grams : 0) == bill_number(rows, "grams"))
		return TT_OK;
	tt_fail(err, TT_INTERNAL, "the parents on bill %s do not add up to its totals",
		bill->number);
	tt_error_hint(err, "Don't send it off. Look at the bill and tell the administrator.");
	return TT_INTERNAL;
}

static enum tt_rc bill_put(const struct ctl *ctl, const struct tt_paper_bill *bill,
	const char *file, struct tt_error *err)
{
	struct tt_paper paper = {0};
	struct tt_buf text = {0};
	enum tt_rc rc = TT_OK;

	if (file) {
		rc = tt_paper_bill(&paper, bill, err);
		if (rc == TT_OK)
			rc = ctl_paper_write(ctl, &paper, file, err);
	} else {
		tt_paper_bill_text(bill, &text);
		fputs(text.data, stdout);
	}
	tt_paper_fini(&paper);
	tt_buf_fini(&text);
	return rc;
}

static enum tt_rc bill_print_rows(const struct ctl *ctl, const struct tt_rows *rows,
	const struct tt_zone *zone, const char *file, struct tt_error *err)
{
	json_t *list = json_loads(bill_text(rows, "parents_list"), 0, NULL);
	struct tt_paper_parent *parents = bill_parents(list);
	const struct tt_paper_bill bill = {.number = bill_text(rows, "bill"),
		.state = bill_text(rows, "state"),
		.reason = bill_text(rows, "reason"),
		.destination = bill_text(rows, "destination"),
		.vehicle = bill_text(rows, "vehicle"),
		.created_by = bill_text(rows, "created_by"),
		.completed_by = bill_text(rows, "completed_by"),
		.created_at = bill_number(rows, "created_at"),
		.completed_at = bill_number(rows, "completed_at"),
		.capacity = bill_number(rows, "capacity"),
		.zone = zone,
		.parents = parents,
		.parent_count = json_array_size(list)};
	enum tt_rc rc = bill_check(&bill, rows, err);

	if (rc == TT_OK)
		rc = bill_put(ctl, &bill, file, err);
	free(parents);
	json_decref(list);
	return rc;
}

static enum tt_rc bill_ask(
	struct ctl *ctl, const char *number, struct tt_call *call, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("bill.show");
	void *args = tt_operation_args_new(op);
	enum tt_rc rc = tt_operation_set(op, args, "bill", number, err);

	if (rc == TT_OK)
		rc = ctl_authenticate(ctl, err);
	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, call, err);
	if (rc == TT_OK)
		rc = ctl_judge(tt_operation_outcome(op, &call->rows), err);
	if (rc == TT_REFUSED)
		tt_fail(err, rc, "there is no bill \"%.64s\"", number);
	tt_operation_args_free(op, args);
	return rc;
}

enum tt_rc ctl_bill_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *file = ctl_option(ctl, "--pdf");
	struct tt_call call = {0};
	struct ctl_site site = {0};
	enum tt_rc rc = TT_OK;

	if (file && ctl_has(ctl, "--text"))
		rc = tt_fail(err, TT_USAGE, "--text and --pdf exclude each other");
	if (rc == TT_OK && ctl->format != CTL_TEXT) {
		rc = tt_fail(err, TT_USAGE, "a printed bill is neither JSON nor CSV");
		tt_error_hint(err, "Use: tracetrackctl bill show NUMBER --json");
	}
	if (rc == TT_OK && argc == 0)
		rc = tt_fail(err, TT_USAGE, "which bill?");
	if (rc == TT_OK)
		rc = ctl_no_more(argc - 1, argv + 1, err);
	if (rc == TT_OK)
		rc = ctl_site(ctl, &site, err);
	if (rc == TT_OK)
		rc = bill_ask(ctl, argv[0], &call, err);
	if (rc == TT_OK)
		rc = bill_print_rows(ctl, &call.rows, site.zone, file, err);
	tt_call_fini(&call);
	ctl_site_fini(&site);
	return rc;
}
