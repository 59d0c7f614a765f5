/*
 * Fitting columns into a width, and cells for people.
 */
#include <tracetrack/table.h>

#include <string.h>
#include <time.h>

#include <tracetrack/text.h>

#define TABLE_WIDEST 40
#define TABLE_CUT 10 /* text that is cut keeps so much */

static bool table_is_seen(const struct tt_column *col)
{
	return col->type != TT_JSON && col->type != TT_SECRET && col->type != TT_ID;
}

void tt_table_title(const struct tt_column *col, char *dst, size_t size)
{
	size_t len = tt_copy(dst, size,
		col->type == TT_GRAMS && strcmp(col->name, "grams") == 0 ? "weight" : col->name);
	size_t unit = col->unit ? strlen(col->unit) : 0;

	if (unit && len > unit + 1 && dst[len - unit - 1] == '_' &&
		strcmp(dst + len - unit, col->unit) == 0)
		tt_format(dst + len - unit, size - len + unit, "%s", col->unit);
	tt_replace(dst, '_', ' ');
}

void tt_table_init(struct tt_table *t, const struct tt_column *cols, const char *skip)
{
	char title[64];

	memset(t, 0, sizeof(*t));
	for (; cols->name && t->count < TT_TABLE_COLUMNS; cols++) {
		if (!table_is_seen(cols) || (skip && strcmp(cols->name, skip) == 0))
			continue;
		tt_table_title(cols, title, sizeof(title));
		t->needs[t->count] = tt_text_width(title);
		t->cols[t->count++] = cols;
	}
}

void tt_table_measure(struct tt_table *t, const void *row, tt_time now)
{
	char cell[256];
	size_t i;
	int width;

	for (i = 0; i < t->count; i++) {
		tt_table_cell(t->cols[i], row, now, cell, sizeof(cell));
		width = tt_text_width(cell);
		if (width > t->wants[i])
			t->wants[i] = width;
		if (width > TABLE_WIDEST)
			width = TABLE_WIDEST;
		if (width > t->needs[i])
			t->needs[i] = width;
	}
}

/* Columns in all when the wide ones are in or out. */
static int table_sum(const struct tt_table *t)
{
	int sum = -TT_TABLE_GAP;
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (t->width[i] > 0)
			sum += t->width[i] + TT_TABLE_GAP;
	}
	return sum;
}

/* Save so many columns at one from the right that has these flags: by cutting its text, else by
 * leaving it out. False when there is none but the first. */
static bool table_save(struct tt_table *t, unsigned flags, int excess)
{
	size_t i;

	for (i = t->count; i-- > 1;) {
		if (t->width[i] == 0 || (t->cols[i]->flags & flags) != flags)
			continue;
		if (t->cols[i]->type == TT_TEXT && t->width[i] - excess >= TABLE_CUT)
			t->width[i] -= excess;
		else
			t->width[i] = 0;
		return true;
	}
	return false;
}

/* Give what is left over to the columns that would be cut, the first ones first. */
static void table_grow(struct tt_table *t, int spare)
{
	size_t i;
	int more;

	for (i = 0; i < t->count && spare > 0; i++) {
		more = t->width[i] > 0 ? t->wants[i] - t->width[i] : 0;
		if (more > spare)
			more = spare;
		if (more > 0) {
			t->width[i] += more;
			spare -= more;
		}
	}
}

void tt_table_fit(struct tt_table *t, int width)
{
	memcpy(t->width, t->needs, sizeof(t->width));
	while (table_sum(t) > width && table_save(t, TT_WIDE, table_sum(t) - width))
		;
	while (table_sum(t) > width && table_save(t, 0, table_sum(t) - width))
		;
	if (t->count > 0 && t->width[0] > width)
		t->width[0] = width;
	table_grow(t, width - table_sum(t));
}

bool tt_table_is_right(const struct tt_column *col)
{
	return col->type == TT_INT || col->type == TT_GRAMS;
}

void tt_table_time(char *dst, size_t size, tt_time t, tt_time now)
{
	time_t seconds = (time_t)(t / 1000000), today = (time_t)(now / 1000000);
	struct tm then, tm;
	const char *form = "%d %b %Y";

	dst[0] = '\0';
	if (t == TT_NO_TIME || !localtime_r(&seconds, &then) || !localtime_r(&today, &tm))
		return;
	if (then.tm_year == tm.tm_year)
		form = then.tm_yday == tm.tm_yday ? "%H:%M:%S" : "%d %b %H:%M";
	strftime(dst, size, form, &then);
}

void tt_table_word(const char *name, char *text)
{
	if (strcmp(name, "outcome") == 0 || strcmp(name, "action") == 0)
		tt_replace(text, '_', ' ');
}

void tt_table_cell(
	const struct tt_column *col, const void *row, tt_time now, char *dst, size_t size)
{
	struct tt_buf text = {0};

	if (col->type == TT_TIME) {
		tt_table_time(dst, size, *(const tt_time *)tt_field(col, row), now);
		return;
	}
	tt_column_print(col, row, true, &text);
	tt_copy(dst, size, text.data ? text.data : "");
	tt_table_word(col->name, dst);
	tt_buf_fini(&text);
}
