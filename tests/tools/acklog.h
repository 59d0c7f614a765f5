/*
 * Acknowledgement logs: what a client of the ledger meant to do and what it was told, kept outside
 * of the product. One file a station, DIR/STATION.log, append-only, a line a fact, fields apart by
 * one blank, "-" for what there is not:
 *
 *	I n action code parent		about to send command n. action is that of the event that it
 *					asks for; parent the one that a child must come to
 *	A n outcome durable event seq parent other
 *					answered; durable is none, outbox or db
 *	D				the station has died; command n has no answer then
 *	E waiting parked		the last word: what its outbox holds
 *
 * A line is one write to a file opened for appending, so it survives the death of whoever wrote it.
 * Not the machine's: nothing here is flushed to the disk.
 */
#ifndef TRACETRACK_TESTS_ACKLOG_H
#define TRACETRACK_TESTS_ACKLOG_H

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <tracetrack/text.h>

/* Opens DIR/STATION.log; ends the program when it can't. */
static inline int acklog_open(const char *dir, const char *station)
{
	char path[512];
	int fd;

	tt_format(path, sizeof(path), "%s/%s.log", dir, station);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0) {
		perror(path);
		exit(74);
	}
	return fd;
}

TT_PRINTF(2, 3)
static inline void acklog_write(int fd, const char *fmt, ...)
{
	char line[512];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	if (n < 0 || n > (int)sizeof(line) - 2) {
		fprintf(stderr, "log line too long: %.80s\n", line);
		exit(70);
	}
	line[n++] = '\n';
	if (write(fd, line, (size_t)n) != n) {
		perror("log");
		exit(74);
	}
}

static inline const char *acklog_word(const char *s)
{
	return s && *s ? s : "-";
}

#endif
