/*
 * QR codes: what fits, and that every face shows the same modules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/qr.h>

static void make(struct tt_qr *qr, const char *text)
{
	assert_int_equal(tt_qr_make(qr, text, TT_QR_DIRTY, NULL), TT_OK);
}

static void a_symbol_is_as_small_as_its_text_allows(void **state)
{
	static const struct {
		const char *text;
		size_t side;
	} rows[] = {
		/* Version 1 holds 16 capitals and digits at Q, but 11 bytes; version 2 29. */
		{"SB10234", 21},
		{"ABCDEFGHIJKLMNOP", 21},
		{"ABCDEFGHIJKLMNOPQ", 25},
		{"tt:user:asha", 25},
		{"TT:USER:ASHA", 21},
	};
	struct tt_qr qr;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		make(&qr, rows[i].text);
		assert_int_equal(qr.side, rows[i].side);
		tt_qr_fini(&qr);
	}
}

/* The finder: a dark ring, a light ring, a dark square, in three corners and not in the fourth. */
static void the_three_finders_are_where_they_belong(void **state)
{
	static const char *const finder[] = {
		"#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"};
	struct tt_qr qr;
	long x, y, far;
	int same = 0;

	(void)state;
	make(&qr, "SB10234");
	far = (long)qr.side - 7;
	for (y = 0; y < 7; y++) {
		for (x = 0; x < 7; x++) {
			bool dark = finder[y][x] == '#';

			assert_int_equal(tt_qr_is_dark(&qr, x, y), dark);
			assert_int_equal(tt_qr_is_dark(&qr, x + far, y), dark);
			assert_int_equal(tt_qr_is_dark(&qr, x, y + far), dark);
			same += tt_qr_is_dark(&qr, x + far, y + far) == dark;
		}
	}
	assert_int_not_equal(same, 49);
	assert_false(tt_qr_is_dark(&qr, -1, 0));
	assert_false(tt_qr_is_dark(&qr, 0, (long)qr.side));
	tt_qr_fini(&qr);
}

/* Line y of text, 0 when there is none. */
static const char *line_at(const char *text, long y)
{
	for (; y > 0 && text; y--) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text && *text ? text : NULL;
}

static void ascii_shows_every_module(void **state)
{
	struct tt_buf dark = {0}, light = {0};
	struct tt_qr qr;
	long x, y, n;

	(void)state;
	make(&qr, "SB10234");
	tt_qr_text(&qr, TT_QR_ASCII, 4, &dark);
	tt_qr_text(&qr, TT_QR_ASCII_LIGHT, 4, &light);
	n = (long)qr.side + 8;
	for (y = 0; y < n; y++) {
		for (x = 0; x < n; x++) {
			bool is_dark = tt_qr_is_dark(&qr, x - 4, y - 4);

			assert_memory_equal(
				line_at(dark.data, y) + 2 * x, is_dark ? "##" : "  ", 2);
			assert_memory_equal(
				line_at(light.data, y) + 2 * x, is_dark ? "  " : "##", 2);
		}
	}
	assert_null(line_at(dark.data, n));
	tt_buf_fini(&dark);
	tt_buf_fini(&light);
	tt_qr_fini(&qr);
}

/* Each half block is two modules, one above the other. */
static void blocks_show_every_module(void **state)
{
	static const char *const piece[] = {" ", "▀", "▄", "█"};
	struct tt_buf text = {0};
	struct tt_qr qr;
	const char *p;
	long x, y;
	int both;

	(void)state;
	make(&qr, "SB10234");
	tt_qr_text(&qr, TT_QR_BLOCKS, 0, &text);
	p = text.data;
	for (y = 0; y < (long)qr.side; y += 2) {
		for (x = 0; x < (long)qr.side; x++) {
			both = tt_qr_is_dark(&qr, x, y) | tt_qr_is_dark(&qr, x, y + 1) << 1;
			assert_memory_equal(p, piece[both], strlen(piece[both]));
			p += strlen(piece[both]);
		}
		assert_int_equal(*p++, '\n');
	}
	assert_int_equal(*p, '\0');
	tt_buf_fini(&text);
	tt_qr_fini(&qr);
}

static void nothing_and_too_much_are_refused(void **state)
{
	char text[TT_QR_TEXT_MAX + 2];
	struct tt_error err;
	struct tt_qr qr;

	(void)state;
	assert_int_equal(tt_qr_make(&qr, "", TT_QR_DIRTY, &err), TT_DATA);
	memset(text, 'a', sizeof(text));
	text[TT_QR_TEXT_MAX + 1] = '\0';
	assert_int_equal(tt_qr_make(&qr, text, TT_QR_DIRTY, &err), TT_DATA);
	assert_non_null(strstr(err.message, "1 to 1024 bytes, not 1025"));
	text[TT_QR_TEXT_MAX] = '\0';
	make(&qr, text);
	tt_qr_fini(&qr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_symbol_is_as_small_as_its_text_allows),
		cmocka_unit_test(the_three_finders_are_where_they_belong),
		cmocka_unit_test(ascii_shows_every_module),
		cmocka_unit_test(blocks_show_every_module),
		cmocka_unit_test(nothing_and_too_much_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
