/*
 * Columns of a scan event and of the verdict on it. The operations' parameter tables pick from the
 * same fields.
 */
#include <tracetrack/event.h>

#include "fields.h"

const struct tt_column tt_event_columns[] = {
	EVENT_COMMON,
	{"code", TT_TEXT, EVENT(code), NULL, "", 0},
	{"parent", TT_TEXT, EVENT(parent), NULL, "", 0},
	{"grams", TT_GRAMS, EVENT(grams), "g", "", 0},
	{"reason", TT_TEXT, EVENT(reason), NULL, "", 0},
	{"target", TT_ID, EVENT(target), NULL, "", 0},
	{"action", TT_TEXT, EVENT(action), NULL, "", 0},
	{NULL, 0, 0, NULL, NULL, 0},
};

const struct tt_column tt_verdict_columns[] = {
	{"outcome", TT_TEXT, VERDICT(outcome), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, VERDICT(replayed), NULL,
		"the request had been answered before; this is the first answer again", TT_WIDE},
	{"event", TT_ID, VERDICT(event), NULL, "request id", TT_WIDE},
	{"code", TT_TEXT, VERDICT(code), NULL, "what was scanned", 0},
	{"parent", TT_TEXT, VERDICT(parent), NULL, "parent bag", 0},
	{"family", TT_TEXT, VERDICT(family), NULL, "code family of the parent", TT_WIDE},
	{"position", TT_INT, VERDICT(position), NULL, "place of the child in its parent", 0},
	{"children", TT_INT, VERDICT(children), NULL, "children in the parent now", 0},
	{"capacity", TT_INT, VERDICT(capacity), NULL, "children that the parent can take", 0},
	{"grams", TT_GRAMS, VERDICT(grams), "g", "weight of the parent now", 0},
	{"state", TT_TEXT, VERDICT(state), NULL, "state of the parent", 0},
	{"opened_at", TT_TIME, VERDICT(opened_at), NULL, "when the parent was opened", TT_WIDE},
	{"other", TT_TEXT, VERDICT(other), NULL, "the parent that stands in the way", 0},
	{"other_at", TT_TIME, VERDICT(other_at), NULL, "since when", TT_WIDE},
	{"other_by", TT_TEXT, VERDICT(other_by), NULL, "by whom", TT_WIDE},
	{"other_station", TT_TEXT, VERDICT(other_station), NULL, "at which station", TT_WIDE},
	{"undone", TT_TEXT, VERDICT(undone), NULL, "the action that was taken back", TT_WIDE},
	{NULL, 0, 0, NULL, NULL, 0},
};

/* What children are to a parent, parents are to a bill. */
const struct tt_column tt_bill_verdict_columns[] = {
	{"outcome", TT_TEXT, VERDICT(outcome), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, VERDICT(replayed), NULL,
		"the request had been answered before; this is the first answer again", TT_WIDE},
	{"event", TT_ID, VERDICT(event), NULL, "request id", TT_WIDE},
	{"code", TT_TEXT, VERDICT(code), NULL, "what was scanned", 0},
	{"bill", TT_TEXT, VERDICT(bill), NULL, "number of the bill", 0},
	{"position", TT_INT, VERDICT(position), NULL, "which of its parents this is", 0},
	{"parents", TT_INT, VERDICT(parents), NULL, "parents on it now", 0},
	{"capacity", TT_INT, VERDICT(capacity), NULL, "parents that it takes", 0},
	{"children", TT_INT, VERDICT(children), NULL, "children in them", 0},
	{"expected", TT_GRAMS, VERDICT(expected), "g", "what the children should weigh", 0},
	{"grams", TT_GRAMS, VERDICT(grams), "g", "the same, by scales where they said", 0},
	{"state", TT_TEXT, VERDICT(state), NULL, "state of the bill", 0},
	{"destination", TT_TEXT, VERDICT(destination), NULL, "where it goes", 0},
	{"other", TT_TEXT, VERDICT(other), NULL, "the bill or bag that stands in the way", 0},
	{"other_at", TT_TIME, VERDICT(other_at), NULL, "since when", TT_WIDE},
	{"other_by", TT_TEXT, VERDICT(other_by), NULL, "by whom", TT_WIDE},
	{"other_station", TT_TEXT, VERDICT(other_station), NULL, "at which station", TT_WIDE},
	{NULL, 0, 0, NULL, NULL, 0},
};
