// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/nodelist.h"

static struct nodesettings here;
static struct nodesettings_node there[NODESETTINGS_NODES];

static void set_node(struct nodesettings_node *node, const char *name,
		     const char *ip)
{
	snprintf(node->name, sizeof(node->name), "%s", name);
	node->ip.s_addr = 0;
	if (ip)
		assert_int_equal(inet_pton(AF_INET, ip, &node->ip), 1);
}

static int begin(void **state)
{
	memset(&here, 0, sizeof(here));
	snprintf(here.cluster, sizeof(here.cluster), "demo");
	here.config_hash = 0x1234;
	here.number = 2;
	set_node(&here.nodes[0], "n1", "10.0.0.1");
	set_node(&here.nodes[254], "n-255", "10.0.0.255");
	return 0;
}

static void test_there_and_back(void **state)
{
	char *text = nodelist_format(&here), diff[256];
	uint64_t hash;

	assert_string_equal(text, "0000000000001234\n0 n1 10.0.0.1\n"
				  "254 n-255 10.0.0.255\n");
	assert_int_equal(nodelist_parse(text, strlen(text), &hash, there), 0);
	assert_int_equal(hash, 0x1234);
	nodelist_difference(here.nodes, there, diff, sizeof(diff));
	assert_string_equal(diff, "");
	free(text);
}

static void test_differences(void **state)
{
	char diff[256];

	memcpy(there, here.nodes, sizeof(there));
	set_node(&there[254], "n-255", "10.0.0.254");
	nodelist_difference(here.nodes, there, diff, sizeof(diff));
	assert_string_equal(
		diff,
		"number 254 is n-255 (10.0.0.255) here, n-255 (10.0.0.254) there");
	set_node(&there[7], "n8", "10.0.0.8");
	nodelist_difference(here.nodes, there, diff, sizeof(diff));
	assert_string_equal(diff,
			    "number 7 is nobody here, n8 (10.0.0.8) there");
	set_node(&there[0], "", NULL);
	nodelist_difference(here.nodes, there, diff, sizeof(diff));
	assert_string_equal(diff,
			    "number 0 is n1 (10.0.0.1) here, nobody there");
}

/* What somebody else wrote there. */
static void test_nonsense(void **state)
{
	static const char *const bad[] = {
		"",
		"12\n",
		"00000000000012345\n",
		"zz00000000001234\n",
		"0000000000001234\n255 n1 10.0.0.1\n",
		"0000000000001234\n-1 n1 10.0.0.1\n",
		"0000000000001234\n0 n1\n",
		"0000000000001234\n0 n1 10.0.0\n",
		"0000000000001234\n0 n1 10.0.0.1 more\n",
		"0000000000001234\n0 n1 10.0.0.1\n0 n2 10.0.0.2\n",
	};
	char longname[128];
	uint64_t hash;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(nodelist_parse(bad[i], strlen(bad[i]), &hash,
						there),
				 -EBADMSG);
	snprintf(longname, sizeof(longname),
		 "0000000000001234\n0 %065d 10.0.0.1\n", 0);
	assert_int_equal(nodelist_parse(longname, strlen(longname), &hash,
					there),
			 -EBADMSG);
	assert_int_equal(nodelist_parse("0000000000001234", 16, &hash, there),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_there_and_back, begin),
		cmocka_unit_test_setup(test_differences, begin),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
