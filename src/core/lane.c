/*
 * The table of lane states and kinds of code, and the one place where a lane changes state.
 */
#include "lane.h"

#include <string.h>
#include <strings.h>

#include <tracetrack/text.h>

#define EMPTY (1u << TT_LANE_EMPTY)
#define OPEN (1u << TT_LANE_OPEN)
#define CLOSED (1u << TT_LANE_CLOSED)
#define ASKING (1u << TT_LANE_ASKING)
#define STOPPED (1u << TT_LANE_STOPPED)
#define BILL (1u << TT_LANE_BILL)
#define ANY (EMPTY | OPEN | CLOSED | ASKING | STOPPED | BILL)

const struct lane_row lane_rows[] = {
	{ANY, KIND_COMMAND, "TT:LOCK", ACT_LOCK, "locks the station; lanes and queue stay"},
	{ANY, KIND_BADGE, NULL, ACT_BADGE, "asks for that person's password"},
	{STOPPED, KIND_COMMAND, "TT:OK", ACT_ACKNOWLEDGE, "ends the stop"},
	{STOPPED, KIND_COMMAND, "TT:CANCEL", ACT_ACKNOWLEDGE, "ends the stop"},
	{STOPPED, KIND_ANY, NULL, ACT_STOPPED, "is refused until the stop is acknowledged"},
	{ASKING, KIND_COMMAND, "TT:OK", ACT_CONFIRM, "moves the child here"},
	{ASKING, KIND_COMMAND, "TT:CANCEL", ACT_DECLINE, "leaves the child where it is"},
	{ANY, KIND_COMMAND, "TT:OK", ACT_NOTHING, "does nothing: there is nothing to confirm"},
	{BILL, KIND_COMMAND, "TT:CANCEL", ACT_LEAVE, "empties the lane; the bill stays open"},
	{BILL, KIND_COMMAND, "TT:UNDO", ACT_BILL_BACK, "takes the last parent off the bill"},
	{BILL, KIND_COMMAND, "TT:FINISH", ACT_BILL_COMPLETE, "completes the bill"},
	{BILL, KIND_COMMAND, "TT:SHORT", ACT_BILL_SHORT, "completes the bill, full or not"},
	{ANY, KIND_COMMAND, "TT:CANCEL", ACT_LEAVE, "empties the lane; the parent stays open"},
	{ANY, KIND_COMMAND, "TT:UNDO", ACT_UNDO, "takes back the last scan of this lane"},
	{ANY, KIND_COMMAND, "TT:FINISH", ACT_FINISH, "closes the parent as complete"},
	{ANY, KIND_COMMAND, "TT:SHORT", ACT_SHORT, "closes the parent short"},
	{ANY, KIND_BILL, NULL, ACT_BILL, "makes that the bill onto which parents go"},
	{BILL, KIND_ANY, NULL, ACT_BILL_ADD, "goes onto the bill, if the rules allow it"},
	{ANY, KIND_PARENT, NULL, ACT_PARENT, "opens that parent, or goes on with it"},
	{ANY, KIND_ANY, NULL, ACT_CHILD, "goes into the lane's parent, if the rules allow it"},
	{0, 0, NULL, 0, NULL},
};

enum lane_action lane_action_for(const struct lane *lane, enum family_kind kind, const char *code)
{
	const struct lane_row *row;

	for (row = lane_rows; row->help; row++) {
		if ((row->states & 1u << lane->pub.state) && (row->kinds & kind) &&
			(!row->command || strcmp(row->command, code) == 0))
			return row->action;
	}
	return ACT_CHILD;
}

static bool lane_is_action(const struct tt_event *event, const char *action)
{
	return event->action && strcmp(event->action, action) == 0;
}

static bool lane_is_parent(const struct lane *lane, const char *code)
{
	return code && *code && strcmp(lane->pub.parent, code) == 0;
}

static bool lane_is_bill(const struct lane *lane, const char *number)
{
	return number && *number && strcasecmp(lane->pub.bill, number) == 0;
}

/* What TT:UNDO takes back. What went onto a bill is forgotten with that bill. */
static bool lane_is_undoable(const struct lane *lane, const struct tt_event *event)
{
	if (lane_is_action(event, "bill.add"))
		return lane_is_bill(lane, event->parent);
	return event->action && strncmp(event->action, "scan.", 5) == 0 &&
	       !lane_is_action(event, "scan.undo");
}

void lane_empty(struct lane *lane)
{
	struct tt_lane *p = &lane->pub;

	if (*p->bill)
		lane->ndone = 0;
	p->state = TT_LANE_EMPTY;
	p->parent[0] = p->family[0] = p->offer_code[0] = p->offer_from[0] = '\0';
	p->bill[0] = p->destination[0] = '\0';
	p->is_confirmed = false;
	p->children = p->capacity = p->grams = TT_NO_INT;
	p->opened_at = TT_NO_TIME;
}

static void lane_drop(struct lane *lane, size_t i)
{
	size_t after = --lane->ndone - i;

	memmove(lane->done + i, lane->done + i + 1, after * sizeof(*lane->done));
	memmove(lane->done_code + i, lane->done_code + i + 1, after * sizeof(*lane->done_code));
}

static void lane_remember(struct lane *lane, const struct tt_event *event)
{
	if (lane->ndone == LANE_UNDO_MAX)
		lane_drop(lane, 0);
	tt_copy(lane->done_code[lane->ndone], sizeof(*lane->done_code), event->code);
	lane->done[lane->ndone++] = event->event;
}

static void lane_forget(struct lane *lane, const struct tt_uuid *event)
{
	size_t i;

	for (i = lane->ndone; i-- > 0;) {
		if (tt_uuid_is_equal(&lane->done[i], event)) {
			lane_drop(lane, i);
			return;
		}
	}
}

bool lane_take_undo(struct lane *lane, struct tt_uuid *event)
{
	if (lane->ndone == 0)
		return false;
	*event = lane->done[--lane->ndone];
	return true;
}

bool lane_take_back(struct lane *lane, char *code, size_t size)
{
	if (lane->ndone == 0)
		return false;
	tt_copy(code, size, lane->done_code[--lane->ndone]);
	return true;
}

void lane_sent(struct lane *lane, const struct tt_event *event)
{
	struct tt_lane *p = &lane->pub;

	p->queued++;
	p->scans++;
	if (p->state == TT_LANE_ASKING)
		p->state = TT_LANE_OPEN;
	p->offer_code[0] = p->offer_from[0] = '\0';
	if (lane_is_undoable(lane, event))
		lane_remember(lane, event);
	if (lane_is_action(event, "scan.parent") && !lane_is_parent(lane, event->code)) {
		lane_empty(lane);
		tt_copy(p->parent, sizeof(p->parent), event->code);
		p->state = TT_LANE_OPEN;
	}
	if (lane_is_action(event, "bill.scan") && !lane_is_bill(lane, event->parent)) {
		lane_empty(lane);
		lane->ndone = 0;
		tt_copy(p->bill, sizeof(p->bill), event->parent);
		p->state = TT_LANE_BILL;
	}
}

/* Take over what the database says of the lane's parent. */
static void lane_update_parent(struct lane *lane, const struct tt_verdict *v)
{
	struct tt_lane *p = &lane->pub;

	if (v->children != TT_NO_INT)
		p->children = v->children;
	if (v->capacity != TT_NO_INT)
		p->capacity = v->capacity;
	if (v->grams != TT_NO_INT)
		p->grams = v->grams;
	if (v->opened_at != TT_NO_TIME)
		p->opened_at = v->opened_at;
	if (v->family)
		tt_copy(p->family, sizeof(p->family), v->family);
	if (!v->state)
		return;
	p->is_confirmed = true;
	if (strcmp(v->state, "complete") == 0 || strcmp(v->state, "short") == 0)
		p->state = TT_LANE_CLOSED;
	else if (strcmp(v->state, "open") != 0)
		lane_empty(lane);
	else if (p->state == TT_LANE_CLOSED || p->state == TT_LANE_EMPTY)
		p->state = TT_LANE_OPEN;
}

/* The same of the lane's bill. */
static void lane_update_bill(struct lane *lane, const struct tt_verdict *v)
{
	struct tt_lane *p = &lane->pub;

	if (!v->state)
		return;
	p->is_confirmed = true;
	p->children = v->parents;
	p->capacity = v->capacity;
	p->grams = v->grams;
	tt_copy(p->bill, sizeof(p->bill), v->bill);
	tt_copy(p->destination, sizeof(p->destination), v->destination);
	if (strcmp(v->state, "completed") == 0 || strcmp(v->state, "cancelled") == 0)
		p->state = TT_LANE_CLOSED;
	else if (p->state == TT_LANE_CLOSED)
		p->state = TT_LANE_BILL;
}

/* The lane's parent was refused: children that follow must not go anywhere else by mistake. */
static void lane_refused(struct lane *lane, const struct tt_event *event,
	const struct tt_verdict *v, const struct tt_outcome *outcome, bool is_last, bool stops)
{
	struct tt_lane *p = &lane->pub;

	p->refused++;
	lane_forget(lane, &event->event);
	if (lane_is_action(event, "scan.parent") && lane_is_parent(lane, event->code)) {
		lane_empty(lane);
	} else if (lane_is_action(event, "bill.scan") && lane_is_bill(lane, event->parent)) {
		lane_empty(lane);
	} else if (strcmp(outcome->name, "in_other_parent") == 0 && is_last && v->other) {
		p->state = TT_LANE_ASKING;
		tt_copy(p->offer_code, sizeof(p->offer_code), event->code);
		tt_copy(p->offer_from, sizeof(p->offer_from), v->other);
	}
	if (stops && is_last)
		p->state = TT_LANE_STOPPED;
}

void lane_judged(struct lane *lane, const struct tt_event *event, const struct tt_verdict *v,
	const struct tt_outcome *outcome, bool is_last, bool stops_on_refusal)
{
	if (lane->pub.queued > 0)
		lane->pub.queued--;
	if (lane_is_parent(lane, v->parent))
		lane_update_parent(lane, v);
	else if (lane_is_bill(lane, v->bill))
		lane_update_bill(lane, v);
	if (outcome->cls == TT_CLASS_REFUSED || outcome->cls == TT_CLASS_TROUBLE)
		lane_refused(lane, event, v, outcome, is_last, stops_on_refusal);
	else if (outcome->cls == TT_CLASS_AGAIN || strcmp(outcome->name, "resumed") == 0)
		lane_forget(lane, &event->event);
}
