/*
 * Delivery: one event at a time, in the order of the outbox, until the database has answered. An
 * event leaves the outbox by a verdict only; what fails is sent again with the same id. What the
 * database can't take for a fault of ours or its own is parked, so that it does not hold up others.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>

#include "engine.h"

#define DELIVER_RETRY_MS 20u        /* a rolled-back call; grows with each try, with jitter */
#define DELIVER_SLOW_RETRY_MS 5000u /* the server's disk is full and the like */
#define DELIVER_FAULTS_MAX 5u       /* then the event is parked */
#define DELIVER_TIDY_MS 1000u

static void deliver_on_answer_timer(uv_timer_t *timer);

static void deliver_copy_event(struct tt_event *to, const struct tt_event *from)
{
	const struct tt_column *col;

	*to = *from;
	to->token = NULL;
	for (col = tt_event_columns; col->name; col++) {
		if (col->type == TT_TEXT)
			*(char **)tt_field(col, to) = tt_strdup(*(char **)tt_field(col, from));
	}
}

static void deliver_arm_answer_timer(struct tt_station *st)
{
	uint64_t now = tt_steady_ns();

	if (!st->first) {
		uv_timer_stop(st->answer_timer);
		return;
	}
	uv_update_time(st->loop);
	uv_timer_start(st->answer_timer, deliver_on_answer_timer,
		st->first->deadline_ns > now ? (st->first->deadline_ns - now) / 1000000 + 1 : 0, 0);
}

static void pending_free(struct pending *p)
{
	tt_columns_fini(tt_event_columns, &p->event);
	free(p);
}

/* Take the first scan off the list of the unanswered. */
static struct pending *deliver_shift(struct tt_station *st)
{
	struct pending *p = st->first;

	st->first = p->next;
	if (!st->first)
		st->end = &st->first;
	return p;
}

static void deliver_not_saved(struct tt_station *st, int lane, const struct tt_event *event,
	const struct tt_error *err, uint64_t started_ns, void *ticket)
{
	struct tt_answer a;

	tt_log(TT_LOG_ERROR, "scan not saved: %s %s code=%s", err->message, err->detail,
		event->code ? event->code : "");
	/* Scanned again at once it is no double read. */
	st->lanes[lane].last_raw[0] = '\0';
	answer_init(&a, lane, event->code ? event->code : event->parent, "not_saved", started_ns,
		ticket);
	answer_word(&a, NULL);
	a.error = *err;
	if (st->events.answered)
		st->events.answered(st->ctx, &a);
}

/* Tell that the disk has it, once it does. One that fails here may still reach the database. */
static void deliver_answer_queued(struct tt_station *st, struct pending *p)
{
	struct tt_error err;
	struct tt_answer a;

	if (tt_outbox_sync(st->outbox, &err) != TT_OK) {
		deliver_not_saved(st, p->lane, &p->event, &err, p->started_ns, p->ticket);
		pending_free(p);
		return;
	}
	answer_init(&a, p->lane, p->event.code ? p->event.code : p->event.parent, "queued",
		p->started_ns, p->ticket);
	a.event = p->event.event;
	a.seq = p->event.seq;
	a.durable = TT_DURABLE_OUTBOX;
	tt_copy(a.action, sizeof(a.action), p->event.action);
	answer_place(&a, &p->event);
	if (a.parent[0] == '\0' && a.bill[0] == '\0')
		tt_copy(a.parent, sizeof(a.parent), st->lanes[p->lane].pub.parent);
	answer_word(&a, NULL);
	pending_free(p);
	if (st->events.answered)
		st->events.answered(st->ctx, &a);
}

/* Whatever is unanswered waits on the disk: say so. */
static void deliver_answer_all_queued(struct tt_station *st)
{
	while (st->first)
		deliver_answer_queued(st, deliver_shift(st));
	deliver_arm_answer_timer(st);
}

static void deliver_on_answer_timer(uv_timer_t *timer)
{
	struct tt_station *st = timer->data;
	uint64_t now = tt_steady_ns();

	while (st->first && st->first->deadline_ns <= now)
		deliver_answer_queued(st, deliver_shift(st));
	deliver_arm_answer_timer(st);
}

static void deliver_on_tidy(uv_timer_t *timer)
{
	struct tt_station *st = timer->data;

	tt_outbox_flush(st->outbox);
}

/* The event is done with: take it out before anybody is told, since a face that is told may scan
 * again at once. The caller frees *event. */
static void deliver_take_current(struct tt_station *st, struct tt_event *event)
{
	*event = st->current;
	st->after = event->place;
	st->has_current = false;
	st->sending_ns = 0;
	st->tries = 0;
}

/* Tell the face: as the answer when it still waits for one, else as a settlement. */
static void deliver_tell(struct tt_station *st, int64_t place, struct tt_answer *a)
{
	struct pending *p = st->first;

	if (p && p->event.place == place) {
		deliver_shift(st);
		a->ticket = p->ticket;
		a->ms = (double)(tt_steady_ns() - p->started_ns) / 1e6;
		pending_free(p);
		deliver_arm_answer_timer(st);
		if (st->events.answered)
			st->events.answered(st->ctx, a);
		return;
	}
	a->is_settlement = true;
	if (st->events.settled)
		st->events.settled(st->ctx, a);
}

static int deliver_lane_of(const struct tt_station *st, const struct tt_event *event)
{
	return event->lane >= 1 && event->lane <= (int64_t)st->nlanes ? (int)event->lane - 1 : 0;
}

static void deliver_judge(struct tt_station *st, const struct tt_verdict *v)
{
	const struct tt_outcome *outcome = tt_outcome_find(v->outcome);
	int lane = deliver_lane_of(st, &st->current);
	bool is_live = st->first && st->first->event.place == st->current.place;
	struct tt_event event;
	struct tt_answer a;

	deliver_take_current(st, &event);
	lane_judged(&st->lanes[lane], &event, v, outcome,
		is_live && st->lanes[lane].pub.queued <= 1, st->is_hard_stop);
	answer_init(
		&a, lane, event.code ? event.code : event.parent, v->outcome, tt_steady_ns(), NULL);
	answer_from_verdict(&a, &event, v);
	tt_columns_fini(tt_event_columns, &event);
	tt_outbox_settle(st->outbox, event.place);
	if (!uv_is_active((uv_handle_t *)st->tidy_timer))
		uv_timer_start(st->tidy_timer, deliver_on_tidy, DELIVER_TIDY_MS, 0);
	deliver_tell(st, event.place, &a);
	station_changed(st, TT_CHANGE_LANES | TT_CHANGE_OUTBOX);
}

static void deliver_park(struct tt_station *st, const struct tt_error *why)
{
	int lane = deliver_lane_of(st, &st->current);
	struct tt_error failed;
	struct tt_event event;
	struct tt_answer a;

	deliver_take_current(st, &event);
	tt_log(TT_LOG_ERROR, "event set aside: %s sqlstate=%s action=%s code=%s", why->message,
		why->sqlstate, event.action, event.code ? event.code : "");
	answer_init(
		&a, lane, event.code ? event.code : event.parent, "parked", tt_steady_ns(), NULL);
	a.event = event.event;
	a.seq = event.seq;
	a.error = *why;
	tt_copy(a.action, sizeof(a.action), event.action);
	answer_word(&a, NULL);
	tt_columns_fini(tt_event_columns, &event);
	tt_outbox_park(st->outbox, event.place, why->message);
	if (tt_outbox_sync(st->outbox, &failed) == TT_OK)
		a.durable = TT_DURABLE_OUTBOX;
	if (st->lanes[lane].pub.queued > 0)
		st->lanes[lane].pub.queued--;
	deliver_tell(st, event.place, &a);
	station_changed(st, TT_CHANGE_LANES | TT_CHANGE_OUTBOX);
}

static void deliver_on_retry(uv_timer_t *timer)
{
	deliver_pump(timer->data);
}

static void deliver_retry_in(struct tt_station *st, unsigned ms)
{
	uv_timer_start(st->retry_timer, deliver_on_retry, ms / 2 + tt_random_below(ms), 0);
}

/* The session ended: events stay until somebody logs in. */
void deliver_lose_session(struct tt_station *st)
{
	st->is_token_dead = true;
	if (st->phase == TT_PHASE_LOGGING_IN)
		st->phase_before = TT_PHASE_LOGGED_OUT;
	else
		st->phase = TT_PHASE_LOGGED_OUT;
	(void)tt_fail(&st->login_error, TT_DENIED, "the session has ended");
	tt_error_hint(&st->login_error, "Log in again; scans that wait here are then sent.");
	deliver_answer_all_queued(st);
	station_changed(st, TT_CHANGE_SESSION);
}

static void deliver_fail(struct tt_station *st)
{
	const struct tt_call *call = &st->call;
	/* A missing function or right hits all events alike and is mended in the database: wait. */
	bool is_fault = call->rc == TT_DATA || call->rc == TT_INTERNAL;

	if (!tt_link_is_up(st->link)) {
		deliver_answer_all_queued(st);
		return;
	}
	st->tries++;
	if (call->may_retry) {
		deliver_retry_in(st, DELIVER_RETRY_MS << (st->tries < 8 ? st->tries : 8));
	} else if (is_fault && call->fate == TT_FATE_NOT_DONE && st->tries >= DELIVER_FAULTS_MAX) {
		struct tt_error why = call->error;

		deliver_park(st, &why);
		deliver_pump(st);
	} else {
		deliver_answer_all_queued(st);
		deliver_retry_in(st, is_fault ? DELIVER_RETRY_MS << 4 : DELIVER_SLOW_RETRY_MS);
	}
}

/* The session is good, so it was the event's own that the database does not take any more: too old,
 * or of another station. Sent once more, since the session may have changed under way. */
static void deliver_on_checked(struct tt_call *call, void *ctx)
{
	const struct tt_operation *op = tt_operation_find("session.check");
	const char *outcome = tt_operation_outcome(op, &call->rows);
	struct tt_station *st = ctx;
	struct tt_error why;

	st->is_sending = false;
	if (call->fate != TT_FATE_DONE || !outcome) {
		deliver_fail(st);
		return;
	}
	if (strcmp(outcome, "ok") != 0) {
		deliver_lose_session(st);
	} else if (++st->tries > 1) {
		(void)tt_fail(&why, TT_DENIED, "the session that scanned it is not valid any more");
		deliver_park(st, &why);
	}
	deliver_pump(st);
}

/* Of an event that an earlier session scanned it is not known yet which of the two has ended. */
static void deliver_session_expired(struct tt_station *st)
{
	const struct tt_operation *op = tt_operation_find("session.check");

	if (st->current.session == TT_NO_INT || st->current.session == st->session || !st->token) {
		deliver_lose_session(st);
		return;
	}
	tt_call_fini(&st->call);
	tt_call_init(&st->call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind_text(&st->call, st->token);
	st->call.is_urgent = true;
	st->call.done = deliver_on_checked;
	st->call.ctx = st;
	st->is_sending = true;
	tt_link_submit(st->link, &st->call);
}

static void deliver_on_done(struct tt_call *call, void *ctx)
{
	struct tt_station *st = ctx;
	const struct tt_verdict *v;

	st->is_sending = false;
	if (call->fate != TT_FATE_DONE || call->rows.count != 1) {
		deliver_fail(st);
		return;
	}
	st->last_ms = (double)call->us / 1000.0;
	v = tt_rows_at(&call->rows, 0);
	if (v->outcome && strcmp(v->outcome, "session_expired") == 0)
		deliver_session_expired(st);
	else
		deliver_judge(st, v);
	deliver_pump(st);
}

static bool deliver_load(struct tt_station *st)
{
	if (!st->has_current && tt_outbox_waiting(st->outbox) > 0) {
		st->has_current = tt_outbox_next(st->outbox, st->after, &st->current);
		st->tries = 0;
	}
	return st->has_current;
}

static void deliver_log_out_when_empty(struct tt_station *st)
{
	if (!st->logs_out_when_empty ||
		(tt_outbox_waiting(st->outbox) > 0 && !st->settings->read_only))
		return;
	st->logs_out_when_empty = false;
	login_side_call(st, "session.logout", st->token);
	free(st->token);
	st->token = NULL;
}

/* Another version of this program has left it. The next one follows from the loop. */
static void deliver_park_unknown(struct tt_station *st)
{
	struct tt_error why;

	(void)tt_fail(&why, TT_INTERNAL, "unknown action");
	uv_timer_start(st->retry_timer, deliver_on_retry, 0, 0);
	deliver_park(st, &why);
}

void deliver_pump(struct tt_station *st)
{
	const struct tt_operation *op;

	if (st->is_sending || !st->token || st->is_token_dead || !tt_link_is_up(st->link))
		return;
	/* A read-only station sends nothing of what an earlier run has left here. */
	if (st->settings->read_only || !deliver_load(st)) {
		deliver_log_out_when_empty(st);
		return;
	}
	op = tt_operation_find(st->current.action);
	if (!op || !(op->flags & TT_OP_EVENT)) {
		deliver_park_unknown(st);
		return;
	}
	st->current.offline = !st->first || st->first->event.place != st->current.place;
	st->current.token = st->token;
	tt_call_fini(&st->call);
	tt_call_init(&st->call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind(&st->call, op->params, &st->current);
	st->current.token = NULL;
	st->call.is_urgent = true;
	st->call.done = deliver_on_done;
	st->call.ctx = st;
	st->is_sending = true;
	if (st->sending_ns == 0)
		st->sending_ns = tt_steady_ns();
	tt_link_submit(st->link, &st->call);
}

void deliver_link_changed(struct tt_station *st)
{
	if (tt_link_is_up(st->link)) {
		uv_timer_stop(st->retry_timer);
		deliver_pump(st);
	} else if (tt_link_state(st->link) == TT_LINK_DOWN) {
		deliver_answer_all_queued(st);
	}
}

/* A scan behind one that has had its time already need not wait for its own: the database is slow
 * or away. Deadlines never go back from one scan to the next. */
static uint64_t deliver_deadline(const struct tt_station *st, uint64_t started_ns)
{
	uint64_t within_ns = (uint64_t)st->settings->answer_within * 1000000u;
	uint64_t since =
		st->is_sending && st->sending_ns < started_ns ? st->sending_ns : started_ns;

	return since + within_ns;
}

static void deliver_wait_for_answer(struct tt_station *st, int lane, const struct tt_event *event,
	uint64_t started_ns, void *ticket)
{
	struct pending *p = tt_alloc(sizeof(*p));

	p->lane = lane;
	p->ticket = ticket;
	p->started_ns = started_ns;
	p->deadline_ns = deliver_deadline(st, started_ns);
	deliver_copy_event(&p->event, event);
	*st->end = p;
	st->end = &p->next;
}

void deliver_event(struct tt_station *st, int lane, const struct tt_operation *op,
	const struct tt_event *event, uint64_t started_ns, void *ticket)
{
	struct tt_event stored = *event;
	struct tt_error err;
	enum tt_rc rc;

	stored.token = NULL;
	if (tt_uuid_is_nil(&stored.event))
		stored.event = tt_uuid_v7();
	stored.at = tt_now();
	stored.session = st->session;
	stored.lane = lane + 1;
	stored.action = (char *)(uintptr_t)op->name;
	rc = tt_outbox_add(st->outbox, &stored, &err);
	if (rc != TT_OK) {
		deliver_not_saved(st, lane, &stored, &err, started_ns, ticket);
		return;
	}
	lane_sent(&st->lanes[lane], &stored);
	deliver_wait_for_answer(st, lane, &stored, started_ns, ticket);
	if (!st->has_current && tt_outbox_waiting(st->outbox) == 1) {
		deliver_copy_event(&st->current, &stored);
		st->has_current = true;
		st->tries = 0;
	}
	deliver_pump(st);
	if (!tt_link_is_up(st->link) || st->is_token_dead)
		deliver_answer_all_queued(st);
	else if (st->first)
		deliver_arm_answer_timer(st);
	station_changed(st, TT_CHANGE_LANES | TT_CHANGE_OUTBOX);
}

void deliver_fini(struct tt_station *st)
{
	while (st->first)
		pending_free(deliver_shift(st));
	if (st->has_current)
		tt_columns_fini(tt_event_columns, &st->current);
	tt_call_fini(&st->call);
}
