/* Standard output of the faces that write lines. */
#ifndef TRACETRACK_STATION_OUTPUT_H
#define TRACETRACK_STATION_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Write all of it; false when nobody reads any more. Waits while the other side is slow, also where
 * the descriptor does not block, as when standard input and output are one socket. */
bool output_write(const char *bytes, size_t len);

#endif
