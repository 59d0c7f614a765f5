/*
 * A link: one connection to the database, on one event loop, never blocking.
 *
 *	DOWN --timer--> RESOLVING --> CONNECTING --> READY <--> BUSY
 *	  ^-------------------- any failure -----------------------'
 *
 * It connects by itself and again after every failure, for ever, waiting between tries with
 * decorrelated jitter. Several hosts in the connection string are tried in turn. Names are resolved
 * off the loop. One call is under way at a time; others wait in order.
 *
 * The commit point: a call is DONE only after its rows, no later error, and the server's
 * ReadyForQuery (PostgreSQL 15 manual, 34.4 and 55.2.3: the row arrives before the commit does).
 * Requests are never cancelled; a call that takes too long is given up by closing the link.
 */
#ifndef TRACETRACK_LINK_H
#define TRACETRACK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include <tracetrack/column.h>
#include <tracetrack/rc.h>

struct uv_loop_s;
struct tt_link;

enum tt_link_state {
	TT_LINK_DOWN,       /* waiting for the next try; tt_link_error says why */
	TT_LINK_CONNECTING, /* resolving, connecting, authenticating */
	TT_LINK_READY,
	TT_LINK_BUSY, /* ready, with a call under way */
};

/* What is known of a call's effect on the database. */
enum tt_fate {
	TT_FATE_DONE,     /* committed */
	TT_FATE_NOT_DONE, /* certainly had no effect */
	TT_FATE_UNKNOWN,  /* may have been committed: send the same request id again */
};

#define TT_CALL_MAX_PARAMS 32

/*
 * One statement. The caller owns it, fills it with tt_call_init and tt_call_bind, submits it, and
 * keeps it until done is called; then reads rc, fate, rows and error, and ends with tt_call_fini.
 * Inside done it may be submitted again.
 */
struct tt_call {
	const char *sql;              /* borrowed; $1.. parameters, one statement */
	const struct tt_column *cols; /* of the result: matched by position; NULL: rows ignored */
	size_t row_size;
	bool is_urgent;         /* goes before calls that aren't */
	bool waits_for_link;    /* else fails at once when the link is down */
	bool is_simple;         /* by the simple protocol, without parameters, columns by name: for
				 * PgBouncer's console, whose columns differ by version */
	bool is_in_transaction; /* after "begin" and before "commit": the link stays with it. When
				 * such a call fails the link breaks, and all of it is undone */
	unsigned timeout_ms;    /* from sending; 0: the link's */
	/* Each row of a COPY TO STDOUT with its line end, borrowed; NULL: ignored. */
	void (*copied)(void *copied_ctx, const char *row, size_t len);
	void *copied_ctx;
	void (*done)(struct tt_call *call, void *ctx);
	void *ctx;

	/* the answer */
	enum tt_rc rc;
	enum tt_fate fate;
	bool may_retry; /* rolled back for a passing reason (40001, 40P01, 55P03): send it again */
	struct tt_rows rows;
	struct tt_error error;
	uint64_t us; /* from submit to done */

	/* the link's own */
	struct tt_buf text;
	size_t at[TT_CALL_MAX_PARAMS];
	bool is_null[TT_CALL_MAX_PARAMS];
	int nparams;
	uint64_t started_ns;
	struct tt_call *next;
};

void tt_call_init(
	struct tt_call *call, const char *sql, const struct tt_column *cols, size_t row_size);
/* Append parameters: each field of row in order of cols; or one text (NULL allowed). */
void tt_call_bind(struct tt_call *call, const struct tt_column *cols, const void *row);
void tt_call_bind_text(struct tt_call *call, const char *value);
/* Free rows and parameters; safe on a zeroed struct and twice. */
void tt_call_fini(struct tt_call *call);

struct tt_link_options {
	const char *dsn;              /* libpq connection string */
	const char *application_name; /* shown in pg_stat_activity */
	unsigned timeout_ms;          /* deadline of a call; also of connecting, at most 5 s */
	bool connect_once;            /* for tools: the first failure is final */
	void (*on_state)(struct tt_link *link, void *ctx); /* may be NULL */
	void *ctx;
};

/* TT_CONFIG when the connection string can't be parsed. Starts connecting at once. */
TT_MUST_CHECK enum tt_rc tt_link_open(struct tt_link **out, struct uv_loop_s *loop,
	const struct tt_link_options *options, struct tt_error *err);
/* Calls under way end with TT_UNAVAILABLE before this returns; the handles close on the loop. */
void tt_link_close(struct tt_link *link);

void tt_link_submit(struct tt_link *link, struct tt_call *call);

/* Give up waiting for a call: done is not called any more and the caller may free it. One that is
 * under way breaks the connection, since its answer would still come. */
void tt_link_forget(struct tt_link *link, struct tt_call *call);

enum tt_link_state tt_link_state(const struct tt_link *link);
static inline bool tt_link_is_up(const struct tt_link *link)
{
	return tt_link_state(link) >= TT_LINK_READY;
}
/* True when it will not try again (connect_once, or closed). */
bool tt_link_is_final(const struct tt_link *link);
/* Why the link is down; message "" when it is not. Borrowed until the next state change. */
const struct tt_error *tt_link_error(const struct tt_link *link);
/* Milliseconds until the next try, 0 when none is waited for. */
unsigned tt_link_retry_in(const struct tt_link *link);
/* Try again now. */
void tt_link_kick(struct tt_link *link);

/* Run the loop until the call is done. Blocks; for tools, never for a station. */
TT_MUST_CHECK enum tt_rc tt_link_call_blocking(
	struct tt_link *link, struct tt_call *call, struct tt_error *err);

#endif
