/*
 * One statement at a time, each FLOOR_EVERY_MS. Those that could not be asked as the last had no
 * answer yet are counted from when they were due: a standstill is not one slow answer.
 */
#include "floor.h"

#include <stdlib.h>

#include <tracetrack/clock.h>
#include <tracetrack/link.h>
#include <tracetrack/text.h>

/* Opened once, asks until it is closed. */
struct floor {
	struct tt_link *link; /* NULL: the connection string can't be understood */
	struct tt_call call;
	uv_timer_t *timer; /* frees itself when closed */
	uint64_t asked_ns;
	bool is_asked, counts;
	struct tt_histogram *times;
};

struct floor_row {
	int64_t one;
};
static const struct tt_column floor_columns[] = {
	{"one", TT_INT, offsetof(struct floor_row, one), NULL, "", 0}, {NULL, 0, 0, NULL, NULL, 0}};

static void floor_on_answer(struct tt_call *call, void *ctx)
{
	struct floor *f = ctx;
	uint64_t now = tt_steady_ns(), due = f->asked_ns;

	f->is_asked = false;
	if (call->rc != TT_OK && call->rc != TT_TIMEOUT)
		return;
	for (; f->counts && due <= now; due += FLOOR_EVERY_MS * 1000000ull)
		tt_histogram_add(f->times, (now - due) / 1000);
}

static void floor_on_time(uv_timer_t *timer)
{
	struct floor *f = timer->data;

	if (f->is_asked || !tt_link_is_up(f->link))
		return;
	tt_call_fini(&f->call);
	tt_call_init(&f->call, FLOOR_SQL, floor_columns, sizeof(struct floor_row));
	f->call.done = floor_on_answer;
	f->call.ctx = f;
	f->is_asked = true;
	f->asked_ns = tt_steady_ns();
	tt_link_submit(f->link, &f->call);
}

struct floor *floor_open(uv_loop_t *loop, const char *station_dsn, struct tt_histogram *times)
{
	struct tt_link_options options = {
		.dsn = station_dsn, .application_name = "tracetrack-stress", .timeout_ms = 5000};
	struct floor *f = tt_alloc(sizeof(*f));
	struct tt_error ignored;

	f->times = times;
	if (tt_link_open(&f->link, loop, &options, &ignored) != TT_OK) {
		f->link = NULL;
		return f;
	}
	f->timer = tt_alloc(sizeof(*f->timer));
	uv_timer_init(loop, f->timer);
	f->timer->data = f;
	uv_timer_start(f->timer, floor_on_time, FLOOR_EVERY_MS, FLOOR_EVERY_MS);
	return f;
}

void floor_count(struct floor *f, bool counts)
{
	if (f)
		f->counts = counts;
}

static void floor_on_closed(uv_handle_t *timer)
{
	free(timer);
}

void floor_close(struct floor *f)
{
	if (!f)
		return;
	f->counts = false;
	if (f->timer)
		uv_close((uv_handle_t *)f->timer, floor_on_closed);
	tt_link_close(f->link);
	tt_call_fini(&f->call);
	free(f);
}
