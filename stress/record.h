/*
 * What a run counts. For each operation, and for all together:
 *
 *	attempts = succeeded + refused + failed + timed_out + in flight
 *
 *	attempts	was due, or was asked for
 *	succeeded	done, or done already
 *	refused		a rule of the warehouse said no: an answer, not an error
 *	failed		trouble, or the client died, or it had too much before it to take it
 *	timed_out	no answer within the profile's timeout, or a scan that is only queued
 *	in flight	none of these yet
 *	local		of succeeded and refused: the station knew without asking the database;
 *			in no latency and no rate
 *
 * Latencies count from the time that an operation was due (open loop) or sent (closed loop) to its
 * answer, or to being given up; of measured stages only. Lateness is from due to sent.
 */
#ifndef TRACETRACK_STRESS_RECORD_H
#define TRACETRACK_STRESS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/histogram.h>

#include "profile.h"

#define RECORD_OUTCOMES 24

enum result { RESULT_SUCCEEDED, RESULT_REFUSED, RESULT_FAILED, RESULT_TIMED_OUT, RESULT_KINDS };

struct record_outcome {
	char name[24];
	enum result result;
	uint64_t count;
};

/* A second of one operation. */
struct record_slice {
	uint32_t answered, failed;   /* failed: and timed out */
	uint32_t p50, p95, p99, max; /* us */
};

struct record_op {
	uint64_t attempts, results[RESULT_KINDS], local, bytes;
	uint64_t measured; /* answered by the database in measured stages */
	uint64_t second_failed;
	struct tt_histogram latency, second;
	struct record_outcome outcomes[RECORD_OUTCOMES];
	size_t noutcomes;
	struct record_slice *slices; /* as many as seconds */
};

/* A second of all operations. */
struct record_second {
	double level;
	uint64_t attempts, results[RESULT_KINDS], in_flight;
	struct record_slice all;
	uint32_t late_p99;
};

struct record {
	size_t nops;
	struct record_op *ops;
	struct record_op all; /* its latency, outcomes and slices are not kept */
	struct tt_histogram late, late_second;
	struct record_second *seconds;
	size_t nseconds;
	uint64_t workflows; /* scripts that came to their end, and parents that became complete */
	struct record_second before; /* the sums at the end of the last second */
};

void record_init(struct record *r, size_t nops);
void record_fini(struct record *r);

void record_attempt(struct record *r, int op);
void record_late(struct record *r, uint64_t us, bool is_measured);

/* How an attempt ended. */
struct record_end {
	int op;
	enum result result;
	const char *outcome;
	uint64_t us;
	size_t bytes;
	bool is_measured, is_local;
};
void record_add(struct record *r, const struct record_end *end);

/* A second is over. */
void record_tick(struct record *r, double level, uint64_t in_flight);

/* All latencies in one. */
void record_merge(const struct record *r, struct tt_histogram *into);
uint64_t record_ended(const struct record_op *op);
const char *result_word(enum result result);

#endif
