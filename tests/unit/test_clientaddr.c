// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "lib/clientaddr.h"

static void expect_same(const char *text, const char *want)
{
	struct clientaddr a;
	char out[CLIENTADDR_TEXT];

	assert_int_equal(clientaddr_parse(text, &a), 0);
	clientaddr_format(&a, out);
	assert_string_equal(out, want);
}

static void test_forms(void **state)
{
	expect_same("10.0.0.5:0/3819", "10.0.0.5:0/3819");
	expect_same("v1:10.0.0.5:0/4294967295", "10.0.0.5:0/4294967295");
	expect_same("any:10.0.0.5:6800/1", "10.0.0.5:6800/1");
	expect_same("[fd00:0:0::5]:0/7", "[fd00::5]:0/7");
	expect_same("v2:[::1]:0/7", "[::1]:0/7");
}

static void test_own_address(void **state)
{
	struct clientaddr a, b;

	clientaddr_parse("10.0.0.5:0/3819", &b);
	assert_int_equal(clientaddr_parse_list("v2:10.0.0.5:0/3819", &a), 0);
	assert_true(clientaddr_equal(&a, &b));
	assert_int_equal(clientaddr_parse_list(
				 "[v2:10.0.0.5:0/3819,v1:10.0.0.5:0/3819]", &a),
			 0);
	assert_true(clientaddr_equal(&a, &b));
	assert_int_equal(clientaddr_parse_list("[fd00::5]:0/7", &a), 0);
	assert_false(clientaddr_equal(&a, &b));
	assert_int_equal(clientaddr_parse_list("[v2:10.0.0.5:0/3819", &a),
			 -EINVAL);
}

/* What would fence more than one client must never be taken for one. */
static void test_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"10.0.0.5",
		"10.0.0.5:0",
		"10.0.0.5:0/",
		"10.0.0.5:0/0",
		"10.0.0.0/24",
		"10.0.0.5:0/1 ",
		"10.0.0.5:0/-1",
		"10.0.0.5:65536/1",
		"10.0.0.5:0/4294967296",
		"10.0.0:0/1",
		"[fd00::5:0/7",
		"fd00::5:0/7",
		"host:0/1",
		"v3:10.0.0.5:0/1",
		"10.0.0.5:0/1/2",
		"[10.0.0.5]:0/1",
	};
	struct clientaddr a;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(clientaddr_parse(bad[i], &a), -EINVAL);
}

static void test_entries(void **state)
{
	char text[CLIENTADDR_TEXT], ip[CLIENTADDR_IP];
	struct clientaddr a, b;

	assert_int_equal(clientaddr_parse_entry("10.0.0.5:0/0", &a), 0);
	assert_true(clientaddr_is_host(&a));
	assert_int_equal(clientaddr_parse_host("10.0.0.5", &b), 0);
	assert_true(clientaddr_equal(&a, &b));
	clientaddr_format(&b, text);
	assert_string_equal(text, "10.0.0.5:0/0");
	clientaddr_ip(&b, ip);
	assert_string_equal(ip, "10.0.0.5");
	assert_int_equal(clientaddr_parse_host("fd00::5", &a), 0);
	clientaddr_format(&a, text);
	assert_string_equal(text, "[fd00::5]:0/0");
	assert_int_equal(clientaddr_parse_entry("10.0.0.5:0/7", &a), 0);
	assert_false(clientaddr_is_host(&a));
	assert_int_equal(clientaddr_parse_entry("10.0.0.5:6789/0", &a),
			 -EINVAL);
	assert_int_equal(clientaddr_parse_host("10.0.0.5:0/0", &a), -EINVAL);
	assert_int_equal(clientaddr_parse_host("node1", &a), -EINVAL);
	assert_int_equal(clientaddr_parse_host("", &a), -EINVAL);
}

static void test_host(void **state)
{
	struct clientaddr a;

	clientaddr_parse("10.0.0.5:0/3819", &a);
	assert_true(clientaddr_on_host(&a, "10.0.0.5"));
	assert_false(clientaddr_on_host(&a, "10.0.0.50"));
	assert_false(clientaddr_on_host(&a, "::1"));
	assert_false(clientaddr_on_host(&a, "nonsense"));
	clientaddr_parse("[fd00::5]:0/7", &a);
	assert_true(clientaddr_on_host(&a, "fd00:0::5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_own_address),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
