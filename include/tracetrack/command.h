/*
 * The table of interface commands. Key dispatch, the function-key bar, the searchable help, the
 * prompt with its completion, and the manual's table are made from these rows.
 */
#ifndef TRACETRACK_COMMAND_H
#define TRACETRACK_COMMAND_H

#include <stddef.h>

struct tt_screen;

/* Where a command can be used: a set of views. */
enum tt_scope {
	TT_SCOPE_LOGIN = 1 << 0,
	TT_SCOPE_SCAN = 1 << 1,
	TT_SCOPE_LOOKUP = 1 << 2,
	TT_SCOPE_DEVICES = 1 << 3,
	TT_SCOPE_HELP = 1 << 4,
	TT_SCOPE_MENU = 1 << 5,
	TT_SCOPE_DETAILS = 1 << 6,
	TT_SCOPE_ASK = 1 << 7,
	TT_SCOPE_PROMPT = 1 << 8,
	TT_SCOPE_TABLE = 1 << 9,   /* lists of nouns */
	TT_SCOPE_RECORD = 1 << 10, /* one of them */
	TT_SCOPE_FORM = 1 << 11,
	TT_SCOPE_FILTER = 1 << 12,
	TT_SCOPE_BOARD = 1 << 13,
	TT_SCOPE_ALL = (1 << 14) - 1,
};

struct tt_command {
	const char *name;
	/* argument: the row's own if it has one, else what the prompt gave, "" for nothing. */
	void (*run)(struct tt_screen *screen, const char *argument);
	const char *argument; /* fixed, or NULL */
	const char *takes;    /* what the prompt may give: "CODE", "[LANE]"; NULL for nothing */
	const char *label;    /* in the function-key bar */
	const char *help;
	const char *group;
	unsigned scope;   /* set of enum tt_scope */
	const char *keys; /* "F5 ^L Esc ?": names divided by blanks, "" for none */
};

/* Ends with a row whose name is NULL. */
extern const struct tt_command tt_commands[];

/* The nth of all commands: those of the table, then one for each noun of the warehouse, which opens
 * its list. NULL past the last. */
const struct tt_command *tt_command_at(size_t n);
/* NULL when there is none. */
const struct tt_command *tt_command_find(const char *name);

#endif
