/*
 * Codes of a second factor (RFC 6238: SHA-1, 6 digits, 30 s), for programs that log in by
 * themselves.
 */
#ifndef TRACETRACK_TOTP_H
#define TRACETRACK_TOTP_H

#include <stdbool.h>

#include <tracetrack/clock.h>
#include <tracetrack/rc.h>

#define TT_TOTP_STEP_S 30
#define TT_TOTP_SECRET_MIN 26 /* letters of base32: 128 bits; backup codes are shorter */

/* Whether a text is a secret: base32 in any letters, blanks and hyphens between them, or an address
 * otpauth://... with one. */
bool tt_totp_is_secret(const char *text);
/* The code of a secret at a time. Free with tt_password_free. */
TT_MUST_CHECK enum tt_rc tt_totp_code(
	char **code, const char *secret, tt_time at, struct tt_error *err);

#endif
