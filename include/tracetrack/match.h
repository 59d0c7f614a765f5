/*
 * Matching typed text against names: completion of a beginning, and search by words.
 */
#ifndef TRACETRACK_MATCH_H
#define TRACETRACK_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* Give the index-th candidate, NULL past the last. Borrowed. */
typedef const char *(*tt_candidate_fn)(void *ctx, size_t index);

/* Write the longest beginning that all candidates starting with `typed` share to dst (typed itself
 * when none does). Returns how many start so. */
size_t tt_match_complete(
	char *dst, size_t size, const char *typed, tt_candidate_fn candidate, void *ctx);

/* True when each blank-divided word of `words` is somewhere in text; ASCII case is ignored. */
bool tt_match_words(const char *text, const char *words);

#endif
