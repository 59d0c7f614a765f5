/* Column rows that several tables of src/core share. */
#ifndef TRACETRACK_CORE_FIELDS_H
#define TRACETRACK_CORE_FIELDS_H

#include <tracetrack/event.h>

/* A field of up to 16 bytes, by number. */
#define SLOT(n) (16 * (size_t)(n))
#define SLOTS(n) (16 * (size_t)(n))
/* clang-format off */
#define END {NULL, 0, 0, NULL, NULL, 0}
#define TOKEN {"token", TT_SECRET, SLOT(0), NULL, "session", TT_HIDDEN}
/* clang-format on */
#define MUST (TT_REQUIRED | TT_POSITIONAL)

#define EVENT(field) offsetof(struct tt_event, field)
#define VERDICT(field) offsetof(struct tt_verdict, field)

/* clang-format off */
/* What every scan event carries; parameters of all functions of sql/api/scan.sql. */
#define EVENT_COMMON                                                                               \
	{"token", TT_SECRET, EVENT(token), NULL, "session", TT_HIDDEN},                            \
	{"event", TT_ID, EVENT(event), NULL,                                                       \
		"request id; the same id again gives the first answer again", 0},                  \
	{"epoch", TT_INT, EVENT(epoch), NULL, "outbox of the station", TT_HIDDEN},                 \
	{"seq", TT_INT, EVENT(seq), NULL, "number in that outbox", TT_HIDDEN},                     \
	{"at", TT_TIME, EVENT(at), NULL, "when it was scanned", TT_HIDDEN},                        \
	{"session", TT_INT, EVENT(session), NULL, "session of the person", TT_HIDDEN},             \
	{"device", TT_TEXT, EVENT(device), NULL, "scanner", TT_HIDDEN},                            \
	{"lane", TT_INT, EVENT(lane), NULL, "lane", TT_HIDDEN},                                    \
	{"offline", TT_BOOL, EVENT(offline), NULL, "it was queued", TT_HIDDEN}
/* clang-format on */

#endif
