/*
 * GS1 element strings: rows of text and what must come of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/column.h>
#include <tracetrack/gs1.h>

#define GS "\x1d"

/* "id=value id=value ..." of a parsed text, or "error: MESSAGE". */
static const char *gs1_shown(const char *text)
{
	static char shown[2048];
	struct tt_gs1_message msg;
	struct tt_error err;
	size_t n = 0;

	shown[0] = '\0';
	if (tt_gs1_parse(text, strlen(text), &msg, &err)) {
		snprintf(shown, sizeof(shown), "error: %s", err.message);
		return shown;
	}
	for (size_t i = 0; i < msg.count; i++)
		n += (size_t)snprintf(shown + n, sizeof(shown) - n, "%s%s=%.*s", i ? " " : "",
			msg.element[i].id, (int)msg.element[i].len, msg.element[i].value);
	return shown;
}

static void check_digits_of_known_numbers(void **state)
{
	static const struct {
		const char *digits;
		char check;
	} rows[] = {
		{"10614141123456789", '7'},
		{"34012345612345678", '6'},
		{"00614141999999999", '4'},
		{"629104150021", '3'}, /* GTIN-13 of the General Specifications' example */
		{"0950600013435", '2'},
		{"", '0'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
			tt_gs1_check_digit(rows[i].digits, strlen(rows[i].digits)), rows[i].check);
	assert_int_equal(tt_gs1_check_digit("12a4", 4), '\0');
}

static void reads_element_strings(void **state)
{
	static const char *const rows[][2] = {
		{"00106141411234567897", "00=106141411234567897"},
		{GS "00106141411234567897" GS, "00=106141411234567897"},
		{"01095060001343522112A" GS "10LOT1", "01=09506000134352 21=12A 10=LOT1"},
		{"0109506000134352" GS "2112A", "01=09506000134352 21=12A"},
		{"3103001250"
		 "21X9",
			"3103=001250 21=X9"},
		{"21X9" GS "3103001250", "21=X9 3103=001250"},
		{"10LOT1" GS "17260200", "10=LOT1 17=260200"},
		{"4101234567890128", "410=1234567890128"},
		{"8003"
		 "01234567890128"
		 "AB1",
			"8003=01234567890128AB1"},
		{"7007261101261130", "7007=261101261130"},
		{"91anything%&" GS "2112", "91=anything%& 21=12"},
		{"2112" GS "2112", "21=12"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(gs1_shown(rows[i][0]), rows[i][1]);
}

static void names_what_is_wrong_and_where(void **state)
{
	static const char *const rows[][2] = {
		{"00106141411234567895",
			"error: GS1 data: (00) at byte 0 ends in check digit 5, expected 7"},
		{"3103001250"
		 "00106141411234567890",
			"error: GS1 data: (00) at byte 10 ends in check digit 0, expected 7"},
		{GS "0010614141123456",
			"error: GS1 data: (00) at byte 1 has 14 characters, not 18"},
		{"0010614141123456A897", "error: GS1 data: (00) at byte 0 has \"A\" as character "
					 "15, which it can't have"},
		{"21", "error: GS1 data: (21) at byte 0 has 0 characters, not 1 to 20"},
		{"21123456789012345678901",
			"error: GS1 data: (21) at byte 0 has 21 characters, not 1 to 20"},
		{"17261301", "error: GS1 data: (17) at byte 0 is not a date"},
		{"17260230", "error: GS1 data: (17) at byte 0 is not a date"},
		{"4326260200", "error: GS1 data: (4326) at byte 0 is not a date or time"},
		{"7003261101"
		 "2560",
			"error: GS1 data: (7003) at byte 0 is not a date or time"},
		{"3106001250", "error: GS1 data: (3106) at byte 0 has no such decimals"},
		{"2112" GS "2113", "error: GS1 data: (21) at byte 5 comes twice, with other data"},
		{"0512345", "error: GS1 data: no identifier is known at byte 0 (\"0512\")"},
		{"2112" GS GS "10A",
			"error: GS1 data: no identifier is known at byte 5 (\"\\x1d10A\")"},
		{GS GS "2112", "error: GS1 data: no identifier is known at byte 1 (\"\\x1d211\")"},
		{"", "error: GS1 data: there are none"},
		{GS, "error: GS1 data: there are none"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(gs1_shown(rows[i][0]), rows[i][1]);
}

static void leap_days_are_days(void **state)
{
	(void)state;
	assert_string_equal(gs1_shown("11240229"), "11=240229");
	assert_memory_equal(gs1_shown("11250229"), "error", 5);
}

static void net_weight_is_exact_grams(void **state)
{
	static const struct {
		const char *text;
		int64_t grams;
	} rows[] = {
		{"3103001250", 1250},
		{"3100000025", 25000},
		{"3105123456", 1235},
		{"3105123444", 1234},
		{"3100999999", 999999000},
		{"3300001250", TT_NO_INT},
		{"2112", TT_NO_INT},
	};
	struct tt_gs1_message msg;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
			tt_gs1_parse(rows[i].text, strlen(rows[i].text), &msg, NULL), TT_OK);
		assert_true(tt_gs1_net_grams(&msg) == rows[i].grams);
	}
}

static void too_many_elements_are_refused(void **state)
{
	char text[512] = "";
	struct tt_gs1_message msg;
	size_t n = 0;

	(void)state;
	for (int decimals = 0; decimals < 6; decimals++)
		for (int what = 330; what < 338; what++)
			n += (size_t)sprintf(text + n, "%d%d000001", what, decimals);
	assert_int_equal(tt_gs1_parse(text, n, &msg, NULL), TT_DATA);
}

/* A row that can't match, or a family that hides another, is a mistake in the table. */
static void rows_are_reachable(void **state)
{
	(void)state;
	for (const struct tt_gs1_ai *ai = tt_gs1_table; ai->prefix; ai++) {
		size_t n = strlen(ai->prefix);

		assert_true(n >= 2 && n <= ai->id_len && ai->id_len <= 4);
		assert_true(ai->id_len - n <= 1);
		assert_true(ai->min <= ai->max && ai->head + ai->max > 0);
		for (const struct tt_gs1_ai *b = tt_gs1_table; b < ai; b++)
			assert_int_not_equal(strncmp(ai->prefix, b->prefix, strlen(b->prefix)), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_digits_of_known_numbers),
		cmocka_unit_test(reads_element_strings),
		cmocka_unit_test(names_what_is_wrong_and_where),
		cmocka_unit_test(leap_days_are_days),
		cmocka_unit_test(net_weight_is_exact_grams),
		cmocka_unit_test(too_many_elements_are_refused),
		cmocka_unit_test(rows_are_reachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
