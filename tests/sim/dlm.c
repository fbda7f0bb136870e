// SPDX-License-Identifier: GPL-2.0
/* A node's fs/dlm: lockspaces, configfs members, and what start makes of it. */
#include <stdlib.h>
#include <string.h>

#include "sim.h"

const char *ls_name(unsigned int ls)
{
	static const char *const names[SIM_LS] = { "ls0", "ls1", "ls2" };

	return names[ls];
}

int ls_index(const char *name)
{
	return name[2] - '0';
}

void ls_gone(struct node *nd)
{
	memset(nd->ls, 0, sizeof(nd->ls));
	memset(nd->comm, 0, sizeof(nd->comm));
}

void ls_mount(struct node *nd, unsigned int ls)
{
	struct kernel_ls *k = &nd->ls[ls];

	memset(k, 0, sizeof(*k));
	k->present = true;
	trace("node %u mounts %s", nd->n, ls_name(ls));
	/* The uevent may be lost; a rescan finds it. */
	if (daemon_runs(nd) && nd->found && chance(90)) {
		rbd_core_ls_online(nd->core, ls_name(ls));
		k->told = true;
	}
}

void ls_umount(struct node *nd, unsigned int ls)
{
	struct kernel_ls *k = &nd->ls[ls];

	k->leaving = true;
	trace("node %u unmounts %s", nd->n, ls_name(ls));
	if (daemon_runs(nd) && nd->found && chance(90))
		rbd_core_ls_offline(nd->core, ls_name(ls));
}

/* What a new daemon does first, and every daemon now and then. */
void ls_rescan(struct node *nd)
{
	bool first = !nd->found;
	unsigned int ls, n;

	for (n = 0; first && n < sim.nodes; n++)
		if (nd->comm[n])
			rbd_core_comms_found(nd->core, n);
	for (ls = 0; ls < sim.lockspaces; ls++) {
		struct kernel_ls *k = &nd->ls[ls];

		if (!k->present)
			continue;
		if (first && k->told)
			rbd_core_ls_found(nd->core, ls_name(ls), k->running,
					  k->served);
		else if (!k->served)
			rbd_core_ls_online(nd->core, ls_name(ls));
		k->told = true;
		if (k->leaving)
			rbd_core_ls_offline(nd->core, ls_name(ls));
	}
	nd->found = true;
	if (first)
		rbd_core_go(nd->core);
}

/* Members as the view has them go to configfs. */
static int prepare(struct node *nd, unsigned int ls, uint32_t generation)
{
	const struct rbd_view_lockspace *vls = rbd_view_ls_peek(&nd->core->view,
								ls_name(ls));
	struct kernel_ls *k = &nd->ls[ls];
	int n;

	if (!vls || vls->generation != generation)
		return -EAGAIN;
	if (nd->storage_down || sim.all_stalled)
		return -EAGAIN;
	memset(k->want, 0, sizeof(k->want));
	rbd_nodeset_for_each(n, &vls->members)
	{
		k->want[n] = rbd_view_peek(&nd->core->view, (unsigned int)n)
				     ->incarnation;
	}
	k->prepared = generation;
	/* The data client waits for the map of all fences. */
	if (nd->client_epoch < rbd_view_fence_epoch(&nd->core->view))
		nd->client_epoch = (uint32_t)rbd_view_fence_epoch(
			&nd->core->view);
	return 0;
}

static void start(struct node *nd, unsigned int ls, uint32_t generation)
{
	struct kernel_ls *k = &nd->ls[ls];
	unsigned int n;

	trace("node %u starts %s generation %u", nd->n, ls_name(ls),
	      generation);
	k->generation = generation;
	check_start(nd, ls, generation);
	for (n = 0; n < sim.nodes; n++) {
		k->have[n] = k->want[n];
		k->have_seq[n] = nd->comm_seq[n];
	}
	k->running = true;
	k->served = true;
	sim.stats.starts++;
}

void on_ls(struct node *nd, uint32_t slot, uint32_t what)
{
	struct rbd_core_ls *s;
	struct kernel_ls *k;
	unsigned int ls;
	int err = 0;

	if (!daemon_runs(nd))
		return;
	s = &nd->core->ls[slot];
	if (!s->want)
		return;
	ls = (unsigned int)ls_index(s->name);
	k = &nd->ls[ls];
	/* control=0 waits for threads of the kernel. */
	if (what == RBD_CORE_LS_STOP && nd->dlm_blocked) {
		push(500, EV_LS, nd->n, slot, what);
		return;
	}
	if (s->doing != what) {
		/* Only a broken one goes on before the answer. */
		if (what == RBD_CORE_LS_STOP)
			k->running = false;
		return;
	}
	if (sim.storm && chance(2)) {
		err = -EAGAIN;
	} else if (what == RBD_CORE_LS_STOP) {
		k->running = false;
		trace("node %u stops %s for generation %u", nd->n, s->name,
		      s->doing_generation);
	} else if (what == RBD_CORE_LS_PREPARE) {
		err = prepare(nd, ls, s->doing_generation);
	} else if (!k->running || k->generation != s->doing_generation) {
		start(nd, ls, s->doing_generation);
	}
	rbd_core_ls_done(nd->core, slot, err);
	drain(nd);
}
