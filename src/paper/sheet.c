/*
 * Pages of a PDF. Everything is drawn twice: once to count the pages, then for good.
 */
#include "sheet.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

/* Noto Sans where it is installed; fontconfig adds fonts for what it lacks. */
#define SHEET_FAMILY "Noto Sans, DejaVu Sans, Sans"

static cairo_status_t sheet_write(void *closure, const unsigned char *data, unsigned length)
{
	tt_buf_add(closure, data, length);
	return CAIRO_STATUS_SUCCESS;
}

/* Letters keep their places whatever the resolution of a screen would round them to. */
static void sheet_set_font_options(PangoContext *context)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
}

static void sheet_open(
	struct sheet *sheet, struct tt_paper *paper, const struct sheet_job *job, unsigned of)
{
	PangoContext *context;

	memset(sheet, 0, sizeof(*sheet));
	sheet->paper = paper;
	sheet->of = of;
	sheet->width = job->width;
	sheet->height = job->height;
	sheet->left = job->margin;
	sheet->right = job->width - job->margin;
	sheet->on_page = job->on_page;
	sheet->ctx = job->ctx;
	sheet->surface = cairo_pdf_surface_create_for_stream(
		of ? sheet_write : NULL, &paper->pdf, job->width, job->height);
	/* Without a date: the same bill gives the same bytes. */
	cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
	cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, job->title);
	sheet->cr = cairo_create(sheet->surface);
	sheet->fonts = pango_cairo_font_map_new();
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(sheet->fonts), 72);
	context = pango_font_map_create_context(sheet->fonts);
	/* Not the language of the machine, which may choose other fonts. */
	pango_context_set_language(context, pango_language_from_string("en"));
	sheet_set_font_options(context);
	sheet->layout = pango_layout_new(context);
	g_object_unref(context);
}

static enum tt_rc sheet_close(struct sheet *sheet, struct tt_error *err)
{
	cairo_status_t status = cairo_status(sheet->cr);

	g_object_unref(sheet->layout);
	g_object_unref(sheet->fonts);
	cairo_destroy(sheet->cr);
	cairo_surface_finish(sheet->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(sheet->surface);
	cairo_surface_destroy(sheet->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		return TT_OK;
	return tt_fail(
		err, TT_INTERNAL, "the pages can't be drawn: %s", cairo_status_to_string(status));
}

/* fontconfig always names some families, whether there are files for them or not. */
static bool sheet_has_fonts(struct sheet *sheet)
{
	const struct sheet_style style = {.size = 10};

	(void)sheet_fits(sheet, &style, sheet->width, "A0");
	return pango_layout_get_unknown_glyphs_count(sheet->layout) == 0;
}

enum tt_rc sheet_print(struct tt_paper *paper, const struct sheet_job *job, struct tt_error *err)
{
	struct tt_error ignored;
	struct sheet sheet;
	enum tt_rc rc;

	sheet_open(&sheet, paper, job, 0);
	if (!sheet_has_fonts(&sheet)) {
		(void)sheet_close(&sheet, &ignored);
		tt_fail(err, TT_CONFIG, "there is no font on this machine to print with");
		tt_error_hint(err, "Install the package fonts-noto-core.");
		return TT_CONFIG;
	}
	sheet_new_page(&sheet);
	job->draw(&sheet, job->ctx);
	paper->pages = sheet.page;
	rc = sheet_close(&sheet, err);
	if (rc != TT_OK)
		return rc;
	sheet_open(&sheet, paper, job, paper->pages);
	sheet_new_page(&sheet);
	job->draw(&sheet, job->ctx);
	cairo_show_page(sheet.cr);
	return sheet_close(&sheet, err);
}

void sheet_new_page(struct sheet *sheet)
{
	if (sheet->page > 0)
		cairo_show_page(sheet->cr);
	sheet->page++;
	sheet->y = 0;
	sheet->bottom = sheet->height;
	if (sheet->on_page)
		sheet->on_page(sheet, sheet->ctx);
}

static void sheet_count_boxes(struct sheet *sheet, const char *text)
{
	int boxes = pango_layout_get_unknown_glyphs_count(sheet->layout);

	if (boxes <= 0 || sheet->of == 0)
		return;
	if (sheet->paper->boxes == 0)
		tt_clean(sheet->paper->boxed_text, sizeof(sheet->paper->boxed_text), text,
			strlen(text));
	sheet->paper->boxes += (unsigned)boxes;
}

static void sheet_set_font(struct sheet *sheet, const struct sheet_style *style, double size)
{
	PangoFontDescription *font = pango_font_description_from_string(SHEET_FAMILY);

	pango_font_description_set_weight(
		font, style->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(sheet->layout, font);
	pango_font_description_free(font);
}

/* The largest size at which the text needs no "...". */
static void sheet_fit(struct sheet *sheet, const struct sheet_style *style)
{
	double size = style->size;

	sheet_set_font(sheet, style, size);
	while (style->least > 0 && pango_layout_is_ellipsized(sheet->layout) &&
		size > style->least) {
		size = fmax(size * 0.95, style->least);
		sheet_set_font(sheet, style, size);
	}
}

static void sheet_lay_out(
	struct sheet *sheet, const struct sheet_style *style, double width, const char *text)
{
	static const PangoAlignment aligns[] = {
		PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
	struct tt_buf clean = {0};

	tt_paper_clean(&clean, text);
	pango_layout_set_width(sheet->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_alignment(sheet->layout, aligns[style->align]);
	pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_ellipsize(sheet->layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_height(sheet->layout, -(style->lines ? style->lines : 1));
	/* Left is left, whichever way the script runs. */
	pango_layout_set_auto_dir(sheet->layout, FALSE);
	pango_layout_set_text(sheet->layout, clean.data, (int)clean.len);
	tt_buf_fini(&clean);
	sheet_fit(sheet, style);
}

bool sheet_fits(
	struct sheet *sheet, const struct sheet_style *style, double width, const char *text)
{
	sheet_lay_out(sheet, style, width, text);
	return !pango_layout_is_ellipsized(sheet->layout);
}

double sheet_text(struct sheet *sheet, const struct sheet_style *style, double x, double y,
	double width, const char *text)
{
	int height;

	sheet_lay_out(sheet, style, width, text);
	sheet_count_boxes(sheet, text);
	cairo_set_source_rgb(sheet->cr, style->gray, style->gray, style->gray);
	cairo_move_to(sheet->cr, x, y);
	pango_cairo_show_layout(sheet->cr, sheet->layout);
	pango_layout_get_size(sheet->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

void sheet_rule(struct sheet *sheet, double x, double y, double width, double thickness)
{
	sheet_fill(sheet, x, y - thickness / 2, width, thickness, 0);
}

void sheet_fill(struct sheet *sheet, double x, double y, double width, double height, double gray)
{
	cairo_set_source_rgb(sheet->cr, gray, gray, gray);
	cairo_rectangle(sheet->cr, x, y, width, height);
	cairo_fill(sheet->cr);
}

/* Each run of dark modules is one rectangle, and all of them one path, so that no seam shows. */
void sheet_qr(struct sheet *sheet, const struct tt_qr *qr, double x, double y, double side)
{
	double module = side / (double)(qr->side + 2 * TT_QR_QUIET);
	long row, from, to, n = (long)qr->side;

	cairo_set_source_rgb(sheet->cr, 0, 0, 0);
	for (row = 0; row < n; row++) {
		for (from = 0; from < n; from = to + 1) {
			for (to = from; tt_qr_is_dark(qr, to, row); to++)
				;
			if (to > from)
				cairo_rectangle(sheet->cr,
					x + (double)(from + TT_QR_QUIET) * module,
					y + (double)(row + TT_QR_QUIET) * module,
					(double)(to - from) * module, module);
		}
	}
	cairo_fill(sheet->cr);
}

void sheet_watermark(struct sheet *sheet, const char *text)
{
	const struct sheet_style style = {
		.size = sheet->width / 8, .is_bold = true, .gray = 0.9, .align = SHEET_MIDDLE};

	sheet->has_watermark = true;
	cairo_save(sheet->cr);
	cairo_translate(sheet->cr, sheet->width / 2, sheet->height / 2);
	cairo_rotate(sheet->cr, -atan2(sheet->height, sheet->width));
	sheet_text(sheet, &style, -sheet->height / 2, -sheet->width / 12, sheet->height, text);
	cairo_restore(sheet->cr);
}
