/*
 * Specifications of sources: SCHEME:ADDRESS[,OPTION=VALUE]...
 */
#include "source_impl.h"

#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

static const struct source_ops *const spec_schemes[] = {
	&serial_ops, &tcp_ops, &pipe_ops, &wedge_ops, NULL};

static enum tt_rc spec_number(const char *name, const char *value, unsigned long min,
	unsigned long max, unsigned *out, struct tt_error *err)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end || n < min || n > max)
		return tt_fail(err, TT_USAGE, "%s wants a number from %lu to %lu, not \"%s\"", name,
			min, max, value);
	*out = (unsigned)n;
	return TT_OK;
}

static enum tt_rc spec_set_driver(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	s->driver = tt_driver_find(value);
	if (s->driver)
		return TT_OK;
	tt_fail(err, TT_USAGE, "no driver is called \"%s\"", value);
	tt_error_hint(err, "The drivers are none, honeywell-host-ack and zebra-ssi");
	return TT_USAGE;
}

static const struct {
	const char *name;
	unsigned end;
} spec_ends[] = {
	{"cr", TT_END_CR},
	{"lf", TT_END_LF},
	{"tab", TT_END_TAB},
	{"stx-etx", TT_END_ETX},
};

static unsigned spec_find_end(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(spec_ends) / sizeof(spec_ends[0]); i++)
		if (strlen(spec_ends[i].name) == len && memcmp(spec_ends[i].name, name, len) == 0)
			return spec_ends[i].end;
	return 0;
}

static enum tt_rc spec_set_terminator(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	size_t len;
	unsigned end;

	s->frame.ends = 0;
	for (const char *p = value;; p += len + 1) {
		len = strcspn(p, "+");
		end = spec_find_end(p, len);
		s->frame.ends |= end;
		if (!end || !p[len])
			break;
	}
	if (end)
		return TT_OK;
	tt_fail(err, TT_USAGE, "\"%s\" is no terminator", value);
	tt_error_hint(err, "Join cr, lf and tab with +, or say stx-etx");
	return TT_USAGE;
}

static enum tt_rc spec_set_idle_gap(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	return spec_number("idle-gap", value, 0, 10000, &s->frame.idle_gap_ms, err);
}

static enum tt_rc spec_set_baud(struct source_settings *s, const char *value, struct tt_error *err)
{
	return spec_number("baud", value, 300, 4000000, &s->baud, err);
}

/* \xNN stands for a byte, \\ for a backslash; a NUL can't be part of it. */
static enum tt_rc spec_unescape(
	const char *name, char *dst, size_t size, const char *value, struct tt_error *err)
{
	size_t n = 0;
	char hex[3] = "";

	for (const char *p = value; *p; n++) {
		if (n + 1 >= size)
			return tt_fail(
				err, TT_USAGE, "%s is longer than %zu bytes", name, size - 1);
		if (*p != '\\') {
			dst[n] = *p++;
		} else if (p[1] == '\\') {
			dst[n] = '\\';
			p += 2;
		} else if (p[1] == 'x' && p[2] && p[3]) {
			memcpy(hex, p + 2, 2);
			if (tt_unhex(dst + n, 1, hex) != 1 || !dst[n])
				return tt_fail(err, TT_USAGE, "%s: \\x%s is no byte", name, hex);
			p += 4;
		} else {
			return tt_fail(
				err, TT_USAGE, "%s: write \\xNN for a byte, \\\\ for \\", name);
		}
	}
	dst[n] = '\0';
	return TT_OK;
}

static enum tt_rc spec_set_prefix(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	return spec_unescape("prefix", s->prefix, sizeof(s->prefix), value, err);
}

static enum tt_rc spec_set_suffix(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	return spec_unescape("suffix", s->suffix, sizeof(s->suffix), value, err);
}

static enum tt_rc spec_set_gs1_code(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	if (strcmp(value, "serial") == 0)
		s->decode.gs1_code = TT_GS1_CODE_SERIAL;
	else if (strcmp(value, "gtin-serial") == 0)
		s->decode.gs1_code = TT_GS1_CODE_GTIN_SERIAL;
	else
		return tt_fail(
			err, TT_USAGE, "gs1-code is serial or gtin-serial, not \"%s\"", value);
	return TT_OK;
}

static enum tt_rc spec_set_gs1_lenient(
	struct source_settings *s, const char *value, struct tt_error *err)
{
	s->decode.is_gs1_lenient = strcmp(value, "on") == 0;
	if (s->decode.is_gs1_lenient || strcmp(value, "off") == 0)
		return TT_OK;
	return tt_fail(err, TT_USAGE, "gs1-lenient is on or off, not \"%s\"", value);
}

const struct tt_source_option tt_source_option_table[] = {
	{"driver", "none, honeywell-host-ack, zebra-ssi", "none",
		"how the scanner is answered, and whether it sends packets", spec_set_driver},
	{"terminator", "cr, lf, tab joined with +, or stx-etx", "cr+lf", "what ends a code",
		spec_set_terminator},
	{"idle-gap", "0 to 10000 ms", "0",
		"silence that ends a code, for scanners that send no end", spec_set_idle_gap},
	{"prefix", "text, \\xNN", "", "sent by the scanner before each code; removed",
		spec_set_prefix},
	{"suffix", "text, \\xNN", "", "sent by the scanner after each code; removed",
		spec_set_suffix},
	{"baud", "300 to 4000000", "9600", "speed of a serial: port", spec_set_baud},
	{"gs1-code", "serial, gtin-serial", "serial",
		"the code of a GS1 label without SSCC: AI 21, or AI 01 and 21 joined",
		spec_set_gs1_code},
	{"gs1-lenient", "on, off", "off", "also read GS1 labels that are not marked as GS1",
		spec_set_gs1_lenient},
	{0},
};

static const struct tt_source_option *spec_nearest(const char *name)
{
	const struct tt_source_option *best = NULL;
	unsigned distance, least = 4;

	for (const struct tt_source_option *o = tt_source_option_table; o->name; o++) {
		distance = tt_edit_distance(o->name, name);
		if (distance < least) {
			least = distance;
			best = o;
		}
	}
	return best;
}

static enum tt_rc spec_unknown(const char *name, struct tt_error *err)
{
	const struct tt_source_option *near = spec_nearest(name);

	tt_fail(err, TT_USAGE, "a source has no option \"%s\"", name);
	if (near)
		tt_error_hint(err, "Did you mean %s=?", near->name);
	else
		tt_error_hint(err, "The options are in tracetrack-scanners(7)");
	return TT_USAGE;
}

static enum tt_rc spec_option(struct source_settings *s, char *option, struct tt_error *err)
{
	char *value = strchr(option, '=');

	if (!value)
		return tt_fail(err, TT_USAGE, "\"%s\" is not OPTION=VALUE", option);
	*value++ = '\0';
	for (const struct tt_source_option *o = tt_source_option_table; o->name; o++)
		if (strcmp(o->name, option) == 0)
			return o->set(s, value, err);
	return spec_unknown(option, err);
}

static enum tt_rc spec_options(struct source_settings *s, char *rest, struct tt_error *err)
{
	enum tt_rc rc = TT_OK;
	char *next;

	for (; rest && !rc; rest = next) {
		next = strchr(rest, ',');
		if (next)
			*next++ = '\0';
		rc = spec_option(s, rest, err);
	}
	return rc;
}

static enum tt_rc spec_no_scheme(const char *text, struct tt_error *err)
{
	tt_fail(err, TT_USAGE, "\"%s\" is no source of scans", text);
	if (text[0] == '/')
		tt_error_hint(err, "Did you mean serial:%s?", text);
	else
		tt_error_hint(err, "Use serial:PATH, tcp:HOST:PORT, pipe:PATH or wedge");
	return TT_USAGE;
}

static enum tt_rc spec_address(struct source_spec *spec, const char *head, struct tt_error *err)
{
	const char *colon = strchr(head, ':');
	size_t len = colon ? (size_t)(colon - head) : strlen(head);

	for (size_t i = 0; spec_schemes[i]; i++)
		if (strlen(spec_schemes[i]->scheme) == len &&
			memcmp(spec_schemes[i]->scheme, head, len) == 0)
			spec->ops = spec_schemes[i];
	if (!spec->ops)
		return spec_no_scheme(head, err);
	if (spec->ops->has_address != (colon && colon[1]))
		return tt_fail(err, TT_USAGE, "%s %s after it", head,
			spec->ops->has_address ? "needs an address" : "takes nothing");
	if (tt_copy(spec->address, sizeof(spec->address), colon ? colon + 1 : "") + 1 >=
		sizeof(spec->address))
		return tt_fail(err, TT_USAGE, "the address of this source is too long");
	return TT_OK;
}

enum tt_rc source_spec_parse(struct source_spec *spec, const char *text, struct tt_error *err)
{
	char copy[sizeof(spec->text)], *rest;
	enum tt_rc rc;

	*spec = (struct source_spec){.settings = {.driver = tt_driver_table, .baud = 9600}};
	if (strlen(text) >= sizeof(copy))
		return tt_fail(err, TT_USAGE, "a source is at most %zu bytes", sizeof(copy) - 1);
	tt_copy(spec->text, sizeof(spec->text), text);
	memcpy(copy, text, strlen(text) + 1);
	rest = strchr(copy, ',');
	if (rest)
		*rest++ = '\0';
	rc = spec_address(spec, copy, err);
	if (!rc)
		rc = spec_options(&spec->settings, rest, err);
	return rc;
}

enum tt_rc tt_source_check(const char *spec, struct tt_error *err)
{
	struct source_spec parsed;

	return source_spec_parse(&parsed, spec, err);
}
