// SPDX-License-Identifier: GPL-2.0
/* The view object, the monitors' blocklist, and what OSDs know of it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

#define MAX_VIEWS 16

/* Views that may still be on their way to a reader. */
static struct rbd_view history[MAX_VIEWS];

uint32_t instance_new(const struct node *nd)
{
	struct instance *i;

	if (sim.n_instances == SIM_INSTANCES) {
		fprintf(stderr, "sim: out of clients of Ceph\n");
		exit(2);
	}
	i = &sim.instances[sim.n_instances];
	memset(i, 0, sizeof(*i));
	i->node = nd->n;
	i->incarnation = nd->incarnation;
	i->exists = true;
	return sim.n_instances++;
}

struct rbd_instance instance_id(uint32_t instance)
{
	struct rbd_instance id = { .nonce = instance,
				   .addr = { .family = 4,
					     .ip = { 10, 0, 0 } } };

	id.addr.ip[3] = (uint8_t)sim.instances[instance].node;
	return id;
}

bool listed(uint32_t instance, unsigned int pg)
{
	const struct instance *i = &sim.instances[instance];
	unsigned int count = 0;

	while (count < i->n_toggles && i->toggles[count] <= sim.pg_epoch[pg])
		count++;
	return count & 1;
}

bool listed_everywhere(uint32_t instance)
{
	unsigned int pg;

	for (pg = 0; pg < SIM_PGS; pg++)
		if (!listed(instance, pg))
			return false;
	return true;
}

static void new_map(void)
{
	unsigned int pg;

	sim.mon_epoch++;
	for (pg = 0; pg < SIM_PGS; pg++)
		push(sim.lagging ? rnd(60000) : rnd(800), EV_OSDMAP, SIM_NODES,
		     pg, sim.mon_epoch);
}

static void toggle(struct instance *i)
{
	if (i->n_toggles == SIM_TOGGLES)
		return;
	new_map();
	i->toggles[i->n_toggles++] = sim.mon_epoch;
}

void mon_list(uint32_t instance, uint64_t expire_ms)
{
	struct instance *i = &sim.instances[instance];

	i->expires_ms = sim.now_ms + sim.mon_skew_ms + expire_ms;
	if (!(i->n_toggles & 1))
		toggle(i);
	trace("mon: client %u of node %u is on the blocklist (map %u)",
	      instance, i->node, sim.mon_epoch);
}

void mon_unlist(uint32_t instance)
{
	struct instance *i = &sim.instances[instance];

	if (!(i->n_toggles & 1))
		return;
	toggle(i);
	i->removed_ms = sim.now_ms;
	i->missed_ms = 0;
	trace("mon: client %u of node %u is off the blocklist (map %u)",
	      instance, i->node, sim.mon_epoch);
}

/* The leader's clock alone decides. */
void mon_expire(void)
{
	unsigned int i;

	for (i = 0; i < sim.n_instances; i++)
		if ((sim.instances[i].n_toggles & 1) &&
		    sim.instances[i].expires_ms <=
			    sim.now_ms + sim.mon_skew_ms) {
			trace("mon: an entry expires");
			toggle(&sim.instances[i]);
		}
}

void on_osdmap(uint32_t pg)
{
	if (sim.pg_epoch[pg] < sim.mon_epoch)
		sim.pg_epoch[pg] += 1 + rnd(sim.mon_epoch - sim.pg_epoch[pg]);
	if (sim.pg_epoch[pg] < sim.mon_epoch)
		push(sim.lagging ? rnd(30000) : rnd(300), EV_OSDMAP, SIM_NODES,
		     pg, 0);
}

static bool view_reachable(const struct node *nd)
{
	return !sim.all_stalled && !sim.pg_stalled[PG_VIEW] &&
	       !nd->storage_down;
}

static uint32_t latency(const struct node *nd)
{
	return 1 + rnd(15) + (nd->slow_ms ? rnd(nd->slow_ms) : 0);
}

void cas_send(struct node *nd)
{
	uint32_t id = sim.next_cas++ % SIM_CASES;
	struct cas_op *op = &sim.cases[id];
	struct rbd_view *next = &nd->core->next;
	ssize_t len;

	memcpy(next->token, &id, sizeof(id));
	memcpy(next->token + 4, &sim.order, sizeof(sim.order));
	len = rbd_view_encode(next, op->buf, sizeof(op->buf));
	if (len < 0) {
		violated("limit", "a view of %zu bytes was proposed",
			 rbd_view_bytes(next));
		return;
	}
	if ((size_t)len != rbd_view_bytes(next))
		violated("codec", "%zd bytes instead of %zu", len,
			 rbd_view_bytes(next));
	op->used = true;
	op->replied = false;
	op->node = nd->n;
	op->life = nd->life;
	op->instance = nd->daemon_instance;
	op->expected = next->seq - 1;
	op->sent_ms = sim.now_ms;
	op->len = (uint32_t)len;
	nd->cas = id;
	if (sim.ambiguous && chance(30)) {
		/* The reply is lost; the operation is late, or lost as well. */
		sim.stats.ambiguous++;
		if (chance(80))
			push(chance(50) ? latency(nd) : rnd(90000),
			     EV_CAS_APPLY, SIM_NODES, id, 0);
		op->replied = true;
		push(1000 + rnd(9000), EV_CAS_REPLY, nd->n, id,
		     RBD_CORE_CAS_UNKNOWN);
		return;
	}
	push(latency(nd), EV_CAS_APPLY, SIM_NODES, id, 0);
	if (!view_reachable(nd)) {
		op->replied = true;
		push(10000, EV_CAS_REPLY, nd->n, id, RBD_CORE_CAS_UNKNOWN);
	}
}

static void tell_all(const struct node *from)
{
	unsigned int n;

	for (n = 0; n < sim.nodes; n++)
		if (n != from->n && reaches(from->n, n))
			look_soon(&sim.node[n], false, 1 + rnd(5));
}

static void cas_reply(struct cas_op *op, uint32_t id, enum rbd_core_cas outcome)
{
	if (!op->replied)
		push(latency(&sim.node[op->node]), EV_CAS_REPLY, op->node, id,
		     outcome);
	op->replied = true;
}

void on_cas_apply(uint32_t id)
{
	struct cas_op *op = &sim.cases[id];
	struct node *nd = &sim.node[op->node];
	int ret;

	if (!op->used)
		return;
	/* A client sends again what was not answered, as long as it lives. */
	if (!view_reachable(nd)) {
		if (nd->up && nd->life == op->life)
			push(300, EV_CAS_APPLY, SIM_NODES, id, 0);
		return;
	}
	op->used = false;
	if (listed(op->instance, PG_VIEW)) {
		cas_reply(op, id, RBD_CORE_CAS_LOST);
		return;
	}
	if (sim.view.seq != op->expected) {
		cas_reply(op, id, RBD_CORE_CAS_LOST);
		return;
	}
	rbd_view_copy(&sim.old_view, &sim.view);
	ret = rbd_view_decode(&sim.view, op->buf, op->len);
	if (ret)
		violated("codec", "a view cannot be decoded: %d", ret);
	rbd_view_copy(&history[sim.view.seq % MAX_VIEWS], &sim.view);
	sim.stats.views++;
	trace("view %" PRIu64 " by node %u", sim.view.seq, nd->n);
	check_view(op->sent_ms);
	cas_reply(op, id, RBD_CORE_CAS_WON);
	tell_all(nd);
}

void on_cas_reply(const struct event *e)
{
	struct node *nd = &sim.node[e->node];
	enum rbd_core_cas outcome = e->b;

	if (e->life != nd->life || !daemon_runs(nd) || nd->cas != e->a)
		return;
	if (mutant == MUTANT_AMBIGUOUS_WON && outcome == RBD_CORE_CAS_UNKNOWN)
		outcome = RBD_CORE_CAS_WON;
	rbd_core_cas_done(nd->core, outcome);
	drain(nd);
}

void view_read(struct node *nd)
{
	if (view_reachable(nd) && !listed(nd->daemon_instance, PG_VIEW))
		push(latency(nd), EV_VIEW, nd->n, (uint32_t)sim.view.seq, 0);
	else if (view_reachable(nd))
		push(latency(nd), EV_VIEW, nd->n, 0, 0);
	else
		push(1000, EV_VIEW, nd->n, UINT32_MAX, 0);
}

/* Late, so there may be a newer one by now. */
void on_view(struct node *nd, uint32_t seq)
{
	if (!daemon_runs(nd))
		return;
	if (seq == UINT32_MAX) {
		/* No answer. */
		if (nd->core->blind || !nd->core->going)
			view_read(nd);
		return;
	}
	if (seq && sim.view.seq - seq >= MAX_VIEWS)
		seq = (uint32_t)sim.view.seq;
	if (seq)
		rbd_core_view(nd->core, &history[seq % MAX_VIEWS]);
	else
		rbd_core_shut_out(nd->core);
	if (seq && !nd->found)
		ls_rescan(nd);
	drain(nd);
}

void rados_init(void)
{
	const char *bad;
	unsigned int pg;

	bad = rbd_view_init(&sim.view, "sim", RBD_HB_DEAD_AFTER_MS,
			    RBD_HB_SLOW_AFTER_MS);
	if (bad) {
		fprintf(stderr, "sim: %s\n", bad);
		exit(2);
	}
	sim.view.seq = 1;
	rbd_view_copy(&history[1], &sim.view);
	sim.mon_epoch = 100;
	for (pg = 0; pg < SIM_PGS; pg++)
		sim.pg_epoch[pg] = 100;
}
