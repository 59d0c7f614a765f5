/*
 * Time zones by GLib, which pango brings: localtime_r knows only the one of the process.
 */
#include <tracetrack/zone.h>

#include <glib.h>
#include <stdlib.h>

#include <tracetrack/text.h>

struct tt_zone {
	GTimeZone *zone;
	char *name;
};

enum tt_rc tt_zone_open(struct tt_zone **zone, const char *name, struct tt_error *err)
{
	/* GLib takes an empty name for the machine's own zone. */
	GTimeZone *known = name && *name ? g_time_zone_new_identifier(name) : NULL;

	*zone = NULL;
	if (!known) {
		tt_fail(err, TT_CONFIG, "this machine knows no time zone \"%.60s\"",
			name ? name : "");
		tt_error_hint(err, "Install the package tzdata, or correct the business zone.");
		return TT_CONFIG;
	}
	*zone = tt_alloc(sizeof(**zone));
	(*zone)->zone = known;
	(*zone)->name = tt_strdup(name);
	return TT_OK;
}

void tt_zone_free(struct tt_zone *zone)
{
	if (!zone)
		return;
	g_time_zone_unref(zone->zone);
	free(zone->name);
	free(zone);
}

const char *tt_zone_name(const struct tt_zone *zone)
{
	return zone->name;
}

static GDateTime *zone_local(const struct tt_zone *zone, tt_time t)
{
	GDateTime *utc, *local;

	if (t == TT_NO_TIME)
		return NULL;
	utc = g_date_time_new_from_unix_utc(t / 1000000 - (t % 1000000 < 0));
	if (!utc)
		return NULL;
	local = g_date_time_to_timezone(utc, zone->zone);
	g_date_time_unref(utc);
	return local;
}

/* The names of months are ours: strftime's depend on the machine's language. */
static const char *zone_month(GDateTime *at)
{
	static const char *const names[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	return names[g_date_time_get_month(at) - 1];
}

void tt_zone_date(char dst[TT_ZONE_TIME], const struct tt_zone *zone, tt_time t)
{
	GDateTime *at = zone_local(zone, t);

	dst[0] = '\0';
	if (!at)
		return;
	tt_format(dst, TT_ZONE_TIME, "%d %s %d", g_date_time_get_day_of_month(at), zone_month(at),
		g_date_time_get_year(at));
	g_date_time_unref(at);
}

void tt_zone_time(char dst[TT_ZONE_TIME], const struct tt_zone *zone, tt_time t)
{
	GDateTime *at = zone_local(zone, t);

	dst[0] = '\0';
	if (!at)
		return;
	tt_format(dst, TT_ZONE_TIME, "%d %s %d %02d:%02d", g_date_time_get_day_of_month(at),
		zone_month(at), g_date_time_get_year(at), g_date_time_get_hour(at),
		g_date_time_get_minute(at));
	g_date_time_unref(at);
}
