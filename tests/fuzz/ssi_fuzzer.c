/*
 * links: dev base
 *
 * SSI packets: input is a cut size, then bytes of a scanner. Frames and answers must be the same
 * however the bytes are cut; answers must be well-formed packets.
 */
#include "fuzz.h"

#include "../../src/dev/ssi.h"

static void on_frame(void *ctx, const uint8_t *bytes, size_t len, unsigned flags)
{
	uint64_t *hash = ctx;

	must(len > 0 && len <= TT_FRAME_MAX);
	must((flags & ~(unsigned)TT_FRAME_OVERFLOW) == 0);
	*hash = fuzz_hash(*hash, bytes, len);
}

static void on_answer(void *ctx, const uint8_t *bytes, size_t len)
{
	uint64_t *hash = ctx;
	uint16_t sum = ssi_checksum(bytes, bytes[0]);

	must(len == bytes[0] + 2u);
	must(bytes[len - 2] == sum >> 8 && bytes[len - 1] == (sum & 0xff));
	*hash = fuzz_hash(*hash, bytes, len);
}

static uint64_t hash_of(const uint8_t *data, size_t size, size_t cut)
{
	static const struct ssi_events events = {on_frame, on_answer};
	static struct ssi ssi;
	uint64_t hash = 1;

	memset(&ssi, 0, sizeof(ssi));
	for (size_t at = 0; at < size; at += cut)
		ssi_feed(&ssi, data + at, size - at < cut ? size - at : cut, 1, &events, &hash);
	return hash;
}

/* The fuzzer can't find checksums: right ones are put in where a packet would end. */
static void mend(uint8_t *data, size_t size)
{
	for (size_t at = 0; at + 6 <= size;) {
		size_t n = data[at];

		if (n < 4 || at + n + 2 > size)
			return;
		if (data[at + 2] == 0) {
			uint16_t sum = ssi_checksum(data + at, n);

			data[at + n] = (uint8_t)(sum >> 8);
			data[at + n + 1] = (uint8_t)sum;
		}
		at += n + 2;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[65536];

	if (size < 2 || size > sizeof(bytes))
		return 0;
	memcpy(bytes, data + 1, size - 1);
	mend(bytes, size - 1);
	must(hash_of(bytes, size - 1, size) == hash_of(bytes, size - 1, data[0] + 1u));
	return 0;
}
