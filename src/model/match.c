/*
 * Completion of a beginning and search by words.
 */
#include <tracetrack/match.h>

#include <string.h>
#include <strings.h>

#include <tracetrack/text.h>

static size_t match_shared(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

size_t tt_match_complete(
	char *dst, size_t size, const char *typed, tt_candidate_fn candidate, void *ctx)
{
	size_t len = strlen(typed), found = 0, i, shared;
	const char *name;

	tt_copy(dst, size, typed);
	for (i = 0; (name = candidate(ctx, i)) != NULL; i++) {
		if (strncmp(name, typed, len) != 0)
			continue;
		if (found++ == 0) {
			tt_copy(dst, size, name);
			continue;
		}
		shared = match_shared(dst, name);
		dst[shared] = '\0';
	}
	return found;
}

/* Is word[len] somewhere in text? */
static bool match_word(const char *text, const char *word, size_t len)
{
	for (; strlen(text) >= len; text++) {
		if (strncasecmp(text, word, len) == 0)
			return true;
	}
	return false;
}

bool tt_match_words(const char *text, const char *words)
{
	size_t len;

	for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
		len = strcspn(words, " ");
		if (!match_word(text, words, len))
			return false;
		words += len;
	}
	return true;
}
