/* Passwords of a form: the own one as a proof, a new one as a verifier; hashed off the loop. */
#ifndef TRACETRACK_TUI_FORM_SECRET_H
#define TRACETRACK_TUI_FORM_SECRET_H

#include <tracetrack/operation.h>
#include <tracetrack/password.h>

#include "view.h"

struct form_secret;

/* On the loop, while the view is open. secret is borrowed; err: why there is none, or rc TT_OK. */
typedef void (*form_secret_fn)(
	struct view *v, const struct form_secret *secret, const struct tt_error *err);

/* own: the password to prove, with the salt and cost of its challenge, or NULL. fresh: a new
 * one, or NULL. Texts are copied, and wiped in the end. Lives until done was called, or longer
 * when it is forgotten. */
struct form_secret *form_secret_start(struct view *v, const char *own,
	const struct tt_hashed *challenge, const char *fresh, form_secret_fn done);
/* done is not called any more; NULL is taken. */
void form_secret_forget(struct form_secret *s);
/* Into the parameters of the operation. */
void form_secret_put(const struct form_secret *s, const struct tt_operation *op, void *args);

#endif
