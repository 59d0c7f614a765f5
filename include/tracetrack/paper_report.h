/*
 * A report: a title and some tables, on paper and as text. The end of day is one.
 */
#ifndef TRACETRACK_PAPER_REPORT_H
#define TRACETRACK_PAPER_REPORT_H

#include <stddef.h>

#include <tracetrack/grid.h>
#include <tracetrack/paper.h>
#include <tracetrack/rc.h>

/* Borrowed for the call. */
struct tt_paper_report {
	const char *title, *subtitle;
	const struct tt_grid *grids; /* each with its title */
	size_t grid_count;
};

/* A4, as many pages as it takes. */
TT_MUST_CHECK enum tt_rc tt_paper_report(
	struct tt_paper *paper, const struct tt_paper_report *report, struct tt_error *err);
void tt_paper_report_text(const struct tt_paper_report *report, struct tt_buf *out);

#endif
