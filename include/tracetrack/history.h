/*
 * What was entered before: the newest last, no line twice in a row, at most TT_HISTORY_MAX lines.
 * Going back keeps what was being typed, and going forward past the newest gives it back.
 */
#ifndef TRACETRACK_HISTORY_H
#define TRACETRACK_HISTORY_H

#include <stddef.h>

#define TT_HISTORY_MAX 50

/* Start from a zeroed struct. Fields are private to history.c. */
struct tt_history {
	char *lines[TT_HISTORY_MAX];
	size_t count;
	size_t at; /* count stands for the draft */
	char *draft;
};

void tt_history_fini(struct tt_history *h);
/* Empty lines are not kept. Ends going back. */
void tt_history_add(struct tt_history *h, const char *line);
/* The line before or after the present one; NULL when there is none. typed is what stands there
 * now. Borrowed until the next call. */
const char *tt_history_back(struct tt_history *h, const char *typed);
const char *tt_history_forward(struct tt_history *h);

#endif
