/*
 * The operation table: what every row must have, the SQL that is built of it, options and JSON.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/event.h>
#include <tracetrack/operation.h>
#include <tracetrack/outcome.h>

static size_t type_size(enum tt_type type)
{
	return type == TT_ID ? sizeof(struct tt_uuid) : sizeof(int64_t);
}

/* Fields lie inside the struct and do not overlap. */
static void assert_columns_fit(const char *name, const struct tt_column *cols, size_t size)
{
	char used[1024] = {0};

	assert_true(size <= sizeof(used));
	for (; cols && cols->name; cols++) {
		size_t end = cols->offset + type_size(cols->type);

		if (end > size)
			fail_msg("%s: %s ends at %zu of %zu", name, cols->name, end, size);
		for (size_t i = cols->offset; i < end; i++) {
			if (used[i]++)
				fail_msg("%s: %s overlaps another", name, cols->name);
		}
		assert_non_null(cols->help);
	}
}

static void every_row_is_whole(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		assert_ptr_equal(tt_operation_find(op->name), op); /* no name twice */
		assert_non_null(strchr(op->name, '.'));
		assert_int_equal(strncmp(op->function, "api.", 4), 0);
		assert_true(*op->help && op->help[strlen(op->help) - 1] != '.');
		assert_columns_fit(op->name, op->params, op->params_size);
		assert_columns_fit(op->name, op->result, op->result_size);
		if (!(op->flags & TT_OP_OPEN))
			assert_non_null(tt_column_find(op->params, "token"));
		if (op->flags & TT_OP_EVENT)
			assert_int_equal(op->params_size, sizeof(struct tt_event));
	}
}

/* Screens show it in place of the operation's name. */
static void a_title_is_of_words_for_people(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		if (!isupper((unsigned char)*op->title) || strlen(op->title) > 20 ||
			strpbrk(op->title, "._"))
			fail_msg("%s: \"%s\"", op->name, op->title);
	}
}

static void the_function_is_named_after_the_operation(void **state)
{
	char name[64];

	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		tt_format(name, sizeof(name), "api.%s", op->name);
		*strrchr(name, '.') = '_';
		assert_string_equal(name, op->function);
	}
}

static void writes_carry_a_request_id(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		bool is_session = strncmp(op->name, "session.", 8) == 0;
		/* a second time does no harm: what is left is done, steps have keys of their own */
		bool is_pieces = (op->flags & (TT_OP_PIECES | TT_OP_HIDDEN)) != 0;

		if (!(op->flags & TT_OP_READ) && !is_session && !is_pieces)
			assert_non_null(tt_column_find(op->params, "event"));
		if (op->flags & TT_OP_READ)
			assert_null(tt_column_find(op->params, "event"));
	}
}

static void one_row_answers_have_an_outcome(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		if ((op->flags & TT_OP_LIST) || strcmp(op->name, "system.version") == 0 ||
			strcmp(op->name, "session.challenge") == 0)
			continue;
		if (!tt_column_find(op->result, "outcome"))
			fail_msg("%s", op->name);
	}
}

static size_t outcomes_of(const struct tt_operation *op)
{
	size_t n = 0;

	for (const struct tt_outcome *row = tt_outcomes; row->name; row++)
		n += tt_operation_gives(op, row->name);
	return n;
}

static void what_has_an_outcome_says_which(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		bool has = tt_column_find(op->result, "outcome") && !(op->flags & TT_OP_LIST);

		if (has != (outcomes_of(op) > 0))
			fail_msg("%s", op->name);
	}
}

static void an_operation_gives_what_its_row_and_its_rules_say(void **state)
{
	const struct tt_operation *op = tt_operation_find("scan.remove");

	(void)state;
	assert_true(tt_operation_gives(op, "removed"));
	assert_true(tt_operation_gives(op, "bill_closed"));
	assert_true(tt_operation_gives(op, "key_reused"));
	assert_true(tt_operation_gives(op, "wrong_area"));
	assert_false(tt_operation_gives(op, "bill_close"));
	assert_false(tt_operation_gives(op, "linked"));
	op = tt_operation_find("bill.show");
	assert_true(tt_operation_gives(op, "not_permitted"));
	assert_false(tt_operation_gives(op, "key_reused"));
	assert_false(tt_operation_gives(tt_operation_find("session.lock"), "not_permitted"));
	assert_false(tt_operation_gives(tt_operation_find("bill.list"), "session_expired"));
}

/* Persons see and type: secrets are hidden from both. */
static void secrets_are_no_options(void **state)
{
	(void)state;
	for (const struct tt_operation *op = tt_operations; op->name; op++) {
		for (const struct tt_column *col = op->params; col && col->name; col++) {
			if (col->type == TT_SECRET && !(op->flags & TT_OP_HIDDEN))
				assert_true(col->flags & TT_HIDDEN);
		}
	}
}

static void sql_goes_by_places_but_before_a_session(void **state)
{
	const struct tt_operation *op = tt_operation_find("scan.finish");
	const char *sql = tt_operation_sql(op);

	(void)state;
	assert_string_equal(sql, "select api.scan_finish($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
	assert_ptr_equal(tt_operation_sql(op), sql);
	op = tt_operation_find("bag.search");
	assert_string_equal(tt_operation_sql(op), "select api.bag_search($1, $2, $3)");
	op = tt_operation_find("bill.show");
	assert_string_equal(tt_operation_sql(op), "select * from api.bill_show($1, $2)");
	op = tt_operation_find("session.challenge");
	assert_string_equal(tt_operation_sql(op),
		"select salt, ops, mem, alg from "
		"api.session_challenge(p_login => $1, p_kind => $2)");
	op = tt_operation_find("system.version");
	assert_string_equal(tt_operation_sql(op),
		"select schema, server_time, name, stress_allowed from api.system_version()");
	for (op = tt_operations; op->name; op++)
		assert_null(strchr(tt_operation_sql(op), '\''));
}

static void options_are_set_by_name(void **state)
{
	const struct tt_operation *op = tt_operation_find("scan.child");
	struct tt_event *args = tt_operation_args_new(op);
	struct tt_error err;

	(void)state;
	assert_int_equal(tt_operation_set(op, args, "code", "CH1", &err), TT_OK);
	assert_int_equal(tt_operation_set(op, args, "grams", "1.5 kg", &err), TT_OK);
	assert_string_equal(args->code, "CH1");
	assert_int_equal(args->grams, 1500);
	assert_int_equal(tt_operation_set(op, args, "code", "CH2", &err), TT_OK);
	assert_string_equal(args->code, "CH2");
	assert_int_equal(tt_operation_set(op, args, "grams", "heavy", &err), TT_USAGE);
	assert_int_equal(tt_operation_set(op, args, "gram", "1", &err), TT_USAGE);
	assert_non_null(strstr(err.hint, "grams"));
	assert_int_equal(tt_operation_set(op, args, "token", "x", &err), TT_USAGE);
	assert_int_equal(tt_operation_set(op, args, "seq", "1", &err), TT_USAGE);
	assert_int_equal(tt_operation_set(op, args, "\x1b[31m", "1", &err), TT_USAGE);
	assert_null(strchr(err.message, 0x1b));
	tt_operation_args_free(op, args);
}

static void what_a_person_gives_is_given_once(void **state)
{
	const struct tt_operation *op = tt_operation_find("scan.child");
	struct tt_event *args = tt_operation_args_new(op);
	struct tt_error err;

	(void)state;
	assert_string_equal(tt_operation_positional(op, args)->name, "code");
	assert_int_equal(tt_operation_give(op, args, "code", "CH1", &err), TT_OK);
	assert_int_equal(tt_operation_give(op, args, "code", "CH2", &err), TT_USAGE);
	assert_string_equal(err.message, "code is given twice");
	assert_string_equal(args->code, "CH1");
	assert_string_equal(tt_operation_positional(op, args)->name, "parent");
	assert_int_equal(tt_operation_give(op, args, "parent", "SB1", &err), TT_OK);
	assert_null(tt_operation_positional(op, args));
	tt_operation_args_free(op, args);
}

static void some_take_one_of_a_few_words(void **state)
{
	const struct tt_operation *op = tt_operation_find("bill.list");
	void *args = tt_operation_args_new(op);
	struct tt_error err;
	char word[32];
	const char *words = tt_choices(op, tt_column_find(op->params, "state"));

	(void)state;
	assert_int_equal(tt_operation_set(op, args, "state", "Completed", &err), TT_OK);
	assert_string_equal(*(char **)tt_operation_arg(op, args, "state"), "completed");
	assert_int_equal(tt_operation_set(op, args, "state", "opne", &err), TT_USAGE);
	assert_string_equal(
		err.message, "state must be open, completed, reopened or cancelled, not \"opne\"");
	assert_string_equal(err.hint, "Did you mean open?");
	assert_int_equal(tt_operation_set(op, args, "state", "", &err), TT_OK);
	assert_int_equal(tt_operation_set(op, args, "limit", "0", &err), TT_USAGE);
	assert_int_equal(tt_operation_set(op, args, "limit", "1", &err), TT_OK);
	assert_null(tt_choices(op, tt_column_find(op->params, "by")));
	assert_true(tt_choice_next(&words, word, sizeof(word)));
	assert_string_equal(word, "open");
	words = NULL;
	assert_false(tt_choice_next(&words, word, sizeof(word)));
	tt_operation_args_free(op, args);
}

static void what_is_missing_is_named(void **state)
{
	const struct tt_operation *op = tt_operation_find("scan.short");
	struct tt_event *args = tt_operation_args_new(op);
	struct tt_error err;
	struct tt_uuid first;

	(void)state;
	assert_int_equal(tt_operation_set(op, args, "parent", "SB00001", &err), TT_OK);
	assert_int_equal(tt_operation_complete(op, args, &err), TT_USAGE);
	assert_non_null(strstr(err.message, "scan.short needs reason"));
	assert_int_equal(tt_operation_set(op, args, "reason", "full", &err), TT_OK);
	assert_int_equal(tt_operation_complete(op, args, &err), TT_OK);
	first = args->event;
	assert_false(tt_uuid_is_nil(&first));
	assert_int_equal(tt_operation_complete(op, args, &err), TT_OK);
	assert_true(tt_uuid_is_equal(&first, &args->event)); /* one that is there stays */
	tt_operation_args_free(op, args);
}

static void near_names_are_proposed(void **state)
{
	(void)state;
	assert_string_equal(tt_operation_nearest("bag.shwo")->name, "bag.show");
	assert_null(tt_operation_nearest("frobnicate.it"));
	/* Never one that a person can't call. */
	assert_true(!tt_operation_nearest("session.challenge") ||
		    !(tt_operation_nearest("session.challenge")->flags & TT_OP_HIDDEN));
	assert_null(tt_operation_find("bag"));
}

static void rows_become_json_of_their_types(void **state)
{
	struct wide {
		char *text, *json, *secret, *broken;
		int64_t n, g, yes;
		tt_time at;
	} * row;
	static const struct tt_column cols[] = {
		{"text", TT_TEXT, offsetof(struct wide, text), NULL, "", 0},
		{"n", TT_INT, offsetof(struct wide, n), NULL, "", 0},
		{"g", TT_GRAMS, offsetof(struct wide, g), NULL, "", 0},
		{"yes", TT_BOOL, offsetof(struct wide, yes), NULL, "", 0},
		{"at", TT_TIME, offsetof(struct wide, at), NULL, "", 0},
		{"json", TT_JSON, offsetof(struct wide, json), NULL, "", 0},
		{"broken", TT_JSON, offsetof(struct wide, broken), NULL, "", 0},
		{"secret", TT_SECRET, offsetof(struct wide, secret), NULL, "", 0},
		{NULL, 0, 0, NULL, NULL, 0},
	};
	struct tt_rows rows = {.cols = cols, .size = sizeof(struct wide)};
	struct tt_json json = {0};

	(void)state;
	row = tt_rows_add(&rows);
	row->text = tt_strdup("a\x1b[31m");
	row->n = -1;
	row->g = 1500;
	row->yes = 1;
	row->at = 0;
	row->json = tt_strdup("[1,{\"a\":null}]");
	row->broken = tt_strdup("[1,");
	row->secret = tt_strdup("hunter2");
	tt_row_json(&json, NULL, cols, row);
	assert_string_equal(json.text.data,
		"{\"text\":\"a\\\\x1b[31m\",\"n\":-1,\"g\":1500,\"yes\":true,"
		"\"at\":\"1970-01-01T00:00:00.000000Z\",\"json\":[1,{\"a\":null}],"
		"\"broken\":null}");
	row = tt_rows_add(&rows);
	tt_json_clear(&json);
	tt_row_json(&json, NULL, cols, row);
	assert_string_equal(json.text.data,
		"{\"text\":null,\"n\":null,\"g\":null,\"yes\":null,\"at\":null,"
		"\"json\":null,\"broken\":null}");
	tt_json_fini(&json);
	tt_rows_fini(&rows);
}

static void lists_are_arrays_and_answers_are_objects(void **state)
{
	const struct tt_operation *list = tt_operation_find("area.list");
	const struct tt_operation *one = tt_operation_find("session.check");
	struct tt_rows rows = {.cols = list->result, .size = list->result_size};
	struct tt_rows answer = {.cols = one->result, .size = one->result_size};
	struct tt_json json = {0};

	(void)state;
	tt_operation_json(&json, NULL, list, &rows);
	assert_string_equal(json.text.data, "[]");
	tt_rows_add(&rows);
	assert_null(tt_operation_outcome(list, &rows));
	assert_null(tt_operation_outcome(one, &answer));
	tt_json_clear(&json);
	tt_operation_json(&json, NULL, one, &answer);
	assert_string_equal(json.text.data, "null");
	*(char **)tt_field(tt_column_find(one->result, "outcome"), tt_rows_add(&answer)) =
		tt_strdup("ok");
	assert_string_equal(tt_operation_outcome(one, &answer), "ok");
	tt_json_clear(&json);
	tt_json_open(&json, NULL, '{');
	tt_operation_json(&json, "data", one, &answer);
	tt_json_close(&json, '}');
	assert_non_null(strstr(json.text.data, "{\"data\":{\"outcome\":\"ok\","));
	tt_json_fini(&json);
	tt_rows_fini(&rows);
	tt_rows_fini(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(a_title_is_of_words_for_people),
		cmocka_unit_test(the_function_is_named_after_the_operation),
		cmocka_unit_test(writes_carry_a_request_id),
		cmocka_unit_test(one_row_answers_have_an_outcome),
		cmocka_unit_test(what_has_an_outcome_says_which),
		cmocka_unit_test(an_operation_gives_what_its_row_and_its_rules_say),
		cmocka_unit_test(secrets_are_no_options),
		cmocka_unit_test(sql_goes_by_places_but_before_a_session),
		cmocka_unit_test(options_are_set_by_name),
		cmocka_unit_test(what_a_person_gives_is_given_once),
		cmocka_unit_test(some_take_one_of_a_few_words),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(near_names_are_proposed),
		cmocka_unit_test(rows_become_json_of_their_types),
		cmocka_unit_test(lists_are_arrays_and_answers_are_objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
