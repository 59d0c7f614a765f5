/*
 * Passwords: Argon2id on this side, a fast hash of its result on the server's (libsodium manual,
 * "Server relief"). The proof is as good as the password: never stored or logged here.
 */
#ifndef TRACETRACK_PASSWORD_H
#define TRACETRACK_PASSWORD_H

#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>

#define TT_PROOF_HEX 65 /* 32 bytes in hex and the NUL */
#define TT_SALT_HEX 33  /* 16 bytes */

/* Parameters for new passwords: OWASP's minimum for Argon2id of 2024 (19 MiB, t=2, p=1), which is
 * also the floor below which a server's wish is refused. */
#define TT_ARGON_OPS 2
#define TT_ARGON_MEM 19922944

/* Takes about 20 ms and mem bytes. salt in hex. TT_CONFIG below the floor. */
TT_MUST_CHECK enum tt_rc tt_password_proof(char proof[TT_PROOF_HEX], const char *password,
	const char *salt, int64_t ops, int64_t mem, struct tt_error *err);
/* Fresh salt, and what the server stores for a proof. */
void tt_password_salt(char salt[TT_SALT_HEX]);
void tt_password_verifier(char verifier[TT_PROOF_HEX], const char *proof);

/* A new secret as the server keeps it: fresh salt, cost, verifier. */
struct tt_hashed {
	char salt[TT_SALT_HEX], verifier[TT_PROOF_HEX];
	int64_t ops, mem;
};
/* As long as tt_password_proof. */
TT_MUST_CHECK enum tt_rc tt_password_hash(
	struct tt_hashed *hashed, const char *secret, struct tt_error *err);

/* What people may choose; TT_USAGE says what is wrong. A PIN is shorter than any password, so that
 * one field takes either. */
#define TT_PASSWORD_LENGTH_MIN 8
#define TT_PIN_LENGTH_MIN 4
#define TT_PIN_LENGTH_MAX 6
TT_MUST_CHECK enum tt_rc tt_password_check(const char *password, struct tt_error *err);
TT_MUST_CHECK enum tt_rc tt_pin_check(const char *pin, struct tt_error *err);

#define TT_BADGE_PREFIX "TT:USER:"
/* The proof of a badge with a secret, "TT:USER:ASHA/K7XW...": upper-case, whole. */
void tt_badge_proof(char proof[TT_PROOF_HEX], const char *code);

/* The first line of a file that nobody but its owner can read. The caller wipes and frees it with
 * tt_password_free. */
TT_MUST_CHECK enum tt_rc tt_password_read(char **password, const char *path, struct tt_error *err);
void tt_password_free(char *password);
/* A password of 24 random characters, for demo people. */
void tt_password_make(char password[25]);
/* A one-time password that people can read out: 60 bits, "abcd-efgh-jkmn". */
#define TT_ONCE_LENGTH 15
void tt_password_make_once(char password[TT_ONCE_LENGTH]);

#endif
