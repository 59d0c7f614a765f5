/*
 * Log-linear buckets: values below 2^SUB_BITS have a bucket each; above, every power of two is cut
 * into 2^SUB_BITS equal parts.
 */
#include <tracetrack/histogram.h>

#define HIST_SUB (1u << TT_HIST_SUB_BITS)

static uint32_t histogram_index(uint32_t v)
{
	uint32_t shift;

	if (v < HIST_SUB)
		return v;
	shift = 31u - (uint32_t)__builtin_clz(v) - TT_HIST_SUB_BITS;
	return ((shift + 1) << TT_HIST_SUB_BITS) + ((v >> shift) - HIST_SUB);
}

/* The middle of a bucket's range. */
static uint64_t histogram_value(uint32_t i)
{
	uint32_t shift;

	if (i < HIST_SUB)
		return i;
	shift = (i >> TT_HIST_SUB_BITS) - 1;
	return (((uint64_t)(i & (HIST_SUB - 1)) + HIST_SUB) << shift) + ((1ull << shift) >> 1);
}

void tt_histogram_add(struct tt_histogram *h, uint64_t us)
{
	if (us > UINT32_MAX)
		us = UINT32_MAX;
	if (h->count == 0 || us < h->min)
		h->min = us;
	if (us > h->max)
		h->max = us;
	h->count++;
	h->sum += us;
	h->bucket[histogram_index((uint32_t)us)]++;
}

void tt_histogram_merge(struct tt_histogram *into, const struct tt_histogram *from)
{
	uint32_t i;

	if (from->count == 0)
		return;
	if (into->count == 0 || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	for (i = 0; i < TT_HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

uint64_t tt_histogram_quantile(const struct tt_histogram *h, double q)
{
	uint64_t rank = (uint64_t)(q * (double)h->count + 0.9999999), seen = 0, v;
	uint32_t i;

	if (h->count == 0)
		return 0;
	if (rank < 1)
		rank = 1;
	for (i = 0; i < TT_HIST_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}
	if (rank >= h->count)
		return h->max;
	v = histogram_value(i);
	return v > h->max ? h->max : v < h->min ? h->min : v;
}
