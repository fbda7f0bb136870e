// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/osddump.h"

#define MAP                                                              \
	"{\"epoch\":41,\"modified\":\"2026-11-23T07:00:00.5+0000\","     \
	"\"pools\":[{\"pool\":1,\"pg_num\":8,\"object_hash\":2,"         \
	"\"flags_names\":\"hashpspool,full_quota\"},"                    \
	"{\"pool\":4,\"pg_num\":1024,\"object_hash\":2}],\"blocklist\":" \
	"{\"10.0.0.5:0/7\":\"2026-11-23T08:00:00.25+0000\","             \
	"\"10.0.0.6:0/0\":\"2036-11-23T08:00:00.25+0000\","              \
	"\"10.0.0.7:0/9\":\"2026-11-23T06:59:00.25+0000\"},"             \
	"\"range_blocklist\":{\"10.1.0.0/16\":\"2036-11-23T08:00:00+0000\"}}"

/* From "modified" to the end of that host's entry. */
#define HOST_S 315622800

static struct osddump dump;

static int setup(void **state)
{
	return osddump_take(&dump, json_tokener_parse(MAP));
}

static int teardown(void **state)
{
	osddump_free(&dump);
	return 0;
}

static int64_t fenced_for(const char *text)
{
	struct clientaddr a;

	assert_int_equal(clientaddr_parse(text, &a), 0);
	return osddump_fenced_for(&dump, &a);
}

static void test_blocklist(void **state)
{
	assert_int_equal(dump.epoch, 41);
	assert_int_equal(fenced_for("10.0.0.5:0/7"), 3600);
	assert_int_equal(fenced_for("10.0.0.5:0/8"), 0);
	/* Over, whole hosts and ranges do not count. */
	assert_int_equal(fenced_for("10.0.0.7:0/9"), 0);
	assert_int_equal(fenced_for("10.0.0.6:0/3"), 0);
	assert_int_equal(fenced_for("10.1.0.1:0/3"), 0);
}

/* The entry of a host counts for the host, that of an instance does not. */
static void test_hosts(void **state)
{
	struct clientaddr a;

	assert_int_equal(clientaddr_parse_host("10.0.0.6", &a), 0);
	assert_int_equal(osddump_fenced_for(&dump, &a), HOST_S);
	assert_int_equal(clientaddr_parse_host("10.0.0.5", &a), 0);
	assert_int_equal(osddump_fenced_for(&dump, &a), 0);
}

static void test_pools(void **state)
{
	struct osddump_pool pool;

	assert_true(osddump_pool(&dump, 4, &pool));
	assert_int_equal(pool.pg_num, 1024);
	assert_int_equal(pool.object_hash, 2);
	assert_false(pool.full);
	assert_true(osddump_pool(&dump, 1, &pool));
	assert_true(pool.full);
	assert_false(osddump_pool(&dump, 3, &pool));
}

static void test_time(void **state)
{
	assert_int_equal(osddump_time("1970-01-01T00:00:10.999999+0000"), 10);
	assert_int_equal(osddump_time("1970-01-01T02:00:00+0130"), 1800);
	assert_int_equal(osddump_time("1970-01-01T00:00:00-0100"), 3600);
	assert_int_equal(osddump_time("1970-01-01T00:00:01Z"), 1);
	assert_int_equal(osddump_time("yesterday"), -1);
	assert_int_equal(osddump_time("1970-01-01T00:00:01 x"), -1);
}

static void test_broken(void **state)
{
	static const char *const bad[] = {
		"{}",
		"[]",
		"{\"epoch\":1,\"modified\":\"2026-11-23T07:00:00+0000\",\"pools\":[]}",
		"{\"epoch\":0,\"modified\":\"2026-11-23T07:00:00+0000\",\"pools\":[],\"blocklist\":{}}",
		"{\"epoch\":1,\"modified\":\"never\",\"pools\":[],\"blocklist\":{}}",
		"{\"epoch\":1,\"modified\":\"2026-11-23T07:00:00+0000\",\"pools\":{},\"blocklist\":{}}",
	};
	struct osddump d;
	size_t i;

	assert_int_equal(osddump_take(&d, NULL), -EBADMSG);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(osddump_take(&d, json_tokener_parse(bad[i])),
				 -EBADMSG);
		osddump_free(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_blocklist, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_hosts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pools, setup, teardown),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
