/*
 * A walk over the first level of a JSON object.
 */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

/* Behind the string that begins at p, or NULL. */
static const char *answer_skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\')
			p++;
	}
	return p < end ? p + 1 : NULL;
}

/* Behind the value that begins at p, or NULL. */
static const char *answer_skip_value(const char *p, const char *end)
{
	int depth = 0;

	while (p && p < end) {
		if (*p == '"') {
			p = answer_skip_string(p, end);
			if (depth == 0)
				return p;
			continue;
		}
		if (depth == 0 && (*p == ',' || *p == '}'))
			return p;
		if (*p == '{' || *p == '[')
			depth++;
		if (*p == '}' || *p == ']')
			depth--;
		p++;
		if (depth == 0 && (p[-1] == '}' || p[-1] == ']'))
			return p;
	}
	return NULL;
}

static bool answer_key_is(const char *key, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(key, name, len) == 0;
}

static void answer_take(
	struct answer *a, const char *key, size_t nkey, const char *value, const char *end)
{
	const struct {
		const char *name;
		char *dst;
		size_t size;
	} texts[] = {{"outcome", a->outcome, sizeof(a->outcome)},
		{"class", a->class, sizeof(a->class)}, {"durable", a->durable, sizeof(a->durable)},
		{"parent", a->parent, sizeof(a->parent)}, {"area", a->area, sizeof(a->area)}};
	size_t i;

	for (i = 0; *value == '"' && i < sizeof(texts) / sizeof(*texts); i++) {
		if (answer_key_is(key, nkey, texts[i].name))
			tt_copy_n(
				texts[i].dst, texts[i].size, value + 1, (size_t)(end - value) - 2);
	}
	if (answer_key_is(key, nkey, "waiting"))
		a->waiting = strtol(value, NULL, 10);
	else if (answer_key_is(key, nkey, "event_seq"))
		a->event_seq = strtol(value, NULL, 10);
	else if (answer_key_is(key, nkey, "ready"))
		a->is_ready = *value == 't';
}

bool answer_read(struct answer *a, const char *line, size_t len)
{
	const char *p = line + 1, *end = line + len, *key, *value;
	size_t nkey;

	memset(a, 0, sizeof(*a));
	a->waiting = a->event_seq = -1;
	if (len < 2 || *line != '{' || end[-1] != '}')
		return false;
	while (p && p < end && *p == '"') {
		key = p + 1;
		p = answer_skip_string(p, end);
		if (!p || p >= end || *p != ':')
			return false;
		nkey = (size_t)(p - key) - 1;
		if (answer_key_is(key, nkey, "data"))
			return true;
		value = p + 1;
		p = answer_skip_value(value, end);
		if (!p)
			return false;
		answer_take(a, key, nkey, value, p);
		if (*p == ',')
			p++;
	}
	return p != NULL;
}
