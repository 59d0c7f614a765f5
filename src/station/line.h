/*
 * Lines of the headless protocol (tracetrack-headless(7)), taken apart. Pure; plain uses the same.
 */
#ifndef TRACETRACK_STATION_LINE_H
#define TRACETRACK_STATION_LINE_H

#include <stddef.h>

#include <tracetrack/rc.h>

#define LINE_MAX_BYTES 16384
#define LINE_WORDS_MAX 40

struct line {
	char verb[16];
	char lane[32];               /* after @, "" when none */
	char *words[LINE_WORDS_MAX]; /* what follows; JSON strings undone. Owned */
	size_t nwords;
};

/* Take a line without its end apart: VERB[@LANE] [WORD]... where a word is free of blanks or a JSON
 * string, or NAME=WORD. TT_USAGE with what is wrong. Call line_fini in every case. */
TT_MUST_CHECK enum tt_rc line_parse(
	struct line *line, const char *text, size_t len, struct tt_error *err);
void line_fini(struct line *line);

#endif
