/*
 * What a bill says, and the same as text. No page is made here, so that a program that only shows
 * text loads nothing that draws.
 */
#include <tracetrack/paper_bill.h>

#include <inttypes.h>
#include <string.h>

#include <tracetrack/column.h>

#include "bill_text.h"

static bool bill_is_final(const struct tt_paper_bill *bill)
{
	return bill->state && strcmp(bill->state, "completed") == 0;
}

bool bill_is_cancelled(const struct tt_paper_bill *bill)
{
	return bill->state && strcmp(bill->state, "cancelled") == 0;
}

static void bill_sum(int64_t *sum, int64_t value)
{
	if (value != TT_NO_INT)
		*sum = (*sum == TT_NO_INT ? 0 : *sum) + value;
}

void tt_paper_bill_totals(const struct tt_paper_bill *bill, struct tt_paper_totals *totals)
{
	size_t i;

	totals->parents = (int64_t)bill->parent_count;
	totals->children = 0;
	totals->expected_grams = totals->actual_grams = TT_NO_INT;
	for (i = 0; i < bill->parent_count; i++) {
		bill_sum(&totals->children, bill->parents[i].children);
		bill_sum(&totals->expected_grams, bill->parents[i].expected_grams);
		bill_sum(&totals->actual_grams, bill->parents[i].actual_grams);
	}
}

void bill_warning(const struct tt_paper_bill *bill, char *dst, size_t size)
{
	const char *why = bill->reason && *bill->reason ? bill->reason : NULL;

	if (bill_is_final(bill))
		tt_copy(dst, size, "");
	else if (bill_is_cancelled(bill))
		tt_format(dst, size, "CANCELLED%s%s", why ? ": " : "", why ? why : "");
	else
		tt_format(dst, size, "NOT FINAL: this bill is %s%s%s",
			bill->state ? bill->state : "not completed", why ? ": " : "",
			why ? why : "");
}

static void bill_fact(struct bill_fact *facts, size_t *n, const char *name, const char *value)
{
	if (!value || *value == '\0')
		return;
	facts[*n].name = name;
	tt_copy(facts[*n].value, sizeof(facts[*n].value), value);
	++*n;
}

static void bill_who_when(
	const struct tt_paper_bill *bill, const char *who, tt_time when, char *dst, size_t size)
{
	char time[TT_ZONE_TIME];

	tt_zone_time(time, bill->zone, when);
	tt_format(dst, size, "%s%s%s", time, *time && who ? " by " : "", who ? who : "");
}

size_t bill_facts(const struct tt_paper_bill *bill, struct bill_fact facts[BILL_FACTS])
{
	char text[160], date[TT_ZONE_TIME];
	size_t n = 0;

	tt_zone_date(date, bill->zone,
		bill->completed_at != TT_NO_TIME ? bill->completed_at : bill->created_at);
	bill_fact(facts, &n, "Date", date);
	bill_fact(facts, &n, "Vehicle", bill->vehicle);
	if (bill->capacity != TT_NO_INT)
		tt_format(
			text, sizeof(text), "%zu of %" PRId64, bill->parent_count, bill->capacity);
	else
		tt_format(text, sizeof(text), "%zu", bill->parent_count);
	bill_fact(facts, &n, "Parents", text);
	bill_fact(facts, &n, "State", bill->state);
	bill_who_when(bill, bill->created_by, bill->created_at, text, sizeof(text));
	bill_fact(facts, &n, "Created", text);
	bill_who_when(bill, bill->completed_by, bill->completed_at, text, sizeof(text));
	bill_fact(facts, &n, "Completed", text);
	return n;
}

static const struct tt_grid_column bill_columns[] = {
	{"No.", 8, true},
	{"Parent", 38, false},
	{"Children", 18, true},
	{"Expected kg", 24, true},
	{"Actual kg", 24, true},
	{"Added by", 30, false},
	{"Note", 38, false},
};
#define BILL_COLUMNS (sizeof(bill_columns) / sizeof(*bill_columns))

/* "short, weighed" */
static void bill_note(const struct tt_paper_parent *parent, char *dst, size_t size)
{
	bool is_usual = !parent->state || strcmp(parent->state, "complete") == 0;
	const char *words[] = {is_usual ? NULL : parent->state, parent->is_typed ? "typed" : NULL,
		parent->is_weighed ? "weighed" : NULL};
	size_t i, len = 0;

	dst[0] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i])
			len += tt_format(dst + len, size - len, "%s%s", len ? ", " : "", words[i]);
	}
}

void bill_grid(const struct tt_paper_bill *bill, struct tt_grid *grid)
{
	const struct tt_paper_parent *p;
	struct tt_paper_totals totals;
	char note[64];
	size_t i;

	memset(grid, 0, sizeof(*grid));
	grid->columns = bill_columns;
	grid->column_count = BILL_COLUMNS;
	grid->has_total = true;
	for (i = 0; i < bill->parent_count; i++) {
		p = &bill->parents[i];
		tt_grid_number(grid, (int64_t)i + 1);
		tt_grid_add(grid, p->code);
		tt_grid_number(grid, p->children);
		tt_grid_kg(grid, p->expected_grams);
		tt_grid_kg(grid, p->actual_grams);
		tt_grid_add(grid, p->added_by);
		bill_note(p, note, sizeof(note));
		tt_grid_add(grid, note);
	}
	tt_paper_bill_totals(bill, &totals);
	tt_grid_number(grid, totals.parents);
	tt_grid_add(grid, totals.parents == 1 ? "parent in all" : "parents in all");
	tt_grid_number(grid, totals.children);
	tt_grid_kg(grid, totals.expected_grams);
	tt_grid_kg(grid, totals.actual_grams);
	tt_grid_add(grid, "");
	tt_grid_add(grid, "");
}

static void bill_line(struct tt_buf *out, const char *name, const char *value)
{
	char text[512];

	if (!value || *value == '\0')
		return;
	tt_clean(text, sizeof(text), value, strlen(value));
	tt_buf_printf(out, " %-13s%s\n", name, text);
}

void tt_paper_bill_text(const struct tt_paper_bill *bill, struct tt_buf *out)
{
	struct bill_fact facts[BILL_FACTS];
	char warning[256], text[512];
	struct tt_grid grid;
	size_t i, n;

	bill_warning(bill, warning, sizeof(warning));
	if (*warning) {
		tt_clean(text, sizeof(text), warning, strlen(warning));
		tt_buf_printf(out, " *** %s ***\n\n", text);
	}
	bill_line(out, "Bill", bill->number);
	bill_line(out, "Destination", bill->destination);
	n = bill_facts(bill, facts);
	for (i = 0; i < n; i++)
		bill_line(out, facts[i].name, facts[i].value);
	bill_line(out, "Times in", tt_zone_name(bill->zone));
	tt_buf_puts(out, "\n");
	bill_grid(bill, &grid);
	tt_grid_text(&grid, out);
	tt_grid_fini(&grid);
}
