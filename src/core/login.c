/*
 * The station's side of logging in: who works here, what the station's policy is, the code
 * families; and the calls that nobody waits for.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/password.h>
#include <tracetrack/session.h>

#include "engine.h"

/* Whoever worked here goes on: an attempt to take over changes nothing. */
static void login_fail(struct tt_station *st, const struct tt_error *err)
{
	st->login_error = *err;
	st->phase = st->phase_before;
	station_changed(st, TT_CHANGE_SESSION);
}

static void login_keep_families(struct tt_station *st, const struct tt_rows *rows)
{
	struct tt_buf kept = {0};

	family_set_load(&st->families, rows);
	family_rows_write(rows, &kept);
	tt_outbox_keep(st->outbox, "families", kept.data ? kept.data : "");
	tt_buf_fini(&kept);
}

static void login_ask_families(struct tt_station *st);

/* The last step: without the families nothing can be told apart, so one waits for them, or takes
 * the ones kept from last time. */
static void login_on_families(struct tt_call *call, void *ctx)
{
	struct tt_station *st = ctx;

	if (call->rc == TT_OK && call->rows.count > 0)
		login_keep_families(st, &call->rows);
	if (st->families.count == 0 && (call->may_retry || !tt_link_is_up(st->link)) &&
		!tt_link_is_final(st->link)) {
		login_ask_families(st);
		return;
	}
	if (st->families.count == 0) {
		st->is_token_dead = true;
		st->phase_before = TT_PHASE_LOGGED_OUT;
		login_fail(st, &call->error);
		return;
	}
	st->phase = TT_PHASE_WORKING;
	st->active_ns = st->extended_ns = tt_steady_ns();
	memset(&st->login_error, 0, sizeof(st->login_error));
	station_changed(st, TT_CHANGE_SESSION);
	deliver_pump(st);
}

static void login_ask_families(struct tt_station *st)
{
	const struct tt_operation *op = tt_operation_find("family.list");

	tt_call_fini(&st->family_call);
	tt_call_init(&st->family_call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind_text(&st->family_call, st->token);
	st->family_call.waits_for_link = st->families.count == 0;
	st->family_call.done = login_on_families;
	st->family_call.ctx = st;
	tt_link_submit(st->link, &st->family_call);
}

static void login_text(char *dst, size_t size, const char *src)
{
	tt_clean(dst, size, src, strlen(src));
}

/* A session of one's own in place of the one before. */
static void login_take_session(struct tt_station *st, const struct tt_session *session)
{
	struct tt_person *p = &st->person;

	if (st->token && !st->is_token_dead)
		login_side_call(st, "session.logout", st->token);
	free(st->token);
	st->token = tt_strdup(session->token);
	st->is_token_dead = false;
	st->logs_out_when_empty = false;
	st->session = session->id;
	st->is_hard_stop = session->is_hard_stop;
	if (session->double_read_ms != TT_NO_INT)
		st->double_read_ms = session->double_read_ms;
	login_text(p->login, sizeof(p->login), session->login);
	login_text(p->name, sizeof(p->name), session->name);
	login_text(p->role, sizeof(p->role), session->role);
	login_text(p->area, sizeof(p->area), session->area);
	p->expires_at = session->expires_at;
}

static void login_on_done(void *ctx, const struct tt_session *session, const struct tt_error *err)
{
	struct tt_station *st = ctx;

	st->login = NULL;
	st->asked = TT_ASK_NOTHING;
	if (!session) {
		login_fail(st, err);
		return;
	}
	if (!session->is_unlocked)
		login_take_session(st, session);
	login_ask_families(st);
}

static void login_on_ask(void *ctx, enum tt_ask what, const struct tt_error *why)
{
	struct tt_station *st = ctx;

	st->asked = what;
	st->login_error = *why;
	station_changed(st, TT_CHANGE_SESSION);
}

/* What a secret may unlock: the session of the person that the station is locked by. */
static enum tt_unlock login_unlocks(
	const struct tt_station *st, const char *login, const char *password)
{
	struct tt_error ignored;

	enum tt_phase phase = st->phase == TT_PHASE_LOGGING_IN ? st->phase_before : st->phase;

	if (phase != TT_PHASE_LOCKED || !st->token || st->is_token_dead ||
		strcmp(login, st->person.login) != 0)
		return TT_UNLOCK_NO;
	if (strncmp(password, TT_BADGE_PREFIX, strlen(TT_BADGE_PREFIX)) == 0)
		return TT_UNLOCK_BADGE;
	return tt_pin_check(password, &ignored) == TT_OK ? TT_UNLOCK_PIN : TT_UNLOCK_PASSWORD;
}

void login_start(struct tt_station *st, const char *login, const char *password)
{
	bool is_own = strcmp(login, st->settings->user ? st->settings->user : "") == 0;
	struct tt_login_options options = {.name = login,
		.password = password,
		.station = st->name,
		.totp_file = is_own ? st->settings->totp_file : NULL,
		.unlock = login_unlocks(st, login, password),
		.token = st->token,
		.ask = login_on_ask,
		.done = login_on_done,
		.ctx = st};

	login_cancel(st);
	if (st->phase != TT_PHASE_LOGGING_IN)
		st->phase_before = st->phase;
	st->phase = TT_PHASE_LOGGING_IN;
	memset(&st->login_error, 0, sizeof(st->login_error));
	st->login = tt_login_start(st->loop, st->link, &options);
	station_changed(st, TT_CHANGE_SESSION);
}

void login_tell(struct tt_station *st, const char *answer)
{
	if (!st->login || st->asked == TT_ASK_NOTHING)
		return;
	st->asked = TT_ASK_NOTHING;
	memset(&st->login_error, 0, sizeof(st->login_error));
	tt_login_tell(st->login, answer);
	station_changed(st, TT_CHANGE_SESSION);
}

void login_give_up(struct tt_station *st)
{
	if (st->phase != TT_PHASE_LOGGING_IN)
		return;
	login_cancel(st);
	st->phase = st->phase_before;
	memset(&st->login_error, 0, sizeof(st->login_error));
	station_changed(st, TT_CHANGE_SESSION);
}

void login_cancel(struct tt_station *st)
{
	tt_login_cancel(st->login);
	st->login = NULL;
	st->asked = TT_ASK_NOTHING;
	if (st->link)
		tt_link_forget(st->link, &st->family_call);
}

static void login_on_side_call(struct tt_call *call, void *ctx)
{
	struct tt_station *st = ctx;
	const char *outcome =
		call->rc == TT_OK ? tt_operation_outcome(st->side_op, &call->rows) : NULL;
	bool is_lost = outcome && strcmp(outcome, "session_expired") == 0 &&
		       st->side_session == st->session && st->phase == TT_PHASE_WORKING;

	st->is_side_busy = false;
	tt_call_fini(call);
	if (is_lost)
		deliver_lose_session(st);
}

void login_side_call(struct tt_station *st, const char *operation, const char *token)
{
	const struct tt_operation *op = tt_operation_find(operation);

	if (st->is_side_busy || !token || !tt_link_is_up(st->link))
		return;
	tt_call_init(&st->side_call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind_text(&st->side_call, token);
	st->side_call.done = login_on_side_call;
	st->side_call.ctx = st;
	st->is_side_busy = true;
	st->side_op = op;
	st->side_session = st->session;
	tt_link_submit(st->link, &st->side_call);
}

void tt_station_check_session(struct tt_station *st)
{
	if (st->phase == TT_PHASE_WORKING)
		login_side_call(st, "session.check", st->token);
}
