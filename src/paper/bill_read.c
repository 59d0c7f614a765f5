/*
 * A bill from what bill.show says of it.
 */
#include <tracetrack/paper_bill.h>

#include <stdlib.h>

#include <jansson.h>

static const char *bill_word(const struct tt_rows *rows, const char *column)
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

enum tt_rc tt_paper_bill_read(struct tt_paper_shown *shown, const struct tt_rows *rows,
	const struct tt_zone *zone, struct tt_error *err)
{
	json_t *list = json_loads(bill_word(rows, "parents_list"), 0, NULL);
	struct tt_paper_parent *parents = bill_parents(list);

	shown->list = list;
	shown->parents = parents;
	shown->bill = (struct tt_paper_bill){.number = bill_word(rows, "bill"),
		.state = bill_word(rows, "state"),
		.reason = bill_word(rows, "reason"),
		.destination = bill_word(rows, "destination"),
		.vehicle = bill_word(rows, "vehicle"),
		.created_by = bill_word(rows, "created_by"),
		.completed_by = bill_word(rows, "completed_by"),
		.created_at = bill_number(rows, "created_at"),
		.completed_at = bill_number(rows, "completed_at"),
		.capacity = bill_number(rows, "capacity"),
		.zone = zone,
		.parents = parents,
		.parent_count = json_array_size(list)};
	return bill_check(&shown->bill, rows, err);
}

void tt_paper_shown_fini(struct tt_paper_shown *shown)
{
	json_decref(shown->list);
	free(shown->parents);
}
