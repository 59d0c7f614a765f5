/*
 * One host's part of a run with several: it registers in the run's row, gets its share of the
 * clients, waits at the barrier, tells each second what it counted, and its result in the end.
 *
 *	REGISTERED --all its stations are in--> IN --go_at of the run--> working --result--> over
 *
 * It ends early, as after an interrupt, when the run's row says so, when that row is gone, or when
 * the coordinator has not been heard of for run_options.give_up_s.
 */
#ifndef TRACETRACK_STRESS_AGENT_H
#define TRACETRACK_STRESS_AGENT_H

#include <jansson.h>
#include <stdint.h>

#include <tracetrack/rc.h>

struct agent;
struct profile;
struct run;
struct run_options;

/* Take a place in the run of this id: fills the profile and what of the options is the run's. Waits
 * for the answers. TT_REFUSED when there is no such run or no place left, or when the programs
 * differ. Free with agent_free, and the profile with profile_free. */
TT_MUST_CHECK enum tt_rc agent_register(struct agent **out, const char *run_id,
	struct run_options *options, struct profile *profile, struct tt_error *err);
void agent_free(struct agent *a);

/* Called by the run: its loop begins and ends; all stations are in; a second is over (takes the
 * reference). */
void agent_open(struct agent *a, struct run *r);
void agent_close(struct agent *a);
void agent_is_in(struct agent *a);
void agent_take_second(struct agent *a, json_t *second);

/* What is left to tell, and the result. Waits. */
TT_MUST_CHECK enum tt_rc agent_finish(struct agent *a, struct run *r, struct tt_error *err);
/* From 1. */
long agent_number(const struct agent *a);

#endif
