/*
 * QR codes (ISO/IEC 18004).
 */
#ifndef TRACETRACK_QR_H
#define TRACETRACK_QR_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/rc.h>
#include <tracetrack/text.h>

#define TT_QR_TEXT_MAX 1024 /* bytes that fit with any content, and to spare */
#define TT_QR_QUIET 4       /* light modules that the standard wants around a symbol */

/* A symbol of side x side modules, without the quiet zone. */
struct tt_qr {
	size_t side;
	unsigned char *modules; /* owned; row by row, 1 dark */
};

enum tt_qr_level {
	TT_QR_CLEAN, /* smaller, for screens: error correction L */
	TT_QR_DIRTY, /* for labels: Q, a quarter of the symbol may be dirty or torn */
};

/* TT_DATA for empty text and for more than TT_QR_TEXT_MAX bytes. Free with tt_qr_fini. */
TT_MUST_CHECK enum tt_rc tt_qr_make(
	struct tt_qr *qr, const char *text, enum tt_qr_level level, struct tt_error *err);
void tt_qr_fini(struct tt_qr *qr);

/* Outside of the symbol is light. */
bool tt_qr_is_dark(const struct tt_qr *qr, long x, long y);

enum tt_qr_face {
	TT_QR_BLOCKS,       /* half blocks, dark modules drawn: for paper and light screens */
	TT_QR_BLOCKS_LIGHT, /* half blocks, light modules drawn: for white on black */
	TT_QR_ASCII,        /* ## for each dark module */
	TT_QR_ASCII_LIGHT,  /* ## for each light module */
};

/* Append the symbol with a quiet zone of `quiet` modules; all lines are equally wide. */
void tt_qr_text(const struct tt_qr *qr, enum tt_qr_face face, size_t quiet, struct tt_buf *out);

#endif
