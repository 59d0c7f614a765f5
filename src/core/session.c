/*
 * One step leads to the next; the first failure ends it and says why. A link that breaks on the way
 * starts it over, unless the link has given up for good.
 */
#include <tracetrack/session.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include <tracetrack/log.h>
#include <tracetrack/operation.h>
#include <tracetrack/password.h>
#include <tracetrack/schema.h>

#include "wire.h"

struct tt_login {
	uv_loop_t *loop;
	struct tt_link *link; /* NULL once cancelled, while hashing still runs */
	tt_login_fn done;
	void *ctx;
	struct tt_call call;
	uv_work_t work;
	bool is_hashing;
	char *name, *password, *station, *salt;
	int64_t ops, mem;
	char proof[TT_PROOF_HEX];
	struct tt_error error;
};

static void login_free(struct tt_login *in)
{
	tt_call_fini(&in->call);
	free(in->name);
	free(in->station);
	free(in->salt);
	tt_password_free(in->password);
	sodium_memzero(in->proof, sizeof(in->proof));
	free(in);
}

static void login_fail(struct tt_login *in)
{
	tt_log(TT_LOG_INFO, "login failed: %s user=%s", in->error.message, in->name);
	in->done(in->ctx, NULL, &in->error);
	login_free(in);
}

static void login_set_text(const struct tt_operation *op, void *args, const char *name,
	const char *value)
{
	*(char **)tt_operation_arg(op, args, name) = tt_strdup(value);
}

static void login_send(struct tt_login *in, const struct tt_operation *op, void *args,
	void (*done)(struct tt_call *, void *))
{
	tt_call_fini(&in->call);
	tt_call_init(&in->call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind(&in->call, op->params, args);
	tt_operation_args_free(op, args);
	in->call.waits_for_link = true;
	in->call.done = done;
	in->call.ctx = in;
	tt_link_submit(in->link, &in->call);
}

static void login_ask_version(struct tt_login *in);

/* True when the step went well. Otherwise the login has ended or begun again. */
static bool login_check(struct tt_login *in)
{
	const struct tt_call *call = &in->call;

	if (call->rc == TT_OK && call->rows.count > 0)
		return true;
	in->error = call->error;
	if (call->rc == TT_OK)
		(void)tt_fail(&in->error, TT_INTERNAL, "the database gave an empty answer");
	/* A server that answers, but can't (its disk is full), is not asked again and again. */
	if (call->rc != TT_OK && (call->may_retry || !tt_link_is_up(in->link)) &&
		!tt_link_is_final(in->link))
		login_ask_version(in);
	else
		login_fail(in);
	return false;
}

static const char *login_text(const char *s)
{
	return s ? s : "";
}

static void login_succeed(struct tt_login *in, const struct wire_login *w)
{
	struct tt_session session = {.token = w->token,
		.id = w->session,
		.login = login_text(w->login),
		.name = login_text(w->name),
		.role = login_text(w->role),
		.area = login_text(w->area),
		.station = login_text(w->station),
		.expires_at = w->expires_at,
		.double_read_ms = w->double_read_ms,
		.is_hard_stop = w->hard_stop == 1};

	tt_log(TT_LOG_INFO, "logged in user=%s role=%s area=%s session=%lld", session.login,
		session.role, session.area, (long long)session.id);
	in->done(in->ctx, &session, NULL);
	login_free(in);
}

static void login_refuse(struct tt_login *in, const struct wire_login *w)
{
	const char *outcome = login_text(w->outcome);

	if (strcmp(outcome, "locked_out") == 0) {
		(void)tt_fail(&in->error, TT_DENIED, "too many wrong passwords for %s", in->name);
		tt_error_hint(&in->error, "Wait %lld s, then try again, or ask the administrator.",
			(long long)w->retry_after);
	} else if (strcmp(outcome, "not_permitted") == 0) {
		(void)tt_fail(&in->error, TT_DENIED, "%s may not work at this station", in->name);
		tt_error_hint(&in->error, "Ask the administrator: the person may be disabled, or "
					  "the station retired.");
	} else {
		(void)tt_fail(&in->error, TT_DENIED, "user name or password is wrong");
		tt_error_hint(&in->error, "Try again. Capital and small letters count.");
	}
	login_fail(in);
}

static void login_on_login(struct tt_call *call, void *ctx)
{
	struct tt_login *in = ctx;
	const struct wire_login *w;

	if (!login_check(in))
		return;
	w = tt_rows_at(&call->rows, 0);
	if (strcmp(login_text(w->outcome), "ok") == 0 && w->token)
		login_succeed(in, w);
	else
		login_refuse(in, w);
}

static void login_hash(uv_work_t *work)
{
	struct tt_login *in = work->data;

	if (tt_password_proof(in->proof, in->password, login_text(in->salt), in->ops, in->mem,
		    &in->error) != TT_OK)
		in->proof[0] = '\0';
}

static void login_on_hashed(uv_work_t *work, int status)
{
	const struct tt_operation *op = tt_operation_find("session.login");
	struct tt_login *in = work->data;
	void *args;

	(void)status;
	in->is_hashing = false;
	if (!in->link) {
		login_free(in);
		return;
	}
	if (in->proof[0] == '\0') {
		login_fail(in);
		return;
	}
	args = tt_operation_args_new(op);
	login_set_text(op, args, "login", in->name);
	login_set_text(op, args, "proof", in->proof);
	login_set_text(op, args, "station", in->station);
	login_set_text(op, args, "version", TT_VERSION);
	login_send(in, op, args, login_on_login);
}

static void login_on_challenge(struct tt_call *call, void *ctx)
{
	struct tt_login *in = ctx;
	const struct wire_challenge *w;

	if (!login_check(in))
		return;
	w = tt_rows_at(&call->rows, 0);
	free(in->salt);
	in->salt = tt_strdup(login_text(w->salt));
	in->ops = w->ops;
	in->mem = w->mem;
	in->work.data = in;
	in->is_hashing = true;
	uv_queue_work(in->loop, &in->work, login_hash, login_on_hashed);
}

static void login_on_version(struct tt_call *call, void *ctx)
{
	const struct tt_operation *op = tt_operation_find("session.challenge");
	struct tt_login *in = ctx;
	const struct wire_version *w;
	void *args;

	if (!login_check(in))
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
	args = tt_operation_args_new(op);
	login_set_text(op, args, "login", in->name);
	login_send(in, op, args, login_on_challenge);
}

static void login_ask_version(struct tt_login *in)
{
	const struct tt_operation *op = tt_operation_find("system.version");

	login_send(in, op, tt_operation_args_new(op), login_on_version);
}

struct tt_login *tt_login_start(uv_loop_t *loop, struct tt_link *link, const char *name,
	const char *password, const char *station, tt_login_fn done, void *ctx)
{
	struct tt_login *in = tt_alloc(sizeof(*in));

	in->loop = loop;
	in->link = link;
	in->done = done;
	in->ctx = ctx;
	in->name = tt_strdup(name);
	in->password = tt_strdup(password);
	in->station = tt_strdup(station);
	login_ask_version(in);
	return in;
}

void tt_login_cancel(struct tt_login *in)
{
	struct tt_link *link;

	if (!in)
		return;
	link = in->link;
	in->link = NULL;
	if (in->is_hashing)
		return;
	tt_link_forget(link, &in->call);
	login_free(in);
}
