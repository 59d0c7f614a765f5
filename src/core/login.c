/*
 * Logging in: version of the database, challenge, Argon2id off the loop, login, families. One step
 * leads to the next; the first failure ends it and says why.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/password.h>
#include <tracetrack/schema.h>

#include "engine.h"

struct login {
	struct tt_station *st; /* NULL once cancelled, while hashing still runs */
	struct tt_call call;
	uv_work_t work;
	bool is_hashing;
	bool was_locked;
	char *name, *password;
	struct wire_challenge challenge;
	char proof[TT_PROOF_HEX];
	struct tt_error error;
};

static void login_free(struct login *in)
{
	tt_call_fini(&in->call);
	free(in->name);
	tt_password_free(in->password);
	free(in->challenge.salt);
	sodium_memzero(in->proof, sizeof(in->proof));
	free(in);
}

/* End without success; in->error says why. */
static void login_fail(struct login *in)
{
	struct tt_station *st = in->st;

	tt_log(TT_LOG_INFO, "login failed: %s user=%s", in->error.message, in->name);
	st->login_error = in->error;
	st->phase = in->was_locked ? TT_PHASE_LOCKED : TT_PHASE_LOGGED_OUT;
	st->login = NULL;
	login_free(in);
	station_changed(st, TT_CHANGE_SESSION);
}

static void login_send(struct login *in, const char *operation, void (*bind)(struct login *,
	const struct tt_operation *, void *), void (*done)(struct tt_call *, void *))
{
	const struct tt_operation *op = tt_operation_find(operation);
	void *args = tt_operation_args_new(op);

	tt_call_fini(&in->call);
	tt_call_init(&in->call, tt_operation_sql(op), op->result, op->result_size);
	if (bind)
		bind(in, op, args);
	tt_call_bind(&in->call, op->params, args);
	tt_operation_args_free(op, args);
	in->call.waits_for_link = true;
	in->call.done = done;
	in->call.ctx = in;
	tt_link_submit(in->st->link, &in->call);
}

/* True when the step went well; a link that broke starts the step's login over. */
static bool login_check(struct login *in, void (*again)(struct login *))
{
	if (in->call.rc == TT_OK && in->call.rows.count > 0)
		return true;
	if (in->call.rc == TT_UNAVAILABLE || in->call.rc == TT_TIMEOUT) {
		again(in);
		return false;
	}
	in->error = in->call.error;
	if (in->call.rc == TT_OK)
		(void)tt_fail(&in->error, TT_INTERNAL, "the database gave an empty answer");
	login_fail(in);
	return false;
}

static void login_set_text(const struct tt_operation *op, void *args, const char *name,
	const char *value)
{
	*(char **)tt_operation_arg(op, args, name) = tt_strdup(value);
}

static void login_ask_version(struct login *in);

static void login_bind_token(struct login *in, const struct tt_operation *op, void *args)
{
	login_set_text(op, args, "token", in->st->token);
}

static void login_on_families(struct tt_call *call, void *ctx)
{
	struct login *in = ctx;
	struct tt_station *st = in->st;
	struct tt_buf kept = {0};

	if (!login_check(in, login_ask_version))
		return;
	family_set_load(&st->families, &call->rows);
	family_rows_write(&call->rows, &kept);
	tt_outbox_keep(st->outbox, "families", kept.data);
	tt_buf_fini(&kept);
	st->login = NULL;
	login_free(in);
	st->phase = TT_PHASE_WORKING;
	st->active_ns = tt_steady_ns();
	memset(&st->login_error, 0, sizeof(st->login_error));
	station_changed(st, TT_CHANGE_SESSION);
	deliver_pump(st);
}

static void login_take_person(struct tt_station *st, const struct wire_login *w)
{
	struct tt_person *p = &st->person;

	tt_clean(p->login, sizeof(p->login), w->login ? w->login : "", strlen(w->login ? w->login : ""));
	tt_clean(p->name, sizeof(p->name), w->name ? w->name : "", strlen(w->name ? w->name : ""));
	tt_clean(p->role, sizeof(p->role), w->role ? w->role : "", strlen(w->role ? w->role : ""));
	tt_clean(p->area, sizeof(p->area), w->area ? w->area : "", strlen(w->area ? w->area : ""));
	p->expires_at = w->expires_at;
}

static void login_accept(struct login *in, struct wire_login *w)
{
	struct tt_station *st = in->st;

	if (st->token && !st->is_token_dead)
		login_side_call(st, "session.logout", st->token);
	free(st->token);
	st->token = w->token;
	w->token = NULL;
	st->is_token_dead = false;
	st->logs_out_when_empty = false;
	st->session = w->session;
	st->double_read_ms = w->double_read_ms != TT_NO_INT ? w->double_read_ms : 800;
	st->is_hard_stop = w->hard_stop == 1;
	login_take_person(st, w);
	tt_log(TT_LOG_INFO, "logged in user=%s role=%s area=%s session=%lld", st->person.login,
		st->person.role, st->person.area, (long long)st->session);
	login_send(in, "family.list", login_bind_token, login_on_families);
}

static void login_on_login(struct tt_call *call, void *ctx)
{
	struct login *in = ctx;
	struct wire_login *w;

	if (!login_check(in, login_ask_version))
		return;
	w = tt_rows_at(&call->rows, 0);
	if (w->outcome && strcmp(w->outcome, "ok") == 0 && w->token) {
		login_accept(in, w);
		return;
	}
	if (w->outcome && strcmp(w->outcome, "locked_out") == 0) {
		(void)tt_fail(&in->error, TT_DENIED, "too many wrong passwords for %s", in->name);
		tt_error_hint(&in->error, "Wait %lld s, then try again, or ask the administrator.",
			(long long)w->retry_after);
	} else if (w->outcome && strcmp(w->outcome, "not_permitted") == 0) {
		(void)tt_fail(&in->error, TT_DENIED, "%s may not work at this station", in->name);
		tt_error_hint(&in->error, "Ask the administrator: the person may be disabled, or the "
					  "station retired.");
	} else {
		(void)tt_fail(&in->error, TT_DENIED, "user name or password is wrong");
		tt_error_hint(&in->error, "Try again. Letters of the password count as typed.");
	}
	login_fail(in);
}

static void login_bind_proof(struct login *in, const struct tt_operation *op, void *args)
{
	login_set_text(op, args, "login", in->name);
	login_set_text(op, args, "proof", in->proof);
	login_set_text(op, args, "station", in->st->name);
	login_set_text(op, args, "version", TT_VERSION);
}

static void login_hash(uv_work_t *work)
{
	struct login *in = work->data;

	if (tt_password_proof(in->proof, in->password,
		    in->challenge.salt ? in->challenge.salt : "", in->challenge.ops,
		    in->challenge.mem, &in->error) != TT_OK)
		in->proof[0] = '\0';
}

static void login_on_hashed(uv_work_t *work, int status)
{
	struct login *in = work->data;

	(void)status;
	in->is_hashing = false;
	if (!in->st)
		login_free(in);
	else if (in->error.rc != TT_OK)
		login_fail(in);
	else
		login_send(in, "session.login", login_bind_proof, login_on_login);
}

static void login_on_challenge(struct tt_call *call, void *ctx)
{
	struct login *in = ctx;
	struct wire_challenge *w;

	if (!login_check(in, login_ask_version))
		return;
	w = tt_rows_at(&call->rows, 0);
	free(in->challenge.salt);
	in->challenge = *w;
	in->challenge.alg = NULL;
	w->salt = NULL;
	in->work.data = in;
	in->is_hashing = true;
	memset(&in->error, 0, sizeof(in->error));
	uv_queue_work(in->st->loop, &in->work, login_hash, login_on_hashed);
}

static void login_bind_name(struct login *in, const struct tt_operation *op, void *args)
{
	login_set_text(op, args, "login", in->name);
}

static void login_on_version(struct tt_call *call, void *ctx)
{
	struct login *in = ctx;
	const struct wire_version *w;

	if (!login_check(in, login_ask_version))
		return;
	w = tt_rows_at(&call->rows, 0);
	if (w->schema != tt_schema_version()) {
		(void)tt_fail(&in->error, TT_CONFIG,
			"the database is at version %lld, this program needs %d",
			(long long)w->schema, tt_schema_version());
		tt_error_hint(&in->error, "%s",
			w->schema < tt_schema_version()
				? "Bring the database up to date with: tracetrackctl db migrate"
				: "Update this program.");
		login_fail(in);
		return;
	}
	login_send(in, "session.challenge", login_bind_name, login_on_challenge);
}

static void login_ask_version(struct login *in)
{
	login_send(in, "system.version", NULL, login_on_version);
}

void login_start(struct tt_station *st, const char *login, const char *password)
{
	struct login *in;

	login_cancel(st);
	in = tt_alloc(sizeof(*in));
	in->st = st;
	in->name = tt_strdup(login);
	in->password = tt_strdup(password);
	in->was_locked = st->phase == TT_PHASE_LOCKED;
	st->login = in;
	st->phase = TT_PHASE_LOGGING_IN;
	memset(&st->login_error, 0, sizeof(st->login_error));
	station_changed(st, TT_CHANGE_SESSION);
	login_ask_version(in);
}

void login_cancel(struct tt_station *st)
{
	struct login *in = st->login;

	if (!in)
		return;
	st->login = NULL;
	in->st = NULL;
	if (in->is_hashing)
		return;
	tt_link_forget(st->link, &in->call);
	login_free(in);
}

static void login_on_side_call(struct tt_call *call, void *ctx)
{
	struct tt_station *st = ctx;

	st->is_side_busy = false;
	tt_call_fini(call);
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
	tt_link_submit(st->link, &st->side_call);
}
