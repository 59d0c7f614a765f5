/*
 * Sources: where codes come from. One contract, several back ends:
 *
 *	serial:PATH	a serial port: /dev/ttyACM0, /dev/serial/by-id/..., by-path/..., own links
 *	tcp:HOST:PORT	a scanner behind a serial server or base station
 *	pipe:PATH	a FIFO, a pseudo-terminal, or a file that is read once to its end
 *	wedge		no descriptor of its own; a face gives it what the keyboard brings
 *
 * A specification is SOURCE[,OPTION=VALUE]..., options as in tt_source_option_table:
 *
 *	serial:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0,driver=zebra-ssi
 *
 * A source opens itself, and opens itself again for as long as it lives: after 250 ms, doubling up
 * to 5 s, and at once when udev announces a new port. It never spins on a port that is gone.
 *
 *	opening -> ready -> unplugged -> (ready | refused) ...
 *	        -> refused: there, but not ours to use (busy, not permitted, ambiguous); tried again
 *
 * Everything happens on the loop's thread, in callbacks of the loop; nothing blocks.
 */
#ifndef TRACETRACK_SOURCE_H
#define TRACETRACK_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>
#include <tracetrack/frame.h>
#include <tracetrack/rc.h>
#include <tracetrack/symbol.h>

struct uv_loop_s;
struct tt_source;

enum tt_source_state {
	TT_SOURCE_OPENING,
	TT_SOURCE_READY,
	TT_SOURCE_UNPLUGGED, /* not there, hung up, or at its end */
	TT_SOURCE_REFUSED,
};
/* "opening", "ready", "unplugged", "refused". */
const char *tt_source_state_word(enum tt_source_state state);

struct tt_source_callbacks {
	/* A code, or an unreadable frame (scan->kind); empty ones are not given out. scan is
	 * borrowed until return. Answer with tt_feedback, now or later. */
	void (*on_scan)(void *ctx, struct tt_source *source, const struct tt_scan *scan);
	/* The state or its reason changed. err is NULL for opening and ready. May be NULL. */
	void (*on_state)(void *ctx, struct tt_source *source, enum tt_source_state state,
		const struct tt_error *err);
};

/* Options of a specification, one row each; ends with a row whose name is NULL. For the manual,
 * completion and "did you mean". */
struct source_settings;
struct tt_source_option {
	const char *name, *values, *standard, *help;
	/* Private to src/dev: take the value over. */
	enum tt_rc (*set)(
		struct source_settings *settings, const char *value, struct tt_error *err);
};
extern const struct tt_source_option tt_source_option_table[];

/* Say whether a specification can be understood, without opening anything: TT_USAGE with what is
 * wrong and a hint. */
TT_MUST_CHECK enum tt_rc tt_source_check(const char *spec, struct tt_error *err);

/* Start a source on the loop. Fails (TT_USAGE) only when spec can't be understood; a device that is
 * not there is reported by on_state, like one that goes. The first callback comes from the loop,
 * never from inside this call. callbacks is copied; ctx is borrowed for the source's life. */
TT_MUST_CHECK enum tt_rc tt_source_open(struct uv_loop_s *loop, const char *spec,
	const struct tt_source_callbacks *callbacks, void *ctx, struct tt_source **source,
	struct tt_error *err);

/* Close the device and free the source; no callback follows. May be called from its callbacks.
 * NULL is taken. The memory goes when the loop has run once more (uv handles close so). */
void tt_source_close(struct tt_source *source);

/* Bytes as if the device had sent them: through framing, decoding and on_scan. For the wedge, for
 * simulated scanners and tests; works in every state. */
void tt_source_feed(struct tt_source *source, const void *bytes, size_t len);
/* One whole frame, without its end. flags is a set of tt_frame_flag. */
void tt_source_frame(struct tt_source *source, const void *bytes, size_t len, unsigned flags);

/* What the devices screen shows. Texts are cleaned. */
struct tt_source_info {
	const char *spec;   /* borrowed for the source's life */
	const char *driver; /* static */
	enum tt_source_state state;
	struct tt_error error; /* why it is unplugged or refused; rc is TT_OK otherwise */
	char path[128];        /* the device itself, "/dev/ttyACM0"; "" when not open */
	char by_id[192];       /* stable for this unit, if it has a serial number; "" if none */
	char by_path[192];     /* stable for this socket; "" if none */
	uint64_t frames;       /* readable or not, without empty ones */
	uint64_t unreadable;
	uint64_t hang_ups;
	uint64_t dropped;           /* answers (tt_feedback) that did not reach the device */
	char last_raw[512];         /* the last frame as it came */
	tt_time opened_at, last_at; /* TT_NO_TIME before the first */
};
void tt_source_info(const struct tt_source *source, struct tt_source_info *info);

/* A serial port of this machine. All texts may be NULL but path. */
struct tt_port {
	char *path, *by_id, *by_path;
	char *description;
	char *usb; /* "0403:6001" */
	char *maker, *product, *serial;
};
extern const struct tt_column tt_port_columns[];
/* List the ports into rows (of tt_port, described by tt_port_columns); free with tt_rows_fini. */
TT_MUST_CHECK enum tt_rc tt_source_enumerate(struct tt_rows *rows, struct tt_error *err);

/*
 * The wedge: tells codes that a keyboard scanner types, or that are pasted, from what a person
 * types. Characters closer than TT_WEDGE_GAP_NS are one burst; a burst of TT_WEDGE_MIN or more
 * that ends in CR or LF is a scan. Shorter ones are given back as keys once the gap has passed; a
 * longer burst without an end is given out as unterminated, and never as keys: no burst is a
 * command.
 *
 * Characters that one read brought get one time. Read what waits before calling expire, so that a
 * late wake-up does not tear a burst apart.
 */
#define TT_WEDGE_GAP_NS 30000000ull
#define TT_WEDGE_MIN 4

struct tt_wedge_events {
	void (*on_key)(void *ctx, uint32_t ch);
	/* For tt_source_frame; flags TT_FRAME_UNTERMINATED and TT_FRAME_OVERFLOW. */
	tt_frame_fn on_frame;
};

/* Start from a zeroed struct. Fields are private to wedge.c. */
struct tt_wedge {
	uint64_t last_ns;
	uint64_t scan_ns; /* end of the last scan: more line ends behind it are no keys */
	size_t count;     /* characters held */
	size_t len;       /* bytes held */
	bool is_over;     /* past TT_FRAME_MAX: dropping up to the end of the burst */
	uint32_t keys[TT_WEDGE_MIN]; /* the first characters, to give back */
	uint8_t bytes[TT_FRAME_MAX];
};
void tt_wedge_feed(struct tt_wedge *w, uint32_t ch, uint64_t now_ns,
	const struct tt_wedge_events *events, void *ctx);
/* When held characters must be judged (as tt_steady_ns), or 0 when none are held. */
uint64_t tt_wedge_deadline(const struct tt_wedge *w);
void tt_wedge_expire(
	struct tt_wedge *w, uint64_t now_ns, const struct tt_wedge_events *events, void *ctx);

#endif
