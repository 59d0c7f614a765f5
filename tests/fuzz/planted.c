/*
 * A target with a bug in it: the tier is worth nothing if it does not find this one.
 */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	must(size < 3 || data[0] != 'S' || data[1] != 'B' || data[2] != '0');
	return 0;
}
