/* The last scans of a lane, what their rows say, and the counts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/scanlist.h>
#include <tracetrack/text.h>

#define MINUTE 60000000LL

static struct tt_answer make(const char *outcome, const char *code, tt_time at)
{
	struct tt_answer a = {.event = tt_uuid_v7(), .at = at};

	a.outcome = tt_outcome_find(outcome);
	a.cls = a.outcome->cls;
	a.position = a.capacity = a.children = a.grams = TT_NO_INT;
	a.other_at = TT_NO_TIME;
	tt_copy(a.code, sizeof(a.code), code);
	tt_copy(a.action, sizeof(a.action), "scan.child");
	return a;
}

static void test_newest_first_and_oldest_lost(void **state)
{
	struct tt_scanlist list = {0};
	struct tt_answer a;
	char code[16];
	int i;

	(void)state;
	assert_null(tt_scanlist_at(&list, 0));
	for (i = 0; i < TT_SCANLIST_MAX + 5; i++) {
		snprintf(code, sizeof(code), "CH%05d", i);
		a = make("linked", code, i);
		tt_scanlist_add(&list, &a);
	}
	assert_string_equal(tt_scanlist_at(&list, 0)->code, code);
	assert_string_equal(tt_scanlist_at(&list, TT_SCANLIST_MAX - 1)->code, "CH00005");
	assert_null(tt_scanlist_at(&list, TT_SCANLIST_MAX));
	tt_scanlist_fini(&list);
}

static void test_queued_becomes_its_verdict(void **state)
{
	struct tt_scanlist list = {0};
	struct tt_answer queued = make("queued", "CH00001", 100),
			 later = make("linked", "CH00002", 200);
	struct tt_answer verdict = make("in_other_parent", "CH00001", 300);

	(void)state;
	tt_scanlist_add(&list, &queued);
	tt_scanlist_add(&list, &later);
	verdict.event = queued.event;
	assert_true(tt_scanlist_settle(&list, &verdict));
	assert_int_equal(list.count, 2);
	assert_int_equal(tt_scanlist_at(&list, 1)->cls, TT_CLASS_REFUSED);
	assert_int_equal(tt_scanlist_at(&list, 1)->at, 100);
	assert_string_equal(tt_scanlist_at(&list, 0)->code, "CH00002");
	verdict.event = tt_uuid_v7();
	assert_false(tt_scanlist_settle(&list, &verdict));
	tt_scanlist_fini(&list);
}

/* Answers that are no events have the nil id; they must not be taken for each other. */
static void test_nil_ids_do_not_match(void **state)
{
	struct tt_scanlist list = {0};
	struct tt_answer a = make("unreadable", "", 1), b = make("linked", "X", 2);

	(void)state;
	memset(&a.event, 0, sizeof(a.event));
	memset(&b.event, 0, sizeof(b.event));
	tt_scanlist_add(&list, &a);
	assert_false(tt_scanlist_settle(&list, &b));
	tt_scanlist_fini(&list);
}

static void test_reasons(void **state)
{
	struct tt_answer a = make("linked", "CH00917", 1);
	char text[100];

	(void)state;
	a.position = 17;
	a.capacity = 30;
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "17/30");
	a.outcome = tt_outcome_find("completed");
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "17/30  complete");
	a.outcome = tt_outcome_find("already_in_parent");
	tt_copy(a.other_by, sizeof(a.other_by), "asha");
	a.other_at = 8 * 60 * MINUTE;
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "here as 17, 08:00 by asha");
	a.outcome = tt_outcome_find("in_other_parent");
	tt_copy(a.message, sizeof(a.message), "CH00917 is in SB1");
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "is in SB1");
	tt_copy(a.message, sizeof(a.message), "CH00917: saved");
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "saved");
	tt_copy(a.message, sizeof(a.message), "CH009170 is longer");
	tt_answer_reason(&a, text, sizeof(text));
	assert_string_equal(text, "CH009170 is longer");
}

static void add(struct tt_tally *t, const char *outcome, const char *action, tt_time at)
{
	struct tt_answer a = make(outcome, "X", at);

	tt_copy(a.action, sizeof(a.action), action);
	tt_tally_add(t, &a);
}

static void test_tally(void **state)
{
	struct tt_tally t;
	tt_time noon = 29000000 * MINUTE;

	(void)state;
	tt_tally_init(&t, noon);
	add(&t, "opened", "scan.parent", noon);
	add(&t, "linked", "scan.child", noon + 1);
	add(&t, "in_other_parent", "scan.child", noon + 30 * MINUTE);
	add(&t, "double_read", "scan.child", noon + 30 * MINUTE);
	add(&t, "undone", "scan.undo", noon + 30 * MINUTE);
	add(&t, "bill_added", "bill.add", noon + 30 * MINUTE);
	add(&t, "bill_completed", "bill.complete", noon + 30 * MINUTE);
	assert_int_equal(t.scans, 4);
	assert_int_equal(t.parents, 1);
	assert_int_equal(t.refused, 1);
	assert_int_equal(tt_tally_last_hour(&t, noon + 59 * MINUTE), 4);
	assert_int_equal(tt_tally_last_hour(&t, noon + 60 * MINUTE), 2);
	/* the slot of noon is used again an hour later */
	add(&t, "linked", "scan.child", noon + 60 * MINUTE);
	assert_int_equal(tt_tally_last_hour(&t, noon + 60 * MINUTE), 3);
	assert_int_equal(tt_tally_last_hour(&t, noon + 200 * MINUTE), 0);
}

static void check_age(int64_t seconds, const char *text)
{
	char out[16];

	tt_format_age(out, sizeof(out), seconds * 1000000);
	assert_string_equal(out, text);
}

static void test_formats(void **state)
{
	char out[32];

	(void)state;
	check_age(-5, "0 s");
	check_age(59, "59 s");
	check_age(61, "1 min");
	check_age(3 * 3600 + 5 * 60, "3 h 05");
	check_age(49 * 3600, "2 d");
	tt_format_count(out, sizeof(out), 0);
	assert_string_equal(out, "0");
	tt_format_count(out, sizeof(out), 1284);
	assert_string_equal(out, "1,284");
	tt_format_count(out, sizeof(out), 1234567);
	assert_string_equal(out, "1,234,567");
	tt_format_bytes(out, sizeof(out), 999);
	assert_string_equal(out, "999 B");
	tt_format_bytes(out, sizeof(out), 21101927);
	assert_string_equal(out, "21.1 MB");
	tt_format_bytes(out, sizeof(out), 999999);
	assert_string_equal(out, "1.0 MB");
	tt_format_bytes(out, sizeof(out), TT_NO_INT);
	assert_string_equal(out, "");
	tt_format_kg(out, sizeof(out), 17049);
	assert_string_equal(out, "17.0 kg");
	tt_format_kg(out, sizeof(out), TT_NO_INT);
	assert_string_equal(out, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest_first_and_oldest_lost),
		cmocka_unit_test(test_queued_becomes_its_verdict),
		cmocka_unit_test(test_nil_ids_do_not_match),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_tally),
		cmocka_unit_test(test_formats),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
