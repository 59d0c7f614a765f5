/*
 * Bills. Facts and table are made once, and shown as text or on sheets.
 */
#include <tracetrack/paper_bill.h>

#include <inttypes.h>
#include <string.h>

#include <tracetrack/column.h>

#include "sheet.h"

#define MARGIN MM(15)
#define QR_SIDE MM(30)
#define SIGNATURES MM(24)

struct bill_fact {
	const char *name;
	char value[160];
};
#define BILL_FACTS 8

static bool bill_is_final(const struct tt_paper_bill *bill)
{
	return bill->state && strcmp(bill->state, "completed") == 0;
}

static bool bill_is_cancelled(const struct tt_paper_bill *bill)
{
	return bill->state && strcmp(bill->state, "cancelled") == 0;
}

static void bill_sum(int64_t *sum, int64_t value)
{
	if (value != TT_NO_INT)
		*sum = (*sum == TT_NO_INT ? 0 : *sum) + value;
}

void tt_paper_bill_totals(const struct tt_paper_bill *bill, struct tt_paper_totals *totals)
{
	size_t i;

	totals->parents = (int64_t)bill->parent_count;
	totals->children = 0;
	totals->expected_grams = totals->actual_grams = TT_NO_INT;
	for (i = 0; i < bill->parent_count; i++) {
		bill_sum(&totals->children, bill->parents[i].children);
		bill_sum(&totals->expected_grams, bill->parents[i].expected_grams);
		bill_sum(&totals->actual_grams, bill->parents[i].actual_grams);
	}
}

/* Why this is not the paper to drive with; "" when it is. */
static void bill_warning(const struct tt_paper_bill *bill, char *dst, size_t size)
{
	const char *why = bill->reason && *bill->reason ? bill->reason : NULL;

	if (bill_is_final(bill))
		tt_copy(dst, size, "");
	else if (bill_is_cancelled(bill))
		tt_format(dst, size, "CANCELLED%s%s", why ? ": " : "", why ? why : "");
	else
		tt_format(dst, size, "NOT FINAL: this bill is %s%s%s",
			bill->state ? bill->state : "not completed", why ? ": " : "",
			why ? why : "");
}

static void bill_fact(struct bill_fact *facts, size_t *n, const char *name, const char *value)
{
	if (!value || *value == '\0')
		return;
	facts[*n].name = name;
	tt_copy(facts[*n].value, sizeof(facts[*n].value), value);
	++*n;
}

static void bill_who_when(
	const struct tt_paper_bill *bill, const char *who, tt_time when, char *dst, size_t size)
{
	char time[TT_ZONE_TIME];

	tt_zone_time(time, bill->zone, when);
	tt_format(dst, size, "%s%s%s", time, *time && who ? " by " : "", who ? who : "");
}

static size_t bill_facts(const struct tt_paper_bill *bill, struct bill_fact facts[BILL_FACTS])
{
	char text[160], date[TT_ZONE_TIME];
	size_t n = 0;

	tt_zone_date(date, bill->zone,
		bill->completed_at != TT_NO_TIME ? bill->completed_at : bill->created_at);
	bill_fact(facts, &n, "Date", date);
	bill_fact(facts, &n, "Vehicle", bill->vehicle);
	if (bill->capacity != TT_NO_INT)
		tt_format(
			text, sizeof(text), "%zu of %" PRId64, bill->parent_count, bill->capacity);
	else
		tt_format(text, sizeof(text), "%zu", bill->parent_count);
	bill_fact(facts, &n, "Parents", text);
	bill_fact(facts, &n, "State", bill->state);
	bill_who_when(bill, bill->created_by, bill->created_at, text, sizeof(text));
	bill_fact(facts, &n, "Created", text);
	bill_who_when(bill, bill->completed_by, bill->completed_at, text, sizeof(text));
	bill_fact(facts, &n, "Completed", text);
	return n;
}

static const struct tt_grid_column bill_columns[] = {
	{"No.", 8, true},
	{"Parent", 38, false},
	{"Children", 18, true},
	{"Expected kg", 24, true},
	{"Actual kg", 24, true},
	{"Added by", 30, false},
	{"Note", 38, false},
};
#define BILL_COLUMNS (sizeof(bill_columns) / sizeof(*bill_columns))

/* "short, weighed" */
static void bill_note(const struct tt_paper_parent *parent, char *dst, size_t size)
{
	bool is_usual = !parent->state || strcmp(parent->state, "complete") == 0;
	const char *words[] = {is_usual ? NULL : parent->state, parent->is_typed ? "typed" : NULL,
		parent->is_weighed ? "weighed" : NULL};
	size_t i, len = 0;

	dst[0] = '\0';
	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (words[i])
			len += tt_format(dst + len, size - len, "%s%s", len ? ", " : "", words[i]);
	}
}

static void bill_grid(const struct tt_paper_bill *bill, struct tt_grid *grid)
{
	const struct tt_paper_parent *p;
	struct tt_paper_totals totals;
	char note[64];
	size_t i;

	memset(grid, 0, sizeof(*grid));
	grid->columns = bill_columns;
	grid->column_count = BILL_COLUMNS;
	grid->has_total = true;
	for (i = 0; i < bill->parent_count; i++) {
		p = &bill->parents[i];
		tt_grid_number(grid, (int64_t)i + 1);
		tt_grid_add(grid, p->code);
		tt_grid_number(grid, p->children);
		tt_grid_kg(grid, p->expected_grams);
		tt_grid_kg(grid, p->actual_grams);
		tt_grid_add(grid, p->added_by);
		bill_note(p, note, sizeof(note));
		tt_grid_add(grid, note);
	}
	tt_paper_bill_totals(bill, &totals);
	tt_grid_number(grid, totals.parents);
	tt_grid_add(grid, totals.parents == 1 ? "parent in all" : "parents in all");
	tt_grid_number(grid, totals.children);
	tt_grid_kg(grid, totals.expected_grams);
	tt_grid_kg(grid, totals.actual_grams);
	tt_grid_add(grid, "");
	tt_grid_add(grid, "");
}

/* ---- text */

static void bill_line(struct tt_buf *out, const char *name, const char *value)
{
	char text[512];

	if (!value || *value == '\0')
		return;
	tt_clean(text, sizeof(text), value, strlen(value));
	tt_buf_printf(out, " %-13s%s\n", name, text);
}

void tt_paper_bill_text(const struct tt_paper_bill *bill, struct tt_buf *out)
{
	struct bill_fact facts[BILL_FACTS];
	char warning[256], text[512];
	struct tt_grid grid;
	size_t i, n;

	bill_warning(bill, warning, sizeof(warning));
	if (*warning) {
		tt_clean(text, sizeof(text), warning, strlen(warning));
		tt_buf_printf(out, " *** %s ***\n\n", text);
	}
	bill_line(out, "Bill", bill->number);
	bill_line(out, "Destination", bill->destination);
	n = bill_facts(bill, facts);
	for (i = 0; i < n; i++)
		bill_line(out, facts[i].name, facts[i].value);
	bill_line(out, "Times in", tt_zone_name(bill->zone));
	tt_buf_puts(out, "\n");
	bill_grid(bill, &grid);
	tt_grid_text(&grid, out);
	tt_grid_fini(&grid);
}

/* ---- paper */

struct bill_sheet {
	const struct tt_paper_bill *bill;
	struct tt_grid grid;
	struct tt_qr qr;
	char warning[256];
};

static void bill_foot(struct sheet *sheet, const struct bill_sheet *b)
{
	struct sheet_style style = {.size = 8, .gray = 0.25};
	double y = sheet->height - MM(12), width = sheet->right - sheet->left;
	char text[96];

	sheet_rule(sheet, sheet->left, y - MM(1.5), width, 0.4);
	tt_format(text, sizeof(text), "TraceTrack. Times in %s.", tt_zone_name(b->bill->zone));
	sheet_text(sheet, &style, sheet->left, y, width * 0.6, text);
	style.align = SHEET_RIGHT;
	tt_format(text, sizeof(text), "Page %u of %u", sheet->page, sheet->of);
	sheet_text(sheet, &style, sheet->left + width * 0.6, y, width * 0.4, text);
	sheet->bottom = y - MM(3);
}

/* White on black across the page, so that no copier loses it. */
static void bill_banner(struct sheet *sheet, const struct bill_sheet *b)
{
	const struct sheet_style style = {
		.size = 12, .is_bold = true, .gray = 1, .align = SHEET_MIDDLE, .least = 8};
	double width = sheet->right - sheet->left;

	if (*b->warning == '\0')
		return;
	sheet_fill(sheet, sheet->left, sheet->y, width, MM(8), 0);
	sheet_text(
		sheet, &style, sheet->left + MM(2), sheet->y + MM(1.1), width - MM(4), b->warning);
	sheet->y += MM(11);
}

/* Pages after the first say in one line what they belong to. */
static void bill_page(struct sheet *sheet, const void *ctx)
{
	const struct sheet_style style = {.size = 10, .is_bold = true};
	const struct bill_sheet *b = ctx;
	char text[512];

	if (*b->warning)
		sheet_watermark(sheet, bill_is_cancelled(b->bill) ? "CANCELLED" : "NOT FINAL");
	bill_foot(sheet, b);
	sheet->y = MM(12);
	bill_banner(sheet, b);
	if (sheet->page == 1)
		return;
	tt_format(text, sizeof(text), "Bill %s%s%s", b->bill->number,
		b->bill->destination ? "  to  " : "",
		b->bill->destination ? b->bill->destination : "");
	sheet->y +=
		sheet_text(sheet, &style, sheet->left, sheet->y, sheet->right - sheet->left, text) +
		MM(2);
}

static double bill_heading(struct sheet *sheet, const struct tt_paper_bill *bill, double width)
{
	const struct sheet_style small = {.size = 9, .gray = 0.25};
	const struct sheet_style number = {.size = 26, .is_bold = true, .least = 14};
	const struct sheet_style place = {.size = 16, .is_bold = true, .lines = 2, .least = 11};
	double y = sheet->y;

	y += sheet_text(sheet, &small, sheet->left, y, width, "Bill");
	y += sheet_text(sheet, &number, sheet->left, y - MM(1), width, bill->number);
	if (bill->destination && *bill->destination) {
		y += sheet_text(sheet, &small, sheet->left, y, width, "Destination");
		y += sheet_text(sheet, &place, sheet->left, y, width, bill->destination);
	}
	return y;
}

/* Two columns of name and value. */
static void bill_show_facts(struct sheet *sheet, const struct tt_paper_bill *bill)
{
	const struct sheet_style name = {.size = 9, .gray = 0.25};
	const struct sheet_style value = {.size = 10, .least = 7};
	double half = (sheet->right - sheet->left) / 2, x, y;
	struct bill_fact facts[BILL_FACTS];
	size_t n = bill_facts(bill, facts), i;

	for (i = 0; i < n; i++) {
		x = sheet->left + (i % 2 == 1 ? half : 0);
		y = sheet->y + MM(6) * (double)(i / 2);
		sheet_text(sheet, &name, x, y + 0.8, MM(20), facts[i].name);
		sheet_text(sheet, &value, x + MM(20), y, half - MM(22), facts[i].value);
	}
	sheet->y += MM(6) * (double)((n + 1) / 2) + MM(3);
}

static void bill_signatures(struct sheet *sheet)
{
	static const char *const who[] = {"Loaded by", "Driver", "Received by"};
	const struct sheet_style style = {.size = 8, .gray = 0.25};
	double width = (sheet->right - sheet->left) / 3, y = sheet->bottom - MM(6);
	size_t i;

	for (i = 0; i < 3; i++) {
		sheet_rule(sheet, sheet->left + (double)i * width, y, width - MM(8), 0.4);
		sheet_text(sheet, &style, sheet->left + (double)i * width, y + MM(0.8),
			width - MM(8), who[i]);
	}
}

static void bill_draw(struct sheet *sheet, const void *ctx)
{
	const struct bill_sheet *b = ctx;
	double width = sheet->right - sheet->left, below = sheet->y + QR_SIDE;

	/* The quiet zone of the symbol is margin enough. */
	sheet_qr(sheet, &b->qr, sheet->right - QR_SIDE + MM(3), sheet->y - MM(3), QR_SIDE);
	sheet->y = bill_heading(sheet, b->bill, width - QR_SIDE) + MM(3);
	sheet->y = sheet->y > below ? sheet->y : below;
	bill_show_facts(sheet, b->bill);
	sheet_grid(sheet, &b->grid, SIGNATURES);
	bill_signatures(sheet);
}

enum tt_rc tt_paper_bill(
	struct tt_paper *paper, const struct tt_paper_bill *bill, struct tt_error *err)
{
	struct bill_sheet b = {.bill = bill};
	char title[128];
	const struct sheet_job job = {.width = A4_WIDTH,
		.height = A4_HEIGHT,
		.margin = MARGIN,
		.title = title,
		.on_page = bill_page,
		.draw = bill_draw,
		.ctx = &b};
	enum tt_rc rc = tt_qr_make(&b.qr, bill->number, TT_QR_DIRTY, err);

	if (rc != TT_OK)
		return rc;
	tt_format(title, sizeof(title), "Bill %s", bill->number);
	bill_warning(bill, b.warning, sizeof(b.warning));
	bill_grid(bill, &b.grid);
	rc = sheet_print(paper, &job, err);
	tt_grid_fini(&b.grid);
	tt_qr_fini(&b.qr);
	return rc;
}
