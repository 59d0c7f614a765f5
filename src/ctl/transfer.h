/* What import and export share: files that are complete or not there, and standard input as one. */
#ifndef TRACETRACK_CTL_TRANSFER_H
#define TRACETRACK_CTL_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/rc.h>

/* A file that is written beside its place and takes it when it is complete. */
struct ctl_file {
	int fd; /* 0: not open */
	char path[4096], part[4096 + 8];
	bool is_stdout;
	bool is_direct; /* a device or a FIFO: written as it is, not replaced */
};

/* path NULL or "-" is standard output. TT_IO when it can't be made. */
TT_MUST_CHECK enum tt_rc ctl_file_open(
	struct ctl_file *file, const char *path, struct tt_error *err);
TT_MUST_CHECK enum tt_rc ctl_file_write(
	struct ctl_file *file, const void *data, size_t len, struct tt_error *err);
/* With TT_OK the file is synced and gets its name; else what was written is removed. Returns rc, or
 * TT_IO. */
TT_MUST_CHECK enum tt_rc ctl_file_close(struct ctl_file *file, enum tt_rc rc, struct tt_error *err);

/* All of standard input in a file without a name, for what is read more than once; the caller
 * closes it. It takes room in $TMPDIR or /tmp until then. TT_IO when it can't be read or kept. */
TT_MUST_CHECK enum tt_rc ctl_input_keep(int *fd, struct tt_error *err);

#endif
