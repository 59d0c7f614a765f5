/*
 * Logging in over a link: version of the database, challenge, Argon2id off the loop, login. What
 * the database wants besides, a code or a new password, is asked for on the way. Unlocking a
 * session goes the same way.
 */
#ifndef TRACETRACK_SESSION_H
#define TRACETRACK_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/link.h>
#include <tracetrack/rc.h>

struct uv_loop_s;
struct tt_login;

/* A session that was opened. Texts are never NULL, and borrowed during the callback. */
struct tt_session {
	bool is_unlocked;  /* the one that was locked; nothing else is told */
	const char *token; /* a secret: as good as the person */
	int64_t id;
	const char *login, *name, *role, *area, *station;
	tt_time expires_at;
	int64_t double_read_ms; /* policy of the station; TT_NO_INT: not told */
	bool is_hard_stop;
};

/* What a login may ask for. */
enum tt_ask {
	TT_ASK_NOTHING,
	TT_ASK_TOTP,         /* a code of the authenticator, or a backup code */
	TT_ASK_NEW_PASSWORD, /* what was given is an administrator's one-time password */
};

/* Nobody can be asked: TT_DENIED, and what else helps. */
enum tt_rc tt_ask_refuse(enum tt_ask what, struct tt_error *err);
/* Answer with tt_login_tell, now or later, or give up with tt_login_cancel. why: what was wrong
 * with the answer before, message "" the first time. */
typedef void (*tt_login_ask_fn)(void *ctx, enum tt_ask what, const struct tt_error *why);
/* session is NULL when it failed, and err says why: TT_DENIED for wrong names, passwords and locks,
 * TT_CONFIG for a database of another version, else what the link says. */
typedef void (*tt_login_fn)(
	void *ctx, const struct tt_session *session, const struct tt_error *err);

enum tt_unlock { TT_UNLOCK_NO, TT_UNLOCK_PASSWORD, TT_UNLOCK_PIN, TT_UNLOCK_BADGE };

/* Texts are copied; what is secret is wiped when done. */
struct tt_login_options {
	const char *name;
	const char *password; /* or PIN, or the whole code of a badge */
	const char *station;
	/* A file with the secret of the second factor, from which the codes are made, or with a
	 * code; "" or NULL: ask. */
	const char *totp_file;
	/* Unlock the session of this token. By password: logs in when it has ended. */
	enum tt_unlock unlock;
	const char *token;
	tt_login_ask_fn ask; /* NULL: nobody can be asked, and it fails */
	tt_login_fn done;
	void *ctx;
};

/* Waits for the link if it is down and starts over when it breaks. The last callback is done(),
 * from the loop, and the login is gone after it. */
struct tt_login *tt_login_start(
	struct uv_loop_s *loop, struct tt_link *link, const struct tt_login_options *options);
/* What was asked for. Goes on, or asks again. */
void tt_login_tell(struct tt_login *login, const char *answer);
/* No callback follows. */
void tt_login_cancel(struct tt_login *login);

#endif
