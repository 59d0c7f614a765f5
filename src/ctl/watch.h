/* What monitoring looks at, for the commands check and metrics. */
#ifndef TRACETRACK_CTL_WATCH_H
#define TRACETRACK_CTL_WATCH_H

#include "ctl.h"

struct watch_pool {
	int64_t clients, waiting, servers, wait; /* wait: the longest, in s */
};

struct watch {
	const struct tt_operation *op; /* system.watch */
	struct tt_call call;           /* its answer */
	bool has_pool;                 /* PgBouncer's console has answered */
	struct watch_pool pool;
};

/* The result columns of system.watch, and these of the pool, are figures alike. */
extern const struct tt_column watch_pool_columns[];

/* One call to the database, and one to the console of the pooler in front of it, which is passed
 * over where there is none, or where this login may not look. Free with watch_fini, whatever it
 * returns. */
TT_MUST_CHECK enum tt_rc watch_take(
	struct ctl *ctl, struct watch *watch, bool with_pool, struct tt_error *err);
void watch_fini(struct watch *watch);

/* The figure of that name; NULL: there is none, or it is not known. */
const struct tt_column *watch_column(const struct watch *watch, const char *name);
/* Its value; TT_NO_INT when it is not known. */
int64_t watch_value(const struct watch *watch, const struct tt_column *col);

#endif
