/*
 * Families as compiled patterns. Kept as lines of tab-separated columns.
 */
#include "family.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/log.h>
#include <tracetrack/operation.h>
#include <tracetrack/text.h>

#include "wire.h"

static enum family_kind family_kind(const char *role)
{
	static const struct {
		const char *role;
		enum family_kind kind;
	} rows[] = {{"parent", KIND_PARENT}, {"child", KIND_CHILD}, {"bill", KIND_BILL},
		{"badge", KIND_BADGE}, {"command", KIND_COMMAND}};
	size_t i;

	for (i = 0; role && i < sizeof(rows) / sizeof(*rows); i++) {
		if (strcmp(rows[i].role, role) == 0)
			return rows[i].kind;
	}
	return KIND_UNKNOWN;
}

void family_set_fini(struct family_set *set)
{
	while (set->count > 0)
		regfree(&set->rows[--set->count].pattern);
	free(set->rows);
	set->rows = NULL;
}

/* True when the pattern, from its first special character on, is one group: "(OK|UNDO)$". */
static bool family_is_group(const char *rest)
{
	return *rest == '(' && strcmp(rest + 1 + strcspn(rest + 1, "()"), ")$") == 0;
}

/* The plain characters at the beginning of "^SB[0-9]{5}$": other codes need no matching. A choice
 * outside of a group may begin with anything. */
static void family_find_prefix(char *dst, size_t size, const char *pattern)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789:-_/";
	size_t n;

	*dst = '\0';
	if (*pattern != '^')
		return;
	n = strspn(++pattern, plain);
	if (strchr(pattern, '|') && !family_is_group(pattern + n))
		return;
	if (n > 0 && pattern[n] != '\0' && strchr("*?{", pattern[n]))
		n--; /* it may be there no time */
	tt_copy_n(dst, size, pattern, n);
}

void family_set_load(struct family_set *set, const struct tt_rows *rows)
{
	const struct wire_family *f;
	struct family *to;
	size_t i;

	family_set_fini(set);
	set->rows = tt_alloc(rows->count * sizeof(*set->rows));
	for (i = 0; i < rows->count; i++) {
		f = tt_rows_at(rows, i);
		to = &set->rows[set->count];
		to->kind = family_kind(f->role);
		if (!f->pattern)
			continue;
		family_find_prefix(to->prefix, sizeof(to->prefix), f->pattern);
		if (regcomp(&to->pattern, f->pattern, REG_EXTENDED | REG_NOSUB) != 0)
			tt_log(TT_LOG_ERROR, "family pattern not understood: %s", f->pattern);
		else
			set->count++;
	}
}

enum family_kind family_kind_of(const struct family_set *set, const char *code)
{
	enum family_kind best = KIND_UNKNOWN;
	const struct family *row;

	for (row = set->rows; row < set->rows + set->count; row++) {
		if (best != KIND_UNKNOWN && row->kind == KIND_CHILD)
			continue;
		if (strncmp(code, row->prefix, strlen(row->prefix)) != 0 ||
			regexec(&row->pattern, code, 0, NULL, 0) != 0)
			continue;
		best = row->kind;
		if (best != KIND_CHILD)
			break;
	}
	return best;
}

void family_rows_write(const struct tt_rows *rows, struct tt_buf *out)
{
	const struct tt_column *col;
	size_t i;

	for (i = 0; i < rows->count; i++) {
		for (col = rows->cols; col->name; col++) {
			(void)tt_column_bind(col, tt_rows_at(rows, i), out);
			tt_buf_puts(out, col[1].name ? "\t" : "\n");
		}
	}
}

static void family_row_read(struct tt_rows *rows, char *line)
{
	const struct tt_column *col;
	void *row = tt_rows_add(rows);
	char *value;

	for (col = rows->cols; col->name && line; col++) {
		value = strsep(&line, "\t");
		if (*value != '\0' && tt_column_parse(col, row, value, NULL) != TT_OK)
			tt_log(TT_LOG_WARN, "kept family not understood: %s", value);
	}
}

void family_rows_read(struct tt_rows *rows, const char *text)
{
	char *copy = tt_strdup(text), *at = copy, *line;

	while ((line = strsep(&at, "\n"))) {
		if (*line != '\0')
			family_row_read(rows, line);
	}
	free(copy);
}
