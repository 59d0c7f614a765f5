/*
 * The station engine: lanes, session, outbox and link of one scanning station, behind every face
 * (screen, plain, headless). It runs on one event loop and never blocks on the database.
 *
 * The way of a scan:
 *
 *	reading -> double-read window -> kind of code -> row of the lane's table -> row of the
 *	  outbox -> call -> verdict -> answered() -> settled
 *
 * answered() comes once for every scan, in order within a lane, and says what is safe: DONE only
 * after the database's commit, QUEUED when the disk has it and the database did not answer within
 * answer-within. An event that was queued gets settled() when the verdict is there.
 *
 * The engine decides no rule of the warehouse. What it knows: which of the code families a code
 * belongs to, which parent each lane works on, and what was asked.
 */
#ifndef TRACETRACK_STATION_H
#define TRACETRACK_STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/event.h>
#include <tracetrack/link.h>
#include <tracetrack/outcome.h>
#include <tracetrack/rc.h>
#include <tracetrack/session.h>
#include <tracetrack/settings.h>

struct tt_station;

#define TT_LANES_MAX 8
#define TT_CODE_TEXT 128 /* codes longer than this are cut for showing */

/* A scan as it came from a device, decoded. Everything is borrowed during the call. */
struct tt_reading {
	const char *code;   /* "" when unreadable */
	const char *raw;    /* as it came, cleaned; compared for double reads and shown */
	const char *device; /* name for the ledger, or NULL */
	int64_t grams;      /* measured weight carried by the code, or TT_NO_INT */
	const struct tt_error *unreadable; /* why, when code is "" */
};

enum tt_durable { TT_DURABLE_NONE, TT_DURABLE_OUTBOX, TT_DURABLE_DB };

/* What a scan or command came to. Texts are cleaned. */
struct tt_answer {
	void *ticket; /* as given to the request */
	struct tt_uuid event;
	int64_t seq; /* in the outbox, 0 when it is no event */
	int lane;
	tt_time at;
	char action[24];         /* "scan.child", "" when nothing was asked of the database */
	char code[TT_CODE_TEXT]; /* what was scanned */
	const struct tt_outcome *outcome;
	enum tt_class cls; /* the outcome's */
	enum tt_durable durable;
	bool is_replayed;
	bool is_settlement; /* the verdict on what had been answered as queued */
	double ms;          /* from reading to answer */
	char parent[TT_CODE_TEXT], family[32], state[16];
	int64_t position, children, capacity, grams; /* TT_NO_INT: not known */
	/* Of what is about a bill; position, capacity, children, grams and state are the bill's. */
	char bill[TT_CODE_TEXT], destination[128];
	int64_t parents, expected;
	tt_time opened_at;
	char other[TT_CODE_TEXT], other_by[64], other_station[64];
	tt_time other_at;
	char message[256];     /* what happened, for people */
	char advice[192];      /* what to do now, or "" */
	struct tt_error error; /* of class TROUBLE; rc TT_OK otherwise */
};

enum tt_lane_state {
	TT_LANE_EMPTY,   /* no parent: scan one */
	TT_LANE_OPEN,    /* children go to the parent */
	TT_LANE_CLOSED,  /* the parent is complete or short, the bill completed: scan the next */
	TT_LANE_ASKING,  /* OPEN, and a move is offered: TT:OK takes it, anything else goes on */
	TT_LANE_STOPPED, /* hard stop after a refusal: acknowledge with TT:OK or a key */
	TT_LANE_BILL,    /* parents go onto the bill */
};

struct tt_lane {
	char name[32];
	enum tt_lane_state state;
	char parent[TT_CODE_TEXT], family[32];
	/* Instead of a parent; in state CLOSED it is completed. children are then the parents on
	 * it, and capacity and grams the bill's. */
	char bill[TT_CODE_TEXT], destination[128];
	bool is_confirmed;                 /* the database has answered for this parent or bill */
	int64_t children, capacity, grams; /* as last answered; TT_NO_INT: not known */
	tt_time opened_at;
	unsigned queued; /* scans for this lane that the database has not answered yet */
	char offer_code[TT_CODE_TEXT], offer_from[TT_CODE_TEXT]; /* of TT_LANE_ASKING */
	unsigned scans, refused, doubles;                        /* since the start */
};

enum tt_phase {
	TT_PHASE_LOGGED_OUT,
	TT_PHASE_LOGGING_IN,
	TT_PHASE_WORKING,
	TT_PHASE_LOCKED, /* lanes and outbox stay; scans are refused until unlocked */
};

/* Who works here. Texts "" when nobody does. */
struct tt_person {
	char login[64], name[96], role[32], area[64];
	tt_time expires_at;
};

/* What changed, a bit set, so that a face draws only that. */
enum tt_change {
	TT_CHANGE_LINK = 1 << 0,
	TT_CHANGE_SESSION = 1 << 1, /* phase, person, or why a login failed */
	TT_CHANGE_LANES = 1 << 2,
	TT_CHANGE_OUTBOX = 1 << 3,
};

/* Callbacks, all from the loop; any may be NULL. */
struct tt_station_events {
	void (*answered)(void *ctx, const struct tt_answer *answer);
	void (*settled)(void *ctx, const struct tt_answer *answer);
	void (*changed)(void *ctx, unsigned changes);
	/* A badge was scanned: somebody wants to log in or take over. */
	void (*badge)(void *ctx, const char *login);
};

/* Opens the outbox and starts connecting. lanes: names, at least one. TT_CONFLICT when the station
 * already runs, TT_IO for its disk, TT_CONFIG for the connection string. settings are borrowed. */
TT_MUST_CHECK enum tt_rc tt_station_open(struct tt_station **out, struct uv_loop_s *loop,
	const struct tt_settings *settings, const char *const *lanes, size_t nlanes,
	const struct tt_station_events *events, void *ctx, struct tt_error *err);
void tt_station_close(struct tt_station *st);

/* Log in; the result comes as TT_CHANGE_SESSION. The password is copied and wiped after use. While
 * the link is down it waits for it. A login while locked unlocks: the same person's session,
 * by password or PIN, or another person's own. One that fails leaves everything as it was, whoever
 * works here included. */
void tt_station_login(struct tt_station *st, const char *login, const char *password);
/* What the login under way waits for, which is a TT_CHANGE_SESSION too; tt_station_login_error says
 * what was wrong with the answer before. */
enum tt_ask tt_station_asks(const struct tt_station *st);
void tt_station_tell(struct tt_station *st, const char *answer);
/* No login any more: as it was before. */
void tt_station_give_up(struct tt_station *st);
/* A badge as it was read: unlocks, if it has a secret and is of the person that the station is
 * locked by, else badge() is called. */
void tt_station_badge(struct tt_station *st, const char *code);
void tt_station_logout(struct tt_station *st);
void tt_station_lock(struct tt_station *st);
/* Somebody is here (a key was pressed): puts off the idle lock. Scans do so by themselves. */
void tt_station_touch(struct tt_station *st);
/* The last failure of logging in; message "" when none. */
const struct tt_error *tt_station_login_error(const struct tt_station *st);

/* A scan on a lane; ticket comes back in the answer. */
void tt_station_scan(
	struct tt_station *st, int lane, const struct tt_reading *reading, void *ticket);

/* The same as the command codes, for keys: what they close or take back is the parent's, or the
 * bill's where the lane has one. */
void tt_station_undo(struct tt_station *st, int lane, void *ticket);
void tt_station_finish(struct tt_station *st, int lane, void *ticket);
void tt_station_short(struct tt_station *st, int lane, const char *reason, void *ticket);
/* Take the offered move (TT_LANE_ASKING), or acknowledge a stop. */
void tt_station_confirm(struct tt_station *st, int lane, void *ticket);
/* Decline the offer, acknowledge a stop, or else leave the lane's parent or bill as it is and empty
 * the lane. */
void tt_station_cancel(struct tt_station *st, int lane, void *ticket);
/* Any operation with TT_OP_EVENT, through the outbox; epoch, seq, at, session, lane and a nil event
 * id are filled in. Texts are borrowed during the call. */
struct tt_operation;
void tt_station_event(struct tt_station *st, int lane, const struct tt_operation *op,
	const struct tt_event *event, void *ticket);

/* Any other operation: fills args' token and submits. call->done tells. Reads and writes alike go
 * straight to the database; TT_DENIED at once when nobody is logged in. The caller owns call and
 * args (bound during this call). A write under read-only is refused with TT_DENIED here. */
void tt_station_call(
	struct tt_station *st, const struct tt_operation *op, void *args, struct tt_call *call);

/* A call was told that the session has ended: ask whether the present one has, and log out when it
 * has. Outbox and lanes stay. */
void tt_station_check_session(struct tt_station *st);

/* For drawing. Borrowed until the next callback. */
enum tt_phase tt_station_phase(const struct tt_station *st);
/* Somebody works here; also while another tries to take over. */
bool tt_station_is_manned(const struct tt_station *st);
const struct tt_person *tt_station_person(const struct tt_station *st);
size_t tt_station_lanes(const struct tt_station *st);
const struct tt_lane *tt_station_lane(const struct tt_station *st, int lane);
/* The lane's index by name or decimal number from 1; -1 when there is none. */
int tt_station_lane_find(const struct tt_station *st, const char *name);
const char *tt_station_name(const struct tt_station *st);
/* Its folder on this machine, private to its user. False when the path is too long. */
bool tt_station_dir(const struct tt_station *st, char *dst, size_t size);
const struct tt_link *tt_station_link(const struct tt_station *st);
struct tt_link *tt_station_link_mut(struct tt_station *st);
double tt_station_last_ms(const struct tt_station *st); /* of the last call, 0 before any */
size_t tt_station_waiting(const struct tt_station *st);
size_t tt_station_parked(const struct tt_station *st);
tt_time tt_station_oldest(const struct tt_station *st);

#endif
