/*
 * The ledger checker: compares acknowledgement logs (acklog.h) with the ledger.
 *
 *	ledger --prefix NAME LOG...	the logs of all stations NAME-...; TRACETRACK_DSN_ADMIN says
 *					where the ledger is
 *
 * What must hold; the word is what a breach is counted as:
 *
 *	lost		what was acknowledged (durable outbox or db) is in the ledger
 *	strange		what is in the ledger was meant: an acknowledged event by its id, another by
 *			its station, action and code, each intent once
 *	doubled		an event id, and a station's (epoch, number), is there once
 *	gap		a station's numbers go from 1 on without one missing, in one epoch
 *	disorder	they are in the order in which the station was asked, and happened in it
 *	different	the ledger says what the answer said
 *	waiting		the outboxes are empty at the end
 *	counter		the counters' sum is the ledger's rows
 *	violation	tracetrack.violation() is empty
 *	silent		at least one scan was acknowledged, else nothing was tried
 *
 * Prints figures, the first breaches of each kind, and "sound" or "broken" with the counts.
 * Status: 0 sound, 1 broken, 64 usage, 65 a log that is none, 69 no database.
 */
#include <errno.h>
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "acklog.h"

#define LEDGER_SHOWN 8 /* breaches of a kind */

enum breach {
	LOST,
	STRANGE,
	DOUBLED,
	GAP,
	DISORDER,
	DIFFERENT,
	WAITING,
	COUNTER,
	VIOLATION,
	SILENT,
	BREACHES
};

static const char *const breach_words[BREACHES] = {"lost", "strange", "doubled", "gap", "disorder",
	"different", "waiting", "counter", "violation", "silent"};

struct intent {
	long n;
	char action[12], code[32], parent[32]; /* "-" for what there is not */
	bool is_answered, is_found;
	char outcome[32], durable[8], event[40], to[32]; /* to: the answer's parent */
	long seq;
};

struct station {
	char name[64];
	struct intent *intents;
	size_t count, room;
	bool has_ended;
	int first_row, last_row; /* of the ledger, last not included */
};

/* Columns of ledger_rows. */
enum {
	ROW_STATION,
	ROW_EVENT,
	ROW_EPOCH,
	ROW_SEQ,
	ROW_ACTION,
	ROW_OUTCOME,
	ROW_CODE,
	ROW_PARENT,
	ROW_NUMBER
};

static const char ledger_rows[] =
	"select s.name, e.id, e.epoch, e.seq, e.action, e.outcome, coalesce(e.code, '-'),"
	" coalesce(p.code, e.parent_code, '-'), e.number"
	" from tracetrack.event e join tracetrack.station s on s.id = e.station_id"
	" left join tracetrack.bag p"
	" on p.id = tracetrack.event_parent(e.action, e.parent_id, e.from_parent_id)"
	" where s.name like $1 || '-%' order by s.name, e.epoch, e.seq, e.number";

static struct {
	PGconn *conn;
	PGresult *rows;
	struct station *stations;
	size_t nstations;
	long breaches[BREACHES];
	long acked_db, acked_outbox, unanswered, recovered;
} ledger;

TT_PRINTF(2, 3)
static void ledger_breach(enum breach kind, const char *fmt, ...)
{
	va_list args;

	if (ledger.breaches[kind]++ >= LEDGER_SHOWN)
		return;
	printf("%s: ", breach_words[kind]);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

/* ---- the logs */

static struct intent *station_add(struct station *st)
{
	if (st->count == st->room) {
		st->room = st->room ? 2 * st->room : 256;
		st->intents = tt_realloc(st->intents, st->room * sizeof(*st->intents));
	}
	memset(&st->intents[st->count], 0, sizeof(*st->intents));
	return &st->intents[st->count++];
}

static bool station_read_answer(struct station *st, const char *line)
{
	struct intent *it = st->count ? &st->intents[st->count - 1] : NULL;
	long n;

	if (!it || it->is_answered ||
		sscanf(line, "A %ld %31s %7s %39s %ld %31s", &n, it->outcome, it->durable,
			it->event, &it->seq, it->to) != 6 ||
		n != it->n)
		return false;
	it->is_answered = true;
	return true;
}

static bool station_read_line(struct station *st, const char *line)
{
	struct intent *it;
	long waiting, parked;

	switch (line[0]) {
	case 'I':
		it = station_add(st);
		st->has_ended = false;
		return sscanf(line, "I %ld %11s %31s %31s", &it->n, it->action, it->code,
			       it->parent) == 4;
	case 'A':
		return station_read_answer(st, line);
	case 'D':
		return true;
	case 'E':
		if (sscanf(line, "E %ld %ld", &waiting, &parked) != 2)
			return false;
		if (waiting > 0 || parked > 0)
			ledger_breach(WAITING, "%s: %ld wait, %ld are set aside", st->name, waiting,
				parked);
		st->has_ended = true;
		return true;
	default:
		return false;
	}
}

static void station_read(struct station *st, const char *path)
{
	const char *base = strrchr(path, '/');
	FILE *file = fopen(path, "re");
	char line[512];

	if (!file) {
		perror(path);
		exit(65);
	}
	tt_copy(st->name, sizeof(st->name), base ? base + 1 : path);
	if (strstr(st->name, ".log"))
		*strstr(st->name, ".log") = '\0';
	while (fgets(line, sizeof(line), file)) {
		if (station_read_line(st, line))
			continue;
		fprintf(stderr, "ledger: %s: not understood: %s", path, line);
		exit(65);
	}
	fclose(file);
	if (!st->has_ended)
		ledger_breach(WAITING, "%s has not come to an end", st->name);
}

/* ---- the ledger */

static void ledger_die(const char *what)
{
	fprintf(stderr, "ledger: %s: %s", what, PQerrorMessage(ledger.conn));
	exit(69);
}

static PGresult *ledger_query(const char *sql, const char *arg)
{
	PGresult *res = PQexecParams(ledger.conn, sql, arg ? 1 : 0, NULL, &arg, NULL, NULL, 0);

	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		ledger_die("query");
	return res;
}

static const char *row_text(int row, int column)
{
	return PQgetvalue(ledger.rows, row, column);
}

static long row_number(int row, int column)
{
	return strtol(row_text(row, column), NULL, 10);
}

static int station_compare(const void *a, const void *b)
{
	return strcmp(((const struct station *)a)->name, ((const struct station *)b)->name);
}

/* Gives each station its rows; a station without a log has no business in the ledger. */
static void ledger_assign_rows(void)
{
	struct station *st, key;
	int row, n = PQntuples(ledger.rows);

	qsort(ledger.stations, ledger.nstations, sizeof(*ledger.stations), station_compare);
	for (row = 0; row < n; row++) {
		tt_copy(key.name, sizeof(key.name), row_text(row, ROW_STATION));
		st = bsearch(&key, ledger.stations, ledger.nstations, sizeof(key), station_compare);
		if (!st) {
			ledger_breach(STRANGE, "station %s has no log", key.name);
			continue;
		}
		if (st->last_row == 0)
			st->first_row = row;
		st->last_row = row + 1;
	}
}

/* ---- the comparison of one station */

static bool intent_is_acked(const struct intent *it)
{
	return it->is_answered && strcmp(it->event, "-") != 0 && strcmp(it->durable, "none") != 0;
}

/* The acknowledged intent of that event, looked for from `from` on and then from the start. */
static struct intent *station_find_acked(struct station *st, const char *event, size_t from)
{
	size_t i, at;

	for (i = 0; i < st->count; i++) {
		at = (from + i) % st->count;
		if (intent_is_acked(&st->intents[at]) && strcmp(st->intents[at].event, event) == 0)
			return &st->intents[at];
	}
	return NULL;
}

/* The first intent from `from` on that had no answer and asked for what this row says. */
static struct intent *station_find_unanswered(struct station *st, int row, size_t from)
{
	struct intent *it;
	size_t i;

	for (i = from; i < st->count; i++) {
		it = &st->intents[i];
		if (!it->is_answered && !it->is_found &&
			strcmp(it->action, row_text(row, ROW_ACTION)) == 0 &&
			(strcmp(it->code, "-") == 0 ||
				strcmp(it->code, row_text(row, ROW_CODE)) == 0))
			return it;
	}
	return NULL;
}

static void station_compare_answer(const struct station *st, const struct intent *it, int row)
{
	const char *outcome = row_text(row, ROW_OUTCOME), *parent = row_text(row, ROW_PARENT);
	bool is_link = strcmp(outcome, "linked") == 0 || strcmp(outcome, "completed") == 0;

	if (it->is_answered && it->seq != row_number(row, ROW_SEQ))
		ledger_breach(DIFFERENT, "%s %ld: number %ld was told, %s is recorded", st->name,
			it->n, it->seq, row_text(row, ROW_SEQ));
	if (it->is_answered && strcmp(it->durable, "db") == 0 &&
		(strcmp(it->outcome, outcome) != 0 || (is_link && strcmp(it->to, parent) != 0)))
		ledger_breach(DIFFERENT, "%s %ld %s: %s in %s was told, %s in %s is recorded",
			st->name, it->n, it->code, it->outcome, it->to, outcome, parent);
	if (is_link && strcmp(it->parent, "-") != 0 && strcmp(it->parent, parent) != 0)
		ledger_breach(DIFFERENT, "%s %ld %s: meant for %s, recorded in %s", st->name, it->n,
			it->code, it->parent, parent);
}

static struct intent *station_match(struct station *st, int row, size_t from)
{
	struct intent *it = station_find_acked(st, row_text(row, ROW_EVENT), from);

	if (!it)
		it = station_find_unanswered(st, row, from);
	if (!it) {
		ledger_breach(STRANGE, "%s number %s: %s %s %s was not asked for", st->name,
			row_text(row, ROW_SEQ), row_text(row, ROW_ACTION), row_text(row, ROW_CODE),
			row_text(row, ROW_EVENT));
	} else if (it->is_found) {
		ledger_breach(DOUBLED, "%s %ld %s %s", st->name, it->n, it->code, it->event);
		it = NULL;
	}
	return it;
}

/* Numbers from 1 on, in the order in which they happened. */
static void station_check_sequence(const struct station *st)
{
	long seq = 0, number = 0;
	int row;

	for (row = st->first_row; row < st->last_row; row++) {
		if (strcmp(row_text(row, ROW_EPOCH), row_text(st->first_row, ROW_EPOCH)) != 0)
			ledger_breach(GAP, "%s has begun a new outbox", st->name);
		if (row_number(row, ROW_SEQ) == seq)
			ledger_breach(DOUBLED, "%s number %ld", st->name, seq);
		else if (row_number(row, ROW_SEQ) != seq + 1)
			ledger_breach(GAP, "%s: nothing between %ld and %s", st->name, seq,
				row_text(row, ROW_SEQ));
		if (row_number(row, ROW_NUMBER) <= number)
			ledger_breach(DISORDER, "%s: number %s happened before %ld", st->name,
				row_text(row, ROW_SEQ), seq);
		seq = row_number(row, ROW_SEQ);
		number = row_number(row, ROW_NUMBER);
	}
}

static void station_check_rows(struct station *st)
{
	struct intent *it;
	size_t next = 0;
	int row;

	for (row = st->first_row; row < st->last_row; row++) {
		it = station_match(st, row, next);
		if (!it)
			continue;
		it->is_found = true;
		if (it < st->intents + next)
			ledger_breach(DISORDER, "%s: command %ld came after %ld", st->name, it->n,
				st->intents[next - 1].n);
		else
			next = (size_t)(it - st->intents) + 1;
		station_compare_answer(st, it, row);
	}
}

static void station_check_acknowledged(const struct station *st)
{
	const struct intent *it;

	for (it = st->intents; it < st->intents + st->count; it++) {
		ledger.unanswered += !it->is_answered;
		ledger.recovered += !it->is_answered && it->is_found;
		if (!intent_is_acked(it))
			continue;
		if (strcmp(it->durable, "db") == 0)
			ledger.acked_db++;
		else
			ledger.acked_outbox++;
		if (!it->is_found)
			ledger_breach(LOST, "%s %ld %s %s: %s (%s) was told, number %ld, %s",
				st->name, it->n, it->action, it->code, it->outcome, it->durable,
				it->seq, it->event);
	}
}

/* ---- the database as a whole */

static void ledger_check_doubles(void)
{
	PGresult *res = ledger_query("select id, count(*) from tracetrack.event group by id"
				     " having count(*) > 1",
		NULL);
	int row;

	for (row = 0; row < PQntuples(res); row++)
		ledger_breach(DOUBLED, "event %s is there %s times", PQgetvalue(res, row, 0),
			PQgetvalue(res, row, 1));
	PQclear(res);
}

static void ledger_check_counters(void)
{
	PGresult *res = ledger_query("select (select sum(scans) from tracetrack.tally),"
				     " (select count(*) from tracetrack.event)",
		NULL);

	if (strcmp(PQgetvalue(res, 0, 0), PQgetvalue(res, 0, 1)) != 0)
		ledger_breach(COUNTER, "%s scans counted, %s recorded", PQgetvalue(res, 0, 0),
			PQgetvalue(res, 0, 1));
	PQclear(res);
}

static void ledger_check_violations(void)
{
	PGresult *res = ledger_query("select rule, detail from tracetrack.violation()", NULL);
	int row;

	for (row = 0; row < PQntuples(res); row++)
		ledger_breach(
			VIOLATION, "%s: %s", PQgetvalue(res, row, 0), PQgetvalue(res, row, 1));
	PQclear(res);
}

static int ledger_say(void)
{
	long total = 0;
	int i;

	printf("stations %zu\nrecorded %d\nacknowledged %ld\nby_database %ld\nby_outbox %ld\n",
		ledger.nstations, PQntuples(ledger.rows), ledger.acked_db + ledger.acked_outbox,
		ledger.acked_db, ledger.acked_outbox);
	printf("unanswered %ld\nunanswered_recorded %ld\n", ledger.unanswered, ledger.recovered);
	for (i = 0; i < BREACHES; i++)
		total += ledger.breaches[i];
	printf("%s", total ? "broken" : "sound");
	for (i = 0; i < BREACHES; i++) {
		if (ledger.breaches[i] > 0)
			printf(" %s=%ld", breach_words[i], ledger.breaches[i]);
	}
	putchar('\n');
	return total > 0;
}

int main(int argc, char **argv)
{
	const char *dsn = getenv("TRACETRACK_DSN_ADMIN");
	size_t i;

	if (argc < 4 || strcmp(argv[1], "--prefix") != 0 || !dsn) {
		fprintf(stderr, "usage: ledger --prefix NAME LOG..., and TRACETRACK_DSN_ADMIN\n");
		return 64;
	}
	ledger.nstations = (size_t)argc - 3;
	ledger.stations = tt_alloc(ledger.nstations * sizeof(*ledger.stations));
	for (i = 0; i < ledger.nstations; i++)
		station_read(&ledger.stations[i], argv[i + 3]);
	ledger.conn = PQconnectdb(dsn);
	if (PQstatus(ledger.conn) != CONNECTION_OK)
		ledger_die("database");
	ledger.rows = ledger_query(ledger_rows, argv[2]);
	ledger_assign_rows();
	for (i = 0; i < ledger.nstations; i++) {
		station_check_rows(&ledger.stations[i]);
		station_check_sequence(&ledger.stations[i]);
		station_check_acknowledged(&ledger.stations[i]);
	}
	ledger_check_doubles();
	ledger_check_counters();
	ledger_check_violations();
	if (ledger.acked_db + ledger.acked_outbox == 0)
		ledger_breach(SILENT, "nothing was acknowledged");
	PQfinish(ledger.conn);
	return ledger_say();
}
