// SPDX-License-Identifier: GPL-2.0
/* What the check says about wrong files, and that it keeps quiet on good ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/clusterlint.h"

#define CLUSTER(count) "cluster:\n\tnode_count = " count "\n\tname = ocfs2\n\n"
#define NODE(name, number, ip)                                               \
	"node:\n\tip_port = 7777\n\tip_address = " ip "\n\tnumber = " number \
	"\n\tname = " name "\n\tcluster = ocfs2\n\n"
#define A NODE("alpha", "0", "10.0.0.1")
#define B NODE("beta", "1", "10.0.0.2")

static void lint(const char *text, const char *host, const char *boot,
		 struct finding_list *found)
{
	struct clusterlint facts = {
		.file = "f",
		.hostname = host,
		.bootcluster = boot,
	};
	struct clusterconf *doc;

	assert_int_equal(clusterconf_parse(text, strlen(text), "f", &doc, NULL),
			 0);
	assert_int_equal(doc->broken, 0);
	assert_int_equal(clusterlint_check(doc, &facts, found), 0);
	finding_sort(found);
	clusterconf_free(doc);
}

/* Exactly one finding, in the given place (0 = whole file), saying piece. */
static void expect(const char *text, enum finding_severity severity,
		   unsigned int line, unsigned int column, const char *piece)
{
	struct finding_list found = { 0 };

	lint(text, "alpha", "ocfs2", &found);
	assert_int_equal(found.n, 1);
	if (!strstr(found.v[0].text, piece))
		fail_msg("'%s' lacks '%s'", found.v[0].text, piece);
	assert_int_equal(found.v[0].severity, severity);
	assert_int_equal(found.v[0].line, line);
	assert_int_equal(found.v[0].column, column);
	finding_clear(&found);
}

static void test_good(void **state)
{
	struct finding_list found = { 0 };

	(void)state;
	lint(CLUSTER("2") A B, "alpha", "ocfs2", &found);
	lint(CLUSTER("2") A B, "ALPHA.example.com", NULL, &found);
	lint(CLUSTER("2") A B, NULL, "", &found);
	lint("cluster:\n\tnode_count = 1\n\theartbeat_mode = Global\n\tname = ocfs2\n\n"
	     "heartbeat:\n\tregion = 77D95EF51C0149D2823674FCC162CF8B\n\tcluster = ocfs2\n\n" A,
	     "alpha", "ocfs2", &found);
	assert_int_equal(found.n, 0);
}

static void test_values(void **state)
{
	(void)state;
	expect(CLUSTER("2") A NODE("beta", "255", "10.0.0.2"), FINDING_ERROR,
	       15, 11, "not a number from 0 to 254");
	expect(CLUSTER("2") A NODE("beta", "1", "fe80::1"), FINDING_ERROR, 14,
	       15, "IPv4 only");
	expect(CLUSTER("2") A NODE("beta", "1", "10.0.0.300"), FINDING_ERROR,
	       14, 15, "not an IPv4 address");
	expect(CLUSTER("2") A NODE("beta", "1", "127.0.0.1"), FINDING_ERROR, 14,
	       15, "no other node can reach");
	expect(CLUSTER("2") A NODE("beta", "1", "224.0.0.1"), FINDING_ERROR, 14,
	       15, "cannot be the address");
	expect(CLUSTER("2") A NODE("be ta", "1", "10.0.0.2"), FINDING_ERROR, 16,
	       9, "letters, digits");
	expect(CLUSTER("2") A NODE("beta.example", "1", "10.0.0.2"),
	       FINDING_WARNING, 16, 9, "has a domain");
	expect(CLUSTER("2") A
	       "node:\n\tip_port = 70000\n\tip_address = 10.0.0.2\n\tnumber = 1\n\tname = beta\n\tcluster = ocfs2\n",
	       FINDING_ERROR, 13, 12, "not a number from 1 to 65535");
	expect("cluster:\n\tnode_count = 1\n\tname = ocfs2\n\theartbeat_mode = x\n" A,
	       FINDING_ERROR, 4, 19, "neither 'local' nor 'global'");
}

static void test_twins(void **state)
{
	(void)state;
	expect(CLUSTER("2") A NODE("beta", "0", "10.0.0.2"), FINDING_ERROR, 15,
	       11, "already used by the node in line 8");
	expect(CLUSTER("2") A NODE("beta", "00", "10.0.0.2"), FINDING_ERROR, 15,
	       11, "number '00' is already used");
	expect(CLUSTER("2") A NODE("beta", "1", "10.0.0.1"), FINDING_ERROR, 14,
	       15,
	       "ip_address '10.0.0.1' is already used by the node in line 7");
	expect(CLUSTER("2") A NODE("Alpha", "1", "10.0.0.2"), FINDING_ERROR, 16,
	       9, "name 'Alpha' is already used by the node in line 9");
}

static void test_counts_and_clusters(void **state)
{
	(void)state;
	expect(CLUSTER("3") A B, FINDING_ERROR, 2, 15,
	       "node_count is 3, but cluster 'ocfs2' has 2 nodes");
	expect("cluster:\n\tname = ocfs2\n\n" A, FINDING_ERROR, 1, 1,
	       "has no 'node_count'");
	expect(CLUSTER("1") A
	       "node:\n\tip_port = 7777\n\tip_address = 10.0.0.2\n\tnumber = 1\n\tname = beta\n\tcluster = other\n",
	       FINDING_ERROR, 17, 12,
	       "no 'cluster:' stanza with the name 'other'");
	expect(CLUSTER("1") A "cluster:\n\tnode_count = 1\n\tname = ocfs2\n",
	       FINDING_ERROR, 14, 9, "already defined above");
	expect("cluster:\n\tnode_count = 1\n\theartbeat_mode = global\n\tname = ocfs2\n\n" A,
	       FINDING_ERROR, 3, 19, "no 'heartbeat:' stanza");
}

static void test_keys(void **state)
{
	(void)state;
	expect(CLUSTER("1") "node:\n\tip_port = 7777\n\tip_adress = 1\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = ocfs2\n",
	       FINDING_WARNING, 7, 2, "'ip_adress' means nothing");
	expect(CLUSTER("1") "node:\n\tip_port = 7777\n\tip_address = 10.0.0.9\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = ocfs2\n",
	       FINDING_WARNING, 7, 2, "set again in line 8");
	expect(CLUSTER("1") A "stonith:\n\tx = y\n", FINDING_WARNING, 12, 1,
	       "o2cb ignores the stanza 'stonith:'");
	expect(CLUSTER("1") "node:\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = ocfs2\n",
	       FINDING_ERROR, 5, 1, "has no 'ip_port'");
}

static void test_hostname(void **state)
{
	struct finding_list found = { 0 };

	(void)state;
	lint(CLUSTER("2") A B, "gamma.example.com", "ocfs2", &found);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 1);
	assert_int_equal(found.v[0].column, 1);
	assert_non_null(strstr(found.v[0].text, "'gamma'"));
	assert_null(strstr(found.v[0].text, "hostnamectl"));
	assert_string_equal(found.v[0].fix,
			    "rbdshare cluster add-node gamma --ip ADDRESS");
	finding_clear(&found);
	/* A name that is nearly the host's: there, and what may be meant. */
	lint(CLUSTER("2") A B, "beto", "ocfs2", &found);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 16);
	assert_int_equal(found.v[0].column, 9);
	assert_non_null(strstr(
		found.v[0].text,
		"write 'beto' here, or run: hostnamectl set-hostname beta"));
	finding_clear(&found);
	/* Not so for one that differs in its number. */
	lint(CLUSTER("1") NODE("node1", "0", "10.0.0.1"), "node12", "ocfs2",
	     &found);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 1);
	finding_clear(&found);
	lint("", "alpha", NULL, &found);
	assert_int_equal(found.n, 1);
	assert_non_null(strstr(found.v[0].text, "no 'cluster:' stanza"));
	finding_clear(&found);
}

#define OTHER                                            \
	"cluster:\n\tnode_count = 1\n\tname = other\n\n" \
	"node:\n\tip_port = 7777\n\tip_address = 10.0.0.1\n\tnumber = 0\n\tname = alpha\n\tcluster = other\n"

static void test_several_clusters(void **state)
{
	struct finding_list found = { 0 };

	(void)state;
	/* The same host, number and address in two clusters is fine. */
	lint(CLUSTER("1") A OTHER, "alpha", "other", &found);
	assert_int_equal(found.n, 0);
	lint(CLUSTER("1") A OTHER, "alpha", NULL, &found);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].severity, FINDING_WARNING);
	assert_non_null(strstr(found.v[0].text, "2 clusters"));
	assert_int_equal(found.v[0].line, 1);
	finding_clear(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_counts_and_clusters),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_hostname),
		cmocka_unit_test(test_several_clusters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
