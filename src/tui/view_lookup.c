/*
 * What the database knows of a code: its facts, its children, its timeline. A scan fills the field
 * and looks it up; nothing is recorded. The facts are drawn by the operation's own column rows.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/operation.h>
#include <tracetrack/text.h>

#include "screen_impl.h"

#define LOOKUP_LINES 512

/* A call outlives its view when that is closed first. */
struct lookup_call {
	struct tt_call call;
	const struct tt_operation *op;
	void *args;
	struct view *view; /* NULL: nobody waits */
	char code[TT_CODE_TEXT];
};

struct lookup_line {
	enum style style;
	char *text;
};

struct lookup_state {
	struct tt_editor code;
	struct tt_scroll list;
	struct lookup_call *call; /* under way */
	struct lookup_line lines[LOOKUP_LINES];
	size_t count;
};

static void lookup_ask(struct view *v, const char *operation, const char *code);

static void lookup_clear(struct lookup_state *st)
{
	while (st->count > 0)
		free(st->lines[--st->count].text);
	tt_scroll_to(&st->list, 0);
}

static void lookup_add(struct lookup_state *st, enum style style, const char *text)
{
	if (st->count == LOOKUP_LINES)
		return;
	st->lines[st->count++] = (struct lookup_line){style, tt_strdup(text)};
}

/* ---- what came back */

static const char *lookup_json_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* Local day and time: "21 Nov 14:22:07". */
static void lookup_time(char *dst, size_t size, tt_time t)
{
	time_t seconds = (time_t)(t / 1000000);
	struct tm tm;

	dst[0] = '\0';
	if (t != TT_NO_TIME && localtime_r(&seconds, &tm))
		strftime(dst, size, "%d %b %Y %H:%M:%S", &tm);
}

static void lookup_json_time(const json_t *object, char *dst, size_t size)
{
	tt_time t = TT_NO_TIME;

	if (!tt_time_parse(lookup_json_text(object, "at"), &t))
		t = TT_NO_TIME;
	lookup_time(dst, size, t);
}

static void lookup_add_child(struct lookup_state *st, const json_t *child)
{
	char at[32], text[256];

	lookup_json_time(child, at, sizeof(at));
	tt_format(text, sizeof(text), "%4lld  %-20s %s  %s",
		(long long)json_integer_value(json_object_get(child, "position")),
		lookup_json_text(child, "code"), at, lookup_json_text(child, "by"));
	lookup_add(st, STYLE_PLAIN, text);
}

static void lookup_add_event(struct lookup_state *st, const json_t *event)
{
	const struct tt_outcome *outcome = tt_outcome_find(lookup_json_text(event, "outcome"));
	const char *parent = lookup_json_text(event, "parent"),
		   *code = lookup_json_text(event, "code");
	char at[32], text[320];

	lookup_json_time(event, at, sizeof(at));
	tt_format(text, sizeof(text), "%s  %-10s %s%s%s  %s  %s", at, outcome->label, code,
		*parent && strcmp(parent, code) != 0 ? " in " : "",
		strcmp(parent, code) != 0 ? parent : "", lookup_json_text(event, "by"),
		lookup_json_text(event, "station"));
	lookup_add(st, STYLE_CLASS + outcome->cls, text);
}

/* Near matches: texts, or objects with a code. */
static void lookup_add_near(struct lookup_state *st, const json_t *near)
{
	const char *text =
		json_is_string(near) ? json_string_value(near) : lookup_json_text(near, "code");

	lookup_add(st, STYLE_PLAIN, text);
}

struct lookup_section {
	const char *column, *title;
	void (*add)(struct lookup_state *st, const json_t *item);
};

static const struct lookup_section lookup_sections[] = {
	{"near", "Did you mean", lookup_add_near},
	{"children_list", "Children", lookup_add_child},
	{"timeline", "Timeline, newest first", lookup_add_event},
	{NULL, NULL, NULL},
};

static void lookup_add_section(struct lookup_state *st, const char *column, const char *json)
{
	const struct lookup_section *row;
	json_t *array = json_loads(json, 0, NULL), *item;
	size_t i;

	for (row = lookup_sections; row->column; row++) {
		if (strcmp(row->column, column) != 0 || json_array_size(array) == 0)
			continue;
		lookup_add(st, STYLE_PLAIN, "");
		lookup_add(st, STYLE_STRONG, row->title);
		json_array_foreach(array, i, item) row->add(st, item);
	}
	json_decref(array);
}

/* "opened at    21 Nov 2026 14:10:59"; nothing for no value. */
static void lookup_add_fact(struct lookup_state *st, const struct tt_column *col, const void *row)
{
	struct tt_buf value = {0};
	char label[32], at[32], text[400], *p;

	tt_copy(label, sizeof(label), col->type == TT_GRAMS ? "weight" : col->name);
	while ((p = strchr(label, '_')) != NULL)
		*p = ' ';
	if (col->type == TT_TIME) {
		lookup_time(at, sizeof(at), *(const tt_time *)tt_field(col, row));
		tt_buf_puts(&value, at);
	} else {
		tt_column_print(col, row, true, &value);
	}
	if (value.len > 0) {
		tt_format(text, sizeof(text), "%-12s %s", label, value.data);
		lookup_add(st, STYLE_PLAIN, text);
	}
	tt_buf_fini(&value);
}

/* A line for each fact; then the lists. */
static void lookup_add_facts(struct lookup_state *st, const struct tt_column *cols, const void *row)
{
	const struct tt_column *col;
	const char *json;

	for (col = cols; col->name; col++) {
		if (col->type != TT_JSON && strcmp(col->name, "outcome") != 0)
			lookup_add_fact(st, col, row);
	}
	for (col = cols; col->name; col++) {
		json = col->type == TT_JSON ? *(char **)tt_field(col, row) : NULL;
		if (json)
			lookup_add_section(st, col->name, json);
	}
}

static void lookup_show_error(struct lookup_state *st, const struct tt_error *err)
{
	lookup_add(st, STYLE_CLASS + TT_CLASS_TROUBLE, err->message);
	if (err->hint[0] != '\0')
		lookup_add(st, STYLE_PLAIN, err->hint);
}

static void lookup_show(struct view *v, const struct lookup_call *lc)
{
	struct lookup_state *st = v->state;
	const struct tt_rows *rows = &lc->call.rows;
	const char *name;
	const struct tt_outcome *outcome;
	char text[200];

	if (lc->call.rc != TT_OK || rows->count == 0) {
		lookup_show_error(st, &lc->call.error);
		return;
	}
	name = tt_operation_outcome(lc->op, rows);
	outcome = tt_outcome_find(name ? name : "ok");
	if (outcome->cls == TT_CLASS_DONE && strcmp(lc->op->name, "scan.lookup") == 0) {
		lookup_ask(v, "bag.show", lc->code);
		return;
	}
	if (outcome->cls != TT_CLASS_DONE) {
		tt_format(text, sizeof(text), "%s: %s", lc->code,
			strcmp(outcome->name, "unknown_code") == 0 ? "not known" : outcome->label);
		lookup_add(st, STYLE_CLASS + outcome->cls, text);
		lookup_add(st, STYLE_PLAIN, outcome->advice);
	}
	lookup_add_facts(st, rows->cols, tt_rows_at(rows, 0));
}

/* ---- the call */

static void lookup_on_done(struct tt_call *call, void *ctx)
{
	struct lookup_call *lc = ctx;
	struct lookup_state *st;

	if (lc->view) {
		st = lc->view->state;
		st->call = NULL;
		lookup_clear(st);
		lookup_show(lc->view, lc);
		screen_spoil(lc->view->screen);
	}
	tt_call_fini(call);
	tt_operation_args_free(lc->op, lc->args);
	free(lc);
}

static void lookup_forget(struct lookup_state *st)
{
	if (st->call)
		st->call->view = NULL;
	st->call = NULL;
}

static void lookup_ask(struct view *v, const char *operation, const char *code)
{
	struct lookup_state *st = v->state;
	struct lookup_call *lc = tt_alloc(sizeof(*lc));
	struct tt_error err = {0};

	lc->op = tt_operation_find(operation);
	lc->args = tt_operation_args_new(lc->op);
	lc->view = v;
	tt_copy(lc->code, sizeof(lc->code), code);
	lookup_forget(st);
	st->call = lc;
	if (tt_operation_set(lc->op, lc->args, "code", code, &err) != TT_OK) {
		lookup_show_error(st, &err);
		st->call = NULL;
		tt_operation_args_free(lc->op, lc->args);
		free(lc);
		return;
	}
	tt_call_init(&lc->call, tt_operation_sql(lc->op), lc->op->result, lc->op->result_size);
	lc->call.done = lookup_on_done;
	lc->call.ctx = lc;
	tt_station_call(v->screen->station, lc->op, lc->args, &lc->call);
}

/* ---- the view */

static unsigned lookup_select(struct view *v)
{
	struct lookup_state *st = v->state;
	char code[TT_EDITOR_MAX];

	if (st->code.len == 0)
		return 0;
	tt_copy(code, sizeof(code), st->code.text);
	lookup_clear(st);
	lookup_ask(v, "scan.lookup", code);
	return VIEW_HANDLED;
}

static void lookup_open(struct view *v, const void *arg)
{
	struct lookup_state *st = v->state;
	const char *code = arg;

	if (!code || *code == '\0')
		return;
	tt_editor_set(&st->code, code);
	lookup_select(v);
}

static void lookup_close(struct view *v)
{
	lookup_forget(v->state);
	lookup_clear(v->state);
}

static unsigned lookup_event(struct view *v, const struct view_event *event)
{
	struct lookup_state *st = v->state;

	if (event->kind != VIEW_READING || event->reading->code[0] == '\0')
		return 0;
	tt_editor_set(&st->code, event->reading->code);
	lookup_select(v);
	return VIEW_HANDLED;
}

static void lookup_draw(struct view *v, const struct canvas *c)
{
	struct lookup_state *st = v->state;
	int y = 2, width = c->width - 10 < 34 ? c->width - 10 : 34;
	const struct lookup_line *line;
	size_t i;

	/* The selection is the first row seen: arrows scroll. */
	tt_scroll_resize(&st->list,
		st->count > (size_t)(c->height - y) ? st->count - (size_t)(c->height - y) + 1 : 1,
		1);
	draw_text(c, 0, 1, 6, STYLE_STRONG, "Code:");
	if (st->call)
		draw_text(c, 2, 1, c->width - 1, STYLE_PLAIN, "Asking the database");
	for (i = st->list.selected; i < st->count && y < c->height; i++, y++) {
		line = &st->lines[i];
		draw_text(c, y, 1, c->width - 1, line->style, line->text);
	}
	draw_field(c, 0, 7, width, &st->code, true, false);
}

static const char *lookup_status(struct view *v)
{
	(void)v;
	return "Scan or type a code and press Enter; nothing is recorded. Esc goes back.";
}

static struct tt_editor *lookup_field(struct view *v)
{
	struct lookup_state *st = v->state;

	return &st->code;
}

static struct tt_scroll *lookup_list(struct view *v)
{
	struct lookup_state *st = v->state;

	return &st->list;
}

const struct view_ops view_lookup = {
	.name = "lookup",
	.title = "Lookup",
	.scope = TT_SCOPE_LOOKUP,
	.state_size = sizeof(struct lookup_state),
	.open = lookup_open,
	.close = lookup_close,
	.event = lookup_event,
	.draw = lookup_draw,
	.select = lookup_select,
	.status = lookup_status,
	.field = lookup_field,
	.list = lookup_list,
};
