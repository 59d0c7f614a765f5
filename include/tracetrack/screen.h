/*
 * The screen: the ncurses face of a station. It draws what the station engine knows, turns keys
 *into commands, and gives what a keyboard scanner types to the wedge. It runs on the engine's loop
 *and never blocks on anything but the terminal itself.
 *
 *	open -> (answered | settled | changed | badge)... -> end() is called -> close
 *
 * The terminal is restored by tt_screen_close in every case, and by nothing else.
 */
#ifndef TRACETRACK_SCREEN_H
#define TRACETRACK_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/rc.h>
#include <tracetrack/settings.h>
#include <tracetrack/source.h>
#include <tracetrack/station.h>

struct tt_screen;

/* A change of a scanner's state, for tt_screen_changed beside enum tt_change. */
#define TT_CHANGE_DEVICES (1u << 8)

enum tt_screen_end {
	TT_SCREEN_QUIT,   /* the person asked to leave, and confirmed when something waits */
	TT_SCREEN_HANGUP, /* the terminal is gone */
};

/* One scanner, for the devices screen. */
struct tt_screen_device {
	int lane; /* index, or -1 */
	struct tt_source_info info;
};

/* Functions get ctx. All may be NULL but end. */
struct tt_screen_options {
	/* color, lines, bell, view and read_only are read; borrowed */
	const struct tt_settings *settings;
	const char *hint; /* at the login and just after it, or NULL; borrowed */
	/* Called once, from the loop; the screen may be closed in it. */
	void (*end)(void *ctx, enum tt_screen_end why);
	/* A burst from the keyboard (a frame, flags as in frame.h): a scan of that lane. */
	void (*wedge)(void *ctx, int lane, const void *bytes, size_t len, unsigned flags);
	/* Fill the index-th scanner; false past the last. */
	bool (*device)(void *ctx, size_t index, struct tt_screen_device *out);
	/* Let the index-th scanner beep. */
	void (*beep)(void *ctx, size_t index);
	/* Simulate the next scan of a demonstration; NULL hides the command. */
	void (*demo)(void *ctx, int lane);
	bool is_kiosk; /* a wall screen: the settings' views in turn, no keys but for leaving */
	void *ctx;
};

/* Are these names of views, divided by commas? TT_USAGE with the nearest when one is not. */
TT_MUST_CHECK enum tt_rc tt_screen_check_view(const char *names, struct tt_error *err);

/* Take over the terminal on standard input and output and draw. TT_DEVICE when there is none or it
 * can't move its cursor (the hint names the other faces). options is copied. */
TT_MUST_CHECK enum tt_rc tt_screen_open(struct tt_screen **out, struct uv_loop_s *loop,
	struct tt_station *station, const struct tt_screen_options *options, struct tt_error *err);
/* Restore the terminal and free the screen; NULL is taken. The handles close on the loop. Calls of
 * the screen that are under way may still end after this. */
void tt_screen_close(struct tt_screen *screen);

/* To be called from the station's callbacks of the same names. */
void tt_screen_answered(struct tt_screen *screen, const struct tt_answer *answer);
void tt_screen_settled(struct tt_screen *screen, const struct tt_answer *answer);
/* changes: set of enum tt_change and TT_CHANGE_DEVICES. */
void tt_screen_changed(struct tt_screen *screen, unsigned changes);
void tt_screen_badge(struct tt_screen *screen, const char *login);

/* Offer a reading before it goes to the lane. True when the screen took it, as the lookup view
 * does; then it is no scan. */
bool tt_screen_take(struct tt_screen *screen, int lane, const struct tt_reading *reading);

#endif
