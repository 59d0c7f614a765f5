/*
 * The list of a noun: rows of its list operation, page by page, with what is typed as a filter. The
 * noun's row says which operation and what follows from a row.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/query.h>
#include <tracetrack/text.h>

#include "export.h"
#include "grid.h"
#include "nouns.h"
#include "screen_impl.h"

#define LIST_DEBOUNCE_MS 150
#define LIST_FOLLOW_MS 3000

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

/* ---- reading */

/* Does the database filter? */
static bool list_is_filtered_there(const struct list_state *st)
{
	return st->noun->filter && tt_column_find(st->op->params, st->noun->filter);
}

static void list_arrange(struct list_state *st)
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
}

/* The list's operation, or its search when there are words. */
static void list_choose(struct list_state *st)
{
	const struct tt_operation *op = noun_operation(st->noun->list);

	if (st->query.words[0] != '\0' && noun_operation(st->noun->search))
		op = noun_operation(st->noun->search);
	st->op = op;
	tt_listing_use(&st->rows, op, st->noun->key, st->noun->after);
	tt_table_init(&st->table, op->result, st->noun->after);
}

static void list_read(struct view *v, size_t page)
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

/* The next page that is missing in sight. */
static void list_seen(struct view *v)
{
	struct list_state *st = v->state;
	size_t page;

	if (st->error.rc == TT_OK && !view_is_waiting(v, list_on_page) && list_wants(st, &page))
		list_read(v, page);
}

static void list_reload(struct view *v)
{
	struct list_state *st = v->state;

	list_read(v, st->rows.is_paged ? st->scroll.selected / TT_LISTING_PAGE : 0);
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

static void list_ask_changes(struct view *v)
{
	const struct tt_operation *op = noun_operation("stats.changes");
	struct list_state *st = v->state;

	if (!op || !st->noun->follows)
		return;
	if (!view_is_waiting(v, list_on_changes))
		view_call(v, op, tt_operation_args_new(op), list_on_changes);
	view_wake(v, LIST_FOLLOW_MS);
}

/* ---- the view */

struct list_arg {
	const struct noun *noun;
	const char *filter;
};

static void list_open(struct view *v, const void *arg)
{
	const struct list_arg *a = arg;
	struct list_state *st = v->state;

	st->noun = a->noun;
	tt_copy(v->title, sizeof(v->title), st->noun->title);
	tt_query_filter(&st->query, a->filter);
	if (st->noun->choices)
		tt_query_choose(&st->query, st->noun->choices);
	st->version = TT_NO_INT;
	list_choose(st);
	list_read(v, 0);
	list_ask_changes(v);
}

void list_open_noun(struct tt_screen *s, const struct noun *noun, const char *filter)
{
	struct list_arg arg = {noun, filter};

	view_open(s, &view_list, &arg);
}

static void list_close(struct view *v)
{
	struct list_state *st = v->state;

	tt_listing_fini(&st->rows);
	tt_buf_fini(&st->key);
}

bool list_one(struct view *v, struct noun_one *one)
{
	struct list_state *st = v->state;

	*one = (struct noun_one){
		st->noun, st->op->result, tt_listing_row(&st->rows, st->scroll.selected), ""};
	if (!one->row)
		return false;
	tt_buf_clear(&st->key);
	tt_listing_key(&st->rows, one->row, &st->key);
	one->key = st->key.data;
	return true;
}

/* A code was scanned: to its row, and into it. */
static unsigned list_go_to(struct view *v, const char *code)
{
	struct list_state *st = v->state;
	size_t row;

	if (tt_listing_find(&st->rows, code, &row))
		tt_scroll_to(&st->scroll, row);
	record_open_code(v->screen, st->noun, code);
	return VIEW_HANDLED;
}

/* To the next report, in place of this one. */
static unsigned list_next(struct view *v)
{
	struct list_state *st = v->state;
	const struct noun *next = noun_find(st->noun->next);
	struct tt_screen *s = v->screen;

	view_close(v);
	list_open_noun(s, next, "");
	return VIEW_HANDLED;
}

static unsigned list_event(struct view *v, const struct view_event *event)
{
	struct list_state *st = v->state;

	if (event->kind == VIEW_WAKE && !st->is_stale) {
		list_ask_changes(v);
	} else if (event->kind == VIEW_WAKE) {
		st->is_stale = false;
		list_choose(st);
		list_read(v, 0);
		list_ask_changes(v);
	} else if (event->kind == VIEW_CHANGED && st->error.rc != TT_OK &&
		   (event->changes & (TT_CHANGE_SESSION | TT_CHANGE_LINK)) &&
		   tt_station_phase(v->screen->station) == TT_PHASE_WORKING) {
		list_reload(v);
	} else if (event->kind == VIEW_KEY && event->key == KEYS_TAB && st->noun->next) {
		return list_next(v);
	} else if (event->kind == VIEW_READING && st->noun->takes_scans &&
		   event->reading->code[0] != '\0') {
		return list_go_to(v, event->reading->code);
	}
	return 0;
}

static unsigned list_select(struct view *v)
{
	struct list_state *st = v->state;
	const void *row = tt_listing_row(&st->rows, st->scroll.selected);

	if (row)
		record_open_row(v->screen, st->noun, st->op, row);
	return VIEW_HANDLED;
}

/* ---- commands */

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
	struct export x = {.cols = st->op->result, .name = st->noun->name};
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

/* ---- drawing */

/* "this week", where there is a choice. */
static const char *list_choice(const struct list_state *st)
{
	const char *value = strchr(st->query.choice, '=');

	return value && st->noun->bar ? value + 1 : "";
}

/* "week  by name  "jaipur"  reading  12+ rows" */
static void list_describe(struct view *v, struct tt_buf *out)
{
	struct list_state *st = v->state;
	size_t count = tt_listing_count(&st->rows);

	tt_buf_puts(out, "");
	if (st->error.rc != TT_OK && count == 0)
		return;
	if (list_choice(st)[0] != '\0')
		tt_buf_printf(out, "%s  ", list_choice(st));
	if (st->query.sort[0] != '\0')
		tt_buf_printf(out, "by %s  ", st->query.sort);
	if (st->query.filter[0] != '\0')
		tt_buf_printf(out, "\"%s\"  ", st->query.filter);
	if (view_is_waiting(v, list_on_page))
		tt_buf_puts(out, "reading  ");
	tt_buf_printf(out, "%zu%s %s", count, st->rows.is_all ? "" : "+",
		count == 1 ? "row" : "rows");
}

static void list_draw_title(struct view *v, const struct canvas *c)
{
	struct tt_buf text = {0};
	int right;

	list_describe(v, &text);
	right = draw_right(c, 0, c->width - 1, c->width / 2, STYLE_PLAIN, text.data);
	frame_path(v, c, right - 2);
	tt_buf_fini(&text);
}

static void list_draw_nothing(struct view *v, const struct canvas *c)
{
	struct list_state *st = v->state;

	if (st->error.rc != TT_OK) {
		int y = draw_wrapped(c, 1, 2, c->width - 3, 2, STYLE_CLASS + TT_CLASS_TROUBLE,
			st->error.message);
		draw_wrapped(c, 1 + y, 2, c->width - 3, 2, STYLE_PLAIN, st->error.hint);
	} else if (view_is_waiting(v, list_on_page)) {
		draw_text(c, 1, 2, c->width - 3, STYLE_PLAIN, "Asking the database");
	} else if (st->query.filter[0] != '\0') {
		draw_textf(c, 1, 2, c->width - 3, STYLE_PLAIN,
			"Nothing here has \"%s\". Press / and Esc to see all.", st->query.filter);
	} else {
		draw_textf(c, 1, 2, c->width - 3, STYLE_PLAIN, "There is nothing here yet.%s",
			command_for_key(v->screen, TT_SCOPE_TABLE, 'n')
				? " Press n to make the first one."
				: "");
	}
	draw_cursor(c, 1, 0);
}

static void list_draw(struct view *v, const struct canvas *c)
{
	struct list_state *st = v->state;
	struct canvas body = draw_part(c, 1, 0, c->height - 1, c->width);

	list_draw_title(v, c);
	grid_draw(&body, &st->rows, &st->table, &st->scroll, st->sorted, st->is_reversed,
		st->noun->bar ? tt_column_find(st->op->result, st->noun->bar) : NULL);
	if (tt_listing_count(&st->rows) == 0)
		list_draw_nothing(v, &body);
}

/* Sorted or filtered by what the database does not do, and too long to do it here. */
static bool list_is_too_long(const struct list_state *st)
{
	return (st->sorted || (st->query.words[0] && !list_is_filtered_there(st))) &&
	       tt_listing_count(&st->rows) >= TT_LISTING_PAGE * TT_LISTING_PAGES && !st->rows.view;
}

static const char *list_status(struct view *v)
{
	struct list_state *st = v->state;

	if (list_is_too_long(st))
		return "This list is too long to sort or filter here; it stays as it is.";
	if (st->error.rc != TT_OK && tt_listing_count(&st->rows) > 0)
		return st->error.message;
	if (st->noun->next)
		return list_has_choices(v)
			? "Tab: the next report, p: the period, s sorts, e exports."
			: "Tab: the next report, s sorts, e exports, q back.";
	return "Enter opens, / filters, s sorts, m marks, e exports, r reads again, q back.";
}

static struct tt_scroll *list_scroll(struct view *v)
{
	struct list_state *st = v->state;

	return &st->scroll;
}

const struct view_ops view_list = {
	.name = "list",
	.title = "List",
	.scope = TT_SCOPE_TABLE,
	.state_size = sizeof(struct list_state),
	.open = list_open,
	.close = list_close,
	.event = list_event,
	.draw = list_draw,
	.seen = list_seen,
	.select = list_select,
	.status = list_status,
	.list = list_scroll,
};
