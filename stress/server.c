/*
 * Sampling, and questions to the servers.
 */
#include "server.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>

#define SERVER_TOP 20
/* clang-format off */
#define NUMBER(s, field, help) {#field, TT_INT, offsetof(struct s, field), NULL, help, 0}
#define END {NULL, 0, 0, NULL, NULL, 0}
/* clang-format on */

/* ---- columns */

/* As SHOW POOLS has them. */
struct pool_row {
	char *database;
	int64_t cl_active, cl_waiting, sv_active, sv_idle, sv_used, maxwait, maxwait_us;
};
static const struct tt_column pool_row_columns[] = {
	{"database", TT_TEXT, offsetof(struct pool_row, database), NULL, "", 0},
	NUMBER(pool_row, cl_active, ""), NUMBER(pool_row, cl_waiting, ""),
	NUMBER(pool_row, sv_active, ""), NUMBER(pool_row, sv_idle, ""),
	NUMBER(pool_row, sv_used, ""), NUMBER(pool_row, maxwait, ""),
	NUMBER(pool_row, maxwait_us, ""), END};

struct stat_row {
	char *database;
	struct server_stats stats;
};
/* clang-format off */
#define STAT(field) {#field, TT_INT, offsetof(struct stat_row, stats.field), NULL, "", 0}
/* clang-format on */
static const struct tt_column stat_row_columns[] = {
	{"database", TT_TEXT, offsetof(struct stat_row, database), NULL, "", 0},
	STAT(total_xact_count), STAT(total_query_count), STAT(total_query_time),
	STAT(total_wait_time), STAT(total_received), STAT(total_sent), END};

const struct tt_column server_pool_columns[] = {
	NUMBER(server_pools, cl_active, "clients with a server connection"),
	NUMBER(server_pools, cl_waiting, "clients that wait for one"),
	NUMBER(server_pools, sv_active, "server connections at work"),
	NUMBER(server_pools, sv_idle, "idle server connections"),
	NUMBER(server_pools, sv_used, "idle ones that are to be checked first"),
	NUMBER(server_pools, maxwait_us, "how long the oldest waits"), END};
const struct tt_column server_stat_columns[] = {
	NUMBER(server_stats, total_xact_count, "transactions"),
	NUMBER(server_stats, total_query_count, "statements"),
	NUMBER(server_stats, total_query_time, "microseconds at work"),
	NUMBER(server_stats, total_wait_time, "microseconds that clients waited for a server"),
	NUMBER(server_stats, total_received, "bytes from clients"),
	NUMBER(server_stats, total_sent, "bytes to clients"), END};
const struct tt_column server_base_columns[] = {
	NUMBER(server_base, commits, "committed transactions"),
	NUMBER(server_base, rollbacks, "transactions rolled back"),
	NUMBER(server_base, deadlocks, "deadlocks"),
	NUMBER(server_base, hits, "blocks from memory"),
	NUMBER(server_base, reads, "blocks from the system"),
	NUMBER(server_base, active, "connections at work"),
	NUMBER(server_base, idle, "idle connections"),
	NUMBER(server_base, in_transaction, "idle in a transaction"),
	NUMBER(server_base, lock_waits, "waiting for a lock"),
	NUMBER(server_base, waits, "waiting for disk or memory"),
	NUMBER(server_base, wal_bytes, "bytes of WAL"),
	NUMBER(server_base, size, "bytes of the database"), END};

/* The size, for which the server looks at each of some thousand files, every tenth second only. */
static const char base_sql[] =
	"select d.xact_commit, d.xact_rollback, d.deadlocks, d.blks_hit, d.blks_read, a.*,"
	" w.wal_bytes::bigint, case when extract(second from pg_catalog.now())::integer % 10 = 0"
	" then pg_catalog.pg_database_size(d.datid) end"
	" from pg_catalog.pg_stat_database d, pg_catalog.pg_stat_wal w, (select"
	" count(*) filter (where state = 'active'), count(*) filter (where state = 'idle'),"
	" count(*) filter (where state like 'idle in%'),"
	" count(*) filter (where wait_event_type = 'Lock'),"
	" count(*) filter (where wait_event_type in ('IO', 'LWLock', 'BufferPin'))"
	" from pg_catalog.pg_stat_activity"
	" where backend_type = 'client backend' and pid <> pg_catalog.pg_backend_pid()) a"
	" where d.datname = pg_catalog.current_database()";

/* ---- sampling */

struct server_source {
	struct tt_link *link;
	struct tt_call calls[2];
	unsigned busy;
};

struct server {
	struct server_source console, monitor;
	struct server_sample sample;
};

static int64_t sum(int64_t a, int64_t b)
{
	return b == TT_NO_INT ? a : a == TT_NO_INT ? b : a + b;
}

static bool server_is_own(const char *database)
{
	return database && strcmp(database, "pgbouncer") == 0;
}

static void server_take_pools(struct server_pools *to, const struct tt_rows *rows)
{
	const struct pool_row *row;
	int64_t wait;
	size_t i;

	tt_columns_init(server_pool_columns, to);
	for (i = 0; i < rows->count; i++) {
		row = tt_rows_at(rows, i);
		if (server_is_own(row->database))
			continue;
		to->cl_active = sum(to->cl_active, row->cl_active);
		to->cl_waiting = sum(to->cl_waiting, row->cl_waiting);
		to->sv_active = sum(to->sv_active, row->sv_active);
		to->sv_idle = sum(to->sv_idle, row->sv_idle);
		to->sv_used = sum(to->sv_used, row->sv_used);
		wait = row->maxwait == TT_NO_INT ? TT_NO_INT
						 : row->maxwait * 1000000 + row->maxwait_us;
		if (wait > to->maxwait_us)
			to->maxwait_us = wait;
	}
}

static void server_take_stats(struct server_stats *to, const struct tt_rows *rows)
{
	const struct tt_column *col;
	const struct stat_row *row;
	size_t i;

	tt_columns_init(server_stat_columns, to);
	for (i = 0; i < rows->count; i++) {
		row = tt_rows_at(rows, i);
		for (col = server_stat_columns; col->name && !server_is_own(row->database); col++)
			*(int64_t *)tt_field(col, to) = sum(*(int64_t *)tt_field(col, to),
				*(int64_t *)tt_field(col, &row->stats));
	}
}

static void server_on_answer(struct tt_call *call, void *ctx)
{
	struct server *s = ctx;
	struct server_source *from = call == &s->monitor.calls[0] ? &s->monitor : &s->console;

	from->busy--;
	if (call->rc != TT_OK)
		return;
	if (from == &s->monitor && call->rows.count > 0)
		s->sample.base = *(struct server_base *)tt_rows_at(&call->rows, 0);
	else if (call == &s->console.calls[0])
		server_take_pools(&s->sample.pools, &call->rows);
	else if (from == &s->console)
		server_take_stats(&s->sample.stats, &call->rows);
}

void server_forget(struct server_sample *sample)
{
	tt_columns_init(server_pool_columns, &sample->pools);
	tt_columns_init(server_stat_columns, &sample->stats);
	tt_columns_init(server_base_columns, &sample->base);
}

static void server_ask_again(struct server *s, struct server_source *to, int i, const char *sql,
	const struct tt_column *cols, size_t size)
{
	struct tt_call *call = &to->calls[i];

	tt_call_fini(call);
	tt_call_init(call, sql, cols, size);
	call->is_simple = to == &s->console;
	call->done = server_on_answer;
	call->ctx = s;
	to->busy++;
	tt_link_submit(to->link, call);
}

void server_tick(struct server *s, struct server_sample *out)
{
	*out = s->sample;
	server_forget(&s->sample);
	if (s->console.link && s->console.busy == 0) {
		server_ask_again(
			s, &s->console, 0, "show pools", pool_row_columns, sizeof(struct pool_row));
		server_ask_again(
			s, &s->console, 1, "show stats", stat_row_columns, sizeof(struct stat_row));
	}
	if (s->monitor.link && s->monitor.busy == 0)
		server_ask_again(s, &s->monitor, 0, base_sql, server_base_columns,
			sizeof(struct server_base));
}

static void server_open_source(struct server_source *source, uv_loop_t *loop, const char *dsn)
{
	struct tt_link_options options = {
		.dsn = dsn, .application_name = "tracetrack-stress", .timeout_ms = 5000};
	struct tt_error ignored;

	if (dsn && tt_link_open(&source->link, loop, &options, &ignored) != TT_OK)
		source->link = NULL;
}

struct server *server_open(uv_loop_t *loop, const struct server_dsns *dsns)
{
	struct server *s = tt_alloc(sizeof(*s));

	server_forget(&s->sample);
	server_open_source(&s->console, loop, dsns->console);
	server_open_source(&s->monitor, loop, dsns->monitor);
	return s;
}

void server_close(struct server *s)
{
	int i;

	if (!s)
		return;
	tt_link_close(s->console.link);
	tt_link_close(s->monitor.link);
	for (i = 0; i < 2; i++) {
		tt_call_fini(&s->console.calls[i]);
		tt_call_fini(&s->monitor.calls[i]);
	}
	free(s);
}

/* ---- questions that wait */

/* Ask on a connection of its own; the call is the caller's. */
static enum tt_rc server_call(
	const char *dsn, struct tt_call *call, unsigned timeout_ms, struct tt_error *err)
{
	struct tt_link_options options = {.dsn = dsn,
		.application_name = "tracetrack-stress",
		.timeout_ms = timeout_ms,
		.connect_once = true};
	struct tt_link *link = NULL;
	uv_loop_t loop;
	enum tt_rc rc;

	uv_loop_init(&loop);
	rc = tt_link_open(&link, &loop, &options, err);
	if (rc == TT_OK)
		rc = tt_link_call_blocking(link, call, err);
	tt_link_close(link);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	return rc;
}

static void server_take_rows(struct tt_call *call, struct tt_rows *rows)
{
	if (rows && call->rc == TT_OK) {
		*rows = call->rows;
		memset(&call->rows, 0, sizeof(call->rows));
	}
	tt_call_fini(call);
}

enum tt_rc server_ask(const char *dsn, bool is_simple, const char *sql,
	const struct tt_column *cols, size_t size, unsigned timeout_ms, struct tt_rows *rows,
	struct tt_error *err)
{
	struct tt_call call;
	enum tt_rc rc;

	tt_call_init(&call, sql, cols, size);
	call.is_simple = is_simple;
	rc = server_call(dsn, &call, timeout_ms, err);
	server_take_rows(&call, rows);
	return rc;
}

enum tt_rc server_ask_with(const char *dsn, const char *sql, const char *const *params, int nparams,
	const struct tt_column *cols, size_t size, unsigned timeout_ms, struct tt_rows *rows,
	struct tt_error *err)
{
	struct tt_call call;
	enum tt_rc rc;
	int i;

	tt_call_init(&call, sql, cols, size);
	for (i = 0; i < nparams; i++)
		tt_call_bind_text(&call, params[i]);
	rc = server_call(dsn, &call, timeout_ms, err);
	server_take_rows(&call, rows);
	return rc;
}

struct allowed {
	int64_t is_allowed;
};

enum tt_rc server_check_allowed(const char *station_dsn, struct tt_error *err)
{
	static const struct tt_column cols[] = {
		{"stress_allowed", TT_BOOL, offsetof(struct allowed, is_allowed), NULL, "", 0},
		END};
	struct tt_rows rows = {0};
	bool is_allowed;
	enum tt_rc rc;

	rc = server_ask(station_dsn, false, "select stress_allowed from api.system_version()", cols,
		sizeof(struct allowed), 10000, &rows, err);
	if (rc != TT_OK)
		return rc;
	is_allowed = rows.count == 1 && ((struct allowed *)tt_rows_at(&rows, 0))->is_allowed == 1;
	tt_rows_fini(&rows);
	if (is_allowed)
		return TT_OK;
	tt_fail(err, TT_REFUSED, "this database is not marked as one for tests");
	tt_error_hint(
		err, "If nobody needs what is in it: stress/load --mark-as-test, as its owner.");
	return TT_REFUSED;
}

struct setting {
	char *name, *value;
};

static json_t *server_ask_settings(const char *dsn, bool is_simple, const char *sql)
{
	static const struct tt_column by_name[] = {
		{"key", TT_TEXT, offsetof(struct setting, name), NULL, "", 0},
		{"value", TT_TEXT, offsetof(struct setting, value), NULL, "", 0}, END};
	json_t *json = json_object();
	struct tt_rows rows = {0};
	struct tt_error ignored;
	struct setting *s;
	size_t i;

	if (!dsn || server_ask(dsn, is_simple, sql, by_name, sizeof(*s), 10000, &rows, &ignored) !=
			    TT_OK)
		return json;
	for (i = 0; i < rows.count; i++) {
		s = tt_rows_at(&rows, i);
		if (s->name && s->value)
			json_object_set_new(json, s->name, json_string(s->value));
	}
	tt_rows_fini(&rows);
	return json;
}

/* Files and users of the pooler are nobody's business. */
static void server_drop_private(json_t *pooler)
{
	static const char *const kept[] = {"pool_mode", "default_pool_size", "reserve_pool_size",
		"max_client_conn", "query_wait_timeout", "query_timeout", "server_lifetime",
		"server_idle_timeout", "server_reset_query_always", "client_tls_sslmode",
		"idle_transaction_timeout", "listen_backlog", "max_db_connections"};
	const char *key;
	json_t *value;
	void *next;
	size_t i;

	json_object_foreach_safe(pooler, next, key, value)
	{
		for (i = 0; i < sizeof(kept) / sizeof(*kept) && strcmp(kept[i], key) != 0; i++)
			;
		if (i == sizeof(kept) / sizeof(*kept))
			json_object_del(pooler, key);
	}
}

json_t *server_settings(const struct server_dsns *dsns)
{
	json_t *pooler = server_ask_settings(dsns->console, true, "show config");

	server_drop_private(pooler);
	return json_pack("{s:o,s:o}", "pooler", pooler, "postgresql",
		server_ask_settings(dsns->monitor, false,
			"select name, current_setting(name) from pg_catalog.pg_settings where name "
			"in"
			" ('server_version', 'max_connections', 'shared_buffers', 'work_mem', "
			"'fsync',"
			" 'effective_cache_size', 'synchronous_commit', 'full_page_writes',"
			" 'wal_compression', 'max_wal_size', 'checkpoint_timeout', "
			"'random_page_cost',"
			" 'jit', 'autovacuum', 'commit_delay')"));
}

/* ---- statements */

struct statement {
	char *id, *text;
	int64_t calls, us;
};

json_t *server_statements(const char *monitor)
{
	static const struct tt_column cols[] = {
		{"id", TT_TEXT, offsetof(struct statement, id), NULL, "", 0},
		{"calls", TT_INT, offsetof(struct statement, calls), NULL, "", 0},
		{"us", TT_INT, offsetof(struct statement, us), NULL, "", 0},
		{"text", TT_TEXT, offsetof(struct statement, text), NULL, "", 0}, END};
	struct tt_rows rows = {0};
	struct tt_error ignored;
	struct statement *s;
	json_t *list;
	size_t i;

	if (!monitor || server_ask(monitor, false,
				"select userid || '.' || queryid, calls,"
				" (total_exec_time * 1000)::bigint, left(query, 200)"
				" from public.pg_stat_statements s join pg_catalog.pg_database d"
				" on d.oid = s.dbid where d.datname = current_database()"
				" and s.toplevel",
				cols, sizeof(*s), 10000, &rows, &ignored) != TT_OK)
		return NULL;
	list = json_object();
	for (i = 0; i < rows.count; i++) {
		s = tt_rows_at(&rows, i);
		if (s->id && s->text)
			json_object_set_new(list, s->id,
				json_pack("{s:I,s:I,s:s}", "calls", (json_int_t)s->calls, "us",
					(json_int_t)s->us, "text", s->text));
	}
	tt_rows_fini(&rows);
	return list;
}

static json_int_t statement_number(json_t *of, const char *key)
{
	return json_integer_value(json_object_get(of, key));
}

static int statement_compare(const void *a, const void *b)
{
	json_int_t x = statement_number(*(json_t *const *)a, "us");
	json_int_t y = statement_number(*(json_t *const *)b, "us");

	return x < y ? 1 : x > y ? -1 : 0;
}

json_t *server_statements_since(json_t *before, json_t *after)
{
	json_t **rows = tt_alloc((json_object_size(after) + 1) * sizeof(json_t *));
	json_t *list = json_array(), *row, *old;
	size_t n = 0, i;
	const char *id;

	json_object_foreach(after, id, row)
	{
		old = json_object_get(before, id);
		if (statement_number(row, "calls") <= statement_number(old, "calls"))
			continue;
		rows[n++] = json_pack("{s:I,s:I,s:O}", "calls",
			statement_number(row, "calls") - statement_number(old, "calls"), "us",
			statement_number(row, "us") - statement_number(old, "us"), "text",
			json_object_get(row, "text"));
	}
	qsort(rows, n, sizeof(*rows), statement_compare);
	for (i = 0; i < n; i++) {
		if (i < SERVER_TOP)
			json_array_append(list, rows[i]);
		json_decref(rows[i]);
	}
	free(rows);
	return list;
}

/* ---- tables */

struct table {
	char *name;
	int64_t rows, dead, table_bytes, index_bytes, seq_scans;
};

/* Partitions are added up. */
static const char tables_sql[] =
	"select coalesce(p.relname, s.relname)::text, sum(s.n_live_tup)::bigint,"
	" sum(s.n_dead_tup)::bigint, sum(pg_catalog.pg_table_size(s.relid))::bigint,"
	" sum(pg_catalog.pg_indexes_size(s.relid))::bigint,"
	" coalesce(sum(s.seq_scan) filter (where s.n_live_tup > 100000), 0)::bigint"
	" from pg_catalog.pg_stat_user_tables s"
	" left join pg_catalog.pg_inherits i on i.inhrelid = s.relid"
	" left join pg_catalog.pg_class p on p.oid = i.inhparent"
	" where s.schemaname = 'tracetrack' group by 1";

json_t *server_tables(const char *monitor)
{
	static const struct tt_column cols[] = {
		{"name", TT_TEXT, offsetof(struct table, name), NULL, "", 0},
		NUMBER(table, rows, ""), NUMBER(table, dead, ""), NUMBER(table, table_bytes, ""),
		NUMBER(table, index_bytes, ""), NUMBER(table, seq_scans, ""), END};
	struct tt_rows rows = {0};
	struct tt_error ignored;
	struct table *t;
	json_t *list;
	size_t i;

	if (!monitor || server_ask(monitor, false, tables_sql, cols, sizeof(*t), 60000, &rows,
				&ignored) != TT_OK)
		return NULL;
	list = json_object();
	for (i = 0; i < rows.count; i++) {
		t = tt_rows_at(&rows, i);
		json_object_set_new(list, t->name,
			json_pack("{s:I,s:I,s:I,s:I,s:I}", "rows", (json_int_t)t->rows, "dead",
				(json_int_t)t->dead, "table_bytes", (json_int_t)t->table_bytes,
				"index_bytes", (json_int_t)t->index_bytes, "seq_scans",
				(json_int_t)t->seq_scans));
	}
	tt_rows_fini(&rows);
	return list;
}

static double table_bytes(json_t *table)
{
	return (double)(statement_number(table, "table_bytes") +
			statement_number(table, "index_bytes"));
}

/* Bytes beyond what its rows would take if each took what it took before. */
static double table_bloat(json_t *before, json_t *after)
{
	double rows = (double)statement_number(before, "rows"), now, fair;

	now = (double)statement_number(after, "rows");
	fair = table_bytes(before) * (rows > 0 && now > rows ? now / rows : 1);
	return table_bytes(after) > fair ? table_bytes(after) - fair : 0;
}

json_t *server_tables_since(json_t *before, json_t *after)
{
	double bloat, sum = 0, size = 0;
	json_t *rows = json_array(), *row, *old;
	json_int_t scans = 0, scanned;
	const char *name;

	json_object_foreach(after, name, row)
	{
		old = json_object_get(before, name);
		bloat = old ? table_bloat(old, row) : 0;
		scanned = statement_number(row, "seq_scans") - statement_number(old, "seq_scans");
		sum += bloat;
		size += table_bytes(row);
		scans += scanned > 0 ? scanned : 0;
		json_array_append_new(
			rows, json_pack("{s:s,s:I,s:I,s:I,s:f,s:f,s:f,s:I}", "table", name,
				      "rows_before", statement_number(old, "rows"), "rows",
				      statement_number(row, "rows"), "dead",
				      statement_number(row, "dead"), "mb_before",
				      table_bytes(old) / 1048576, "mb", table_bytes(row) / 1048576,
				      "bloat_mb", bloat / 1048576, "large_seq_scans", scanned));
	}
	return json_pack("{s:f,s:f,s:I,s:o}", "bloat_mb", sum / 1048576, "bloat_percent",
		size > 0 ? 100 * sum / size : 0.0, "large_seq_scans", scans, "tables", rows);
}
