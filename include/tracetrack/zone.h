/*
 * Times as the site's people read them: in the time zone of the business day, whatever the zone of
 * the machine.
 */
#ifndef TRACETRACK_ZONE_H
#define TRACETRACK_ZONE_H

#include <stddef.h>

#include <tracetrack/clock.h>
#include <tracetrack/rc.h>

struct tt_zone;

/* A zone of the tz database ("Asia/Kolkata", "UTC"). TT_CONFIG when this machine knows no such
 * zone. Free with tt_zone_free, which takes NULL. */
TT_MUST_CHECK enum tt_rc tt_zone_open(
	struct tt_zone **zone, const char *name, struct tt_error *err);
void tt_zone_free(struct tt_zone *zone);

const char *tt_zone_name(const struct tt_zone *zone); /* borrowed */

#define TT_ZONE_TIME 32
/* "21 Nov 2026 13:30" and "21 Nov 2026"; "" for TT_NO_TIME. */
void tt_zone_time(char dst[TT_ZONE_TIME], const struct tt_zone *zone, tt_time t);
void tt_zone_date(char dst[TT_ZONE_TIME], const struct tt_zone *zone, tt_time t);

#endif
