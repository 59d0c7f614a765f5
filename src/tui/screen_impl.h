/*
 * What the files of the screen share: its state, and how views and commands talk to it.
 */
#ifndef TRACETRACK_TUI_SCREEN_IMPL_H
#define TRACETRACK_TUI_SCREEN_IMPL_H

#include <uv.h>

#include <tracetrack/command.h>
#include <tracetrack/history.h>
#include <tracetrack/operation.h>
#include <tracetrack/scanlist.h>
#include <tracetrack/screen.h>

#include "keys.h"
#include "terminal.h"
#include "view.h"

struct tt_screen {
	uv_loop_t *loop;
	struct tt_station *station;
	struct tt_screen_options options;
	struct term term;
	struct keys keys;
	struct tt_wedge wedge;
	bool is_echoed;               /* what the wedge holds shows already */
	struct view *burst_view;      /* on top when that began; compared only */
	struct tt_editor burst_field; /* its field then */
	struct view *top;             /* of the stack; never NULL while open */
	int lane;                     /* that keys and the wedge act on */
	struct tt_scanlist lists[TT_LANES_MAX];
	struct tt_tally tally;
	struct tt_history history; /* of the prompt */
	char message[320];
	enum style message_style;
	bool is_spoiled; /* something must be drawn */
	bool is_ended;   /* end() was called */
	bool is_closed;
	enum tt_phase phase;       /* at the last change of session */
	char login[64];            /* who that was */
	struct tt_rows rights;     /* what that person may do; empty until it is known */
	size_t turn;               /* of the views that it begins with */
	uint64_t escaped_ns;       /* when Esc was typed alone */
	uint64_t escape_ns;        /* until when an Esc may become a sequence; 0: none waits */
	bool is_off[TT_LANES_MAX]; /* a scanner of the lane is not there */
	int bells;                 /* still to ring */
	int handles;               /* open ones */
	uv_poll_t input;
	uv_prepare_t before_wait;
	uv_timer_t tick, escape, burst, bell, retry, wake, rotate;
	uv_signal_t winch, stop, cont, hup;
};

/* Draw before the loop waits again. */
void screen_spoil(struct tt_screen *s);
/* The message line until the next message; NULL or "" gives it back to the view. */
void screen_say(struct tt_screen *s, enum style style, const char *text);
/* Tell the owner, once. */
void screen_end(struct tt_screen *s, enum tt_screen_end why);
/* Ring so many times. */
void screen_ring(struct tt_screen *s, int bells);
/* A key, after bursts were sorted out. */
void screen_key(struct tt_screen *s, int key);
/* A code typed in by hand, or a burst: a scan of the lane unless the top view takes it. */
void screen_scan(struct tt_screen *s, const void *bytes, size_t len, unsigned flags);

/* Wait for the next view that wants to be woken. */
void screen_arm_wake(struct tt_screen *s);
/* May the person run it, as far as is known? Nothing that writes on a read-only station. */
bool screen_may(const struct tt_screen *s, const struct tt_operation *op);

/* False on a wall screen, where only leaving is possible. */
bool screen_takes_keys(const struct tt_screen *s);
/* begin.c: somebody begins to work. Another person does not see what the one before has opened. */
void begin_person(struct tt_screen *s);
/* Let the top view read again what it shows. */
void screen_refresh(struct tt_screen *s);

const struct tt_lane *screen_lane(const struct tt_screen *s);

/* scanners.c: find a scanner of the lane that is unplugged or refused; NULL device for asking only.
 * False when all are well. */
bool scanners_find_off(const struct tt_screen *s, int lane, struct tt_screen_device *device);
/* Say which have gone and come back since the last call. */
void scanners_follow(struct tt_screen *s);

/* frame.c: header, message line, key bar, and the views in between */
void frame_draw(struct tt_screen *s);
/* The way to a view, "Bags > SB10234", in the first row. */
void frame_path(const struct view *v, const struct canvas *c, int width);

/* command.c */
const struct tt_command *command_for_key(const struct tt_screen *s, unsigned scope, int key);
/* Is there such a command just now? */
bool command_is_there(const struct tt_screen *s, const struct tt_command *command, unsigned scope);
void command_run(struct tt_screen *s, const struct tt_command *command, const char *argument);
/* A line of the prompt: name and argument. False with a message when it can't be understood. */
bool command_run_line(struct tt_screen *s, const char *line);

#endif
