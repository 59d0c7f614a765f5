/*
 * The servers' side of a run: PgBouncer's console and PostgreSQL's statistics, asked each second
 * without waiting; and questions before and after a run, which wait.
 */
#ifndef TRACETRACK_STRESS_SERVER_H
#define TRACETRACK_STRESS_SERVER_H

#include <jansson.h>
#include <stdbool.h>
#include <uv.h>

#include <tracetrack/link.h>

/* All TT_INT; TT_NO_INT: not known. Counters grow from second to second. */
struct server_pools {
	int64_t cl_active, cl_waiting, sv_active, sv_idle, sv_used, maxwait_us;
};
struct server_stats {
	int64_t total_xact_count, total_query_count, total_query_time, total_wait_time,
		total_received, total_sent;
};
struct server_base {
	int64_t commits, rollbacks, deadlocks, hits, reads, active, idle, in_transaction,
		lock_waits, waits, wal_bytes, size;
};

struct server_sample {
	struct server_pools pools;
	struct server_stats stats;
	struct server_base base;
};

/* The columns of server_base, for reports. */
extern const struct tt_column server_base_columns[], server_pool_columns[], server_stat_columns[];

struct server_dsns {
	const char *station, *console, *monitor, *admin; /* NULL: not given */
};

struct server;

/* Start sampling. Never fails: what can't be reached is not known. Free with server_close, while
 * the loop runs on. */
struct server *server_open(uv_loop_t *loop, const struct server_dsns *dsns);
/* Take what was learnt since the last call, and ask again. */
void server_tick(struct server *s, struct server_sample *out);
void server_close(struct server *s);
/* Nothing of it is known. */
void server_forget(struct server_sample *sample);

/* One statement on a connection of its own; waits at most timeout_ms. Rows by columns (may be
 * NULL), freed by the caller with tt_rows_fini. */
TT_MUST_CHECK enum tt_rc server_ask(const char *dsn, bool is_simple, const char *sql,
	const struct tt_column *cols, size_t size, unsigned timeout_ms, struct tt_rows *rows,
	struct tt_error *err);

/* The same with parameters, each of which may be NULL. */
TT_MUST_CHECK enum tt_rc server_ask_with(const char *dsn, const char *sql,
	const char *const *params, int nparams, const struct tt_column *cols, size_t size,
	unsigned timeout_ms, struct tt_rows *rows, struct tt_error *err);

/* TT_REFUSED when the database is not marked as one for tests. */
TT_MUST_CHECK enum tt_rc server_check_allowed(const char *station_dsn, struct tt_error *err);
/* Settings of the pooler and of PostgreSQL, {"pooler":{},"postgresql":{}}; what can't be asked is
 * left out. */
json_t *server_settings(const struct server_dsns *dsns);
/* Statements by total time since `before` (NULL: ever): pg_stat_statements, or NULL without. */
json_t *server_statements(const char *monitor);
/* By name, what each table of the application holds: rows, dead, table_bytes, index_bytes, and how
 * often it was read from end to end while it was large. NULL: not known. */
json_t *server_tables(const char *monitor);
/* {"bloat_mb", "bloat_percent", "large_seq_scans", "tables": [...]}: what grew more than its rows
 * did. */
json_t *server_tables_since(json_t *before, json_t *after);
json_t *server_statements_since(json_t *before, json_t *after);

#endif
