/*
 * From counters to a frame.
 */
#include "ui.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/live.h>
#include <tracetrack/text.h>

#include "run.h"

#define UI_MS 500
#define UI_MANY_MS 5 /* from here on the chart is in milliseconds */

struct ui {
	struct run *run;
	struct tt_live *live;
	uv_timer_t timer;
	struct tt_live_frame frame; /* large */
};

static const struct tt_live_column ui_columns[] = {{"operation", 18, true}, {"attempts", 9, false},
	{"refused", 7, false}, {"errors", 6, false}, {"per s", 7, false}, {"p50 ms", 7, false},
	{"p95 ms", 7, false}, {"p99 ms", 7, false}, {NULL, 0, false}};

static const struct record_second *ui_last(const struct run *r)
{
	return r->record.nseconds ? &r->record.seconds[r->record.nseconds - 1] : NULL;
}

static uint64_t ui_errors(const struct record_tally *t)
{
	return t->results[RESULT_FAILED] + t->results[RESULT_TIMED_OUT];
}

static void ui_ms(char *dst, size_t size, uint64_t us)
{
	tt_format(dst, size,
		us < 10000    ? "%.2f"
		: us < 100000 ? "%.1f"
			      : "%.0f",
		(double)us / 1000);
}

/* ---- state */

static void ui_state(struct tt_live_frame *f, const struct run *r)
{
	static const char *const words[] = {"waits", "stations log in", "waits for the other hosts",
		"at work", "waits for answers", "stations log out", "over"};

	tt_format(f->title, sizeof(f->title), "%s, %ld clients", r->profile->name,
		r->options.clients);
	f->is_warning = *r->why != '\0';
	if (*r->why)
		tt_copy(f->state, sizeof(f->state), r->why);
	else if (r->state == RUN_WORKING)
		tt_format(f->state, sizeof(f->state), "%zu s of %.0f", r->record.nseconds,
			r->seconds);
	else if (r->state == RUN_ENTERING && !r->agents)
		tt_format(f->state, sizeof(f->state), "%ld of %ld stations are in", r->entered,
			r->nclients);
	else if (*r->said && r->state < RUN_WORKING)
		tt_copy(f->state, sizeof(f->state), r->said);
	else
		tt_copy(f->state, sizeof(f->state), words[r->state]);
}

/* ---- tiles */

static void ui_tile(struct tt_live_frame *f, const char *label, bool is_warning, const char *fmt,
	...) TT_PRINTF(4, 5);
static void ui_tile(
	struct tt_live_frame *f, const char *label, bool is_warning, const char *fmt, ...)
{
	struct tt_live_tile *t = &f->tiles[f->tile_count++];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(t->value, sizeof(t->value), fmt, ap);
	va_end(ap);
	tt_copy(t->label, sizeof(t->label), label);
	t->is_warning = is_warning;
}

static void ui_ms_tile(struct tt_live_frame *f, const char *label, uint32_t us)
{
	char text[16];

	ui_ms(text, sizeof(text), us);
	ui_tile(f, label, false, "%s", text);
}

static void ui_known_tile(struct tt_live_frame *f, const char *label, bool is_bad, int64_t n)
{
	if (n == TT_NO_INT)
		ui_tile(f, label, false, "-");
	else
		ui_tile(f, label, is_bad && n > 0, "%" PRId64, n);
}

/* The last sample that knows anything of the pool. */
static const struct server_sample *ui_sample(const struct run *r)
{
	size_t i = r->nsamples;

	while (i > 0 && r->samples[i - 1].server.pools.sv_active == TT_NO_INT)
		i--;
	return i ? &r->samples[i - 1].server : NULL;
}

static void ui_tiles(struct tt_live_frame *f, const struct run *r)
{
	const struct record_second *last = ui_last(r);
	const struct record_slice *s = last ? &last->all : &(struct record_slice){0};
	const struct server_sample *sample = ui_sample(r);
	const struct server_pools *p = sample ? &sample->pools : NULL;
	uint64_t errors = ui_errors(&r->record.all);

	ui_tile(f, "per second", false, "%u", s->answered);
	ui_ms_tile(f, "p50 ms", s->p50);
	ui_ms_tile(f, "p95 ms", s->p95);
	ui_ms_tile(f, "p99 ms", s->p99);
	ui_ms_tile(f, "longest ms", s->max);
	ui_tile(f, "errors", errors > 0, "%" PRIu64, errors);
	ui_tile(f, "attempts", false, "%" PRIu64, r->record.all.attempts);
	ui_tile(f, "refused", false, "%" PRIu64, r->record.all.results[RESULT_REFUSED]);
	ui_tile(f, "in flight", false, "%" PRIu64, last ? last->in_flight : 0);
	ui_known_tile(f, "pool in use", false, p ? p->sv_active : TT_NO_INT);
	ui_known_tile(f, "wait for it", true, p ? p->cl_waiting : TT_NO_INT);
	ui_known_tile(f, "lock waits", true, sample ? sample->base.lock_waits : TT_NO_INT);
}

/* ---- chart */

static void ui_chart(struct tt_live_frame *f, const struct run *r)
{
	size_t from = r->record.nseconds > TT_LIVE_POINTS ? r->record.nseconds - TT_LIVE_POINTS : 0;
	const struct record_second *s = r->record.seconds;
	uint32_t most = 0, unit;
	size_t i;

	for (i = from; i < r->record.nseconds; i++)
		most = s[i].all.p95 > most ? s[i].all.p95 : most;
	unit = most > UI_MANY_MS * 1000 ? 1000 : 1;
	for (i = from; i < r->record.nseconds; i++)
		f->chart[f->chart_count++] = (s[i].all.p95 + unit - 1) / unit;
	tt_format(f->chart_title, sizeof(f->chart_title), "p95 of each second, %s",
		unit > 1 ? "ms" : "microseconds");
	tt_format(f->chart_first, sizeof(f->chart_first), "second %zu", from + 1);
	tt_copy(f->chart_last, sizeof(f->chart_last), "now");
}

/* ---- table */

static void ui_row(struct tt_live_frame *f, const struct run *r, size_t i)
{
	struct tt_live_row *row = &f->rows[f->row_count++];
	const struct record_op *op = &r->record.ops[i];
	const struct record_tally *t = &op->sum.tally;
	const struct record_slice *s =
		r->record.nseconds ? &op->slices[r->record.nseconds - 1] : NULL;
	uint32_t us[3] = {s ? s->p50 : 0, s ? s->p95 : 0, s ? s->p99 : 0};
	int k;

	row->is_warning = ui_errors(t) > 0;
	tt_copy(row->cells[0], sizeof(row->cells[0]), r->profile->ops[i].name);
	tt_format(row->cells[1], sizeof(row->cells[1]), "%" PRIu64, t->attempts);
	tt_format(row->cells[2], sizeof(row->cells[2]), "%" PRIu64, t->results[RESULT_REFUSED]);
	tt_format(row->cells[3], sizeof(row->cells[3]), "%" PRIu64, ui_errors(t));
	tt_format(row->cells[4], sizeof(row->cells[4]), "%u", s ? s->answered : 0);
	for (k = 0; k < 3; k++) {
		if (s && s->answered > 0)
			ui_ms(row->cells[5 + k], sizeof(row->cells[5 + k]), us[k]);
	}
}

static void ui_on_timer(uv_timer_t *timer)
{
	struct ui *ui = timer->data;
	const struct run *r = ui->run;
	struct tt_live_frame *f = &ui->frame;
	size_t i;

	memset(f, 0, sizeof(*f));
	ui_state(f, r);
	ui_tiles(f, r);
	ui_chart(f, r);
	for (i = 0; i < r->record.nops && i < TT_LIVE_ROWS; i++)
		ui_row(f, r, i);
	tt_live_show(ui->live, f);
}

/* ---- life */

static void ui_on_quit(void *ctx)
{
	(void)ctx;
	raise(SIGINT);
}

enum tt_rc ui_open(struct ui **out, struct run *r, struct tt_error *err)
{
	struct tt_live_options options = {
		.settings = r->options.settings, .columns = ui_columns, .quit = ui_on_quit};
	struct ui *ui = tt_alloc(sizeof(*ui));
	enum tt_rc rc = tt_live_open(&ui->live, &r->loop, &options, err);

	*out = NULL;
	if (rc != TT_OK) {
		tt_error_hint(err, "Leave --ui out, or start it in a terminal.");
		free(ui);
		return rc;
	}
	ui->run = r;
	uv_timer_init(&r->loop, &ui->timer);
	ui->timer.data = ui;
	uv_timer_start(&ui->timer, ui_on_timer, 0, UI_MS);
	*out = ui;
	return TT_OK;
}

static void ui_on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void ui_close(struct ui *ui)
{
	if (!ui)
		return;
	tt_live_close(ui->live);
	uv_close((uv_handle_t *)&ui->timer, ui_on_closed);
}
