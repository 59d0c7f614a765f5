/* The station engine's insides, shared by station.c, deliver.c, login.c and answer.c. */
#ifndef TRACETRACK_CORE_ENGINE_H
#define TRACETRACK_CORE_ENGINE_H

#include <uv.h>

#include <tracetrack/operation.h>
#include <tracetrack/outbox.h>
#include <tracetrack/session.h>
#include <tracetrack/station.h>

#include "family.h"
#include "lane.h"
#include "wire.h"

/* A scan that has not been answered yet, in the order of the outbox. */
struct pending {
	struct pending *next;
	int lane;
	void *ticket;
	uint64_t started_ns, deadline_ns;
	struct tt_event event; /* a copy of what names it: place, event, code, parent, action */
};

struct tt_station {
	uv_loop_t *loop;
	const struct tt_settings *settings;
	struct tt_station_events events;
	void *ctx;
	char name[64];
	struct tt_link *link;
	struct tt_outbox *outbox;
	struct lane lanes[TT_LANES_MAX];
	size_t nlanes;
	struct family_set families;
	struct pending *first, **end;
	uv_timer_t *answer_timer; /* the first pending deadline */
	uv_timer_t *tidy_timer;   /* settled rows, when nothing else is written */
	uv_timer_t *retry_timer;  /* a rolled-back call, after a moment */
	uv_timer_t *care_timer;   /* extends the session, locks an idle station */

	/* delivery */
	struct tt_event current; /* the event that is being sent */
	bool has_current;
	bool is_sending;
	uint64_t sending_ns; /* since when it is, from the first try on; 0: not yet */
	unsigned tries;
	int64_t after; /* everything up to this place is settled or parked */
	struct tt_call call;

	/* session */
	enum tt_phase phase;
	struct tt_person person;
	char *token; /* kept after a logout until the outbox is empty */
	bool is_token_dead;
	bool logs_out_when_empty;
	int64_t session;
	int64_t double_read_ms;
	bool is_hard_stop;
	struct tt_login *login;     /* under way */
	enum tt_ask asked;          /* what it waits for */
	enum tt_phase phase_before; /* of logging in: what is taken meanwhile */
	struct tt_call family_call;
	struct tt_error login_error;
	struct tt_call side_call; /* lock, extend, logout: nobody waits for these */
	const struct tt_operation *side_op;
	int64_t side_session; /* when it was asked */
	bool is_side_busy;
	uint64_t active_ns; /* the last scan or key */
	uint64_t extended_ns;
	double last_ms;
};

void station_changed(struct tt_station *st, unsigned changes);
uv_timer_t *station_timer(struct tt_station *st);

/* deliver.c: from the outbox to the database. */
void deliver_pump(struct tt_station *st);
void deliver_link_changed(struct tt_station *st);
/* Store the event and send it; answers now or later. event's strings are borrowed. */
void deliver_event(struct tt_station *st, int lane, const struct tt_operation *op,
	const struct tt_event *event, uint64_t started_ns, void *ticket);
/* The database says that the session has ended: somebody must log in. */
void deliver_lose_session(struct tt_station *st);
void deliver_fini(struct tt_station *st);

/* answer.c: what faces are told. */
void answer_init(struct tt_answer *a, int lane, const char *code, const char *outcome,
	uint64_t started_ns, void *ticket);
/* What the event's code goes into, by its action: a parent or a bill. */
void answer_place(struct tt_answer *a, const struct tt_event *event);
void answer_from_verdict(
	struct tt_answer *a, const struct tt_event *event, const struct tt_verdict *v);
/* Fill message and advice from the outcome's templates. */
void answer_word(struct tt_answer *a, const char *undone);
/* An answer without the database. */
void answer_local(struct tt_station *st, int lane, const char *code, const char *outcome,
	uint64_t started_ns, void *ticket);

/* login.c */
void login_start(struct tt_station *st, const char *login, const char *password);
void login_cancel(struct tt_station *st);
void login_tell(struct tt_station *st, const char *answer);
void login_give_up(struct tt_station *st);
/* Lock, extend, check or log out in the background, if the link is up. */
void login_side_call(struct tt_station *st, const char *operation, const char *token);

#endif
