/*
 * The database's definition, carried inside the programs: every file of sql/, in the order in which
 * it is applied.
 */
#ifndef TRACETRACK_SCHEMA_H
#define TRACETRACK_SCHEMA_H

enum tt_sql_kind {
	TT_SQL_MIGRATION = 1,  /* NNN-what.sql, applied once, checksummed */
	TT_SQL_REPEATABLE = 2, /* functions and grants, applied afresh when any of them changed */
};

struct tt_sql_file {
	enum tt_sql_kind kind;
	const char *name; /* "001-tables.sql", "api/scan.sql" */
	const char *text;
};

/* Ends with a row whose name is NULL. */
extern const struct tt_sql_file tt_sql_files[];

/* The highest migration number in tt_sql_files: what this program expects of a database. */
int tt_schema_version(void);

#endif
