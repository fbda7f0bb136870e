// SPDX-License-Identifier: GPL-2.0
/* Writes of the nodes, and the gate that they pass. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define HELD_MAX 4

/* As the kernel's gate has it: age of the last heartbeat that got through. */
bool lease_is_over(const struct node *nd)
{
	const struct rbd_hb_timing *t = &nd->pace;
	bool alone = !nd->heard_ms ||
		     sim.now_ms - nd->heard_ms >= t->net_silent_ms;

	return sim.now_ms - nd->commit_ms >=
	       (alone ? t->lease_alone_ms : t->lease_heard_ms);
}

static bool gate_is_open(const struct node *nd)
{
	return !nd->frozen && !lease_is_over(nd);
}

static void send(struct node *nd, unsigned int ls, uint64_t incarnation)
{
	uint32_t id = sim.next_write++ % SIM_WRITES;
	struct write *w = &sim.writes[id];
	uint32_t late = 1 + rnd(40);
	uint32_t instance = nd->data_instance;

	if (w->used)
		return;
	if (nd->extra.shown && chance(30))
		instance = nd->extra.instance;
	check_issue(nd, instance);
	w->used = true;
	w->in_client = chance(50);
	w->ls = (uint8_t)ls;
	w->pg = (uint8_t)(PG_DATA + rnd(SIM_PGS - PG_DATA));
	w->node = nd->n;
	w->boot = nd->boot;
	w->instance = instance;
	w->incarnation = incarnation;
	nd->ls[ls].writes++;
	if (sim.late_writes && chance(20))
		late = rnd(120000);
	sim.stats.writes++;
	push(late, EV_APPLY, SIM_NODES, id, 0);
}

static void release_held(struct node *nd, unsigned int ls)
{
	bool same = nd->held_incarnation == nd->incarnation;

	/* Of another incarnation they can only fail. */
	while (nd->held) {
		nd->held--;
		if (same || mutant == MUTANT_RESEND_HELD)
			send(nd, ls, nd->held_incarnation);
	}
}

void on_write(struct node *nd)
{
	unsigned int ls = rnd(sim.lockspaces);
	struct kernel_ls *k = &nd->ls[ls];

	push(100 + rnd(900), EV_WRITE, nd->n, 0, nd->boot);
	if (!nd->in_cluster || !nd->core || !k->served || k->leaving ||
	    !nd->data_ok || !(nd->want_ls >> ls & 1))
		return;
	if (!gate_is_open(nd)) {
		if (nd->held && nd->held_incarnation != nd->incarnation)
			nd->held = 0;
		nd->held_incarnation = nd->incarnation;
		if (nd->held < HELD_MAX)
			nd->held++;
		return;
	}
	release_held(nd, ls);
	send(nd, ls, nd->incarnation);
}

static void over(struct write *w)
{
	struct node *nd = &sim.node[w->node];

	w->used = false;
	if (nd->boot == w->boot && nd->incarnation == w->incarnation &&
	    nd->ls[w->ls].writes)
		nd->ls[w->ls].writes--;
}

/* Still in its client: it goes where that goes. */
static bool waits_in_client(struct write *w, uint32_t id)
{
	struct node *nd = &sim.node[w->node];
	uint64_t wait;

	if (!w->in_client)
		return false;
	if (nd->boot != w->boot || !sim.instances[w->instance].exists) {
		over(w);
		return true;
	}
	if (nd->paused && nd->resume_ms >= sim.now_ms)
		wait = nd->resume_ms - sim.now_ms + 1;
	else if (nd->storage_down || sim.all_stalled)
		wait = 500 + rnd(1000);
	else
		return false;
	push(wait, EV_APPLY, SIM_NODES, id, 0);
	return true;
}

void on_apply(uint32_t id)
{
	struct write *w = &sim.writes[id];

	if (!w->used || waits_in_client(w, id))
		return;
	if (sim.pg_stalled[w->pg]) {
		push(1000, EV_APPLY, SIM_NODES, id, 0);
		return;
	}
	if (listed(w->instance, w->pg)) {
		sim.stats.refused++;
		sim.node[w->node].frozen |= sim.node[w->node].data_instance ==
						    w->instance ||
					    (sim.node[w->node].extra.shown &&
					     sim.node[w->node].extra.instance ==
						     w->instance);
	} else {
		check_apply(w);
	}
	over(w);
}

void io_gone(struct node *nd)
{
	nd->data_ok = false;
	extra_gone(nd);
	/* The gate's list outlives its client: that is the danger. */
}
