/*
 * Reading the seconds of a run. A stage's response time is the median of its seconds': one bad
 * second is no bad stage, and no histogram has to be kept for each.
 */
#include "course.h"

#include <math.h>
#include <stdlib.h>

#include <tracetrack/text.h>

#include "lead.h"

#define COURSE_CALM 3     /* seconds in a row that make a recovery, or a limit */
#define COURSE_SAMPLES 4  /* fewer make no line */
#define COURSE_WARM_UP 5  /* of so many parts of the run the first is left out of lines */
#define COURSE_SLOWER 1.5 /* than before, and so many ms, is still as before */
#define COURSE_SLOWER_MS 5
#define COURSE_STOLEN 1 /* percent that are worth a warning */

static json_t *course_real(double value)
{
	return isnan(value) ? json_null() : json_real(round(value * 1000) / 1000);
}

/* ---- stages */

struct span {
	size_t from, to; /* whole seconds, [from, to) */
};

/* The whole seconds of the part of stage i that was worked through. */
static struct span course_span(const struct run *r, size_t i)
{
	const struct profile_stage *s = r->profile->stages;
	double begin = 0, end;
	struct span span;
	size_t j;

	for (j = 0; j < i; j++)
		begin += s[j].seconds * r->options.scale;
	end = begin + s[i].seconds * r->options.scale;
	span.from = (size_t)ceil(begin - 0.01);
	span.to = (size_t)floor(end + 0.01);
	if (span.to > r->record.nseconds)
		span.to = r->record.nseconds;
	if (span.from > span.to)
		span.from = span.to;
	return span;
}

static int course_compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

enum slice_figure { SLICE_P50, SLICE_P95, SLICE_P99 };

static uint32_t slice_figure(const struct record_slice *s, enum slice_figure figure)
{
	return figure == SLICE_P50 ? s->p50 : figure == SLICE_P95 ? s->p95 : s->p99;
}

/* Median over the seconds in which something was answered, in ms; NaN: in none. op < 0: of all. */
static double course_median(const struct run *r, struct span span, int op, enum slice_figure figure)
{
	uint32_t *values = tt_alloc((span.to - span.from + 1) * sizeof(*values));
	const struct record_slice *s;
	double median;
	size_t n = 0, i;

	for (i = span.from; i < span.to; i++) {
		s = op < 0 ? &r->record.seconds[i].all : &r->record.ops[op].slices[i];
		if (s->answered > 0)
			values[n++] = slice_figure(s, figure);
	}
	qsort(values, n, sizeof(*values), course_compare);
	median = n ? (double)values[n / 2] / 1000 : (double)NAN;
	free(values);
	return median;
}

struct span_sums {
	uint64_t attempts, answered, failed;
};

static struct span_sums course_sums(const struct run *r, struct span span)
{
	struct span_sums sums = {0};
	size_t i;

	for (i = span.from; i < span.to; i++) {
		sums.attempts += r->record.seconds[i].attempts;
		sums.answered += r->record.seconds[i].all.answered;
		sums.failed += r->record.seconds[i].all.failed;
	}
	sums.answered -= sums.failed < sums.answered ? sums.failed : sums.answered;
	return sums;
}

static double course_error_percent(const struct run *r, struct span span)
{
	struct span_sums sums = course_sums(r, span);
	uint64_t ended = sums.answered + sums.failed;

	return ended ? 100.0 * (double)sums.failed / (double)ended : 0;
}

static double course_per_s(const struct run *r, struct span span)
{
	return span.to > span.from
		       ? (double)course_sums(r, span).answered / (double)(span.to - span.from)
		       : (double)NAN;
}

json_t *course_stages(const struct run *r)
{
	const struct profile_stage *s = r->profile->stages;
	json_t *rows = json_array();
	struct span span;
	size_t i;

	for (i = 0; i < r->profile->nstages; i++, s++) {
		span = course_span(r, i);
		if (span.from == span.to)
			continue;
		json_array_append_new(rows,
			json_pack("{s:I,s:I,s:o,s:o,s:b,s:o,s:o,s:o,s:o,s:o}", "from_s",
				(json_int_t)span.from, "to_s", (json_int_t)span.to, "level_from",
				course_real(s->from * r->level_factor), "level_to",
				course_real(s->to * r->level_factor), "measured", s->is_measured,
				"per_s", course_real(course_per_s(r, span)), "error_percent",
				course_real(course_error_percent(r, span)), "p50_ms",
				course_real(course_median(r, span, -1, SLICE_P50)), "p95_ms",
				course_real(course_median(r, span, -1, SLICE_P95)), "p99_ms",
				course_real(course_median(r, span, -1, SLICE_P99))));
	}
	return rows;
}

/* ---- steps until something breaks */

/* What is beyond its limit in these seconds; false: nothing. */
static bool course_is_broken(const struct run *r, struct span span, char *why, size_t size)
{
	const struct profile *p = r->profile;
	double value = course_error_percent(r, span);
	size_t i;

	if (p->break_error_percent > 0 && value > p->break_error_percent) {
		tt_format(why, size, "errors are %.1f %%, above %g", value, p->break_error_percent);
		return true;
	}
	for (i = 0; i < p->nops; i++) {
		value = course_median(r, span, (int)i, SLICE_P95);
		if (p->break_p95_ms[i] > 0 && value > p->break_p95_ms[i]) {
			tt_format(why, size, "%s takes %.1f ms (p95), above %g", p->ops[i].name,
				value, p->break_p95_ms[i]);
			return true;
		}
	}
	return false;
}

/* The later half of a step counts: the earlier one still has the step before in it. */
static struct span course_later_half(struct span span)
{
	span.from += (span.to - span.from) / 2;
	return span;
}

void course_second(struct run *r)
{
	struct profile_stage *s = r->profile->stages;
	double begin = 0, now = (double)r->record.nseconds;
	struct span span;
	size_t i;

	if (r->broken_stage > 0)
		return;
	for (i = 0; i < r->profile->nstages; begin += s[i++].seconds * r->options.scale) {
		span = course_span(r, i);
		if (!s[i].is_step || span.to != r->record.nseconds || span.to < span.from + 2 ||
			now + 1 <= begin + s[i].seconds * r->options.scale + 0.01)
			continue;
		if (!course_is_broken(
			    r, course_later_half(span), r->broken_why, sizeof(r->broken_why)))
			continue;
		r->broken_stage = i;
		while (++i < r->profile->nstages) {
			if (s[i].is_step)
				s[i].seconds = 0;
		}
		r->seconds = profile_seconds(r->profile) * r->options.scale;
		return;
	}
}

json_t *course_break(const struct run *r)
{
	const struct profile_stage *s = r->profile->stages;
	double held = 0, held_per_s = 0;
	bool has_steps = false;
	struct span span;
	size_t i;

	for (i = 0; i < r->profile->nstages; i++) {
		has_steps |= s[i].is_step;
		span = course_span(r, i);
		if (!s[i].is_step || span.from == span.to ||
			(r->broken_stage > 0 && i >= r->broken_stage))
			continue;
		held = s[i].to * r->level_factor;
		held_per_s = course_per_s(r, span);
	}
	if (!has_steps)
		return json_null();
	return json_pack("{s:o,s:o,s:o,s:s}", "held_level", course_real(held), "held_per_s",
		course_real(held_per_s), "broke_level",
		r->broken_stage > 0 ? course_real(s[r->broken_stage].to * r->level_factor)
				    : json_null(),
		"because", r->broken_why);
}

/* ---- what gave way */

#define LIMIT_BUSY 0.95

static bool limit_processors(const struct run_sample *s, long pool_size)
{
	(void)pool_size;
	return s->host.busy >= LIMIT_BUSY;
}

static bool limit_generator(const struct run_sample *s, long pool_size)
{
	(void)pool_size;
	return s->host.cores[HOST_GENERATOR] >= 0.9;
}

static bool limit_pooler(const struct run_sample *s, long pool_size)
{
	(void)pool_size;
	return s->host.cores[HOST_PGBOUNCER] >= 0.9;
}

static bool limit_pool(const struct run_sample *s, long pool_size)
{
	return pool_size > 0 && s->server.pools.cl_waiting > 0 &&
	       s->server.pools.sv_active >= pool_size;
}

static bool limit_locks(const struct run_sample *s, long pool_size)
{
	(void)pool_size;
	return s->server.base.lock_waits >= 2 &&
	       2 * s->server.base.lock_waits >= s->server.base.active;
}

static bool limit_waits(const struct run_sample *s, long pool_size)
{
	(void)pool_size;
	return s->server.base.waits >= 2 && 2 * s->server.base.waits >= s->server.base.active;
}

static const struct limit {
	const char *what, *help;
	bool (*is_reached)(const struct run_sample *s, long pool_size);
} limits[] = {{"processors", "95 % of all processors of this machine are busy", limit_processors},
	{"generator", "this program takes 0.9 of a processor", limit_generator},
	{"pooler", "PgBouncer takes 0.9 of a processor, and has but one", limit_pooler},
	{"pool", "every server connection is in use, and clients wait for one", limit_pool},
	{"locks", "half of the server connections at work wait for a lock", limit_locks},
	{"database waits", "half of the server connections at work wait for disk or memory",
		limit_waits}};

#define LIMITS (sizeof(limits) / sizeof(*limits))

/* The second that begins the first COURSE_CALM in a row; nseconds: there are none. */
static size_t course_limit_from(const struct run *r, const struct limit *limit, long pool_size)
{
	size_t i, n = 0;

	for (i = 0; i < r->record.nseconds; i++) {
		n = limit->is_reached(&r->samples[i], pool_size) ? n + 1 : 0;
		if (n == COURSE_CALM)
			return i + 1 - COURSE_CALM;
	}
	return r->record.nseconds;
}

static double course_stolen_from(const struct run *r, size_t from)
{
	double sum = 0;
	size_t i;

	for (i = from; i < from + COURSE_CALM; i++)
		sum += r->samples[i].host.stolen / COURSE_CALM;
	return sum;
}

/* Busy with what was not taken away, the processors would have had time left. */
static const char *course_limit_help(const struct run *r, const struct limit *limit, size_t from)
{
	size_t i;

	if (limit->is_reached != limit_processors)
		return limit->help;
	for (i = from; i < from + COURSE_CALM; i++) {
		if (r->samples[i].host.busy - r->samples[i].host.stolen >= LIMIT_BUSY)
			return limit->help;
	}
	return "95 % of all processors of this machine are busy only with what the hypervisor took "
	       "of them: stolen time";
}

/* In which program the processors' time went then; others: in none of these, stolen time among
 * them. */
static json_t *course_shares(const struct run *r, size_t from)
{
	json_t *json = json_object();
	double sum, others = 0;
	size_t i;
	int g;

	for (i = from; i < from + COURSE_CALM; i++)
		others += r->samples[i].host.busy * host_cores() / COURSE_CALM;
	for (g = 0; g < HOST_GROUPS; g++) {
		for (sum = 0, i = from; i < from + COURSE_CALM; i++)
			sum += r->samples[i].host.cores[g] / COURSE_CALM;
		others -= sum;
		json_object_set_new(json, host_group_word((enum host_group)g), course_real(sum));
	}
	json_object_set_new(json, "others", course_real(fmax(others, 0)));
	json_object_set_new(
		json, "stolen", course_real(course_stolen_from(r, from) * host_cores()));
	return json;
}

json_t *course_limits(const struct run *r, long pool_size)
{
	size_t from[LIMITS], i, first, done;
	json_t *rows = json_array();

	for (i = 0; i < LIMITS; i++)
		from[i] = course_limit_from(r, &limits[i], pool_size);
	for (done = 0; done < LIMITS; done++) {
		for (first = 0, i = 1; i < LIMITS; i++)
			first = from[i] < from[first] ? i : first;
		if (from[first] >= r->record.nseconds)
			break;
		json_array_append_new(
			rows, json_pack("{s:s,s:s,s:I,s:o,s:o}", "what", limits[first].what, "help",
				      course_limit_help(r, &limits[first], from[first]), "second",
				      (json_int_t)from[first] + 1, "level",
				      course_real(r->record.seconds[from[first]].level), "cores",
				      course_shares(r, from[first])));
		from[first] = SIZE_MAX;
	}
	return rows;
}

/* ---- recovery */

/* The last stage of the highest level that was worked through, with a lower, measured one on
 * either side; 0: there is none. */
static size_t course_peak(const struct run *r)
{
	const struct profile_stage *s = r->profile->stages;
	size_t i, peak = 0, next;
	struct span span;

	for (i = 1; i < r->profile->nstages; i++) {
		span = course_span(r, i);
		if (span.from < span.to && s[i].to >= s[peak].to)
			peak = i;
	}
	for (next = peak + 1; next < r->profile->nstages && s[next].seconds <= 0; next++)
		;
	if (next >= r->profile->nstages || !s[next].is_measured || s[next].to >= s[peak].to)
		return 0;
	return peak;
}

static double course_base(const struct run *r, size_t peak)
{
	const struct profile_stage *s = r->profile->stages;
	size_t i;

	for (i = 0; i < peak && !s[i].is_measured; i++)
		;
	return i < peak ? course_median(r, course_span(r, i), -1, SLICE_P95) : (double)NAN;
}

static bool course_is_calm(const struct record_second *s, double base)
{
	return s->all.answered > 0 && s->all.failed == 0 &&
	       s->all.p95 <= (base * COURSE_SLOWER + COURSE_SLOWER_MS) * 1000;
}

json_t *course_recovery(const struct run *r)
{
	size_t peak = course_peak(r), from, i, calm = 0;
	double base, after = (double)NAN;

	if (peak == 0)
		return json_null();
	base = course_base(r, peak);
	if (isnan(base))
		return json_null();
	from = course_span(r, peak).to;
	for (i = from; i < r->record.nseconds && isnan(after); i++) {
		calm = course_is_calm(&r->record.seconds[i], base) ? calm + 1 : 0;
		if (calm == COURSE_CALM)
			after = (double)(i + 1 - COURSE_CALM - from);
	}
	return json_pack("{s:o,s:I,s:o}", "base_p95_ms", course_real(base), "overload_ended_s",
		(json_int_t)from, "after_s", course_real(after));
}

/* ---- what grew */

struct line {
	double n, x, y, xx, xy, last_x;
};

static void line_add(struct line *l, double x, double y)
{
	l->n++;
	l->x += x;
	l->y += y;
	l->xx += x * x;
	l->xy += x * y;
	l->last_x = x;
}

/* By least squares, a second. */
static double line_slope(const struct line *l)
{
	return (l->n * l->xy - l->x * l->y) / (l->n * l->xx - l->x * l->x);
}

/* How much the line climbs over the run, in percent of its mean. */
static void course_add_line(const struct run *r, json_t *json, const char *what,
	enum host_group group, size_t offset, double unit)
{
	size_t i = r->record.nseconds / COURSE_WARM_UP, first = i;
	struct line line = {0};
	double mean, slope;
	int64_t value;
	char name[64];

	for (; i < r->record.nseconds; i++) {
		value = ((const int64_t *)(const void *)((const char *)&r->samples[i].host +
							 offset))[group];
		if (value > 0)
			line_add(&line, (double)i, (double)value / unit);
	}
	if (line.n < COURSE_SAMPLES)
		return;
	mean = line.y / line.n;
	slope = line_slope(&line);
	tt_format(name, sizeof(name), "%s_%s", host_group_word(group), what);
	json_object_set_new(json, name, course_real(mean));
	tt_format(name, sizeof(name), "%s_%s_per_hour", host_group_word(group), what);
	json_object_set_new(json, name, course_real(slope * 3600));
	tt_format(name, sizeof(name), "%s_%s_percent", host_group_word(group), what);
	json_object_set_new(
		json, name, course_real(100 * slope * (line.last_x - (double)first) / mean));
}

/* Of several hosts the highest figure stands for all: a leak is one wherever it is. */
static void course_take_highest(json_t *json, json_t *of_host)
{
	const char *key;
	json_t *value, *known;

	json_object_foreach(of_host, key, value)
	{
		known = json_object_get(json, key);
		if (!known || json_number_value(value) > json_number_value(known))
			json_object_set(json, key, value);
	}
}

json_t *course_flatness(const struct run *r)
{
	json_t *json = json_object();
	long i;
	int g;

	for (g = 0; g < HOST_GROUPS; g++) {
		course_add_line(r, json, "mb", (enum host_group)g,
			offsetof(struct host_sample, private_bytes), 1048576);
		course_add_line(r, json, "descriptors", (enum host_group)g,
			offsetof(struct host_sample, descriptors), 1);
	}
	for (i = 0; r->agents && i < r->options.hosts; i++)
		course_take_highest(json, json_object_get(r->agents[i].machine, "flatness"));
	return json;
}

/* ---- what was taken away */

static json_t *stolen_here(const struct run *r)
{
	double sum = 0, peak = 0, n = 0;
	json_t *json = json_object();
	size_t i;

	for (i = 0; i < r->record.nseconds; i++) {
		if (!r->samples[i].host.has_stolen)
			continue;
		sum += 100 * r->samples[i].host.stolen;
		peak = fmax(peak, 100 * r->samples[i].host.stolen);
		n++;
	}
	if (n > 0) {
		json_object_set_new(json, "mean_percent", course_real(sum / n));
		json_object_set_new(json, "peak_percent", course_real(peak));
	}
	return json;
}

json_t *course_stolen(const struct run *r)
{
	json_t *json = stolen_here(r), *mean;
	long i;

	for (i = 0; r->agents && i < r->options.hosts; i++)
		course_take_highest(json, json_object_get(r->agents[i].machine, "stolen"));
	mean = json_object_get(json, "mean_percent");
	if (!mean) {
		json_decref(json);
		return json_null();
	}
	json_object_set_new(
		json, "is_warning", json_boolean(json_number_value(mean) >= COURSE_STOLEN));
	return json;
}
