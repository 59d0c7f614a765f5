/*
 * A parent, then children, now and then one that was read already or lies in another bag, so that
 * every kind of answer is seen.
 */
#include "demo.h"

#include <tracetrack/clock.h>
#include <tracetrack/text.h>

void demo_next(struct demo *demo, const struct tt_lane *lane, char *code, size_t size)
{
	unsigned step = demo->step++;

	if (lane->state == TT_LANE_EMPTY || lane->state == TT_LANE_CLOSED) {
		tt_copy(demo->before, sizeof(demo->before), demo->last);
		demo->last[0] = '\0';
		tt_format(code, size, "SB%08u", tt_random_below(100000000));
	} else if (step % 9 == 7 && demo->last[0] != '\0') {
		tt_copy(code, size, demo->last);
	} else if (step % 13 == 11 && demo->before[0] != '\0') {
		tt_copy(code, size, demo->before);
	} else {
		tt_format(code, size, "CH%07u", tt_random_below(10000000));
		tt_copy(demo->last, sizeof(demo->last), code);
	}
}
