/* The faces of a station, each over one floor. Each runs the loop until it ends. */
#ifndef TRACETRACK_STATION_FACE_H
#define TRACETRACK_STATION_FACE_H

#include <uv.h>

#include <tracetrack/rc.h>
#include <tracetrack/settings.h>

struct face_options {
	const struct tt_settings *settings;
	char *password; /* of settings->user, or NULL; owned by the caller */
	bool is_demo;   /* a simulated scanner on a key */
	bool is_kiosk;  /* a wall screen */
};

TT_MUST_CHECK enum tt_rc headless_run(
	uv_loop_t *loop, const struct face_options *options, struct tt_error *err);
TT_MUST_CHECK enum tt_rc plain_run(
	uv_loop_t *loop, const struct face_options *options, struct tt_error *err);
TT_MUST_CHECK enum tt_rc screen_run(
	uv_loop_t *loop, const struct face_options *options, struct tt_error *err);

#endif
