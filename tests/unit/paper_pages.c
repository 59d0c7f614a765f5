/*
 * Bills, labels and reports as a whole: pages, sums, marks, and the same bytes each time. What
 * stands on the pages is read back by the command line tier.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/column.h>
#include <tracetrack/paper_bill.h>
#include <tracetrack/paper_label.h>
#include <tracetrack/paper_report.h>

#define MOST 300
static struct tt_zone *zone;
static struct tt_paper_parent parents[MOST];
static char codes[MOST][16];

static int set_up(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < MOST; i++) {
		tt_format(codes[i], sizeof(codes[i]), "SB%06zu", i + 1);
		parents[i] = (struct tt_paper_parent){.code = codes[i],
			.state = i == 1 ? "short" : "complete",
			.added_by = "anil",
			.children = 30,
			.expected_grams = 30000,
			.actual_grams = 30125,
			.is_typed = i == 1};
		parents[i].is_weighed = i != 1;
	}
	return tt_zone_open(&zone, "Asia/Kolkata", NULL) == TT_OK ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	tt_zone_free(zone);
	return 0;
}

static struct tt_paper_bill a_bill(size_t count)
{
	struct tt_paper_bill bill = {.number = "BILL-000417",
		.state = "completed",
		.destination = "Khari Baoli, Delhi",
		.vehicle = "RJ 14 GB 1234",
		.created_by = "anil",
		.completed_by = "asha",
		.capacity = 100,
		.zone = zone,
		.parents = parents,
		.parent_count = count};

	assert_true(tt_time_parse("2026-11-21T08:30:00Z", &bill.created_at));
	assert_true(tt_time_parse("2026-11-21T18:45:00Z", &bill.completed_at));
	return bill;
}

static void sums_are_those_of_the_rows(void **state)
{
	/* clang-format off */
	static const struct tt_paper_parent few[] = {
		{.code = "A", .children = 30, .expected_grams = 30000, .actual_grams = TT_NO_INT},
		{.code = "B", .children = 7, .expected_grams = 7000, .actual_grams = 7125},
		{.code = "C", .children = TT_NO_INT, .expected_grams = TT_NO_INT,
			.actual_grams = TT_NO_INT},
	};
	/* clang-format on */
	struct tt_paper_bill bill = a_bill(0);
	struct tt_paper_totals totals;

	(void)state;
	tt_paper_bill_totals(&bill, &totals);
	assert_int_equal(totals.parents, 0);
	assert_int_equal(totals.children, 0);
	assert_int_equal(totals.expected_grams, TT_NO_INT);
	bill.parents = few;
	bill.parent_count = 3;
	tt_paper_bill_totals(&bill, &totals);
	assert_int_equal(totals.parents, 3);
	assert_int_equal(totals.children, 37);
	assert_int_equal(totals.expected_grams, 37000);
	assert_int_equal(totals.actual_grams, 7125);
}

static void a_bill_takes_the_pages_that_it_needs(void **state)
{
	static const struct {
		size_t parents;
		unsigned pages;
	} rows[] = {{0, 1}, {1, 1}, {30, 1}, {40, 2}, {100, 3}, {300, 7}};
	struct tt_paper paper = {0};
	struct tt_paper_bill bill;
	struct tt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bill = a_bill(rows[i].parents);
		assert_int_equal(tt_paper_bill(&paper, &bill, &err), TT_OK);
		assert_int_equal(paper.pages, rows[i].pages);
		assert_memory_equal(paper.pdf.data, "%PDF-", 5);
		tt_paper_fini(&paper);
	}
}

static void the_same_bill_gives_the_same_bytes(void **state)
{
	struct tt_paper first = {0}, second = {0};
	struct tt_paper_bill bill = a_bill(100);
	struct tt_error err;

	(void)state;
	bill.destination = "श्री गंगानगर";
	assert_int_equal(tt_paper_bill(&first, &bill, &err), TT_OK);
	assert_int_equal(tt_paper_bill(&second, &bill, &err), TT_OK);
	assert_int_equal(first.pdf.len, second.pdf.len);
	assert_memory_equal(first.pdf.data, second.pdf.data, first.pdf.len);
	assert_null(memmem(first.pdf.data, first.pdf.len, "CreationDate", 12));
	tt_paper_fini(&first);
	tt_paper_fini(&second);
}

static void what_is_not_final_says_so(void **state)
{
	static const struct {
		const char *state, *reason, *mark;
	} rows[] = {
		{"completed", NULL, NULL},
		{"open", NULL, " *** NOT FINAL: this bill is open ***\n"},
		{"reopened", "one too many",
			" *** NOT FINAL: this bill is reopened: one too many ***\n"},
		{"cancelled", "truck \x1b[2J broke", " *** CANCELLED: truck \\x1b[2J broke ***\n"},
		{NULL, NULL, " *** NOT FINAL: this bill is not completed ***\n"},
	};
	struct tt_paper_bill bill = a_bill(2);
	struct tt_buf text = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bill.state = rows[i].state;
		bill.reason = rows[i].reason;
		tt_buf_clear(&text);
		tt_paper_bill_text(&bill, &text);
		if (rows[i].mark)
			assert_memory_equal(text.data, rows[i].mark, strlen(rows[i].mark));
		else
			assert_null(strstr(text.data, "***"));
	}
	tt_buf_fini(&text);
}

static void a_bill_as_text(void **state)
{
	struct tt_paper_bill bill = a_bill(2);
	struct tt_buf text = {0};

	(void)state;
	tt_paper_bill_text(&bill, &text);
	assert_string_equal(text.data,
		" Bill         BILL-000417\n"
		" Destination  Khari Baoli, Delhi\n"
		" Date         22 Nov 2026\n"
		" Vehicle      RJ 14 GB 1234\n"
		" Parents      2 of 100\n"
		" State        completed\n"
		" Created      21 Nov 2026 14:00 by anil\n"
		" Completed    22 Nov 2026 00:15 by asha\n"
		" Times in     Asia/Kolkata\n"
		"\n"
		" No.  Parent          Children  Expected kg  Actual kg  Added by  Note\n"
		" ---  --------------  --------  -----------  ---------  --------  ------------\n"
		"   1  SB000001              30       30.000     30.125  anil      weighed\n"
		"   2  SB000002              30       30.000     30.125  anil      short, typed\n"
		" ---  --------------  --------  -----------  ---------  --------  ------------\n"
		"   2  parents in all        60       60.000     60.250\n");
	tt_buf_fini(&text);
}

/* Noto has every letter; a code point that nobody has assigned becomes a box, and is counted. */
static void letters_that_no_font_has_are_counted(void **state)
{
	struct tt_paper_bill bill = a_bill(1);
	struct tt_paper paper = {0};
	struct tt_error err;

	(void)state;
	bill.destination = "श्री गंगानगर, ਬਠਿੰਡਾ, "
			   "கோயம்புத்தூர், "
			   "ബാലരാമപുരം, نئی دہلی";
	assert_int_equal(tt_paper_bill(&paper, &bill, &err), TT_OK);
	assert_int_equal(paper.boxes, 0);
	tt_paper_fini(&paper);
	bill.destination = "Jaipur \xcd\xb8\xcd\xb8"; /* U+0378 twice */
	assert_int_equal(tt_paper_bill(&paper, &bill, &err), TT_OK);
	assert_int_equal(paper.boxes, 2);
	assert_string_equal(paper.boxed_text, bill.destination);
	tt_paper_fini(&paper);
}

static void joiners_stay_where_a_script_needs_them(void **state)
{
	static const struct {
		const char *text, *clean;
	} rows[] = {
		{"", ""},
		{"क्\u200dष", "क्\u200dष"},
		{"ക്\u200cഷ", "ക്\u200cഷ"},
		{"A\u200dB", "A\\u{200d}B"},
		{"\u200d", "\\u{200d}"},
		{"क\u200d\u200d", "क\u200d\\u{200d}"},
		{"क\u202e", "क\\u{202e}"},
		{"\x1b[0m\xff", "\\x1b[0m\\xff"},
	};
	struct tt_buf out = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_buf_clear(&out);
		tt_paper_clean(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].clean);
	}
	tt_buf_fini(&out);
}

static void labels_fill_their_sheets(void **state)
{
	const struct tt_label_size *size;
	struct tt_label labels[MOST];
	struct tt_paper paper = {0};
	struct tt_error err;
	size_t i, each;

	(void)state;
	for (i = 0; i < MOST; i++)
		labels[i] = (struct tt_label){codes[i], "mustard"};
	labels[7].code = "M444-00017-AND-A-VERY-LONG-CODE";
	labels[7].what = NULL;
	for (size = tt_label_sizes; size->name; size++) {
		assert_int_equal(tt_paper_labels(&paper, size, labels, 131, &err), TT_OK);
		each = (size_t)size->columns * size->rows;
		assert_int_equal(paper.pages, (131 + each - 1) / each);
		tt_paper_fini(&paper);
		/* What is on the sheet ends on it. */
		assert_true(size->left + size->pitch_x * (size->columns - 1) + size->width <=
			    size->page_width + 0.01);
		assert_true(size->top + size->pitch_y * (size->rows - 1) + size->height <=
			    size->page_height + 0.01);
	}
}

static void label_sizes_have_names(void **state)
{
	const struct tt_label_size *size;
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_label_size_find(&size, "50x25", &err), TT_OK);
	assert_true(size->width == 50 && size->height == 25);
	assert_int_equal(tt_label_size_find(&size, "49x25", &err), TT_USAGE);
	assert_non_null(strstr(err.hint, "100x50, 100x150, 50x25, a4-24"));
}

static const struct tt_grid_column columns[] = {{"Person", 3, false}, {"Bills", 1, true}};

static void a_report_goes_on_and_keeps_its_headings(void **state)
{
	struct tt_grid grids[2] = {{.title = "By person", .columns = columns, .column_count = 2},
		{.title = "By area", .columns = columns, .column_count = 2, .has_total = true}};
	const struct tt_paper_report report = {"End of day", "21 Nov 2026", grids, 2};
	struct tt_paper paper = {0}, again = {0};
	struct tt_buf text = {0};
	struct tt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < 60; i++) {
		tt_grid_add(&grids[0], "asha");
		tt_grid_number(&grids[0], (int64_t)i);
	}
	tt_grid_add(&grids[1], "Jaipur");
	tt_grid_number(&grids[1], 3);
	tt_grid_add(&grids[1], "all");
	tt_grid_number(&grids[1], 3);
	assert_int_equal(tt_paper_report(&paper, &report, &err), TT_OK);
	assert_int_equal(paper.pages, 2);
	assert_int_equal(tt_paper_report(&again, &report, &err), TT_OK);
	assert_int_equal(paper.pdf.len, again.pdf.len);
	assert_memory_equal(paper.pdf.data, again.pdf.data, paper.pdf.len);
	tt_paper_report_text(&report, &text);
	assert_ptr_equal(strstr(text.data, " End of day\n 21 Nov 2026\n\n By person\n"
					   " Person  Bills\n ------  -----\n asha        0\n"),
		text.data);
	assert_non_null(strstr(text.data, "\n\n By area\n Person  Bills\n ------  -----\n"
					  " Jaipur      3\n ------  -----\n all         3\n"));
	tt_buf_fini(&text);
	tt_paper_fini(&paper);
	tt_paper_fini(&again);
	tt_grid_fini(&grids[0]);
	tt_grid_fini(&grids[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_those_of_the_rows),
		cmocka_unit_test(a_bill_takes_the_pages_that_it_needs),
		cmocka_unit_test(the_same_bill_gives_the_same_bytes),
		cmocka_unit_test(what_is_not_final_says_so),
		cmocka_unit_test(a_bill_as_text),
		cmocka_unit_test(letters_that_no_font_has_are_counted),
		cmocka_unit_test(joiners_stay_where_a_script_needs_them),
		cmocka_unit_test(labels_fill_their_sheets),
		cmocka_unit_test(label_sizes_have_names),
		cmocka_unit_test(a_report_goes_on_and_keeps_its_headings),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
