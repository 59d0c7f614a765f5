/*
 * Secrets of operations: asked for or read from files, and hashed here, so that they never travel.
 * A row of the operation table tells what it needs by its parameters: proof, verifier, totp.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/password.h>
#include <tracetrack/totp.h>

#include "paper.h"

static bool secret_is_missing(const struct tt_operation *op, const void *args, const char *name)
{
	const struct tt_column *col = tt_column_find(op->params, name);

	return col && col->type != TT_BOOL && !*(char *const *)tt_field(col, args);
}

/* ---- a code of the second factor */

static enum tt_rc secret_read_totp(struct ctl *ctl, char **code, struct tt_error *err)
{
	char *text;
	enum tt_rc rc = tt_password_read(&text, ctl->settings.totp_file, err);

	*code = text;
	if (rc != TT_OK || !tt_totp_is_secret(text))
		return rc;
	rc = tt_totp_code(code, text, tt_now(), err);
	tt_password_free(text);
	return rc;
}

static enum tt_rc secret_totp(struct ctl *ctl, char **code, struct tt_error *err)
{
	if (*ctl->settings.totp_file)
		return secret_read_totp(ctl, code, err);
	return ctl_ask_password(
		ctl, "Code of the authenticator", "--totp CODE or --totp-file", code, err);
}

enum tt_rc ctl_secret_totp(
	struct ctl *ctl, const struct tt_operation *op, void *args, struct tt_error *err)
{
	if (!secret_is_missing(op, args, "totp"))
		return TT_OK;
	return secret_totp(ctl, tt_operation_arg(op, args, "totp"), err);
}

/* ---- the own password */

/* Who is logged in, for the challenge: with a kept session only the database knows. */
static enum tt_rc secret_login(struct ctl *ctl, char **login, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("session.check");
	void *args = tt_operation_args_new(op);
	struct tt_call call = {0};
	enum tt_rc rc = ctl_call(ctl, op, args, &call, err);
	const char *found = NULL;

	if (rc == TT_OK && call.rows.count > 0)
		found = *(char *const *)tt_field(
			tt_column_find(op->result, "login"), tt_rows_at(&call.rows, 0));
	*login = tt_strdup(found ? found : "");
	tt_call_fini(&call);
	tt_operation_args_free(op, args);
	return rc;
}

static enum tt_rc secret_challenge(
	struct ctl *ctl, char proof[TT_PROOF_HEX], const char *password, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find("session.challenge");
	void *args = tt_operation_args_new(op);
	const struct tt_column *cols = op->result;
	struct tt_call call = {0};
	enum tt_rc rc = secret_login(ctl, tt_operation_arg(op, args, "login"), err);
	const void *row;

	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, &call, err);
	if (rc == TT_OK && call.rows.count == 0)
		rc = tt_fail(err, TT_INTERNAL, "the database gave an empty answer");
	if (rc == TT_OK) {
		row = tt_rows_at(&call.rows, 0);
		rc = tt_password_proof(proof, password,
			*(char *const *)tt_field(tt_column_find(cols, "salt"), row),
			*(int64_t *)tt_field(tt_column_find(cols, "ops"), row),
			*(int64_t *)tt_field(tt_column_find(cols, "mem"), row), err);
	}
	tt_call_fini(&call);
	tt_operation_args_free(op, args);
	return rc;
}

/* The password that one has just logged in with proves as well. */
static enum tt_rc secret_prove(
	struct ctl *ctl, const struct tt_operation *op, void *args, struct tt_error *err)
{
	char proof[TT_PROOF_HEX], *password = ctl->password;
	enum tt_rc rc = TT_OK;

	ctl->password = NULL;
	if (!password)
		rc = *ctl->settings.password_file
			     ? tt_password_read(&password, ctl->settings.password_file, err)
			     : ctl_ask_password(ctl, "Password", "--password-file", &password, err);
	if (rc == TT_OK)
		rc = secret_challenge(ctl, proof, password, err);
	tt_password_free(password);
	if (rc == TT_OK)
		*(char **)tt_operation_arg(op, args, "proof") = tt_strdup(proof);
	explicit_bzero(proof, sizeof(proof));
	return rc;
}

/* ---- a new secret */

static bool secret_is_pin(const struct tt_operation *op)
{
	return strcmp(op->name, "session.pin") == 0;
}

/* Typed twice, because it does not show. */
static enum tt_rc secret_ask_new(
	struct ctl *ctl, const char *what, char **secret, struct tt_error *err)
{
	char prompt[64], *again = NULL;
	enum tt_rc rc;

	tt_format(prompt, sizeof(prompt), "New %s", what);
	rc = ctl_ask_password(ctl, prompt, "--new-password-file", secret, err);
	if (rc == TT_OK)
		rc = ctl_ask_password(ctl, "Once more", "--new-password-file", &again, err);
	if (rc == TT_OK && strcmp(*secret, again) != 0)
		rc = tt_fail(err, TT_USAGE, "the two are not the same");
	tt_password_free(again);
	return rc;
}

enum tt_rc ctl_new_password(struct ctl *ctl, const char *what, const char *file, bool is_pin,
	char **secret, struct tt_error *err)
{
	enum tt_rc rc;

	*secret = NULL;
	rc = file ? tt_password_read(secret, file, err) : secret_ask_new(ctl, what, secret, err);
	if (rc == TT_OK)
		rc = is_pin ? tt_pin_check(*secret, err) : tt_password_check(*secret, err);
	return rc;
}

static enum tt_rc secret_new(struct ctl *ctl, const struct tt_operation *op, void *args,
	const char *file, struct tt_error *err)
{
	struct tt_hashed hashed;
	char *secret;
	enum tt_rc rc;

	if (ctl->once[0] != '\0') {
		rc = tt_password_hash(&hashed, ctl->once, err);
	} else {
		rc = ctl_new_password(ctl, secret_is_pin(op) ? "PIN" : "password", file,
			secret_is_pin(op), &secret, err);
		if (rc == TT_OK)
			rc = tt_password_hash(&hashed, secret, err);
		tt_password_free(secret);
	}
	if (rc == TT_OK)
		tt_operation_set_hashed(op, args, &hashed);
	return rc;
}

/* session pin --off sets none. */
static bool secret_takes_away(const struct tt_operation *op, const void *args)
{
	const struct tt_column *col = tt_column_find(op->params, "off");

	return col && *(const int64_t *)tt_field(col, args) == 1;
}

bool ctl_secret_is_new(const struct tt_operation *op)
{
	return tt_column_find(op->params, "verifier") && strcmp(op->name, "user.reset") != 0;
}

enum tt_rc ctl_secret_fill(struct ctl *ctl, const struct tt_operation *op, void *args,
	const char *file, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;

	if (strcmp(op->name, "user.reset") == 0)
		tt_password_make_once(ctl->once);
	if (secret_is_missing(op, args, "proof"))
		rc = secret_prove(ctl, op, args, err);
	if (rc == TT_OK && secret_is_missing(op, args, "verifier") && !secret_takes_away(op, args))
		rc = secret_new(ctl, op, args, file, err);
	return rc;
}

void ctl_secret_tell(struct ctl *ctl, const struct tt_rows *rows)
{
	const struct tt_column *code = tt_column_find(rows->cols, "code");
	const struct tt_column *until = tt_column_find(rows->cols, "once_until");
	void *row = rows->count ? tt_rows_at(rows, 0) : NULL;

	if (ctl->once[0] == '\0' || !row || !code || !until ||
		*(const tt_time *)tt_field(until, row) == TT_NO_TIME)
		return;
	free(*(char **)tt_field(code, row));
	*(char **)tt_field(code, row) = tt_strdup(ctl->once);
}

void ctl_secret_draw(
	const struct ctl *ctl, const struct tt_operation *op, const struct tt_rows *rows)
{
	bool is_badge = strcmp(op->name, "user.badge") == 0;
	const struct tt_column *col = tt_column_find(rows->cols, is_badge ? "code" : "uri");
	const char *text =
		col && rows->count ? *(char *const *)tt_field(col, tt_rows_at(rows, 0)) : NULL;
	struct tt_error ignored;
	struct tt_qr qr;

	if (!text || ctl->format != CTL_TEXT || !isatty(STDOUT_FILENO))
		return;
	if (tt_qr_make(&qr, text, TT_QR_CLEAN, &ignored) == TT_OK)
		ctl_show_qr(ctl, &qr);
	tt_qr_fini(&qr);
}
