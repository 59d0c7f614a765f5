/*
 * Serial ports through libserialport.
 *
 * Version 0.1.1 takes no symbolic link and no lock: the link is resolved first, lock and exclusive
 * mode are ours (tty.c).
 */
#include "source_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <libserialport.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

static enum tt_rc serial_resolve(const char *address, char real[PATH_MAX], struct tt_error *err)
{
	if (!realpath(address, real))
		return tty_open_error(address, errno, err);
	if (strcmp(address, real) == 0)
		return TT_OK;
	return port_check_link(address, err);
}

static enum tt_rc serial_open_port(struct tt_source *src, const char *path, struct tt_error *err)
{
	if (sp_get_port_by_name(path, &src->port) != SP_OK) {
		src->port = NULL;
		tt_fail(err, TT_CONFIG, "%s is not a serial port", path);
		tt_error_hint(err, "pipe:PATH opens pseudo-terminals, FIFOs and files");
		return TT_CONFIG;
	}
	if (sp_open(src->port, SP_MODE_READ_WRITE) != SP_OK)
		return tty_open_error(path, sp_last_error_code(), err);
	return TT_OK;
}

static enum sp_return serial_apply(struct sp_port *port, unsigned baud)
{
	struct sp_port_config *config;
	enum sp_return rc = sp_new_config(&config);

	if (rc != SP_OK)
		return rc;
	sp_set_config_baudrate(config, (int)baud);
	sp_set_config_bits(config, 8);
	sp_set_config_parity(config, SP_PARITY_NONE);
	sp_set_config_stopbits(config, 1);
	sp_set_config_flowcontrol(config, SP_FLOWCONTROL_NONE);
	sp_set_config_rts(config, SP_RTS_ON);
	sp_set_config_dtr(config, SP_DTR_ON);
	rc = sp_set_config(port, config);
	sp_free_config(config);
	return rc;
}

static enum tt_rc serial_configure(struct tt_source *src, int fd, struct tt_error *err)
{
	const char *path = src->info.path;
	enum tt_rc rc;

	fcntl(fd, F_SETFD, FD_CLOEXEC);
	rc = tty_lock(fd, path, err);
	if (!rc)
		rc = tty_exclude(fd, path, err);
	if (!rc)
		rc = tty_set_raw(fd, path, err);
	if (!rc && serial_apply(src->port, src->spec.settings.baud) != SP_OK) {
		tt_fail(err, TT_CONFIG, "%s does not do %u baud", path, src->spec.settings.baud);
		tt_error_detail(err, "%s", strerror(sp_last_error_code()));
		return TT_CONFIG;
	}
	return rc;
}

static enum tt_rc serial_open(struct tt_source *src, struct tt_error *err)
{
	char real[PATH_MAX];
	int fd = -1;
	enum tt_rc rc = serial_resolve(src->spec.address, real, err);

	if (rc)
		return rc;
	tt_clean(src->info.path, sizeof(src->info.path), real, strlen(real));
	rc = serial_open_port(src, real, err);
	if (rc)
		return rc;
	sp_get_port_handle(src->port, &fd);
	rc = serial_configure(src, fd, err);
	if (rc)
		return rc;
	port_find_link(src->info.by_id, sizeof(src->info.by_id), "/dev/serial/by-id", real);
	port_find_link(src->info.by_path, sizeof(src->info.by_path), "/dev/serial/by-path", real);
	source_use(src, fd, true);
	source_drain(src);
	return TT_OK;
}

/* libserialport owns the descriptor. */
static void serial_close(struct tt_source *src)
{
	if (!src->port)
		return;
	sp_close(src->port);
	sp_free_port(src->port);
	src->port = NULL;
	src->fd = -1;
}

const struct source_ops serial_ops = {
	.scheme = "serial",
	.has_address = true,
	.is_hot_plugged = true,
	.open = serial_open,
	.close = serial_close,
};
