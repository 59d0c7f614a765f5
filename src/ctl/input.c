/*
 * Standard input, kept in a file that has no name: whatever ends this process, nothing of it stays.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/file.h>
#include <tracetrack/text.h>

#include "transfer.h"

static const char *input_folder(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

static enum tt_rc input_fail(struct tt_error *err)
{
	char dir[160];

	tt_clean(dir, sizeof(dir), input_folder(), strlen(input_folder()));
	tt_fail(err, TT_IO, "can't keep standard input in %s: %s", dir, strerror(errno));
	tt_error_hint(err, "Make room there, name another folder in TMPDIR, or give a file.");
	return TT_IO;
}

/* Not every file system has files without a name; the others forget it at once. */
static int input_make(void)
{
	char path[PATH_MAX];
	int fd = open(input_folder(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	tt_format(path, sizeof(path), "%s/tracetrack-XXXXXX", input_folder());
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		(void)unlink(path);
	return fd;
}

static enum tt_rc input_copy(int fd, struct tt_error *err)
{
	char chunk[16384];
	ssize_t n;

	do {
		n = read(STDIN_FILENO, chunk, sizeof(chunk));
		if (n < 0 && errno != EINTR)
			return tt_fail(
				err, TT_IO, "can't read standard input: %s", strerror(errno));
		if (n > 0 && tt_write_all(fd, chunk, (size_t)n) != 0)
			return input_fail(err);
	} while (n != 0);
	return TT_OK;
}

enum tt_rc ctl_input_keep(int *fd, struct tt_error *err)
{
	enum tt_rc rc;

	*fd = input_make();
	if (*fd < 0)
		return input_fail(err);
	rc = input_copy(*fd, err);
	if (rc != TT_OK) {
		close(*fd);
		*fd = -1;
	}
	return rc;
}
