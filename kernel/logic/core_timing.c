// SPDX-License-Identifier: GPL-2.0
/* Time-outs that change while the cluster runs. */
#include "core_timing.h"

#include "core_peer.h"
#include "core_rules.h"
#include "view_timing.h"

void rbd_core_timing_follow(struct rbd_core *core)
{
	rbd_hb_timing_at_tick(&core->timing, core->view.dead_after_ms,
			      core->view.slow_after_ms, core->pace.tick_ms);
}

bool rbd_core_timing_paced(const struct rbd_core *core)
{
	u32 dead, slow;

	rbd_view_lease_times(&core->view, &dead, &slow);
	return core->pace.dead_after_ms == dead &&
	       core->pace.slow_after_ms == slow;
}

void rbd_core_timing_step(struct rbd_core *core)
{
	if (core->pace_busy || core->condemned || rbd_core_timing_paced(core))
		return;
	core->pace_busy = rbd_core_act(core, RBD_CORE_PACE);
}

void rbd_core_paced(struct rbd_core *core, int err, u32 dead_after_ms,
		    u32 slow_after_ms)
{
	u32 tick_ms = core->pace.tick_ms;

	core->pace_busy = false;
	if (err ||
	    rbd_hb_timing_derive(&core->pace, dead_after_ms, slow_after_ms))
		return;
	rbd_core_timing_follow(core);
	if (tick_ms && tick_ms != core->pace.tick_ms)
		rbd_core_forget_counts(core);
	rbd_core_step(core);
}

bool rbd_core_timing_waits(const struct rbd_core *core,
			   const struct rbd_view_member *m)
{
	return core->view.retime_seq && rbd_member_is_in(m) &&
	       !rbd_core_rule_lease_is_short(core, m);
}

static bool all_short(const struct rbd_core *core)
{
	unsigned int i;

	for (i = 0; i < core->view.n_members; i++)
		if (rbd_core_timing_waits(core, &core->view.members[i]))
			return false;
	return true;
}

/* The second step. */
static bool finish(struct rbd_core *core)
{
	struct rbd_view *next;

	if (!core->view.retime_seq || !rbd_core_rule_may_decide(core) ||
	    !rbd_core_turn(core, 0) || !all_short(core))
		return false;
	next = rbd_core_begin(core);
	if (rbd_view_retimed(next) || !rbd_core_propose(core))
		return false;
	rbd_core_event(core, core->id.number,
		       "the cluster's time-outs are shorter now");
	return true;
}

/* Does the view have the wish, or is it about to? */
static bool is_granted(const struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;

	if (v->retime_seq)
		return v->next_dead_after_ms == core->wish_dead_ms &&
		       v->next_slow_after_ms == core->wish_slow_ms;
	return v->dead_after_ms == core->wish_dead_ms &&
	       v->slow_after_ms == core->wish_slow_ms;
}

static bool order(struct rbd_core *core)
{
	const char *bad;

	if (!core->wish_dead_ms)
		return false;
	if (is_granted(core) || !rbd_member_is_in(rbd_core_me(core)) ||
	    core->condemned) {
		core->wish_dead_ms = 0;
		return false;
	}
	bad = rbd_view_retime(rbd_core_begin(core), core->wish_dead_ms,
			      core->wish_slow_ms);
	if (!bad)
		return rbd_core_propose(core);
	rbd_core_event(core, core->id.number, bad);
	core->wish_dead_ms = 0;
	return false;
}

bool rbd_core_timing_change(struct rbd_core *core)
{
	return order(core) || finish(core);
}

const char *rbd_core_retime(struct rbd_core *core, u32 dead_after_ms,
			    u32 slow_after_ms)
{
	struct rbd_hb_timing t;
	const char *bad = rbd_hb_timing_derive(&t, dead_after_ms,
					       slow_after_ms);

	if (bad)
		return bad;
	if (!rbd_member_is_in(rbd_core_me(core)) || core->condemned)
		return "this node is not a member of the cluster";
	core->wish_dead_ms = dead_after_ms;
	core->wish_slow_ms = slow_after_ms;
	rbd_core_step(core);
	return NULL;
}
