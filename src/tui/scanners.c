/*
 * What the scan view must know of scanners: whether each lane has its own. Going and coming back is
 * said once; while one is away the lane's title says so.
 */
#include <tracetrack/text.h>

#include "screen_impl.h"

bool scanners_find_off(const struct tt_screen *s, int lane, struct tt_screen_device *device)
{
	struct tt_screen_device own;
	size_t i;

	if (!device)
		device = &own;
	for (i = 0; s->options.device && s->options.device(s->options.ctx, i, device); i++) {
		if (device->lane == lane && (device->info.state == TT_SOURCE_UNPLUGGED ||
						    device->info.state == TT_SOURCE_REFUSED))
			return true;
	}
	return false;
}

static void scanners_say(struct tt_screen *s, int lane, const struct tt_screen_device *device)
{
	const char *name = tt_station_lane(s->station, lane)->name;
	char text[320];

	if (!s->is_off[lane]) {
		tt_format(text, sizeof(text), "The scanner of %s is back.", name);
		screen_say(s, STYLE_PLAIN, text);
		return;
	}
	tt_format(text, sizeof(text), "The scanner of %s is %s: %.120s. F8 shows more.", name,
		device->info.state == TT_SOURCE_REFUSED ? "not usable" : "unplugged",
		device->info.error.message);
	screen_say(s, STYLE_CLASS + TT_CLASS_TROUBLE, text);
	screen_ring(s, 3);
}

void scanners_follow(struct tt_screen *s)
{
	int lane, lanes = (int)tt_station_lanes(s->station);
	struct tt_screen_device device;
	bool is_off;

	for (lane = 0; lane < lanes; lane++) {
		is_off = scanners_find_off(s, lane, &device);
		if (is_off == s->is_off[lane])
			continue;
		s->is_off[lane] = is_off;
		scanners_say(s, lane, &device);
	}
}
