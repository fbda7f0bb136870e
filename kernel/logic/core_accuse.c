// SPDX-License-Identifier: GPL-2.0
/* Accusations in two steps. */
#include "core_accuse.h"

#include "core_cut.h"
#include "core_peer.h"
#include "core_rules.h"
#include "view_fence.h"

u8 rbd_core_reason(const struct rbd_core *core, const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];
	const struct rbd_hb_timing *t = &core->timing;
	u32 silent = rbd_core_silent_ticks(core, m);

	if (m->number == core->id.number || !rbd_member_is_in(m))
		return RBD_ACCUSED_NOT;
	/* Who is not a member hears nobody: the network may work. */
	if (!rbd_member_is_in(rbd_core_me(core)))
		return silent >= t->slow_ticks ? RBD_ACCUSED_SLOW :
						 RBD_ACCUSED_NOT;
	/* Its host has begun a new life, and that one's heart beats. */
	if (p->incarnation && p->incarnation != m->incarnation &&
	    p->counted_for == m->incarnation && p->moves >= 2 &&
	    p->still_ticks <= t->alive_ticks &&
	    p->gone_ticks > t->confirm_ticks + t->alive_ticks)
		return RBD_ACCUSED_GONE;
	if (silent >= t->suspect_ticks && !rbd_core_heard_by_any(core, m))
		return RBD_ACCUSED_SILENT;
	if (silent >= t->slow_ticks)
		return RBD_ACCUSED_SLOW;
	if (rbd_core_stuck(core, m))
		return RBD_ACCUSED_STUCK;
	return RBD_ACCUSED_NOT;
}

static bool self_refutes(const struct rbd_core *core,
			 const struct rbd_view_member *me)
{
	if (!core->ticked)
		return false;
	if (me->accusation == RBD_ACCUSED_STUCK)
		return !rbd_core_stuck(core, me);
	return me->state == RBD_MEMBER_SUSPECT;
}

static bool others_refute(const struct rbd_core *core,
			  const struct rbd_view_member *m)
{
	/* Looked at with own eyes since then. */
	if (core->peers[m->number].accused_seq != m->accused_seq ||
	    !core->ticked)
		return false;
	switch (m->accusation) {
	case RBD_ACCUSED_STUCK:
		return rbd_core_alive(core, m) && !rbd_core_stuck(core, m);
	case RBD_ACCUSED_SILENT:
		return rbd_core_alive(core, m) || !rbd_core_reason(core, m);
	default:
		return rbd_core_alive(core, m);
	}
}

static bool any_accused(const struct rbd_core *core)
{
	unsigned int i;

	for (i = 0; i < core->view.n_members; i++)
		if (core->view.members[i].accused_seq &&
		    rbd_member_is_in(&core->view.members[i]))
			return true;
	return false;
}

bool rbd_core_refute(struct rbd_core *core)
{
	const struct rbd_view_member *me = rbd_core_me(core);
	struct rbd_view *next;
	bool any = false;
	unsigned int i;

	if (!me || core->condemned || !any_accused(core))
		return false;
	next = rbd_core_begin(core);
	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];
		bool clear;

		if (m->state == RBD_MEMBER_SUSPECT)
			clear = m == me ? self_refutes(core, m) :
					  others_refute(core, m);
		else
			clear = m->state == RBD_MEMBER_CUT &&
				rbd_core_cut_healed(core, m);
		if (clear &&
		    !rbd_view_refute(next, m->number, m->incarnation)) {
			rbd_core_event(core, m->number,
				       "the accusation does not hold");
			any = true;
		}
	}
	return any && rbd_core_propose(core);
}

bool rbd_core_confirm(struct rbd_core *core)
{
	struct rbd_view *next;
	bool any = false;
	unsigned int i;

	if (!rbd_core_rule_may_decide(core) || !any_accused(core))
		return false;
	next = rbd_core_begin(core);
	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];
		const struct rbd_core_peer *p = &core->peers[m->number];

		if (m->state != RBD_MEMBER_SUSPECT &&
		    m->state != RBD_MEMBER_CUT)
			continue;
		if (!rbd_core_rule_confirmed(core, m) ||
		    !rbd_core_turn(core, p->accused_ticks -
						 core->timing.confirm_ticks))
			continue;
		if (m->state == RBD_MEMBER_CUT ? !rbd_core_cut_loser(core, m) :
						 !rbd_core_reason(core, m))
			continue;
		if (!rbd_view_condemn(next, m->number, m->incarnation,
				      core->id.number, m->accusation,
				      "nobody objected")) {
			rbd_core_event(core, m->number,
				       rbd_accusation_str(m->accusation));
			any = true;
		}
	}
	return any && rbd_core_propose(core);
}

bool rbd_core_accuse(struct rbd_core *core)
{
	struct rbd_view *next = NULL;
	bool any = false;
	unsigned int i;

	if (!rbd_core_rule_may_decide(core))
		return false;
	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];
		u8 reason = rbd_core_reason(core, m);

		if (!reason || m->state == RBD_MEMBER_SUSPECT ||
		    (m->state == RBD_MEMBER_CUT && rbd_core_alive(core, m)) ||
		    !rbd_core_turn(core, core->peers[m->number].due_ticks))
			continue;
		next = next ? next : rbd_core_begin(core);
		if (!rbd_view_accuse(next, m->number, m->incarnation, reason,
				     core->id.number)) {
			rbd_core_event(core, m->number,
				       rbd_accusation_str(reason));
			any = true;
		}
	}
	return any && rbd_core_propose(core);
}
