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
	r->ops[op].second.tally.attempts++;
	r->all.attempts++;
}

void record_late(struct record *r, uint64_t us, bool is_measured)
{
	tt_histogram_add(is_measured ? &r->late_second : &r->late_rest, us);
}

void record_workflow(struct record *r)
{
	r->workflows_second++;
}

/* The last place is for all whose names don't fit. */
static void part_count_outcome(
	struct record_part *part, const char *name, enum result result, uint64_t count)
{
	size_t i;

	for (i = 0; i < part->noutcomes; i++) {
		if (part->outcomes[i].result == result && strcmp(part->outcomes[i].name, name) == 0)
			break;
	}
	if (i == RECORD_OUTCOMES) {
		i--;
		name = "others";
	}
	if (i == part->noutcomes)
		part->noutcomes++;
	tt_copy(part->outcomes[i].name, sizeof(part->outcomes[i].name), name);
	part->outcomes[i].result = result;
	part->outcomes[i].count += count;
}

static void tally_add(struct record_tally *into, const struct record_tally *from)
{
	int i;

	into->attempts += from->attempts;
	for (i = 0; i < RESULT_KINDS; i++)
		into->results[i] += from->results[i];
	into->local += from->local;
	into->bytes += from->bytes;
	into->measured += from->measured;
}

static void part_add(struct record_part *into, const struct record_part *from)
{
	const struct record_outcome *o;

	tally_add(&into->tally, &from->tally);
	for (o = from->outcomes; o < from->outcomes + from->noutcomes; o++)
		part_count_outcome(into, o->name, o->result, o->count);
	tt_histogram_merge(&into->latency, &from->latency);
	tt_histogram_merge(&into->rest, &from->rest);
}

void record_add_part(struct record *r, size_t op, const struct record_part *part)
{
	part_add(&r->ops[op].second, part);
	tally_add(&r->all, &part->tally);
}

static void tally_count(struct record_tally *t, const struct record_end *end, bool is_answer)
{
	t->results[end->result]++;
	t->local += end->is_local;
	t->bytes += end->bytes;
	t->measured += is_answer;
}

void record_add(struct record *r, const struct record_end *end)
{
	struct record_part *part = &r->ops[end->op].second;
	bool is_failed = end->result == RESULT_FAILED || end->result == RESULT_TIMED_OUT;
	bool is_answer = end->is_measured && !end->is_local && !is_failed;

	tally_count(&part->tally, end, is_answer);
	tally_count(&r->all, end, is_answer);
	part_count_outcome(part, end->outcome, end->result, 1);
	if (!end->is_local)
		tt_histogram_add(end->is_measured ? &part->latency : &part->rest, end->us);
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

/* One operation's second becomes a slice, and part of its sum. */
static void record_tick_op(struct record *r, struct record_op *op, struct tt_histogram *all)
{
	const uint64_t *results = op->second.tally.results;
	struct tt_histogram h = op->second.latency;

	tt_histogram_merge(&h, &op->second.rest);
	op->slices = tt_realloc(op->slices, (r->nseconds + 1) * sizeof(*op->slices));
	op->slices[r->nseconds] =
		record_slice(&h, results[RESULT_FAILED] + results[RESULT_TIMED_OUT]);
	tt_histogram_merge(all, &h);
	part_add(&op->sum, &op->second);
	memset(&op->second, 0, sizeof(op->second));
}

static uint32_t record_tick_late(struct record *r)
{
	struct tt_histogram h = r->late_second;

	tt_histogram_merge(&h, &r->late_rest);
	tt_histogram_merge(&r->late, &r->late_second);
	memset(&r->late_second, 0, sizeof(r->late_second));
	memset(&r->late_rest, 0, sizeof(r->late_rest));
	return record_us(&h, 0.99);
}

void record_tick(struct record *r, double level, uint64_t in_flight)
{
	struct tt_histogram all = {0};
	struct record_second *s;
	struct record_op *op;
	int i;

	r->seconds = tt_realloc(r->seconds, (r->nseconds + 1) * sizeof(*r->seconds));
	s = &r->seconds[r->nseconds];
	*s = (struct record_second){.level = level, .in_flight = in_flight};
	for (op = r->ops; op < r->ops + r->nops; op++) {
		s->attempts += op->second.tally.attempts;
		for (i = 0; i < RESULT_KINDS; i++)
			s->results[i] += op->second.tally.results[i];
		record_tick_op(r, op, &all);
	}
	s->all = record_slice(&all, s->results[RESULT_FAILED] + s->results[RESULT_TIMED_OUT]);
	s->late_p99 = record_tick_late(r);
	r->workflows += r->workflows_second;
	r->workflows_second = 0;
	r->nseconds++;
}

void record_merge(const struct record *r, struct tt_histogram *into)
{
	size_t i;

	memset(into, 0, sizeof(*into));
	for (i = 0; i < r->nops; i++)
		tt_histogram_merge(into, &r->ops[i].sum.latency);
}

uint64_t record_ended(const struct record_tally *t)
{
	uint64_t sum = 0;
	int i;

	for (i = 0; i < RESULT_KINDS; i++)
		sum += t->results[i];
	return sum;
}

uint64_t record_in_flight(const struct record *r)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < r->nops; i++)
		sum += r->ops[i].in_flight;
	return sum;
}
