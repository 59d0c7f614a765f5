/*
 * Terminals: raw mode and exclusive use.
 */
#include "source_impl.h"

#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

enum tt_rc tty_open_error(const char *path, int error, struct tt_error *err)
{
	switch (error) {
	case EACCES:
	case EPERM:
		tt_fail(err, TT_DENIED, "not permitted to open %s", path);
		tt_error_hint(err, "Let this user into the group that owns the device");
		return TT_DENIED;
	case EBUSY:
	case EWOULDBLOCK:
		tt_fail(err, TT_CONFLICT, "%s is in use by another program", path);
		tt_error_hint(err, "Close the other program, or stop ModemManager from probing it");
		return TT_CONFLICT;
	default:
		tt_fail(err, TT_DEVICE, "%s is not there", path);
		tt_error_detail(err, "%s", strerror(error));
		tt_error_hint(err, "Plug the scanner in; it goes on by itself");
		return TT_DEVICE;
	}
}

enum tt_rc tty_set_raw(int fd, const char *path, struct tt_error *err)
{
	struct termios t;

	if (tcgetattr(fd, &t))
		return tty_open_error(path, errno, err);
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	t.c_cflag &= ~(tcflag_t)(HUPCL | CSTOPB);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &t))
		return tty_open_error(path, errno, err);
	return TT_OK;
}

enum tt_rc tty_lock(int fd, const char *path, struct tt_error *err)
{
	if (flock(fd, LOCK_EX | LOCK_NB))
		return tty_open_error(path, errno, err);
	return TT_OK;
}

enum tt_rc tty_exclude(int fd, const char *path, struct tt_error *err)
{
	int is_exclusive = 0;

	if (ioctl(fd, TIOCGEXCL, &is_exclusive) == 0 && is_exclusive)
		return tty_open_error(path, EBUSY, err);
	if (ioctl(fd, TIOCEXCL))
		return tty_open_error(path, errno, err);
	return TT_OK;
}
