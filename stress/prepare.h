/* What a run needs before its first station starts. */
#ifndef TRACETRACK_STRESS_PREPARE_H
#define TRACETRACK_STRESS_PREPARE_H

#include "run.h"

/* As many open files as the stations need; TT_CONFIG when they are not allowed. */
TT_MUST_CHECK enum tt_rc prepare_limit(const struct run *r, struct tt_error *err);
TT_MUST_CHECK enum tt_rc prepare_folder(const char *path, struct tt_error *err);
/* The folders, and what stands in them: the stations' errors, a wrong password. */
TT_MUST_CHECK enum tt_rc prepare_files(struct run *r, struct tt_error *err);
/* The clients of this host, each with its class, its login and its chance. */
TT_MUST_CHECK enum tt_rc prepare_clients(struct run *r, struct tt_error *err);
/* Codes of bags, where a profile asks for such and the owner's connection is there. */
void prepare_values(struct run *r);

#endif
