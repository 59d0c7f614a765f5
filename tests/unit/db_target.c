/*
 * Hosts of a connection string, as libpq would pair them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "../../src/db/target.h"

/* "host:port" of each, with * for those that need a lookup. */
static const struct {
	const char *dsn, *want;
} rows[] = {
	{"host=a port=1", "a:1*"},
	{"host=a,b,c port=1,2,3", "a:1* b:2* c:3*"},
	{"host=a,b port=5", "a:5* b:5*"},
	{"host=a,b", "a:* b:*"},
	{"host=127.0.0.1,::1 port=1", "127.0.0.1:1 ::1:1"},
	{"host=/run/postgresql port=1", "/run/postgresql:1"},
	{"host=@abstract", "@abstract:"},
	{"host=a hostaddr=127.0.0.1 port=1", ":"},
	{"dbname=x", ":"},
	{"postgresql://a:1,b:2/x", "a:1* b:2*"},
	{"host=a,,b port=1,2,3", "a:1* :2 b:3*"},
};

static int forget_environment(void **state)
{
	(void)state;
	unsetenv("PGHOST");
	unsetenv("PGPORT");
	return 0;
}

static void assert_targets(const char *dsn, const char *want)
{
	struct db_targets targets;
	struct tt_buf got = {0};
	struct tt_error err;

	assert_int_equal(db_targets_init(&targets, dsn, &err), TT_OK);
	for (size_t i = 0; i < targets.count; i++)
		tt_buf_printf(&got, "%s%s:%s%s", i ? " " : "", targets.rows[i].host,
			targets.rows[i].port, targets.rows[i].needs_lookup ? "*" : "");
	assert_string_equal(got.data, want);
	tt_buf_fini(&got);
	db_targets_fini(&targets);
}

static void hosts_and_ports_are_paired(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_targets(rows[i].dsn, rows[i].want);
}

static void libpqs_environment_counts(void **state)
{
	(void)state;
	setenv("PGHOST", "e,f", 1);
	setenv("PGPORT", "7", 1);
	assert_targets("dbname=x", "e:7* f:7*");
	assert_targets("host=a", "a:7*");
	forget_environment(NULL);
}

static void time_outs_that_are_given_are_noticed(void **state)
{
	struct db_targets targets;
	struct tt_error err;

	(void)state;
	assert_int_equal(db_targets_init(&targets, "host=a", &err), TT_OK);
	assert_false(targets.has_keepalives || targets.has_user_timeout);
	db_targets_fini(&targets);
	assert_int_equal(
		db_targets_init(&targets, "host=a keepalives_idle=3 tcp_user_timeout=5000", &err),
		TT_OK);
	assert_true(targets.has_keepalives && targets.has_user_timeout);
	db_targets_fini(&targets);
}

static void nonsense_is_refused_and_shows_no_password(void **state)
{
	static const char *const bad[] = {"host", "host=a frob=1", "password='hunter2"};
	struct db_targets targets;
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(db_targets_init(&targets, bad[i], &err), TT_CONFIG);
		assert_non_null(strstr(err.hint, "host="));
		assert_null(strstr(err.message, "hunter2"));
		db_targets_fini(&targets);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_and_ports_are_paired),
		cmocka_unit_test(libpqs_environment_counts),
		cmocka_unit_test(time_outs_that_are_given_are_noticed),
		cmocka_unit_test(nonsense_is_refused_and_shows_no_password),
	};

	return cmocka_run_group_tests(tests, forget_environment, NULL);
}
