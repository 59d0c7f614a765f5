/*
 * Judging figures.
 */
#include "gate.h"

#include <math.h>
#include <string.h>

#include "report.h"

/* ---- the file */

static enum tt_rc gate_fail(
	const char *path, const char *what, const char *name, struct tt_error *err)
{
	tt_fail(err, TT_CONFIG, "%s: %s \"%s\"", path, what, name);
	tt_error_hint(err, "tracetrack-stress(1) describes gates.");
	return TT_CONFIG;
}

/* The figures of each section; NULL: those that operations have. */
static const struct gate_section {
	const char *name;
	const char *const *figures;
} gate_sections[] = {{"totals", NULL}, {"lateness", NULL}, {"floor", NULL}, {"operations", NULL},
	{"hosts", (const char *const[]){"generator_core_percent", NULL}},
	{"pool", (const char *const[]){"peak_used", "peak_used_percent", "peak_waiting",
			 "peak_wait_ms", "mean_wait_ms", "mean_query_ms", "holds", NULL}},
	{"recovery", (const char *const[]){"base_p95_ms", "after_s", NULL}},
	{"break", (const char *const[]){"held_level", "held_per_s", "broke_level", NULL}},
	{"tables", (const char *const[]){"bloat_mb", "bloat_percent", "large_seq_scans", NULL}},
	{"flatness",
		(const char *const[]){"generator_mb_percent", "stations_mb_percent",
			"pgbouncer_mb_percent", "postgres_mb_percent",
			"generator_descriptors_percent", "stations_descriptors_percent",
			"pgbouncer_descriptors_percent", "postgres_descriptors_percent", NULL}}};

static const struct gate_section *gate_section(const char *name)
{
	const struct gate_section *s = gate_sections;
	const struct gate_section *end = s + sizeof(gate_sections) / sizeof(*gate_sections);

	while (s < end && strcmp(s->name, name) != 0)
		s++;
	return s < end ? s : NULL;
}

static bool gate_knows_figure(const struct gate_section *section, const char *figure)
{
	const char *const *known = section->figures ? section->figures : report_figures;

	while (*known && strcmp(*known, figure) != 0)
		known++;
	return *known != NULL;
}

static enum tt_rc gate_check_figures(
	const char *path, const struct gate_section *section, json_t *figures, struct tt_error *err)
{
	const char *figure, *side;
	json_t *limits, *limit;

	if (!json_is_object(figures))
		return gate_fail(path, "no figures in", section->name, err);
	json_object_foreach(figures, figure, limits)
	{
		if (!gate_knows_figure(section, figure))
			return gate_fail(path, "there is no figure", figure, err);
		json_object_foreach(limits, side, limit)
		{
			if ((strcmp(side, "max") != 0 && strcmp(side, "min") != 0) ||
				!json_is_number(limit))
				return gate_fail(path, "no \"max\" or \"min\" with a number in",
					figure, err);
		}
		if (json_object_size(limits) == 0)
			return gate_fail(path, "no \"max\" or \"min\" in", figure, err);
	}
	return TT_OK;
}

static bool gate_has_operation(const struct profile *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->nops && strcmp(p->ops[i].name, name) != 0; i++)
		;
	return i < p->nops;
}

static enum tt_rc gates_check(
	const char *path, json_t *gates, const struct profile *p, struct tt_error *err)
{
	const struct gate_section *of;
	enum tt_rc rc = TT_OK;
	const char *section, *name;
	json_t *value, *figures;

	json_object_foreach(gates, section, value)
	{
		of = gate_section(section);
		if (!of)
			return gate_fail(path, "there is no section", section, err);
		if (strcmp(section, "operations") != 0) {
			rc = gate_check_figures(path, of, value, err);
			if (rc != TT_OK)
				return rc;
			continue;
		}
		if (!json_is_object(value))
			return gate_fail(path, "no operations in", section, err);
		json_object_foreach(value, name, figures)
		{
			if (!gate_has_operation(p, name))
				return gate_fail(path, "the profile has no operation", name, err);
			rc = gate_check_figures(path, of, figures, err);
			if (rc != TT_OK)
				return rc;
		}
	}
	return rc;
}

enum tt_rc gates_read(json_t **out, const char *path, const struct profile *p, struct tt_error *err)
{
	enum tt_rc rc = json_file_read(out, path, err);

	if (rc == TT_OK && !json_is_object(*out))
		rc = gate_fail(path, "no object in", "the file", err);
	if (rc == TT_OK)
		rc = gates_check(path, *out, p, err);
	if (rc != TT_OK) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

/* ---- the verdict */

static bool gate_judge_one(json_t *rows, const char *of, const char *figure, json_t *from,
	const char *side, double limit)
{
	double value;
	bool is_known = report_figure(from, figure, &value);
	bool is_met =
		is_known && (*side == 'm' && side[1] == 'a' ? value <= limit : value >= limit);

	json_array_append_new(
		rows, json_pack("{s:s,s:s,s:s,s:f,s:o,s:b}", "of", of, "figure", figure, "side",
			      side, "limit", limit, "measured",
			      is_known ? json_real(value) : json_null(), "met", is_met));
	return is_met;
}

static bool gate_judge_figures(json_t *rows, const char *of, json_t *figures, json_t *from)
{
	const char *figure, *side;
	json_t *limits, *limit;
	bool is_met = true;

	json_object_foreach(figures, figure, limits)
	{
		json_object_foreach(limits, side, limit) is_met &=
			gate_judge_one(rows, of, figure, from, side, json_number_value(limit));
	}
	return is_met;
}

bool gates_judge(json_t *report, json_t *gates)
{
	json_t *rows = json_array(), *value, *figures, *end = json_object_get(report, "end_state");
	const char *section, *name;
	bool is_met = true;

	if (json_is_true(json_object_get(end, "checked")))
		is_met = gate_judge_one(rows, "end state", "breaches", end, "max", 0);
	json_object_foreach(gates, section, value)
	{
		if (strcmp(section, "operations") != 0) {
			is_met &= gate_judge_figures(
				rows, section, value, json_object_get(report, section));
			continue;
		}
		json_object_foreach(value, name, figures) is_met &= gate_judge_figures(rows, name,
			figures, json_object_get(json_object_get(report, section), name));
	}
	json_object_set_new(report, "gates", rows);
	json_object_set_new(report, "gates_met", json_boolean(is_met));
	return is_met;
}

/* ---- two reports */

static const struct compared {
	const char *figure;
	bool is_time, is_good; /* good: more is better */
} compared[] = {{"p50_ms", true, false}, {"p95_ms", true, false}, {"p99_ms", true, false},
	{"per_s", false, true}, {"error_percent", false, false}};

/* Of an error rate any growth by a tenth of a percent counts: from nothing there is no percentage.
 */
static bool compare_is_worse(
	const struct compared *row, double before, double after, double threshold, double least_ms)
{
	double grown = row->is_good ? before - after : after - before;

	if (!row->is_time && !row->is_good)
		return grown > 0.1 && grown > before * threshold / 100;
	return grown > before * threshold / 100 && (!row->is_time || grown > least_ms);
}

static unsigned compare_figures(const char *name, json_t *old_json, json_t *new_json,
	double threshold, double least_ms, FILE *out)
{
	size_t i, n = sizeof(compared) / sizeof(*compared);
	double before, after;
	unsigned worse = 0;
	bool is_worse;

	for (i = 0; i < n; i++) {
		if (!report_figure(old_json, compared[i].figure, &before) ||
			!report_figure(new_json, compared[i].figure, &after))
			continue;
		is_worse = compare_is_worse(&compared[i], before, after, threshold, least_ms);
		worse += is_worse;
		fprintf(out, "%-24s %-14s %12.3f %12.3f", name, compared[i].figure, before, after);
		if (before > 0)
			fprintf(out, " %+8.1f %%", 100 * (after - before) / before);
		else
			fprintf(out, " %10s", "");
		fprintf(out, "%s\n", is_worse ? "  WORSE" : "");
	}
	return worse;
}

unsigned reports_compare(
	json_t *old_report, json_t *new_report, double threshold, double least_ms, FILE *out)
{
	json_t *old_ops = json_object_get(old_report, "operations"), *op, *other;
	json_t *new_ops = json_object_get(new_report, "operations");
	const char *name;
	char shown[64];
	unsigned worse;

	fprintf(out, "%-24s %-14s %12s %12s %10s\n", "operation", "figure", "before", "after",
		"change");
	worse = compare_figures("all", json_object_get(old_report, "totals"),
		json_object_get(new_report, "totals"), threshold, least_ms, out);
	json_object_foreach(old_ops, name, op)
	{
		other = json_object_get(new_ops, name);
		tt_clean(shown, sizeof(shown), name, strlen(name));
		if (other)
			worse += compare_figures(shown, op, other, threshold, least_ms, out);
		else
			fprintf(out, "%-24s is not in the new report\n", shown);
	}
	return worse;
}
