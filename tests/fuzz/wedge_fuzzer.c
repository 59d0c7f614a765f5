/*
 * links: dev base
 *
 * The keyboard wedge: input is pairs of gap (ms) and character. Every character but line ends must
 * come out once, as a key or in a frame; no burst of TT_WEDGE_MIN may come out as keys.
 */
#include "fuzz.h"

#include <stdbool.h>

#include <tracetrack/source.h>

struct tally {
	size_t in, keys, framed; /* without line ends */
	size_t ends_in, ends;
	size_t burst; /* characters since the last pause */
};

static bool is_line_end(uint32_t ch)
{
	return ch == '\r' || ch == '\n';
}

static void on_key(void *ctx, uint32_t ch)
{
	struct tally *t = ctx;

	t->keys += !is_line_end(ch);
	t->ends += is_line_end(ch);
	must(is_line_end(ch) || t->burst <= TT_WEDGE_MIN);
}

static void on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	struct tally *t = ctx;

	must(len >= TT_WEDGE_MIN && len <= TT_FRAME_MAX);
	must(!memchr(bytes, '\r', len) && !memchr(bytes, '\n', len));
	t->framed += len;
	t->ends += !(flags & TT_FRAME_UNTERMINATED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct tt_wedge_events events = {on_key, on_frame};
	static struct tt_wedge wedge;
	struct tally t = {0};
	uint64_t now = 1000000000;

	if (size > TT_FRAME_MAX)
		return 0;
	memset(&wedge, 0, sizeof(wedge));
	for (size_t i = 0; i + 1 < size; i += 2) {
		uint32_t ch = data[i + 1] & 0x7f;

		now += data[i] * 1000000ull;
		tt_wedge_expire(&wedge, now, &events, &t);
		t.burst = tt_wedge_deadline(&wedge) ? t.burst + 1 : 1;
		tt_wedge_feed(&wedge, ch, now, &events, &t);
		t.in += !is_line_end(ch);
		t.ends_in += is_line_end(ch);
	}
	tt_wedge_expire(&wedge, now + TT_WEDGE_GAP_NS, &events, &t);
	must(tt_wedge_deadline(&wedge) == 0);
	must(t.keys + t.framed == t.in);
	must(t.ends <= t.ends_in);
	return 0;
}
