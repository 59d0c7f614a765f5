/*
 * Gates: what a run has to reach, from a JSON file; and the comparison of two reports.
 *
 *	{"totals": {"error_percent": {"max": 0.1}, "per_s": {"min": 950}},
 *	 "operations": {"child scan": {"p95_ms": {"max": 5}}},
 *	 "lateness": {"p99_ms": {"max": 2}}, "hosts": {"generator_core_percent": {"max": 10}},
 *	 "pool": {"peak_waiting": {"max": 40}}}
 */
#ifndef TRACETRACK_STRESS_GATE_H
#define TRACETRACK_STRESS_GATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "profile.h"

/* A file of gates for this profile; TT_CONFIG for what it can't be held to. */
TT_MUST_CHECK enum tt_rc gates_read(
	json_t **out, const char *path, const struct profile *p, struct tt_error *err);
/* Adds "gates" to the report, a row each; false when one is not met. gates may be NULL: then only
 * what holds for every run counts, the end state. */
bool gates_judge(json_t *report, json_t *gates);

/* Changes from one report to the other, a line each. Worse is a percentile or error rate that grew,
 * or a rate that fell, by more than `threshold` percent, and for a time by more than least_ms too.
 * Returns how many are worse. */
unsigned reports_compare(
	json_t *old_report, json_t *new_report, double threshold, double least_ms, FILE *out);

#endif
