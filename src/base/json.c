/*
 * JSON out.
 */
#include <tracetrack/json.h>

#include <math.h>
#include <string.h>

/* The comma, and the name with its colon. */
static void json_begin(struct tt_json *json, const char *name)
{
	if (json->needs_comma)
		tt_buf_add(&json->text, ",", 1);
	json->needs_comma = true;
	if (!name)
		return;
	tt_buf_add(&json->text, "\"", 1);
	tt_buf_puts(&json->text, name);
	tt_buf_add(&json->text, "\":", 2);
}

void tt_json_open(struct tt_json *json, const char *name, char bracket)
{
	json_begin(json, name);
	tt_buf_add(&json->text, &bracket, 1);
	json->needs_comma = false;
}

void tt_json_close(struct tt_json *json, char bracket)
{
	tt_buf_add(&json->text, &bracket, 1);
	json->needs_comma = true;
}

static bool json_is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

static void json_put_unit(struct tt_buf *out, uint32_t unit)
{
	static const char digits[] = "0123456789ABCDEF";
	const char escape[] = {'\\', 'u', digits[unit >> 12], digits[unit >> 8 & 15],
		digits[unit >> 4 & 15], digits[unit & 15]};

	tt_buf_add(out, escape, sizeof(escape));
}

static void json_put_escaped(struct tt_buf *out, uint32_t ch)
{
	static const char letters[][3] = {"\"\"", "\\\\", "\bb", "\ff", "\nn", "\rr", "\tt"};
	char escape[] = {'\\', '\0'};
	size_t i;

	for (i = 0; i < sizeof(letters) / sizeof(*letters); i++) {
		if (ch == (uint32_t)letters[i][0]) {
			escape[1] = letters[i][1];
			tt_buf_add(out, escape, sizeof(escape));
			return;
		}
	}
	if (ch >= 0x10000) {
		json_put_unit(out, 0xd800 + ((ch - 0x10000) >> 10));
		ch = 0xdc00 + ((ch - 0x10000) & 0x3ff);
	}
	json_put_unit(out, ch);
}

static void json_put_string(struct tt_buf *out, const char *s)
{
	size_t len = strlen(s), n;
	uint32_t ch;

	tt_buf_add(out, "\"", 1);
	for (; len > 0; s += n, len -= n) {
		for (n = 0; n < len && json_is_plain(s[n]); n++)
			;
		if (n > 0) {
			tt_buf_add(out, s, n);
			continue;
		}
		n = tt_utf8_decode(s, len, &ch);
		json_put_escaped(out, n > 0 ? ch : 0xfffd);
		n = n > 0 ? n : 1;
	}
	tt_buf_add(out, "\"", 1);
}

void tt_json_text(struct tt_json *json, const char *name, const char *s)
{
	json_begin(json, name);
	if (s)
		json_put_string(&json->text, s);
	else
		tt_buf_add(&json->text, "null", 4);
}

void tt_json_int(struct tt_json *json, const char *name, int64_t n)
{
	json_begin(json, name);
	tt_buf_int(&json->text, n);
}

void tt_json_real(struct tt_json *json, const char *name, double x)
{
	int64_t thousandths;
	char decimals[4];

	if (!(fabs(x) <= 1e15)) {
		tt_json_value(json, name, NULL);
		return;
	}
	json_begin(json, name);
	thousandths = llround(fabs(x) * 1000.0);
	if (x < 0.0 && thousandths > 0)
		tt_buf_add(&json->text, "-", 1);
	tt_buf_int(&json->text, thousandths / 1000);
	decimals[0] = '.';
	decimals[1] = (char)('0' + thousandths / 100 % 10);
	decimals[2] = (char)('0' + thousandths / 10 % 10);
	decimals[3] = (char)('0' + thousandths % 10);
	tt_buf_add(&json->text, decimals, sizeof(decimals));
}

void tt_json_bool(struct tt_json *json, const char *name, bool is_true)
{
	tt_json_value(json, name, is_true ? "true" : "false");
}

void tt_json_value(struct tt_json *json, const char *name, const char *value)
{
	json_begin(json, name);
	tt_buf_puts(&json->text, value ? value : "null");
}

/* From the quote that begins it; what follows its end, NULL when there is none. */
static const char *json_copy_string(struct tt_buf *out, const char *s)
{
	uint32_t ch;
	size_t n;

	tt_buf_add(out, "\"", 1);
	for (s++; *s != '"'; s += n) {
		for (n = 0; json_is_plain(s[n]); n++)
			;
		if (n == 0 && *s == '\\' && s[1] > ' ' && s[1] <= '~')
			n = 2;
		if (n > 0) {
			tt_buf_add(out, s, n);
			continue;
		}
		if (*s == '\0')
			return NULL;
		n = tt_utf8_decode(s, strnlen(s, 4), &ch);
		json_put_escaped(out, n > 0 ? ch : 0xfffd);
		n = n > 0 ? n : 1;
	}
	tt_buf_add(out, "\"", 1);
	return s + 1;
}

static bool json_copy(struct tt_buf *out, const char *s)
{
	int depth = 0;
	size_t n;

	while (s && *s) {
		if (*s == '"') {
			s = json_copy_string(out, s);
			continue;
		}
		for (n = 0; s[n] > ' ' && s[n] <= '~' && s[n] != '"'; n++) {
			depth += s[n] == '[' || s[n] == '{';
			depth -= s[n] == ']' || s[n] == '}';
		}
		tt_buf_add(out, s, n);
		s += n;
		s += strspn(s, " \t\r\n");
		if (*s != '\0' && (*s < ' ' || *s > '~'))
			return false;
	}
	return s && depth == 0;
}

void tt_json_copy(struct tt_json *json, const char *name, const char *value)
{
	size_t begin;

	json_begin(json, name);
	begin = json->text.len;
	if (value && json_copy(&json->text, value) && json->text.len > begin)
		return;
	json->text.len = begin;
	tt_buf_puts(&json->text, "null");
}

void tt_json_error(struct tt_json *json, const char *name, const struct tt_error *err)
{
	tt_json_open(json, name, '{');
	tt_json_text(json, "code", tt_rc_word(err->rc));
	tt_json_text(json, "message", err->message);
	tt_json_text(json, "detail", err->detail);
	tt_json_text(json, "hint", err->hint);
	tt_json_close(json, '}');
}

void tt_json_clear(struct tt_json *json)
{
	tt_buf_clear(&json->text);
	json->needs_comma = false;
}

void tt_json_fini(struct tt_json *json)
{
	tt_buf_fini(&json->text);
	json->needs_comma = false;
}
