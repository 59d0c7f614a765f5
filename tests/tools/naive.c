/*
 * A client of the api that makes a mistake, for proving that the ledger checker sees it. It keeps
 * acknowledgement logs like tests/tools/drive.c.
 *
 *	naive MISTAKE --station NAME --logs DIR --scans N --base N
 *
 *	none		makes none: the same request id until there is an answer, which counts when
 *			all of it is there
 *	early		takes the first row for the answer
 *	fresh		tries again with a fresh request id
 *	twice		sends each request twice
 *
 * TRACETRACK_DSN is its way in, TRACETRACK_DSN_ADMIN makes its session. Prints how often it asked,
 * and how many answers said that they were the first one again. Status: 0 all were sent,
 * 1 the database would not, 64 usage, 69 no database.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <tracetrack/clock.h>

#include "acklog.h"

#define NAIVE_TRIES 200
#define NAIVE_CHILDREN 30

enum fate { FATE_ACKNOWLEDGED, FATE_REFUSED, FATE_UNKNOWN };

static struct {
	const char *mistake, *station, *logs;
	long scans, base;
	int log;
	PGconn *conn;
	char token[65], parent[16];
	int64_t epoch;
	long seq, n, parents, asked, replayed;
} naive;

struct request {
	const char *action;
	char code[32], event[37], outcome[32], to[32];
};

static bool naive_is(const char *mistake)
{
	return strcmp(naive.mistake, mistake) == 0;
}

static const char make_session[] =
	"with new as (insert into tracetrack.station (name, area_id)"
	" select $2, area_id from tracetrack.person where login = 'dispatcher001' returning id)"
	" insert into tracetrack.session (token_hash, person_id, station_id, expires_at)"
	" select tracetrack.token_hash($1), p.id, new.id, now() + interval '1 hour'"
	" from tracetrack.person p, new where p.login = 'dispatcher001'";

static void naive_open_session(void)
{
	const char *dsn = getenv("TRACETRACK_DSN_ADMIN"), *values[2] = {naive.token, naive.station};
	PGconn *conn = PQconnectdb(dsn ? dsn : "");
	PGresult *res;
	int i;

	for (i = 0; i < 64; i++)
		naive.token[i] = "0123456789abcdef"[tt_random_below(16)];
	res = PQexecParams(conn, make_session, 2, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(res) != PGRES_COMMAND_OK) {
		fprintf(stderr, "naive: %s", PQerrorMessage(conn));
		exit(69);
	}
	PQclear(res);
	PQfinish(conn);
}

static bool naive_connect(void)
{
	const char *dsn = getenv("TRACETRACK_DSN");

	if (naive.conn && PQstatus(naive.conn) == CONNECTION_OK)
		return true;
	PQfinish(naive.conn);
	naive.conn = PQconnectdb(dsn ? dsn : "");
	return PQstatus(naive.conn) == CONNECTION_OK;
}

/* Reads the whole answer; whether its first row already counts is the mistake. */
static enum fate naive_take_answer(struct request *r)
{
	bool has_row = false, has_error = false;
	PGresult *res;

	while ((res = PQgetResult(naive.conn))) {
		if (PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1) {
			has_row = true;
			tt_copy(r->outcome, sizeof(r->outcome), PQgetvalue(res, 0, 0));
			tt_copy(r->to, sizeof(r->to), PQgetvalue(res, 0, 1));
			naive.replayed += PQgetvalue(res, 0, 2)[0] == 't';
		} else if (PQresultStatus(res) != PGRES_TUPLES_OK) {
			has_error = true;
		}
		PQclear(res);
	}
	if (has_row && (!has_error || naive_is("early")))
		return FATE_ACKNOWLEDGED;
	return PQstatus(naive.conn) == CONNECTION_OK ? FATE_REFUSED : FATE_UNKNOWN;
}

static enum fate naive_ask(struct request *r)
{
	static const char *const sql[] = {
		"select outcome, parent, replayed from api.scan_parent($1, $2, $3, $4,"
		" p_code => $5)",
		"select outcome, parent, replayed from api.scan_child($1, $2, $3, $4,"
		" p_code => $5, p_parent => $6)"};
	bool is_child = strcmp(r->action, "child") == 0;
	char epoch[24], seq[24];
	const char *values[6] = {naive.token, r->event, epoch, seq, r->code, naive.parent};

	naive.asked++;
	tt_format(epoch, sizeof(epoch), "%lld", (long long)naive.epoch);
	tt_format(seq, sizeof(seq), "%ld", naive.seq);
	if (!naive_connect() || !PQsendQueryParams(naive.conn, sql[is_child], is_child ? 6 : 5,
					NULL, values, NULL, NULL, 0))
		return FATE_UNKNOWN;
	return naive_take_answer(r);
}

static void naive_new_id(struct request *r)
{
	struct tt_uuid id = tt_uuid_v7();

	tt_uuid_format(r->event, &id);
	naive.seq++;
}

static bool naive_send(struct request *r)
{
	enum fate fate = FATE_UNKNOWN;
	int tries;

	naive_new_id(r);
	naive.n++;
	acklog_write(naive.log, "I %ld %s %s %s", naive.n, r->action, r->code,
		strcmp(r->action, "child") == 0 ? naive.parent : "-");
	for (tries = 0; fate != FATE_ACKNOWLEDGED; tries++) {
		if (tries == NAIVE_TRIES)
			return false;
		if (tries > 0 && naive_is("fresh"))
			naive_new_id(r);
		fate = naive_ask(r);
	}
	acklog_write(naive.log, "A %ld %s db %s %ld %s -", naive.n, r->outcome, r->event, naive.seq,
		r->to);
	if (naive_is("twice"))
		(void)naive_ask(r);
	return true;
}

static bool naive_run(void)
{
	struct request r;
	long i;

	for (i = 0; i < naive.scans; i++) {
		if (i % (NAIVE_CHILDREN + 1) == 0) {
			r.action = "parent";
			tt_format(r.code, sizeof(r.code), "SB%08ld", naive.base + naive.parents++);
			tt_copy(naive.parent, sizeof(naive.parent), r.code);
		} else {
			r.action = "child";
			tt_format(r.code, sizeof(r.code), "N%ld-%06ld", naive.base, i);
		}
		if (!naive_send(&r))
			return false;
	}
	return true;
}

static const char *naive_option(int argc, char **argv, const char *name)
{
	int i;

	for (i = 2; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	}
	fprintf(stderr, "naive: %s is missing; see the head of tests/tools/naive.c\n", name);
	exit(64);
}

int main(int argc, char **argv)
{
	bool is_done;

	naive.mistake = argc > 1 ? argv[1] : "";
	naive.station = naive_option(argc, argv, "--station");
	naive.logs = naive_option(argc, argv, "--logs");
	naive.scans = strtol(naive_option(argc, argv, "--scans"), NULL, 10);
	naive.base = strtol(naive_option(argc, argv, "--base"), NULL, 10);
	if (!naive_is("none") && !naive_is("early") && !naive_is("fresh") && !naive_is("twice"))
		return 64;
	signal(SIGPIPE, SIG_IGN);
	naive.epoch = tt_now();
	naive.log = acklog_open(naive.logs, naive.station);
	naive_open_session();
	is_done = naive_run();
	acklog_write(naive.log, "E 0 0");
	PQfinish(naive.conn);
	printf("asked %ld\nreplayed %ld\n", naive.asked, naive.replayed);
	return is_done ? 0 : 1;
}
