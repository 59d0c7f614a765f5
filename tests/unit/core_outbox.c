/*
 * The outbox: what was added is there, in order, without a gap, whatever ends the process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tracetrack/outbox.h>

static char dir[64];

static int outbox_setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/tt-outbox-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int outbox_teardown(void **state)
{
	static const char *const files[] = {"outbox.db", "outbox.db-wal", "outbox.db-shm",
		"outbox.db-journal", "lock"};
	char path[128];
	size_t i;

	(void)state;
	chmod(dir, 0700);
	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static struct tt_outbox *outbox_open(void)
{
	struct tt_outbox *o = NULL;
	struct tt_error err;

	assert_int_equal(tt_outbox_open(&o, dir, &err), TT_OK);
	return o;
}

static enum tt_rc outbox_add(struct tt_outbox *o, const char *code, int64_t *seq)
{
	struct tt_event event;
	struct tt_error err;
	enum tt_rc rc;

	tt_columns_init(tt_event_columns, &event);
	event.event = tt_uuid_v7();
	event.at = tt_now();
	event.session = 7;
	event.lane = 1;
	event.grams = 1250;
	event.action = tt_strdup("scan.child");
	event.code = tt_strdup(code);
	event.parent = tt_strdup("SB00001");
	rc = tt_outbox_add(o, &event, &err);
	if (seq)
		*seq = event.seq;
	tt_columns_fini(tt_event_columns, &event);
	return rc;
}

/* The codes that wait, in order, as "a b c ". */
static void outbox_codes(struct tt_outbox *o, char *out, size_t size)
{
	struct tt_event event;
	int64_t after = 0;
	size_t used = 0;

	*out = '\0';
	tt_outbox_flush(o);
	while (used + 8 < size && tt_outbox_next(o, after, &event)) {
		after = event.seq;
		used += (size_t)snprintf(out + used, size - used, "%s ", event.code);
		tt_columns_fini(tt_event_columns, &event);
	}
}

static void what_was_added_is_there_after_a_restart(void **state)
{
	struct tt_outbox *o = outbox_open();
	struct tt_event event;
	int64_t seq, epoch = tt_outbox_epoch(o);
	char codes[64];

	(void)state;
	assert_int_equal(outbox_add(o, "A", &seq), TT_OK);
	assert_int_equal(seq, 1);
	assert_int_equal(outbox_add(o, "B", &seq), TT_OK);
	assert_int_equal(outbox_add(o, "C", &seq), TT_OK);
	assert_int_equal(seq, 3);
	tt_outbox_close(o);
	o = outbox_open();
	assert_true(tt_outbox_epoch(o) == epoch);
	assert_int_equal(tt_outbox_waiting(o), 3);
	outbox_codes(o, codes, sizeof(codes));
	assert_string_equal(codes, "A B C ");
	assert_true(tt_outbox_next(o, 1, &event));
	assert_string_equal(event.parent, "SB00001");
	assert_string_equal(event.action, "scan.child");
	assert_int_equal(event.grams, 1250);
	assert_int_equal(event.session, 7);
	assert_null(event.reason);
	assert_true(tt_uuid_is_nil(&event.target));
	assert_true(event.epoch == epoch);
	tt_columns_fini(tt_event_columns, &event);
	tt_outbox_close(o);
}

static void numbers_go_on_without_a_gap_when_all_is_settled(void **state)
{
	struct tt_outbox *o = outbox_open();
	int64_t seq, i;

	(void)state;
	for (i = 1; i <= 200; i++) {
		assert_int_equal(outbox_add(o, "A", &seq), TT_OK);
		assert_int_equal(seq, i);
		tt_outbox_settle(o, seq);
		if (i % 50 == 0)
			tt_outbox_flush(o);
		if (i % 70 == 0) {
			tt_outbox_close(o);
			o = outbox_open();
			assert_int_equal(tt_outbox_waiting(o), 0);
		}
	}
	tt_outbox_close(o);
}

static void settled_ones_are_gone_and_others_stay(void **state)
{
	struct tt_outbox *o = outbox_open();
	char codes[64];

	(void)state;
	outbox_add(o, "A", NULL);
	outbox_add(o, "B", NULL);
	outbox_add(o, "C", NULL);
	tt_outbox_settle(o, 1);
	tt_outbox_settle(o, 2);
	assert_int_equal(tt_outbox_waiting(o), 1);
	outbox_add(o, "D", NULL);
	tt_outbox_close(o);
	o = outbox_open();
	outbox_codes(o, codes, sizeof(codes));
	assert_string_equal(codes, "C D ");
	tt_outbox_close(o);
}

static void parked_ones_are_kept_and_tried_again_at_the_next_start(void **state)
{
	struct tt_outbox *o = outbox_open();
	char codes[64];

	(void)state;
	outbox_add(o, "A", NULL);
	outbox_add(o, "B", NULL);
	tt_outbox_park(o, 1, "the function is missing");
	assert_int_equal(tt_outbox_parked(o), 1);
	assert_int_equal(tt_outbox_waiting(o), 1);
	outbox_codes(o, codes, sizeof(codes));
	assert_string_equal(codes, "B ");
	tt_outbox_close(o);
	o = outbox_open();
	outbox_codes(o, codes, sizeof(codes));
	assert_string_equal(codes, "A B ");
	assert_int_equal(tt_outbox_parked(o), 0);
	tt_outbox_close(o);
}

static void a_second_process_is_refused(void **state)
{
	struct tt_outbox *o = outbox_open(), *other = NULL;
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_outbox_open(&other, dir, &err), TT_CONFLICT);
	assert_null(other);
	assert_non_null(strstr(err.hint, "--station"));
	tt_outbox_close(o);
	o = outbox_open();
	tt_outbox_close(o);
}

/* A limit on file size stands for a full disk; the signal that comes with it is ignored. */
static void a_full_disk_refuses_and_loses_nothing(void **state)
{
	struct rlimit old, tight;
	struct tt_outbox *o = outbox_open();
	int64_t last = 0, seq, i;
	char codes[16];

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tight = old;
	tight.rlim_cur = 400000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
	for (i = 0; i < 20000 && outbox_add(o, "A", &seq) == TT_OK; i++)
		last = seq;
	assert_true(i < 20000);
	assert_true(last > 0);
	assert_int_equal(tt_outbox_waiting(o), last);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(outbox_add(o, "B", &seq), TT_OK);
	assert_int_equal(seq, last + 1);
	tt_outbox_close(o);
	o = outbox_open();
	assert_int_equal(tt_outbox_waiting(o), last + 1);
	for (i = 1; i <= last; i++)
		tt_outbox_settle(o, i);
	outbox_codes(o, codes, sizeof(codes));
	assert_string_equal(codes, "B ");
	tt_outbox_close(o);
}

static void a_damaged_file_is_said_and_kept(void **state)
{
	struct tt_outbox *o = outbox_open();
	struct tt_error err;
	char path[128];
	int fd;

	(void)state;
	outbox_add(o, "A", NULL);
	tt_outbox_close(o);
	snprintf(path, sizeof(path), "%s/outbox.db", dir);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "not a database at all", 21, 0), 21);
	close(fd);
	/* The log may hold a whole copy of what was damaged. */
	snprintf(path, sizeof(path), "%s/outbox.db-wal", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/outbox.db", dir);
	assert_int_equal(tt_outbox_open(&o, dir, &err), TT_IO);
	assert_non_null(strstr(err.hint, "copy"));
	assert_int_equal(access(path, F_OK), 0);
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
	struct tt_outbox *o;
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_outbox_open(&o, "/proc/tracetrack", &err), TT_IO);
	assert_non_null(strstr(err.hint, "--state-dir"));
}

/* A child adds and tells what is safe; killed at once, everything it told of is there. */
static void a_killed_process_loses_nothing_that_it_told(void **state)
{
	int pipes[2], status, round;
	int64_t told = 0, seq;
	struct tt_outbox *o;
	pid_t child;

	(void)state;
	for (round = 0; round < 5; round++) {
		assert_int_equal(pipe(pipes), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			o = outbox_open();
			while (outbox_add(o, "A", &seq) == TT_OK &&
				write(pipes[1], &seq, sizeof(seq)) == sizeof(seq))
				;
			_exit(1);
		}
		close(pipes[1]);
		while (read(pipes[0], &seq, sizeof(seq)) == sizeof(seq)) {
			assert_int_equal(seq, told + 1);
			told = seq;
			if (told % 40 == 39)
				kill(child, SIGKILL);
		}
		close(pipes[0]);
		waitpid(child, &status, 0);
		assert_true(WIFSIGNALED(status));
		o = outbox_open();
		assert_true((int64_t)tt_outbox_waiting(o) >= told);
		told = (int64_t)tt_outbox_waiting(o);
		tt_outbox_close(o);
	}
}

static void texts_are_kept_by_name(void **state)
{
	struct tt_outbox *o = outbox_open();
	char *value;

	(void)state;
	assert_null(tt_outbox_kept(o, "families"));
	tt_outbox_keep(o, "families", "one");
	tt_outbox_keep(o, "families", "two");
	tt_outbox_close(o);
	o = outbox_open();
	value = tt_outbox_kept(o, "families");
	assert_string_equal(value, "two");
	free(value);
	tt_outbox_close(o);
}

#define OUTBOX_TEST(f) cmocka_unit_test_setup_teardown(f, outbox_setup, outbox_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		OUTBOX_TEST(what_was_added_is_there_after_a_restart),
		OUTBOX_TEST(numbers_go_on_without_a_gap_when_all_is_settled),
		OUTBOX_TEST(settled_ones_are_gone_and_others_stay),
		OUTBOX_TEST(parked_ones_are_kept_and_tried_again_at_the_next_start),
		OUTBOX_TEST(a_second_process_is_refused),
		OUTBOX_TEST(a_full_disk_refuses_and_loses_nothing),
		OUTBOX_TEST(a_damaged_file_is_said_and_kept),
		OUTBOX_TEST(a_folder_that_cannot_be_written_is_said),
		OUTBOX_TEST(a_killed_process_loses_nothing_that_it_told),
		OUTBOX_TEST(texts_are_kept_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
