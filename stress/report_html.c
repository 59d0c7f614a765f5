/*
 * The report as one HTML file, which needs nothing from outside: tables, and plots as inline SVG.
 * Readable without colours, on a phone, with a keyboard alone, and by a screen reader.
 */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot.h"

/* clang-format off: a rule a line */
static const char html_style[] =
	":root{color-scheme:light dark;\n"
	" --bg:#fff;--fg:#1b1f24;--dim:#57606a;--rule:#d0d7de;--good:#116329;--bad:#a40e26;\n"
	" --c0:#0550ae;--c1:#953800;--c2:#8250df;--c3:#116329;--c4:#a40e26;--c5:#4d5358}\n"
	"@media(prefers-color-scheme:dark){:root{\n"
	" --bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--rule:#30363d;--good:#56d364;--bad:#ff7b72;\n"
	" --c0:#79c0ff;--c1:#ffa657;--c2:#d2a8ff;--c3:#56d364;--c4:#ff7b72;--c5:#b1bac4}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--bg);color:var(--fg);\n"
	" font:1rem/1.5 system-ui,sans-serif}\n"
	"h1{font-size:1.5rem;margin:.5rem 0}\n"
	"h2{font-size:1.2rem;margin:2rem 0 .5rem}\n"
	"h3{font-size:1rem;margin:1.25rem 0 .25rem}\n"
	"a{color:var(--c0)}\n"
	"nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}\n"
	"nav a{white-space:nowrap;padding:.2rem 0}\n"
	"a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{\n"
	" outline:3px solid var(--c0);outline-offset:2px}\n"
	".scroll{overflow-x:auto;max-width:100%}\n"
	"table{border-collapse:collapse;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
	"caption{text-align:left;color:var(--dim);padding:.25rem 0}\n"
	"th,td{padding:.2rem .45rem;border-bottom:1px solid var(--rule);text-align:right}\n"
	"th:first-child,td:first-child,.t{text-align:left}\n"
	"th:first-child,td:first-child{position:sticky;left:0;background:var(--bg)}\n"
	"td.w{white-space:normal;min-width:16rem;overflow-wrap:anywhere}\n"
	".good{color:var(--good)}\n"
	".bad{color:var(--bad);font-weight:600}\n"
	".dim{color:var(--dim)}\n"
	"figure{margin:1rem 0;max-width:60rem}\n"
	"figcaption{font-weight:600}\n"
	"figure .scroll svg{width:100%;min-width:40rem;display:block}\n"
	"svg text{fill:var(--dim);font-size:13px}\n"
	".grid{stroke:var(--rule)}\n"
	".line{fill:none;stroke-width:2;stroke-linecap:round}\n"
	".l0,.l6{stroke:var(--c0)}\n"
	".l1,.l7{stroke:var(--c1)}\n"
	".l2,.l8{stroke:var(--c2)}\n"
	".l3,.l9{stroke:var(--c3)}\n"
	".l4,.l10{stroke:var(--c4)}\n"
	".l5,.l11{stroke:var(--c5)}\n"
	".l1{stroke-dasharray:7 4}\n"
	".l2{stroke-dasharray:2 4}\n"
	".l3{stroke-dasharray:9 3 2 3}\n"
	".l4{stroke-dasharray:4 3}\n"
	".l5{stroke-dasharray:1 3}\n"
	".l6{stroke-dasharray:12 5}\n"
	".l7{stroke-dasharray:6 9}\n"
	".l8{stroke-dasharray:3 6}\n"
	".l9{stroke-dasharray:9 4 3 4 3 4}\n"
	".l10{stroke-dasharray:14 3}\n"
	".l11{stroke-dasharray:1 6}\n"
	".legend{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;\n"
	" margin:.25rem 0}\n"
	".legend svg{width:36px;height:8px;margin-right:.4rem;vertical-align:middle}\n";
/* clang-format on */

static const char *html_string(json_t *of, const char *key)
{
	const char *s = json_string_value(json_object_get(of, key));

	return s ? s : "";
}

static double html_number(json_t *of, const char *key)
{
	return json_number_value(json_object_get(of, key));
}

static void html_cell(struct tt_buf *out, json_t *of, const char *key, int digits)
{
	json_t *value = json_object_get(of, key);

	if (json_is_number(value))
		tt_buf_printf(out, "<td>%.*f</td>", digits, json_number_value(value));
	else
		tt_buf_puts(out, "<td class=\"dim\">-</td>");
}

static void html_begin_table(struct tt_buf *out, const char *caption, const char *const *heads)
{
	tt_buf_printf(out,
		"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<table><caption>%s</caption><thead><tr>",
		caption, caption);
	for (; *heads; heads++)
		tt_buf_printf(out, "<th scope=\"col\"%s>%s</th>",
			**heads == '<' ? " class=\"t\"" : "", **heads == '<' ? *heads + 1 : *heads);
	tt_buf_puts(out, "</tr></thead><tbody>\n");
}

static void html_end_table(struct tt_buf *out)
{
	tt_buf_puts(out, "</tbody></table></div>\n");
}

/* ---- tables */

static void html_operation(struct tt_buf *out, const char *name, json_t *of)
{
	static const struct {
		const char *key;
		int digits;
	} cells[] = {{"attempts", 0}, {"succeeded", 0}, {"refused", 0}, {"failed", 0},
		{"timed_out", 0}, {"in_flight", 0}, {"local", 0}, {"error_percent", 3},
		{"per_s", 1}, {"mean_ms", 2}, {"p50_ms", 2}, {"p90_ms", 2}, {"p95_ms", 2},
		{"p99_ms", 2}, {"p99.9_ms", 2}, {"max_ms", 2}};
	size_t i;

	tt_buf_puts(out, "<tr><th scope=\"row\">");
	html_text(out, name);
	tt_buf_puts(out, "</th>");
	for (i = 0; i < sizeof(cells) / sizeof(*cells); i++)
		html_cell(out, of, cells[i].key, cells[i].digits);
	tt_buf_puts(out, "</tr>\n");
}

static void html_operation_table(struct tt_buf *out, const char *caption, json_t *of)
{
	static const char *const heads[] = {"operation", "attempts", "succeeded", "refused",
		"failed", "timed out", "in flight", "local", "errors %", "per s", "mean", "p50",
		"p90", "p95", "p99", "p99.9", "max", NULL};
	const char *name;
	json_t *op;

	html_begin_table(out, caption, heads);
	json_object_foreach(json_object_get(of, "operations"), name, op)
		html_operation(out, name, op);
	html_operation(out, "all", json_object_get(of, "totals"));
	html_end_table(out);
}

static void html_operations(json_t *report, struct tt_buf *out)
{
	tt_buf_puts(out, "<h2 id=\"operations\">Operations</h2>\n");
	html_operation_table(out, "Counts and response times in milliseconds", report);
}

static void html_outcomes(json_t *report, struct tt_buf *out)
{
	static const char *const heads[] = {"operation", "<outcome", "<result", "count", NULL};
	json_t *op, *row;
	const char *name;
	size_t i;

	tt_buf_puts(out, "<details><summary>Outcomes</summary>\n");
	html_begin_table(out, "What the answers were", heads);
	json_object_foreach(json_object_get(report, "operations"), name, op)
	{
		json_array_foreach(json_object_get(op, "outcomes"), i, row)
		{
			tt_buf_puts(out, "<tr><td>");
			html_text(out, name);
			tt_buf_puts(out, "</td><td class=\"t\">");
			html_text(out, html_string(row, "outcome"));
			tt_buf_puts(out, "</td><td class=\"t\">");
			html_text(out, html_string(row, "result"));
			tt_buf_printf(out, "</td><td>%.0f</td></tr>\n", html_number(row, "count"));
		}
	}
	html_end_table(out);
	tt_buf_puts(out, "</details>\n");
}

static void html_gates(json_t *report, struct tt_buf *out)
{
	static const char *const heads[] = {
		"of", "<figure", "<verdict", "measured", "wanted", NULL};
	json_t *row, *rows = json_object_get(report, "gates");
	bool is_met;
	size_t i;

	if (json_array_size(rows) == 0)
		return;
	tt_buf_puts(out, "<h2 id=\"gates\">Gates</h2>\n");
	html_begin_table(out, "What was to be reached", heads);
	json_array_foreach(rows, i, row)
	{
		is_met = json_is_true(json_object_get(row, "met"));
		tt_buf_puts(out, "<tr><td>");
		html_text(out, html_string(row, "of"));
		tt_buf_puts(out, "</td><td class=\"t\">");
		html_text(out, html_string(row, "figure"));
		tt_buf_printf(out, "</td><td class=\"t %s\">%s</td>", is_met ? "good" : "bad",
			is_met ? "met" : "FAILED");
		html_cell(out, row, "measured", 3);
		tt_buf_printf(out, "<td>%s %.3f</td></tr>\n",
			strcmp(html_string(row, "side"), "max") == 0 ? "at most" : "at least",
			html_number(row, "limit"));
	}
	html_end_table(out);
}

static void html_end(json_t *report, struct tt_buf *out)
{
	json_t *end = json_object_get(report, "end_state"), *row;
	size_t i;

	tt_buf_puts(out, "<h2 id=\"end\">End state</h2>\n");
	if (!json_is_true(json_object_get(end, "checked"))) {
		tt_buf_puts(out, "<p>Not checked: ");
		html_text(out, end ? html_string(end, "because") : "the run never began");
		tt_buf_puts(out, ".</p>\n");
		return;
	}
	tt_buf_printf(out,
		"<p class=\"%s\">%.0f breaches of invariants, gaps or lost scans.</p>\n<ul>",
		html_number(end, "breaches") > 0 ? "bad" : "good", html_number(end, "breaches"));
	json_array_foreach(json_object_get(end, "violations"), i, row)
	{
		tt_buf_puts(out, "<li>");
		html_text(out, html_string(row, "rule"));
		tt_buf_puts(out, ": ");
		html_text(out, html_string(row, "detail"));
		tt_buf_puts(out, "</li>\n");
	}
	tt_buf_puts(out, "</ul>\n");
}

/* ---- hosts */

static void html_host_row(struct tt_buf *out, size_t number, json_t *host)
{
	json_t *totals = json_object_get(host, "totals"),
	       *machine = json_object_get(host, "machine");
	json_t *stations = json_object_get(machine, "stations");

	tt_buf_printf(out, "<tr><th scope=\"row\"><a href=\"#host-%zu\">%zu ", number, number);
	html_text(out, html_string(host, "host"));
	tt_buf_puts(out, "</a></th>");
	html_cell(out, host, "clients", 0);
	html_cell(out, totals, "attempts", 0);
	html_cell(out, totals, "error_percent", 3);
	html_cell(out, totals, "per_s", 1);
	html_cell(out, totals, "p50_ms", 2);
	html_cell(out, totals, "p95_ms", 2);
	html_cell(out, totals, "p99_ms", 2);
	html_cell(out, json_object_get(host, "lateness"), "p99_ms", 2);
	html_cell(out, machine, "cores", 0);
	html_cell(out, machine, "generator_core_percent", 1);
	html_cell(out, stations, "mean_cores", 2);
	html_cell(out, json_object_get(machine, "stolen"), "mean_percent", 1);
	tt_buf_puts(out, "</tr>\n");
}

static void html_host(struct tt_buf *out, size_t number, json_t *host)
{
	const char *why = html_string(host, "incomplete_because");

	tt_buf_printf(out, "<h3 id=\"host-%zu\">Host %zu, ", number, number);
	html_text(out, html_string(host, "host"));
	tt_buf_puts(out, "</h3>\n<p>");
	tt_buf_printf(out, "%.0f clients of process %.0f, %.1f s of work.",
		html_number(host, "clients"), html_number(host, "pid"),
		html_number(host, "seconds_worked"));
	if (*why) {
		tt_buf_puts(out, " <span class=\"bad\">Incomplete: ");
		html_text(out, why);
		tt_buf_puts(out, "</span>");
	}
	tt_buf_puts(out, "</p>\n<details><summary>Its operations</summary>\n");
	html_operation_table(out, "Counts and response times in milliseconds", host);
	tt_buf_puts(out, "</details>\n");
}

static void html_hosts(json_t *report, struct tt_buf *out)
{
	static const char *const heads[] = {"host", "clients", "attempts", "errors %", "per s",
		"p50", "p95", "p99", "late p99", "cores", "generator %", "stations' cores",
		"stolen %", NULL};
	json_t *host, *hosts = json_object_get(report, "agents");
	size_t i;

	if (json_array_size(hosts) == 0)
		return;
	tt_buf_puts(out, "<h2 id=\"hosts\">Hosts</h2>\n");
	html_begin_table(out, "Each host's part; times in milliseconds", heads);
	json_array_foreach(hosts, i, host) html_host_row(out, i + 1, host);
	html_end_table(out);
	json_array_foreach(hosts, i, host) html_host(out, i + 1, host);
}

/* ---- circumstances */

static void html_statements(json_t *report, struct tt_buf *out)
{
	static const char *const heads[] = {"calls", "total ms", "mean ms", "<statement", NULL};
	json_t *row, *rows = json_object_get(report, "statements");
	double calls, ms;
	size_t i;

	if (json_array_size(rows) == 0)
		return;
	tt_buf_puts(out, "<details><summary>Statements by total time</summary>\n");
	html_begin_table(out, "pg_stat_statements, during the run", heads);
	json_array_foreach(rows, i, row)
	{
		calls = html_number(row, "calls");
		ms = html_number(row, "us") / 1000;
		tt_buf_printf(out,
			"<tr><td>%.0f</td><td>%.1f</td><td>%.3f</td><td class=\"t w\"><code>",
			calls, ms, calls > 0 ? ms / calls : 0);
		html_text(out, html_string(row, "text"));
		tt_buf_puts(out, "</code></td></tr>\n");
	}
	html_end_table(out);
	tt_buf_puts(out, "</details>\n");
}

static void html_object(struct tt_buf *out, const char *caption, json_t *of)
{
	static const char *const heads[] = {"name", "<value", NULL};
	const char *name;
	json_t *value;
	char *text;

	if (json_object_size(of) == 0)
		return;
	html_begin_table(out, caption, heads);
	json_object_foreach(of, name, value)
	{
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
		tt_buf_puts(out, "<tr><td>");
		html_text(out, name);
		tt_buf_puts(out, "</td><td class=\"t w\">");
		html_text(out, json_is_string(value) ? json_string_value(value) : text);
		tt_buf_puts(out, "</td></tr>\n");
		free(text);
	}
	html_end_table(out);
}

static void html_circumstances(json_t *report, struct tt_buf *out)
{
	json_t *settings = json_object_get(report, "settings");

	tt_buf_puts(out, "<h2 id=\"run\">The run</h2>\n");
	html_statements(report, out);
	tt_buf_puts(out, "<details><summary>Settings and machines</summary>\n");
	html_object(out, "Run", json_object_get(report, "run"));
	html_object(out, "Machines", json_object_get(report, "hosts"));
	html_object(out, "Pool", json_object_get(report, "pool"));
	html_object(out, "Floor: a statement that does nothing", json_object_get(report, "floor"));
	html_object(out, "PgBouncer", json_object_get(settings, "pooler"));
	html_object(out, "PostgreSQL", json_object_get(settings, "postgresql"));
	tt_buf_puts(out, "</details>\n");
}

/* ---- plots */

/* The values of a column; the caller frees. NAN: not known. */
static double *html_column(json_t *report, const char *name, size_t *n)
{
	json_t *series = json_object_get(report, "series"), *rows = json_object_get(series, "rows");
	json_t *head, *row, *cell;
	size_t i, at = SIZE_MAX;
	double *values;

	*n = json_array_size(rows);
	values = tt_alloc((*n + 1) * sizeof(*values));
	json_array_foreach(json_object_get(series, "columns"), i, head)
	{
		if (strcmp(json_string_value(head), name) == 0)
			at = i;
	}
	json_array_foreach(rows, i, row)
	{
		cell = json_array_get(row, at);
		values[i] = json_is_number(cell) ? json_number_value(cell) : NAN;
	}
	return values;
}

/* A plot of columns over the seconds. Of times a second without any answer is not known. */
static void html_over_time(json_t *report, struct tt_buf *out, struct plot *p,
	const char *const (*columns)[2], bool is_latency)
{
	size_t n, i;
	double *seconds = html_column(report, "second", &n), *values[PLOT_LINES];

	p->x_label = "second of work";
	for (p->nlines = 0; columns[p->nlines][0]; p->nlines++) {
		values[p->nlines] = html_column(report, columns[p->nlines][0], &n);
		for (i = 0; is_latency && i < n; i++) {
			if (values[p->nlines][i] <= 0)
				values[p->nlines][i] = NAN;
		}
		p->lines[p->nlines] = (struct plot_line){.name = columns[p->nlines][1],
			.x = seconds,
			.y = values[p->nlines],
			.n = n};
	}
	plot_draw(p, out);
	for (i = 0; i < p->nlines; i++)
		free(values[i]);
	free(seconds);
}

static const double html_shares[] = {0.01, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9,
	0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.997, 0.998, 0.999, 0.9995,
	0.9999};
#define HTML_SHARES (sizeof(html_shares) / sizeof(*html_shares))

/* Shares of a histogram, up to where a single answer stands for the rest. */
static size_t html_quantiles(json_t *histogram, double *values)
{
	struct tt_histogram h = {0};
	size_t i;

	if (!histogram_add_packed(&h, histogram))
		return 0;
	for (i = 0; i < HTML_SHARES && h.count > 0; i++) {
		if ((1 - html_shares[i]) * (double)h.count < 0.5)
			break;
		values[i] = (double)tt_histogram_quantile(&h, html_shares[i]) / 1000;
	}
	return i;
}

static void html_percentiles(json_t *report, struct tt_buf *out)
{
	struct plot p = {.id = "percentiles",
		.title = "Response time by percentile",
		.describe = "Response times in milliseconds, logarithmic, over the share of "
			    "answers that "
			    "were as quick; a line for each operation",
		.x_label = "share of answers that were as quick",
		.y_label = "ms",
		.is_log = true,
		.is_percentile = true};
	static double values[PLOT_LINES][HTML_SHARES];
	const char *name;
	json_t *op;
	size_t n;

	json_object_foreach(json_object_get(report, "operations"), name, op)
	{
		if (p.nlines == PLOT_LINES)
			break;
		n = html_quantiles(json_object_get(op, "histogram"), values[p.nlines]);
		if (n == 0)
			continue;
		p.lines[p.nlines] = (struct plot_line){
			.name = name, .x = html_shares, .y = values[p.nlines], .n = n};
		p.nlines++;
	}
	plot_draw(&p, out);
}

static void html_plots(json_t *report, struct tt_buf *out)
{
	static const char *const latency[][2] = {{"p50_ms", "p50"}, {"p95_ms", "p95"},
		{"p99_ms", "p99"}, {"max_ms", "longest"}, {NULL, NULL}};
	static const char *const counts[][2] = {{"succeeded", "succeeded"}, {"refused", "refused"},
		{"failed", "failed"}, {"timed_out", "timed out"}, {"in_flight", "in flight"},
		{NULL, NULL}};
	static const char *const pool[][2] = {{"pool_sv_active", "server connections at work"},
		{"pool_cl_waiting", "clients that wait"}, {"db_active", "active in PostgreSQL"},
		{"db_lock_waits", "waiting for a lock"}, {NULL, NULL}};
	static const char *const cores[][2] = {{"postgres_cores", "postgres"},
		{"pgbouncer_cores", "pgbouncer"}, {"stations_cores", "stations"},
		{"generator_cores", "generator"}, {NULL, NULL}};
	static const char *const machine[][2] = {{"cpu_percent", "busy, stolen time among it"},
		{"stolen_percent", "stolen by the hypervisor"}, {NULL, NULL}};
	struct plot over_time[] = {
		{.id = "latency",
			.title = "Response time over time",
			.y_label = "ms",
			.is_log = true,
			.describe = "Response times in milliseconds, logarithmic, for each second"},
		{.id = "rate",
			.title = "Answers over time",
			.y_label = "operations",
			.describe = "Operations that ended in each second, by result"},
		{.id = "pool",
			.title = "Connections over time",
			.y_label = "connections",
			.describe = "Connections of the pooler and of PostgreSQL, each second"},
		{.id = "cores",
			.title = "Processors over time",
			.y_label = "cores",
			.describe = "Processors in use by kind of process, each second"},
		{.id = "machine",
			.title = "All processors of this machine over time",
			.y_label = "%",
			.describe = "Percent of the time of all processors, each second"}};

	tt_buf_puts(out, "<h2 id=\"plots\">Plots</h2>\n");
	html_over_time(report, out, &over_time[0], latency, true);
	html_percentiles(report, out);
	html_over_time(report, out, &over_time[1], counts, false);
	html_over_time(report, out, &over_time[2], pool, false);
	html_over_time(report, out, &over_time[3], cores, false);
	html_over_time(report, out, &over_time[4], machine, false);
}

/* ---- the page */

static size_t html_failed(json_t *gates)
{
	size_t i, n = 0;
	json_t *row;

	json_array_foreach(gates, i, row) n += !json_is_true(json_object_get(row, "met"));
	return n;
}

static void html_verdict(json_t *report, struct tt_buf *out)
{
	json_t *run = json_object_get(report, "run"), *gates = json_object_get(report, "gates");
	char stolen[512];

	if (!json_is_true(json_object_get(report, "complete"))) {
		tt_buf_puts(out, "<p class=\"bad\">Incomplete: ");
		html_text(out, html_string(report, "incomplete_because"));
		tt_buf_puts(out, "</p>\n");
	} else if (json_is_true(json_object_get(report, "gates_met"))) {
		tt_buf_puts(out, "<p class=\"good\">All gates are met.</p>\n");
	} else {
		tt_buf_printf(out,
			"<p class=\"bad\"><a href=\"#gates\">%zu of %zu gates</a> failed.</p>\n",
			html_failed(gates), json_array_size(gates));
	}
	if (!run)
		return;
	tt_buf_puts(out, "<p>");
	html_text(out, html_string(run, "help"));
	tt_buf_printf(out,
		".<br>%.0f clients, %.1f s of work from %.19sZ, %s loop, time scale %g, seed %.0f; "
		"logged in after %.1f s. Grade: %s.</p>\n",
		html_number(run, "clients"), html_number(run, "seconds_worked"),
		html_string(run, "started_at"), html_string(run, "loop"),
		html_number(run, "time_scale"), html_number(run, "seed"),
		html_number(run, "login_s"), html_string(report, "grade"));
	report_stolen(report, stolen, sizeof(stolen));
	if (*stolen) {
		tt_buf_puts(out, "<p class=\"bad\">Stolen time: ");
		html_text(out, stolen);
		tt_buf_puts(out, ".</p>\n");
	}
}

void report_html(json_t *report, struct tt_buf *out)
{
	tt_buf_puts(out,
		"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
	html_text(out, html_string(report, "profile"));
	tt_buf_printf(out,
		" - TraceTrack load report</title>\n<style>\n%s</style></head><body>\n<h1>",
		html_style);
	html_text(out, html_string(report, "profile"));
	tt_buf_puts(out, "</h1>\n");
	html_verdict(report, out);
	if (json_object_get(report, "totals")) {
		tt_buf_puts(out, "<nav aria-label=\"Parts\"><a href=\"#operations\">Operations</a>"
				 "<a href=\"#plots\">Plots</a>");
		if (json_object_get(report, "agents"))
			tt_buf_puts(out, "<a href=\"#hosts\">Hosts</a>");
		if (json_array_size(json_object_get(report, "gates")) > 0)
			tt_buf_puts(out, "<a href=\"#gates\">Gates</a>");
		tt_buf_puts(
			out, "<a href=\"#end\">End state</a><a href=\"#run\">The run</a></nav>\n");
		html_operations(report, out);
		html_outcomes(report, out);
		html_plots(report, out);
		html_hosts(report, out);
		html_gates(report, out);
		html_end(report, out);
		html_circumstances(report, out);
	}
	tt_buf_puts(out, "<p class=\"dim\">");
	html_text(out, html_string(report, "program"));
	tt_buf_puts(out, "</p>\n</body></html>\n");
}
