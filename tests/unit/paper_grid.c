/*
 * Tables: where they break on paper, how they look as text; times in the business zone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <locale.h>
#include <string.h>

#include <tracetrack/column.h>
#include <tracetrack/grid.h>
#include <tracetrack/zone.h>

static void every_row_is_on_a_page_and_the_tail_has_company(void **state)
{
	size_t rows, room, tail, left, here, pages;

	(void)state;
	for (tail = 0; tail < 6; tail++) {
		for (room = tail + 2; room < 12; room++) {
			for (rows = 0; rows < 300; rows++) {
				here = 0;
				pages = 0;
				for (left = rows; left > 0; left -= here) {
					here = tt_grid_break(left, room, tail);
					assert_in_range(here, 1, room);
					pages++;
				}
				if (rows > 0)
					assert_true(here + tail <= room);
				if (rows >= 2)
					assert_true(here >= 2);
				/* Not more pages than it takes: a page each for two short ones. */
				assert_true(pages <= rows / room + 2);
			}
		}
	}
}

static void breaks_are_where_they_should_be(void **state)
{
	static const struct {
		size_t left, room, tail, here;
	} rows[] = {
		{0, 40, 4, 0},
		{1, 40, 4, 1},
		{36, 40, 4, 36}, /* with its tail */
		{37, 40, 4, 35}, /* two go with the tail */
		{40, 40, 4, 38},
		{41, 40, 4, 39},
		{42, 40, 4, 40},
		{100, 40, 4, 40},
		{40, 40, 0, 40},
		{41, 40, 0, 39},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(
			tt_grid_break(rows[i].left, rows[i].room, rows[i].tail), rows[i].here);
}

static const struct tt_grid_column columns[] = {
	{"Name", 1, false}, {"Bags", 1, true}, {"kg", 1, true}, {"Note", 1, false}};

static void text_is_aligned_and_harmless(void **state)
{
	struct tt_grid grid = {.columns = columns, .column_count = 4, .has_total = true};
	struct tt_buf out = {0};

	(void)state;
	setlocale(LC_CTYPE, "C.UTF-8");
	tt_grid_add(&grid, "asha");
	tt_grid_number(&grid, 7);
	tt_grid_kg(&grid, 30250);
	tt_grid_add(&grid, NULL);
	tt_grid_add(&grid, "\x1b[31mजय");
	tt_grid_number(&grid, TT_NO_INT);
	tt_grid_kg(&grid, TT_NO_INT);
	tt_grid_add(&grid, "late");
	tt_grid_add(&grid, "");
	tt_grid_number(&grid, 1007);
	tt_grid_kg(&grid, 5);
	tt_grid_add(&grid, "");
	assert_int_equal(tt_grid_rows(&grid), 3);
	assert_string_equal(tt_grid_cell(&grid, 1, 3), "late");
	tt_grid_text(&grid, &out);
	assert_string_equal(out.data, " Name        Bags      kg  Note\n"
				      " ----------  ----  ------  ----\n"
				      " asha           7  30.250\n"
				      " \\x1b[31mजय                late\n"
				      " ----------  ----  ------  ----\n"
				      "             1007   0.005\n");
	tt_buf_fini(&out);
	tt_grid_fini(&grid);
}

static void weights_are_exact(void **state)
{
	static const struct {
		int64_t grams;
		const char *text;
	} rows[] = {{0, "0.000"}, {1, "0.001"}, {999, "0.999"}, {1000, "1.000"}, {-1, "-0.001"},
		{-12500, "-12.500"}, {9007199254740993, "9007199254740.993"}};
	struct tt_grid grid = {.columns = columns, .column_count = 1};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_grid_kg(&grid, rows[i].grams);
		assert_string_equal(tt_grid_cell(&grid, i, 0), rows[i].text);
	}
	tt_grid_fini(&grid);
}

static void times_are_those_of_the_zone(void **state)
{
	static const struct {
		const char *zone, *utc, *time, *date;
	} rows[] = {
		{"Asia/Kolkata", "2026-11-21T18:29:59Z", "21 Nov 2026 23:59", "21 Nov 2026"},
		{"Asia/Kolkata", "2026-11-21T18:30:00Z", "22 Nov 2026 00:00", "22 Nov 2026"},
		{"Asia/Kolkata", "2027-12-31T23:00:00Z", "1 Jan 2028 04:30", "1 Jan 2028"},
		{"Asia/Kolkata", "1969-12-31T18:29:59.5Z", "31 Dec 1969 23:59", "31 Dec 1969"},
		{"UTC", "2026-11-21T18:30:00Z", "21 Nov 2026 18:30", "21 Nov 2026"},
		{"Europe/Berlin", "2026-07-01T10:00:00Z", "1 Jul 2026 12:00", "1 Jul 2026"},
		{"Europe/Berlin", "2026-01-01T10:00:00Z", "1 Jan 2026 11:00", "1 Jan 2026"},
	};
	char text[TT_ZONE_TIME];
	struct tt_zone *zone;
	tt_time t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_int_equal(tt_zone_open(&zone, rows[i].zone, NULL), TT_OK);
		assert_string_equal(tt_zone_name(zone), rows[i].zone);
		assert_true(tt_time_parse(rows[i].utc, &t));
		tt_zone_time(text, zone, t);
		assert_string_equal(text, rows[i].time);
		tt_zone_date(text, zone, t);
		assert_string_equal(text, rows[i].date);
		tt_zone_time(text, zone, TT_NO_TIME);
		assert_string_equal(text, "");
		tt_zone_free(zone);
	}
	tt_zone_free(NULL);
}

static void a_zone_that_nobody_knows_is_refused(void **state)
{
	static const char *const names[] = {"", "Asia/Kolkatta", "../../etc/passwd"};
	struct tt_error err;
	struct tt_zone *zone;
	size_t i;

	(void)state;
	assert_int_equal(tt_zone_open(&zone, NULL, &err), TT_CONFIG);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(tt_zone_open(&zone, names[i], &err), TT_CONFIG);
		assert_null(zone);
		assert_non_null(strstr(err.message, names[i]));
		assert_non_null(strstr(err.hint, "tzdata"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_on_a_page_and_the_tail_has_company),
		cmocka_unit_test(breaks_are_where_they_should_be),
		cmocka_unit_test(text_is_aligned_and_harmless),
		cmocka_unit_test(weights_are_exact),
		cmocka_unit_test(times_are_those_of_the_zone),
		cmocka_unit_test(a_zone_that_nobody_knows_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
