// SPDX-License-Identifier: GPL-2.0
/* The heaviest clique of a small graph. */
#include "clique.h"

/* Weight first, number of nodes second. */
static u32 value_of(const struct rbd_clique_node *node)
{
	return (u32)node->weight * 256 + 1;
}

/* Before @b where a tie is to be decided? */
static bool precedes(const struct rbd_clique_node *a,
		     const struct rbd_clique_node *b)
{
	return a->since != b->since ? a->since < b->since :
				      a->number < b->number;
}

static void sort(struct rbd_clique_node *nodes, unsigned int count)
{
	struct rbd_clique_node node;
	unsigned int i, k;

	for (i = 1; i < count; i++) {
		node = nodes[i];
		for (k = i; k && precedes(&node, &nodes[k - 1]); k--)
			nodes[k] = nodes[k - 1];
		nodes[k] = node;
	}
}

static bool joined(const struct rbd_clique_node *a,
		   const struct rbd_clique_node *b)
{
	return rbd_nodeset_has(&a->edges, b->number) &&
	       rbd_nodeset_has(&b->edges, a->number);
}

/* Moves those that lack an edge to the front; returns their number. */
static unsigned int set_aside(struct rbd_clique_node *nodes, unsigned int count,
			      struct rbd_nodeset *keep)
{
	struct rbd_nodeset lacking = { { 0 } };
	unsigned int left = 0;
	unsigned int i, k;

	for (i = 0; i < count; i++) {
		for (k = i + 1; k < count; k++) {
			if (joined(&nodes[i], &nodes[k]))
				continue;
			rbd_nodeset_add(&lacking, nodes[i].number);
			rbd_nodeset_add(&lacking, nodes[k].number);
		}
	}
	for (i = 0; i < count; i++) {
		if (rbd_nodeset_has(&lacking, nodes[i].number))
			nodes[left++] = nodes[i];
		else
			rbd_nodeset_add(keep, nodes[i].number);
	}
	return left;
}

/**
 * struct search - state of the exact search over at most 32 nodes
 * @adjacent: bit sets by place
 * @value: of each place
 * @count: of places
 */
struct search {
	u32 adjacent[RBD_CLIQUE_EXACT];
	u32 value[RBD_CLIQUE_EXACT];
	unsigned int count;
};

/*
 * No clique inside @open is worth more: nodes without edges among each other
 * are gathered into classes, and a clique has at most one of each.
 */
static u32 bound(const struct search *s, u32 open)
{
	u32 sum = 0;

	while (open) {
		u32 free = open;
		u32 best = 0;

		while (free) {
			unsigned int i = (unsigned int)__builtin_ctz(free);

			if (s->value[i] > best)
				best = s->value[i];
			open &= ~(1u << i);
			free &= ~(1u << i) & ~s->adjacent[i];
		}
		sum += best;
	}
	return sum;
}

/*
 * Depth first: with the first open node, then without it. So of cliques of
 * equal value the one that comes first in the order of places is met first,
 * and only a greater value replaces it.
 */
static u32 search_all(const struct search *s)
{
	u32 open[RBD_CLIQUE_EXACT + 1];
	u32 chosen[RBD_CLIQUE_EXACT + 1];
	u32 value[RBD_CLIQUE_EXACT + 1];
	u32 best_value = 0;
	u32 best = 0;
	int depth = 0;

	open[0] = s->count == 32 ? ~0u : (1u << s->count) - 1;
	chosen[0] = 0;
	value[0] = 0;
	while (depth >= 0) {
		unsigned int i;

		if (value[depth] > best_value) {
			best_value = value[depth];
			best = chosen[depth];
		}
		if (!open[depth] ||
		    value[depth] + bound(s, open[depth]) <= best_value) {
			depth--;
			continue;
		}
		i = (unsigned int)__builtin_ctz(open[depth]);
		/* This level goes on without it, the next one with it. */
		open[depth] &= ~(1u << i);
		chosen[depth + 1] = chosen[depth] | 1u << i;
		value[depth + 1] = value[depth] + s->value[i];
		open[depth + 1] = open[depth] & s->adjacent[i];
		depth++;
	}
	return best;
}

static void choose_exact(const struct rbd_clique_node *nodes,
			 unsigned int count, struct rbd_nodeset *keep)
{
	struct search s = { .count = count };
	unsigned int i, k;
	u32 best;

	for (i = 0; i < count; i++) {
		s.value[i] = value_of(&nodes[i]);
		for (k = 0; k < count; k++)
			if (k != i && joined(&nodes[i], &nodes[k]))
				s.adjacent[i] |= 1u << k;
	}
	best = search_all(&s);
	for (i = 0; i < count; i++)
		if (best >> i & 1)
			rbd_nodeset_add(keep, nodes[i].number);
}

static u32 greedy(const struct rbd_clique_node *nodes, unsigned int count,
		  unsigned int first, struct rbd_nodeset *set)
{
	struct rbd_nodeset open = nodes[first].edges;
	u32 value = value_of(&nodes[first]);
	unsigned int i, w;

	rbd_nodeset_zero(set);
	rbd_nodeset_add(set, nodes[first].number);
	for (i = 0; i < count; i++) {
		if (i == first || !rbd_nodeset_has(&open, nodes[i].number))
			continue;
		for (w = 0; w < RBD_NODESET_WORDS; w++)
			if (set->w[w] & ~nodes[i].edges.w[w])
				break;
		if (w < RBD_NODESET_WORDS)
			continue;
		rbd_nodeset_add(set, nodes[i].number);
		value += value_of(&nodes[i]);
		for (w = 0; w < RBD_NODESET_WORDS; w++)
			open.w[w] &= nodes[i].edges.w[w];
	}
	return value;
}

bool rbd_clique_choose(struct rbd_clique_node *nodes, unsigned int count,
		       struct rbd_nodeset *keep)
{
	struct rbd_nodeset set, best_set = { { 0 } };
	unsigned int i;
	u32 best = 0;
	u32 value;

	rbd_nodeset_zero(keep);
	sort(nodes, count);
	count = set_aside(nodes, count, keep);
	if (count <= RBD_CLIQUE_EXACT) {
		choose_exact(nodes, count, keep);
		return true;
	}
	for (i = 0; i < count; i++) {
		value = greedy(nodes, count, i, &set);
		if (value > best) {
			best = value;
			best_set = set;
		}
	}
	rbd_nodeset_join(keep, &best_set);
	return false;
}
