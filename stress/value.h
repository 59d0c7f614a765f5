/*
 * The words in braces of a command, from a profile's values and chance. A seed gives each client
 * the same sequence.
 */
#ifndef TRACETRACK_STRESS_VALUE_H
#define TRACETRACK_STRESS_VALUE_H

#include "client.h"
#include "profile.h"

/* What is told apart from the profile: this run, and the database. */
struct value_world {
	struct profile *profile;
	char run[8]; /* begins the codes of a run */
	long base;   /* first number of a run */
	uint64_t began_ns;
	long bounds[4]; /* by enum profile_bound */
};

void value_world_init(struct value_world *w, struct profile *p);

/* Write the command into dst, a newline at its end; returns its length. */
size_t value_expand(
	struct value_world *w, struct client *c, const char *send, char *dst, size_t size);

uint64_t value_seed(long seed, int number);
/* Uniform in least..most. */
long value_random(uint64_t *state, long least, long most);

#endif
