/*
 * links: dev base
 *
 * GS1: what parses must lie inside of the text, and must parse to the same when it is written out
 * again with a separator behind every element; what does not must be explained in clean text.
 */
#include "fuzz.h"

#include <tracetrack/column.h>
#include <tracetrack/gs1.h>

static size_t write_out(char *dst, const struct tt_gs1_message *msg)
{
	size_t n = 0;

	for (size_t i = 0; i < msg->count; i++) {
		const struct tt_gs1_element *e = &msg->element[i];

		memcpy(dst + n, e->id, strlen(e->id));
		n += strlen(e->id);
		memcpy(dst + n, e->value, e->len);
		n += e->len;
		dst[n++] = TT_GS1_SEPARATOR;
	}
	return n;
}

static void must_be_same(const struct tt_gs1_message *a, const struct tt_gs1_message *b)
{
	must(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		must(strcmp(a->element[i].id, b->element[i].id) == 0);
		must(a->element[i].len == b->element[i].len);
		must(memcmp(a->element[i].value, b->element[i].value, a->element[i].len) == 0);
	}
	must(tt_gs1_net_grams(a) == tt_gs1_net_grams(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char again[TT_GS1_ELEMENTS * 128];
	struct tt_gs1_message msg, second;
	const char *s = (const char *)data;
	struct tt_error err;
	int64_t grams;

	if (tt_gs1_parse(s, size, &msg, &err)) {
		must(err.rc == TT_DATA && err.message[0]);
		must_be_clean(err.message);
		return 0;
	}
	must(msg.count > 0 && msg.count <= TT_GS1_ELEMENTS);
	for (size_t i = 0; i < msg.count; i++)
		must(msg.element[i].value >= s &&
			msg.element[i].value + msg.element[i].len <= s + size);
	grams = tt_gs1_net_grams(&msg);
	must(grams == TT_NO_INT || (grams >= 0 && grams <= 999999000));
	must(tt_gs1_parse(again, write_out(again, &msg), &second, NULL) == TT_OK);
	must_be_same(&msg, &second);
	return 0;
}
