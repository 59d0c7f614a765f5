/*
 * Pages of a list in memory: which are kept, which is wanted next, and the order of those that are
 * all here.
 */
#include <tracetrack/listing.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <tracetrack/clock.h>
#include <tracetrack/match.h>
#include <tracetrack/text.h>

void tt_listing_init(
	struct tt_listing *l, const struct tt_operation *op, const char *key, const char *after)
{
	memset(l, 0, sizeof(*l));
	tt_listing_use(l, op, key, after);
}

void tt_listing_use(
	struct tt_listing *l, const struct tt_operation *op, const char *key, const char *after)
{
	tt_listing_clear(l);
	l->op = op;
	l->key = key ? tt_column_find(op->result, key) : op->result;
	if (!l->key)
		abort();
	l->after = after ? tt_column_find(op->result, after) : NULL;
	if (!l->after)
		l->after = l->key;
	l->is_paged = tt_column_find(op->params, "after") && tt_column_find(op->params, "limit");
}

static void listing_drop(struct tt_listing *l, size_t i)
{
	tt_rows_fini(&l->pages[i].rows);
	l->pages[i] = l->pages[--l->npages];
}

static void listing_plain(struct tt_listing *l)
{
	free(l->view);
	l->view = NULL;
	l->nview = 0;
}

void tt_listing_clear(struct tt_listing *l)
{
	while (l->npages > 0)
		listing_drop(l, 0);
	while (l->nstarts > 0)
		free(l->starts[--l->nstarts]);
	free(l->starts);
	l->starts = NULL;
	l->known = 0;
	l->is_all = false;
	listing_plain(l);
}

void tt_listing_fini(struct tt_listing *l)
{
	tt_listing_clear(l);
	tt_listing_unmark_all(l);
}

size_t tt_listing_count(const struct tt_listing *l)
{
	return l->view ? l->nview : l->known;
}

static const void *listing_at(const struct tt_listing *l, size_t i)
{
	size_t page = l->is_paged ? i / TT_LISTING_PAGE : 0, n;

	for (n = 0; n < l->npages; n++) {
		if (l->pages[n].number == page &&
			i - page * TT_LISTING_PAGE < l->pages[n].rows.count)
			return tt_rows_at(&l->pages[n].rows, i - page * TT_LISTING_PAGE);
	}
	return NULL;
}

const void *tt_listing_row(const struct tt_listing *l, size_t i)
{
	if (i >= tt_listing_count(l))
		return NULL;
	return listing_at(l, l->view ? l->view[i] : i);
}

static bool listing_has_page(const struct tt_listing *l, size_t page)
{
	size_t n;

	for (n = 0; n < l->npages; n++) {
		if (l->pages[n].number == page)
			return true;
	}
	return false;
}

bool tt_listing_wants(const struct tt_listing *l, size_t top, size_t height, size_t *page)
{
	size_t last = (top + height) / TT_LISTING_PAGE;

	*page = 0;
	if (l->npages == 0)
		return true;
	if (!l->is_paged || l->view)
		return false;
	for (*page = top / TT_LISTING_PAGE; *page <= last; ++*page) {
		if (listing_has_page(l, *page))
			continue;
		if (*page < l->nstarts)
			return *page == 0 || *page * TT_LISTING_PAGE < l->known || !l->is_all;
		/* Its key was forgotten: go there from the last one that is known. */
		*page = l->nstarts - 1;
		return *page * TT_LISTING_PAGE < l->known && !listing_has_page(l, *page);
	}
	return false;
}

bool tt_listing_wants_whole(const struct tt_listing *l, size_t *page)
{
	*page = l->known / TT_LISTING_PAGE;
	return l->npages > 0 && !l->is_all && *page < TT_LISTING_PAGES && *page < l->nstarts;
}

const char *tt_listing_start(const struct tt_listing *l, size_t page)
{
	return page < l->nstarts ? l->starts[page] : NULL;
}

/* Where a page begins that follows this one. */
static void listing_set_start(struct tt_listing *l, size_t page, const char *key)
{
	if (page >= l->nstarts) {
		l->starts = tt_realloc(l->starts, (page + 1) * sizeof(*l->starts));
		memset(l->starts + l->nstarts, 0, (page + 1 - l->nstarts) * sizeof(*l->starts));
		l->nstarts = page + 1;
	}
	free(l->starts[page]);
	l->starts[page] = tt_strdup(key);
}

/* Rows were added or went since the next page was read: it begins elsewhere now. */
static void listing_check_next(struct tt_listing *l, size_t page, const struct tt_rows *rows)
{
	struct tt_buf key = {0};
	size_t n;

	tt_buf_puts(&key, "");
	(void)tt_column_bind(l->after, tt_rows_at(rows, rows->count - 1), &key);
	if (page + 1 < l->nstarts && strcmp(l->starts[page + 1], key.data) != 0) {
		for (n = l->npages; n-- > 0;) {
			if (l->pages[n].number > page)
				listing_drop(l, n);
		}
		while (l->nstarts > page + 2)
			free(l->starts[--l->nstarts]);
		l->is_all = false;
	}
	listing_set_start(l, page + 1, key.data);
	tt_buf_fini(&key);
}

/* Room for one more: the page that is farthest from what is looked at goes. */
static void listing_make_room(struct tt_listing *l, size_t near)
{
	size_t n, worst = 0, farthest = 0, away, page = near / TT_LISTING_PAGE;

	if (l->npages < TT_LISTING_PAGES)
		return;
	for (n = 0; n < l->npages; n++) {
		away = l->pages[n].number > page ? l->pages[n].number - page
						 : page - l->pages[n].number;
		if (away >= farthest) {
			farthest = away;
			worst = n;
		}
	}
	listing_drop(l, worst);
}

void tt_listing_take(struct tt_listing *l, size_t page, struct tt_rows *rows, size_t near)
{
	size_t n, end = page * TT_LISTING_PAGE + rows->count;
	bool is_full = l->is_paged && rows->count >= TT_LISTING_PAGE;

	listing_plain(l);
	for (n = l->npages; n-- > 0;) {
		if (l->pages[n].number == page || (!is_full && l->pages[n].number > page))
			listing_drop(l, n);
	}
	if (is_full)
		listing_check_next(l, page, rows);
	listing_make_room(l, near);
	l->pages[l->npages].number = page;
	l->pages[l->npages].rows = *rows;
	l->npages++;
	memset(rows, 0, sizeof(*rows));
	if (!is_full) {
		l->known = end;
		l->is_all = true;
	} else if (end > l->known) {
		l->known = end;
		l->is_all = false;
	}
}

/* ---- arranging what is all here */

bool tt_listing_is_whole(const struct tt_listing *l)
{
	size_t n, rows = 0;

	for (n = 0; n < l->npages; n++)
		rows += l->pages[n].rows.count;
	return l->is_all && rows == l->known && l->npages > 0;
}

static bool listing_has_words(const struct tt_listing *l, const void *row, const char *words)
{
	const struct tt_column *col;
	struct tt_buf text = {0};
	bool has;

	for (col = l->op->result; col->name; col++) {
		if (col->type == TT_JSON)
			continue;
		tt_column_print(col, row, true, &text);
		tt_buf_puts(&text, "\n");
	}
	has = tt_match_words(text.data ? text.data : "", words);
	tt_buf_fini(&text);
	return has;
}

struct listing_order {
	const struct tt_listing *l;
	const struct tt_column *by;
	int sign;
};

static int listing_compare_field(const struct tt_column *col, const void *a, const void *b)
{
	const void *fa = tt_field(col, a), *fb = tt_field(col, b);
	const char *sa, *sb;

	switch (col->type) {
	case TT_INT:
	case TT_GRAMS:
	case TT_BOOL:
	case TT_TIME:
		return (*(const int64_t *)fa > *(const int64_t *)fb) -
		       (*(const int64_t *)fa < *(const int64_t *)fb);
	case TT_ID:
		return memcmp(fa, fb, sizeof(struct tt_uuid));
	default:
		sa = *(char *const *)fa;
		sb = *(char *const *)fb;
		return strcmp(sa ? sa : "", sb ? sb : "");
	}
}

static int listing_compare(const void *a, const void *b, void *ctx)
{
	const struct listing_order *o = ctx;
	size_t ia = *(const size_t *)a, ib = *(const size_t *)b;
	int n = listing_compare_field(o->by, listing_at(o->l, ia), listing_at(o->l, ib));

	if (n == 0)
		return (ia > ib) - (ia < ib);
	return n * o->sign;
}

bool tt_listing_arrange(
	struct tt_listing *l, const char *words, const struct tt_column *by, bool is_reversed)
{
	struct listing_order order = {l, by, is_reversed ? -1 : 1};
	size_t i;

	if (!tt_listing_is_whole(l))
		return false;
	listing_plain(l);
	if (*words == '\0' && !by)
		return true;
	l->view = tt_alloc((l->known + 1) * sizeof(*l->view));
	for (i = 0; i < l->known; i++) {
		if (*words == '\0' || listing_has_words(l, listing_at(l, i), words))
			l->view[l->nview++] = i;
	}
	if (by)
		qsort_r(l->view, l->nview, sizeof(*l->view), listing_compare, &order);
	return true;
}

/* ---- keys and marks */

void tt_listing_key(const struct tt_listing *l, const void *row, struct tt_buf *out)
{
	tt_buf_puts(out, "");
	(void)tt_column_bind(l->key, row, out);
}

bool tt_listing_find(const struct tt_listing *l, const char *key, size_t *at)
{
	struct tt_buf text = {0};
	bool is_found = false;
	const void *row;
	size_t i;

	for (i = 0; i < tt_listing_count(l) && !is_found; i++) {
		row = tt_listing_row(l, i);
		if (!row)
			continue;
		tt_buf_clear(&text);
		tt_listing_key(l, row, &text);
		is_found = strcasecmp(text.data, key) == 0;
		if (is_found)
			*at = i;
	}
	tt_buf_fini(&text);
	return is_found;
}

/* The mark with the row's key, or nmarks. */
static size_t listing_mark_of(const struct tt_listing *l, const void *row)
{
	struct tt_buf key = {0};
	size_t i;

	if (l->nmarks == 0)
		return 0;
	tt_listing_key(l, row, &key);
	for (i = 0; i < l->nmarks && strcmp(l->marks[i], key.data) != 0; i++)
		;
	tt_buf_fini(&key);
	return i;
}

bool tt_listing_is_marked(const struct tt_listing *l, const void *row)
{
	return listing_mark_of(l, row) < l->nmarks;
}

bool tt_listing_mark(struct tt_listing *l, const void *row)
{
	struct tt_buf key = {0};
	size_t i = listing_mark_of(l, row);

	if (i < l->nmarks) {
		free(l->marks[i]);
		l->marks[i] = l->marks[--l->nmarks];
		return true;
	}
	if (l->nmarks == TT_LISTING_MARKS)
		return false;
	tt_listing_key(l, row, &key);
	l->marks = tt_realloc(l->marks, (l->nmarks + 1) * sizeof(*l->marks));
	l->marks[l->nmarks++] = key.data;
	return true;
}

void tt_listing_unmark_all(struct tt_listing *l)
{
	while (l->nmarks > 0)
		free(l->marks[--l->nmarks]);
	free(l->marks);
	l->marks = NULL;
}
