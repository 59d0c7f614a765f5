/*
 * GS1 element strings, driven by the rows of gs1_table.c.
 *
 *	[GS] id data [GS] id data ... [GS]
 *
 * The GS between two elements is needed after data of no predefined length only.
 */
#include <tracetrack/gs1.h>
#include <tracetrack/column.h>

#include <string.h>

#include <tracetrack/text.h>

/* Where the parser stands; at is the offset of the identifier that is being read. */
struct gs1_cursor {
	const char *s;
	size_t len, pos, at;
	struct tt_error *err;
};

static bool gs1_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool gs1_is_alnum(char c)
{
	return gs1_is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* General Specifications 7.11: figures of character sets 82, 39 and file-safe base 64. */
static bool gs1_is_in_set(char c, char set)
{
	switch (set) {
	case 'N':
		return gs1_is_digit(c);
	case 'Y':
		return gs1_is_digit(c) || (c >= 'A' && c <= 'Z') || (c && strchr("#-/", c));
	case 'Z':
		return gs1_is_alnum(c) || (c && strchr("-_=", c));
	default:
		return gs1_is_alnum(c) || (c && strchr("!\"%&'()*+,-./:;<=>?_", c));
	}
}

char tt_gs1_check_digit(const char *digits, size_t len)
{
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++) {
		if (!gs1_is_digit(digits[i]))
			return '\0';
		sum += (unsigned)(digits[i] - '0') * ((len - i) % 2 ? 3 : 1);
		sum %= 10;
	}
	return (char)('0' + (10 - sum) % 10);
}

static enum tt_rc gs1_bad(const struct gs1_cursor *c, const char *id, const char *what)
{
	tt_fail(c->err, TT_DATA, "GS1 data: (%s) at byte %zu %s", id, c->at, what);
	tt_error_hint(
		c->err, "Scan it again; if it stays so the label is misprinted: put it aside");
	return TT_DATA;
}

static unsigned gs1_two(const char *p)
{
	return (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
}

static bool gs1_is_date(const char *p, bool needs_day)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned year = gs1_two(p), month = gs1_two(p + 2), day = gs1_two(p + 4), last;

	if (month < 1 || month > 12)
		return false;
	last = days[month - 1] + (month == 2 && year % 4 == 0 ? 1u : 0u);
	return day <= last && (day > 0 || !needs_day);
}

/* 9999 says that the time does not matter. */
static bool gs1_is_time(const char *p)
{
	return (gs1_two(p) < 24 && gs1_two(p + 2) < 60) || memcmp(p, "9999", 4) == 0;
}

static bool gs1_is_day(const char *p, size_t len)
{
	if (!gs1_is_date(p, true))
		return false;
	if (len == 10)
		return gs1_is_time(p + 6);
	return len == 6 || (len == 12 && gs1_is_date(p + 6, true));
}

static enum tt_rc gs1_check_check(
	const struct gs1_cursor *c, const struct tt_gs1_element *el, size_t digits)
{
	char want = tt_gs1_check_digit(el->value, digits - 1), what[64];

	if (want == el->value[digits - 1])
		return TT_OK;
	tt_format(what, sizeof(what), "ends in check digit %c, expected %c", el->value[digits - 1],
		want);
	return gs1_bad(c, el->id, what);
}

static enum tt_rc gs1_check_rule(const struct gs1_cursor *c, const struct tt_gs1_element *el)
{
	switch (el->ai->rule) {
	case TT_GS1_PLAIN:
		return TT_OK;
	case TT_GS1_CHECK:
		return gs1_check_check(c, el, el->len);
	case TT_GS1_HEAD_CHECK:
		return gs1_check_check(c, el, el->ai->head);
	case TT_GS1_MEASURE:
		return el->id[3] <= '5' ? TT_OK : gs1_bad(c, el->id, "has no such decimals");
	case TT_GS1_DATE:
		return gs1_is_date(el->value, false) ? TT_OK : gs1_bad(c, el->id, "is not a date");
	case TT_GS1_DAY:
		return gs1_is_day(el->value, el->len) ? TT_OK
						      : gs1_bad(c, el->id, "is not a date or time");
	}
	return TT_OK;
}

static enum tt_rc gs1_check_chars(const struct gs1_cursor *c, const struct tt_gs1_element *el)
{
	char what[64], shown[16];

	for (size_t i = 0; i < el->len; i++) {
		if (gs1_is_in_set(el->value[i], i < el->ai->head ? 'N' : el->ai->set))
			continue;
		tt_clean(shown, sizeof(shown), el->value + i, 1);
		tt_format(what, sizeof(what), "has \"%s\" as character %zu, which it can't have",
			shown, i + 1);
		return gs1_bad(c, el->id, what);
	}
	return TT_OK;
}

static enum tt_rc gs1_check_length(const struct gs1_cursor *c, const struct tt_gs1_element *el)
{
	unsigned min = el->ai->head + el->ai->min, max = el->ai->head + el->ai->max;
	char what[80];

	if (el->len >= min && el->len <= max)
		return TT_OK;
	if (min == max)
		tt_format(what, sizeof(what), "has %zu characters, not %u", el->len, min);
	else
		tt_format(
			what, sizeof(what), "has %zu characters, not %u to %u", el->len, min, max);
	return gs1_bad(c, el->id, what);
}

static enum tt_rc gs1_check(const struct gs1_cursor *c, const struct tt_gs1_element *el)
{
	enum tt_rc rc = gs1_check_length(c, el);

	if (!rc)
		rc = gs1_check_chars(c, el);
	if (!rc)
		rc = gs1_check_rule(c, el);
	return rc;
}

static const struct tt_gs1_ai *gs1_row(const char *s, size_t len)
{
	for (const struct tt_gs1_ai *ai = tt_gs1_table; ai->prefix; ai++) {
		size_t n = strlen(ai->prefix);

		if (len >= ai->id_len && memcmp(s, ai->prefix, n) == 0 &&
			(n == ai->id_len || gs1_is_digit(s[n])))
			return ai;
	}
	return NULL;
}

static enum tt_rc gs1_unknown(const struct gs1_cursor *c)
{
	char shown[32];
	size_t rest = c->len - c->pos;

	tt_clean(shown, sizeof(shown), c->s + c->pos, rest < 4 ? rest : 4);
	tt_fail(c->err, TT_DATA, "GS1 data: no identifier is known at byte %zu (\"%s\")", c->pos,
		shown);
	tt_error_hint(c->err,
		"Scan it again; if it stays so a separator is missing on the label: put it aside");
	return TT_DATA;
}

static size_t gs1_data_length(const struct gs1_cursor *c, const struct tt_gs1_ai *ai)
{
	const char *data = c->s + c->pos;
	size_t rest = c->len - c->pos, fixed = (size_t)ai->head + ai->max;
	const char *gs;

	if (ai->is_predefined && rest > fixed)
		rest = fixed;
	gs = memchr(data, TT_GS1_SEPARATOR, rest);
	return gs ? (size_t)(gs - data) : rest;
}

static enum tt_rc gs1_element(struct gs1_cursor *c, struct tt_gs1_element *el)
{
	const struct tt_gs1_ai *ai = gs1_row(c->s + c->pos, c->len - c->pos);

	if (!ai)
		return gs1_unknown(c);
	*el = (struct tt_gs1_element){.ai = ai, .offset = c->pos};
	memcpy(el->id, c->s + c->pos, ai->id_len);
	c->at = c->pos;
	c->pos += ai->id_len;
	el->value = c->s + c->pos;
	el->len = gs1_data_length(c, ai);
	c->pos += el->len;
	if (c->pos < c->len && c->s[c->pos] == TT_GS1_SEPARATOR)
		c->pos++;
	return gs1_check(c, el);
}

static enum tt_rc gs1_add(
	struct gs1_cursor *c, struct tt_gs1_message *msg, const struct tt_gs1_element *el)
{
	const struct tt_gs1_element *old = tt_gs1_find(msg, el->id);

	if (old && (old->len != el->len || memcmp(old->value, el->value, el->len) != 0))
		return gs1_bad(c, el->id, "comes twice, with other data");
	if (old)
		return TT_OK;
	if (msg->count == TT_GS1_ELEMENTS)
		return gs1_bad(c, el->id, "is one identifier too many");
	msg->element[msg->count++] = *el;
	return TT_OK;
}

enum tt_rc tt_gs1_parse(const char *s, size_t len, struct tt_gs1_message *msg, struct tt_error *err)
{
	struct gs1_cursor c = {.s = s, .len = len, .err = err};
	struct tt_gs1_element el;
	enum tt_rc rc = TT_OK;

	msg->count = 0;
	if (len > 0 && s[0] == TT_GS1_SEPARATOR)
		c.pos = 1;
	if (c.pos == len)
		return tt_fail(err, TT_DATA, "GS1 data: there are none");
	while (!rc && c.pos < len) {
		rc = gs1_element(&c, &el);
		if (!rc)
			rc = gs1_add(&c, msg, &el);
	}
	return rc;
}

const struct tt_gs1_element *tt_gs1_find(const struct tt_gs1_message *msg, const char *id)
{
	for (size_t i = 0; i < msg->count; i++)
		if (strcmp(msg->element[i].id, id) == 0)
			return &msg->element[i];
	return NULL;
}

/* Tenths of a gram are enough to round on: 310n has at most five decimals of a kilogram. */
static int64_t gs1_grams(const struct tt_gs1_element *el)
{
	static const int64_t scale[] = {100000, 10000, 1000, 100, 10, 1};
	int64_t value = 0;

	for (size_t i = 0; i < el->len; i++)
		value = value * 10 + (el->value[i] - '0');
	return (value * scale[el->id[3] - '0'] + 50) / 100;
}

int64_t tt_gs1_net_grams(const struct tt_gs1_message *msg)
{
	for (size_t i = 0; i < msg->count; i++)
		if (strcmp(msg->element[i].ai->prefix, "310") == 0)
			return gs1_grams(&msg->element[i]);
	return TT_NO_INT;
}
