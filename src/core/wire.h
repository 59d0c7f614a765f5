/* Results that the engine itself reads. */
#ifndef TRACETRACK_CORE_WIRE_H
#define TRACETRACK_CORE_WIRE_H

#include <tracetrack/column.h>
#include <tracetrack/clock.h>

struct wire_version {
	int64_t schema;
	tt_time server_time;
	char *name;
	int64_t stress_allowed;
};

struct wire_challenge {
	char *salt; /* hex */
	int64_t ops, mem;
	char *alg;
};

struct wire_login {
	char *outcome, *token;
	int64_t session;
	char *login, *name, *role, *area;
	tt_time expires_at;
	int64_t retry_after; /* seconds */
	char *station;
	int64_t double_read_ms, hard_stop, schema;
};

struct wire_unlock {
	char *outcome;
	int64_t retry_after; /* seconds */
};

struct wire_family {
	char *name, *role, *pattern, *example;
	int64_t capacity, child_grams, active;
};

#endif
