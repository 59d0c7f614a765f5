/*
 * Files that are written whole or not at all.
 */
#ifndef TRACETRACK_FILE_H
#define TRACETRACK_FILE_H

#include <stddef.h>

#include <tracetrack/rc.h>

/*
 * Put data[len] into the file, which is made or replaced, whichever comes; its rights stay as they
 * were. It is written beside it first, without a name where the file system has that, and takes its
 * place when it is on the disk: who reads the file sees the old or the new content, and after a
 * failure the old. A device or a FIFO is written to directly. TT_IO when it can't be.
 */
TT_MUST_CHECK enum tt_rc tt_file_write(
	const char *path, const void *data, size_t len, struct tt_error *err);

/*
 * The same for a secret: only its owner may read it, whatever was there. A link is replaced, not
 * followed, and so is a device.
 */
TT_MUST_CHECK enum tt_rc tt_file_write_private(
	const char *path, const void *data, size_t len, struct tt_error *err);

/* Write data[len] whole, however many calls that takes. 0, or errno of the one that failed. */
TT_MUST_CHECK int tt_write_all(int fd, const void *data, size_t len);

#endif
