/*
 * Reports: tables one below the other.
 */
#include <tracetrack/paper_report.h>

#include <string.h>

#include "sheet.h"

static void report_line(struct tt_buf *out, const char *line)
{
	char text[512];

	tt_clean(text, sizeof(text), line, strlen(line));
	tt_buf_printf(out, " %s\n", text);
}

void tt_paper_report_text(const struct tt_paper_report *report, struct tt_buf *out)
{
	size_t i;

	report_line(out, report->title);
	report_line(out, report->subtitle);
	for (i = 0; i < report->grid_count; i++) {
		tt_buf_puts(out, "\n");
		report_line(out, report->grids[i].title);
		tt_grid_text(&report->grids[i], out);
	}
}

static void report_page(struct sheet *sheet, const void *ctx)
{
	const struct tt_paper_report *report = ctx;
	const struct sheet_style bold = {.size = 10, .is_bold = true};
	struct sheet_style small = {.size = 8, .gray = 0.25};
	double y = sheet->height - MM(12), width = sheet->right - sheet->left;
	char text[256];

	sheet_rule(sheet, sheet->left, y - MM(1.5), width, 0.4);
	sheet_text(sheet, &small, sheet->left, y, width / 2, "TraceTrack");
	small.align = SHEET_RIGHT;
	tt_format(text, sizeof(text), "Page %u of %u", sheet->page, sheet->of);
	sheet_text(sheet, &small, sheet->left + width / 2, y, width / 2, text);
	sheet->bottom = y - MM(3);
	sheet->y = MM(12);
	if (sheet->page == 1)
		return;
	tt_format(text, sizeof(text), "%s  %s", report->title, report->subtitle);
	sheet->y += sheet_text(sheet, &bold, sheet->left, sheet->y, width, text) + MM(2);
}

static void report_draw(struct sheet *sheet, const void *ctx)
{
	const struct sheet_style title = {.size = 22, .is_bold = true, .least = 14};
	const struct sheet_style subtitle = {.size = 12, .least = 8};
	const struct sheet_style heading = {.size = 12, .is_bold = true};
	const struct tt_paper_report *report = ctx;
	double width = sheet->right - sheet->left;
	size_t i;

	sheet->y += sheet_text(sheet, &title, sheet->left, sheet->y, width, report->title);
	sheet->y += sheet_text(sheet, &subtitle, sheet->left, sheet->y, width, report->subtitle);
	for (i = 0; i < report->grid_count; i++) {
		/* A heading stays with its table's first rows. */
		if (sheet->y + MM(35) > sheet->bottom)
			sheet_new_page(sheet);
		sheet->y += MM(6);
		sheet->y += sheet_text(sheet, &heading, sheet->left, sheet->y, width,
				    report->grids[i].title) +
			    MM(1);
		sheet_grid(sheet, &report->grids[i], 0);
	}
}

enum tt_rc tt_paper_report(
	struct tt_paper *paper, const struct tt_paper_report *report, struct tt_error *err)
{
	const struct sheet_job job = {.width = A4_WIDTH,
		.height = A4_HEIGHT,
		.margin = MM(15),
		.title = report->title,
		.on_page = report_page,
		.draw = report_draw,
		.ctx = report};

	return sheet_print(paper, &job, err);
}
