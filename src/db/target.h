/* The hosts of a connection string, one connection attempt each. */
#ifndef TRACETRACK_DB_TARGET_H
#define TRACETRACK_DB_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/rc.h>

struct db_target {
	char *host; /* name, address, socket folder, or "" for libpq's own default */
	char *port; /* or "" */
	bool needs_lookup;
};

struct db_targets {
	char *dsn;
	struct db_target *rows;
	size_t count;
	bool has_keepalives, has_user_timeout;
};

/* TT_CONFIG when libpq can't parse it. */
TT_MUST_CHECK enum tt_rc db_targets_init(
	struct db_targets *t, const char *dsn, struct tt_error *err);
void db_targets_fini(struct db_targets *t);

#endif
