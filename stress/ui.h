/* The live view of a run: what it counts, each second, on the terminal. */
#ifndef TRACETRACK_STRESS_UI_H
#define TRACETRACK_STRESS_UI_H

#include <tracetrack/rc.h>

struct run;
struct ui;

/* Open on the run's loop; q ends the run as an interrupt does. TT_DEVICE without a terminal. */
TT_MUST_CHECK enum tt_rc ui_open(struct ui **out, struct run *r, struct tt_error *err);
void ui_close(struct ui *ui); /* NULL is taken; the handles close on the loop */

#endif
