/*
 * links: dev base
 *
 * Specifications of sources, as they stand in settings: understood, or refused in clean words.
 */
#include "fuzz.h"

#include <tracetrack/source.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tt_error err = {.rc = TT_OK};
	char *spec = tt_strndup((const char *)data, size);

	if (tt_source_check(spec, &err)) {
		must(err.rc == TT_USAGE && err.message[0]);
		must_be_clean(err.message);
		must_be_clean(err.hint);
	}
	free(spec);
	return 0;
}
