/*
 * Time as text and back, and identifiers that sort by it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tracetrack/clock.h>

static void identifiers_are_of_version_7(void **state)
{
	tt_time before = tt_now() / 1000, after;
	struct tt_uuid u = tt_uuid_v7();
	tt_time ms = 0;

	(void)state;
	after = tt_now() / 1000;
	for (int i = 0; i < 6; i++)
		ms = ms << 8 | u.b[i];
	assert_true(ms >= before && ms <= after);
	assert_int_equal(u.b[6] >> 4, 7);
	assert_int_equal(u.b[8] >> 6, 2);
}

static void identifiers_differ_in_all_their_random_bits(void **state)
{
	uint8_t all_or[16] = {0}, all_and[16];
	struct tt_uuid u;

	(void)state;
	memset(all_and, 0xff, sizeof(all_and));
	for (int n = 0; n < 200; n++) {
		u = tt_uuid_v7();
		for (int i = 0; i < 16; i++) {
			all_or[i] |= u.b[i];
			all_and[i] &= u.b[i];
		}
	}
	assert_int_equal(all_or[6] & ~all_and[6], 0x0f);
	assert_int_equal(all_or[8] & ~all_and[8], 0x3f);
	for (int i = 9; i < 16; i++)
		assert_int_equal(all_or[i] & ~all_and[i], 0xff);
	assert_int_equal(all_or[7] & ~all_and[7], 0xff);
}

static void identifiers_sort_by_the_millisecond(void **state)
{
	struct tt_uuid first = tt_uuid_v7(), second;
	tt_time ms = tt_now() / 1000;

	(void)state;
	while (tt_now() / 1000 <= ms)
		;
	second = tt_uuid_v7();
	assert_true(memcmp(first.b, second.b, 16) < 0);
}

static void identifiers_go_to_text_and_back(void **state)
{
	static const char *const bad[] = {"", "01938f6e-0000-7000-8000-00000000000",
		"01938f6e-0000-7000-8000-0000000000000", "01938f6e00007000800000000000000000000",
		"01938f6e-0000-7000-8000-00000000000g", "01938f6e-0000-7000-80000-00000000000",
		"-1938f6e-0000-7000-8000-000000000000", "{1938f6e-0000-7000-8000-00000000000}"};
	struct tt_uuid u = tt_uuid_v7(), back;
	char text[37];

	(void)state;
	tt_uuid_format(text, &u);
	assert_int_equal(strlen(text), 36);
	assert_true(tt_uuid_parse(text, &back));
	assert_true(tt_uuid_is_equal(&u, &back));
	assert_true(tt_uuid_parse("01938F6E-0000-7ABC-8000-0000000000ff", &back));
	assert_int_equal(back.b[15], 0xff);
	assert_false(tt_uuid_is_nil(&back));
	assert_true(tt_uuid_parse("00000000-0000-0000-0000-000000000000", &back));
	assert_true(tt_uuid_is_nil(&back));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(tt_uuid_parse(bad[i], &back));
}

static void times_are_read(void **state)
{
	static const struct {
		const char *text;
		tt_time t;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"1970-01-01 00:00:01.5+00", 1500000},
		{"2026-11-21T08:00:00.000001Z", 1795248000000001},
		{"2026-11-21 13:30:00+05:30", 1795248000000000},
		{"2026-11-21 03:00:00.123456-05", 1795248000123456},
		{"2026-11-21T08:00:00", 1795248000000000},
		{"2024-02-29T00:00:00Z", 1709164800000000},
		{"1969-12-31T23:59:59.999999Z", -1},
		{"2026-11-21T08:00:00.1234567Z", 1795248000123456},
	};
	tt_time t;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_true(tt_time_parse(rows[i].text, &t));
		assert_int_equal(t, rows[i].t);
	}
}

static void what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = {"", "now", "infinity", "2026-11-21", "2026-11-21T08:00",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-32T00:00:00Z",
		"2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01x00:00:00Z",
		"2026-01-01T00:00:00X", "2026-01-01T00:00:00Zulu", "2026-01-01T00:00:00+",
		"2026-01-01T00:00:00+05junk", "2026-01-01T00:00:00+05:30junk",
		"2026-01-01T00:00:00+5:-3", "2026-01-01T00:00:00+-5", "2026-01-01T00:00:00+16",
		"2026-01-01T00:00:00+05:60", "2026-+1-01T00:00:00Z", "2026- 1-01T00:00:00Z",
		" 2026-01-01T00:00:00Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00 BC"};
	tt_time t;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (tt_time_parse(bad[i], &t))
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void times_go_to_text_and_back(void **state)
{
	static const tt_time rows[] = {0, 1, -1, 999999, -1000001, 1795248000123456,
		951782400000000, -62135596800000000, 253402300799999999};
	char text[28];
	tt_time back;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_time_format(text, sizeof(text), rows[i]);
		assert_int_equal(strlen(text), 27);
		assert_true(tt_time_parse(text, &back));
		assert_int_equal(back, rows[i]);
	}
	tt_time_format(text, sizeof(text), TT_NO_TIME);
	assert_string_equal(text, "");
	tt_time_format(text, sizeof(text), 253402300800000000);
	assert_string_equal(text, "");
	tt_time_format(text, 11, 0);
	assert_string_equal(text, "1970-01-01");
}

static void time_of_day_is_local(void **state)
{
	char text[16];

	(void)state;
	setenv("TZ", "IST-5:30", 1);
	tzset();
	tt_time_of_day(text, sizeof(text), 1795248000999999);
	assert_string_equal(text, "13:30:00");
	tt_time_of_day(text, sizeof(text), TT_NO_TIME);
	assert_string_equal(text, "");
	setenv("TZ", "UTC", 1);
	tzset();
}

static void the_steady_clock_goes_forward(void **state)
{
	uint64_t last = tt_steady_ns(), now;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		now = tt_steady_ns();
		assert_true(now >= last);
		last = now;
	}
}

static void random_numbers_reach_all_values(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		uint32_t n = tt_random_below(5);

		assert_true(n < 5);
		seen |= 1u << n;
	}
	assert_int_equal(seen, 31);
	assert_int_equal(tt_random_below(1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(identifiers_are_of_version_7),
		cmocka_unit_test(identifiers_differ_in_all_their_random_bits),
		cmocka_unit_test(identifiers_sort_by_the_millisecond),
		cmocka_unit_test(identifiers_go_to_text_and_back),
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(times_go_to_text_and_back),
		cmocka_unit_test(time_of_day_is_local),
		cmocka_unit_test(the_steady_clock_goes_forward),
		cmocka_unit_test(random_numbers_reach_all_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
