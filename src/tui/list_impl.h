/*
 * What the files of the list view share.
 */
#ifndef TRACETRACK_TUI_LIST_IMPL_H
#define TRACETRACK_TUI_LIST_IMPL_H

#include <tracetrack/listing.h>
#include <tracetrack/query.h>
#include <tracetrack/table.h>

#include "nouns.h"
#include "screen_impl.h"

struct list_state {
	const struct noun *noun;
	const struct tt_operation *op;
	struct tt_listing rows;
	struct tt_table table;
	struct tt_scroll scroll;
	size_t page;     /* that is being read */
	bool is_stale;   /* the filter has changed: read it afresh when woken */
	int64_t version; /* of what stats.changes tells */
	struct tt_error error;
	struct tt_query query;
	const struct tt_column *sorted;
	bool is_reversed;
	struct tt_buf key; /* of the selected row, for list_one */
};

/* list_read.c: does the database filter? */
bool list_is_filtered_there(const struct list_state *st);
/* Filter and sort what is here. */
void list_arrange(struct list_state *st);
/* The list's operation, or its search when there are words. */
void list_choose(struct list_state *st);
void list_read(struct view *v, size_t page);
bool list_is_reading(const struct view *v);
/* Read the page with the selection again. */
void list_reload(struct view *v);
/* Ask now and then whether something has changed, for nouns that follow. */
void list_ask_changes(struct view *v);
/* Ask for the page that is missing in sight. */
void list_seen(struct view *v);

/* list_draw.c */
void list_draw(struct view *v, const struct canvas *c);
const char *list_status(struct view *v);

#endif
