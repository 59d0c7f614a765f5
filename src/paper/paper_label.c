/*
 * Labels: one on a page of a label printer, or many on a sheet.
 */
#include <tracetrack/paper_label.h>

#include <stdlib.h>
#include <string.h>

#include "sheet.h"

/* clang-format off */
#define ROLL(name, w, h, help) {name, w, h, w, h, 0, 0, w, h, 1, 1, help}
/* clang-format on */
const struct tt_label_size tt_label_sizes[] = {
	ROLL("100x50", 100, 50, "a label printer's roll, for parent bags"),
	ROLL("100x150", 100, 150, "a label printer's roll, for pallets"),
	ROLL("50x25", 50, 25, "a label printer's roll, for child bags"),
	{"a4-24", 70, 37, 210, 297, 0, 0.5, 70, 37, 3, 8, "A4 sheets of 24 labels, 70x37"},
	{"a4-21", 63.5, 38.1, 210, 297, 7.2, 15.1, 66, 38.1, 3, 7,
		"A4 sheets of 21 labels, 63.5x38.1"},
	{"a4-65", 38.1, 21.2, 210, 297, 4.7, 10.7, 40.6, 21.2, 5, 13,
		"A4 sheets of 65 labels, 38.1x21.2"},
	{NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL},
};

enum tt_rc tt_label_size_find(
	const struct tt_label_size **size, const char *name, struct tt_error *err)
{
	const struct tt_label_size *row;
	struct tt_buf names = {0};

	for (row = tt_label_sizes; row->name; row++) {
		if (strcmp(row->name, name) == 0) {
			*size = row;
			return TT_OK;
		}
	}
	for (row = tt_label_sizes; row->name; row++)
		tt_buf_printf(&names, "%s%s", names.len ? ", " : "", row->name);
	tt_fail(err, TT_USAGE, "there is no label of the size \"%.40s\"", name);
	tt_error_hint(err, "There are: %s", names.data);
	tt_buf_fini(&names);
	return TT_USAGE;
}

struct label_sheet {
	const struct tt_label_size *size;
	const struct tt_label *labels;
	const struct tt_qr *qrs;
	size_t count;
};

/* The QR code left of the words, or above them on a label that is higher than wide. */
static void label_draw_one(
	struct sheet *sheet, const struct label_sheet *l, size_t i, double x, double y)
{
	double width = MM(l->size->width), height = MM(l->size->height);
	bool is_wide = width > height;
	/* The symbol has its quiet zone inside; it may take half of a wide label. */
	double side = is_wide ? (height < width / 2 ? height : width / 2) : width;
	double room = is_wide ? width - side : width, edge = MM(2);
	double size = is_wide ? height * 0.22 : width * 0.12;
	double x_text = is_wide ? x + side : x + edge, y_text;
	struct sheet_style code = {.size = size,
		.is_bold = true,
		.least = size * 0.6,
		.align = is_wide ? SHEET_LEFT : SHEET_MIDDLE};
	struct sheet_style what = {.size = size * 0.45, .least = 4, .align = code.align};

	room -= is_wide ? edge : 2 * edge;
	/* A code is never cut: it gets smaller, then two lines, then smaller still. */
	if (!sheet_fits(sheet, &code, room, l->labels[i].code)) {
		code.lines = 2;
		code.least = 2;
	}
	sheet_qr(sheet, &l->qrs[i], x + (is_wide ? 0 : (width - side) / 2),
		y + (is_wide ? (height - side) / 2 : 0), side);
	y_text = is_wide ? y + height / 2 - size * 1.1 : y + side;
	if (l->labels[i].what)
		sheet_text(sheet, &what, x_text, y_text, room, l->labels[i].what);
	sheet_text(sheet, &code, x_text, y_text + size * 0.6, room, l->labels[i].code);
}

static void label_draw(struct sheet *sheet, const void *ctx)
{
	const struct label_sheet *l = ctx;
	const struct tt_label_size *size = l->size;
	size_t on_page = (size_t)size->columns * size->rows, i, at;

	for (i = 0; i < l->count; i++) {
		at = i % on_page;
		if (i > 0 && at == 0)
			sheet_new_page(sheet);
		label_draw_one(sheet, l, i,
			MM(size->left + size->pitch_x * (double)(at % size->columns)),
			MM(size->top + size->pitch_y * (double)(at / size->columns)));
	}
}

enum tt_rc tt_paper_labels(struct tt_paper *paper, const struct tt_label_size *size,
	const struct tt_label *labels, size_t count, struct tt_error *err)
{
	struct tt_qr *qrs = tt_alloc((count + 1) * sizeof(*qrs));
	const struct label_sheet l = {.size = size, .labels = labels, .qrs = qrs, .count = count};
	const struct sheet_job job = {.width = MM(size->page_width),
		.height = MM(size->page_height),
		.title = "Labels",
		.draw = label_draw,
		.ctx = &l};
	enum tt_rc rc = TT_OK;
	size_t i;

	for (i = 0; i < count && rc == TT_OK; i++)
		rc = tt_qr_make(&qrs[i], labels[i].code, TT_QR_DIRTY, err);
	if (rc == TT_OK)
		rc = sheet_print(paper, &job, err);
	for (i = 0; i < count; i++)
		tt_qr_fini(&qrs[i]);
	free(qrs);
	return rc;
}
