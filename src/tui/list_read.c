/*
 * Reading a list page by page, and again when its noun has changed.
 */
#include "list_impl.h"

#include <string.h>

#include <tracetrack/text.h>

#define LIST_FOLLOW_MS 3000

bool list_is_filtered_there(const struct list_state *st)
{
	return st->noun->filter && tt_column_find(st->op->params, st->noun->filter);
}

void list_arrange(struct list_state *st)
{
	(void)tt_listing_arrange(&st->rows, list_is_filtered_there(st) ? "" : st->query.words,
		st->sorted, st->is_reversed);
}

/* What is filtered or sorted here must be here from end to end. */
static bool list_wants(struct list_state *st, size_t *page)
{
	bool is_arranged = st->sorted || (st->query.words[0] && !list_is_filtered_there(st));

	return tt_listing_wants(&st->rows, st->scroll.top, st->scroll.height, page) ||
	       (is_arranged && tt_listing_wants_whole(&st->rows, page));
}

static void list_on_page(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct list_state *st = v->state;

	(void)op;
	st->error = call->error;
	if (call->rc != TT_OK)
		return;
	tt_listing_take(&st->rows, st->page, &call->rows, st->scroll.selected);
	list_arrange(st);
	/* Only the last page tells that none fits: columns are as wide as their titles again. */
	if (tt_listing_count(&st->rows) == 0)
		tt_table_init(&st->table, st->op->result, st->noun->after);
}

void list_choose(struct list_state *st)
{
	const struct tt_operation *op = noun_operation(st->noun->list);

	if (st->query.words[0] != '\0' && noun_operation(st->noun->search))
		op = noun_operation(st->noun->search);
	st->op = op;
	tt_listing_use(&st->rows, op, st->noun->key, st->noun->after);
	tt_table_init(&st->table, op->result, st->noun->after);
}

void list_read(struct view *v, size_t page)
{
	struct list_state *st = v->state;
	void *args = tt_query_args(&st->query, st->op, st->noun->filter,
		tt_listing_start(&st->rows, page), TT_LISTING_PAGE, &st->error);

	view_forget(v, list_on_page);
	st->page = page;
	if (!args)
		return;
	memset(&st->error, 0, sizeof(st->error));
	view_call(v, st->op, args, list_on_page);
}

void list_seen(struct view *v)
{
	struct list_state *st = v->state;
	size_t page;

	if (st->error.rc == TT_OK && !list_is_reading(v) && list_wants(st, &page))
		list_read(v, page);
}

void list_reload(struct view *v)
{
	struct list_state *st = v->state;

	list_read(v, st->rows.is_paged ? st->scroll.selected / TT_LISTING_PAGE : 0);
}

bool list_is_reading(const struct view *v)
{
	return view_is_waiting(v, list_on_page);
}

/* ---- following changes */

static void list_on_changes(struct view *v, const struct tt_operation *op, struct tt_call *call)
{
	struct list_state *st = v->state;
	const void *row = call->rows.count > 0 ? tt_rows_at(&call->rows, 0) : NULL;
	int64_t version = TT_NO_INT;

	if (call->rc == TT_OK && row)
		version = *(int64_t *)tt_field(tt_column_find(op->result, "version"), row);
	if (version != TT_NO_INT && st->version != TT_NO_INT && version != st->version)
		list_reload(v);
	if (version != TT_NO_INT)
		st->version = version;
}

void list_ask_changes(struct view *v)
{
	const struct tt_operation *op = noun_operation("stats.changes");
	struct list_state *st = v->state;

	if (!op || !st->noun->follows)
		return;
	if (!view_is_waiting(v, list_on_changes))
		view_call(v, op, tt_operation_args_new(op), list_on_changes);
	view_wake(v, LIST_FOLLOW_MS);
}
