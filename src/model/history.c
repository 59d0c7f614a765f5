/*
 * Lines entered before, with the draft that going back sets aside.
 */
#include <tracetrack/history.h>

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

void tt_history_fini(struct tt_history *h)
{
	size_t i;

	for (i = 0; i < h->count; i++)
		free(h->lines[i]);
	free(h->draft);
	memset(h, 0, sizeof(*h));
}

static void history_push(struct tt_history *h, const char *line)
{
	if (h->count == TT_HISTORY_MAX) {
		free(h->lines[0]);
		h->count--;
		memmove(h->lines, h->lines + 1, h->count * sizeof(*h->lines));
	}
	h->lines[h->count++] = tt_strdup(line);
}

void tt_history_add(struct tt_history *h, const char *line)
{
	if (*line != '\0' && (h->count == 0 || strcmp(h->lines[h->count - 1], line) != 0))
		history_push(h, line);
	h->at = h->count;
	free(h->draft);
	h->draft = NULL;
}

const char *tt_history_back(struct tt_history *h, const char *typed)
{
	if (h->at == 0)
		return NULL;
	if (h->at == h->count) {
		free(h->draft);
		h->draft = tt_strdup(typed);
	}
	return h->lines[--h->at];
}

const char *tt_history_forward(struct tt_history *h)
{
	if (h->at == h->count)
		return NULL;
	h->at++;
	if (h->at < h->count)
		return h->lines[h->at];
	return h->draft ? h->draft : "";
}
