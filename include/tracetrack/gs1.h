/*
 * GS1 element strings: application identifier, data, application identifier, data...
 *
 * Source: GS1 General Specifications, sections 3 (identifiers) and 7.8 (processing). Fields of
 * predefined length need no separator; all others end at GS (0x1D) or at the end. One GS in front
 * and one at the end are tolerated, since some scanners send the symbol's first FNC1 so.
 */
#ifndef TRACETRACK_GS1_H
#define TRACETRACK_GS1_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>

#define TT_GS1_SEPARATOR 0x1d
#define TT_GS1_ELEMENTS 40 /* more than any carrier holds of distinct identifiers in practice */

/* What the data of an identifier are checked for, beyond length and characters. */
enum tt_gs1_rule {
	TT_GS1_PLAIN,
	TT_GS1_CHECK,      /* the last digit is the check digit of the others */
	TT_GS1_HEAD_CHECK, /* the same for the digits in front of the free part */
	TT_GS1_MEASURE,    /* the identifier's last digit is the number of decimals, 0 to 5 */
	TT_GS1_DATE,       /* YYMMDD; day 00 is the whole month */
	TT_GS1_DAY,        /* YYMMDD with a day, then nothing, HHMM, or a second such day */
};

/* One row per identifier or family of them. Data are `head` digits, then min to max characters of
 * the set: 'N' digits, 'X' the 82 characters, 'Y' the 39, 'Z' file-safe base 64. */
struct tt_gs1_ai {
	const char *prefix; /* the identifier; shorter than id_len in families: "310" for 310n */
	uint8_t id_len;
	bool is_predefined; /* needs no separator behind it */
	uint8_t head, min, max;
	char set;
	enum tt_gs1_rule rule;
	const char *title; /* "SSCC", "net weight (kg)" */
};

/* All rows; ends with one whose prefix is NULL. */
extern const struct tt_gs1_ai tt_gs1_table[];

struct tt_gs1_element {
	const struct tt_gs1_ai *ai;
	char id[5];        /* "00", "3103" */
	const char *value; /* borrowed from the parsed text, not NUL-ended */
	size_t len;
	size_t offset; /* of the identifier, in bytes from the start of the text */
};

struct tt_gs1_message {
	size_t count;
	struct tt_gs1_element element[TT_GS1_ELEMENTS];
};

/* Parse s[len]. TT_DATA names the identifier, the offset and what is wrong with it (unknown, too
 * short, wrong character, expected check digit, no such date, given twice with other data). */
TT_MUST_CHECK enum tt_rc tt_gs1_parse(
	const char *s, size_t len, struct tt_gs1_message *msg, struct tt_error *err);

/* The first element of that identifier ("00", "3103"), or NULL. Borrowed from msg. */
const struct tt_gs1_element *tt_gs1_find(const struct tt_gs1_message *msg, const char *id);

/* Net weight in grams from AI 310n (kilograms with n decimals, n 0 to 5), rounded half up to a
 * gram; TT_NO_INT (column.h) when there is none. */
int64_t tt_gs1_net_grams(const struct tt_gs1_message *msg);

/* The check digit '0' to '9' for digits[len] without it: weights 3, 1, 3... from the right, modulo
 * 10 (General Specifications 7.9). '\0' when something else than a digit is there. */
char tt_gs1_check_digit(const char *digits, size_t len);

#endif
