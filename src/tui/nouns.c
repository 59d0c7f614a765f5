/*
 * The table of nouns.
 */
#include "nouns.h"

#include <string.h>

#include <tracetrack/text.h>

const struct noun nouns[] = {
	{"people", "People", "who works here, their roles and areas", "user.list", "login", "text",
		NULL, "user.create",
		"user.edit", false},
	{"areas", "Areas", "the areas of the warehouse", "area.list", "code", "text", NULL, NULL,
		"", false},
	{"stations", "Stations", "the stations, when they were last seen, their policy",
		"station.list", "name", "text", NULL, NULL, "", false},
	{"families", "Code families", "which codes are parents, children, bills and badges",
		"family.list", "name", "text", NULL, NULL, "", false},
	{NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false},
};

const struct noun *noun_find(const char *name)
{
	const struct noun *row;

	for (row = nouns; row->name && strcmp(row->name, name) != 0; row++)
		;
	return row->name ? row : NULL;
}

const struct tt_operation *noun_operation(const char *name)
{
	return name ? tt_operation_find(name) : NULL;
}

const char *noun_action(const struct noun *noun, size_t n, char *dst, size_t size)
{
	const char *p = noun->actions;

	for (; n > 0 && *p != '\0'; n--) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	if (*p == '\0')
		return NULL;
	tt_copy_n(dst, size, p, strcspn(p, " "));
	return dst;
}
