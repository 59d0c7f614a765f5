/*
 * The only place that writes to curses. Text becomes wide characters in one pass: cleaned, twinned
 * for ASCII terminals, cut at the width.
 */
#include "draw.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <tracetrack/text.h>

#include "bigfont.h"

#define DRAW_TEXT 1024

struct canvas draw_part(const struct canvas *c, int y, int x, int height, int width)
{
	struct canvas part = {c->term, c->y + y, c->x + x, height, width};

	if (height > c->height - y)
		part.height = c->height - y;
	if (width > c->width - x)
		part.width = c->width - x;
	return part;
}

/* Harmless wide characters of at most width columns; *columns is what they take. */
static size_t draw_convert(const struct canvas *c, const char *text, int width, wchar_t *out,
	size_t size, int *columns)
{
	char clean[DRAW_TEXT];
	size_t len = tt_clean(clean, sizeof(clean), text, strlen(text)), at = 0, n, used = 0;
	uint32_t ch;
	int w;

	*columns = 0;
	while (at < len && used + 1 < size) {
		n = tt_utf8_decode(clean + at, len - at, &ch);
		if (ch >= 0x80 && !c->term->is_utf8)
			ch = '?';
		w = wcwidth((wchar_t)ch);
		if (w < 0) {
			ch = '?';
			w = 1;
		}
		if (*columns + w > width)
			break;
		out[used++] = (wchar_t)ch;
		*columns += w;
		at += n;
	}
	out[used] = L'\0';
	return at < len ? used : 0;
}

/* Put the mark of a cut at the end, in place of the last column. */
static void draw_mark_cut(const struct canvas *c, wchar_t *out, size_t used)
{
	if (used > 0)
		out[used - 1] = c->term->is_utf8 ? L'…' : L'~';
}

int draw_text(const struct canvas *c, int y, int x, int width, enum style style, const char *text)
{
	wchar_t out[DRAW_TEXT];
	size_t cut;
	int columns;

	if (y < 0 || y >= c->height || x < 0 || x >= c->width)
		return 0;
	if (width > c->width - x)
		width = c->width - x;
	cut = draw_convert(c, text, width, out, DRAW_TEXT, &columns);
	draw_mark_cut(c, out, cut);
	if (columns == 0)
		return 0;
	term_style(c->term, style);
	mvaddwstr(c->y + y, c->x + x, out);
	return columns;
}

int draw_textf(
	const struct canvas *c, int y, int x, int width, enum style style, const char *fmt, ...)
{
	char text[DRAW_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return draw_text(c, y, x, width, style, text);
}

int draw_right(
	const struct canvas *c, int y, int right, int width, enum style style, const char *text)
{
	wchar_t out[DRAW_TEXT];
	int columns;

	if (width > right)
		width = right;
	draw_convert(c, text, width, out, DRAW_TEXT, &columns);
	draw_text(c, y, right - columns, columns, style, text);
	return right - columns;
}

/* One character over and over, along a row or down a column. */
static void draw_repeat(const struct canvas *c, int y, int x, int n, bool is_down, enum style style,
	const char *text)
{
	uint32_t ch = ' ';
	wchar_t wide[2] = L"";
	cchar_t cell;
	attr_t attr;
	short pair;

	if (y < 0 || y >= c->height || x < 0 || x >= c->width || n <= 0)
		return;
	tt_utf8_decode(text, strlen(text), &ch);
	wide[0] = (wchar_t)ch;
	term_style(c->term, style);
	attr_get(&attr, &pair, NULL);
	setcchar(&cell, wide, attr, pair, NULL);
	if (is_down)
		mvvline_set(c->y + y, c->x + x, &cell, n < c->height - y ? n : c->height - y);
	else
		mvhline_set(c->y + y, c->x + x, &cell, n < c->width - x ? n : c->width - x);
}

static void draw_blank(const struct canvas *c, int y, int x, int width, enum style style)
{
	draw_repeat(c, y, x, width, false, style, " ");
}

void draw_padded(
	const struct canvas *c, int y, int x, int width, enum style style, const char *text)
{
	int used = draw_text(c, y, x, width, style, text);

	draw_blank(c, y, x + used, width - used, style);
}

/* Bytes of text that fit into one row: up to the last blank, or to the width. */
static size_t draw_row_length(const char *text, int width)
{
	char part[DRAW_TEXT];
	size_t len = strlen(text), fits = 0, i;

	for (i = 1; i <= len && i < sizeof(part); i++) {
		if (text[i] != ' ' && text[i] != '\0')
			continue;
		tt_copy_n(part, sizeof(part), text, i);
		if (tt_text_width(part) > width)
			break;
		fits = i;
	}
	return fits ? fits : len;
}

int draw_wrapped(const struct canvas *c, int y, int x, int width, int rows, enum style style,
	const char *text)
{
	char row[DRAW_TEXT];
	size_t len;
	int used;

	for (used = 0; used < rows && *text != '\0'; used++) {
		len = used + 1 < rows ? draw_row_length(text, width) : strlen(text);
		tt_copy_n(row, sizeof(row), text, len);
		draw_text(c, y + used, x, width, style, row);
		text += len;
		text += strspn(text, " ");
	}
	return used;
}

void draw_rule(const struct canvas *c, int y)
{
	draw_repeat(c, y, 0, c->width, false, STYLE_FAINT, term_glyph(c->term, GLYPH_RULE));
}

void draw_wall(const struct canvas *c, int x)
{
	draw_repeat(c, 0, x, c->height, true, STYLE_FAINT, term_glyph(c->term, GLYPH_WALL));
}

void draw_bar(const struct canvas *c, int y, int x, int width, enum style style, int64_t value,
	int64_t most)
{
	int full = most > 0 ? (int)((int64_t)width * value / most) : 0;

	full = full < 0 ? 0 : full > width ? width : full;
	draw_repeat(c, y, x, full, false, style, term_glyph(c->term, GLYPH_FULL));
	draw_repeat(
		c, y, x + full, width - full, false, STYLE_FAINT, term_glyph(c->term, GLYPH_EMPTY));
}

static const char *const draw_corners[2][4] = {{"+", "+", "+", "+"}, {"┌", "┐", "└", "┘"}};

struct canvas draw_box(const struct canvas *c, const char *title)
{
	const char *const *corner = draw_corners[c->term->is_utf8];
	int y, bottom = c->height - 1, right = c->width - 1;

	for (y = 0; y < c->height; y++)
		draw_blank(c, y, 0, c->width, STYLE_PLAIN);
	draw_rule(c, 0);
	draw_rule(c, bottom);
	draw_wall(c, 0);
	draw_wall(c, right);
	draw_text(c, 0, 0, 1, STYLE_FAINT, corner[0]);
	draw_text(c, 0, right, 1, STYLE_FAINT, corner[1]);
	draw_text(c, bottom, 0, 1, STYLE_FAINT, corner[2]);
	draw_text(c, bottom, right, 1, STYLE_FAINT, corner[3]);
	draw_textf(c, 0, 2, c->width - 4, STYLE_STRONG, " %s ", title);
	return draw_part(c, 1, 2, c->height - 2, c->width - 4);
}

int draw_big_width(const struct canvas *c, int rows, const char *text)
{
	return bigfont_width(c->term->is_utf8, rows, text);
}

int draw_big(const struct canvas *c, int y, int x, int rows, enum style style, const char *text)
{
	char row[512];
	int i;

	for (i = 0; i < rows; i++) {
		bigfont_row(row, sizeof(row), c->term->is_utf8, rows, i, text);
		draw_text(c, y + i, x, c->width - x, style, row);
	}
	return draw_big_width(c, rows, text);
}

void draw_field(const struct canvas *c, int y, int x, int width, const struct tt_editor *e,
	bool is_focused, bool is_secret)
{
	char dots[TT_EDITOR_MAX * 4] = "";
	size_t i, used = 0, count = tt_editor_count(e);
	const char *text = e->text;
	int at = tt_editor_column(e), skip = 0;

	if (is_secret) {
		for (i = 0; i < count; i++)
			used += tt_copy(
				dots + used, sizeof(dots) - used, term_glyph(c->term, GLYPH_DOT));
		text = dots;
		at = (int)count;
	}
	/* Long text scrolls so that the cursor is seen. */
	for (; at - skip >= width && *text != '\0'; skip++) {
		do
			text++;
		while (((unsigned char)*text & 0xc0) == 0x80);
	}
	draw_padded(c, y, x, width, STYLE_FIELD, text);
	if (is_focused)
		draw_cursor(c, y, x + at - skip);
}

void draw_cursor(const struct canvas *c, int y, int x)
{
	move(c->y + y, c->x + (x < c->width ? x : c->width - 1));
}

void draw_clear(void)
{
	attr_set(A_NORMAL, 0, NULL);
	erase();
}
