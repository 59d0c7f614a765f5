/*
 * What the fuzz targets share: the entry point, and a check that ends the run where it fails.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define must(condition) ((condition) ? (void)0 : abort())

/* Text for people: valid UTF-8 in which cleaning finds nothing to do. */
static inline void must_be_clean(const char *s)
{
	static char clean[65536];

	must(tt_utf8_is_valid(s, strlen(s)));
	tt_clean(clean, sizeof(clean), s, strlen(s));
	must(strcmp(clean, s) == 0);
}

/* FNV-1a, to compare two streams of results. */
static inline uint64_t fuzz_hash(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *p = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3u;
	return hash;
}

#endif
