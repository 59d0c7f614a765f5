/*
 * The serial ports of this machine: the list with USB identities, stable names, and links that
 * more than one device claims.
 */
#include "source_impl.h"

#include <dirent.h>
#include <libserialport.h>
#include <libudev.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#define PORT_BY_ID "/dev/serial/by-id"
#define PORT_BY_PATH "/dev/serial/by-path"
#define PORT_CLAIMS 8

#define PORT_COLUMN(field) offsetof(struct tt_port, field)

const struct tt_column tt_port_columns[] = {
	{"path", TT_TEXT, PORT_COLUMN(path), NULL, "the device", 0},
	{"by_id", TT_TEXT, PORT_COLUMN(by_id), NULL,
		"name that stays with this unit, if it has a serial number", 0},
	{"by_path", TT_TEXT, PORT_COLUMN(by_path), NULL, "name that stays with this socket", 0},
	{"description", TT_TEXT, PORT_COLUMN(description), NULL, "what the system calls it",
		TT_WIDE},
	{"usb", TT_TEXT, PORT_COLUMN(usb), NULL, "USB vendor and product numbers", 0},
	{"maker", TT_TEXT, PORT_COLUMN(maker), NULL, "USB manufacturer", TT_WIDE},
	{"product", TT_TEXT, PORT_COLUMN(product), NULL, "USB product", 0},
	{"serial", TT_TEXT, PORT_COLUMN(serial), NULL, "USB serial number", 0},
	{0},
};

static bool port_leads_to(const char *link, const char *path)
{
	char real[PATH_MAX];

	return realpath(link, real) && strcmp(real, path) == 0;
}

void port_find_link(char *dst, size_t size, const char *folder, const char *path)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char link[PATH_MAX];

	dst[0] = '\0';
	while (dir && !dst[0] && (entry = readdir(dir))) {
		tt_format(link, sizeof(link), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.' && port_leads_to(link, path))
			tt_clean(dst, size, link, strlen(link));
	}
	if (dir)
		closedir(dir);
}

static char *port_text(const char *s)
{
	char clean[256];

	if (!s || !*s)
		return NULL;
	tt_clean(clean, sizeof(clean), s, strlen(s));
	return tt_strdup(clean);
}

static void port_fill(struct tt_port *row, struct sp_port *port)
{
	char link[192];
	int vendor, product;

	row->path = port_text(sp_get_port_name(port));
	port_find_link(link, sizeof(link), PORT_BY_ID, row->path);
	row->by_id = port_text(link);
	port_find_link(link, sizeof(link), PORT_BY_PATH, row->path);
	row->by_path = port_text(link);
	row->description = port_text(sp_get_port_description(port));
	if (sp_get_port_transport(port) != SP_TRANSPORT_USB)
		return;
	if (sp_get_port_usb_vid_pid(port, &vendor, &product) == SP_OK) {
		tt_format(link, sizeof(link), "%04x:%04x", (unsigned)vendor, (unsigned)product);
		row->usb = port_text(link);
	}
	row->maker = port_text(sp_get_port_usb_manufacturer(port));
	row->product = port_text(sp_get_port_usb_product(port));
	row->serial = port_text(sp_get_port_usb_serial(port));
}

enum tt_rc tt_source_enumerate(struct tt_rows *rows, struct tt_error *err)
{
	struct sp_port **list;

	*rows = (struct tt_rows){.cols = tt_port_columns, .size = sizeof(struct tt_port)};
	if (sp_list_ports(&list) != SP_OK)
		return tt_fail(err, TT_DEVICE, "the serial ports can't be listed");
	for (size_t i = 0; list[i]; i++)
		port_fill(tt_rows_add(rows), list[i]);
	sp_free_port_list(list);
	return TT_OK;
}

enum tt_rc port_check_claims(
	const char *link, const struct port_claim *claims, size_t count, struct tt_error *err)
{
	if (count < 2)
		return TT_OK;
	tt_fail(err, TT_CONFIG, "%s stands for %zu devices: %s and %s%s", link, count,
		claims[0].path, claims[1].path, count > 2 ? "..." : "");
	tt_error_detail(err, "They are of one model and have no serial numbers of their own");
	if (claims[0].by_path[0])
		tt_error_hint(err, "Name the socket instead: serial:%s", claims[0].by_path);
	else
		tt_error_hint(err, "Name the socket instead: serial:" PORT_BY_PATH "/...");
	return TT_CONFIG;
}

static bool port_has_link(struct udev_device *device, const char *link, struct port_claim *claim)
{
	struct udev_list_entry *entry = udev_device_get_devlinks_list_entry(device);
	bool has_link = false;

	*claim = (struct port_claim){0};
	for (; entry; entry = udev_list_entry_get_next(entry)) {
		const char *name = udev_list_entry_get_name(entry);

		has_link = has_link || strcmp(name, link) == 0;
		if (strncmp(name, PORT_BY_PATH "/", sizeof(PORT_BY_PATH)) == 0)
			tt_clean(claim->by_path, sizeof(claim->by_path), name, strlen(name));
	}
	if (has_link)
		tt_copy(claim->path, sizeof(claim->path), udev_device_get_devnode(device));
	return has_link;
}

/* Virtual consoles, tty0 to tty63, are never scanners, and reading about each takes its time. */
static bool port_is_console(const char *path)
{
	const char *name = strstr(path, "/tty/tty");

	return name && name[8] >= '0' && name[8] <= '9';
}

static size_t port_collect(
	struct udev *udev, struct udev_enumerate *list, const char *link, struct port_claim *claims)
{
	struct udev_list_entry *entry = udev_enumerate_get_list_entry(list);
	size_t count = 0;

	for (; entry && count < PORT_CLAIMS; entry = udev_list_entry_get_next(entry)) {
		const char *path = udev_list_entry_get_name(entry);
		struct udev_device *device;

		if (port_is_console(path))
			continue;
		device = udev_device_new_from_syspath(udev, path);
		if (device && port_has_link(device, link, &claims[count]))
			count++;
		udev_device_unref(device);
	}
	return count;
}

enum tt_rc port_check_link(const char *link, struct tt_error *err)
{
	struct udev *udev = udev_new();
	struct udev_enumerate *list = udev ? udev_enumerate_new(udev) : NULL;
	struct port_claim claims[PORT_CLAIMS];
	size_t count = 0;

	if (list && udev_enumerate_add_match_subsystem(list, "tty") >= 0 &&
		udev_enumerate_scan_devices(list) >= 0)
		count = port_collect(udev, list, link, claims);
	udev_enumerate_unref(list);
	udev_unref(udev);
	return port_check_claims(link, claims, count, err);
}
