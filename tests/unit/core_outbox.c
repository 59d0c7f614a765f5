/*
 * The outbox: what it took it keeps, through kill -9, full disks and restarts, and once synced
 * through a power cut, with numbers that have no gap.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tracetrack/outbox.h>
#include <tracetrack/text.h>

#include "power.h"

static char top[64], dir[128];

static int make_dir(void **state)
{
	(void)state;
	tt_copy(top, sizeof(top), "/tmp/tracetrack-outbox-XXXXXX");
	tt_format(dir, sizeof(dir), "%s/a/b", mkdtemp(top) ? top : "");
	return *dir == '/' && *top ? 0 : -1;
}

static void remove_tree(const char *path)
{
	struct dirent *entry;
	char part[512];
	DIR *d;

	chmod(path, 0700);
	d = opendir(path);
	while (d && (entry = readdir(d))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		tt_format(part, sizeof(part), "%s/%s", path, entry->d_name);
		if (unlink(part) < 0)
			remove_tree(part);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static int remove_dir(void **state)
{
	(void)state;
	remove_tree(top);
	return access(top, F_OK) == 0 ? -1 : 0;
}

static struct tt_outbox *box_open(void)
{
	struct tt_outbox *box;
	struct tt_error err;

	if (tt_outbox_open(&box, dir, &err) != TT_OK)
		fail_msg("%s: %s", err.message, err.detail);
	return box;
}

/* An event on lane 1 that was scanned a second after the one before. */
static struct tt_event event_of(const char *code)
{
	static tt_time at = 1795248000000000;
	struct tt_event e;

	tt_columns_init(tt_event_columns, &e);
	e.event = tt_uuid_v7();
	e.at = at += 1000000;
	e.session = 7;
	e.lane = 1;
	e.code = (char *)(uintptr_t)code;
	e.action = (char *)(uintptr_t) "scan.child";
	return e;
}

static int64_t box_add(struct tt_outbox *box, const char *code)
{
	struct tt_event e = event_of(code);
	struct tt_error err;

	if (tt_outbox_add(box, &e, &err) != TT_OK)
		fail_msg("%s: %s", err.message, err.detail);
	return e.seq;
}

/* The codes that wait, in their order, divided by blanks. */
static void assert_waits(struct tt_outbox *box, const char *want)
{
	struct tt_buf got = {0};
	struct tt_event e;
	int64_t after = 0;
	size_t n = 0;

	while (tt_outbox_next(box, after, &e)) {
		tt_buf_printf(&got, "%s%s", n++ ? " " : "", e.code);
		after = e.place;
		tt_columns_fini(tt_event_columns, &e);
	}
	assert_string_equal(got.data ? got.data : "", want);
	tt_buf_fini(&got);
}

static void events_come_back_as_they_were(void **state)
{
	struct tt_outbox *box = box_open();
	struct tt_event e = event_of("CH\xe2\x82\xac'\"\\"), back;
	struct tt_buf a = {0}, b = {0};
	struct tt_error err;
	int64_t epoch = tt_outbox_epoch(box);

	(void)state;
	e.device = (char *)(uintptr_t) "serial:/dev/x";
	e.parent = (char *)(uintptr_t) "SB00001";
	e.grams = 1250;
	e.reason = (char *)(uintptr_t) "truck is full";
	e.target = tt_uuid_v7();
	assert_int_equal(tt_outbox_add(box, &e, &err), TT_OK);
	assert_int_equal(e.seq, 1);
	assert_int_equal(e.epoch, epoch);
	tt_outbox_close(box);

	box = box_open();
	assert_int_equal(tt_outbox_epoch(box), epoch);
	assert_true(tt_outbox_next(box, 0, &back));
	for (const struct tt_column *col = tt_event_columns; col->name; col++) {
		tt_buf_clear(&a);
		tt_buf_clear(&b);
		assert_int_equal(tt_column_bind(col, &e, &a), tt_column_bind(col, &back, &b));
		assert_string_equal(a.data ? a.data : "", b.data ? b.data : "");
	}
	tt_columns_fini(tt_event_columns, &back);
	assert_false(tt_outbox_next(box, 1, &back));
	tt_buf_fini(&a);
	tt_buf_fini(&b);
	tt_outbox_close(box);
}

static void a_session_is_never_stored(void **state)
{
	struct tt_outbox *box = box_open();
	struct tt_event e = event_of("CH1");
	char command[256];
	struct tt_error err;

	(void)state;
	e.token = (char *)(uintptr_t) "very-secret-token";
	assert_int_equal(tt_outbox_add(box, &e, &err), TT_OK);
	tt_outbox_close(box);
	tt_format(command, sizeof(command), "! grep -rqa very-secret-token %s", dir);
	assert_int_equal(system(command), 0);
}

static void numbers_have_no_gap(void **state)
{
	struct tt_outbox *box;
	int64_t seq = 0;

	(void)state;
	for (int start = 0; start < 4; start++) {
		box = box_open();
		for (int i = 0; i < 3; i++)
			assert_int_equal(box_add(box, "CH"), ++seq);
		if (start == 1)
			for (int64_t s = 1; s <= seq; s++)
				tt_outbox_settle(box, s);
		if (start == 2)
			tt_outbox_settle(box, seq);
		tt_outbox_close(box);
	}
	box = box_open();
	assert_int_equal(tt_outbox_waiting(box), 5);
	assert_int_equal(box_add(box, "CH"), 13);
	tt_outbox_close(box);
}

static void all_settled_and_still_no_number_twice(void **state)
{
	struct tt_outbox *box = box_open();

	(void)state;
	for (int64_t seq = 1; seq <= 200; seq++) {
		assert_int_equal(box_add(box, "CH"), seq);
		tt_outbox_settle(box, seq);
		if (seq % 3 == 0)
			tt_outbox_flush(box);
		if (seq % 7 == 0) {
			tt_outbox_close(box);
			box = box_open();
			assert_int_equal(tt_outbox_waiting(box), 0);
		}
	}
	tt_outbox_flush(box);
	assert_waits(box, "");
	tt_outbox_close(box);
}

static void settled_events_are_not_sent_again(void **state)
{
	struct tt_outbox *box = box_open();

	(void)state;
	box_add(box, "A");
	box_add(box, "B");
	box_add(box, "C");
	tt_outbox_settle(box, 2);
	assert_int_equal(tt_outbox_waiting(box), 2);
	tt_outbox_flush(box);
	assert_waits(box, "A C");
	tt_outbox_settle(box, 1);
	tt_outbox_settle(box, 3);
	box_add(box, "D");
	assert_waits(box, "D");
	tt_outbox_close(box);
	box = box_open();
	assert_waits(box, "D");
	tt_outbox_close(box);
}

static void more_settled_than_fit_at_once(void **state)
{
	struct tt_outbox *box = box_open();

	(void)state;
	for (int64_t seq = 1; seq <= 500; seq++)
		box_add(box, "CH");
	for (int64_t seq = 1; seq <= 499; seq++)
		tt_outbox_settle(box, seq);
	assert_int_equal(tt_outbox_waiting(box), 1);
	tt_outbox_close(box);
	box = box_open();
	assert_int_equal(tt_outbox_waiting(box), 1);
	assert_waits(box, "CH");
	tt_outbox_close(box);
}

static void what_is_set_aside_is_tried_again_at_the_next_start(void **state)
{
	struct tt_outbox *box = box_open();

	(void)state;
	box_add(box, "A");
	box_add(box, "B");
	tt_outbox_park(box, 1, "column \"x\" does not exist");
	assert_waits(box, "B");
	assert_int_equal(tt_outbox_waiting(box), 1);
	assert_int_equal(tt_outbox_parked(box), 1);
	tt_outbox_settle(box, 2);
	tt_outbox_close(box);
	box = box_open();
	assert_int_equal(tt_outbox_parked(box), 0);
	assert_int_equal(tt_outbox_waiting(box), 1);
	assert_waits(box, "A");
	assert_int_equal(box_add(box, "C"), 3);
	assert_waits(box, "A C");
	tt_outbox_close(box);
}

static void the_oldest_is_known(void **state)
{
	struct tt_outbox *box = box_open();
	struct tt_event e;

	(void)state;
	assert_int_equal(tt_outbox_oldest(box), TT_NO_TIME);
	box_add(box, "A");
	assert_true(tt_outbox_next(box, 0, &e));
	assert_int_equal(tt_outbox_oldest(box), e.at);
	tt_columns_fini(tt_event_columns, &e);
	tt_outbox_settle(box, 1);
	assert_int_equal(tt_outbox_oldest(box), TT_NO_TIME);
	tt_outbox_close(box);
}

static void small_things_are_kept_by_name(void **state)
{
	struct tt_outbox *box = box_open();
	char *value;

	(void)state;
	assert_null(tt_outbox_kept(box, "families"));
	tt_outbox_keep(box, "families", "one");
	tt_outbox_keep(box, "families", "two\tlines\n");
	tt_outbox_close(box);
	box = box_open();
	value = tt_outbox_kept(box, "families");
	assert_string_equal(value, "two\tlines\n");
	free(value);
	tt_outbox_close(box);
}

static void it_belongs_to_its_owner_only(void **state)
{
	struct tt_outbox *box = box_open();
	struct stat st;

	(void)state;
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	tt_outbox_close(box);
}

/* What fn gave in a process of its own. */
static int in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(fn());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int try_open(void)
{
	struct tt_outbox *box;
	struct tt_error err = {0};
	enum tt_rc rc = tt_outbox_open(&box, dir, &err);

	tt_outbox_close(box);
	return rc == TT_CONFLICT && (!strstr(err.message, "already running") || !*err.hint)
		       ? 99
		       : (int)rc;
}

static void one_process_at_a_time(void **state)
{
	struct tt_outbox *box = box_open();

	(void)state;
	assert_int_equal(in_child(try_open), TT_CONFLICT);
	tt_outbox_close(box);
	assert_int_equal(in_child(try_open), TT_OK);
}

/* A folder that can be read only: seen as an ordinary user sees it. */
static int open_read_only(void)
{
	struct tt_outbox *box;
	struct tt_error err = {0};

	if (geteuid() == 0 && (setgid(65534) < 0 || setuid(65534) < 0))
		return 98;
	if (tt_outbox_open(&box, dir, &err) != TT_IO)
		return 97;
	return strstr(err.message, top) && *err.hint ? 0 : 96;
}

static void a_folder_that_can_not_be_written_is_named(void **state)
{
	(void)state;
	assert_int_equal(chmod(top, 0555), 0);
	assert_int_equal(in_child(open_read_only), 0);
	assert_int_equal(chmod(top, 0700), 0);
}

/* Only the newest row says where the numbers go on; a stray mark on another takes nothing away. */
static void a_stray_mark_deletes_no_waiting_scan(void **state)
{
	struct tt_outbox *box = box_open();
	sqlite3 *db;
	char path[160];

	(void)state;
	box_add(box, "A");
	box_add(box, "B");
	tt_outbox_close(box);
	tt_format(path, sizeof(path), "%s/outbox.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, "update event set state = 2 where seq = 1", NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	box = box_open();
	box_add(box, "C");
	assert_waits(box, "B C");
	tt_outbox_close(box);
}

static void a_damaged_file_is_refused_and_left_alone(void **state)
{
	static const char junk[] =
		"this is no database, but long enough to look like the header of "
		"one, which has a hundred bytes and more than that";
	char path[160], back[sizeof(junk)];
	struct tt_outbox *box = box_open();
	struct tt_error err;
	int fd;

	(void)state;
	tt_outbox_close(box);
	tt_format(path, sizeof(path), "%s/outbox.db-wal", dir);
	(void)unlink(path);
	tt_format(path, sizeof(path), "%s/outbox.db", dir);
	fd = open(path, O_RDWR | O_TRUNC);
	assert_int_equal(write(fd, junk, sizeof(junk)), sizeof(junk));
	assert_int_equal(tt_outbox_open(&box, dir, &err), TT_IO);
	assert_non_null(strstr(err.hint, "damaged"));
	assert_non_null(strstr(err.detail, path));
	assert_int_equal(pread(fd, back, sizeof(back), 0), sizeof(back));
	assert_memory_equal(back, junk, sizeof(junk));
	close(fd);
}

/* Files can't grow beyond a size: what a full disk looks like to one process. */
static void limit_files(rlim_t size)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = size;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_refuses_and_loses_nothing(void **state)
{
	char code[400];
	struct tt_outbox *box = box_open();
	struct tt_error err;
	int64_t taken = 0;
	enum tt_rc rc;

	(void)state;
	memset(code, 'C', sizeof(code) - 1);
	code[sizeof(code) - 1] = '\0';
	signal(SIGXFSZ, SIG_IGN);
	limit_files(200000);
	do {
		struct tt_event e = event_of(code);

		rc = tt_outbox_add(box, &e, &err);
		assert_int_equal(e.seq, rc == TT_OK ? taken + 1 : TT_NO_INT);
		taken += rc == TT_OK;
	} while (rc == TT_OK && taken < 10000);
	limit_files(RLIM_INFINITY);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(rc, TT_IO);
	assert_true(*err.hint);
	assert_true(taken > 10);
	assert_int_equal(tt_outbox_waiting(box), taken);
	/* There is room again. */
	assert_int_equal(box_add(box, "after"), taken + 1);
	tt_outbox_close(box);
	box = box_open();
	assert_int_equal(tt_outbox_waiting(box), taken + 1);
	assert_int_equal(box_add(box, "next"), taken + 2);
	tt_outbox_close(box);
}

/* Adds for ever, settles some, and says in shared memory what was acknowledged. */
static void add_until_killed(volatile int64_t *acknowledged, volatile int64_t *settled)
{
	struct tt_outbox *box;
	struct tt_error err;

	if (tt_outbox_open(&box, dir, &err) != TT_OK)
		_exit(1);
	for (;;) {
		struct tt_event e = event_of("CH");

		if (tt_outbox_add(box, &e, &err) != TT_OK)
			_exit(2);
		*acknowledged = e.seq;
		if (e.seq % 3 == 0) {
			tt_outbox_settle(box, e.seq);
			*settled = *settled + 1;
		}
	}
}

static void what_was_acknowledged_survives_kill(void **state)
{
	int64_t *shared =
		mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t wait_for = 0, last;
	struct tt_outbox *box;
	struct tt_event e;

	(void)state;
	assert_ptr_not_equal(shared, MAP_FAILED);
	for (int round = 0; round < 10; round++) {
		volatile int64_t *acknowledged = shared;
		pid_t pid;
		int status;

		wait_for = *acknowledged + 1 + (int64_t)tt_random_below(40);
		pid = fork();
		if (pid == 0)
			add_until_killed(shared, shared + 1);
		while (*acknowledged < wait_for && waitpid(pid, &status, WNOHANG) == 0)
			;
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(*acknowledged >= wait_for);

		box = box_open();
		assert_true(tt_outbox_waiting(box) >= (size_t)(shared[0] - shared[1]));
		/* Everything acknowledged and not settled is there, each number once. */
		last = 0;
		for (int64_t seq = 1; seq <= shared[0]; seq++) {
			bool is_there = tt_outbox_next(box, last, &e);

			if (is_there && e.seq == seq)
				last = seq;
			else if (seq % 3 != 0)
				fail_msg("%" PRId64 " is lost", seq);
			if (is_there)
				tt_columns_fini(tt_event_columns, &e);
		}
		tt_outbox_close(box);
	}
	munmap(shared, 4096);
}

/* Runs SQL in the outbox that nobody has open. */
static void box_sql(const char *sql)
{
	char path[160];
	sqlite3 *db;

	tt_format(path, sizeof(path), "%s/outbox.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void only_what_is_told_waits_for_the_disk(void **state)
{
	struct tt_outbox *box = box_open();
	struct tt_error err;
	unsigned before, in_db;

	(void)state;
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	before = power.syncs;
	box_add(box, "A");
	tt_outbox_settle(box, 1);
	box_add(box, "B");
	box_add(box, "C");
	assert_int_equal(power.syncs, before);
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	assert_int_equal(power.syncs, before + 1);
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	assert_int_equal(power.syncs, before + 1);
	power.is_failing = true;
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	box_add(box, "D");
	assert_int_equal(tt_outbox_sync(box, &err), TT_IO);
	assert_int_equal(tt_outbox_sync(box, &err), TT_IO);
	power.is_failing = false;
	assert_non_null(strstr(err.detail, "outbox.db"));
	assert_true(*err.hint);
	/* What may be lost of the log is written once more. */
	in_db = power.db_syncs;
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	assert_int_equal(power.db_syncs, in_db + 1);
	before = power.syncs;
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	assert_int_equal(power.syncs, before);
	tt_outbox_park(box, 4, "why");
	before = power.syncs;
	assert_int_equal(tt_outbox_sync(box, &err), TT_OK);
	assert_int_equal(power.syncs, before + 1);
	assert_int_equal(power.db_syncs, in_db + 1);
	tt_outbox_close(box);
	box = box_open();
	assert_waits(box, "B C D");
	tt_outbox_close(box);
}

static int add_and_go_down(void)
{
	struct tt_outbox *box;
	struct tt_error err;

	if (tt_outbox_open(&box, dir, &err) != TT_OK)
		return 1;
	box_add(box, "A");
	tt_outbox_settle(box, 1);
	for (int i = 0; i < 300; i++)
		box_add(box, "B");
	if (tt_outbox_sync(box, &err) != TT_OK)
		return 2;
	box_add(box, "C");
	_exit(0);
}

/* That the last one is gone shows that the power was cut. */
static void what_was_synced_survives_a_power_cut(void **state)
{
	struct tt_outbox *box;
	char path[160];

	(void)state;
	assert_int_equal(in_child(add_and_go_down), 0);
	tt_format(path, sizeof(path), "%s/outbox.db", dir);
	power_cut(path);
	box = box_open();
	assert_int_equal(tt_outbox_waiting(box), 300);
	tt_outbox_close(box);
}

/* Events that were sent and lost by a power cut have taken numbers that nobody here knows of. */
static void numbers_begin_anew_when_the_machine_has(void **state)
{
	struct tt_outbox *box = box_open();
	int64_t first = tt_outbox_epoch(box);
	struct tt_event e;

	(void)state;
	box_add(box, "A");
	box_add(box, "B");
	tt_outbox_settle(box, 1);
	tt_outbox_close(box);
	box_sql("update kept set value = 'another' where name = 'boot'");
	box = box_open();
	assert_true(tt_outbox_epoch(box) > first);
	assert_int_equal(box_add(box, "C"), 1);
	assert_int_equal(box_add(box, "D"), 2);
	assert_waits(box, "B C D");
	assert_true(tt_outbox_next(box, 0, &e));
	assert_int_equal(e.epoch, first);
	assert_int_equal(e.seq, 2);
	assert_int_equal(e.place, 2);
	tt_columns_fini(tt_event_columns, &e);
	assert_true(tt_outbox_next(box, 2, &e));
	assert_int_equal(e.epoch, tt_outbox_epoch(box));
	assert_int_equal(e.seq, 1);
	assert_int_equal(e.place, 3);
	tt_columns_fini(tt_event_columns, &e);
	tt_outbox_settle(box, 2);
	tt_outbox_settle(box, 4);
	tt_outbox_close(box);
	box = box_open();
	assert_waits(box, "C");
	assert_int_equal(box_add(box, "E"), 3);
	tt_outbox_close(box);
}

static void a_file_of_the_first_form_goes_on(void **state)
{
	struct tt_outbox *box = box_open();
	struct tt_event e;

	(void)state;
	tt_outbox_close(box);
	box_sql("drop table event; delete from kept where name = 'boot';"
		"update kept set value = '17' where name = 'epoch';"
		"create table event(seq integer primary key, id text not null, at text not null,"
		" session integer, device text, lane integer, action text not null, code text,"
		" parent text, grams integer, reason text, target text, state integer not null,"
		" why text);"
		"insert into event(seq, id, at, action, code, state)"
		" values(8, '019a0000-0000-7000-8000-000000000000', '2026-11-21T08:00:00Z',"
		" 'scan.child', 'OLD', 0)");
	box = box_open();
	assert_waits(box, "OLD");
	assert_true(tt_outbox_next(box, 0, &e));
	assert_int_equal(e.epoch, 17);
	assert_int_equal(e.seq, 8);
	tt_columns_fini(tt_event_columns, &e);
	assert_int_equal(box_add(box, "NEW"), 1);
	assert_waits(box, "OLD NEW");
	tt_outbox_close(box);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		CASE(events_come_back_as_they_were),
		CASE(a_session_is_never_stored),
		CASE(numbers_have_no_gap),
		CASE(all_settled_and_still_no_number_twice),
		CASE(settled_events_are_not_sent_again),
		CASE(more_settled_than_fit_at_once),
		CASE(what_is_set_aside_is_tried_again_at_the_next_start),
		CASE(the_oldest_is_known),
		CASE(small_things_are_kept_by_name),
		CASE(it_belongs_to_its_owner_only),
		CASE(one_process_at_a_time),
		CASE(a_folder_that_can_not_be_written_is_named),
		CASE(a_stray_mark_deletes_no_waiting_scan),
		CASE(a_damaged_file_is_refused_and_left_alone),
		CASE(a_full_disk_refuses_and_loses_nothing),
		CASE(what_was_acknowledged_survives_kill),
		CASE(only_what_is_told_waits_for_the_disk),
		CASE(what_was_synced_survives_a_power_cut),
		CASE(numbers_begin_anew_when_the_machine_has),
		CASE(a_file_of_the_first_form_goes_on),
	};

	power_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
