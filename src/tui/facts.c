/*
 * Facts from result rows. A JSON column that is known has lines of its own form; any other list of
 * objects becomes a small table of its members.
 */
#include "facts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tracetrack/outcome.h>
#include <tracetrack/scanlist.h>
#include <tracetrack/table.h>
#include <tracetrack/text.h>

#define FACTS_MEMBERS 12
#define FACTS_LINES 4096

void facts_clear(struct facts *f)
{
	while (f->count > 0)
		free(f->lines[--f->count].text);
	free(f->lines);
	f->lines = NULL;
	f->cap = 0;
	tt_scroll_to(&f->list, 0);
}

void facts_add(struct facts *f, enum style style, const char *text)
{
	if (f->count == FACTS_LINES)
		return;
	if (f->count == f->cap) {
		f->cap = f->cap ? f->cap * 2 : 32;
		f->lines = tt_realloc(f->lines, f->cap * sizeof(*f->lines));
	}
	f->lines[f->count++] = (struct facts_line){style, tt_strdup(text)};
}

void facts_add_error(struct facts *f, const struct tt_error *err)
{
	facts_add(f, STYLE_CLASS + TT_CLASS_TROUBLE, err->message);
	if (err->hint[0] != '\0')
		facts_add(f, STYLE_PLAIN, err->hint);
}

/* Local day and time: "21 Nov 2026 14:22:07". */
static void facts_time(char *dst, size_t size, tt_time t)
{
	time_t seconds = (time_t)(t / 1000000);
	struct tm tm;

	dst[0] = '\0';
	if (t != TT_NO_TIME && localtime_r(&seconds, &tm))
		strftime(dst, size, "%d %b %Y %H:%M:%S", &tm);
}

/* ---- JSON */

static const char *facts_json_text(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static void facts_json_time(const json_t *object, char *dst, size_t size)
{
	tt_time t = TT_NO_TIME;

	if (!tt_time_parse(facts_json_text(object, "at"), &t))
		t = TT_NO_TIME;
	facts_time(dst, size, t);
}

static void facts_add_child(struct facts *f, const json_t *child)
{
	char at[32], text[256];

	facts_json_time(child, at, sizeof(at));
	tt_format(text, sizeof(text), "%4lld  %-20s %s  %s",
		(long long)json_integer_value(json_object_get(child, "position")),
		facts_json_text(child, "code"), at, facts_json_text(child, "by"));
	facts_add(f, STYLE_PLAIN, text);
}

static void facts_add_event(struct facts *f, const json_t *event)
{
	const struct tt_outcome *outcome = tt_outcome_find(facts_json_text(event, "outcome"));
	const char *parent = facts_json_text(event, "parent"),
		   *code = facts_json_text(event, "code"),
		   *reason = facts_json_text(event, "reason");
	bool is_in = *parent && strcmp(parent, code) != 0;
	char at[32], what[32], text[400];

	facts_json_time(event, at, sizeof(at));
	/* A plain "ok" says nothing: what was done does. */
	tt_copy(what, sizeof(what),
		strcmp(outcome->name, "ok") == 0 ? facts_json_text(event, "action")
						 : outcome->label);
	tt_replace(what, '_', ' ');
	tt_format(text, sizeof(text), "%s  %-10s %s%s%s%s%s  %s%s%s%s", at, what, code,
		is_in ? " in " : "", is_in ? parent : "", *code || is_in ? "  " : "",
		facts_json_text(event, "by"), facts_json_text(event, "station"),
		*reason ? "  (" : "", reason, *reason ? ")" : "");
	facts_add(f, STYLE_CLASS + outcome->cls, text);
}

/* Near matches: texts, or objects with a code. */
static void facts_add_near(struct facts *f, const json_t *near)
{
	const char *text =
		json_is_string(near) ? json_string_value(near) : facts_json_text(near, "code");

	facts_add(f, STYLE_PLAIN, text);
}

struct facts_section {
	const char *column, *title;
	void (*add)(struct facts *f, const json_t *item);
};

static const struct facts_section facts_sections[] = {
	{"near", "Did you mean", facts_add_near},
	{"children_list", "Children", facts_add_child},
	{"timeline", "Timeline, newest first", facts_add_event},
	{NULL, NULL, NULL},
};

/* Members are named like columns. */
static void facts_label(const char *name, char *dst, size_t size)
{
	tt_copy(dst, size, strcmp(name, "grams") == 0 ? "weight" : name);
	tt_replace(dst, '_', ' ');
}

/* A member's value for people. */
static void facts_value(const char *name, const json_t *value, char *dst, size_t size)
{
	char *text;
	tt_time t;

	dst[0] = '\0';
	if (json_is_integer(value) && strcmp(name, "grams") == 0) {
		tt_format_kg(dst, size, json_integer_value(value));
	} else if (json_is_string(value)) {
		if (tt_time_parse(json_string_value(value), &t))
			facts_time(dst, size, t);
		else
			tt_copy(dst, size, json_string_value(value));
	} else if (json_is_boolean(value)) {
		tt_copy(dst, size, json_is_true(value) ? "yes" : "no");
	} else if (value && !json_is_null(value)) {
		text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		tt_copy(dst, size, text ? text : "");
		free(text);
	}
}

struct facts_member {
	const char *name;
	char label[32];
	int width;
};

static size_t facts_members(const json_t *array, struct facts_member *members)
{
	const json_t *item, *value;
	const char *name;
	char text[64];
	size_t i, n = 0, m;

	json_object_foreach((json_t *)json_array_get(array, 0), name, value)
	{
		if (n == FACTS_MEMBERS)
			break;
		members[n].name = name;
		facts_label(name, members[n].label, sizeof(members[n].label));
		members[n].width = tt_text_width(members[n].label);
		n++;
	}
	json_array_foreach(array, i, item)
	{
		for (m = 0; m < n; m++) {
			facts_value(members[m].name, json_object_get(item, members[m].name), text,
				sizeof(text));
			if (tt_text_width(text) > members[m].width)
				members[m].width = tt_text_width(text);
		}
	}
	return n;
}

/* Objects as rows under the names of their members. */
static void facts_add_objects(struct facts *f, const json_t *array)
{
	struct facts_member members[FACTS_MEMBERS];
	size_t n = facts_members(array, members), i, m;
	struct tt_buf line = {0};
	const json_t *item;
	char text[64];

	for (m = 0; m < n; m++)
		tt_buf_printf(&line, "%-*s  ", members[m].width, members[m].label);
	facts_add(f, STYLE_FAINT, line.data ? line.data : "");
	json_array_foreach(array, i, item)
	{
		tt_buf_clear(&line);
		for (m = 0; m < n; m++) {
			facts_value(members[m].name, json_object_get(item, members[m].name), text,
				sizeof(text));
			tt_buf_printf(&line, "%-*s  ",
				members[m].width + (int)strlen(text) - tt_text_width(text), text);
		}
		facts_add(f, STYLE_PLAIN, line.data ? line.data : "");
	}
	tt_buf_fini(&line);
}

/* Members of one object, as facts. */
static void facts_add_members(struct facts *f, const json_t *object)
{
	const json_t *value;
	const char *name;
	char label[32], text[200], line[300];

	json_object_foreach((json_t *)object, name, value)
	{
		facts_label(name, label, sizeof(label));
		facts_value(name, value, text, sizeof(text));
		tt_format(line, sizeof(line), "%-12s %s", label, text);
		facts_add(f, STYLE_PLAIN, line);
	}
}

static void facts_add_json(struct facts *f, const struct tt_column *col, const char *text)
{
	const struct facts_section *row;
	json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);
	const json_t *item;
	char title[100];
	size_t i;

	for (row = facts_sections; row->column && strcmp(row->column, col->name) != 0; row++)
		;
	tt_copy(title, sizeof(title), row->column ? row->title : col->help);
	if (title[0] >= 'a' && title[0] <= 'z')
		title[0] = (char)(title[0] - 'a' + 'A');
	if (json_array_size(json) > 0 || json_object_size(json) > 0) {
		facts_add(f, STYLE_PLAIN, "");
		facts_add(f, STYLE_STRONG, title);
	}
	if (row->column) {
		json_array_foreach(json, i, item) row->add(f, item);
	} else if (json_is_object(json_array_get(json, 0))) {
		facts_add_objects(f, json);
	} else if (json_is_array(json)) {
		json_array_foreach(json, i, item) facts_add_near(f, item);
	} else {
		facts_add_members(f, json);
	}
	json_decref(json);
}

/* ---- columns */

/* "opened at    21 Nov 2026 14:10:59"; nothing for no value. */
static void facts_add_fact(struct facts *f, const struct tt_column *col, const void *row)
{
	struct tt_buf value = {0};
	char label[32], at[32], text[400];

	tt_table_title(col, label, sizeof(label));
	if (col->type == TT_TIME) {
		facts_time(at, sizeof(at), *(const tt_time *)tt_field(col, row));
		tt_buf_puts(&value, at);
	} else {
		tt_column_print(col, row, true, &value);
	}
	if (value.len > 0) {
		tt_format(text, sizeof(text), "%-12s %s", label, value.data);
		facts_add(f, STYLE_PLAIN, text);
	}
	tt_buf_fini(&value);
}

void facts_add_row(struct facts *f, const struct tt_column *cols, const void *row)
{
	const struct tt_column *col;
	const char *json;

	for (col = cols; col->name; col++) {
		/* The first is that of the operation itself. */
		if (col->type != TT_JSON && (col != cols || strcmp(col->name, "outcome") != 0))
			facts_add_fact(f, col, row);
	}
	for (col = cols; col->name; col++) {
		json = col->type == TT_JSON ? *(char **)tt_field(col, row) : NULL;
		if (json)
			facts_add_json(f, col, json);
	}
}

void facts_draw(struct facts *f, const struct canvas *c)
{
	size_t height = c->height > 0 ? (size_t)c->height : 0, i;
	int y = 0;

	tt_scroll_resize(&f->list, f->count > height ? f->count - height + 1 : 1, height);
	for (i = f->list.selected; i < f->count && y < c->height; i++, y++)
		draw_text(c, y, 0, c->width, f->lines[i].style, f->lines[i].text);
}
