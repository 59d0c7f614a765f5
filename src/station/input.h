/*
 * Standard input by lines, on the loop: a pipe, a terminal or a file.
 */
#ifndef TRACETRACK_STATION_INPUT_H
#define TRACETRACK_STATION_INPUT_H

#include <stdbool.h>
#include <uv.h>

#include <tracetrack/text.h>

struct input {
	uv_loop_t *loop;
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_pipe_t pipe;
		uv_tty_t tty;
		uv_idle_t idle; /* files are always readable */
	} u;
	bool is_file, is_open, is_paused, is_at_end, is_draining;
	bool is_skipping;   /* the rest of a line that was too long */
	struct tt_buf held; /* the beginning of a line, and lines that came while paused */
	/* line has no end mark; of too long ones enough is given for the parser to refuse. */
	void (*on_line)(void *ctx, const char *line, size_t len);
	void (*on_hangup)(void *ctx); /* nothing more comes; lines may still be held. May be NULL */
	void (*on_end)(void *ctx);    /* the last line was given */
	void *ctx;
};

/* Fields loop, on_line, on_end and ctx are set before. */
void input_open(struct input *in);
/* While paused no line is given. */
void input_pause(struct input *in, bool is_paused);
void input_close(struct input *in);

#endif
