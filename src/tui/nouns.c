/*
 * The table of nouns.
 */
#include "nouns.h"

#include <string.h>

#include <tracetrack/text.h>

#define PERIODS "period=today period=week period=month period=quarter period=year"

const struct noun nouns[] = {
	{.name = "bags",
		.title = "Bags",
		.help = "parents and children: what they are in, since when, by whom",
		.list = "bag.list",
		.key = "code",
		.after = "key",
		.sorts = "newest code",
		.filter = "text",
		.search = "bag.search",
		.detail = "bag.show",
		.actions = "bag.weigh bag.cancel scan.remove",
		.takes_scans = true,
		.follows = true,
		.audit = "bag"},
	{.name = "bills",
		.title = "Bills",
		.help = "the bills, what is on them, what they weigh",
		.list = "bill.list",
		.key = "bill",
		.filter = "text",
		.search = "bill.search",
		.detail = "bill.show",
		.create = "bill.create",
		.actions = "bill.add bill.remove bill.manual bill.complete bill.reopen bill.edit "
			   "bill.cancel",
		.takes_scans = true,
		.prints = true,
		.follows = true,
		.audit = "bill"},
	{.name = "returns",
		.title = "Returns",
		.help = "tickets for goods that come back, and the bags on them",
		.list = "return.list",
		.key = "ticket",
		.detail = "return.show",
		.create = "return.open",
		.actions = "return.add return.remove return.commit return.cancel",
		.scan = "return.add",
		.audit = "return_ticket"},
	{.name = "people",
		.title = "People",
		.help = "who works here, their roles and areas",
		.list = "user.list",
		.key = "login",
		.filter = "text",
		.detail = "user.show",
		.create = "user.create",
		.sorts = "login name role area created_at last_seen",
		.actions = "user.edit user.role user.area user.disable user.enable user.unlock "
			   "user.reset user.badge",
		.audit = "person"},
	{.name = "requests",
		.title = "Requests",
		.help = "people who ask for another role",
		.list = "user.requests",
		.key = "number",
		.actions = "user.decide",
		.audit = "promotion"},
	{.name = "sessions",
		.title = "Sessions",
		.help = "who is logged in where",
		.list = "session.list",
		.key = "session",
		.actions = "session.revoke",
		.audit = "session"},
	{.name = "areas",
		.title = "Areas",
		.help = "the areas of the warehouse",
		.list = "area.list",
		.key = "code",
		.create = "area.create",
		.actions = "area.edit area.retire",
		.audit = "area"},
	{.name = "stations",
		.title = "Stations",
		.help = "the stations, when they were last seen, their policy",
		.list = "station.list",
		.key = "name",
		.create = "station.create",
		.actions = "station.edit station.retire",
		.audit = "station"},
	{.name = "families",
		.title = "Code families",
		.help = "which codes are parents, children, bills and badges",
		.list = "family.list",
		.key = "name",
		.create = "family.create",
		.actions = "family.edit family.retire",
		.audit = "family"},
	{.name = "exceptions",
		.title = "Exceptions",
		.help = "scans that were taken while the database was away, and then refused",
		.list = "exception.list",
		.key = "scan",
		.actions = "exception.resolve",
		.audit = "exception"},
	{.name = "notifications",
		.title = "Notifications",
		.help = "what somebody should look at",
		.list = "notification.list",
		.key = "id",
		.actions = "notification.ack",
		.audit = "notification"},
	{.name = "approvals",
		.title = "Approvals",
		.help = "what waits for a second person",
		.list = "approval.list",
		.key = "id",
		.actions = "approval.decide",
		.audit = "approval"},
	{.name = "recent",
		.title = "Recent scans",
		.help = "the last scans of all stations",
		.list = "stats.recent",
		.key = "event",
		.after = "key",
		.follows = true},
	{.name = "today",
		.title = "Today",
		.help = "what this day came to: scans, people, areas, bills",
		.detail = "stats.summary"},
	{.name = "by-biller",
		.title = "Bills by person",
		.help = "the bills of this day by person, or / from=DAY to=DAY",
		.list = "bill.summary",
		.key = "login"},
	{.name = "by-day",
		.title = "Scans by day",
		.help = "reports: scans by day, hour, person, station, area, outcome",
		.list = "stats.activity",
		.key = "day",
		.after = "at",
		.choices = "per=day",
		.bar = "scans",
		.next = "by-hour"},
	{.name = "by-hour",
		.title = "Scans by hour",
		.help = "the scans of each of the last 24 hours",
		.list = "stats.activity",
		.key = "at",
		.choices = "per=hour",
		.bar = "scans",
		.next = "by-person",
		.is_more = true},
	{.name = "by-person",
		.title = "Scans by person",
		.help = "who scanned how much, today or in a longer period",
		.list = "stats.people",
		.key = "login",
		.choices = PERIODS,
		.bar = "scans",
		.next = "by-station",
		.is_more = true},
	{.name = "by-station",
		.title = "Scans by station",
		.help = "how much was scanned where",
		.list = "stats.stations",
		.key = "station",
		.choices = PERIODS,
		.bar = "scans",
		.next = "by-area",
		.is_more = true},
	{.name = "by-area",
		.title = "Scans by area",
		.help = "how much was scanned in each area, and what waits there",
		.list = "stats.areas",
		.key = "area",
		.choices = PERIODS,
		.bar = "scans",
		.next = "by-outcome",
		.is_more = true},
	{.name = "by-outcome",
		.title = "Scans by outcome",
		.help = "what scans came to, refusals by kind among them",
		.list = "stats.outcomes",
		.key = "outcome",
		.choices = PERIODS,
		.bar = "scans",
		.next = "by-day",
		.is_more = true},
	{.name = "audit",
		.title = "Audit",
		.help = "who changed what, and when",
		.list = "audit.list",
		.key = "number"},
	{.name = "settings",
		.title = "Settings",
		.help = "what holds for the whole site",
		.list = "setting.list",
		.key = "name",
		.actions = "setting.set",
		.audit = "setting"},
	{.name = "health",
		.title = "Health",
		.help = "the database: connections, sizes, locks, replicas, slow statements",
		.detail = "system.status"},
	{0},
};

const struct noun noun_history = {.name = "history",
	.title = "History",
	.help = "what was done to one thing, by whom and when",
	.list = "audit.entity",
	.key = "number",
	.choices = "limit=1000"};

const struct noun *noun_find(const char *name)
{
	const struct noun *row;

	for (row = nouns; row->name && strcmp(row->name, name) != 0; row++)
		;
	return row->name ? row : NULL;
}

const char *noun_first(const struct noun *noun)
{
	return noun->list ? noun->list : noun->detail;
}

const struct tt_operation *noun_operation(const char *name)
{
	return name ? tt_operation_find(name) : NULL;
}

const char *noun_action(const struct noun *noun, size_t n, char *dst, size_t size)
{
	const char *p = noun->actions ? noun->actions : "";

	for (; n > 0 && *p != '\0'; n--) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	if (*p == '\0')
		return NULL;
	tt_copy_n(dst, size, p, strcspn(p, " "));
	return dst;
}
