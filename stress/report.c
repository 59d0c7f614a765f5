/*
 * From counters to the report.
 */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <tracetrack/schema.h>

#include "course.h"
#include "floor.h"
#include "lead.h"

const char *const report_figures[] = {"attempts", "succeeded", "refused", "failed", "timed_out",
	"in_flight", "local", "error_percent", "per_s", "bytes", "workflows", "workflows_per_s",
	"min_ms", "mean_ms", "p50_ms", "p66_ms", "p75_ms", "p80_ms", "p90_ms", "p95_ms", "p98_ms",
	"p99_ms", "p99.9_ms", "max_ms", NULL};

bool report_figure(json_t *of, const char *name, double *value)
{
	json_t *figure = json_object_get(of, name);

	*value = json_number_value(figure);
	return json_is_number(figure);
}

/* Thousandths are enough of anything here, and make a report readable. */
static json_t *report_real(double value)
{
	return json_real(round(value * 1000) / 1000);
}

static json_t *report_count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* ---- figures */

static void report_latency(json_t *to, const struct tt_histogram *h)
{
	static const struct {
		const char *name;
		double q;
	} rows[] = {{"p50_ms", 0.5}, {"p66_ms", 0.66}, {"p75_ms", 0.75}, {"p80_ms", 0.8},
		{"p90_ms", 0.9}, {"p95_ms", 0.95}, {"p98_ms", 0.98}, {"p99_ms", 0.99},
		{"p99.9_ms", 0.999}};
	size_t i;

	json_object_set_new(to, "measured", report_count(h->count));
	if (h->count == 0)
		return;
	json_object_set_new(to, "min_ms", report_real((double)h->min / 1000));
	json_object_set_new(to, "mean_ms", report_real((double)h->sum / (double)h->count / 1000));
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		json_object_set_new(to, rows[i].name,
			report_real((double)tt_histogram_quantile(h, rows[i].q) / 1000));
	json_object_set_new(to, "max_ms", report_real((double)h->max / 1000));
}

static void report_counts(
	json_t *to, const struct record_tally *tally, uint64_t in_flight, double seconds)
{
	uint64_t ended = record_ended(tally), bad;
	int i;

	json_object_set_new(to, "attempts", report_count(tally->attempts));
	for (i = 0; i < RESULT_KINDS; i++)
		json_object_set_new(
			to, result_word((enum result)i), report_count(tally->results[i]));
	json_object_set_new(to, "in_flight", report_count(in_flight));
	json_object_set_new(to, "local", report_count(tally->local));
	bad = tally->results[RESULT_FAILED] + tally->results[RESULT_TIMED_OUT];
	json_object_set_new(
		to, "error_percent", report_real(ended ? 100.0 * (double)bad / (double)ended : 0));
	json_object_set_new(
		to, "per_s", report_real(seconds > 0 ? (double)tally->measured / seconds : 0));
	json_object_set_new(to, "bytes", report_count(tally->bytes));
}

static json_t *report_outcomes(const struct record_part *part)
{
	const struct record_outcome *o;
	json_t *list = json_array();

	for (o = part->outcomes; o < part->outcomes + part->noutcomes; o++)
		json_array_append_new(
			list, json_pack("{s:s,s:s,s:I}", "outcome", o->name, "result",
				      result_word(o->result), "count", (json_int_t)o->count));
	return list;
}

/* Of the measured stages, what was worked through. */
static double report_measured_seconds(const struct run *r, double done)
{
	double begin = 0, end, sum = 0;
	const struct profile_stage *s = r->profile->stages;
	size_t i;

	for (i = 0; i < r->profile->nstages; i++, s++, begin = end) {
		end = begin + s->seconds * r->options.scale;
		if (s->is_measured && done > begin)
			sum += fmin(done, end) - begin;
	}
	return sum;
}

static json_t *report_operations(struct run *r, const struct record *record, double seconds)
{
	json_t *ops = json_object(), *json;
	const struct record_op *op;
	size_t i;

	for (i = 0; i < record->nops; i++) {
		op = &record->ops[i];
		if (op->sum.tally.attempts != record_ended(&op->sum.tally) + op->in_flight)
			run_spoil(r, "the counters of %s do not add up", r->profile->ops[i].name);
		json = json_object();
		report_counts(json, &op->sum.tally, op->in_flight, seconds);
		report_latency(json, &op->sum.latency);
		json_object_set_new(json, "outcomes", report_outcomes(&op->sum));
		json_object_set_new(json, "histogram", histogram_pack(&op->sum.latency));
		json_object_set_new(ops, r->profile->ops[i].name, json);
	}
	return ops;
}

static json_t *report_totals(
	struct run *r, const struct record *record, double worked, double seconds)
{
	json_t *json = json_object();
	struct tt_histogram all;

	record_merge(record, &all);
	if (record->all.attempts != record_ended(&record->all) + record_in_flight(record))
		run_spoil(r, "the counters do not add up");
	report_counts(json, &record->all, record_in_flight(record), seconds);
	json_object_set_new(json, "measured_seconds", report_real(seconds));
	json_object_set_new(json, "workflows", report_count(record->workflows));
	json_object_set_new(json, "workflows_per_s",
		report_real(worked > 0 ? (double)record->workflows / worked : 0));
	report_latency(json, &all);
	json_object_set_new(json, "histogram", histogram_pack(&all));
	return json;
}

/* ---- the series */

static json_t *report_known(int64_t value, double divisor)
{
	return value == TT_NO_INT ? json_null() : report_real((double)value / divisor);
}

static json_t *report_growth(const struct tt_column *col, const void *now, const void *before)
{
	int64_t a = before ? *(const int64_t *)tt_field(col, before) : TT_NO_INT;
	int64_t b = *(const int64_t *)tt_field(col, now);

	return a == TT_NO_INT || b == TT_NO_INT ? json_null() : json_integer(b - a);
}

static bool report_is_counter(const char *name)
{
	static const char *const gauges[] = {
		"active", "idle", "in_transaction", "lock_waits", "waits", "size", NULL};
	size_t i;

	for (i = 0; gauges[i]; i++) {
		if (strcmp(gauges[i], name) == 0)
			return false;
	}
	return true;
}

static void series_own(json_t *row, json_t *names, const struct run *r, size_t i)
{
	const struct record_second *s = &r->record.seconds[i];
	const struct {
		const char *name;
		json_t *value;
	} cells[] = {{"second", json_integer((json_int_t)i + 1)}, {"level", report_real(s->level)},
		{"attempts", report_count(s->attempts)},
		{"succeeded", report_count(s->results[RESULT_SUCCEEDED])},
		{"refused", report_count(s->results[RESULT_REFUSED])},
		{"failed", report_count(s->results[RESULT_FAILED])},
		{"timed_out", report_count(s->results[RESULT_TIMED_OUT])},
		{"in_flight", report_count(s->in_flight)},
		{"p50_ms", report_real(s->all.p50 / 1000.0)},
		{"p95_ms", report_real(s->all.p95 / 1000.0)},
		{"p99_ms", report_real(s->all.p99 / 1000.0)},
		{"max_ms", report_real(s->all.max / 1000.0)},
		{"late_p99_ms", report_real(s->late_p99 / 1000.0)}};
	size_t j;

	for (j = 0; j < sizeof(cells) / sizeof(*cells); j++) {
		json_array_append_new(row, cells[j].value);
		if (i == 0)
			json_array_append_new(names, json_string(cells[j].name));
	}
}

static void series_name(json_t *names, const char *first, const char *second)
{
	char name[64];

	tt_format(name, sizeof(name), "%s%s", first, second);
	json_array_append_new(names, json_string(name));
}

static void series_servers(json_t *row, json_t *names, const struct run *r, size_t i)
{
	const struct server_sample *now = &r->samples[i].server;
	const struct server_sample *before = i ? &r->samples[i - 1].server : NULL;
	const struct tt_column *col;

	for (col = server_pool_columns; col->name; col++) {
		json_array_append_new(
			row, report_known(*(const int64_t *)tt_field(col, &now->pools), 1));
		if (i == 0)
			series_name(names, "pool_", col->name);
	}
	for (col = server_stat_columns; col->name; col++) {
		json_array_append_new(
			row, report_growth(col, &now->stats, before ? &before->stats : NULL));
		if (i == 0)
			series_name(names, "pool_", col->name + strlen("total_"));
	}
	for (col = server_base_columns; col->name; col++) {
		json_array_append_new(row,
			report_is_counter(col->name)
				? report_growth(col, &now->base, before ? &before->base : NULL)
				: report_known(*(const int64_t *)tt_field(col, &now->base), 1));
		if (i == 0)
			series_name(names, "db_", col->name);
	}
}

static void series_hosts(json_t *row, json_t *names, const struct run *r, size_t i)
{
	const struct host_sample *h = &r->samples[i].host;
	int g;

	json_array_append_new(row, report_real(100 * h->busy));
	if (i == 0)
		series_name(names, "cpu_percent", "");
	for (g = 0; g < HOST_GROUPS; g++) {
		json_array_append_new(row, report_real(h->cores[g]));
		json_array_append_new(row, report_real((double)h->resident[g] / 1048576));
		if (i == 0) {
			series_name(names, host_group_word((enum host_group)g), "_cores");
			series_name(names, host_group_word((enum host_group)g), "_mb");
		}
	}
	json_array_append_new(row, h->has_stolen ? report_real(100 * h->stolen) : json_null());
	if (i == 0)
		series_name(names, "stolen_percent", "");
}

static json_t *report_series(const struct run *r)
{
	json_t *names = json_array(), *rows = json_array(), *row;
	size_t i;

	for (i = 0; i < r->record.nseconds; i++) {
		row = json_array();
		series_own(row, names, r, i);
		series_servers(row, names, r, i);
		series_hosts(row, names, r, i);
		json_array_append_new(rows, row);
	}
	return json_pack("{s:o,s:o}", "columns", names, "rows", rows);
}

static json_t *report_op_series(const struct run *r)
{
	json_t *all = json_object(), *rows;
	const struct record_slice *s;
	size_t i, j;

	for (i = 0; i < r->record.nops; i++) {
		rows = json_array();
		for (j = 0; j < r->record.nseconds; j++) {
			s = &r->record.ops[i].slices[j];
			json_array_append_new(rows,
				json_pack("[i,i,o,o,o,o]", (int)s->answered, (int)s->failed,
					report_real(s->p50 / 1000.0), report_real(s->p95 / 1000.0),
					report_real(s->p99 / 1000.0),
					report_real(s->max / 1000.0)));
		}
		json_object_set_new(all, r->profile->ops[i].name, rows);
	}
	return json_pack("{s:[s,s,s,s,s,s],s:o}", "columns", "answered", "failed", "p50_ms",
		"p95_ms", "p99_ms", "max_ms", "operations", all);
}

/* ---- machines and servers */

static json_t *report_memory(const struct host_memory *m, int group)
{
	return json_pack("{s:o,s:o}", "pss_mb", report_real((double)m->pss[group] / 1048576),
		"uss_mb", report_real((double)m->uss[group] / 1048576));
}

json_t *report_machine(const struct run *r)
{
	double seconds = run_worked_s(r), cores, most, mb;
	json_t *json = json_object();
	char model[96];
	size_t i;
	int g;

	json_object_set_new(json, "cores", json_integer(host_cores()));
	host_processor(model, sizeof(model));
	json_object_set_new(json, "processor", json_string(model));
	json_object_set_new(json, "generator_core_percent",
		report_real(seconds > 0 ? 100 * r->own_s / seconds : 0));
	json_object_set_new(
		json, "generator_class", json_string(host_is_prompt() ? "real-time" : "ordinary"));
	json_object_set_new(json, "stolen", course_stolen(r));
	for (g = 0; g < HOST_GROUPS; g++) {
		cores = most = mb = 0;
		for (i = 0; i < r->record.nseconds; i++) {
			cores += r->samples[i].host.cores[g] / (double)r->record.nseconds;
			most = fmax(most, r->samples[i].host.cores[g]);
			mb = fmax(mb, (double)r->samples[i].host.resident[g] / 1048576);
		}
		json_object_set_new(json, host_group_word((enum host_group)g),
			json_pack("{s:o,s:o,s:o,s:o,s:o}", "mean_cores", report_real(cores),
				"peak_cores", report_real(most), "peak_mb", report_real(mb),
				"memory_before", report_memory(&r->memory_before, g),
				"memory_after", report_memory(&r->memory_after, g)));
	}
	return json;
}

/* One host of several. */
static json_t *report_agent(struct run *r, const struct run_agent *a)
{
	double seconds = report_measured_seconds(r, a->worked_s);
	json_t *json = json_pack("{s:s,s:I,s:I,s:i,s:b,s:b,s:s,s:o,s:o,s:o}", "host", a->host,
		"pid", (json_int_t)a->pid, "cores", (json_int_t)a->cores, "clients",
		(int)a->clients, "complete", *a->why == '\0', "lost", (int)a->is_lost,
		"incomplete_because", a->why, "login_s", report_real(a->login_s), "seconds_worked",
		report_real(a->worked_s), "seconds_told", json_integer(a->seconds));
	json_t *late = json_object();

	report_latency(late, &a->record.late);
	json_object_set_new(json, "totals", report_totals(r, &a->record, a->worked_s, seconds));
	json_object_set_new(json, "operations", report_operations(r, &a->record, seconds));
	json_object_set_new(json, "lateness", late);
	json_object_set(json, "machine", a->machine ? a->machine : json_null());
	return json;
}

static json_t *report_agents(struct run *r)
{
	json_t *list = json_array();
	long i;

	for (i = 0; i < r->options.hosts; i++)
		json_array_append_new(list, report_agent(r, &r->agents[i]));
	return list;
}

/* Between the first and the last second that are known. */
static double report_sum(const struct run *r, const char *name)
{
	int64_t first = TT_NO_INT, last = TT_NO_INT, value;
	const struct tt_column *col = server_stat_columns;
	size_t i;

	while (strcmp(col->name, name) != 0)
		col++;
	for (i = 0; i < r->record.nseconds; i++) {
		value = *(const int64_t *)tt_field(col, &r->samples[i].server.stats);
		if (value == TT_NO_INT)
			continue;
		first = first == TT_NO_INT ? value : first;
		last = value;
	}
	return first == TT_NO_INT ? 0 : (double)(last - first);
}

/* Waiting for a server connection and being served by one, told apart. */
static void report_waits(const struct run *r, json_t *json)
{
	double n = report_sum(r, "total_query_count");

	json_object_set_new(json, "mean_wait_ms",
		n > 0 ? report_real(report_sum(r, "total_wait_time") / n / 1000) : json_null());
	json_object_set_new(json, "mean_query_ms",
		n > 0 ? report_real(report_sum(r, "total_query_time") / n / 1000) : json_null());
}

/* Peaks of what the pooler showed; null without its console. */
static json_t *report_pool(const struct run *r, json_t *settings)
{
	json_t *config = json_object_get(json_object_get(settings, "pooler"), "default_pool_size");
	const char *text = json_string_value(config);
	long size = text ? strtol(text, NULL, 10) : 0;
	int64_t used = TT_NO_INT, waiting = TT_NO_INT, wait = TT_NO_INT;
	const struct server_pools *p;
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < r->record.nseconds; i++) {
		p = &r->samples[i].server.pools;
		used = p->sv_active > used ? p->sv_active : used;
		waiting = p->cl_waiting > waiting ? p->cl_waiting : waiting;
		wait = p->maxwait_us > wait ? p->maxwait_us : wait;
	}
	json_object_set_new(json, "size", size ? json_integer(size) : json_null());
	json_object_set_new(json, "peak_used", report_known(used, 1));
	json_object_set_new(json, "peak_used_percent",
		size && used != TT_NO_INT ? report_real(100.0 * (double)used / (double)size)
					  : json_null());
	json_object_set_new(json, "peak_waiting", report_known(waiting, 1));
	json_object_set_new(json, "peak_wait_ms", report_known(wait, 1000));
	report_waits(r, json);
	json_object_set_new(json, "holds", json_integer(r->holds));
	json_object_set_new(json, "is_warning",
		json_boolean(size && used != TT_NO_INT && used * 100 >= (int64_t)size * 75));
	return json;
}

/* ---- grades, as in the documents that the targets come from */

static const char *report_grade(json_t *totals)
{
	static const struct {
		const char *word;
		double p50, p95, p99, per_s, error;
	} grades[] = {{"excellent", 50, 200, 500, 1000, 0.1}, {"good", 100, 500, 1000, 500, 1},
		{"acceptable", 200, 1000, 2000, 200, 5}};
	double p50, p95, p99, per_s, error;
	size_t i;

	if (!report_figure(totals, "p50_ms", &p50) || !report_figure(totals, "p95_ms", &p95) ||
		!report_figure(totals, "p99_ms", &p99) || !report_figure(totals, "per_s", &per_s) ||
		!report_figure(totals, "error_percent", &error))
		return "none";
	for (i = 0; i < 3; i++) {
		if (p50 < grades[i].p50 && p95 < grades[i].p95 && p99 < grades[i].p99 &&
			per_s > grades[i].per_s && error < grades[i].error)
			return grades[i].word;
	}
	return "poor";
}

/* ---- the whole */

static json_t *report_head(const char *profile)
{
	return json_pack("{s:s,s:i,s:b,s:s,s:s,s:s}", "schema", REPORT_SCHEMA, "version",
		REPORT_VERSION, "complete", 0, "incomplete_because", "", "profile", profile,
		"program", "tracetrack-stress " TT_VERSION);
}

static json_t *report_run(const struct run *r)
{
	const struct run_options *o = &r->options;
	struct utsname system;
	char at[32];

	tt_time_format(at, sizeof(at), r->began_at);
	uname(&system);
	return json_pack("{s:s,s:i,s:i,s:I,s:f,s:f,s:f,s:f,s:f,s:s,s:s,s:i,s:s,s:s,s:f}",
		"started_at", at, "clients", (int)o->clients, "hosts", (int)o->hosts, "seed",
		(json_int_t)o->seed, "time_scale", o->scale, "rate", o->rate, "seconds_planned",
		r->seconds, "seconds_worked", run_worked_s(r), "login_s", run_login_s(r), "loop",
		r->profile->is_open ? "open" : "closed", "help",
		r->profile->help ? r->profile->help : "", "database_schema", tt_schema_version(),
		"system", system.sysname, "release", system.release, "timeout_s",
		r->profile->timeout_s);
}

json_t *report_make_failed(const struct run_options *o, const char *profile, const char *why)
{
	json_t *json = report_head(profile);

	(void)o;
	json_object_set_new(json, "incomplete_because", json_string(why));
	return json;
}

static json_t *report_floor(const struct run *r)
{
	json_t *json = json_pack("{s:s}", "statement", FLOOR_SQL);

	report_latency(json, &r->floor_times);
	return json;
}

json_t *report_make(struct run *r, const struct report_extras *extras)
{
	double seconds = report_measured_seconds(r, run_worked_s(r));
	json_t *json = report_head(r->profile->name), *late = json_object(), *totals;
	json_t *pool;

	json_object_set_new(json, "run", report_run(r));
	totals = report_totals(r, &r->record, run_worked_s(r), seconds);
	json_object_set_new(json, "grade", json_string(report_grade(totals)));
	json_object_set_new(json, "totals", totals);
	json_object_set_new(json, "operations", report_operations(r, &r->record, seconds));
	report_latency(late, &r->record.late);
	json_object_set_new(json, "lateness", late);
	json_object_set_new(json, "floor", report_floor(r));
	json_object_set_new(json, "series", report_series(r));
	json_object_set_new(json, "operation_series", report_op_series(r));
	json_object_set_new(json, "hosts", report_machine(r));
	pool = report_pool(r, extras->settings);
	json_object_set_new(json, "stages", course_stages(r));
	json_object_set_new(json, "limits",
		course_limits(r, (long)json_integer_value(json_object_get(pool, "size"))));
	json_object_set_new(json, "recovery", course_recovery(r));
	json_object_set_new(json, "break", course_break(r));
	json_object_set_new(json, "flatness", course_flatness(r));
	json_object_set_new(json, "pool", pool);
	if (extras->tables)
		json_object_set(json, "tables", extras->tables);
	if (r->agents)
		json_object_set_new(json, "agents", report_agents(r));
	if (extras->settings)
		json_object_set(json, "settings", extras->settings);
	if (extras->statements)
		json_object_set(json, "statements", extras->statements);
	if (extras->end_state)
		json_object_set(json, "end_state", extras->end_state);
	json_object_set(json, "profile_file", r->profile->json);
	json_object_set_new(json, "complete", json_boolean(*r->why == '\0'));
	json_object_set_new(json, "incomplete_because", json_string(r->why));
	return json;
}

enum tt_rc report_read(json_t **out, const char *path, struct tt_error *err)
{
	enum tt_rc rc = json_file_read(out, path, err);
	const char *schema = json_string_value(json_object_get(*out, "schema"));

	if (rc != TT_OK)
		return rc;
	if (schema && strcmp(schema, REPORT_SCHEMA) == 0 &&
		json_integer_value(json_object_get(*out, "version")) == REPORT_VERSION &&
		json_is_object(json_object_get(*out, "totals")) &&
		json_is_object(json_object_get(*out, "operations")))
		return TT_OK;
	json_decref(*out);
	*out = NULL;
	tt_fail(err, TT_CONFIG, "%s is no report of version %d", path, REPORT_VERSION);
	tt_error_hint(
		err, "Name the report.json of a run; tracetrack-stress-report(5) describes it.");
	return TT_CONFIG;
}
