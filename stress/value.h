/*
 * The words in braces of a command, from a profile's values and chance. A seed gives each client
 * the same sequence.
 */
#ifndef TRACETRACK_STRESS_VALUE_H
#define TRACETRACK_STRESS_VALUE_H

#include <tracetrack/clock.h>

#include "client.h"
#include "profile.h"

/* What is told apart from the profile: this run, and the database. */
struct value_world {
	struct profile *profile;
	char run[8];       /* begins the codes of a run */
	long base;         /* first number of a run */
	long host, hosts;  /* take turns with numbers that nobody has had */
	uint64_t began_ns; /* the work; 0: not yet */
	long bounds[4];    /* by enum profile_bound */
};

/* For one host. Hosts with the same began_at share a run's codes. */
void value_world_init(struct value_world *w, struct profile *p, tt_time began_at);

/* Write the command into dst, a newline at its end; returns its length. */
size_t value_expand(
	struct value_world *w, struct client *c, const char *send, char *dst, size_t size);

uint64_t value_seed(long seed, int number);
/* Uniform in least..most. */
long value_random(uint64_t *state, long least, long most);

#endif
