/*
 * Digits that are read from three metres. One bitmap for every size: 5 rows with a pixel of two
 * columns, 3 rows with two pixels in a character. Without UTF-8, 5 rows of '#' and 3 rows of
 * strokes. Known: 0-9, '/', '-', blank.
 */
#ifndef TRACETRACK_TUI_BIGFONT_H
#define TRACETRACK_TUI_BIGFONT_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of text; rows is 3 or 5. */
int bigfont_width(bool is_utf8, int rows, const char *text);
/* The row-th row of it. */
void bigfont_row(char *dst, size_t size, bool is_utf8, int rows, int row, const char *text);

#endif
