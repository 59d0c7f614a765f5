/*
 * Columns of every type: read, bound, printed for people and for pipes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>

struct thing {
	char *text, *json, *secret;
	int64_t number, grams, flag;
	tt_time at;
	struct tt_uuid id;
};

#define AT(field) offsetof(struct thing, field)
static const struct tt_column columns[] = {
	{"text", TT_TEXT, AT(text), NULL, "", TT_REQUIRED},
	{"number", TT_INT, AT(number), NULL, "", 0},
	{"grams", TT_GRAMS, AT(grams), "g", "", 0},
	{"flag", TT_BOOL, AT(flag), NULL, "", 0},
	{"at", TT_TIME, AT(at), NULL, "", 0},
	{"id", TT_ID, AT(id), NULL, "", 0},
	{"json", TT_JSON, AT(json), NULL, "", 0},
	{"secret", TT_SECRET, AT(secret), NULL, "", 0},
	{NULL, 0, 0, NULL, NULL, 0},
};

/* What is read; as PostgreSQL gets it; for pipes; for people. */
static const struct {
	const char *column, *read, *bound, *piped, *human;
} good[] = {
	{"text", "SB00001", "SB00001", "SB00001", "SB00001"},
	{"text", "", "", "", ""},
	{"text", "a\x1b[31m", "a\x1b[31m", "a\\x1b[31m", "a\\x1b[31m"},
	{"text", "\xe0\xa4\xb9", "\xe0\xa4\xb9", "\xe0\xa4\xb9", "\xe0\xa4\xb9"},
	{"number", "0", "0", "0", "0"},
	{"number", "-7", "-7", "-7", "-7"},
	{"number", "9223372036854775807", "9223372036854775807", "9223372036854775807",
		"9223372036854775807"},
	{"grams", "1250", "1250", "1250", "1.250 kg"},
	{"grams", "1250 g", "1250", "1250", "1.250 kg"},
	{"grams", "1.25 kg", "1250", "1250", "1.250 kg"},
	{"grams", "1.25kg", "1250", "1250", "1.250 kg"},
	{"grams", "0.001 kg", "1", "1", "0.001 kg"},
	{"grams", "30 kg", "30000", "30000", "30.0 kg"},
	{"grams", "1.2500 kg", "1250", "1250", "1.250 kg"},
	{"grams", "0", "0", "0", "0.0 kg"},
	{"flag", "yes", "true", "true", "yes"},
	{"flag", "f", "false", "false", "no"},
	{"flag", "on", "true", "true", "yes"},
	{"flag", "0", "false", "false", "no"},
	{"at", "2026-11-21 13:30:00+05:30", "2026-11-21T08:00:00.000000Z",
		"2026-11-21T08:00:00.000000Z", "2026-11-21 08:00:00"},
	{"id", "01938F6E-0000-7000-8000-00000000000A", "01938f6e-0000-7000-8000-00000000000a",
		"01938f6e-0000-7000-8000-00000000000a", "01938f6e-0000-7000-8000-00000000000a"},
	{"json", "[1,\"\x1b\"]", "[1,\"\x1b\"]", "[1,\"\\x1b\"]", "[1,\"\\x1b\"]"},
	{"secret", "hunter2", "hunter2", "", ""},
};

static const struct {
	const char *column, *read;
} bad[] = {
	{"text", "\xff"},
	{"json", "\xff"},
	{"secret", "\xff"},
	{"number", ""},
	{"number", "x"},
	{"number", "1x"},
	{"number", "1.5"},
	{"number", "9223372036854775808"},
	{"number", "-9223372036854775808"},
	{"grams", ""},
	{"grams", "-1"},
	{"grams", "1.5"},
	{"grams", "1.5 g"},
	{"grams", "kg"},
	{"grams", ".5 kg"},
	{"grams", "1.2505 kg"},
	{"grams", "1.0004 g"},
	{"grams", "1 lb"},
	{"grams", "1 kg x"},
	{"grams", "1e3"},
	{"grams", "99999999999999999999 kg"},
	{"flag", ""},
	{"flag", "maybe"},
	{"flag", "YES"},
	{"at", "yesterday"},
	{"at", "2026-02-30T00:00:00Z"},
	{"id", "1"},
	{"id", ""},
};

static const struct tt_column *column(const char *name)
{
	const struct tt_column *col = tt_column_find(columns, name);

	assert_non_null(col);
	return col;
}

static void assert_printed(
	const struct tt_column *col, const struct thing *row, bool human, const char *want)
{
	struct tt_buf out = {0};

	tt_column_print(col, row, human, &out);
	assert_string_equal(out.data ? out.data : "", want);
	tt_buf_fini(&out);
}

static void values_come_through(void **state)
{
	struct tt_error err;
	struct thing row;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		const struct tt_column *col = column(good[i].column);
		struct tt_buf bound = {0};

		tt_columns_init(columns, &row);
		assert_int_equal(tt_column_parse(col, &row, good[i].read, &err), TT_OK);
		assert_true(tt_column_bind(col, &row, &bound));
		assert_string_equal(bound.data ? bound.data : "", good[i].bound);
		assert_printed(col, &row, false, good[i].piped);
		assert_printed(col, &row, true, good[i].human);
		tt_buf_fini(&bound);
		tt_columns_fini(columns, &row);
	}
}

static void what_is_bound_is_read_back(void **state)
{
	struct thing row, back;
	struct tt_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		const struct tt_column *col = column(good[i].column);
		struct tt_buf first = {0}, second = {0};

		tt_columns_init(columns, &row);
		tt_columns_init(columns, &back);
		assert_int_equal(tt_column_parse(col, &row, good[i].read, &err), TT_OK);
		tt_column_bind(col, &row, &first);
		assert_int_equal(
			tt_column_parse(col, &back, first.data ? first.data : "", &err), TT_OK);
		tt_column_bind(col, &back, &second);
		assert_string_equal(first.data ? first.data : "", second.data ? second.data : "");
		tt_buf_fini(&first);
		tt_buf_fini(&second);
		tt_columns_fini(columns, &row);
		tt_columns_fini(columns, &back);
	}
}

static void what_does_not_fit_is_named(void **state)
{
	struct tt_error err;
	struct thing row;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		tt_columns_init(columns, &row);
		if (tt_column_parse(column(bad[i].column), &row, bad[i].read, &err) != TT_DATA)
			fail_msg("%s \"%s\" was taken", bad[i].column, bad[i].read);
		assert_non_null(strstr(err.message, bad[i].column));
		tt_columns_fini(columns, &row);
	}
}

static void a_secret_is_in_no_message(void **state)
{
	struct tt_error err;
	struct thing row;

	(void)state;
	tt_columns_init(columns, &row);
	assert_int_equal(tt_column_parse(column("secret"), &row, "hunter2\xff", &err), TT_DATA);
	assert_null(strstr(err.message, "hunter2"));
	tt_columns_fini(columns, &row);
}

static void no_value_is_neither_bound_nor_printed(void **state)
{
	struct tt_error err;
	struct thing row;

	(void)state;
	tt_columns_init(columns, &row);
	for (const struct tt_column *col = columns; col->name; col++) {
		struct tt_buf bound = {0};

		assert_false(tt_column_bind(col, &row, &bound));
		assert_int_equal(bound.len, 0);
		assert_printed(col, &row, false, "");
		assert_printed(col, &row, true, "");
	}
	assert_int_equal(tt_column_parse(column("text"), &row, "x", &err), TT_OK);
	assert_int_equal(tt_column_parse(column("text"), &row, NULL, &err), TT_OK);
	assert_null(row.text);
	assert_int_equal(tt_column_parse(column("grams"), &row, "5", &err), TT_OK);
	assert_int_equal(tt_column_parse(column("grams"), &row, NULL, &err), TT_OK);
	assert_int_equal(row.grams, TT_NO_INT);
	tt_columns_fini(columns, &row);
}

static void records_are_taken_apart(void **state)
{
	static const struct tt_column cols[] = {{"a", TT_TEXT, 0, NULL, "", 0},
		{"n", TT_INT, 8, NULL, "", 0}, {"b", TT_TEXT, 16, NULL, "", 0},
		{NULL, 0, 0, NULL, NULL, 0}};
	static const struct {
		const char *record, *a, *b;
		int64_t n;
	} rows[] = {
		{"(x,7,y)", "x", "y", 7},
		{"(,,)", NULL, NULL, TT_NO_INT},
		{"(\"\",0,\"\")", "", "", 0},
		{"(\"a b, (c)\",-1,\"say \"\"so\"\" \\\\ \")", "a b, (c)", "say \"so\" \\ ", -1},
		{"(x,7,y,more,\"of it\")", "x", "y", 7},
		{"(x)", "x", NULL, TT_NO_INT},
		{"(\"\xe0\xa4\x95\",1,\\\\)", "\xe0\xa4\x95", "\\", 1},
	};
	static const char *const broken[] = {
		"", "x", "(", "(x", "(\"x", "(x,7", "(x,7,\\", "(x,many,y)", "(\"x\\"};
	struct {
		char *a;
		int64_t n;
		char *b;
	} row;
	struct tt_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_columns_init(cols, &row);
		assert_int_equal(tt_columns_parse(cols, &row, rows[i].record, &err), TT_OK);
		assert_int_equal(row.n, rows[i].n);
		if (!rows[i].a)
			assert_null(row.a);
		else
			assert_string_equal(row.a, rows[i].a);
		if (!rows[i].b)
			assert_null(row.b);
		else
			assert_string_equal(row.b, rows[i].b);
		tt_columns_fini(cols, &row);
	}
	for (i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		tt_columns_init(cols, &row);
		assert_int_equal(tt_columns_parse(cols, &row, broken[i], &err), TT_DATA);
		tt_columns_fini(cols, &row);
	}
}

static void tables_are_counted_and_searched(void **state)
{
	(void)state;
	assert_int_equal(tt_column_count(columns), 8);
	assert_int_equal(tt_column_count(NULL), 0);
	assert_null(tt_column_find(columns, "Text"));
	assert_null(tt_column_find(NULL, "text"));
}

static void rows_keep_their_place_while_they_grow(void **state)
{
	struct tt_rows rows = {.cols = columns, .size = sizeof(struct thing)};
	struct tt_error err;
	char text[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct thing *row = tt_rows_add(&rows);

		assert_int_equal(row->number, TT_NO_INT);
		tt_format(text, sizeof(text), "%d", i);
		assert_int_equal(tt_column_parse(column("text"), row, text, &err), TT_OK);
	}
	assert_int_equal(rows.count, 100);
	assert_string_equal(((struct thing *)tt_rows_at(&rows, 99))->text, "99");
	assert_string_equal(((struct thing *)tt_rows_at(&rows, 0))->text, "0");
	tt_rows_fini(&rows);
	assert_int_equal(rows.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_through),
		cmocka_unit_test(what_is_bound_is_read_back),
		cmocka_unit_test(what_does_not_fit_is_named),
		cmocka_unit_test(a_secret_is_in_no_message),
		cmocka_unit_test(no_value_is_neither_bound_nor_printed),
		cmocka_unit_test(records_are_taken_apart),
		cmocka_unit_test(tables_are_counted_and_searched),
		cmocka_unit_test(rows_keep_their_place_while_they_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
