/*
 * A scan event: what a station wants to be recorded. It is written to the outbox first and sent
 * from there; its id is the request id, so sending it again is harmless.
 */
#ifndef TRACETRACK_EVENT_H
#define TRACETRACK_EVENT_H

#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>

/* Parameters of every operation with TT_OP_EVENT; each takes the ones it needs. */
struct tt_event {
	char *token; /* of the session that sends it; never stored */
	struct tt_uuid event;
	int64_t epoch; /* of the outbox; with seq: a gap is a lost scan */
	int64_t seq;
	tt_time at;      /* when it was scanned, by the station's clock */
	int64_t session; /* of the person who scanned it */
	char *device;
	int64_t lane;
	int64_t offline; /* 1: it was shown as queued before the database answered */
	char *code;
	char *parent; /* what the code goes into: a parent, or a bill */
	int64_t grams;
	char *reason;
	struct tt_uuid target; /* of an undo */
	char *action;          /* the operation's name, "scan.child"; not a parameter */
	int64_t place;         /* in the outbox's order, over all epochs; not a parameter */
};
/* All fields, for storing and freeing. */
extern const struct tt_column tt_event_columns[];

/* The database's answer to an event. */
struct tt_verdict {
	char *outcome;
	int64_t replayed;
	struct tt_uuid event;
	char *code;
	char *parent;
	char *family;
	int64_t position, children, capacity;
	int64_t grams; /* of the parent and what is in it */
	char *state;   /* of the parent */
	tt_time opened_at;
	char *other; /* what stands in the way: a parent, and when, by whom, where */
	tt_time other_at;
	char *other_by;
	char *other_station;
	char *undone; /* the action that was undone */
	/* Of events about a bill; capacity, grams and state are the bill's then. */
	char *bill, *destination;
	int64_t parents, expected;
};
extern const struct tt_column tt_verdict_columns[];
extern const struct tt_column tt_bill_verdict_columns[];

#endif
