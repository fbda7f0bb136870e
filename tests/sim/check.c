// SPDX-License-Identifier: GPL-2.0
/*
 * The invariants, seen from above: they use what no node can know.
 *
 * I1 no late write	check_apply()
 * I2 barrier		check_start()
 * I3 proof of fences	check_start(), check_view()
 * I4 single chain	check_view() (the object itself admits only one)
 * I5 classification	check_start()
 * I6 no way back	check_view(), check_apply() (held writes)
 * I7 registered	check_issue()
 *			check_converged(): and in the end no others
 * I8 refutable		check_view(): nobody is condemned without a hearing;
 *			no node that works is condemned at all, nor
 *			accused in the first place by one who could know
 * I9 lease first	check_view(): whose heartbeats are missed has stopped by
 *			itself before it is condemned, whatever time-outs become
 *
 * And check_admission(): nobody takes part whose lock manager is known not to
 * reach another's.
 */
#include <inttypes.h>
#include <string.h>

#include "sim.h"

/* Behind a fault, that long a node may still be fenced for it. */
#define AFTERMATH_MS 15000
/* An entry that an administrator removed is made anew within that, once it was looked for. */
#define REPAIR_MS 30000

static struct generation *generation_of(uint32_t generation)
{
	struct generation *g = &sim.generations[generation % SIM_GENERATIONS];

	return g->generation == generation ? g : NULL;
}

static void note_generations(void)
{
	unsigned int i;
	int n;

	for (i = 0; i < sim.view.n_lockspaces; i++) {
		const struct rbd_view_lockspace *ls = &sim.view.lockspaces[i];
		struct generation *g =
			&sim.generations[ls->generation % SIM_GENERATIONS];

		if (g->generation == ls->generation)
			continue;
		memset(g->members, 0, sizeof(g->members));
		g->generation = ls->generation;
		g->ls = (uint8_t)ls_index(ls->name);
		g->failed = ls->failed;
		g->left = ls->left;
		rbd_nodeset_for_each(n, &ls->members)
		{
			g->members[n] = rbd_view_peek(&sim.view,
						      (unsigned int)n)
						->incarnation;
		}
	}
}

static const struct rbd_view_fence *fence_of(const struct rbd_view *v,
					     unsigned int n, uint64_t inc)
{
	return rbd_view_fence_find((struct rbd_view *)v, n, inc);
}

/*
 * Since when has nothing been wrong with it that could be a reason? Heartbeats
 * and links are the host's: a daemon that does not run harms neither.
 * U64_MAX: something is wrong now.
 */
static uint64_t innocent_since(const struct node *nd, u8 accusation)
{
	if (accusation == RBD_ACCUSED_STUCK || accusation == RBD_ACCUSED_GONE)
		return nd->troubles ? UINT64_MAX : nd->healthy_ms;
	return nd->hardships ? UINT64_MAX : nd->able_ms;
}

/*
 * Is it unjust? A node for which nothing was wrong for a while has had the
 * time to object, unless the view could not be reached by anybody since: then
 * the sentence was sent when it was true, and an OSD had it in its queue.
 */
static bool unjust(const struct rbd_view_fence *f)
{
	const struct node *nd = &sim.node[f->number];
	uint64_t since = innocent_since(nd, f->accusation);

	if (f->accusation == RBD_ACCUSED_ADMIN ||
	    f->accusation == RBD_ACCUSED_REPLACED ||
	    nd->incarnation != f->incarnation || !nd->in_cluster ||
	    since == UINT64_MAX || sim.now_ms - since <= AFTERMATH_MS)
		return false;
	return sim.now_ms - sim.view_ok_ms > AFTERMATH_MS ||
	       since + AFTERMATH_MS < sim.view_bad_ms;
}

/* An accusation stands that long at least: the accused one's heartbeat. */
static uint64_t hearing_ms(void)
{
	struct rbd_hb_timing t;

	rbd_hb_timing_derive(&t, sim.old_view.dead_after_ms,
			     sim.old_view.slow_after_ms);
	return t.tick_ms;
}

/*
 * One that hears somebody, whom nobody hears, cannot know that it is alone. One
 * may be back when the sentence is carried out, but it did stop.
 */
static void check_lease(const struct rbd_view_fence *f)
{
	const struct node *nd = &sim.node[f->number];
	bool hears = nd->heard_ms &&
		     sim.now_ms - nd->heard_ms < nd->pace.net_silent_ms;

	if (nd->incarnation != f->incarnation || !nd->in_cluster ||
	    lease_is_over(nd) || nd->over_ms >= nd->accused_ms)
		return;
	if (f->accusation == RBD_ACCUSED_SLOW ||
	    (f->accusation == RBD_ACCUSED_SILENT && !hears))
		violated("I9 lease first",
			 "node %u is condemned (%s) while its lease lasts, %" PRIu64
			 " ms behind its heartbeat",
			 f->number, f->reason, sim.now_ms - nd->commit_ms);
}

static void check_sentence(const struct rbd_view_fence *f)
{
	const struct rbd_view_member *before = rbd_view_peek(&sim.old_view,
							     f->number);
	const struct node *nd = &sim.node[f->number];

	check_lease(f);
	if (unjust(f))
		violated("I8 refutable",
			 "node %u is condemned (%s) though it has worked for %" PRIu64
			 " ms",
			 f->number, f->reason, sim.now_ms - nd->healthy_ms);
	if (f->accusation == RBD_ACCUSED_ADMIN ||
	    f->accusation == RBD_ACCUSED_REPLACED)
		return;
	if (!before || !before->accused_seq ||
	    sim.now_ms - nd->accused_ms < hearing_ms())
		violated("I8 refutable",
			 "node %u is condemned (%s) without a hearing",
			 f->number, f->reason);
}

static void check_fences(void)
{
	unsigned int i, k;

	for (i = 0; i < sim.view.n_fences; i++) {
		const struct rbd_view_fence *f = &sim.view.fences[i];
		const struct rbd_view_fence *old = fence_of(&sim.old_view,
							    f->number,
							    f->incarnation);

		if (!old) {
			sim.stats.fences++;
			trace("CONDEMNED node %u incarnation %" PRIx64
			      " by node %u: %s",
			      f->number, f->incarnation, f->by, f->reason);
			check_sentence(f);
		}
		if (!old || old->state != RBD_FENCE_FENCING ||
		    f->state != RBD_FENCE_FENCED)
			continue;
		sim.node[f->number].proved = f->incarnation;
		sim.node[f->number].proof = (uint32_t)f->epoch;
		trace("FENCED node %u, proof is map %" PRIu64, f->number,
		      f->epoch);
		for (k = 0; k < f->n_instances; k++)
			if (!listed_everywhere(f->instances[k].nonce) &&
			    !sim.instances[f->instances[k].nonce].removed_ms)
				violated(
					"I3 proof",
					"node %u counts as fenced, but a PG still takes writes of its client %u",
					f->number, f->instances[k].nonce);
	}
}

/* By somebody who at that time had no reason. */
static void check_accusation(const struct rbd_view_member *m, uint64_t sent_ms)
{
	struct node *nd = &sim.node[m->number];

	if (m->accused_seq == sim.view.seq)
		nd->accused_ms = sim.now_ms;
	if (m->accused_seq != sim.view.seq || !nd->in_cluster ||
	    m->accusation == RBD_ACCUSED_CUT ||
	    nd->incarnation != m->incarnation || nd->troubles ||
	    sent_ms <= nd->healthy_ms + AFTERMATH_MS)
		return;
	/* What nobody could read, nobody could act upon. */
	if (m->accusation == RBD_ACCUSED_STUCK &&
	    (sim.view_bad || sim.now_ms - sim.view_ok_ms <= AFTERMATH_MS))
		return;
	violated(
		"I8 refutable",
		"node %u is accused (%s) though nothing was wrong with it for %" PRIu64
		" ms",
		m->number, rbd_accusation_str(m->accusation),
		sent_ms - nd->healthy_ms);
}

/* Has everybody seen this member's heart beat for a while? */
static bool stands(const struct rbd_view_member *m, uint64_t sent_ms)
{
	const struct node *nd = &sim.node[m->number];

	return rbd_member_was_active(m) && nd->in_cluster &&
	       nd->incarnation == m->incarnation &&
	       nd->commit_ms + nd->pace.lease_alone_ms > sent_ms &&
	       nd->over_ms + AFTERMATH_MS < sent_ms;
}

/* @m takes part from now on; what it decided that by was true at @sent_ms. */
static void check_admission(const struct rbd_view_member *m, uint64_t sent_ms)
{
	unsigned int i;

	for (i = 0; i < sim.old_view.n_members; i++) {
		const struct rbd_view_member *o = &sim.old_view.members[i];
		uint64_t barred_ms = sim.barred_ms[m->number][o->number];

		if (o->number != m->number && stands(o, sent_ms) && barred_ms &&
		    barred_ms + AFTERMATH_MS < sent_ms)
			violated("admission",
				 "node %u takes part, barred by node %u for %" PRIu64
				 " ms",
				 m->number, o->number, sent_ms - barred_ms);
	}
}

static void check_members(uint64_t sent_ms)
{
	unsigned int i;

	for (i = 0; i < sim.view.n_members; i++) {
		const struct rbd_view_member *m = &sim.view.members[i];
		const struct rbd_view_member *old = rbd_view_peek(&sim.old_view,
								  m->number);
		u8 from = old ? old->state : (u8)RBD_MEMBER_NONE;

		check_accusation(m, sent_ms);
		if (from == RBD_MEMBER_JOINING && m->state == RBD_MEMBER_ACTIVE)
			check_admission(m, sent_ms);
		if (rbd_member_is_in(m) &&
		    fence_of(&sim.view, m->number, m->incarnation))
			violated(
				"I6 no way back",
				"node %u is a member under a condemned incarnation",
				m->number);
		if (old && old->incarnation != m->incarnation &&
		    (m->incarnation < old->incarnation ||
		     m->state != RBD_MEMBER_JOINING))
			violated("I6 no way back",
				 "node %u changed its incarnation", m->number);
		if (from != m->state && !rbd_member_may(from, m->state))
			violated("I4 chain", "node %u went from %s to %s",
				 m->number, rbd_member_state_str(from),
				 rbd_member_state_str(m->state));
	}
}

void check_view(uint64_t sent_ms)
{
	if (sim.view.seq != sim.old_view.seq + 1)
		violated("I4 chain", "view %" PRIu64 " follows %" PRIu64,
			 sim.view.seq, sim.old_view.seq);
	note_generations();
	check_members(sent_ms);
	check_fences();
}

/* Can nothing that this incarnation sent be applied any more? */
static bool cut_off(unsigned int n, uint64_t incarnation)
{
	const struct rbd_view_fence *f = fence_of(&sim.view, n, incarnation);
	unsigned int k;

	if (!f || f->state == RBD_FENCE_FENCING)
		return false;
	for (k = 0; k < f->n_instances; k++)
		if (!listed_everywhere(f->instances[k].nonce) &&
		    !sim.instances[f->instances[k].nonce].removed_ms)
			return false;
	return true;
}

static void check_barrier(const struct node *me, unsigned int ls,
			  const struct generation *g)
{
	unsigned int n;

	for (n = 0; n < sim.nodes; n++) {
		const struct node *nd = &sim.node[n];
		const struct kernel_ls *k = &nd->ls[ls];

		if (nd == me || !nd->up || !k->running ||
		    k->generation == g->generation ||
		    cut_off(n, nd->incarnation))
			continue;
		violated(
			"I2 barrier",
			"node %u starts %s generation %u while node %u runs generation %u",
			me->n, ls_name(ls), g->generation, n, k->generation);
	}
}

static void check_proofs(const struct node *me, const struct generation *g)
{
	unsigned int i;

	for (i = 0; i < sim.view.n_fences; i++) {
		const struct rbd_view_fence *f = &sim.view.fences[i];

		if (!rbd_nodeset_has(&g->failed, f->number) ||
		    f->state == RBD_FENCE_RETIRED)
			continue;
		if (f->incarnation == g->members[f->number])
			continue;
		/* Condemned only after this generation was made. */
		if (f->state == RBD_FENCE_FENCING &&
		    sim.node[f->number].incarnation == f->incarnation)
			continue;
		if (!cut_off(f->number, f->incarnation))
			violated(
				"I3 proof",
				"node %u starts generation %u, but node %u is not cut off",
				me->n, g->generation, f->number);
		/* An entry made anew raises the epoch; the first proof counts. */
		if (sim.node[f->number].proved == f->incarnation &&
		    me->client_epoch < sim.node[f->number].proof)
			violated(
				"I3 proof",
				"node %u starts generation %u with map %u, the fence of node %u has %u",
				me->n, g->generation, me->client_epoch,
				f->number, sim.node[f->number].proof);
	}
}

/* What fs/dlm takes for failed: members whose connection went away. */
static void check_classes(const struct node *me, unsigned int ls,
			  const struct generation *g)
{
	const struct kernel_ls *k = &me->ls[ls];
	unsigned int n;

	for (n = 0; n < sim.nodes; n++) {
		bool failed, fires;

		if (k->want[n] && me->comm[n] != k->want[n])
			violated(
				"I5 classes",
				"node %u starts %s without a connection to node %u",
				me->n, ls_name(ls), n);
		if (!k->have[n] || n == me->n)
			continue;
		failed = rbd_nodeset_has(&g->failed, n);
		fires = !me->comm[n] || me->comm_seq[n] != k->have_seq[n];
		if (mutant == MUTANT_LOCAL_CLASSIFICATION && !k->want[n])
			fires = !sim.node[n].up || !sim.node[n].in_cluster ||
				sim.cut[n][me->n];
		if (k->want[n] == k->have[n] && !fires)
			continue;
		if (k->want[n] && k->want[n] != k->have[n] && !failed)
			violated(
				"I5 classes",
				"node %u came back to %s within one generation, unnoticed by node %u",
				n, ls_name(ls), me->n);
		if (fires != failed)
			violated(
				"I5 classes",
				"node %u takes node %u for %s in %s generation %u, the view says %s",
				me->n, n, fires ? "failed" : "left",
				ls_name(ls), g->generation,
				failed ? "failed" : "left");
	}
}

void check_start(struct node *nd, unsigned int ls, uint32_t generation)
{
	const struct generation *g = generation_of(generation);
	struct holders *h = &sim.holders[ls];

	/* One that is condemned may do what it likes. */
	if (fence_of(&sim.view, nd->n, nd->incarnation))
		return;
	if (!g || g->ls != ls || g->members[nd->n] != nd->incarnation) {
		violated(
			"I2 barrier",
			"node %u starts %s generation %u, of which it is no member",
			nd->n, ls_name(ls), generation);
		return;
	}
	if (nd->ls[ls].prepared != generation)
		violated("I2 barrier",
			 "node %u starts %s generation %u unprepared", nd->n,
			 ls_name(ls), generation);
	check_barrier(nd, ls, g);
	check_proofs(nd, g);
	check_classes(nd, ls, g);
	if (generation > h->generation) {
		h->generation = generation;
		memcpy(h->members, g->members, sizeof(h->members));
	}
}

void check_apply(const struct write *w)
{
	const struct holders *h = &sim.holders[w->ls];
	const struct instance *i = &sim.instances[w->instance];

	if (!h->generation || h->members[w->node] == w->incarnation)
		return;
	/* Somebody took the entry away: repaired in time, not prevented. */
	if (i->removed_ms &&
	    (!i->missed_ms || sim.now_ms - i->missed_ms < REPAIR_MS))
		return;
	violated("I1 no late write",
		 "a write of node %u, incarnation %" PRIx64
		 ", is applied after %s generation %u was started without it",
		 w->node, w->incarnation, ls_name(w->ls), h->generation);
}

void check_issue(const struct node *nd, uint32_t instance)
{
	const struct rbd_instance id = instance_id(instance);
	const struct rbd_view_fence *f = fence_of(&sim.view, nd->n,
						  nd->incarnation);
	unsigned int k;

	if (rbd_view_instance_known(&sim.view, nd->n, nd->incarnation, &id))
		return;
	for (k = 0; f && k < f->n_instances; k++)
		if (rbd_instance_equal(&f->instances[k], &id))
			return;
	violated("I7 registered",
		 "node %u writes with client %u, which the view does not have",
		 nd->n, instance);
}

/* Whoever is registered exists: places are not used up by what is gone. */
static bool none_left_over(const struct rbd_view_member *m, bool say)
{
	unsigned int i;

	for (i = 0; i < m->n_instances; i++) {
		if (sim.instances[m->instances[i].nonce].exists)
			continue;
		if (say)
			violated("I7 registered",
				 "client %u of node %u is gone and registered",
				 m->instances[i].nonce, m->number);
		return false;
	}
	return true;
}

bool check_converged(bool say)
{
	unsigned int n, ls;

	for (n = 0; n < sim.nodes; n++) {
		const struct node *nd = &sim.node[n];
		const struct rbd_view_member *m = rbd_view_peek(&sim.view, n);

		if (!m || m->state != RBD_MEMBER_ACTIVE ||
		    m->incarnation != nd->incarnation) {
			if (say)
				violated("liveness", "node %u is %s at the end",
					 n,
					 m ? rbd_member_state_str(m->state) :
					     "not in the view");
			return false;
		}
		if (!none_left_over(m, say))
			return false;
	}
	if (sim.view.retime_seq) {
		if (say)
			violated("liveness",
				 "time-outs are still being changed");
		return false;
	}
	for (ls = 0; ls < sim.lockspaces; ls++) {
		const struct rbd_view_lockspace *vls = rbd_view_ls_peek(
			&sim.view, ls_name(ls));

		for (n = 0; n < sim.nodes; n++) {
			const struct kernel_ls *k = &sim.node[n].ls[ls];

			if (vls && vls->settled && k->running &&
			    k->generation == vls->generation)
				continue;
			if (say)
				violated("liveness",
					 "%s does not run on node %u at the end",
					 ls_name(ls), n);
			return false;
		}
	}
	return true;
}
