// SPDX-License-Identifier: GPL-2.0
/* Which events belong to the end of which life of a node. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/evictions.h"

#define LINES 300

static struct eventline v[LINES];
static size_t n;
static struct eviction found[EVICTIONS_MAX];

static int setup(void **state)
{
	n = 0;
	return 0;
}

static int teardown(void **state)
{
	while (n)
		eventline_free(&v[--n]);
	return 0;
}

static void line(unsigned int second, int about, const char *life,
		 const char *what)
{
	char text[256];

	assert_true(n < LINES);
	snprintf(text, sizeof(text),
		 "{\"time\":\"2026-11-23T03:%02u:%02uZ\",\"node\":0,"
		 "\"about\":%d,\"state\":\"%s\",\"incarnation\":\"%s\","
		 "\"text\":\"is %s: no heartbeat in %u\"}",
		 second / 60, second % 60, about, what, life, what, second);
	eventline_parse(&v[n], text, 0);
	v[n].place = n;
	n++;
}

static void test_one(void **state)
{
	line(10, 1, "", "long before");
	line(200, 1, "", "slow");
	line(300, 1, "65", "suspect");
	line(301, 1, "65", "suspect");
	line(302, 1, "65", "fencing");
	line(302, 2, "77", "fencing");
	line(303, 1, "65", "fencing");
	line(304, 1, "65", "fenced");
	line(330, 0, "", "recovered");
	line(340, 1, "66", "joining");
	line(341, 1, "66", "active");

	assert_int_equal(evictions_find(v, n, 1, found), 1);
	assert_string_equal(found[0].life, "65");
	assert_string_equal(found[0].accused, "2026-11-23T03:05:01Z");
	assert_string_equal(found[0].condemned, "2026-11-23T03:05:02Z");
	assert_string_equal(found[0].proved, "2026-11-23T03:05:04Z");
	assert_string_equal(found[0].back, "2026-11-23T03:05:41Z");
	assert_string_equal(eviction_time(&found[0]), "2026-11-23T03:05:02Z");
	assert_string_equal(found[0].why, "no heartbeat in 302");
	assert_int_equal(found[0].from, 1);
	assert_int_equal(found[0].to, 9);
	assert_int_equal(evictions_find(v, n, 0, found), 0);
}

static void test_two_lives(void **state)
{
	line(100, 1, "65", "fencing");
	line(102, 1, "65", "fenced");
	line(120, 1, "66", "active");
	/* Two views passed between two looks: only the end was seen. */
	line(500, 1, "66", "fenced");

	assert_int_equal(evictions_find(v, n, 1, found), 2);
	assert_string_equal(found[0].back, "2026-11-23T03:02:00Z");
	assert_int_equal(found[0].from, 0);
	assert_int_equal(found[0].to, 3);
	assert_string_equal(found[1].condemned, "");
	assert_string_equal(found[1].back, "");
	assert_string_equal(found[1].why, "no heartbeat in 500");
	assert_string_equal(eviction_time(&found[1]), "2026-11-23T03:08:20Z");
	assert_int_equal(found[1].from, 3);
}

/* A refuted accusation is not the one that led to the end. */
static void test_refuted(void **state)
{
	line(100, 1, "65", "suspect");
	line(101, 1, "65", "active");
	line(400, 1, "65", "cut");
	line(405, 1, "65", "fencing");
	line(405, 1, "65", "suspect");

	assert_int_equal(evictions_find(v, n, 1, found), 1);
	assert_string_equal(found[0].accused, "2026-11-23T03:06:40Z");
	assert_string_equal(found[0].why, "no heartbeat in 405");
	assert_string_equal(found[0].proved, "");
	assert_string_equal(found[0].back, "");
}

static void test_bad_lines(void **state)
{
	char life[20];
	unsigned int i;

	eventline_parse(&v[n++], "cut in the mid", 1);
	eventline_parse(&v[n++],
			"{\"time\":\"soon\",\"about\":1,"
			"\"state\":\"fencing\",\"incarnation\":\"1\"}",
			0);
	assert_int_equal(evictions_find(v, n, 1, found), 1);
	assert_int_equal(found[0].to, found[0].from);
	for (i = 0; i < EVICTIONS_MAX + 1; i++) {
		snprintf(life, sizeof(life), "%x", 2 + i);
		line(i, 1, life, "fenced");
	}
	assert_int_equal(evictions_find(v, n, 1, found), EVICTIONS_MAX);
	assert_string_equal(found[0].life, "3");
	assert_string_equal(found[EVICTIONS_MAX - 1].life, life);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_lives, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_refuted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_lines, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
