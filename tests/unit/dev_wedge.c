/*
 * The keyboard wedge: what is a code, and what a person typed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/source.h>

#define MS 1000000ull

/* "key:X " and "scan:TEXT " (with "!" when it had no end, "^" when it was too long). */
static char wedge_log[2 * TT_FRAME_MAX];
static struct tt_wedge wedge;

static void wedge_on_key(void *ctx, uint32_t ch)
{
	size_t used = strlen(wedge_log);

	(void)ctx;
	snprintf(wedge_log + used, sizeof(wedge_log) - used, ch < ' ' ? "key:%u " : "key:%c ", ch);
}

static void wedge_on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	size_t used = strlen(wedge_log);

	(void)ctx;
	snprintf(wedge_log + used, sizeof(wedge_log) - used, "scan%s%s:%.*s ",
		flags & TT_FRAME_UNTERMINATED ? "!" : "", flags & TT_FRAME_OVERFLOW ? "^" : "",
		(int)len, (const char *)bytes);
}

static const struct tt_wedge_events wedge_events = {wedge_on_key, wedge_on_frame};

static int wedge_setup(void **state)
{
	(void)state;
	memset(&wedge, 0, sizeof(wedge));
	wedge_log[0] = '\0';
	return 0;
}

/* Type text with a gap between characters; returns the time after it. */
static uint64_t wedge_type(const char *text, uint64_t at, uint64_t gap)
{
	for (; *text; text++, at += gap)
		tt_wedge_feed(&wedge, (unsigned char)*text, at, &wedge_events, NULL);
	return at;
}

static void a_burst_that_ends_in_cr_is_a_scan(void **state)
{
	(void)state;
	wedge_type("SB00001\r", 1000 * MS, 2 * MS);
	assert_string_equal(wedge_log, "scan:SB00001 ");
	assert_int_equal(tt_wedge_deadline(&wedge), 0);
}

static void pasted_lines_are_scans(void **state)
{
	(void)state;
	wedge_type("SB00001\rCH0001\nCH0002\r\n", 1000 * MS, 0);
	assert_string_equal(wedge_log, "scan:SB00001 scan:CH0001 scan:CH0002 ");
}

static void typed_letters_come_back_as_keys(void **state)
{
	uint64_t at = 1000 * MS;

	(void)state;
	at = wedge_type("quit\r", at, 120 * MS);
	assert_string_equal(wedge_log, "key:q key:u key:i key:t key:13 ");
}

static void a_lone_key_waits_no_longer_than_the_gap(void **state)
{
	(void)state;
	wedge_type(":", 1000 * MS, 0);
	assert_int_equal(tt_wedge_deadline(&wedge), 1030 * MS);
	tt_wedge_expire(&wedge, 1029 * MS, &wedge_events, NULL);
	assert_string_equal(wedge_log, "");
	tt_wedge_expire(&wedge, 1030 * MS, &wedge_events, NULL);
	assert_string_equal(wedge_log, "key:: ");
}

static void enter_alone_is_a_key_at_once(void **state)
{
	(void)state;
	wedge_type("\r", 1000 * MS, 0);
	assert_string_equal(wedge_log, "key:13 ");
}

static void the_second_half_of_cr_lf_is_no_key(void **state)
{
	(void)state;
	wedge_type("SB00001\r\n", 1000 * MS, MS);
	wedge_type("\r", 2000 * MS, MS);
	assert_string_equal(wedge_log, "scan:SB00001 key:13 ");
	wedge_type("SB00002\n\n\n", 3000 * MS, MS);
	assert_string_equal(wedge_log, "scan:SB00001 key:13 scan:SB00002 ");
}

static void a_burst_without_an_end_is_never_keys(void **state)
{
	(void)state;
	wedge_type("SB00001", 1000 * MS, MS);
	tt_wedge_expire(&wedge, 1040 * MS, &wedge_events, NULL);
	assert_string_equal(wedge_log, "scan!:SB00001 ");
}

static void separators_and_letters_beyond_ascii_stay(void **state)
{
	static const uint32_t text[] = {0x1d, '0', 0xe9, 0x939, 0x1f4e6, '\r'};

	(void)state;
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		tt_wedge_feed(&wedge, text[i], 1000 * MS, &wedge_events, NULL);
	assert_string_equal(wedge_log, "scan:\x1d"
				       "0\xc3\xa9\xe0\xa4\xb9\xf0\x9f\x93\xa6 ");
}

static void too_long_a_burst_is_reported_and_cut(void **state)
{
	(void)state;
	for (int i = 0; i < TT_FRAME_MAX + 100; i++)
		tt_wedge_feed(&wedge, 'x', 1000 * MS, &wedge_events, NULL);
	tt_wedge_feed(&wedge, '\r', 1000 * MS, &wedge_events, NULL);
	assert_memory_equal(wedge_log, "scan^:xxxx", 10);
	assert_int_equal(strlen(wedge_log), 6 + TT_FRAME_MAX + 1);
	wedge_log[0] = '\0';
	wedge_type("SB00001\r", 2000 * MS, MS);
	assert_string_equal(wedge_log, "scan:SB00001 ");
}

static void typing_before_a_burst_is_kept_apart(void **state)
{
	(void)state;
	wedge_type("x", 1000 * MS, 0);
	wedge_type("SB00001\r", 1100 * MS, MS);
	assert_string_equal(wedge_log, "key:x scan:SB00001 ");
}

#define WEDGE_TEST(name) cmocka_unit_test_setup(name, wedge_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WEDGE_TEST(a_burst_that_ends_in_cr_is_a_scan),
		WEDGE_TEST(pasted_lines_are_scans),
		WEDGE_TEST(typed_letters_come_back_as_keys),
		WEDGE_TEST(a_lone_key_waits_no_longer_than_the_gap),
		WEDGE_TEST(enter_alone_is_a_key_at_once),
		WEDGE_TEST(the_second_half_of_cr_lf_is_no_key),
		WEDGE_TEST(a_burst_without_an_end_is_never_keys),
		WEDGE_TEST(separators_and_letters_beyond_ascii_stay),
		WEDGE_TEST(too_long_a_burst_is_reported_and_cut),
		WEDGE_TEST(typing_before_a_burst_is_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
