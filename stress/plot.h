/*
 * A line plot as inline SVG. Lines differ by dashes as well as by colour; colours are the page's
 * variables --c0 to --c5.
 */
#ifndef TRACETRACK_STRESS_PLOT_H
#define TRACETRACK_STRESS_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/text.h>

#define PLOT_LINES 12

struct plot_line {
	const char *name;    /* borrowed */
	const double *x, *y; /* NAN in y: not known, the line is broken there */
	size_t n;
};

struct plot {
	const char *id, *title, *x_label, *y_label, *describe;
	bool is_log;        /* the y axis */
	bool is_percentile; /* x are shares below 1, drawn by how rare the rest is */
	struct plot_line lines[PLOT_LINES];
	size_t nlines;
};

/* A figure with its legend. */
void plot_draw(const struct plot *p, struct tt_buf *out);
/* Text as HTML. */
void html_text(struct tt_buf *out, const char *s);

#endif
