/*
 * The floor of a run: what a statement that does nothing takes, asked beside the load by the way
 * that stations ask. It is what processors, network, TLS, pooler and PostgreSQL take for any call,
 * so that a slow report tells a slow function from a busy or taken-away machine.
 */
#ifndef TRACETRACK_STRESS_FLOOR_H
#define TRACETRACK_STRESS_FLOOR_H

#include <stdbool.h>
#include <uv.h>

#include <tracetrack/histogram.h>

#define FLOOR_SQL "select 1"
#define FLOOR_EVERY_MS 50

struct floor;

/* Begin asking, on one connection more. Never fails: without a connection there are no times. They
 * are added to `times`, which is the caller's and outlives this; closed while the loop runs on. */
struct floor *floor_open(uv_loop_t *loop, const char *station_dsn, struct tt_histogram *times);
/* Whether what is answered from now on counts; false at first. NULL: there is none. */
void floor_count(struct floor *f, bool counts);
void floor_close(struct floor *f);

#endif
