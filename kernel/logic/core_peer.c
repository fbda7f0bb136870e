// SPDX-License-Identifier: GPL-2.0
/* Knowledge of other nodes. */
#include "core_peer.h"

#include "core_accuse.h"
#include "core_rules.h"
#include "view_fence.h"

/* A place in the order of those who could act is two ticks. */
#define TURN_TICKS 2
#define TURN_PLACES 8

static const struct rbd_core_peer *peer_of(const struct rbd_core *core,
					   const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];

	return p->incarnation == m->incarnation ? p : NULL;
}

bool rbd_core_alive(const struct rbd_core *core,
		    const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = peer_of(core, m);

	return p && p->still_ticks <= core->timing.alive_ticks;
}

bool rbd_core_stale(const struct rbd_core *core,
		    const struct rbd_view_member *m)
{
	return rbd_core_alive(core, m) &&
	       (core->peers[m->number].flags & RBD_HB_DAEMON_STALE);
}

u32 rbd_core_silent_ticks(const struct rbd_core *core,
			  const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];

	if (p->incarnation == m->incarnation)
		return p->still_ticks;
	return p->counted_for == m->incarnation ? p->gone_ticks : 0;
}

static bool hears(const struct rbd_core *core, const struct rbd_view_member *a,
		  const struct rbd_view_member *b)
{
	const struct rbd_core_peer *p = peer_of(core, a);

	if (a->number == core->id.number)
		return rbd_nodeset_has(&core->part.hears, b->number);
	return p && rbd_nodeset_has(&p->part.hears, b->number);
}

bool rbd_core_heard_by_any(const struct rbd_core *core,
			   const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];
	unsigned int i;

	if (p->heard_ms != U64_MAX && p->heard_incarnation == m->incarnation &&
	    core->now_ms - p->heard_ms < core->timing.net_silent_ms)
		return true;
	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *o = &core->view.members[i];

		/* What a stale daemon last heard may be long ago. */
		if (o != m && o->number != core->id.number &&
		    rbd_member_is_in(o) && rbd_core_alive(core, o) &&
		    !rbd_core_stale(core, o) && hears(core, o, m))
			return true;
	}
	return false;
}

bool rbd_core_linked(const struct rbd_core *core,
		     const struct rbd_view_member *a,
		     const struct rbd_view_member *b)
{
	if (rbd_core_stale(core, a) || rbd_core_stale(core, b))
		return true;
	return hears(core, a, b) && hears(core, b, a);
}

u8 rbd_core_ack(const struct rbd_core *core, const struct rbd_view_member *m,
		const struct rbd_view_lockspace *ls)
{
	const struct rbd_core_peer *p = peer_of(core, m);

	if (!p || p->part.acks[ls->index].generation != ls->generation)
		return RBD_LS_NONE;
	return p->part.acks[ls->index].phase;
}

/* Does it, with its acknowledgment as it is, keep a generation waiting? */
static bool lags_in(const struct rbd_core *core,
		    const struct rbd_view_member *m,
		    const struct rbd_view_lockspace *ls)
{
	switch (rbd_core_ack(core, m, ls)) {
	case RBD_LS_STARTED:
		return false;
	case RBD_LS_READY:
		return rbd_core_rule_all_ready(core, ls);
	case RBD_LS_STOPPED:
		return rbd_core_rule_fences_proved(core);
	default:
		return true;
	}
}

bool rbd_core_lags(const struct rbd_core *core, const struct rbd_view_member *m)
{
	const struct rbd_view *v = &core->view;
	const struct rbd_core_peer *p = peer_of(core, m);
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++) {
		const struct rbd_view_lockspace *ls = &v->lockspaces[i];

		if (!ls->settled && rbd_nodeset_has(&ls->members, m->number) &&
		    lags_in(core, m, ls))
			return true;
	}
	if (!rbd_member_was_active(m))
		return false;
	for (i = 0; i < v->n_members; i++)
		if (v->members[i].state == RBD_MEMBER_JOINING &&
		    (!p || p->part.view_seq < v->members[i].joined_seq))
			return true;
	return false;
}

bool rbd_core_stuck(const struct rbd_core *core,
		    const struct rbd_view_member *m)
{
	const struct rbd_core_peer *p = &core->peers[m->number];

	return p->counted_for == m->incarnation &&
	       p->lag_ticks >= core->timing.ack_ms / core->timing.tick_ms;
}

bool rbd_core_turn(const struct rbd_core *core, u32 ticks)
{
	u32 place = 0;
	unsigned int i;

	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];

		if (m->number >= core->id.number || place == TURN_PLACES)
			break;
		if ((m->state == RBD_MEMBER_ACTIVE ||
		     m->state == RBD_MEMBER_JOINING) &&
		    rbd_core_alive(core, m) && !rbd_core_stale(core, m))
			place++;
	}
	return ticks >= place * TURN_TICKS;
}

void rbd_core_forget_counts(struct rbd_core *core)
{
	unsigned int n;

	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		struct rbd_core_peer *p = &core->peers[n];

		p->gone_ticks = 0;
		p->due_ticks = 0;
		p->lag_ticks = 0;
		p->accused_seq = 0;
		p->accused_ticks = 0;
		p->mesh_ticks = 0;
		if (rbd_nodeset_has(&core->part.hears, n))
			p->heard_ms = core->now_ms;
	}
	core->calm_ticks = 0;
	core->joining_ticks = 0;
	core->cut_ticks = 0;
	core->fencing_ticks = 0;
}

/* Changes with everything that a member acknowledges. */
static u64 progress(const struct rbd_core_peer *p)
{
	u64 sum = p->incarnation + p->part.view_seq;
	unsigned int i;

	for (i = 0; i < RBD_DAEMON_ACKS; i++)
		sum = sum * 31 + p->part.acks[i].generation * (u64)4 +
		      p->part.acks[i].phase;
	return sum;
}

static void count_lag(struct rbd_core *core, const struct rbd_view_member *m)
{
	struct rbd_core_peer *p = &core->peers[m->number];
	u64 now = progress(p);

	if (now != p->progress || !rbd_core_lags(core, m))
		p->lag_ticks = 0;
	else
		p->lag_ticks++;
	p->progress = now;
}

static void count_peer(struct rbd_core *core, const struct rbd_view_member *m)
{
	struct rbd_core_peer *p = &core->peers[m->number];

	if (p->counted_for != m->incarnation) {
		p->counted_for = m->incarnation;
		p->gone_ticks = 0;
		p->due_ticks = 0;
		p->lag_ticks = 0;
	} else if (p->incarnation != m->incarnation) {
		p->gone_ticks++;
	} else {
		p->gone_ticks = 0;
	}
	count_lag(core, m);
	if (m->accused_seq != p->accused_seq)
		p->accused_ticks = 0;
	else if (m->accused_seq)
		p->accused_ticks++;
	p->accused_seq = m->accused_seq;
	p->due_ticks = rbd_core_reason(core, m) ? p->due_ticks + 1 : 0;
}

void rbd_core_peers_tick(struct rbd_core *core, enum rbd_core_tick kind)
{
	unsigned int i;

	core->ticked = kind == RBD_CORE_TICK_GOOD;
	if (kind == RBD_CORE_TICK_GAP)
		rbd_core_forget_counts(core);
	if (kind != RBD_CORE_TICK_GOOD)
		return;
	core->calm_ticks = core->clash ? 0 : core->calm_ticks + 1;
	core->clash = false;
	for (i = 0; i < core->view.n_members; i++)
		if (rbd_member_is_in(&core->view.members[i]))
			count_peer(core, &core->view.members[i]);
	if (rbd_view_fencing(&core->view))
		core->fencing_ticks++;
	else
		core->fencing_ticks = 0;
}

void rbd_core_hears(struct rbd_core *core)
{
	unsigned int n;

	for (n = 0; n < RBD_VIEW_MAX_NODES; n++) {
		struct rbd_core_peer *p = &core->peers[n];
		const struct rbd_view_member *m = rbd_view_peek(&core->view, n);

		/* A stale daemon cannot send: its links are left as they are. */
		if (m && rbd_nodeset_has(&core->part.hears, n) &&
		    rbd_core_stale(core, m))
			p->heard_ms = core->now_ms;
		if (p->heard_ms != U64_MAX &&
		    core->now_ms - p->heard_ms < core->timing.edge_down_ms)
			rbd_nodeset_add(&core->part.hears, n);
		else
			rbd_nodeset_del(&core->part.hears, n);
	}
	rbd_nodeset_del(&core->part.hears, core->id.number);
}
