/*
 * Counters and histograms as JSON. What is zero is left out.
 */
#include "record.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

static uint64_t json_count(json_t *of, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(of, key));

	return n > 0 ? (uint64_t)n : 0;
}

static void json_set_count(json_t *to, const char *key, uint64_t n)
{
	if (n > 0)
		json_object_set_new(to, key, json_integer((json_int_t)n));
}

/* ---- histograms */

json_t *histogram_pack(const struct tt_histogram *h)
{
	json_t *buckets = json_array();
	uint32_t i;

	for (i = 0; i < TT_HIST_BUCKETS; i++) {
		if (h->bucket[i] > 0)
			json_array_append_new(buckets,
				json_pack("[I,I]", (json_int_t)i, (json_int_t)h->bucket[i]));
	}
	return json_pack("{s:i,s:I,s:I,s:I,s:I,s:o}", "sub_bits", TT_HIST_SUB_BITS, "count",
		(json_int_t)h->count, "sum_us", (json_int_t)h->sum, "min_us", (json_int_t)h->min,
		"max_us", (json_int_t)h->max, "buckets", buckets);
}

/* The buckets must be there, and add up to the count. */
static bool histogram_unpack(struct tt_histogram *h, json_t *json)
{
	json_t *pair;
	json_int_t at, n;
	uint64_t sum = 0;
	size_t i;

	*h = (struct tt_histogram){.count = json_count(json, "count"),
		.sum = json_count(json, "sum_us"),
		.min = json_count(json, "min_us"),
		.max = json_count(json, "max_us")};
	if (json_count(json, "sub_bits") != TT_HIST_SUB_BITS)
		return false;
	json_array_foreach(json_object_get(json, "buckets"), i, pair)
	{
		at = json_integer_value(json_array_get(pair, 0));
		n = json_integer_value(json_array_get(pair, 1));
		if (at < 0 || at >= TT_HIST_BUCKETS || n < 1 || n > UINT32_MAX)
			return false;
		h->bucket[at] = (uint32_t)n;
		sum += (uint64_t)n;
	}
	return sum == h->count;
}

bool histogram_add_packed(struct tt_histogram *h, json_t *json)
{
	struct tt_histogram one;

	if (!histogram_unpack(&one, json))
		return false;
	tt_histogram_merge(h, &one);
	return true;
}

static void json_set_histogram(json_t *to, const char *key, const struct tt_histogram *h)
{
	if (h->count > 0)
		json_object_set_new(to, key, histogram_pack(h));
}

static bool json_get_histogram(json_t *of, const char *key, struct tt_histogram *h)
{
	json_t *json = json_object_get(of, key);

	memset(h, 0, sizeof(*h));
	return !json || histogram_unpack(h, json);
}

/* ---- a second */

static json_t *part_pack(const struct record_part *part)
{
	const struct record_outcome *o;
	json_t *json = json_object(), *list;
	int i;

	json_set_count(json, "attempts", part->tally.attempts);
	for (i = 0; i < RESULT_KINDS; i++)
		json_set_count(json, result_word((enum result)i), part->tally.results[i]);
	json_set_count(json, "local", part->tally.local);
	json_set_count(json, "bytes", part->tally.bytes);
	json_set_count(json, "measured", part->tally.measured);
	json_set_histogram(json, "latency", &part->latency);
	json_set_histogram(json, "rest", &part->rest);
	if (part->noutcomes == 0)
		return json;
	list = json_array();
	for (o = part->outcomes; o < part->outcomes + part->noutcomes; o++)
		json_array_append_new(
			list, json_pack("[s,i,I]", o->name, (int)o->result, (json_int_t)o->count));
	json_object_set_new(json, "outcomes", list);
	return json;
}

static bool part_unpack_outcomes(struct record_part *part, json_t *list)
{
	struct record_outcome *o;
	json_int_t result;
	const char *name;
	json_t *row;
	size_t i;

	if (json_array_size(list) > RECORD_OUTCOMES)
		return false;
	json_array_foreach(list, i, row)
	{
		o = &part->outcomes[part->noutcomes++];
		name = json_string_value(json_array_get(row, 0));
		result = json_integer_value(json_array_get(row, 1));
		if (!name || result < 0 || result >= RESULT_KINDS)
			return false;
		tt_copy(o->name, sizeof(o->name), name);
		o->result = (enum result)result;
		o->count = (uint64_t)json_integer_value(json_array_get(row, 2));
	}
	return true;
}

static bool part_unpack(struct record_part *part, json_t *json)
{
	int i;

	memset(part, 0, sizeof(*part));
	part->tally.attempts = json_count(json, "attempts");
	for (i = 0; i < RESULT_KINDS; i++)
		part->tally.results[i] = json_count(json, result_word((enum result)i));
	part->tally.local = json_count(json, "local");
	part->tally.bytes = json_count(json, "bytes");
	part->tally.measured = json_count(json, "measured");
	return part_unpack_outcomes(part, json_object_get(json, "outcomes")) &&
	       json_get_histogram(json, "latency", &part->latency) &&
	       json_get_histogram(json, "rest", &part->rest);
}

json_t *record_pack_second(const struct record *r, uint64_t in_flight)
{
	json_t *json = json_object(), *ops = json_array();
	size_t i;

	for (i = 0; i < r->nops; i++)
		json_array_append_new(ops, part_pack(&r->ops[i].second));
	json_object_set_new(json, "operations", ops);
	json_set_histogram(json, "late", &r->late_second);
	json_set_histogram(json, "late_rest", &r->late_rest);
	json_set_count(json, "workflows", r->workflows_second);
	json_set_count(json, "in_flight", in_flight);
	return json;
}

bool record_add_second(struct record *r, json_t *json, uint64_t *in_flight)
{
	json_t *ops = json_object_get(json, "operations");
	struct tt_histogram late, rest;
	struct record_part *parts;
	bool is_good;
	size_t i;

	if (json_array_size(ops) != r->nops || !json_get_histogram(json, "late", &late) ||
		!json_get_histogram(json, "late_rest", &rest))
		return false;
	parts = tt_alloc(r->nops * sizeof(*parts));
	for (is_good = true, i = 0; i < r->nops && is_good; i++)
		is_good = part_unpack(&parts[i], json_array_get(ops, i));
	for (i = 0; i < r->nops && is_good; i++)
		record_add_part(r, i, &parts[i]);
	free(parts);
	if (!is_good)
		return false;
	tt_histogram_merge(&r->late_second, &late);
	tt_histogram_merge(&r->late_rest, &rest);
	r->workflows_second += json_count(json, "workflows");
	*in_flight += json_count(json, "in_flight");
	return true;
}
