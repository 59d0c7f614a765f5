/*
 * Help and menu: the command table as a list. What is typed searches it, Enter runs the selected
 * command on the view below.
 */
#include <string.h>
#include <strings.h>

#include <tracetrack/match.h>
#include <tracetrack/text.h>

#include "nouns.h"
#include "screen_impl.h"

#define HELP_ROWS 96

struct help_state {
	struct tt_editor search;
	struct tt_scroll list;
	const struct tt_command *rows[HELP_ROWS]; /* that match */
	char status[160];
};

static unsigned help_scope(const struct view *v)
{
	return v->below->ops->scope;
}

static bool help_is_wanted(const struct view *v, const struct tt_command *row)
{
	const struct help_state *st = v->state;
	const struct noun *noun;
	char text[300];

	if (!command_is_there(v->screen, row, TT_SCOPE_ALL))
		return false;
	noun = noun_find(row->name);
	if (v->ops == &view_menu &&
		(!command_is_there(v->screen, row, help_scope(v)) || (noun && noun->is_more) ||
			strcmp(row->name, "menu") == 0 || strcmp(row->group, "moving") == 0))
		return false;
	tt_format(text, sizeof(text), "%s %s %s %s %s", row->name, row->label, row->keys, row->help,
		row->group);
	return tt_match_words(text, st->search.text);
}

/* Commands of one group, or of all others; returns how many rows there are now. */
static size_t help_add(struct view *v, size_t n, const char *group, bool is_of_group)
{
	struct help_state *st = v->state;
	const struct tt_command *row;
	size_t i;

	for (i = 0; (row = tt_command_at(i)) != NULL && n < HELP_ROWS; i++) {
		if ((strcmp(row->group, group) == 0) == is_of_group && help_is_wanted(v, row))
			st->rows[n++] = row;
	}
	return n;
}

/* The menu begins with the screens. */
static void help_fill(struct view *v)
{
	const char *first = v->ops == &view_menu ? "screens" : "";
	struct help_state *st = v->state;
	size_t n = help_add(v, help_add(v, 0, first, true), first, false);

	tt_scroll_resize(&st->list, n, st->list.height);
	v->height = 2 + (st->search.len > 0) + (n > 0 ? (int)n : 1);
}

static void help_open(struct view *v, const void *arg)
{
	(void)arg;
	help_fill(v);
}

/* The first whose name begins with what was typed, or the first of all. */
static size_t help_first(const struct help_state *st)
{
	size_t i;

	for (i = 0; i < st->list.count; i++) {
		if (strncasecmp(st->rows[i]->name, st->search.text, st->search.len) == 0)
			return i;
	}
	return 0;
}

static unsigned help_event(struct view *v, const struct view_event *event)
{
	struct help_state *st = v->state;

	if (event->kind != VIEW_EDITED)
		return 0;
	help_fill(v);
	tt_scroll_to(&st->list, help_first(st));
	return VIEW_HANDLED;
}

static unsigned help_select(struct view *v)
{
	struct tt_screen *s = v->screen;
	struct help_state *st = v->state;
	const struct tt_command *row;
	char text[120];

	if (st->list.count == 0)
		return 0;
	row = st->rows[st->list.selected];
	if (!command_is_there(s, row, help_scope(v))) {
		tt_format(text, sizeof(text), "'%s' can't be used where you came from.", row->name);
		screen_say(s, STYLE_WARNING, text);
		return 0;
	}
	view_close(v);
	command_run(s, row, "");
	return VIEW_HANDLED;
}

static void help_draw_rows(struct view *v, const struct canvas *c, int y)
{
	struct help_state *st = v->state;
	int name = c->width >= 60 ? 16 : 11, keys = c->width >= 60 ? 10 : 7, i;
	const struct tt_command *row;
	enum style style;

	tt_scroll_resize(&st->list, st->list.count, (size_t)(c->height - y));
	for (i = 0; y + i < c->height && st->list.top + (size_t)i < st->list.count; i++) {
		row = st->rows[st->list.top + (size_t)i];
		style = st->list.top + (size_t)i == st->list.selected ? STYLE_SELECTED
								      : STYLE_PLAIN;
		draw_padded(c, y + i, 0, c->width, style, "");
		draw_text(c, y + i, 1, keys - 1, style, row->keys);
		draw_text(c, y + i, keys, name - 1, style, row->name);
		draw_text(c, y + i, keys + name, c->width - keys - name, style, row->help);
	}
	if (st->list.count == 0)
		draw_text(c, y, 1, c->width - 1, STYLE_WARNING, "No command has these words.");
}

static void help_draw_search(struct view *v, const struct canvas *c)
{
	struct help_state *st = v->state;

	draw_text(c, 0, 0, 8, STYLE_STRONG, "Search:");
	draw_field(c, 0, 8, c->width - 10 < 30 ? c->width - 10 : 30, &st->search, true, false);
}

static void help_draw(struct view *v, const struct canvas *c)
{
	help_draw_rows(v, c, 2);
	help_draw_search(v, c);
}

static void help_draw_menu(struct view *v, const struct canvas *c)
{
	struct help_state *st = v->state;

	if (st->search.len > 0) {
		help_draw_rows(v, c, 1);
		help_draw_search(v, c);
		return;
	}
	help_draw_rows(v, c, 0);
	draw_cursor(c, (int)(st->list.selected - st->list.top), 0);
}

/* That there are more, and all of the selected one's help: its row may be too narrow for it. */
static const char *help_status(struct view *v)
{
	struct help_state *st = v->state;

	if (st->list.count == 0 || (v->ops == &view_help && st->search.len == 0))
		return "Type to search, Enter runs the selected command, Esc goes back.";
	tt_format(st->status, sizeof(st->status), "%zu of %zu%s Enter: %s.", st->list.selected + 1,
		st->list.count, st->search.len > 0 ? " " : ", type to search.",
		st->rows[st->list.selected]->help);
	return st->status;
}

static struct tt_editor *help_field(struct view *v)
{
	struct help_state *st = v->state;

	return &st->search;
}

static struct tt_scroll *help_list(struct view *v)
{
	struct help_state *st = v->state;

	return &st->list;
}

const struct view_ops view_help = {
	.name = "help",
	.title = "Help",
	.scope = TT_SCOPE_HELP,
	.state_size = sizeof(struct help_state),
	.open = help_open,
	.event = help_event,
	.draw = help_draw,
	.select = help_select,
	.status = help_status,
	.field = help_field,
	.list = help_list,
};

const struct view_ops view_menu = {
	.name = "menu",
	.title = "Menu",
	.flags = VIEW_DIALOG,
	.scope = TT_SCOPE_MENU,
	.state_size = sizeof(struct help_state),
	.height = HELP_ROWS,
	.width = 108,
	.open = help_open,
	.event = help_event,
	.draw = help_draw_menu,
	.select = help_select,
	.status = help_status,
	.field = help_field,
	.list = help_list,
};
