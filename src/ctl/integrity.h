/* system.integrity in as many calls as there is time for; the next run goes on from there. */
#ifndef TRACETRACK_CTL_INTEGRITY_H
#define TRACETRACK_CTL_INTEGRITY_H

#include "ctl.h"

#define INTEGRITY_BROKEN_MAX 16 /* there are fewer parts */
#define INTEGRITY_TEXT 240

struct integrity_broken {
	char part[32], first[INTEGRITY_TEXT];
};

struct integrity {
	struct ctl *ctl;
	char path[512];
	char part[32]; /* where to go on, behind number after; "" at the beginning */
	int64_t after;
	/* found in this round, or in the last and not looked at since */
	struct integrity_broken broken[INTEGRITY_BROKEN_MAX];
	size_t nbroken;
	struct tt_buf slow; /* parts that could not be done in the time of a statement */
	int64_t nslow, unfinished;
};

/* For so many seconds, and what the piece takes that was begun then. Needs a session. Free with
 * integrity_fini, whatever it returns. */
TT_MUST_CHECK enum tt_rc integrity_run(
	struct integrity *it, struct ctl *ctl, int64_t seconds, struct tt_error *err);
void integrity_fini(struct integrity *it);

#endif
