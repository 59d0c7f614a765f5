/*
 * Lines about one thing: a fact for each column that has a value, then its lists (children,
 * timeline) made from the JSON columns. They are made once and drawn from where one has scrolled
 * to.
 */
#ifndef TRACETRACK_TUI_FACTS_H
#define TRACETRACK_TUI_FACTS_H

#include <tracetrack/column.h>
#include <tracetrack/scroll.h>

#include "draw.h"

struct facts_line {
	enum style style;
	char *text;
};

/* Start from a zeroed struct. */
struct facts {
	struct facts_line *lines;
	size_t count, cap;
	struct tt_scroll list; /* the selected line is the first that is seen: arrows scroll */
};

void facts_clear(struct facts *f); /* and frees what it holds */
void facts_add(struct facts *f, enum style style, const char *text);
void facts_add_row(struct facts *f, const struct tt_column *cols, const void *row);
void facts_add_error(struct facts *f, const struct tt_error *err);
void facts_draw(struct facts *f, const struct canvas *c);

#endif
