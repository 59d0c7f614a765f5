/*
 * A client: one process of the station program, headless, with its two pipes. Nothing here knows
 * why it is asked what.
 *
 *	OUT --client_start--> STARTING --ready line--> IN --end of the process--> OUT
 */
#ifndef TRACETRACK_STRESS_CLIENT_H
#define TRACETRACK_STRESS_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>
#include <uv.h>

#include <tracetrack/rc.h>
#include <tracetrack/text.h>

#include "answer.h"
#include "profile.h"

#define CLIENT_DUE_MAX PROFILE_QUEUE_MAX

enum client_state { CLIENT_OUT, CLIENT_STARTING, CLIENT_IN };

/* A command under way. */
struct due {
	int op; /* -1: of the run itself */
	bool is_measured, is_given_up;
	uint64_t at_ns;
};

struct client;

/* How clients are started, and who hears of them. */
struct client_host {
	uv_loop_t *loop;
	const char *program, *dsn, *state, *answer_within, *call_timeout;
	int errors; /* their standard error */
	void (*answered)(struct client *c, const struct answer *a, const char *line, size_t len);
	void (*ended)(struct client *c, int status); /* as waitpid tells it */
	void *ctx;
};

struct client {
	const struct client_host *host;
	int number; /* from 0 */
	const struct profile_class *class;
	char login[48], password[512];
	enum client_state state;
	pid_t pid; /* 0: none */
	uv_pipe_t in, out;
	int handles; /* open ones of them */
	struct tt_buf held;
	struct due due[CLIENT_DUE_MAX]; /* a ring */
	unsigned head, ndue;

	/* what the run keeps of it */
	uint64_t random;
	uv_timer_t timer;
	bool has_timer, is_prepared, may_be_refused, is_idle, is_done, is_leaving, is_pausing;
	char parent[24]; /* the last that was opened */
	bool has_parent;
	unsigned children;
	char kept[48];     /* of an answer */
	unsigned long own; /* numbers of its own that it has used */
	size_t step;
	long times, rounds;
	bool is_in_round;
	uint64_t round_ns;                 /* when the round's first operation was due; 0: now */
	uint64_t arrivals[CLIENT_DUE_MAX]; /* rounds that are due, a ring: since when */
	unsigned first_arrival, narrivals;
	long acked_seq, waiting;
};

/* Start the process; TT_UNAVAILABLE when it can't be. */
TT_MUST_CHECK enum tt_rc client_start(struct client *c, const char *password, struct tt_error *err);
/* Send a line and remember what it is; false when too many wait already. */
bool client_send(struct client *c, const char *line, size_t len, const struct due *due);
/* The oldest command under way; NULL: none. */
struct due *client_head(struct client *c);
void client_take_head(struct client *c);
/* The process has ended with this status. */
void client_ended(struct client *c, int status);
void client_kill(struct client *c, int signal);
void client_close(struct client *c);

#endif
