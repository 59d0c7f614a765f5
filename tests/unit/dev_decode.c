/*
 * Decoding: from a frame to a code, or to a message that helps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/frame.h>
#include <tracetrack/symbol.h>
#include <tracetrack/text.h>

#define GS "\x1d"

static struct tt_scan decode_scan;

static const struct tt_scan *decode_with(const char *text, const struct tt_decode_options *options)
{
	tt_decode(&decode_scan, text, strlen(text), 0, options);
	return &decode_scan;
}

static void assert_code(const char *text, const struct tt_decode_options *options, const char *code)
{
	const struct tt_scan *scan = decode_with(text, options);

	assert_string_equal(scan->error.message, "");
	assert_int_equal(scan->kind, TT_SCAN_CODE);
	assert_string_equal(scan->code, code);
}

static void assert_unreadable(
	const char *text, const struct tt_decode_options *options, const char *part)
{
	const struct tt_scan *scan = decode_with(text, options);

	assert_int_equal(scan->kind, TT_SCAN_UNREADABLE);
	assert_string_equal(scan->code, "");
	assert_int_equal(scan->error.rc, TT_DATA);
	assert_non_null(strstr(scan->error.message, part));
	assert_true(scan->error.hint[0]);
}

static void plain_codes_are_upper_case(void **state)
{
	(void)state;
	assert_code("SB00001", NULL, "SB00001");
	assert_code("sb00001", NULL, "SB00001");
	assert_code("M444-00017", NULL, "M444-00017");
	assert_code("tt:user:asha", NULL, "TT:USER:ASHA");
	assert_code(" SB 1 ", NULL, " SB 1 ");
	assert_code("caf\xc3\xa9", NULL, "CAF\xc3\xa9");
}

static void aim_identifiers_are_split_off(void **state)
{
	static const char *const rows[][4] = {
		{"]C0SB00001", "]C0", "Code 128", "SB00001"},
		{"]Q1SB00001", "]Q1", "QR", "SB00001"},
		{"]A4CH1", "]A4", "Code 39", "CH1"},
		{"]E04006381333931", "]E0", "EAN-13/UPC", "4006381333931"},
		{"]E412345670", "]E4", "EAN-8", "12345670"},
		{"]d2"
		 "21CH7",
			"]d2", "GS1 Data Matrix", "CH7"},
		{"]Q3"
		 "21CH7",
			"]Q3", "GS1 QR", "CH7"},
		{"]J1"
		 "21CH7",
			"]J1", "GS1 DotCode", "CH7"},
		{"]e0"
		 "0109506000134352"
		 "21CH7",
			"]e0", "GS1 DataBar", "CH7"},
		{"]y0CH1", "]y0", "unknown", "CH1"},
		{"]-CH1", "", "", "]-CH1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_code(rows[i][0], NULL, rows[i][3]);
		assert_string_equal(decode_scan.aim, rows[i][1]);
		assert_string_equal(decode_scan.symbology, rows[i][2]);
	}
}

static void gs1_gives_code_and_weight(void **state)
{
	static const struct tt_decode_options joined = {.gs1_code = TT_GS1_CODE_GTIN_SERIAL};

	(void)state;
	assert_code("]C1"
		    "00106141411234567897"
		    "3103001250",
		NULL, "106141411234567897");
	assert_int_equal(decode_scan.grams, 1250);
	assert_code("]C1"
		    "21ab12" GS "10L1",
		NULL, "AB12");
	assert_true(decode_scan.grams == TT_NO_INT);
	assert_code("]C1"
		    "010950600013435221AB12",
		NULL, "AB12");
	assert_code("]C1"
		    "010950600013435221AB12",
		&joined, "09506000134352AB12");
	assert_code("]C1"
		    "2112" GS "00106141411234567897",
		&joined, "106141411234567897");
}

static void gs1_without_identifier_is_known_by_its_separator(void **state)
{
	(void)state;
	assert_code(GS "00106141411234567897", NULL, "106141411234567897");
	assert_code("21AB12" GS "10L1", NULL, "AB12");
	assert_code("00106141411234567897", NULL, "00106141411234567897");
}

static void gs1_that_names_no_bag_is_unreadable(void **state)
{
	static const struct tt_decode_options joined = {.gs1_code = TT_GS1_CODE_GTIN_SERIAL};

	(void)state;
	assert_unreadable("]C1"
			  "0109506000134352"
			  "3103001250",
		NULL, "without an SSCC (00)");
	assert_non_null(strstr(decode_scan.error.detail, "(01) GTIN (3103) net weight (kg)"));
	assert_true(decode_scan.grams == TT_NO_INT);
	assert_unreadable("]C1"
			  "21AB12",
		&joined, "without a GTIN (01)");
}

static void wrong_check_digit_is_unreadable(void **state)
{
	(void)state;
	assert_unreadable("]C1"
			  "00106141411234567890",
		NULL, "check digit 0, expected 7");
	assert_string_equal(decode_scan.raw, "]C1"
					     "00106141411234567890");
}

static void leniency_is_a_choice(void **state)
{
	static const struct tt_decode_options lenient = {.is_gs1_lenient = true};

	(void)state;
	assert_code("]C0"
		    "00106141411234567897",
		NULL, "00106141411234567897");
	assert_code("]C0"
		    "00106141411234567897",
		&lenient, "106141411234567897");
	assert_code("]C0"
		    "21AB12" GS "3103001250",
		&lenient, "AB12");
	assert_code("]C0SB00001", &lenient, "SB00001");
	assert_code("]A0"
		    "21AB12",
		&lenient, "21AB12");
	assert_unreadable("]C0"
			  "21AB12" GS "3103001250",
		NULL, "\\x1d");
}

static void prefix_and_suffix_are_trimmed(void **state)
{
	static const struct tt_decode_options options = {.prefix = "<<", .suffix = ">\x07"};

	(void)state;
	assert_code("<<]C0SB00001>\x07", &options, "SB00001");
	assert_code("SB00001", &options, "SB00001");
	assert_int_equal(decode_with("<<>\x07", &options)->kind, TT_SCAN_EMPTY);
}

static void nothing_is_empty(void **state)
{
	(void)state;
	assert_int_equal(decode_with("", NULL)->kind, TT_SCAN_EMPTY);
	assert_int_equal(decode_with("   ", NULL)->kind, TT_SCAN_EMPTY);
	assert_int_equal(decode_with("]C1", NULL)->kind, TT_SCAN_EMPTY);
}

static void envelope_of_format_05_is_gs1(void **state)
{
	(void)state;
	assert_code("]d1[)>\x1e"
		    "05" GS "21AB12" GS "10L1\x1e\x04",
		NULL, "AB12");
	assert_code("[)>\x1e"
		    "05" GS "21AB12\x1e",
		NULL, "AB12");
	assert_unreadable("[)>\x1e"
			  "06" GS "S123\x1e\x04",
		NULL, "format 06");
}

static void control_bytes_are_unreadable_and_shown(void **state)
{
	(void)state;
	assert_unreadable("SB0\x07"
			  "01",
		NULL, "control character \\x07 in \"SB0\\x0701\"");
	assert_unreadable("\x1b[2JSB1", NULL, "\\x1b");
	assert_unreadable("]C0SB\x1e"
			  "1",
		NULL, "\\x1e");
	assert_unreadable("SB\xe2\x80\x8b"
			  "1",
		NULL, "control character");
	assert_unreadable("SB\x7f", NULL, "\\x7f");
	assert_null(strpbrk(decode_scan.error.message, "\x1b\x07\x7f"));
	assert_null(strpbrk(decode_scan.raw, "\x1b\x07\x7f"));
	tt_decode(&decode_scan, "SB\0001", 4, 0, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_UNREADABLE);
	assert_string_equal(decode_scan.raw, "SB\\x001");
}

static void what_is_not_utf8_is_unreadable(void **state)
{
	(void)state;
	assert_unreadable("SB\xff"
			  "1",
		NULL, "not UTF-8");
	assert_unreadable("SB\xc0\xaf", NULL, "not UTF-8");
	assert_true(tt_utf8_is_valid(decode_scan.raw, strlen(decode_scan.raw)));
}

static void long_codes_are_unreadable(void **state)
{
	char text[TT_CODE_MAX + 2];

	(void)state;
	memset(text, 'A', sizeof(text));
	tt_decode(&decode_scan, text, TT_CODE_MAX, 0, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_CODE);
	tt_decode(&decode_scan, text, TT_CODE_MAX + 1, 0, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_UNREADABLE);
	assert_string_equal(decode_scan.error.message, "code of 256 bytes; the longest is 255");
}

static void digital_links_are_refused_politely(void **state)
{
	(void)state;
	assert_unreadable("]Q1https://id.gs1.org/01/09506000134352/21/12", NULL, "Digital Link");
	assert_unreadable("HTTPS://example.com/00/106141411234567897", NULL, "Digital Link");
	assert_code("https://example.com/about", NULL, "HTTPS://EXAMPLE.COM/ABOUT");
}

static void broken_frames_are_unreadable_and_others_marked(void **state)
{
	(void)state;
	tt_decode(&decode_scan, "SB00001", 7, TT_FRAME_OVERFLOW, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_UNREADABLE);
	tt_decode(&decode_scan, "SB00001", 7, TT_FRAME_TORN, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_UNREADABLE);
	assert_string_equal(decode_scan.error.message, "code cut off after 7 bytes");
	tt_decode(&decode_scan, "SB00001", 7, TT_FRAME_UNTERMINATED, NULL);
	assert_int_equal(decode_scan.kind, TT_SCAN_CODE);
	assert_true(decode_scan.is_unterminated);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_codes_are_upper_case),
		cmocka_unit_test(aim_identifiers_are_split_off),
		cmocka_unit_test(gs1_gives_code_and_weight),
		cmocka_unit_test(gs1_without_identifier_is_known_by_its_separator),
		cmocka_unit_test(gs1_that_names_no_bag_is_unreadable),
		cmocka_unit_test(wrong_check_digit_is_unreadable),
		cmocka_unit_test(leniency_is_a_choice),
		cmocka_unit_test(prefix_and_suffix_are_trimmed),
		cmocka_unit_test(nothing_is_empty),
		cmocka_unit_test(envelope_of_format_05_is_gs1),
		cmocka_unit_test(control_bytes_are_unreadable_and_shown),
		cmocka_unit_test(what_is_not_utf8_is_unreadable),
		cmocka_unit_test(long_codes_are_unreadable),
		cmocka_unit_test(digital_links_are_refused_politely),
		cmocka_unit_test(broken_frames_are_unreadable_and_others_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
