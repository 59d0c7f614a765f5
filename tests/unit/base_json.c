/*
 * JSON out: commas, nesting, what is escaped, numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <inttypes.h>
#include <math.h>

#include <tracetrack/json.h>

static void assert_text(const char *s, const char *want)
{
	struct tt_json json = {0};

	tt_json_text(&json, NULL, s);
	assert_string_equal(json.text.data, want);
	tt_json_fini(&json);
}

static void assert_real(double x, const char *want)
{
	struct tt_json json = {0};

	tt_json_real(&json, NULL, x);
	assert_string_equal(json.text.data, want);
	tt_json_fini(&json);
}

static void commas_are_between_values(void **state)
{
	struct tt_json json = {0};

	(void)state;
	tt_json_open(&json, NULL, '{');
	tt_json_open(&json, "none", '[');
	tt_json_close(&json, ']');
	tt_json_open(&json, "list", '[');
	tt_json_int(&json, NULL, 1);
	tt_json_open(&json, NULL, '{');
	tt_json_bool(&json, "yes", true);
	tt_json_bool(&json, "no", false);
	tt_json_close(&json, '}');
	tt_json_text(&json, NULL, NULL);
	tt_json_close(&json, ']');
	tt_json_value(&json, "value", "[1,{}]");
	tt_json_close(&json, '}');
	assert_string_equal(json.text.data,
		"{\"none\":[],\"list\":[1,{\"yes\":true,\"no\":false},null],\"value\":[1,{}]}");
	tt_json_clear(&json);
	tt_json_value(&json, NULL, NULL);
	assert_string_equal(json.text.data, "null");
	tt_json_fini(&json);
}

static void assert_copy(const char *s, const char *want)
{
	struct tt_json json = {0};

	tt_json_open(&json, NULL, '[');
	tt_json_copy(&json, NULL, s);
	tt_json_close(&json, ']');
	assert_string_equal(json.text.data, want);
	tt_json_fini(&json);
}

static void foreign_json_loses_its_blanks_and_is_escaped(void **state)
{
	(void)state;
	assert_copy("{\"a\": [1, -2.50, null], \"b c\" :\t\"d  e\"}\n",
		"[{\"a\":[1,-2.50,null],\"b c\":\"d  e\"}]");
	assert_copy(" true ", "[true]");
	assert_copy("\"\"", "[\"\"]");
	assert_copy("\"a\\\"]\\\\\\u20ac\"", "[\"a\\\"]\\\\\\u20ac\"]");
	assert_copy("\"\xe2\x82\xac\x1b[31m\x7f\xff\"", "[\"\\u20AC\\u001B[31m\\u007F\\uFFFD\"]");
	assert_copy("\"\xf0\x9f\x98\x80\"", "[\"\\uD83D\\uDE00\"]");
	assert_copy("[[]", "[null]");
	assert_copy("\"a", "[null]");
	assert_copy("\"a\\", "[null]");
	assert_copy("{\"a\":\x1b[31m1}", "[null]");
	assert_copy("[1,\xe2\x82\xac]", "[null]");
	assert_copy("", "[null]");
	assert_copy("  ", "[null]");
	assert_copy(NULL, "[null]");
}

static void text_is_escaped_to_printable_ascii(void **state)
{
	(void)state;
	assert_text("", "\"\"");
	assert_text("SB00001 ~/", "\"SB00001 ~/\"");
	assert_text("a\"b\\c", "\"a\\\"b\\\\c\"");
	assert_text("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"");
	assert_text("\x01\x1b[31m\x7f", "\"\\u0001\\u001B[31m\\u007F\"");
	assert_text("g\xc3\xbcnstig", "\"g\\u00FCnstig\"");
	assert_text("\xe2\x82\xac", "\"\\u20AC\"");
	assert_text("\xf0\x9f\x93\xa6", "\"\\uD83D\\uDCE6\"");
	assert_text("\xf4\x8f\xbf\xbf", "\"\\uDBFF\\uDFFF\"");
}

static void what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	assert_text("a\xff", "\"a\\uFFFD\"");
	assert_text("\xe2\x82", "\"\\uFFFD\\uFFFD\"");
	assert_text("\xed\xa0\x80x", "\"\\uFFFD\\uFFFD\\uFFFDx\"");
}

static void numbers_are_what_they_were(void **state)
{
	struct tt_json json = {0};

	(void)state;
	tt_json_open(&json, NULL, '[');
	tt_json_int(&json, NULL, INT64_MAX);
	tt_json_int(&json, NULL, INT64_MIN);
	tt_json_close(&json, ']');
	assert_string_equal(json.text.data, "[9223372036854775807,-9223372036854775808]");
	tt_json_fini(&json);
	assert_real(0.0, "0.000");
	assert_real(1.84, "1.840");
	assert_real(0.0004, "0.000");
	assert_real(-0.0004, "0.000");
	assert_real(-2.0006, "-2.001");
	assert_real(999.9996, "1000.000");
	assert_real(1e15, "1000000000000000.000");
	assert_real(1.1e15, "null");
	assert_real(NAN, "null");
	assert_real(-INFINITY, "null");
}

static void errors_say_all(void **state)
{
	struct tt_json json = {0};
	struct tt_error err;

	(void)state;
	(void)tt_fail(&err, TT_USAGE, "no \"x\"");
	tt_error_hint(&err, "Say y.");
	tt_json_open(&json, NULL, '{');
	tt_json_error(&json, "error", &err);
	tt_json_close(&json, '}');
	assert_string_equal(json.text.data,
		"{\"error\":{\"code\":\"usage\",\"message\":\"no \\\"x\\\"\",\"detail\":\"\","
		"\"hint\":\"Say y.\"}}");
	tt_json_fini(&json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_are_between_values),
		cmocka_unit_test(foreign_json_loses_its_blanks_and_is_escaped),
		cmocka_unit_test(text_is_escaped_to_printable_ascii),
		cmocka_unit_test(what_is_no_utf8_is_replaced),
		cmocka_unit_test(numbers_are_what_they_were),
		cmocka_unit_test(errors_say_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
