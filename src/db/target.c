/*
 * Splits host and port lists the way libpq does (PostgreSQL 15 manual, 34.1.1.3): one port for all
 * hosts, or one each. We try the hosts one by one ourselves, since libpq's own fall-through does
 * not enforce connect_timeout when connecting without blocking.
 */
#include "target.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

static char *list_item(const char *list, size_t index)
{
	const char *end;

	for (; index > 0; index--) {
		list = strchr(list, ',');
		if (!list)
			return tt_strdup("");
		list++;
	}
	end = strchr(list, ',');
	return end ? tt_strndup(list, (size_t)(end - list)) : tt_strdup(list);
}

static size_t list_count(const char *list)
{
	size_t n = 1;

	for (; *list; list++)
		n += *list == ',';
	return n;
}

static bool target_needs_lookup(const char *host)
{
	unsigned char address[16];

	return *host != '\0' && *host != '/' && *host != '@' &&
	       inet_pton(AF_INET, host, address) != 1 && inet_pton(AF_INET6, host, address) != 1;
}

static void targets_split(struct db_targets *t, const char *hosts, const char *ports)
{
	size_t i, nports = list_count(ports);

	t->count = list_count(hosts);
	t->rows = tt_alloc(t->count * sizeof(*t->rows));
	for (i = 0; i < t->count; i++) {
		t->rows[i].host = list_item(hosts, i);
		t->rows[i].port = list_item(ports, nports == 1 ? 0 : i);
		t->rows[i].needs_lookup = target_needs_lookup(t->rows[i].host);
	}
}

enum tt_rc db_targets_init(struct db_targets *t, const char *dsn, struct tt_error *err)
{
	const char *hosts = getenv("PGHOST"), *ports = getenv("PGPORT");
	PQconninfoOption *options, *o;
	char *why = NULL;
	bool has_address = false;

	memset(t, 0, sizeof(*t));
	options = PQconninfoParse(dsn, &why);
	if (!options) {
		tt_fail(err, TT_CONFIG, "the connection string can't be read: %s", why ? why : "");
		tt_error_hint(err, "It looks like: host=localhost port=6432 dbname=tracetrack");
		PQfreemem(why);
		return TT_CONFIG;
	}
	for (o = options; o->keyword; o++) {
		if (!o->val)
			continue;
		if (strcmp(o->keyword, "host") == 0)
			hosts = o->val;
		else if (strcmp(o->keyword, "port") == 0)
			ports = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			has_address = true;
		t->has_keepalives |= strncmp(o->keyword, "keepalives", 10) == 0;
		t->has_user_timeout |= strcmp(o->keyword, "tcp_user_timeout") == 0;
	}
	t->dsn = tt_strdup(dsn);
	targets_split(t, has_address || !hosts ? "" : hosts, has_address || !ports ? "" : ports);
	PQconninfoFree(options);
	return TT_OK;
}

void db_targets_fini(struct db_targets *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		free(t->rows[i].host);
		free(t->rows[i].port);
	}
	free(t->rows);
	free(t->dsn);
	memset(t, 0, sizeof(*t));
}
