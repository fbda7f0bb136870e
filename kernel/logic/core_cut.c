// SPDX-License-Identifier: GPL-2.0
/* Who has to go in a partition. */
#include "core_cut.h"

#include "clique.h"
#include "core_peer.h"
#include "core_rules.h"

/* Behind edge_down_ms all have seen a cut and published it in as many. */
static u32 wait_ticks(const struct rbd_core *core)
{
	return core->timing.edge_down_ms / core->timing.tick_ms +
	       core->timing.confirm_ticks;
}

/* Alive, and holds something that others may hold too. */
static bool takes_part(const struct rbd_core *core,
		       const struct rbd_view_member *m)
{
	return m->holds_seq && rbd_member_was_active(m) &&
	       rbd_core_alive(core, m);
}

static bool share(const struct rbd_view *v, unsigned int a, unsigned int b)
{
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].members, a) &&
		    rbd_nodeset_has(&v->lockspaces[i].members, b))
			return true;
	return false;
}

static bool is_cut(const struct rbd_core *core, const struct rbd_view_member *a,
		   const struct rbd_view_member *b)
{
	return !rbd_core_linked(core, a, b) &&
	       share(&core->view, a->number, b->number);
}

static bool any_cut(const struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;
	unsigned int i, k;

	for (i = 0; i < v->n_members; i++) {
		if (!takes_part(core, &v->members[i]))
			continue;
		for (k = i + 1; k < v->n_members; k++)
			if (takes_part(core, &v->members[k]) &&
			    is_cut(core, &v->members[i], &v->members[k]))
				return true;
	}
	return false;
}

static void find_losers(struct rbd_core *core)
{
	struct rbd_clique_node *nodes = core->graph;
	const struct rbd_view *v = &core->view;
	struct rbd_nodeset keep;
	unsigned int count = 0;
	unsigned int i, k;

	rbd_nodeset_zero(&core->losers);
	for (i = 0; i < v->n_members; i++) {
		const struct rbd_view_member *m = &v->members[i];
		struct rbd_clique_node *node = &nodes[count];

		if (!takes_part(core, m))
			continue;
		count++;
		node->number = m->number;
		node->weight = m->weight;
		node->since = m->holds_seq;
		rbd_nodeset_zero(&node->edges);
		for (k = 0; k < v->n_members; k++)
			if (k != i && takes_part(core, &v->members[k]) &&
			    !is_cut(core, m, &v->members[k]))
				rbd_nodeset_add(&node->edges,
						v->members[k].number);
		rbd_nodeset_add(&core->losers, m->number);
	}
	rbd_clique_choose(nodes, count, &keep);
	for (i = 0; i < RBD_NODESET_WORDS; i++)
		core->losers.w[i] &= ~keep.w[i];
}

void rbd_core_cut_tick(struct rbd_core *core)
{
	if (!any_cut(core)) {
		core->cut_ticks = 0;
		rbd_nodeset_zero(&core->losers);
		return;
	}
	core->cut_ticks++;
	if (core->cut_ticks >= wait_ticks(core))
		find_losers(core);
}

bool rbd_core_cut_loser(const struct rbd_core *core,
			const struct rbd_view_member *m)
{
	return core->cut_ticks >= wait_ticks(core) &&
	       rbd_nodeset_has(&core->losers, m->number);
}

bool rbd_core_cut_healed(const struct rbd_core *core,
			 const struct rbd_view_member *m)
{
	if (!core->ticked || !rbd_core_alive(core, m) ||
	    core->peers[m->number].accused_seq != m->accused_seq)
		return false;
	return !core->cut_ticks || (core->cut_ticks >= wait_ticks(core) &&
				    !rbd_core_cut_loser(core, m));
}

bool rbd_core_cut(struct rbd_core *core)
{
	struct rbd_view *next;
	bool any = false;
	int n;

	if (!rbd_core_rule_may_decide(core) ||
	    core->cut_ticks < wait_ticks(core) ||
	    rbd_nodeset_has(&core->losers, core->id.number) ||
	    !rbd_core_turn(core, core->cut_ticks - wait_ticks(core)))
		return false;
	next = rbd_core_begin(core);
	rbd_nodeset_for_each(n, &core->losers)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (m && m->state == RBD_MEMBER_ACTIVE &&
		    !rbd_view_accuse(next, m->number, m->incarnation,
				     RBD_ACCUSED_CUT, core->id.number)) {
			rbd_core_event(core, m->number,
				       rbd_accusation_str(RBD_ACCUSED_CUT));
			any = true;
		}
	}
	return any && rbd_core_propose(core);
}
