/*
 * What is told only once: the secret of a second factor, as a QR code where the window has room,
 * and backup codes. Enter goes on to what follows.
 */
#include <jansson.h>
#include <string.h>

#include <tracetrack/qr.h>
#include <tracetrack/text.h>

#include "screen_impl.h"

#define TOLD_QUIET 1 /* light modules around the code: the window is dark as well */
#define TOLD_TEXT 34 /* columns that the words need beside it */
#define TOLD_CODES 2 /* in a row */

struct told_state {
	const struct tt_operation *next; /* that its form is for, or NULL */
	struct tt_qr qr;                 /* side 0: none */
	char secret[120];                /* in groups, as people type it */
	char codes[16][24];
	size_t ncodes;
};

static const char *told_column(const struct tt_rows *rows, const char *name)
{
	const struct tt_column *col = tt_column_find(rows->cols, name);
	const char *text =
		col && rows->count > 0 ? *(char *const *)tt_field(col, tt_rows_at(rows, 0)) : NULL;

	return text ? text : "";
}

static void told_group(char *dst, size_t size, const char *secret)
{
	size_t used = 0, i;

	for (i = 0; secret[i] != '\0' && used + 3 < size; i++) {
		if (i > 0 && i % 4 == 0)
			dst[used++] = ' ';
		dst[used++] = secret[i];
	}
	dst[used] = '\0';
}

static void told_read_codes(struct told_state *st, const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	const json_t *item;
	const char *code;
	size_t i;

	json_array_foreach(json, i, item)
	{
		code = json_string_value(item);
		if (st->ncodes < sizeof(st->codes) / sizeof(*st->codes) && code)
			tt_clean(st->codes[st->ncodes++], sizeof(st->codes[0]), code, strlen(code));
	}
	json_decref(json);
}

static void told_open(struct view *v, const void *arg)
{
	struct told_state *st = v->state;
	const struct tt_rows *rows = arg;
	const char *uri = told_column(rows, "uri");
	struct tt_error ignored;

	told_group(st->secret, sizeof(st->secret), told_column(rows, "secret"));
	told_read_codes(st, told_column(rows, "codes"));
	if (*uri != '\0' && tt_qr_make(&st->qr, uri, TT_QR_CLEAN, &ignored) == TT_OK)
		st->next = tt_operation_find("totp.confirm");
	tt_copy(v->title, sizeof(v->title), st->next ? "Second factor" : "Backup codes");
}

static void told_close(struct view *v)
{
	struct told_state *st = v->state;

	tt_qr_fini(&st->qr);
	explicit_bzero(st, sizeof(*st));
}

bool told_has_something(const struct tt_rows *rows)
{
	return *told_column(rows, "uri") != '\0' || *told_column(rows, "codes") != '\0';
}

/* Returns the columns used, 0 when the window is too small. */
static int told_draw_qr(const struct told_state *st, const struct canvas *c)
{
	int side = (int)st->qr.side + 2 * TOLD_QUIET, y = 0;
	struct tt_buf text = {0};
	char *line, *rest;

	if (st->qr.side == 0 || !c->term->is_utf8 || (side + 1) / 2 > c->height ||
		side + TOLD_TEXT > c->width)
		return 0;
	tt_qr_text(&st->qr, TT_QR_BLOCKS_LIGHT, TOLD_QUIET, &text);
	for (line = strtok_r(text.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		draw_text(c, y++, 0, side, STYLE_PLAIN, line);
	tt_buf_fini(&text);
	return side + 2;
}

static void told_draw_secret(const struct told_state *st, const struct canvas *c, bool has_qr)
{
	int y = draw_wrapped(c, 2, 0, c->width, 4, STYLE_PLAIN,
			has_qr ? "Scan this with your authenticator, or type the secret there:"
			       : "Type this secret into your authenticator (in a window of 80 by "
				 "24 it is "
				 "a QR code as well):") +
		3;

	y += draw_wrapped(c, y, 0, c->width, 3, STYLE_STRONG, st->secret) + 1;
	draw_wrapped(c, y, 0, c->width, 4, STYLE_PLAIN,
		"Then press Enter and type the code that it shows. Until then nothing changes.");
}

static void told_draw_codes(const struct told_state *st, const struct canvas *c)
{
	int y = draw_wrapped(c, 2, 0, c->width, 4, STYLE_PLAIN,
			"Each of these works once, when the authenticator is not at hand. Write "
			"them down: "
			"they are not shown again.") +
		3;
	size_t i;

	for (i = 0; i < st->ncodes; i++)
		draw_text(c, y + (int)(i / TOLD_CODES), (int)(i % TOLD_CODES) * c->width / 4,
			c->width / 4, STYLE_STRONG, st->codes[i]);
}

static void told_draw(struct view *v, const struct canvas *c)
{
	struct told_state *st = v->state;
	int x = told_draw_qr(st, c);
	struct canvas text = draw_part(c, 0, x > 0 ? x : 1, c->height, c->width - (x > 0 ? x : 2));

	draw_text(&text, 0, 0, text.width, STYLE_STRONG, v->title);
	if (st->secret[0] != '\0')
		told_draw_secret(st, &text, x > 0);
	else
		told_draw_codes(st, &text);
	draw_cursor(&text, 0, 0);
}

static unsigned told_select(struct view *v)
{
	struct told_state *st = v->state;
	struct form_arg arg = {.op = st->next};
	struct tt_screen *s = v->screen;

	view_close(v);
	if (arg.op)
		view_open(s, &view_form, &arg);
	return VIEW_HANDLED;
}

static const char *told_status(struct view *v)
{
	struct told_state *st = v->state;

	return st->next ? "Enter goes on to the code, q leaves it as it was."
			: "Enter or q when they are written down.";
}

const struct view_ops view_told = {
	.name = "told",
	.title = "Second factor",
	.scope = TT_SCOPE_DETAILS,
	.state_size = sizeof(struct told_state),
	.open = told_open,
	.close = told_close,
	.draw = told_draw,
	.select = told_select,
	.status = told_status,
};
