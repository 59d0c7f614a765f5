/*
 * Reading the dashboard's figures, most of them JSON.
 */
#include <tracetrack/board.h>

#include <jansson.h>
#include <string.h>

#include <tracetrack/text.h>

void tt_board_init(struct tt_board *b)
{
	memset(b, 0, sizeof(*b));
	b->at = b->exceptions_since = TT_NO_TIME;
	b->hour_yesterday = b->hour_last_week = TT_NO_INT;
	b->scans = b->last_hour = b->per_minute = b->refused = b->opened = b->closed = b->grams =
		TT_NO_INT;
	b->parents_open = b->parents_complete = b->parents_short = b->children_linked = TT_NO_INT;
	b->bills_open = b->bills_completed = TT_NO_INT;
	b->exceptions = b->sessions = b->people_count = b->stations_count = TT_NO_INT;
}

/* ---- reading */

static int64_t board_number(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) ? json_integer_value(value) : TT_NO_INT;
}

static void board_text(char *dst, size_t size, const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	tt_clean(dst, size, text ? text : "", text ? strlen(text) : 0);
}

static void board_read_totals(struct tt_board *b, const json_t *json)
{
	b->parents_open = board_number(json, "parents_open");
	b->parents_complete = board_number(json, "parents_complete");
	b->parents_short = board_number(json, "parents_short");
	b->children_linked = board_number(json, "children_linked");
}

static void board_read_today(struct tt_board *b, const json_t *json)
{
	b->scans = board_number(json, "scans");
	b->refused = board_number(json, "refused");
	b->opened = board_number(json, "opened");
	b->closed = board_number(json, "closed");
	b->grams = board_number(json, "grams");
	b->people_count = board_number(json, "people");
	b->stations_count = board_number(json, "stations");
}

/* Sixty numbers, the last of them of the minute that runs. */
static void board_read_series(int64_t *series, const json_t *json)
{
	size_t i;

	for (i = 0; i < TT_BOARD_MINUTES; i++)
		series[i] = json_integer_value(json_array_get(json, i));
}

static void board_read_minutes(struct tt_board *b, const json_t *json)
{
	size_t i;

	board_read_series(b->minutes, json);
	b->last_hour = 0;
	for (i = 0; i < TT_BOARD_MINUTES; i++)
		b->last_hour += b->minutes[i];
	b->per_minute = b->minutes[TT_BOARD_MINUTES - 2];
}

static void board_read_yesterday(struct tt_board *b, const json_t *json)
{
	size_t i;

	board_read_series(b->yesterday, json);
	b->hour_yesterday = 0;
	for (i = 0; i < TT_BOARD_MINUTES; i++)
		b->hour_yesterday += b->yesterday[i];
}

static void board_read_day(int64_t *hours, const json_t *json)
{
	size_t i;

	for (i = 0; i < TT_BOARD_HOURS; i++)
		hours[i] = json_integer_value(json_array_get(json, i));
}

static void board_read_hours(struct tt_board *b, const json_t *json)
{
	b->nhours = json_array_size(json);
	if (b->nhours > TT_BOARD_HOURS)
		b->nhours = TT_BOARD_HOURS;
	board_read_day(b->hours, json);
}

static void board_read_hours_yesterday(struct tt_board *b, const json_t *json)
{
	board_read_day(b->hours_yesterday, json);
}

static size_t board_read_rows(struct tt_board_row *rows, const json_t *json, const char *name)
{
	const json_t *item;
	char at[40];
	size_t i;

	json_array_foreach(json, i, item)
	{
		if (i == TT_BOARD_ROWS)
			break;
		board_text(rows[i].name, sizeof(rows[i].name), item, name);
		board_text(rows[i].area, sizeof(rows[i].area), item, "area");
		board_text(rows[i].person, sizeof(rows[i].person), item, "person");
		board_text(at, sizeof(at), item, "last_at");
		if (!tt_time_parse(at, &rows[i].last_at))
			rows[i].last_at = TT_NO_TIME;
		rows[i].scans = board_number(item, "scans");
		rows[i].refused = board_number(item, "refused");
		rows[i].opened = board_number(item, "opened");
		rows[i].closed = board_number(item, "closed");
		rows[i].is_silent = json_is_true(json_object_get(item, "silent"));
	}
	return i;
}

static void board_read_people(struct tt_board *b, const json_t *json)
{
	b->npeople = board_read_rows(b->people, json, "login");
}

static void board_read_stations(struct tt_board *b, const json_t *json)
{
	b->nstations = board_read_rows(b->stations, json, "station");
}

static void board_read_bills(struct tt_board *b, const json_t *json)
{
	b->bills_open = board_number(json, "open");
	b->bills_completed = board_number(json, "completed");
}

static void board_read_refusals(struct tt_board *b, const json_t *json)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json, i, item)
	{
		if (i == TT_BOARD_REFUSALS)
			break;
		board_text(b->refusals[i].outcome, sizeof(b->refusals[i].outcome), item, "outcome");
		b->refusals[i].scans = board_number(item, "scans");
	}
	b->nrefusals = i;
}

static const struct {
	const char *column;
	void (*read)(struct tt_board *b, const json_t *json);
} board_parts[] = {
	{"totals", board_read_totals},
	{"today", board_read_today},
	{"minutes", board_read_minutes},
	{"minutes_yesterday", board_read_yesterday},
	{"hours", board_read_hours},
	{"hours_yesterday", board_read_hours_yesterday},
	{"people", board_read_people},
	{"stations", board_read_stations},
	{"refusals", board_read_refusals},
	{"bills", board_read_bills},
};

static int64_t board_column(const struct tt_column *cols, const void *row, const char *name)
{
	const struct tt_column *col = tt_column_find(cols, name);

	return col && col->type != TT_TEXT ? *(const int64_t *)tt_field(col, row) : TT_NO_INT;
}

void tt_board_read(struct tt_board *b, const struct tt_column *cols, const void *row)
{
	const struct tt_column *col;
	const char *text;
	json_t *json;
	size_t i;

	tt_board_init(b);
	for (i = 0; i < sizeof(board_parts) / sizeof(*board_parts); i++) {
		col = tt_column_find(cols, board_parts[i].column);
		text = col ? *(char *const *)tt_field(col, row) : NULL;
		json = text ? json_loads(text, 0, NULL) : NULL;
		if (json)
			board_parts[i].read(b, json);
		json_decref(json);
	}
	b->exceptions = board_column(cols, row, "exceptions");
	b->sessions = board_column(cols, row, "sessions");
	b->hour_last_week = board_column(cols, row, "hour_last_week");
	b->exceptions_since = board_column(cols, row, "exceptions_since");
	b->at = board_column(cols, row, "at");
	if (b->at == TT_NO_TIME)
		b->at = tt_now();
	col = tt_column_find(cols, "area");
	text = col ? *(char *const *)tt_field(col, row) : NULL;
	tt_clean(b->area, sizeof(b->area), text ? text : "", text ? strlen(text) : 0);
}

/* ---- the database */

void tt_pulse_init(struct tt_pulse *p)
{
	memset(p, 0, sizeof(*p));
	p->connections = p->active = p->waiting = p->longest_wait_ms = p->longest_ms = p->lag_ms =
		TT_NO_INT;
}

void tt_pulse_read(struct tt_pulse *p, const struct tt_column *cols, const void *row)
{
	const struct tt_column *col = tt_column_find(cols, "longest");
	const char *text = col ? *(char *const *)tt_field(col, row) : NULL;

	p->connections = board_column(cols, row, "connections");
	p->active = board_column(cols, row, "active");
	p->waiting = board_column(cols, row, "waiting");
	p->longest_wait_ms = board_column(cols, row, "longest_wait_ms");
	p->longest_ms = board_column(cols, row, "longest_ms");
	p->lag_ms = board_column(cols, row, "lag_ms");
	tt_clean(p->longest, sizeof(p->longest), text ? text : "", text ? strlen(text) : 0);
}
