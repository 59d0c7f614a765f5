/*
 * An agent's talk with the database: one statement at a time, which tells and asks at once. Telling
 * a second again does no harm.
 */
#include "agent.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/link.h>
#include <tracetrack/text.h>

#include "course.h"
#include "report.h"
#include "run.h"

#define AGENT_BEAT_MS 500
#define AGENT_TIMEOUT_MS 10000
/* clang-format off */
#define END {NULL, 0, 0, NULL, NULL, 0}
/* clang-format on */

struct agent {
	struct run *run;
	struct tt_link *link;
	struct tt_call call;
	uv_timer_t timer;
	bool is_asking, is_in;
	char run_id[24], number[24];
	json_t *seconds; /* an array of those that are not known to have been told */
	long told;       /* seconds before the first of them */
	const char *dsn;
	double give_up_s;
};

/* What the run's row says. */
struct orders {
	char *stop_because;
	int64_t go_in_ms, silent_ms;
};

static const struct tt_column orders_columns[] = {
	{"stop_because", TT_TEXT, offsetof(struct orders, stop_because), NULL, "", 0},
	{"go_in_ms", TT_INT, offsetof(struct orders, go_in_ms), NULL, "", 0},
	{"silent_ms", TT_INT, offsetof(struct orders, silent_ms), NULL, "", 0}, END};

static const char beat_sql[] =
	"with told as (update tracetrack_stress.agent set seen_at = clock_timestamp(), is_in = $3"
	" where run_id = $1 and number = $2), kept as (insert into tracetrack_stress.second"
	" (run_id, agent, number, counted) select $1, $2, $4::integer, $5::json"
	" where $4::integer is not null on conflict do nothing)"
	" select r.stop_because, (extract(epoch from r.go_at - clock_timestamp()) * 1000)::bigint,"
	" (extract(epoch from clock_timestamp() - r.seen_at) * 1000)::bigint"
	" from tracetrack_stress.run r where r.id = $1";

/* ---- registering */

struct registered {
	char *program, *profile_name, *profile;
	int64_t number, hosts, clients, seed, scale_e9, rate_e6;
	tt_time began_at;
};

/* clang-format off */
#define FIELD(name, type) {#name, type, offsetof(struct registered, name), NULL, "", 0}
/* clang-format on */
static const struct tt_column registered_columns[] = {FIELD(number, TT_INT),
	FIELD(program, TT_TEXT), FIELD(profile_name, TT_TEXT), FIELD(profile, TT_TEXT),
	FIELD(hosts, TT_INT), FIELD(clients, TT_INT), FIELD(seed, TT_INT), FIELD(scale_e9, TT_INT),
	FIELD(rate_e6, TT_INT), FIELD(began_at, TT_TIME), END};

static const char register_sql[] =
	"with r as (update tracetrack_stress.run set agents = agents + 1 where id = $1"
	" and agents < hosts and program = $2 and stop_because is null returning *),"
	" a as (insert into tracetrack_stress.agent (run_id, number, host, pid, cores)"
	" select r.id, r.agents - 1, $3, $4, $5 from r)"
	" select r.agents - 1, r.program, r.profile_name, r.profile, r.hosts, r.clients, r.seed,"
	" (r.scale * 1e9)::bigint, (r.rate * 1e6)::bigint, r.began_at from r";

static enum tt_rc agent_why_not(const struct agent *a, struct tt_error *err)
{
	struct why {
		char *why;
	};
	static const struct tt_column cols[] = {
		{"why", TT_TEXT, offsetof(struct why, why), NULL, "", 0}, END};
	const char *params[] = {a->run_id, "tracetrack-stress " TT_VERSION};
	struct tt_rows rows = {0};
	enum tt_rc rc;

	rc = server_ask_with(a->dsn,
		"select case when stop_because is not null then 'it has ended: ' || stop_because"
		" when program <> $2 then 'it is of ' || program || ', and this is ' || $2"
		" else 'it has its ' || hosts || ' hosts already' end"
		" from tracetrack_stress.run where id = $1",
		params, 2, cols, sizeof(struct why), AGENT_TIMEOUT_MS, &rows, err);
	if (rc != TT_OK)
		return rc;
	tt_fail(err, TT_REFUSED, "run %s takes no host: %s", a->run_id,
		rows.count ? ((struct why *)tt_rows_at(&rows, 0))->why : "there is no such run");
	tt_error_hint(err, "tracetrack-stress run PROFILE --hosts N says the number of its run.");
	tt_rows_fini(&rows);
	return TT_REFUSED;
}

static enum tt_rc agent_take_place(struct agent *a, const struct registered *place,
	struct run_options *o, struct profile *profile, struct tt_error *err)
{
	json_t *json = json_loads(place->profile ? place->profile : "", 0, NULL);

	tt_format(a->number, sizeof(a->number), "%" PRId64, place->number);
	o->host = (long)place->number;
	o->hosts = (long)place->hosts;
	o->clients = (long)place->clients;
	o->seed = (long)place->seed;
	o->scale = (double)place->scale_e9 / 1e9;
	o->rate = (double)place->rate_e6 / 1e6;
	o->began_at = place->began_at;
	if (!json)
		return tt_fail(err, TT_CONFIG, "the profile of run %s is no JSON", a->run_id);
	return profile_take(profile, place->profile_name, json, err);
}

static bool agent_is_number(const char *text)
{
	return *text && strlen(text) < 19 && strspn(text, "0123456789") == strlen(text);
}

enum tt_rc agent_register(struct agent **out, const char *run_id, struct run_options *options,
	struct profile *profile, struct tt_error *err)
{
	char host[64] = "", pid[24], cores[24];
	const char *params[] = {run_id, "tracetrack-stress " TT_VERSION, host, pid, cores};
	struct agent *a = tt_alloc(sizeof(*a));
	struct tt_rows rows = {0};
	enum tt_rc rc = TT_OK;

	*out = a;
	a->dsn = options->dsns.admin;
	a->give_up_s = options->give_up_s;
	a->seconds = json_array();
	tt_copy(a->run_id, sizeof(a->run_id), run_id);
	(void)gethostname(host, sizeof(host) - 1);
	tt_format(pid, sizeof(pid), "%ld", (long)getpid());
	tt_format(cores, sizeof(cores), "%d", host_cores());
	if (!agent_is_number(run_id))
		return tt_fail(err, TT_USAGE, "a run has a number, not \"%.40s\"", run_id);
	rc = server_check_allowed(options->dsns.station, err);
	if (rc == TT_OK)
		rc = server_ask_with(a->dsn, register_sql, params, 5, registered_columns,
			sizeof(struct registered), AGENT_TIMEOUT_MS, &rows, err);
	if (rc != TT_OK)
		return rc;
	rc = rows.count ? agent_take_place(a, tt_rows_at(&rows, 0), options, profile, err)
			: agent_why_not(a, err);
	tt_rows_fini(&rows);
	return rc;
}

long agent_number(const struct agent *a)
{
	return strtol(a->number, NULL, 10) + 1;
}

void agent_free(struct agent *a)
{
	if (!a)
		return;
	json_decref(a->seconds);
	free(a);
}

/* ---- telling */

static void agent_stop(struct agent *a, const char *why)
{
	run_spoil(a->run, "%s", why);
	run_stop(a->run);
}

static void agent_obey(struct agent *a, const struct tt_rows *rows)
{
	const struct orders *orders = rows->count ? tt_rows_at(rows, 0) : NULL;
	char why[200];

	if (!orders) {
		agent_stop(a, "the coordinator has closed the run");
	} else if (orders->stop_because) {
		tt_format(why, sizeof(why), "the coordinator ended it: %s", orders->stop_because);
		agent_stop(a, why);
	} else if ((double)orders->silent_ms > a->give_up_s * 1000) {
		agent_stop(a, "the coordinator has gone");
	} else if (orders->go_in_ms != TT_NO_INT) {
		run_go(a->run, orders->go_in_ms);
	}
}

static void agent_on_answer(struct tt_call *call, void *ctx)
{
	struct agent *a = ctx;

	a->is_asking = false;
	if (call->rc != TT_OK)
		return;
	if (call->nparams == 5 && !call->is_null[3]) {
		json_array_remove(a->seconds, 0);
		a->told++;
	}
	agent_obey(a, &call->rows);
}

/* The parameters of a beat, with the first second that is not told, if any. The caller frees *text.
 */
static void agent_beat_params(struct agent *a, const char *params[5], char *second, char **text)
{
	json_t *first = json_array_get(a->seconds, 0);

	tt_format(second, 24, "%ld", a->told);
	*text = first ? json_dumps(first, JSON_COMPACT) : NULL;
	params[0] = a->run_id;
	params[1] = a->number;
	params[2] = a->is_in ? "true" : "false";
	params[3] = *text ? second : NULL;
	params[4] = *text;
}

static void agent_beat(struct agent *a)
{
	const char *params[5];
	char second[24], *text;
	int i;

	if (a->is_asking)
		return;
	agent_beat_params(a, params, second, &text);
	tt_call_fini(&a->call);
	tt_call_init(&a->call, beat_sql, orders_columns, sizeof(struct orders));
	for (i = 0; i < 5; i++)
		tt_call_bind_text(&a->call, params[i]);
	free(text);
	a->call.waits_for_link = true;
	a->call.done = agent_on_answer;
	a->call.ctx = a;
	a->is_asking = true;
	tt_link_submit(a->link, &a->call);
}

static void agent_on_timer(uv_timer_t *timer)
{
	agent_beat(timer->data);
}

void agent_open(struct agent *a, struct run *r)
{
	struct tt_link_options options = {.dsn = a->dsn,
		.application_name = "tracetrack-stress",
		.timeout_ms = AGENT_TIMEOUT_MS};
	struct tt_error err;

	a->run = r;
	uv_timer_init(&r->loop, &a->timer);
	a->timer.data = a;
	if (tt_link_open(&a->link, &r->loop, &options, &err) != TT_OK)
		agent_stop(a, err.message);
	else
		uv_timer_start(&a->timer, agent_on_timer, 0, AGENT_BEAT_MS);
}

void agent_close(struct agent *a)
{
	uv_close((uv_handle_t *)&a->timer, NULL);
	tt_link_close(a->link);
	a->link = NULL;
	tt_call_fini(&a->call);
}

void agent_is_in(struct agent *a)
{
	a->is_in = true;
	agent_beat(a);
}

void agent_take_second(struct agent *a, json_t *second)
{
	json_array_append_new(a->seconds, second);
	agent_beat(a);
}

/* ---- the end */

/* What the coordinator needs besides the seconds. */
static json_t *agent_result(const struct run *r)
{
	json_t *in_flight = json_array(), *stations = json_array(), *machine = report_machine(r);
	const struct client *c;
	size_t i;

	json_object_set_new(machine, "flatness", course_flatness(r));
	for (i = 0; i < r->record.nops; i++)
		json_array_append_new(
			in_flight, json_integer((json_int_t)r->record.ops[i].in_flight));
	for (c = r->clients; c < r->clients + r->nclients; c++)
		json_array_append_new(
			stations, json_pack("[i,I,I]", c->number, (json_int_t)c->acked_seq,
					  (json_int_t)c->waiting));
	return json_pack("{s:s,s:f,s:f,s:f,s:o,s:o,s:o}", "why", r->why, "login_s", run_login_s(r),
		"worked_s", run_worked_s(r), "own_s", r->work_ns ? r->own_s : 0.0, "machine",
		machine, "in_flight", in_flight, "stations", stations);
}

enum tt_rc agent_finish(struct agent *a, struct run *r, struct tt_error *err)
{
	json_t *result = agent_result(r);
	char *text = json_dumps(result, JSON_COMPACT), second[24], *counted;
	const char *params[5];
	enum tt_rc rc = TT_OK;

	while (rc == TT_OK && json_array_size(a->seconds) > 0) {
		agent_beat_params(a, params, second, &counted);
		rc = server_ask_with(
			a->dsn, beat_sql, params, 5, NULL, 0, AGENT_TIMEOUT_MS, NULL, err);
		free(counted);
		json_array_remove(a->seconds, 0);
		a->told++;
	}
	params[0] = a->run_id;
	params[1] = a->number;
	params[2] = text;
	if (rc == TT_OK)
		rc = server_ask_with(a->dsn,
			"update tracetrack_stress.agent set result = $3, seen_at = "
			"clock_timestamp()"
			" where run_id = $1 and number = $2",
			params, 3, NULL, 0, AGENT_TIMEOUT_MS, NULL, err);
	free(text);
	json_decref(result);
	return rc;
}
