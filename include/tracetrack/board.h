/*
 * The figures of the dashboard, from the answers of stats.dashboard and system.pulse. What these do
 * not tell is TT_NO_INT.
 */
#ifndef TRACETRACK_BOARD_H
#define TRACETRACK_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/clock.h>
#include <tracetrack/operation.h>

#define TT_BOARD_MINUTES 60
#define TT_BOARD_HOURS 25 /* of a day on which clocks go back */
#define TT_BOARD_ROWS 20
#define TT_BOARD_REFUSALS 12

/* A person or a station, today. */
struct tt_board_row {
	char name[64], area[40], person[64];
	int64_t scans, refused, opened, closed;
	tt_time last_at;
	bool is_silent; /* a station that is not heard though somebody works there */
};

struct tt_board {
	tt_time at; /* TT_NO_TIME: nothing was read yet */
	char area[40];
	int64_t scans, last_hour, per_minute, refused, opened, closed, grams;
	int64_t parents_open, parents_complete, parents_short, children_linked;
	int64_t bills_open, bills_completed; /* completed today */
	int64_t exceptions, sessions, people_count, stations_count;
	tt_time exceptions_since;
	int64_t minutes[TT_BOARD_MINUTES], yesterday[TT_BOARD_MINUTES]; /* the oldest first */
	int64_t hour_yesterday, hour_last_week; /* scans of the same 60 minutes */
	int64_t hours[TT_BOARD_HOURS], hours_yesterday[TT_BOARD_HOURS];
	size_t nhours;
	struct tt_board_row people[TT_BOARD_ROWS], stations[TT_BOARD_ROWS];
	size_t npeople, nstations;
	struct {
		char outcome[32];
		int64_t scans;
	} refusals[TT_BOARD_REFUSALS];
	size_t nrefusals;
};

/* How the database fares. */
struct tt_pulse {
	int64_t connections, active, waiting, longest_wait_ms, longest_ms, lag_ms;
	char longest[104]; /* the statement that runs longest */
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
/* The last hour against the same yesterday and last week: "yesterday 180 (+18 %), a week ago 0". */
void tt_board_rates(const struct tt_board *b, char *dst, size_t size);

void tt_pulse_init(struct tt_pulse *p);
void tt_pulse_read(struct tt_pulse *p, const struct tt_column *cols, const void *row);
/* "answers in 2.2 ms, 3 of 17 connections active"; ms: of the last answer, 0 for none. */
void tt_pulse_text(const struct tt_pulse *p, double ms, char *dst, size_t size);

/* What somebody must look at, most urgent first, or "" when all is well. waiting: scans that this
 * station still has to send. */
void tt_board_alarm(const struct tt_board *b, const struct tt_pulse *p, bool is_away,
	size_t waiting, char *dst, size_t size);

#endif
