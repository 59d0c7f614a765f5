/*
 * The command line's connection and session. A kept session is one line in a file of the state
 * folder that only its owner can read.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/file.h>
#include <tracetrack/password.h>
#include <tracetrack/session.h>

#include "ctl.h"

enum tt_rc ctl_need_dsn(const struct ctl *ctl, struct tt_error *err)
{
	if (*ctl->settings.dsn || getenv("PGHOST") || getenv("PGSERVICE"))
		return TT_OK;
	tt_fail(err, TT_CONFIG, "no database is named");
	tt_error_hint(
		err, "Give --dsn, set TRACETRACK_DSN, or write dsn = ... in tracetrack.conf.");
	return TT_CONFIG;
}

enum tt_rc ctl_connect(struct ctl *ctl, struct tt_error *err)
{
	struct tt_link_options options = {.dsn = ctl->settings.dsn,
		.application_name = "tracetrackctl",
		.timeout_ms = (unsigned)ctl->settings.call_timeout,
		.connect_once = true};

	enum tt_rc rc = ctl_need_dsn(ctl, err);

	if (ctl->link || rc != TT_OK)
		return rc;
	return tt_link_open(&ctl->link, &ctl->loop, &options, err);
}

void ctl_state_path(const struct ctl *ctl, const char *name, char *dst, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (*ctl->settings.state_dir)
		tt_format(dst, size, "%s/%s", ctl->settings.state_dir, name);
	else if (state && *state == '/')
		tt_format(dst, size, "%s/tracetrack/%s", state, name);
	else
		tt_format(dst, size, "%s/.local/state/tracetrack/%s", home ? home : "", name);
}

void ctl_state_folders(const char *path)
{
	char part[512], *p;

	tt_copy(part, sizeof(part), path);
	for (p = strchr(part + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(part, 0700);
		*p = '/';
	}
}

static enum tt_rc client_keep(struct ctl *ctl, struct tt_error *err)
{
	struct tt_error cause;
	char path[512];

	ctl_state_path(ctl, "session", path, sizeof(path));
	ctl_state_folders(path);
	if (tt_file_write_private(path, ctl->token, strlen(ctl->token), &cause) == TT_OK)
		return TT_OK;
	tt_fail(err, TT_IO, "the session can't be kept: %s", cause.message);
	tt_error_hint(err, "Choose another folder with --state-dir, or mend its rights.");
	return TT_IO;
}

/* NULL: nothing, or nothing that a session could be. */
static char *client_kept(struct ctl *ctl)
{
	char path[512], token[128] = "";
	FILE *f;

	ctl_state_path(ctl, "session", path, sizeof(path));
	f = fopen(path, "re");
	if (!f)
		return NULL;
	if (!fgets(token, sizeof(token), f))
		token[0] = '\0';
	fclose(f);
	token[strcspn(token, "\n")] = '\0';
	return *token && tt_utf8_is_valid(token, strlen(token)) ? tt_strdup(token) : NULL;
}

struct client_login {
	struct ctl *ctl;
	struct tt_login *login;
	struct tt_error *err;
	enum tt_ask asked;
	enum tt_rc rc;
	bool is_done;
};

static void client_on_login(void *ctx, const struct tt_session *session, const struct tt_error *err)
{
	struct client_login *in = ctx;

	in->is_done = true;
	in->rc = session ? TT_OK : err->rc;
	if (session)
		in->ctl->token = tt_strdup(session->token);
	else
		*in->err = *err;
}

static void client_on_ask(void *ctx, enum tt_ask what, const struct tt_error *why)
{
	struct client_login *in = ctx;

	in->asked = what;
	if (*why->message)
		ctl_print_error(in->ctl, why);
}

static void client_tell(struct client_login *in, const char *answer)
{
	/* What proves from now on is the new one. */
	if (in->asked == TT_ASK_NEW_PASSWORD) {
		tt_password_free(in->ctl->password);
		in->ctl->password = tt_strdup(answer);
	}
	in->asked = TT_ASK_NOTHING;
	tt_login_tell(in->login, answer);
}

/* Ask on the terminal what the login waits for, outside of its callback. */
static void client_answer(struct client_login *in)
{
	char *answer = NULL;

	if (in->asked == TT_ASK_TOTP)
		in->rc = ctl_ask_password(
			in->ctl, "Code of the authenticator", "--totp-file", &answer, in->err);
	else
		in->rc = ctl_new_password(in->ctl, "password of your own",
			in->ctl->new_password_file, false, &answer, in->err);
	if (in->rc == TT_OK)
		client_tell(in, answer);
	else
		tt_login_cancel(in->login);
	in->is_done = in->rc != TT_OK;
	tt_password_free(answer);
}

static enum tt_rc client_log_in(struct ctl *ctl, struct tt_error *err)
{
	struct client_login in = {.ctl = ctl, .err = err};
	struct tt_login_options options = {.name = ctl->settings.user,
		.station = "tracetrackctl",
		.totp_file = ctl->settings.totp_file,
		.ask = client_on_ask,
		.done = client_on_login,
		.ctx = &in};
	enum tt_rc rc;

	if (*options.name == '\0')
		return tt_fail(err, TT_USAGE, "who? Give --user NAME");
	rc = *ctl->settings.password_file
		     ? tt_password_read(&ctl->password, ctl->settings.password_file, err)
		     : ctl_ask_password(ctl, "Password", "--password-file", &ctl->password, err);
	if (rc != TT_OK)
		return rc;
	options.password = ctl->password;
	in.login = tt_login_start(&ctl->loop, ctl->link, &options);
	while (!in.is_done && uv_run(&ctl->loop, UV_RUN_ONCE)) {
		if (in.asked != TT_ASK_NOTHING)
			client_answer(&in);
	}
	return in.rc;
}

enum tt_rc ctl_authenticate(struct ctl *ctl, struct tt_error *err)
{
	enum tt_rc rc;

	if (*ctl->settings.user) {
		rc = client_log_in(ctl, err);
		ctl->is_own_session = rc == TT_OK;
		return rc;
	}
	ctl->token = client_kept(ctl);
	if (ctl->token)
		return TT_OK;
	tt_fail(err, TT_DENIED, "nobody is logged in");
	tt_error_hint(err, "Run: tracetrackctl --user NAME login");
	return TT_DENIED;
}

enum tt_rc ctl_call_within(struct ctl *ctl, const struct tt_operation *op, void *args,
	bool is_in_transaction, struct tt_call *call, struct tt_error *err)
{
	const struct tt_column *token = tt_column_find(op->params, "token");
	struct tt_error ignored;
	unsigned timeout_ms = call->timeout_ms;

	if (token && tt_column_parse(token, args, ctl->token, &ignored) != TT_OK)
		return tt_fail(err, TT_INTERNAL, "the session can't be used");
	tt_call_init(call, tt_operation_sql(op), op->result, op->result_size);
	tt_call_bind(call, op->params, args);
	call->is_in_transaction = is_in_transaction;
	call->timeout_ms = timeout_ms;
	return tt_link_call_blocking(ctl->link, call, err);
}

static enum tt_rc client_statement(
	struct ctl *ctl, const char *sql, bool is_in_transaction, struct tt_error *err)
{
	struct tt_call call;
	enum tt_rc rc;

	tt_call_init(&call, sql, NULL, 0);
	call.is_in_transaction = is_in_transaction;
	rc = tt_link_call_blocking(ctl->link, &call, err);
	tt_call_fini(&call);
	return rc;
}

enum tt_rc ctl_begin(struct ctl *ctl, struct tt_error *err)
{
	return client_statement(ctl, "begin", true, err);
}

enum tt_rc ctl_commit(struct ctl *ctl, struct tt_error *err)
{
	return client_statement(ctl, "commit", false, err);
}

enum tt_rc ctl_call(struct ctl *ctl, const struct tt_operation *op, void *args,
	struct tt_call *call, struct tt_error *err)
{
	return ctl_call_within(ctl, op, args, false, call, err);
}

static void client_log_out(struct ctl *ctl)
{
	const struct tt_operation *op = tt_operation_find("session.logout");
	void *args = tt_operation_args_new(op);
	struct tt_error ignored;
	struct tt_call call = {0};

	if (ctl_call(ctl, op, args, &call, &ignored) != TT_OK)
		call.rc = ignored.rc;
	tt_call_fini(&call);
	tt_operation_args_free(op, args);
}

void ctl_disconnect(struct ctl *ctl)
{
	if (ctl->link && ctl->is_own_session && tt_link_is_up(ctl->link))
		client_log_out(ctl);
	tt_link_close(ctl->link);
	ctl->link = NULL;
	uv_run(&ctl->loop, UV_RUN_DEFAULT);
	uv_loop_close(&ctl->loop);
	tt_password_free(ctl->token);
	tt_password_free(ctl->password);
	ctl->token = ctl->password = NULL;
	explicit_bzero(ctl->once, sizeof(ctl->once));
}

enum tt_rc ctl_login(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	enum tt_rc rc;

	ctl->new_password_file = ctl_option(ctl, "--new-password-file");
	if (argc > 0)
		return tt_fail(err, TT_USAGE, "login does not take \"%.60s\"", argv[0]);
	rc = ctl_connect(ctl, err);
	if (rc == TT_OK)
		rc = client_log_in(ctl, err);
	if (rc != TT_OK)
		return rc;
	rc = client_keep(ctl, err);
	ctl->is_own_session = rc != TT_OK;
	return rc;
}

enum tt_rc ctl_logout(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	char path[512];
	enum tt_rc rc;

	if (argc > 0)
		return tt_fail(err, TT_USAGE, "logout does not take \"%.60s\"", argv[0]);
	ctl->token = client_kept(ctl);
	if (!ctl->token)
		return TT_OK;
	rc = ctl_connect(ctl, err);
	if (rc == TT_OK)
		client_log_out(ctl);
	ctl_state_path(ctl, "session", path, sizeof(path));
	if (unlink(path) < 0 && errno != ENOENT)
		return tt_fail(err, TT_IO, "can't remove %s: %s", path, strerror(errno));
	return rc;
}
