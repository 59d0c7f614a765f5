/*
 * The station engine: what comes in (scans, keys, logins) and what faces may look at. Delivery is
 * in deliver.c, logging in in login.c, lanes in lane.c.
 */
#include <tracetrack/station.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/password.h>
#include <tracetrack/text.h>

#include "engine.h"

#define STATION_CARE_MS 60000u
#define STATION_EXTEND_NS (15u * 60u * 1000000000ull)

void station_changed(struct tt_station *st, unsigned changes)
{
	if (st->events.changed)
		st->events.changed(st->ctx, changes);
}

uv_timer_t *station_timer(struct tt_station *st)
{
	uv_timer_t *timer = tt_alloc(sizeof(*timer));

	uv_timer_init(st->loop, timer);
	timer->data = st;
	return timer;
}

static void station_free_timer(uv_handle_t *handle)
{
	free(handle);
}

static void station_close_timer(uv_timer_t *timer)
{
	if (timer)
		uv_close((uv_handle_t *)timer, station_free_timer);
}

static void station_on_link(struct tt_link *link, void *ctx)
{
	struct tt_station *st = ctx;

	if (!st->link)
		st->link = link;
	deliver_link_changed(st);
	station_changed(st, TT_CHANGE_LINK);
}

/* Once a minute: lock a station that nobody uses, keep the session of the others alive. */
static void station_on_care(uv_timer_t *timer)
{
	struct tt_station *st = timer->data;
	uint64_t now = tt_steady_ns(), idle_lock_ns;

	idle_lock_ns = (uint64_t)st->settings->idle_lock * 60u * 1000000000u;
	if (st->phase != TT_PHASE_WORKING)
		return;
	if (idle_lock_ns > 0 && now - st->active_ns >= idle_lock_ns) {
		tt_station_lock(st);
	} else if (now - st->extended_ns >= STATION_EXTEND_NS) {
		st->extended_ns = now;
		login_side_call(st, "session.extend", st->token);
	}
}

/* DIR/STATION, with what is no good in a file name turned into _. False when it is too long. */
static bool station_dir(char *dst, size_t size, const struct tt_settings *s)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	size_t n;
	char *p;

	if (*s->state_dir)
		n = tt_copy(dst, size, s->state_dir);
	else if (state && *state == '/')
		n = tt_format(dst, size, "%s/tracetrack", state);
	else
		n = tt_format(dst, size, "%s/.local/state/tracetrack", home && *home ? home : "");
	n += tt_format(dst + n, size - n, "/");
	tt_copy(dst + n, size - n, s->station);
	for (p = dst + n; *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("-_", *p) && (*p != '.' || p == dst + n))
			*p = '_';
	}
	return n + strlen(s->station) < size;
}

bool tt_station_dir(const struct tt_station *st, char *dst, size_t size)
{
	return station_dir(dst, size, st->settings);
}

static void station_load_kept(struct tt_station *st)
{
	const struct tt_operation *op = tt_operation_find("family.list");
	struct tt_rows rows = {.cols = op->result, .size = op->result_size};
	char *kept = tt_outbox_kept(st->outbox, "families");

	if (!kept)
		return;
	family_rows_read(&rows, kept);
	family_set_load(&st->families, &rows);
	tt_rows_fini(&rows);
	free(kept);
}

static enum tt_rc station_connect(struct tt_station *st, struct tt_error *err)
{
	/* The same for all stations, as it is in the database: the pooler has nothing to tell the
	 * server when it goes from one station to the next. */
	struct tt_link_options options = {.dsn = st->settings->dsn,
		.application_name = "tracetrack",
		.timeout_ms = (unsigned)st->settings->call_timeout,
		.on_state = station_on_link,
		.ctx = st};

	return tt_link_open(&st->link, st->loop, &options, err);
}

enum tt_rc tt_station_open(struct tt_station **out, uv_loop_t *loop,
	const struct tt_settings *settings, const char *const *lanes, size_t nlanes,
	const struct tt_station_events *events, void *ctx, struct tt_error *err)
{
	struct tt_station *st = tt_alloc(sizeof(*st));
	enum tt_rc rc;
	char dir[400];
	size_t i;

	*out = NULL;
	st->loop = loop;
	st->settings = settings;
	st->events = *events;
	st->ctx = ctx;
	st->end = &st->first;
	st->double_read_ms = 800;
	st->nlanes = nlanes < TT_LANES_MAX ? nlanes : TT_LANES_MAX;
	tt_clean(st->name, sizeof(st->name), settings->station, strlen(settings->station));
	for (i = 0; i < st->nlanes; i++) {
		tt_copy(st->lanes[i].pub.name, sizeof(st->lanes[i].pub.name), lanes[i]);
		lane_empty(&st->lanes[i]);
	}
	if (station_dir(dir, sizeof(dir), settings)) {
		rc = tt_outbox_open(&st->outbox, dir, err);
	} else {
		rc = tt_fail(err, TT_IO, "the name of the outbox's folder is too long");
		tt_error_hint(err, "Choose another with --state-dir.");
	}
	if (rc != TT_OK) {
		free(st);
		return rc;
	}
	st->answer_timer = station_timer(st);
	st->tidy_timer = station_timer(st);
	st->retry_timer = station_timer(st);
	st->care_timer = station_timer(st);
	uv_timer_start(st->care_timer, station_on_care, STATION_CARE_MS, STATION_CARE_MS);
	station_load_kept(st);
	rc = station_connect(st, err);
	if (rc != TT_OK) {
		tt_station_close(st);
		return rc;
	}
	*out = st;
	return TT_OK;
}

void tt_station_close(struct tt_station *st)
{
	if (!st)
		return;
	memset(&st->events, 0, sizeof(st->events));
	login_cancel(st);
	tt_link_close(st->link);
	deliver_fini(st);
	tt_call_fini(&st->side_call);
	tt_call_fini(&st->family_call);
	tt_outbox_close(st->outbox);
	family_set_fini(&st->families);
	station_close_timer(st->answer_timer);
	station_close_timer(st->tidy_timer);
	station_close_timer(st->retry_timer);
	station_close_timer(st->care_timer);
	free(st->token);
	free(st);
}

void tt_station_login(struct tt_station *st, const char *login, const char *password)
{
	login_start(st, login, password);
}

enum tt_ask tt_station_asks(const struct tt_station *st)
{
	return st->asked;
}

void tt_station_tell(struct tt_station *st, const char *answer)
{
	login_tell(st, answer);
}

void tt_station_give_up(struct tt_station *st)
{
	login_give_up(st);
}

void tt_station_logout(struct tt_station *st)
{
	login_cancel(st);
	st->phase = TT_PHASE_LOGGED_OUT;
	st->logs_out_when_empty = st->token && !st->is_token_dead;
	memset(&st->person, 0, sizeof(st->person));
	memset(&st->login_error, 0, sizeof(st->login_error));
	deliver_pump(st);
	station_changed(st, TT_CHANGE_SESSION);
}

void tt_station_lock(struct tt_station *st)
{
	if (st->phase != TT_PHASE_WORKING)
		return;
	st->phase = TT_PHASE_LOCKED;
	login_side_call(st, "session.lock", st->token);
	station_changed(st, TT_CHANGE_SESSION);
}

void tt_station_touch(struct tt_station *st)
{
	st->active_ns = tt_steady_ns();
}

const struct tt_error *tt_station_login_error(const struct tt_station *st)
{
	return &st->login_error;
}

static bool station_is_double(struct tt_station *st, struct lane *lane, const char *raw)
{
	uint64_t now = tt_steady_ns(), window = (uint64_t)st->double_read_ms * 1000000u;
	bool is_double = lane->last_raw[0] != '\0' && now - lane->last_ns < window &&
			 strncmp(lane->last_raw, raw, sizeof(lane->last_raw) - 1) == 0;

	tt_copy(lane->last_raw, sizeof(lane->last_raw), raw);
	lane->last_ns = now;
	return is_double;
}

/* Whoever works here goes on while another logs in; a mere attempt opens nothing. */
static enum tt_phase station_phase(const struct tt_station *st)
{
	return st->phase == TT_PHASE_LOGGING_IN ? st->phase_before : st->phase;
}

bool tt_station_is_manned(const struct tt_station *st)
{
	return station_phase(st) == TT_PHASE_WORKING;
}

/* Where scans are not taken: the outcome that says so, or NULL. */
static const char *station_refusal(const struct tt_station *st)
{
	if (station_phase(st) == TT_PHASE_LOCKED)
		return "station_locked";
	if (!tt_station_is_manned(st))
		return "session_expired";
	return st->settings->read_only ? "read_only" : NULL;
}

static void station_send(struct tt_station *st, int lane, const char *operation,
	const struct tt_event *event, uint64_t started_ns, void *ticket)
{
	const char *refusal = station_refusal(st);

	if (refusal)
		answer_local(st, lane, event->code ? event->code : event->parent, refusal,
			started_ns, ticket);
	else
		deliver_event(st, lane, tt_operation_find(operation), event, started_ns, ticket);
}

static void station_event_init(struct tt_event *event)
{
	memset(event, 0, sizeof(*event));
	tt_columns_init(tt_event_columns, event);
}

/* Strings of an event that is only passed down are borrowed. */
static char *station_borrow(const char *s)
{
	return s && *s ? (char *)(uintptr_t)s : NULL;
}

static void station_undo(struct tt_station *st, int lane, uint64_t started_ns, void *ticket)
{
	struct tt_event event;

	station_event_init(&event);
	if (station_refusal(st) || lane_take_undo(&st->lanes[lane], &event.target))
		station_send(st, lane, "scan.undo", &event, started_ns, ticket);
	else
		answer_local(st, lane, "", "nothing_to_undo", started_ns, ticket);
}

/* finish and short act on the lane's parent. */
static void station_close_parent(struct tt_station *st, int lane, const char *operation,
	const char *reason, uint64_t started_ns, void *ticket)
{
	const struct tt_lane *p = &st->lanes[lane].pub;
	struct tt_event event;

	station_event_init(&event);
	event.parent = station_borrow(p->parent);
	event.reason = station_borrow(reason);
	if (event.parent || station_refusal(st))
		station_send(st, lane, operation, &event, started_ns, ticket);
	else
		answer_local(st, lane, "", "no_parent", started_ns, ticket);
}

static void station_move(struct tt_station *st, int lane, uint64_t started_ns, void *ticket)
{
	const struct tt_lane *p = &st->lanes[lane].pub;
	char code[TT_CODE_TEXT], parent[TT_CODE_TEXT];
	struct tt_event event;

	tt_copy(code, sizeof(code), p->offer_code);
	tt_copy(parent, sizeof(parent), p->parent);
	station_event_init(&event);
	event.code = code;
	event.parent = parent;
	station_send(st, lane, "scan.relink", &event, started_ns, ticket);
}

static void station_set_lane(struct tt_station *st, int lane, enum tt_lane_state state)
{
	st->lanes[lane].pub.state = state;
	station_changed(st, TT_CHANGE_LANES);
}

static void station_end_stop(struct tt_station *st, int lane)
{
	const struct tt_lane *p = &st->lanes[lane].pub;
	enum tt_lane_state without_parent = *p->bill ? TT_LANE_BILL : TT_LANE_EMPTY;

	station_set_lane(st, lane, *p->parent ? TT_LANE_OPEN : without_parent);
}

static void station_scan_bag(struct tt_station *st, int lane, enum lane_action action,
	const struct tt_reading *r, const char *code, uint64_t started_ns, void *ticket)
{
	char parent[TT_CODE_TEXT];
	struct tt_event event;

	tt_copy(parent, sizeof(parent), st->lanes[lane].pub.parent);
	station_event_init(&event);
	event.code = station_borrow(code);
	event.device = station_borrow(r->device);
	if (action == ACT_CHILD) {
		event.parent = station_borrow(parent);
		event.grams = r->grams;
	}
	station_send(st, lane, action == ACT_CHILD ? "scan.child" : "scan.parent", &event,
		started_ns, ticket);
}

/* A code goes onto the lane's bill, or comes off it. */
static void station_bill_bag(struct tt_station *st, int lane, const char *operation,
	const char *device, const char *code, uint64_t started_ns, void *ticket)
{
	char bill[TT_CODE_TEXT];
	struct tt_event event;

	tt_copy(bill, sizeof(bill), st->lanes[lane].pub.bill);
	station_event_init(&event);
	event.code = station_borrow(code);
	event.device = station_borrow(device);
	event.parent = station_borrow(bill);
	station_send(st, lane, operation, &event, started_ns, ticket);
}

/* The bill itself: picked, or completed. */
static void station_bill(struct tt_station *st, int lane, const char *operation, const char *device,
	const char *number, const char *reason, uint64_t started_ns, void *ticket)
{
	char bill[TT_CODE_TEXT];
	struct tt_event event;

	tt_copy(bill, sizeof(bill), number);
	station_event_init(&event);
	event.device = station_borrow(device);
	event.parent = station_borrow(bill);
	event.reason = station_borrow(reason);
	station_send(st, lane, operation, &event, started_ns, ticket);
}

static void station_bill_back(struct tt_station *st, int lane, uint64_t started_ns, void *ticket)
{
	char code[TT_CODE_TEXT] = "";

	if (station_refusal(st) || lane_take_back(&st->lanes[lane], code, sizeof(code)))
		station_bill_bag(st, lane, "bill.remove", NULL, code, started_ns, ticket);
	else
		answer_local(st, lane, "", "nothing_to_undo", started_ns, ticket);
}

/* The login of a badge, TT:USER:ASHA or TT:USER:ASHA/SECRET. */
static void station_badge_login(char *dst, size_t size, const char *code)
{
	const char *colon = strrchr(code, ':'), *login = colon ? colon + 1 : code;
	char *p;

	tt_copy_n(dst, size, login, strcspn(login, "/"));
	for (p = dst; *p; p++)
		*p = (char)tolower((unsigned char)*p);
}

static bool station_badge_unlocks(const struct tt_station *st, const char *code, const char *login)
{
	return strchr(code, '/') && st->phase == TT_PHASE_LOCKED && st->token &&
	       !st->is_token_dead && strcmp(login, st->person.login) == 0;
}

void tt_station_badge(struct tt_station *st, const char *code)
{
	char login[64], upper[TT_CODE_TEXT], *p;

	station_badge_login(login, sizeof(login), code);
	tt_copy(upper, sizeof(upper), code);
	for (p = upper; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (station_badge_unlocks(st, upper, login)) {
		login_start(st, login, upper);
	} else {
		memset(&st->login_error, 0, sizeof(st->login_error));
		if (st->events.badge)
			st->events.badge(st->ctx, login);
	}
	explicit_bzero(upper, sizeof(upper));
}

/* The secret of a badge is not told on. */
static void station_badge(
	struct tt_station *st, int lane, const char *code, uint64_t started_ns, void *ticket)
{
	char login[64];

	station_badge_login(login, sizeof(login), code);
	answer_local(st, lane, login,
		station_badge_unlocks(st, code, login) ? "badge_unlocks" : "badge", started_ns,
		ticket);
	tt_station_badge(st, code);
}

static void station_act(struct tt_station *st, int lane, enum lane_action action,
	const struct tt_reading *r, const char *code, uint64_t started_ns, void *ticket)
{
	struct lane *l = &st->lanes[lane];
	char offer[TT_CODE_TEXT];

	switch (action) {
	case ACT_PARENT:
	case ACT_CHILD:
		station_scan_bag(st, lane, action, r, code, started_ns, ticket);
		break;
	case ACT_CONFIRM:
		station_move(st, lane, started_ns, ticket);
		break;
	case ACT_ACKNOWLEDGE:
		station_end_stop(st, lane);
		answer_local(st, lane, code, "confirmed", started_ns, ticket);
		break;
	case ACT_DECLINE:
		tt_copy(offer, sizeof(offer), l->pub.offer_code);
		station_set_lane(st, lane, TT_LANE_OPEN);
		answer_local(st, lane, offer, "declined", started_ns, ticket);
		break;
	case ACT_LEAVE:
		answer_local(st, lane, l->pub.parent, "cancelled", started_ns, ticket);
		lane_empty(l);
		station_changed(st, TT_CHANGE_LANES);
		break;
	case ACT_UNDO:
		station_undo(st, lane, started_ns, ticket);
		break;
	case ACT_FINISH:
		station_close_parent(st, lane, "scan.finish", NULL, started_ns, ticket);
		break;
	case ACT_SHORT:
		station_close_parent(st, lane, "scan.short", "closed short with the scanner",
			started_ns, ticket);
		break;
	case ACT_BILL:
		station_bill(st, lane, "bill.scan", r->device, code, NULL, started_ns, ticket);
		break;
	case ACT_BILL_ADD:
		station_bill_bag(st, lane, "bill.add", r->device, code, started_ns, ticket);
		break;
	case ACT_BILL_BACK:
		station_bill_back(st, lane, started_ns, ticket);
		break;
	case ACT_BILL_COMPLETE:
		station_bill(st, lane, "bill.complete", r->device, l->pub.bill, NULL, started_ns,
			ticket);
		break;
	case ACT_BILL_SHORT:
		station_bill(st, lane, "bill.complete", r->device, l->pub.bill,
			"completed short with the scanner", started_ns, ticket);
		break;
	case ACT_LOCK:
		answer_local(st, lane, code, "locked", started_ns, ticket);
		tt_station_lock(st);
		break;
	case ACT_BADGE:
		station_badge(st, lane, code, started_ns, ticket);
		break;
	case ACT_STOPPED:
		l->last_raw[0] = '\0';
		answer_local(st, lane, code, "stopped", started_ns, ticket);
		break;
	case ACT_NOTHING:
		answer_local(st, lane, code, "nothing_to_confirm", started_ns, ticket);
		break;
	}
}

static void station_unreadable(struct tt_station *st, int lane, const struct tt_reading *r,
	uint64_t started_ns, void *ticket)
{
	struct tt_answer a;

	answer_init(&a, lane, r->raw, "unreadable", started_ns, ticket);
	answer_word(&a, NULL);
	(void)tt_fail(&a.error, TT_DATA, "%s", a.message);
	if (r->unreadable) {
		a.error = *r->unreadable;
		tt_copy(a.message, sizeof(a.message), r->unreadable->message);
		if (*r->unreadable->hint)
			tt_copy(a.advice, sizeof(a.advice), r->unreadable->hint);
	}
	if (st->events.answered)
		st->events.answered(st->ctx, &a);
}

/* Before anybody has logged in the families may be unknown; a badge must work all the same. */
static enum family_kind station_kind(const struct tt_station *st, const char *code)
{
	if (st->families.count == 0 && strncmp(code, TT_BADGE_PREFIX, strlen(TT_BADGE_PREFIX)) == 0)
		return KIND_BADGE;
	return family_kind_of(&st->families, code);
}

void tt_station_scan(struct tt_station *st, int lane, const struct tt_reading *r, void *ticket)
{
	uint64_t started_ns = tt_steady_ns();
	struct lane *l = &st->lanes[lane];
	enum family_kind kind;
	char code[256], *p;

	if (!r->code || *r->code == '\0') {
		station_unreadable(st, lane, r, started_ns, ticket);
		return;
	}
	st->active_ns = started_ns;
	tt_copy(code, sizeof(code), r->code);
	for (p = code; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	if (station_is_double(st, l, r->raw ? r->raw : code)) {
		l->pub.doubles++;
		answer_local(st, lane, code, "double_read", started_ns, ticket);
		return;
	}
	kind = station_kind(st, code);
	if (station_refusal(st) && kind != KIND_BADGE) {
		l->last_raw[0] = '\0';
		answer_local(st, lane, code, station_refusal(st), started_ns, ticket);
		return;
	}
	station_act(st, lane, lane_action_for(l, kind, code), r, code, started_ns, ticket);
}

void tt_station_undo(struct tt_station *st, int lane, void *ticket)
{
	if (*st->lanes[lane].pub.bill)
		station_bill_back(st, lane, tt_steady_ns(), ticket);
	else
		station_undo(st, lane, tt_steady_ns(), ticket);
}

void tt_station_finish(struct tt_station *st, int lane, void *ticket)
{
	const char *bill = st->lanes[lane].pub.bill;

	if (*bill)
		station_bill(st, lane, "bill.complete", NULL, bill, NULL, tt_steady_ns(), ticket);
	else
		station_close_parent(st, lane, "scan.finish", NULL, tt_steady_ns(), ticket);
}

void tt_station_short(struct tt_station *st, int lane, const char *reason, void *ticket)
{
	const char *bill = st->lanes[lane].pub.bill;

	if (*bill)
		station_bill(st, lane, "bill.complete", NULL, bill, reason, tt_steady_ns(), ticket);
	else
		station_close_parent(st, lane, "scan.short", reason, tt_steady_ns(), ticket);
}

/* A key stands for a command code. */
static void station_command(struct tt_station *st, int lane, const char *code, void *ticket)
{
	static const struct tt_reading none = {.grams = TT_NO_INT};

	station_act(st, lane, lane_action_for(&st->lanes[lane], KIND_COMMAND, code), &none, code,
		tt_steady_ns(), ticket);
}

void tt_station_confirm(struct tt_station *st, int lane, void *ticket)
{
	station_command(st, lane, "TT:OK", ticket);
}

void tt_station_cancel(struct tt_station *st, int lane, void *ticket)
{
	station_command(st, lane, "TT:CANCEL", ticket);
}

void tt_station_event(struct tt_station *st, int lane, const struct tt_operation *op,
	const struct tt_event *event, void *ticket)
{
	station_send(st, lane, op->name, event, tt_steady_ns(), ticket);
}

static void station_deny(struct tt_call *call, const char *why, const char *hint)
{
	call->rc = tt_fail(&call->error, TT_DENIED, "%s", why);
	tt_error_hint(&call->error, "%s", hint);
	call->fate = TT_FATE_NOT_DONE;
	if (call->done)
		call->done(call, call->ctx);
}

void tt_station_call(
	struct tt_station *st, const struct tt_operation *op, void *args, struct tt_call *call)
{
	void (*done)(struct tt_call *, void *) = call->done;
	void *ctx = call->ctx;

	tt_call_init(call, tt_operation_sql(op), op->result, op->result_size);
	call->done = done;
	call->ctx = ctx;
	if (!(op->flags & TT_OP_READ) && st->settings->read_only) {
		station_deny(call, "this station is read-only", "Use another station.");
		return;
	}
	if (!(op->flags & TT_OP_OPEN)) {
		if (st->phase != TT_PHASE_WORKING || !st->token) {
			station_deny(call, "nobody is logged in", "Log in first.");
			return;
		}
		free(*(char **)tt_operation_arg(op, args, "token"));
		*(char **)tt_operation_arg(op, args, "token") = tt_strdup(st->token);
	}
	tt_call_bind(call, op->params, args);
	tt_link_submit(st->link, call);
}

enum tt_phase tt_station_phase(const struct tt_station *st)
{
	return st->phase;
}

const struct tt_person *tt_station_person(const struct tt_station *st)
{
	return &st->person;
}

size_t tt_station_lanes(const struct tt_station *st)
{
	return st->nlanes;
}

const struct tt_lane *tt_station_lane(const struct tt_station *st, int lane)
{
	return &st->lanes[lane].pub;
}

int tt_station_lane_find(const struct tt_station *st, const char *name)
{
	size_t i;
	long n;
	char *end;

	for (i = 0; i < st->nlanes; i++) {
		if (strcmp(st->lanes[i].pub.name, name) == 0)
			return (int)i;
	}
	n = strtol(name, &end, 10);
	return *name && *end == '\0' && n >= 1 && n <= (long)st->nlanes ? (int)n - 1 : -1;
}

const char *tt_station_name(const struct tt_station *st)
{
	return st->name;
}

const struct tt_link *tt_station_link(const struct tt_station *st)
{
	return st->link;
}

struct tt_link *tt_station_link_mut(struct tt_station *st)
{
	return st->link;
}

double tt_station_last_ms(const struct tt_station *st)
{
	return st->last_ms;
}

size_t tt_station_waiting(const struct tt_station *st)
{
	return tt_outbox_waiting(st->outbox);
}

size_t tt_station_parked(const struct tt_station *st)
{
	return tt_outbox_parked(st->outbox);
}

tt_time tt_station_oldest(const struct tt_station *st)
{
	return tt_outbox_oldest(st->outbox);
}
