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

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/histogram.h>
#include <tracetrack/rc.h>

#include "profile.h"

#define RECORD_OUTCOMES 24

enum result { RESULT_SUCCEEDED, RESULT_REFUSED, RESULT_FAILED, RESULT_TIMED_OUT, RESULT_KINDS };

struct record_outcome {
	char name[24];
	enum result result;
	uint64_t count;
};

struct record_tally {
	uint64_t attempts, results[RESULT_KINDS], local, bytes;
	uint64_t measured; /* answered by the database in measured stages */
};

/* What an operation did within some time. Parts are added up: seconds to a run, hosts to a whole.
 */
struct record_part {
	struct record_tally tally;
	struct record_outcome outcomes[RECORD_OUTCOMES];
	size_t noutcomes;
	struct tt_histogram latency, rest; /* of measured stages, of the others */
};

/* A second of one operation. */
struct record_slice {
	uint32_t answered, failed;   /* failed: and timed out */
	uint32_t p50, p95, p99, max; /* us */
};

struct record_op {
	struct record_part sum, second; /* sum: of all seconds that are over */
	uint64_t in_flight;             /* when the run was over */
	struct record_slice *slices;    /* as many as seconds */
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
	struct record_tally all; /* of all operations, this second included */
	struct tt_histogram late, late_second, late_rest; /* late_rest: of unmeasured stages */
	struct record_second *seconds;
	size_t nseconds;
	/* Scripts that came to their end, and parents that became complete: in all, this second. */
	uint64_t workflows, workflows_second;
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

void record_workflow(struct record *r);
/* Add what another host did in this second. */
void record_add_part(struct record *r, size_t op, const struct record_part *part);

/* A second is over: it is added to the sums, and the next begins. */
void record_tick(struct record *r, double level, uint64_t in_flight);

/* All latencies in one. */
void record_merge(const struct record *r, struct tt_histogram *into);
uint64_t record_ended(const struct record_tally *t);
uint64_t record_in_flight(const struct record *r);
const char *result_word(enum result result);

/* record_json.c: a second on its way from one host to another, and a histogram in a report.
 * Reading adds to what is there already; false, with nothing added, for what does not fit. */
json_t *record_pack_second(const struct record *r, uint64_t in_flight);
TT_MUST_CHECK bool record_add_second(struct record *r, json_t *json, uint64_t *in_flight);
json_t *histogram_pack(const struct tt_histogram *h);
TT_MUST_CHECK bool histogram_add_packed(struct tt_histogram *h, json_t *json);

#endif
