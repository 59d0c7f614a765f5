/*
 * A profile: what a run asks of its stations, read from a JSON file (tracetrack-stress(1) has the
 * format).
 *
 *	classes		kinds of clients; each client is of one, by share
 *	operations	a name, and the headless command that is sent, with {values} in it
 *	values		where the words in braces come from
 *	stages		how many clients work (closed loop), or how many operations a second are
 *			due (open loop), over time
 */
#ifndef TRACETRACK_STRESS_PROFILE_H
#define TRACETRACK_STRESS_PROFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>

#define PROFILE_NAME_MAX 32
#define PROFILE_SEND_MAX 256
#define PROFILE_QUEUE_MAX 256 /* commands of one client that may wait for their answers */

/* Bags of the database, for upper ends that are not known when a profile is written. */
enum profile_bound { BOUND_NONE, BOUND_PARENTS, BOUND_CHILDREN, BOUND_BAGS };

/* Bags that values can be taken from, and which these are. Ends with a name of NULL. */
struct profile_sample {
	const char *name, *condition; /* of tracetrack.bag b */
};
extern const struct profile_sample profile_samples[];

struct profile_value {
	char name[PROFILE_NAME_MAX];
	char **words; /* one of these */
	size_t nwords;
	const struct profile_sample *sample; /* words are taken from the database, if it can be
					      * read; NULL: not
					      */
	/* or PREFIX, a number of so many digits, SUFFIX */
	char prefix[32], suffix[32];
	int digits;
	long from, to;            /* uniform between them */
	enum profile_bound bound; /* instead of `to` */
	long own;                 /* so many of each client, one after the other, then again */
	bool is_round;            /* one for each round of a client's script */
	long shared;              /* one of so many, new in each run, the same for all clients */
	double renewed_s;         /* and new ones each so many seconds; 0: never */
	bool is_next;             /* the next that nobody has had, new in each run */
	bool has_from;            /* or, of is_next, from there on */
	unsigned long taken;      /* of is_next, in this run */
};

enum profile_kind { OP_COMMAND, OP_LOGIN, OP_WRONG_LOGIN };

struct profile_op {
	char name[PROFILE_NAME_MAX];
	enum profile_kind kind;
	char send[PROFILE_SEND_MAX];
	int needs; /* is done instead while the client has no open parent; -1: nothing */
	char keep[PROFILE_NAME_MAX]; /* this text of the answer is {kept} from then on; "" */
};

struct profile_step {
	int op;
	long times_min, times_max;
	long one_in;             /* 0: always */
	long wait_min, wait_max; /* ms, after the last time */
	bool may_be_refused;     /* of what comes before */
};

struct profile_class {
	char name[PROFILE_NAME_MAX];
	double share;
	char login[PROFILE_NAME_MAX]; /* with %03d for people of their own */
	long wait_min, wait_max;      /* ms */
	long *weights, weight;        /* per operation, their sum; of a mix */
	struct profile_step *before;  /* done by each before the work begins, not measured */
	size_t nbefore;
	struct profile_step *steps; /* of a script */
	size_t nsteps;
	bool starts_out; /* its script logs in by itself */
	long rounds;     /* of the script, or operations of a mix; 0: until the end */
};

struct profile_stage {
	double seconds;            /* before the time scale */
	double from, to;           /* clients, or operations a second */
	bool is_measured, is_step; /* step: it is judged by `breaks` when it is over */
};

struct profile {
	char name[PROFILE_NAME_MAX];
	char *help;
	bool is_open;
	long clients;
	double timeout_s, peak;
	double hold_s, hold_every_s; /* all bags are locked for so long, each so often */
	unsigned queue;              /* commands that may wait at a client; more are shed */
	double break_error_percent, *break_p95_ms; /* per operation; 0: any */
	struct profile_op *ops;
	size_t nops;
	struct profile_value *values;
	size_t nvalues;
	struct profile_class *classes;
	size_t nclasses;
	struct profile_stage *stages;
	size_t nstages;
	json_t *json;
};

/* TT_CONFIG for a file that is no profile, with the place and what is wrong; TT_IO when it can't be
 * read. Free with profile_free whatever it returns. */
TT_MUST_CHECK enum tt_rc profile_read(struct profile *p, const char *path, struct tt_error *err);
/* The same of an object; takes the reference. */
TT_MUST_CHECK enum tt_rc profile_take(
	struct profile *p, const char *name, json_t *json, struct tt_error *err);
void profile_free(struct profile *p);

/* Whole seconds of all stages, before the time scale. */
double profile_seconds(const struct profile *p);

/* A JSON file of at most 1 MiB; TT_IO, or TT_CONFIG with line and column. */
TT_MUST_CHECK enum tt_rc json_file_read(json_t **out, const char *path, struct tt_error *err);

#endif
