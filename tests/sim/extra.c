// SPDX-License-Identifier: GPL-2.0
/*
 * Images that come and go: clients are registered before they can write, and
 * taken out of the view when they are gone, also if nobody listened then.
 */
#include "sim.h"

/* A mapping that is not answered gives up. */
#define ADMIT_MS 15000
/* Between the daemon's yes and the disk; registration of the watch, mostly. */
#define SHOW_MS 3000

void extra_gone(struct node *nd)
{
	nd->extra = (struct extra){ 0 };
}

/* The kernel tells whoever listens; one who is stopped hears it later. */
static void retire(struct node *nd)
{
	struct rbd_instance id = instance_id(nd->extra.instance);

	trace("node %u: client %u is gone", nd->n, nd->extra.instance);
	sim.instances[nd->extra.instance].exists = false;
	extra_gone(nd);
	if (nd->daemon)
		rbd_core_client_gone(nd->core, &id);
}

static bool writes_under_way(uint32_t instance)
{
	unsigned int i;

	for (i = 0; i < SIM_WRITES; i++)
		if (sim.writes[i].used && sim.writes[i].instance == instance)
			return true;
	return false;
}

static void map(struct node *nd)
{
	struct rbd_instance id;

	/* Nobody to ask: it fails at once. */
	if (!nd->daemon || nd->core->condemned || !nd->data_ok)
		return;
	nd->extra = (struct extra){ .instance = instance_new(nd),
				    .mapping = true,
				    .since_ms = sim.now_ms };
	trace("node %u: client %u wants to be admitted", nd->n,
	      nd->extra.instance);
	id = instance_id(nd->extra.instance);
	rbd_core_client_add(nd->core, &id, true);
}

void extra_use(struct node *nd)
{
	struct extra *e = &nd->extra;

	if (!nd->up || nd->paused || !nd->in_cluster || !nd->core)
		return;
	if (!e->mapping && !e->shown) {
		if (sim.storm && chance(5))
			map(nd);
	} else if (e->mapping && !e->admitted) {
		if (sim.now_ms - e->since_ms > ADMIT_MS)
			retire(nd);
	} else if (e->mapping) {
		if (sim.now_ms - e->since_ms > SHOW_MS) {
			e->mapping = false;
			e->shown = true;
		}
	} else if (chance(sim.storm ? 10 : 50) &&
		   !writes_under_way(e->instance)) {
		retire(nd);
	}
}

void extra_admitted(struct node *nd, uint32_t instance)
{
	struct extra *e = &nd->extra;

	if (!e->mapping || e->admitted || e->instance != instance)
		return;
	e->admitted = true;
	e->since_ms = sim.now_ms;
}

/* Does the kernel still have it? That is before it is shown as a device. */
static bool is_there(const struct node *nd, uint32_t instance)
{
	if (mutant == MUTANT_RETIRE_UNSEEN && instance == nd->extra.instance)
		return nd->extra.shown;
	return sim.instances[instance].exists;
}

/* A daemon compares what is registered with what there is. */
void extra_look(struct node *nd)
{
	const struct rbd_view_member *me = rbd_core_me(nd->core);
	struct rbd_instance all[RBD_VIEW_MAX_INSTANCES];
	unsigned int i, n = 0;

	if (mutant == MUTANT_NEVER_LOOK)
		return;
	if (nd->extra.shown) {
		all[0] = instance_id(nd->extra.instance);
		rbd_core_client_add(nd->core, &all[0], false);
	}
	for (i = 0; rbd_member_is_in(me) && i < me->n_instances; i++)
		if (!is_there(nd, me->instances[i].nonce))
			all[n++] = me->instances[i];
	for (i = 0; i < n; i++)
		rbd_core_client_gone(nd->core, &all[i]);
}
