/*
 * summary print: the end of a business day, from the operations that tell its figures.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/csv.h>
#include <tracetrack/paper_report.h>

#include "paper.h"

#define SUMMARY_COLUMNS 8

/* What a table is made of; `columns` are result columns of the operation, the first a name. */
static const struct summary_part {
	const char *key, *title, *operation;
	const char *days[3]; /* its parameters that take the day */
	const char *columns[SUMMARY_COLUMNS];
	struct tt_grid_column heads[SUMMARY_COLUMNS];
} summary_parts[] = {
	{"states", "Bills made, by state", "bill.states", {"from", "to"},
		{"state", "bills", "parents", "children", "expected", "grams"},
		{{"State", 3, false}, {"Bills", 1.4, true}, {"Parents", 1.4, true},
			{"Children", 1.5, true}, {"Expected kg", 2, true}, {"Actual kg", 2, true}}},
	{"bills", "Bills by person", "bill.summary", {"from", "to"},
		{"login", "created", "completed", "parents", "children", "expected", "grams"},
		{{"Person", 3, false}, {"Created", 1.4, true}, {"Completed", 1.6, true},
			{"Parents", 1.4, true}, {"Children", 1.5, true}, {"Expected kg", 2, true},
			{"Actual kg", 2, true}}},
	{"people", "Scans by person", "stats.people", {"day"},
		{"login", "scans", "done", "again", "refused", "opened", "closed", "grams"},
		{{"Person", 3, false}, {"Scans", 1.4, true}, {"Done", 1.4, true},
			{"Again", 1.4, true}, {"Refused", 1.5, true}, {"Opened", 1.5, true},
			{"Closed", 1.5, true}, {"Closed kg", 2, true}}},
	{"areas", "Scans by area", "stats.areas", {"day"},
		{"name", "scans", "done", "again", "refused", "opened", "closed", "grams"},
		{{"Area", 3, false}, {"Scans", 1.4, true}, {"Done", 1.4, true},
			{"Again", 1.4, true}, {"Refused", 1.5, true}, {"Opened", 1.5, true},
			{"Closed", 1.5, true}, {"Closed kg", 2, true}}},
};
#define SUMMARY_PARTS (sizeof(summary_parts) / sizeof(*summary_parts))

struct summary {
	char day[16];
	size_t count;
	struct tt_call calls[SUMMARY_PARTS];
	struct tt_grid grids[SUMMARY_PARTS];
};

static void summary_cell(struct tt_grid *grid, const struct tt_column *col, const void *row)
{
	if (col->type == TT_GRAMS)
		tt_grid_kg(grid, *(const int64_t *)tt_field(col, row));
	else if (col->type == TT_INT)
		tt_grid_number(grid, *(const int64_t *)tt_field(col, row));
	else
		tt_grid_add(grid, *(char *const *)tt_field(col, row));
}

static void summary_total(
	struct tt_grid *grid, const struct tt_column *col, const struct tt_rows *rows)
{
	int64_t sum = 0, n;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		n = *(const int64_t *)tt_field(col, tt_rows_at(rows, i));
		sum += n == TT_NO_INT ? 0 : n;
	}
	if (col->type == TT_GRAMS)
		tt_grid_kg(grid, sum);
	else
		tt_grid_number(grid, sum);
}

static void summary_grid(
	struct tt_grid *grid, const struct summary_part *part, const struct tt_rows *rows)
{
	size_t i, c;

	grid->title = part->title;
	grid->columns = part->heads;
	grid->has_total = true;
	while (grid->column_count < SUMMARY_COLUMNS && part->columns[grid->column_count])
		grid->column_count++;
	for (i = 0; i < rows->count; i++) {
		for (c = 0; c < grid->column_count; c++)
			summary_cell(grid, tt_column_find(rows->cols, part->columns[c]),
				tt_rows_at(rows, i));
	}
	tt_grid_add(grid, "all");
	for (c = 1; c < grid->column_count; c++)
		summary_total(grid, tt_column_find(rows->cols, part->columns[c]), rows);
}

static enum tt_rc summary_ask(struct ctl *ctl, const struct summary_part *part, const char *day,
	struct tt_call *call, struct tt_error *err)
{
	const struct tt_operation *op = tt_operation_find(part->operation);
	void *args = tt_operation_args_new(op);
	enum tt_rc rc = TT_OK;

	for (const char *const *name = part->days; *name && rc == TT_OK; name++)
		rc = tt_operation_set(op, args, *name, day, err);
	if (rc == TT_OK)
		rc = ctl_call(ctl, op, args, call, err);
	tt_operation_args_free(op, args);
	return rc;
}

static void summary_json(const struct summary *s)
{
	struct tt_json json = {0};
	size_t i;

	tt_json_open(&json, NULL, '{');
	tt_json_text(&json, "day", s->day);
	for (i = 0; i < s->count; i++)
		tt_operation_json(&json, summary_parts[i].key,
			tt_operation_find(summary_parts[i].operation), &s->calls[i].rows);
	tt_json_close(&json, '}');
	puts(json.text.data);
	tt_json_fini(&json);
}

/* One figure a line, so that one file has all tables: part, name, figure, value. */
static void summary_csv(const struct summary *s)
{
	struct summary_figure {
		char *part, *name, *figure;
		int64_t value;
	} figure;
	static const struct tt_column cols[] = {
		{"part", TT_TEXT, offsetof(struct summary_figure, part), NULL, "", 0},
		{"name", TT_TEXT, offsetof(struct summary_figure, name), NULL, "", 0},
		{"figure", TT_TEXT, offsetof(struct summary_figure, figure), NULL, "", 0},
		{"value", TT_INT, offsetof(struct summary_figure, value), NULL, "", 0},
		{NULL, 0, 0, NULL, NULL, 0},
	};
	const struct tt_column *col;
	struct tt_buf out = {0};
	size_t p, i, c;
	const void *row;

	tt_csv_names(cols, &out);
	for (p = 0; p < s->count; p++) {
		for (i = 0; i < s->calls[p].rows.count; i++) {
			row = tt_rows_at(&s->calls[p].rows, i);
			col = tt_column_find(s->calls[p].rows.cols, summary_parts[p].columns[0]);
			figure.part = (char *)(uintptr_t)summary_parts[p].key;
			figure.name = *(char *const *)tt_field(col, row);
			for (c = 1; c < s->grids[p].column_count; c++) {
				col = tt_column_find(
					s->calls[p].rows.cols, summary_parts[p].columns[c]);
				figure.figure = (char *)(uintptr_t)col->name;
				figure.value = *(const int64_t *)tt_field(col, row);
				tt_csv_row(cols, &figure, &out);
			}
		}
	}
	fputs(out.data, stdout);
	tt_buf_fini(&out);
}

static enum tt_rc summary_put(const struct ctl *ctl, const struct summary *s, const char *zone,
	const char *file, struct tt_error *err)
{
	char subtitle[96];
	const struct tt_paper_report report = {"End of day", subtitle, s->grids, s->count};
	struct tt_paper paper = {0};
	struct tt_buf text = {0};
	enum tt_rc rc = TT_OK;

	tt_format(subtitle, sizeof(subtitle), "%s, %s", s->day, zone);
	if (file) {
		rc = tt_paper_report(&paper, &report, err);
		if (rc == TT_OK)
			rc = ctl_paper_write(ctl, &paper, file, err);
	} else if (ctl->format == CTL_JSON) {
		summary_json(s);
	} else if (ctl->format == CTL_CSV) {
		summary_csv(s);
	} else {
		tt_paper_report_text(&report, &text);
		fputs(text.data, stdout);
	}
	tt_paper_fini(&paper);
	tt_buf_fini(&text);
	return rc;
}

static enum tt_rc summary_gather(struct ctl *ctl, struct summary *s, struct tt_error *err)
{
	enum tt_rc rc = ctl_authenticate(ctl, err);
	size_t i;

	for (i = 0; i < SUMMARY_PARTS && rc == TT_OK; i++) {
		rc = summary_ask(ctl, &summary_parts[i], s->day, &s->calls[i], err);
		if (rc != TT_OK)
			break;
		summary_grid(&s->grids[i], &summary_parts[i], &s->calls[i].rows);
		s->count++;
	}
	return rc;
}

enum tt_rc ctl_summary_print(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	bool as_text = ctl_has(ctl, "--text");
	const char *file = ctl_option(ctl, "--pdf"), *day = ctl_option(ctl, "--date");
	struct summary s = {0};
	struct ctl_site site = {0};
	enum tt_rc rc = ctl_no_more(argc, argv, err);
	tt_time midnight;
	size_t i;
	char iso[40];

	if (rc == TT_OK && (file != NULL) + as_text + (ctl->format != CTL_TEXT) > 1)
		rc = tt_fail(err, TT_USAGE, "--text, --csv, --json and --pdf exclude each other");
	tt_format(iso, sizeof(iso), "%.20sT00:00:00Z", day ? day : "");
	if (rc == TT_OK && day && (strlen(day) != 10 || !tt_time_parse(iso, &midnight)))
		rc = tt_fail(err, TT_USAGE, "a date looks like 2026-11-21, not \"%.40s\"", day);
	if (rc == TT_OK)
		rc = ctl_site(ctl, &site, err);
	if (rc == TT_OK) {
		tt_copy(s.day, sizeof(s.day), day ? day : site.day);
		rc = summary_gather(ctl, &s, err);
	}
	if (rc == TT_OK)
		rc = summary_put(ctl, &s, tt_zone_name(site.zone), file, err);
	for (i = 0; i < SUMMARY_PARTS; i++) {
		tt_grid_fini(&s.grids[i]);
		tt_call_fini(&s.calls[i]);
	}
	ctl_site_fini(&site);
	return rc;
}
