/*
 * What the files of the dashboard share.
 */
#ifndef TRACETRACK_TUI_DASHBOARD_IMPL_H
#define TRACETRACK_TUI_DASHBOARD_IMPL_H

#include "board.h"
#include "screen_impl.h"

struct board_state {
	struct tt_board board;
	struct tt_pulse pulse;
	struct tt_error error;
	int64_t version; /* of what stats.changes tells; TT_NO_INT: all is to be read */
	tt_time read_at; /* the figures */
	double ms;       /* that the counter's last answer took */
	size_t pace;
	bool is_paused;
	bool is_people; /* the pane with the selection */
	struct tt_scroll list;
};

/* dashboard_ask.c: the change counter at each turn; the figures when it or the minute changed */
void board_ask(struct view *v);
/* Seconds from one turn to the next. */
unsigned board_pace_s(const struct board_state *st);

#endif
