/*
 * A run: clients log in, wait for each other, are given work by the profile's stages, are heard
 *out, and leave. Samples are taken each second of work.
 *
 *	PREPARING -> ENTERING (-> WAITING) -> WORKING -> DRAINING -> LEAVING -> OVER
 *
 * WAITING is the barrier of a run with several hosts (agent.h). The one that leads those has no
 * stations, and fills the same struct with their sums (lead.h).
 *
 * Whatever keeps it from being a whole run (a client that dies, a server that is gone, a signal) is
 * kept as a reason; the run then ends early, and in order.
 */
#ifndef TRACETRACK_STRESS_RUN_H
#define TRACETRACK_STRESS_RUN_H

#include <uv.h>

#include <tracetrack/clock.h>
#include <tracetrack/settings.h>

#include "client.h"
#include "host.h"
#include "profile.h"
#include "record.h"
#include "server.h"
#include "value.h"

struct run_options {
	struct server_dsns dsns;
	const char *program, *passwords, *out, *state; /* state: of the stations' outboxes */
	bool keeps_state;                              /* it is not in out, and stays */
	long clients, seed;                            /* clients 0: as the profile says */
	long host, hosts;                              /* this one, from 0, of so many */
	tt_time began_at;                              /* of a run with several; 0: now */
	double scale, rate;                            /* rate 0: as the profile says */
	double give_up_s;                              /* without any answer of the database */
	bool is_quiet, has_ui;
	const struct tt_settings *settings; /* of the terminal, for has_ui */
};

enum run_state {
	RUN_PREPARING,
	RUN_ENTERING,
	RUN_WAITING,
	RUN_WORKING,
	RUN_DRAINING,
	RUN_LEAVING,
	RUN_OVER,
};

struct run_sample {
	struct server_sample server;
	struct host_sample host;
};

struct run {
	struct run_options options;
	struct profile *profile;
	struct value_world world;
	struct record record;
	struct client *clients; /* of this host */
	long nclients;
	struct client_host host;
	bool has_state; /* the folder of the outboxes is of this run */
	char answer_within[16], call_timeout[16];
	uv_loop_t loop;
	uv_timer_t tick, second;
	uv_poll_t due_poll;
	uv_signal_t signals[4];
	int due_fd;

	enum run_state state;
	tt_time began_at; /* 0 before; the same on all hosts */
	uint64_t began_ns, entered_ns, work_ns, end_ns, phase_ns, last_answer_ns, left_ns;
	uint64_t go_ns; /* the end of the barrier; 0: not known yet */
	uint64_t attempts_at_answer;
	long entered, next_to_start, starting, deaths;
	size_t broken_stage; /* the step that was one too many; 0: none */
	char broken_why[128];
	struct host_memory memory_before, memory_after;
	double seconds, level_factor; /* of all stages; from the profile's levels to this run's */
	double own_s;                 /* processor time of this program while working */
	bool is_bounded;
	char why[256];  /* it is incomplete; "" */
	char said[160]; /* to people, the last */
	struct ui *ui;  /* NULL: none */

	/* open loop: the next operation that is due */
	size_t due_stage;
	double due_stage_s, due_sum; /* where that stage begins, and operations due before it */
	uint64_t due_count, due_ns;

	struct server *server;
	struct floor *floor;             /* NULL: of an agent, where who leads it has one */
	struct tt_histogram floor_times; /* of measured stages */
	struct host machine;             /* large */
	struct run_sample *samples;      /* one a second, as record has */
	size_t nsamples;
	struct agent *agent;      /* of a run with several hosts; NULL: alone */
	struct run_agent *agents; /* where this one leads them; NULL: it does not */
	struct tt_link *hold_link;
	struct tt_call hold_call;
	uint64_t hold_ns;
	bool is_holding;
	long holds;
};

/* run.c */
/* Everything from preparing to over. TT_OK also when run->why is set; anything else: nothing ran.
 */
TT_MUST_CHECK enum tt_rc run_execute(struct run *r, struct tt_error *err);
void run_fini(struct run *r);
/* Keep the first reason why it is incomplete. */
void run_spoil(struct run *r, const char *fmt, ...) TT_PRINTF(2, 3);
void run_stop(struct run *r); /* no new work */
void run_say(struct run *r, const char *fmt, ...) TT_PRINTF(2, 3);
/* A second is over: let people see it. */
void run_show(struct run *r);
/* Seconds until all were in, and of work. */
double run_login_s(const struct run *r);
double run_worked_s(const struct run *r);

/* For agents: the barrier ends in so many ms. */
void run_go(struct run *r, int64_t in_ms);
/* For who leads them: everything before the first connection, without stations; what the servers
 * and this machine do now; a second of which that is not known. */
TT_MUST_CHECK enum tt_rc run_prepare_lead(struct run *r, struct tt_error *err);
void run_take_sample(struct run *r);
void run_add_unknown_sample(struct run *r);
enum tt_rc run_start_client(struct run *r, struct client *c, const char *password);

/* load.c: what is asked when, and what answers mean. */
void load_begin(struct run *r);
void load_tick(struct run *r);
void load_end(struct run *r);
/* Rounds are under way, or were due and have not begun; and: these are lost. */
bool load_is_owed(const struct run *r);
void load_give_up(struct run *r);
void load_answered(struct client *c, const struct answer *a, const char *line, size_t len);
void load_ended(struct client *c, int status);
/* Level and kind of the stage at a second of work. */
double load_level(const struct run *r, double second, bool *is_measured);

#endif
