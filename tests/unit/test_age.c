// SPDX-License-Identifier: GPL-2.0
/* Spans of time for people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/age.h"

static void ages(void **state)
{
	static const struct {
		uint64_t ms;
		const char *text;
	} v[] = {
		{ 0, "0 s" },
		{ 40, "0.0 s" },
		{ 399, "0.3 s" },
		{ 3000, "3 s" },
		{ 9999, "9.9 s" },
		{ 10500, "10 s" },
		{ 119999, "119 s" },
		{ 120000, "2 min" },
		{ 7199999, "119 min" },
		{ 7200000, "2 h" },
		{ 172800000, "2 days" },
		{ UINT64_MAX - 1, "213503982334 days" },
	};
	char text[AGE_TEXT];
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		age_format(v[i].ms, text);
		assert_string_equal(text, v[i].text);
	}
}

static void latencies(void **state)
{
	char text[AGE_TEXT];

	age_latency(400, text);
	assert_string_equal(text, "0.4 ms");
	age_latency(21900, text);
	assert_string_equal(text, "21 ms");
	age_latency(1500000, text);
	assert_string_equal(text, "1.5 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ages),
		cmocka_unit_test(latencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
