/*
 * Views: what fills the screen between the header and the message line. They lie on a stack; the
 * topmost gets the events, and dialogs are views that leave the one below in sight. The framework
 * owns their memory and rectangles; a view owns what its state points to, from open to close.
 */
#ifndef TRACETRACK_TUI_VIEW_H
#define TRACETRACK_TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/editor.h>
#include <tracetrack/scroll.h>
#include <tracetrack/station.h>

#include "draw.h"

struct tt_call;
struct tt_operation;
struct tt_screen;
struct view;

enum view_flag {
	VIEW_DIALOG = 1 << 0, /* drawn over the view below */
	VIEW_LINE = 1 << 1,   /* a dialog in the message line */
	/* What is typed at machine speed is text of the field, never a scan. */
	VIEW_BURST_IS_TEXT = 1 << 2,
};

enum view_event_kind {
	VIEW_KEY,     /* a key that is neither editing nor a command here */
	VIEW_EDITED,  /* the field has changed */
	VIEW_ANSWER,  /* a scan was answered or settled */
	VIEW_CHANGED, /* changes: the station has changed */
	VIEW_BADGE,   /* text: the login of a badge */
	VIEW_READING, /* reading: a scanner's code, before it becomes a scan */
	VIEW_WAKE,    /* the time that view_wake asked for */
};

struct view_event {
	enum view_event_kind kind;
	int key;
	unsigned changes;
	const char *text;
	const struct tt_reading *reading;
	const struct tt_answer *answer;
};

/* What a handler wants: a set. One that has closed its view itself must not ask for VIEW_CLOSE. */
enum view_result {
	VIEW_HANDLED = 1 << 0,
	VIEW_CLOSE = 1 << 1,
};

/* Functions may be NULL. */
struct view_ops {
	const char *name;
	const char *title;
	unsigned flags;
	unsigned scope; /* of enum tt_scope: which commands there are */
	size_t state_size;
	int height, width; /* of a dialog, at most */
	void (*open)(struct view *v, const void *arg);
	void (*close)(struct view *v);
	unsigned (*event)(struct view *v, const struct view_event *event);
	/* Reads state, models and station; changes only what depends on the size (scrolling). */
	void (*draw)(struct view *v, const struct canvas *c);
	/* After drawing, when it is known what is in sight: may ask for what is missing. */
	void (*seen)(struct view *v);
	unsigned (*select)(struct view *v); /* Enter */
	/* The line below, when there is no message; "" for nothing. */
	const char *(*status)(struct view *v);
	struct tt_editor *(*field)(struct view *v); /* that has the cursor, or NULL */
	struct tt_scroll *(*list)(struct view *v);  /* that the arrow keys move in, or NULL */
};

struct view {
	const struct view_ops *ops;
	struct tt_screen *screen;
	void *state;
	struct view *below;
	char title[40];          /* the ops' title unless open says another */
	int height;              /* of a dialog, likewise */
	uint64_t wake_ns;        /* when it wants VIEW_WAKE; 0: never */
	struct view_call *calls; /* of operations, under way */
};

/* Open on top; arg goes to the open function. */
struct view *view_open(struct tt_screen *screen, const struct view_ops *ops, const void *arg);
/* Close this one and all that lie on it. */
void view_close(struct view *v);
/* Close all but the lowest. */
void view_close_all(struct tt_screen *screen);
/* Is a view with these functions on the stack? */
struct view *view_find(struct tt_screen *screen, const struct view_ops *ops);
/* Give an event to one view and do what it wants. */
unsigned view_send(struct view *v, const struct view_event *event);
/* VIEW_WAKE in so many milliseconds, once; the last asking counts. */
void view_wake(struct view *v, unsigned ms);

/* The answer to view_call, while the view is open. call: rc, rows and error; borrowed, but
 * rows may be taken. */
typedef void (*view_done_fn)(struct view *v, const struct tt_operation *op, struct tt_call *call);
/* Run an operation; takes args over. Any number may be under way. */
void view_call(struct view *v, const struct tt_operation *op, void *args, view_done_fn done);
/* Answers that are still to come are not wanted any more: of this function, or of all for NULL. */
void view_forget(struct view *v, view_done_fn done);
bool view_is_waiting(const struct view *v, view_done_fn done);

/* An editing key or a character for the field; false when it is neither. */
bool view_edit(struct tt_editor *e, int key);

extern const struct view_ops view_scan, view_login, view_lookup, view_devices, view_help, view_menu,
	view_prompt, view_ask, view_details, view_list, view_filter, view_record, view_form,
	view_actions, view_dashboard, view_told;

struct noun;

/* One of a noun: a row of its list or detail operation. Borrowed until the next answer. */
struct noun_one {
	const struct noun *noun;
	const struct tt_column *cols;
	const void *row;
	const char *key;
};

/* view_list on a noun, with a filter or "". */
void list_open_noun(struct tt_screen *screen, const struct noun *noun, const char *filter);
/* What its commands do. */
void list_filter(struct view *v, const char *text);
const char *list_filter_text(struct view *v);
void list_mark(struct view *v);
void list_sort(struct view *v, bool is_reversing);
/* Of the period, for a report. */
bool list_has_choices(struct view *v);
void list_choose_next(struct view *v);
void list_export(struct view *v);
void list_refresh(struct view *v);
/* The selected one; false when there is none, the noun is told all the same. */
bool list_one(struct view *v, struct noun_one *one);

/* For view_prompt: does the line begin with the name of a command? */
bool prompt_is_command(struct view *v);

/* For view_dashboard. */
void board_pause(struct view *v);
void board_pace(struct view *v, int faster);

/* view_record on one thing: a row that an operation gave, or the key of one. */
void record_open_row(struct tt_screen *screen, const struct noun *noun,
	const struct tt_operation *op, const void *row);
void record_open_code(struct tt_screen *screen, const struct noun *noun, const char *code);
void record_refresh(struct view *v);
bool record_one(struct view *v, struct noun_one *one);
/* The one shown as text in a file, where the noun has a paper. */
bool record_can_print(const struct view *v);
void record_print(struct view *v);

/* For view_form, whose argument this is: an operation, and a row that fills fields of the same
 * names, or NULL. phrase: names what it is done to, or NULL. */
struct form_arg {
	const struct tt_operation *op;
	const struct tt_column *cols;
	const void *row;
	const char *phrase;
};
void form_submit(struct view *v);
bool form_is_changed(struct view *v);

/* view_told, whose argument are an answer's rows: does it tell what is told only once? */
struct tt_rows;
bool told_has_something(const struct tt_rows *rows);

/* For view_ask: a question with a yes, or one that wants a text. Texts are borrowed during open. */
struct view_question {
	const char *title;
	const char *text;
	const char *yes;            /* what Enter does: "leave" */
	const char *const *choices; /* texts to choose from, NULL-ended; NULL: no text wanted */
	int lane;
	void (*answer)(struct tt_screen *screen, int lane, const char *text);
};

#endif
