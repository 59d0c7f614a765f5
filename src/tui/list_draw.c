/*
 * A list on the screen: what it is, its rows, or why there are none.
 */
#include <string.h>

#include "grid.h"
#include "list_impl.h"

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
	if (list_is_reading(v))
		tt_buf_puts(out, "reading  ");
	tt_buf_printf(
		out, "%zu%s %s", count, st->rows.is_all ? "" : "+", count == 1 ? "row" : "rows");
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
	} else if (list_is_reading(v)) {
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

void list_draw(struct view *v, const struct canvas *c)
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

const char *list_status(struct view *v)
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
