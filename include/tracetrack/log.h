/*
 * The log: one event a line, "key=value" after the message, to stderr (with <n> priorities under
 * systemd), a file, or nowhere. A screen program logs to a file or nowhere, never to its terminal.
 */
#ifndef TRACETRACK_LOG_H
#define TRACETRACK_LOG_H

#include <tracetrack/rc.h>

enum tt_log_level { TT_LOG_ERROR, TT_LOG_WARN, TT_LOG_INFO, TT_LOG_DEBUG };

/* target: "-" stderr, "" nowhere, else a file that is appended to. May be called again. */
TT_MUST_CHECK enum tt_rc tt_log_open(
	const char *target, enum tt_log_level level, struct tt_error *err);
/* Arguments are cleaned (text.h) after formatting; no newline wanted. Never blocks on a file or a
 * FIFO: a line for which there is no room is dropped. */
void tt_log(enum tt_log_level level, const char *fmt, ...) TT_PRINTF(2, 3);

#endif
