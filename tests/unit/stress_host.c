/*
 * What the kernel says of the processors, of those that it has as a guest too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../stress/host.h"

static struct host_times times(const char *line)
{
	struct host_times t;

	assert_true(host_read_times(&t, line));
	return t;
}

static void stolen_time_is_the_eighth_column(void **state)
{
	struct host_times t = times("cpu  100 20 30 400 50 6 7 80 9 1\ncpu0 1 1 1 1 1 1 1 1 1 1\n");

	(void)state;
	assert_true(t.has_stolen);
	assert_int_equal(t.stolen, 80);
	assert_int_equal(t.total, 693);
	assert_int_equal(t.busy, 243);
}

static void a_kernel_without_the_column_does_not_know(void **state)
{
	struct host_times t = times("cpu  100 20 30 400 50 6 7\ncpu0 1 1 1 1 1 1 1\n");

	(void)state;
	assert_false(t.has_stolen);
	assert_int_equal(t.total, 613);
	assert_int_equal(t.busy, 163);
	t = times("cpu  100 20 30 400\n");
	assert_false(t.has_stolen);
	assert_int_equal(t.busy, 150);
	assert_false(host_read_times(&t, "cpu  1 2 3\n"));
	assert_false(host_read_times(&t, "intr 1 2 3 4 5 6 7 8\n"));
	assert_false(host_read_times(&t, ""));
	assert_int_equal(t.busy, 150);
}

static void a_share_is_of_what_was_between(void **state)
{
	struct host_times before = times("cpu  100 0 0 100 0 0 0 10\n");
	struct host_times now = times("cpu  150 0 0 140 0 0 0 20\n");
	struct host_times old = times("cpu  150 0 0 140 0 0 0\n"), none = {0};
	struct host_sample s = {0};

	(void)state;
	host_tell_times(&before, &now, &s);
	assert_true(s.has_stolen);
	assert_float_equal(s.stolen, 0.1, 1e-9);
	assert_float_equal(s.busy, 0.6, 1e-9);
	s = (struct host_sample){0};
	host_tell_times(&before, &old, &s);
	assert_false(s.has_stolen);
	s = (struct host_sample){0};
	host_tell_times(&none, &now, &s);
	assert_false(s.has_stolen);
	assert_float_equal(s.busy, 0, 1e-9);
}

/* Where the machine has moved to, less had been stolen. */
static void a_count_that_falls_back_is_none(void **state)
{
	struct host_times before = times("cpu  100 0 0 100 0 0 0 90\n");
	struct host_times now = times("cpu  200 0 0 140 0 0 0 20\n");
	struct host_sample s = {0};

	(void)state;
	host_tell_times(&before, &now, &s);
	assert_float_equal(s.stolen, 0, 1e-9);
	assert_in_range((int)(100 * s.busy), 0, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stolen_time_is_the_eighth_column),
		cmocka_unit_test(a_kernel_without_the_column_does_not_know),
		cmocka_unit_test(a_share_is_of_what_was_between),
		cmocka_unit_test(a_count_that_falls_back_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
