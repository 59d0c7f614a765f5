/*
 * Files that are written whole or not at all: one in the same folder that has no name until it is
 * complete, so that nothing stays of it when the process ends; where there is no such thing, a
 * temporary one.
 */
#include <tracetrack/file.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tracetrack/text.h>

static enum tt_rc file_failed(struct tt_error *err, const char *path, int cause)
{
	tt_fail(err, TT_IO, "%.160s can't be written: %s", path, strerror(cause));
	if (cause == ENOSPC || cause == EDQUOT)
		tt_error_hint(err, "The disk is full: make room, or name a file on another one.");
	else if (cause == EISDIR)
		tt_error_hint(err, "Name a file in it.");
	else
		tt_error_hint(err, "Name another file, or mend the rights of its folder.");
	return TT_IO;
}

int tt_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int file_put_directly(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC), cause;

	if (fd < 0)
		return errno;
	cause = tt_write_all(fd, data, len);
	if (close(fd) < 0 && cause == 0)
		cause = errno;
	return cause;
}

/* What a new file may be read by: umask can only be asked by setting it. */
static mode_t file_new_mode(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return 0666 & ~mask;
}

/* Also its rights, and that it is on the disk. */
static int file_fill(int fd, mode_t mode, const void *data, size_t len)
{
	int cause = tt_write_all(fd, data, len);

	if (cause == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		cause = errno;
	return cause;
}

/* The folder's part of a path, with the slash; none is the current folder. */
static int file_folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (int)(slash - path + 1) : 0;
}

static int file_open_nameless(const char *path)
{
	char folder[PATH_MAX];

	tt_format(folder, sizeof(folder), "%.*s.", file_folder_len(path), path);
	return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
}

/* A link replaces nothing: for what is there already the file has a name beside it, for as long as
 * it takes to rename it. False with neither when that can't be. */
static bool file_take_name(int fd, const char *path)
{
	char self[32], beside[PATH_MAX];
	unsigned tag;

	tt_format(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
		return true;
	if (errno != EEXIST || getrandom(&tag, sizeof(tag), 0) < 0)
		return false;
	tt_format(beside, sizeof(beside), "%.*s.tracetrack-%08x", file_folder_len(path), path, tag);
	if (linkat(AT_FDCWD, self, AT_FDCWD, beside, AT_SYMLINK_FOLLOW) < 0)
		return false;
	if (rename(beside, path) == 0)
		return true;
	(void)unlink(beside);
	return false;
}

static int file_replace_named(const char *path, mode_t mode, const void *data, size_t len)
{
	char beside[PATH_MAX];
	int fd, cause;

	/* Not the file's name with something added, which may be too long. */
	tt_format(beside, sizeof(beside), "%.*s.tracetrack-XXXXXX", file_folder_len(path), path);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0)
		return errno;
	cause = file_fill(fd, mode, data, len);
	if (close(fd) < 0 && cause == 0)
		cause = errno;
	if (cause == 0 && rename(beside, path) < 0)
		cause = errno;
	if (cause != 0)
		(void)unlink(beside);
	return cause;
}

static int file_replace(const char *path, mode_t mode, const void *data, size_t len)
{
	int fd = file_open_nameless(path), cause = 0;
	bool is_named = false;

	if (fd >= 0) {
		cause = file_fill(fd, mode, data, len);
		is_named = cause == 0 && file_take_name(fd, path);
		close(fd);
	}
	return cause != 0 || is_named ? cause : file_replace_named(path, mode, data, len);
}

enum tt_rc tt_file_write(const char *path, const void *data, size_t len, struct tt_error *err)
{
	char real[PATH_MAX];
	struct stat st;
	bool is_there = stat(path, &st) == 0;
	int cause;

	if (!is_there && errno != ENOENT)
		return file_failed(err, path, errno);
	if (is_there && S_ISDIR(st.st_mode))
		return file_failed(err, path, EISDIR);
	if (is_there && !S_ISREG(st.st_mode))
		cause = file_put_directly(path, data, len);
	else if (!is_there)
		cause = file_replace(path, file_new_mode(), data, len);
	else if (!realpath(path, real)) /* a link stays a link */
		cause = errno;
	else
		cause = file_replace(real, st.st_mode & 0777, data, len);
	return cause ? file_failed(err, path, cause) : TT_OK;
}

enum tt_rc tt_file_write_private(
	const char *path, const void *data, size_t len, struct tt_error *err)
{
	int cause = file_replace(path, 0600, data, len);

	return cause ? file_failed(err, path, cause) : TT_OK;
}
