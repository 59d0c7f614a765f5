/*
 * The log's one target. Lines are written whole with one write(2), so that several processes can
 * append to one file.
 */
#include <tracetrack/log.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tracetrack/clock.h>
#include <tracetrack/text.h>

static int log_fd = -1;
static enum tt_log_level log_level = TT_LOG_WARN;

enum tt_rc tt_log_open(const char *target, enum tt_log_level level, struct tt_error *err)
{
	int fd = -1;

	if (strcmp(target, "-") == 0) {
		fd = STDERR_FILENO;
	} else if (*target != '\0') {
		/* A FIFO must not hold a station, neither here nor when it is full. */
		fd = open(target, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			0640);
		if (fd < 0)
			return tt_fail(
				err, TT_IO, "can't write the log %s: %s", target, strerror(errno));
	}
	if (log_fd > STDERR_FILENO)
		close(log_fd);
	log_fd = fd;
	log_level = level;
	return TT_OK;
}

/* Under systemd the journal takes time and priority from the <n> prefix (sd-daemon(3)). */
static size_t log_prefix(char *dst, size_t size, enum tt_log_level level)
{
	static const char *const words[] = {"error", "warn", "info", "debug"};
	static const int priority[] = {3, 4, 6, 7};
	char when[32];

	if (log_fd == STDERR_FILENO && getenv("JOURNAL_STREAM"))
		return tt_format(dst, size, "<%d>", priority[level]);
	tt_time_format(when, sizeof(when), tt_now());
	return tt_format(dst, size, "%s %s ", when, words[level]);
}

void tt_log(enum tt_log_level level, const char *fmt, ...)
{
	char raw[1024], line[1400];
	va_list ap;
	size_t n;
	int len;

	if (log_fd < 0 || level > log_level)
		return;
	va_start(ap, fmt);
	len = vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	if (len < 0)
		return;
	n = log_prefix(line, sizeof(line), level);
	n += tt_clean(line + n, sizeof(line) - n - 1, raw,
		(size_t)len < sizeof(raw) ? (size_t)len : sizeof(raw) - 1);
	line[n++] = '\n';
	/* There may be room again for the next one. */
	(void)!write(log_fd, line, n);
}
