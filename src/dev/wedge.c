/*
 * The keyboard wedge: bursts at machine speed are codes, everything else is typing.
 */
#include "source_impl.h"

#include <string.h>

static size_t wedge_encode(uint8_t dst[4], uint32_t ch)
{
	if (ch < 0x80) {
		dst[0] = (uint8_t)ch;
		return 1;
	}
	if (ch < 0x800) {
		dst[0] = (uint8_t)(0xc0 | ch >> 6);
		dst[1] = (uint8_t)(0x80 | (ch & 0x3f));
		return 2;
	}
	if (ch < 0x10000) {
		dst[0] = (uint8_t)(0xe0 | ch >> 12);
		dst[1] = (uint8_t)(0x80 | (ch >> 6 & 0x3f));
		dst[2] = (uint8_t)(0x80 | (ch & 0x3f));
		return 3;
	}
	dst[0] = (uint8_t)(0xf0 | (ch >> 18 & 0x07));
	dst[1] = (uint8_t)(0x80 | (ch >> 12 & 0x3f));
	dst[2] = (uint8_t)(0x80 | (ch >> 6 & 0x3f));
	dst[3] = (uint8_t)(0x80 | (ch & 0x3f));
	return 4;
}

static void wedge_hold(struct tt_wedge *w, uint32_t ch)
{
	uint8_t utf8[4];
	size_t n = wedge_encode(utf8, ch);

	if (w->count < TT_WEDGE_MIN)
		w->keys[w->count] = ch;
	w->count++;
	if (w->len + n > sizeof(w->bytes)) {
		w->is_over = true;
		return;
	}
	memcpy(w->bytes + w->len, utf8, n);
	w->len += n;
}

static void wedge_clear(struct tt_wedge *w)
{
	w->count = w->len = 0;
	w->is_over = false;
}

static void wedge_give_keys(struct tt_wedge *w, const struct tt_wedge_events *events, void *ctx)
{
	size_t count = w->count;

	wedge_clear(w);
	for (size_t i = 0; i < count; i++)
		events->on_key(ctx, w->keys[i]);
}

static void wedge_give_frame(
	struct tt_wedge *w, unsigned flags, const struct tt_wedge_events *events, void *ctx)
{
	size_t len = w->len;

	if (w->is_over)
		flags |= TT_FRAME_OVERFLOW;
	wedge_clear(w);
	events->on_frame(ctx, w->bytes, len, flags);
}

static void wedge_judge(struct tt_wedge *w, const struct tt_wedge_events *events, void *ctx)
{
	if (w->count >= TT_WEDGE_MIN)
		wedge_give_frame(w, TT_FRAME_UNTERMINATED, events, ctx);
	else
		wedge_give_keys(w, events, ctx);
}

uint64_t tt_wedge_deadline(const struct tt_wedge *w)
{
	return w->count > 0 ? w->last_ns + TT_WEDGE_GAP_NS : 0;
}

void tt_wedge_expire(
	struct tt_wedge *w, uint64_t now_ns, const struct tt_wedge_events *events, void *ctx)
{
	if (w->count > 0 && now_ns >= tt_wedge_deadline(w))
		wedge_judge(w, events, ctx);
}

static void wedge_end(
	struct tt_wedge *w, uint32_t ch, const struct tt_wedge_events *events, void *ctx)
{
	bool is_rest = w->scan_ns && w->last_ns - w->scan_ns < TT_WEDGE_GAP_NS;

	if (w->count >= TT_WEDGE_MIN || (w->count == 0 && is_rest))
		w->scan_ns = w->last_ns;
	if (w->count >= TT_WEDGE_MIN) {
		wedge_give_frame(w, 0, events, ctx);
	} else if (w->count > 0 || !is_rest) {
		wedge_give_keys(w, events, ctx);
		events->on_key(ctx, ch);
	}
}

void tt_wedge_feed(struct tt_wedge *w, uint32_t ch, uint64_t now_ns,
	const struct tt_wedge_events *events, void *ctx)
{
	tt_wedge_expire(w, now_ns, events, ctx);
	w->last_ns = now_ns;
	if (ch == '\r' || ch == '\n')
		wedge_end(w, ch, events, ctx);
	else
		wedge_hold(w, ch);
}

static enum tt_rc wedge_open(struct tt_source *src, struct tt_error *err)
{
	(void)err;
	source_ready(src);
	return TT_OK;
}

const struct source_ops wedge_ops = {
	.scheme = "wedge",
	.open = wedge_open,
};
