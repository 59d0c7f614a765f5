/*
 * The end state: what the database must look like when a run is over.
 */
#ifndef TRACETRACK_STRESS_END_H
#define TRACETRACK_STRESS_END_H

#include "run.h"

/*
 * Asked on the owner's connection; waits as long as it takes. New reference:
 *	{"checked": true, "breaches": n, "violations": [{rule, detail}], "gaps": [...], "lost":
 *[...]} A breach is a row of tracetrack.violation(), a number of this run's outboxes that never
 *came, or a scan that a station told as recorded and that is not there. {"checked": false} without
 *a connection; when it is given and does not answer, the run is spoilt.
 */
json_t *end_check(struct run *r);

#endif
