/*
 * What a function that can fail returns, and what it says.
 *
 * The code says who must act; the struct says what happened, why and what to do. It is filled where
 * the failure happens and shown once by the front end.
 */
#ifndef TRACETRACK_RC_H
#define TRACETRACK_RC_H

#define TT_MUST_CHECK __attribute__((warn_unused_result))
#define TT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum tt_rc {
	TT_OK,
	TT_USAGE,       /* the caller or the person at the command line asked wrongly */
	TT_DATA,        /* input that can't be understood */
	TT_REFUSED,     /* a rule of the warehouse says no; nothing is broken */
	TT_DENIED,      /* not permitted, or not logged in */
	TT_CONFLICT,    /* somebody else holds it; try again */
	TT_UNAVAILABLE, /* the database can't be reached just now */
	TT_TIMEOUT,     /* no answer in time; it may or may not have happened */
	TT_DEVICE,      /* a scanner or terminal is missing or broken */
	TT_IO,          /* the disk or file system failed */
	TT_CONFIG,      /* settings, schema version or installation are wrong */
	TT_INTERNAL,    /* a bug in this program */
	TT_RC_COUNT
};

/* Every text is UTF-8, cleaned of control characters, cut to fit, never NULL. */
struct tt_error {
	enum tt_rc rc;
	char sqlstate[6];  /* as the server gave it, else "" */
	char message[256]; /* what is wrong, one line, no full stop */
	char detail[320];  /* why: more lines of the cause, or "" */
	char hint[256];    /* what to do now, or "" */
};

/* Fill *err (may be NULL) with code and message, clear the rest; returns rc, so that one can write
 * `return tt_fail(err, TT_IO, ...)`. */
enum tt_rc tt_fail(struct tt_error *err, enum tt_rc rc, const char *fmt, ...) TT_PRINTF(3, 4);

/* Add to what tt_fail has filled. Both take err == NULL. */
void tt_error_detail(struct tt_error *err, const char *fmt, ...) TT_PRINTF(2, 3);
void tt_error_hint(struct tt_error *err, const char *fmt, ...) TT_PRINTF(2, 3);

/* The stable lower-case word for a code, as in the headless protocol's error.code. */
const char *tt_rc_word(enum tt_rc rc);

/* What it means, for the manual: the beginning of a sentence. */
const char *tt_rc_help(enum tt_rc rc);

/* The exit status for a code: 0, 1 refused, and the numbers of sysexits.h for the rest. */
int tt_rc_exit_status(enum tt_rc rc);

#endif
