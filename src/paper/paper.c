/*
 * Text on its way to paper, and what came of it.
 */
#include <tracetrack/paper.h>

#include <string.h>

void tt_paper_fini(struct tt_paper *paper)
{
	tt_buf_fini(&paper->pdf);
	memset(paper, 0, sizeof(*paper));
}

static bool paper_is_joiner(uint32_t ch)
{
	return ch == 0x200c || ch == 0x200d;
}

/* Devanagari to Sinhala. */
static bool paper_is_indic(uint32_t ch)
{
	return ch >= 0x0900 && ch <= 0x0dff;
}

void tt_paper_clean(struct tt_buf *out, const char *text)
{
	size_t len = strlen(text), n;
	uint32_t ch = 0, before = 0;
	char piece[16];

	for (; len > 0; text += n, len -= n) {
		n = tt_utf8_decode(text, len, &ch);
		if (n > 0 && paper_is_joiner(ch) && paper_is_indic(before)) {
			tt_buf_add(out, text, n);
		} else {
			n = n ? n : 1;
			tt_clean(piece, sizeof(piece), text, n);
			tt_buf_puts(out, piece);
		}
		before = ch;
	}
	tt_buf_puts(out, "");
}
