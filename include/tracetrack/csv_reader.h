/*
 * CSV as spreadsheets write it (RFC 4180 and its relatives), read record by record in constant
 * memory.
 */
#ifndef TRACETRACK_CSV_READER_H
#define TRACETRACK_CSV_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <tracetrack/rc.h>
#include <tracetrack/text.h>

#define TT_CSV_MAX_RECORD 65536 /* bytes of a record, with its line ends */
#define TT_CSV_MAX_CELLS 64

/* A file that is being read. Start from a zeroed struct; see tt_csv_open. */
struct tt_csv {
	FILE *file;
	char path[256];
	char separator;
	/* the record read last */
	const char *cells[TT_CSV_MAX_CELLS]; /* borrowed until the next record */
	size_t count;
	uint64_t line; /* where it begins, counted from 1 */
	bool is_end;
	/* called with all bytes as they come, for a checksum; may be NULL */
	void (*on_bytes)(void *ctx, const void *data, size_t len);
	void *ctx;
	/* the reader's own */
	struct tt_buf text;
	uint64_t next_line;
	char chunk[16384];
	size_t at, have;
	bool is_eof;
};

/* Open a regular file and skip a UTF-8 byte order mark. The separator is that of , ; and TAB which
 * the first record has most of; a first line "sep=;" is obeyed. TT_IO when it can't be read,
 * TT_DATA when it is no such file: a folder, a device, UTF-16, a spreadsheet's own format. */
TT_MUST_CHECK enum tt_rc tt_csv_open(struct tt_csv *csv, const char *path, struct tt_error *err);
/* The same of a file that is open, from where it stands; messages call it by that name. fd is the
 * reader's from then on, whatever comes; -1 fails as errno says. */
TT_MUST_CHECK enum tt_rc tt_csv_open_fd(
	struct tt_csv *csv, int fd, const char *name, struct tt_error *err);
/* Read the next record that is not blank; is_end is set behind the last. TT_DATA, with the line,
 * for bytes that are no UTF-8 or NUL, a quote that is not closed, a record that is too long. */
TT_MUST_CHECK enum tt_rc tt_csv_next(struct tt_csv *csv, struct tt_error *err);
void tt_csv_close(struct tt_csv *csv);

#endif
