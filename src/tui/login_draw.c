/*
 * The login view on the screen.
 */
#include "login_impl.h"

#include <ctype.h>

#include <tracetrack/text.h>

static void login_draw_waiting(const struct tt_screen *s, const struct canvas *c, int y, int x)
{
	size_t waiting = tt_station_waiting(s->station);

	if (waiting == 1)
		draw_text(c, y, x, c->width - x, STYLE_CLASS + TT_CLASS_QUEUED,
			"1 scan waits here; it is sent when somebody logs in.");
	else if (waiting > 1)
		draw_textf(c, y, x, c->width - x, STYLE_CLASS + TT_CLASS_QUEUED,
			"%zu scans wait here; they are sent when somebody logs in.", waiting);
}

/* Error texts begin small; here they stand alone. */
static int login_draw_sentence(
	const struct canvas *c, int y, int x, enum style style, const char *text)
{
	char sentence[256];

	tt_copy(sentence, sizeof(sentence), text);
	sentence[0] = (char)toupper((unsigned char)sentence[0]);
	return draw_wrapped(c, y, x, c->width - x - 1, 2, style, sentence);
}

/* What goes on: logging in, why it failed, or that the database is away. */
static void login_draw_state(
	const struct tt_screen *s, const struct canvas *c, int y, int x, const char *complaint)
{
	const struct tt_error *err = tt_station_login_error(s->station);
	const struct tt_link *link = tt_station_link(s->station);
	int width = c->width - x - 1, used;

	if (complaint) {
		login_draw_sentence(c, y, x, STYLE_CLASS + TT_CLASS_REFUSED, complaint);
		return;
	}
	if (tt_station_asks(s->station) == TT_ASK_NOTHING &&
		tt_station_phase(s->station) == TT_PHASE_LOGGING_IN) {
		draw_text(c, y, x, width, STYLE_PLAIN,
			tt_link_is_up(link) ? "Logging in"
					    : "Waiting for the database, then logging in");
		return;
	}
	if (err && err->message[0] != '\0') {
		used = login_draw_sentence(c, y, x, STYLE_CLASS + TT_CLASS_REFUSED, err->message);
		login_draw_sentence(
			c, y + used, x, STYLE_PLAIN, err->hint[0] ? err->hint : err->detail);
	} else if (!tt_link_is_up(link) && tt_link_error(link)->message[0] != '\0') {
		used = login_draw_sentence(
			c, y, x, STYLE_CLASS + TT_CLASS_TROUBLE, tt_link_error(link)->message);
		login_draw_sentence(c, y + used, x, STYLE_PLAIN, tt_link_error(link)->hint);
	}
}

static const char *login_label(const struct login_state *st)
{
	if (st->is_again)
		return "Again";
	return st->asked == TT_ASK_TOTP           ? "Code"
	       : st->asked == TT_ASK_NEW_PASSWORD ? "New"
						  : "Password";
}

void login_draw(struct view *v, const struct canvas *c)
{
	const struct tt_screen *s = v->screen;
	struct login_state *st = v->state;
	bool is_locked = tt_station_phase(s->station) == TT_PHASE_LOCKED;
	int x = c->width >= 60 ? c->width / 2 - 22 : 2, y = c->height >= 18 ? c->height / 2 - 7 : 0;
	int field = x + 10, width = c->width - field - 2 < 32 ? c->width - field - 2 : 32;

	draw_text(c, y, x, c->width - x, STYLE_STRONG, "TraceTrack");
	draw_text(c, y, x + 11, c->width - x - 11, STYLE_PLAIN, tt_station_name(s->station));
	draw_text(c, y + 1, x, c->width - x, is_locked ? STYLE_WARNING : STYLE_PLAIN,
		is_locked ? "This station is locked. Log in to go on." : "Log in to scan.");
	draw_text(c, y + 3, x, 9, STYLE_PLAIN, "User");
	draw_field(c, y + 3, field, width, &st->user, !st->is_password, false);
	draw_text(c, y + 5, x, 9, STYLE_PLAIN, login_label(st));
	draw_field(c, y + 5, field, width, st->is_again ? &st->again : &st->password,
		st->is_password, st->asked != TT_ASK_TOTP);
	login_draw_state(s, c, y + 7, x, st->complaint);
	login_draw_waiting(s, c, y + (c->height < 18 ? 11 : 12), x < 10 ? 0 : x - 6);
	if (s->options.hint)
		draw_wrapped(c, y + (c->height < 18 ? 12 : 14), x < 10 ? 0 : x - 6,
			c->width - (x < 10 ? 0 : x - 6), c->height < 18 ? 1 : 2, STYLE_FAINT,
			s->options.hint);
	draw_field(c, st->is_password ? y + 5 : y + 3, field, width, login_field(v), true,
		st->is_password && st->asked != TT_ASK_TOTP);
}
