/*
 * Who works here: the station, its link and what waits, two fields, and why it did not work. A
 * badge fills the name.
 */
#include <ctype.h>
#include <string.h>

#include <tracetrack/password.h>
#include <tracetrack/text.h>

#include "screen_impl.h"

struct login_state {
	struct tt_editor user, password; /* password: or what is asked for instead */
	struct tt_editor again;	 /* a new password, once more */
	bool is_password; /* the field with the cursor */
	bool is_again;	  /* the new password is being typed once more */
	enum tt_ask asked;
	const char *complaint; /* of this view itself, or NULL */
};

static void login_open(struct view *v, const void *arg)
{
	const struct tt_person *p = tt_station_person(v->screen->station);
	struct login_state *st = v->state;

	(void)arg;
	tt_editor_set(&st->user, p->login[0] ? p->login : v->screen->options.settings->user);
	st->is_password = st->user.len > 0;
}

static void login_close(struct view *v)
{
	struct login_state *st = v->state;

	tt_editor_clear(&st->user);
	tt_editor_clear(&st->password);
	tt_editor_clear(&st->again);
}

static struct tt_editor *login_field(struct view *v)
{
	struct login_state *st = v->state;

	if (st->is_again)
		return &st->again;
	return st->is_password ? &st->password : &st->user;
}

/* A keyboard scanner types a badge into whatever field there is: TT:USER:ASHA. */
static bool login_read_badge(struct view *v)
{
	struct tt_editor *field = login_field(v);
	char code[TT_EDITOR_MAX];

	if (strncasecmp(field->text, TT_BADGE_PREFIX, strlen(TT_BADGE_PREFIX)) != 0)
		return false;
	tt_copy(code, sizeof(code), field->text);
	tt_editor_clear(field);
	tt_station_badge(v->screen->station, code);
	explicit_bzero(code, sizeof(code));
	return true;
}

/* A new password is typed twice, because it does not show. */
static void login_tell_new(struct view *v)
{
	struct login_state *st = v->state;
	struct tt_error err;

	st->complaint = NULL;
	if (!st->is_again) {
		st->is_again = tt_password_check(st->password.text, &err) == TT_OK;
		if (!st->is_again)
			st->complaint = "a password needs at least 8 characters";
		return;
	}
	if (strcmp(st->password.text, st->again.text) == 0)
		tt_station_tell(v->screen->station, st->password.text);
	else
		st->complaint = "the two are not the same";
	st->is_again = false;
	tt_editor_clear(&st->password);
	tt_editor_clear(&st->again);
}

static void login_tell(struct view *v)
{
	struct login_state *st = v->state;
	char code[TT_EDITOR_MAX];

	if (login_field(v)->len == 0)
		return;
	if (st->asked == TT_ASK_NEW_PASSWORD) {
		login_tell_new(v);
		return;
	}
	tt_copy(code, sizeof(code), st->password.text);
	tt_editor_clear(&st->password);
	tt_station_tell(v->screen->station, code);
}

/* The login under way wants something else, or nothing any more. */
static void login_follow(struct view *v)
{
	struct login_state *st = v->state;
	enum tt_ask asked = tt_station_asks(v->screen->station);

	if (asked == st->asked)
		return;
	st->asked = asked;
	st->is_again = false;
	st->complaint = NULL;
	st->is_password = st->user.len > 0;
	tt_editor_clear(&st->password);
	tt_editor_clear(&st->again);
}

static unsigned login_select(struct view *v)
{
	struct login_state *st = v->state;

	login_follow(v);
	if (st->asked != TT_ASK_NOTHING) {
		login_tell(v);
		return VIEW_HANDLED;
	}
	if (login_read_badge(v))
		return VIEW_HANDLED;
	if (!st->is_password || st->user.len == 0 || st->password.len == 0) {
		st->is_password = st->user.len > 0;
		return VIEW_HANDLED;
	}
	tt_station_login(v->screen->station, st->user.text, st->password.text);
	tt_editor_clear(&st->password);
	screen_say(v->screen, STYLE_PLAIN, "");
	return VIEW_HANDLED;
}

/* Gives up the login under way; or a badge had asked to take over from whoever works here. */
static unsigned login_escape(struct view *v)
{
	const struct tt_station *station = v->screen->station;

	if (tt_station_phase(station) == TT_PHASE_LOGGING_IN)
		tt_station_give_up(v->screen->station);
	else if (tt_station_phase(station) == TT_PHASE_WORKING)
		return VIEW_HANDLED | VIEW_CLOSE;
	return VIEW_HANDLED;
}

static unsigned login_event(struct view *v, const struct view_event *event)
{
	struct login_state *st = v->state;

	switch (event->kind) {
	case VIEW_BADGE:
		tt_editor_set(&st->user, event->text);
		tt_editor_clear(&st->password);
		st->is_password = true;
		return VIEW_HANDLED;
	case VIEW_KEY:
		if (event->key == KEYS_ESC)
			return login_escape(v);
		if (st->asked == TT_ASK_NOTHING &&
			(event->key == KEYS_TAB || event->key == KEYS_BACK_TAB ||
				event->key == KEYS_UP || event->key == KEYS_DOWN))
			st->is_password = !st->is_password;
		return VIEW_HANDLED;
	case VIEW_CHANGED:
		login_follow(v);
		return 0;
	default:
		return 0;
	}
}

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
static void login_draw_state(const struct tt_screen *s, const struct canvas *c, int y, int x,
	const char *complaint)
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
	return st->asked == TT_ASK_TOTP		? "Code"
		: st->asked == TT_ASK_NEW_PASSWORD ? "New"
						   : "Password";
}

static void login_draw(struct view *v, const struct canvas *c)
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

static const char *login_status(struct view *v)
{
	const struct login_state *st = v->state;

	if (st->asked == TT_ASK_TOTP)
		return "The code that your authenticator shows, or a backup code. Esc gives up.";
	if (st->asked == TT_ASK_NEW_PASSWORD)
		return "That was a one-time password: set one of your own. Esc gives up.";
	if (tt_station_phase(v->screen->station) == TT_PHASE_LOCKED)
		return "Password or PIN and Enter unlock; so does a badge with a secret.";
	return "Tab changes the field, Enter logs in. A badge fills in the name.";
}

const struct view_ops view_login = {
	.name = "login",
	.title = "Log in",
	.flags = VIEW_BURST_IS_TEXT,
	.scope = TT_SCOPE_LOGIN,
	.state_size = sizeof(struct login_state),
	.open = login_open,
	.close = login_close,
	.event = login_event,
	.draw = login_draw,
	.select = login_select,
	.status = login_status,
	.field = login_field,
};
