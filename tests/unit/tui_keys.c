/* Bytes to keys, with the keys of a real terminal description. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <curses.h>

#include "../../src/tui/keys.h"

#define MAX 256

struct got {
	int keys[MAX];
	size_t n;
};

static void on_char(void *ctx, uint32_t ch)
{
	struct got *g = ctx;

	g->keys[g->n++] = (int)ch;
}

static void on_key(void *ctx, int key)
{
	struct got *g = ctx;

	g->keys[g->n++] = key;
}

static const struct keys_events events = {on_char, on_key};

/* Feed bytes, let the escape delay pass, and compare. */
static void check(const char *bytes, size_t n, ...)
{
	struct keys k = {0};
	struct got g = {{0}, 0};
	va_list ap;
	size_t i;

	keys_feed(&k, bytes, strlen(bytes), &events, &g);
	if (keys_is_waiting(&k))
		keys_expire(&k, &events, &g);
	assert_false(keys_is_waiting(&k));
	assert_int_equal(g.n, n);
	va_start(ap, n);
	for (i = 0; i < n; i++)
		assert_int_equal(g.keys[i], va_arg(ap, int));
	va_end(ap);
}

static void test_text(void **state)
{
	(void)state;
	check("aé\r", (size_t)3, 'a', 0xe9, '\r');
	check("\x7f\b", (size_t)2, KEYS_BACKSPACE, KEYS_BACKSPACE);
	check("\xffz", (size_t)2, 0xdcff, 'z');
	check("\xe2\x82", (size_t)2, 0xdce2, 0xdc82);
}

static void test_keys_of_the_terminal(void **state)
{
	(void)state;
	check("\033OP\033[15~\033[24~", (size_t)3, KEYS_F(1), KEYS_F(5), KEYS_F(12));
	check("\033OA\033[B\033[5~", (size_t)3, KEYS_UP, KEYS_DOWN, KEYS_PAGE_UP);
	check("\033[[A", (size_t)1, KEYS_F(1));
	check("\033[Z", (size_t)1, KEYS_BACK_TAB);
}

static void test_escape(void **state)
{
	(void)state;
	check("\033", (size_t)1, KEYS_ESC);
	check("\0332", (size_t)1, KEYS_F(2));
	check("\0330", (size_t)1, KEYS_F(10));
}

/* What no one knows is swallowed whole: its letters must not become keys. */
static void test_unknown_sequences(void **state)
{
	(void)state;
	check("\033[200~a", (size_t)1, 'a');
	check("\033[1;5Qb", (size_t)1, 'b');
	check("\033xq", (size_t)1, 'q');
	check("\033[12;34", (size_t)0);
}

static void test_bytes_that_come_one_by_one(void **state)
{
	struct keys k = {0};
	struct got g = {{0}, 0};
	const char *p;

	(void)state;
	for (p = "\033[15~\xe2\x82\xac"; *p; p++)
		keys_feed(&k, p, 1, &events, &g);
	assert_false(keys_is_waiting(&k));
	assert_int_equal(g.n, 2);
	assert_int_equal(g.keys[0], KEYS_F(5));
	assert_int_equal(g.keys[1], 0x20ac);
}

/* The escape delay was over before the next byte was read, because the machine had no time. */
static void test_late_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		int first, last;
	} rows[] = {{"q", 2, KEYS_ESC, 'q'}, {"2", 2, KEYS_ESC, '2'}, {"[A", 1, KEYS_UP, KEYS_UP},
		{"OP", 1, KEYS_F(1), KEYS_F(1)}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct keys k = {0};
		struct got g = {{0}, 0};

		keys_feed(&k, "\033", 1, &events, &g);
		keys_late(&k, (uint8_t)*rows[i].bytes, &events, &g);
		keys_feed(&k, rows[i].bytes, strlen(rows[i].bytes), &events, &g);
		assert_int_equal(g.n, rows[i].n);
		assert_int_equal(g.keys[0], rows[i].first);
		assert_int_equal(g.keys[g.n - 1], rows[i].last);
	}
}

static void test_endless_sequence(void **state)
{
	struct keys k = {0};
	struct got g = {{0}, 0};
	int i;

	(void)state;
	keys_feed(&k, "\033[", 2, &events, &g);
	for (i = 0; i < KEYS_PENDING * 3; i++)
		keys_feed(&k, "1", 1, &events, &g);
	assert_true(k.len < KEYS_PENDING);
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(keys_parse("F10", 3), KEYS_F(10));
	assert_int_equal(keys_parse("^L", 2), 12);
	assert_int_equal(keys_parse("Esc", 3), KEYS_ESC);
	assert_int_equal(keys_parse("j", 1), 'j');
	assert_int_equal(keys_parse("F13", 3), KEYS_NONE);
	assert_int_equal(keys_parse("Nope", 4), KEYS_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_keys_of_the_terminal),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_unknown_sequences),
		cmocka_unit_test(test_bytes_that_come_one_by_one),
		cmocka_unit_test(test_late_bytes),
		cmocka_unit_test(test_endless_sequence),
		cmocka_unit_test(test_names),
	};
	FILE *nowhere = fopen("/dev/null", "r+");
	SCREEN *screen = newterm("xterm-256color", nowhere, nowhere);
	int failed;

	keypad(stdscr, TRUE);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	endwin();
	delscreen(screen);
	fclose(nowhere);
	return failed;
}
