/*
 * Bills on paper.
 */
#include <tracetrack/paper_bill.h>

#include "bill_text.h"
#include "sheet.h"

#define MARGIN MM(15)
#define QR_SIDE MM(30)
#define SIGNATURES MM(24)

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
