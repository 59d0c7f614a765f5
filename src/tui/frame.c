/*
 * The frame of every screen: station, person and area on top, with link, outbox and clock; the
 * message line and the function keys at the bottom; the views in between.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

#define FRAME_RULE_FROM 20 /* rows from which the header has a rule below */
#define FRAME_NARROW 70    /* columns below which the header says less */
#define FRAME_WHY_FROM 110 /* and from which it says why the database is away */
#define FRAME_TIGHT 60     /* and below which messages take two rows */
#define FRAME_MARGIN 80    /* columns from which a dialog leaves one free on each side */

struct frame_link {
	enum style style;
	char text[200];
};

/* Why it is away only where that leaves room for who works here: cut off it tells nothing. */
static void frame_link_down(
	const struct tt_screen *s, const struct tt_link *link, int width, struct frame_link *out)
{
	const struct tt_error *why = tt_link_error(link);
	unsigned ms = tt_link_retry_in(link);
	char retry[32] = "", reason[61] = "";

	if (ms > 0)
		tt_format(retry, sizeof(retry), ", retry %u s", (ms + 999) / 1000);
	out->style = STYLE_CLASS + TT_CLASS_TROUBLE;
	if (width >= FRAME_WHY_FROM && why->message[0] != '\0')
		tt_format(reason, sizeof(reason), ": %s", why->message);
	tt_format(out->text, sizeof(out->text), "%s down%s%s", term_glyph(&s->term, GLYPH_DOWN),
		width < FRAME_NARROW ? "" : retry, reason);
}

static void frame_link(const struct tt_screen *s, int width, struct frame_link *out)
{
	const struct tt_link *link = tt_station_link(s->station);
	const char *up = term_glyph(&s->term, GLYPH_UP);
	double ms = tt_station_last_ms(s->station);

	out->style = STYLE_CLASS + TT_CLASS_DONE;
	if (tt_link_state(link) == TT_LINK_CONNECTING) {
		out->style = STYLE_WARNING;
		tt_format(out->text, sizeof(out->text), "%s connecting",
			term_glyph(&s->term, GLYPH_DOWN));
	} else if (!tt_link_is_up(link)) {
		frame_link_down(s, link, width, out);
	} else if (ms <= 0) {
		tt_format(out->text, sizeof(out->text), "%s db", up);
	} else {
		tt_format(out->text, sizeof(out->text), "%s %s%.*f ms", up,
			width < FRAME_NARROW ? "" : "db ", ms < 9.95 ? 1 : 0, ms);
	}
}

/* What waits, and since when. */
static void frame_outbox(const struct tt_screen *s, bool is_narrow, char *dst, size_t size)
{
	size_t waiting = tt_station_waiting(s->station), used;
	tt_time oldest = tt_station_oldest(s->station);
	char age[24];

	used = tt_format(dst, size, "%s %zu", is_narrow ? "out" : "outbox", waiting);
	if (tt_station_parked(s->station) > 0)
		used += tt_format(dst + used, size - used, "+%zu!", tt_station_parked(s->station));
	if (waiting == 0 || oldest == TT_NO_TIME || is_narrow)
		return;
	tt_format_age(age, sizeof(age), tt_now() - oldest);
	tt_format(dst + used, size - used, " (%s)", age);
}

/* Right side first, so that the left takes what is free. Returns the column where it begins. */
static int frame_header_right(const struct tt_screen *s, const struct canvas *c)
{
	bool is_narrow = c->width < FRAME_NARROW, waits;
	char clock[16], outbox[48];
	struct frame_link link;
	int at;

	tt_time_of_day(clock, sizeof(clock), tt_now());
	if (is_narrow)
		clock[5] = '\0';
	frame_outbox(s, is_narrow, outbox, sizeof(outbox));
	frame_link(s, c->width, &link);
	waits = tt_station_waiting(s->station) > 0 || tt_station_parked(s->station) > 0;
	at = draw_right(c, 0, c->width, 8, STYLE_PLAIN, clock);
	at = draw_right(c, 0, at - (is_narrow ? 1 : 2), 30,
		waits ? STYLE_CLASS + TT_CLASS_QUEUED : STYLE_PLAIN, outbox);
	return draw_right(c, 0, at - (is_narrow ? 1 : 2), c->width / 2 - 6, link.style, link.text);
}

static void frame_header(const struct tt_screen *s, const struct canvas *c)
{
	const struct tt_person *p = tt_station_person(s->station);
	int right = frame_header_right(s, c) - 1, at;

	at = draw_text(c, 0, 0, right, STYLE_STRONG, tt_station_name(s->station)) + 2;
	if (tt_station_phase(s->station) == TT_PHASE_LOCKED)
		at += draw_text(c, 0, at, right - at, STYLE_WARNING, "locked") + 2;
	if (p->login[0] == '\0')
		return;
	if (c->width < FRAME_NARROW)
		at += draw_text(c, 0, at, right - at, STYLE_PLAIN, p->login) + 2;
	else
		at += draw_textf(c, 0, at, right - at, STYLE_PLAIN, "%s (%s)", p->login, p->role) +
		      2;
	if (right - at > 4)
		draw_text(c, 0, at, right - at, STYLE_PLAIN, p->area);
}

/* One row, two where the window is narrow: what to do now must not be cut. */
static void frame_message(const struct tt_screen *s, const struct canvas *c)
{
	struct view *v = s->top;
	const char *status = "";

	if (s->message[0] != '\0') {
		draw_wrapped(c, 0, 0, c->width, c->height, s->message_style, s->message);
		return;
	}
	if (!screen_takes_keys(s))
		status = "Ctrl-C leaves.";
	else if (v->ops->status)
		status = v->ops->status(v);
	draw_wrapped(c, 0, 0, c->width, c->height, STYLE_PLAIN, status);
}

/* "F2 Finish" for each command of this view with a function key; tighter when it does not fit. */
struct frame_key_form {
	const char *key; /* begins with F or not */
	int label;       /* columns at most */
	int gap;
};

static const struct frame_key_form frame_key_forms[] = {
	{"F%d ", 16, 1}, {"%d", 16, 1}, {"%d", 4, 0}, {"%d", 2, 0}};

static int frame_draw_keys(const struct tt_screen *s, const struct canvas *c,
	const struct frame_key_form *form, bool is_drawn)
{
	const struct tt_command *row;
	char key[8];
	int n, x = 0, label;

	for (n = 1; n <= 12; n++) {
		row = command_for_key(s, s->top->ops->scope, KEYS_F(n));
		if (!row)
			continue;
		x += (int)tt_format(key, sizeof(key), form->key[0] == 'F' ? "F%d " : "%d", n);
		label = (int)strlen(row->label) < form->label ? (int)strlen(row->label)
							      : form->label;
		if (is_drawn) {
			draw_text(c, 0, x - (int)strlen(key), (int)strlen(key), STYLE_KEY, key);
			draw_textf(c, 0, x, label, STYLE_LABEL, "%.*s", label, row->label);
		}
		x += label + form->gap;
	}
	return x - form->gap;
}

static void frame_keys(const struct tt_screen *s, const struct canvas *c)
{
	const struct frame_key_form *form = frame_key_forms;

	while (form->label > 2 && frame_draw_keys(s, c, form, false) > c->width)
		form++;
	frame_draw_keys(s, c, form, true);
}

static void frame_too_small(const struct tt_screen *s, const struct canvas *c)
{
	int y = c->height / 2 - 1;

	draw_text(c, y < 0 ? 0 : y, 0, c->width, STYLE_STRONG, "Window is too small.");
	draw_textf(c, y + 1, 0, c->width, STYLE_PLAIN, "%dx%d, need %dx%d", c->width, c->height,
		TERM_LEAST_WIDTH, TERM_LEAST_HEIGHT);
	draw_text(c, y + 2, 0, c->width, STYLE_PLAIN, "Scanning goes on.");
	draw_text(c, y + 3, 0, c->width, s->message_style, s->message);
	draw_cursor(c, c->height - 1, 0);
}

/* A dialog that leaves columns free leaves the last row too: a rule that looks out on both sides of
 * its border is no border. */
static void frame_dialog(struct view *v, const struct canvas *body)
{
	int room = body->width < FRAME_MARGIN ? body->width : body->width - 2;
	int width = v->ops->width < room ? v->ops->width : room;
	int most = width < body->width ? body->height - 1 : body->height;
	int height = v->height < most ? v->height : most;
	struct canvas box = draw_part(
		body, (body->height - height) / 2, (body->width - width) / 2, height, width);
	struct canvas inside = draw_box(&box, v->title);

	v->ops->draw(v, &inside);
}

/* The lowest full view first, then the dialogs on it. */
static void frame_views(
	struct tt_screen *s, struct view *v, const struct canvas *body, const struct canvas *line)
{
	if (!(v->ops->flags & (VIEW_DIALOG | VIEW_LINE))) {
		v->ops->draw(v, body);
		return;
	}
	frame_views(s, v->below, body, line);
	if (v->ops->flags & VIEW_LINE)
		v->ops->draw(v, line);
	else
		frame_dialog(v, body);
}

void frame_draw(struct tt_screen *s)
{
	struct canvas all = {&s->term, 0, 0, term_height(), term_width()}, head, body, line, keys;
	int top = all.height >= FRAME_RULE_FROM ? 2 : 1, lines = all.width < FRAME_TIGHT ? 2 : 1;

	draw_clear();
	if (all.height < TERM_LEAST_HEIGHT || all.width < TERM_LEAST_WIDTH) {
		frame_too_small(s, &all);
		return;
	}
	head = draw_part(&all, 0, 0, 1, all.width);
	body = draw_part(&all, top, 0, all.height - top - lines - 1, all.width);
	line = draw_part(&all, all.height - 1 - lines, 0, lines, all.width);
	keys = draw_part(&all, all.height - 1, 0, 1, all.width);
	if (top == 2)
		draw_rule(&all, 1);
	frame_header(s, &head);
	frame_keys(s, &keys);
	if (!(s->top->ops->flags & VIEW_LINE))
		frame_message(s, &line);
	draw_cursor(&all, all.height - 1, all.width - 1);
	frame_views(s, s->top, &body, &line);
}

void frame_path(const struct view *v, const struct canvas *c, int width)
{
	const struct view *way[8];
	int n = 0, x = 0;

	for (; v && v->below && n < 8; v = v->below) {
		if (!(v->ops->flags & (VIEW_DIALOG | VIEW_LINE)))
			way[n++] = v;
	}
	while (n-- > 0) {
		x += draw_text(c, 0, x, width - x, STYLE_STRONG, way[n]->title);
		if (n > 0)
			x += draw_text(c, 0, x, width - x, STYLE_FAINT, " > ");
	}
}
