/*
 * Drawing in a box of 720 by 300, which the page makes as wide as it is.
 */
#include "plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PLOT_WIDTH 720.0
#define PLOT_HEIGHT 300.0
#define PLOT_LEFT 62.0
#define PLOT_RIGHT 28.0
#define PLOT_TOP 12.0
#define PLOT_BOTTOM 44.0
#define PLOT_RAREST 0.9999

struct scale {
	double x0, x1, y0, y1;
};

void html_text(struct tt_buf *out, const char *s)
{
	char clean[1024];
	const char *c;

	tt_clean(clean, sizeof(clean), s, strlen(s));
	for (c = clean; *c; c++) {
		switch (*c) {
		case '&':
			tt_buf_puts(out, "&amp;");
			break;
		case '<':
			tt_buf_puts(out, "&lt;");
			break;
		case '>':
			tt_buf_puts(out, "&gt;");
			break;
		case '"':
			tt_buf_puts(out, "&quot;");
			break;
		default:
			tt_buf_add(out, c, 1);
		}
	}
}

/* How far right a value is, before it is fitted into the box. */
static double plot_x(const struct plot *p, double x)
{
	return p->is_percentile ? -log10(1 - fmin(x, PLOT_RAREST)) : x;
}

static double plot_y(const struct plot *p, double y)
{
	return p->is_log ? log10(fmax(y, 0.01)) : y;
}

/* 1, 2 or 5 times a power of ten, so that there are about four steps. */
static double plot_step(double range)
{
	double raw = range / 4, power = pow(10, floor(log10(raw))), times = raw / power;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static void plot_fit(const struct plot *p, struct scale *s)
{
	const struct plot_line *l;
	size_t i;

	*s = (struct scale){.x0 = INFINITY, .x1 = -INFINITY, .y0 = INFINITY, .y1 = -INFINITY};
	for (l = p->lines; l < p->lines + p->nlines; l++) {
		for (i = 0; i < l->n; i++) {
			if (isnan(l->y[i]))
				continue;
			s->x0 = fmin(s->x0, plot_x(p, l->x[i]));
			s->x1 = fmax(s->x1, plot_x(p, l->x[i]));
			s->y0 = fmin(s->y0, plot_y(p, l->y[i]));
			s->y1 = fmax(s->y1, plot_y(p, l->y[i]));
		}
	}
	s->y0 = p->is_log ? floor(s->y0) : 0;
	s->y1 = p->is_log ? ceil(s->y1) : s->y1;
	if (!(s->y1 > s->y0))
		s->y1 = s->y0 + 1;
	if (!p->is_log)
		s->y1 = ceil(s->y1 / plot_step(s->y1)) * plot_step(s->y1);
	if (!(s->x1 > s->x0))
		s->x1 = s->x0 + 1;
}

static double plot_left(const struct scale *s, double x)
{
	return PLOT_LEFT + (x - s->x0) / (s->x1 - s->x0) * (PLOT_WIDTH - PLOT_LEFT - PLOT_RIGHT);
}

static double plot_down(const struct scale *s, double y)
{
	return PLOT_HEIGHT - PLOT_BOTTOM -
	       (y - s->y0) / (s->y1 - s->y0) * (PLOT_HEIGHT - PLOT_TOP - PLOT_BOTTOM);
}

static void plot_rule(struct tt_buf *out, bool is_across, double at, const char *label)
{
	if (is_across)
		tt_buf_printf(out,
			"<line class=\"grid\" x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\"/>"
			"<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			PLOT_LEFT, PLOT_WIDTH - PLOT_RIGHT, at, at, PLOT_LEFT - 6, at + 4, label);
	else
		tt_buf_printf(out,
			"<line class=\"grid\" y1=\"%g\" y2=\"%g\" x1=\"%.1f\" x2=\"%.1f\"/>"
			"<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%s</text>\n",
			PLOT_TOP, PLOT_HEIGHT - PLOT_BOTTOM, at, at, at,
			PLOT_HEIGHT - PLOT_BOTTOM + 16, label);
}

static void plot_rules(const struct plot *p, const struct scale *s, struct tt_buf *out)
{
	static const struct {
		double share;
		const char *label;
	} shares[] = {{0, "0 %"}, {0.5, "50 %"}, {0.9, "90 %"}, {0.99, "99 %"}, {0.999, "99.9 %"},
		{0.9999, "99.99 %"}};
	double step = p->is_log ? 1 : plot_step(s->y1 - s->y0), at;
	char label[32];
	size_t i;

	for (at = s->y0; at <= s->y1 + step / 100; at += step) {
		tt_format(label, sizeof(label), "%g", p->is_log ? pow(10, at) : at);
		plot_rule(out, true, plot_down(s, at), label);
	}
	for (i = 0; p->is_percentile && i < sizeof(shares) / sizeof(*shares); i++) {
		at = plot_x(p, shares[i].share);
		if (at >= s->x0 && at <= s->x1 + 0.001)
			plot_rule(out, false, plot_left(s, at), shares[i].label);
	}
	step = fmax(1, plot_step(s->x1 - s->x0));
	for (at = ceil(s->x0 / step) * step; !p->is_percentile && at <= s->x1; at += step) {
		tt_format(label, sizeof(label), "%g", at);
		plot_rule(out, false, plot_left(s, at), label);
	}
}

static void plot_line(const struct plot *p, const struct scale *s, size_t index, struct tt_buf *out)
{
	const struct plot_line *l = &p->lines[index];
	bool is_on = false;
	size_t i;

	tt_buf_printf(out, "<path class=\"line l%zu\" d=\"", index);
	for (i = 0; i < l->n; i++) {
		if (isnan(l->y[i])) {
			is_on = false;
			continue;
		}
		tt_buf_printf(out, "%c%.1f %.1f", is_on ? 'L' : 'M',
			plot_left(s, plot_x(p, l->x[i])), plot_down(s, plot_y(p, l->y[i])));
		/* A second alone is a dot. */
		if (!is_on)
			tt_buf_puts(out, "h.1");
		is_on = true;
	}
	tt_buf_puts(out, "\"/>\n");
}

static void plot_legend(const struct plot *p, struct tt_buf *out)
{
	size_t i;

	tt_buf_puts(out, "<ul class=\"legend\">");
	for (i = 0; i < p->nlines; i++) {
		tt_buf_printf(out,
			"<li><svg viewBox=\"0 0 36 8\" aria-hidden=\"true\"><path class=\"line "
			"l%zu\" d=\"M1 4H35\"/></svg>",
			i);
		html_text(out, p->lines[i].name);
		tt_buf_puts(out, "</li>");
	}
	tt_buf_puts(out, "</ul>\n");
}

void plot_draw(const struct plot *p, struct tt_buf *out)
{
	struct scale s;
	size_t i;

	plot_fit(p, &s);
	tt_buf_printf(out, "<figure id=\"%s\">\n<figcaption>", p->id);
	html_text(out, p->title);
	tt_buf_puts(out, "</figcaption>\n");
	if (!(s.y1 > s.y0) || isinf(s.x0)) {
		tt_buf_puts(out, "<p>There is nothing to draw.</p></figure>\n");
		return;
	}
	tt_buf_printf(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"",
		p->title, PLOT_WIDTH, PLOT_HEIGHT);
	html_text(out, p->describe);
	tt_buf_puts(out, "\">\n");
	plot_rules(p, &s, out);
	for (i = 0; i < p->nlines; i++)
		plot_line(p, &s, i, out);
	tt_buf_printf(out,
		"<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">%s</text>"
		"<text transform=\"translate(12 %g) rotate(-90)\" "
		"text-anchor=\"middle\">%s</text>\n"
		"</svg></div>\n",
		(PLOT_LEFT + PLOT_WIDTH) / 2, PLOT_HEIGHT - 6, p->x_label,
		(PLOT_HEIGHT - PLOT_BOTTOM) / 2, p->y_label);
	plot_legend(p, out);
	tt_buf_puts(out, "</figure>\n");
}
