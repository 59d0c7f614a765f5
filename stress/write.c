/*
 * A report on paper: text and CSV, and the files of a run's folder.
 */
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *write_text(json_t *of, const char *key)
{
	const char *s = json_string_value(json_object_get(of, key));

	return s ? s : "";
}

static double write_number(json_t *of, const char *key)
{
	return json_number_value(json_object_get(of, key));
}

/* ---- CSV */

static void csv_value(struct tt_buf *out, json_t *value)
{
	if (json_is_integer(value))
		tt_buf_printf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		tt_buf_printf(out, "%.3f", json_real_value(value));
}

static void csv_figures(struct tt_buf *out, const char *name, json_t *of)
{
	size_t i;

	/* Names come from profiles: quoted, so that none can break a line. */
	tt_buf_printf(out, "\"%s\"", name);
	for (i = 0; report_figures[i]; i++) {
		tt_buf_puts(out, ",");
		csv_value(out, json_object_get(of, report_figures[i]));
	}
	tt_buf_puts(out, "\n");
}

static void report_csv(json_t *report, struct tt_buf *out)
{
	const char *name;
	json_t *op;
	size_t i;

	tt_buf_puts(out, "operation");
	for (i = 0; report_figures[i]; i++)
		tt_buf_printf(out, ",%s", report_figures[i]);
	tt_buf_puts(out, "\n");
	csv_figures(out, "all", json_object_get(report, "totals"));
	json_object_foreach(json_object_get(report, "operations"), name, op)
		csv_figures(out, name, op);
}

static void report_series_csv(json_t *report, struct tt_buf *out)
{
	json_t *series = json_object_get(report, "series"), *row, *cell, *name;
	size_t i, j;

	json_array_foreach(json_object_get(series, "columns"), i, name)
		tt_buf_printf(out, "%s%s", i ? "," : "", json_string_value(name));
	tt_buf_puts(out, "\n");
	json_array_foreach(json_object_get(series, "rows"), i, row)
	{
		json_array_foreach(row, j, cell)
		{
			tt_buf_puts(out, j ? "," : "");
			csv_value(out, cell);
		}
		tt_buf_puts(out, "\n");
	}
}

/* ---- files */

/* In one piece: a report that is there is whole. */
static enum tt_rc write_file(
	const char *dir, const char *name, const struct tt_buf *text, struct tt_error *err)
{
	char path[512], part[520];
	bool is_good;
	FILE *file;

	tt_format(path, sizeof(path), "%s/%s", dir, name);
	tt_format(part, sizeof(part), "%s.part", path);
	file = fopen(part, "we");
	is_good = file && fwrite(text->data ? text->data : "", 1, text->len, file) == text->len;
	if (file && fclose(file) != 0)
		is_good = false;
	if (is_good && rename(part, path) == 0)
		return TT_OK;
	tt_fail(err, TT_IO, "%s can't be written: %s", path, strerror(errno));
	tt_error_hint(err, "Make room there, or name another folder with --out, and run it again.");
	(void)remove(part);
	return TT_IO;
}

static void report_json(json_t *report, struct tt_buf *out)
{
	char *text = json_dumps(report, JSON_INDENT(1) | JSON_REAL_PRECISION(9));

	tt_buf_puts(out, text ? text : "");
	tt_buf_puts(out, "\n");
	free(text);
}

static const struct report_file {
	const char *name;
	void (*make)(json_t *report, struct tt_buf *out);
} report_files[] = {{"report.csv", report_csv}, {"timeseries.csv", report_series_csv},
	{"report.html", report_html}, {"report.json", report_json}, {NULL, NULL}};

enum tt_rc report_write(json_t *report, const char *dir, struct tt_error *err)
{
	const struct report_file *file;
	enum tt_rc rc = TT_OK;
	struct tt_buf text = {0};

	for (file = report_files; file->name && rc == TT_OK; file++) {
		tt_buf_clear(&text);
		file->make(report, &text);
		rc = write_file(dir, file->name, &text, err);
	}
	tt_buf_fini(&text);
	return rc;
}

void report_remove(const char *dir)
{
	const struct report_file *file;
	char path[512];

	for (file = report_files; file->name; file++) {
		tt_format(path, sizeof(path), "%s/%s", dir, file->name);
		(void)unlink(path);
	}
}

/* ---- text */

static void print_figures(FILE *out, const char *name, json_t *of)
{
	double bad = write_number(of, "failed") + write_number(of, "timed_out");

	if (write_number(of, "attempts") == 0)
		return;
	fprintf(out, "%-20.20s %9.0f %9.0f %8.0f %8.0f %9.1f %8.2f %8.2f %8.2f %9.2f\n", name,
		write_number(of, "attempts"), write_number(of, "succeeded"),
		write_number(of, "refused"), bad, write_number(of, "per_s"),
		write_number(of, "p50_ms"), write_number(of, "p95_ms"), write_number(of, "p99_ms"),
		write_number(of, "max_ms"));
}

static void print_gates(json_t *report, FILE *out)
{
	json_t *row, *measured;
	size_t i;

	json_array_foreach(json_object_get(report, "gates"), i, row)
	{
		if (json_is_true(json_object_get(row, "met")))
			continue;
		measured = json_object_get(row, "measured");
		fprintf(out, "gate failed: %s %s is ", write_text(row, "of"),
			write_text(row, "figure"));
		if (json_is_number(measured))
			fprintf(out, "%.3f", json_number_value(measured));
		else
			fprintf(out, "not known");
		fprintf(out, ", %s %.3f is wanted\n",
			strcmp(write_text(row, "side"), "max") == 0 ? "at most" : "at least",
			write_number(row, "limit"));
	}
}

static void print_end(json_t *end, FILE *out)
{
	json_t *row;
	size_t i;

	if (!json_is_true(json_object_get(end, "checked"))) {
		fprintf(out, "end state: not checked: %s\n",
			end ? write_text(end, "because") : "the run never began");
		return;
	}
	fprintf(out, "end state: %.0f breaches of invariants, gaps or lost scans\n",
		write_number(end, "breaches"));
	json_array_foreach(json_object_get(end, "violations"), i, row)
		fprintf(out, "  %s: %s\n", write_text(row, "rule"), write_text(row, "detail"));
	json_array_foreach(json_object_get(end, "gaps"), i, row)
		fprintf(out, "  %s: numbers %.0f to %.0f never came\n", write_text(row, "station"),
			write_number(row, "from"), write_number(row, "to"));
	json_array_foreach(json_object_get(end, "lost"), i, row)
		fprintf(out, "  station %.0f: number %.0f was told as recorded, %.0f is the last\n",
			write_number(row, "station"), write_number(row, "told"),
			write_number(row, "recorded"));
}

static void print_floor(json_t *times, FILE *out)
{
	if (write_number(times, "measured") > 0)
		fprintf(out,
			"floor: a statement that does nothing took %.2f ms (p50), %.2f (p95), "
			"%.2f (p99): what machine, network and pooler take for any call\n",
			write_number(times, "p50_ms"), write_number(times, "p95_ms"),
			write_number(times, "p99_ms"));
}

static void print_pool(json_t *pool, FILE *out)
{
	if (!json_is_number(json_object_get(pool, "peak_used")))
		return;
	fprintf(out,
		"pool: %.0f of %.0f server connections at the peak, %.0f clients waited, the "
		"longest %.0f ms%s\n",
		write_number(pool, "peak_used"), write_number(pool, "size"),
		write_number(pool, "peak_waiting"), write_number(pool, "peak_wait_ms"),
		json_is_true(json_object_get(pool, "is_warning"))
			? " - WARNING: 75 % or more in use"
			: "");
	fprintf(out,
		"pool: waiting for a server connection took %.2f ms a statement, the statement "
		"%.2f ms\n",
		write_number(pool, "mean_wait_ms"), write_number(pool, "mean_query_ms"));
}

void report_stolen(json_t *report, char *dst, size_t size)
{
	json_t *stolen = json_object_get(json_object_get(report, "hosts"), "stolen");

	*dst = '\0';
	if (json_is_true(json_object_get(stolen, "is_warning")))
		tt_format(dst, size,
			"the hypervisor under this virtual machine gave %.1f %% of its processors' "
			"time to others, %.1f %% in the worst second: response times have that in "
			"them, and nothing in the server can make it good. Ask who runs the "
			"hypervisor for processors of your own, or measure when it is quiet",
			write_number(stolen, "mean_percent"), write_number(stolen, "peak_percent"));
}

static void print_stolen(json_t *report, FILE *out)
{
	char text[512];

	report_stolen(report, text, sizeof(text));
	if (*text)
		fprintf(out, "stolen time: %s\n", text);
}

/* Nothing is printed of what the run does not have. */
static void print_course(json_t *report, FILE *out)
{
	json_t *first = json_array_get(json_object_get(report, "limits"), 0);
	json_t *broke = json_object_get(report, "break"), *cores = json_object_get(first, "cores");
	json_t *recovery = json_object_get(report, "recovery");

	if (json_is_number(json_object_get(broke, "broke_level")))
		fprintf(out, "break: %.0f is too much: %s; %.0f held, with %.0f a second\n",
			write_number(broke, "broke_level"), write_text(broke, "because"),
			write_number(broke, "held_level"), write_number(broke, "held_per_s"));
	else if (json_is_object(broke))
		fprintf(out, "break: %.0f held, with %.0f a second, and is the highest step\n",
			write_number(broke, "held_level"), write_number(broke, "held_per_s"));
	if (first)
		fprintf(out,
			"gave way first: %s, at level %.0f in second %.0f (%s; cores: postgres "
			"%.2f, stations %.2f, pgbouncer %.2f, generator %.2f, others %.2f, stolen "
			"of these %.2f)\n",
			write_text(first, "what"), write_number(first, "level"),
			write_number(first, "second"), write_text(first, "help"),
			write_number(cores, "postgres"), write_number(cores, "stations"),
			write_number(cores, "pgbouncer"), write_number(cores, "generator"),
			write_number(cores, "others"), write_number(cores, "stolen"));
	if (json_is_number(json_object_get(recovery, "after_s")))
		fprintf(out, "recovery: as before (p95 %.2f ms) %.0f s after the load fell\n",
			write_number(recovery, "base_p95_ms"), write_number(recovery, "after_s"));
	else if (json_is_object(recovery))
		fprintf(out, "recovery: not as before (p95 %.2f ms) until the end\n",
			write_number(recovery, "base_p95_ms"));
}

static void print_agents(json_t *agents, FILE *out)
{
	json_t *agent, *totals;
	const char *why;
	size_t i;

	json_array_foreach(agents, i, agent)
	{
		totals = json_object_get(agent, "totals");
		why = write_text(agent, "incomplete_because");
		fprintf(out,
			"host %zu (%s): %.0f clients, %.0f attempts, %.0f errors, p95 %.2f ms, "
			"p99 %.2f ms%s%s\n",
			i + 1, write_text(agent, "host"), write_number(agent, "clients"),
			write_number(totals, "attempts"),
			write_number(totals, "failed") + write_number(totals, "timed_out"),
			write_number(totals, "p95_ms"), write_number(totals, "p99_ms"),
			*why ? " - " : "", why);
	}
}

void report_print(json_t *report, FILE *out)
{
	json_t *run = json_object_get(report, "run"), *totals = json_object_get(report, "totals");
	json_t *late = json_object_get(report, "lateness"), *op;
	json_t *hosts = json_object_get(report, "hosts");
	const char *name;

	if (totals) {
		fprintf(out, "%s: %.0f clients, %.1f s, time scale %g, seed %.0f, %s loop\n\n",
			write_text(report, "profile"), write_number(run, "clients"),
			write_number(run, "seconds_worked"), write_number(run, "time_scale"),
			write_number(run, "seed"), write_text(run, "loop"));
		fprintf(out, "%-20s %9s %9s %8s %8s %9s %8s %8s %8s %9s\n", "", "attempts", "done",
			"refused", "errors", "per s", "p50 ms", "p95 ms", "p99 ms", "max ms");
		json_object_foreach(json_object_get(report, "operations"), name, op)
			print_figures(out, name, op);
		print_figures(out, "all", totals);
		fprintf(out,
			"\n%.0f in flight at the end, %.0f answered by the station itself, %.0f "
			"workflows; generator %.1f %% of a core",
			write_number(totals, "in_flight"), write_number(totals, "local"),
			write_number(totals, "workflows"),
			write_number(hosts, "generator_core_percent"));
		if (write_number(late, "measured") > 0)
			fprintf(out, ", late by %.2f ms (p99)", write_number(late, "p99_ms"));
		fprintf(out, "; grade: %s\n", write_text(report, "grade"));
		print_agents(json_object_get(report, "agents"), out);
		print_stolen(report, out);
		print_floor(json_object_get(report, "floor"), out);
		print_pool(json_object_get(report, "pool"), out);
		print_course(report, out);
		print_end(json_object_get(report, "end_state"), out);
		print_gates(report, out);
	}
	if (!json_is_true(json_object_get(report, "complete")))
		fprintf(out, "INCOMPLETE: %s\n", write_text(report, "incomplete_because"));
}
