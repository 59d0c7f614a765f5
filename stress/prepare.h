/* What a run needs before its first station starts. */
#ifndef TRACETRACK_STRESS_PREPARE_H
#define TRACETRACK_STRESS_PREPARE_H

#include "run.h"

/* As many open files as the stations need; TT_CONFIG when they are not allowed. */
TT_MUST_CHECK enum tt_rc prepare_limit(const struct run *r, struct tt_error *err);
/* The report's folder, made if need be and locked for as long as this process lives: TT_CONFLICT
 * when another run works in it. */
TT_MUST_CHECK enum tt_rc prepare_out(const char *path, struct tt_error *err);
/* The folder of the outboxes, and what stands in both: the stations' errors, a wrong password. What
 * is there already of that name and is not a run's is refused. */
TT_MUST_CHECK enum tt_rc prepare_files(struct run *r, struct tt_error *err);
/* The clients of this host, each with its class, its login and its chance. */
TT_MUST_CHECK enum tt_rc prepare_clients(struct run *r, struct tt_error *err);
/* Codes of bags, where a profile asks for such and the owner's connection is there. */
void prepare_values(struct run *r);

#endif
