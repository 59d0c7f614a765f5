/*
 * The terminal: taking it over and giving it back, its size, colours and characters.
 */
#ifndef TRACETRACK_TUI_TERMINAL_H
#define TRACETRACK_TUI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include <tracetrack/outcome.h>
#include <tracetrack/rc.h>
#include <tracetrack/settings.h>
#include <tracetrack/text.h>

#define TERM_LEAST_WIDTH 40
#define TERM_LEAST_HEIGHT 16

enum style {
	STYLE_PLAIN,
	STYLE_STRONG,
	STYLE_FAINT,    /* rules and labels; no grey under NO_COLOR */
	STYLE_KEY,      /* the key in the function-key bar */
	STYLE_LABEL,    /* its label */
	STYLE_FIELD,    /* a text field */
	STYLE_SELECTED, /* the selected row */
	STYLE_WARNING,
	STYLE_CLASS,                               /* + enum tt_class: a word in its colour */
	STYLE_BAND = STYLE_CLASS + TT_CLASS_COUNT, /* + enum tt_class: reversed, for the band */
	STYLE_COUNT = STYLE_BAND + TT_CLASS_COUNT,
};

/* Characters with an ASCII twin; both take one column. */
enum glyph {
	GLYPH_RULE,
	GLYPH_WALL,
	GLYPH_FULL, /* of a bar */
	GLYPH_EMPTY,
	GLYPH_UP, /* the link */
	GLYPH_DOWN,
	GLYPH_FOCUS,
	GLYPH_DOT, /* of a password */
	GLYPH_SEPARATOR,
	GLYPH_CUT, /* text goes on */
	GLYPH_COUNT,
};

struct term {
	struct screen *curses; /* SCREEN of curses */
	struct termios before;
	int fd;             /* non-blocking, an open file of its own; or standard input */
	bool is_own;        /* fd was opened here */
	int frame;          /* a file in memory that curses writes to while it draws, or -1 */
	int out;            /* standard output, kept while curses writes to frame */
	struct tt_buf rest; /* of what is drawn: what the terminal has not taken yet */
	bool is_utf8;
	int colors;       /* 0, 8, 16 or 256 */
	char notice[128]; /* for the first message line, "" when all is normal */
};

/* TT_DEVICE when standard input or output is no terminal or can't move its cursor. */
TT_MUST_CHECK enum tt_rc term_open(
	struct term *t, const struct tt_settings *settings, struct tt_error *err);
/* Restore; safe when the terminal has gone. */
void term_close(struct term *t);

/* Give the terminal back for a stop, and take it again. */
void term_suspend(struct term *t);
void term_resume(struct term *t);
/* Ask the terminal for its size and tell curses. */
void term_resize(struct term *t);
/* Draw everything afresh at the next update. */
void term_spoil(struct term *t);
/* False when the terminal does not take output now, or has not taken all of the last frame. */
bool term_is_ready(struct term *t);
/* Send what changed, to a terminal that is ready. Never waits for it. */
void term_update(struct term *t);
void term_bell(struct term *t);

/* Draw in this style from now on. */
void term_style(const struct term *t, enum style style);

int term_width(void);
int term_height(void);
/* The escape delay in milliseconds: ESCDELAY of the environment, else 50. */
unsigned term_escape_delay(void);

const char *term_glyph(const struct term *t, enum glyph glyph);
/* The mark of a class: a character, or its ASCII twin "[OK]". */
const char *term_mark(const struct term *t, enum tt_class cls);

/* Colours to use, by strength: the setting, NO_COLOR, CLICOLOR_FORCE and CLICOLOR, terminfo. */
int term_choose_colors(long setting, int of_terminfo);

#endif
