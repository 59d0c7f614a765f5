/*
 * One frame in, one judgement out: empty, a code, or unreadable with the reason.
 *
 * The order: overflow and torn, prefix and suffix, AIM identifier, ISO/IEC 15434 envelope, GS1 or
 * plain text. Everything that is shown goes through tt_clean first.
 */
#include <tracetrack/symbol.h>

#include <string.h>
#include <strings.h>

#include <tracetrack/frame.h>
#include <tracetrack/gs1.h>
#include <tracetrack/text.h>

#define DECODE_RS 0x1e
#define DECODE_EOT 0x04
#define DECODE_SHOWN 100 /* characters of the frame in a message */

static const struct tt_decode_options decode_standard;

static const char decode_again[] = "Scan it again; if it stays so put the bag aside and call help";

static void decode_unreadable(struct tt_scan *scan, const char *hint)
{
	scan->kind = TT_SCAN_UNREADABLE;
	scan->code[0] = '\0';
	scan->grams = TT_NO_INT;
	if (!scan->error.hint[0])
		tt_error_hint(&scan->error, "%s", hint);
}

static bool decode_is_blank(const char *s, size_t len)
{
	while (len > 0 && s[len - 1] == ' ')
		len--;
	return len == 0;
}

static void decode_trim(const char **s, size_t *len, const struct tt_decode_options *o)
{
	size_t prefix = o->prefix ? strlen(o->prefix) : 0;
	size_t suffix = o->suffix ? strlen(o->suffix) : 0;

	if (prefix && *len >= prefix && memcmp(*s, o->prefix, prefix) == 0) {
		*s += prefix;
		*len -= prefix;
	}
	if (suffix && *len >= suffix && memcmp(*s + *len - suffix, o->suffix, suffix) == 0)
		*len -= suffix;
}

/* Take the code over, or say why it can't be one. */
static void decode_take(struct tt_scan *scan, const char *s, size_t len)
{
	if (len > TT_CODE_MAX) {
		tt_fail(&scan->error, TT_DATA, "code of %zu bytes; the longest is %d", len,
			TT_CODE_MAX);
		decode_unreadable(scan, "Two codes may have run together: scan it again");
		return;
	}
	for (size_t i = 0; i < len; i++)
		scan->code[i] = (char)(s[i] >= 'a' && s[i] <= 'z' ? s[i] - 'a' + 'A' : s[i]);
	scan->code[len] = '\0';
	scan->kind = TT_SCAN_CODE;
}

static void decode_bad_char(
	struct tt_scan *scan, const char *what, const char *at, size_t len, const char *hint)
{
	char shown[16], around[DECODE_SHOWN];

	tt_clean(shown, sizeof(shown), at, len);
	tt_copy(around, sizeof(around), scan->raw);
	tt_fail(&scan->error, TT_DATA, "%s %s in \"%s\"", what, shown, around);
	decode_unreadable(scan, hint);
}

static void decode_plain(struct tt_scan *scan, const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t ch = 0;

		n = tt_utf8_decode(s + i, len - i, &ch);
		if (n == 0) {
			decode_bad_char(scan, "not UTF-8 text: byte", s + i, 1,
				"Set the scanner to UTF-8 or ASCII output, or check its cable");
			return;
		}
		if (tt_is_unsafe_char(ch)) {
			decode_bad_char(scan, "control character", s + i, n,
				"Scan it again; if it stays so set the scanner to send text only");
			return;
		}
	}
	decode_take(scan, s, len);
}

static void decode_list_ids(struct tt_buf *out, const struct tt_gs1_message *msg)
{
	for (size_t i = 0; i < msg->count; i++)
		tt_buf_printf(out, " (%s) %s", msg->element[i].id, msg->element[i].ai->title);
}

static void decode_no_code(
	struct tt_scan *scan, const struct tt_gs1_message *msg, const char *missing)
{
	struct tt_buf ids = {0};

	tt_fail(&scan->error, TT_DATA, "GS1 label without %s", missing);
	decode_list_ids(&ids, msg);
	tt_error_detail(&scan->error, "It carries%s", ids.data);
	decode_unreadable(scan, "It names the goods, not the bag: scan the bag's own label");
	tt_buf_fini(&ids);
}

static void decode_message(
	struct tt_scan *scan, const struct tt_gs1_message *msg, enum tt_gs1_code which)
{
	const struct tt_gs1_element *sscc = tt_gs1_find(msg, "00");
	const struct tt_gs1_element *gtin = tt_gs1_find(msg, "01");
	const struct tt_gs1_element *serial = tt_gs1_find(msg, "21");
	char joined[TT_CODE_MAX];

	scan->grams = tt_gs1_net_grams(msg);
	if (sscc) {
		decode_take(scan, sscc->value, sscc->len);
	} else if (!serial) {
		decode_no_code(scan, msg, "an SSCC (00) or a serial number (21)");
	} else if (which == TT_GS1_CODE_SERIAL) {
		decode_take(scan, serial->value, serial->len);
	} else if (!gtin) {
		decode_no_code(scan, msg, "a GTIN (01) beside its serial number (21)");
	} else {
		memcpy(joined, gtin->value, gtin->len);
		memcpy(joined + gtin->len, serial->value, serial->len);
		decode_take(scan, joined, gtin->len + serial->len);
	}
}

static void decode_gs1(
	struct tt_scan *scan, const char *s, size_t len, const struct tt_decode_options *o)
{
	struct tt_gs1_message msg;

	if (tt_gs1_parse(s, len, &msg, &scan->error))
		decode_unreadable(scan, decode_again);
	else
		decode_message(scan, &msg, o->gs1_code);
}

static bool decode_is_lenient_case(const struct tt_scan *scan, const struct tt_decode_options *o)
{
	static const char *const unmarked[] = {"", "]C0", "]d1", "]Q1"};

	if (!o->is_gs1_lenient)
		return false;
	for (size_t i = 0; i < sizeof(unmarked) / sizeof(unmarked[0]); i++)
		if (strcmp(scan->aim, unmarked[i]) == 0)
			return true;
	return false;
}

/* Unmarked text counts as GS1 only when all of it parses and it names a bag. */
static bool decode_try_gs1(
	struct tt_scan *scan, const char *s, size_t len, const struct tt_decode_options *o)
{
	struct tt_gs1_message msg;

	if (tt_gs1_parse(s, len, &msg, NULL))
		return false;
	if (!tt_gs1_find(&msg, "00") && !tt_gs1_find(&msg, "21"))
		return false;
	decode_message(scan, &msg, o->gs1_code);
	return true;
}

/* ISO/IEC 15434: "[)>" RS, format, GS, data, RS, EOT. Some scanners drop the EOT. */
static bool decode_is_envelope(const char *s, size_t len)
{
	return len >= 6 && memcmp(s, "[)>", 3) == 0 && s[3] == DECODE_RS;
}

static void decode_envelope(
	struct tt_scan *scan, const char *s, size_t len, const struct tt_decode_options *o)
{
	char format[16];

	tt_clean(format, sizeof(format), s + 4, 2);
	s += 6;
	len -= 6;
	if (len > 0 && s[len - 1] == DECODE_EOT)
		len--;
	if (len > 0 && s[len - 1] == DECODE_RS)
		len--;
	if (strcmp(format, "05") == 0) {
		decode_gs1(scan, s, len, o);
		return;
	}
	tt_fail(&scan->error, TT_DATA, "ISO 15434 label of format %s; only 05 (GS1) is read",
		format);
	decode_unreadable(scan, "Scan another code of this bag");
}

static bool decode_has_segment(const char *s, size_t len, const char *segment)
{
	return memmem(s, len, segment, strlen(segment)) != NULL;
}

/* GS1 Digital Link: a web address whose path has a primary identifier and its data. */
static bool decode_is_digital_link(const char *s, size_t len)
{
	static const char *const keys[] = {"/00/", "/01/", "/253/", "/255/", "/401/", "/402/",
		"/414/", "/417/", "/8003/", "/8004/", "/8006/", "/8010/", "/8017/", "/8018/"};
	bool is_web = (len > 7 && strncasecmp(s, "http://", 7) == 0) ||
		      (len > 8 && strncasecmp(s, "https://", 8) == 0);

	for (size_t i = 0; is_web && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (decode_has_segment(s, len, keys[i]))
			return true;
	return false;
}

static void decode_data(
	struct tt_scan *scan, const struct tt_symbol *symbol, const struct tt_decode_options *o)
{
	const char *s = symbol->data;
	size_t len = symbol->len;
	bool has_gs = memchr(s, TT_GS1_SEPARATOR, len) != NULL;

	if (decode_is_envelope(s, len)) {
		decode_envelope(scan, s, len, o);
	} else if (symbol->is_gs1 || (has_gs && !symbol->aim[0])) {
		decode_gs1(scan, s, len, o);
	} else if (decode_is_digital_link(s, len)) {
		tt_fail(&scan->error, TT_DATA, "web address (GS1 Digital Link), not a bag's code");
		decode_unreadable(scan, "Scan the bar code of this bag's label instead");
	} else if (!decode_is_lenient_case(scan, o) || !decode_try_gs1(scan, s, len, o)) {
		decode_plain(scan, s, len);
	}
}

/* True when the frame itself is broken, whatever it says. */
static bool decode_is_broken(struct tt_scan *scan, unsigned flags, size_t len)
{
	if (flags & TT_FRAME_OVERFLOW) {
		tt_fail(&scan->error, TT_DATA, "more than %d bytes without an end", TT_FRAME_MAX);
		decode_unreadable(scan, "Set the scanner to send a carriage return after each "
					"code, and its baud rate");
	} else if (flags & TT_FRAME_TORN) {
		tt_fail(&scan->error, TT_DATA, "code cut off after %zu bytes", len);
		decode_unreadable(scan, decode_again);
	}
	return scan->kind == TT_SCAN_UNREADABLE;
}

void tt_decode(struct tt_scan *scan, const void *bytes, size_t len, unsigned frame_flags,
	const struct tt_decode_options *options)
{
	const struct tt_decode_options *o = options ? options : &decode_standard;
	const char *s = bytes;
	struct tt_symbol symbol;

	*scan = (struct tt_scan){.grams = TT_NO_INT, .symbology = ""};
	scan->is_unterminated = (frame_flags & TT_FRAME_UNTERMINATED) != 0;
	tt_clean(scan->raw, sizeof(scan->raw), s, len);
	if (decode_is_broken(scan, frame_flags, len))
		return;
	decode_trim(&s, &len, o);
	tt_symbol_split(s, len, &symbol);
	tt_copy(scan->aim, sizeof(scan->aim), symbol.aim);
	scan->symbology = symbol.symbology;
	if (!decode_is_blank(symbol.data, symbol.len))
		decode_data(scan, &symbol, o);
}
