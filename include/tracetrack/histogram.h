/*
 * Latencies in microseconds, log-linear: 64 sub-buckets a power of two, so a reading is off by less
 * than 1.6 % (its middle by less than 0.8 %). 7 KiB; merging adds buckets.
 *
 *	count = sum of buckets; min <= every value <= max
 */
#ifndef TRACETRACK_HISTOGRAM_H
#define TRACETRACK_HISTOGRAM_H

#include <stdint.h>

#define TT_HIST_SUB_BITS 6
#define TT_HIST_BUCKETS ((32 - TT_HIST_SUB_BITS + 1) << TT_HIST_SUB_BITS)

struct tt_histogram {
	uint64_t count, sum, min, max; /* microseconds; values above 2^32-1 count as that */
	uint32_t bucket[TT_HIST_BUCKETS];
};

void tt_histogram_add(struct tt_histogram *h, uint64_t us);
void tt_histogram_merge(struct tt_histogram *into, const struct tt_histogram *from);
/* The value that a share q (0..1) of the readings does not exceed, microseconds; 0 when empty. */
uint64_t tt_histogram_quantile(const struct tt_histogram *h, double q);

#endif
