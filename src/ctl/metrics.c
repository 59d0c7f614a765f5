/*
 * metrics: the same figures in the text format of Prometheus (exposition formats, version 0.0.4),
 * on standard output or in a file for the textfile collector, which is there whole or not at all.
 */
#include <inttypes.h>
#include <string.h>

#include <tracetrack/file.h>
#include <tracetrack/schema.h>

#include "watch.h"

/* Figures that only grow. */
static const char *const metrics_counters[] = {"scans", "refused", "deadlocks"};

static bool metrics_is_counter(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(metrics_counters) / sizeof(*metrics_counters); i++) {
		if (strcmp(metrics_counters[i], name) == 0)
			return true;
	}
	return false;
}

static const char *metrics_unit(const char *unit)
{
	if (unit && strcmp(unit, "s") == 0)
		return "_seconds";
	if (unit && strcmp(unit, "B") == 0)
		return "_bytes";
	if (unit && strcmp(unit, "%") == 0)
		return "_percent";
	return "";
}

/* In HELP a backslash and a line end are escaped. */
static void metrics_put_help(struct tt_buf *out, const char *help)
{
	for (; *help; help++) {
		if (*help == '\\')
			tt_buf_puts(out, "\\\\");
		else if (*help == '\n')
			tt_buf_puts(out, "\\n");
		else
			tt_buf_add(out, help, 1);
	}
}

static void metrics_put(
	struct tt_buf *out, const char *name, const char *unit, const char *help, int64_t value)
{
	bool is_counter = metrics_is_counter(name);
	char metric[96];

	if (value == TT_NO_INT)
		return;
	tt_format(metric, sizeof(metric), "tracetrack_%s%s%s", name, metrics_unit(unit),
		is_counter ? "_total" : "");
	tt_buf_printf(out, "# HELP %s ", metric);
	metrics_put_help(out, help);
	tt_buf_printf(out, "\n# TYPE %s %s\n%s %" PRId64 "\n", metric,
		is_counter ? "counter" : "gauge", metric, value);
}

static void metrics_put_columns(
	struct tt_buf *out, const struct watch *watch, const struct tt_column *col)
{
	for (; col->name; col++) {
		if (col->type == TT_INT || col->type == TT_BOOL)
			metrics_put(out, col->name, col->unit, col->help, watch_value(watch, col));
	}
}

static void metrics_put_all(struct tt_buf *out, const struct watch *watch, bool is_up)
{
	metrics_put(out, "up", NULL, "the database has answered", is_up);
	metrics_put(out, "schema_wanted", NULL, "number of the last migration that the program has",
		tt_schema_version());
	if (is_up)
		metrics_put_columns(out, watch, watch->op->result);
	if (watch->has_pool)
		metrics_put_columns(out, watch, watch_pool_columns);
}

enum tt_rc ctl_metrics(struct ctl *ctl, int argc, char **argv, struct tt_error *err)
{
	const char *file = ctl_option(ctl, "--file");
	struct watch watch = {0};
	struct tt_error failure;
	struct tt_buf text = {0};
	enum tt_rc rc = ctl_no_more(argc, argv, err), taken;

	if (rc == TT_OK && ctl->format != CTL_TEXT)
		rc = tt_fail(err, TT_USAGE, "metrics are neither JSON nor CSV");
	if (rc != TT_OK)
		return rc;
	taken = watch_take(ctl, &watch, !ctl_has(ctl, "--no-pool"), &failure);
	if (taken == TT_OK || taken == TT_UNAVAILABLE || taken == TT_TIMEOUT) {
		metrics_put_all(&text, &watch, taken == TT_OK);
		if (file)
			rc = tt_file_write(file, text.data, text.len, err);
		else
			fputs(text.data, stdout);
	}
	if (rc == TT_OK && taken != TT_OK) {
		*err = failure;
		rc = taken;
	}
	watch_fini(&watch);
	tt_buf_fini(&text);
	return rc;
}
