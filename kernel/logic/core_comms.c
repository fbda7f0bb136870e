// SPDX-License-Identifier: GPL-2.0
/* Connections of the DLM, as the view wants them. */
#include "core_comms.h"

/*
 * Is the generation that lost this node stopped here, as far as it is here?
 * A start under way counts as running: it must find the members it was told.
 */
static bool may_drop_failed(const struct rbd_core *core, unsigned int n)
{
	const struct rbd_view *v = &core->view;
	unsigned int i, k;

	for (i = 0; i < v->n_lockspaces; i++) {
		const struct rbd_view_lockspace *ls = &v->lockspaces[i];

		if (!rbd_nodeset_has(&ls->failed, n))
			continue;
		for (k = 0; k < RBD_VIEW_MAX_LOCKSPACES; k++) {
			const struct rbd_core_ls *s = &core->ls[k];

			if (s->want &&
			    (s->running || s->doing == RBD_CORE_LS_START) &&
			    (s->generation != ls->generation ||
			     s->phase != RBD_LS_STARTED) &&
			    !memcmp(s->name, ls->name, sizeof(s->name)))
				return false;
		}
	}
	return true;
}

/* Have we passed every generation that it left? */
static bool may_drop_left(const struct rbd_core *core, unsigned int n)
{
	const struct rbd_view *v = &core->view;
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].left, n))
			return false;
	return true;
}

/* Incarnation that a connection is wanted for, 0 for none. */
static u64 wanted(const struct rbd_core *core, unsigned int n)
{
	const struct rbd_view_member *m = rbd_view_peek(&core->view, n);

	if (core->condemned)
		return 0;
	if (rbd_member_is_in(m))
		return m->incarnation;
	if (!core->comms[n])
		return 0;
	if (m && m->state == RBD_MEMBER_LEFT)
		return may_drop_left(core, n) ? 0 : core->comms[n];
	return may_drop_failed(core, n) ? 0 : core->comms[n];
}

void rbd_core_comms_step(struct rbd_core *core)
{
	unsigned int n;
	bool differs = false;
	bool missing = false;

	if (core->comms_busy || !core->view.seq)
		return;
	rbd_nodeset_zero(&core->set);
	rbd_nodeset_zero(&core->drop);
	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		u64 want = wanted(core, n);

		core->comms_goal[n] = want;
		if (want == core->comms[n])
			continue;
		differs = true;
		if (core->comms[n])
			rbd_nodeset_add(&core->drop, n);
		if (want) {
			rbd_nodeset_add(&core->set, n);
			missing = true;
		}
	}
	if (!missing)
		core->part.view_seq = core->view.seq;
	if (!differs || !rbd_core_act(core, RBD_CORE_COMMS))
		return;
	core->comms_busy = true;
}

/*
 * Whose connection it is cannot be seen. But our slot names the last view whose
 * connections were right: if that knew this incarnation, no earlier one's was
 * left. Others are made anew, which no lockspace minds: one is prepared, and
 * says so in the same slot, only with the right ones.
 */
void rbd_core_comms_found(struct rbd_core *core, unsigned int n)
{
	const struct rbd_view_member *m = rbd_view_peek(&core->view, n);

	if (n >= RBD_VIEW_MAX_NODES)
		return;
	core->comms[n] = m && core->part.view_seq >= m->joined_seq ?
				 m->incarnation :
				 1;
}

void rbd_core_comms_done(struct rbd_core *core, int err)
{
	if (!core->comms_busy)
		return;
	core->comms_busy = false;
	if (err)
		return;
	memcpy(core->comms, core->comms_goal, sizeof(core->comms));
	rbd_core_step(core);
}
