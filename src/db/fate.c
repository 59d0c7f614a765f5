/*
 * PgBouncer reports all of its own troubles as 08P01, a wrong password too, so state and text
 * together decide. Order matters: the first row that matches wins.
 */
#include "fate.h"

#include <stddef.h>
#include <string.h>

static const char hint_login[] = "Check the user name and password of the connection string.";
/* Of a command line, too, which keeps nothing. */
static const char hint_down[] =
	"Scans at a station are kept and sent when it is back; try anything else again then.";
static const char hint_full[] =
	"The database server's disk or memory is full. Tell the administrator.";
static const char hint_schema[] = "Bring the database up to date with: tracetrackctl db migrate";

#define DONE_NOT TT_FATE_NOT_DONE
#define UNKNOWN TT_FATE_UNKNOWN

/* clang-format off */
static const struct db_fate fate_rows[] = {
	/* state, text, fate, rc, retry, lasting, drops, hint */
	{"28000", "session_expired", DONE_NOT, TT_DENIED, false, false, false, "Log in again.",
		"the session has ended"},
	{"42501", "not_permitted", DONE_NOT, TT_DENIED, false, false, false, "Ask a supervisor.",
		"you may not do this"},
	{"40001", NULL, DONE_NOT, TT_CONFLICT, true, false, false, "", NULL},
	{"40P01", NULL, DONE_NOT, TT_CONFLICT, true, false, false, "", NULL},
	{"55P03", NULL, DONE_NOT, TT_CONFLICT, true, false, false, "", NULL},
	{"57014", NULL, DONE_NOT, TT_TIMEOUT, true, false, false, hint_down, NULL},
	{"08P01", "SASL", DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"08P01", "password", DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"08P01", "auth", DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"08P01", "no such user", DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"08P01", "no such database", DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"08P01", "query_wait_timeout", DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"08P01", "server_login_retry", DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"08P01", "server login has been failing", DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"08P01", "no more connections", DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"08P01", NULL, UNKNOWN, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"28", NULL, DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"3D000", NULL, DONE_NOT, TT_CONFIG, false, true, true, hint_login, NULL},
	{"53300", NULL, DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"53", NULL, DONE_NOT, TT_UNAVAILABLE, false, false, false, hint_full, NULL},
	{"58", NULL, DONE_NOT, TT_UNAVAILABLE, false, false, false, hint_full, NULL},
	{"57P03", NULL, DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"57P", NULL, UNKNOWN, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"25006", NULL, DONE_NOT, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"42501", NULL, DONE_NOT, TT_DENIED, false, false, false,
		"This database role may not do that. Tell the administrator.", NULL},
	{"42883", NULL, DONE_NOT, TT_CONFIG, false, false, false, hint_schema, NULL},
	{"3F000", NULL, DONE_NOT, TT_CONFIG, false, false, false, hint_schema, NULL},
	{"42", NULL, DONE_NOT, TT_CONFIG, false, false, false, hint_schema, NULL},
	{"22", NULL, DONE_NOT, TT_DATA, false, false, false, "", NULL},
	{"23", NULL, DONE_NOT, TT_INTERNAL, false, false, false, "", NULL},
	{"P0001", NULL, DONE_NOT, TT_DENIED, false, false, false, "", NULL},
	{"P0", NULL, DONE_NOT, TT_INTERNAL, false, false, false, "", NULL},
	{"21", NULL, DONE_NOT, TT_INTERNAL, false, false, false, "", NULL},
	{"54", NULL, DONE_NOT, TT_DATA, false, false, false, "", NULL},
	{"08", NULL, UNKNOWN, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
	{"", NULL, UNKNOWN, TT_UNAVAILABLE, false, false, true,
		hint_down, NULL},
};
/* clang-format on */

const struct db_fate *db_fate_find(const char *sqlstate, const char *message)
{
	const struct db_fate *row = fate_rows;

	for (;; row++) {
		if (strncmp(sqlstate, row->sqlstate, strlen(row->sqlstate)) == 0 &&
			(!row->text || strstr(message, row->text)))
			return row;
	}
}
