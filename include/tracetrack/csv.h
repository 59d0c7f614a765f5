/*
 * Rows as CSV (RFC 4180), from their columns. Text is quoted, and cleaned; text that a spreadsheet
 * would take for a formula gets a ' in front.
 */
#ifndef TRACETRACK_CSV_H
#define TRACETRACK_CSV_H

#include <tracetrack/column.h>

/* Append the line of names, or that of a row. */
void tt_csv_names(const struct tt_column *cols, struct tt_buf *out);
void tt_csv_row(const struct tt_column *cols, const void *row, struct tt_buf *out);
/* Append one text as a cell. */
void tt_csv_text(const char *s, struct tt_buf *out);

#endif
