/*
 * Outcomes: every word that the database answers with is known here, and sentences leave out what
 * is not known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#include <tracetrack/outcome.h>
#include <tracetrack/schema.h>
#include <tracetrack/text.h>

/* What the warehouse's rules name: a word and its class. */
static const struct {
	const char *name;
	enum tt_class cls;
} named[] = {
	{"ok", TT_CLASS_DONE},
	{"opened", TT_CLASS_DONE},
	{"resumed", TT_CLASS_DONE},
	{"linked", TT_CLASS_DONE},
	{"completed", TT_CLASS_DONE},
	{"undone", TT_CLASS_DONE},
	{"finished", TT_CLASS_DONE},
	{"short_closed", TT_CLASS_DONE},
	{"relinked", TT_CLASS_DONE},
	{"removed", TT_CLASS_DONE},
	{"replayed", TT_CLASS_AGAIN},
	{"already_in_parent", TT_CLASS_AGAIN},
	{"double_read", TT_CLASS_AGAIN},
	{"queued", TT_CLASS_QUEUED},
	{"bad_format", TT_CLASS_REFUSED},
	{"unknown_code", TT_CLASS_REFUSED},
	{"no_parent", TT_CLASS_REFUSED},
	{"is_parent", TT_CLASS_REFUSED},
	{"is_child", TT_CLASS_REFUSED},
	{"is_own_parent", TT_CLASS_REFUSED},
	{"in_other_parent", TT_CLASS_REFUSED},
	{"parent_full", TT_CLASS_REFUSED},
	{"parent_closed", TT_CLASS_REFUSED},
	{"parent_cancelled", TT_CLASS_REFUSED},
	{"nothing_to_undo", TT_CLASS_REFUSED},
	{"undo_window_over", TT_CLASS_REFUSED},
	{"wrong_area", TT_CLASS_REFUSED},
	{"not_permitted", TT_CLASS_REFUSED},
	{"locked_out", TT_CLASS_REFUSED},
	{"version_moved", TT_CLASS_REFUSED},
	{"rate_limited", TT_CLASS_REFUSED},
	{"ambiguous", TT_CLASS_REFUSED},
	{"session_expired", TT_CLASS_TROUBLE},
	{"key_reused", TT_CLASS_TROUBLE},
	{"unreadable", TT_CLASS_TROUBLE},
	{"not_saved", TT_CLASS_TROUBLE},
	{"parked", TT_CLASS_TROUBLE},
};

static bool is_known(const char *name)
{
	return strcmp(tt_outcome_find(name)->name, name) == 0;
}

static void what_the_rules_name_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		if (!is_known(named[i].name) || tt_outcome_find(named[i].name)->cls != named[i].cls)
			fail_msg("%s", named[i].name);
	}
}

/* The word in quotes behind `at`; "" when there is something else. */
static void quoted_word(char *dst, size_t size, const char *at)
{
	size_t n;

	at += strspn(at, " \t\n");
	n = *at == '\'' ? strcspn(at + 1, "'") : 0;
	tt_copy_n(dst, size, at + 1, n);
}

/* The SQL sets an answer as "outcome := 'word'" and compares it with =. */
static void what_the_database_answers_is_known(void **state)
{
	static const char *const before[] = {"outcome :=", "outcome = "};
	unsigned found = 0;
	char word[64];

	(void)state;
	for (const struct tt_sql_file *f = tt_sql_files; f->name; f++) {
		if (strncmp(f->name, "api/", 4) != 0)
			continue;
		for (size_t i = 0; i < 2; i++) {
			const char *at = f->text;

			while ((at = strstr(at, before[i]))) {
				at += strlen(before[i]);
				quoted_word(word, sizeof(word), at);
				if (*word == '\0')
					continue;
				found++;
				if (!is_known(word))
					fail_msg("%s: %s", f->name, word);
			}
		}
	}
	assert_true(found > 20);
}

static void an_unknown_word_is_trouble(void **state)
{
	(void)state;
	assert_int_equal(tt_outcome_find("frobnicated")->cls, TT_CLASS_TROUBLE);
	assert_int_equal(tt_outcome_find(NULL)->cls, TT_CLASS_TROUBLE);
	assert_int_equal(tt_outcome_find("")->cls, TT_CLASS_TROUBLE);
}

static void every_row_is_whole(void **state)
{
	(void)state;
	for (const struct tt_outcome *row = tt_outcomes; row->name; row++) {
		assert_true(row->cls >= 0 && row->cls < TT_CLASS_COUNT);
		assert_true(*row->label && strlen(row->label) <= 12);
		assert_true(*row->message);
		assert_non_null(row->advice);
		assert_ptr_equal(tt_outcome_find(row->name), row); /* no name twice */
		for (const char *p = row->name; *p; p++)
			assert_true(islower((unsigned char)*p) || *p == '_');
		if (row->cls == TT_CLASS_TROUBLE)
			assert_true(*row->advice);
	}
}

static void classes_are_told_apart_by_everything(void **state)
{
	(void)state;
	for (int a = 0; a < TT_CLASS_COUNT; a++) {
		for (int b = 0; b < a; b++) {
			assert_string_not_equal(tt_classes[a].word, tt_classes[b].word);
			assert_string_not_equal(tt_classes[a].label, tt_classes[b].label);
			assert_string_not_equal(tt_classes[a].mark, tt_classes[b].mark);
			assert_string_not_equal(tt_classes[a].ascii, tt_classes[b].ascii);
		}
	}
	assert_int_equal(tt_classes[TT_CLASS_DONE].exit_status, 0);
	assert_int_equal(tt_classes[TT_CLASS_AGAIN].exit_status, 0);
	assert_int_equal(tt_classes[TT_CLASS_REFUSED].exit_status, 1);
}

/* ---- templates: "a" to "c" are known, "empty" and others are not */

static const char *value_of(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "hostile") == 0)
		return "x\x1b[31m";
	if (strcmp(name, "template") == 0)
		return "{a}[b]";
	return strcmp(name, "a") == 0     ? "A"
	       : strcmp(name, "b") == 0   ? "B"
	       : strcmp(name, "one") == 0 ? "1"
	       : *name == 'e'             ? ""
					  : NULL;
}

static void templates_leave_out_what_is_not_known(void **state)
{
	static const char *const rows[][2] = {
		{"plain", "plain"},
		{"{a} and {b}", "A and B"},
		{"{a}[ in {b}]", "A in B"},
		{"{a}[ in {none}]", "A"},
		{"{a}[ in {empty}]", "A"},
		{"{a}[ ({b}[, {none}])]", "A (B)"},
		{"{a}[ ({none}[, {b}])]", "A"},
		{"{none} is open", "? is open"},
		{"with {one|child|children}", "with 1 child"},
		{"with {a|child|children}", "with A children"},
		{"with {a|child", "with "},
		{"{a}[ with {none|child|children}]", "A"},
		{"[{none}: ]saved", "saved"},
		{"[only words]", "only words"},
		{"{hostile}", "x\\x1b[31m"},
		{"{template}", "{a}[b]"},
		{"{a", ""},
		{"", ""},
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_template_fill(text, sizeof(text), rows[i][0], value_of, NULL);
		assert_string_equal(text, rows[i][1]);
	}
	tt_template_fill(text, 4, "{a}{b}{a}{b}", value_of, NULL);
	assert_string_equal(text, "ABA");
}

static const char *nothing(void *ctx, const char *name)
{
	(void)ctx;
	return strcmp(name, "code") == 0 ? "CH1" : NULL;
}

static void every_sentence_stands_with_little_known(void **state)
{
	char text[256];

	(void)state;
	for (const struct tt_outcome *row = tt_outcomes; row->name; row++) {
		tt_template_fill(text, sizeof(text), row->message, nothing, NULL);
		assert_null(strchr(text, '{'));
		assert_null(strchr(text, '['));
		assert_null(strstr(text, "  "));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_rules_name_is_known),
		cmocka_unit_test(what_the_database_answers_is_known),
		cmocka_unit_test(an_unknown_word_is_trouble),
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(classes_are_told_apart_by_everything),
		cmocka_unit_test(templates_leave_out_what_is_not_known),
		cmocka_unit_test(every_sentence_stands_with_little_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
