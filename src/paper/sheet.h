/*
 * Sheets of a PDF: text by pango, so that every script is shaped, lines and QR codes by cairo. All
 * lengths are points from the upper left corner.
 */
#ifndef TRACETRACK_PAPER_SHEET_H
#define TRACETRACK_PAPER_SHEET_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

#include <tracetrack/grid.h>
#include <tracetrack/paper.h>
#include <tracetrack/qr.h>

#define MM(x) ((x)*72 / 25.4)
#define A4_WIDTH MM(210)
#define A4_HEIGHT MM(297)

struct sheet;
/* What every page has besides: called when a page begins, and sets sheet->y and sheet->bottom. */
typedef void (*sheet_page_fn)(struct sheet *sheet, const void *ctx);

struct sheet {
	struct tt_paper *paper;
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoFontMap *fonts;
	PangoLayout *layout;
	double width, height, left, right; /* of the page and of what is on it */
	double y, bottom;                  /* where things go on, and where the foot begins */
	unsigned page, of;                 /* of: 0 while the pages are counted */
	bool has_watermark;                /* rows have no band then, which would cover it */
	sheet_page_fn on_page;
	const void *ctx;
};

/* Draws all; called twice, first to count the pages. */
typedef void (*sheet_draw_fn)(struct sheet *sheet, const void *ctx);

struct sheet_job {
	double width, height, margin;
	const char *title;
	sheet_page_fn on_page; /* NULL: none */
	sheet_draw_fn draw;
	const void *ctx;
};
/* TT_CONFIG when there is no font at all. Adds to paper->pdf. */
TT_MUST_CHECK enum tt_rc sheet_print(
	struct tt_paper *paper, const struct sheet_job *job, struct tt_error *err);

void sheet_new_page(struct sheet *sheet);

enum sheet_align { SHEET_LEFT, SHEET_MIDDLE, SHEET_RIGHT };
struct sheet_style {
	double size;
	bool is_bold;
	double gray; /* 0 black, 1 white */
	enum sheet_align align;
	int lines;    /* at most so many, then "..."; 0 is 1 */
	double least; /* smaller letters down to this size before "..."; 0: as they are */
};
/* Text in the box from x, y of so much width. Returns the height that it took. */
double sheet_text(struct sheet *sheet, const struct sheet_style *style, double x, double y,
	double width, const char *text);
/* Whether it needs no "..." in so much width. */
bool sheet_fits(
	struct sheet *sheet, const struct sheet_style *style, double width, const char *text);
void sheet_rule(struct sheet *sheet, double x, double y, double width, double thickness);
void sheet_fill(struct sheet *sheet, double x, double y, double width, double height, double gray);
/* With its quiet zone inside the square. */
void sheet_qr(struct sheet *sheet, const struct tt_qr *qr, double x, double y, double side);
/* Large and pale across the page, under what is drawn after it. */
void sheet_watermark(struct sheet *sheet, const char *text);

/* The rows of a grid from sheet->y on, over as many pages as it takes, the titles on each; `tail`
 * points stay free behind the last row. */
void sheet_grid(struct sheet *sheet, const struct tt_grid *grid, double tail);

#endif
