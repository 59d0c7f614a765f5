/*
 * Outcomes: each has its words, and sentences leave out what is not known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/outcome.h>
#include <tracetrack/text.h>

/* Every outcome that the rules of the warehouse name. */
static const char *const named[] = {"ok", "opened", "resumed", "linked", "completed", "replayed",
	"undone", "finished", "short_closed", "relinked", "removed", "bad_format", "unknown_code",
	"no_parent", "is_parent", "is_child", "is_own_parent", "already_in_parent",
	"in_other_parent", "parent_full", "parent_closed", "parent_cancelled", "nothing_to_undo",
	"undo_window_over", "wrong_area", "not_permitted", "session_expired", "locked_out",
	"version_moved", "key_reused", "rate_limited", "ambiguous", "double_read", "queued",
	"unreadable", "not_saved", "parked"};

static void every_outcome_has_its_words(void **state)
{
	const struct tt_outcome *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(named) / sizeof(*named); i++) {
		o = tt_outcome_find(named[i]);
		assert_string_equal(o->name, named[i]);
		assert_true(o->label[0] != '\0' && o->message[0] != '\0');
	}
	for (o = tt_outcomes; o->name; o++) {
		assert_ptr_equal(tt_outcome_find(o->name), o);
		assert_true((unsigned)o->cls < TT_CLASS_COUNT);
		/* Who is refused or in trouble is told what to do. */
		if (o->cls == TT_CLASS_TROUBLE)
			assert_true(o->advice[0] != '\0');
	}
}

static void what_is_unknown_is_never_green(void **state)
{
	(void)state;
	assert_int_equal(tt_outcome_find("a_new_server_says_this")->cls, TT_CLASS_TROUBLE);
	assert_int_equal(tt_outcome_find(NULL)->cls, TT_CLASS_TROUBLE);
	assert_int_equal(tt_outcome_find("")->cls, TT_CLASS_TROUBLE);
}

static void classes_are_told_apart_without_colour(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < TT_CLASS_COUNT; i++) {
		for (j = 0; j < i; j++) {
			assert_string_not_equal(tt_classes[i].word, tt_classes[j].word);
			assert_string_not_equal(tt_classes[i].mark, tt_classes[j].mark);
			assert_string_not_equal(tt_classes[i].ascii, tt_classes[j].ascii);
		}
	}
}

static const char *some_values(void *ctx, const char *name)
{
	(void)ctx;
	if (strcmp(name, "code") == 0)
		return "CH1";
	if (strcmp(name, "evil") == 0)
		return "\x1b[2J";
	return strcmp(name, "empty") == 0 ? "" : NULL;
}

static void sentences_leave_out_what_is_unknown(void **state)
{
	static const char *const rows[][2] = {
		{"{code} is here", "CH1 is here"},
		{"{code}[ in {parent}]", "CH1"},
		{"{code}[ in {code}]", "CH1 in CH1"},
		{"{code}[ in {code}[ by {who}]]!", "CH1 in CH1!"},
		{"{parent}[ x]", "? x"},
		{"[{empty}]{code}", "CH1"},
		{"{evil}", "\\x1b[2J"},
		{"{code", ""},
		{"[{code}", "CH1"},
		{"a]b", "ab"},
		{"", ""},
	};
	char out[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		tt_template_fill(out, sizeof(out), rows[i][0], some_values, NULL);
		assert_string_equal(out, rows[i][1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_outcome_has_its_words),
		cmocka_unit_test(what_is_unknown_is_never_green),
		cmocka_unit_test(classes_are_told_apart_without_colour),
		cmocka_unit_test(sentences_leave_out_what_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
