/*
 * The operations, one row each, and their columns. Results that only pass through are kept in
 * numbered slots; those that the engine reads have structs in wire.h and event.h.
 */
#include <tracetrack/operation.h>

#include "fields.h"
#include "people_columns.h"
#include "reading.h"
#include "wire.h"

/* Tables from here to the end. */
/* clang-format off */
#define CODE(what, flag) {"code", TT_TEXT, EVENT(code), NULL, what, flag}
#define PARENT(flag) {"parent", TT_TEXT, EVENT(parent), NULL, "code of the parent", flag}

static const struct tt_column params_scan_parent[] = {
	EVENT_COMMON, CODE("code of the parent", MUST), END};
static const struct tt_column params_scan_child[] = {EVENT_COMMON, CODE("code of the child", MUST),
	PARENT(TT_POSITIONAL),
	{"grams", TT_GRAMS, EVENT(grams), "g", "measured weight of the child", 0}, END};
static const struct tt_column params_scan_finish[] = {EVENT_COMMON, PARENT(MUST), END};
static const struct tt_column params_scan_short[] = {EVENT_COMMON, PARENT(MUST),
	{"reason", TT_TEXT, EVENT(reason), NULL, "why it is closed with fewer children", MUST},
	END};
static const struct tt_column params_scan_undo[] = {EVENT_COMMON,
	{"target", TT_ID, EVENT(target), NULL, "request id of the scan to take back", MUST}, END};
static const struct tt_column params_scan_relink[] = {EVENT_COMMON,
	CODE("code of the child", MUST), PARENT(MUST), END};
static const struct tt_column params_scan_remove[] = {
	EVENT_COMMON, CODE("code of the child", MUST), END};

#define BILL(flag) {"bill", TT_TEXT, EVENT(parent), NULL, "number of the bill", flag}
#define BILL_REASON(what, flag) {"reason", TT_TEXT, EVENT(reason), NULL, what, flag}
static const struct tt_column params_bill_scan[] = {EVENT_COMMON, BILL(MUST), END};
static const struct tt_column params_bill_add[] = {
	EVENT_COMMON, CODE("code of the parent", MUST), BILL(MUST), END};
static const struct tt_column params_bill_manual[] = {EVENT_COMMON,
	CODE("code of the parent", MUST), BILL(MUST),
	BILL_REASON("why its label could not be scanned", MUST), END};
static const struct tt_column params_bill_remove[] = {
	EVENT_COMMON, CODE("code of the parent", MUST), BILL(TT_POSITIONAL), END};
static const struct tt_column params_bill_complete[] = {EVENT_COMMON, BILL(MUST),
	BILL_REASON("why it is completed though it is not full", TT_POSITIONAL), END};

static const struct tt_column params_token[] = {TOKEN, END};
static const struct tt_column params_token_code[] = {
	TOKEN, {"code", TT_TEXT, SLOT(1), NULL, "code of a bag", MUST}, END};

#define WIRE(s, field) offsetof(struct wire_##s, field)
static const struct tt_column result_version[] = {
	{"schema", TT_INT, WIRE(version, schema), NULL, "number of the last migration", 0},
	{"server_time", TT_TIME, WIRE(version, server_time), NULL, "the server's clock", 0},
	{"name", TT_TEXT, WIRE(version, name), NULL, "database", 0},
	{"stress_allowed", TT_BOOL, WIRE(version, stress_allowed), NULL,
		"load generators may write to it", 0}, END};
static const struct tt_column result_site[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"zone", TT_TEXT, SLOT(1), NULL, "time zone of the business day", 0},
	{"day", TT_TEXT, SLOT(2), NULL, "the business day that it is", 0}, END};
static const struct tt_column result_challenge[] = {
	{"salt", TT_TEXT, WIRE(challenge, salt), NULL, "salt in hex", 0},
	{"ops", TT_INT, WIRE(challenge, ops), NULL, "Argon2id passes", 0},
	{"mem", TT_INT, WIRE(challenge, mem), "B", "Argon2id memory", 0},
	{"alg", TT_TEXT, WIRE(challenge, alg), NULL, "algorithm", 0}, END};
static const struct tt_column result_login[] = {
	{"outcome", TT_TEXT, WIRE(login, outcome), NULL, "what it came to", 0},
	{"token", TT_SECRET, WIRE(login, token), NULL, "session token", 0},
	{"session", TT_INT, WIRE(login, session), NULL, "session", 0},
	{"login", TT_TEXT, WIRE(login, login), NULL, "login name", 0},
	{"name", TT_TEXT, WIRE(login, name), NULL, "name", 0},
	{"role", TT_TEXT, WIRE(login, role), NULL, "role", 0},
	{"area", TT_TEXT, WIRE(login, area), NULL, "area", 0},
	{"expires_at", TT_TIME, WIRE(login, expires_at), NULL, "end of the session", 0},
	{"retry_after", TT_INT, WIRE(login, retry_after), "s", "locked out for so long", 0},
	{"station", TT_TEXT, WIRE(login, station), NULL, "station", 0},
	{"double_read_ms", TT_INT, WIRE(login, double_read_ms), "ms", "double-read window", 0},
	{"hard_stop", TT_BOOL, WIRE(login, hard_stop), NULL, "refusals stop the lane", 0},
	{"schema", TT_INT, WIRE(login, schema), NULL, "number of the last migration", 0}, END};
static const struct tt_column result_outcome[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0}, END};
static const struct tt_column result_unlock[] = {
	{"outcome", TT_TEXT, WIRE(unlock, outcome), NULL, "what it came to", 0},
	{"retry_after", TT_INT, WIRE(unlock, retry_after), "s", "locked out for so long", 0}, END};

#define LOOKUP_COLUMNS                                                                             \
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},                                 \
	{"code", TT_TEXT, SLOT(1), NULL, "code", 0},                                               \
	{"role", TT_TEXT, SLOT(2), NULL, "parent, child or bill", 0},                              \
	{"family", TT_TEXT, SLOT(3), NULL, "code family", 0},                                      \
	{"state", TT_TEXT, SLOT(4), NULL, "state", 0},                                             \
	{"area", TT_TEXT, SLOT(5), NULL, "area", 0},                                               \
	{"parent", TT_TEXT, SLOT(6), NULL, "parent of a child", 0},                                \
	{"position", TT_INT, SLOT(7), NULL, "place in the parent", 0},                             \
	{"children", TT_INT, SLOT(8), NULL, "children of a parent", 0},                            \
	{"capacity", TT_INT, SLOT(9), NULL, "children that it can take", 0},                       \
	{"grams", TT_GRAMS, SLOT(10), "g", "weight", 0},                                           \
	{"opened_at", TT_TIME, SLOT(11), NULL, "when it was opened or first seen", TT_WIDE},       \
	{"opened_by", TT_TEXT, SLOT(12), NULL, "by whom", TT_WIDE},                                \
	{"closed_at", TT_TIME, SLOT(13), NULL, "when it was closed", TT_WIDE},                     \
	{"closed_by", TT_TEXT, SLOT(14), NULL, "by whom", TT_WIDE},                                \
	{"bill", TT_TEXT, SLOT(18), NULL, "bill that a parent is on", 0}
static const struct tt_column result_lookup[] = {LOOKUP_COLUMNS,
	{"near", TT_JSON, SLOT(15), NULL, "codes like it, when it is unknown", TT_WIDE}, END};
static const struct tt_column result_bag[] = {LOOKUP_COLUMNS,
	{"children_list", TT_JSON, SLOT(15), NULL, "its children", TT_WIDE},
	{"timeline", TT_JSON, SLOT(16), NULL, "all that happened to it, newest first", TT_WIDE},
	{"near", TT_JSON, SLOT(17), NULL, "codes like it, when it is unknown", TT_WIDE}, END};

static const struct tt_column result_family[] = {
	{"name", TT_TEXT, WIRE(family, name), NULL, "name", 0},
	{"role", TT_TEXT, WIRE(family, role), NULL, "parent, child, bill, badge or command", 0},
	{"pattern", TT_TEXT, WIRE(family, pattern), NULL, "POSIX extended regular expression", 0},
	{"example", TT_TEXT, WIRE(family, example), NULL, "a code of it", 0},
	{"capacity", TT_INT, WIRE(family, capacity), NULL, "children of a parent", 0},
	{"child_grams", TT_GRAMS, WIRE(family, child_grams), "g", "weight of a child", 0},
	{"active", TT_BOOL, WIRE(family, active), NULL, "in use", 0}, END};
static const struct tt_column result_right[] = {
	{"name", TT_TEXT, SLOT(0), NULL, "right", 0}, END};
static const struct tt_column result_area[] = {
	{"code", TT_TEXT, SLOT(0), NULL, "code", 0}, {"name", TT_TEXT, SLOT(1), NULL, "name", 0},
	{"state", TT_TEXT, SLOT(2), NULL, "active or retired", 0}, END};
static const struct tt_column result_station[] = {
	{"name", TT_TEXT, SLOT(0), NULL, "name", 0}, {"area", TT_TEXT, SLOT(1), NULL, "area", 0},
	{"state", TT_TEXT, SLOT(2), NULL, "enabled or retired", 0},
	{"version", TT_TEXT, SLOT(3), NULL, "version of its program", 0},
	{"last_seen", TT_TIME, SLOT(4), NULL, "last login", 0},
	{"double_read_ms", TT_INT, SLOT(5), "ms", "double-read window", 0},
	{"hard_stop", TT_BOOL, SLOT(6), NULL, "refusals stop the lane", 0},
	{"sounds", TT_BOOL, SLOT(7), NULL, "it may beep", TT_WIDE}, END};

static const struct tt_column result_stats_station[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"scans", TT_INT, SLOT(1), NULL, "scans of this station today", 0},
	{"parents", TT_INT, SLOT(2), NULL, "parents opened today", 0},
	{"refused", TT_INT, SLOT(3), NULL, "refused today", 0},
	{"last_hour", TT_INT, SLOT(4), NULL, "scans in the last hour", 0}, END};
static const struct tt_column result_stats_counters[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"scans", TT_INT, SLOT(1), NULL, "scans, whatever came of them", 0},
	{"done", TT_INT, SLOT(2), NULL, "scans that were done", 0},
	{"again", TT_INT, SLOT(3), NULL, "scans of what was done already", 0},
	{"refused", TT_INT, SLOT(4), NULL, "scans that were refused", 0},
	{"linked", TT_INT, SLOT(5), NULL, "children put into parents", 0},
	{"undone", TT_INT, SLOT(6), NULL, "scans taken back", 0},
	{"relinked", TT_INT, SLOT(7), NULL, "children moved", 0},
	{"removed", TT_INT, SLOT(8), NULL, "children taken out", 0},
	{"parents_open", TT_INT, SLOT(9), NULL, "parents that are open", 0},
	{"parents_complete", TT_INT, SLOT(10), NULL, "parents that are complete", 0},
	{"parents_short", TT_INT, SLOT(11), NULL, "parents that were closed short", 0},
	{"children_linked", TT_INT, SLOT(12), NULL, "children in parents now", 0}, END};

#define REQUEST {"event", TT_ID, SLOT(1), NULL, "request id", 0}
#define NUMBER {"bill", TT_TEXT, SLOT(2), NULL, "number of the bill", MUST}
#define BILL_FACTS(number, flag)                                                                   \
	{"destination", TT_TEXT, SLOT(number), NULL, "where it goes", flag},                       \
	{"vehicle", TT_TEXT, SLOT((number) + 1), NULL, "number plate of the truck", 0},            \
	{"capacity", TT_INT, SLOT((number) + 2), NULL, "parents that it takes, 1 to 100", flag}
static const struct tt_column params_bill_create[] = {TOKEN, REQUEST,
	{"number", TT_TEXT, SLOT(2), NULL, "its number; issued when not given", 0},
	BILL_FACTS(3, TT_REQUIRED), END};
static const struct tt_column params_bill_edit[] = {TOKEN, REQUEST, NUMBER, BILL_FACTS(3, 0), END};
static const struct tt_column params_bill_reason[] = {
	TOKEN, REQUEST, NUMBER, {"reason", TT_TEXT, SLOT(3), NULL, "why", MUST}, END};
static const struct tt_column params_bill_list[] = {TOKEN,
	{"state", TT_TEXT, SLOT(1), NULL, "open, completed, reopened or cancelled", 0},
	{"by", TT_TEXT, SLOT(2), NULL, "made by that login", 0},
	{"since", TT_TIME, SLOT(3), NULL, "made at that time or later", 0},
	{"until", TT_TIME, SLOT(4), NULL, "made before that time", 0},
	{"after", TT_TEXT, SLOT(5), NULL, "go on after the bill of that number", 0},
	{"limit", TT_INT, SLOT(6), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column params_bill_search[] = {TOKEN,
	{"text", TT_TEXT, SLOT(1), NULL, "a number, or a part of number, destination or vehicle",
		MUST},
	{"after", TT_TEXT, SLOT(2), NULL, "go on after the bill of that number", 0},
	{"limit", TT_INT, SLOT(3), NULL, "rows at most, 1 to 100; 20 when not given", 0}, END};
static const struct tt_column params_bill[] = {
	TOKEN, {"bill", TT_TEXT, SLOT(1), NULL, "number of the bill", MUST}, END};
static const struct tt_column params_bill_summary[] = {TOKEN,
	{"from", TT_TEXT, SLOT(1), NULL, "first day, today when not given", 0},
	{"to", TT_TEXT, SLOT(2), NULL, "last day, today when not given", 0}, END};

#define TICKET {"ticket", TT_TEXT, SLOT(2), NULL, "number of the ticket", MUST}
static const struct tt_column params_return_open[] = {TOKEN, REQUEST,
	{"location", TT_TEXT, SLOT(2), NULL, "where the goods come back", MUST},
	{"notes", TT_TEXT, SLOT(3), NULL, "what else there is to say", 0}, END};
static const struct tt_column params_return_bag[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(3), NULL, "code of the parent", MUST}, TICKET, END};
static const struct tt_column params_return_commit[] = {TOKEN, REQUEST, TICKET, END};
static const struct tt_column params_return_cancel[] = {
	TOKEN, REQUEST, TICKET, {"reason", TT_TEXT, SLOT(3), NULL, "why", MUST}, END};
static const struct tt_column params_return_list[] = {TOKEN,
	{"state", TT_TEXT, SLOT(1), NULL, "open, committed or cancelled", 0},
	{"after", TT_TEXT, SLOT(2), NULL, "go on after the ticket of that number", 0},
	{"limit", TT_INT, SLOT(3), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column params_ticket[] = {
	TOKEN, {"ticket", TT_TEXT, SLOT(1), NULL, "number of the ticket", MUST}, END};
static const struct tt_column params_bag_weigh[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(2), NULL, "code of a bag", MUST},
	{"grams", TT_GRAMS, SLOT(3), "g", "what the scale says", MUST}, END};
static const struct tt_column params_bag_cancel[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(2), NULL, "code of a bag", MUST},
	{"reason", TT_TEXT, SLOT(3), NULL, "why", MUST}, END};

#define IN_THE_WAY(first, what)                                                                    \
	{"other", TT_TEXT, SLOT(first), NULL, what, 0},                                            \
	{"other_at", TT_TIME, SLOT((first) + 1), NULL, "since when", TT_WIDE},                     \
	{"other_by", TT_TEXT, SLOT((first) + 2), NULL, "by whom", TT_WIDE},                        \
	{"other_station", TT_TEXT, SLOT((first) + 3), NULL, "at which station", TT_WIDE}
#define ANSWERED                                                                                   \
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},                                 \
	{"replayed", TT_BOOL, SLOT(1), NULL,                                                       \
		"the request had been answered before; this is the first answer again", TT_WIDE},  \
	{"event", TT_ID, SLOT(2), NULL, "request id", TT_WIDE}
static const struct tt_column result_return[] = {ANSWERED,
	{"ticket", TT_TEXT, SLOT(3), NULL, "number of the ticket", 0},
	{"location", TT_TEXT, SLOT(4), NULL, "where the goods come back", 0},
	{"state", TT_TEXT, SLOT(5), NULL, "open, committed or cancelled", 0},
	{"bags", TT_INT, SLOT(6), NULL, "parents on it", 0},
	{"grams", TT_GRAMS, SLOT(7), "g", "what they weigh", 0},
	{"code", TT_TEXT, SLOT(8), NULL, "what was scanned", 0},
	IN_THE_WAY(9, "the bill that the parent is on, or what stands in the way"), END};
static const struct tt_column result_bag_changed[] = {ANSWERED,
	{"code", TT_TEXT, SLOT(3), NULL, "code", 0},
	{"role", TT_TEXT, SLOT(4), NULL, "parent or child", 0},
	{"state", TT_TEXT, SLOT(5), NULL, "state", 0},
	{"parent", TT_TEXT, SLOT(6), NULL, "parent of a child", 0},
	{"bill", TT_TEXT, SLOT(7), NULL, "bill that a parent is on", 0},
	{"children", TT_INT, SLOT(8), NULL, "children of a parent", 0},
	{"grams", TT_GRAMS, SLOT(9), "g", "weight", 0},
	IN_THE_WAY(10, "what stands in the way"), END};

#define TICKET_COLUMNS(first)                                                                      \
	{"ticket", TT_TEXT, SLOT(first), NULL, "number", 0},                                       \
	{"state", TT_TEXT, SLOT((first) + 1), NULL, "open, committed or cancelled", 0},            \
	{"location", TT_TEXT, SLOT((first) + 2), NULL, "where the goods come back", 0},            \
	{"bags", TT_INT, SLOT((first) + 3), NULL, "parents on it", 0},                             \
	{"grams", TT_GRAMS, SLOT((first) + 4), "g", "what they weigh", 0},                         \
	{"opened_at", TT_TIME, SLOT((first) + 5), NULL, "when it was opened", 0},                  \
	{"opened_by", TT_TEXT, SLOT((first) + 6), NULL, "by whom", 0},                             \
	{"closed_at", TT_TIME, SLOT((first) + 7), NULL, "when it was committed or cancelled", 0},  \
	{"closed_by", TT_TEXT, SLOT((first) + 8), NULL, "by whom", 0},                             \
	{"notes", TT_TEXT, SLOT((first) + 9), NULL, "what else there is to say", TT_WIDE},         \
	{"reason", TT_TEXT, SLOT((first) + 10), NULL, "why cancelled", TT_WIDE}
static const struct tt_column result_return_list[] = {TICKET_COLUMNS(0), END};
static const struct tt_column result_return_show[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0}, TICKET_COLUMNS(1),
	{"bags_list", TT_JSON, SLOT(12), NULL, "its parents, and the bill of each", TT_WIDE}, END};

#define BILL_COLUMNS(first)                                                                        \
	{"bill", TT_TEXT, SLOT(first), NULL, "number", 0},                                         \
	{"state", TT_TEXT, SLOT((first) + 1), NULL, "open, completed, reopened or cancelled", 0},  \
	{"destination", TT_TEXT, SLOT((first) + 2), NULL, "where it goes", 0},                     \
	{"vehicle", TT_TEXT, SLOT((first) + 3), NULL, "number plate of the truck", 0},             \
	{"parents", TT_INT, SLOT((first) + 4), NULL, "parents on it", 0},                          \
	{"capacity", TT_INT, SLOT((first) + 5), NULL, "parents that it takes", 0},                 \
	{"children", TT_INT, SLOT((first) + 6), NULL, "children in them", 0},                      \
	{"expected", TT_GRAMS, SLOT((first) + 7), "g", "what the children should weigh", 0},       \
	{"grams", TT_GRAMS, SLOT((first) + 8), "g", "the same, by scales where they said", 0},     \
	{"created_at", TT_TIME, SLOT((first) + 9), NULL, "when it was made", 0},                   \
	{"created_by", TT_TEXT, SLOT((first) + 10), NULL, "by whom", 0},                           \
	{"completed_at", TT_TIME, SLOT((first) + 11), NULL, "when it was completed", 0},           \
	{"completed_by", TT_TEXT, SLOT((first) + 12), NULL, "by whom", 0},                         \
	{"reason", TT_TEXT, SLOT((first) + 13), NULL, "why reopened, cancelled, or not full",      \
		TT_WIDE}
static const struct tt_column result_bill_list[] = {BILL_COLUMNS(0), END};
static const struct tt_column result_bill_show[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0}, BILL_COLUMNS(1),
	{"parents_list", TT_JSON, SLOT(15), NULL, "its parents", TT_WIDE},
	{"timeline", TT_JSON, SLOT(16), NULL, "all that happened to it, newest first", TT_WIDE},
	END};
static const struct tt_column result_bill_weights[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"bill", TT_TEXT, SLOT(1), NULL, "number", 0},
	{"state", TT_TEXT, SLOT(2), NULL, "state", 0},
	{"parents", TT_INT, SLOT(3), NULL, "parents on it", 0},
	{"weighed", TT_INT, SLOT(4), NULL, "of them on a scale", 0},
	{"children", TT_INT, SLOT(5), NULL, "children in them", 0},
	{"expected", TT_GRAMS, SLOT(6), "g", "what the children should weigh", 0},
	{"grams", TT_GRAMS, SLOT(7), "g", "the same, by scales where they said", 0},
	{"difference", TT_GRAMS, SLOT(8), "g", "how much more that is", 0}, END};
static const struct tt_column result_bill_states[] = {
	{"state", TT_TEXT, SLOT(0), NULL, "open, completed, reopened or cancelled", 0},
	{"bills", TT_INT, SLOT(1), NULL, "bills", 0},
	{"parents", TT_INT, SLOT(2), NULL, "parents on them", 0},
	{"children", TT_INT, SLOT(3), NULL, "children in these", 0},
	{"expected", TT_GRAMS, SLOT(4), "g", "weight by the children", 0},
	{"grams", TT_GRAMS, SLOT(5), "g", "weight by the scales", 0}, END};
static const struct tt_column result_bill_summary[] = {
	{"day", TT_TEXT, SLOT(0), NULL, "business day", 0},
	{"login", TT_TEXT, SLOT(1), NULL, "who", 0},
	{"created", TT_INT, SLOT(2), NULL, "bills made", 0},
	{"completed", TT_INT, SLOT(3), NULL, "bills completed", 0},
	{"parents", TT_INT, SLOT(4), NULL, "parents on those completed", 0},
	{"children", TT_INT, SLOT(5), NULL, "children in them", 0},
	{"expected", TT_GRAMS, SLOT(6), "g", "what they should weigh", 0},
	{"grams", TT_GRAMS, SLOT(7), "g", "the same, by scales where they said", 0}, END};
static const struct tt_column params_audit_list[] = {TOKEN,
	{"person", TT_TEXT, SLOT(1), NULL, "login of who did it", 0},
	{"station", TT_TEXT, SLOT(2), NULL, "where; - for no station", 0},
	{"kind", TT_TEXT, SLOT(3), NULL, "what kind of thing, such as person", 0},
	{"from", TT_TIME, SLOT(4), NULL, "not before", 0},
	{"to", TT_TIME, SLOT(5), NULL, "before", 0},
	{"after", TT_INT, SLOT(6), NULL, "go on below this number", 0},
	{"limit", TT_INT, SLOT(7), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column result_audit_list[] = {
	{"number", TT_INT, SLOT(0), NULL, "number", 0},
	{"at", TT_TIME, SLOT(1), NULL, "when", 0},
	{"person", TT_TEXT, SLOT(2), NULL, "who", 0},
	{"station", TT_TEXT, SLOT(3), NULL, "where", 0},
	{"kind", TT_TEXT, SLOT(4), NULL, "what kind of thing", 0},
	{"key", TT_TEXT, SLOT(5), NULL, "which one", 0},
	{"operation", TT_TEXT, SLOT(6), NULL, "insert, update, delete, truncate or baseline", 0},
	{"changes", TT_JSON, SLOT(7), NULL, "before and after of what changed", 0},
	{"approver", TT_TEXT, SLOT(8), NULL, "who approved it", TT_WIDE},
	{"db_role", TT_TEXT, SLOT(9), NULL, "role of the database", TT_WIDE},
	{"request", TT_ID, SLOT(10), NULL, "request id", TT_WIDE}, END};
static const struct tt_column params_audit_entity[] = {TOKEN,
	{"kind", TT_TEXT, SLOT(1), NULL, "what kind of thing, such as person", MUST},
	{"key", TT_TEXT, SLOT(2), NULL, "which one, such as its login, name or code", MUST},
	{"before", TT_TIME, SLOT(3), NULL, "go on before this time", 0},
	{"limit", TT_INT, SLOT(4), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column result_audit_entity[] = {
	{"at", TT_TIME, SLOT(0), NULL, "when", 0},
	{"number", TT_INT, SLOT(1), NULL, "number in its source", TT_WIDE},
	{"source", TT_TEXT, SLOT(2), NULL, "ledger or audit", 0},
	{"person", TT_TEXT, SLOT(3), NULL, "who", 0},
	{"station", TT_TEXT, SLOT(4), NULL, "where", 0},
	{"operation", TT_TEXT, SLOT(5), NULL, "what was done", 0},
	{"changes", TT_JSON, SLOT(6), NULL, "before and after of what changed", 0},
	{"approver", TT_TEXT, SLOT(7), NULL, "who approved it", TT_WIDE},
	{"db_role", TT_TEXT, SLOT(8), NULL, "role of the database", TT_WIDE},
	{"request", TT_ID, SLOT(9), NULL, "request id", TT_WIDE}, END};
static const struct tt_column params_audit_seal[] = {TOKEN,
	{"limit", TT_INT, SLOT(1), NULL, "seals of a piece, 1 to 100; 10 when not given", 0},
	{"seals", TT_INT, SLOT(2), NULL, "", TT_HIDDEN},
	{"rows", TT_INT, SLOT(3), NULL, "", TT_HIDDEN}, END};
static const struct tt_column result_audit_seal[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"seals", TT_INT, SLOT(1), NULL, "seals that were made", 0},
	{"rows", TT_INT, SLOT(2), NULL, "rows that they cover", 0},
	{"more", TT_BOOL, SLOT(3), NULL, "there is more to seal", TT_WIDE},
	{"last", TT_INT, SLOT(4), NULL, "number of the last seal", 0},
	{"hash", TT_TEXT, SLOT(5), NULL, "its hash", 0}, END};
static const struct tt_column params_audit_seals[] = {TOKEN,
	{"after", TT_INT, SLOT(1), NULL, "start after this seal", 0},
	{"limit", TT_INT, SLOT(2), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column result_audit_seals[] = {
	{"number", TT_INT, SLOT(0), NULL, "number", 0},
	{"at", TT_TIME, SLOT(1), NULL, "when", 0},
	{"source", TT_TEXT, SLOT(2), NULL, "ledger or audit", 0},
	{"first", TT_INT, SLOT(3), NULL, "number of the first row that it covers", 0},
	{"last", TT_INT, SLOT(4), NULL, "number of the last", 0},
	{"rows", TT_INT, SLOT(5), NULL, "how many rows have such a number", 0},
	{"hash", TT_TEXT, SLOT(6), NULL, "sha256 of all that, the rows and previous", 0},
	{"previous", TT_TEXT, SLOT(7), NULL, "hash of the seal before", TT_WIDE}, END};
static const struct tt_column params_audit_verify[] = {TOKEN,
	{"after", TT_INT, SLOT(1), NULL, "start after this seal", 0},
	{"limit", TT_INT, SLOT(2), NULL, "seals of a piece, 1 to 100; 10 when not given", 0},
	{"seal", TT_INT, SLOT(3), NULL, "a seal whose hash was kept elsewhere", 0},
	{"hash", TT_TEXT, SLOT(4), NULL, "that hash", 0},
	{"seals", TT_INT, SLOT(5), NULL, "", TT_HIDDEN},
	{"rows", TT_INT, SLOT(6), NULL, "", TT_HIDDEN}, END};
static const struct tt_column result_audit_verify[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"seals", TT_INT, SLOT(1), NULL, "seals that hold", 0},
	{"rows", TT_INT, SLOT(2), NULL, "rows that they cover", 0},
	{"after", TT_INT, SLOT(3), NULL, "the last seal that holds", 0},
	{"finding", TT_TEXT, SLOT(4), NULL, "the first thing that is wrong", 0},
	{"more", TT_BOOL, SLOT(5), NULL, "there are more seals", TT_WIDE}, END};

#define DONE_COLUMNS                                                                               \
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},                                 \
	{"replayed", TT_BOOL, SLOT(1), NULL, "it was answered before", TT_WIDE}
#define REASON(number) {"reason", TT_TEXT, SLOT(number), NULL, "why", MUST}
#define LIMIT(number)                                                                              \
	{"limit", TT_INT, SLOT(number), NULL, "rows at most, 1 to 1000; 100 when not given", 0}
static const struct tt_column result_done[] = {DONE_COLUMNS, END};
static const struct tt_column result_detail[] = {DONE_COLUMNS,
	{"detail", TT_TEXT, SLOT(2), NULL, "what stands in the way", 0}, END};
static const struct tt_column params_area_create[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(2), NULL, "code: lower-case letters, digits, _", MUST},
	{"name", TT_TEXT, SLOT(3), NULL, "name", MUST}, END};
static const struct tt_column params_area_edit[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(2), NULL, "code of the area", MUST},
	{"name", TT_TEXT, SLOT(3), NULL, "new name", 0},
	{"active", TT_BOOL, SLOT(4), NULL, "yes brings a retired one back", 0}, END};
static const struct tt_column params_area_retire[] = {TOKEN, REQUEST,
	{"code", TT_TEXT, SLOT(2), NULL, "code of the area", MUST}, REASON(3), END};
static const struct tt_column params_station_create[] = {TOKEN, REQUEST,
	{"name", TT_TEXT, SLOT(2), NULL, "name, as its machine is called", MUST},
	{"area", TT_TEXT, SLOT(3), NULL, "area; else that of whoever scans there", 0}, END};
static const struct tt_column params_station_edit[] = {TOKEN, REQUEST,
	{"name", TT_TEXT, SLOT(2), NULL, "name of the station", MUST},
	{"area", TT_TEXT, SLOT(3), NULL, "area; - for none of its own", 0},
	{"double_read_ms", TT_INT, SLOT(4), "ms", "double-read window, 0 to 60000", 0},
	{"hard_stop", TT_BOOL, SLOT(5), NULL, "refusals stop the lane", 0},
	{"sounds", TT_BOOL, SLOT(6), NULL, "it may beep", 0},
	{"enabled", TT_BOOL, SLOT(7), NULL, "yes brings a retired one back", 0}, END};
static const struct tt_column params_named_reason[] = {
	TOKEN, REQUEST, {"name", TT_TEXT, SLOT(2), NULL, "its name", MUST}, REASON(3), END};
#define FAMILY_FACTS(number, flag)                                                                 \
	{"pattern", TT_TEXT, SLOT(number), NULL, "^ POSIX extended regular expression $", flag},   \
	{"example", TT_TEXT, SLOT((number) + 1), NULL, "a code of it", flag},                      \
	{"capacity", TT_INT, SLOT((number) + 2), NULL, "children of a parent", 0},                 \
	{"child_grams", TT_GRAMS, SLOT((number) + 3), "g", "weight of a child", 0}
static const struct tt_column params_family_create[] = {TOKEN, REQUEST,
	{"name", TT_TEXT, SLOT(2), NULL, "name: lower-case letters, digits, _", MUST},
	{"role", TT_TEXT, SLOT(3), NULL, "parent, child, bill, badge or command", TT_REQUIRED},
	FAMILY_FACTS(4, TT_REQUIRED), END};
static const struct tt_column params_family_edit[] = {TOKEN, REQUEST,
	{"name", TT_TEXT, SLOT(2), NULL, "name of the family", MUST}, FAMILY_FACTS(3, 0),
	{"active", TT_BOOL, SLOT(7), NULL, "yes brings a retired one back", 0}, END};
static const struct tt_column params_setting_set[] = {TOKEN, REQUEST,
	{"name", TT_TEXT, SLOT(2), NULL, "name of the setting", MUST},
	{"value", TT_TEXT, SLOT(3), NULL, "new value", MUST}, END};
static const struct tt_column result_setting_set[] = {DONE_COLUMNS,
	{"name", TT_TEXT, SLOT(2), NULL, "name", 0},
	{"value", TT_TEXT, SLOT(3), NULL, "value now", 0},
	{"wanted", TT_TEXT, SLOT(4), NULL, "what it may be, when refused", 0}, END};
static const struct tt_column result_setting_list[] = {
	{"name", TT_TEXT, SLOT(0), NULL, "name", 0}, {"value", TT_TEXT, SLOT(1), NULL, "value", 0},
	{"kind", TT_TEXT, SLOT(2), NULL, "kind of value", 0},
	{"help", TT_TEXT, SLOT(3), NULL, "what it is for", 0}, END};
static const struct tt_column params_exception_list[] = {TOKEN,
	{"state", TT_TEXT, SLOT(1), NULL, "open when not given; resolved, all", 0},
	{"after", TT_ID, SLOT(2), NULL, "start after this one", 0}, LIMIT(3), END};
static const struct tt_column result_exception_list[] = {
	{"scan", TT_ID, SLOT(0), NULL, "request id of the scan", 0},
	{"at", TT_TIME, SLOT(1), NULL, "when it came", 0},
	{"station", TT_TEXT, SLOT(2), NULL, "where", 0},
	{"person", TT_TEXT, SLOT(3), NULL, "who scanned", 0},
	{"action", TT_TEXT, SLOT(4), NULL, "what was to be done", 0},
	{"code", TT_TEXT, SLOT(5), NULL, "code", 0},
	{"parent", TT_TEXT, SLOT(6), NULL, "parent", 0},
	{"outcome", TT_TEXT, SLOT(7), NULL, "why it was refused", 0},
	{"other", TT_TEXT, SLOT(8), NULL, "where the bag is", TT_WIDE},
	{"state", TT_TEXT, SLOT(9), NULL, "open or resolved", 0},
	{"resolved_at", TT_TIME, SLOT(10), NULL, "when it was resolved", TT_WIDE},
	{"resolved_by", TT_TEXT, SLOT(11), NULL, "by whom", TT_WIDE},
	{"resolution", TT_TEXT, SLOT(12), NULL, "how", TT_WIDE}, END};
static const struct tt_column params_exception_resolve[] = {TOKEN, REQUEST,
	{"scan", TT_ID, SLOT(2), NULL, "request id of the scan", MUST},
	{"how", TT_TEXT, SLOT(3), NULL, "what was done about it", MUST}, END};
static const struct tt_column params_notification_list[] = {TOKEN,
	{"all", TT_BOOL, SLOT(1), NULL, "acknowledged ones too", 0},
	{"after", TT_INT, SLOT(2), NULL, "go on below this number", 0}, LIMIT(3), END};
static const struct tt_column result_notification_list[] = {
	{"id", TT_INT, SLOT(0), NULL, "number", 0}, {"at", TT_TIME, SLOT(1), NULL, "since when", 0},
	{"kind", TT_TEXT, SLOT(2), NULL,
		"exception, station_silent, lockout, chain_broken or approval", 0},
	{"subject", TT_TEXT, SLOT(3), NULL, "which one", 0},
	{"detail", TT_TEXT, SLOT(4), NULL, "what happened", 0},
	{"times", TT_INT, SLOT(5), NULL, "how often", 0},
	{"last_at", TT_TIME, SLOT(6), NULL, "when last", TT_WIDE},
	{"acked_at", TT_TIME, SLOT(7), NULL, "when it was acknowledged", TT_WIDE},
	{"acked_by", TT_TEXT, SLOT(8), NULL, "by whom", TT_WIDE}, END};
static const struct tt_column params_numbered[] = {
	TOKEN, REQUEST, {"id", TT_INT, SLOT(2), NULL, "its number", MUST}, END};
static const struct tt_column params_approval_list[] = {TOKEN,
	{"state", TT_TEXT, SLOT(1), NULL,
		"pending when not given; approved, failed, declined, expired, all", 0},
	{"after", TT_INT, SLOT(2), NULL, "go on below this number", 0}, LIMIT(3), END};
static const struct tt_column result_approval_list[] = {
	{"id", TT_INT, SLOT(0), NULL, "number", 0}, {"at", TT_TIME, SLOT(1), NULL, "when", 0},
	{"operation", TT_TEXT, SLOT(2), NULL, "what is to be done", 0},
	{"content", TT_JSON, SLOT(3), NULL, "with what", 0},
	{"asked_by", TT_TEXT, SLOT(4), NULL, "who asks", 0},
	{"station", TT_TEXT, SLOT(5), NULL, "where", TT_WIDE},
	{"state", TT_TEXT, SLOT(6), NULL, "state", 0},
	{"expires_at", TT_TIME, SLOT(7), NULL, "until when it waits", 0},
	{"decided_at", TT_TIME, SLOT(8), NULL, "when it was decided", TT_WIDE},
	{"decided_by", TT_TEXT, SLOT(9), NULL, "by whom", TT_WIDE},
	{"reason", TT_TEXT, SLOT(10), NULL, "why", TT_WIDE},
	{"result", TT_TEXT, SLOT(11), NULL, "what it came to", TT_WIDE}, END};
static const struct tt_column params_approval_decide[] = {TOKEN, REQUEST,
	{"id", TT_INT, SLOT(2), NULL, "number of the request", MUST},
	{"approve", TT_BOOL, SLOT(3), NULL, "yes or no", MUST},
	{"reason", TT_TEXT, SLOT(4), NULL, "why", 0}, END};
static const struct tt_column result_approval_decide[] = {DONE_COLUMNS,
	{"id", TT_INT, SLOT(2), NULL, "number", 0},
	{"state", TT_TEXT, SLOT(3), NULL, "approved, failed, declined or expired", 0},
	{"result", TT_TEXT, SLOT(4), NULL, "what the operation came to", 0}, END};
#define RETRY(number) {"retry_after", TT_INT, SLOT(number), "s", "not before so long", 0}
static const struct tt_column params_import_begin[] = {TOKEN,
	{"event", TT_ID, SLOT(1), NULL, "request id, which is the import's", 0},
	{"kind", TT_TEXT, SLOT(2), NULL, "bags, children or bills", TT_REQUIRED},
	{"mode", TT_TEXT, SLOT(3), NULL, "good, all or dry", TT_REQUIRED},
	{"file", TT_TEXT, SLOT(4), NULL, "name of the file", 0},
	{"sum", TT_TEXT, SLOT(5), NULL, "SHA-256 of the file", TT_REQUIRED},
	{"rows", TT_INT, SLOT(6), NULL, "rows in it", TT_REQUIRED},
	{"last_line", TT_INT, SLOT(7), NULL, "where the last begins", TT_REQUIRED},
	{"area", TT_TEXT, SLOT(8), NULL, "of parents that name none", 0}, END};
static const struct tt_column result_import_begin[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, SLOT(1), NULL, "it had been begun", 0},
	{"state", TT_TEXT, SLOT(2), NULL, "staging, staged, applying, done or cancelled", 0},
	{"staged", TT_INT, SLOT(3), NULL, "last line that is staged", 0}, RETRY(4), END};
static const struct tt_column params_import_stage[] = {TOKEN,
	{"import", TT_ID, SLOT(1), NULL, "import", TT_REQUIRED},
	{"lines", TT_TEXT, SLOT(2), NULL, "array of lines", TT_REQUIRED},
	{"codes", TT_TEXT, SLOT(3), NULL, "array of codes", TT_REQUIRED},
	{"parents", TT_TEXT, SLOT(4), NULL, "array of parents", TT_REQUIRED},
	{"areas", TT_TEXT, SLOT(5), NULL, "array of areas", 0},
	{"grams", TT_TEXT, SLOT(6), NULL, "array of weights", 0},
	{"roles", TT_TEXT, SLOT(7), NULL, "array of roles", 0},
	{"whys", TT_TEXT, SLOT(8), NULL, "array of what is wrong with a row", 0},
	{"destinations", TT_TEXT, SLOT(9), NULL, "array of destinations of bills", 0},
	{"vehicles", TT_TEXT, SLOT(10), NULL, "array of their vehicles", 0},
	{"capacities", TT_TEXT, SLOT(11), NULL, "array of how many they take", 0}, END};
static const struct tt_column result_import_stage[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"staged", TT_INT, SLOT(1), NULL, "last line that is staged", 0}, END};
static const struct tt_column params_import_apply[] = {TOKEN,
	{"import", TT_ID, SLOT(1), NULL, "import", TT_REQUIRED},
	{"limit", TT_INT, SLOT(2), NULL, "rows at most", 0}, END};
static const struct tt_column result_import_apply[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"import", TT_ID, SLOT(1), NULL, "the import's id", 0},
	{"kind", TT_TEXT, SLOT(2), NULL, "bags, children or bills", 0},
	{"mode", TT_TEXT, SLOT(3), NULL, "good rows, all or nothing, or dry", 0},
	{"state", TT_TEXT, SLOT(4), NULL, "how far it is", 0},
	{"rows", TT_INT, SLOT(5), NULL, "rows of the file", 0},
	{"opened", TT_INT, SLOT(6), NULL, "parents opened, or bills made", 0},
	{"linked", TT_INT, SLOT(7), NULL, "children linked, or parents put onto bills", 0},
	{"again", TT_INT, SLOT(8), NULL, "rows that were so already", 0},
	{"refused", TT_INT, SLOT(9), NULL, "rows that were refused", 0}, END};
static const struct tt_column params_import_bad[] = {TOKEN,
	{"import", TT_ID, SLOT(1), NULL, "the import's id", MUST},
	{"after", TT_INT, SLOT(2), NULL, "start after this line", 0},
	{"limit", TT_INT, SLOT(3), NULL, "rows at most, 1 to 10000; 1000 when not given", 0}, END};
static const struct tt_column result_import_bad[] = {
	{"line", TT_INT, SLOT(0), NULL, "line of the file", 0},
	{"outcome", TT_TEXT, SLOT(1), NULL, "why not", 0},
	{"code", TT_TEXT, SLOT(2), NULL, "code", 0},
	{"parent", TT_TEXT, SLOT(3), NULL, "parent, or the bill", 0},
	{"position", TT_INT, SLOT(4), NULL, "place where it is", TT_WIDE},
	{"state", TT_TEXT, SLOT(5), NULL, "state of the parent", TT_WIDE},
	{"other", TT_TEXT, SLOT(6), NULL, "what stands in the way", 0},
	{"other_at", TT_TIME, SLOT(7), NULL, "since when", TT_WIDE},
	{"other_by", TT_TEXT, SLOT(8), NULL, "by whom", TT_WIDE},
	{"other_station", TT_TEXT, SLOT(9), NULL, "where", TT_WIDE},
	{"why", TT_TEXT, SLOT(10), NULL, "what is wrong with the row", 0}, END};
static const struct tt_column params_import_list[] = {TOKEN,
	{"after", TT_ID, SLOT(1), NULL, "start after this import", 0},
	{"limit", TT_INT, SLOT(2), NULL, "rows at most, 1 to 1000; 100 when not given", 0}, END};
static const struct tt_column result_import_list[] = {
	{"import", TT_ID, SLOT(0), NULL, "the import's id", 0},
	{"kind", TT_TEXT, SLOT(1), NULL, "bags, children or bills", 0},
	{"mode", TT_TEXT, SLOT(2), NULL, "good rows, all or nothing, or dry", 0},
	{"state", TT_TEXT, SLOT(3), NULL, "staging, staged, applying, done or cancelled", 0},
	{"file", TT_TEXT, SLOT(4), NULL, "name of the file", 0},
	{"rows", TT_INT, SLOT(5), NULL, "rows in it", 0},
	{"opened", TT_INT, SLOT(6), NULL, "parents opened, or bills made", 0},
	{"linked", TT_INT, SLOT(7), NULL, "children linked, or parents put onto bills", 0},
	{"again", TT_INT, SLOT(8), NULL, "rows that were so already", TT_WIDE},
	{"refused", TT_INT, SLOT(9), NULL, "rows that were refused", 0},
	{"by", TT_TEXT, SLOT(10), NULL, "by whom", 0},
	{"started_at", TT_TIME, SLOT(11), NULL, "since when", 0},
	{"ended_at", TT_TIME, SLOT(12), NULL, "until when", TT_WIDE},
	{"reason", TT_TEXT, SLOT(13), NULL, "why it was given up", TT_WIDE}, END};
static const struct tt_column params_import_cancel[] = {TOKEN,
	{"event", TT_ID, SLOT(1), NULL, "request id", 0},
	{"import", TT_ID, SLOT(2), NULL, "the import's id", MUST},
	{"reason", TT_TEXT, SLOT(3), NULL, "why it is given up", MUST}, END};
static const struct tt_column result_import_cancel[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, SLOT(1), NULL, "it had been given up before", 0},
	{"opened", TT_INT, SLOT(2), NULL, "parents or bills that it had made", 0},
	{"linked", TT_INT, SLOT(3), NULL, "rows that it had put into them", 0}, END};
static const struct tt_column result_import_sweep[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"swept", TT_INT, SLOT(1), NULL, "rows cleared away", 0}, END};
static const struct tt_column params_export_page[] = {TOKEN,
	{"what", TT_TEXT, SLOT(1), NULL, "bags, scans, bills or audit", TT_REQUIRED},
	{"after", TT_INT, SLOT(2), NULL, "start behind this key", 0},
	{"area", TT_TEXT, SLOT(3), NULL, "area", 0},
	{"from", TT_TIME, SLOT(4), NULL, "not before", 0},
	{"to", TT_TIME, SLOT(5), NULL, "before", 0},
	{"raw", TT_BOOL, SLOT(6), NULL, "formulas stay as they are", 0},
	{"limit", TT_INT, SLOT(7), NULL, "rows that are looked at", 0}, END};
static const struct tt_column result_export_page[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"key", TT_INT, SLOT(1), NULL, "where the next page begins", 0},
	{"last", TT_INT, SLOT(2), NULL, "the highest key", 0}, RETRY(3),
	{"seconds", TT_INT, SLOT(4), "s", "that the copy has", 0}, END};

#define NAMED(noun, verb, title) #noun "." #verb, title, "api." #noun "_" #verb
#define SCAN(verb, title, help)                                                                    \
	{NAMED(scan, verb, title), params_scan_##verb, sizeof(struct tt_event),                    \
		tt_verdict_columns, sizeof(struct tt_verdict), TT_OP_EVENT, "scan." #verb, help}
#define BILL_EVENT(verb, title, right, help)                                                       \
	{NAMED(bill, verb, title), params_bill_##verb, sizeof(struct tt_event),                    \
		tt_bill_verdict_columns, sizeof(struct tt_verdict), TT_OP_EVENT, right, help}
#define BILL_WRITE(verb, title, params, n, flags, help)                                            \
	{NAMED(bill, verb, title), params, SLOTS(n), tt_bill_verdict_columns,                      \
		sizeof(struct tt_verdict), flags, "bill." #verb, help}
#define PLAIN(noun, verb, title, params, nparams, result, nresult, flags, right, help)             \
	{NAMED(noun, verb, title), params, SLOTS(nparams), result, SLOTS(nresult), flags, right,   \
		help}
#define TYPED(noun, verb, title, params, nparams, result, type, flags, help)                       \
	{NAMED(noun, verb, title), params, SLOTS(nparams), result, sizeof(struct type), flags,     \
		NULL, help}

const struct tt_operation tt_operations[] = {
	SCAN(parent, "Open a parent", "open a parent bag, or go on with an open one"),
	SCAN(child, "Put a child in", "put a child bag into a parent"),
	SCAN(finish, "Finish a parent", "close a parent as complete with the children that it has"),
	SCAN(short, "Close short",
		"close a parent with fewer children than it takes, with the reason"),
	SCAN(undo, "Take a scan back", "take back a scan, by its request id"),
	SCAN(relink, "Move a child", "move a child from its parent to another"),
	SCAN(remove, "Take a child out", "take a child out of its parent"),
	PLAIN(scan, lookup, "Look up a code", params_token_code, 2, result_lookup, 19,
		TT_OP_READ, "bag.read", "say what a code is and where it is"),
	PLAIN(bag, show, "Bag", params_token_code, 2, result_bag, 19, TT_OP_READ,
		"bag.read",
		"a bag with its children and all that happened to it"),
	PLAIN(bag, weigh, "Weigh a bag", params_bag_weigh, 4, result_bag_changed, 14, 0,
		"bag.weigh", "set what a scale says of a bag"),
	PLAIN(bag, cancel, "Cancel a bag", params_bag_cancel, 4, result_bag_changed, 14,
		TT_OP_CONFIRM, "bag.cancel", "take an empty bag out of use for good"),
	BILL_EVENT(scan, "Go on with a bill", "bill.add",
		"make a bill the current one of a scanner"),
	BILL_EVENT(add, "Put on a bill", "bill.add", "put a parent onto a bill"),
	BILL_EVENT(manual, "Put on a bill, typed", "bill.manual",
		"put a parent onto a bill whose label can't be scanned; it is marked"),
	BILL_EVENT(remove, "Take off a bill", "bill.remove", "take a parent off its bill"),
	BILL_EVENT(complete, "Complete a bill", "bill.complete",
		"complete a bill; nothing on it changes any more"),
	BILL_WRITE(create, "New bill", params_bill_create, 6, 0, "a new bill"),
	BILL_WRITE(edit, "Change a bill", params_bill_edit, 6, 0,
		"change destination, vehicle or capacity"),
	BILL_WRITE(reopen, "Reopen a bill", params_bill_reason, 4, 0,
		"open a completed bill again"),
	BILL_WRITE(cancel, "Cancel a bill", params_bill_reason, 4, TT_OP_CONFIRM,
		"cancel a bill; its parents are free again"),
	PLAIN(bill, list, "Bills", params_bill_list, 7, result_bill_list, 14,
		TT_OP_READ | TT_OP_LIST, "bill.read", "the bills, newest first"),
	PLAIN(bill, search, "Find bills", params_bill_search, 4, result_bill_list, 14,
		TT_OP_READ | TT_OP_LIST, "bill.read",
		"bills by number, destination or vehicle, or a part of one"),
	PLAIN(bill, show, "Bill", params_bill, 2, result_bill_show, 17, TT_OP_READ,
		"bill.read", "a bill with its parents and all that happened to it"),
	PLAIN(bill, weights, "Weight of a bill", params_bill, 2, result_bill_weights, 9,
		TT_OP_READ, "bill.read", "what a bill weighs"),
	PLAIN(bill, summary, "Bills by day", params_bill_summary, 3, result_bill_summary, 8,
		TT_OP_READ | TT_OP_LIST, "bill.read", "bills by business day and person"),
	PLAIN(bill, states, "Bills by state", params_bill_summary, 3, result_bill_states, 6,
		TT_OP_READ | TT_OP_LIST, "bill.read", "bills made on business days, by state"),
	PLAIN(return, open, "New return", params_return_open, 4, result_return, 13, 0,
		"return.edit", "a ticket for goods that come back"),
	PLAIN(return, add, "Put on a ticket", params_return_bag, 4, result_return, 13, 0,
		"return.edit", "put a parent onto a ticket; its bill keeps it until the commit"),
	PLAIN(return, remove, "Take off a ticket", params_return_bag, 4, result_return, 13, 0,
		"return.edit", "take a parent off a ticket"),
	PLAIN(return, commit, "Commit a return", params_return_commit, 3, result_return, 13,
		TT_OP_CONFIRM, "return.commit", "take all bags of a ticket off their bills"),
	PLAIN(return, cancel, "Cancel a return", params_return_cancel, 4, result_return, 13, 0,
		"return.edit", "give a ticket up; every bag stays where it is"),
	PLAIN(return, list, "Returns", params_return_list, 4, result_return_list, 11,
		TT_OP_READ | TT_OP_LIST, "return.read", "the tickets, newest first"),
	PLAIN(return, show, "Return", params_ticket, 2, result_return_show, 13,
		TT_OP_READ, "return.read", "a ticket with its bags and the bill of each"),
	PLAIN(bag, list, "Bags", params_bag_list, 15, result_bag_list, 17,
		TT_OP_READ | TT_OP_LIST, "bag.read", "bags, the newest first or by code"),
	PLAIN(bag, search, "Find bags", params_bag_search, 3, result_bag_search, 11,
		TT_OP_READ | TT_OP_LIST, "bag.read", "find bags by a part of their code"),
	TYPED(family, list, "Code families", params_token, 1, result_family, wire_family,
		TT_OP_READ | TT_OP_LIST, "the code families"),
	PLAIN(area, list, "Areas", params_token, 1, result_area, 3,
		TT_OP_READ | TT_OP_LIST, "area.list", "the areas"),
	PLAIN(station, list, "Stations", params_token, 1, result_station, 8,
		TT_OP_READ | TT_OP_LIST, "station.list", "the stations"),
	PLAIN(user, list, "People", params_user_list, 8, result_user, 9,
		TT_OP_READ | TT_OP_LIST, "user.list", "the people"),
	PLAIN(user, show, "Person", params_user_login, 2, result_user_show, 21, TT_OP_READ,
		"user.show", "all about a person but secrets"),
	PLAIN(user, create, "New person", params_user_create, 11, result_user_create, 3, 0,
		"user.create",
		"a new person. The password comes from --new-password-file or is asked for"),
	PLAIN(user, edit, "Change a person", params_user_edit, 5, result_user_write, 3, 0,
		"user.edit", "change name and mail of a person"),
	PLAIN(user, role, "Change the role", params_user_role, 5, result_user_write, 3, 0,
		"user.role", "give a person another role"),
	PLAIN(user, area, "Change the area", params_user_area, 4, result_user_write, 3, 0,
		"user.area", "give a person another area"),
	PLAIN(user, disable, "Disable a person", params_user_disable, 4, result_user_write, 3, 0,
		"user.disable", "let a person work no more; the sessions end at once"),
	PLAIN(user, enable, "Enable a person", params_user_write, 3, result_user_write, 3, 0,
		"user.enable", "let a disabled person work again"),
	PLAIN(user, unlock, "Unlock a person", params_user_write, 3, result_user_write, 3, 0,
		"user.unlock", "forget a person's wrong passwords and PINs"),
	PLAIN(user, reset, "One-time password", params_user_reset, 8, result_user_reset, 5, 0,
		"user.reset",
		"give a person a one-time password, printed once; a login with it sets another"),
	PLAIN(user, badge, "New badge", params_user_write, 3, result_user_badge, 4, 0,
		"user.badge", "issue a badge that unlocks a person's station; the last one ends"),
	PLAIN(user, promote, "Ask for a role", params_user_promote, 4, result_user_promote, 3, 0,
		"user.promote", "ask for another role"),
	PLAIN(user, requests, "Requests", params_user_requests, 4, result_user_requests,
		10, TT_OP_READ | TT_OP_LIST, "user.requests",
		"requests for roles; those of all for who decides"),
	PLAIN(user, decide, "Decide a request", params_user_decide, 6, result_user_decide, 5, 0,
		"user.decide", "decide a request for a role"),
	PLAIN(stats, station, "This station today", params_token, 1, result_stats_station, 5,
		TT_OP_READ, "stats.read", "what this session's station did today"),
	PLAIN(stats, counters, "Counters", params_token, 1, result_stats_counters, 13,
		TT_OP_READ, "stats.read", "what all stations did since the beginning"),
	PLAIN(import, list, "Imports", params_import_list, 3, result_import_list, 14,
		TT_OP_READ | TT_OP_LIST, "import.run", "the imports, newest first"),
	PLAIN(import, bad, "Refused rows", params_import_bad, 4, result_import_bad, 11,
		TT_OP_READ | TT_OP_LIST, "import.run", "the rows that an import refused"),
	PLAIN(import, cancel, "Give up an import", params_import_cancel, 4, result_import_cancel,
		4, 0, "import.run", "give up an import that is not done; what it did stays"),
	PLAIN(import, begin, "Begin an import", params_import_begin, 9, result_import_begin, 5,
		TT_OP_HIDDEN, "import.run", "begin an import, or find it again"),
	PLAIN(import, stage, "Send rows", params_import_stage, 12, result_import_stage, 2,
		TT_OP_HIDDEN, "import.run", "send rows of a file"),
	PLAIN(import, apply, "Apply rows", params_import_apply, 3, result_import_apply, 10,
		TT_OP_HIDDEN, "import.run", "apply the next rows"),
	PLAIN(import, sweep, "Clear rows away", params_token, 1, result_import_sweep, 2,
		TT_OP_HIDDEN, "import.run", "clear away rows of ended imports"),
	PLAIN(export, page, "Page of an export", params_export_page, 8, result_export_page, 5,
		TT_OP_READ | TT_OP_HIDDEN, "export.run",
		"open a page of an export, for the copy that follows"),
	PLAIN(right, list, "Own rights", params_token, 1, result_right, 1,
		TT_OP_READ | TT_OP_LIST, NULL, "what this person may do"),
	PLAIN(area, create, "New area", params_area_create, 4, result_done, 2, 0,
		"area.create",
		"a new area"),
	PLAIN(area, edit, "Change an area", params_area_edit, 5, result_done, 2, 0,
		"area.edit",
		"another name for an area, or a retired one back"),
	PLAIN(area, retire, "Retire an area", params_area_retire, 4, result_detail, 3, 0,
		"area.retire",
		"put nobody and no station there any more"),
	PLAIN(family, create, "New code family", params_family_create, 8, result_detail, 3, 0,
		"family.create",
		"a new code family"),
	PLAIN(family, edit, "Change a family", params_family_edit, 8, result_detail, 3, 0,
		"family.edit",
		"change a code family, if no code becomes something else"),
	PLAIN(family, retire, "Retire a family", params_named_reason, 4, result_detail, 3, 0,
		"family.retire",
		"take no codes of a family any more"),
	PLAIN(station, create, "New station", params_station_create, 4, result_done, 2, 0,
		"station.create",
		"a station before its first login"),
	PLAIN(station, edit, "Change a station", params_station_edit, 8, result_done, 2, 0,
		"station.edit",
		"the policy of a station, from its next login on"),
	PLAIN(station, retire, "Retire a station", params_named_reason, 4, result_done, 2, 0,
		"station.retire",
		"let nobody work at a station any more"),
	PLAIN(setting, list, "Settings", params_token, 1, result_setting_list, 4,
		TT_OP_READ | TT_OP_LIST,
		"setting.list",
		"the settings of the site"),
	PLAIN(setting, set, "Change a setting", params_setting_set, 4, result_setting_set, 5, 0,
		"setting.set",
		"change a setting of the site"),
	PLAIN(exception, list, "Exceptions", params_exception_list, 4,
		result_exception_list, 13, TT_OP_READ | TT_OP_LIST,
		"exception.list",
		"scans that were taken offline and then refused"),
	PLAIN(exception, resolve, "Resolve an exception", params_exception_resolve, 4,
		result_done, 2, 0,
		"exception.resolve",
		"say what was done about one"),
	PLAIN(notification, list, "Notifications", params_notification_list, 4,
		result_notification_list, 9, TT_OP_READ | TT_OP_LIST,
		"notification.list",
		"what the database tells of by itself"),
	PLAIN(notification, ack, "Acknowledge", params_numbered, 3, result_done, 2, 0,
		"notification.ack",
		"acknowledge one, so that it may come again"),
	PLAIN(approval, list, "Approvals", params_approval_list, 4, result_approval_list,
		12, TT_OP_READ | TT_OP_LIST,
		"approval.list",
		"operations that wait for a second person"),
	PLAIN(approval, decide, "Approve or decline", params_approval_decide, 5,
		result_approval_decide, 5, 0,
		"approval.decide",
		"approve one, which carries it out, or decline it"),
	PLAIN(audit, list, "Audit", params_audit_list, 8, result_audit_list, 11,
		TT_OP_READ | TT_OP_LIST, "audit.list", "who changed what, newest first"),
	PLAIN(audit, entity, "History", params_audit_entity, 5, result_audit_entity, 10,
		TT_OP_READ | TT_OP_LIST, "audit.list",
		"all that happened to one thing, newest first"),
	PLAIN(audit, seal, "Seal", params_audit_seal, 4, result_audit_seal, 6,
		TT_OP_PIECES, "audit.seal",
		"seal what ledger and audit have got since the last seal"),
	PLAIN(audit, seals, "Seals", params_audit_seals, 3, result_audit_seals, 8,
		TT_OP_READ | TT_OP_LIST, "audit.verify",
		"the seals, to be kept on another machine"),
	PLAIN(audit, verify, "Verify the seals", params_audit_verify, 7, result_audit_verify, 6,
		TT_OP_PIECES, "audit.verify",
		"whether ledger and audit are as they were sealed"),
	PLAIN(stats, dashboard, "Dashboard", params_dashboard, 3, result_dashboard, 20,
		TT_OP_READ, "stats.read", "all figures of the dashboard at once"),
	PLAIN(stats, changes, "Changes", params_changes, 2, result_changes, 3,
		TT_OP_READ, "stats.read",
		"whether anything has happened to bags and bills"),
	PLAIN(stats, activity, "Scans by time", params_activity, 5, result_activity, 10,
		TT_OP_READ | TT_OP_LIST, "stats.read",
		"scans per hour or per day"),
	PLAIN(stats, people, "Scans by person", params_period_area, 4, result_stats_people, 17,
		TT_OP_READ | TT_OP_LIST, "stats.read",
		"people by what they did, the busiest first"),
	PLAIN(stats, stations, "Scans by station", params_period_area, 4,
		result_stats_stations, 17, TT_OP_READ | TT_OP_LIST, "stats.read",
		"stations by what was done there, the busiest first"),
	PLAIN(stats, outcomes, "Scans by outcome", params_period_area, 4,
		result_stats_outcomes, 4, TT_OP_READ | TT_OP_LIST, "stats.read",
		"what scans came to in a period, the most frequent first"),
	PLAIN(stats, areas, "Scans by area", params_period, 3, result_stats_areas, 15,
		TT_OP_READ | TT_OP_LIST, "stats.read",
		"areas by what was done there"),
	PLAIN(stats, families, "Bags by family", params_token, 1, result_stats_families, 10,
		TT_OP_READ | TT_OP_LIST, "stats.read",
		"code families and their bags"),
	PLAIN(stats, recent, "Recent scans", params_recent, 7, result_recent, 15,
		TT_OP_READ | TT_OP_LIST, "stats.read",
		"what was scanned last, newest first"),
	PLAIN(stats, summary, "End of the day", params_summary, 3, result_summary, 9,
		TT_OP_READ, "stats.read",
		"what a business day came to"),
	PLAIN(system, health, "Health", NULL, 0, result_health, 4,
		TT_OP_READ | TT_OP_OPEN, NULL,
		"whether the database answers and takes writes"),
	PLAIN(system, watch, "Figures to watch", NULL, 0, result_watch, 25,
		TT_OP_READ | TT_OP_OPEN, NULL,
		"figures for monitoring, without names"),
	PLAIN(system, status, "Database", params_status, 2, result_status, 14,
		TT_OP_READ, "system.status",
		"how the database fares"),
	PLAIN(system, pulse, "Pulse", params_token, 1, result_pulse, 8, TT_OP_READ,
		"system.status", "connections, waits and the longest statement, at once"),
	PLAIN(system, integrity, "Integrity", params_integrity, 4, result_integrity, 6,
		TT_OP_READ | TT_OP_LIST, "system.integrity",
		"check that everything agrees, as far as the time allows"),
	PLAIN(system, maintain, "Upkeep", params_request, 2, result_maintain, 7,
		0, "system.maintain",
		"upkeep: partitions, figures, what is past its time"),
	PLAIN(session, check, "Own session", params_token, 1, result_session, 8, TT_OP_READ,
		NULL, "who is logged in"),
	PLAIN(session, extend, "Prolong the session", params_token, 1, result_session, 8, 0, NULL,
		"prolong the session"),
	PLAIN(session, list, "Sessions", params_session_list, 4, result_session_list, 8,
		TT_OP_READ | TT_OP_LIST, "session.list", "open sessions: the own, or all"),
	PLAIN(session, revoke, "End a session", params_session_revoke, 3,
		result_session_revoke, 3, 0, "session.revoke", "end a session"),
	PLAIN(session, password, "Own password", params_session_password, 7, result_proved,
		3, 0, "session.password",
		"change the own password; the other sessions end. The new one comes from "
		"--new-password-file or is asked for"),
	PLAIN(session, pin, "Own PIN", params_session_pin, 8, result_proved, 3, 0,
		"session.pin",
		"set a PIN that unlocks the own stations. It comes from --new-password-file or is "
		"asked for"),
	PLAIN(totp, enrol, "New second factor", params_totp_enrol, 3, result_totp_enrol, 5, 0,
		"totp.enrol", "begin a second factor: a secret for the authenticator"),
	PLAIN(totp, confirm, "Second factor on", params_totp, 3, result_totp_confirm, 3, 0,
		"totp.confirm", "switch it on by a first code, and get backup codes"),
	PLAIN(totp, codes, "New backup codes", params_totp, 3, result_totp_codes, 4, 0,
		"totp.codes", "new backup codes in place of the old"),
	PLAIN(totp, disable, "Second factor off", params_totp_disable, 4, result_proved, 3, 0,
		"totp.disable", "switch the second factor off"),
	PLAIN(session, lock, "Lock", params_token, 1, result_outcome, 1, TT_OP_HIDDEN,
		NULL, "lock the session"),
	TYPED(session, unlock, "Unlock", params_unlock, 3, result_unlock, wire_unlock,
		TT_OP_HIDDEN, "unlock the session"),
	PLAIN(session, logout, "Log out", params_token, 1, result_outcome, 1,
		TT_OP_HIDDEN, NULL, "end the session"),
	TYPED(session, challenge, "Before a login", params_challenge, 2, result_challenge,
		wire_challenge, TT_OP_READ | TT_OP_OPEN | TT_OP_HIDDEN,
		"how to hash a person's password"),
	TYPED(session, login, "Log in", params_login, 9, result_login, wire_login,
		TT_OP_OPEN | TT_OP_HIDDEN, "log in with the hashed password"),
	TYPED(system, version, "Version", NULL, 0, result_version, wire_version,
		TT_OP_READ | TT_OP_OPEN, "version of the database's definition"),
	PLAIN(system, site, "Site", NULL, 0, result_site, 3, TT_OP_READ | TT_OP_OPEN,
		NULL, "the site's time zone and business day"),
	{NULL, NULL, NULL, NULL, 0, NULL, 0, 0, NULL, NULL},
};
