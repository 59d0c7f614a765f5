/*
 * The ncurses face: floor and screen put together.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/feedback.h>
#include <tracetrack/screen.h>

#include "demo.h"
#include "face.h"
#include "floor.h"

struct screen_face {
	uv_loop_t *loop;
	struct floor floor;
	struct tt_screen *screen;
	struct demo demo;
	uv_signal_t signals[2];
};

static void face_on_answered(void *ctx, const struct tt_answer *answer)
{
	struct screen_face *f = ctx;

	if (f->screen)
		tt_screen_answered(f->screen, answer);
}

static void face_on_settled(void *ctx, const struct tt_answer *answer)
{
	struct screen_face *f = ctx;

	if (f->screen)
		tt_screen_settled(f->screen, answer);
}

static void face_on_changed(void *ctx, unsigned changes)
{
	struct screen_face *f = ctx;

	if (f->screen)
		tt_screen_changed(f->screen, changes);
}

static void face_on_badge(void *ctx, const char *login)
{
	struct screen_face *f = ctx;

	if (f->screen)
		tt_screen_badge(f->screen, login);
}

static bool face_take(void *ctx, int lane, const struct tt_reading *reading)
{
	struct screen_face *f = ctx;

	return f->screen && tt_screen_take(f->screen, lane, reading);
}

static void face_end(void *ctx, enum tt_screen_end why)
{
	struct screen_face *f = ctx;

	(void)why;
	uv_stop(f->loop);
}

static void face_wedge(void *ctx, int lane, const void *bytes, size_t len, unsigned flags)
{
	struct screen_face *f = ctx;

	(void)floor_frame(&f->floor, lane, bytes, len, flags, NULL);
}

static bool face_device(void *ctx, size_t index, struct tt_screen_device *out)
{
	struct screen_face *f = ctx;

	if (index >= f->floor.nsources)
		return false;
	out->lane = f->floor.sources[index].lane;
	tt_source_info(f->floor.sources[index].source, &out->info);
	return true;
}

static void face_beep(void *ctx, size_t index)
{
	struct screen_face *f = ctx;

	if (index < f->floor.nsources)
		tt_feedback(f->floor.sources[index].source, TT_FEEDBACK_GOOD);
}

static void face_demo(void *ctx, int lane)
{
	struct screen_face *f = ctx;
	char code[TT_CODE_TEXT];

	demo_next(&f->demo, tt_station_lane(f->floor.station, lane), code, sizeof(code));
	(void)floor_frame(&f->floor, lane, code, strlen(code), 0, NULL);
}

static void face_on_signal(uv_signal_t *signal, int number)
{
	struct screen_face *f = signal->data;

	(void)number;
	uv_stop(f->loop);
}

static void face_watch_signals(struct screen_face *f)
{
	static const int numbers[] = {SIGTERM, SIGINT};
	size_t i;

	for (i = 0; i < 2; i++) {
		uv_signal_init(f->loop, &f->signals[i]);
		f->signals[i].data = f;
		uv_signal_start(&f->signals[i], face_on_signal, numbers[i]);
	}
}

static void face_close(struct screen_face *f)
{
	size_t i;

	tt_screen_close(f->screen);
	f->screen = NULL;
	floor_close(&f->floor);
	for (i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&f->signals[i], NULL);
	uv_run(f->loop, UV_RUN_DEFAULT);
}

enum tt_rc screen_run(uv_loop_t *loop, const struct face_options *options, struct tt_error *err)
{
	struct screen_face f = {.loop = loop};
	struct floor_face face = {
		face_on_answered, face_on_settled, face_on_changed, face_on_badge, face_take, &f};
	struct tt_screen_options screen = {.settings = options->settings,
		.hint = options->is_demo ? "Demonstration: F12 is the scanner." : NULL,
		.end = face_end,
		.wedge = face_wedge,
		.device = face_device,
		.beep = face_beep,
		.demo = options->is_demo ? face_demo : NULL,
		.is_kiosk = options->is_kiosk,
		.ctx = &f};
	enum tt_rc rc = tt_screen_check_view(options->settings->view, err);

	if (rc != TT_OK)
		return rc;
	face_watch_signals(&f);
	rc = floor_open(&f.floor, loop, options->settings, &face, err);
	if (rc == TT_OK)
		rc = tt_screen_open(&f.screen, loop, f.floor.station, &screen, err);
	if (rc == TT_OK) {
		if (options->password)
			tt_station_login(
				f.floor.station, options->settings->user, options->password);
		uv_run(loop, UV_RUN_DEFAULT);
	}
	face_close(&f);
	return rc;
}
