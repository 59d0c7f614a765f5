/*
 * The parts of the load generator that need no station: answers, values, counters.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../stress/answer.h"
#include "../../stress/record.h"
#include "../../stress/value.h"

static struct answer answer(const char *line)
{
	struct answer a;

	assert_true(answer_read(&a, line, strlen(line)));
	return a;
}

static void words_at_the_top_are_read(void **state)
{
	struct answer a =
		answer("{\"seq\":1,\"cmd\":\"scan\",\"outcome\":\"linked\",\"class\":\"done\","
		       "\"parent\":\"SB1\",\"durable\":\"db\",\"event_seq\":12,\"ms\":1.5}");

	(void)state;
	assert_string_equal(a.outcome, "linked");
	assert_string_equal(a.class, "done");
	assert_string_equal(a.parent, "SB1");
	assert_string_equal(a.durable, "db");
	assert_int_equal(a.event_seq, 12);
	assert_false(a.is_ready);
}

static void what_is_deeper_or_quoted_is_not(void **state)
{
	struct answer a =
		answer("{\"message\":\"say \\\"outcome\\\":\\\"ok\\\" }\",\"error\":{\"outcome\":"
		       "\"x\",\"list\":[{\"class\":\"done\"},\"]}\"]},\"outcome\":\"timeout\"}");

	(void)state;
	assert_string_equal(a.outcome, "timeout");
	assert_string_equal(a.class, "");
	a = answer("{\"outcome\":\"ok\",\"data\":{\"outcome\":\"late\"}}");
	assert_string_equal(a.outcome, "ok");
	a = answer("{\"ready\":true,\"waiting\":3}");
	assert_true(a.is_ready);
	assert_int_equal(a.waiting, 3);
}

static void what_is_no_object_is_told(void **state)
{
	static const char *const lines[] = {
		"", "{", "[]", "hello", "{\"a\":}x", "{\"a\":\"b", "{\"a\" 1}"};
	struct answer a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_false(answer_read(&a, lines[i], strlen(lines[i])));
}

/* Whatever is cut short anywhere is read within its bounds. */
static void a_cut_line_is_not_read_beyond_its_end(void **state)
{
	static const char line[] =
		"{\"outcome\":\"a\\\"\",\"x\":[{\"y\":\"}\"},2],\"class\":\"done\"}";
	struct answer a;
	size_t len;
	char *copy;

	(void)state;
	for (len = 0; len < sizeof(line) - 1; len++) {
		copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, line, len);
		(void)answer_read(&a, copy, len);
		free(copy);
	}
}

static void same_seed_same_sequence(void **state)
{
	uint64_t a = value_seed(7, 3), b = value_seed(7, 3), other = value_seed(7, 4);
	bool differs = false;
	long x;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		x = value_random(&a, 10, 20);
		assert_in_range(x, 10, 20);
		assert_int_equal(x, value_random(&b, 10, 20));
		differs |= x != value_random(&other, 10, 20);
	}
	assert_true(differs);
}

static void values_are_put_into_commands(void **state)
{
	char *words[] = {"only"};
	struct profile_value values[] = {
		{.name = "w", .words = words, .nwords = 1}, {.name = "n",
								    .prefix = "SB",
								    .digits = 4,
								    .suffix = "X",
								    .is_next = true,
								    .has_from = true,
								    .from = 9999}};
	struct profile p = {.values = values, .nvalues = 2};
	struct client c = {.number = 4, .random = 1, .parent = "SB77777"};
	struct value_world w;
	char line[100];

	(void)state;
	value_world_init(&w, &p, tt_now());
	assert_int_equal(value_expand(&w, &c, "a {w} {n}", line, sizeof(line)), 15);
	assert_string_equal(line, "a only SB9999X\n");
	(void)value_expand(&w, &c, "{n}", line, sizeof(line));
	assert_string_equal(line, "SB0000X\n");
	(void)value_expand(&w, &c, "{client} {own_parent}", line, sizeof(line));
	assert_string_equal(line, "5 SB77777\n");
	assert_int_equal(value_expand(&w, &c, "{own_parent}{own_parent}", line, 9), 8);
	assert_int_equal(line[7], '\n');
}

static void counters_are_the_sum_of_results(void **state)
{
	struct record_end end = {.op = 1, .outcome = "ok", .us = 1000, .is_measured = true};
	struct record r;
	int i;

	(void)state;
	record_init(&r, 2);
	for (i = 0; i < 40; i++) {
		record_attempt(&r, 1);
		end.result = (enum result)(i % RESULT_KINDS);
		end.is_local = i % 8 == 0;
		record_add(&r, &end);
	}
	record_tick(&r, 5, 0);
	assert_int_equal(r.ops[1].sum.tally.attempts, 40);
	assert_int_equal(record_ended(&r.ops[1].sum.tally), 40);
	assert_int_equal(record_ended(&r.all), 40);
	assert_int_equal(r.ops[1].sum.tally.local, 5);
	assert_int_equal(r.ops[1].sum.latency.count, 35);
	assert_int_equal(r.ops[1].sum.tally.measured, 15);
	assert_int_equal(r.seconds[0].attempts, 40);
	assert_int_equal(r.seconds[0].all.failed, 20);
	assert_int_equal(r.ops[0].slices[0].answered, 0);
	record_fini(&r);
}

static void many_outcomes_share_the_last_place(void **state)
{
	struct record_end end = {.result = RESULT_REFUSED};
	struct record r;
	char name[24];
	uint64_t sum = 0;
	size_t i;

	(void)state;
	record_init(&r, 1);
	end.outcome = name;
	for (i = 0; i < 3 * RECORD_OUTCOMES; i++) {
		tt_format(name, sizeof(name), "outcome%zu", i);
		record_add(&r, &end);
	}
	assert_int_equal(r.ops[0].second.noutcomes, RECORD_OUTCOMES);
	for (i = 0; i < RECORD_OUTCOMES; i++)
		sum += r.ops[0].second.outcomes[i].count;
	assert_int_equal(sum, 3 * RECORD_OUTCOMES);
	assert_string_equal(r.ops[0].second.outcomes[RECORD_OUTCOMES - 1].name, "others");
	record_fini(&r);
}

/* A second of two operations, as chance has it. */
static void fill_second(struct record *r, uint64_t *random)
{
	struct record_end end = {0};
	char name[24];
	int i;

	end.outcome = name;
	for (i = 0; i < 500; i++) {
		end.op = (int)value_random(random, 0, 1);
		end.result = (enum result)value_random(random, 0, RESULT_KINDS - 1);
		end.us = (uint64_t)value_random(random, 0, 1L << value_random(random, 0, 30));
		end.bytes = (size_t)value_random(random, 0, 900);
		end.is_measured = value_random(random, 0, 3) > 0;
		end.is_local = end.result == RESULT_REFUSED && value_random(random, 0, 3) == 0;
		tt_format(name, sizeof(name), "outcome%ld", value_random(random, 0, 40));
		record_attempt(r, end.op);
		record_add(r, &end);
		record_late(r, end.us / 100, end.is_measured);
	}
	record_workflow(r);
}

static uint64_t outcomes_sum(const struct record_part *part)
{
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < part->noutcomes; i++)
		sum += part->outcomes[i].count;
	return sum;
}

/* As it arrives. */
static json_t *sent(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	json_t *arrived = json_loads(text, 0, NULL);

	json_decref(json);
	free(text);
	assert_non_null(arrived);
	return arrived;
}

/* Three hosts' seconds, sent and added up, are what one host would have counted. */
static void merged_hosts_are_their_sum(void **state)
{
	struct record whole, merged, hosts[3];
	uint64_t random = value_seed(3, 1), in_flight = 0, same;
	json_t *json;
	int second, i;

	(void)state;
	record_init(&whole, 2);
	record_init(&merged, 2);
	for (i = 0; i < 3; i++)
		record_init(&hosts[i], 2);
	for (second = 0; second < 4; second++) {
		for (i = 0; i < 3; i++) {
			same = random;
			fill_second(&hosts[i], &random);
			fill_second(&whole, &same);
			json = sent(record_pack_second(&hosts[i], 7));
			assert_true(record_add_second(&merged, json, &in_flight));
			record_tick(&hosts[i], 1, 7);
			json_decref(json);
		}
		record_tick(&whole, 1, in_flight);
		record_tick(&merged, 1, in_flight);
	}
	assert_int_equal(in_flight, 4 * 3 * 7);
	assert_memory_equal(&merged.all, &whole.all, sizeof(whole.all));
	assert_memory_equal(&merged.late, &whole.late, sizeof(whole.late));
	assert_int_equal(merged.workflows, 12);
	for (i = 0; i < 2; i++) {
		assert_memory_equal(&merged.ops[i].sum.tally, &whole.ops[i].sum.tally,
			sizeof(struct record_tally));
		assert_memory_equal(&merged.ops[i].sum.latency, &whole.ops[i].sum.latency,
			sizeof(struct tt_histogram));
		assert_memory_equal(
			merged.ops[i].slices, whole.ops[i].slices, 4 * sizeof(struct record_slice));
		assert_int_equal(
			outcomes_sum(&merged.ops[i].sum), record_ended(&merged.ops[i].sum.tally));
	}
	assert_memory_equal(merged.seconds, whole.seconds, 4 * sizeof(*whole.seconds));
	for (i = 0; i < 3; i++)
		record_fini(&hosts[i]);
	record_fini(&whole);
	record_fini(&merged);
}

static bool takes(struct record *r, const char *text)
{
	json_t *json = json_loads(text, 0, NULL);
	uint64_t in_flight = 0;
	bool is_taken;

	assert_non_null(json);
	is_taken = record_add_second(r, json, &in_flight);
	json_decref(json);
	return is_taken;
}

static void a_second_that_does_not_fit_adds_nothing(void **state)
{
	struct record r;

	(void)state;
	record_init(&r, 2);
	assert_true(takes(&r, "{\"operations\":[{\"attempts\":1},{}]}"));
	assert_false(takes(&r, "{}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1}]}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1},{\"outcomes\":[[1,2,3]]}]}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1},{\"outcomes\":[[\"a\",9,3]]}]}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1},{\"latency\":{\"sub_bits\":6,"
			       "\"count\":2,\"buckets\":[[5,1]]}}]}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1},{\"latency\":{\"sub_bits\":6,"
			       "\"count\":1,\"buckets\":[[99999,1]]}}]}"));
	assert_false(takes(&r, "{\"operations\":[{\"attempts\":1},{}],\"late\":{\"sub_bits\":5}}"));
	assert_int_equal(r.all.attempts, 1);
	record_fini(&r);
}

static void hosts_take_turns_with_new_numbers(void **state)
{
	struct profile_value value = {.name = "n", .digits = 3, .is_next = true, .has_from = true};
	struct client c = {.random = 1};
	struct value_world w;
	bool is_taken[30] = {false};
	char line[16];
	struct profile p;
	int i;

	(void)state;
	for (i = 0; i < 30; i++) {
		if (i % 10 == 0) {
			value.taken = 0;
			p = (struct profile){.values = &value, .nvalues = 1};
			value_world_init(&w, &p, 5);
			w.host = i / 10;
			w.hosts = 3;
		}
		(void)value_expand(&w, &c, "{n}", line, sizeof(line));
		assert_in_range(strtol(line, NULL, 10), 0, 29);
		assert_false(is_taken[strtol(line, NULL, 10)]);
		is_taken[strtol(line, NULL, 10)] = true;
	}
}

/* What is not understood is an error that says where; nothing is passed over. */
#define PROFILE_OF(fields)                                                                \
	"{\"loop\": \"closed\", \"clients\": 2, \"stages\": [{\"seconds\": 1, "           \
	"\"level\": 2}], \"operations\": {\"a\": \"state\", \"in\": \"@login\", \"no\": " \
	"\"@wrong-login\"}, " fields "}"
#define CLASS_OF(fields) \
	PROFILE_OF("\"classes\": [{\"name\": \"x\", \"login\": \"who%03d\", " fields "}]")
#define STEP_OF(fields) CLASS_OF("\"script\": [{\"do\": \"a\", " fields "}]")
#define MIX "\"mix\": {\"a\": 1}"
#define STAGE_OF(fields)                                                                           \
	"{\"loop\": \"closed\", \"clients\": 2, \"operations\": {\"a\": \"state\"}, \"classes\": " \
	"[{\"name\": \"x\", \"login\": \"x\", " MIX "}], \"stages\": [{" fields "}]}"

static const struct broken_profile {
	const char *json, *says; /* NULL: nothing is wrong */
} broken_profiles[] = {{CLASS_OF(MIX), NULL}, {STEP_OF("\"times\": [0, 2], \"one_in\": 3"), NULL},
	{CLASS_OF("\"script\": [{\"do\": \"no\", \"one_in\": 2}, \"in\", \"a\"]"), NULL},
	{"{\"clients\": \"2\"}", "\"clients\" must be a whole number"},
	{"{\"clients\": 2.5}", "\"clients\" must be a whole number"},
	{"{\"timeout_s\": null}", "\"timeout_s\" must be a number"},
	{"{\"timeout_s\": 1e300}", "\"timeout_s\" must be a number"},
	{"{\"queue\": []}", "\"queue\" must be a whole number"},
	{"{\"hold\": 5}", "\"hold\" must be an object"},
	{"{\"help\": {}}", "\"help\" must be a text"},
	{"{\"clinets\": 2}", "what is \"clinets\"? There are: help, loop, clients"},
	{PROFILE_OF("\"breaks\": {\"error_percent\": \"few\"}"),
		"\"error_percent\" must be a number"},
	{PROFILE_OF("\"values\": {\"v\": {\"form\": \"%05d\", \"from\": \"1\", \"to\": 5}}"),
		"value v: \"from\" must be"},
	{PROFILE_OF("\"values\": {\"v\": {\"form\": \"%05d\", \"next\": 1}}"),
		"value v: \"next\" must be true or false"},
	{STAGE_OF("\"seconds\": 1, \"level\": -2"), "a stage: \"level\" must be"},
	{STAGE_OF("\"seconds\": 1, \"level\": [1, 2, 3]"), "a stage: \"level\" must be"},
	{STAGE_OF("\"seconds\": \"60\", \"level\": 1"), "a stage: \"seconds\" must be"},
	{STAGE_OF("\"seconds\": 1, \"level\": 1, \"measured\": 1"), "\"measured\" must be"},
	{STAGE_OF("\"seconds\": 1, \"level\": 1, \"step\": \"yes\""), "\"step\" must be"},
	{CLASS_OF(MIX ", \"share\": \"all\""), "a class: \"share\" must be"},
	{CLASS_OF(MIX ", \"rounds\": 1.5"), "a class: \"rounds\" must be"},
	{CLASS_OF(MIX ", \"wait_ms\": \"long\""), "a class: \"wait_ms\" must be"},
	{CLASS_OF(MIX ", \"before\": {}"), "a class: \"before\" must be an array"},
	{CLASS_OF("\"mix\": 3"), "a class: \"mix\" must be an object"},
	{STEP_OF("\"times\": \"often\""), "script of x: \"times\" must be"},
	{STEP_OF("\"one_in\": -3"), "script of x: \"one_in\" must be"},
	{STEP_OF("\"wait_ms\": [1]"), "script of x: \"wait_ms\" must be"},
	{STEP_OF("\"may_be_refused\": 0"), "\"may_be_refused\" must be true or false"},
	{STEP_OF("\"times\": 0"), "does nothing"},
	{CLASS_OF("\"mix\": {\"in\": 1}"), "only a script can begin with"},
	{CLASS_OF("\"script\": [\"a\", \"in\"]"), "logs in at its beginning"},
	{CLASS_OF("\"script\": [\"in\", \"in\", \"a\"]"), "logs in at its beginning"},
	{CLASS_OF("\"script\": [{\"do\": \"in\", \"one_in\": 2}, \"a\"]"),
		"logs in at its beginning"},
	{CLASS_OF("\"script\": [\"no\", \"a\"]"), "logs in at its beginning"},
	{CLASS_OF("\"script\": [\"a\"], \"before\": [\"in\"]"), "nobody logs in before"},
	{CLASS_OF("\"script\": [\"in\"], \"before\": [\"a\"]"), "nothing comes before a login"},
	{"{\"loop\": \"closed\", \"clients\": 2, \"operations\": {\"a name of so many letters that "
	 "it "
	 "would be cut\": \"state\"}}",
		"is too long"}};

static void a_profile_is_understood_or_refused(void **state)
{
	const struct broken_profile *b = broken_profiles;
	struct tt_error err;
	struct profile p;
	json_t *json;
	enum tt_rc rc;

	(void)state;
	for (; b < broken_profiles + sizeof(broken_profiles) / sizeof(*broken_profiles); b++) {
		json = json_loads(b->json, 0, NULL);
		assert_non_null(json);
		err = (struct tt_error){0};
		rc = profile_take(&p, "broken", json, &err);
		if (rc != (b->says ? TT_CONFIG : TT_OK) ||
			(b->says && !strstr(err.message, b->says)))
			fail_msg("%s: %s", b->json, err.message);
		profile_free(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_understood_or_refused),
		cmocka_unit_test(words_at_the_top_are_read),
		cmocka_unit_test(what_is_deeper_or_quoted_is_not),
		cmocka_unit_test(what_is_no_object_is_told),
		cmocka_unit_test(a_cut_line_is_not_read_beyond_its_end),
		cmocka_unit_test(same_seed_same_sequence),
		cmocka_unit_test(values_are_put_into_commands),
		cmocka_unit_test(counters_are_the_sum_of_results),
		cmocka_unit_test(many_outcomes_share_the_last_place),
		cmocka_unit_test(merged_hosts_are_their_sum),
		cmocka_unit_test(a_second_that_does_not_fit_adds_nothing),
		cmocka_unit_test(hosts_take_turns_with_new_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
