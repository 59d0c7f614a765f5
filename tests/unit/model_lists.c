/* History, matching, scrolling. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/history.h>
#include <tracetrack/match.h>
#include <tracetrack/scroll.h>

static void test_history_keeps_the_draft(void **state)
{
	struct tt_history h = {0};

	(void)state;
	assert_null(tt_history_back(&h, "x"));
	tt_history_add(&h, "lane 2");
	tt_history_add(&h, "lock");
	tt_history_add(&h, "lock");
	tt_history_add(&h, "");
	assert_string_equal(tt_history_back(&h, "half"), "lock");
	assert_string_equal(tt_history_back(&h, "lock"), "lane 2");
	assert_null(tt_history_back(&h, "lane 2"));
	assert_string_equal(tt_history_forward(&h), "lock");
	assert_string_equal(tt_history_forward(&h), "half");
	assert_null(tt_history_forward(&h));
	tt_history_fini(&h);
}

static void test_history_forgets_the_oldest(void **state)
{
	struct tt_history h = {0};
	const char *line, *last = NULL;
	char text[24];
	int i;

	(void)state;
	for (i = 0; i < TT_HISTORY_MAX + 3; i++) {
		snprintf(text, sizeof(text), "scan %d", i);
		tt_history_add(&h, text);
	}
	for (i = 0; (line = tt_history_back(&h, "")) != NULL; i++)
		last = line;
	assert_int_equal(i, TT_HISTORY_MAX);
	assert_string_equal(last, "scan 3");
	tt_history_fini(&h);
}

static const char *candidate(void *ctx, size_t index)
{
	static const char *const names[] = {"lane", "lock", "log-out", "lookup", "quit"};

	(void)ctx;
	return index < 5 ? names[index] : NULL;
}

static void check_completion(const char *typed, size_t found, const char *text)
{
	char out[32];

	assert_int_equal(tt_match_complete(out, sizeof(out), typed, candidate, NULL), found);
	assert_string_equal(out, text);
}

static void test_completion(void **state)
{
	(void)state;
	check_completion("", 5, "");
	check_completion("q", 1, "quit");
	check_completion("l", 4, "l");
	check_completion("lo", 3, "lo");
	check_completion("log", 1, "log-out");
	check_completion("x", 0, "x");
}

static void test_words(void **state)
{
	(void)state;
	assert_true(tt_match_words("close the parent as complete", "PARENT close"));
	assert_true(tt_match_words("anything", "  "));
	assert_false(tt_match_words("close the parent", "parent child"));
	assert_false(tt_match_words("", "a"));
}

static void test_scroll_follows_the_selection(void **state)
{
	struct tt_scroll s = {0};

	(void)state;
	tt_scroll_by(&s, 1);
	assert_int_equal(s.selected, 0);
	tt_scroll_resize(&s, 10, 4);
	tt_scroll_by(&s, 5);
	assert_int_equal(s.selected, 5);
	assert_int_equal(s.top, 2);
	tt_scroll_page(&s, -1);
	assert_int_equal(s.selected, 2);
	tt_scroll_by(&s, -100);
	assert_int_equal(s.selected, 0);
	assert_int_equal(s.top, 0);
	tt_scroll_by(&s, 100);
	assert_int_equal(s.selected, 9);
	assert_int_equal(s.top, 6);
	tt_scroll_resize(&s, 3, 4);
	assert_int_equal(s.selected, 2);
	assert_int_equal(s.top, 0);
	tt_scroll_resize(&s, 0, 4);
	assert_int_equal(s.selected, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_history_keeps_the_draft),
		cmocka_unit_test(test_history_forgets_the_oldest),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_scroll_follows_the_selection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
