/* Forms: fields from parameter rows, what is refused, and the request id. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/form.h>

struct params {
	char *token;
	struct tt_uuid event;
	char *code;
	int64_t grams, limit, is_good;
};

#define AT(field) offsetof(struct params, field)
static const struct tt_column params[] = {
	{"token", TT_SECRET, AT(token), NULL, "session", TT_HIDDEN},
	{"event", TT_ID, AT(event), NULL, "request id", 0},
	{"code", TT_TEXT, AT(code), NULL, "code of a bag", TT_REQUIRED | TT_POSITIONAL},
	{"grams", TT_GRAMS, AT(grams), "g", "weight", 0},
	{"limit", TT_INT, AT(limit), NULL, "rows at most", 0},
	{"is_good", TT_BOOL, AT(is_good), NULL, "it is good", 0}, {NULL, 0, 0, NULL, NULL, 0}};
static const struct tt_column result[] = {
	{"outcome", TT_TEXT, 0, NULL, "", 0}, {NULL, 0, 0, NULL, NULL, 0}};
static const struct tt_operation weigh = {
	"bag.weigh", "", "", params, sizeof(struct params), result, 8, TT_OP_CONFIRM, NULL, ""};

static void type(struct tt_form *f, size_t field, const char *text)
{
	tt_editor_set(&f->fields[field].text, text);
}

/* What people set for themselves wants the password that they have. */
static void test_own_secrets(void **state)
{
	const struct tt_operation *pin = tt_operation_find("session.pin");
	struct tt_form f;
	char text[200];
	void *args;

	(void)state;
	assert_true(tt_form_is_possible(pin));
	tt_form_init(&f, pin, NULL);
	assert_int_equal(f.count, 4);
	assert_int_equal(f.fields[0].kind, TT_FORM_OWN);
	assert_true(tt_form_is_secret(&f.fields[0]));
	tt_form_label(&f, &f.fields[2], text, sizeof(text));
	assert_string_equal(text, "new PIN");
	assert_null(tt_form_args(&f));
	assert_string_equal(f.fields[0].error, "Your password is needed.");
	assert_string_equal(f.fields[2].error, "A PIN is 4 to 6 digits.");
	type(&f, 0, "secret-1");
	type(&f, 2, "4711");
	type(&f, 3, "4712");
	assert_null(tt_form_args(&f));
	assert_string_equal(f.fields[3].error, "The PINs differ.");
	type(&f, 3, "4711");
	args = tt_form_args(&f);
	assert_non_null(args);
	tt_operation_args_free(pin, args);
	assert_string_equal(tt_form_own(&f), "secret-1");
	assert_string_equal(tt_form_password(&f), "4711");
	/* to take it away there is none to give */
	type(&f, 1, "yes");
	type(&f, 2, "");
	type(&f, 3, "");
	assert_null(tt_form_password(&f));
	args = tt_form_args(&f);
	assert_non_null(args);
	tt_operation_args_free(pin, args);
	tt_form_fini(&f);
	assert_null(tt_form_own(&f));
}

static void test_fields_are_what_a_person_gives(void **state)
{
	struct tt_form f;
	char text[200];

	(void)state;
	assert_true(tt_form_is_possible(&weigh));
	tt_form_init(&f, &weigh, "SB1");
	assert_int_equal(f.count, 5);
	tt_form_label(&f, &f.fields[0], text, sizeof(text));
	assert_string_equal(text, "code *");
	tt_form_help(&f, &f.fields[3], text, sizeof(text));
	assert_string_equal(text, "it is good; yes or no");
	tt_form_help(&f, &f.fields[4], text, sizeof(text));
	assert_non_null(strstr(text, "SB1"));
	tt_form_move(&f, -1);
	assert_int_equal(f.at, 4);
	tt_form_move(&f, 1);
	assert_int_equal(f.at, 0);
	tt_form_fini(&f);
}

static void test_the_table_checks(void **state)
{
	struct tt_form f;
	void *args;

	(void)state;
	tt_form_init(&f, &weigh, "SB1");
	tt_form_fill(&f, "grams", "1500");
	tt_form_fill(&f, "nothing", "x");
	assert_false(tt_form_is_changed(&f));
	assert_null(tt_form_args(&f));
	assert_int_equal(f.at, 0);
	assert_string_equal(f.fields[0].error, "Code is needed.");
	type(&f, 0, "SB1");
	type(&f, 1, "much");
	assert_null(tt_form_args(&f));
	assert_int_equal(f.at, 1);
	type(&f, 1, "1.5 kg");
	assert_null(tt_form_args(&f));
	assert_int_equal(f.at, 4);
	type(&f, 4, "SB2");
	assert_null(tt_form_args(&f));
	type(&f, 4, "sb1");
	args = tt_form_args(&f);
	assert_non_null(args);
	assert_string_equal(((struct params *)args)->code, "SB1");
	assert_int_equal(((struct params *)args)->grams, 1500);
	assert_true(((struct params *)args)->limit == TT_NO_INT);
	assert_true(tt_form_is_changed(&f));
	tt_operation_args_free(&weigh, args);
	tt_form_fini(&f);
}

/* The same request until there is an answer, another one after it. */
static void test_the_request_id(void **state)
{
	struct tt_form f;
	struct params *first, *again, *next;

	(void)state;
	tt_form_init(&f, &weigh, NULL);
	type(&f, 0, "SB1");
	type(&f, 4, "yes");
	first = tt_form_args(&f);
	again = tt_form_args(&f);
	tt_form_answered(&f);
	next = tt_form_args(&f);
	assert_false(tt_uuid_is_nil(&first->event));
	assert_true(tt_uuid_is_equal(&first->event, &again->event));
	assert_false(tt_uuid_is_equal(&first->event, &next->event));
	tt_operation_args_free(&weigh, first);
	tt_operation_args_free(&weigh, again);
	tt_operation_args_free(&weigh, next);
	tt_form_fini(&f);
}

/* Each operation that a list or a prompt may offer fits into a form. */
static void test_passwords(void **state)
{
	const struct tt_operation *op = tt_operation_find("user.create");
	struct tt_form f;
	size_t i;

	(void)state;
	assert_true(tt_form_is_possible(op));
	tt_form_init(&f, op, NULL);
	assert_non_null(tt_form_password(&f));
	for (i = 0; i < f.count && f.fields[i].kind != TT_FORM_PASSWORD; i++)
		;
	assert_true(tt_form_is_secret(&f.fields[i]));
	type(&f, 0, "asha");
	type(&f, 1, "Asha");
	type(&f, 2, "biller");
	type(&f, i, "short");
	type(&f, i + 1, "short");
	assert_null(tt_form_args(&f));
	type(&f, i, "long enough");
	assert_null(tt_form_args(&f));
	assert_string_equal(f.fields[i + 1].error, "The passwords differ.");
	tt_form_fini(&f);
	assert_null(tt_form_password(&f));
	assert_false(tt_form_is_possible(tt_operation_find("session.unlock")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_secrets),
		cmocka_unit_test(test_fields_are_what_a_person_gives),
		cmocka_unit_test(test_the_table_checks),
		cmocka_unit_test(test_the_request_id),
		cmocka_unit_test(test_passwords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
