/*
 * The table of operations. A row binds parameters, decodes results, parses options, prints text,
 * CSV and JSON, completes in the shell and generates the manual. A new operation is one row here
 * and one function in sql/api.
 */
#ifndef TRACETRACK_OPERATION_H
#define TRACETRACK_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

#include <tracetrack/column.h>
#include <tracetrack/json.h>
#include <tracetrack/rc.h>

enum tt_operation_flag {
	TT_OP_READ = 1 << 0,    /* changes nothing */
	TT_OP_EVENT = 1 << 1,   /* a scan event: goes through the outbox of a station */
	TT_OP_CONFIRM = 1 << 2, /* can't be undone: asks first */
	TT_OP_OPEN = 1 << 3,    /* needs no session */
	TT_OP_LIST = 1 << 4,    /* gives any number of rows; else exactly one, with an outcome */
	TT_OP_HIDDEN = 1 << 5,  /* a step of something else; not for the command line */
	TT_OP_PIECES = 1 << 6,  /* does a piece: while "more" is true it is to be called again,
				   with the results that are parameters too */
};

struct tt_operation {
	const char *name;     /* "scan.child" */
	const char *title;    /* for people, of 20 columns at most: "Put a child in" */
	const char *function; /* "api.scan_child" */
	const struct tt_column *params;
	size_t params_size;
	const struct tt_column *result;
	size_t result_size;
	unsigned flags;
	const char *right; /* that the person needs, NULL for any */
	const char *help;
};

/* Ends with a row whose name is NULL. */
extern const struct tt_operation tt_operations[];

const struct tt_operation *tt_operation_find(const char *name);
/* Whether an operation can have that outcome: by its own rules, or because any call may, such as
 * session_expired. A list has none. */
bool tt_operation_gives(const struct tt_operation *op, const char *outcome);
/* The operation whose name is nearest, for "did you mean"; NULL when none is near. */
const struct tt_operation *tt_operation_nearest(const char *name);

/* "select api.scan_child($1, ...)": everything by its place and the answer as one record, which the
 * server parses and plans in half of the time; "select * from api.bill_show($1, ...)" where json is
 * in the answer, because a record would have each of its quotes doubled. What needs no session goes
 * by names, "select schema, ... from api.system_version()": it is asked before anybody knows which
 * schema the database has. Static. */
const char *tt_operation_sql(const struct tt_operation *op);

/* Parameters of an operation in a block of memory that its params rows describe. */
void *tt_operation_args_new(const struct tt_operation *op);
void tt_operation_args_free(const struct tt_operation *op, void *args);
/* The field `name` of args, which op must have. */
void *tt_operation_arg(const struct tt_operation *op, void *args, const char *name);

/* Fill salt, ops, mem and verifier, which op must have. */
struct tt_hashed;
void tt_operation_set_hashed(
	const struct tt_operation *op, void *args, const struct tt_hashed *hashed);

/* The words that a parameter takes, "open|completed"; NULL for any value. */
const char *tt_choices(const struct tt_operation *op, const struct tt_column *col);
/* Copy the first of *words and move on; false behind the last. */
bool tt_choice_next(const char **words, char *word, size_t size);
/* Find value, in letters of any case, among words, and copy it as it stands there; TT_USAGE, with
 * the nearest, when it is none of them. */
TT_MUST_CHECK enum tt_rc tt_choice_read(const char *name, const char *words, const char *value,
	char *word, size_t size, struct tt_error *err);

/* Set one parameter from "name", "value"; TT_USAGE for an unknown name or word (with the nearest).
 * "" is no word, and NULL no value. A limit of no rows is none. */
TT_MUST_CHECK enum tt_rc tt_operation_set(const struct tt_operation *op, void *args,
	const char *name, const char *value, struct tt_error *err);
/* The same for what a person gives: TT_USAGE when that parameter has a value already. */
TT_MUST_CHECK enum tt_rc tt_operation_give(const struct tt_operation *op, void *args,
	const char *name, const char *value, struct tt_error *err);
/* The first parameter without a name that has no value yet; NULL when all have one. */
const struct tt_column *tt_operation_positional(const struct tt_operation *op, const void *args);
/* TT_USAGE when a required parameter is missing; fills a nil request id. */
TT_MUST_CHECK enum tt_rc tt_operation_complete(
	const struct tt_operation *op, void *args, struct tt_error *err);

/* Write a row as a JSON object: numbers, true/false, null, ISO 8601 times, nested JSON as it is. */
void tt_row_json(
	struct tt_json *json, const char *name, const struct tt_column *cols, const void *row);
/* All rows: an object for an operation that gives one row, else an array. */
void tt_operation_json(struct tt_json *json, const char *name, const struct tt_operation *op,
	const struct tt_rows *rows);
/* The outcome of the first row, or NULL when the operation has none. Borrowed from rows. */
const char *tt_operation_outcome(const struct tt_operation *op, const struct tt_rows *rows);

#endif
