// SPDX-License-Identifier: GPL-2.0
/* Nodes added to and removed from a cluster.conf. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/clusternode.h"

static const char two[] =
	"# mail nodes\n"
	"node:\n\tip_port = 7777\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = ocfs2\n"
	"node:\n\tip_port = 7777\n\tip_address = 10.0.0.3\n\tnumber = 2\n\tname = gamma\n\tcluster = ocfs2\n"
	"# the cluster\n"
	"cluster:\n\tnode_count = 2\n\tname = ocfs2\n";

static struct clusterconf *parse(const char *text)
{
	struct clusterconf *doc;

	assert_int_equal(clusterconf_parse(text, strlen(text), "f", &doc, NULL),
			 0);
	return doc;
}

static void assert_text(const struct clusterconf *doc, const char *expected)
{
	char *text;
	size_t len;

	assert_int_equal(clusterconf_format(doc, &text, &len), 0);
	assert_string_equal(text, expected);
	free(text);
}

static struct clusternode node(const char *name, const char *ip, int number)
{
	struct clusternode n = {
		.name = name,
		.ip = ip,
		.port = 7777,
		.number = number,
	};

	return n;
}

static void test_add_takes_lowest_number(void **state)
{
	struct clusterconf *doc = parse(two);
	struct clusternode n = node("beta", "10.0.0.2", -1);
	struct fault f;

	(void)state;
	assert_int_equal(clusternode_add(doc, "ocfs2", &n, &f), 0);
	assert_int_equal(n.number, 1);
	assert_text(
		doc,
		"# mail nodes\n"
		"node:\n\tip_port = 7777\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = ocfs2\n\n"
		"node:\n\tip_port = 7777\n\tip_address = 10.0.0.3\n\tnumber = 2\n\tname = gamma\n\tcluster = ocfs2\n\n"
		"node:\n\tip_port = 7777\n\tip_address = 10.0.0.2\n\tnumber = 1\n\tname = beta\n\tcluster = ocfs2\n\n"
		"# the cluster\n"
		"cluster:\n\tnode_count = 3\n\tname = ocfs2\n");
	assert_int_equal(clusternode_remove(doc, "ocfs2", "ALPHA", &f), 0);
	assert_int_equal(clusternode_remove(doc, "ocfs2", "gamma", &f), 0);
	assert_int_equal(clusternode_remove(doc, "ocfs2", "gamma", &f),
			 -ENOENT);
	assert_non_null(strstr(f.text, "has no node 'gamma'"));
	assert_text(
		doc,
		"# mail nodes\n\n"
		"node:\n\tip_port = 7777\n\tip_address = 10.0.0.2\n\tnumber = 1\n\tname = beta\n\tcluster = ocfs2\n\n"
		"# the cluster\n"
		"cluster:\n\tnode_count = 1\n\tname = ocfs2\n");
	clusterconf_free(doc);
}

static void test_add_makes_the_cluster(void **state)
{
	struct clusterconf *doc = clusterconf_new();
	struct clusternode n = node("a", "10.0.0.1", 5);
	struct fault f;

	(void)state;
	assert_int_equal(clusternode_add(doc, "web", &n, &f), 0);
	assert_text(
		doc,
		"cluster:\n\tnode_count = 1\n\tname = web\n\n"
		"node:\n\tip_port = 7777\n\tip_address = 10.0.0.1\n\tnumber = 5\n\tname = a\n\tcluster = web\n");
	clusterconf_free(doc);
}

static void refused(struct clusternode n, const char *cluster, int err,
		    const char *piece)
{
	struct clusterconf *doc = parse(two);
	size_t before = doc->count;
	struct fault f = { "" };

	assert_int_equal(clusternode_add(doc, cluster, &n, &f), err);
	if (!strstr(f.text, piece))
		fail_msg("'%s' lacks '%s'", f.text, piece);
	assert_int_equal(doc->count, before);
	clusterconf_free(doc);
}

static void test_refusals(void **state)
{
	struct clusternode n = node("b", "10.0.0.2", -1);

	(void)state;
	refused(node("alpha", "10.0.0.2", -1), "ocfs2", -EEXIST, "already in");
	refused(node("b", "10.0.0.1", -1), "ocfs2", -EEXIST, "'alpha'");
	refused(node("b", "10.0.0.2", 2), "ocfs2", -EEXIST, "number 2");
	refused(node("b", "10.0.0.2", 255), "ocfs2", -EINVAL, "255");
	refused(node("b", "::1", -1), "ocfs2", -EINVAL, "IPv6");
	refused(node("b", "host", -1), "ocfs2", -EINVAL, "IPv4");
	refused(node("", "10.0.0.2", -1), "ocfs2", -EINVAL, "empty");
	refused(node("a/b", "10.0.0.2", -1), "ocfs2", -EINVAL, "a/b");
	refused(node("a\nb", "10.0.0.2", -1), "ocfs2", -EINVAL, "letters");
	refused(node("b", "10.0.0.2", -1), "my-cluster", -EINVAL,
		"letters and digits");
	refused(node("b", "10.0.0.2", -1), "abcdefghijklmnopq", -EINVAL,
		"longer than 16");
	n.port = 0;
	refused(n, "ocfs2", -EINVAL, "port 0");
	n.port = 65536;
	refused(n, "ocfs2", -EINVAL, "port 65536");
}

static void test_all_numbers(void **state)
{
	struct clusterconf *doc = clusterconf_new();
	char name[16], ip[20];
	struct clusternode n;
	struct fault f;
	int i;

	(void)state;
	for (i = 0; i <= CLUSTERNODE_MAX_NUMBER; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		snprintf(ip, sizeof(ip), "10.0.1.%d", i);
		n = node(name, ip, -1);
		assert_int_equal(clusternode_add(doc, "c", &n, &f), 0);
		assert_int_equal(n.number, i);
	}
	n = node("more", "10.0.2.1", -1);
	assert_int_equal(clusternode_add(doc, "c", &n, &f), -ENOSPC);
	assert_int_equal(clusternode_count(doc, "c"), 255);
	assert_string_equal(clusterconf_value(doc,
					      clusternode_cluster(doc, "c"),
					      "node_count"),
			    "255");
	clusterconf_free(doc);
}

static void test_number(void **state)
{
	unsigned long v = 99;

	(void)state;
	assert_int_equal(clusternode_number("010", 0, 254, &v), 0);
	assert_int_equal(v, 10);
	assert_int_equal(clusternode_number("254", 0, 254, &v), 0);
	assert_int_equal(clusternode_number("255", 0, 254, &v), -ERANGE);
	assert_int_equal(clusternode_number("", 0, 254, &v), -EINVAL);
	assert_int_equal(clusternode_number("-1", 0, 254, &v), -EINVAL);
	assert_int_equal(clusternode_number("+1", 0, 254, &v), -EINVAL);
	assert_int_equal(clusternode_number(" 1", 0, 254, &v), -EINVAL);
	assert_int_equal(clusternode_number("1x", 0, 254, &v), -EINVAL);
	assert_int_equal(clusternode_number("99999999999999999999", 0, 254, &v),
			 -ERANGE);
	assert_int_equal(v, 254);
}

static void test_is_host(void **state)
{
	(void)state;
	assert_true(clusternode_is_host("alpha", "alpha"));
	assert_true(clusternode_is_host("Alpha", "aLPHA.example.com"));
	assert_false(clusternode_is_host("alph", "alpha"));
	assert_false(clusternode_is_host("alpha2", "alpha"));
	assert_false(clusternode_is_host("", "alpha"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_takes_lowest_number),
		cmocka_unit_test(test_add_makes_the_cluster),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_all_numbers),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_is_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
