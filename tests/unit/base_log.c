/*
 * A log whose reader is not there, or does not read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/log.h>

static char fifo[] = "/tmp/base-log-XXXXXX/fifo";

static int set_up(void **state)
{
	char *slash = strrchr(fifo, '/');
	bool is_made;

	(void)state;
	*slash = '\0';
	is_made = mkdtemp(fifo) != NULL;
	*slash = '/';
	return is_made ? mkfifo(fifo, 0600) : -1;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(fifo);
	*strrchr(fifo, '/') = '\0';
	return rmdir(fifo);
}

static void nobody_reads(void **state)
{
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_log_open(fifo, TT_LOG_WARN, &err), TT_IO);
	assert_non_null(strstr(err.message, fifo));
}

/* Does the last of what is in the FIFO, all of which is taken out, end so? */
static bool ends_with(int reader, const char *text)
{
	static char got[1 << 17];
	ssize_t n = read(reader, got, sizeof(got) - 1);
	size_t len = strlen(text);

	got[n > 0 ? n : 0] = '\0';
	return n > (ssize_t)len && strcmp(got + n - len, text) == 0;
}

/* What does not fit is dropped, what comes when there is room again is not. */
static void it_is_full_for_a_while(void **state)
{
	struct tt_error err;
	int i, reader = open(fifo, O_RDONLY | O_NONBLOCK);

	(void)state;
	assert_true(reader >= 0);
	assert_int_equal(tt_log_open(fifo, TT_LOG_WARN, &err), TT_OK);
	for (i = 0; i < 10000; i++)
		tt_log(TT_LOG_WARN, "line %d", i);
	assert_false(ends_with(reader, "line 9999\n"));
	tt_log(TT_LOG_WARN, "room again");
	assert_true(ends_with(reader, "room again\n"));
	assert_int_equal(tt_log_open("", TT_LOG_WARN, &err), TT_OK);
	close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_reads), cmocka_unit_test(it_is_full_for_a_while)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
