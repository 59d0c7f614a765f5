/*
 * What a person asks of a list: words, parameters among them ("state=open SB1"), and an order. Made
 * into the parameters of the operation that is read.
 */
#ifndef TRACETRACK_QUERY_H
#define TRACETRACK_QUERY_H

#include <stdbool.h>

#include <tracetrack/operation.h>

#define TT_QUERY_TEXT 256

/* Start from a zeroed struct. */
struct tt_query {
	char filter[TT_QUERY_TEXT]; /* as typed */
	char words[TT_QUERY_TEXT];  /* without the parameters */
	char sort[32];              /* "": the order of the database */
	char choice[64];            /* a parameter of the list itself: "period=week" */
};

void tt_query_filter(struct tt_query *q, const char *text);
bool tt_query_has_parameters(const char *text);
/* The next of these values, divided by blanks; the first is how the database sorts by itself. */
void tt_query_sort(struct tt_query *q, const char *sorts);
/* The next of these choices, divided by blanks; the first when there was none. */
void tt_query_choose(struct tt_query *q, const char *choices);
/* The parameters for a page, the caller's to free. words: the parameter that takes them, or NULL;
 * after: where the page begins, or NULL; limit is set where there is one. NULL with an error when
 * what was typed is no good. */
void *tt_query_args(const struct tt_query *q, const struct tt_operation *op, const char *words,
	const char *after, int limit, struct tt_error *err);

#endif
