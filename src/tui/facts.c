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

#define FACTS_MEMBERS 12 /* columns of a list */
#define FACTS_OBJECT 48  /* lines of an object */
#define FACTS_LABEL 12
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

/* What names a thing comes first, then the figures as a day goes: an object of the database has its
 * members in no order of meaning. How it was done, a yes or no, comes last: on a narrow screen it
 * is cut first, not who did it and when. */
static size_t facts_rank(const char *name)
{
	static const char *const order[] = {"position", "code", "name", "login", "person",
		"station", "area", "outcome", "state", "scans", "done", "again", "refused",
		"linked", "opened", "closed", "created", "completed", "parents", "children",
		"expected", "grams", NULL};
	size_t i;

	for (i = 0; order[i] && strcmp(order[i], name) != 0; i++)
		;
	if (!order[i])
		i += strcmp(name, "weighed") == 0 ? 1 : strcmp(name, "manual") == 0 ? 2 : 0;
	return i;
}

/* Members are named like columns, and those of few digits in few letters. */
static void facts_label(const char *name, char *dst, size_t size)
{
	static const char *const labels[][2] = {{"grams", "weight"}, {"position", "no."}};
	size_t i;

	for (i = 0; i < 2 && strcmp(labels[i][0], name) != 0; i++)
		;
	tt_copy(dst, size, i < 2 ? labels[i][1] : name);
	tt_replace(dst, '_', ' ');
}

static void facts_number(const char *name, const json_t *value, char *dst, size_t size)
{
	const char *bytes = strstr(name, "bytes");

	if (!json_is_integer(value))
		tt_format(dst, size, "%.2f", json_real_value(value));
	else if (strcmp(name, "grams") == 0 || strcmp(name, "expected") == 0)
		tt_format_kg(dst, size, json_integer_value(value));
	else if (bytes && bytes[5] == '\0')
		tt_format_bytes(dst, size, json_integer_value(value));
	else
		tt_format(dst, size, "%lld", (long long)json_integer_value(value));
}

/* A member's value for people; is_cell: of a list, where times of today are short. */
static void facts_value(const char *name, const json_t *value, bool is_cell, char *dst, size_t size)
{
	char *text;
	tt_time t;

	dst[0] = '\0';
	if (json_is_number(value)) {
		facts_number(name, value, dst, size);
	} else if (json_is_string(value)) {
		if (!tt_time_parse(json_string_value(value), &t))
			tt_copy(dst, size, json_string_value(value));
		else if (is_cell)
			tt_table_time(dst, size, t, tt_now());
		else
			facts_time(dst, size, t);
		tt_table_word(name, dst);
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
	bool is_right;
};

static size_t facts_members(const json_t *object, struct facts_member *members, size_t size)
{
	const json_t *value;
	const char *name;
	size_t n = 0, m;

	json_object_foreach((json_t *)object, name, value)
	{
		if (n == size)
			break;
		for (m = n++; m > 0 && facts_rank(name) < facts_rank(members[m - 1].name); m--)
			members[m] = members[m - 1];
		members[m].name = name;
		members[m].is_right = json_is_number(value);
		facts_label(name, members[m].label, sizeof(members[m].label));
		members[m].width = tt_text_width(members[m].label);
	}
	return n;
}

/* A line of cells, without the last one's gap, which would count as cut. */
static void facts_add_cells(struct facts *f, enum style style, struct tt_buf *line)
{
	while (line->len > 0 && line->data[line->len - 1] == ' ')
		line->data[--line->len] = '\0';
	facts_add(f, style, line->data ? line->data : "");
	tt_buf_clear(line);
}

/* A cell and the gap behind it. */
static void facts_put(struct tt_buf *line, const struct facts_member *member, const char *text)
{
	int pad = member->width - tt_text_width(text);

	tt_buf_printf(line, "%*s%s%*s", member->is_right ? pad : 0, "", text,
		member->is_right ? 2 : pad + 2, "");
}

/* Objects as rows under the names of their members. */
static void facts_add_objects(struct facts *f, const json_t *array)
{
	struct facts_member members[FACTS_MEMBERS];
	size_t n = facts_members(json_array_get(array, 0), members, FACTS_MEMBERS), i, m;
	struct tt_buf line = {0};
	const json_t *item;
	char text[64];

	json_array_foreach(array, i, item)
	{
		for (m = 0; m < n; m++) {
			facts_value(members[m].name, json_object_get(item, members[m].name), true,
				text, sizeof(text));
			if (tt_text_width(text) > members[m].width)
				members[m].width = tt_text_width(text);
		}
	}
	for (m = 0; m < n; m++)
		facts_put(&line, members + m, members[m].label);
	facts_add_cells(f, STYLE_FAINT, &line);
	json_array_foreach(array, i, item)
	{
		for (m = 0; m < n; m++) {
			facts_value(members[m].name, json_object_get(item, members[m].name), true,
				text, sizeof(text));
			facts_put(&line, members + m, text);
		}
		facts_add_cells(f, STYLE_PLAIN, &line);
	}
	tt_buf_fini(&line);
}

/* Members of one object, as facts. */
static void facts_add_members(struct facts *f, const json_t *object)
{
	struct facts_member members[FACTS_OBJECT];
	size_t n = facts_members(object, members, FACTS_OBJECT), m;
	char text[200], line[300];
	int width = FACTS_LABEL;

	for (m = 0; m < n; m++) {
		if (members[m].width > width)
			width = members[m].width;
	}
	for (m = 0; m < n; m++) {
		facts_value(members[m].name, json_object_get(object, members[m].name), false, text,
			sizeof(text));
		tt_format(line, sizeof(line), "%-*s %s", width, members[m].label, text);
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

static void facts_print(const struct tt_column *col, const void *row, struct tt_buf *out)
{
	char text[32];

	tt_buf_clear(out);
	if (col->type == TT_TIME) {
		facts_time(text, sizeof(text), *(const tt_time *)tt_field(col, row));
		tt_buf_puts(out, text);
	} else if (col->type == TT_INT && col->unit && strcmp(col->unit, "B") == 0) {
		tt_format_bytes(text, sizeof(text), *(const int64_t *)tt_field(col, row));
		tt_buf_puts(out, text);
	} else {
		tt_column_print(col, row, true, out);
	}
	if (out->len > 0)
		tt_table_word(col->name, out->data);
}

/* The first column is that of the operation itself. */
static bool facts_is_fact(const struct tt_column *cols, const struct tt_column *col)
{
	return col->type != TT_JSON && (col != cols || strcmp(col->name, "outcome") != 0);
}

/* The widest label of those that have a value. */
static int facts_label_width(const struct tt_column *cols, const void *row)
{
	const struct tt_column *col;
	struct tt_buf value = {0};
	int width = FACTS_LABEL;
	char label[32];

	for (col = cols; col->name; col++) {
		if (!facts_is_fact(cols, col))
			continue;
		facts_print(col, row, &value);
		tt_table_title(col, label, sizeof(label));
		if (value.len > 0 && tt_text_width(label) > width)
			width = tt_text_width(label);
	}
	tt_buf_fini(&value);
	return width;
}

/* "opened at    21 Nov 2026 14:10:59"; nothing for no value. */
static void facts_add_fact(
	struct facts *f, const struct tt_column *col, const void *row, int label_width)
{
	struct tt_buf value = {0};
	char label[32], text[400];

	facts_print(col, row, &value);
	tt_table_title(col, label, sizeof(label));
	if (value.len > 0) {
		tt_format(text, sizeof(text), "%-*s %s", label_width, label, value.data);
		facts_add(f, STYLE_PLAIN, text);
	}
	tt_buf_fini(&value);
}

void facts_add_row(struct facts *f, const struct tt_column *cols, const void *row)
{
	int label_width = facts_label_width(cols, row);
	const struct tt_column *col;
	const char *json;

	for (col = cols; col->name; col++) {
		if (facts_is_fact(cols, col))
			facts_add_fact(f, col, row, label_width);
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
