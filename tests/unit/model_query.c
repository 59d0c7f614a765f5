/* What a person asks of a list; charts and the figures of the dashboard. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/board.h>
#include <tracetrack/chart.h>
#include <tracetrack/query.h>

struct args {
	char *text, *state, *sort, *after;
	int64_t limit;
};

#define AT(field) offsetof(struct args, field)
static const struct tt_column params[] = {{"text", TT_TEXT, AT(text), NULL, "", 0},
	{"state", TT_TEXT, AT(state), NULL, "", 0}, {"sort", TT_TEXT, AT(sort), NULL, "", 0},
	{"after", TT_TEXT, AT(after), NULL, "", 0}, {"limit", TT_INT, AT(limit), NULL, "", 0},
	{NULL, 0, 0, NULL, NULL, 0}};
static const struct tt_operation list = {
	"bag.list", "", "", params, sizeof(struct args), params, sizeof(struct args), 0, NULL, ""};

static void test_words_and_parameters(void **state)
{
	struct tt_query q = {0};
	struct tt_error err = {0};
	struct args *args;

	(void)state;
	tt_query_filter(&q, " state=open  SB1   gunny bag");
	assert_string_equal(q.words, "SB1 gunny bag");
	args = tt_query_args(&q, &list, "text", "SB100", 50, &err);
	assert_string_equal(args->text, "SB1 gunny bag");
	assert_string_equal(args->state, "open");
	assert_string_equal(args->after, "SB100");
	assert_int_equal(args->limit, 50);
	assert_null(args->sort);
	tt_operation_args_free(&list, args);
	tt_query_filter(&q, "stat=open");
	assert_null(tt_query_args(&q, &list, "text", NULL, 50, &err));
	assert_non_null(strstr(err.hint, "state"));
	tt_query_filter(&q, "limit=x");
	assert_null(tt_query_args(&q, &list, "text", NULL, 50, &err));
	tt_query_filter(&q, "state=");
	args = tt_query_args(&q, &list, NULL, NULL, 50, &err);
	assert_null(args->state);
	tt_operation_args_free(&list, args);
}

static void test_orders_go_round(void **state)
{
	struct tt_query q = {0};

	(void)state;
	tt_query_sort(&q, "newest code area");
	assert_string_equal(q.sort, "code");
	tt_query_sort(&q, "newest code area");
	assert_string_equal(q.sort, "area");
	tt_query_sort(&q, "newest code area");
	assert_string_equal(q.sort, "newest");
	tt_query_sort(&q, "newest code area");
	assert_string_equal(q.sort, "code");
}

static void test_choices_are_parameters(void **state)
{
	struct tt_query q = {0};
	struct tt_error err;
	void *args;

	(void)state;
	tt_query_choose(&q, "text=one text=two");
	assert_string_equal(q.choice, "text=one");
	tt_query_choose(&q, "text=one text=two");
	args = tt_query_args(&q, &list, NULL, NULL, 50, &err);
	assert_non_null(args);
	assert_string_equal(*(char **)tt_operation_arg(&list, args, "text"), "two");
	tt_operation_args_free(&list, args);
	tt_query_filter(&q, "text=typed");
	args = tt_query_args(&q, &list, NULL, NULL, 50, &err);
	assert_non_null(args);
	assert_string_equal(*(char **)tt_operation_arg(&list, args, "text"), "typed");
	tt_operation_args_free(&list, args);
	tt_query_choose(&q, "text=one text=two");
	assert_string_equal(q.choice, "text=one");
	tt_query_choose(&q, "text=one");
	assert_string_equal(q.choice, "text=one");
}

static void test_charts(void **state)
{
	const int64_t values[] = {0, 3, 41}, others[] = {70, 0, 0};
	int row;

	(void)state;
	assert_int_equal(tt_chart_most(values, NULL, 3), 50);
	assert_int_equal(tt_chart_most(values, others, 3), 100);
	assert_int_equal(tt_chart_most(values, NULL, 1), 5);
	assert_int_equal(tt_chart_most((const int64_t[]){INT64_MAX}, NULL, 1) > 0, 1);
	assert_int_equal(tt_chart_eighths(50, 100, 4, 0), 8);
	assert_int_equal(tt_chart_eighths(50, 100, 4, 1), 8);
	assert_int_equal(tt_chart_eighths(50, 100, 4, 2), 0);
	assert_int_equal(tt_chart_eighths(1, 1000000, 4, 0), 1);
	assert_int_equal(tt_chart_eighths(0, 100, 4, 0), 0);
	for (row = 0; row < 4; row++)
		assert_int_equal(tt_chart_eighths(200, 100, 4, row), 8);
	assert_int_equal(tt_chart_row(0, 100, 4), -1);
	assert_int_equal(tt_chart_row(1, 100, 4), 0);
	assert_int_equal(tt_chart_row(100, 100, 4), 3);
}

struct answer {
	char *totals, *today, *minutes, *yesterday, *people, *stations, *refusals;
	int64_t exceptions, hour_last_week;
	tt_time at;
};

#define OF(field) offsetof(struct answer, field)
static const struct tt_column answer_columns[] = {{"totals", TT_JSON, OF(totals), NULL, "", 0},
	{"today", TT_JSON, OF(today), NULL, "", 0}, {"minutes", TT_JSON, OF(minutes), NULL, "", 0},
	{"minutes_yesterday", TT_JSON, OF(yesterday), NULL, "", 0},
	{"people", TT_JSON, OF(people), NULL, "", 0},
	{"stations", TT_JSON, OF(stations), NULL, "", 0},
	{"hour_last_week", TT_INT, OF(hour_last_week), NULL, "", 0},
	{"refusals", TT_JSON, OF(refusals), NULL, "", 0},
	{"exceptions", TT_INT, OF(exceptions), NULL, "", 0}, {"at", TT_TIME, OF(at), NULL, "", 0},
	{NULL, 0, 0, NULL, NULL, 0}};

static const char *tile(const struct tt_board *b, const char *label)
{
	static struct tt_board_tile tiles[TT_BOARD_TILES];
	size_t n = tt_board_tiles(b, tiles), i;

	for (i = 0; i < n; i++) {
		if (strcmp(tiles[i].label, label) == 0)
			return tiles[i].value;
	}
	return "no such tile";
}

static void test_the_board(void **state)
{
	struct answer row = {.totals = "{\"parents_open\": 3, \"parents_complete\": null}",
		.today = "{\"scans\": 1284, \"refused\": 32, \"grams\": 17500}",
		.minutes = "[1, 2, 3]",
		.yesterday = "[4]",
		.people = "[{\"login\": \"as\\u0007ha\", \"scans\": 7, \"last_at\": "
			  "\"2026-11-21T08:00:00Z\"}, 5]",
		.stations = "[{\"station\": \"DOCK-1\", \"silent\": true}]",
		.refusals = "nonsense",
		.exceptions = 2,
		.hour_last_week = 0,
		.at = 1};
	struct tt_board b;
	char text[120];

	(void)state;
	tt_board_init(&b);
	assert_string_equal(tile(&b, "scans today"), "-");
	tt_board_read(&b, answer_columns, &row);
	assert_string_equal(tile(&b, "scans today"), "1,284");
	assert_string_equal(tile(&b, "refused"), "2.5 %");
	assert_string_equal(tile(&b, "weight today"), "17.5 kg");
	assert_string_equal(tile(&b, "parents open"), "3");
	assert_string_equal(tile(&b, "bills open"), "-");
	assert_true(b.parents_complete == TT_NO_INT);
	assert_string_equal(tile(&b, "last hour"), "6");
	assert_string_equal(tile(&b, "exceptions"), "2");
	assert_int_equal(b.npeople, 2);
	assert_string_equal(b.people[0].name, "as\\x07ha");
	assert_true(b.people[0].last_at > 0);
	assert_string_equal(b.people[1].name, "");
	assert_int_equal(b.nrefusals, 0);
	assert_true(b.stations[0].is_silent);
	tt_board_rates(&b, text, sizeof(text));
	assert_string_equal(text, "yesterday 4 (+50 %), a week ago 0");
}

static void test_what_must_be_looked_at(void **state)
{
	struct tt_board b;
	struct tt_pulse p;
	char text[400];

	(void)state;
	tt_board_init(&b);
	tt_pulse_init(&p);
	tt_board_alarm(&b, &p, false, 0, text, sizeof(text));
	assert_string_equal(text, "");
	tt_board_alarm(&b, &p, true, 1, text, sizeof(text));
	assert_string_equal(text, "the database is away: these figures are old; "
				  "1 scan waits here for the database");
	b.exceptions = 1;
	tt_board_alarm(&b, &p, false, 0, text, sizeof(text));
	assert_string_equal(text, "1 exception waits: resolve with :exceptions");
	b.exceptions = 0;
	b.nstations = 3;
	tt_copy(b.stations[1].name, sizeof(b.stations[1].name), "DOCK-2");
	b.stations[1].is_silent = b.stations[2].is_silent = true;
	p.waiting = 1;
	p.longest_wait_ms = 2300;
	tt_board_alarm(&b, &p, false, 2, text, sizeof(text));
	assert_string_equal(text, "2 scans wait here for the database; "
				  "DOCK-2 and 1 more are silent: have they a network?; "
				  "the database is held up for 2.3 s: see :health");
}

static void test_the_database_in_a_line(void **state)
{
	struct tt_pulse p;
	char text[320];

	(void)state;
	tt_pulse_init(&p);
	tt_pulse_text(&p, 0, text, sizeof(text));
	assert_string_equal(text, "");
	tt_pulse_text(&p, 2.25, text, sizeof(text));
	assert_string_equal(text, "answers in 2.2 ms");
	p = (struct tt_pulse){17, 3, 1, 2300, 400, 1500, "select 1"};
	tt_pulse_text(&p, 0, text, sizeof(text));
	assert_string_equal(text, "3 of 17 connections active, 1 waiting for a lock, 2.3 s, "
				  "replica 1.5 s behind, 0.4 s: select 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_and_parameters),
		cmocka_unit_test(test_orders_go_round),
		cmocka_unit_test(test_choices_are_parameters),
		cmocka_unit_test(test_charts),
		cmocka_unit_test(test_the_board),
		cmocka_unit_test(test_what_must_be_looked_at),
		cmocka_unit_test(test_the_database_in_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
