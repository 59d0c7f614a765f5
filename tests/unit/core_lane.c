/*
 * Lanes: what a code means in each state, and how verdicts move a lane.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/text.h>

#include "../../src/core/lane.h"

static const char *const commands[] = {
	"TT:OK", "TT:CANCEL", "TT:UNDO", "TT:FINISH", "TT:SHORT", "TT:LOCK", "TT:NONE"};
#define COMMANDS (sizeof(commands) / sizeof(*commands))

/* By state: what each command does, then a parent, a child, an unknown code, a bill, a badge. */
static const enum lane_action wanted[6][COMMANDS + 5] = {
	[TT_LANE_EMPTY] = {ACT_NOTHING, ACT_LEAVE, ACT_UNDO, ACT_FINISH, ACT_SHORT, ACT_LOCK,
		ACT_CHILD, ACT_PARENT, ACT_CHILD, ACT_CHILD, ACT_BILL, ACT_BADGE},
	[TT_LANE_OPEN] = {ACT_NOTHING, ACT_LEAVE, ACT_UNDO, ACT_FINISH, ACT_SHORT, ACT_LOCK,
		ACT_CHILD, ACT_PARENT, ACT_CHILD, ACT_CHILD, ACT_BILL, ACT_BADGE},
	[TT_LANE_CLOSED] = {ACT_NOTHING, ACT_LEAVE, ACT_UNDO, ACT_FINISH, ACT_SHORT, ACT_LOCK,
		ACT_CHILD, ACT_PARENT, ACT_CHILD, ACT_CHILD, ACT_BILL, ACT_BADGE},
	[TT_LANE_ASKING] = {ACT_CONFIRM, ACT_DECLINE, ACT_UNDO, ACT_FINISH, ACT_SHORT, ACT_LOCK,
		ACT_CHILD, ACT_PARENT, ACT_CHILD, ACT_CHILD, ACT_BILL, ACT_BADGE},
	[TT_LANE_STOPPED] = {ACT_ACKNOWLEDGE, ACT_ACKNOWLEDGE, ACT_STOPPED, ACT_STOPPED,
		ACT_STOPPED, ACT_LOCK, ACT_STOPPED, ACT_STOPPED, ACT_STOPPED, ACT_STOPPED,
		ACT_STOPPED, ACT_BADGE},
	[TT_LANE_BILL] = {ACT_NOTHING, ACT_LEAVE, ACT_BILL_BACK, ACT_BILL_COMPLETE, ACT_BILL_SHORT,
		ACT_LOCK, ACT_BILL_ADD, ACT_BILL_ADD, ACT_BILL_ADD, ACT_BILL_ADD, ACT_BILL,
		ACT_BADGE},
};

static void each_state_and_kind_has_its_action(void **state)
{
	static const enum family_kind kinds[] = {
		KIND_PARENT, KIND_CHILD, KIND_UNKNOWN, KIND_BILL, KIND_BADGE};
	struct lane lane = {0};

	(void)state;
	for (int s = TT_LANE_EMPTY; s <= TT_LANE_BILL; s++) {
		lane.pub.state = (enum tt_lane_state)s;
		for (size_t i = 0; i < COMMANDS; i++)
			assert_int_equal(
				lane_action_for(&lane, KIND_COMMAND, commands[i]), wanted[s][i]);
		for (size_t i = 0; i < 5; i++)
			assert_int_equal(
				lane_action_for(&lane, kinds[i], "ANY"), wanted[s][COMMANDS + i]);
	}
}

/* ---- a lane that is told a story */

struct told {
	struct lane lane;
	struct tt_event event;
	struct tt_verdict verdict;
};

static void begin(struct told *t)
{
	memset(t, 0, sizeof(*t));
	lane_empty(&t->lane);
}

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static void send(struct told *t, const char *action, const char *code)
{
	tt_columns_init(tt_event_columns, &t->event);
	t->event.event = tt_uuid_v7();
	t->event.action = text(action);
	t->event.code = text(code);
	lane_sent(&t->lane, &t->event);
}

static void judge_as(struct told *t, const char *outcome, const char *parent,
	const char *parent_state, int64_t children, bool stops)
{
	tt_columns_init(tt_verdict_columns, &t->verdict);
	t->verdict.outcome = text(outcome);
	t->verdict.parent = text(parent);
	t->verdict.state = text(parent_state);
	t->verdict.children = children;
	t->verdict.capacity = 30;
	t->verdict.other = text(strcmp(outcome, "in_other_parent") == 0 ? "SB00009" : NULL);
	lane_judged(&t->lane, &t->event, &t->verdict, tt_outcome_find(outcome), true, stops);
}

static void judge(struct told *t, const char *outcome, const char *parent, const char *parent_state,
	int64_t children)
{
	judge_as(t, outcome, parent, parent_state, children, false);
}

static void assert_lane(
	const struct told *t, enum tt_lane_state state, const char *parent, unsigned queued)
{
	assert_int_equal(t->lane.pub.state, state);
	assert_string_equal(t->lane.pub.parent, parent);
	assert_int_equal(t->lane.pub.queued, queued);
}

static void a_parent_and_its_children(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	assert_lane(&t, TT_LANE_EMPTY, "", 0);
	send(&t, "scan.parent", "SB00001");
	assert_lane(&t, TT_LANE_OPEN, "SB00001", 1);
	assert_false(t.lane.pub.is_confirmed);
	judge(&t, "opened", "SB00001", "open", 0);
	assert_lane(&t, TT_LANE_OPEN, "SB00001", 0);
	assert_true(t.lane.pub.is_confirmed);
	for (int64_t n = 1; n < 30; n++) {
		send(&t, "scan.child", "CH1");
		judge(&t, "linked", "SB00001", "open", n);
		assert_int_equal(t.lane.pub.children, n);
	}
	send(&t, "scan.child", "CH30");
	judge(&t, "completed", "SB00001", "complete", 30);
	assert_lane(&t, TT_LANE_CLOSED, "SB00001", 0);
	send(&t, "scan.parent", "SB00002");
	assert_lane(&t, TT_LANE_OPEN, "SB00002", 1);
	assert_int_equal(t.lane.pub.children, TT_NO_INT);
}

static void an_undo_opens_a_closed_parent(void **state)
{
	struct tt_uuid last;
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 29);
	send(&t, "scan.child", "CH30");
	last = t.event.event;
	judge(&t, "completed", "SB00001", "complete", 30);
	assert_true(lane_take_undo(&t.lane, &t.event.target));
	assert_true(tt_uuid_is_equal(&t.event.target, &last));
	send(&t, "scan.undo", NULL);
	judge(&t, "undone", "SB00001", "open", 29);
	assert_lane(&t, TT_LANE_OPEN, "SB00001", 0);
	assert_int_equal(t.lane.pub.children, 29);
}

static void undoing_takes_the_newest_first_and_ends(void **state)
{
	struct tt_uuid sent[3], taken;
	struct told t;

	(void)state;
	begin(&t);
	for (int i = 0; i < 3; i++) {
		send(&t, i ? "scan.child" : "scan.parent", "SB00001");
		sent[i] = t.event.event;
		judge(&t, i ? "linked" : "opened", "SB00001", "open", i);
	}
	for (int i = 2; i >= 0; i--) {
		assert_true(lane_take_undo(&t.lane, &taken));
		assert_true(tt_uuid_is_equal(&taken, &sent[i]));
	}
	assert_false(lane_take_undo(&t.lane, &taken));
}

static void what_changed_nothing_can_not_be_undone(void **state)
{
	static const char *const outcomes[] = {"already_in_parent", "replayed", "resumed",
		"in_other_parent", "bad_format", "parent_full", "not_permitted", "key_reused"};
	struct tt_uuid taken;
	struct told t;

	(void)state;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		begin(&t);
		send(&t, "scan.child", "CH1");
		judge(&t, outcomes[i], "SB00001", "open", 1);
		if (lane_take_undo(&t.lane, &taken))
			fail_msg("%s can be undone", outcomes[i]);
	}
}

static void more_events_than_can_be_remembered(void **state)
{
	struct tt_uuid newest = {{0}}, taken;
	struct told t;
	size_t n;

	(void)state;
	begin(&t);
	for (n = 0; n < 3 * LANE_UNDO_MAX; n++) {
		send(&t, "scan.child", "CH");
		newest = t.event.event;
	}
	assert_true(lane_take_undo(&t.lane, &taken));
	assert_true(tt_uuid_is_equal(&taken, &newest));
	for (n = 1; lane_take_undo(&t.lane, &taken); n++)
		;
	assert_int_equal(n, LANE_UNDO_MAX);
}

static void a_refused_parent_leaves_no_parent(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 3);
	send(&t, "scan.parent", "SB00002");
	judge(&t, "wrong_area", "SB00002", NULL, TT_NO_INT);
	assert_lane(&t, TT_LANE_EMPTY, "", 0);
	assert_int_equal(t.lane.pub.refused, 1);
}

static void a_refused_parent_does_not_touch_the_one_scanned_after_it(void **state)
{
	struct told t;
	struct tt_event first;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	first = t.event;
	send(&t, "scan.parent", "SB00002");
	t.event = first;
	judge(&t, "wrong_area", "SB00001", NULL, TT_NO_INT);
	assert_lane(&t, TT_LANE_OPEN, "SB00002", 1);
}

static void a_move_is_offered_and_anything_else_declines(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 3);
	send(&t, "scan.child", "CH1");
	judge(&t, "in_other_parent", "SB00001", "open", 3);
	assert_lane(&t, TT_LANE_ASKING, "SB00001", 0);
	assert_string_equal(t.lane.pub.offer_code, "CH1");
	assert_string_equal(t.lane.pub.offer_from, "SB00009");
	send(&t, "scan.child", "CH2");
	assert_lane(&t, TT_LANE_OPEN, "SB00001", 1);
	assert_string_equal(t.lane.pub.offer_code, "");
}

static void nothing_is_offered_while_others_wait(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 3);
	send(&t, "scan.child", "CH1");
	tt_columns_init(tt_verdict_columns, &t.verdict);
	t.verdict.outcome = text("in_other_parent");
	t.verdict.other = text("SB00009");
	lane_judged(&t.lane, &t.event, &t.verdict, tt_outcome_find("in_other_parent"), false, true);
	assert_int_equal(t.lane.pub.state, TT_LANE_OPEN);
}

static void a_hard_stop_stops_after_a_refusal_only(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge_as(&t, "opened", "SB00001", "open", 0, true);
	assert_int_equal(t.lane.pub.state, TT_LANE_OPEN);
	send(&t, "scan.child", "CH1");
	judge_as(&t, "already_in_parent", "SB00001", "open", 1, true);
	assert_int_equal(t.lane.pub.state, TT_LANE_OPEN);
	send(&t, "scan.child", "CH2");
	judge_as(&t, "parent_full", "SB00001", "open", 1, true);
	assert_int_equal(t.lane.pub.state, TT_LANE_STOPPED);
}

static void a_verdict_on_an_earlier_parent_does_not_close_this_one(void **state)
{
	struct told t;
	struct tt_event child;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 29);
	send(&t, "scan.child", "CH30");
	child = t.event;
	send(&t, "scan.parent", "SB00002");
	t.event = child;
	judge(&t, "completed", "SB00001", "complete", 30);
	assert_lane(&t, TT_LANE_OPEN, "SB00002", 1);
	assert_int_equal(t.lane.pub.children, TT_NO_INT);
}

static void a_cancelled_parent_empties_the_lane(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 0);
	send(&t, "scan.child", "CH1");
	judge(&t, "parent_cancelled", "SB00001", "cancelled", 0);
	assert_lane(&t, TT_LANE_EMPTY, "", 0);
}

/* ---- bills */

static void send_bill(struct told *t, const char *action, const char *code, const char *bill)
{
	tt_columns_init(tt_event_columns, &t->event);
	t->event.event = tt_uuid_v7();
	t->event.action = text(action);
	t->event.code = text(code);
	t->event.parent = text(bill);
	lane_sent(&t->lane, &t->event);
}

static void judge_bill(
	struct told *t, const char *outcome, const char *bill, const char *state, int64_t parents)
{
	memset(&t->verdict, 0, sizeof(t->verdict));
	tt_columns_init(tt_bill_verdict_columns, &t->verdict);
	t->verdict.outcome = text(outcome);
	t->verdict.bill = text(bill);
	t->verdict.state = text(state);
	t->verdict.parents = parents;
	t->verdict.capacity = 10;
	lane_judged(&t->lane, &t->event, &t->verdict, tt_outcome_find(outcome), true, false);
}

static void assert_bill(const struct told *t, enum tt_lane_state state, const char *bill, int64_t n)
{
	assert_int_equal(t->lane.pub.state, state);
	assert_string_equal(t->lane.pub.bill, bill);
	assert_string_equal(t->lane.pub.parent, "");
	assert_int_equal(t->lane.pub.children, n);
}

static void a_bill_and_its_parents(void **state)
{
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 3);
	send_bill(&t, "bill.scan", NULL, "BILL-1");
	assert_bill(&t, TT_LANE_BILL, "BILL-1", TT_NO_INT);
	assert_false(t.lane.pub.is_confirmed);
	judge_bill(&t, "bill_resumed", "BILL-1", "open", 4);
	assert_bill(&t, TT_LANE_BILL, "BILL-1", 4);
	assert_true(t.lane.pub.is_confirmed);
	send_bill(&t, "bill.add", "SB00002", "BILL-1");
	judge_bill(&t, "bill_added", "BILL-1", "open", 5);
	send_bill(&t, "bill.add", "SB00003", "BILL-1");
	judge_bill(&t, "on_other_bill", "BILL-1", "open", 5);
	assert_bill(&t, TT_LANE_BILL, "BILL-1", 5);
	send_bill(&t, "bill.complete", NULL, "BILL-1");
	judge_bill(&t, "bill_completed", "BILL-1", "completed", 5);
	assert_bill(&t, TT_LANE_CLOSED, "BILL-1", 5);
	send(&t, "scan.parent", "SB00004");
	assert_lane(&t, TT_LANE_OPEN, "SB00004", 1);
	assert_string_equal(t.lane.pub.bill, "");
}

static void a_refused_bill_leaves_the_lane_empty(void **state)
{
	static const char *const outcomes[] = {"no_bill", "not_permitted", "bad_format"};
	struct told t;

	(void)state;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(*outcomes); i++) {
		begin(&t);
		send_bill(&t, "bill.scan", NULL, "BILL-1");
		judge_bill(&t, outcomes[i], "BILL-1", NULL, TT_NO_INT);
		assert_bill(&t, TT_LANE_EMPTY, "", TT_NO_INT);
	}
	begin(&t);
	send_bill(&t, "bill.scan", NULL, "BILL-1");
	judge_bill(&t, "bill_closed", "BILL-1", "completed", 3);
	assert_bill(&t, TT_LANE_EMPTY, "", TT_NO_INT);
}

static void a_verdict_on_an_earlier_bill_does_not_count_for_this_one(void **state)
{
	struct told t;
	struct tt_event first;

	(void)state;
	begin(&t);
	send_bill(&t, "bill.scan", NULL, "BILL-1");
	first = t.event;
	send_bill(&t, "bill.scan", NULL, "BILL-2");
	t.event = first;
	judge_bill(&t, "no_bill", "BILL-1", NULL, TT_NO_INT);
	assert_bill(&t, TT_LANE_BILL, "BILL-2", TT_NO_INT);
}

static void what_went_onto_a_bill_comes_off_newest_first(void **state)
{
	char code[TT_CODE_TEXT];
	struct told t;

	(void)state;
	begin(&t);
	send(&t, "scan.parent", "SB00001");
	judge(&t, "opened", "SB00001", "open", 0);
	send_bill(&t, "bill.scan", NULL, "bill-1");
	judge_bill(&t, "bill_resumed", "BILL-1", "open", 0);
	assert_false(lane_take_back(&t.lane, code, sizeof(code)));
	send_bill(&t, "bill.add", "SB00002", "BILL-1");
	judge_bill(&t, "bill_added", "BILL-1", "open", 1);
	send_bill(&t, "bill.add", "SB00003", "BILL-1");
	judge_bill(&t, "bill_added", "BILL-1", "open", 2);
	send_bill(&t, "bill.add", "SB00004", "BILL-1");
	judge_bill(&t, "already_on_bill", "BILL-1", "open", 2);
	assert_true(lane_take_back(&t.lane, code, sizeof(code)));
	assert_string_equal(code, "SB00003");
	send_bill(&t, "bill.remove", "SB00003", "BILL-1");
	judge_bill(&t, "bill_removed", "BILL-1", "open", 1);
	assert_bill(&t, TT_LANE_BILL, "BILL-1", 1);
	assert_true(lane_take_back(&t.lane, code, sizeof(code)));
	assert_string_equal(code, "SB00002");
	assert_false(lane_take_back(&t.lane, code, sizeof(code)));
	send_bill(&t, "bill.add", "SB00005", "BILL-1");
	lane_empty(&t.lane);
	assert_false(lane_take_undo(&t.lane, &t.event.event));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_and_kind_has_its_action),
		cmocka_unit_test(a_parent_and_its_children),
		cmocka_unit_test(an_undo_opens_a_closed_parent),
		cmocka_unit_test(undoing_takes_the_newest_first_and_ends),
		cmocka_unit_test(what_changed_nothing_can_not_be_undone),
		cmocka_unit_test(more_events_than_can_be_remembered),
		cmocka_unit_test(a_refused_parent_leaves_no_parent),
		cmocka_unit_test(a_refused_parent_does_not_touch_the_one_scanned_after_it),
		cmocka_unit_test(a_move_is_offered_and_anything_else_declines),
		cmocka_unit_test(nothing_is_offered_while_others_wait),
		cmocka_unit_test(a_hard_stop_stops_after_a_refusal_only),
		cmocka_unit_test(a_verdict_on_an_earlier_parent_does_not_close_this_one),
		cmocka_unit_test(a_cancelled_parent_empties_the_lane),
		cmocka_unit_test(a_bill_and_its_parents),
		cmocka_unit_test(a_refused_bill_leaves_the_lane_empty),
		cmocka_unit_test(a_verdict_on_an_earlier_bill_does_not_count_for_this_one),
		cmocka_unit_test(what_went_onto_a_bill_comes_off_newest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
