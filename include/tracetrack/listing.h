/*
 * A list that is read page by page: the rows of an operation, of which a few pages are kept. Pages
 * are asked for by the key of the last row of the page before (`after`), so that the thousandth
 * costs what the first does; a page that was let go is read again when somebody scrolls back.
 *
 *	row      0 ... 99 | 100 ... 199 | 200 ... 299 | ...
 *	page         0    |      1      |      2      |
 *
 * What is not all here can't be filtered or sorted here: the database does that. A list that is
 * here from end to end can.
 */
#ifndef TRACETRACK_LISTING_H
#define TRACETRACK_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/operation.h>

#define TT_LISTING_PAGE 100 /* rows */
#define TT_LISTING_PAGES 3  /* kept */
#define TT_LISTING_MARKS 1000

struct tt_listing {
	const struct tt_operation *op;
	const struct tt_column *key;   /* of the result: names a row */
	const struct tt_column *after; /* where the next page begins */
	bool is_paged;                 /* the operation takes `after` and `limit` */
	struct {
		size_t number;
		struct tt_rows rows;
	} pages[TT_LISTING_PAGES];
	size_t npages; /* kept */
	char **starts; /* `after` of each page that was reached; [0] is NULL */
	size_t nstarts;
	size_t known; /* rows from the first to the last that was ever seen */
	bool is_all;  /* known is the whole list */
	size_t *view; /* filtered or sorted here: the rows in order of showing; else NULL */
	size_t nview;
	char **marks; /* keys */
	size_t nmarks;
};

/* key: a result column of the operation, NULL for the first; after: the one that goes into the
 * parameter `after`, if the operation has it, else key. Everything else starts empty. */
void tt_listing_init(
	struct tt_listing *l, const struct tt_operation *op, const char *key, const char *after);
/* Forget the rows and read from another operation. */
void tt_listing_use(
	struct tt_listing *l, const struct tt_operation *op, const char *key, const char *after);
void tt_listing_fini(struct tt_listing *l);
/* Forget the rows, as when the filter has changed; marks stay. */
void tt_listing_clear(struct tt_listing *l);

/* Rows to scroll in. */
size_t tt_listing_count(const struct tt_listing *l);
/* NULL when it is not kept just now. Borrowed until the next page. */
const void *tt_listing_row(const struct tt_listing *l, size_t i);
/* The page that must be read so that rows top to top + height are seen, with one more below; false
 * when all are here. */
bool tt_listing_wants(const struct tt_listing *l, size_t top, size_t height, size_t *page);
/* The next page to read so that the list is whole here; false when it is, or is too long. */
bool tt_listing_wants_whole(const struct tt_listing *l, size_t *page);
/* The parameter `after` that a page is read with; NULL for the first. */
const char *tt_listing_start(const struct tt_listing *l, size_t page);
/* A page has come: takes the rows over. near: the row that must stay. */
void tt_listing_take(struct tt_listing *l, size_t page, struct tt_rows *rows, size_t near);

/* Show only rows that have these words in some column, sorted by a column unless it is NULL. Does
 * nothing unless all is here in memory: false then. */
bool tt_listing_arrange(
	struct tt_listing *l, const char *words, const struct tt_column *by, bool is_reversed);
/* All rows are kept: it can be arranged here. */
bool tt_listing_is_whole(const struct tt_listing *l);

/* The key of a row as text in *out. */
void tt_listing_key(const struct tt_listing *l, const void *row, struct tt_buf *out);
/* The first kept row with this key, without regard to ASCII case; false when there is none. */
bool tt_listing_find(const struct tt_listing *l, const char *key, size_t *row);

bool tt_listing_is_marked(const struct tt_listing *l, const void *row);
/* False when there are TT_LISTING_MARKS already. */
bool tt_listing_mark(struct tt_listing *l, const void *row);
void tt_listing_unmark_all(struct tt_listing *l);

#endif
