/* The line editor: characters, not bytes; nothing unsafe; never beyond its limit. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include <tracetrack/editor.h>

static void test_insert_in_the_middle(void **state)
{
	struct tt_editor e = {0};

	(void)state;
	tt_editor_set(&e, "SB101");
	tt_editor_left(&e);
	assert_true(tt_editor_insert(&e, '9'));
	assert_string_equal(e.text, "SB1091");
	assert_int_equal(e.at, 5);
}

static void test_characters_are_whole(void **state)
{
	struct tt_editor e = {0};

	(void)state;
	tt_editor_set(&e, "aé€😀b");
	assert_int_equal(tt_editor_count(&e), 5);
	tt_editor_left(&e);
	tt_editor_backspace(&e);
	assert_string_equal(e.text, "aé€b");
	tt_editor_left(&e);
	tt_editor_left(&e);
	tt_editor_delete(&e);
	assert_string_equal(e.text, "a€b");
	assert_int_equal(tt_editor_column(&e), 1);
	tt_editor_home(&e);
	tt_editor_backspace(&e);
	tt_editor_left(&e);
	tt_editor_end(&e);
	tt_editor_delete(&e);
	tt_editor_right(&e);
	assert_string_equal(e.text, "a€b");
}

static void test_unsafe_stays_out(void **state)
{
	struct tt_editor e = {0};

	(void)state;
	assert_false(tt_editor_insert(&e, 0x1b));
	assert_false(tt_editor_insert(&e, 0x202e));
	assert_false(tt_editor_insert(&e, 0xdc80));
	assert_false(tt_editor_insert(&e, 0x110000));
	tt_editor_set(&e, "a\033[31mb\xff"
			  "c\u200b");
	assert_string_equal(e.text, "a[31mbc");
}

static void test_limit(void **state)
{
	struct tt_editor e = {0};
	size_t n = 0;

	(void)state;
	while (tt_editor_insert(&e, 0x20ac))
		n++;
	assert_int_equal(n, (TT_EDITOR_MAX - 1) / 3);
	assert_true(e.len < TT_EDITOR_MAX);
	assert_int_equal(e.text[e.len], 0);
}

static void test_kill(void **state)
{
	struct tt_editor e = {0};

	(void)state;
	tt_editor_set(&e, "short  no goods ");
	tt_editor_kill_word(&e);
	assert_string_equal(e.text, "short  no ");
	tt_editor_kill_word(&e);
	assert_string_equal(e.text, "short  ");
	tt_editor_set(&e, "abc");
	tt_editor_left(&e);
	tt_editor_kill_right(&e);
	assert_string_equal(e.text, "ab");
	tt_editor_left(&e);
	tt_editor_kill_left(&e);
	assert_string_equal(e.text, "b");
	assert_int_equal(e.at, 0);
}

static void test_clear_wipes(void **state)
{
	struct tt_editor e = {0};
	size_t i;

	(void)state;
	tt_editor_set(&e, "secret");
	tt_editor_backspace(&e);
	assert_int_equal(e.text[5], 0);
	tt_editor_clear(&e);
	for (i = 0; i < sizeof(e.text); i++)
		assert_int_equal(e.text[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_insert_in_the_middle),
		cmocka_unit_test(test_characters_are_whole),
		cmocka_unit_test(test_unsafe_stays_out),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_kill),
		cmocka_unit_test(test_clear_wipes),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
