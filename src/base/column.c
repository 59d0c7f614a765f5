/*
 * One row of a column table knows how to read, bind and print its field. Each type is a row of
 * functions here.
 */
#include <tracetrack/column.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>

size_t tt_column_count(const struct tt_column *cols)
{
	size_t n = 0;

	while (cols && cols[n].name)
		n++;
	return n;
}

const struct tt_column *tt_column_find(const struct tt_column *cols, const char *name)
{
	for (; cols && cols->name; cols++) {
		if (strcmp(cols->name, name) == 0)
			return cols;
	}
	return NULL;
}

static bool column_parse_text(const char *text, void *field)
{
	char **s = field;

	free(*s);
	*s = tt_strdup(text);
	return tt_utf8_is_valid(text, strlen(text));
}

static bool column_parse_int(const char *text, void *field)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || end == text || *end != '\0' || v == TT_NO_INT)
		return false;
	*(int64_t *)field = v;
	return true;
}

/* "1250", "1250 g", "1.25 kg": exact, at most three decimals of a kilogram. */
static bool column_parse_grams(const char *text, void *field)
{
	int64_t whole = 0, thousandths = 0, unit = 100;
	const char *p = text;

	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (whole > INT64_MAX / 100000)
			return false;
		whole = whole * 10 + (*p - '0');
	}
	if (*p == '.') {
		for (p++; *p >= '0' && *p <= '9'; p++, unit /= 10) {
			if (unit == 0 && *p != '0')
				return false;
			thousandths += (*p - '0') * unit;
		}
	}
	p += strspn(p, " ");
	if (strcmp(p, "kg") == 0)
		*(int64_t *)field = whole * 1000 + thousandths;
	else if ((*p == '\0' || strcmp(p, "g") == 0) && thousandths == 0)
		*(int64_t *)field = whole;
	else
		return false;
	return true;
}

static bool column_parse_bool(const char *text, void *field)
{
	static const char *const words[] = {
		"f", "t", "false", "true", "off", "on", "no", "yes", "0", "1"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(int64_t *)field = i % 2;
			return true;
		}
	}
	return false;
}

static bool column_parse_time(const char *text, void *field)
{
	return tt_time_parse(text, field);
}

static bool column_parse_id(const char *text, void *field)
{
	return tt_uuid_parse(text, field);
}

static bool column_print_text(const void *field, bool human, struct tt_buf *out)
{
	const char *s = *(char *const *)field;
	size_t len = s ? strlen(s) : 0;
	char *clean;

	(void)human;
	if (!s)
		return false;
	clean = tt_alloc(len * 10 + 1);
	tt_buf_add(out, clean, tt_clean(clean, len * 10 + 1, s, len));
	free(clean);
	return true;
}

static bool column_print_int(const void *field, bool human, struct tt_buf *out)
{
	int64_t v = *(const int64_t *)field;

	(void)human;
	if (v != TT_NO_INT)
		tt_buf_int(out, v);
	return v != TT_NO_INT;
}

static bool column_print_grams(const void *field, bool human, struct tt_buf *out)
{
	int64_t v = *(const int64_t *)field;

	if (!human || v == TT_NO_INT || v < 0)
		return column_print_int(field, human, out);
	if (v % 100 == 0)
		tt_buf_printf(out, "%" PRId64 ".%" PRId64 " kg", v / 1000, v % 1000 / 100);
	else
		tt_buf_printf(out, "%" PRId64 ".%03" PRId64 " kg", v / 1000, v % 1000);
	return true;
}

static bool column_print_bool(const void *field, bool human, struct tt_buf *out)
{
	int64_t v = *(const int64_t *)field;

	if (v == TT_NO_INT)
		return false;
	tt_buf_puts(out, human ? (v ? "yes" : "no") : (v ? "true" : "false"));
	return true;
}

static bool column_print_time(const void *field, bool human, struct tt_buf *out)
{
	tt_time t = *(const tt_time *)field;
	char text[32];

	if (t == TT_NO_TIME)
		return false;
	tt_time_format(text, sizeof(text), t);
	if (human)
		text[19] = '\0', text[10] = ' ';
	tt_buf_puts(out, text);
	return true;
}

static bool column_print_id(const void *field, bool human, struct tt_buf *out)
{
	char text[37];

	(void)human;
	if (tt_uuid_is_nil(field))
		return false;
	tt_uuid_format(text, field);
	tt_buf_puts(out, text);
	return true;
}

static const struct column_type {
	bool is_string;
	const char *what;
	bool (*parse)(const char *text, void *field);
	bool (*print)(const void *field, bool human, struct tt_buf *out);
} column_types[] = {
	[TT_TEXT] = {true, "text in UTF-8", column_parse_text, column_print_text},
	[TT_INT] = {false, "a whole number", column_parse_int, column_print_int},
	[TT_GRAMS] = {false, "a weight such as 1250 or \"1.25 kg\"", column_parse_grams,
		column_print_grams},
	[TT_BOOL] = {false, "yes or no", column_parse_bool, column_print_bool},
	[TT_TIME] = {false, "a time such as 2026-11-21T08:00:00Z", column_parse_time,
		column_print_time},
	[TT_ID] = {false, "a UUID", column_parse_id, column_print_id},
	[TT_JSON] = {true, "JSON", column_parse_text, column_print_text},
	[TT_SECRET] = {true, "text in UTF-8", column_parse_text, NULL},
};

static void column_clear(const struct tt_column *col, void *row)
{
	void *field = tt_field(col, row);

	if (column_types[col->type].is_string)
		*(char **)field = NULL;
	else if (col->type == TT_ID)
		memset(field, 0, sizeof(struct tt_uuid));
	else
		*(int64_t *)field = TT_NO_INT;
}

void tt_columns_init(const struct tt_column *cols, void *row)
{
	for (; cols && cols->name; cols++)
		column_clear(cols, row);
}

void tt_columns_fini(const struct tt_column *cols, void *row)
{
	for (; cols && cols->name; cols++) {
		if (column_types[cols->type].is_string)
			free(*(char **)tt_field(cols, row));
		column_clear(cols, row);
	}
}

enum tt_rc tt_column_parse(
	const struct tt_column *col, void *row, const char *text, struct tt_error *err)
{
	const struct column_type *type = &column_types[col->type];

	if (!text) {
		if (type->is_string)
			free(*(char **)tt_field(col, row));
		column_clear(col, row);
		return TT_OK;
	}
	if (!type->parse(text, tt_field(col, row)))
		return tt_fail(err, TT_DATA, "%s must be %s, not \"%.80s\"", col->name, type->what,
			col->type == TT_SECRET ? "..." : text);
	return TT_OK;
}

/* The next field of a record, unquoted into out. Returns where it ends: "," or ")", or NULL when
 * the record is cut short. A quote or backslash stands for itself when doubled or after a
 * backslash. */
static const char *column_next_field(const char *p, struct tt_buf *out, bool *is_null)
{
	bool is_quoted = false;
	size_t plain;

	*is_null = *p == ',' || *p == ')';
	out->len = 0;
	for (;; p++) {
		plain = strcspn(p, is_quoted ? "\"\\" : "\"\\,)");
		tt_buf_add(out, p, plain);
		p += plain;
		if (*p == ',' || *p == ')')
			return p;
		if (*p == '"' && !(is_quoted && p[1] == '"')) {
			is_quoted = !is_quoted;
			continue;
		}
		if (*p == '\0' || *++p == '\0')
			return NULL;
		tt_buf_add(out, p, 1);
	}
}

enum tt_rc tt_columns_parse(
	const struct tt_column *cols, void *row, const char *record, struct tt_error *err)
{
	struct tt_buf field = {0};
	const char *p = record;
	enum tt_rc rc = TT_OK;
	bool is_null;

	for (; cols->name && rc == TT_OK; cols++) {
		p = p && *p == (p == record ? '(' : ',') ? p + 1 : NULL;
		p = p ? column_next_field(p, &field, &is_null) : NULL;
		if (!p)
			rc = tt_fail(err, TT_DATA, "\"%.80s\" is not a whole record", record);
		else if (!is_null)
			rc = tt_column_parse(cols, row, field.data, err);
		if (p && *p == ')')
			break;
	}
	tt_buf_fini(&field);
	return rc;
}

bool tt_column_bind(const struct tt_column *col, const void *row, struct tt_buf *out)
{
	const void *field = tt_field(col, row);
	const char *s;

	if (!column_types[col->type].is_string)
		return column_types[col->type].print(field, false, out);
	s = *(char *const *)field;
	if (s)
		tt_buf_puts(out, s);
	return s != NULL;
}

void tt_column_print(const struct tt_column *col, const void *row, bool human, struct tt_buf *out)
{
	if (column_types[col->type].print)
		(void)column_types[col->type].print(tt_field(col, row), human, out);
}

void *tt_rows_add(struct tt_rows *rows)
{
	void *row;

	if (rows->count == rows->cap) {
		rows->cap = rows->cap ? rows->cap * 2 : 4;
		rows->data = tt_realloc(rows->data, rows->cap * rows->size);
	}
	row = tt_rows_at(rows, rows->count++);
	memset(row, 0, rows->size);
	tt_columns_init(rows->cols, row);
	return row;
}

void tt_rows_fini(struct tt_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->count; i++)
		tt_columns_fini(rows->cols, tt_rows_at(rows, i));
	free(rows->data);
	rows->data = NULL;
	rows->count = rows->cap = 0;
}
