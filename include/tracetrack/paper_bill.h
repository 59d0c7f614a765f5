/*
 * A bill on paper and as text: what the driver takes along.
 */
#ifndef TRACETRACK_PAPER_BILL_H
#define TRACETRACK_PAPER_BILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>
#include <tracetrack/paper.h>
#include <tracetrack/rc.h>
#include <tracetrack/zone.h>

/* One parent bag. Texts may be NULL, numbers TT_NO_INT: then nothing is printed there. */
struct tt_paper_parent {
	const char *code;
	const char *state; /* what is not "complete" is noted */
	const char *added_by;
	int64_t children, expected_grams, actual_grams;
	bool is_weighed; /* actual is what a scale said, else it is what is expected */
	bool is_typed;   /* its label could not be scanned */
};

/* Borrowed for the call. What is NULL, TT_NO_INT or TT_NO_TIME is left out. */
struct tt_paper_bill {
	const char *number;
	const char *state;  /* "completed" is final; anything else is marked on every page */
	const char *reason; /* of that state */
	const char *destination, *vehicle;
	const char *created_by, *completed_by;
	tt_time created_at, completed_at;
	int64_t capacity;
	const struct tt_zone *zone;
	const struct tt_paper_parent *parents;
	size_t parent_count;
};

/* Sums over the parents; a weight is TT_NO_INT when no parent has one. */
struct tt_paper_totals {
	int64_t parents, children, expected_grams, actual_grams;
};
void tt_paper_bill_totals(const struct tt_paper_bill *bill, struct tt_paper_totals *totals);

/* A bill as bill.show gives it, in one row, which is borrowed until tt_paper_shown_fini; that is
 * called in every case. TT_INTERNAL when its parents don't add up to its totals: a paper that says
 * so is none. */
struct tt_paper_shown {
	struct tt_paper_bill bill;
	struct tt_paper_parent *parents;
	void *list;
};
TT_MUST_CHECK enum tt_rc tt_paper_bill_read(struct tt_paper_shown *shown,
	const struct tt_rows *rows, const struct tt_zone *zone, struct tt_error *err);
void tt_paper_shown_fini(struct tt_paper_shown *shown);

/* A4, as many pages as it takes. */
TT_MUST_CHECK enum tt_rc tt_paper_bill(
	struct tt_paper *paper, const struct tt_paper_bill *bill, struct tt_error *err);
/* Lines of at most 80 columns where the texts allow it; cleaned. */
void tt_paper_bill_text(const struct tt_paper_bill *bill, struct tt_buf *out);

#endif
