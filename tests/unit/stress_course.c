/*
 * What the seconds of a run say of its course.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../stress/course.h"
#include "../../stress/lead.h"

#define SECONDS 30

/* A run of one operation: 10 s at 100, 10 s at 1,000, 10 s at 100. */
struct fixture {
	struct run run;
	struct profile profile;
	struct profile_op op;
	struct profile_stage stages[3];
	struct record_op record_op;
	struct record_slice slices[SECONDS];
	struct record_second seconds[SECONDS];
	struct run_sample samples[SECONDS];
	double limit;
};

static void fixture_second(struct fixture *f, size_t i, uint32_t p95_us, uint32_t failed)
{
	struct record_slice slice = {
		.answered = 100, .failed = failed, .p50 = p95_us / 2, .p95 = p95_us, .p99 = p95_us};

	f->slices[i] = f->seconds[i].all = slice;
	f->seconds[i].attempts = 100;
	f->seconds[i].level = i < 10 || i >= 20 ? 100 : 1000;
}

static struct fixture *fixture_new(void)
{
	struct fixture *f = calloc(1, sizeof(*f));
	size_t i;

	strcpy(f->op.name, "look");
	for (i = 0; i < 3; i++)
		f->stages[i] = (struct profile_stage){.seconds = 10,
			.from = i == 1 ? 1000 : 100,
			.to = i == 1 ? 1000 : 100,
			.is_measured = true};
	f->record_op.slices = f->slices;
	f->profile = (struct profile){.ops = &f->op,
		.nops = 1,
		.stages = f->stages,
		.nstages = 3,
		.break_p95_ms = &f->limit};
	f->run.profile = &f->profile;
	f->run.options.scale = 1;
	f->run.level_factor = 1;
	f->run.record.ops = &f->record_op;
	f->run.record.nops = 1;
	f->run.record.seconds = f->seconds;
	f->run.record.nseconds = SECONDS;
	f->run.samples = f->samples;
	for (i = 0; i < SECONDS; i++)
		fixture_second(f, i, i >= 10 && i < 20 ? 900000 : 4000, 0);
	return f;
}

static double number(json_t *of, const char *name)
{
	json_t *value = json_object_get(of, name);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

static void a_stage_is_the_median_of_its_seconds(void **state)
{
	struct fixture *f = fixture_new();
	json_t *rows;

	(void)state;
	fixture_second(f, 3, 5000000, 50);
	rows = course_stages(&f->run);
	assert_int_equal(json_array_size(rows), 3);
	assert_float_equal(number(json_array_get(rows, 0), "p95_ms"), 4, 1e-6);
	assert_float_equal(number(json_array_get(rows, 0), "error_percent"), 5, 1e-6);
	assert_float_equal(number(json_array_get(rows, 1), "p95_ms"), 900, 1e-6);
	json_decref(rows);
	free(f);
}

static void recovery_is_three_calm_seconds(void **state)
{
	struct fixture *f = fixture_new();
	json_t *json;

	(void)state;
	fixture_second(f, 20, 900000, 0);
	fixture_second(f, 22, 900000, 0);
	fixture_second(f, 24, 4000, 1);
	json = course_recovery(&f->run);
	assert_float_equal(number(json, "base_p95_ms"), 4, 1e-6);
	assert_float_equal(number(json, "overload_ended_s"), 20, 1e-6);
	assert_float_equal(number(json, "after_s"), 5, 1e-6);
	json_decref(json);
	free(f);
}

static void what_never_recovers_has_no_time(void **state)
{
	struct fixture *f = fixture_new();
	json_t *json;
	size_t i;

	(void)state;
	for (i = 20; i < SECONDS; i++)
		fixture_second(f, i, 20000, 0);
	json = course_recovery(&f->run);
	assert_true(json_is_null(json_object_get(json, "after_s")));
	json_decref(json);
	f->stages[2].is_measured = false;
	assert_true(json_is_null(course_recovery(&f->run)));
	free(f);
}

/* The seconds come one by one: at the end of the step that is too slow the later steps go. */
static void a_step_that_is_too_slow_is_the_last(void **state)
{
	struct fixture *f = fixture_new();
	json_t *json;

	(void)state;
	f->limit = 100;
	f->stages[0].is_step = f->stages[1].is_step = f->stages[2].is_step = true;
	for (f->run.record.nseconds = 1; f->run.record.nseconds < 20; f->run.record.nseconds++)
		course_second(&f->run);
	assert_int_equal(f->run.broken_stage, 0);
	course_second(&f->run);
	assert_int_equal(f->run.broken_stage, 1);
	assert_true(f->stages[2].seconds == 0);
	assert_float_equal(f->run.seconds, 20, 1e-6);
	json = course_break(&f->run);
	assert_float_equal(number(json, "held_level"), 100, 1e-6);
	assert_float_equal(number(json, "broke_level"), 1000, 1e-6);
	assert_non_null(
		strstr(json_string_value(json_object_get(json, "because")), "look takes 900"));
	json_decref(json);
	free(f);
}

static void what_gave_way_first_is_first(void **state)
{
	struct fixture *f = fixture_new();
	json_t *rows, *cores;
	size_t i;

	(void)state;
	for (i = 0; i < SECONDS; i++) {
		f->samples[i].host.busy = i >= 14 ? 0.99 : 0.3;
		f->samples[i].host.cores[HOST_POSTGRES] = 0.2f * (float)host_cores();
		f->samples[i].server.pools.sv_active = i >= 11 ? 16 : 4;
		f->samples[i].server.pools.cl_waiting = i >= 11 || i == 2 ? 3 : 0;
	}
	rows = course_limits(&f->run, 16);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(rows, 0), "what")), "pool");
	assert_float_equal(number(json_array_get(rows, 0), "second"), 12, 1e-6);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(rows, 1), "what")), "processors");
	cores = json_object_get(json_array_get(rows, 1), "cores");
	assert_float_equal(number(cores, "postgres"), 0.2f * (float)host_cores(), 1e-6);
	assert_float_equal(number(cores, "others"), 0.79f * (float)host_cores(), 1e-6);
	json_decref(rows);
	free(f);
}

/* The same limit; but the processors were away, not at work. */
static void time_that_was_stolen_is_told_from_work(void **state)
{
	struct fixture *f = fixture_new();
	json_t *rows, *first, *stolen;
	size_t i;

	(void)state;
	stolen = course_stolen(&f->run);
	assert_true(json_is_null(stolen));
	for (i = 0; i < SECONDS; i++) {
		f->samples[i].host.has_stolen = true;
		f->samples[i].host.busy = i >= 14 ? 0.99 : 0.3;
		f->samples[i].host.stolen = i >= 14 && i < 20 ? 0.25 : 0;
	}
	rows = course_limits(&f->run, 16);
	first = json_array_get(rows, 0);
	assert_string_equal(json_string_value(json_object_get(first, "what")), "processors");
	assert_non_null(strstr(json_string_value(json_object_get(first, "help")), "stolen time"));
	assert_float_equal(number(json_object_get(first, "cores"), "stolen"),
		0.25f * (float)host_cores(), 1e-6);
	json_decref(rows);
	stolen = course_stolen(&f->run);
	assert_float_equal(number(stolen, "mean_percent"), 5, 1e-6);
	assert_float_equal(number(stolen, "peak_percent"), 25, 1e-6);
	assert_true(json_is_true(json_object_get(stolen, "is_warning")));
	json_decref(stolen);
	free(f);
}

static void a_host_that_was_robbed_is_told_of_all(void **state)
{
	struct fixture *f = fixture_new();
	struct run_agent agents[2] = {0};
	json_t *stolen;
	size_t i;

	(void)state;
	for (i = 0; i < SECONDS; i++)
		f->samples[i].host.has_stolen = true;
	stolen = course_stolen(&f->run);
	assert_true(json_is_false(json_object_get(stolen, "is_warning")));
	json_decref(stolen);
	f->run.agents = agents;
	f->run.options.hosts = 2;
	agents[1].machine = json_pack("{s:{s:f,s:f,s:b}}", "stolen", "mean_percent", 3.5,
		"peak_percent", 11.0, "is_warning", 1);
	stolen = course_stolen(&f->run);
	assert_float_equal(number(stolen, "mean_percent"), 3.5, 1e-6);
	assert_float_equal(number(stolen, "peak_percent"), 11, 1e-6);
	assert_true(json_is_true(json_object_get(stolen, "is_warning")));
	json_decref(stolen);
	json_decref(agents[1].machine);
	free(f);
}

static void a_line_is_put_through_what_grows(void **state)
{
	struct fixture *f = fixture_new();
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < SECONDS; i += 3) {
		f->samples[i].host.private_bytes[HOST_STATIONS] = (int64_t)(100 + i) << 20;
		f->samples[i].host.descriptors[HOST_STATIONS] = 700;
	}
	json = course_flatness(&f->run);
	assert_float_equal(number(json, "stations_mb_per_hour"), 3600, 0.5);
	assert_true(number(json, "stations_mb_percent") > 15);
	assert_float_equal(number(json, "stations_descriptors_percent"), 0, 1e-6);
	assert_null(json_object_get(json, "postgres_mb"));
	json_decref(json);
	free(f);
}

static void a_leak_on_one_host_is_one_of_all(void **state)
{
	struct fixture *f = fixture_new();
	struct run_agent agents[3] = {0};
	json_t *json;
	int i;

	(void)state;
	f->run.agents = agents;
	f->run.options.hosts = 3;
	/* The last one is lost: it has told nothing. */
	for (i = 0; i < 2; i++)
		agents[i].machine = json_pack("{s:{s:f,s:f}}", "flatness", "stations_mb_percent",
			i ? 0.5 : 25.0, "stations_descriptors_percent", i ? 3.0 : -1.0);
	json = course_flatness(&f->run);
	assert_float_equal(number(json, "stations_mb_percent"), 25, 1e-6);
	assert_float_equal(number(json, "stations_descriptors_percent"), 3, 1e-6);
	assert_int_equal(json_object_size(json), 2);
	json_decref(json);
	json_decref(agents[0].machine);
	json_decref(agents[1].machine);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stage_is_the_median_of_its_seconds),
		cmocka_unit_test(recovery_is_three_calm_seconds),
		cmocka_unit_test(what_never_recovers_has_no_time),
		cmocka_unit_test(a_step_that_is_too_slow_is_the_last),
		cmocka_unit_test(what_gave_way_first_is_first),
		cmocka_unit_test(time_that_was_stolen_is_told_from_work),
		cmocka_unit_test(a_host_that_was_robbed_is_told_of_all),
		cmocka_unit_test(a_line_is_put_through_what_grows),
		cmocka_unit_test(a_leak_on_one_host_is_one_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
