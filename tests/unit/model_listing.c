/* Lists page by page, what is kept of them, arranging what is all here, and tables in a width. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/listing.h>
#include <tracetrack/table.h>

struct bag {
	char *code, *area;
	int64_t children, grams, double_read_ms;
	tt_time at;
};

static const struct tt_column columns[] = {
	{"outcome", TT_TEXT, 0, NULL, "", 0},
	{"code", TT_TEXT, offsetof(struct bag, code), NULL, "", 0},
	{"area", TT_TEXT, offsetof(struct bag, area), NULL, "", 0},
	{"children", TT_INT, offsetof(struct bag, children), NULL, "", 0},
	{"grams", TT_GRAMS, offsetof(struct bag, grams), "g", "", 0},
	{"double_read_ms", TT_INT, offsetof(struct bag, double_read_ms), "ms", "", TT_WIDE},
	{"at", TT_TIME, offsetof(struct bag, at), NULL, "", TT_WIDE},
	{NULL, 0, 0, NULL, NULL, 0},
};

static const struct tt_column params[] = {{"after", TT_TEXT, 0, NULL, "", 0},
	{"limit", TT_INT, 8, NULL, "", 0}, {NULL, 0, 0, NULL, NULL, 0}};

static const struct tt_operation paged = {"bag.list", "", "", params, 16, columns + 1,
	sizeof(struct bag), TT_OP_READ | TT_OP_LIST, NULL, ""};
static const struct tt_operation whole = {"bag.all", "", "", NULL, 0, columns + 1,
	sizeof(struct bag), TT_OP_READ | TT_OP_LIST, NULL, ""};

/* A database of `total` bags, read as the view does; shift: bags before the first that were added
 * since. */
static void read_page(struct tt_listing *l, size_t page, size_t total, size_t shift, size_t near)
{
	struct tt_rows rows = {.cols = l->op->result, .size = l->op->result_size};
	const char *after = tt_listing_start(l, page);
	size_t from = after ? (size_t)atol(after + 1) + 1 : 0, i;
	struct bag *bag;
	char code[24];

	if (after)
		from -= 100000 - shift;
	for (i = from; i < total + shift && i < from + TT_LISTING_PAGE; i++) {
		bag = tt_rows_add(&rows);
		snprintf(code, sizeof(code), "B%06zu", i + 100000 - shift);
		bag->code = tt_strdup(code);
		bag->area = tt_strdup(i % 2 ? "jaipur" : "hisar");
		bag->children = (int64_t)(i % 31);
	}
	tt_listing_take(l, page, &rows, near);
}

static void follow(struct tt_listing *l, size_t total, size_t top, size_t height)
{
	size_t page, tries = 0;

	while (tt_listing_wants(l, top, height, &page)) {
		read_page(l, page, total, 0, top);
		assert_true(++tries < 10000);
	}
}

static const char *code_at(const struct tt_listing *l, size_t i)
{
	const struct bag *bag = tt_listing_row(l, i);

	return bag ? bag->code : NULL;
}

static void test_any_depth_keeps_few_pages(void **state)
{
	struct tt_listing l;
	size_t top;

	(void)state;
	tt_listing_init(&l, &paged, "code", NULL);
	for (top = 0; top < 5000; top += 20)
		follow(&l, 5050, top, 40);
	assert_int_equal(l.npages, TT_LISTING_PAGES);
	assert_string_equal(code_at(&l, 4999), "B104999");
	assert_null(code_at(&l, 0));
	for (; top > 0; top -= 20)
		follow(&l, 5050, top, 40);
	follow(&l, 5050, 0, 40);
	assert_string_equal(code_at(&l, 0), "B100000");
	assert_int_equal(l.npages, TT_LISTING_PAGES);
	tt_listing_fini(&l);
}

static void test_the_end_is_known(void **state)
{
	struct tt_listing l;
	size_t page;

	(void)state;
	tt_listing_init(&l, &paged, "code", NULL);
	follow(&l, 200, 0, 20);
	assert_false(l.is_all);
	assert_int_equal(tt_listing_count(&l), 100);
	follow(&l, 200, 190, 20);
	assert_true(l.is_all);
	assert_int_equal(tt_listing_count(&l), 200);
	assert_false(tt_listing_wants(&l, 195, 20, &page));
	tt_listing_clear(&l);
	follow(&l, 0, 0, 20);
	assert_true(l.is_all);
	assert_int_equal(tt_listing_count(&l), 0);
	tt_listing_fini(&l);
}

/* Rows come in before: the page is read again, and those after it follow from where it ends now. */
static void test_a_list_that_grows_is_read_on(void **state)
{
	struct tt_listing l;
	size_t i, top, seen = 0;
	char code[24];

	(void)state;
	tt_listing_init(&l, &paged, "code", NULL);
	for (top = 0; top < 250; top += 50)
		follow(&l, 250, top, 30);
	read_page(&l, 0, 250, 7, 0);
	assert_string_equal(code_at(&l, 0), "B099993");
	while (tt_listing_wants(&l, seen, 300, &i)) {
		read_page(&l, i, 250, 7, seen);
		seen = i * TT_LISTING_PAGE;
	}
	for (i = 0; i < 257; i++) {
		snprintf(code, sizeof(code), "B%06zu", 99993 + i);
		assert_string_equal(code_at(&l, i), code);
	}
	assert_int_equal(tt_listing_count(&l), 257);
	tt_listing_fini(&l);
}

static void test_what_is_here_is_arranged(void **state)
{
	struct tt_listing l;
	size_t page, at;

	(void)state;
	tt_listing_init(&l, &paged, "code", NULL);
	follow(&l, 150, 0, 20);
	assert_false(tt_listing_arrange(&l, "jaipur", NULL, false));
	while (tt_listing_wants_whole(&l, &page))
		read_page(&l, page, 150, 0, 0);
	assert_true(tt_listing_arrange(&l, "jaipur", NULL, false));
	assert_int_equal(tt_listing_count(&l), 75);
	assert_string_equal(code_at(&l, 0), "B100001");
	assert_true(tt_listing_arrange(&l, "", columns + 3, true));
	assert_int_equal(((const struct bag *)tt_listing_row(&l, 0))->children, 30);
	assert_int_equal(((const struct bag *)tt_listing_row(&l, 149))->children, 0);
	assert_true(tt_listing_find(&l, "b100030", &at));
	assert_string_equal(code_at(&l, at), "B100030");
	assert_false(tt_listing_find(&l, "B1", &at));
	assert_true(tt_listing_arrange(&l, "nowhere", NULL, false));
	assert_int_equal(tt_listing_count(&l), 0);
	assert_null(tt_listing_row(&l, 0));
	tt_listing_fini(&l);
}

static void test_lists_without_pages(void **state)
{
	struct tt_listing l;
	size_t page;

	(void)state;
	tt_listing_init(&l, &whole, NULL, NULL);
	assert_true(tt_listing_wants(&l, 0, 20, &page));
	read_page(&l, page, 100, 0, 0);
	assert_true(tt_listing_is_whole(&l));
	assert_false(tt_listing_wants(&l, 90, 40, &page));
	tt_listing_fini(&l);
}

static void test_marks_stay_with_their_rows(void **state)
{
	struct tt_listing l;

	(void)state;
	tt_listing_init(&l, &paged, "code", NULL);
	follow(&l, 50, 0, 20);
	assert_true(tt_listing_mark(&l, tt_listing_row(&l, 3)));
	assert_true(tt_listing_mark(&l, tt_listing_row(&l, 5)));
	tt_listing_clear(&l);
	follow(&l, 50, 0, 20);
	assert_true(tt_listing_is_marked(&l, tt_listing_row(&l, 3)));
	assert_true(tt_listing_mark(&l, tt_listing_row(&l, 3)));
	assert_false(tt_listing_is_marked(&l, tt_listing_row(&l, 3)));
	assert_int_equal(l.nmarks, 1);
	tt_listing_fini(&l);
}

static void test_tables_fit(void **state)
{
	struct bag bag = {"SB10234", "sri_ganganagar", 17, 17000, 200, TT_NO_TIME};
	struct tt_table t;
	char text[64];
	int width;

	(void)state;
	tt_table_init(&t, columns, "outcome");
	assert_int_equal(t.count, 6);
	tt_table_measure(&t, &bag, 0);
	tt_table_fit(&t, 200);
	assert_int_equal(t.width[0], 7);
	assert_int_equal(t.width[1], 14);
	assert_int_equal(t.width[5], 2);
	tt_table_fit(&t, 45);
	assert_int_equal(t.width[3], 7);
	assert_int_equal(t.width[4], 0);
	assert_int_equal(t.width[5], 0);
	tt_table_fit(&t, 24);
	assert_int_equal(t.width[1], 14);
	assert_int_equal(t.width[2], 0);
	for (width = 1; width < 60; width++) {
		tt_table_fit(&t, width);
		assert_in_range(t.width[0], 1, width);
	}
	bag.area = "a name that is longer than any column is when there is no room for more";
	tt_table_measure(&t, &bag, 0);
	tt_table_fit(&t, 68);
	assert_int_equal(t.width[1], 40);
	tt_table_fit(&t, 200);
	assert_int_equal(t.width[1], strlen(bag.area));
	tt_table_title(columns + 5, text, sizeof(text));
	assert_string_equal(text, "double read ms");
	tt_table_title(columns + 4, text, sizeof(text));
	assert_string_equal(text, "weight");
	tt_table_cell(columns + 4, &bag, 0, text, sizeof(text));
	assert_string_equal(text, "17.0 kg");
}

/* A list of exceptions at 80 columns must tell which code, not by which id. */
static void test_tables_have_no_ids(void **state)
{
	static const struct tt_column cols[] = {{"scan", TT_ID, 0, NULL, "", 0},
		{"code", TT_TEXT, sizeof(struct tt_uuid), NULL, "", 0},
		{NULL, 0, 0, NULL, NULL, 0}};
	struct tt_table t;

	(void)state;
	tt_table_init(&t, cols, NULL);
	assert_int_equal(t.count, 1);
	assert_string_equal(t.cols[0]->name, "code");
}

static void test_times(void **state)
{
	tt_time now;
	char text[32];

	(void)state;
	setenv("TZ", "UTC", 1);
	assert_true(tt_time_parse("2026-11-21T14:22:07Z", &now));
	tt_table_time(text, sizeof(text), now - 3600 * INT64_C(1000000), now);
	assert_string_equal(text, "13:22:07");
	tt_table_time(text, sizeof(text), now - 86400 * INT64_C(1000000), now);
	assert_string_equal(text, "20 Nov 14:22");
	tt_table_time(text, sizeof(text), now - 365 * 86400 * INT64_C(1000000), now);
	assert_string_equal(text, "21 Nov 2025");
	tt_table_time(text, sizeof(text), TT_NO_TIME, now);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_depth_keeps_few_pages),
		cmocka_unit_test(test_the_end_is_known),
		cmocka_unit_test(test_a_list_that_grows_is_read_on),
		cmocka_unit_test(test_what_is_here_is_arranged),
		cmocka_unit_test(test_lists_without_pages),
		cmocka_unit_test(test_marks_stay_with_their_rows),
		cmocka_unit_test(test_tables_fit),
		cmocka_unit_test(test_tables_have_no_ids),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
