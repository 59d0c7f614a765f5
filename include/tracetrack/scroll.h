/*
 * Selection and scrolling of a list of which a window of some rows is seen. The selected row is
 * always inside the window; without rows everything is 0.
 */
#ifndef TRACETRACK_SCROLL_H
#define TRACETRACK_SCROLL_H

#include <stddef.h>

/* Start from a zeroed struct. */
struct tt_scroll {
	size_t count;    /* rows of the list */
	size_t height;   /* rows of the window */
	size_t selected; /* below count */
	size_t top;      /* the first row seen */
};

/* The list or the window has another size; the selection stays as near as it can. */
void tt_scroll_resize(struct tt_scroll *s, size_t count, size_t height);
void tt_scroll_to(struct tt_scroll *s, size_t row);
/* Rows down, or up when negative; stops at the ends. */
void tt_scroll_by(struct tt_scroll *s, long rows);
/* Windows down, or up; one row of overlap. */
void tt_scroll_page(struct tt_scroll *s, long pages);

#endif
