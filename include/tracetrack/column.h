/*
 * Columns: rows of {name, type, offset, unit, help} that describe the fields of a struct. The same
 * rows bind parameters, decode results, parse options, and print text, CSV and JSON, so that these
 * can't disagree.
 *
 * Field types in the struct, and how "no value" is kept:
 *	TT_TEXT  char *		NULL
 *	TT_INT   int64_t	TT_NO_INT
 *	TT_GRAMS int64_t	TT_NO_INT	grams; shown as kg to people
 *	TT_BOOL  int64_t	TT_NO_INT	0 or 1
 *	TT_TIME  tt_time	TT_NO_TIME	(the same bits as TT_NO_INT)
 *	TT_ID    struct tt_uuid	nil
 *	TT_JSON  char *		NULL		a JSON value as text
 *	TT_SECRET char *	NULL		a TT_TEXT that is never printed or logged
 */
#ifndef TRACETRACK_COLUMN_H
#define TRACETRACK_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tracetrack/rc.h>
#include <tracetrack/text.h>

#define TT_NO_INT INT64_MIN

enum tt_type { TT_TEXT, TT_INT, TT_GRAMS, TT_BOOL, TT_TIME, TT_ID, TT_JSON, TT_SECRET };

enum tt_column_flag {
	TT_REQUIRED = 1 << 0,   /* a parameter that must be given */
	TT_POSITIONAL = 1 << 1, /* may be given without --name, in table order */
	TT_HIDDEN = 1 << 2,     /* filled by the program, not by a person */
	TT_WIDE = 1 << 3,       /* left out of narrow text tables */
};

struct tt_column {
	const char *name; /* as in SQL (without p_), JSON keys and --options (with - for _) */
	enum tt_type type;
	size_t offset;
	const char *unit; /* "g", "ms" or NULL */
	const char *help;
	unsigned flags;
};

/* A table's end is a row with name NULL. */
size_t tt_column_count(const struct tt_column *cols);
const struct tt_column *tt_column_find(const struct tt_column *cols, const char *name);

/* Set every field of the struct to "no value". */
void tt_columns_init(const struct tt_column *cols, void *row);
/* Free what the fields own. */
void tt_columns_fini(const struct tt_column *cols, void *row);

/* Read one field from text (numbers decimal, bool as t/f/true/false/on/off/yes/no/1/0, times ISO
 * 8601, weights in grams or with a unit "1.25 kg"). NULL gives "no value". TT_DATA with a message
 * that names the column when it can't be read. */
TT_MUST_CHECK enum tt_rc tt_column_parse(
	const struct tt_column *col, void *row, const char *text, struct tt_error *err);
/* Read the fields in order from a record as PostgreSQL prints one, (a,"b c",,t): manual, section
 * 8.16.6. Columns beyond its last field keep "no value", fields beyond the last column are left.
 * TT_DATA when it is no record, or as tt_column_parse. */
TT_MUST_CHECK enum tt_rc tt_columns_parse(
	const struct tt_column *cols, void *row, const char *record, struct tt_error *err);
/* Append the field as PostgreSQL reads it. Returns false, adding nothing, for "no value". */
bool tt_column_bind(const struct tt_column *col, const void *row, struct tt_buf *out);
/* Append the field for people or for pipes; "" for no value; cleaned. */
void tt_column_print(const struct tt_column *col, const void *row, bool human, struct tt_buf *out);

static inline void *tt_field(const struct tt_column *col, const void *row)
{
	return (char *)(uintptr_t)row + col->offset;
}

/* The rows of a result: count structs of `size` bytes that columns describe. Owned; free with
 * tt_rows_fini. */
struct tt_rows {
	const struct tt_column *cols;
	size_t size, count, cap;
	char *data;
};
void *tt_rows_add(struct tt_rows *rows); /* a new row of "no value" */
void tt_rows_fini(struct tt_rows *rows);
static inline void *tt_rows_at(const struct tt_rows *rows, size_t i)
{
	return rows->data + i * rows->size;
}

#endif
