/*
 * Lines from standard input. Of a line longer than INPUT_LINE_MAX, which is more than the protocol
 * allows, the rest is skipped, so that memory stays bounded and there is one answer to it.
 */
#include "input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INPUT_LINE_MAX (1u << 16)
#define INPUT_HELD_MAX (1u << 18) /* read on while paused, so that the end is noticed */

static void input_give(struct input *in, const char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	in->on_line(in->ctx, line, len);
}

static void input_finish(struct input *in)
{
	if (in->held.len > 0 && !in->is_paused) {
		if (!in->is_skipping)
			input_give(in, in->held.data, in->held.len);
		tt_buf_clear(&in->held);
	}
	if (in->on_end && !in->is_paused) {
		void (*end)(void *) = in->on_end;

		in->on_end = NULL;
		end(in->ctx);
	}
}

/* Give out whole lines, until paused. A line may pause and end the pause before it returns. */
static void input_drain(struct input *in)
{
	size_t at = 0, len;
	const char *eol;

	if (in->is_draining)
		return;
	in->is_draining = true;
	while (!in->is_paused && at < in->held.len) {
		eol = memchr(in->held.data + at, '\n', in->held.len - at);
		if (!eol && in->held.len - at < INPUT_LINE_MAX)
			break;
		len = eol ? (size_t)(eol - in->held.data) - at : in->held.len - at;
		if (!in->is_skipping)
			input_give(in, in->held.data + at, len);
		in->is_skipping = !eol;
		at += len + (eol ? 1 : 0);
	}
	if (at > 0) {
		memmove(in->held.data, in->held.data + at, in->held.len - at);
		in->held.len -= at;
	}
	if (in->is_at_end)
		input_finish(in);
	in->is_draining = false;
}

static void input_stop(struct input *in)
{
	if (in->is_file)
		uv_idle_stop(&in->u.idle);
	else
		uv_read_stop(&in->u.stream);
}

static void input_take(struct input *in, const char *bytes, ssize_t n)
{
	if (n > 0) {
		tt_buf_add(&in->held, bytes, (size_t)n);
	} else {
		in->is_at_end = true;
		input_stop(in);
		if (in->on_hangup)
			in->on_hangup(in->ctx);
	}
	input_drain(in);
	if (in->is_paused && in->held.len > INPUT_HELD_MAX)
		input_stop(in);
}

static void input_alloc(uv_handle_t *handle, size_t hint, uv_buf_t *buf)
{
	static char bytes[16384];

	(void)handle;
	(void)hint;
	*buf = uv_buf_init(bytes, sizeof(bytes));
}

static void input_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct input *in = stream->data;

	if (n != 0)
		input_take(in, buf->base, n);
}

static void input_on_idle(uv_idle_t *idle)
{
	struct input *in = idle->data;
	char bytes[16384];
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

	if (n >= 0 || (errno != EINTR && errno != EAGAIN))
		input_take(in, bytes, n);
}

static void input_start(struct input *in)
{
	if (in->is_at_end)
		return;
	if (in->is_file)
		uv_idle_start(&in->u.idle, input_on_idle);
	else
		uv_read_start(&in->u.stream, input_alloc, input_on_read);
}

void input_open(struct input *in)
{
	switch (uv_guess_handle(STDIN_FILENO)) {
	case UV_TTY:
		uv_tty_init(in->loop, &in->u.tty, STDIN_FILENO, 1);
		break;
	case UV_NAMED_PIPE:
	case UV_TCP:
		uv_pipe_init(in->loop, &in->u.pipe, 0);
		uv_pipe_open(&in->u.pipe, STDIN_FILENO);
		break;
	default:
		in->is_file = true;
		uv_idle_init(in->loop, &in->u.idle);
		break;
	}
	in->u.handle.data = in;
	in->is_open = true;
	input_start(in);
}

void input_pause(struct input *in, bool is_paused)
{
	if (in->is_paused == is_paused || !in->is_open)
		return;
	in->is_paused = is_paused;
	if (is_paused)
		return;
	input_drain(in);
	if (!in->is_paused)
		input_start(in);
}

void input_close(struct input *in)
{
	if (in->is_open)
		uv_close(&in->u.handle, NULL);
	in->is_open = false;
	tt_buf_fini(&in->held);
}
