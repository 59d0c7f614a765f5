/*
 * Parameters that take one of a few words. The database refuses others as well; here they are told
 * apart before a call, with the nearest, and completed by the shell.
 */
#include <tracetrack/operation.h>

#include <limits.h>
#include <string.h>
#include <strings.h>

static const struct choice_row {
	const char *operation; /* NULL: every other */
	const char *column, *words;
} choice_rows[] = {
	{"bag.list", "role", "parent|child"},
	{"bag.list", "state", "unused|open|complete|short|linked|unlinked|cancelled"},
	{"bag.list", "sort", "newest|code"},
	{"bill.list", "state", "open|completed|reopened|cancelled"},
	{"return.list", "state", "open|committed|cancelled"},
	{"exception.list", "state", "open|resolved|all"},
	{"approval.list", "state", "pending|approved|failed|declined|expired|all"},
	{"family.create", "role", "parent|child|bill|badge|command"},
	{"user.list", "state", "active|locked|disabled"},
	{"user.list", "sort", "login|name|role|area|created_at|last_seen"},
	{"user.requests", "state", "pending|approved|rejected"},
	{"stats.activity", "per", "hour|day"},
	{"stats.recent", "class", "done|again|refused"},
	{NULL, "role", "dispatcher|biller|supervisor|administrator"},
	{NULL, "period", "today|week|month|quarter|year"},
};

const char *tt_choices(const struct tt_operation *op, const struct tt_column *col)
{
	const struct choice_row *row = choice_rows;
	const struct choice_row *end = row + sizeof(choice_rows) / sizeof(*row);

	if (col->type == TT_BOOL)
		return "yes|no";
	for (; row < end; row++) {
		if ((!row->operation || strcmp(row->operation, op->name) == 0) &&
			strcmp(row->column, col->name) == 0)
			return row->words;
	}
	return NULL;
}

bool tt_choice_next(const char **words, char *word, size_t size)
{
	size_t n = *words ? strcspn(*words, "|") : 0;

	if (n == 0)
		return false;
	tt_copy_n(word, size, *words, n);
	*words = (*words)[n] == '|' ? *words + n + 1 : NULL;
	return true;
}

enum tt_rc tt_choice_read(const char *name, const char *words, const char *value, char *word,
	size_t size, struct tt_error *err)
{
	const char *rest = words;
	unsigned least = UINT_MAX;
	char near[64] = "";
	struct tt_buf all = {0};

	while (tt_choice_next(&rest, word, size)) {
		if (strcasecmp(word, value) == 0) {
			tt_buf_fini(&all);
			return TT_OK;
		}
		if (tt_is_nearer(value, word, &least))
			tt_copy(near, sizeof(near), word);
		tt_buf_printf(&all, "%s%s", !all.len ? "" : rest ? ", " : " or ", word);
	}
	tt_fail(err, TT_USAGE, "%s must be %s, not \"%.60s\"", name, all.data, value);
	if (*near)
		tt_error_hint(err, "Did you mean %s?", near);
	tt_buf_fini(&all);
	return TT_USAGE;
}
