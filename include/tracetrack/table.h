/*
 * Rows as a table of a given width: which columns are seen, how wide each is, and what stands in a
 * cell. Columns only ever grow while a table lives, so that nothing jumps when the next page comes.
 */
#ifndef TRACETRACK_TABLE_H
#define TRACETRACK_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/clock.h>
#include <tracetrack/column.h>

#define TT_TABLE_COLUMNS 24
#define TT_TABLE_GAP 2 /* blanks between columns */

struct tt_table {
	const struct tt_column *cols[TT_TABLE_COLUMNS];
	int needs[TT_TABLE_COLUMNS]; /* the widest seen, title included, up to a limit */
	int wants[TT_TABLE_COLUMNS]; /* the same without the limit */
	int width[TT_TABLE_COLUMNS]; /* by the last fit; 0: not seen */
	size_t count;
};

/* Of result columns: all that fit into a row, without JSON, secrets, ids, which take half of a row
 * and tell people nothing, and the one called `skip`, which may be NULL. */
void tt_table_init(struct tt_table *t, const struct tt_column *cols, const char *skip);
/* Learn what a row needs. */
void tt_table_measure(struct tt_table *t, const void *row, tt_time now);
/* Choose columns for so many: those marked TT_WIDE go first, then the last ones; text is cut where
 * that is enough. The first is always seen. What is left over goes to text that would be cut. */
void tt_table_fit(struct tt_table *t, int width);

/* "double read" (ms) of double_read_ms; "weight" of grams. */
void tt_table_title(const struct tt_column *col, char *dst, size_t size);
/* Outcomes and actions, which are words of the protocol, as people write them: "bad format". Leaves
 * the text of any other column as it is. */
void tt_table_word(const char *name, char *text);
/* For people: local times, short ones for today; numbers with their units where they have own ones.
 */
void tt_table_cell(
	const struct tt_column *col, const void *row, tt_time now, char *dst, size_t size);
bool tt_table_is_right(const struct tt_column *col);
/* "14:22:07" today, "20 Nov 14:22" this year, "20 Nov 2025" before, "" for never. */
void tt_table_time(char *dst, size_t size, tt_time t, tt_time now);

#endif
