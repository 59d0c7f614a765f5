/*
 * What the files of the login view share.
 */
#ifndef TRACETRACK_TUI_LOGIN_IMPL_H
#define TRACETRACK_TUI_LOGIN_IMPL_H

#include "screen_impl.h"

struct login_state {
	struct tt_editor user, password; /* password: or what is asked for instead */
	struct tt_editor again;          /* a new password, once more */
	bool is_password;                /* the field with the cursor */
	bool is_again;                   /* the new password is being typed once more */
	enum tt_ask asked;
	const char *complaint; /* of this view itself, or NULL */
};

/* The one with the cursor. */
struct tt_editor *login_field(struct view *v);

/* login_draw.c */
void login_draw(struct view *v, const struct canvas *c);

#endif
