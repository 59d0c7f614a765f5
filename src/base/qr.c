/*
 * QR codes by libqrencode, drawn with characters here and on sheets in sheet.c.
 */
#include <tracetrack/qr.h>

#include <errno.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

enum tt_rc tt_qr_make(
	struct tt_qr *qr, const char *text, enum tt_qr_level level, struct tt_error *err)
{
	size_t len = strlen(text), i, n;
	QRcode *code;

	memset(qr, 0, sizeof(*qr));
	if (len == 0 || len > TT_QR_TEXT_MAX)
		return tt_fail(err, TT_DATA, "a QR code holds 1 to %d bytes, not %zu",
			TT_QR_TEXT_MAX, len);
	/* The library finds by itself what is digits and capitals, which take less room. */
	code = QRcode_encodeString(
		text, 0, level == TT_QR_DIRTY ? QR_ECLEVEL_Q : QR_ECLEVEL_L, QR_MODE_8, 1);
	if (!code)
		return tt_fail(err, TT_INTERNAL, "no QR code can be made: %s", strerror(errno));
	qr->side = (size_t)code->width;
	n = qr->side * qr->side;
	qr->modules = tt_alloc(n);
	for (i = 0; i < n; i++)
		qr->modules[i] = code->data[i] & 1;
	QRcode_free(code);
	return TT_OK;
}

void tt_qr_fini(struct tt_qr *qr)
{
	free(qr->modules);
	memset(qr, 0, sizeof(*qr));
}

bool tt_qr_is_dark(const struct tt_qr *qr, long x, long y)
{
	long side = (long)qr->side;

	return x >= 0 && y >= 0 && x < side && y < side && qr->modules[y * side + x] != 0;
}

static void qr_ascii(const struct tt_qr *qr, bool light, long quiet, struct tt_buf *out)
{
	long x, y, end = (long)qr->side + quiet;

	for (y = -quiet; y < end; y++) {
		for (x = -quiet; x < end; x++)
			tt_buf_puts(out, tt_qr_is_dark(qr, x, y) != light ? "##" : "  ");
		tt_buf_puts(out, "\n");
	}
}

/* Two rows of modules are one line; the odd row at the end has nothing below it. */
static void qr_blocks(const struct tt_qr *qr, bool light, long quiet, struct tt_buf *out)
{
	static const char *const piece[] = {" ", "▀", "▄", "█"};
	long x, y, end = (long)qr->side + quiet;
	int upper, lower;

	for (y = -quiet; y < end; y += 2) {
		for (x = -quiet; x < end; x++) {
			upper = tt_qr_is_dark(qr, x, y) != light;
			lower = y + 1 < end && tt_qr_is_dark(qr, x, y + 1) != light;
			tt_buf_puts(out, piece[upper | lower << 1]);
		}
		tt_buf_puts(out, "\n");
	}
}

void tt_qr_text(const struct tt_qr *qr, enum tt_qr_face face, size_t quiet, struct tt_buf *out)
{
	bool light = face == TT_QR_BLOCKS_LIGHT || face == TT_QR_ASCII_LIGHT;

	if (face == TT_QR_ASCII || face == TT_QR_ASCII_LIGHT)
		qr_ascii(qr, light, (long)quiet, out);
	else
		qr_blocks(qr, light, (long)quiet, out);
}
