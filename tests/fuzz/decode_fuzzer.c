/*
 * links: dev base
 *
 * Decoding: input is options, then a frame. A code must be harmless, upper case and not too long;
 * everything that is shown must be clean; unreadable must come with a message and a hint.
 */
#include "fuzz.h"

#include <tracetrack/frame.h>
#include <tracetrack/symbol.h>

static void must_be_code(const struct tt_scan *scan)
{
	must(scan->code[0] && strlen(scan->code) <= TT_CODE_MAX);
	must_be_clean(scan->code);
	for (const char *p = scan->code; *p; p++)
		must(*p < 'a' || *p > 'z');
	must(!scan->error.rc);
}

static void must_be_explained(const struct tt_scan *scan)
{
	must(scan->kind != TT_SCAN_UNREADABLE || scan->error.rc == TT_DATA);
	must(scan->kind != TT_SCAN_UNREADABLE || (scan->error.message[0] && scan->error.hint[0]));
	must(!scan->code[0]);
	must(scan->grams == TT_NO_INT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned flags[] = {0, 0, 0, TT_FRAME_UNTERMINATED, TT_FRAME_OVERFLOW,
		TT_FRAME_TORN, TT_FRAME_TORN | TT_FRAME_UNTERMINATED, 0};
	struct tt_decode_options options = {.prefix = ""};
	struct tt_scan scan;

	if (size < 1 || size > TT_FRAME_MAX)
		return 0;
	options.is_gs1_lenient = data[0] & 1;
	options.gs1_code = data[0] & 2 ? TT_GS1_CODE_GTIN_SERIAL : TT_GS1_CODE_SERIAL;
	options.prefix = data[0] & 4 ? "#" : NULL;
	options.suffix = data[0] & 4 ? "\x03" : NULL;
	tt_decode(&scan, data + 1, size - 1, flags[data[0] >> 5], &options);
	must_be_clean(scan.raw);
	must_be_clean(scan.error.message);
	must_be_clean(scan.error.detail);
	must_be_clean(scan.aim);
	must_be_clean(scan.symbology);
	if (scan.kind == TT_SCAN_CODE)
		must_be_code(&scan);
	else
		must_be_explained(&scan);
	return 0;
}
