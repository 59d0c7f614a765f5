/*
 * Answers to scans: the band that tells the last one from afar, and the list.
 */
#include "scan_impl.h"

#include <ctype.h>

#include <tracetrack/text.h>

/* The word of the band: what was done, or which kind of no. */
static void scan_band_word(
	const struct tt_screen *s, const struct tt_answer *a, char *dst, size_t size)
{
	const char *label = a->cls == TT_CLASS_DONE ? a->outcome->label : tt_classes[a->cls].label;
	char upper[32];
	size_t i;

	tt_copy(upper, sizeof(upper), label);
	for (i = 0; upper[i] != '\0'; i++)
		upper[i] = (char)toupper((unsigned char)upper[i]);
	tt_format(dst, size, "%s %s", term_mark(&s->term, a->cls), upper);
}

void scan_draw_band(const struct tt_screen *s, const struct canvas *c, int y, int rows, int index)
{
	const struct tt_answer *a = scan_last(s, index);
	enum style style;
	char word[64];
	int i, middle = y + rows / 2, x;

	if (!a) {
		for (i = 0; i < rows && rows > 1; i += rows - 1)
			draw_rule(c, y + i);
		return;
	}
	style = STYLE_BAND + a->cls;
	for (i = 0; i < rows; i++)
		draw_padded(c, y + i, 0, c->width, style, "");
	scan_band_word(s, a, word, sizeof(word));
	x = 1 + draw_text(c, middle, 1, c->width - 2, style, word);
	x = c->width >= SCAN_NARROW && x < 13 ? 15 : x + 2;
	if (rows > 1 && tt_text_width(a->message) > c->width - x - 1)
		draw_wrapped(c, middle, x, c->width - x - 1, 2, style, a->message);
	else
		draw_text(c, middle, x, c->width - x - 1, style, a->message);
}

/* Columns for the codes: as wide as the longest that is seen. */
static int scan_code_width(const struct tt_screen *s, int index, int rows, bool is_narrow)
{
	const struct tt_answer *a;
	int width, most = is_narrow ? 8 : 10, i;

	for (i = 0; i < rows; i++) {
		a = tt_scanlist_at(&s->lists[index], (size_t)i);
		width = a ? tt_text_width(a->code) + 2 : 0;
		most = width > most ? width : most;
	}
	return most > (is_narrow ? 11 : 22) ? (is_narrow ? 11 : 22) : most;
}

/* Time, mark and word, code, reason; without time and word where it is narrow. */
static void scan_draw_row(const struct tt_screen *s, const struct canvas *c, int y,
	const struct tt_answer *a, int code)
{
	char clock[16], reason[300];
	enum style style = STYLE_CLASS + a->cls;
	bool is_narrow = c->width < SCAN_NARROW;
	int x = 1;

	tt_time_of_day(clock, sizeof(clock), a->at);
	tt_answer_reason(a, reason, sizeof(reason));
	if (!is_narrow)
		x += draw_text(c, y, x, 8, STYLE_PLAIN, clock) + 2;
	draw_text(c, y, x, 4, style, term_mark(&s->term, a->cls));
	x += s->term.is_utf8 ? 2 : 5;
	if (!is_narrow) {
		draw_text(c, y, x, 10, style, a->outcome->label);
		x += 11;
	}
	draw_text(c, y, x, code - 1, STYLE_PLAIN, a->code);
	draw_text(c, y, x + code, c->width - x - code, STYLE_PLAIN, reason);
}

void scan_draw_list(const struct tt_screen *s, const struct canvas *c, int y, int rows, int index)
{
	int code = scan_code_width(s, index, rows, c->width < SCAN_NARROW), i;
	const struct tt_answer *a;

	for (i = 0; i < rows; i++) {
		a = tt_scanlist_at(&s->lists[index], (size_t)i);
		if (!a)
			return;
		scan_draw_row(s, c, y + i, a, code);
	}
}
