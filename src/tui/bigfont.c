/*
 * Rows of pixels, the leftmost in the highest of four bits.
 */
#include "bigfont.h"

#include <stdint.h>
#include <string.h>

#include <tracetrack/text.h>

#define BIGFONT_PIXELS 4

static const char bigfont_chars[] = "0123456789/- ";

static const uint8_t bigfont_bits[][5] = {
	{0xf, 0x9, 0x9, 0x9, 0xf},
	{0x6, 0x2, 0x2, 0x2, 0x7},
	{0xf, 0x1, 0xf, 0x8, 0xf},
	{0xf, 0x1, 0x7, 0x1, 0xf},
	{0x9, 0x9, 0xf, 0x1, 0x1},
	{0xf, 0x8, 0xf, 0x1, 0xf},
	{0xf, 0x8, 0xf, 0x9, 0xf},
	{0xf, 0x1, 0x2, 0x4, 0x4},
	{0xf, 0x9, 0xf, 0x9, 0xf},
	{0xf, 0x9, 0xf, 0x1, 0xf},
	{0x1, 0x2, 0x2, 0x4, 0x8},
	{0x0, 0x0, 0xf, 0x0, 0x0},
	{0x0, 0x0, 0x0, 0x0, 0x0},
};

/* Strokes for 3 rows of ASCII, three columns each. */
static const char *const bigfont_strokes[][3] = {
	{" _ ", "| |", "|_|"},
	{"   ", "  |", "  |"},
	{" _ ", " _|", "|_ "},
	{" _ ", " _|", " _|"},
	{"   ", "|_|", "  |"},
	{" _ ", "|_ ", " _|"},
	{" _ ", "|_ ", "|_|"},
	{" _ ", "  |", "  |"},
	{" _ ", "|_|", "|_|"},
	{" _ ", "|_|", " _|"},
	{"   ", " / ", "/  "},
	{"   ", " _ ", "   "},
	{"   ", "   ", "   "},
};

static size_t bigfont_index(char c)
{
	const char *p = strchr(bigfont_chars, c);

	return p && c != '\0' ? (size_t)(p - bigfont_chars) : sizeof(bigfont_chars) - 2;
}

static bool bigfont_pixel(size_t index, int row, int column)
{
	return row < 5 && (bigfont_bits[index][row] >> (BIGFONT_PIXELS - 1 - column) & 1) != 0;
}

/* Two pixels, one above the other, in a character. */
static const char *bigfont_half(size_t index, int row, int column)
{
	static const char *const halves[] = {" ", "▄", "▀", "█"};

	return halves[bigfont_pixel(index, 2 * row, column) * 2 +
		      bigfont_pixel(index, 2 * row + 1, column)];
}

static void bigfont_char(struct tt_buf *out, bool is_utf8, int rows, int row, size_t index)
{
	int column;

	if (rows == 3 && !is_utf8) {
		tt_buf_puts(out, bigfont_strokes[index][row]);
		return;
	}
	for (column = 0; column < BIGFONT_PIXELS; column++) {
		if (rows == 3)
			tt_buf_puts(out, bigfont_half(index, row, column));
		else if (!bigfont_pixel(index, row, column))
			tt_buf_puts(out, "  ");
		else
			tt_buf_puts(out, is_utf8 ? "██" : "##");
	}
}

int bigfont_width(bool is_utf8, int rows, const char *text)
{
	int each = rows == 5 ? 2 * BIGFONT_PIXELS : is_utf8 ? BIGFONT_PIXELS : 3;
	int gap = rows == 5 ? 2 : 1;

	return (int)strlen(text) * (each + gap);
}

void bigfont_row(char *dst, size_t size, bool is_utf8, int rows, int row, const char *text)
{
	struct tt_buf out = {0};

	for (; *text != '\0'; text++) {
		bigfont_char(&out, is_utf8, rows, row, bigfont_index(*text));
		tt_buf_puts(&out, rows == 5 ? "  " : " ");
	}
	tt_copy(dst, size, out.data ? out.data : "");
	tt_buf_fini(&out);
}
