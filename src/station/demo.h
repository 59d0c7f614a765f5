/* A simulated scanner for demonstrations: the next code of a plausible story. */
#ifndef TRACETRACK_STATION_DEMO_H
#define TRACETRACK_STATION_DEMO_H

#include <tracetrack/station.h>

struct demo {
	unsigned step;
	char last[TT_CODE_TEXT], before[TT_CODE_TEXT]; /* children of this and an earlier parent */
};

/* Write the code that a scanner on this lane reads next. */
void demo_next(struct demo *demo, const struct tt_lane *lane, char *code, size_t size);

#endif
