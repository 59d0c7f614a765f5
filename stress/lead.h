/*
 * A run with several hosts, seen from the one that leads it: it has no stations. Agents do the work
 * and tell it, second by second, what they counted; added up they are the run.
 *
 *	GATHERING --all have registered--> ENTERING --all are in--> WORKING --all over or lost-->
 *OVER
 *
 * An agent that has not been heard of for run_options.give_up_s is lost. Before the work that ends
 * the run; while working the others go on, the run is incomplete, and what the lost one told until
 * then is counted.
 */
#ifndef TRACETRACK_STRESS_LEAD_H
#define TRACETRACK_STRESS_LEAD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "record.h"
#include "run.h"

/* What is known of a host. */
struct run_agent {
	char host[64], why[256]; /* why its part is incomplete; "" */
	int64_t pid, cores;
	long clients;
	bool is_in, is_lost, is_over; /* lost: not heard of any more */
	long seconds;                 /* that it has told */
	double login_s, worked_s, own_s;
	json_t *machine; /* as of report_machine; NULL: not told */
	struct record record;
};

/* Everything from making the run's row to deleting it. TT_OK also when run->why is set; anything
 * else: nothing ran. run->agents are options.hosts, freed with lead_fini. */
TT_MUST_CHECK enum tt_rc lead_execute(struct run *r, struct tt_error *err);
void lead_fini(struct run *r);

#endif
