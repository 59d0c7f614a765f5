/*
 * The station engine without a database: what it takes, and from whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "../../src/core/engine.h"
#include "power.h"

static uv_loop_t loop;
static struct tt_settings settings;
static struct tt_station *st;
static char last[32];  /* outcome of the newest answer */
static unsigned syncs; /* of the disk when it was given */

static void on_answered(void *ctx, const struct tt_answer *a)
{
	(void)ctx;
	tt_copy(last, sizeof(last), a->outcome->name);
	syncs = power.syncs;
}

/* A station whose database is away, with somebody at work. */
static int open_station(void **state)
{
	static const char *const lanes[] = {"main"};
	struct tt_station_events events = {.answered = on_answered};
	char top[] = "/tmp/tracetrack-station-XXXXXX";
	struct tt_error err;

	(void)state;
	memset(&settings, 0, sizeof(settings));
	settings.state_dir = tt_strdup(mkdtemp(top));
	settings.station = tt_strdup("T");
	settings.dsn = tt_strdup("host=/nonexistent dbname=d");
	settings.call_timeout = 3000;
	settings.answer_within = 100;
	uv_loop_init(&loop);
	if (tt_station_open(&st, &loop, &settings, lanes, 1, &events, NULL, &err) != TT_OK)
		return -1;
	st->phase = TT_PHASE_WORKING;
	st->session = 1;
	return 0;
}

static int close_station(void **state)
{
	char command[200];

	(void)state;
	tt_station_close(st);
	uv_run(&loop, UV_RUN_DEFAULT);
	tt_format(command, sizeof(command), "rm -r %s", settings.state_dir);
	free(settings.state_dir);
	free(settings.station);
	free(settings.dsn);
	return uv_loop_close(&loop) == 0 && system(command) == 0 ? 0 : -1;
}

static const char *scan(const char *code)
{
	struct tt_reading reading = {.code = code, .raw = code, .grams = TT_NO_INT};

	last[0] = '\0';
	tt_station_scan(st, 0, &reading, NULL);
	return last;
}

static void an_attempt_to_log_in_does_not_unlock(void **state)
{
	(void)state;
	tt_station_lock(st);
	assert_string_equal(scan("A1"), "station_locked");
	tt_station_login(st, "anybody", "anything");
	assert_string_equal(scan("A2"), "station_locked");
	tt_station_login(st, "anybody", "once more");
	assert_string_equal(scan("A3"), "station_locked");
	assert_int_equal(tt_station_waiting(st), 0);
}

static void an_attempt_to_log_in_is_no_session(void **state)
{
	(void)state;
	tt_station_logout(st);
	tt_station_login(st, "anybody", "anything");
	assert_string_equal(scan("A1"), "session_expired");
	assert_int_equal(tt_station_waiting(st), 0);
}

static void work_goes_on_while_another_logs_in(void **state)
{
	(void)state;
	tt_station_login(st, "another", "password");
	assert_string_equal(scan("A1"), "queued");
	tt_station_login(st, "another", "the right password");
	assert_string_equal(scan("A2"), "queued");
}

/* The outbox is replaced by one that takes no event. */
static void what_was_not_saved_is_no_double_read(void **state)
{
	struct tt_error err;
	char dir[100], path[120];
	sqlite3 *db;

	(void)state;
	st->double_read_ms = 60000;
	assert_string_equal(scan("A1"), "queued");
	assert_string_equal(scan("A1"), "double_read");
	tt_outbox_close(st->outbox);
	tt_format(dir, sizeof(dir), "%s/T", settings.state_dir);
	tt_format(path, sizeof(path), "%s/outbox.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				 "create trigger full before insert on event begin "
				 "select raise(abort, 'full'); end",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(tt_outbox_open(&st->outbox, dir, &err), TT_OK);
	assert_string_equal(scan("A2"), "not_saved");
	assert_string_equal(scan("A2"), "not_saved");
}

static void nothing_is_called_safe_before_the_disk_has_it(void **state)
{
	unsigned before = power.syncs;

	(void)state;
	assert_string_equal(scan("A1"), "queued");
	assert_int_equal(syncs, before + 1);
	assert_string_equal(scan("A2"), "queued");
	assert_int_equal(syncs, before + 2);
	power.is_failing = true;
	assert_string_equal(scan("A3"), "not_saved");
	power.is_failing = false;
	assert_string_equal(scan("A3"), "queued");
	/* The log, and the database into which it is written once more. */
	assert_int_equal(syncs, before + 4);
}

static void what_a_stop_has_refused_is_no_double_read(void **state)
{
	(void)state;
	st->double_read_ms = 60000;
	st->lanes[0].pub.state = TT_LANE_STOPPED;
	assert_string_equal(scan("A1"), "stopped");
	assert_string_equal(scan("A1"), "stopped");
}

#define STATION_TEST(name) cmocka_unit_test_setup_teardown(name, open_station, close_station)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STATION_TEST(an_attempt_to_log_in_does_not_unlock),
		STATION_TEST(an_attempt_to_log_in_is_no_session),
		STATION_TEST(work_goes_on_while_another_logs_in),
		STATION_TEST(what_was_not_saved_is_no_double_read),
		STATION_TEST(what_a_stop_has_refused_is_no_double_read),
		STATION_TEST(nothing_is_called_safe_before_the_disk_has_it),
	};

	power_install();

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("core_station", tests, NULL, NULL);
}
