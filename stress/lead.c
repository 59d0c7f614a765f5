/*
 * Leading a run: looking at the agents' rows twice a second, and adding up what they tell.
 */
#include "lead.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/link.h>

#include "floor.h"
#include "ui.h"

/* Of meet.sql. */
extern const char stress_meet_sql[];

#define LEAD_TICK_MS 250
#define LEAD_TIMEOUT_MS 10000
#define LEAD_GATHER_SECONDS 600
#define LEAD_ENTER_SECONDS 240 /* more than an agent gives its stations */
#define LEAD_GO_IN_MS 1500     /* more than an agent's beat */
#define LEAD_FETCH 20          /* seconds at a time */
/* clang-format off */
#define END {NULL, 0, 0, NULL, NULL, 0}
/* clang-format on */

enum lead_state { LEAD_GATHERING, LEAD_ENTERING, LEAD_WORKING, LEAD_STOPPING, LEAD_OVER };

struct lead {
	struct run *run;
	enum lead_state state;
	char id[24];
	struct tt_link *link;
	struct tt_call watch, fetch, act;
	bool is_watching, is_fetching, is_acting;
	uv_timer_t tick, second;
	uv_signal_t signals[3];
	uint64_t phase_ns, answer_ns;
	long merged; /* seconds */
	int registered;
};

/* ---- rows */

struct watched {
	char *host;
	int64_t number, pid, cores, is_in, silent_ms, is_over, seconds;
};

/* clang-format off */
#define WATCHED(name, type) {#name, type, offsetof(struct watched, name), NULL, "", 0}
/* clang-format on */
static const struct tt_column watched_columns[] = {WATCHED(number, TT_INT), WATCHED(host, TT_TEXT),
	WATCHED(pid, TT_INT), WATCHED(cores, TT_INT), WATCHED(is_in, TT_BOOL),
	WATCHED(silent_ms, TT_INT), WATCHED(is_over, TT_BOOL), WATCHED(seconds, TT_INT), END};

static const char watch_sql[] =
	"with seen as (update tracetrack_stress.run set seen_at = clock_timestamp() where id = $1)"
	" select a.number, a.host, a.pid, a.cores, a.is_in,"
	" (extract(epoch from clock_timestamp() - a.seen_at) * 1000)::bigint,"
	" a.result is not null, (select coalesce(max(s.number) + 1, 0)"
	" from tracetrack_stress.second s where s.run_id = a.run_id and s.agent = a.number)"
	" from tracetrack_stress.agent a where a.run_id = $1 order by a.number";

struct told {
	int64_t agent, number;
	char *counted;
};

static const struct tt_column told_columns[] = {
	{"agent", TT_INT, offsetof(struct told, agent), NULL, "", 0},
	{"number", TT_INT, offsetof(struct told, number), NULL, "", 0},
	{"counted", TT_TEXT, offsetof(struct told, counted), NULL, "", 0}, END};

static const char fetch_sql[] =
	"select agent, number, counted from tracetrack_stress.second where run_id = $1"
	" and number >= $2 and number < $3 order by number, agent";

static const char go_sql[] =
	"update tracetrack_stress.run set go_at = clock_timestamp() + $2::integer * interval '1 ms'"
	" where id = $1";
static const char stop_sql[] =
	"update tracetrack_stress.run set stop_because = $2 where id = $1 and stop_because is null";

/* ---- asking */

static void lead_prepare(struct lead *l, struct tt_call *call, bool *is_asking, const char *sql,
	const struct tt_column *cols, size_t size, void (*done)(struct tt_call *, void *))
{
	tt_call_fini(call);
	tt_call_init(call, sql, cols, size);
	tt_call_bind_text(call, l->id);
	call->waits_for_link = true;
	call->done = done;
	call->ctx = l;
	*is_asking = true;
}

static void lead_on_acted(struct tt_call *call, void *ctx)
{
	struct lead *l = ctx;

	l->is_acting = false;
	if (call->rc == TT_OK)
		return;
	run_spoil(l->run, "the hosts can't be told: %s", call->error.message);
	uv_stop(&l->run->loop);
}

static void lead_act(struct lead *l, const char *sql, const char *value)
{
	if (l->is_acting)
		tt_link_forget(l->link, &l->act);
	lead_prepare(l, &l->act, &l->is_acting, sql, NULL, 0, lead_on_acted);
	tt_call_bind_text(&l->act, value);
	tt_link_submit(l->link, &l->act);
}

static void lead_become(struct lead *l, enum lead_state state)
{
	static const enum run_state shown[] = {
		RUN_PREPARING, RUN_ENTERING, RUN_WORKING, RUN_DRAINING, RUN_OVER};

	l->run->state = shown[state];
	l->state = state;
	l->phase_ns = tt_steady_ns();
}

/* Every host hears of it, and is waited for. */
static void lead_stop(struct lead *l)
{
	if (l->state >= LEAD_STOPPING)
		return;
	lead_become(l, LEAD_STOPPING);
	lead_act(l, stop_sql, l->run->why);
}

/* ---- seconds */

static struct run_agent *lead_agent(struct lead *l, int64_t number)
{
	struct run *r = l->run;

	return number >= 0 && number < r->options.hosts ? &r->agents[number] : NULL;
}

static void lead_take_told(struct lead *l, const struct told *told, uint64_t *in_flight)
{
	struct run_agent *a = lead_agent(l, told->agent);
	json_t *json = json_loads(told->counted ? told->counted : "", 0, NULL);
	uint64_t own = 0;

	if (!a || !record_add_second(&a->record, json, &own) ||
		!record_add_second(&l->run->record, json, in_flight))
		run_spoil(l->run, "what host %" PRId64 " counted can't be understood",
			told->agent + 1);
	else
		record_tick(&a->record, 0, own);
	json_decref(json);
}

/* Rows come in order of their seconds. */
static void lead_on_fetched(struct tt_call *call, void *ctx)
{
	struct lead *l = ctx;
	struct run *r = l->run;
	const struct told *told = NULL, *next;
	uint64_t in_flight = 0;
	double level;
	bool is_measured;
	size_t i;

	l->is_fetching = false;
	if (call->rc != TT_OK)
		return;
	for (i = 0; i < call->rows.count; i++) {
		told = tt_rows_at(&call->rows, i);
		lead_take_told(l, told, &in_flight);
		next = i + 1 < call->rows.count ? tt_rows_at(&call->rows, i + 1) : NULL;
		if (next && next->number == told->number)
			continue;
		level = load_level(r, (double)told->number + 0.5, &is_measured);
		record_tick(&r->record, level, in_flight);
		floor_count(r->floor, is_measured);
		in_flight = 0;
		l->merged = (long)told->number + 1;
		run_show(r);
	}
}

/* A second is merged when everybody has told it who still will. */
static long lead_ready(const struct lead *l, bool *is_all)
{
	const struct run_agent *a;
	long least = INT32_MAX, most = 0;

	for (a = l->run->agents; a < l->run->agents + l->registered; a++) {
		if (!a->is_over && !a->is_lost && a->seconds < least)
			least = a->seconds;
		if (a->seconds > most)
			most = a->seconds;
	}
	*is_all = least == INT32_MAX;
	return least < most ? least : most;
}

static void lead_fetch(struct lead *l, long ready)
{
	char from[24], to[24];

	if (l->is_fetching || ready <= l->merged)
		return;
	tt_format(from, sizeof(from), "%ld", l->merged);
	tt_format(to, sizeof(to), "%ld",
		ready < l->merged + LEAD_FETCH ? ready : l->merged + LEAD_FETCH);
	lead_prepare(l, &l->fetch, &l->is_fetching, fetch_sql, told_columns, sizeof(struct told),
		lead_on_fetched);
	tt_call_bind_text(&l->fetch, from);
	tt_call_bind_text(&l->fetch, to);
	tt_link_submit(l->link, &l->fetch);
}

/* ---- states */

static int lead_count(const struct lead *l, bool (*is)(const struct run_agent *))
{
	const struct run_agent *a;
	int n = 0;

	for (a = l->run->agents; a < l->run->agents + l->registered; a++)
		n += is(a);
	return n;
}

static bool agent_is_ready(const struct run_agent *a)
{
	return a->is_in;
}

static bool agent_has_ended(const struct run_agent *a)
{
	return a->is_lost || a->is_over;
}

static void lead_gather(struct lead *l)
{
	struct run *r = l->run;

	if (l->registered == r->options.hosts) {
		lead_become(l, LEAD_ENTERING);
		r->began_ns = l->phase_ns;
	} else if (tt_steady_ns() - l->phase_ns > LEAD_GATHER_SECONDS * 1000000000ull) {
		run_spoil(r, "only %d of %ld hosts have come in %d s", l->registered,
			r->options.hosts, LEAD_GATHER_SECONDS);
		lead_stop(l);
	}
}

static void lead_on_second(uv_timer_t *timer)
{
	struct lead *l = timer->data;

	if (l->state == LEAD_WORKING)
		run_take_sample(l->run);
}

static void lead_enter(struct lead *l)
{
	struct run *r = l->run;
	char in_ms[16];

	if (lead_count(l, agent_has_ended) > 0) {
		run_spoil(r, "a host has ended before the work began");
		lead_stop(l);
	} else if (lead_count(l, agent_is_ready) == r->options.hosts) {
		tt_format(in_ms, sizeof(in_ms), "%d", LEAD_GO_IN_MS);
		lead_act(l, go_sql, in_ms);
		lead_become(l, LEAD_WORKING);
		r->entered_ns = l->phase_ns;
		r->work_ns = l->phase_ns + LEAD_GO_IN_MS * 1000000ull;
		uv_timer_start(&l->second, lead_on_second, LEAD_GO_IN_MS + 1000, 1000);
		run_say(r, "%ld clients on %ld hosts; %.0f s of work\n", r->options.clients,
			r->options.hosts, r->seconds);
	} else if (tt_steady_ns() - l->phase_ns > LEAD_ENTER_SECONDS * 1000000000ull) {
		run_spoil(r, "the stations of %d hosts are not in after %d s",
			(int)r->options.hosts - lead_count(l, agent_is_ready), LEAD_ENTER_SECONDS);
		lead_stop(l);
	}
}

static void lead_work(struct lead *l)
{
	bool is_all;
	long ready = lead_ready(l, &is_all);

	lead_fetch(l, ready);
	if (!is_all || l->merged < ready || l->is_fetching)
		return;
	lead_become(l, LEAD_OVER);
	uv_stop(&l->run->loop);
}

static void lead_step(struct lead *l)
{
	if (l->state == LEAD_GATHERING)
		lead_gather(l);
	else if (l->state == LEAD_ENTERING)
		lead_enter(l);
	else if (l->state == LEAD_WORKING)
		lead_work(l);
	/* Stopping: those that have come are waited for, and what they have told is kept. */
	else if (lead_count(l, agent_has_ended) == l->registered && !l->is_acting)
		lead_work(l);
}

/* ---- watching */

static void lead_lose(struct lead *l, struct run_agent *a, int64_t silent_ms)
{
	a->is_lost = true;
	tt_format(a->why, sizeof(a->why), "not heard of for %" PRId64 " s, after second %ld",
		silent_ms / 1000, a->seconds);
	run_spoil(l->run, "host %d (%s, process %" PRId64 ") is lost: %s",
		(int)(a - l->run->agents) + 1, a->host, a->pid, a->why);
}

static void lead_see(struct lead *l, const struct watched *w)
{
	struct run_agent *a = lead_agent(l, w->number);

	if (!a)
		return;
	if (w->number >= l->registered) {
		l->registered = (int)w->number + 1;
		run_say(l->run, "host %d of %ld: %s\n", l->registered, l->run->options.hosts,
			w->host ? w->host : "");
	}
	tt_copy(a->host, sizeof(a->host), w->host);
	a->pid = w->pid;
	a->cores = w->cores;
	a->is_in = w->is_in == 1;
	a->seconds = (long)w->seconds;
	a->is_over = w->is_over == 1;
	if (!a->is_over && !a->is_lost && (double)w->silent_ms > l->run->options.give_up_s * 1000)
		lead_lose(l, a, w->silent_ms);
}

static void lead_on_watched(struct tt_call *call, void *ctx)
{
	struct lead *l = ctx;
	size_t i;

	l->is_watching = false;
	if (call->rc != TT_OK)
		return;
	l->answer_ns = tt_steady_ns();
	for (i = 0; i < call->rows.count; i++)
		lead_see(l, tt_rows_at(&call->rows, i));
	lead_step(l);
}

static void lead_on_tick(uv_timer_t *timer)
{
	struct lead *l = timer->data;

	if ((double)(tt_steady_ns() - l->answer_ns) / 1e9 > l->run->options.give_up_s) {
		run_spoil(l->run, "the database has not answered the coordinator for %.0f s",
			l->run->options.give_up_s);
		uv_stop(&l->run->loop);
	}
	if (l->is_watching)
		return;
	lead_prepare(l, &l->watch, &l->is_watching, watch_sql, watched_columns,
		sizeof(struct watched), lead_on_watched);
	tt_link_submit(l->link, &l->watch);
}

static void lead_on_signal(uv_signal_t *signal, int number)
{
	struct lead *l = signal->data;

	(void)number;
	run_spoil(l->run, "it was interrupted");
	if (l->state == LEAD_STOPPING)
		uv_stop(&l->run->loop);
	lead_stop(l);
}

/* ---- before and after */

struct made {
	int64_t id;
};

static enum tt_rc lead_make_run(struct lead *l, struct tt_error *err)
{
	static const struct tt_column cols[] = {
		{"id", TT_INT, offsetof(struct made, id), NULL, "", 0}, END};
	struct run *r = l->run;
	const struct run_options *o = &r->options;
	char *profile = json_dumps(r->profile->json, JSON_COMPACT);
	char hosts[24], clients[24], seed[24], scale[40], rate[40], began_at[40];
	const char *params[] = {"tracetrack-stress " TT_VERSION, r->profile->name, profile, hosts,
		clients, seed, scale, rate, began_at};
	struct tt_rows rows = {0};
	enum tt_rc rc;

	tt_format(hosts, sizeof(hosts), "%ld", o->hosts);
	tt_format(clients, sizeof(clients), "%ld", o->clients);
	tt_format(seed, sizeof(seed), "%ld", o->seed);
	tt_format(scale, sizeof(scale), "%.9f", o->scale);
	tt_format(rate, sizeof(rate), "%.6f", o->rate);
	tt_time_format(began_at, sizeof(began_at), r->began_at);
	rc = server_ask_with(o->dsns.admin,
		"with old as (delete from tracetrack_stress.run"
		" where seen_at < clock_timestamp() - interval '1 day')"
		" insert into tracetrack_stress.run (program, profile_name, profile, hosts, "
		"clients,"
		" seed, scale, rate, began_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" returning id",
		params, 9, cols, sizeof(struct made), LEAD_TIMEOUT_MS, &rows, err);
	free(profile);
	if (rc != TT_OK)
		return rc;
	tt_format(l->id, sizeof(l->id), "%" PRId64, ((struct made *)tt_rows_at(&rows, 0))->id);
	tt_rows_fini(&rows);
	return TT_OK;
}

/* Where steps end is judged from all answers, which no host sees. */
static enum tt_rc lead_check(const struct run *r, struct tt_error *err)
{
	const struct profile_stage *s = r->profile->stages;
	size_t i;

	if (r->options.clients < r->options.hosts)
		return tt_fail(err, TT_USAGE, "%ld clients are too few for %ld hosts",
			r->options.clients, r->options.hosts);
	for (i = 0; i < r->profile->nstages; i++) {
		if (s[i].is_step)
			return tt_fail(err, TT_USAGE,
				"profile %s looks for its limit by itself: on one host only",
				r->profile->name);
	}
	return TT_OK;
}

static enum tt_rc lead_begin(struct lead *l, struct tt_error *err)
{
	struct run *r = l->run;
	enum tt_rc rc;

	if (!r->options.dsns.admin) {
		tt_fail(err, TT_CONFIG, "a run with several hosts needs --dsn-admin");
		tt_error_hint(
			err, "They meet in the schema tracetrack_stress, which the owner makes.");
		return TT_CONFIG;
	}
	rc = run_prepare_lead(r, err);
	if (rc == TT_OK)
		rc = lead_check(r, err);
	if (rc == TT_OK)
		rc = server_ask(r->options.dsns.admin, true, stress_meet_sql, NULL, 0,
			LEAD_TIMEOUT_MS, NULL, err);
	if (rc == TT_OK)
		rc = lead_make_run(l, err);
	return rc;
}

static void lead_init_agents(struct run *r)
{
	struct run_agent *a;
	long i;

	r->agents = tt_alloc((size_t)r->options.hosts * sizeof(*r->agents));
	r->nclients = r->options.clients;
	r->clients = tt_alloc((size_t)r->nclients * sizeof(*r->clients));
	for (i = 0; i < r->nclients; i++) {
		r->clients[i].number = (int)i;
		r->agents[i % r->options.hosts].clients++;
	}
	for (a = r->agents; a < r->agents + r->options.hosts; a++)
		record_init(&a->record, r->profile->nops);
}

static void lead_open(struct lead *l)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct run *r = l->run;
	struct tt_link_options options = {.dsn = r->options.dsns.admin,
		.application_name = "tracetrack-stress",
		.timeout_ms = LEAD_TIMEOUT_MS};
	struct tt_error err;
	int i;

	uv_loop_init(&r->loop);
	uv_timer_init(&r->loop, &l->tick);
	uv_timer_init(&r->loop, &l->second);
	l->tick.data = l->second.data = l;
	for (i = 0; i < 3; i++) {
		uv_signal_init(&r->loop, &l->signals[i]);
		l->signals[i].data = l;
		uv_signal_start(&l->signals[i], lead_on_signal, numbers[i]);
	}
	r->server = server_open(&r->loop, &r->options.dsns);
	r->floor = floor_open(&r->loop, r->options.dsns.station, &r->floor_times);
	if (tt_link_open(&l->link, &r->loop, &options, &err) != TT_OK)
		run_spoil(r, "%s", err.message);
	else
		uv_timer_start(&l->tick, lead_on_tick, 0, LEAD_TICK_MS);
}

static void lead_close(struct lead *l)
{
	struct run *r = l->run;
	int i;

	uv_close((uv_handle_t *)&l->tick, NULL);
	uv_close((uv_handle_t *)&l->second, NULL);
	for (i = 0; i < 3; i++)
		uv_close((uv_handle_t *)&l->signals[i], NULL);
	tt_link_close(l->link);
	tt_call_fini(&l->watch);
	tt_call_fini(&l->fetch);
	tt_call_fini(&l->act);
	ui_close(r->ui);
	r->ui = NULL;
	server_close(r->server);
	r->server = NULL;
	floor_close(r->floor);
	r->floor = NULL;
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
}

/* ---- results */

struct result_row {
	int64_t number;
	char *result;
};

static void lead_take_stations(struct run *r, json_t *stations)
{
	json_int_t number;
	json_t *row;
	size_t i;

	json_array_foreach(stations, i, row)
	{
		number = json_integer_value(json_array_get(row, 0));
		if (number < 0 || number >= r->nclients)
			continue;
		r->clients[number].acked_seq = (long)json_integer_value(json_array_get(row, 1));
		r->clients[number].waiting = (long)json_integer_value(json_array_get(row, 2));
	}
}

static void lead_take_result(struct lead *l, struct run_agent *a, json_t *json)
{
	const char *why = json_string_value(json_object_get(json, "why"));
	json_t *in_flight = json_object_get(json, "in_flight");
	struct run *r = l->run;
	size_t i;

	a->login_s = json_number_value(json_object_get(json, "login_s"));
	a->worked_s = json_number_value(json_object_get(json, "worked_s"));
	a->own_s = json_number_value(json_object_get(json, "own_s"));
	a->machine = json_incref(json_object_get(json, "machine"));
	for (i = 0; i < a->record.nops; i++)
		a->record.ops[i].in_flight =
			(uint64_t)json_integer_value(json_array_get(in_flight, i));
	lead_take_stations(r, json_object_get(json, "stations"));
	if (why && *why) {
		tt_copy(a->why, sizeof(a->why), why);
		run_spoil(r, "host %d (%s): %s", (int)(a - r->agents) + 1, a->host, why);
	}
}

/* Of one that is lost, what it had not got an answer to stays in flight. */
static void lead_take_loss(struct run_agent *a)
{
	struct record_op *op;

	a->worked_s = (double)a->seconds;
	for (op = a->record.ops; op < a->record.ops + a->record.nops; op++)
		op->in_flight = op->sum.tally.attempts - record_ended(&op->sum.tally);
}

static enum tt_rc lead_take_results(struct lead *l, struct tt_error *err)
{
	static const struct tt_column cols[] = {
		{"number", TT_INT, offsetof(struct result_row, number), NULL, "", 0},
		{"result", TT_TEXT, offsetof(struct result_row, result), NULL, "", 0}, END};
	const char *params[] = {l->id};
	struct result_row *row;
	struct run_agent *a;
	struct tt_rows rows = {0};
	json_t *json;
	enum tt_rc rc;
	size_t i;

	rc = server_ask_with(l->run->options.dsns.admin,
		"select number, result from tracetrack_stress.agent where run_id = $1"
		" and result is not null order by number",
		params, 1, cols, sizeof(*row), LEAD_TIMEOUT_MS, &rows, err);
	for (i = 0; rc == TT_OK && i < rows.count; i++) {
		row = tt_rows_at(&rows, i);
		a = lead_agent(l, row->number);
		json = json_loads(row->result ? row->result : "", 0, NULL);
		if (a && !a->is_lost && json)
			lead_take_result(l, a, json);
		json_decref(json);
	}
	tt_rows_fini(&rows);
	return rc;
}

/* The whole is the sum of the hosts. */
static void lead_sum_up(struct run *r)
{
	double worked_s = 0;
	struct run_agent *a;
	size_t i;

	for (a = r->agents; a < r->agents + r->options.hosts; a++) {
		if (!a->is_over || a->is_lost)
			lead_take_loss(a);
		worked_s = fmax(worked_s, a->worked_s);
		r->own_s = fmax(r->own_s, a->own_s);
		for (i = 0; i < r->record.nops; i++)
			r->record.ops[i].in_flight += a->record.ops[i].in_flight;
	}
	r->end_ns = r->work_ns + (uint64_t)(worked_s * 1e9);
	while (r->nsamples < r->record.nseconds)
		run_add_unknown_sample(r);
}

static void lead_end(struct lead *l)
{
	const char *params[] = {l->id};
	struct tt_error err;
	enum tt_rc rc = lead_take_results(l, &err);

	if (rc == TT_OK)
		rc = server_ask_with(l->run->options.dsns.admin,
			"delete from tracetrack_stress.run where id = $1", params, 1, NULL, 0,
			LEAD_TIMEOUT_MS, NULL, &err);
	if (rc != TT_OK)
		run_spoil(l->run, "the hosts' results can't be read: %s", err.message);
	lead_sum_up(l->run);
}

enum tt_rc lead_execute(struct run *r, struct tt_error *err)
{
	struct lead l = {.run = r};
	enum tt_rc rc = lead_begin(&l, err);

	if (rc != TT_OK)
		return rc;
	run_say(r, "waits for %ld hosts: tracetrack-stress agent %s\n", r->options.hosts, l.id);
	lead_init_agents(r);
	lead_open(&l);
	if (r->options.has_ui)
		rc = ui_open(&r->ui, r, err);
	l.phase_ns = l.answer_ns = tt_steady_ns();
	if (rc == TT_OK)
		uv_run(&r->loop, UV_RUN_DEFAULT);
	lead_close(&l);
	lead_end(&l);
	return rc;
}

void lead_fini(struct run *r)
{
	long i;

	for (i = 0; r->agents && i < r->options.hosts; i++) {
		record_fini(&r->agents[i].record);
		json_decref(r->agents[i].machine);
	}
	free(r->agents);
	r->agents = NULL;
}
