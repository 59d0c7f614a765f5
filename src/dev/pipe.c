/*
 * Pipes: FIFOs, pseudo-terminals and files, for simulated scanners, captures and tests.
 */
#include "source_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/text.h>

static enum tt_rc pipe_open_tty(struct tt_source *src, int fd, struct tt_error *err)
{
	const char *path = src->spec.address;
	enum tt_rc rc;

	source_use(src, fd, true);
	rc = tty_lock(fd, path, err);
	if (!rc)
		rc = tty_set_raw(fd, path, err);
	if (!rc)
		source_drain(src);
	return rc;
}

static enum tt_rc pipe_refuse(const struct tt_source *src, mode_t mode, struct tt_error *err)
{
	const char *kind = S_ISDIR(mode)    ? "folder"
			   : S_ISSOCK(mode) ? "socket"
			   : S_ISBLK(mode)  ? "disk"
					    : "device";

	tt_fail(err, TT_CONFIG, "%s is a %s, no FIFO, pseudo-terminal or file", src->spec.address,
		kind);
	tt_error_hint(err, "serial:PATH opens serial ports, tcp:HOST:PORT network scanners");
	return TT_CONFIG;
}

static enum tt_rc pipe_take(struct tt_source *src, int fd, struct tt_error *err)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && isatty(fd))
		return pipe_open_tty(src, fd, err);
	source_use(src, fd, false);
	src->is_file = S_ISREG(st.st_mode);
	if (src->is_file)
		return TT_OK;
	/* Two readers of one FIFO would share its scans out between their lanes. */
	if (S_ISFIFO(st.st_mode))
		return tty_lock(fd, src->spec.address, err);
	return pipe_refuse(src, st.st_mode, err);
}

/* A FIFO is held open for writing too, so that it does not end when a writer leaves. What a device
 * is can only be told when it is open. */
static enum tt_rc pipe_open(struct tt_source *src, struct tt_error *err)
{
	const char *path = src->spec.address;
	struct stat st;
	int fd, how = O_RDWR;

	if (stat(path, &st))
		return tty_open_error(path, errno, err);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode) && !S_ISCHR(st.st_mode))
		return pipe_refuse(src, st.st_mode, err);
	if (S_ISREG(st.st_mode))
		how = O_RDONLY;
	fd = open(path, how | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return tty_open_error(path, errno, err);
	tt_clean(src->info.path, sizeof(src->info.path), path, strlen(path));
	return pipe_take(src, fd, err);
}

const struct source_ops pipe_ops = {
	.scheme = "pipe",
	.has_address = true,
	.open = pipe_open,
};
