// SPDX-License-Identifier: GPL-2.0
/* The daemon around the machine: carries out its actions. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

/* Stages of a fence. */
enum { FENCE_ADD, FENCE_VERIFY, FENCE_SWEEP, VERIFY_READ };

bool daemon_runs(const struct node *nd)
{
	return nd->up && !nd->paused && nd->daemon && !nd->hung;
}

static void introduce(const struct node *nd, struct rbd_node_id *id)
{
	memset(id, 0, sizeof(*id));
	id->number = nd->n;
	id->weight = 1;
	id->incarnation = nd->incarnation;
	memcpy(id->boot_id, nd->boot_id, sizeof(id->boot_id));
	id->address.family = 4;
	id->address.ip[0] = 10;
	id->address.ip[3] = (uint8_t)nd->n;
	snprintf(id->name, sizeof(id->name), "node%u", nd->n);
}

void daemon_start(struct node *nd)
{
	struct rbd_daemon_part part;
	struct rbd_instance client;
	struct rbd_node_id id;

	if (nd->daemon || !nd->up || !nd->in_cluster)
		return;
	if (!nd->core)
		nd->core = malloc(sizeof(*nd->core));
	if (!nd->core) {
		fprintf(stderr, "sim: out of memory\n");
		exit(2);
	}
	trace("daemon of node %u starts", nd->n);
	nd->daemon = true;
	nd->hung = false;
	nd->found = false;
	nd->life++;
	nd->ping_ms = sim.now_ms;
	nd->healthy_ms = sim.now_ms;
	introduce(nd, &id);
	rbd_core_init(nd->core, &id, sim.now_ms);
	if (nd->part_len) {
		/* Its predecessor's client is gone; it has one of its own. */
		sim.instances[nd->daemon_instance].exists = false;
		nd->daemon_instance = instance_new(nd);
		rbd_daemon_part_decode(&part, nd->part, nd->part_len);
		rbd_core_resume(nd->core, &part);
	}
	client = instance_id(nd->daemon_instance);
	rbd_core_client_add(nd->core, &client, false);
	if (nd->data_ok) {
		client = instance_id(nd->data_instance);
		rbd_core_client_add(nd->core, &client, false);
	}
	rbd_core_paced(nd->core, 0, nd->pace.dead_after_ms,
		       nd->pace.slow_after_ms);
	if (nd->want_in)
		rbd_core_join(nd->core);
	view_read(nd);
}

void daemon_stop(struct node *nd)
{
	if (!nd->daemon)
		return;
	nd->daemon = false;
	nd->hung = false;
	nd->life++;
}

void look_soon(struct node *nd, bool write, uint32_t in_ms)
{
	if (nd->look_due && !write)
		return;
	nd->look_due = true;
	push(in_ms, EV_LOOK, nd->n, write, 0);
}

static void take_part(struct node *nd)
{
	nd->part_len = (uint8_t)rbd_daemon_part_encode(&nd->core->part,
						       nd->part);
	look_soon(nd, true, 20 + rnd(40));
}

/* What configfs does: those to be dropped first. */
void on_comms(struct node *nd)
{
	struct rbd_core *core = nd->core;
	unsigned int n;

	if (!daemon_runs(nd) || !core->comms_busy)
		return;
	if (sim.storm && chance(3)) {
		rbd_core_comms_done(core, -EAGAIN);
		drain(nd);
		return;
	}
	for (n = 0; n < sim.nodes; n++) {
		if (rbd_nodeset_has(&core->drop, n)) {
			nd->comm[n] = 0;
			nd->comm_seq[n]++;
		}
		if (rbd_nodeset_has(&core->set, n)) {
			nd->comm[n] = core->comms_goal[n];
			nd->comm_seq[n]++;
		}
	}
	rbd_core_comms_done(core, 0);
	drain(nd);
}

static void fence_begin(struct node *nd, bool verify)
{
	struct rbd_core *core = nd->core;

	memcpy(nd->batch, core->batch, sizeof(nd->batch));
	nd->n_batch = core->n_batch;
	trace("node %u %s %u, ...", nd->n, verify ? "checks" : "cuts off",
	      core->batch[0].number);
	push(300 + rnd(1500), EV_FENCE, nd->n, verify ? VERIFY_READ : FENCE_ADD,
	     0);
}

static const struct rbd_view_fence *record(const struct node *nd,
					   unsigned int i)
{
	return rbd_view_fence_find(&nd->core->view, nd->batch[i].number,
				   nd->batch[i].incarnation);
}

static void fence_add(struct node *nd)
{
	uint64_t expire = mutant == MUTANT_EXPIRY_1H ? 3600000 : TEN_YEARS_MS;
	const struct rbd_view_fence *f;
	unsigned int i, k;

	for (i = 0; i < nd->n_batch; i++) {
		f = record(nd, i);
		for (k = 0; f && k < f->n_instances; k++) {
			/* It met a removal: dropped, though said to be done. */
			if (sim.storm && chance(10))
				continue;
			mon_list(f->instances[k].nonce, expire);
		}
	}
	/* The commit of the monitors. */
	push(100 + rnd(1200), EV_FENCE, nd->n, FENCE_VERIFY, 0);
}

static bool all_listed(const struct node *nd)
{
	const struct rbd_view_fence *f;
	unsigned int i, k;

	for (i = 0; i < nd->n_batch; i++) {
		f = record(nd, i);
		for (k = 0; f && k < f->n_instances; k++)
			if (!(sim.instances[f->instances[k].nonce].n_toggles &
			      1))
				return false;
	}
	return true;
}

/* Each PG answers a request that carries the map, or there is no proof. */
static bool sweep(const struct node *nd)
{
	unsigned int pg;

	for (pg = 0; pg < SIM_PGS; pg++) {
		if (sim.pg_stalled[pg])
			return false;
		if (sim.pg_epoch[pg] < nd->fence_epoch)
			sim.pg_epoch[pg] = nd->fence_epoch;
	}
	return true;
}

static void fence_done(struct node *nd, int err, uint32_t epoch)
{
	rbd_core_fence_done(nd->core, err, epoch);
	drain(nd);
}

static void fence_verify(struct node *nd)
{
	if (mutant != MUTANT_NO_VERIFY && !all_listed(nd)) {
		push(200 + rnd(500), EV_FENCE, nd->n, FENCE_ADD, 0);
		return;
	}
	nd->fence_epoch = sim.mon_epoch;
	if (mutant == MUTANT_NO_SWEEP)
		fence_done(nd, 0, nd->fence_epoch);
	else
		push(20 + rnd(200), EV_FENCE, nd->n, FENCE_SWEEP, 0);
}

/* From now on what is missing is being repaired. */
static void note_check(void)
{
	unsigned int k;

	for (k = 0; k < sim.n_instances; k++)
		if (sim.instances[k].removed_ms && !sim.instances[k].missed_ms)
			sim.instances[k].missed_ms = sim.now_ms;
}

void on_fence(struct node *nd, uint32_t stage)
{
	if (!daemon_runs(nd) || !nd->core->fence_busy)
		return;
	if (nd->storage_down || sim.all_stalled || sim.mon_down) {
		push(1000, EV_FENCE, nd->n, stage, 0);
		return;
	}
	switch (stage) {
	case VERIFY_READ:
		note_check();
		if (all_listed(nd))
			fence_done(nd, 0, 0);
		else
			fence_add(nd);
		break;
	case FENCE_ADD:
		fence_add(nd);
		break;
	case FENCE_VERIFY:
		fence_verify(nd);
		break;
	case FENCE_SWEEP:
		if (sweep(nd))
			fence_done(nd, 0, nd->fence_epoch);
		else
			push(500, EV_FENCE, nd->n, FENCE_SWEEP, 0);
		break;
	default:
		break;
	}
}

static void take_pace(struct node *nd)
{
	if (!sim.storm || !chance(5))
		pace(nd, &nd->core->view);
	trace("node %u goes by %u and %u ms", nd->n, nd->pace.dead_after_ms,
	      nd->pace.slow_after_ms);
	rbd_core_paced(nd->core, 0, nd->pace.dead_after_ms,
		       nd->pace.slow_after_ms);
}

static void carry_out(struct node *nd, const struct rbd_core_action *a)
{
	switch ((enum rbd_core_do)a->what) {
	case RBD_CORE_CAS:
		cas_send(nd);
		break;
	case RBD_CORE_READ:
		view_read(nd);
		break;
	case RBD_CORE_PART:
		take_part(nd);
		break;
	case RBD_CORE_COMMS:
		push(1 + rnd(mutant == MUTANT_LATE_COMMS ? 4000 : 100),
		     EV_COMMS, nd->n, 0, 0);
		break;
	case RBD_CORE_LS_STOP:
	case RBD_CORE_LS_PREPARE:
	case RBD_CORE_LS_START:
		push(1 + rnd(chance(5) ? 3000 : 150), EV_LS, nd->n, a->slot,
		     a->what);
		if (mutant == MUTANT_EARLY_ACK && a->what == RBD_CORE_LS_STOP)
			rbd_core_ls_done(nd->core, a->slot, 0);
		break;
	case RBD_CORE_LS_REFUSE:
		trace("node %u: mount of %s is refused", nd->n, a->name);
		memset(&nd->ls[ls_index(a->name)], 0, sizeof(nd->ls[0]));
		break;
	case RBD_CORE_LS_RELEASE:
		trace("node %u: %s is released", nd->n, a->name);
		memset(&nd->ls[ls_index(a->name)], 0, sizeof(nd->ls[0]));
		break;
	case RBD_CORE_FENCE:
		fence_begin(nd, false);
		break;
	case RBD_CORE_VERIFY:
		fence_begin(nd, true);
		break;
	case RBD_CORE_FREEZE:
		nd->frozen = true;
		break;
	case RBD_CORE_PACE:
		take_pace(nd);
		break;
	case RBD_CORE_ADMIT:
		if (a->instance.nonce == nd->data_instance)
			nd->data_ok = true;
		extra_admitted(nd, a->instance.nonce);
		break;
	case RBD_CORE_DENY:
		break;
	case RBD_CORE_EVENT:
		trace("node %u: about node %u: %s", nd->n, a->number, a->text);
		break;
	}
}

void drain(struct node *nd)
{
	struct rbd_core_action a;

	while (daemon_runs(nd) && rbd_core_next_action(nd->core, &a))
		carry_out(nd, &a);
}
