/*
 * The nouns of the warehouse, one row each: which operation lists them, which shows one, and what
 * can be done with it. A row gives the list view, the detail view, the menu's entry, the command
 * and the name for --view.
 */
#ifndef TRACETRACK_TUI_NOUNS_H
#define TRACETRACK_TUI_NOUNS_H

#include <stdbool.h>

#include <tracetrack/operation.h>

/* Names of operations that the table of operations does not have are left out. */
struct noun {
	const char *name;    /* of the command: "people" */
	const char *title;   /* "People" */
	const char *help;    /* of the command */
	const char *list;    /* operation that gives the rows; NULL: there is only one, in detail */
	const char *key;     /* result column that names a row */
	const char *after;   /* the one that goes into `after`, not seen; NULL: the key */
	const char *sorts;   /* values of the parameter `sort`, divided by blanks */
	const char *filter;  /* text parameter for what is typed, if the operation has it */
	const char *search;  /* operation that has it; NULL: the list's, else filtered here */
	const char *detail;  /* operation that shows one; NULL: the row itself */
	const char *create;  /* operation that makes one */
	const char *actions; /* operations on one, divided by blanks */
	const char *choices; /* parameters of the list to choose from: "period=today period=week" */
	const char *bar;     /* result column that is drawn as bars */
	const char *next;    /* the noun that Tab goes to, round and round */
	const char *audit;   /* what it is called in the audit */
	const char *scan;    /* operation that a scanned code of `code` is for, on the one shown */
	bool takes_scans;    /* a scanned code goes to its row, and is no scan */
	bool is_more;        /* Tab goes to it from another, which is in the menu for it */
	bool prints;         /* the one shown is a paper too: a bill */
	bool follows;        /* stats.changes tells when its list has changed */
};

/* Ends with a row whose name is NULL. */
extern const struct noun nouns[];
/* What was done to one thing; no command of its own, because it is always somebody's. */
extern const struct noun noun_history;

const struct noun *noun_find(const char *name);
/* The name of the operation that it begins with. */
const char *noun_first(const struct noun *noun);
/* The operation of this name, NULL for NULL or one that there is not. */
const struct tt_operation *noun_operation(const char *name);
/* The nth operation that can be done with one; NULL past the last. Ones that there are not count.
 */
const char *noun_action(const struct noun *noun, size_t n, char *dst, size_t size);

#endif
