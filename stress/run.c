/*
 * The course of a run.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"
#include "course.h"
#include "floor.h"
#include "prepare.h"
#include "ui.h"

#define RUN_TICK_MS 20
#define RUN_ENTER_SECONDS 180
#define RUN_LEAVE_SECONDS 20
#define RUN_SYNC_SECONDS 10

void run_spoil(struct run *r, const char *fmt, ...)
{
	va_list args;

	if (r->why[0] != '\0')
		return;
	va_start(args, fmt);
	(void)vsnprintf(r->why, sizeof(r->why), fmt, args);
	va_end(args);
	if (!r->options.is_quiet && !r->ui)
		fprintf(stderr, "tracetrack-stress: %s\n", r->why);
}

/* By operation. */
static void run_count_in_flight(struct run *r)
{
	const struct client *c;
	const struct due *due;
	unsigned i;
	size_t op;

	for (op = 0; op < r->record.nops; op++)
		r->record.ops[op].in_flight = 0;
	for (c = r->clients; c < r->clients + r->nclients; c++) {
		for (i = 0; i < c->ndue; i++) {
			due = &c->due[(c->head + i) % CLIENT_DUE_MAX];
			if (due->op >= 0 && !due->is_given_up)
				r->record.ops[due->op].in_flight++;
		}
	}
}

static uint64_t run_in_flight(struct run *r)
{
	run_count_in_flight(r);
	return record_in_flight(&r->record);
}

static double run_since(uint64_t ns)
{
	return (double)(tt_steady_ns() - ns) / 1e9;
}

double run_login_s(const struct run *r)
{
	return r->entered_ns ? (double)(r->entered_ns - r->began_ns) / 1e9 : 0;
}

double run_worked_s(const struct run *r)
{
	return r->end_ns > r->work_ns ? (double)(r->end_ns - r->work_ns) / 1e9 : 0;
}

void run_say(struct run *r, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(r->said, sizeof(r->said), fmt, args);
	va_end(args);
	if (!r->options.is_quiet && !r->ui)
		fputs(r->said, stderr);
	r->said[strcspn(r->said, "\n")] = '\0';
}

/* ---- bounds, without samples */

static bool run_needs_bounds(const struct run *r)
{
	const struct profile_value *v;

	for (v = r->profile->values; v < r->profile->values + r->profile->nvalues; v++) {
		if (v->bound != BOUND_NONE && v->nwords == 0)
			return true;
	}
	return false;
}

static void run_take_bounds(struct run *r, const char *line, size_t len)
{
	json_t *json = json_loadb(line, len, 0, NULL), *data = json_object_get(json, "data");
	static const char *const parents[] = {"parents_open", "parents_complete", "parents_short"};
	long *bounds = r->world.bounds;
	size_t i;

	for (i = 0; i < 3; i++)
		bounds[BOUND_PARENTS] +=
			(long)json_integer_value(json_object_get(data, parents[i]));
	bounds[BOUND_CHILDREN] = (long)json_integer_value(json_object_get(data, "children_linked"));
	bounds[BOUND_BAGS] = bounds[BOUND_PARENTS] + bounds[BOUND_CHILDREN];
	json_decref(json);
	r->is_bounded = true;
}

/* ---- entering */

enum tt_rc run_start_client(struct run *r, struct client *c, const char *password)
{
	struct tt_error err;
	enum tt_rc rc = client_start(c, password, &err);

	if (rc != TT_OK)
		run_spoil(r, "station %d can't be started: %s", c->number + 1, err.message);
	return rc;
}

/* A login costs tens of milliseconds of a processor: a few at a time are as quick as all at once.
 */
static void run_start_more(struct run *r)
{
	long most = 2L * host_cores();

	while (r->state == RUN_ENTERING && r->next_to_start < r->nclients && r->starting < most) {
		struct client *c = &r->clients[r->next_to_start++];

		if (c->class->starts_out) {
			c->is_prepared = true;
			r->entered++;
			continue;
		}
		if (run_start_client(r, c, c->password) != TT_OK) {
			run_stop(r);
			return;
		}
		r->starting++;
	}
}

static void run_work(struct run *r);

/* All are in: the work begins, at once or when all hosts are so far. */
static void run_is_in(struct run *r)
{
	if (!r->agent) {
		run_work(r);
		return;
	}
	r->state = RUN_WAITING;
	agent_is_in(r->agent);
}

void run_go(struct run *r, int64_t in_ms)
{
	if (r->go_ns == 0)
		r->go_ns = tt_steady_ns() + (in_ms > 0 ? (uint64_t)in_ms * 1000000 : 0);
}

/* What a client's class does before the work; false when that is over. */
static bool run_prepare(struct run *r, struct client *c)
{
	const struct profile_step *s;
	struct due due = {.op = -1};
	char line[PROFILE_SEND_MAX * 2];
	size_t len;

	while (c->step < c->class->nbefore && c->times == 0) {
		s = &c->class->before[c->step];
		c->may_be_refused = s->may_be_refused;
		c->times = value_random(&c->random, s->times_min, s->times_max);
		c->step += c->times == 0;
	}
	if (c->step == c->class->nbefore)
		return false;
	len = value_expand(&r->world, c, r->profile->ops[c->class->before[c->step].op].send, line,
		sizeof(line));
	c->step += --c->times == 0;
	(void)client_send(c, line, len, &due);
	return true;
}

static void run_count_prepared(struct run *r, struct client *c, const struct answer *a)
{
	bool is_refused = strcmp(a->class, "refused") == 0;

	if (!a->is_ready && strcmp(a->class, "done") != 0 && strcmp(a->class, "already") != 0 &&
		!(is_refused && c->may_be_refused)) {
		run_spoil(r, "station %d, as %s, can't prepare its work: %s", c->number + 1,
			c->login, a->outcome);
		run_stop(r);
		return;
	}
	if (run_prepare(r, c))
		return;
	c->step = 0;
	c->is_prepared = true;
	r->entered++;
	r->starting--;
	run_start_more(r);
}

/* One that can be asked how many bags there are; NULL: none is in. */
static struct client *run_anybody_in(struct run *r)
{
	struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++) {
		if (c->state == CLIENT_IN)
			return c;
	}
	return NULL;
}

static void run_entered(struct run *r)
{
	static const char ask[] = "op stats.counters\n";
	struct due due = {.op = -1};
	struct client *c;

	if (r->entered < r->nclients || r->state != RUN_ENTERING)
		return;
	if (r->entered_ns == 0)
		r->entered_ns = tt_steady_ns();
	c = r->is_bounded || !run_needs_bounds(r) ? NULL : run_anybody_in(r);
	if (!c)
		run_is_in(r);
	else if (c->ndue == 0)
		(void)client_send(c, ask, strlen(ask), &due);
}

static void run_enter(struct run *r)
{
	r->state = RUN_ENTERING;
	r->phase_ns = tt_steady_ns();
	run_start_more(r);
	run_entered(r);
}

static void run_answered_entering(
	struct run *r, struct client *c, const struct answer *a, const char *line, size_t len)
{
	if (!a->is_ready)
		client_take_head(c);
	if (c->is_prepared)
		run_take_bounds(r, line, len);
	else
		run_count_prepared(r, c, a);
	run_entered(r);
}

/* The last thing that stations said on standard error. */
static void run_last_error(const struct run *r, char *dst, size_t size)
{
	char text[2048];
	off_t end = lseek(r->host.errors, 0, SEEK_END);
	off_t from = end > (off_t)sizeof(text) - 1 ? end - (off_t)sizeof(text) + 1 : 0;
	ssize_t n = pread(r->host.errors, text, sizeof(text) - 1, from);
	char *at, *line = NULL;

	text[n > 0 ? n : 0] = '\0';
	for (at = text; (at = strstr(at, "tracetrack: ")); at++)
		line = at + 12;
	if (line)
		line[strcspn(line, "\n")] = '\0';
	tt_clean(dst, size, line ? line : "no reason given", line ? strlen(line) : 15);
}

/* ---- working */

void run_add_unknown_sample(struct run *r)
{
	struct run_sample *s;

	r->samples = tt_realloc(r->samples, (r->nsamples + 1) * sizeof(*r->samples));
	s = &r->samples[r->nsamples++];
	memset(s, 0, sizeof(*s));
	server_forget(&s->server);
}

void run_take_sample(struct run *r)
{
	struct run_sample *s;

	run_add_unknown_sample(r);
	s = &r->samples[r->nsamples - 1];
	host_sample(&r->machine, &s->host);
	server_tick(r->server, &s->server);
}

void run_show(struct run *r)
{
	const struct record_second *last = &r->record.seconds[r->record.nseconds - 1];
	const uint64_t *results = r->record.all.results;

	if (!r->ui && isatty(STDERR_FILENO))
		run_say(r, "\r%6zu s of %.0f  %u/s  p95 %.1f ms  %lu in flight  %lu failed  ",
			r->record.nseconds, r->seconds, last->all.answered,
			(double)last->all.p95 / 1000.0, (unsigned long)last->in_flight,
			(unsigned long)(results[RESULT_FAILED] + results[RESULT_TIMED_OUT]));
}

static void run_count_floor(struct run *r, double second)
{
	bool is_measured;

	(void)load_level(r, second, &is_measured);
	floor_count(r->floor, is_measured && r->state == RUN_WORKING);
}

static void run_take_second(struct run *r)
{
	uint64_t in_flight = run_in_flight(r);
	double second = run_since(r->work_ns);
	bool ignored;

	run_take_sample(r);
	if (r->agent)
		agent_take_second(r->agent, record_pack_second(&r->record, in_flight));
	record_tick(
		&r->record, load_level(r, second > 0.5 ? second - 0.5 : 0, &ignored), in_flight);
	run_count_floor(r, second);
	if (r->state == RUN_WORKING)
		course_second(r);
	run_show(r);
}

static void run_on_second(uv_timer_t *timer)
{
	struct run *r = timer->data;

	if (r->state == RUN_WORKING || r->state == RUN_DRAINING)
		run_take_second(r);
}

static void run_work(struct run *r)
{
	struct server_sample ignored;
	struct host_sample host;

	r->state = RUN_WORKING;
	run_say(r, "%ld clients, logged in after %.1f s; %.0f s of work\n", r->nclients,
		run_login_s(r), r->seconds);
	host_measure_memory(&r->memory_before);
	server_tick(r->server, &ignored);
	host_sample(&r->machine, &host);
	r->own_s = host_own_seconds();
	r->work_ns = r->last_answer_ns = r->hold_ns = r->world.began_ns = tt_steady_ns();
	run_count_floor(r, 0);
	uv_timer_start(&r->second, run_on_second, 1000, 1000);
	load_begin(r);
}

void run_stop(struct run *r)
{
	if (r->state >= RUN_DRAINING)
		return;
	if (r->state == RUN_WORKING) {
		load_end(r);
		r->end_ns = tt_steady_ns();
		r->own_s = host_own_seconds() - r->own_s;
	}
	r->state = RUN_DRAINING;
	r->phase_ns = tt_steady_ns();
}

/* All bags are locked: whoever asks for one keeps a server connection until that ends. */
static void run_on_held(struct tt_call *call, void *ctx)
{
	struct run *r = ctx;

	r->is_holding = false;
	if (call->rc != TT_OK)
		run_spoil(r, "the bags can't be locked: %s", call->error.message);
	else
		r->holds++;
}

static void run_hold(struct run *r)
{
	struct tt_link_options options = {.dsn = r->options.dsns.admin,
		.application_name = "tracetrack-stress",
		.timeout_ms = 60000};
	static char sql[200];
	struct tt_error err;

	if (r->profile->hold_s <= 0 || r->options.host > 0 || r->is_holding ||
		run_since(r->hold_ns) < 0)
		return;
	if (!r->hold_link && tt_link_open(&r->hold_link, &r->loop, &options, &err) != TT_OK) {
		run_spoil(r, "%s", err.message);
		return;
	}
	r->hold_ns = tt_steady_ns() + (uint64_t)(r->profile->hold_every_s * 1e9);
	tt_format(sql, sizeof(sql),
		"do $$begin lock table tracetrack.bag in access exclusive mode; "
		"perform pg_catalog.pg_sleep(%.3f); end$$",
		r->profile->hold_s);
	tt_call_fini(&r->hold_call);
	tt_call_init(&r->hold_call, sql, NULL, 0);
	r->hold_call.waits_for_link = true;
	r->hold_call.done = run_on_held;
	r->hold_call.ctx = r;
	r->is_holding = true;
	tt_link_submit(r->hold_link, &r->hold_call);
}

/* ---- leaving */

static void run_leave(struct run *r)
{
	static const char quit[] = "op session.logout\nquit\n";
	struct due due = {.op = -1};
	struct client *c;
	char line[64];

	load_give_up(r);
	host_measure_memory(&r->memory_after);
	r->state = RUN_LEAVING;
	r->phase_ns = tt_steady_ns();
	tt_format(line, sizeof(line), "sync %d\n", RUN_SYNC_SECONDS);
	for (c = r->clients; c < r->clients + r->nclients; c++) {
		uv_timer_stop(&c->timer);
		c->is_leaving = true;
		if (c->state == CLIENT_STARTING)
			client_kill(c, SIGTERM);
		else if (c->state == CLIENT_IN && !c->is_pausing &&
			 client_send(c, line, strlen(line), &due))
			(void)client_send(c, quit, strlen(quit), &due);
	}
}

static bool run_is_empty(const struct run *r)
{
	const struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++) {
		if (c->pid > 0 || c->handles > 0)
			return false;
	}
	return true;
}

static void run_kill_all(struct run *r, int signal)
{
	struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++)
		client_kill(c, signal);
}

static void run_tick_leaving(struct run *r)
{
	if (run_is_empty(r)) {
		/* What came after the last whole second. */
		if (r->work_ns > 0)
			run_take_second(r);
		r->state = RUN_OVER;
		uv_stop(&r->loop);
	} else if (run_since(r->phase_ns) > RUN_LEAVE_SECONDS) {
		run_spoil(r, "not every station came to an end by itself");
		run_kill_all(r, SIGKILL);
	}
}

/* ---- time */

/* Something is asked, and nothing has been answered for long. */
static bool run_is_silent(const struct run *r, double seconds)
{
	return r->record.all.attempts > r->attempts_at_answer &&
	       run_since(r->last_answer_ns) > seconds;
}

/* A class with so many rounds has them to do, however long that takes. */
static void run_check_rounds(struct run *r)
{
	const struct client *c;
	long undone = 0;

	for (c = r->clients; c < r->clients + r->nclients; c++)
		undone += c->class->rounds > 0 && !c->is_done;
	if (undone > 0)
		run_spoil(r, "the time was over before %ld stations had done their rounds", undone);
}

static void run_tick_working(struct run *r)
{
	load_tick(r);
	run_hold(r);
	if (run_is_silent(r, r->options.give_up_s)) {
		run_spoil(r, "the database has not answered since second %.1f",
			(double)(r->last_answer_ns - r->work_ns) / 1e9);
		run_stop(r);
	}
	if (run_since(r->work_ns) >= r->seconds) {
		run_check_rounds(r);
		run_stop(r);
	}
}

static void run_tick_draining(struct run *r)
{
	load_tick(r);
	if ((run_in_flight(r) > 0 || load_is_owed(r)) &&
		run_since(r->phase_ns) <= r->profile->timeout_s && *r->why == '\0')
		return;
	if (r->work_ns > 0 && run_is_silent(r, 3))
		run_spoil(r, "the database has not answered since second %.1f",
			(double)(r->last_answer_ns - r->work_ns) / 1e9);
	run_leave(r);
}

static void run_on_tick(uv_timer_t *timer)
{
	struct run *r = timer->data;

	if (r->state == RUN_ENTERING && run_since(r->phase_ns) > RUN_ENTER_SECONDS) {
		run_spoil(r, "only %ld of %ld stations have logged in after %d s", r->entered,
			r->nclients, RUN_ENTER_SECONDS);
		run_stop(r);
	}
	if (r->state == RUN_WAITING && r->go_ns > 0 && tt_steady_ns() >= r->go_ns)
		run_work(r);
	if (r->state == RUN_WORKING)
		run_tick_working(r);
	else if (r->state == RUN_DRAINING)
		run_tick_draining(r);
	else if (r->state == RUN_LEAVING)
		run_tick_leaving(r);
}

/* ---- what stations do */

static void run_on_answered(struct client *c, const struct answer *a, const char *line, size_t len)
{
	struct run *r = c->host->ctx;

	if (r->state == RUN_ENTERING) {
		run_answered_entering(r, c, a, line, len);
		return;
	}
	if (r->state == RUN_LEAVING && a->waiting >= 0)
		c->waiting = a->waiting;
	load_answered(c, a, line, len);
}

static void run_on_ended(struct client *c, int status)
{
	struct run *r = c->host->ctx;
	char why[200];

	if (r->state > RUN_WAITING && r->work_ns > 0) {
		load_ended(c, status);
		return;
	}
	if (r->state <= RUN_WAITING) {
		run_last_error(r, why, sizeof(why));
		run_spoil(r, "station %d, as %s, did not get in: %s", c->number + 1, c->login, why);
	}
	run_stop(r);
}

static void run_reap(struct run *r)
{
	struct client *c;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (c = r->clients; c < r->clients + r->nclients; c++) {
			if (c->pid == pid) {
				client_ended(c, status);
				break;
			}
		}
	}
}

static void run_on_signal(uv_signal_t *signal, int number)
{
	struct run *r = signal->data;

	if (number == SIGCHLD) {
		run_reap(r);
		return;
	}
	run_spoil(r, "it was interrupted");
	if (r->state == RUN_LEAVING)
		run_kill_all(r, SIGKILL);
	run_stop(r);
}

/* ---- the whole */

static void run_open_loop(struct run *r)
{
	static const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
	size_t i;

	if (r->profile->is_open)
		host_be_prompt();
	uv_loop_init(&r->loop);
	uv_timer_init(&r->loop, &r->tick);
	uv_timer_init(&r->loop, &r->second);
	r->due_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	uv_poll_init(&r->loop, &r->due_poll, r->due_fd);
	r->tick.data = r->second.data = r->due_poll.data = r;
	for (i = 0; i < 4; i++) {
		uv_signal_init(&r->loop, &r->signals[i]);
		r->signals[i].data = r;
		uv_signal_start(&r->signals[i], run_on_signal, numbers[i]);
	}
	uv_timer_start(&r->tick, run_on_tick, RUN_TICK_MS, RUN_TICK_MS);
}

static void run_close_loop(struct run *r)
{
	long i;

	uv_close((uv_handle_t *)&r->tick, NULL);
	uv_close((uv_handle_t *)&r->second, NULL);
	uv_close((uv_handle_t *)&r->due_poll, NULL);
	for (i = 0; i < 4; i++)
		uv_close((uv_handle_t *)&r->signals[i], NULL);
	for (i = 0; r->clients && i < r->nclients; i++) {
		if (r->clients[i].has_timer)
			uv_close((uv_handle_t *)&r->clients[i].timer, NULL);
	}
	ui_close(r->ui);
	r->ui = NULL;
	if (r->agent)
		agent_close(r->agent);
	server_close(r->server);
	r->server = NULL;
	floor_close(r->floor);
	r->floor = NULL;
	tt_link_close(r->hold_link);
	tt_call_fini(&r->hold_call);
	uv_run(&r->loop, UV_RUN_DEFAULT);
	uv_loop_close(&r->loop);
	close(r->due_fd);
}

static void run_settle_options(struct run *r)
{
	struct run_options *o = &r->options;
	const struct profile *p = r->profile;

	if (o->clients == 0)
		o->clients = p->clients;
	r->seconds = profile_seconds(p) * o->scale;
	r->level_factor = !p->is_open   ? (double)o->clients / (double)p->clients
			  : o->rate > 0 ? o->rate / p->peak
					: 1;
	/* Stages may have more clients at work than the profile's number: that is the base. */
	if (!p->is_open && p->peak > (double)p->clients)
		o->clients = (long)ceil(p->peak * r->level_factor);
	r->nclients = (o->clients - o->host + o->hosts - 1) / o->hosts;
	tt_format(r->answer_within, sizeof(r->answer_within), "%.0f",
		fmin(60000, p->timeout_s * 1000));
	tt_format(r->call_timeout, sizeof(r->call_timeout), "%.0f", fmax(100, p->timeout_s * 1000));
	r->host = (struct client_host){.loop = &r->loop,
		.program = o->program,
		.state = o->state,
		.answer_within = r->answer_within,
		.call_timeout = r->call_timeout,
		.errors = -1,
		.answered = run_on_answered,
		.ended = run_on_ended,
		.ctx = r};
}

static void run_prepare_record(struct run *r)
{
	run_settle_options(r);
	r->began_at = r->options.began_at ? r->options.began_at : tt_now();
	record_init(&r->record, r->profile->nops);
}

enum tt_rc run_prepare_lead(struct run *r, struct tt_error *err)
{
	run_prepare_record(r);
	return server_check_allowed(r->options.dsns.station, err);
}

static enum tt_rc run_check(struct run *r, struct tt_error *err)
{
	enum tt_rc rc = prepare_limit(r, err);

	if (rc == TT_OK)
		rc = prepare_files(r, err);
	if (rc == TT_OK)
		rc = server_check_allowed(r->options.dsns.station, err);
	if (rc == TT_OK && r->profile->hold_s > 0 && !r->options.dsns.admin)
		rc = tt_fail(err, TT_CONFIG, "profile %s needs --dsn-admin", r->profile->name);
	return rc;
}

enum tt_rc run_execute(struct run *r, struct tt_error *err)
{
	enum tt_rc rc;

	run_prepare_record(r);
	value_world_init(&r->world, r->profile, r->began_at);
	r->world.host = r->options.host;
	r->world.hosts = r->options.hosts;
	rc = run_check(r, err);
	if (rc != TT_OK)
		return rc;
	prepare_values(r);
	setenv("TRACETRACK_DSN", r->options.dsns.station, 1);
	run_open_loop(r);
	if (r->agent)
		agent_open(r->agent, r);
	rc = prepare_clients(r, err);
	if (rc == TT_OK && r->options.has_ui)
		rc = ui_open(&r->ui, r, err);
	if (rc == TT_OK) {
		r->server = server_open(&r->loop, &r->options.dsns);
		if (!r->agent)
			r->floor = floor_open(&r->loop, r->options.dsns.station, &r->floor_times);
		r->began_ns = tt_steady_ns();
		run_enter(r);
		uv_run(&r->loop, UV_RUN_DEFAULT);
		r->left_ns = tt_steady_ns();
	}
	run_close_loop(r);
	return rc;
}

void run_fini(struct run *r)
{
	long i;

	for (i = 0; r->clients && i < r->nclients; i++)
		client_close(&r->clients[i]);
	if (r->host.errors >= 0)
		close(r->host.errors);
	free(r->clients);
	free(r->samples);
	record_fini(&r->record);
}
