/*
 * Writing JSON, one value after another. The writer sets the commas; the caller opens and closes
 * what it nests. The text is one line of printable ASCII: everything else is escaped, so that it
 * passes through any terminal, and bytes that are no UTF-8 become U+FFFD.
 *
 *	struct tt_json json = {0};
 *
 *	tt_json_open(&json, NULL, '{');
 *	tt_json_text(&json, "code", "SB00001");
 *	tt_json_int(&json, "count", 3);
 *	tt_json_close(&json, '}');		-> json.text.data: {"code":"SB00001","count":3}
 *	tt_json_fini(&json);
 *
 * A name is a key of ours: it is written as it is. Elements of a list, and what is outermost, have
 * none: NULL.
 */
#ifndef TRACETRACK_JSON_H
#define TRACETRACK_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include <tracetrack/text.h>

struct tt_json {
	struct tt_buf text;
	bool needs_comma;
};

void tt_json_open(struct tt_json *json, const char *name, char bracket);
void tt_json_close(struct tt_json *json, char bracket);
void tt_json_text(struct tt_json *json, const char *name, const char *s); /* NULL: null */
void tt_json_int(struct tt_json *json, const char *name, int64_t n);
/* With three decimals; null when it is no number or larger than 1e15. */
void tt_json_real(struct tt_json *json, const char *name, double x);
void tt_json_bool(struct tt_json *json, const char *name, bool is_true);
/* A value that is JSON already, of ours; NULL: null. */
void tt_json_value(struct tt_json *json, const char *name, const char *value);
/* The same from somebody who writes JSON well, as a database does: without its blanks and escaped
 * as ours. Null where brackets or strings do not end; no more is looked for. */
void tt_json_copy(struct tt_json *json, const char *name, const char *value);
/* {"code","message","detail","hint"} of an error. */
void tt_json_error(struct tt_json *json, const char *name, const struct tt_error *err);

void tt_json_clear(struct tt_json *json); /* keeps the memory */
void tt_json_fini(struct tt_json *json);

#endif
