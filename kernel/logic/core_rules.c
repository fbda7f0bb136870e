// SPDX-License-Identifier: GPL-2.0
/* What must be true before something that cannot be taken back. */
#include "core_rules.h"

#include "core_peer.h"
#include "view_fence.h"

bool rbd_core_rule_all_ready(const struct rbd_core *core,
			     const struct rbd_view_lockspace *ls)
{
	int n;

	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (!m || rbd_core_ack(core, m, ls) < RBD_LS_READY)
			return false;
	}
	return true;
}

bool rbd_core_rule_fences_proved(const struct rbd_core *core)
{
	return !rbd_view_fencing(&core->view);
}

bool rbd_core_rule_confirmed(const struct rbd_core *core,
			     const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];

	return m->accused_seq && p->accused_seq == m->accused_seq &&
	       p->accused_ticks >= core->timing.confirm_ticks;
}

bool rbd_core_rule_comms(const struct rbd_core *core,
			 const struct rbd_view_lockspace *ls)
{
	int n;

	if (core->comms_busy)
		return false;
	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (!m || core->comms[n] != m->incarnation)
			return false;
	}
	rbd_nodeset_for_each(n, &ls->failed)
	{
		if (core->comms[n])
			return false;
	}
	return true;
}

bool rbd_core_rule_lease_is_short(const struct rbd_core *core,
				  const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];
	const struct rbd_view *v = &core->view;

	return p->incarnation == m->incarnation && p->dead_after_ms &&
	       p->part.view_seq >= v->retime_seq &&
	       p->dead_after_ms <= v->next_dead_after_ms &&
	       p->slow_after_ms <= v->next_slow_after_ms;
}

/*
 * Behind a loss of all power the first node back may be kept out by the
 * others' old lives, which nobody is left to condemn.
 */
static bool nobody_else_can(const struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;
	unsigned int i;

	if (!core->want_in)
		return false;
	for (i = 0; i < v->n_members; i++) {
		const struct rbd_view_member *m = &v->members[i];

		if (rbd_member_is_in(m) &&
		    (m->number == core->id.number || rbd_core_alive(core, m)))
			return false;
	}
	return true;
}

bool rbd_core_rule_may_decide(const struct rbd_core *core)
{
	const struct rbd_view_member *me = rbd_core_me(core);

	if (!rbd_member_is_in(me))
		return !core->condemned && core->ticked &&
		       nobody_else_can(core);
	return !core->condemned && core->ticked &&
	       (me->state == RBD_MEMBER_JOINING ||
		me->state == RBD_MEMBER_ACTIVE);
}
