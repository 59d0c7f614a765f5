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
#include <tracetrack/totp.h>

#include "wire.h"

struct tt_login {
	uv_loop_t *loop;
	struct tt_link *link; /* NULL once cancelled, while hashing still runs */
	tt_login_ask_fn ask;
	tt_login_fn done;
	void *ctx;
	struct tt_call call;
	uv_work_t work;
	bool is_hashing;
	char *name, *password, *station, *salt, *token, *totp_file;
	enum tt_unlock unlock;
	int64_t ops, mem;
	char proof[TT_PROOF_HEX];
	enum tt_ask asked;
	char *totp;              /* what was told, or made */
	char *new_password;      /* told, and hashed into `hashed` */
	struct tt_hashed hashed; /* verifier "": there is none */
	uv_timer_t *wait;        /* for the next code */
	struct tt_error error;
};

static void login_free_timer(uv_handle_t *handle)
{
	free(handle);
}

static void login_free(struct tt_login *in)
{
	tt_call_fini(&in->call);
	if (in->wait)
		uv_close((uv_handle_t *)in->wait, login_free_timer);
	free(in->name);
	free(in->station);
	free(in->salt);
	free(in->totp_file);
	tt_password_free(in->token);
	tt_password_free(in->password);
	tt_password_free(in->new_password);
	tt_password_free(in->totp);
	sodium_memzero(in->proof, sizeof(in->proof));
	sodium_memzero(&in->hashed, sizeof(in->hashed));
	free(in);
}

static void login_fail(struct tt_login *in)
{
	tt_log(TT_LOG_INFO, "login failed: %s user=%s", in->error.message, in->name);
	in->done(in->ctx, NULL, &in->error);
	login_free(in);
}

static void login_set_text(
	const struct tt_operation *op, void *args, const char *name, const char *value)
{
	char **field = tt_operation_arg(op, args, name);

	*field = value ? tt_strdup(value) : NULL;
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

enum tt_rc tt_ask_refuse(enum tt_ask what, struct tt_error *err)
{
	if (what == TT_ASK_TOTP) {
		tt_fail(err, TT_DENIED, "a code of the second factor is needed");
		tt_error_hint(err, "Give --totp-file FILE with the secret or a code.");
	} else {
		tt_fail(err, TT_DENIED, "this was a one-time password: another must be set");
		tt_error_hint(err, "Run: tracetrackctl --user NAME login");
	}
	return TT_DENIED;
}

/* What the refusals of a login and of an unlocking say; the last row is for all others. */
static const struct {
	/* clang-format off */
	const char *outcome, *message, *hint; /* the name of the person fits into the message */
} login_refusals[] = {
	{"not_permitted", "%s may not work at this station",
		"Ask the administrator: the person may be disabled, or the station retired."},
	{"code_expired", "the one-time password of %s is too old",
		"Ask the administrator for another."},
	{"session_expired", "the session of %s has ended", "Give the password."},
	{"wrong_password", "the password is wrong", "Try again. Capital and small letters count."},
	{"pin_refused", "the PIN is wrong", "Try again, or give the password."},
	{"pin_locked", "too many wrong PINs", "Give the password."},
	{"no_pin", "%s has no PIN", "Give the password. tracetrackctl session pin sets a PIN."},
	{"badge_refused", "this badge does not unlock", "Give the password."},
	{"totp_refused", "the code of the second factor is wrong",
		"Check the clock of the device, or give a backup code."},
	{"totp_used", "the code of the second factor was used before",
		"Wait for the next one."},
	{"bad_value", "the database does not take the new password", "Choose another."},
	{NULL, "user name or password is wrong", "Try again. Capital and small letters count."},
};
/* clang-format on */

/* A message with the name where it has %s. */
static void login_fill(char *dst, size_t size, const char *message, const char *name)
{
	const char *gap = strstr(message, "%s");

	if (gap)
		tt_format(dst, size, "%.*s%s%s", (int)(gap - message), message, name, gap + 2);
	else
		tt_copy(dst, size, message);
}

static void login_say_refusal(struct tt_login *in, const char *outcome, int64_t retry_after)
{
	char message[160];
	size_t i;

	if (strcmp(outcome, "locked_out") == 0) {
		(void)tt_fail(&in->error, TT_DENIED, "too many wrong passwords for %s", in->name);
		tt_error_hint(&in->error, "Wait %lld s, then try again, or ask the administrator.",
			(long long)retry_after);
		return;
	}
	for (i = 0; login_refusals[i].outcome; i++) {
		if (strcmp(login_refusals[i].outcome, outcome) == 0)
			break;
	}
	login_fill(message, sizeof(message), login_refusals[i].message, in->name);
	(void)tt_fail(&in->error, TT_DENIED, "%s", message);
	tt_error_hint(&in->error, "%s", login_refusals[i].hint);
}

static void login_send_login(struct tt_login *in);

static void login_ask(struct tt_login *in, enum tt_ask what)
{
	if (!in->ask) {
		if (in->error.message[0] == '\0')
			tt_ask_refuse(what, &in->error);
		login_fail(in);
		return;
	}
	in->asked = what;
	in->ask(in->ctx, what, &in->error);
}

static void login_set_totp(struct tt_login *in, char *totp)
{
	tt_password_free(in->totp);
	in->totp = totp;
}

/* The code that the file gives now. */
static enum tt_rc login_read_totp(struct tt_login *in)
{
	char *text, *code;
	enum tt_rc rc = tt_password_read(&text, in->totp_file, &in->error);

	if (rc != TT_OK)
		return rc;
	if (!tt_totp_is_secret(text)) {
		login_set_totp(in, text);
		return TT_OK;
	}
	rc = tt_totp_code(&code, text, tt_now(), &in->error);
	tt_password_free(text);
	if (rc == TT_OK)
		login_set_totp(in, code);
	return rc;
}

static void login_try_totp_file(struct tt_login *in)
{
	if (login_read_totp(in) == TT_OK)
		login_send_login(in);
	else
		login_fail(in);
}

static void login_on_next_code(uv_timer_t *timer)
{
	login_try_totp_file(timer->data);
}

/* The code of this half minute was taken by another login with the same file: wait for the next. */
static void login_wait_for_code(struct tt_login *in)
{
	uint64_t ms = (uint64_t)(tt_now() / 1000) % (TT_TOTP_STEP_S * 1000u);

	if (!in->wait) {
		in->wait = tt_alloc(sizeof(*in->wait));
		uv_timer_init(in->loop, in->wait);
		in->wait->data = in;
	}
	tt_log(TT_LOG_INFO, "the code was used before; waiting for the next user=%s", in->name);
	uv_update_time(in->loop);
	uv_timer_start(in->wait, login_on_next_code, TT_TOTP_STEP_S * 1000u - ms + 500u, 0);
}

static bool login_has_secret(const struct tt_login *in)
{
	struct tt_error ignored;
	char *text;
	bool is_secret;

	if (tt_password_read(&text, in->totp_file, &ignored) != TT_OK)
		return false;
	is_secret = tt_totp_is_secret(text);
	tt_password_free(text);
	return is_secret;
}

/* True when the outcome is about a code, and something is done about it. */
static bool login_take_totp_outcome(struct tt_login *in, const char *outcome)
{
	bool is_needed = strcmp(outcome, "totp_needed") == 0,
	     is_used = strcmp(outcome, "totp_used") == 0;

	if (!is_needed && !is_used && strcmp(outcome, "totp_refused") != 0)
		return false;
	if (!in->totp_file)
		login_ask(in, TT_ASK_TOTP);
	else if (is_needed)
		login_try_totp_file(in);
	else if (is_used && login_has_secret(in))
		login_wait_for_code(in);
	else
		login_fail(in);
	return true;
}

static void login_refuse(struct tt_login *in, const char *outcome, int64_t retry_after)
{
	bool is_question =
		strcmp(outcome, "totp_needed") == 0 || strcmp(outcome, "password_needed") == 0;

	if (is_question)
		memset(&in->error, 0, sizeof(in->error));
	else
		login_say_refusal(in, outcome, retry_after);
	if (login_take_totp_outcome(in, outcome))
		return;
	if (strcmp(outcome, "password_needed") == 0)
		login_ask(in, TT_ASK_NEW_PASSWORD);
	else
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
		login_refuse(in, login_text(w->outcome), w->retry_after);
}

static void login_send_login(struct tt_login *in)
{
	const struct tt_operation *op = tt_operation_find("session.login");
	void *args = tt_operation_args_new(op);

	login_set_text(op, args, "login", in->name);
	login_set_text(op, args, "proof", in->proof);
	login_set_text(op, args, "station", in->station);
	login_set_text(op, args, "version", TT_VERSION);
	login_set_text(op, args, "totp", in->totp);
	if (*in->hashed.verifier)
		tt_operation_set_hashed(op, args, &in->hashed);
	login_send(in, op, args, login_on_login);
}

static void login_on_unlock(struct tt_call *call, void *ctx)
{
	struct tt_session session = {.is_unlocked = true};
	struct tt_login *in = ctx;
	const struct wire_unlock *w;

	if (!login_check(in))
		return;
	w = tt_rows_at(&call->rows, 0);
	if (strcmp(login_text(w->outcome), "ok") == 0) {
		tt_log(TT_LOG_INFO, "unlocked user=%s", in->name);
		in->done(in->ctx, &session, NULL);
		login_free(in);
	} else if (strcmp(login_text(w->outcome), "session_expired") == 0 &&
		   in->unlock == TT_UNLOCK_PASSWORD) {
		in->unlock = TT_UNLOCK_NO;
		login_send_login(in);
	} else {
		login_refuse(in, login_text(w->outcome), w->retry_after);
	}
}

static void login_send_unlock(struct tt_login *in)
{
	static const char *const kinds[] = {[TT_UNLOCK_PASSWORD] = "password",
		[TT_UNLOCK_PIN] = "pin",
		[TT_UNLOCK_BADGE] = "badge"};
	const struct tt_operation *op = tt_operation_find("session.unlock");
	void *args = tt_operation_args_new(op);

	login_set_text(op, args, "token", in->token);
	login_set_text(op, args, "proof", in->proof);
	login_set_text(op, args, "kind", kinds[in->unlock]);
	login_send(in, op, args, login_on_unlock);
}

static void login_prove(struct tt_login *in)
{
	if (in->unlock == TT_UNLOCK_NO)
		login_send_login(in);
	else
		login_send_unlock(in);
}

static void login_hash(uv_work_t *work)
{
	struct tt_login *in = work->data;

	if (in->new_password) {
		if (tt_password_hash(&in->hashed, in->new_password, &in->error) != TT_OK)
			in->hashed.verifier[0] = '\0';
	} else if (tt_password_proof(in->proof, in->password, login_text(in->salt), in->ops,
			   in->mem, &in->error) != TT_OK) {
		in->proof[0] = '\0';
	}
}

static void login_on_hashed(uv_work_t *work, int status)
{
	struct tt_login *in = work->data;
	bool is_new = in->new_password != NULL;

	(void)status;
	in->is_hashing = false;
	if (!in->link) {
		login_free(in);
		return;
	}
	tt_password_free(in->new_password);
	in->new_password = NULL;
	if (is_new ? *in->hashed.verifier == '\0' : *in->proof == '\0')
		login_fail(in);
	else
		login_prove(in);
}

static void login_begin_hash(struct tt_login *in)
{
	in->work.data = in;
	in->is_hashing = true;
	uv_queue_work(in->loop, &in->work, login_hash, login_on_hashed);
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
	login_begin_hash(in);
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
	if (in->unlock == TT_UNLOCK_BADGE) {
		tt_badge_proof(in->proof, in->password);
		login_prove(in);
		return;
	}
	args = tt_operation_args_new(op);
	login_set_text(op, args, "login", in->name);
	login_set_text(op, args, "kind", in->unlock == TT_UNLOCK_PIN ? "pin" : NULL);
	login_send(in, op, args, login_on_challenge);
}

static void login_ask_version(struct tt_login *in)
{
	const struct tt_operation *op = tt_operation_find("system.version");

	login_send(in, op, tt_operation_args_new(op), login_on_version);
}

struct tt_login *tt_login_start(
	uv_loop_t *loop, struct tt_link *link, const struct tt_login_options *options)
{
	struct tt_login *in = tt_alloc(sizeof(*in));

	in->loop = loop;
	in->link = link;
	in->ask = options->ask;
	in->done = options->done;
	in->ctx = options->ctx;
	in->unlock = options->unlock;
	in->name = tt_strdup(options->name);
	in->password = tt_strdup(options->password);
	in->station = tt_strdup(options->station);
	if (options->token)
		in->token = tt_strdup(options->token);
	if (options->totp_file && *options->totp_file)
		in->totp_file = tt_strdup(options->totp_file);
	login_ask_version(in);
	return in;
}

void tt_login_tell(struct tt_login *in, const char *answer)
{
	enum tt_ask asked = in->asked;

	in->asked = TT_ASK_NOTHING;
	if (asked == TT_ASK_TOTP) {
		login_set_totp(in, tt_strdup(answer));
		login_send_login(in);
	} else if (asked == TT_ASK_NEW_PASSWORD) {
		if (tt_password_check(answer, &in->error) != TT_OK) {
			login_ask(in, TT_ASK_NEW_PASSWORD);
			return;
		}
		in->new_password = tt_strdup(answer);
		login_begin_hash(in);
	}
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
