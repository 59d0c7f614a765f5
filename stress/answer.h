/*
 * What a station said, as far as a run needs it. Answers may be long (lists), and there are many:
 * only the words at the top are looked at, up to "data".
 */
#ifndef TRACETRACK_STRESS_ANSWER_H
#define TRACETRACK_STRESS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answer {
	bool is_ready; /* the line of the beginning */
	char outcome[24], class[12], durable[8], parent[24], area[32];
	long waiting, event_seq; /* of the outbox; -1: not told */
};

/* False when the line is no JSON object. */
bool answer_read(struct answer *a, const char *line, size_t len);

#endif
