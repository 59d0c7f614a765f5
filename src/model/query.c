/*
 * From what was typed to parameters.
 */
#include <tracetrack/query.h>

#include <string.h>

#include <tracetrack/text.h>

/* The next word of *p; false at the end. */
static bool query_word(const char **p, char word[TT_QUERY_TEXT])
{
	size_t len;

	*p += strspn(*p, " ");
	len = strcspn(*p, " ");
	tt_copy_n(word, TT_QUERY_TEXT, *p, len);
	*p += len;
	return len > 0;
}

bool tt_query_has_parameters(const char *text)
{
	return strchr(text, '=') != NULL;
}

void tt_query_filter(struct tt_query *q, const char *text)
{
	char word[TT_QUERY_TEXT];
	size_t used = 0;
	const char *p;

	tt_copy(q->filter, sizeof(q->filter), text);
	q->words[0] = '\0';
	for (p = q->filter; query_word(&p, word);) {
		if (!tt_query_has_parameters(word))
			used += tt_format(q->words + used, sizeof(q->words) - used, "%s%s",
				used ? " " : "", word);
	}
}

/* The word after `now`, round and round; the second when that is "". */
static void query_next(char *now, size_t size, const char *words)
{
	char word[TT_QUERY_TEXT];
	const char *p = words;

	(void)query_word(&p, word);
	while (now[0] != '\0' && strcmp(word, now) != 0 && query_word(&p, word))
		;
	if (!query_word(&p, word)) {
		p = words;
		(void)query_word(&p, word);
	}
	tt_copy(now, size, word);
}

void tt_query_sort(struct tt_query *q, const char *sorts)
{
	/* The first is how the database sorts by itself. */
	query_next(q->sort, sizeof(q->sort), sorts);
}

void tt_query_choose(struct tt_query *q, const char *choices)
{
	if (q->choice[0] != '\0')
		query_next(q->choice, sizeof(q->choice), choices);
	else
		tt_copy_n(q->choice, sizeof(q->choice), choices, strcspn(choices, " "));
}

static bool query_set(const struct tt_operation *op, void *args, const char *name,
	const char *value, struct tt_error *err)
{
	return !name || !value || *value == '\0' || !tt_column_find(op->params, name) ||
	       tt_operation_set(op, args, name, value, err) == TT_OK;
}

static bool query_set_parameters(
	const char *text, const struct tt_operation *op, void *args, struct tt_error *err)
{
	char word[TT_QUERY_TEXT], *value;
	const char *p;

	for (p = text; query_word(&p, word);) {
		value = strchr(word, '=');
		if (!value || value[1] == '\0')
			continue;
		*value = '\0';
		if (tt_operation_set(op, args, word, value + 1, err) != TT_OK)
			return false;
	}
	return true;
}

void *tt_query_args(const struct tt_query *q, const struct tt_operation *op, const char *words,
	const char *after, int limit, struct tt_error *err)
{
	void *args = tt_operation_args_new(op);
	char number[16];

	tt_format(number, sizeof(number), "%d", limit);
	if (query_set(op, args, "limit", number, err) && query_set(op, args, "after", after, err) &&
		query_set(op, args, "sort", q->sort, err) &&
		query_set(op, args, words, q->words, err) &&
		query_set_parameters(q->choice, op, args, err) &&
		query_set_parameters(q->filter, op, args, err))
		return args;
	tt_operation_args_free(op, args);
	return NULL;
}
