/*
 * Inside of a source: what the back ends share.
 *
 * A back end is a row of source_ops. Its open either sets the descriptor (source_use) and returns
 * TT_OK, or returns TT_OK with the attempt pending and ends it later by source_ready or
 * source_fail, or returns an error: TT_DEVICE is "unplugged", everything else "refused".
 */
#ifndef TRACETRACK_DEV_SOURCE_IMPL_H
#define TRACETRACK_DEV_SOURCE_IMPL_H

#include <uv.h>

#include <tracetrack/feedback.h>
#include <tracetrack/source.h>

#include "ssi.h"

#define SOURCE_QUEUE 256 /* bytes of answers that wait for the device */

/* What the options of a specification set. */
struct source_settings {
	const struct tt_driver *driver;
	struct tt_frame_options frame;
	struct tt_decode_options decode; /* its prefix and suffix point to the arrays below */
	char prefix[32], suffix[32];
	unsigned baud;
};

struct source_ops {
	const char *scheme;
	bool has_address;
	bool is_hot_plugged; /* a new port is a reason to try again at once */
	enum tt_rc (*open)(struct tt_source *src, struct tt_error *err);
	/* Release what open took, apart from the descriptor. NULL when there is nothing. */
	void (*close)(struct tt_source *src);
};

extern const struct source_ops serial_ops, tcp_ops, pipe_ops, wedge_ops;

struct source_spec {
	const struct source_ops *ops;
	char text[512];
	char address[384];
	struct source_settings settings;
};
TT_MUST_CHECK enum tt_rc source_spec_parse(
	struct source_spec *spec, const char *text, struct tt_error *err);

struct sp_port;
struct hotplug;

struct tt_source {
	struct source_spec spec;
	struct tt_source_callbacks callbacks;
	void *ctx;
	uv_loop_t *loop;
	uv_timer_t timer;       /* next attempt, end of a pending one, or pump of a file */
	uv_timer_t *idle_timer; /* NULL without idle gap */
	uv_poll_t *poll;        /* on fd, NULL when closed or not pollable */
	bool is_closed;         /* by its owner: no callback any more */
	bool is_pending;        /* an attempt is under way */
	bool is_file;           /* read by the timer, ends at its end */
	bool can_write;
	int fd; /* -1 when closed */
	unsigned delay_ms;
	struct hotplug *hotplug;
	struct sp_port *port;        /* serial only */
	uv_getaddrinfo_t *resolving; /* tcp only */

	struct tt_framer framer;
	struct ssi ssi;
	uint8_t out[SOURCE_QUEUE];
	size_t out_len;
	struct tt_source_info info;
};

/* Take a descriptor over; it is closed with the source. */
void source_use(struct tt_source *src, int fd, bool can_write);
/* The descriptor works: poll it and say so. */
void source_ready(struct tt_source *src);
/* The attempt failed: close, say so, try again later. */
void source_fail(struct tt_source *src, const struct tt_error *err);
/* Read and forget what waits at a terminal; then expect a part of a frame if there was one. */
void source_drain(struct tt_source *src);
/* Stop polling and free a handle of the heap. */
void source_free_handle(uv_handle_t *handle);

/* Raw mode, 8 bits, no echo, no hang-up signal; speed stays. */
TT_MUST_CHECK enum tt_rc tty_set_raw(int fd, const char *path, struct tt_error *err);
/* Take the terminal for this process alone, twice over: the advisory lock binds programs that ask
 * for it, root's too; exclusive mode binds all others, but not root. TT_CONFLICT when somebody has
 * it. Exclusive mode of a pseudo-terminal outlives its holder, so that is for real ports only. */
TT_MUST_CHECK enum tt_rc tty_lock(int fd, const char *path, struct tt_error *err);
TT_MUST_CHECK enum tt_rc tty_exclude(int fd, const char *path, struct tt_error *err);
/* Fill err for a failed open of path: TT_DENIED, TT_CONFLICT or TT_DEVICE by errno. */
enum tt_rc tty_open_error(const char *path, int error, struct tt_error *err);

/* A device that says it owns a link. */
struct port_claim {
	char path[128];
	char by_path[192];
};
/* TT_CONFIG when more than one device claims the link: names them, and their by-path links. */
TT_MUST_CHECK enum tt_rc port_check_claims(
	const char *link, const struct port_claim *claims, size_t count, struct tt_error *err);
/* The same, asking udev who claims it. Without udev there is nothing to object. */
TT_MUST_CHECK enum tt_rc port_check_link(const char *link, struct tt_error *err);
/* The link in folder (such as /dev/serial/by-id) that leads to path; "" when there is none. */
void port_find_link(char *dst, size_t size, const char *folder, const char *path);

/* Call fn on the loop whenever a terminal device appears. NULL where there is no udev. */
struct hotplug *hotplug_new(uv_loop_t *loop, void (*fn)(void *ctx), void *ctx);
void hotplug_free(struct hotplug *hotplug);

#endif
