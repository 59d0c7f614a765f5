/*
 * Time: the wall clock for the ledger, the steady clock for deadlines, and RFC 9562 identifiers.
 */
#ifndef TRACETRACK_CLOCK_H
#define TRACETRACK_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970-01-01 UTC. TT_NO_TIME stands for "never". */
typedef int64_t tt_time;
#define TT_NO_TIME INT64_MIN

tt_time tt_now(void);
/* Nanoseconds of a clock that never steps back and goes on in suspend. */
uint64_t tt_steady_ns(void);

/* ISO 8601 in UTC with microseconds, "2026-11-21T08:00:00.000000Z" (28 bytes with the NUL). */
void tt_time_format(char *dst, size_t size, tt_time t);
/* Local wall-clock "14:22:07" for the screen. */
void tt_time_of_day(char *dst, size_t size, tt_time t);
/* Reads what PostgreSQL and tt_time_format write: date, 'T' or blank, time, optional fraction, 'Z'
 * or +hh[:mm]. False when it is anything else. */
bool tt_time_parse(const char *s, tt_time *t);

/* UUID version 7 (RFC 9562 section 5.7): sortable by the millisecond, 74 random bits. */
struct tt_uuid {
	uint8_t b[16];
};
struct tt_uuid tt_uuid_v7(void);
void tt_uuid_format(char dst[37], const struct tt_uuid *u);
bool tt_uuid_parse(const char *s, struct tt_uuid *u);
bool tt_uuid_is_nil(const struct tt_uuid *u);
bool tt_uuid_is_equal(const struct tt_uuid *a, const struct tt_uuid *b);

/* Uniform random integer below n (n > 0) from the system's generator; for jitter and test data. */
uint32_t tt_random_below(uint32_t n);

#endif
