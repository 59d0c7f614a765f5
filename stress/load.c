/*
 * The load itself: whose turn it is, what is sent, what the answers count as.
 */
#include "run.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOAD_LINE_MAX 1024
#define LOAD_CHILDREN 30   /* of a parent, when its answer is still awaited */
#define LOAD_AGAIN_MS 1000 /* after a login that was none, which must not be tried without end */

static void load_next(struct client *c);

/* An open loop's mix: each operation is sent when it is due, whatever the client does. A script's
 * steps follow each other there too. */
static bool load_is_sent_when_due(const struct client *c)
{
	const struct run *r = c->host->ctx;

	return r->profile->is_open && c->class->nsteps == 0;
}

/* ---- stages */

double load_level(const struct run *r, double second, bool *is_measured)
{
	const struct profile_stage *s = r->profile->stages;
	double begin = 0, length = 0;
	size_t i;

	for (i = 0; i < r->profile->nstages; i++, s++) {
		length = s->seconds * r->options.scale;
		if (second < begin + length)
			break;
		begin += length;
	}
	if (i == r->profile->nstages) {
		*is_measured = false;
		return 0;
	}
	*is_measured = s->is_measured;
	return r->level_factor * (s->from + (s->to - s->from) * (second - begin) / length);
}

static double load_second(const struct run *r, uint64_t ns)
{
	return ns > r->work_ns ? (double)(ns - r->work_ns) / 1e9 : 0;
}

/* ---- asking */

static void load_record_lost(
	struct run *r, const struct due *due, const char *outcome, enum result result)
{
	struct record_end end = {.op = due->op,
		.result = result,
		.outcome = outcome,
		.us = (tt_steady_ns() - due->at_ns) / 1000,
		.is_measured = due->is_measured};

	record_add(&r->record, &end);
}

/* What the command makes of the lane, so that the next one need not wait for its answer. */
static void load_foresee(struct run *r, struct client *c, const struct profile_op *op)
{
	size_t i;

	for (i = 0; i < r->profile->nops; i++) {
		if (r->profile->ops[i].needs == op - r->profile->ops) {
			c->has_parent = true;
			c->children = 0;
			return;
		}
	}
	if (op->needs >= 0 && ++c->children >= LOAD_CHILDREN)
		c->has_parent = false;
}

static void load_send(struct run *r, struct client *c, int op, uint64_t at_ns)
{
	const struct profile_op *what = &r->profile->ops[op];
	struct due due = {.op = op, .at_ns = at_ns};
	char line[LOAD_LINE_MAX];
	size_t len;

	(void)load_level(r, load_second(r, at_ns), &due.is_measured);
	if (what->needs >= 0 && !c->has_parent) {
		due.op = what->needs;
		what = &r->profile->ops[due.op];
	}
	record_attempt(&r->record, due.op);
	len = value_expand(&r->world, c, what->send, line, sizeof(line));
	if (c->ndue >= r->profile->queue || !client_send(c, line, len, &due))
		load_record_lost(r, &due, c->state == CLIENT_IN ? "client_behind" : "client_died",
			RESULT_FAILED);
	else
		load_foresee(r, c, what);
}

/* -1: it has done all that it was to do. */
static int load_pick_mix(struct client *c)
{
	long left = value_random(&c->random, 0, c->class->weight - 1);
	int op = 0;

	if (c->class->rounds > 0 && c->rounds++ >= c->class->rounds) {
		c->is_done = true;
		return -1;
	}

	while (left >= c->class->weights[op])
		left -= c->class->weights[op++];
	return op;
}

/* ---- scripts */

/* Of a script that logs in: the process comes and goes with each round. */
static bool load_leaves_first(struct client *c)
{
	struct due due = {.op = -1};

	if (!c->class->starts_out || c->state == CLIENT_OUT)
		return false;
	c->is_pausing = true;
	(void)client_send(c, "quit\n", 5, &due);
	return true;
}

static void load_end_round(struct client *c)
{
	c->step = 0;
	c->times = 0;
	c->is_in_round = false;
	c->rounds++;
	c->is_done = c->class->rounds > 0 && c->rounds >= c->class->rounds;
}

/* In an open loop a round begins when it is due, and its first operation's time counts from then;
 * false: none is due yet. */
static bool load_begin_round(struct run *r, struct client *c)
{
	if (r->profile->is_open && c->narrivals == 0)
		return false;
	c->is_in_round = true;
	if (!r->profile->is_open)
		return true;
	c->round_ns = c->arrivals[c->first_arrival];
	c->first_arrival = (c->first_arrival + 1) % CLIENT_DUE_MAX;
	c->narrivals--;
	return true;
}

/* When what is done now was due. */
static uint64_t load_due_ns(struct client *c)
{
	uint64_t ns = c->round_ns ? c->round_ns : tt_steady_ns();

	c->round_ns = 0;
	return ns;
}

/* The next step's operation, -1: none now. */
static int load_pick_script(struct run *r, struct client *c)
{
	const struct profile_step *s;

	while (c->times == 0) {
		if (c->step == c->class->nsteps) {
			if (load_leaves_first(c))
				return -1;
			record_workflow(&r->record);
			load_end_round(c);
		}
		if (c->is_done || (!c->is_in_round && !load_begin_round(r, c)))
			return -1;
		s = &c->class->steps[c->step];
		if (s->one_in > 1 && value_random(&c->random, 1, s->one_in) != 1)
			c->step++;
		else
			c->times = value_random(&c->random, s->times_min, s->times_max);
		if (c->times == 0 && s->one_in <= 1)
			c->step++;
	}
	return c->class->steps[c->step].op;
}

/* The wait after what was picked; a script goes on to its next step. */
static long load_wait(struct client *c)
{
	const struct profile_step *s;

	if (c->class->nsteps == 0)
		return value_random(&c->random, c->class->wait_min, c->class->wait_max);
	if (c->times == 0 || --c->times > 0)
		return 0;
	s = &c->class->steps[c->step++];
	return value_random(&c->random, s->wait_min, s->wait_max);
}

/* ---- closed loop */

static void load_on_timer(uv_timer_t *timer)
{
	load_next(timer->data);
}

static void load_next_in(struct client *c, long ms)
{
	if (ms > 0)
		uv_timer_start(&c->timer, load_on_timer, (uint64_t)ms, 0);
	else
		load_next(c);
}

static void load_log_in(struct run *r, struct client *c, int op)
{
	bool is_wrong = r->profile->ops[op].kind == OP_WRONG_LOGIN;
	struct due due = {.op = op, .at_ns = load_due_ns(c)};
	char wrong[512];

	(void)load_level(r, load_second(r, due.at_ns), &due.is_measured);
	tt_format(wrong, sizeof(wrong), "%s/wrong-password", r->options.state);
	record_attempt(&r->record, op);
	if (run_start_client(r, c, is_wrong ? wrong : c->password) != TT_OK) {
		load_record_lost(r, &due, "not_started", RESULT_FAILED);
		c->is_done = true;
		return;
	}
	c->due[0] = due;
	c->ndue = 1;
}

/* Rounds that were due before the end are done after it. */
static bool load_goes_on(const struct run *r)
{
	return r->state == RUN_WORKING || (r->state == RUN_DRAINING && r->profile->is_open);
}

/* What this client does next, if it is its turn. */
static void load_next(struct client *c)
{
	struct run *r = c->host->ctx;
	bool ignored;
	int op;

	if (!load_goes_on(r) || load_is_sent_when_due(c))
		return;
	if (c->is_done || c->is_pausing || c->ndue > 0)
		return;
	if (c->state == CLIENT_OUT && c->handles > 0) {
		load_next_in(c, 1);
		return;
	}
	c->is_idle = !r->profile->is_open &&
		     c->number >= load_level(r, load_second(r, tt_steady_ns()), &ignored);
	if (c->is_idle)
		return;
	op = c->class->nsteps ? load_pick_script(r, c) : load_pick_mix(c);
	if (op < 0)
		return;
	if (r->profile->ops[op].kind == OP_COMMAND)
		load_send(r, c, op, load_due_ns(c));
	else
		load_log_in(r, c, op);
}

/* ---- open loop */

/* When the next operation is due, seconds of work; negative: never more. Within a stage whose rate
 * goes straight from a to b in T seconds, after x seconds a x + (b - a) x^2 / 2T have been due. */
static double load_due_second(struct run *r)
{
	const struct profile_stage *s;
	double n, a, b, length, sum;

	for (; r->due_stage < r->profile->nstages; r->due_stage++) {
		s = &r->profile->stages[r->due_stage];
		a = s->from * r->level_factor;
		b = s->to * r->level_factor;
		length = s->seconds * r->options.scale;
		sum = (a + b) / 2 * length;
		n = (double)r->due_count + 0.5 - r->due_sum;
		if (n <= sum) {
			b = (b - a) / (2 * length);
			return r->due_stage_s +
			       (fabs(b) < 1e-9 ? n / a : (sqrt(a * a + 4 * b * n) - a) / (2 * b));
		}
		r->due_sum += sum;
		r->due_stage_s += length;
	}
	return -1;
}

/* The number of the client whose turn it is. */
static long load_turn(const struct run *r)
{
	return (long)(r->due_count % (uint64_t)r->options.clients);
}

/* Operations go round all clients of the run: those of other hosts are passed over. */
static double load_own_due_second(struct run *r)
{
	double second = load_due_second(r);

	while (second >= 0 && load_turn(r) % r->options.hosts != r->options.host) {
		r->due_count++;
		second = load_due_second(r);
	}
	return second;
}

/* A round that its client has no time for. Of its first operation, which is all that is certain. */
static void load_lose_round(struct run *r, struct client *c, uint64_t at_ns)
{
	struct due due = {.op = c->class->steps[0].op, .at_ns = at_ns};

	(void)load_level(r, load_second(r, at_ns), &due.is_measured);
	record_attempt(&r->record, due.op);
	load_record_lost(r, &due, "client_behind", RESULT_FAILED);
}

static void load_is_due(struct run *r, struct client *c, uint64_t at_ns)
{
	if (load_is_sent_when_due(c)) {
		load_send(r, c, load_pick_mix(c), at_ns);
	} else if (c->narrivals >= r->profile->queue || c->is_done) {
		load_lose_round(r, c, at_ns);
	} else {
		c->arrivals[(c->first_arrival + c->narrivals++) % CLIENT_DUE_MAX] = at_ns;
		if (!c->is_in_round)
			load_next(c);
	}
}

static void load_arm(struct run *r)
{
	double second = load_own_due_second(r);
	struct itimerspec at = {0};

	r->due_ns = second < 0 ? UINT64_MAX : r->work_ns + (uint64_t)(second * 1e9);
	if (r->due_ns != UINT64_MAX) {
		at.it_value.tv_sec = (time_t)(r->due_ns / 1000000000);
		at.it_value.tv_nsec = (long)(r->due_ns % 1000000000);
	}
	timerfd_settime(r->due_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void load_on_due(uv_poll_t *poll, int status, int events)
{
	struct run *r = poll->data;
	struct client *c;
	uint64_t now;

	(void)status;
	(void)events;
	while (r->state == RUN_WORKING && r->due_ns <= (now = tt_steady_ns())) {
		bool is_measured;
		double second = load_own_due_second(r);

		if (second < 0)
			break;
		c = &r->clients[load_turn(r) / r->options.hosts];
		r->due_count++;
		(void)load_level(r, second, &is_measured);
		record_late(&r->record, (now - r->due_ns) / 1000, is_measured);
		load_is_due(r, c, r->due_ns);
		second = load_own_due_second(r);
		r->due_ns = second < 0 ? UINT64_MAX : r->work_ns + (uint64_t)(second * 1e9);
	}
	/* Setting the timer takes back that it has expired: it need not be read. */
	if (r->state == RUN_WORKING)
		load_arm(r);
}

/* ---- answers */

static bool load_is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* What the answer says of the lane. */
static void load_learn(struct run *r, struct client *c, const struct answer *a)
{
	static const char *const opens[] = {"opened", "resumed", NULL};
	static const char *const ends[] = {"completed", "finished", "short_closed", NULL};
	static const char *const over[] = {"parent_full", "parent_closed", "no_parent", "is_child",
		"wrong_area", "parent_cancelled", NULL};

	if (load_is_one_of(a->outcome, opens))
		tt_copy(c->parent, sizeof(c->parent), a->parent);
	if (load_is_one_of(a->outcome, ends) && c->class->nsteps == 0)
		record_workflow(&r->record);
	if (c->ndue == 0 && (load_is_one_of(a->outcome, ends) || load_is_one_of(a->outcome, over)))
		c->has_parent = false;
	if (a->event_seq > c->acked_seq && strcmp(a->durable, "db") == 0)
		c->acked_seq = a->event_seq;
}

static enum result load_result(const struct answer *a)
{
	/* What waits for a second person has its answer, and is queued by its class. */
	static const char *const good[] = {"done", "already", "queued", NULL};
	static const char *const late[] = {"timeout", "queued", NULL};

	if (load_is_one_of(a->outcome, late))
		return RESULT_TIMED_OUT;
	if (load_is_one_of(a->class, good))
		return RESULT_SUCCEEDED;
	return strcmp(a->class, "refused") == 0 ? RESULT_REFUSED : RESULT_FAILED;
}

static void load_count(struct run *r, const struct due *due, const struct answer *a, size_t len)
{
	uint64_t now = tt_steady_ns();
	struct record_end end = {.op = due->op,
		.result = load_result(a),
		.outcome = a->outcome,
		.us = (now - due->at_ns) / 1000,
		.bytes = len + 1,
		.is_measured = due->is_measured,
		.is_local = strcmp(a->durable, "none") == 0};

	if (end.result == RESULT_FAILED || end.result == RESULT_TIMED_OUT)
		end.is_local = false;
	record_add(&r->record, &end);
	if (end.is_local || end.result == RESULT_FAILED || end.result == RESULT_TIMED_OUT)
		return;
	r->last_answer_ns = now;
	r->attempts_at_answer = r->record.all.attempts;
}

/* A login came to the ready line: it has no outcome of its own. */
static struct answer load_login_answer(const struct run *r, const struct due *due)
{
	struct answer a = {.outcome = "ok", .class = "done", .event_seq = -1};

	if (r->profile->ops[due->op].kind == OP_WRONG_LOGIN) {
		tt_copy(a.outcome, sizeof(a.outcome), "let_in");
		tt_copy(a.class, sizeof(a.class), "trouble");
	}
	return a;
}

/* A text of the answer that later commands name. */
static void load_keep(struct client *c, const char *name, const char *line, size_t len)
{
	char key[PROFILE_NAME_MAX + 8];
	const char *at, *end;
	size_t n = tt_format(key, sizeof(key), "\"%s\":\"", name);

	at = memmem(line, len, key, n);
	if (!at)
		return;
	at += n;
	end = memchr(at, '"', len - (size_t)(at - line));
	if (end)
		tt_copy_n(c->kept, sizeof(c->kept), at, (size_t)(end - at));
}

void load_answered(struct client *c, const struct answer *a, const char *line, size_t len)
{
	struct run *r = c->host->ctx;
	struct due *head = client_head(c), due;
	struct answer login;

	if (!head)
		return;
	due = *head;
	client_take_head(c);
	if (a->is_ready) {
		login = load_login_answer(r, &due);
		a = &login;
	}
	if (due.op >= 0 && !due.is_given_up)
		load_count(r, &due, a, len);
	load_learn(r, c, a);
	if (due.op >= 0 && *r->profile->ops[due.op].keep)
		load_keep(c, r->profile->ops[due.op].keep, line, len);
	if (!load_is_sent_when_due(c))
		load_next_in(c, load_wait(c));
}

/* ---- ends of processes */

static void load_lose(struct run *r, struct client *c, const char *outcome, enum result result)
{
	struct due *due;

	for (; (due = client_head(c)); client_take_head(c)) {
		if (due->op >= 0 && !due->is_given_up)
			load_record_lost(r, due, outcome, result);
	}
}

/* What a login came to whose process has ended instead of being ready. */
static const struct login_end {
	int status; /* of the process */
	const char *outcome;
	enum result result;
} login_ends[] = {{77, "bad_login", RESULT_REFUSED}, {69, "not_let_in", RESULT_FAILED},
	{75, "not_let_in", RESULT_FAILED}, {0, NULL, RESULT_FAILED}};

static const struct login_end *load_login_end(const struct run *r, struct client *c, int status)
{
	const struct login_end *end = login_ends;
	struct due *head = client_head(c);

	if (!head || head->op < 0 || r->profile->ops[head->op].kind == OP_COMMAND ||
		!WIFEXITED(status))
		return NULL;
	while (end->outcome && end->status != WEXITSTATUS(status))
		end++;
	return end->outcome ? end : NULL;
}

/* Without its login the rest of the round can't be done. */
static void load_not_let_in(struct run *r, struct client *c, const struct login_end *end)
{
	bool is_round_over = r->profile->ops[client_head(c)->op].kind == OP_LOGIN;
	long ms = 1 + load_wait(c);

	load_lose(r, c, end->outcome, end->result);
	if (end->result == RESULT_REFUSED) {
		r->last_answer_ns = tt_steady_ns();
		r->attempts_at_answer = r->record.all.attempts;
	}
	if (is_round_over) {
		load_end_round(c);
		ms += LOAD_AGAIN_MS;
	}
	load_next_in(c, ms);
}

void load_ended(struct client *c, int status)
{
	struct run *r = c->host->ctx;
	const struct login_end *end = load_login_end(r, c, status);
	bool is_expected = c->is_pausing;

	/* What it still owes stays in flight. */
	if (c->is_leaving)
		return;
	c->is_pausing = false;
	if (end) {
		load_not_let_in(r, c, end);
		return;
	}
	load_lose(r, c, "client_died", RESULT_FAILED);
	if (is_expected) {
		load_next_in(c, 1);
		return;
	}
	c->is_done = true;
	r->deaths++;
	run_spoil(r,
		WIFSIGNALED(status) ? "station %d was killed by signal %d"
				    : "station %d ended by itself with status %d",
		c->number + 1, WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* ---- over time */

void load_begin(struct run *r)
{
	long i;

	if (r->profile->is_open) {
		uv_poll_start(&r->due_poll, UV_READABLE, load_on_due);
		load_arm(r);
		return;
	}
	for (i = 0; i < r->nclients; i++)
		load_next(&r->clients[i]);
}

/* Give up what is too old. It stays in the ring: its answer may still come. */
static void load_time_out(struct run *r, struct client *c)
{
	uint64_t limit = (uint64_t)(r->profile->timeout_s * 1e9), now = tt_steady_ns();
	struct due *due;
	unsigned i;

	for (i = 0; i < c->ndue; i++) {
		due = &c->due[(c->head + i) % CLIENT_DUE_MAX];
		if (now - due->at_ns < limit)
			return;
		if (due->op < 0 || due->is_given_up)
			continue;
		due->is_given_up = true;
		load_record_lost(r, due, "no_answer", RESULT_TIMED_OUT);
	}
}

void load_tick(struct run *r)
{
	bool is_anybody = false;
	struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++) {
		load_time_out(r, c);
		is_anybody |= !c->is_done;
		if (r->state == RUN_WORKING && c->is_idle)
			load_next(c);
	}
	if (r->state == RUN_WORKING && !is_anybody)
		run_stop(r);
}

void load_end(struct run *r)
{
	if (r->profile->is_open)
		uv_poll_stop(&r->due_poll);
}

bool load_is_owed(const struct run *r)
{
	const struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++) {
		if (r->profile->is_open && !c->is_done && (c->is_in_round || c->narrivals > 0))
			return true;
	}
	return false;
}

void load_give_up(struct run *r)
{
	struct client *c;

	for (c = r->clients; c < r->clients + r->nclients; c++) {
		while (c->narrivals > 0) {
			(void)load_begin_round(r, c);
			load_lose_round(r, c, load_due_ns(c));
		}
	}
}
