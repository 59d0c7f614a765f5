/*
 * A lane: what a code means in each state (one table), and how answers move the lane.
 */
#ifndef TRACETRACK_CORE_LANE_H
#define TRACETRACK_CORE_LANE_H

#include <tracetrack/event.h>
#include <tracetrack/station.h>

#include "family.h"

enum lane_action {
	ACT_PARENT,  /* ask for scan.parent */
	ACT_CHILD,   /* ask for scan.child: of anything unknown too, the database says what it is */
	ACT_CONFIRM, /* take the offer */
	ACT_ACKNOWLEDGE, /* end a hard stop */
	ACT_DECLINE,
	ACT_LEAVE, /* empty the lane; the parent stays as it is */
	ACT_UNDO,
	ACT_FINISH,
	ACT_SHORT,
	ACT_BILL,          /* ask for bill.scan */
	ACT_BILL_ADD,      /* ask for bill.add: of anything, the database says what it is */
	ACT_BILL_BACK,     /* take the last parent off the bill */
	ACT_BILL_COMPLETE, /* ask for bill.complete */
	ACT_BILL_SHORT,    /* the same, with a reason */
	ACT_LOCK,
	ACT_BADGE,
	ACT_STOPPED, /* refused until the stop is acknowledged */
	ACT_NOTHING, /* nothing to confirm */
};

struct lane_row {
	unsigned states;     /* bit set of 1 << enum tt_lane_state */
	unsigned kinds;      /* bit set of enum family_kind */
	const char *command; /* for KIND_COMMAND: the code; NULL for any */
	enum lane_action action;
	const char *help;
};

/* First row that matches wins; ends with help NULL. */
extern const struct lane_row lane_rows[];

#define LANE_UNDO_MAX 64

struct lane {
	struct tt_lane pub;
	char last_raw[512]; /* for the double-read window */
	uint64_t last_ns;
	struct tt_uuid done[LANE_UNDO_MAX]; /* events that can be taken back, newest last */
	char done_code[LANE_UNDO_MAX][TT_CODE_TEXT]; /* what each of them was about */
	size_t ndone;
};

enum lane_action lane_action_for(const struct lane *lane, enum family_kind kind, const char *code);

/* An event was written to the outbox: the lane goes on as if it will be done. */
void lane_sent(struct lane *lane, const struct tt_event *event);
/* The verdict is there. `is_last`: no later event of this lane waits. */
void lane_judged(struct lane *lane, const struct tt_event *event, const struct tt_verdict *verdict,
	const struct tt_outcome *outcome, bool is_last, bool stops_on_refusal);
void lane_empty(struct lane *lane);
/* The newest event that can be taken back, removed from the list; false when there is none. */
bool lane_take_undo(struct lane *lane, struct tt_uuid *event);
/* The same of a lane with a bill: the code of the parent that went onto it last. */
bool lane_take_back(struct lane *lane, char *code, size_t size);

#endif
