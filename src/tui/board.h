/* Drawing the dashboard: what is where, and what is left out in a small window. */
#ifndef TRACETRACK_TUI_BOARD_H
#define TRACETRACK_TUI_BOARD_H

#include <tracetrack/board.h>
#include <tracetrack/scroll.h>

#include "draw.h"

struct board_shown {
	const struct tt_board *board;
	const struct tt_pulse *pulse;
	const char *title;
	const char *state; /* right of it: "all areas, every 2 s" */
	const char *alarm; /* or "" */
	double ms;         /* of the last answer, or 0 */
	bool is_warning;   /* of the state */
	bool is_people;    /* the pane with the selection */
};

/* Has the window room for people and stations? */
bool board_has_rows(const struct canvas *c);
void board_draw(
	const struct board_shown *shown, const struct canvas *c, const struct tt_scroll *list);

#endif
