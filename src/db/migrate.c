/*
 * Migrations. The functions are one unit: their common checksum is row 0 of tracetrack.migration.
 */
#include <tracetrack/migrate.h>

#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#define SUM_SIZE 65

static const char hint_owner[] = "Give the owner's direct connection with --dsn.";

static void migrate_sum(char sum[SUM_SIZE], const char *text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
	tt_hex(sum, hash, sizeof(hash));
}

static void migrate_sum_functions(char sum[SUM_SIZE], const struct tt_sql_file *files)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (; files->name; files++) {
		if (files->kind == TT_SQL_REPEATABLE)
			crypto_hash_sha256_update(
				&state, (const unsigned char *)files->text, strlen(files->text));
	}
	crypto_hash_sha256_final(&state, hash);
	tt_hex(sum, hash, sizeof(hash));
}

static enum tt_rc migrate_fail(
	PGconn *conn, const PGresult *res, const char *what, struct tt_error *err)
{
	const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *where = res ? PQresultErrorField(res, PG_DIAG_CONTEXT) : NULL;
	enum tt_rc rc = PQstatus(conn) == CONNECTION_OK ? TT_CONFIG : TT_UNAVAILABLE;

	tt_fail(err, rc, "%s: %s", what, text ? text : PQerrorMessage(conn));
	if (state && strcmp(state, "42501") == 0) {
		tt_fail(err, rc, "%s: this login may not do that", what);
		tt_error_hint(err, "%s", hint_owner);
	}
	tt_copy(err->sqlstate, sizeof(err->sqlstate), state);
	if (where)
		tt_error_detail(err, "%s", where);
	return rc;
}

static enum tt_rc migrate_connect(PGconn **conn, const char *dsn, struct tt_error *err)
{
	*conn = PQconnectdb(dsn);
	if (PQstatus(*conn) == CONNECTION_OK)
		return TT_OK;
	tt_fail(err, TT_UNAVAILABLE, "the database can't be reached: %s", PQerrorMessage(*conn));
	tt_error_hint(err, "%s", hint_owner);
	PQfinish(*conn);
	*conn = NULL;
	return TT_UNAVAILABLE;
}

/* Take the result of a statement whose rows nobody reads. */
static enum tt_rc migrate_take(PGconn *conn, PGresult *res, const char *what, struct tt_error *err)
{
	ExecStatusType status = PQresultStatus(res);
	enum tt_rc rc = TT_OK;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		rc = migrate_fail(conn, res, what, err);
	PQclear(res);
	return rc;
}

static enum tt_rc migrate_exec(
	PGconn *conn, const char *sql, const char *what, struct tt_error *err)
{
	return migrate_take(conn, PQexec(conn, sql), what, err);
}

static enum tt_rc migrate_run_params(PGconn *conn, const char *sql, int n,
	const char *const *values, const char *what, struct tt_error *err)
{
	return migrate_take(
		conn, PQexecParams(conn, sql, n, NULL, values, NULL, NULL, 0), what, err);
}

/* The checksum that a migration was applied with, "" when it was not. */
static enum tt_rc migrate_applied(
	PGconn *conn, int number, char sum[SUM_SIZE], struct tt_error *err)
{
	char text[16];
	const char *values[1] = {text};
	PGresult *res;
	enum tt_rc rc = TT_OK;

	tt_format(text, sizeof(text), "%d", number);
	sum[0] = '\0';
	res = PQexecParams(conn, "select checksum from tracetrack.migration where number = $1", 1,
		NULL, values, NULL, NULL, 0);
	if (PQresultStatus(res) != PGRES_TUPLES_OK) {
		const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

		/* A database that nothing was applied to yet has no such table. */
		if (!state || (strcmp(state, "42P01") != 0 && strcmp(state, "3F000") != 0))
			rc = migrate_fail(conn, res, "the database can't be examined", err);
	} else if (PQntuples(res) == 1) {
		tt_copy(sum, SUM_SIZE, PQgetvalue(res, 0, 0));
	}
	PQclear(res);
	return rc;
}

static enum tt_rc migrate_highest(PGconn *conn, int *highest, struct tt_error *err)
{
	PGresult *res = PQexec(conn, "select coalesce(max(number), 0) from tracetrack.migration");
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	enum tt_rc rc = TT_OK;

	*highest = 0;
	if (PQresultStatus(res) == PGRES_TUPLES_OK)
		*highest = atoi(PQgetvalue(res, 0, 0));
	else if (!state || (strcmp(state, "42P01") != 0 && strcmp(state, "3F000") != 0))
		rc = migrate_fail(conn, res, "the database can't be examined", err);
	PQclear(res);
	return rc;
}

/* What of the file list is applied; refuses what does not fit this program. */
static enum tt_rc migrate_examine(PGconn *conn, const struct tt_sql_file *files,
	struct tt_migrate_status *status, struct tt_error *err)
{
	char had[SUM_SIZE], want[SUM_SIZE];
	const struct tt_sql_file *f;
	enum tt_rc rc;

	memset(status, 0, sizeof(*status));
	rc = migrate_highest(conn, &status->applied, err);
	for (f = files; f->name && rc == TT_OK; f++) {
		if (f->kind != TT_SQL_MIGRATION)
			continue;
		status->wanted = atoi(f->name);
		migrate_sum(want, f->text);
		rc = migrate_applied(conn, status->wanted, had, err);
		if (rc == TT_OK && *had && strcmp(had, want) != 0) {
			tt_fail(err, TT_CONFIG, "migration %s is not the one that was applied",
				f->name);
			tt_error_hint(err, "Use the release that this database was made with.");
			return TT_CONFIG;
		}
		status->pending += *had == '\0';
	}
	if (rc != TT_OK)
		return rc;
	if (status->applied > status->wanted) {
		tt_fail(err, TT_CONFIG, "the database is at version %d, this program knows %d",
			status->applied, status->wanted);
		tt_error_hint(err, "Update this program.");
		return TT_CONFIG;
	}
	migrate_sum_functions(want, files);
	rc = migrate_applied(conn, 0, had, err);
	status->is_functions_current = strcmp(had, want) == 0;
	return rc;
}

enum tt_rc tt_migrate_status_blocking(const char *dsn, const struct tt_sql_file *files,
	struct tt_migrate_status *status, struct tt_error *err)
{
	PGconn *conn;
	enum tt_rc rc = migrate_connect(&conn, dsn, err);

	if (rc != TT_OK)
		return rc;
	rc = migrate_examine(conn, files, status, err);
	PQfinish(conn);
	return rc;
}

static enum tt_rc migrate_remember(
	PGconn *conn, int number, const char *name, const char *sum, struct tt_error *err)
{
	char text[16];
	const char *values[3] = {text, name, sum};

	tt_format(text, sizeof(text), "%d", number);
	return migrate_run_params(conn,
		"insert into tracetrack.migration(number, name, checksum) values($1, $2, $3) "
		"on conflict (number) do update set checksum = excluded.checksum, "
		"applied_at = now()",
		3, values, name, err);
}

/* End the transaction: commit when rc is TT_OK, else roll back. */
static enum tt_rc migrate_end(PGconn *conn, enum tt_rc rc, const char *what, struct tt_error *err)
{
	if (rc == TT_OK)
		return migrate_exec(conn, "commit", what, err);
	PQclear(PQexec(conn, "rollback"));
	return rc;
}

/* Numbers may have holes, and a hole may be filled later. */
static enum tt_rc migrate_apply(PGconn *conn, const struct tt_sql_file *f,
	void (*progress)(void *, const char *), void *ctx, struct tt_error *err)
{
	char had[SUM_SIZE], sum[SUM_SIZE];
	enum tt_rc rc = migrate_applied(conn, atoi(f->name), had, err);

	if (rc != TT_OK || *had)
		return rc;
	if (progress)
		progress(ctx, f->name);
	migrate_sum(sum, f->text);
	rc = migrate_exec(conn, "begin; set constraints all immediate", f->name, err);
	if (rc == TT_OK)
		rc = migrate_exec(conn, f->text, f->name, err);
	if (rc == TT_OK)
		rc = migrate_remember(conn, atoi(f->name), f->name, sum, err);
	return migrate_end(conn, rc, f->name, err);
}

static enum tt_rc migrate_apply_functions(PGconn *conn, const struct tt_sql_file *files,
	void (*progress)(void *, const char *), void *ctx, struct tt_error *err)
{
	const struct tt_sql_file *f;
	char sum[SUM_SIZE];
	enum tt_rc rc;

	rc = migrate_exec(conn,
		"begin; set constraints all immediate;"
		" drop schema if exists api cascade; create schema api",
		"schema api", err);
	for (f = files; f->name && rc == TT_OK; f++) {
		if (f->kind != TT_SQL_REPEATABLE)
			continue;
		if (progress)
			progress(ctx, f->name);
		rc = migrate_exec(conn, f->text, f->name, err);
	}
	migrate_sum_functions(sum, files);
	if (rc == TT_OK)
		rc = migrate_remember(conn, 0, "functions", sum, err);
	return migrate_end(conn, rc, "functions", err);
}

static enum tt_rc migrate_all(PGconn *conn, const struct tt_sql_file *files,
	void (*progress)(void *, const char *), void *ctx, struct tt_error *err)
{
	static const char prepare[] =
		"set client_min_messages = warning;"
		"select pg_advisory_lock(hashtext('tracetrack.migration'));"
		"create schema if not exists tracetrack;"
		"create table if not exists tracetrack.migration(number int primary key,"
		" name text not null, checksum text not null,"
		" applied_at timestamptz not null default now())";
	struct tt_migrate_status status;
	const struct tt_sql_file *f;
	enum tt_rc rc = migrate_exec(conn, prepare, "preparing the database", err);

	if (rc == TT_OK)
		rc = migrate_examine(conn, files, &status, err);
	for (f = files; rc == TT_OK && f->name; f++) {
		if (f->kind == TT_SQL_MIGRATION)
			rc = migrate_apply(conn, f, progress, ctx, err);
	}
	if (rc == TT_OK && (status.pending > 0 || !status.is_functions_current))
		rc = migrate_apply_functions(conn, files, progress, ctx, err);
	return rc;
}

enum tt_rc tt_migrate_run_blocking(const char *dsn, const struct tt_sql_file *files,
	void (*progress)(void *ctx, const char *name), void *ctx, struct tt_error *err)
{
	PGconn *conn;
	enum tt_rc rc = migrate_connect(&conn, dsn, err);

	if (rc != TT_OK)
		return rc;
	rc = migrate_all(conn, files, progress, ctx, err);
	PQfinish(conn);
	return rc;
}

enum tt_rc tt_owner_run_blocking(const char *dsn, const char *sql, int nparams,
	const char *const *values, struct tt_error *err)
{
	PGconn *conn;
	enum tt_rc rc = migrate_connect(&conn, dsn, err);

	if (rc != TT_OK)
		return rc;
	rc = migrate_run_params(conn, sql, nparams, values, "the database refused", err);
	PQfinish(conn);
	return rc;
}
