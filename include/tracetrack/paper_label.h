/*
 * Labels with a QR code: for parent and child bags, bills, badges and command cards.
 */
#ifndef TRACETRACK_PAPER_LABEL_H
#define TRACETRACK_PAPER_LABEL_H

#include <stddef.h>

#include <tracetrack/paper.h>
#include <tracetrack/qr.h>
#include <tracetrack/rc.h>

/* Millimetres; a sheet has columns x rows labels, the first at left, top. */
struct tt_label_size {
	const char *name;
	double width, height;
	double page_width, page_height, left, top, pitch_x, pitch_y;
	unsigned columns, rows;
	const char *help;
};
/* Ends with a row whose name is NULL; the first one is the usual. */
extern const struct tt_label_size tt_label_sizes[];
/* TT_USAGE, with the names there are. */
TT_MUST_CHECK enum tt_rc tt_label_size_find(
	const struct tt_label_size **size, const char *name, struct tt_error *err);

/* Borrowed for the call. */
struct tt_label {
	const char *code; /* also what the QR code says */
	const char *what; /* small, above the code; may be NULL */
};

TT_MUST_CHECK enum tt_rc tt_paper_labels(struct tt_paper *paper, const struct tt_label_size *size,
	const struct tt_label *labels, size_t count, struct tt_error *err);

#endif
