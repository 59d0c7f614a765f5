/*
 * Strings. tt_clean is the only way for outside text to the terminal, the log and exports; the rest
 * is copying that can't overrun and a growing buffer.
 */
#include <tracetrack/text.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void *tt_realloc(void *p, size_t size)
{
	void *q = realloc(p, size ? size : 1);

	if (!q) {
		fputs("out of memory\n", stderr);
		abort();
	}
	return q;
}

void *tt_alloc(size_t size)
{
	return memset(tt_realloc(NULL, size), 0, size);
}

char *tt_strndup(const char *s, size_t len)
{
	char *p = tt_realloc(NULL, len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *tt_strdup(const char *s)
{
	return s ? tt_strndup(s, strlen(s)) : NULL;
}

size_t tt_utf8_decode(const char *s, size_t len, uint32_t *ch)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)s;
	size_t n, i;
	uint32_t c;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*ch = p[0];
		return 1;
	}
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len < n)
		return 0;
	c = p[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ch = c;
	return n;
}

/* How much of s[len] is printable ASCII: nearly everything that is scanned, and never in need of
 * care. */
static size_t text_plain(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] >= ' ' && s[n] <= '~')
		n++;
	return n;
}

bool tt_utf8_is_valid(const char *s, size_t len)
{
	uint32_t ch;
	size_t n;

	for (; len > 0; s += n, len -= n) {
		n = text_plain(s, len);
		if (n == 0)
			n = tt_utf8_decode(s, len, &ch);
		if (n == 0)
			return false;
	}
	return true;
}

bool tt_is_unsafe_char(uint32_t ch)
{
	/* clang-format off */
	static const uint32_t ranges[][2] = {
		{0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x061c, 0x061c}, {0x180e, 0x180e},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff},
		{0xfff9, 0xfffb}, {0xe0000, 0xe007f},
	};
	/* clang-format on */
	size_t i;

	for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		if (ch >= ranges[i][0] && ch <= ranges[i][1])
			return true;
	}
	return false;
}

#define TEXT_PIECE 16 /* one character, or its escape */

static size_t text_escape(char *dst, const char *src, size_t n, uint32_t ch)
{
	if (n == 0)
		return tt_format(dst, TEXT_PIECE, "\\x%02x", (unsigned)(uint8_t)*src);
	return tt_format(dst, TEXT_PIECE, ch < 0x100 ? "\\x%02x" : "\\u{%x}", (unsigned)ch);
}

size_t tt_clean(char *dst, size_t size, const char *src, size_t len)
{
	size_t used = 0, room, n, w;
	uint32_t ch = 0;
	char piece[TEXT_PIECE];

	if (size == 0)
		return 0;
	for (; len > 0; src += n, len -= n) {
		room = size - 1 - used;
		n = text_plain(src, len < room ? len : room);
		if (n > 0) {
			memcpy(dst + used, src, n);
			used += n;
			continue;
		}
		n = tt_utf8_decode(src, len, &ch);
		if (n == 0 || tt_is_unsafe_char(ch)) {
			w = text_escape(piece, src, n, ch);
			n = n ? n : 1;
		} else {
			memcpy(piece, src, n);
			w = n;
		}
		if (used + w >= size)
			break;
		memcpy(dst + used, piece, w);
		used += w;
	}
	dst[used] = '\0';
	return used;
}

size_t tt_copy_n(char *dst, size_t size, const char *src, size_t len)
{
	if (size == 0)
		return 0;
	if (len >= size) {
		len = size - 1;
		while (len > 0 && ((uint8_t)src[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(dst, src, len);
	dst[len] = '\0';
	return len;
}

size_t tt_copy(char *dst, size_t size, const char *src)
{
	return tt_copy_n(dst, size, src ? src : "", src ? strlen(src) : 0);
}

size_t tt_format(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (size == 0)
		return 0;
	va_start(ap, fmt);
	n = vsnprintf(dst, size, fmt, ap);
	va_end(ap);
	if (n < 0) {
		dst[0] = '\0';
		return 0;
	}
	return (size_t)n < size ? (size_t)n : size - 1;
}

int tt_text_width(const char *s)
{
	size_t len = strlen(s), n;
	int width = 0, w;
	uint32_t ch;

	for (; len > 0; s += n, len -= n) {
		n = tt_utf8_decode(s, len, &ch);
		if (n == 0) {
			n = 1;
			continue;
		}
		w = wcwidth((wchar_t)ch);
		width += w > 0 ? w : 0;
	}
	return width;
}

static void buf_reserve(struct tt_buf *b, size_t more)
{
	size_t want = b->len + more + 1;

	if (want <= b->cap)
		return;
	b->cap = want < 64 ? 64 : want + want / 2;
	b->data = tt_realloc(b->data, b->cap);
}

void tt_buf_add(struct tt_buf *b, const void *data, size_t len)
{
	buf_reserve(b, len);
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void tt_buf_puts(struct tt_buf *b, const char *s)
{
	tt_buf_add(b, s, strlen(s));
}

void tt_buf_int(struct tt_buf *b, int64_t n)
{
	char digits[20], *p = digits + sizeof(digits);
	uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0)
		*--p = '-';
	tt_buf_add(b, p, (size_t)(digits + sizeof(digits) - p));
}

void tt_buf_printf(struct tt_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	buf_reserve(b, strlen(fmt));
	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n >= b->cap - b->len) {
		buf_reserve(b, (size_t)n);
		n = vsnprintf(b->data + b->len, b->cap - b->len, fmt, again);
	}
	va_end(again);
	b->len += n > 0 ? (size_t)n : 0;
	b->data[b->len] = '\0';
}

void tt_buf_clear(struct tt_buf *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

void tt_buf_fini(struct tt_buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void tt_hex(char *dst, const void *src, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = src;
	size_t i;

	for (i = 0; i < len; i++) {
		dst[2 * i] = digits[p[i] >> 4];
		dst[2 * i + 1] = digits[p[i] & 15];
	}
	dst[2 * len] = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

long tt_unhex(void *dst, size_t size, const char *src)
{
	uint8_t *out = dst;
	size_t n = 0;
	int hi, lo;

	for (; src[0] != '\0'; src += 2) {
		hi = hex_digit(src[0]);
		lo = hi < 0 ? -1 : hex_digit(src[1]);
		if (lo < 0 || n == size)
			return -1;
		out[n++] = (uint8_t)(hi << 4 | lo);
	}
	return (long)n;
}

unsigned tt_edit_distance(const char *a, const char *b)
{
	size_t la = strnlen(a, 63), lb = strnlen(b, 63), i, j;
	unsigned row[64], diagonal, up, least;

	for (j = 0; j <= lb; j++)
		row[j] = (unsigned)j;
	for (i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = (unsigned)i;
		for (j = 1; j <= lb; j++) {
			up = row[j];
			least = diagonal + (a[i - 1] != b[j - 1]);
			least = up + 1 < least ? up + 1 : least;
			least = row[j - 1] + 1 < least ? row[j - 1] + 1 : least;
			diagonal = up;
			row[j] = least;
		}
	}
	return row[lb];
}

void tt_replace(char *text, char from, char to)
{
	for (; *text; text++) {
		if (*text == from)
			*text = to;
	}
}

bool tt_is_nearer(const char *word, const char *known, unsigned *least)
{
	unsigned d = tt_edit_distance(word, known);
	size_t len = strnlen(word, 63);
	bool is_begun = len > 0 && strncmp(word, known, len) == 0;

	if (d >= *least || (d > len / 3 + 1 && !is_begun))
		return false;
	*least = d;
	return true;
}
