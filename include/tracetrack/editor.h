/*
 * A line of text that is being edited: UTF-8, a cursor between characters, a limit in bytes. No
 * curses in here; the screen maps keys to these functions.
 */
#ifndef TRACETRACK_EDITOR_H
#define TRACETRACK_EDITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TT_EDITOR_MAX 256

/* Start from a zeroed struct. text is always valid UTF-8 and ended. */
struct tt_editor {
	char text[TT_EDITOR_MAX];
	size_t len;
	size_t at; /* of the cursor, bytes; at a character's start */
};

void tt_editor_clear(struct tt_editor *e); /* and wipes the bytes */
/* Replace everything; the cursor goes to the end. Unsafe characters are left out. */
void tt_editor_set(struct tt_editor *e, const char *text);
/* False when it is unsafe (tt_is_unsafe_char) or does not fit. */
bool tt_editor_insert(struct tt_editor *e, uint32_t ch);
void tt_editor_backspace(struct tt_editor *e);
void tt_editor_delete(struct tt_editor *e);
void tt_editor_left(struct tt_editor *e);
void tt_editor_right(struct tt_editor *e);
void tt_editor_home(struct tt_editor *e);
void tt_editor_end(struct tt_editor *e);
void tt_editor_kill_word(struct tt_editor *e); /* back to the word's start, blanks before it too */
void tt_editor_kill_left(struct tt_editor *e);
void tt_editor_kill_right(struct tt_editor *e);
/* Columns before the cursor. */
int tt_editor_column(const struct tt_editor *e);
/* Characters in all, for drawing dots. */
size_t tt_editor_count(const struct tt_editor *e);

#endif
