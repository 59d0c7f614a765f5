/*
 * Counters and histograms of a run.
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

void record_init(struct record *r, size_t nops)
{
	memset(r, 0, sizeof(*r));
	r->nops = nops;
	r->ops = tt_alloc(nops * sizeof(*r->ops));
}

void record_fini(struct record *r)
{
	size_t i;

	for (i = 0; i < r->nops; i++)
		free(r->ops[i].slices);
	free(r->ops);
	free(r->seconds);
	memset(r, 0, sizeof(*r));
}

const char *result_word(enum result result)
{
	static const char *const words[] = {"succeeded", "refused", "failed", "timed_out"};

	return words[result];
}

void record_attempt(struct record *r, int op)
{
	r->ops[op].attempts++;
	r->all.attempts++;
}

void record_late(struct record *r, uint64_t us, bool is_measured)
{
	tt_histogram_add(&r->late_second, us);
	if (is_measured)
		tt_histogram_add(&r->late, us);
}

/* The last place is for all whose names don't fit. */
static void record_count_outcome(struct record_op *op, const char *name, enum result result)
{
	size_t i;

	for (i = 0; i < op->noutcomes; i++) {
		if (op->outcomes[i].result == result && strcmp(op->outcomes[i].name, name) == 0)
			break;
	}
	if (i == RECORD_OUTCOMES) {
		i--;
		name = "others";
	}
	if (i == op->noutcomes)
		op->noutcomes++;
	tt_copy(op->outcomes[i].name, sizeof(op->outcomes[i].name), name);
	op->outcomes[i].result = result;
	op->outcomes[i].count++;
}

void record_add(struct record *r, const struct record_end *end)
{
	struct record_op *op = &r->ops[end->op];
	bool is_failed = end->result == RESULT_FAILED || end->result == RESULT_TIMED_OUT;

	op->results[end->result]++;
	r->all.results[end->result]++;
	op->local += end->is_local;
	r->all.local += end->is_local;
	op->bytes += end->bytes;
	r->all.bytes += end->bytes;
	op->second_failed += is_failed;
	record_count_outcome(op, end->outcome, end->result);
	if (end->is_local)
		return;
	tt_histogram_add(&op->second, end->us);
	if (!end->is_measured)
		return;
	tt_histogram_add(&op->latency, end->us);
	op->measured += !is_failed;
	r->all.measured += !is_failed;
}

static uint32_t record_us(const struct tt_histogram *h, double q)
{
	return (uint32_t)tt_histogram_quantile(h, q);
}

static struct record_slice record_slice(const struct tt_histogram *h, uint64_t failed)
{
	return (struct record_slice){.answered = (uint32_t)h->count,
		.failed = (uint32_t)failed,
		.p50 = record_us(h, 0.5),
		.p95 = record_us(h, 0.95),
		.p99 = record_us(h, 0.99),
		.max = (uint32_t)h->max};
}

void record_tick(struct record *r, double level, uint64_t in_flight)
{
	struct record_second *s;
	struct tt_histogram all = {0};
	uint64_t failed = 0;
	struct record_op *op;
	int i;

	r->seconds = tt_realloc(r->seconds, (r->nseconds + 1) * sizeof(*r->seconds));
	s = &r->seconds[r->nseconds];
	memset(s, 0, sizeof(*s));
	for (op = r->ops; op < r->ops + r->nops; op++) {
		op->slices = tt_realloc(op->slices, (r->nseconds + 1) * sizeof(*op->slices));
		op->slices[r->nseconds] = record_slice(&op->second, op->second_failed);
		tt_histogram_merge(&all, &op->second);
		failed += op->second_failed;
		memset(&op->second, 0, sizeof(op->second));
		op->second_failed = 0;
	}
	s->level = level;
	s->in_flight = in_flight;
	s->all = record_slice(&all, failed);
	s->late_p99 = record_us(&r->late_second, 0.99);
	memset(&r->late_second, 0, sizeof(r->late_second));
	s->attempts = r->all.attempts - r->before.attempts;
	r->before.attempts = r->all.attempts;
	for (i = 0; i < RESULT_KINDS; i++) {
		s->results[i] = r->all.results[i] - r->before.results[i];
		r->before.results[i] = r->all.results[i];
	}
	r->nseconds++;
}

void record_merge(const struct record *r, struct tt_histogram *into)
{
	size_t i;

	memset(into, 0, sizeof(*into));
	for (i = 0; i < r->nops; i++)
		tt_histogram_merge(into, &r->ops[i].latency);
}

uint64_t record_ended(const struct record_op *op)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < RESULT_KINDS; i++)
		sum += op->results[i];
	return sum;
}
