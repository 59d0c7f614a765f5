/*
 * Framing: cut a device's stream of bytes into frames, one per code read.
 *
 *	bytes -> [ skipping ] -- end --> [ collecting ] -- end --> frame
 *	              ^                        | more than TT_FRAME_MAX bytes
 *	              +---- reported once -----+
 *
 * Pure: no input or output, no allocation, the time is handed in. One framer per device. By default
 * a frame ends at CR or LF, so CR LF ends it too; empty frames are ignored. Control bytes that end
 * nothing are kept (GS separates GS1 fields); judging them is the decoder's work.
 */
#ifndef TRACETRACK_FRAME_H
#define TRACETRACK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TT_FRAME_MAX 4096 /* bytes; no symbology carries more than 7,089 digits or 2,953 bytes */

/* What ends a frame: a set of these. */
enum tt_frame_end {
	TT_END_CR = 1 << 0,
	TT_END_LF = 1 << 1,
	TT_END_TAB = 1 << 2,
	TT_END_ETX = 1 << 3, /* frames are STX ... ETX; bytes outside of them are ignored */
};

enum tt_frame_flag {
	TT_FRAME_UNTERMINATED = 1 << 0, /* ended by the idle gap: may be half a code */
	TT_FRAME_OVERFLOW = 1 << 1,     /* the first TT_FRAME_MAX bytes; the rest is dropped */
	TT_FRAME_TORN = 1 << 2,         /* a new STX came before the ETX */
};

struct tt_frame_options {
	unsigned ends;        /* set of tt_frame_end; 0 stands for CR and LF */
	unsigned idle_gap_ms; /* silence that ends a frame; 0 never does */
};

/* Fields are private to frame.c. */
struct tt_framer {
	struct tt_frame_options options;
	bool is_skipping; /* dropping up to the next end */
	bool is_inside;   /* between STX and ETX; always true without TT_END_ETX */
	uint64_t last_ns; /* when the last byte came */
	size_t len;
	uint8_t bytes[TT_FRAME_MAX];
};

/* bytes are borrowed until the function returns; flags is a set of tt_frame_flag. */
typedef void (*tt_frame_fn)(void *ctx, const uint8_t *bytes, size_t len, unsigned flags);

/* options may be NULL for the defaults. */
void tt_framer_init(struct tt_framer *f, const struct tt_frame_options *options);

/* Forget what is collected, as after opening the device again. is_mid_stream: the device was in the
 * middle of a frame, so what comes up to the next end is dropped without a report. */
void tt_framer_restart(struct tt_framer *f, bool is_mid_stream);

/* Take bytes in and call fn for each frame that they end. now_ns is tt_steady_ns(). */
void tt_framer_feed(struct tt_framer *f, const void *bytes, size_t len, uint64_t now_ns,
	tt_frame_fn fn, void *ctx);

/* When the idle gap is over (nanoseconds as tt_steady_ns), or 0 when nothing waits for it. */
uint64_t tt_framer_deadline(const struct tt_framer *f);
/* Hand over what waits if its deadline has passed. */
void tt_framer_expire(struct tt_framer *f, uint64_t now_ns, tt_frame_fn fn, void *ctx);

/* True while part of a frame is collected: a hang-up now cuts a code off. */
bool tt_framer_has_part(const struct tt_framer *f);
/* True when this byte ends a frame under the framer's options. */
bool tt_framer_is_end(const struct tt_framer *f, uint8_t byte);

#endif
