/*
 * The figures of the database and of the pooler. The console speaks the simple protocol only, and
 * what it shows differs by version: columns are found by their names.
 */
#include <stdlib.h>
#include <string.h>

#include "watch.h"

#define POOL(field) offsetof(struct watch_pool, field)

const struct tt_column watch_pool_columns[] = {
	{"pool_clients", TT_INT, POOL(clients), NULL, "clients of the pool that work", 0},
	{"pool_waiting", TT_INT, POOL(waiting), NULL, "clients that wait for a connection", 0},
	{"pool_servers", TT_INT, POOL(servers), NULL, "connections of the pool to the server", 0},
	{"pool_wait", TT_INT, POOL(wait), "s", "longest time that a client waits now", 0},
	{NULL, 0, 0, NULL, NULL, 0}};

/* A row of SHOW POOLS. */
struct watch_row {
	char *database;
	int64_t cl_active, cl_waiting, sv_active, sv_idle, sv_used, maxwait;
};
/* clang-format off */
#define SHOWN(name, type) {#name, type, offsetof(struct watch_row, name), NULL, "", 0}
/* clang-format on */
static const struct tt_column watch_shown[] = {SHOWN(database, TT_TEXT), SHOWN(cl_active, TT_INT),
	SHOWN(cl_waiting, TT_INT), SHOWN(sv_active, TT_INT), SHOWN(sv_idle, TT_INT),
	SHOWN(sv_used, TT_INT), SHOWN(maxwait, TT_INT), {NULL, 0, 0, NULL, NULL, 0}};

static int64_t watch_known(int64_t value)
{
	return value == TT_NO_INT ? 0 : value;
}

static void watch_add(struct watch_pool *pool, const struct watch_row *row)
{
	if (row->database && strcmp(row->database, "pgbouncer") == 0)
		return;
	pool->clients += watch_known(row->cl_active);
	pool->waiting += watch_known(row->cl_waiting);
	pool->servers +=
		watch_known(row->sv_active) + watch_known(row->sv_idle) + watch_known(row->sv_used);
	if (watch_known(row->maxwait) > pool->wait)
		pool->wait = row->maxwait;
}

/* Of several words of the same name in a connection string the last one counts. */
static void watch_ask_pool(struct ctl *ctl, struct watch *watch)
{
	struct tt_buf dsn = {0};
	struct tt_link_options options = {.application_name = "tracetrackctl",
		.timeout_ms = (unsigned)ctl->settings.call_timeout,
		.connect_once = true};
	struct tt_link *link = NULL;
	struct tt_call call = {0};
	struct tt_error ignored;
	size_t i;

	tt_buf_printf(&dsn, "%s dbname=pgbouncer", ctl->settings.dsn);
	options.dsn = dsn.data;
	tt_call_init(&call, "show pools", watch_shown, sizeof(struct watch_row));
	call.is_simple = true;
	if (tt_link_open(&link, &ctl->loop, &options, &ignored) == TT_OK &&
		tt_link_call_blocking(link, &call, &ignored) == TT_OK) {
		watch->has_pool = true;
		for (i = 0; i < call.rows.count; i++)
			watch_add(&watch->pool, tt_rows_at(&call.rows, i));
	}
	tt_call_fini(&call);
	tt_link_close(link);
	tt_buf_fini(&dsn);
}

enum tt_rc watch_take(struct ctl *ctl, struct watch *watch, bool with_pool, struct tt_error *err)
{
	void *args;
	enum tt_rc rc = ctl_connect(ctl, err);

	watch->op = tt_operation_find("system.watch");
	if (rc != TT_OK)
		return rc;
	args = tt_operation_args_new(watch->op);
	rc = ctl_call(ctl, watch->op, args, &watch->call, err);
	tt_operation_args_free(watch->op, args);
	if (rc == TT_OK && with_pool && *ctl->settings.dsn && !strstr(ctl->settings.dsn, "://"))
		watch_ask_pool(ctl, watch);
	return rc;
}

void watch_fini(struct watch *watch)
{
	tt_call_fini(&watch->call);
}

const struct tt_column *watch_column(const struct watch *watch, const char *name)
{
	const struct tt_column *col = tt_column_find(watch->op->result, name);

	return col || !watch->has_pool ? col : tt_column_find(watch_pool_columns, name);
}

int64_t watch_value(const struct watch *watch, const struct tt_column *col)
{
	const void *row = &watch->pool;

	if (!col)
		return TT_NO_INT;
	if (tt_column_find(watch->op->result, col->name))
		row = tt_rows_at(&watch->call.rows, 0);
	return *(const int64_t *)tt_field(col, row);
}
