/*
 * Hashing takes as long as a frame or two, so that a worker does it; the form may be gone before it
 * ends.
 */
#include "form_secret.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "screen_impl.h"

struct form_secret {
	uv_work_t work;
	struct view *view; /* NULL: nobody waits */
	form_secret_fn done;
	char own[TT_EDITOR_MAX], fresh[TT_EDITOR_MAX]; /* "": none */
	struct tt_hashed challenge, hashed;
	char proof[TT_PROOF_HEX];
	struct tt_error error;
};

static void secret_hash(uv_work_t *work)
{
	struct form_secret *s = work->data;
	enum tt_rc rc = TT_OK;

	if (s->own[0] != '\0')
		rc = tt_password_proof(s->proof, s->own, s->challenge.salt, s->challenge.ops,
			s->challenge.mem, &s->error);
	if (rc == TT_OK && s->fresh[0] != '\0')
		rc = tt_password_hash(&s->hashed, s->fresh, &s->error);
	s->error.rc = rc;
}

static void secret_on_hashed(uv_work_t *work, int status)
{
	struct form_secret *s = work->data;

	(void)status;
	if (s->view) {
		screen_spoil(s->view->screen);
		s->done(s->view, s, &s->error);
	}
	explicit_bzero(s, sizeof(*s));
	free(s);
}

struct form_secret *form_secret_start(struct view *v, const char *own,
	const struct tt_hashed *challenge, const char *fresh, form_secret_fn done)
{
	struct form_secret *s = tt_alloc(sizeof(*s));

	s->work.data = s;
	s->view = v;
	s->done = done;
	if (own) {
		tt_copy(s->own, sizeof(s->own), own);
		s->challenge = *challenge;
	}
	if (fresh)
		tt_copy(s->fresh, sizeof(s->fresh), fresh);
	uv_queue_work(v->screen->loop, &s->work, secret_hash, secret_on_hashed);
	return s;
}

void form_secret_forget(struct form_secret *s)
{
	if (s)
		s->view = NULL;
}

void form_secret_put(const struct form_secret *s, const struct tt_operation *op, void *args)
{
	if (s->own[0] != '\0')
		*(char **)tt_operation_arg(op, args, "proof") = tt_strdup(s->proof);
	if (s->fresh[0] != '\0')
		tt_operation_set_hashed(op, args, &s->hashed);
}
