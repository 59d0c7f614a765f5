/*
 * Lines of the headless protocol: verb, lane, words, and what is wrong with the rest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "../../src/station/line.h"

/* "verb@lane|word|word" of a line that is good. */
static const char *const good[][2] = {
	{"state", "state@"},
	{"scan SB00001", "scan@|SB00001"},
	{"scan@left SB00001", "scan@left|SB00001"},
	{"scan@2 SB00001", "scan@2|SB00001"},
	{"  scan \t SB00001  ", "scan@|SB00001"},
	{"short \"truck is full\"", "short@|truck is full"},
	{"short \"say \\\"no\\\"\"", "short@|say \"no\""},
	{"op bag.show code=SB1", "op@|bag.show|code=SB1"},
	{"op x reason=\"truck is full\" n=1", "op@|x|reason=truck is full|n=1"},
	{"scan \"\"", "scan@|"},
	{"scan \"\\u0041\\u20ac\"", "scan@|A\xe2\x82\xac"},
	{"scan \"\\u001b[31m\"", "scan@|\x1b[31m"},
	{"scan \xe0\xa4\xb9", "scan@|\xe0\xa4\xb9"},
	{"scan a\"b c\"d", "scan@|ab cd"},
	{"scan a@b", "scan@|a@b"},
	{"scan '1 2'", "scan@|'1|2'"},
};

static const char *const bad[][2] = {
	{"", "empty line"},
	{"   ", "empty line"},
	{"scan \"open", "does not end"},
	{"scan \"open\\\"", "does not end"},
	{"scan \"\\q\"", "no JSON string"},
	{"scan \"\\ud800\"", "no JSON string"},
	{"scan \"\\u0000\"", "no JSON string"},
	{"scan \xff", "not text in UTF-8"},
	{"a-verb-of-many-letters", "unknown command"},
	{"\"\" x", "does not begin with a command"},
	{"@left x", "does not begin with a command"},
};

static void assert_words(const char *text, const char *want)
{
	struct tt_buf got = {0};
	struct tt_error err;
	struct line line;

	if (line_parse(&line, text, strlen(text), &err) != TT_OK)
		fail_msg("%s: %s", text, err.message);
	tt_buf_printf(&got, "%s@%s", line.verb, line.lane);
	for (size_t i = 0; i < line.nwords; i++)
		tt_buf_printf(&got, "|%s", line.words[i]);
	assert_string_equal(got.data, want);
	tt_buf_fini(&got);
	line_fini(&line);
}

static void lines_are_taken_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_words(good[i][0], good[i][1]);
}

static void what_is_wrong_is_said(void **state)
{
	struct tt_error err;
	struct line line;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(line_parse(&line, bad[i][0], strlen(bad[i][0]), &err), TT_USAGE);
		if (!strstr(err.message, bad[i][1]))
			fail_msg("%s: %s", bad[i][0], err.message);
		line_fini(&line);
	}
}

static void a_nul_is_no_text(void **state)
{
	struct tt_error err;
	struct line line;

	(void)state;
	assert_int_equal(line_parse(&line, "scan A\0B", 8, &err), TT_USAGE);
	line_fini(&line);
}

static void a_line_may_be_of_any_length_up_to_the_limit(void **state)
{
	char *text = tt_alloc(LINE_MAX_BYTES + 2);
	struct tt_error err;
	struct line line;

	(void)state;
	memset(text, 'A', LINE_MAX_BYTES + 1);
	memcpy(text, "scan ", 5);
	assert_int_equal(line_parse(&line, text, LINE_MAX_BYTES, &err), TT_OK);
	assert_int_equal(strlen(line.words[0]), LINE_MAX_BYTES - 5);
	line_fini(&line);
	assert_int_equal(line_parse(&line, text, LINE_MAX_BYTES + 1, &err), TT_USAGE);
	assert_non_null(strstr(err.message, "longer than 16384"));
	line_fini(&line);
	free(text);
}

static void words_are_counted(void **state)
{
	char text[256] = "op";
	struct tt_error err;
	struct line line;

	(void)state;
	for (size_t i = 0; i < LINE_WORDS_MAX; i++)
		strcat(text, " a");
	assert_int_equal(line_parse(&line, text, strlen(text), &err), TT_OK);
	assert_int_equal(line.nwords, LINE_WORDS_MAX);
	line_fini(&line);
	strcat(text, " a");
	assert_int_equal(line_parse(&line, text, strlen(text), &err), TT_USAGE);
	assert_non_null(strstr(err.message, "too many words"));
	line_fini(&line);
	assert_int_equal(line.nwords, 0);
}

static void a_lane_is_cut_to_fit(void **state)
{
	struct tt_error err;
	struct line line;
	static const char text[] = "scan@0123456789012345678901234567890123456789 A";

	(void)state;
	assert_int_equal(line_parse(&line, text, strlen(text), &err), TT_OK);
	assert_int_equal(strlen(line.lane), sizeof(line.lane) - 1);
	line_fini(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_taken_apart),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(a_nul_is_no_text),
		cmocka_unit_test(a_line_may_be_of_any_length_up_to_the_limit),
		cmocka_unit_test(words_are_counted),
		cmocka_unit_test(a_lane_is_cut_to_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
