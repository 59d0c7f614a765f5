/*
 * Files that others may be waiting for: written as NAME.part in the same folder, then renamed. A
 * link stays one, and a file that is there keeps its rights; a device or a FIFO is written to
 * directly.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/file.h>
#include <tracetrack/text.h>

#include "transfer.h"

static enum tt_rc file_fail(const struct ctl_file *file, struct tt_error *err)
{
	char path[128];

	tt_clean(path, sizeof(path), file->path, strlen(file->path));
	tt_fail(err, TT_IO, "can't write %s: %s", path, strerror(errno));
	if (errno == ENOSPC || errno == EDQUOT)
		tt_error_hint(err, "Make room, or choose another place; nothing is left there.");
	if (errno == EWOULDBLOCK)
		tt_error_hint(err, "Another process is writing it: wait, or choose another name.");
	return TT_IO;
}

/* Locked, and still of that name: another process may have finished it meanwhile. */
static bool file_is_ours(const struct ctl_file *file)
{
	struct stat here, there;

	if (flock(file->fd, LOCK_EX | LOCK_NB) < 0)
		return false;
	if (fstat(file->fd, &here) == 0 && stat(file->part, &there) == 0 &&
		here.st_dev == there.st_dev && here.st_ino == there.st_ino)
		return true;
	errno = EWOULDBLOCK;
	return false;
}

/* Not even emptied before it is known that nobody else writes it. */
static enum tt_rc file_take(struct ctl_file *file, struct tt_error *err)
{
	enum tt_rc rc;

	if (file_is_ours(file) && ftruncate(file->fd, 0) == 0)
		return TT_OK;
	rc = file_fail(file, err);
	close(file->fd);
	file->fd = 0;
	return rc;
}

static enum tt_rc file_open_directly(struct ctl_file *file, struct tt_error *err)
{
	file->is_direct = true;
	file->fd = open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (file->fd >= 0)
		return TT_OK;
	file->fd = 0;
	return file_fail(file, err);
}

/* is_there: as there says, so that what only some may read stays so. */
static enum tt_rc file_open_part(
	struct ctl_file *file, bool is_there, const struct stat *there, struct tt_error *err)
{
	enum tt_rc rc;

	tt_format(file->part, sizeof(file->part), "%s.part", file->path);
	file->fd = open(file->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (file->fd < 0) {
		file->fd = 0;
		return file_fail(file, err);
	}
	rc = file_take(file, err);
	if (rc == TT_OK && is_there && fchmod(file->fd, there->st_mode & 0777) < 0)
		rc = ctl_file_close(file, file_fail(file, err), err);
	return rc;
}

enum tt_rc ctl_file_open(struct ctl_file *file, const char *path, struct tt_error *err)
{
	struct stat there;
	bool is_there;
	char real[PATH_MAX];

	memset(file, 0, sizeof(*file));
	file->is_stdout = !path || strcmp(path, "-") == 0;
	if (file->is_stdout) {
		tt_copy(file->path, sizeof(file->path), "the output");
		file->fd = STDOUT_FILENO;
		return TT_OK;
	}
	if (strlen(path) >= sizeof(file->path))
		return tt_fail(err, TT_IO, "the file's name is too long");
	tt_copy(file->path, sizeof(file->path), path);
	is_there = stat(path, &there) == 0;
	if (is_there && !S_ISREG(there.st_mode))
		return file_open_directly(file, err);
	if (is_there && realpath(path, real) && strlen(real) < sizeof(file->path))
		tt_copy(file->path, sizeof(file->path), real);
	return file_open_part(file, is_there, &there, err);
}

enum tt_rc ctl_file_write(struct ctl_file *file, const void *data, size_t len, struct tt_error *err)
{
	return tt_write_all(file->fd, data, len) == 0 ? TT_OK : file_fail(file, err);
}

enum tt_rc ctl_file_close(struct ctl_file *file, enum tt_rc rc, struct tt_error *err)
{
	if (file->fd == 0 || file->is_stdout)
		return rc;
	if (rc == TT_OK && !file->is_direct && fsync(file->fd) < 0)
		rc = file_fail(file, err);
	if (close(file->fd) < 0 && rc == TT_OK)
		rc = file_fail(file, err);
	if (rc == TT_OK && !file->is_direct && rename(file->part, file->path) < 0)
		rc = file_fail(file, err);
	if (rc != TT_OK && !file->is_direct)
		(void)unlink(file->part);
	file->fd = 0;
	return rc;
}
