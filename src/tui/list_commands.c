/*
 * What the commands of a list do: filter, mark, sort, choose, export.
 */
#include <string.h>

#include "export.h"
#include "list_impl.h"

#define LIST_DEBOUNCE_MS 150

void list_filter(struct view *v, const char *text)
{
	struct list_state *st = v->state;
	bool is_there = list_is_filtered_there(st) || noun_operation(st->noun->search) ||
			tt_query_has_parameters(st->query.filter) || tt_query_has_parameters(text);

	if (strcmp(st->query.filter, text) == 0)
		return;
	tt_query_filter(&st->query, text);
	tt_table_init(&st->table, st->op->result, st->noun->after);
	tt_scroll_to(&st->scroll, 0);
	if (!is_there) {
		list_arrange(st);
		return;
	}
	st->is_stale = true;
	view_wake(v, LIST_DEBOUNCE_MS);
}

const char *list_filter_text(struct view *v)
{
	struct list_state *st = v->state;

	return st->query.filter;
}

void list_mark(struct view *v)
{
	struct list_state *st = v->state;
	const void *row = tt_listing_row(&st->rows, st->scroll.selected);

	if (row && !tt_listing_mark(&st->rows, row))
		screen_say(v->screen, STYLE_WARNING, "No more rows can be marked.");
	tt_scroll_by(&st->scroll, 1);
}

/* Where the database sorts: its next order. Else the next column that is seen, and after the last
 * the order of the database. */
void list_sort(struct view *v, bool is_reversing)
{
	struct list_state *st = v->state;
	size_t i = 0;

	if (st->noun->sorts && tt_column_find(st->op->params, "sort")) {
		tt_query_sort(&st->query, st->noun->sorts);
		list_choose(st);
		list_read(v, 0);
	} else if (is_reversing) {
		st->is_reversed = !st->is_reversed;
	} else {
		while (st->sorted && i < st->table.count && st->table.cols[i++] != st->sorted)
			;
		while (i < st->table.count && st->table.width[i] == 0)
			i++;
		st->sorted = i < st->table.count ? st->table.cols[i] : NULL;
	}
	list_arrange(st);
}

bool list_has_choices(struct view *v)
{
	struct list_state *st = v->state;

	return st->noun->choices && strchr(st->noun->choices, ' ');
}

void list_choose_next(struct view *v)
{
	struct list_state *st = v->state;

	tt_query_choose(&st->query, st->noun->choices);
	tt_scroll_to(&st->scroll, 0);
	list_choose(st);
	list_read(v, 0);
}

/* The marked rows, or all that are here when none is. */
void list_export(struct view *v)
{
	struct list_state *st = v->state;
	struct exported x = {.cols = st->op->result, .name = st->noun->name};
	const void *row;
	size_t i;

	for (i = 0; i < tt_listing_count(&st->rows); i++) {
		row = tt_listing_row(&st->rows, i);
		if (row && (st->rows.nmarks == 0 || tt_listing_is_marked(&st->rows, row)))
			export_row(&x, row);
	}
	export_write(v->screen, &x, st->rows.nmarks > 0 || tt_listing_is_whole(&st->rows));
}

void list_refresh(struct view *v)
{
	list_reload(v);
}
