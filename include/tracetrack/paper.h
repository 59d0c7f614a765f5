/*
 * What goes to paper: a finished PDF in memory. The same input and the same fonts give the same
 * bytes: nothing in it tells when or where it was made.
 *
 * Letters come from Noto Sans and what fontconfig finds beside it. A character that no font here
 * has becomes a box with its number; the paper counts these, and the front end says so.
 */
#ifndef TRACETRACK_PAPER_H
#define TRACETRACK_PAPER_H

#include <stddef.h>

#include <tracetrack/rc.h>
#include <tracetrack/text.h>

/* Start from a zeroed struct. */
struct tt_paper {
	struct tt_buf pdf;
	unsigned pages;
	unsigned boxes;      /* characters that no font here can draw */
	char boxed_text[96]; /* the first text with such a character, cleaned */
};
void tt_paper_fini(struct tt_paper *paper);

/* As tt_clean, but U+200C and U+200D stay behind a letter of an Indic script, where they choose
 * between its shapes. Not for terminals. */
void tt_paper_clean(struct tt_buf *out, const char *text);

#endif
