/*
 * Drawing frames, and the few keys. A generator must not be stopped in the middle of its run:
 * Ctrl-Z does nothing while this is open.
 */
#include <tracetrack/live.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <tracetrack/scroll.h>

#include "chart.h"
#include "keys.h"

#define LIVE_TILE 12 /* columns, at least */
#define LIVE_TILE_ROWS 2
#define LIVE_CHART_LEAST 4

struct tt_live {
	struct tt_live_options options;
	struct term term;
	struct keys keys;
	struct tt_scroll scroll;
	struct tt_live_frame frame;
	bool is_paused, has_quit;
	uv_poll_t input;
	uv_signal_t winch;
	int handles;
	void (*before)(int signal); /* what SIGTSTP did */
};

/* ---- drawing */

static void live_draw_title(const struct tt_live *l, const struct canvas *c)
{
	const struct tt_live_frame *f = &l->frame;
	int used = draw_text(c, 0, 1, c->width / 2, STYLE_STRONG, f->title);

	draw_right(c, 0, c->width - 1, c->width - used - 4,
		l->is_paused || f->is_warning ? STYLE_WARNING : STYLE_FAINT,
		l->is_paused ? "paused: the run goes on" : f->state);
}

/* Returns the rows used. */
static int live_draw_tiles(const struct tt_live_frame *f, const struct canvas *c)
{
	int per_row = c->width / LIVE_TILE, width, x, y = 0;
	const struct tt_live_tile *t;
	size_t i;

	if ((int)f->tile_count < per_row * 2)
		per_row = ((int)f->tile_count + 1) / 2;
	if (per_row < 1)
		return 0;
	width = c->width / per_row;
	for (i = 0; i < f->tile_count; i++) {
		t = &f->tiles[i];
		y = (int)i / per_row * LIVE_TILE_ROWS;
		x = (int)i % per_row * width;
		draw_text(c, y, x, width - 1,
			t->is_warning ? STYLE_CLASS + TT_CLASS_REFUSED : STYLE_STRONG, t->value);
		draw_text(c, y + 1, x, width - 1, STYLE_FAINT, t->label);
	}
	return y + LIVE_TILE_ROWS;
}

static void live_draw_chart(const struct tt_live_frame *f, const struct canvas *c)
{
	struct canvas part = draw_part(c, 1, 0, c->height - 1, c->width);

	draw_text(c, 0, 0, c->width, STYLE_FAINT, f->chart_title);
	if (f->chart_count > 0)
		chart_draw(&part, f->chart, NULL, f->chart_count, f->chart_first, f->chart_last);
}

static void live_draw_row(const struct tt_live_column *columns, const struct canvas *c, int y,
	enum style style, const char (*cells)[28])
{
	const struct tt_live_column *col;
	int x = 0;

	for (col = columns; col->title && x + col->width <= c->width; col++) {
		const char *text = cells ? cells[col - columns] : col->title;

		if (col->is_text)
			draw_text(c, y, x, col->width, style, text);
		else
			draw_right(c, y, x + col->width, col->width, style, text);
		x += col->width + 1;
	}
}

static void live_draw_table(struct tt_live *l, const struct canvas *c)
{
	const struct tt_live_frame *f = &l->frame;
	struct tt_scroll *s = &l->scroll;
	enum style style;
	size_t i;

	tt_scroll_resize(s, f->row_count, c->height > 1 ? (size_t)c->height - 1 : 0);
	live_draw_row(l->options.columns, c, 0, STYLE_FAINT, NULL);
	for (i = 0; i < s->height && s->top + i < f->row_count; i++) {
		style = f->rows[s->top + i].is_warning ? STYLE_WARNING : STYLE_PLAIN;
		if (s->top + i == s->selected && f->row_count > s->height)
			style = STYLE_SELECTED;
		if (style == STYLE_SELECTED)
			draw_padded(c, (int)i + 1, 0, c->width, style, "");
		live_draw_row(l->options.columns, c, (int)i + 1, style, f->rows[s->top + i].cells);
	}
}

static void live_draw(struct tt_live *l)
{
	struct canvas all = {&l->term, 0, 0, term_height(), term_width()}, part;
	int y = 2, chart = (all.height - 8) / 3;

	draw_clear();
	live_draw_title(l, &all);
	part = draw_part(&all, y, 1, all.height - y - 1, all.width - 2);
	y += live_draw_tiles(&l->frame, &part);
	if (chart >= LIVE_CHART_LEAST) {
		part = draw_part(&all, y, 1, chart + 2, all.width - 2);
		live_draw_chart(&l->frame, &part);
		y += chart + 2;
	}
	part = draw_part(&all, y, 1, all.height - y - 1, all.width - 2);
	if (part.height > 1)
		live_draw_table(l, &part);
	draw_textf(&all, all.height - 1, 1, all.width - 2, STYLE_FAINT,
		"q ends the run   p %s   Up, Down scroll", l->is_paused ? "goes on" : "pauses");
	draw_cursor(&all, all.height - 1, 0);
	if (term_is_ready(&l->term))
		term_update(&l->term);
}

/* ---- keys */

static void live_quit(struct tt_live *l)
{
	if (l->has_quit)
		return;
	l->has_quit = true;
	l->options.quit(l->options.ctx);
}

static void live_on_key(void *ctx, int key)
{
	struct tt_live *l = ctx;
	static const struct {
		int key;
		long rows, pages;
	} moves[] = {{KEYS_UP, -1, 0}, {KEYS_DOWN, 1, 0}, {KEYS_PAGE_UP, 0, -1},
		{KEYS_PAGE_DOWN, 0, 1}, {'k', -1, 0}, {'j', 1, 0}};
	size_t i;

	if (key == 'q' || key == 'Q' || key == KEYS_CTRL('c'))
		live_quit(l);
	if (key == 'p' || key == ' ')
		l->is_paused = !l->is_paused;
	for (i = 0; i < sizeof(moves) / sizeof(*moves); i++) {
		if (moves[i].key == key && moves[i].pages)
			tt_scroll_page(&l->scroll, moves[i].pages);
		else if (moves[i].key == key)
			tt_scroll_by(&l->scroll, moves[i].rows);
	}
}

static void live_on_char(void *ctx, uint32_t ch)
{
	live_on_key(ctx, (int)ch);
}

static const struct keys_events live_keys_events = {live_on_char, live_on_key};

static void live_on_input(uv_poll_t *poll, int status, int events)
{
	struct tt_live *l = poll->data;
	char bytes[256];
	ssize_t n = read(l->term.fd, bytes, sizeof(bytes));

	(void)events;
	if (status < 0 || n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		uv_poll_stop(poll);
		live_quit(l);
		return;
	}
	if (n > 0)
		keys_feed(&l->keys, bytes, (size_t)n, &live_keys_events, l);
	live_draw(l);
}

static void live_on_winch(uv_signal_t *signal, int number)
{
	struct tt_live *l = signal->data;

	(void)number;
	term_resize(&l->term);
	live_draw(l);
}

/* ---- life */

enum tt_rc tt_live_open(struct tt_live **out, struct uv_loop_s *loop,
	const struct tt_live_options *options, struct tt_error *err)
{
	struct tt_live *l = tt_alloc(sizeof(*l));
	enum tt_rc rc = term_open(&l->term, options->settings, err);

	*out = NULL;
	if (rc != TT_OK) {
		free(l);
		return rc;
	}
	l->options = *options;
	uv_poll_init(loop, &l->input, l->term.fd);
	uv_signal_init(loop, &l->winch);
	l->input.data = l->winch.data = l;
	l->handles = 2;
	uv_poll_start(&l->input, UV_READABLE | UV_DISCONNECT, live_on_input);
	uv_signal_start(&l->winch, live_on_winch, SIGWINCH);
	l->before = signal(SIGTSTP, SIG_IGN);
	live_draw(l);
	*out = l;
	return TT_OK;
}

void tt_live_show(struct tt_live *l, const struct tt_live_frame *frame)
{
	keys_expire(&l->keys, &live_keys_events, l);
	if (!l->is_paused)
		l->frame = *frame;
	live_draw(l);
}

static void live_on_closed(uv_handle_t *handle)
{
	struct tt_live *l = handle->data;

	if (--l->handles == 0)
		free(l);
}

void tt_live_close(struct tt_live *l)
{
	if (!l)
		return;
	term_close(&l->term);
	signal(SIGTSTP, l->before);
	uv_close((uv_handle_t *)&l->input, live_on_closed);
	uv_close((uv_handle_t *)&l->winch, live_on_closed);
}
