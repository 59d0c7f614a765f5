/*
 * Who works here: the station, its link and what waits, two fields, and why it did not work. A
 * badge fills the name.
 */
#include <string.h>

#include <tracetrack/password.h>
#include <tracetrack/text.h>

#include "login_impl.h"

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

struct tt_editor *login_field(struct view *v)
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
