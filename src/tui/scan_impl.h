/*
 * What the files of the scan view share.
 */
#ifndef TRACETRACK_TUI_SCAN_IMPL_H
#define TRACETRACK_TUI_SCAN_IMPL_H

#include "screen_impl.h"

#define SCAN_NARROW 60

/* scan_lane.c: one lane, from its title to its last scans */
void scan_draw_lane(const struct tt_screen *s, const struct canvas *c, int index);
/* The last answer of a lane, or NULL. */
const struct tt_answer *scan_last(const struct tt_screen *s, int lane);
/* "17/30", or "-" where nothing is open. */
void scan_figure_text(const struct tt_lane *lane, char *dst, size_t size);

/* scan_answers.c: the last answer as a band, and those before it as rows */
void scan_draw_band(const struct tt_screen *s, const struct canvas *c, int y, int rows, int index);
void scan_draw_list(const struct tt_screen *s, const struct canvas *c, int y, int rows, int index);

#endif
