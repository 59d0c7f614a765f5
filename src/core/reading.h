/* Columns of the operations that only read: lists, search, figures, status. */
#ifndef TRACETRACK_CORE_READING_H
#define TRACETRACK_CORE_READING_H

#include <tracetrack/column.h>

#include "fields.h"

static const struct tt_column params_bag_list[] = {TOKEN,
	{"role", TT_TEXT, SLOT(1), NULL, "parent or child", 0},
	{"family", TT_TEXT, SLOT(2), NULL, "code family", 0},
	{"text", TT_TEXT, SLOT(3), NULL, "how the code begins", TT_POSITIONAL},
	{"from", TT_TIME, SLOT(4), NULL, "where it is since then or later", 0},
	{"to", TT_TIME, SLOT(5), NULL, "where it is since before then", 0},
	{"area", TT_TEXT, SLOT(6), NULL, "area", 0},
	{"by", TT_TEXT, SLOT(7), NULL, "login of who put it there", 0},
	{"linked", TT_BOOL, SLOT(8), NULL,
		"children in a parent and parents with children, or those without", 0},
	{"billed", TT_BOOL, SLOT(9), NULL, "parents on a bill, or on none", 0},
	{"state", TT_TEXT, SLOT(10), NULL,
		"unused, open, complete, short, linked, unlinked or cancelled", 0},
	{"sort", TT_TEXT, SLOT(11), NULL, "newest, the default, or code", 0},
	{"after", TT_TEXT, SLOT(12), NULL, "start after the row with this key", 0},
	{"before", TT_TEXT, SLOT(13), NULL, "end before the row with this key", 0},
	{"limit", TT_INT, SLOT(14), NULL, "rows at most, 1 to 200; 50 when not given", 0}, END};
/* clang-format off */
static const struct tt_column result_bag_list[] = {
	{"code", TT_TEXT, SLOT(0), NULL, "code", 0},
	{"role", TT_TEXT, SLOT(1), NULL, "parent or child", 0},
	{"family", TT_TEXT, SLOT(2), NULL, "code family", TT_WIDE},
	{"state", TT_TEXT, SLOT(3), NULL, "state", 0},
	{"area", TT_TEXT, SLOT(4), NULL, "area", 0},
	{"parent", TT_TEXT, SLOT(5), NULL, "parent of a child", 0},
	{"position", TT_INT, SLOT(6), NULL, "place in the parent", 0},
	{"children", TT_INT, SLOT(7), NULL, "children of a parent", 0},
	{"capacity", TT_INT, SLOT(8), NULL, "children that it can take", TT_WIDE},
	{"grams", TT_GRAMS, SLOT(9), "g", "weight", 0},
	{"bill", TT_TEXT, SLOT(10), NULL, "bill of a parent", 0},
	{"since", TT_TIME, SLOT(11), NULL, "when it came to where it is", 0},
	{"by", TT_TEXT, SLOT(12), NULL, "who put it there", 0},
	{"station", TT_TEXT, SLOT(13), NULL, "at which station", TT_WIDE},
	{"closed_at", TT_TIME, SLOT(14), NULL, "when it was closed", TT_WIDE},
	{"closed_by", TT_TEXT, SLOT(15), NULL, "by whom", TT_WIDE},
	{"key", TT_TEXT, SLOT(16), NULL, "for after and before", TT_WIDE}, END};
static const struct tt_column params_bag_search[] = {TOKEN,
	{"text", TT_TEXT, SLOT(1), NULL, "a code or a part of one", MUST},
	{"limit", TT_INT, SLOT(2), NULL, "rows at most, 1 to 100; 20 when not given", 0}, END};
static const struct tt_column result_bag_search[] = {
	{"kind", TT_TEXT, SLOT(0), NULL, "exact, prefix, substring or near", 0},
	{"code", TT_TEXT, SLOT(1), NULL, "code", 0},
	{"role", TT_TEXT, SLOT(2), NULL, "parent or child", 0},
	{"family", TT_TEXT, SLOT(3), NULL, "code family", TT_WIDE},
	{"state", TT_TEXT, SLOT(4), NULL, "state", 0},
	{"area", TT_TEXT, SLOT(5), NULL, "area", 0},
	{"parent", TT_TEXT, SLOT(6), NULL, "parent of a child", 0},
	{"position", TT_INT, SLOT(7), NULL, "place in the parent", 0},
	{"children", TT_INT, SLOT(8), NULL, "children of a parent", 0},
	{"capacity", TT_INT, SLOT(9), NULL, "children that it can take", TT_WIDE},
	{"since", TT_TIME, SLOT(10), NULL, "when it came to where it is", 0}, END};
static const struct tt_column params_dashboard[] = {TOKEN,
	{"area", TT_TEXT, SLOT(1), NULL, "of this area only", 0},
	{"top", TT_INT, SLOT(2), NULL, "people and stations at most, 10 when not given", 0}, END};
static const struct tt_column result_dashboard[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"at", TT_TIME, SLOT(1), NULL, "when they were so, by the server's clock", 0},
	{"area", TT_TEXT, SLOT(2), NULL, "area, none for all", 0},
	{"day", TT_TEXT, SLOT(3), NULL, "business day", 0},
	{"totals", TT_JSON, SLOT(4), NULL, "bags in their states, scans since the beginning", 0},
	{"today", TT_JSON, SLOT(5), NULL, "scans by what came of them, parents, weight closed", 0},
	{"minutes", TT_JSON, SLOT(6), NULL, "scans of the last 60 minutes, this one last", 0},
	{"minutes_yesterday", TT_JSON, SLOT(7), NULL, "the same a day ago", TT_WIDE},
	{"hours", TT_JSON, SLOT(8), NULL, "scans of each hour of the day", 0},
	{"hours_yesterday", TT_JSON, SLOT(9), NULL, "of yesterday", TT_WIDE},
	{"hours_last_week", TT_JSON, SLOT(10), NULL, "of this day last week", TT_WIDE},
	{"people", TT_JSON, SLOT(11), NULL, "the busiest people today", 0},
	{"stations", TT_JSON, SLOT(12), NULL, "the busiest stations today", 0},
	{"refusals", TT_JSON, SLOT(13), NULL, "today's refusals by kind", 0},
	{"bills", TT_JSON, SLOT(14), NULL, "bills that are open, and today's", 0},
	{"exceptions", TT_INT, SLOT(15), NULL, "exceptions that wait for somebody", 0},
	{"sessions", TT_INT, SLOT(16), NULL, "sessions that live", 0},
	{"hour_last_week", TT_INT, SLOT(17), NULL, "the last 60 minutes a week ago", 0},
	{"exceptions_since", TT_TIME, SLOT(18), NULL, "when the oldest of them was scanned", 0},
	{"version", TT_INT, SLOT(19), NULL, "what stats.changes would say of them", TT_WIDE},
	END};
static const struct tt_column params_activity[] = {TOKEN,
	{"per", TT_TEXT, SLOT(1), NULL, "hour, the default, or day", 0},
	{"from", TT_TIME, SLOT(2), NULL, "from then on", 0},
	{"to", TT_TIME, SLOT(3), NULL, "before then", 0},
	{"area", TT_TEXT, SLOT(4), NULL, "of this area only", 0}, END};
static const struct tt_column result_activity[] = {
	{"at", TT_TIME, SLOT(0), NULL, "when the hour or day began", 0},
	{"day", TT_TEXT, SLOT(9), NULL, "business day", 0},
	{"scans", TT_INT, SLOT(1), NULL, "scans, whatever came of them", 0},
	{"done", TT_INT, SLOT(2), NULL, "that were done", 0},
	{"again", TT_INT, SLOT(3), NULL, "of what was done already", TT_WIDE},
	{"refused", TT_INT, SLOT(4), NULL, "that were refused", 0},
	{"linked", TT_INT, SLOT(5), NULL, "children put into parents", 0},
	{"opened", TT_INT, SLOT(6), NULL, "parents opened", 0},
	{"closed", TT_INT, SLOT(7), NULL, "parents completed, finished or closed short", 0},
	{"grams", TT_GRAMS, SLOT(8), "g", "what the closed ones weigh", 0}, END};
#define PERIOD {"period", TT_TEXT, SLOT(1), NULL, "today, day, week, month, quarter or year", 0}
#define DAY(number)                                                                                \
	{"day", TT_TEXT, SLOT(number), NULL,                                                       \
		"a day of it such as 2026-11-21, today when not given", 0}
static const struct tt_column params_period[] = {TOKEN, PERIOD, DAY(2), END};
static const struct tt_column params_period_area[] = {
	TOKEN, PERIOD, {"area", TT_TEXT, SLOT(2), NULL, "of this area only", 0}, DAY(3), END};
static const struct tt_column result_stats_people[] = {
	{"login", TT_TEXT, SLOT(0), NULL, "login name", 0},
	{"name", TT_TEXT, SLOT(1), NULL, "name", TT_WIDE},
	{"role", TT_TEXT, SLOT(2), NULL, "role", TT_WIDE},
	{"area", TT_TEXT, SLOT(3), NULL, "area", TT_WIDE},
	{"scans", TT_INT, SLOT(4), NULL, "scans, whatever came of them", 0},
	{"done", TT_INT, SLOT(5), NULL, "that were done", 0},
	{"again", TT_INT, SLOT(6), NULL, "of what was done already", TT_WIDE},
	{"refused", TT_INT, SLOT(7), NULL, "that were refused", 0},
	{"linked", TT_INT, SLOT(8), NULL, "children put into parents", 0},
	{"opened", TT_INT, SLOT(9), NULL, "parents opened", 0},
	{"closed", TT_INT, SLOT(10), NULL, "parents completed, finished or closed short", 0},
	{"grams", TT_GRAMS, SLOT(11), "g", "what the closed ones weigh", 0},
	{"days_active", TT_INT, SLOT(12), NULL, "days with a scan", 0},
	{"peak", TT_INT, SLOT(13), NULL, "most scans on one day", 0},
	{"peak_day", TT_TEXT, SLOT(14), NULL, "that day", 0},
	{"first_at", TT_TIME, SLOT(15), NULL, "first scan", TT_WIDE},
	{"last_at", TT_TIME, SLOT(16), NULL, "last scan", 0}, END};
static const struct tt_column result_stats_stations[] = {
	{"station", TT_TEXT, SLOT(0), NULL, "station", 0},
	{"area", TT_TEXT, SLOT(1), NULL, "area", 0},
	{"state", TT_TEXT, SLOT(2), NULL, "enabled or retired", TT_WIDE},
	{"version", TT_TEXT, SLOT(3), NULL, "version of its program", TT_WIDE},
	{"last_seen", TT_TIME, SLOT(4), NULL, "last sign of life", TT_WIDE},
	{"person", TT_TEXT, SLOT(5), NULL, "who scanned there last", 0},
	{"scans", TT_INT, SLOT(6), NULL, "scans, whatever came of them", 0},
	{"done", TT_INT, SLOT(7), NULL, "that were done", 0},
	{"again", TT_INT, SLOT(8), NULL, "of what was done already", TT_WIDE},
	{"refused", TT_INT, SLOT(9), NULL, "that were refused", 0},
	{"linked", TT_INT, SLOT(10), NULL, "children put into parents", 0},
	{"opened", TT_INT, SLOT(11), NULL, "parents opened", 0},
	{"closed", TT_INT, SLOT(12), NULL, "parents completed, finished or closed short", 0},
	{"grams", TT_GRAMS, SLOT(13), "g", "what the closed ones weigh", 0},
	{"days_active", TT_INT, SLOT(14), NULL, "days with a scan", 0},
	{"people", TT_INT, SLOT(15), NULL, "people who scanned there", 0},
	{"last_at", TT_TIME, SLOT(16), NULL, "last scan", 0}, END};
static const struct tt_column result_stats_outcomes[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what scans came to", 0},
	{"class", TT_TEXT, SLOT(1), NULL, "done, again, refused or trouble", 0},
	{"scans", TT_INT, SLOT(2), NULL, "scans that came to it", 0},
	{"days", TT_INT, SLOT(3), NULL, "days on which there was one", 0}, END};
static const struct tt_column result_stats_areas[] = {
	{"area", TT_TEXT, SLOT(0), NULL, "area", 0},
	{"name", TT_TEXT, SLOT(1), NULL, "name", TT_WIDE},
	{"state", TT_TEXT, SLOT(2), NULL, "active or retired", TT_WIDE},
	{"scans", TT_INT, SLOT(3), NULL, "scans, whatever came of them", 0},
	{"done", TT_INT, SLOT(4), NULL, "that were done", 0},
	{"again", TT_INT, SLOT(5), NULL, "of what was done already", TT_WIDE},
	{"refused", TT_INT, SLOT(6), NULL, "that were refused", 0},
	{"linked", TT_INT, SLOT(7), NULL, "children put into parents", 0},
	{"opened", TT_INT, SLOT(8), NULL, "parents opened", 0},
	{"closed", TT_INT, SLOT(9), NULL, "parents completed, finished or closed short", 0},
	{"grams", TT_GRAMS, SLOT(10), "g", "what the closed ones weigh", 0},
	{"people", TT_INT, SLOT(11), NULL, "people who scanned", 0},
	{"stations", TT_INT, SLOT(12), NULL, "stations with a scan", 0},
	{"parents_open", TT_INT, SLOT(13), NULL, "parents that are open now", 0},
	{"parents_unbilled", TT_INT, SLOT(14), NULL, "closed parents on no bill", 0}, END};
static const struct tt_column result_stats_families[] = {
	{"family", TT_TEXT, SLOT(0), NULL, "code family", 0},
	{"role", TT_TEXT, SLOT(1), NULL, "parent or child", 0},
	{"active", TT_BOOL, SLOT(2), NULL, "in use", 0},
	{"bags", TT_INT, SLOT(3), NULL, "bags, all of them", 0},
	{"open", TT_INT, SLOT(4), NULL, "parents that are open", 0},
	{"complete", TT_INT, SLOT(5), NULL, "parents that are complete", 0},
	{"short", TT_INT, SLOT(6), NULL, "parents closed short", 0},
	{"linked", TT_INT, SLOT(7), NULL, "children in parents", 0},
	{"unlinked", TT_INT, SLOT(8), NULL, "children in none", 0},
	{"cancelled", TT_INT, SLOT(9), NULL, "bags out of use", 0}, END};
static const struct tt_column params_recent[] = {TOKEN,
	{"area", TT_TEXT, SLOT(1), NULL, "of this area only", 0},
	{"station", TT_TEXT, SLOT(2), NULL, "of this station only", 0},
	{"by", TT_TEXT, SLOT(3), NULL, "by this login only", 0},
	{"class", TT_TEXT, SLOT(4), NULL, "done, again or refused", 0},
	{"after", TT_INT, SLOT(5), NULL, "start after the row with this key", 0},
	{"limit", TT_INT, SLOT(6), NULL, "rows at most, 1 to 200; 50 when not given", 0}, END};
static const struct tt_column result_recent[] = {
	{"at", TT_TIME, SLOT(0), NULL, "when", 0},
	{"action", TT_TEXT, SLOT(1), NULL, "what was done", 0},
	{"outcome", TT_TEXT, SLOT(2), NULL, "what came of it", 0},
	{"code", TT_TEXT, SLOT(3), NULL, "code", 0},
	{"parent", TT_TEXT, SLOT(4), NULL, "parent", 0},
	{"bill", TT_TEXT, SLOT(5), NULL, "bill", TT_WIDE},
	{"position", TT_INT, SLOT(6), NULL, "place in the parent", 0},
	{"children", TT_INT, SLOT(7), NULL, "children of the parent after it", 0},
	{"state", TT_TEXT, SLOT(8), NULL, "state of the parent after it", TT_WIDE},
	{"station", TT_TEXT, SLOT(9), NULL, "station", 0},
	{"person", TT_TEXT, SLOT(10), NULL, "login of the person", 0},
	{"lane", TT_INT, SLOT(11), NULL, "lane", TT_WIDE},
	{"offline", TT_BOOL, SLOT(12), NULL, "it was queued", TT_WIDE},
	{"event", TT_ID, SLOT(13), NULL, "request id", TT_WIDE},
	{"key", TT_INT, SLOT(14), NULL, "for after", TT_WIDE}, END};
static const struct tt_column params_summary[] = {TOKEN,
	{"day", TT_TEXT, SLOT(1), NULL,
		"business day such as 2026-11-21, today when not given", TT_POSITIONAL},
	{"area", TT_TEXT, SLOT(2), NULL, "of this area only", 0}, END};
static const struct tt_column result_summary[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"day", TT_TEXT, SLOT(1), NULL, "business day", 0},
	{"zone", TT_TEXT, SLOT(2), NULL, "its time zone", 0},
	{"area", TT_TEXT, SLOT(3), NULL, "area, none for all", 0},
	{"totals", TT_JSON, SLOT(4), NULL, "scans, parents and weight of the day", 0},
	{"outcomes", TT_JSON, SLOT(5), NULL, "scans by what came of them", 0},
	{"people", TT_JSON, SLOT(6), NULL, "by person", 0},
	{"areas", TT_JSON, SLOT(7), NULL, "by area", 0},
	{"bills", TT_JSON, SLOT(8), NULL, "bills of the day", 0}, END};
static const struct tt_column params_changes[] = {TOKEN,
	{"since", TT_INT, SLOT(1), NULL, "version that an earlier call gave", 0}, END};
static const struct tt_column result_changes[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"version", TT_INT, SLOT(1), NULL, "of bags and bills together", 0},
	{"changed", TT_BOOL, SLOT(2), NULL, "something happened since", 0}, END};
static const struct tt_column result_health[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "ok", 0},
	{"server_time", TT_TIME, SLOT(1), NULL, "the server's clock", 0},
	{"schema", TT_INT, SLOT(2), NULL, "number of the last migration", 0},
	{"writable", TT_BOOL, SLOT(3), NULL, "it takes writes", 0}, END};
static const struct tt_column result_watch[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"schema", TT_INT, SLOT(1), NULL, "number of the last migration", 0},
	{"writable", TT_BOOL, SLOT(2), NULL, "the database takes writes", 0},
	{"replica", TT_BOOL, SLOT(3), NULL, "this server is a replica", 0},
	{"size", TT_INT, SLOT(4), "B", "size of the database", 0},
	{"connections", TT_INT, SLOT(5), NULL, "connections to the database", 0},
	{"connections_used", TT_INT, SLOT(6), "%",
		"how many of the server's connections are in use", 0},
	{"active", TT_INT, SLOT(7), NULL, "connections that work", 0},
	{"waiting", TT_INT, SLOT(8), NULL, "connections that wait for a lock", 0},
	{"oldest_transaction", TT_INT, SLOT(9), "s", "since the oldest transaction began", 0},
	{"deadlocks", TT_INT, SLOT(10), NULL, "deadlocks since the statistics began", 0},
	{"replicas", TT_INT, SLOT(11), NULL, "replicas that stream", 0},
	{"replica_lag", TT_INT, SLOT(12), "s", "how far the last replica is behind", 0},
	{"scans", TT_INT, SLOT(13), NULL, "scans, whatever came of them", 0},
	{"refused", TT_INT, SLOT(14), NULL, "scans that were refused", 0},
	{"parents_open", TT_INT, SLOT(15), NULL, "parents that are open", 0},
	{"exceptions", TT_INT, SLOT(16), NULL,
		"scans taken offline and then refused, not yet resolved", 0},
	{"exceptions_oldest", TT_INT, SLOT(17), "s", "how long the oldest of them waits", 0},
	{"approvals", TT_INT, SLOT(18), NULL, "operations that wait for a second person", 0},
	{"notifications", TT_INT, SLOT(19), NULL, "notifications that nobody has acknowledged", 0},
	{"imports", TT_INT, SLOT(20), NULL, "imports that are not done", 0},
	{"sessions", TT_INT, SLOT(21), NULL, "sessions that live", 0},
	{"behind", TT_INT, SLOT(22), NULL, "events that figures are not rolled up for", 0},
	{"partitions", TT_INT, SLOT(23), NULL, "months of the ledger made ahead", 0},
	{"unsealed", TT_INT, SLOT(24), "s",
		"how long the oldest row of ledger and audit waits for its seal", 0}, END};
static const struct tt_column params_status[] = {TOKEN,
	{"top", TT_INT, SLOT(1), NULL, "tables and statements at most, 10 when not given", 0}, END};
static const struct tt_column result_status[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"server", TT_TEXT, SLOT(1), NULL, "version of the server", 0},
	{"up_since", TT_TIME, SLOT(2), NULL, "when it was started", 0},
	{"bytes", TT_INT, SLOT(3), "B", "size of the database", 0},
	{"connections", TT_JSON, SLOT(4), NULL, "connections by what they do", 0},
	{"oldest_s", TT_TEXT, SLOT(5), NULL, "age of the oldest transaction, in seconds", 0},
	{"activity", TT_JSON, SLOT(6), NULL, "commits, rollbacks, deadlocks, hits of the cache", 0},
	{"sizes", TT_JSON, SLOT(7), NULL, "the largest tables", 0},
	{"locks", TT_JSON, SLOT(8), NULL, "locks held and waited for", 0},
	{"replicas", TT_JSON, SLOT(9), NULL, "replicas and their lag", 0},
	{"slow", TT_JSON, SLOT(10), NULL, "statements that took longest in all", TT_WIDE},
	{"rollup", TT_JSON, SLOT(11), NULL, "how far the figures are summed up", 0},
	{"partitions", TT_INT, SLOT(12), NULL, "months of the ledger made ahead", 0},
	{"missing", TT_TEXT, SLOT(13), NULL, "what can't be told, and why", 0}, END};
static const struct tt_column result_pulse[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"connections", TT_INT, SLOT(1), NULL, "connections of the database", 0},
	{"active", TT_INT, SLOT(2), NULL, "that do something", 0},
	{"waiting", TT_INT, SLOT(3), NULL, "that wait for a lock", 0},
	{"longest_wait_ms", TT_INT, SLOT(4), "ms", "for how long, at most", 0},
	{"longest_ms", TT_INT, SLOT(5), "ms", "age of the statement that runs longest", 0},
	{"longest", TT_TEXT, SLOT(6), NULL, "that statement", TT_WIDE},
	{"lag_ms", TT_INT, SLOT(7), "ms", "replicas are behind by so much", 0}, END};
static const struct tt_column params_integrity[] = {TOKEN,
	{"seconds", TT_INT, SLOT(1), NULL, "for how long, 0 to 60; 4 when not given", 0},
	{"part", TT_TEXT, SLOT(2), NULL, "begin with this part", 0},
	{"after", TT_INT, SLOT(3), NULL, "and there behind this number", 0}, END};
static const struct tt_column result_integrity[] = {
	{"part", TT_TEXT, SLOT(0), NULL, "what is checked", 0},
	{"state", TT_TEXT, SLOT(1), NULL, "sound, broken or not_finished", 0},
	{"times", TT_INT, SLOT(2), NULL, "how often it is broken", 0},
	{"first", TT_TEXT, SLOT(3), NULL, "the first thing that is wrong", 0},
	{"ms", TT_INT, SLOT(4), "ms", "how long it took", 0},
	{"after", TT_INT, SLOT(5), NULL, "where it stopped; nothing when it came to its end", 0},
	END};
static const struct tt_column params_request[] = {TOKEN,
	{"event", TT_ID, SLOT(1), NULL, "request id", 0}, END};
/* clang-format on */
static const struct tt_column result_maintain[] = {
	{"outcome", TT_TEXT, SLOT(0), NULL, "what it came to", 0},
	{"replayed", TT_BOOL, SLOT(1), NULL, "the first answer again", 0},
	{"partitions", TT_INT, SLOT(2), NULL, "months of the ledger made", 0},
	{"rolled", TT_INT, SLOT(3), NULL, "events summed up", 0},
	{"sessions", TT_INT, SLOT(4), NULL, "sessions that ended", 0},
	{"requests", TT_INT, SLOT(5), NULL, "answers forgotten", 0},
	{"minutes", TT_INT, SLOT(6), NULL, "minutes of figures forgotten", 0}, END};

#endif
