/*
 * Strings: copying that always ends in NUL, a growing buffer, UTF-8, and the one place where text
 * from devices, the database or people is made harmless.
 */
#ifndef TRACETRACK_TEXT_H
#define TRACETRACK_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>

/* Copy src to dst[size], cut at a character boundary, always ended. Returns the bytes written
 * without the NUL. src may be NULL (copies ""). */
size_t tt_copy(char *dst, size_t size, const char *src);
size_t tt_copy_n(char *dst, size_t size, const char *src, size_t len);

/* snprintf that never overruns and never returns more than size - 1. */
size_t tt_format(char *dst, size_t size, const char *fmt, ...) TT_PRINTF(3, 4);

/* Decode one UTF-8 character of s[len] into *ch. Returns its bytes, or 0 when it is not valid
 * UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF) or len is 0. */
size_t tt_utf8_decode(const char *s, size_t len, uint32_t *ch);
bool tt_utf8_is_valid(const char *s, size_t len);

/* True for characters that must never reach a terminal, log or export as they are: C0 but none,
 * DEL, C1 (U+0080-009F), bidirectional controls, zero-width characters, line separators, BOM. */
bool tt_is_unsafe_char(uint32_t ch);

/* Write src[len] to dst[size] as harmless UTF-8: unsafe characters and invalid bytes become \xNN
 * (or \u{NNNN}), everything else stays. Cut to fit, always ended. Returns the bytes written.
 * Cleaning cleaned text changes nothing. */
size_t tt_clean(char *dst, size_t size, const char *src, size_t len);

/* Columns that a cleaned UTF-8 string takes on a terminal. */
int tt_text_width(const char *s);

/* A growing byte buffer; data is NUL-ended once anything was added (len excludes the NUL).
 * Start from a zeroed struct. Out of memory ends the process (see tt_alloc). */
struct tt_buf {
	char *data;
	size_t len, cap;
};
void tt_buf_add(struct tt_buf *b, const void *data, size_t len);
void tt_buf_puts(struct tt_buf *b, const char *s);
void tt_buf_int(struct tt_buf *b, int64_t n); /* in decimal */
void tt_buf_printf(struct tt_buf *b, const char *fmt, ...) TT_PRINTF(2, 3);
void tt_buf_clear(struct tt_buf *b); /* keeps the memory */
void tt_buf_fini(struct tt_buf *b);

/* Allocation that can't fail: zeroed memory, or a line on stderr and abort(). */
void *tt_alloc(size_t size);
void *tt_realloc(void *p, size_t size);
char *tt_strdup(const char *s); /* NULL gives NULL */
char *tt_strndup(const char *s, size_t len);

/* Hexadecimal, lower case. dst of tt_hex needs 2 * len + 1 bytes. tt_unhex returns the bytes
 * written, or -1 when src is not an even number of hex digits or does not fit. */
void tt_hex(char *dst, const void *src, size_t len);
long tt_unhex(void *dst, size_t size, const char *src);

/* Every `from` of a text becomes `to`: names are made words, options and columns of each other. */
void tt_replace(char *text, char from, char to);

/* Edits between two words, for "did you mean"; compares at most 63 characters. */
unsigned tt_edit_distance(const char *a, const char *b);
/* True when `known` is nearer to `word` than what gave *least before, and near enough for its
 * length to have been meant, or begins with it; *least is then its distance. Start with UINT_MAX.
 */
bool tt_is_nearer(const char *word, const char *known, unsigned *least);

#endif
