/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who goes on when not all nodes can talk with all others.
 *
 * A DLM needs each of its members to talk with each other one, so those who
 * go on must be a clique of the graph of connections, not just a connected
 * part of it.
 */
#ifndef RBD_LOGIC_CLIQUE_H
#define RBD_LOGIC_CLIQUE_H

#include "base.h"
#include "nodeset.h"

/* Up to here, behind reduction, the result is exact. */
#define RBD_CLIQUE_EXACT 32

/**
 * struct rbd_clique_node - one node of the graph
 * @number: node number
 * @weight: 1 to 1000
 * @since: the smaller, the longer it has held lockspaces
 * @edges: numbers that it can talk with; only edges that both ends have count
 */
struct rbd_clique_node {
	u16 number;
	u16 weight;
	u64 since;
	struct rbd_nodeset edges;
};

/**
 * rbd_clique_choose() - the clique of the greatest weight
 * @nodes: @count of them, at most 255, each number once; reordered
 * @count: how many
 * @keep: result: numbers of the clique
 *
 * Of several with the same weight, the one with more nodes; then the one
 * that has the node that holds lockspaces longest, or else the smallest
 * number, among those nodes that only one of both has.
 *
 * Nodes with edges to all others are in every answer and are set aside
 * first. If more than RBD_CLIQUE_EXACT are left, the best of the greedy
 * cliques that begin with each of them is taken, which need not be the
 * heaviest one, but is the same on all nodes.
 *
 * Return: true when the result is exact.
 */
bool rbd_clique_choose(struct rbd_clique_node *nodes, unsigned int count,
		       struct rbd_nodeset *keep);

#endif
