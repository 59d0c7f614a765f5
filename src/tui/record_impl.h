/*
 * What the files of the record view share.
 */
#ifndef TRACETRACK_TUI_RECORD_IMPL_H
#define TRACETRACK_TUI_RECORD_IMPL_H

#include "facts.h"
#include "nouns.h"
#include "screen_impl.h"

struct record_state {
	const struct noun *noun;
	const struct tt_operation *op; /* of the detail; NULL: only the row */
	struct tt_rows row;            /* what is shown; of the detail or of the list */
	struct tt_buf key;
	struct facts facts;
	char status[96];
	char zone[64]; /* of the site, when it is printed */
};

/* record_read.c: lay out the facts of the row that is here */
void record_show(struct record_state *st);
/* Ask for it, where the noun has an operation for that. */
void record_read(struct view *v);
bool record_is_reading(const struct view *v);
/* A code for the one shown. Each is one request; calls wait in order, so that none is lost. */
void record_scan(struct view *v, const struct tt_operation *op, const char *code);

#endif
