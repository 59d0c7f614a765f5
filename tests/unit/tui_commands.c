/* The command table keeps its own rules; colours and digits keep theirs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/command.h>
#include <tracetrack/text.h>

#include "../../src/tui/bigfont.h"
#include "../../src/tui/keys.h"
#include "../../src/tui/terminal.h"

static void test_rows_are_whole(void **state)
{
	const struct tt_command *row;

	(void)state;
	for (row = tt_commands; row->name; row++) {
		assert_non_null(row->run);
		assert_non_null(row->keys);
		assert_true(row->help && strlen(row->help) > 5);
		assert_true(row->label && *row->label);
		assert_true(row->group && *row->group);
		assert_true(row->scope != 0);
		assert_ptr_equal(tt_command_find(row->name), row);
	}
	assert_null(tt_command_find("no-such-command"));
}

/* Calls fn for each key of a row; returns how many there are. */
static size_t each_key(const struct tt_command *row,
	void (*fn)(const struct tt_command *row, const char *name, int key))
{
	const char *keys = row->keys;
	size_t len, n = 0;

	for (; *keys; keys += len, keys += strspn(keys, " "), n++) {
		len = strcspn(keys, " ");
		fn(row, keys, keys_parse(keys, len));
	}
	return n;
}

static void key_is_known(const struct tt_command *row, const char *name, int key)
{
	(void)row;
	(void)name;
	assert_int_not_equal(key, KEYS_NONE);
}

/* On the scan view no letter or digit does anything: a burst must be harmless. */
static void key_is_no_letter(const struct tt_command *row, const char *name, int key)
{
	(void)name;
	if (row->scope & TT_SCOPE_SCAN)
		assert_false(key < 0x80 && isalnum(key));
}

static void test_keys(void **state)
{
	const struct tt_command *row;
	size_t n = 0;

	(void)state;
	for (row = tt_commands; row->name; row++) {
		each_key(row, key_is_known);
		n += each_key(row, key_is_no_letter);
	}
	assert_true(n > 20);
}

static void test_colors(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	unsetenv("CLICOLOR");
	unsetenv("CLICOLOR_FORCE");
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 256), 256);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 88), 16);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 8), 8);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, -1), 0);
	assert_int_equal(term_choose_colors(TT_COLOR_NEVER, 256), 0);
	setenv("CLICOLOR", "0", 1);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 256), 0);
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 256), 256);
	setenv("NO_COLOR", "1", 1);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 256), 0);
	assert_int_equal(term_choose_colors(TT_COLOR_ALWAYS, 256), 256);
	setenv("NO_COLOR", "", 1);
	assert_int_equal(term_choose_colors(TT_COLOR_AUTO, 256), 256);
}

static void test_digits(void **state)
{
	char row[256];

	(void)state;
	assert_int_equal(bigfont_width(true, 3, "17/30"), 25);
	assert_int_equal(bigfont_width(true, 5, "17/30"), 50);
	bigfont_row(row, sizeof(row), false, 5, 0, "7");
	assert_string_equal(row, "########  ");
	bigfont_row(row, sizeof(row), true, 3, 0, "0");
	assert_string_equal(row, "█▀▀█ ");
	bigfont_row(row, sizeof(row), false, 3, 1, "4");
	assert_string_equal(row, "|_| ");
	bigfont_row(row, sizeof(row), true, 3, 0, "\033");
	assert_string_equal(row, "     ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_colors),
		cmocka_unit_test(test_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
