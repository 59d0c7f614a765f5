/*
 * Outcomes: the stable words that the database and the station answer with, their class, and what
 * people are told. One table; a refusal is not an error.
 */
#ifndef TRACETRACK_OUTCOME_H
#define TRACETRACK_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

/* Told apart by word, shape, colour, sound and exit status. */
enum tt_class {
	TT_CLASS_DONE,    /* the database has it */
	TT_CLASS_QUEUED,  /* this station's disk has it; not yet in the database */
	TT_CLASS_AGAIN,   /* already done; nothing changed */
	TT_CLASS_REFUSED, /* a rule says no; nothing changed */
	TT_CLASS_TROUBLE, /* not known to be safe: do something */
	TT_CLASS_COUNT
};

struct tt_class_row {
	const char *word;  /* of the protocol: "done", "queued", "already", "refused", "trouble" */
	const char *label; /* upper case, for the band: "DONE" */
	const char *mark;  /* one UTF-8 character */
	const char *ascii; /* its twin: "[OK]" */
	int exit_status;
};
extern const struct tt_class_row tt_classes[TT_CLASS_COUNT];

struct tt_outcome {
	const char *name; /* "in_other_parent" */
	enum tt_class cls;
	const char *label;   /* for lists: "refused", "linked" */
	const char *message; /* template: what was scanned, what it is, why not here */
	const char *advice;  /* template: what to do now; "" when nothing */
};

/* Ends with a row whose name is NULL. */
extern const struct tt_outcome tt_outcomes[];

/* Never NULL: an unknown name gets a row of class TROUBLE. */
const struct tt_outcome *tt_outcome_find(const char *name);

/* The templates of an outcome; a few operations ("bill.create") have words of their own for it. */
void tt_outcome_wording(const struct tt_outcome *outcome, const char *operation,
	const char **message, const char **advice);

/* Fill a template: {name} is replaced by what value() returns for it (NULL or "" for unknown),
 * {name|child|children} by a number with its noun; a part in square brackets is left out when
 * something in it is unknown. */
typedef const char *(*tt_template_fn)(void *ctx, const char *name);
void tt_template_fill(char *dst, size_t size, const char *text, tt_template_fn value, void *ctx);

#endif
