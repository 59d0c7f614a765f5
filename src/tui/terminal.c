/*
 * curses is set up once here and torn down here. Input is read from an open file of our own, so
 * that making it non-blocking changes neither our output nor the shell that shares the terminal.
 */
#include "terminal.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/text.h>

#define TERM_NO_COLOR (-2)
#define TERM_LAST_MS 300 /* for what restores the terminal */

struct term_style {
	attr_t mono;        /* without colours */
	attr_t attr;        /* with them */
	short fg256, bg256; /* -1: the terminal's own; TERM_NO_COLOR: attr only */
	short fg16, bg16;
	short fg8, bg8;
};

#define TERM_ATTRS_ONLY -2, -2, -2, -2, -2, -2

/* Done blue, queued yellow, again cyan, refused orange, trouble magenta: told apart with every
 * common kind of colour blindness, and never by colour alone. */
static const struct term_style term_styles[STYLE_COUNT] = {
	[STYLE_PLAIN] = {A_NORMAL, A_NORMAL, TERM_ATTRS_ONLY},
	[STYLE_STRONG] = {A_BOLD, A_BOLD, TERM_ATTRS_ONLY},
	[STYLE_FAINT] = {A_NORMAL, A_NORMAL, 245, -1, -2, -2, -2, -2},
	[STYLE_KEY] = {A_BOLD, A_BOLD, TERM_ATTRS_ONLY},
	[STYLE_LABEL] = {A_REVERSE, A_NORMAL, 16, 37, 0, 6, 0, 6},
	[STYLE_FIELD] = {A_UNDERLINE, A_UNDERLINE, TERM_ATTRS_ONLY},
	[STYLE_SELECTED] = {A_REVERSE, A_REVERSE, TERM_ATTRS_ONLY},
	[STYLE_WARNING] = {A_BOLD, A_BOLD, 172, -1, 3, -1, 3, -1},
	[STYLE_CLASS + TT_CLASS_DONE] = {A_NORMAL, A_NORMAL, 33, -1, 12, -1, 4, -1},
	[STYLE_CLASS + TT_CLASS_QUEUED] = {A_BOLD, A_NORMAL, 178, -1, 11, -1, -1, -1},
	[STYLE_CLASS + TT_CLASS_AGAIN] = {A_NORMAL, A_NORMAL, 37, -1, 6, -1, 6, -1},
	[STYLE_CLASS + TT_CLASS_REFUSED] = {A_BOLD, A_BOLD, 208, -1, 3, -1, 3, -1},
	[STYLE_CLASS + TT_CLASS_TROUBLE] = {A_BOLD, A_BOLD, 170, -1, 13, -1, 5, -1},
	[STYLE_BAND + TT_CLASS_DONE] = {A_REVERSE | A_BOLD, A_BOLD, 231, 25, 15, 4, 7, 4},
	[STYLE_BAND + TT_CLASS_QUEUED] = {A_REVERSE | A_BOLD, A_BOLD, 16, 220, 0, 11, 0, 7},
	[STYLE_BAND + TT_CLASS_AGAIN] = {A_REVERSE | A_BOLD, A_BOLD, 16, 44, 0, 6, 0, 6},
	[STYLE_BAND + TT_CLASS_REFUSED] = {A_REVERSE | A_BOLD, A_BOLD, 16, 208, 0, 3, 0, 3},
	[STYLE_BAND + TT_CLASS_TROUBLE] = {A_REVERSE | A_BOLD, A_BOLD, 231, 163, 15, 5, 7, 5},
};

static const char *const term_glyphs[GLYPH_COUNT][2] = {
	[GLYPH_RULE] = {"-", "─"},
	[GLYPH_WALL] = {"|", "│"},
	[GLYPH_FULL] = {"#", "█"},
	[GLYPH_EMPTY] = {".", "░"},
	[GLYPH_UP] = {"+", "●"},
	[GLYPH_DOWN] = {"x", "○"},
	[GLYPH_FOCUS] = {">", "▶"},
	[GLYPH_DOT] = {"*", "•"},
	[GLYPH_SEPARATOR] = {"|", "·"},
	[GLYPH_CUT] = {"~", "…"},
};

static bool term_env_is(const char *name, const char *value)
{
	const char *s = getenv(name);

	return s && strcmp(s, value) == 0;
}

static bool term_env_is_set(const char *name)
{
	const char *s = getenv(name);

	return s && *s != '\0';
}

int term_choose_colors(long setting, int of_terminfo)
{
	int most = of_terminfo >= 256 ? 256 : of_terminfo >= 16 ? 16 : of_terminfo >= 8 ? 8 : 0;

	if (setting == TT_COLOR_NEVER)
		return 0;
	if (setting == TT_COLOR_ALWAYS)
		return most;
	if (term_env_is_set("NO_COLOR"))
		return 0;
	if (term_env_is_set("CLICOLOR_FORCE") && !term_env_is("CLICOLOR_FORCE", "0"))
		return most;
	return term_env_is("CLICOLOR", "0") ? 0 : most;
}

static bool term_codeset_is_utf8(void)
{
	const char *codeset = nl_langinfo(CODESET);

	return strcasecmp(codeset, "UTF-8") == 0 || strcasecmp(codeset, "utf8") == 0;
}

/* Does the environment name a locale of UTF-8, be it installed here or not? */
static bool term_env_wants_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	size_t i;

	for (i = 0; i < 3 && !term_env_is_set(names[i]); i++)
		;
	return i < 3 &&
	       (strcasestr(getenv(names[i]), "utf-8") || strcasestr(getenv(names[i]), "utf8"));
}

/* The locale of the environment; C.UTF-8 when it is not installed or the setting insists. */
static bool term_choose_utf8(long setting)
{
	bool is_missing = !setlocale(LC_CTYPE, "");

	if (setting == TT_LINES_ASCII)
		return false;
	if ((is_missing && term_env_wants_utf8()) || setting == TT_LINES_UTF8)
		(void)setlocale(LC_CTYPE, term_codeset_is_utf8() ? "" : "C.UTF-8");
	return term_codeset_is_utf8();
}

unsigned term_escape_delay(void)
{
	const char *s = getenv("ESCDELAY");
	long ms = s ? strtol(s, NULL, 10) : 0;

	return ms > 0 && ms <= 5000 ? (unsigned)ms : 50;
}

static void term_style_pairs(const struct term *t)
{
	const struct term_style *row;
	short i, fg, bg;
	bool has_default;

	start_color();
	/* Where a terminal can't name its own colours: white on black. */
	has_default = use_default_colors() == OK;
	for (i = 0; i < STYLE_COUNT; i++) {
		row = &term_styles[i];
		fg = t->colors == 256 ? row->fg256 : t->colors == 16 ? row->fg16 : row->fg8;
		bg = t->colors == 256 ? row->bg256 : t->colors == 16 ? row->bg16 : row->bg8;
		if (fg < 0)
			fg = has_default ? -1 : COLOR_WHITE;
		if (bg < 0)
			bg = has_default ? -1 : COLOR_BLACK;
		init_pair((short)(i + 1), fg, bg);
	}
}

/* Where to read keys: the terminal opened once more, else standard input itself. */
static void term_open_input(struct term *t)
{
	const char *name = ttyname(STDIN_FILENO);

	t->fd = name ? open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC) : -1;
	t->is_own = t->fd >= 0;
	if (!t->is_own)
		t->fd = STDIN_FILENO;
}

/* Are standard input and output the same terminal? */
static bool term_is_one(void)
{
	struct stat in, out;

	return fstat(STDIN_FILENO, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
	       in.st_rdev == out.st_rdev;
}

static const char *term_fallback(const char *type)
{
	return strncmp(type, "xterm", 5) == 0 ? "xterm-256color" : "vt220";
}

static bool term_start(struct term *t, const char *type)
{
	t->curses = newterm(type, stdout, stdin);
	return t->curses != NULL;
}

/* Start curses by TERM, or by what comes near to it. */
static enum tt_rc term_start_any(struct term *t, struct tt_error *err)
{
	const char *type = getenv("TERM"), *other;
	char shown[40];

	type = type ? type : "";
	tt_clean(shown, sizeof(shown), type, strlen(type));
	if (!term_start(t, type)) {
		other = term_fallback(type);
		if (!term_start(t, other)) {
			(void)tt_fail(err, TT_DEVICE, "the terminal type '%s' is unknown", shown);
			tt_error_hint(err, "Set TERM, or use --plain");
			return TT_DEVICE;
		}
		tt_format(t->notice, sizeof(t->notice),
			"Terminal type '%s' is unknown here; using %s.", shown, other);
	}
	if (tigetstr("cup"))
		return TT_OK;
	endwin();
	(void)tt_fail(err, TT_DEVICE, "the terminal '%s' can't move its cursor", shown);
	tt_error_hint(err, "Use another terminal, or --plain");
	return TT_DEVICE;
}

/* Keys as they are; Ctrl-C is a key too, and Ctrl-S must not stop a station. Ctrl-Z stays. */
static void term_set_modes(void)
{
	struct termios mode;

	cbreak();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	typeahead(-1);
	if (tcgetattr(STDIN_FILENO, &mode) != 0)
		return;
	mode.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR);
	mode.c_cc[VINTR] = _POSIX_VDISABLE;
	mode.c_cc[VQUIT] = _POSIX_VDISABLE;
	mode.c_cc[VLNEXT] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
	def_prog_mode();
}

enum tt_rc term_open(struct term *t, const struct tt_settings *settings, struct tt_error *err)
{
	enum tt_rc rc;

	memset(t, 0, sizeof(*t));
	t->frame = t->out = -1;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		(void)tt_fail(err, TT_DEVICE, "there is no terminal on standard input and output");
		tt_error_hint(err, "Start it in a terminal, or use --plain or --headless");
		return TT_DEVICE;
	}
	t->is_utf8 = term_choose_utf8(settings->lines);
	tcgetattr(STDIN_FILENO, &t->before);
	/* COLUMNS and LINES may be another's: they count where the terminal can't be asked. */
	use_tioctl(TRUE);
	rc = term_start_any(t, err);
	if (rc != TT_OK)
		return rc;
	term_set_modes();
	t->colors = term_choose_colors(settings->color, tigetnum("colors"));
	if (t->colors > 0)
		term_style_pairs(t);
	term_open_input(t);
	if (t->is_own && term_is_one()) {
		t->frame = memfd_create("frame", MFD_CLOEXEC);
		t->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	}
	return TT_OK;
}

/*
 * A terminal may stop taking output: a stalled line, a frozen emulator. Curses would wait for it,
 * and with it the scanners. So what it writes is caught in a file in memory, and sent from there
 * without waiting; the next frame is drawn when all of the last is gone.
 */
static void term_catch(const struct term *t)
{
	if (t->frame >= 0 && t->out >= 0)
		dup2(t->frame, STDOUT_FILENO);
}

static void term_release(struct term *t)
{
	char piece[4096];
	off_t at = 0;
	ssize_t n;

	if (t->frame < 0 || t->out < 0)
		return;
	dup2(t->out, STDOUT_FILENO);
	while ((n = pread(t->frame, piece, sizeof(piece), at)) > 0) {
		tt_buf_add(&t->rest, piece, (size_t)n);
		at += n;
	}
	if (ftruncate(t->frame, 0) != 0 || lseek(t->frame, 0, SEEK_SET) != 0)
		tt_buf_clear(&t->rest);
}

/* Send what the terminal takes. True when nothing is left; what can't be sent at all is dropped,
 * since reading will tell that the terminal has gone. */
static bool term_send(struct term *t)
{
	size_t at = 0;
	ssize_t n = 0;

	while (at < t->rest.len && (n = write(t->fd, t->rest.data + at, t->rest.len - at)) > 0)
		at += (size_t)n;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		at = t->rest.len;
	if (at > 0)
		memmove(t->rest.data, t->rest.data + at, t->rest.len - at);
	t->rest.len -= at;
	return t->rest.len == 0;
}

/* For leaving: the terminal gets a moment to take the rest. */
static void term_send_last(struct term *t)
{
	struct pollfd out = {t->fd, POLLOUT, 0};

	while (!term_send(t) && poll(&out, 1, TERM_LAST_MS) > 0)
		;
}

void term_close(struct term *t)
{
	if (!t->curses)
		return;
	term_catch(t);
	endwin();
	term_release(t);
	term_send_last(t);
	delscreen((SCREEN *)t->curses);
	tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
	if (t->is_own)
		close(t->fd);
	if (t->frame >= 0)
		close(t->frame);
	if (t->out >= 0)
		close(t->out);
	tt_buf_fini(&t->rest);
	t->curses = NULL;
}

void term_suspend(struct term *t)
{
	term_send_last(t);
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
}

void term_resume(struct term *t)
{
	reset_prog_mode();
	term_resize(t);
	term_spoil(t);
}

void term_resize(struct term *t)
{
	struct winsize size;

	(void)t;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	if (is_term_resized(size.ws_row, size.ws_col))
		resize_term(size.ws_row, size.ws_col);
	term_spoil(t);
}

void term_spoil(struct term *t)
{
	(void)t;
	clearok(stdscr, TRUE);
}

bool term_is_ready(struct term *t)
{
	struct pollfd out = {STDOUT_FILENO, POLLOUT, 0};

	return term_send(t) && poll(&out, 1, 0) != 0;
}

void term_update(struct term *t)
{
	wnoutrefresh(stdscr);
	term_catch(t);
	doupdate();
	term_release(t);
	(void)term_send(t);
}

void term_bell(struct term *t)
{
	if (t->rest.len > 0)
		return;
	term_catch(t);
	beep();
	term_release(t);
	(void)term_send(t);
}

void term_style(const struct term *t, enum style style)
{
	const struct term_style *row = &term_styles[style];

	if (t->colors == 0)
		attr_set(row->mono, 0, NULL);
	else
		attr_set(row->attr, (short)(row->fg256 == TERM_NO_COLOR ? 0 : style + 1), NULL);
}

int term_width(void)
{
	return COLS;
}

int term_height(void)
{
	return LINES;
}

const char *term_glyph(const struct term *t, enum glyph glyph)
{
	return term_glyphs[glyph][t->is_utf8];
}

const char *term_mark(const struct term *t, enum tt_class cls)
{
	return t->is_utf8 ? tt_classes[cls].mark : tt_classes[cls].ascii;
}
