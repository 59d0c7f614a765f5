/*
 * Operations that views run: a call outlives its view when that is closed first, and an answer that
 * is not wanted any more is dropped. Calls wait in the link's order; none is lost.
 */
#include <stdlib.h>
#include <string.h>

#include <tracetrack/link.h>
#include <tracetrack/log.h>
#include <tracetrack/operation.h>

#include "screen_impl.h"

struct view_call {
	struct tt_call call;
	const struct tt_operation *op;
	void *args;
	view_done_fn done;
	struct view *view; /* NULL: nobody waits */
	struct view_call *next;
};

static void call_unlink(struct view_call *vc)
{
	struct view_call **at = &vc->view->calls;

	while (*at != vc)
		at = &(*at)->next;
	*at = vc->next;
	vc->view = NULL;
}

static bool call_says_expired(const struct view_call *vc)
{
	const char *outcome =
		vc->call.rc == TT_OK ? tt_operation_outcome(vc->op, &vc->call.rows) : NULL;

	return strcmp(vc->call.error.sqlstate, "28000") == 0 ||
	       (outcome && strcmp(outcome, "session_expired") == 0);
}

static void call_on_done(struct tt_call *call, void *ctx)
{
	struct view_call *vc = ctx;
	struct view *v = vc->view;

	tt_log(TT_LOG_DEBUG, "asked %s rows=%zu us=%llu", vc->op->name, call->rows.count,
		(unsigned long long)call->us);
	if (v) {
		call_unlink(vc);
		if (call_says_expired(vc))
			tt_station_check_session(v->screen->station);
		screen_spoil(v->screen);
		vc->done(v, vc->op, call);
	}
	tt_call_fini(call);
	tt_operation_args_free(vc->op, vc->args);
	free(vc);
}

void view_call(struct view *v, const struct tt_operation *op, void *args, view_done_fn done)
{
	struct view_call *vc = tt_alloc(sizeof(*vc));

	vc->op = op;
	vc->args = args;
	vc->done = done;
	vc->view = v;
	vc->next = v->calls;
	v->calls = vc;
	vc->call.done = call_on_done;
	vc->call.ctx = vc;
	tt_station_call(v->screen->station, op, args, &vc->call);
}

void view_forget(struct view *v, view_done_fn done)
{
	struct view_call *vc, *next;

	for (vc = v->calls; vc; vc = next) {
		next = vc->next;
		if (!done || vc->done == done)
			call_unlink(vc);
	}
}

bool view_is_waiting(const struct view *v, view_done_fn done)
{
	const struct view_call *vc;

	for (vc = v->calls; vc && vc->done != done; vc = vc->next)
		;
	return vc != NULL;
}
