/* What an error of the server or the pooler means for the call and for the link. */
#ifndef TRACETRACK_DB_FATE_H
#define TRACETRACK_DB_FATE_H

#include <stdbool.h>

#include <tracetrack/link.h>
#include <tracetrack/rc.h>

struct db_fate {
	const char *sqlstate; /* prefix; "" matches all */
	const char *text;     /* part of the primary message; NULL matches all */
	enum tt_fate fate;
	enum tt_rc rc;
	bool may_retry;  /* the same call may be sent again at once */
	bool is_lasting; /* trying again soon is pointless: wrong password, no such database */
	bool drops_link; /* the connection is no good any more */
	const char *hint;
	const char *say; /* in place of the server's message; NULL: that one */
};

/* The first row that matches; there always is one. */
const struct db_fate *db_fate_find(const char *sqlstate, const char *message);

#endif
