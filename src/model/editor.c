/*
 * A line being edited. Positions are bytes at the start of a character, so moving means stepping
 * over continuation bytes.
 */
#include <tracetrack/editor.h>

#include <string.h>

#include <tracetrack/text.h>

static bool editor_is_inner(const struct tt_editor *e, size_t at)
{
	return at < e->len && ((unsigned char)e->text[at] & 0xc0) == 0x80;
}

static size_t editor_before(const struct tt_editor *e, size_t at)
{
	while (at > 0 && editor_is_inner(e, --at))
		;
	return at;
}

static size_t editor_after(const struct tt_editor *e, size_t at)
{
	if (at < e->len)
		at++;
	while (editor_is_inner(e, at))
		at++;
	return at;
}

/* Take the bytes [from, to) out and put the cursor there. */
static void editor_cut(struct tt_editor *e, size_t from, size_t to)
{
	memmove(e->text + from, e->text + to, e->len - to);
	e->len -= to - from;
	memset(e->text + e->len, 0, sizeof(e->text) - e->len);
	e->at = from;
}

static size_t editor_encode(char dst[4], uint32_t ch)
{
	static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = ch < 0x80 ? 1 : ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4, i;

	for (i = n; i > 1; i--, ch >>= 6)
		dst[i - 1] = (char)(0x80 | (ch & 0x3f));
	dst[0] = (char)(lead[n == 1 ? 0 : n] | ch);
	return n;
}

void tt_editor_clear(struct tt_editor *e)
{
	explicit_bzero(e, sizeof(*e));
}

void tt_editor_set(struct tt_editor *e, const char *text)
{
	size_t len = strlen(text), n;
	uint32_t ch;

	tt_editor_clear(e);
	for (; len > 0; text += n, len -= n) {
		n = tt_utf8_decode(text, len, &ch);
		if (n == 0)
			n = 1;
		else if (!tt_is_unsafe_char(ch) && !tt_editor_insert(e, ch))
			break;
	}
}

bool tt_editor_insert(struct tt_editor *e, uint32_t ch)
{
	char bytes[4];
	size_t n;

	if (ch > 0x10ffff || (ch >= 0xd800 && ch <= 0xdfff) || tt_is_unsafe_char(ch))
		return false;
	n = editor_encode(bytes, ch);
	if (e->len + n >= sizeof(e->text))
		return false;
	memmove(e->text + e->at + n, e->text + e->at, e->len - e->at);
	memcpy(e->text + e->at, bytes, n);
	e->len += n;
	e->at += n;
	e->text[e->len] = '\0';
	return true;
}

void tt_editor_backspace(struct tt_editor *e)
{
	editor_cut(e, editor_before(e, e->at), e->at);
}

void tt_editor_delete(struct tt_editor *e)
{
	editor_cut(e, e->at, editor_after(e, e->at));
}

void tt_editor_left(struct tt_editor *e)
{
	e->at = editor_before(e, e->at);
}

void tt_editor_right(struct tt_editor *e)
{
	e->at = editor_after(e, e->at);
}

void tt_editor_home(struct tt_editor *e)
{
	e->at = 0;
}

void tt_editor_end(struct tt_editor *e)
{
	e->at = e->len;
}

void tt_editor_kill_word(struct tt_editor *e)
{
	size_t from = e->at;

	while (from > 0 && e->text[from - 1] == ' ')
		from--;
	while (from > 0 && e->text[from - 1] != ' ')
		from--;
	editor_cut(e, from, e->at);
}

void tt_editor_kill_left(struct tt_editor *e)
{
	editor_cut(e, 0, e->at);
}

void tt_editor_kill_right(struct tt_editor *e)
{
	editor_cut(e, e->at, e->len);
}

int tt_editor_column(const struct tt_editor *e)
{
	char before[TT_EDITOR_MAX];

	tt_copy_n(before, sizeof(before), e->text, e->at);
	return tt_text_width(before);
}

size_t tt_editor_count(const struct tt_editor *e)
{
	size_t at, n = 0;

	for (at = 0; at < e->len; at = editor_after(e, at))
		n++;
	return n;
}
