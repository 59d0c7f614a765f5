/*
 * What a bill says, for text and paper alike.
 */
#ifndef TRACETRACK_PAPER_BILL_TEXT_H
#define TRACETRACK_PAPER_BILL_TEXT_H

#include <tracetrack/grid.h>
#include <tracetrack/paper_bill.h>

struct bill_fact {
	const char *name;
	char value[160];
};
#define BILL_FACTS 8

bool bill_is_cancelled(const struct tt_paper_bill *bill);
/* Why this is not the paper to drive with; "" when it is. */
void bill_warning(const struct tt_paper_bill *bill, char *dst, size_t size);
/* Returns how many there are. */
size_t bill_facts(const struct tt_paper_bill *bill, struct bill_fact facts[BILL_FACTS]);
/* The parents and their totals. To be ended with tt_grid_fini. */
void bill_grid(const struct tt_paper_bill *bill, struct tt_grid *grid);

#endif
