/*
 * Bytes to keys. A sequence is looked up in the terminal's own description first, then in a short
 * list that nearly all terminals share, for those whose description is wrong or unknown.
 */
#include "keys.h"

#include <curses.h>
#include <string.h>

#include <tracetrack/text.h>

struct keys_code {
	int curses;
	int key;
};

static const struct keys_code keys_codes[] = {
	{KEY_BACKSPACE, KEYS_BACKSPACE},
	{KEY_DC, KEYS_DELETE},
	{KEY_UP, KEYS_UP},
	{KEY_DOWN, KEYS_DOWN},
	{KEY_LEFT, KEYS_LEFT},
	{KEY_RIGHT, KEYS_RIGHT},
	{KEY_HOME, KEYS_HOME},
	{KEY_FIND, KEYS_HOME},
	{KEY_END, KEYS_END},
	{KEY_SELECT, KEYS_END},
	{KEY_PPAGE, KEYS_PAGE_UP},
	{KEY_NPAGE, KEYS_PAGE_DOWN},
	{KEY_BTAB, KEYS_BACK_TAB},
	{KEY_ENTER, KEYS_ENTER},
	{0, KEYS_NONE},
};

struct keys_sequence {
	const char *bytes; /* after ESC */
	int key;
};

static const struct keys_sequence keys_sequences[] = {
	{"[A", KEYS_UP},
	{"[B", KEYS_DOWN},
	{"[C", KEYS_RIGHT},
	{"[D", KEYS_LEFT},
	{"OA", KEYS_UP},
	{"OB", KEYS_DOWN},
	{"OC", KEYS_RIGHT},
	{"OD", KEYS_LEFT},
	{"[H", KEYS_HOME},
	{"[F", KEYS_END},
	{"OH", KEYS_HOME},
	{"OF", KEYS_END},
	{"[1~", KEYS_HOME},
	{"[4~", KEYS_END},
	{"[7~", KEYS_HOME},
	{"[8~", KEYS_END},
	{"[3~", KEYS_DELETE},
	{"[5~", KEYS_PAGE_UP},
	{"[6~", KEYS_PAGE_DOWN},
	{"[Z", KEYS_BACK_TAB},
	{"OM", KEYS_ENTER},
	{"OP", KEYS_F(1)},
	{"OQ", KEYS_F(2)},
	{"OR", KEYS_F(3)},
	{"OS", KEYS_F(4)},
	{"[[A", KEYS_F(1)},
	{"[[B", KEYS_F(2)},
	{"[[C", KEYS_F(3)},
	{"[[D", KEYS_F(4)},
	{"[[E", KEYS_F(5)},
	{"[11~", KEYS_F(1)},
	{"[12~", KEYS_F(2)},
	{"[13~", KEYS_F(3)},
	{"[14~", KEYS_F(4)},
	{"[15~", KEYS_F(5)},
	{"[17~", KEYS_F(6)},
	{"[18~", KEYS_F(7)},
	{"[19~", KEYS_F(8)},
	{"[20~", KEYS_F(9)},
	{"[21~", KEYS_F(10)},
	{"[23~", KEYS_F(11)},
	{"[24~", KEYS_F(12)},
	/* Esc and a digit, or Alt and a digit: for terminals without function keys */
	{"1", KEYS_F(1)},
	{"2", KEYS_F(2)},
	{"3", KEYS_F(3)},
	{"4", KEYS_F(4)},
	{"5", KEYS_F(5)},
	{"6", KEYS_F(6)},
	{"7", KEYS_F(7)},
	{"8", KEYS_F(8)},
	{"9", KEYS_F(9)},
	{"0", KEYS_F(10)},
	{NULL, KEYS_NONE},
};

/* A key's code in curses' numbers to ours; KEYS_NONE for those that are not used. */
static int keys_from_curses(int code)
{
	const struct keys_code *row;

	if (code > KEY_F(0) && code <= KEY_F(12))
		return KEYS_F(code - KEY_F(0));
	for (row = keys_codes; row->curses; row++) {
		if (row->curses == code)
			return row->key;
	}
	return KEYS_NONE;
}

/* What the first bytes of the buffer are. */
struct keys_match {
	size_t len; /* 0: more bytes are needed */
	int key;    /* KEYS_NONE: swallow them */
};

static bool keys_match_described(const uint8_t *s, size_t len, struct keys_match *m)
{
	char text[KEYS_PENDING + 1];
	bool is_prefix = false;
	size_t n;
	int code;

	memcpy(text, s, len);
	for (n = len; n > 1; n--) {
		text[n] = '\0';
		code = key_defined(text);
		if (code > 0) {
			*m = (struct keys_match){n, keys_from_curses(code)};
			return m->key != KEYS_NONE;
		}
		is_prefix |= n == len && code < 0;
	}
	*m = (struct keys_match){0, KEYS_NONE};
	return is_prefix;
}

static bool keys_match_common(const uint8_t *s, size_t len, struct keys_match *m)
{
	const struct keys_sequence *row;
	bool is_prefix = false;
	size_t n;

	for (row = keys_sequences; row->bytes; row++) {
		n = strlen(row->bytes);
		if (len - 1 >= n && memcmp(s + 1, row->bytes, n) == 0) {
			*m = (struct keys_match){n + 1, row->key};
			return true;
		}
		is_prefix |= memcmp(s + 1, row->bytes, len - 1 < n ? len - 1 : n) == 0;
	}
	*m = (struct keys_match){0, KEYS_NONE};
	return is_prefix;
}

/* A control sequence that nobody knows, ESC [ ... final: swallowed whole, so that its letters are
 * never taken for keys. */
static struct keys_match keys_match_unknown(const uint8_t *s, size_t len)
{
	size_t n = 2;

	if (s[1] != '[' && s[1] != 'O')
		return (struct keys_match){
			s[1] == 0x1b ? 1 : 2, s[1] == 0x1b ? KEYS_ESC : KEYS_NONE};
	while (n < len && (s[n] < 0x40 || s[n] > 0x7e))
		n++;
	if (n < len)
		return (struct keys_match){n + 1, KEYS_NONE};
	return (struct keys_match){len == KEYS_PENDING ? len : 0, KEYS_NONE};
}

static struct keys_match keys_match_escape(const uint8_t *s, size_t len)
{
	struct keys_match m, common;

	if (len == 1)
		return (struct keys_match){0, KEYS_NONE};
	if (keys_match_described(s, len, &m) && m.len > 0)
		return m;
	if (keys_match_common(s, len, &common) || keys_match_described(s, len, &m))
		return common;
	return keys_match_unknown(s, len);
}

/* Give out the first character of the buffer; 0 when its UTF-8 is not whole. */
static size_t keys_take_char(
	const uint8_t *s, size_t len, bool is_last, const struct keys_events *events, void *ctx)
{
	size_t want = *s >= 0xf0 ? 4 : *s >= 0xe0 ? 3 : *s >= 0xc2 ? 2 : 1, n;
	uint32_t ch;

	if (*s == 0x7f || *s == 0x08) {
		events->on_key(ctx, KEYS_BACKSPACE);
		return 1;
	}
	n = tt_utf8_decode((const char *)s, len, &ch);
	if (n == 0 && len < want && !is_last)
		return 0;
	events->on_char(ctx, n ? ch : 0xdc00u + *s);
	return n ? n : 1;
}

static size_t keys_take(
	const uint8_t *s, size_t len, bool is_last, const struct keys_events *events, void *ctx)
{
	struct keys_match m;

	if (*s != 0x1b)
		return keys_take_char(s, len, is_last, events, ctx);
	m = keys_match_escape(s, len);
	if (m.len == 0 && !is_last)
		return 0;
	if (m.len == 0)
		m = len > 1 ? (struct keys_match){len, KEYS_NONE}
			    : (struct keys_match){1, KEYS_ESC};
	if (m.key >= KEY_BASE)
		events->on_key(ctx, m.key);
	else if (m.key != KEYS_NONE)
		events->on_char(ctx, (uint32_t)m.key);
	return m.len;
}

static void keys_run(struct keys *k, bool is_last, const struct keys_events *events, void *ctx)
{
	size_t n = 1;

	while (k->len > 0 && n > 0) {
		n = keys_take(k->pending, k->len, is_last, events, ctx);
		k->len -= n;
		memmove(k->pending, k->pending + n, k->len);
	}
}

void keys_feed(
	struct keys *k, const void *bytes, size_t len, const struct keys_events *events, void *ctx)
{
	const uint8_t *p = bytes;

	for (; len > 0; len--) {
		k->pending[k->len++] = *p++;
		keys_run(k, k->len == KEYS_PENDING, events, ctx);
	}
}

bool keys_is_waiting(const struct keys *k)
{
	return k->len > 0;
}

void keys_expire(struct keys *k, const struct keys_events *events, void *ctx)
{
	keys_run(k, true, events, ctx);
}

void keys_late(struct keys *k, uint8_t next, const struct keys_events *events, void *ctx)
{
	if (k->len == 1 && k->pending[0] == 0x1b && next != '[' && next != 'O')
		keys_expire(k, events, ctx);
}

struct keys_word {
	const char *name;
	int key;
};

static const struct keys_word keys_words[] = {
	{"Esc", KEYS_ESC},
	{"Enter", KEYS_ENTER},
	{"Tab", KEYS_TAB},
	{"BackTab", KEYS_BACK_TAB},
	{"Up", KEYS_UP},
	{"Down", KEYS_DOWN},
	{"Left", KEYS_LEFT},
	{"Right", KEYS_RIGHT},
	{"Home", KEYS_HOME},
	{"End", KEYS_END},
	{"PgUp", KEYS_PAGE_UP},
	{"PgDn", KEYS_PAGE_DOWN},
	{"Space", ' '},
	{NULL, KEYS_NONE},
};

int keys_parse(const char *name, size_t len)
{
	const struct keys_word *row;
	int n = 0;
	size_t i;

	for (row = keys_words; row->name; row++) {
		if (strlen(row->name) == len && memcmp(row->name, name, len) == 0)
			return row->key;
	}
	if (len == 1)
		return (unsigned char)*name;
	if (len == 2 && *name == '^')
		return KEYS_CTRL(name[1]);
	if (*name != 'F')
		return KEYS_NONE;
	for (i = 1; i < len && name[i] >= '0' && name[i] <= '9'; i++)
		n = n * 10 + (name[i] - '0');
	return i == len && n >= 1 && n <= 12 ? KEYS_F(n) : KEYS_NONE;
}
