// SPDX-License-Identifier: GPL-2.0
/* Who goes on in a partition, against a search through all sets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "clique.h"

static struct rbd_clique_node nodes[255];
static struct rbd_nodeset keep;

static void graph(unsigned int count, bool whole)
{
	unsigned int i, k;

	memset(nodes, 0, sizeof(nodes));
	for (i = 0; i < count; i++) {
		nodes[i].number = (u16)i;
		nodes[i].weight = 1;
		for (k = 0; whole && k < count; k++)
			if (k != i)
				rbd_nodeset_add(&nodes[i].edges, k);
	}
}

static void edge(unsigned int a, unsigned int b, bool there)
{
	if (there) {
		rbd_nodeset_add(&nodes[a].edges, b);
		rbd_nodeset_add(&nodes[b].edges, a);
	} else {
		rbd_nodeset_del(&nodes[a].edges, b);
		rbd_nodeset_del(&nodes[b].edges, a);
	}
}

static void chosen(unsigned int count, const char *want)
{
	char text[256] = "";
	int n;

	rbd_clique_choose(nodes, count, &keep);
	rbd_nodeset_for_each(n, &keep)
	{
		char *end = text + strlen(text);

		snprintf(end, sizeof(text) - (size_t)(end - text), "%s%d",
			 *text ? " " : "", n);
	}
	assert_string_equal(text, want);
}

static void small_ones(void **state)
{
	graph(1, true);
	chosen(1, "0");
	graph(3, true);
	chosen(3, "0 1 2");
	/* Two nodes that cannot talk: the smaller number. */
	graph(2, false);
	chosen(2, "0");
	/* One link of three is cut. */
	graph(3, true);
	edge(1, 2, false);
	chosen(3, "0 1");
	/* The majority. */
	graph(5, true);
	edge(0, 2, false);
	edge(0, 3, false);
	edge(0, 4, false);
	edge(1, 2, false);
	edge(1, 3, false);
	edge(1, 4, false);
	chosen(5, "2 3 4");
	/* A chain is connected, but no clique. */
	graph(4, false);
	edge(0, 1, true);
	edge(1, 2, true);
	edge(2, 3, true);
	chosen(4, "0 1");
	chosen(0, "");
}

static void ties(void **state)
{
	/* Weight beats number of nodes. */
	graph(3, false);
	edge(0, 1, true);
	nodes[2].weight = 3;
	chosen(3, "2");
	/* Equal weight: more nodes. */
	graph(3, false);
	edge(1, 2, true);
	nodes[0].weight = 2;
	chosen(3, "1 2");
	/* Then who has held lockspaces longest. */
	graph(4, false);
	edge(0, 1, true);
	edge(2, 3, true);
	nodes[0].since = 9;
	nodes[1].since = 9;
	nodes[2].since = 9;
	nodes[3].since = 5;
	chosen(4, "2 3");
	nodes[0].since = 5;
	graph(4, false);
	edge(0, 1, true);
	edge(2, 3, true);
	chosen(4, "0 1");
}

/* Is set @a better than @b, by the rules as they are written? */
static bool better(const struct rbd_clique_node *g, unsigned int count,
		   unsigned int a, unsigned int b)
{
	unsigned int wa = 0, wb = 0, na = 0, nb = 0;
	int first = -1;
	unsigned int i;

	for (i = 0; i < count; i++) {
		wa += a >> i & 1 ? g[i].weight : 0;
		wb += b >> i & 1 ? g[i].weight : 0;
		na += a >> i & 1;
		nb += b >> i & 1;
		if ((a ^ b) >> i & 1 &&
		    (first < 0 || g[i].since < g[first].since))
			first = (int)i;
	}
	if (wa != wb)
		return wa > wb;
	if (na != nb)
		return na > nb;
	return first >= 0 && a >> first & 1;
}

static unsigned int by_trying(const struct rbd_clique_node *g,
			      unsigned int count)
{
	unsigned int best = 0, set, i, k;

	for (set = 1; set < 1u << count; set++) {
		bool clique = true;

		for (i = 0; i < count && clique; i++)
			for (k = i + 1; k < count && clique; k++)
				clique = !(set >> i & 1) || !(set >> k & 1) ||
					 rbd_nodeset_has(&g[i].edges, k);
		if (clique && better(g, count, set, best))
			best = set;
	}
	return best;
}

static void like_trying_all(void **state)
{
	struct rbd_clique_node copy[11];
	unsigned int round, i, k, count, want;

	srand(1);
	for (round = 0; round < 1500; round++) {
		count = 1 + (unsigned int)rand() % 11;
		graph(count, false);
		for (i = 0; i < count; i++) {
			nodes[i].weight = (u16)(1 + rand() % 3);
			nodes[i].since = (u64)(rand() % 3);
			for (k = 0; k < i; k++)
				edge(i, k, rand() % 10 < 6);
		}
		memcpy(copy, nodes, count * sizeof(nodes[0]));
		want = by_trying(copy, count);
		assert_true(rbd_clique_choose(nodes, count, &keep));
		assert_int_equal(keep.w[0], want);
	}
}

/* As many equal maximal cliques as 32 nodes can have: it must not take long. */
static void hardest_exact(void **state)
{
	unsigned int i, k;

	graph(32, false);
	for (i = 0; i < 32; i++)
		for (k = 0; k < i; k++)
			edge(i, k, i / 3 != k / 3);
	assert_true(rbd_clique_choose(nodes, 32, &keep));
	assert_int_equal(rbd_nodeset_count(&keep), 11);
	assert_true(rbd_nodeset_has(&keep, 0));
	assert_true(rbd_nodeset_has(&keep, 30));
	srand(2);
	for (i = 0; i < 32; i++)
		for (k = 0; k < i; k++)
			edge(i, k, rand() % 100 < 85);
	assert_true(rbd_clique_choose(nodes, 32, &keep));
}

static void many_nodes(void **state)
{
	unsigned int i, k;

	/* One link of 255 nodes: those without a cut do not count. */
	graph(255, true);
	edge(10, 200, false);
	assert_true(rbd_clique_choose(nodes, 255, &keep));
	assert_int_equal(rbd_nodeset_count(&keep), 254);
	assert_false(rbd_nodeset_has(&keep, 200));
	/* Two sides: beyond the exact search, and still right. */
	graph(255, true);
	for (i = 0; i < 120; i++)
		for (k = 120; k < 255; k++)
			edge(i, k, false);
	assert_false(rbd_clique_choose(nodes, 255, &keep));
	assert_int_equal(rbd_nodeset_count(&keep), 135);
	assert_false(rbd_nodeset_has(&keep, 0));
	assert_true(rbd_nodeset_has(&keep, 254));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_ones),
		cmocka_unit_test(ties),
		cmocka_unit_test(like_trying_all),
		cmocka_unit_test(hardest_exact),
		cmocka_unit_test(many_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
