/*
 * The list of a noun: rows of its list operation, page by page, with what is typed as a filter. The
 * noun's row says which operation and what follows from a row.
 */
#include <string.h>

#include <tracetrack/text.h>

#include "list_impl.h"

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
