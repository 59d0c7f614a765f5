/*
 * Text: UTF-8 by the letter of RFC 3629, cleaning, copying that can't overrun, hex, nearness of
 * words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/text.h>

static void utf8_is_decoded(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, taken;
		uint32_t ch;
	} rows[] = {
		{"A", 1, 1, 'A'}, {"\x7f", 1, 1, 0x7f}, {"\xc2\x80", 2, 2, 0x80},
		{"\xdf\xbf", 2, 2, 0x7ff}, {"\xe0\xa0\x80", 3, 3, 0x800},
		{"\xef\xbf\xbf", 3, 3, 0xffff}, {"\xf0\x90\x80\x80", 4, 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff}, {"", 0, 0, 0},
		{"\x80", 1, 0, 0},     /* goes on, but nothing began */
		{"\xc0\xaf", 2, 0, 0}, /* longer than it need be */
		{"\xc1\xbf", 2, 0, 0}, {"\xe0\x9f\xbf", 3, 0, 0}, {"\xf0\x8f\xbf\xbf", 4, 0, 0},
		{"\xed\xa0\x80", 3, 0, 0},                                /* surrogates */
		{"\xed\xbf\xbf", 3, 0, 0}, {"\xf4\x90\x80\x80", 4, 0, 0}, /* above U+10FFFF */
		{"\xf5\x80\x80\x80", 4, 0, 0}, {"\xff", 1, 0, 0}, {"\xc2", 1, 0, 0}, /* cut off */
		{"\xe2\x82", 2, 0, 0}, {"\xf0\x90\x80", 3, 0, 0},
		{"\xc2"
		 "A",
			2, 0, 0}, /* broken off */
	};
	uint32_t ch;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ch = 0;
		assert_int_equal(tt_utf8_decode(rows[i].bytes, rows[i].len, &ch), rows[i].taken);
		if (rows[i].taken)
			assert_int_equal(ch, rows[i].ch);
	}
	assert_true(tt_utf8_is_valid("a\xe2\x82\xac", 4));
	assert_false(tt_utf8_is_valid("a\xe2\x82\xac", 3));
}

static size_t encode(char *dst, uint32_t ch)
{
	if (ch < 0x80)
		return (size_t)tt_format(dst, 8, "%c", (char)ch);
	if (ch < 0x800)
		return tt_format(dst, 8, "%c%c", (char)(0xc0 | ch >> 6), (char)(0x80 | (ch & 63)));
	if (ch < 0x10000)
		return tt_format(dst, 8, "%c%c%c", (char)(0xe0 | ch >> 12),
			(char)(0x80 | (ch >> 6 & 63)), (char)(0x80 | (ch & 63)));
	return tt_format(dst, 8, "%c%c%c%c", (char)(0xf0 | ch >> 18),
		(char)(0x80 | (ch >> 12 & 63)), (char)(0x80 | (ch >> 6 & 63)),
		(char)(0x80 | (ch & 63)));
}

static void every_character_is_its_own_or_escaped(void **state)
{
	char bytes[8], clean[32];
	size_t n;
	uint32_t ch;

	(void)state;
	for (ch = 1; ch <= 0x10ffff; ch++) {
		if (ch >= 0xd800 && ch <= 0xdfff)
			continue;
		n = encode(bytes, ch);
		tt_clean(clean, sizeof(clean), bytes, n);
		if (tt_is_unsafe_char(ch))
			assert_int_equal(clean[0], '\\');
		else
			assert_memory_equal(clean, bytes, n + 1);
	}
}

static void what_steers_a_terminal_is_unsafe(void **state)
{
	static const uint32_t unsafe[] = {0, 7, 8, '\t', '\n', '\r', 0x1b, 0x1f, 0x7f, 0x80, 0x9b,
		0x9f, 0x200b, 0x200e, 0x202a, 0x202e, 0x2028, 0x2066, 0x2069, 0xfeff};
	static const uint32_t harmless[] = {' ', 'A', '~', 0xa0, 0xe9, 0x939, 0x20ac, 0x1f600};

	(void)state;
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(*unsafe); i++)
		assert_true(tt_is_unsafe_char(unsafe[i]));
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		assert_false(tt_is_unsafe_char(harmless[i]));
}

static void cleaning_shows_what_was_there(void **state)
{
	static const char *const rows[][2] = {
		{"SB00001", "SB00001"},
		{"\x1b[31m", "\\x1b[31m"},
		{"a\xff"
		 "b",
			"a\\xffb"},
		{"\xc2\x9b", "\\x9b"},
		{"\xe2\x80\xae", "\\u{202e}"},
		{"\xe0\xa4\xb9", "\xe0\xa4\xb9"},
		{"\xe2\x82", "\\xe2\\x82"},
		{"", ""},
	};
	char clean[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t n = tt_clean(clean, sizeof(clean), rows[i][0], strlen(rows[i][0]));

		assert_string_equal(clean, rows[i][1]);
		assert_int_equal(n, strlen(rows[i][1]));
	}
	tt_clean(clean, sizeof(clean), "a\0b", 3);
	assert_string_equal(clean, "a\\x00b");
}

static void cleaning_cleaned_text_changes_nothing(void **state)
{
	char raw[64], once[1024], twice[1024];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t len = tt_random_below(sizeof(raw));

		for (size_t i = 0; i < len; i++)
			raw[i] = (char)tt_random_below(256);
		tt_clean(once, sizeof(once), raw, len);
		tt_clean(twice, sizeof(twice), once, strlen(once));
		assert_string_equal(once, twice);
		assert_true(tt_utf8_is_valid(once, strlen(once)));
	}
}

static void cleaning_cuts_between_characters(void **state)
{
	char clean[8];

	(void)state;
	for (size_t size = 0; size <= sizeof(clean); size++) {
		memset(clean, 'x', sizeof(clean));
		tt_clean(clean, size, "\xe2\x82\xac\x1b\xe2\x82\xac", 7);
		if (size == 0)
			assert_int_equal(clean[0], 'x');
		else
			assert_true(tt_utf8_is_valid(clean, strlen(clean)));
	}
	assert_int_equal(tt_clean(clean, 4, "\xe2\x82\xac\x1b", 4), 3);
	assert_int_equal(tt_clean(clean, 3, "\xe2\x82\xac", 3), 0);
	assert_int_equal(tt_clean(clean, sizeof(clean), "abcde\xe2\x82\xac", 8), 5);
	assert_int_equal(tt_clean(clean, sizeof(clean), "abcdefghi", 9), 7);
	assert_string_equal(clean, "abcdefg");
}

static void copies_end_and_fit(void **state)
{
	char dst[5];

	(void)state;
	assert_int_equal(tt_copy(dst, sizeof(dst), "SB00001"), 4);
	assert_string_equal(dst, "SB00");
	assert_int_equal(tt_copy(dst, sizeof(dst), "ab\xe2\x82\xac"), 2);
	assert_string_equal(dst, "ab");
	assert_int_equal(tt_copy(dst, sizeof(dst), NULL), 0);
	assert_string_equal(dst, "");
	assert_int_equal(tt_copy_n(dst, 0, "a", 1), 0);
	assert_int_equal(tt_format(dst, sizeof(dst), "%d", 123456), 4);
	assert_string_equal(dst, "1234");
	assert_int_equal(tt_format(dst, sizeof(dst), "%s", "ab"), 2);
}

static void buffers_grow_and_stay_ended(void **state)
{
	struct tt_buf b = {0};

	(void)state;
	tt_buf_add(&b, "", 0);
	assert_string_equal(b.data, "");
	for (int i = 0; i < 1000; i++)
		tt_buf_printf(&b, "%03d,", i);
	assert_int_equal(b.len, 4000);
	assert_int_equal(strlen(b.data), 4000);
	assert_memory_equal(b.data + 3996, "999,", 5);
	tt_buf_clear(&b);
	assert_string_equal(b.data, "");
	tt_buf_puts(&b, "x");
	assert_string_equal(b.data, "x");
	tt_buf_fini(&b);
	assert_null(b.data);
}

static void whole_numbers_are_written_as_printf_does(void **state)
{
	static const int64_t numbers[] = {0, 1, -1, 9, 10, -10, 99999, INT64_MAX, INT64_MIN};
	struct tt_buf b = {0};
	char want[32];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		tt_buf_clear(&b);
		tt_buf_int(&b, numbers[i]);
		snprintf(want, sizeof(want), "%" PRId64, numbers[i]);
		assert_string_equal(b.data, want);
		assert_int_equal(b.len, strlen(want));
	}
	tt_buf_fini(&b);
}

static void hex_goes_both_ways(void **state)
{
	uint8_t bytes[256], back[256];
	char hex[513];

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (uint8_t)i;
	tt_hex(hex, bytes, sizeof(bytes));
	assert_int_equal(tt_unhex(back, sizeof(back), hex), 256);
	assert_memory_equal(bytes, back, 256);
	assert_int_equal(tt_unhex(back, sizeof(back), "aBcD"), 2);
	assert_int_equal(back[1], 0xcd);
	assert_int_equal(tt_unhex(back, sizeof(back), ""), 0);
	assert_int_equal(tt_unhex(back, sizeof(back), "a"), -1);
	assert_int_equal(tt_unhex(back, sizeof(back), "0g"), -1);
	assert_int_equal(tt_unhex(back, sizeof(back), "0 "), -1);
	assert_int_equal(tt_unhex(back, 1, "0000"), -1);
}

static void distance_counts_edits(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned edits;
	} rows[] = {{"", "", 0}, {"abc", "", 3}, {"", "abc", 3}, {"kitten", "sitting", 3},
		{"show", "shwo", 2}, {"scan", "scam", 1}, {"flaw", "lawn", 2}};
	char longer[200], other[200];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tt_edit_distance(rows[i].a, rows[i].b), rows[i].edits);
		assert_int_equal(tt_edit_distance(rows[i].b, rows[i].a), rows[i].edits);
	}
	memset(longer, 'a', sizeof(longer));
	memset(other, 'b', sizeof(other));
	longer[199] = other[199] = '\0';
	assert_int_equal(tt_edit_distance(longer, other), 63);
}

static void nearness_depends_on_length(void **state)
{
	unsigned least = UINT_MAX;

	(void)state;
	assert_false(tt_is_nearer("foo", "code", &least));
	assert_true(tt_is_nearer("ba", "backup-codes", &least)); /* begins like it */
	assert_true(tt_is_nearer("ba", "bags", &least));
	assert_false(tt_is_nearer("ba", "up", &least));
	assert_false(tt_is_nearer("", "up", &least));
	least = UINT_MAX;
	assert_int_equal(least, UINT_MAX);
	assert_true(tt_is_nearer("uesr", "user", &least));
	assert_int_equal(least, 2);
	assert_false(tt_is_nearer("uesr", "seur", &least)); /* no nearer than the one before */
	assert_true(tt_is_nearer("uesr", "uesr", &least));
	assert_int_equal(least, 0);
}

static void width_counts_columns(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	assert_int_equal(tt_text_width("SB00001"), 7);
	assert_int_equal(tt_text_width("\xe2\x82\xac"), 1);
	assert_int_equal(tt_text_width("\xe6\x97\xa5"), 2);
	assert_int_equal(tt_text_width("e\xcc\x81"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_is_decoded),
		cmocka_unit_test(every_character_is_its_own_or_escaped),
		cmocka_unit_test(what_steers_a_terminal_is_unsafe),
		cmocka_unit_test(cleaning_shows_what_was_there),
		cmocka_unit_test(cleaning_cleaned_text_changes_nothing),
		cmocka_unit_test(cleaning_cuts_between_characters),
		cmocka_unit_test(copies_end_and_fit),
		cmocka_unit_test(buffers_grow_and_stay_ended),
		cmocka_unit_test(whole_numbers_are_written_as_printf_does),
		cmocka_unit_test(hex_goes_both_ways),
		cmocka_unit_test(distance_counts_edits),
		cmocka_unit_test(nearness_depends_on_length),
		cmocka_unit_test(width_counts_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
