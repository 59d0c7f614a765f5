/*
 * From a frame to a code: AIM identifier, GS1 message, rules for what counts as readable.
 *
 * A frame is PREFIX ]cm DATA SUFFIX; prefix and suffix are what the site configured in the scanner,
 * ]cm is the AIM identifier of ISO/IEC 15424 (all brands can send it; none need to).
 */
#ifndef TRACETRACK_SYMBOL_H
#define TRACETRACK_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/column.h>
#include <tracetrack/rc.h>

#define TT_CODE_MAX 255 /* bytes of a code */

struct tt_symbology {
	char code;        /* the letter after ']' */
	char modifier;    /* '\0' stands for any */
	bool is_gs1;      /* the data are GS1 element strings */
	const char *name; /* "GS1-128" */
};

/* The first row that fits wins; ends with name NULL. */
extern const struct tt_symbology tt_symbology_table[];

struct tt_symbol {
	char aim[4];           /* "]C1", or "" when the scanner sent none */
	const char *symbology; /* its name, or "" when not told */
	bool is_gs1;
	const char *data; /* borrowed from the input, after the identifier */
	size_t len;
};

/* Split the identifier off. Never fails: without a well-formed one all of it is data. */
void tt_symbol_split(const char *s, size_t len, struct tt_symbol *symbol);

/* Which part of a GS1 message is the bag's code. AI 00 (SSCC) always comes first. */
enum tt_gs1_code {
	TT_GS1_CODE_SERIAL,      /* AI 21 */
	TT_GS1_CODE_GTIN_SERIAL, /* AI 01 and AI 21, joined */
};

struct tt_decode_options {
	const char *prefix, *suffix; /* trimmed when there; NULL or "" none. Borrowed */
	enum tt_gs1_code gs1_code;
	/* Also try as GS1 what a scanner or label program did not mark as such (]C0, ]d1, ]Q1 or no
	 * identifier); text that is not wholly GS1 then stays plain. Off by default. */
	bool is_gs1_lenient;
};

enum tt_scan_kind {
	TT_SCAN_EMPTY,      /* nothing in it: ignore */
	TT_SCAN_CODE,       /* code is valid */
	TT_SCAN_UNREADABLE, /* error says what is wrong, why, and what to do; code is "" */
};

struct tt_scan {
	enum tt_scan_kind kind;
	char code[TT_CODE_MAX + 1]; /* UTF-8 without control characters, ASCII letters upper case */
	char raw[512];              /* the frame as it came, cleaned for showing, cut to fit */
	char aim[4];                /* "]C1" or "" */
	const char *symbology;      /* static, "" when not told */
	int64_t grams;              /* net weight of the message (AI 310n), or TT_NO_INT */
	bool is_unterminated;       /* ended by an idle gap (TT_FRAME_UNTERMINATED) */
	struct tt_error error;      /* TT_DATA when unreadable */
};

/* Judge one frame. options may be NULL for the defaults; frame_flags is a set of tt_frame_flag.
 * Unreadable are: frames that overflowed or were torn, control bytes (but GS in GS1 data and the
 * separators of an ISO/IEC 15434 envelope), invalid UTF-8, invisible characters, codes longer than
 * TT_CODE_MAX, wrong GS1 data and check digits, GS1 Digital Link addresses. Blanks are data: only
 * prefix and suffix are trimmed; a frame of nothing but blanks is empty. */
void tt_decode(struct tt_scan *scan, const void *bytes, size_t len, unsigned frame_flags,
	const struct tt_decode_options *options);

#endif
