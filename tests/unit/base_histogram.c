/*
 * Quantiles against exact ones: never further off than the header promises.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/clock.h>
#include <tracetrack/histogram.h>

#define READINGS 20000

static const double shares[] = {0.001, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* From a microsecond to an hour, alike in all orders of magnitude. */
static uint64_t draw(void)
{
	unsigned bits = tt_random_below(32);

	return (1ull << bits) + tt_random_below((uint32_t)(1ull << bits));
}

static void assert_near(uint64_t got, uint64_t exact)
{
	double off = fabs((double)got - (double)exact);

	if (off > 0.008 * (double)exact + 0.5)
		fail_msg("%llu for %llu", (unsigned long long)got, (unsigned long long)exact);
}

static void quantiles_are_near_the_exact_ones(void **state)
{
	uint64_t *all = test_malloc(READINGS * sizeof(*all));
	struct tt_histogram h = {0};

	(void)state;
	for (size_t i = 0; i < READINGS; i++) {
		all[i] = draw();
		tt_histogram_add(&h, all[i]);
	}
	qsort(all, READINGS, sizeof(*all), compare);
	assert_int_equal(h.count, READINGS);
	assert_int_equal(h.min, all[0]);
	assert_int_equal(h.max, all[READINGS - 1]);
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++)
		assert_near(tt_histogram_quantile(&h, shares[i]),
			all[(size_t)ceil(shares[i] * READINGS) - 1]);
	test_free(all);
}

static void every_value_alone_is_itself(void **state)
{
	(void)state;
	for (uint64_t v = 0; v < 1ull << 32; v = v < 5000 ? v + 1 : v + v / 7) {
		struct tt_histogram h = {0};

		tt_histogram_add(&h, v);
		assert_int_equal(tt_histogram_quantile(&h, 0.5), v);
	}
}

static void bounds_hold(void **state)
{
	struct tt_histogram h = {0};

	(void)state;
	assert_int_equal(tt_histogram_quantile(&h, 0.5), 0);
	tt_histogram_add(&h, 0);
	tt_histogram_add(&h, UINT64_MAX);
	assert_int_equal(h.min, 0);
	assert_int_equal(h.max, UINT32_MAX);
	assert_int_equal(tt_histogram_quantile(&h, 0), 0);
	assert_int_equal(tt_histogram_quantile(&h, 1), UINT32_MAX);
}

static void merging_is_adding_all(void **state)
{
	static struct tt_histogram parts[3], whole, merged;
	uint64_t v, sum = 0;

	(void)state;
	for (size_t i = 0; i < READINGS; i++) {
		v = draw();
		sum += v > UINT32_MAX ? UINT32_MAX : v;
		tt_histogram_add(&parts[i % 2], v); /* the third stays empty */
		tt_histogram_add(&whole, v);
	}
	for (size_t i = 0; i < 3; i++)
		tt_histogram_merge(&merged, &parts[i]);
	assert_memory_equal(&merged, &whole, sizeof(whole));
	assert_int_equal(whole.sum, sum);
}

static void it_takes_less_than_8_kib(void **state)
{
	(void)state;
	assert_true(sizeof(struct tt_histogram) < 8192);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_are_near_the_exact_ones),
		cmocka_unit_test(every_value_alone_is_itself),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(merging_is_adding_all),
		cmocka_unit_test(it_takes_less_than_8_kib),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
