/*
 * The devices screen: a row a scanner, and below all that is known of the selected one. It answers
 * the question "why does my scanner do nothing".
 */
#include <inttypes.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

struct devices_state {
	struct tt_scroll list;
};

static bool devices_get(const struct tt_screen *s, size_t index, struct tt_screen_device *out)
{
	return s->options.device && s->options.device(s->options.ctx, index, out);
}

static size_t devices_count(const struct tt_screen *s)
{
	struct tt_screen_device device;
	size_t n = 0;

	while (n < 64 && devices_get(s, n, &device))
		n++;
	return n;
}

static const char *devices_lane(const struct tt_screen *s, const struct tt_screen_device *d)
{
	return d->lane < 0 ? "-" : tt_station_lane(s->station, d->lane)->name;
}

static enum style devices_state_style(enum tt_source_state state)
{
	if (state == TT_SOURCE_READY)
		return STYLE_CLASS + TT_CLASS_DONE;
	return state == TT_SOURCE_OPENING ? STYLE_PLAIN : STYLE_CLASS + TT_CLASS_TROUBLE;
}

static void devices_draw_row(const struct tt_screen *s, const struct canvas *c, int y,
	const struct tt_screen_device *d, bool is_selected)
{
	const struct tt_source_info *i = &d->info;
	int wide = c->width >= 70, x = 1;

	draw_text(c, y, 0, 1, STYLE_STRONG, is_selected ? term_glyph(c->term, GLYPH_FOCUS) : " ");
	draw_text(c, y, x, 9, is_selected ? STYLE_SELECTED : STYLE_PLAIN, devices_lane(s, d));
	x += 10;
	draw_text(c, y, x, 10, devices_state_style(i->state), tt_source_state_word(i->state));
	x += 11;
	draw_textf(c, y, x, 8, STYLE_PLAIN, "%7" PRIu64, i->frames);
	x += 8;
	if (wide) {
		draw_textf(c, y, x, 15, STYLE_PLAIN, "%7" PRIu64 "%7" PRIu64, i->unreadable,
			i->hang_ups);
		x += 16;
	} else {
		x++;
	}
	draw_text(c, y, x, c->width - x, STYLE_PLAIN, i->path[0] ? i->path : i->spec);
}

static int devices_fact(const struct canvas *c, int y, const char *label, const char *value)
{
	if (!value || value[0] == '\0')
		return y;
	draw_text(c, y, 1, 11, STYLE_FAINT, label);
	return y + draw_wrapped(c, y, 13, c->width - 14, 2, STYLE_PLAIN, value);
}

static void devices_draw_facts(const struct canvas *c, int y, const struct tt_source_info *i)
{
	char opened[16], last[16], text[64];

	tt_time_of_day(opened, sizeof(opened), i->opened_at);
	tt_time_of_day(last, sizeof(last), i->last_at);
	y = devices_fact(c, y, "error", i->error.rc == TT_OK ? "" : i->error.message);
	y = devices_fact(c, y, "what to do", i->error.rc == TT_OK ? "" : i->error.hint);
	y = devices_fact(c, y, "last raw", i->last_raw);
	y = devices_fact(c, y, "last at", last);
	y = devices_fact(c, y, "source", i->spec);
	y = devices_fact(c, y, "driver", i->driver);
	y = devices_fact(c, y, "by-id", i->by_id);
	y = devices_fact(c, y, "by-path", i->by_path);
	y = devices_fact(c, y, "open since", opened);
	tt_format(text, sizeof(text),
		"%" PRIu64 " read, %" PRIu64 " unreadable, %" PRIu64 " hang-ups", i->frames,
		i->unreadable, i->hang_ups);
	y = devices_fact(c, y, "counts", text);
	tt_format(text, sizeof(text), "%" PRIu64 " answers did not reach it", i->dropped);
	devices_fact(c, y, "", i->dropped ? text : "");
}

static void devices_draw(struct view *v, const struct canvas *c)
{
	const struct tt_screen *s = v->screen;
	struct devices_state *st = v->state;
	struct tt_screen_device d;
	size_t count = devices_count(s), rows = count < (size_t)c->height / 2 ? count : 5, i;

	tt_scroll_resize(&st->list, count, rows);
	draw_text(c, 0, 0, c->width, STYLE_FAINT,
		c->width >= 70 ? " Lane      State        Read   Bad   Hangups  Device"
			       : " Lane      State        Read  Device");
	for (i = 0; i < rows && devices_get(s, st->list.top + i, &d); i++)
		devices_draw_row(s, c, (int)i + 1, &d, st->list.top + i == st->list.selected);
	draw_rule(c, (int)rows + 1);
	if (count == 0)
		draw_wrapped(c, 2, 1, c->width - 2, 2, STYLE_WARNING,
			"No scanner is set up; one that types like a keyboard needs no setting "
			"up. Others: --scanner LANE=SOURCE, see tracetrack-scanners(7).");
	else if (devices_get(s, st->list.selected, &d))
		devices_draw_facts(c, (int)rows + 2, &d.info);
	draw_cursor(c, (int)(st->list.selected - st->list.top) + 1, 0);
}

static const char *devices_status(struct view *v)
{
	(void)v;
	return "Up and Down select, b lets it beep, q goes back.";
}

static struct tt_scroll *devices_list(struct view *v)
{
	struct devices_state *st = v->state;

	return &st->list;
}

const struct view_ops view_devices = {
	.name = "devices",
	.title = "Devices",
	.scope = TT_SCOPE_DEVICES,
	.state_size = sizeof(struct devices_state),
	.draw = devices_draw,
	.status = devices_status,
	.list = devices_list,
};
