/*
 * Lanes: what a code means in each state, and how verdicts move a lane.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include <tracetrack/clock.h>

#include "../../src/core/lane.h"

static struct lane lane;

static int lane_setup(void **state)
{
	(void)state;
	memset(&lane, 0, sizeof(lane));
	lane_empty(&lane);
	return 0;
}

static void every_kind_means_something_in_every_state(void **state)
{
	static const struct {
		enum tt_lane_state state;
		enum family_kind kind;
		const char *code;
		enum lane_action action;
	} rows[] = {
		{TT_LANE_EMPTY, KIND_PARENT, "SB00001", ACT_PARENT},
		{TT_LANE_EMPTY, KIND_CHILD, "CH1", ACT_CHILD},
		{TT_LANE_EMPTY, KIND_UNKNOWN, "?", ACT_CHILD},
		{TT_LANE_OPEN, KIND_PARENT, "SB00001", ACT_PARENT},
		{TT_LANE_OPEN, KIND_CHILD, "CH1", ACT_CHILD},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:OK", ACT_NOTHING},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:CANCEL", ACT_LEAVE},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:UNDO", ACT_UNDO},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:FINISH", ACT_FINISH},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:SHORT", ACT_SHORT},
		{TT_LANE_OPEN, KIND_COMMAND, "TT:LOCK", ACT_LOCK},
		{TT_LANE_OPEN, KIND_BADGE, "TT:USER:ASHA", ACT_BADGE},
		{TT_LANE_CLOSED, KIND_CHILD, "CH1", ACT_CHILD},
		{TT_LANE_CLOSED, KIND_COMMAND, "TT:UNDO", ACT_UNDO},
		{TT_LANE_ASKING, KIND_COMMAND, "TT:OK", ACT_CONFIRM},
		{TT_LANE_ASKING, KIND_COMMAND, "TT:CANCEL", ACT_DECLINE},
		{TT_LANE_ASKING, KIND_CHILD, "CH2", ACT_CHILD},
		{TT_LANE_ASKING, KIND_PARENT, "SB00002", ACT_PARENT},
		{TT_LANE_STOPPED, KIND_CHILD, "CH2", ACT_STOPPED},
		{TT_LANE_STOPPED, KIND_PARENT, "SB00002", ACT_STOPPED},
		{TT_LANE_STOPPED, KIND_COMMAND, "TT:FINISH", ACT_STOPPED},
		{TT_LANE_STOPPED, KIND_COMMAND, "TT:OK", ACT_ACKNOWLEDGE},
		{TT_LANE_STOPPED, KIND_COMMAND, "TT:CANCEL", ACT_ACKNOWLEDGE},
		{TT_LANE_STOPPED, KIND_COMMAND, "TT:LOCK", ACT_LOCK},
		{TT_LANE_STOPPED, KIND_BADGE, "TT:USER:ASHA", ACT_BADGE},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		lane.pub.state = rows[i].state;
		assert_int_equal(lane_action_for(&lane, rows[i].kind, rows[i].code),
			rows[i].action);
	}
}

static struct tt_event lane_event(const char *action, const char *code, const char *parent)
{
	struct tt_event e;

	memset(&e, 0, sizeof(e));
	tt_columns_init(tt_event_columns, &e);
	e.event = tt_uuid_v7();
	e.action = (char *)(uintptr_t)action;
	e.code = (char *)(uintptr_t)code;
	e.parent = (char *)(uintptr_t)parent;
	return e;
}

/* Send an event and judge it; the verdict's parent is `parent`. */
static struct tt_event lane_play(const char *action, const char *code, const char *parent,
	const char *outcome, const char *parent_state, int64_t children, bool stops)
{
	struct tt_event e = lane_event(action, code, parent);
	struct tt_verdict v;

	memset(&v, 0, sizeof(v));
	tt_columns_init(tt_verdict_columns, &v);
	v.outcome = (char *)(uintptr_t)outcome;
	v.parent = (char *)(uintptr_t)parent;
	v.state = (char *)(uintptr_t)parent_state;
	v.children = children;
	v.capacity = 30;
	v.other = (char *)(uintptr_t)"SB99999";
	lane_sent(&lane, &e);
	lane_judged(&lane, &e, &v, tt_outcome_find(outcome), true, stops);
	return e;
}

static void a_story_from_parent_to_complete(void **state)
{
	struct tt_event parent, child;
	struct tt_uuid undo;

	(void)state;
	parent = lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 0, false);
	assert_int_equal(lane.pub.state, TT_LANE_OPEN);
	assert_true(lane.pub.is_confirmed);
	assert_string_equal(lane.pub.parent, "SB00001");
	lane_play("scan.child", "CH1", "SB00001", "linked", "open", 1, false);
	child = lane_play("scan.child", "CH2", "SB00001", "completed", "complete", 30, false);
	assert_int_equal(lane.pub.state, TT_LANE_CLOSED);
	assert_int_equal(lane.pub.children, 30);
	assert_int_equal(lane.pub.queued, 0);
	assert_true(lane_take_undo(&lane, &undo));
	assert_true(tt_uuid_is_equal(&undo, &child.event));
	lane_play("scan.undo", NULL, "SB00001", "undone", "open", 29, false);
	assert_int_equal(lane.pub.state, TT_LANE_OPEN);
	assert_true(lane_take_undo(&lane, &undo));
	assert_true(lane_take_undo(&lane, &undo));
	assert_true(tt_uuid_is_equal(&undo, &parent.event));
	assert_false(lane_take_undo(&lane, &undo));
}

/* Children that follow a refused parent must not land in the one before it. */
static void a_refused_parent_empties_the_lane(void **state)
{
	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 0, false);
	lane_play("scan.parent", "SB00002", NULL, "wrong_area", NULL, TT_NO_INT, false);
	assert_int_equal(lane.pub.state, TT_LANE_EMPTY);
	assert_string_equal(lane.pub.parent, "");
	assert_int_equal(lane.pub.refused, 1);
}

static void before_the_verdict_the_lane_goes_on_with_the_new_parent(void **state)
{
	struct tt_event e = lane_event("scan.parent", "SB00002", NULL);

	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 5, false);
	lane_sent(&lane, &e);
	assert_string_equal(lane.pub.parent, "SB00002");
	assert_false(lane.pub.is_confirmed);
	assert_true(lane.pub.children == TT_NO_INT);
	assert_int_equal(lane.pub.queued, 1);
}

static void a_child_of_another_parent_makes_an_offer(void **state)
{
	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 0, false);
	lane_play("scan.child", "CH9", "SB00001", "in_other_parent", "open", 0, false);
	assert_int_equal(lane.pub.state, TT_LANE_ASKING);
	assert_string_equal(lane.pub.offer_code, "CH9");
	assert_string_equal(lane.pub.offer_from, "SB99999");
	lane_play("scan.child", "CH10", "SB00001", "linked", "open", 1, false);
	assert_int_equal(lane.pub.state, TT_LANE_OPEN);
	assert_string_equal(lane.pub.offer_code, "");
}

static void a_site_may_stop_at_refusals(void **state)
{
	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 0, true);
	lane_play("scan.child", "CH1", "SB00001", "already_in_parent", "open", 1, true);
	assert_int_equal(lane.pub.state, TT_LANE_OPEN);
	lane_play("scan.child", "CH9", "SB00001", "in_other_parent", "open", 1, true);
	assert_int_equal(lane.pub.state, TT_LANE_STOPPED);
}

static void what_changed_nothing_cannot_be_taken_back(void **state)
{
	struct tt_uuid undo;

	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "resumed", "open", 3, false);
	lane_play("scan.child", "CH1", "SB00001", "already_in_parent", "open", 3, false);
	lane_play("scan.child", "CH9", "SB00001", "in_other_parent", "open", 3, false);
	assert_false(lane_take_undo(&lane, &undo));
}

/* A verdict on a bag that the lane has left says nothing of the lane. */
static void a_late_verdict_leaves_the_lane_alone(void **state)
{
	struct tt_event late = lane_event("scan.child", "CH1", "SB00001");
	struct tt_verdict v;

	(void)state;
	lane_play("scan.parent", "SB00001", "SB00001", "opened", "open", 0, false);
	lane_sent(&lane, &late);
	lane_play("scan.parent", "SB00002", "SB00002", "opened", "open", 0, false);
	memset(&v, 0, sizeof(v));
	tt_columns_init(tt_verdict_columns, &v);
	v.parent = (char *)(uintptr_t)"SB00001";
	v.state = (char *)(uintptr_t)"complete";
	v.children = 30;
	lane_judged(&lane, &late, &v, tt_outcome_find("completed"), false, false);
	assert_string_equal(lane.pub.parent, "SB00002");
	assert_int_equal(lane.pub.state, TT_LANE_OPEN);
	assert_int_equal(lane.pub.children, 0);
}

#define LANE_TEST(f) cmocka_unit_test_setup(f, lane_setup)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		LANE_TEST(every_kind_means_something_in_every_state),
		LANE_TEST(a_story_from_parent_to_complete),
		LANE_TEST(a_refused_parent_empties_the_lane),
		LANE_TEST(before_the_verdict_the_lane_goes_on_with_the_new_parent),
		LANE_TEST(a_child_of_another_parent_makes_an_offer),
		LANE_TEST(a_site_may_stop_at_refusals),
		LANE_TEST(what_changed_nothing_cannot_be_taken_back),
		LANE_TEST(a_late_verdict_leaves_the_lane_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
