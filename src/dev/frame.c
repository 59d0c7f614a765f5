/*
 * The framing state machine: one byte at a time, three facts (skipping, inside, length).
 */
#include <tracetrack/frame.h>

#include <string.h>

#define FRAME_STX 0x02
#define FRAME_ETX 0x03
#define FRAME_NS_PER_MS 1000000ull

static bool frame_has_stx(const struct tt_framer *f)
{
	return (f->options.ends & TT_END_ETX) != 0;
}

void tt_framer_restart(struct tt_framer *f, bool is_mid_stream)
{
	f->is_skipping = is_mid_stream;
	f->is_inside = !frame_has_stx(f);
	f->last_ns = 0;
	f->len = 0;
}

void tt_framer_init(struct tt_framer *f, const struct tt_frame_options *options)
{
	f->options = options ? *options : (struct tt_frame_options){0};
	if (!f->options.ends)
		f->options.ends = TT_END_CR | TT_END_LF;
	tt_framer_restart(f, false);
}

bool tt_framer_is_end(const struct tt_framer *f, uint8_t byte)
{
	switch (byte) {
	case '\r':
		return (f->options.ends & TT_END_CR) != 0;
	case '\n':
		return (f->options.ends & TT_END_LF) != 0;
	case '\t':
		return (f->options.ends & TT_END_TAB) != 0;
	case FRAME_ETX:
		return frame_has_stx(f);
	default:
		return false;
	}
}

bool tt_framer_has_part(const struct tt_framer *f)
{
	return f->len > 0;
}

static void frame_give(struct tt_framer *f, unsigned flags, tt_frame_fn fn, void *ctx)
{
	size_t len = f->len;

	f->len = 0;
	if (len > 0)
		fn(ctx, f->bytes, len, flags);
}

static void frame_end(struct tt_framer *f, unsigned flags, tt_frame_fn fn, void *ctx)
{
	f->is_inside = !frame_has_stx(f);
	if (f->is_skipping)
		f->is_skipping = false;
	else
		frame_give(f, flags, fn, ctx);
}

static void frame_start(struct tt_framer *f, tt_frame_fn fn, void *ctx)
{
	frame_give(f, TT_FRAME_TORN, fn, ctx);
	f->is_skipping = false;
	f->is_inside = true;
}

static void frame_byte(struct tt_framer *f, uint8_t byte, tt_frame_fn fn, void *ctx)
{
	if (frame_has_stx(f) && byte == FRAME_STX) {
		frame_start(f, fn, ctx);
	} else if (f->is_inside && tt_framer_is_end(f, byte)) {
		frame_end(f, 0, fn, ctx);
	} else if (!f->is_inside || f->is_skipping) {
		return;
	} else if (f->len == sizeof(f->bytes)) {
		f->is_skipping = true;
		frame_give(f, TT_FRAME_OVERFLOW, fn, ctx);
	} else {
		f->bytes[f->len++] = byte;
	}
}

uint64_t tt_framer_deadline(const struct tt_framer *f)
{
	if (!f->options.idle_gap_ms || (f->len == 0 && !f->is_skipping))
		return 0;
	return f->last_ns + f->options.idle_gap_ms * FRAME_NS_PER_MS;
}

void tt_framer_expire(struct tt_framer *f, uint64_t now_ns, tt_frame_fn fn, void *ctx)
{
	uint64_t deadline = tt_framer_deadline(f);

	if (deadline && now_ns >= deadline)
		frame_end(f, TT_FRAME_UNTERMINATED, fn, ctx);
}

void tt_framer_feed(struct tt_framer *f, const void *bytes, size_t len, uint64_t now_ns,
	tt_frame_fn fn, void *ctx)
{
	const uint8_t *p = bytes;

	tt_framer_expire(f, now_ns, fn, ctx);
	f->last_ns = now_ns;
	for (size_t i = 0; i < len; i++)
		frame_byte(f, p[i], fn, ctx);
}
