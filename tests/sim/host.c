// SPDX-License-Identifier: GPL-2.0
/* A host: power, heartbeats of its kernel, messages, and its administrator. */
#include <inttypes.h>
#include <string.h>

#include "sim.h"

bool reaches(unsigned int from, unsigned int to)
{
	return sim.node[from].up && sim.node[to].up && !sim.cut[from][to];
}

/* What the kernel does when it is given other time-outs. */
void pace(struct node *nd, const struct rbd_view *v)
{
	uint32_t tick_ms = nd->pace.tick_ms;
	uint32_t dead, slow;
	unsigned int n;

	rbd_view_lease_times(v, &dead, &slow);
	rbd_hb_timing_derive(&nd->pace, dead, slow);
	if (nd->pace.tick_ms == tick_ms)
		return;
	nd->retimed = true;
	for (n = 0; n < sim.nodes; n++)
		nd->peers[n].still_ticks = 0;
}

void host_boot(struct node *nd)
{
	unsigned int i;

	if (nd->up)
		return;
	nd->up = true;
	nd->paused = false;
	nd->boot++;
	nd->healthy_ms = sim.now_ms;
	nd->able_ms = sim.now_ms;
	for (i = 0; i < sizeof(nd->boot_id); i++)
		nd->boot_id[i] = (uint8_t)rnd(256);
	trace("node %u boots", nd->n);
	push(rnd(300), EV_WRITE, nd->n, 0, nd->boot);
	if (nd->want_in)
		cluster_start(nd);
}

void host_down(struct node *nd)
{
	unsigned int i;

	if (!nd->up)
		return;
	trace("node %u is off", nd->n);
	daemon_stop(nd);
	nd->up = false;
	nd->in_cluster = false;
	nd->hb_busy = false;
	nd->storage_down = false;
	nd->slow_ms = 0;
	nd->held = 0;
	nd->boot++;
	for (i = 0; i < sim.n_instances; i++)
		if (sim.instances[i].node == nd->n)
			sim.instances[i].exists = false;
	io_gone(nd);
	ls_gone(nd);
}

/* A new incarnation: heartbeats under it, then the daemon. */
void cluster_start(struct node *nd)
{
	uint64_t seen = 0;
	unsigned int i;

	for (i = 0; i < RBD_HB_OBJECTS; i++)
		if (sim.slots[i][nd->n].incarnation > seen)
			seen = sim.slots[i][nd->n].incarnation;
	nd->incarnation = rbd_view_next_incarnation(&sim.view, nd->n, seen,
						    rnd(1 << 24));
	nd->counter = 0;
	nd->in_cluster = true;
	nd->frozen = false;
	nd->data_ok = false;
	nd->part_len = 0;
	nd->hb_done_ms = 0;
	nd->commit_ms = sim.now_ms;
	nd->heard_ms = 0;
	nd->over_ms = 0;
	nd->act_ms = 0;
	nd->healthy_ms = sim.now_ms;
	nd->able_ms = sim.now_ms;
	nd->hb_busy = false;
	nd->daemon_instance = instance_new(nd);
	nd->data_instance = instance_new(nd);
	extra_gone(nd);
	memset(nd->peers, 0, sizeof(nd->peers[0]) * sim.nodes);
	pace(nd, &sim.view);
	trace("node %u begins incarnation %" PRIx64 " (clients %u, %u)", nd->n,
	      nd->incarnation, nd->daemon_instance, nd->data_instance);
	push(rnd(nd->pace.tick_ms), EV_TICK, nd->n, (uint32_t)nd->incarnation,
	     nd->boot);
	daemon_start(nd);
}

/* All is unmounted; its clients of Ceph are destroyed. */
void cluster_stop(struct node *nd)
{
	unsigned int i;

	daemon_stop(nd);
	nd->in_cluster = false;
	for (i = 0; i < sim.n_instances; i++)
		if (sim.instances[i].node == nd->n)
			sim.instances[i].exists = false;
	io_gone(nd);
	ls_gone(nd);
}

/* The daemon tells its kernel that it hears somebody. */
static void hear(struct node *nd)
{
	unsigned int n;

	for (n = 0; n < sim.nodes; n++) {
		uint64_t heard = nd->core->peers[n].heard_ms;

		if (n != nd->n && heard != U64_MAX &&
		    sim.now_ms - heard < nd->pace.net_silent_ms)
			nd->heard_ms = sim.now_ms;
	}
}

void on_tick(struct node *nd)
{
	if (!nd->in_cluster)
		return;
	push(nd->pace.tick_ms, EV_TICK, nd->n, (uint32_t)nd->incarnation,
	     nd->boot);
	if (nd->hb_busy) {
		/* The last one is not over: a bad tick. */
		if (daemon_runs(nd)) {
			hear(nd);
			rbd_core_tick(nd->core, sim.now_ms,
				      mutant == MUTANT_COUNT_BAD_TICKS ?
					      RBD_CORE_TICK_GOOD :
					      RBD_CORE_TICK_BAD);
			drain(nd);
		}
		if (mutant == MUTANT_COUNT_BAD_TICKS) {
			unsigned int n;

			for (n = 0; n < sim.nodes; n++)
				rbd_hb_observe(&nd->peers[n], NULL, 0, true,
					       false);
		}
		return;
	}
	nd->hb_busy = true;
	push(1 + rnd(30) + (nd->slow_ms ? rnd(nd->slow_ms) : 0), EV_HB, nd->n,
	     (uint32_t)nd->incarnation, nd->boot);
}

/* Our slot into each object that answers; returns how many did. */
static unsigned int write_slot(struct node *nd, bool *refused)
{
	uint8_t bytes[RBD_HB_SLOT_BYTES];
	struct rbd_hb_slot slot = { .number = nd->n,
				    .incarnation = nd->incarnation,
				    .counter = ++nd->counter,
				    .dead_after_ms = nd->pace.dead_after_ms,
				    .slow_after_ms = nd->pace.slow_after_ms,
				    .daemon_len = nd->part_len };
	unsigned int written = 0;
	unsigned int i;

	memcpy(slot.boot_id, nd->boot_id, sizeof(slot.boot_id));
	memcpy(slot.daemon, nd->part, nd->part_len);
	if (sim.now_ms - nd->ping_ms >
	    (mutant == MUTANT_STALE_LATE ? 5000 : nd->pace.daemon_stale_ms))
		slot.flags |= RBD_HB_DAEMON_STALE;
	if (nd->frozen)
		slot.flags |= RBD_HB_FROZEN;
	rbd_hb_slot_encode(&slot, bytes);
	for (i = 0; i < RBD_HB_OBJECTS; i++) {
		if (sim.pg_stalled[PG_HB + i])
			continue;
		if (listed(nd->daemon_instance, PG_HB + i)) {
			*refused = true;
			continue;
		}
		if (rbd_hb_slot_decode(&sim.slots[i][nd->n], bytes, nd->n))
			violated("codec", "a slot cannot be decoded");
		written++;
	}
	return written;
}

static void see_slots(struct node *nd, bool good, bool gap, bool count)
{
	struct rbd_hb_slot found[RBD_HB_OBJECTS];
	const struct rbd_hb_slot *best;
	unsigned int n, i, k;

	for (n = 0; n < sim.nodes; n++) {
		best = NULL;
		for (i = 0, k = 0; i < RBD_HB_OBJECTS; i++) {
			const struct rbd_hb_slot *s = &sim.slots[i][n];

			if (!s->incarnation || sim.pg_stalled[PG_HB + i])
				continue;
			if (!best || s->incarnation > best->incarnation ||
			    (s->incarnation == best->incarnation &&
			     s->counter > best->counter))
				best = s;
			/* One stands for all that are the same. */
			if (!k || s->counter != found[0].counter ||
			    s->incarnation != found[0].incarnation)
				found[k++] = *s;
		}
		if (count)
			rbd_hb_observe(&nd->peers[n], found, k, good, gap);
		else
			rbd_hb_observe(&nd->peers[n], found, k, false, false);
		if (best && daemon_runs(nd) &&
		    best->incarnation == nd->peers[n].incarnation)
			rbd_core_slot(nd->core, &nd->peers[n], best);
	}
}

/* What a heartbeat costs a daemon: slots and decisions, not the storage. */
static void decide(struct node *nd, bool good, bool gap)
{
	enum rbd_core_tick kind = RBD_CORE_TICK_BAD;
	double since = sim.measure ? seconds() : 0;
	unsigned int n;
	double took;

	see_slots(nd, good, gap, true);
	if (!daemon_runs(nd))
		return;
	nd->ping_ms = sim.now_ms;
	hear(nd);
	for (n = 0; n < sim.nodes && mutant != MUTANT_IGNORE_BARS; n++)
		rbd_core_bar(nd->core, n, sim.barred_ms[nd->n][n] != 0);
	if (good)
		kind = gap ? RBD_CORE_TICK_GAP : RBD_CORE_TICK_GOOD;
	rbd_core_tick(nd->core, sim.now_ms, kind);
	sim.stats.ticks++;
	if (!sim.measure)
		return;
	took = seconds() - since;
	sim.stats.core_s += took;
	if (took > sim.stats.worst_s)
		sim.stats.worst_s = took;
}

void on_hb(struct node *nd)
{
	struct rbd_hb_tick tick = { .now_ms = sim.now_ms };
	bool refused = false;
	bool good, gap;

	if (!nd->in_cluster)
		return;
	if (nd->storage_down || sim.all_stalled) {
		push(100 + rnd(100), EV_HB, nd->n, (uint32_t)nd->incarnation,
		     nd->boot);
		return;
	}
	nd->hb_busy = false;
	tick.written = (uint8_t)write_slot(nd, &refused);
	tick.read = tick.written;
	tick.own_counter = nd->counter;
	tick.own_counter_read = tick.written ? nd->counter : 0;
	good = rbd_hb_tick_is_good(&tick);
	if (mutant == MUTANT_COUNT_BAD_TICKS)
		good = true;
	gap = nd->hb_done_ms &&
	      (nd->retimed || sim.now_ms - nd->hb_done_ms > nd->pace.gap_ms) &&
	      mutant != MUTANT_COUNT_BAD_TICKS;
	nd->retimed = nd->retimed && !good;
	nd->hb_done_ms = sim.now_ms;
	if (good && lease_is_over(nd))
		nd->over_ms = sim.now_ms;
	if (good)
		nd->commit_ms = sim.now_ms;
	if (refused && daemon_runs(nd))
		rbd_core_shut_out(nd->core);
	decide(nd, good, gap);
	if (!daemon_runs(nd))
		return;
	drain(nd);
	view_read(nd);
}

void on_look(struct node *nd, bool write)
{
	bool refused = false;

	nd->look_due = false;
	if (!nd->in_cluster || nd->storage_down || sim.all_stalled ||
	    !daemon_runs(nd))
		return;
	if (write) {
		unsigned int n;

		write_slot(nd, &refused);
		for (n = 0; n < sim.nodes; n++)
			if (n != nd->n && reaches(nd->n, n))
				look_soon(&sim.node[n], false, 1 + rnd(5));
	}
	see_slots(nd, false, false, false);
	rbd_core_tick(nd->core, sim.now_ms, RBD_CORE_TICK_EXTRA);
	drain(nd);
	if (nd->core->view.seq != sim.view.seq)
		view_read(nd);
}

void on_keepalive(struct node *nd)
{
	uint32_t late = sim.delay_ms[nd->n];
	unsigned int n;

	push(nd->pace.tick_ms ? nd->pace.tick_ms : 1000, EV_KEEPALIVE, nd->n, 0,
	     0);
	if (!daemon_runs(nd) || !nd->in_cluster)
		return;
	for (n = 0; n < sim.nodes; n++) {
		if (n == nd->n || !reaches(nd->n, n))
			continue;
		if (late)
			push(rnd(late), EV_MESSAGE, n, nd->n,
			     (uint32_t)nd->incarnation);
		else
			on_message(&sim.node[n], nd->n,
				   (uint32_t)nd->incarnation);
	}
}

/* The tag is enough of the incarnation to know one that is over. */
void on_message(struct node *nd, uint32_t from, uint32_t tag)
{
	if (!daemon_runs(nd) || (uint32_t)sim.node[from].incarnation != tag)
		return;
	rbd_core_heard(nd->core, from, sim.node[from].incarnation, sim.now_ms);
}

static void after_fence(struct node *nd)
{
	if (!nd->act_ms) {
		nd->act_ms = sim.now_ms + 3000 + rnd(30000);
		return;
	}
	if (sim.now_ms < nd->act_ms)
		return;
	nd->act_ms = 0;
	if (chance(50)) {
		host_down(nd);
		push(3000 + rnd(15000), EV_BOOT, nd->n, 0, 0);
	} else {
		trace("node %u unmounts and begins anew without a reboot",
		      nd->n);
		cluster_stop(nd);
		cluster_start(nd);
	}
}

static void use_lockspaces(struct node *nd)
{
	unsigned int ls;

	for (ls = 0; ls < sim.lockspaces; ls++) {
		struct kernel_ls *k = &nd->ls[ls];
		bool want = nd->want_ls >> ls & 1;

		if (want && !k->present && nd->want_in && nd->data_ok)
			ls_mount(nd, ls);
		else if ((!want || !nd->want_in) && k->served && !k->leaving &&
			 !k->writes)
			ls_umount(nd, ls);
	}
	if (nd->found && chance(10))
		ls_rescan(nd);
}

void on_admin(struct node *nd)
{
	const struct rbd_view_member *m;

	push(500 + rnd(1000), EV_ADMIN, nd->n, 0, 0);
	extra_use(nd);
	if (!nd->up || nd->paused || nd->hung)
		return;
	if (!nd->in_cluster) {
		if (nd->want_in)
			cluster_start(nd);
		return;
	}
	if (!nd->daemon) {
		if (chance(30))
			daemon_start(nd);
		return;
	}
	if (nd->core->condemned) {
		after_fence(nd);
		return;
	}
	m = rbd_core_me(nd->core);
	use_lockspaces(nd);
	if (nd->found && chance(10))
		extra_look(nd);
	if (nd->want_in) {
		rbd_core_join(nd->core);
	} else {
		rbd_core_leave(nd->core);
		if (m && m->state == RBD_MEMBER_LEFT) {
			trace("node %u has left", nd->n);
			cluster_stop(nd);
			return;
		}
	}
	if (m && m->state == RBD_MEMBER_ACTIVE && !nd->data_ok && nd->want_in) {
		struct rbd_instance id = instance_id(nd->data_instance);

		if (mutant == MUTANT_UNREGISTERED)
			nd->data_ok = true;
		else
			rbd_core_client_add(nd->core, &id, true);
	}
	drain(nd);
}
