/*
 * The report of a run, as one JSON object (tracetrack-stress-report(5)); every other form is
 * written from it, so that they agree.
 */
#ifndef TRACETRACK_STRESS_REPORT_H
#define TRACETRACK_STRESS_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "run.h"

#define REPORT_VERSION 1
#define REPORT_SCHEMA "tracetrack-stress-report"

/* What is learnt besides the run itself; each may be NULL. References stay the caller's. */
struct report_extras {
	json_t *settings, *statements, *tables, *end_state;
};

/* New reference. The equation of counters is checked; a breach spoils the run. */
json_t *report_make(struct run *r, const struct report_extras *extras);
/* What this machine did while the run worked. */
json_t *report_machine(const struct run *r);
/* Of a run that never began. */
json_t *report_make_failed(const struct run_options *o, const char *profile, const char *why);

/* A report of this schema and version from a file. TT_CONFIG when it is none. */
TT_MUST_CHECK enum tt_rc report_read(json_t **out, const char *path, struct tt_error *err);

/* report.json, report.csv, timeseries.csv and report.html into a folder. */
TT_MUST_CHECK enum tt_rc report_write(json_t *report, const char *dir, struct tt_error *err);
/* What an earlier run has left there, which must not be taken for this one's. */
void report_remove(const char *dir);
void report_print(json_t *report, FILE *out);

/* A sentence on the processor time that was taken away; "": it does not matter. */
void report_stolen(json_t *report, char *dst, size_t size);

/* report_html.c */
void report_html(json_t *report, struct tt_buf *out);

/* Figures that an operation and the totals have, for tables and gates. Ends with NULL. */
extern const char *const report_figures[];
/* The figure of an operation or the totals; false when there is none. */
bool report_figure(json_t *of, const char *name, double *value);

#endif
