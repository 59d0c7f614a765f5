/*
 * Questions to the owner's connection when all stations have left.
 */
#include "end.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define END_TIMEOUT_MS 900000
#define END_SHOWN 20 /* violations in a report */

struct violation {
	char *rule, *detail;
};

struct place {
	char *station;
	int64_t first, last;
};

static const struct tt_column violation_columns[] = {
	{"rule", TT_TEXT, offsetof(struct violation, rule), NULL, "", 0},
	{"detail", TT_TEXT, offsetof(struct violation, detail), NULL, "", 0},
	{NULL, 0, 0, NULL, NULL, 0}};
static const struct tt_column place_columns[] = {
	{"station", TT_TEXT, offsetof(struct place, station), NULL, "", 0},
	{"first", TT_INT, offsetof(struct place, first), NULL, "", 0},
	{"last", TT_INT, offsetof(struct place, last), NULL, "", 0}, {NULL, 0, 0, NULL, NULL, 0}};

static enum tt_rc end_ask(const struct run *r, const char *sql, const struct tt_column *cols,
	size_t size, struct tt_rows *rows, struct tt_error *err)
{
	return server_ask(r->options.dsns.admin, false, sql, cols, size, END_TIMEOUT_MS, rows, err);
}

static enum tt_rc end_violations(
	const struct run *r, json_t *end, json_int_t *breaches, struct tt_error *err)
{
	json_t *list = json_array();
	struct violation *v;
	struct tt_rows rows;
	enum tt_rc rc;
	size_t i;

	json_object_set_new(end, "violations", list);
	rc = end_ask(r, "select rule, detail from tracetrack.violation()", violation_columns,
		sizeof(*v), &rows, err);
	if (rc != TT_OK)
		return rc;
	for (i = 0; i < rows.count && i < END_SHOWN; i++) {
		v = tt_rows_at(&rows, i);
		json_array_append_new(list, json_pack("{s:s,s:s}", "rule", v->rule ? v->rule : "",
						    "detail", v->detail ? v->detail : ""));
	}
	*breaches += (json_int_t)rows.count;
	tt_rows_fini(&rows);
	return TT_OK;
}

/* Numbers of outboxes of this run: those that have come since it began. */
static enum tt_rc end_gaps(
	const struct run *r, json_t *end, json_int_t *breaches, struct tt_error *err)
{
	json_t *list = json_array();
	char sql[500], at[32];
	struct tt_rows rows;
	struct place *p;
	enum tt_rc rc;
	size_t i;

	json_object_set_new(end, "gaps", list);
	tt_time_format(at, sizeof(at), r->began_at);
	tt_format(sql, sizeof(sql),
		"select g.station, g.missing_from, g.missing_to"
		" from tracetrack.sequence_gaps() g join tracetrack.station s on s.name = g.station"
		" where g.station like 'STRESS-%%' and exists (select from tracetrack.request q"
		" where q.station_id = s.id and q.epoch = g.epoch and q.at >= '%s')",
		at);
	rc = end_ask(r, sql, place_columns, sizeof(*p), &rows, err);
	if (rc != TT_OK)
		return rc;
	for (i = 0; i < rows.count; i++) {
		p = tt_rows_at(&rows, i);
		json_array_append_new(
			list, json_pack("{s:s,s:I,s:I}", "station", p->station ? p->station : "",
				      "from", (json_int_t)p->first, "to", (json_int_t)p->last));
	}
	*breaches += (json_int_t)rows.count;
	tt_rows_fini(&rows);
	return TT_OK;
}

static int64_t end_recorded(const struct tt_rows *rows, int number)
{
	const struct place *p;
	char name[32];
	size_t i;

	tt_format(name, sizeof(name), "STRESS-%04d", number);
	for (i = 0; i < rows->count; i++) {
		p = tt_rows_at(rows, i);
		if (p->station && strcmp(p->station, name) == 0)
			return p->last;
	}
	return 0;
}

/* Without gaps, the highest number that came says how many did: it must reach what was told. */
static enum tt_rc end_lost(
	const struct run *r, json_t *end, json_int_t *breaches, struct tt_error *err)
{
	json_t *list = json_array();
	char sql[500], at[32];
	struct client *c;
	struct tt_rows rows;
	int64_t recorded;
	enum tt_rc rc;

	json_object_set_new(end, "lost", list);
	tt_time_format(at, sizeof(at), r->began_at);
	tt_format(sql, sizeof(sql),
		"select s.name, min(q.seq), max(q.seq) from tracetrack.station s"
		" join tracetrack.request q on q.station_id = s.id"
		" where s.name like 'STRESS-%%' and q.seq is not null and q.at >= '%s'"
		" group by s.name",
		at);
	rc = end_ask(r, sql, place_columns, sizeof(struct place), &rows, err);
	if (rc != TT_OK)
		return rc;
	for (c = r->clients; c < r->clients + r->nclients; c++) {
		recorded = end_recorded(&rows, c->number + 1);
		if (c->acked_seq <= recorded)
			continue;
		json_array_append_new(
			list, json_pack("{s:i,s:I,s:I}", "station", c->number + 1, "told",
				      (json_int_t)c->acked_seq, "recorded", (json_int_t)recorded));
		*breaches += 1;
	}
	tt_rows_fini(&rows);
	return TT_OK;
}

/* Scans that are still in an outbox are in no ledger yet. */
static void end_waiting(struct run *r, json_t *end)
{
	const struct client *c;
	json_int_t sum = 0;

	for (c = r->clients; c < r->clients + r->nclients; c++)
		sum += c->waiting;
	json_object_set_new(end, "waiting", json_integer(sum));
	if (sum > 0)
		run_spoil(r, "%" PRId64 " scans are still in outboxes", (int64_t)sum);
}

json_t *end_check(struct run *r)
{
	json_t *end = json_object();
	json_int_t breaches = 0;
	struct tt_error err;
	enum tt_rc rc = TT_OK;

	json_object_set_new(end, "checked", json_false());
	json_object_set_new(end, "because", json_string("it needs --dsn-admin"));
	end_waiting(r, end);
	if (!r->options.dsns.admin)
		return end;
	rc = end_violations(r, end, &breaches, &err);
	if (rc == TT_OK)
		rc = end_gaps(r, end, &breaches, &err);
	if (rc == TT_OK)
		rc = end_lost(r, end, &breaches, &err);
	if (rc != TT_OK) {
		run_spoil(r, "the end state can't be checked: %s", err.message);
		json_object_set_new(end, "because", json_string(err.message));
		return end;
	}
	json_object_set_new(end, "checked", json_true());
	json_object_del(end, "because");
	json_object_set_new(end, "breaches", json_integer(breaches));
	return end;
}
