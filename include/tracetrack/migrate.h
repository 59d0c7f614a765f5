/*
 * Bringing a database to the state that this program needs. For the owner's direct connection;
 * every function here blocks.
 *
 * Numbered migrations are applied once, each in its own transaction, and remembered with their
 * checksum; functions and grants are applied afresh, in one transaction, when any of them changed.
 * Two that migrate at once take turns (an advisory lock).
 */
#ifndef TRACETRACK_MIGRATE_H
#define TRACETRACK_MIGRATE_H

#include <stdbool.h>

#include <tracetrack/rc.h>
#include <tracetrack/schema.h>

struct tt_migrate_status {
	int wanted;  /* what this program needs */
	int applied; /* what the database has; 0: nothing */
	int pending; /* numbered migrations still to apply */
	bool is_functions_current;
};

/* TT_CONFIG when the database is newer than this program, or an applied migration was changed. */
TT_MUST_CHECK enum tt_rc tt_migrate_status_blocking(const char *dsn,
	const struct tt_sql_file *files, struct tt_migrate_status *status, struct tt_error *err);

/* Apply what is missing. progress, which may be NULL, is told each file's name before it is run. */
TT_MUST_CHECK enum tt_rc tt_migrate_run_blocking(const char *dsn, const struct tt_sql_file *files,
	void (*progress)(void *ctx, const char *name), void *ctx, struct tt_error *err);

/* Run one statement with text parameters on the owner's connection, for setting up. */
TT_MUST_CHECK enum tt_rc tt_owner_run_blocking(const char *dsn, const char *sql, int nparams,
	const char *const *values, struct tt_error *err);

#endif
