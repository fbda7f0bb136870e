// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "agent/nodemap.h"
#include "agent/options.h"

static struct options o;
static struct nodemap_hosts h;
static struct fault f;

static const char *found(void)
{
	static char text[NODEMAP_LIST];

	nodemap_describe(&h, text, sizeof(text));
	return text;
}

static void test_map(void **state)
{
	options_init(&o);
	o.plug_map =
		" node1:10.0.0.1;node2:10.0.0.2,fd00::2,10.0.0.2 n3:fd00::3;";
	o.plug = "NODE2";
	assert_int_equal(nodemap_find(&o, &h, &f), 0);
	assert_string_equal(found(), "10.0.0.2, fd00::2");
	assert_false(h.looked_up);
	o.plug = "n3";
	assert_int_equal(nodemap_find(&o, &h, &f), 0);
	assert_string_equal(found(), "fd00::3");
	o.plug = "node";
	assert_int_equal(nodemap_find(&o, &h, &f), -ENOENT);
	assert_non_null(strstr(f.text, "its nodes are: node1, node2, n3"));
	assert_int_equal(nodemap_check(o.plug_map, &f), 0);
}

static void test_address(void **state)
{
	options_init(&o);
	o.plug = "any";
	o.address = "10.0.0.7,10.1.0.7";
	assert_int_equal(nodemap_find(&o, &h, &f), 0);
	assert_string_equal(found(), "10.0.0.7, 10.1.0.7");
}

static void test_refused(void **state)
{
	static const char *const maps[] = {
		"node1",
		"node1:",
		":10.0.0.1",
		"node1:10.0.0",
		"node1:host",
		"node1:10.0.0.1:0/0",
		"node1:10.0.0.1/24",
		"a:10.0.0.1;;b",
		"a:,",
	};
	char many[400] = "";
	size_t i;

	for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++)
		assert_int_equal(nodemap_check(maps[i], &f), -EINVAL);
	for (i = 0; i < NODEMAP_ADDRESSES + 1; i++)
		sprintf(many + strlen(many), "%s10.0.0.%zu", i ? "," : "", i);
	assert_int_equal(nodemap_parse_list(many, &h, &f), -EINVAL);
	assert_int_equal(nodemap_parse_list("", &h, &f), -EINVAL);
}

/* A loopback address is everybody's. */
static void test_lookup(void **state)
{
	options_init(&o);
	o.plug = "localhost";
	assert_int_equal(nodemap_find(&o, &h, &f), -ENOENT);
	assert_non_null(strstr(f.text, "plug_map"));
	o.plug = "10.9.8.7";
	assert_int_equal(nodemap_find(&o, &h, &f), 0);
	assert_true(h.looked_up);
	assert_string_equal(found(), "10.9.8.7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_lookup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
