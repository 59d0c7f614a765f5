/*
 * Code families on the station: which kind of code something is. The patterns are the database's
 * (family.list), kept in the outbox for starting without it.
 */
#ifndef TRACETRACK_CORE_FAMILY_H
#define TRACETRACK_CORE_FAMILY_H

#include <regex.h>
#include <stddef.h>

#include <tracetrack/column.h>

enum family_kind {
	KIND_UNKNOWN = 1 << 0,
	KIND_PARENT = 1 << 1,
	KIND_CHILD = 1 << 2,
	KIND_BILL = 1 << 3,
	KIND_BADGE = 1 << 4,
	KIND_COMMAND = 1 << 5,
	KIND_ANY = (1 << 6) - 1,
};

struct family {
	enum family_kind kind;
	char prefix[16]; /* what all codes of the pattern begin with, as far as it is known */
	regex_t pattern;
};

struct family_set {
	struct family *rows;
	size_t count;
};

/* Take the rows of family.list (struct wire_family); rows with a pattern that does not compile are
 * left out and logged. Replaces what was there. */
void family_set_load(struct family_set *set, const struct tt_rows *rows);
void family_set_fini(struct family_set *set);

/* A child only when it is nothing else. `code` in upper case. */
enum family_kind family_kind_of(const struct family_set *set, const char *code);

/* To and from text, for keeping. */
void family_rows_write(const struct tt_rows *rows, struct tt_buf *out);
void family_rows_read(struct tt_rows *rows, const char *text);

#endif
