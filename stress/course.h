/*
 * The course of a run, read from its seconds: how each stage went, what gave way first, how soon
 * it was over, and what grew.
 */
#ifndef TRACETRACK_STRESS_COURSE_H
#define TRACETRACK_STRESS_COURSE_H

#include <jansson.h>

#include "run.h"

/* A second of work is over: a step that went beyond what `breaks` allows is the last one. */
void course_second(struct run *r);

/* New references, all of them; tracetrack-stress-report(5) has the members. */
json_t *course_stages(const struct run *r);
/* An array of what came to its limit, the first first. pool_size 0: not known. */
json_t *course_limits(const struct run *r, long pool_size);
/* After the highest stage, when a lower one follows; else null. */
json_t *course_recovery(const struct run *r);
/* Of a profile with steps; else null. */
json_t *course_break(const struct run *r);
/* What the hypervisor took of the processors; of several hosts the highest. Null: not known. */
json_t *course_stolen(const struct run *r);
/* Memory and descriptors: a straight line through their samples; of several hosts the highest. */
json_t *course_flatness(const struct run *r);

#endif
