/*
 * Logging in over a link: version of the database, challenge, Argon2id off the loop, login.
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
	const char *token; /* a secret: as good as the person */
	int64_t id;
	const char *login, *name, *role, *area, *station;
	tt_time expires_at;
	int64_t double_read_ms; /* policy of the station; TT_NO_INT: not told */
	bool is_hard_stop;
};

/* session is NULL when it failed, and err says why: TT_DENIED for wrong names, passwords and locks,
 * TT_CONFIG for a database of another version, else what the link says. */
typedef void (*tt_login_fn)(void *ctx, const struct tt_session *session,
	const struct tt_error *err);

/* Waits for the link if it is down and starts over when it breaks. The password is copied, and
 * wiped when done. The callback comes once, from the loop, and the login is gone after it. */
struct tt_login *tt_login_start(struct uv_loop_s *loop, struct tt_link *link, const char *name,
	const char *password, const char *station, tt_login_fn done, void *ctx);
/* No callback follows. */
void tt_login_cancel(struct tt_login *login);

#endif
