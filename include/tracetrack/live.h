/*
 * A live view: the face of a program that measures and is no station. It shows frames: a state,
 * figures, a chart, a table; from the parts that the station's screen is drawn with. It never
 * blocks on anything but the terminal itself, and a terminal that takes nothing misses frames.
 *
 * Keys: q asks the program to end, p keeps what is shown, arrows scroll the table.
 */
#ifndef TRACETRACK_LIVE_H
#define TRACETRACK_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>
#include <tracetrack/settings.h>

#define TT_LIVE_TILES 12
#define TT_LIVE_POINTS 240
#define TT_LIVE_ROWS 40
#define TT_LIVE_COLUMNS 9

struct uv_loop_s;
struct tt_live;

struct tt_live_tile {
	char value[16], label[16];
	bool is_warning;
};

struct tt_live_row {
	char cells[TT_LIVE_COLUMNS][28];
	bool is_warning;
};

/* What is shown at a time. Everything else than texts and counts may be left zero. */
struct tt_live_frame {
	char title[80], state[160];
	bool is_warning; /* the state */
	struct tt_live_tile tiles[TT_LIVE_TILES];
	size_t tile_count;
	char chart_title[80], chart_first[16], chart_last[16]; /* ends of its axis */
	int64_t chart[TT_LIVE_POINTS];
	size_t chart_count;
	struct tt_live_row rows[TT_LIVE_ROWS];
	size_t row_count;
};

/* A column of the table, numbers at the right; those at the end go first where it is narrow. */
struct tt_live_column {
	const char *title;
	int width;
	bool is_text;
};

struct tt_live_options {
	const struct tt_settings *settings;   /* color and lines are read; borrowed */
	const struct tt_live_column *columns; /* end with a NULL title; borrowed */
	void (*quit)(void *ctx);              /* q, Ctrl-C, or the terminal is gone */
	void *ctx;
};

/* Take over the terminal on standard input and output. TT_DEVICE when there is none or it can't
 * move its cursor. options is copied. */
TT_MUST_CHECK enum tt_rc tt_live_open(struct tt_live **out, struct uv_loop_s *loop,
	const struct tt_live_options *options, struct tt_error *err);
/* Copied; not shown while paused. */
void tt_live_show(struct tt_live *live, const struct tt_live_frame *frame);
/* Restore the terminal; NULL is taken. The handles close on the loop. */
void tt_live_close(struct tt_live *live);

#endif
