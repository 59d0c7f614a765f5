/*
 * New terminal devices, as udev tells them.
 *
 * With udevd running its own events are taken, since links and rights are in place by then; without
 * it (containers, small guests) the kernel's.
 */
#include "source_impl.h"

#include <libudev.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/text.h>

struct hotplug {
	struct udev *udev;
	struct udev_monitor *monitor;
	uv_poll_t *poll;
	void (*fn)(void *ctx);
	void *ctx;
};

static bool hotplug_is_arrival(struct udev_device *device)
{
	const char *action = udev_device_get_action(device);

	return action && strcmp(action, "remove") != 0;
}

static void hotplug_on_event(uv_poll_t *poll, int status, int events)
{
	struct hotplug *h = poll->data;
	struct udev_device *device;
	bool has_new = false;

	(void)events;
	if (status < 0) {
		uv_poll_stop(poll);
		return;
	}
	while ((device = udev_monitor_receive_device(h->monitor))) {
		has_new = has_new || hotplug_is_arrival(device);
		udev_device_unref(device);
	}
	if (has_new)
		h->fn(h->ctx);
}

static bool hotplug_start(struct hotplug *h, uv_loop_t *loop)
{
	const char *from = access("/run/udev/control", F_OK) == 0 ? "udev" : "kernel";

	h->udev = udev_new();
	h->monitor = h->udev ? udev_monitor_new_from_netlink(h->udev, from) : NULL;
	if (!h->monitor ||
		udev_monitor_filter_add_match_subsystem_devtype(h->monitor, "tty", NULL) < 0 ||
		udev_monitor_enable_receiving(h->monitor) < 0)
		return false;
	h->poll = tt_alloc(sizeof(*h->poll));
	if (uv_poll_init(loop, h->poll, udev_monitor_get_fd(h->monitor))) {
		free(h->poll);
		h->poll = NULL;
		return false;
	}
	h->poll->data = h;
	return uv_poll_start(h->poll, UV_READABLE, hotplug_on_event) == 0;
}

struct hotplug *hotplug_new(uv_loop_t *loop, void (*fn)(void *ctx), void *ctx)
{
	struct hotplug *h = tt_alloc(sizeof(*h));

	h->fn = fn;
	h->ctx = ctx;
	if (hotplug_start(h, loop))
		return h;
	hotplug_free(h);
	return NULL;
}

void hotplug_free(struct hotplug *h)
{
	if (!h)
		return;
	if (h->poll)
		uv_close((uv_handle_t *)h->poll, source_free_handle);
	udev_monitor_unref(h->monitor);
	udev_unref(h->udev);
	free(h);
}
