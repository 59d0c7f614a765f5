/*
 * Drawing into a rectangle of the screen. Everything that reaches the terminal goes through
 * draw_text, which cleans it, replaces what an ASCII terminal can't show, and cuts it to fit.
 */
#ifndef TRACETRACK_TUI_DRAW_H
#define TRACETRACK_TUI_DRAW_H

#include <tracetrack/editor.h>

#include "terminal.h"

/* Positions are inside of it, from 0. Nothing is ever drawn outside. */
struct canvas {
	const struct term *term;
	int y, x, height, width;
};

struct canvas draw_part(const struct canvas *c, int y, int x, int height, int width);

/* Text in at most width columns; what does not fit ends in a mark. Returns the columns used. */
int draw_text(const struct canvas *c, int y, int x, int width, enum style style, const char *text);
int draw_textf(const struct canvas *c, int y, int x, int width, enum style style, const char *fmt,
	...) TT_PRINTF(6, 7);
/* The same, ending before column `right`; returns the column where it begins. */
int draw_right(
	const struct canvas *c, int y, int right, int width, enum style style, const char *text);
/* Text, then blanks in the same style up to width. */
void draw_padded(
	const struct canvas *c, int y, int x, int width, enum style style, const char *text);
/* Text over several rows, broken at blanks; returns the rows used, at most `rows`. */
int draw_wrapped(const struct canvas *c, int y, int x, int width, int rows, enum style style,
	const char *text);

void draw_rule(const struct canvas *c, int y);
void draw_wall(const struct canvas *c, int x);
void draw_bar(const struct canvas *c, int y, int x, int width, enum style style, int64_t value,
	int64_t most);
/* A frame of rules around an emptied rectangle; the canvas inside. */
struct canvas draw_box(const struct canvas *c, const char *title);

/* Digits, '/', '-' and blank in characters of 3 or 5 rows; returns the columns used. */
int draw_big(const struct canvas *c, int y, int x, int rows, enum style style, const char *text);
int draw_big_width(const struct canvas *c, int rows, const char *text);

/* A text field with the cursor in it when focused. is_secret: dots. */
void draw_field(const struct canvas *c, int y, int x, int width, const struct tt_editor *e,
	bool is_focused, bool is_secret);
/* Where the real cursor rests, for people who follow it. */
void draw_cursor(const struct canvas *c, int y, int x);

void draw_clear(void);

#endif
