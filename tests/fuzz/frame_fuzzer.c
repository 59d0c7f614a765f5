/*
 * links: dev base
 *
 * Framing: input is a set of ends, a cut size, then bytes of a device. Frames must be the same
 * however the bytes are cut, never empty, never too long, and free of what ends them.
 */
#include "fuzz.h"

#include <tracetrack/frame.h>

struct frames {
	struct tt_framer framer;
	uint64_t hash;
};

static void frames_on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	struct frames *f = ctx;

	must(len > 0 && len <= TT_FRAME_MAX);
	must(!(flags & TT_FRAME_UNTERMINATED));
	for (size_t i = 0; i < len; i++)
		must(!tt_framer_is_end(&f->framer, bytes[i]));
	f->hash = fuzz_hash(f->hash, &flags, sizeof(flags));
	f->hash = fuzz_hash(f->hash, bytes, len);
}

static struct frames frames_of(const uint8_t *data, size_t size, unsigned ends, size_t cut)
{
	struct tt_frame_options options = {.ends = ends};
	struct frames f = {.hash = 1};

	tt_framer_init(&f.framer, &options);
	for (size_t at = 0; at < size; at += cut)
		tt_framer_feed(&f.framer, data + at, size - at < cut ? size - at : cut, at,
			frames_on_frame, &f);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frames whole, pieces;

	if (size < 2)
		return 0;
	whole = frames_of(data + 2, size - 2, data[0] & 0x0f, size);
	pieces = frames_of(data + 2, size - 2, data[0] & 0x0f, data[1] + 1u);
	must(whole.hash == pieces.hash);
	must(tt_framer_has_part(&whole.framer) == tt_framer_has_part(&pieces.framer));
	return 0;
}
