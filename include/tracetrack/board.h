/*
 * The figures of the dashboard, from the answer of stats.dashboard. What it does not tell is
 * TT_NO_INT.
 */
#ifndef TRACETRACK_BOARD_H
#define TRACETRACK_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/clock.h>
#include <tracetrack/operation.h>

#define TT_BOARD_MINUTES 60
#define TT_BOARD_ROWS 20
#define TT_BOARD_REFUSALS 12

/* A person or a station, today. */
struct tt_board_row {
	char name[64], area[40], person[64];
	int64_t scans, refused, opened, closed;
	tt_time last_at;
};

struct tt_board {
	tt_time at; /* TT_NO_TIME: nothing was read yet */
	char area[40];
	int64_t scans, last_hour, per_minute, refused, opened, closed, grams;
	int64_t parents_open, parents_complete, parents_short, children_linked;
	int64_t bills_open, bills_completed; /* completed today */
	int64_t exceptions, sessions, people_count, stations_count;
	int64_t minutes[TT_BOARD_MINUTES], yesterday[TT_BOARD_MINUTES]; /* the oldest first */
	struct tt_board_row people[TT_BOARD_ROWS], stations[TT_BOARD_ROWS];
	size_t npeople, nstations;
	struct {
		char outcome[32];
		int64_t scans;
	} refusals[TT_BOARD_REFUSALS];
	size_t nrefusals;
};

/* Nothing known. */
void tt_board_init(struct tt_board *b);
/* Take a result row over. Columns that there are not leave their figures unknown. */
void tt_board_read(struct tt_board *b, const struct tt_column *cols, const void *row);

/* A tile: "1,284", "17.0 kg", "2.3 %", or "-" when it is not known. */
struct tt_board_tile {
	const char *label;
	char value[24];
	bool is_warning;
};
#define TT_BOARD_TILES 12
/* Fill the tiles, most wanted first; returns how many. */
size_t tt_board_tiles(const struct tt_board *b, struct tt_board_tile tiles[TT_BOARD_TILES]);

#endif
