/*
 * The ring of a lane's last answers, and what a row of it says.
 */
#include <tracetrack/scanlist.h>

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

void tt_scanlist_fini(struct tt_scanlist *list)
{
	free(list->entries);
	memset(list, 0, sizeof(*list));
}

void tt_scanlist_add(struct tt_scanlist *list, const struct tt_answer *answer)
{
	if (!list->entries)
		list->entries = tt_alloc(TT_SCANLIST_MAX * sizeof(*list->entries));
	list->head = (list->head + 1) % TT_SCANLIST_MAX;
	list->entries[list->head] = *answer;
	if (list->count < TT_SCANLIST_MAX)
		list->count++;
}

const struct tt_answer *tt_scanlist_at(const struct tt_scanlist *list, size_t index)
{
	if (index >= list->count)
		return NULL;
	return &list->entries[(list->head + TT_SCANLIST_MAX - index) % TT_SCANLIST_MAX];
}

bool tt_scanlist_settle(struct tt_scanlist *list, const struct tt_answer *answer)
{
	struct tt_answer *entry;
	size_t i;
	tt_time at;

	for (i = 0; i < list->count; i++) {
		entry = &list->entries[(list->head + TT_SCANLIST_MAX - i) % TT_SCANLIST_MAX];
		if (tt_uuid_is_nil(&answer->event) ||
			!tt_uuid_is_equal(&entry->event, &answer->event))
			continue;
		at = entry->at;
		*entry = *answer;
		entry->at = at;
		return true;
	}
	return false;
}

static bool answer_is(const struct tt_answer *a, const char *name)
{
	return strcmp(a->outcome->name, name) == 0;
}

/* "here as 16, 14:02 by asha" */
static void answer_here(const struct tt_answer *a, char *dst, size_t size)
{
	char at[16];
	size_t used;

	used = tt_format(dst, size, "here as %lld", (long long)a->position);
	tt_time_of_day(at, sizeof(at), a->other_at);
	if (at[0] != '\0')
		used += tt_format(dst + used, size - used, ", %.5s", at);
	if (a->other_by[0] != '\0')
		tt_format(dst + used, size - used, " by %s", a->other_by);
}

void tt_answer_reason(const struct tt_answer *answer, char *dst, size_t size)
{
	const char *text = answer->message;
	size_t len = strlen(answer->code);
	bool is_last = answer_is(answer, "completed"), has_place = answer->position != TT_NO_INT;

	if ((is_last || answer_is(answer, "linked") || answer_is(answer, "bill_added")) &&
		has_place && answer->capacity != TT_NO_INT) {
		tt_format(dst, size, "%lld/%lld%s", (long long)answer->position,
			(long long)answer->capacity, is_last ? "  complete" : "");
		return;
	}
	if (answer_is(answer, "already_in_parent") && has_place) {
		answer_here(answer, dst, size);
		return;
	}
	if (len > 0 && strncmp(text, answer->code, len) == 0 && strchr(" :", text[len])) {
		text += len;
		text += strspn(text, " :");
	}
	tt_copy(dst, size, text);
}
