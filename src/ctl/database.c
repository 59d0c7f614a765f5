/*
 * Upkeep of the database's definition, on the owner's direct connection.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/file.h>
#include <tracetrack/migrate.h>
#include <tracetrack/password.h>
#include <tracetrack/schema.h>

#include "ctl.h"

static void database_progress(void *ctx, const char *name)
{
	struct ctl *ctl = ctx;

	if (ctl->format == CTL_TEXT && isatty(STDERR_FILENO))
		fprintf(stderr, "applying %s\n", name);
}

/* Nothing is left over, and a database is named. */
static enum tt_rc database_begin(const struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	enum tt_rc rc = ctl_no_more(argc, argv, err);

	return rc == TT_OK ? ctl_need_dsn(ctl, err) : rc;
}

enum tt_rc ctl_db_migrate(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	enum tt_rc rc = database_begin(ctl, argc, argv, err);

	if (rc != TT_OK)
		return rc;
	return tt_migrate_run_blocking(
		ctl->settings.dsn, tt_sql_files, database_progress, ctl, err);
}

enum tt_rc ctl_db_status(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	enum tt_rc rc = database_begin(ctl, argc, argv, err);
	struct tt_migrate_status s;
	bool is_current;

	if (rc == TT_OK)
		rc = tt_migrate_status_blocking(ctl->settings.dsn, tt_sql_files, &s, err);
	if (rc != TT_OK)
		return rc;
	is_current = s.pending == 0 && s.is_functions_current;
	printf(ctl->format == CTL_JSON
			? "{\"version\":%d,\"wanted\":%d,\"pending\":%d,\"functions\":\"%s\"}\n"
			: "version %d of %d, %d pending, functions %s\n",
		s.applied, s.wanted, s.pending, s.is_functions_current ? "current" : "old");
	if (is_current)
		return TT_OK;
	tt_fail(err, TT_REFUSED, "the database is not up to date");
	tt_error_hint(err, "Run: tracetrackctl db migrate");
	return TT_REFUSED;
}

static enum tt_rc database_add_person(struct ctl *ctl, const char *login, const char *name,
	const char *role, const char *area, const char *password, struct tt_error *err)
{
	struct tt_hashed hashed;
	char ops[24], mem[24];
	const char *values[8] = {login, name, role, area, hashed.salt, ops, mem, hashed.verifier};
	enum tt_rc rc = tt_password_hash(&hashed, password, err);

	if (rc != TT_OK)
		return rc;
	tt_format(ops, sizeof(ops), "%lld", (long long)hashed.ops);
	tt_format(mem, sizeof(mem), "%lld", (long long)hashed.mem);
	rc = tt_owner_run_blocking(ctl->settings.dsn,
		"select tracetrack.person_add($1, $2, $3, $4, null, $5, $6::int, $7::bigint, $8)",
		8, values, err);
	return rc;
}

/* A constraint said no: the name is taken, or is none. */
static enum tt_rc database_refuse_person(const char *login, struct tt_error *err)
{
	bool is_taken = strcmp(err->sqlstate, "23505") == 0;

	tt_fail(err, TT_REFUSED,
		is_taken ? "there is a person %s already" : "%s can't be a login name", login);
	tt_error_hint(err, is_taken ? "Leave --admin out, or choose another name."
				    : "Small letters, digits and . _ - make a login name.");
	return TT_REFUSED;
}

enum tt_rc ctl_db_init(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *admin = ctl_option(ctl, "--admin");
	const char *file = ctl_option(ctl, "--new-password-file");
	char *password = NULL;
	enum tt_rc rc = database_begin(ctl, argc, argv, err);

	if (rc == TT_OK)
		rc = tt_migrate_run_blocking(
			ctl->settings.dsn, tt_sql_files, database_progress, ctl, err);
	if (rc != TT_OK || !admin)
		return rc;
	rc = ctl_new_password(ctl, "password of the administrator", file, false, &password, err);
	if (rc == TT_OK)
		rc = database_add_person(ctl, admin, admin, "administrator", NULL, password, err);
	if (rc != TT_OK && strncmp(err->sqlstate, "23", 2) == 0)
		rc = database_refuse_person(admin, err);
	tt_password_free(password);
	return rc;
}

/* The password that an earlier call has written there, or a new one. */
static enum tt_rc demo_password(
	const char *path, char **password, bool *is_new, struct tt_error *err)
{
	char line[26];

	*is_new = access(path, F_OK) < 0;
	if (!*is_new)
		return tt_password_read(password, path, err);
	*password = tt_alloc(25);
	tt_password_make(*password);
	tt_format(line, sizeof(line), "%s\n", *password);
	return tt_file_write(path, line, strlen(line), err);
}

static enum tt_rc demo_refuse_person(const char *dir, const char *login, struct tt_error *err)
{
	tt_fail(err, TT_REFUSED, "there is a person %s already", login);
	tt_error_hint(err,
		"The password is not in %.200s: name the folder where it is, or another "
		"database.",
		dir);
	return TT_REFUSED;
}

/* The password is on the disk before there is the person, so that a call that was broken off can be
 * made again: whose password is there may be there, too. */
static enum tt_rc demo_person(struct ctl *ctl, const char *dir, const char *login, const char *role,
	const char *area, struct tt_error *err)
{
	char path[512], *password = NULL;
	bool is_new = false;
	enum tt_rc rc;

	tt_format(path, sizeof(path), "%s/%s", dir, login);
	rc = demo_password(path, &password, &is_new, err);
	if (rc == TT_OK)
		rc = database_add_person(ctl, login, login, role, area, password, err);
	tt_password_free(password);
	if (rc == TT_OK || strcmp(err->sqlstate, "23505") != 0)
		return rc;
	if (!is_new)
		return TT_OK;
	(void)unlink(path);
	return demo_refuse_person(dir, login, err);
}

enum tt_rc ctl_db_demo(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	static const char *const people[][3] = {{"dispatcher", "dispatcher", "jaipur"},
		{"biller", "biller", NULL}, {"supervisor", "supervisor", NULL},
		{"admin", "administrator", NULL}};
	const char *dir = ctl_option(ctl, "--passwords");
	const char *dispatchers = ctl_option(ctl, "--dispatchers");
	enum tt_rc rc = ctl_no_more(argc, argv, err);
	char login[32], *end;
	long i, count;

	if (rc != TT_OK)
		return rc;
	count = strtol(dispatchers ? dispatchers : "200", &end, 10);
	if (*end != '\0' || count < 0 || count > 999)
		return tt_fail(err, TT_USAGE, "--dispatchers must be a number from 0 to 999");
	if (!dir)
		return tt_fail(err, TT_USAGE, "db demo needs --passwords DIR");
	rc = ctl_need_dsn(ctl, err);
	if (rc != TT_OK)
		return rc;
	umask(077);
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return tt_fail(err, TT_IO, "can't make %s: %s", dir, strerror(errno));
	for (i = 0; i < (long)(sizeof(people) / sizeof(*people)) && rc == TT_OK; i++)
		rc = demo_person(ctl, dir, people[i][0], people[i][1], people[i][2], err);
	for (i = 1; i <= count && rc == TT_OK; i++) {
		tt_format(login, sizeof(login), "dispatcher%03ld", i);
		rc = demo_person(ctl, dir, login, "dispatcher", "jaipur", err);
	}
	return rc;
}
