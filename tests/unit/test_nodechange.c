// SPDX-License-Identifier: GPL-2.0
/* What a new cluster.conf may change under a cluster that runs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>

#include "lib/nodechange.h"

static struct nodesettings old, fresh;
static struct nodesettings_node members[NODESETTINGS_NODES];

static void name(struct nodesettings_node *node, const char *text,
		 const char *ip)
{
	snprintf(node->name, sizeof(node->name), "%s", text);
	node->ip.s_addr = *ip ? inet_addr(ip) : 0;
}

/* Nodes n0 to n2, of which n0 is this one; n0 and n1 take part. */
static int setup(void **state)
{
	unsigned int n;
	char text[16], ip[16];

	memset(&old, 0, sizeof(old));
	memset(members, 0, sizeof(members));
	strcpy(old.cluster, "demo");
	old.pool = "rbdshare";
	old.user = "client.node";
	for (n = 0; n < 3; n++) {
		snprintf(text, sizeof(text), "n%u", n);
		snprintf(ip, sizeof(ip), "10.0.0.%u", n + 1);
		name(&old.nodes[n], text, ip);
	}
	members[0] = old.nodes[0];
	members[1] = old.nodes[1];
	fresh = old;
	return 0;
}

static void refused(const char *text)
{
	struct nodechange c;
	struct fault f = { "" };

	assert_int_equal(nodechange_find(&old, &fresh, members, &c, &f),
			 -EBUSY);
	assert_string_equal(f.text, text);
	assert_false(nodechange_any(&c));
}

static void allowed(const char *text)
{
	char said[NODECHANGE_TEXT];
	struct nodechange c;
	struct fault f = { "" };

	assert_int_equal(nodechange_find(&old, &fresh, members, &c, &f), 0);
	assert_string_equal(f.text, "");
	assert_int_equal(nodechange_any(&c), *text != '\0');
	nodechange_text(&c, &old, &fresh, said);
	assert_string_equal(said, text);
}

static void those_who_do_not_take_part_may_change(void **state)
{
	allowed("");
	name(&fresh.nodes[3], "n3", "10.0.0.4");
	allowed("added n3");
	name(&fresh.nodes[254], "n254", "10.0.0.5");
	allowed("added n3, n254");
	name(&fresh.nodes[2], "n2", "10.0.0.9");
	allowed("added n3, n254; changed n2");
	name(&fresh.nodes[2], "other", "10.0.0.3");
	allowed("added n3, n254; changed other");
	name(&fresh.nodes[2], "", "");
	allowed("added n3, n254; removed n2");
	/* The same one with another number. */
	fresh.nodes[3] = old.nodes[2];
	allowed("added n2, n254; removed n2");
}

/* The others read the new file first, and the new node is there already. */
static void a_member_may_come_before_its_line(void **state)
{
	name(&fresh.nodes[3], "n3", "10.0.0.4");
	members[3] = fresh.nodes[3];
	allowed("added n3");
	fresh.nodes[3] = old.nodes[3];
	refused("n3 takes part and is gone from cluster.conf; it has to leave first, there: rbdshare cluster offline");
}

static void members_stay_as_they_are(void **state)
{
	name(&fresh.nodes[1], "", "");
	refused("n1 takes part and is gone from cluster.conf; it has to leave first, there: rbdshare cluster offline");
	fresh.nodes[7] = old.nodes[1];
	refused("n1 takes part as number 1 and has 7 in cluster.conf; it has to leave first, there: rbdshare cluster offline");
	name(&fresh.nodes[1], "n9", "10.0.0.2");
	refused("n1 takes part as number 1 and has 7 in cluster.conf; it has to leave first, there: rbdshare cluster offline");
	name(&fresh.nodes[7], "", "");
	refused("n1 takes part as number 1, which is that of n9 in cluster.conf; it has to leave first, there: rbdshare cluster offline");
	name(&fresh.nodes[1], "n1", "10.0.0.7");
	refused("n1 takes part with the address 10.0.0.2 and has 10.0.0.7 in cluster.conf; it has to leave first, there: rbdshare cluster offline");
	/* Nobody knows by which address it joined. */
	members[1].ip.s_addr = 0;
	allowed("changed n1");
}

static void this_node_stays_as_it_is(void **state)
{
	static const char restart[] =
		"; that takes effect with: rbdshare cluster offline, then online";
	char text[256];

	/* Although it takes part in nothing just now. */
	memset(members, 0, sizeof(members));
	name(&fresh.nodes[0], "n0", "10.0.0.8");
	snprintf(
		text, sizeof(text),
		"this node takes part with the address 10.0.0.1 and has 10.0.0.8 in cluster.conf%s",
		restart);
	refused(text);
	name(&fresh.nodes[0], "N0", "10.0.0.1");
	snprintf(text, sizeof(text),
		 "this node is n0 and has the name N0 in cluster.conf%s",
		 restart);
	refused(text);
	fresh.nodes[5] = old.nodes[0];
	fresh.number = 5;
	snprintf(text, sizeof(text),
		 "this node is number 0 and has 5 in cluster.conf%s", restart);
	refused(text);
}

static void the_cluster_stays_the_same(void **state)
{
	strcpy(fresh.cluster, "mail");
	refused("the cluster is mail, not demo as before; that takes effect with: rbdshare cluster offline, then online");
	strcpy(fresh.cluster, "demo");
	fresh.pool = "p";
	refused("the pool of the cluster is p, not rbdshare as before; that takes effect with: rbdshare cluster offline, then online");
	fresh.pool = "rbdshare";
	fresh.user = "client.admin";
	refused("the user of Ceph is client.admin, not client.node as before; that takes effect with: rbdshare cluster offline, then online");
}

/* More names than the text holds, all as long as they can be. */
static void many_are_counted(void **state)
{
	char said[NODECHANGE_TEXT], longest[65];
	struct nodechange c;
	unsigned int n;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	name(&fresh.nodes[2], "", "");
	for (n = 3; n < NODESETTINGS_NODES; n++)
		name(&fresh.nodes[n], longest, "10.0.1.1");
	assert_int_equal(nodechange_find(&old, &fresh, members, &c, NULL), 0);
	nodechange_text(&c, &old, &fresh, said);
	assert_int_equal(strncmp(said, "added xxxx", 10), 0);
	assert_non_null(strstr(said, "xx, xx"));
	assert_non_null(strstr(said, "xx and 250 more"));
	assert_true(strlen(said) < sizeof(said));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(those_who_do_not_take_part_may_change,
				       setup),
		cmocka_unit_test_setup(a_member_may_come_before_its_line,
				       setup),
		cmocka_unit_test_setup(members_stay_as_they_are, setup),
		cmocka_unit_test_setup(this_node_stays_as_it_is, setup),
		cmocka_unit_test_setup(the_cluster_stays_the_same, setup),
		cmocka_unit_test_setup(many_are_counted, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
