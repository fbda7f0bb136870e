// SPDX-License-Identifier: GPL-2.0
/* Latencies counted in classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/latency.h"

static void test_nothing(void **state)
{
	struct latency l = { 0 };

	assert_int_equal(latency_quantile_us(&l, 990), 0);
}

static void test_bounds(void **state)
{
	struct latency l = { 0 };

	latency_add(&l, 0);
	latency_add(&l, 1000);
	latency_add(&l, 1001);
	latency_add(&l, UINT64_MAX / 2);
	assert_int_equal(l.count[0], 2);
	assert_int_equal(l.count[1], 1);
	assert_int_equal(l.count[LATENCY_CLASSES - 1], 1);
	assert_int_equal(latency_bound_us(0), 1000);
	assert_int_equal(latency_quantile_us(&l, 500), 1000);
	assert_int_equal(latency_quantile_us(&l, 1000), UINT64_MAX / 2);
}

static void test_quantile(void **state)
{
	struct latency l = { 0 }, more = { 0 };
	unsigned int i;

	for (i = 0; i < 989; i++)
		latency_add(&l, 3000);
	latency_add(&more, 700000);
	for (i = 0; i < 10; i++)
		latency_add(&more, 8000);
	latency_merge(&l, &more);
	assert_int_equal(l.n, 1000);
	assert_int_equal(l.sum_us, 989 * 3000 + 700000 + 80000);
	/* 989 of them are between 2 and 5 ms. */
	assert_in_range(latency_quantile_us(&l, 500), 2000, 5000);
	assert_int_equal(latency_quantile_us(&l, 989), 5000);
	assert_in_range(latency_quantile_us(&l, 990), 5001, 10000);
	/* Not the bound of its class: the longest there was. */
	assert_int_equal(latency_quantile_us(&l, 1000), 700000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_quantile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
