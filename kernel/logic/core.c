// SPDX-License-Identifier: GPL-2.0
/* The machine: inputs, the order of decisions, the queue of actions. */
#include "core.h"

#include "core_accuse.h"
#include "core_comms.h"
#include "core_cut.h"
#include "core_fence.h"
#include "core_join.h"
#include "core_ls.h"
#include "core_peer.h"
#include "core_rules.h"
#include "core_timing.h"
#include "view_codec.h"
#include "view_fence.h"

/* Room that is kept for actions which are not events. */
#define KEPT_FOR_ACTIONS 64

void rbd_core_init(struct rbd_core *core, const struct rbd_node_id *id,
		   u64 now_ms)
{
	unsigned int n;

	/* The views are big; an empty one needs no more than its head. */
	memset(core, 0, offsetof(struct rbd_core, view));
	memset(&core->view, 0, offsetof(struct rbd_view, members));
	memset(core->view.place, 255, sizeof(core->view.place));
	core->id = *id;
	core->now_ms = now_ms;
	core->verified_ms = now_ms;
	core->fence_wanted = RBD_VIEW_NOBODY;
	rbd_hb_timing_derive(&core->timing, RBD_HB_DEAD_AFTER_MS,
			     RBD_HB_SLOW_AFTER_MS);
	for (n = 0; n < RBD_VIEW_MAX_NODES; n++)
		core->peers[n].heard_ms = U64_MAX;
}

void rbd_core_resume(struct rbd_core *core, const struct rbd_daemon_part *part)
{
	int n;

	core->part = *part;
	rbd_nodeset_for_each(n, &part->hears)
	{
		core->peers[n].heard_ms = core->now_ms;
	}
}

struct rbd_core_action *rbd_core_act(struct rbd_core *core,
				     enum rbd_core_do what)
{
	struct rbd_core_action *a;

	if (core->tail - core->head == RBD_CORE_ACTIONS)
		return NULL;
	a = &core->actions[core->tail++ % RBD_CORE_ACTIONS];
	memset(a, 0, sizeof(*a));
	a->what = (u8)what;
	return a;
}

bool rbd_core_next_action(struct rbd_core *core, struct rbd_core_action *action)
{
	if (core->head == core->tail)
		return false;
	*action = core->actions[core->head++ % RBD_CORE_ACTIONS];
	return true;
}

void rbd_core_event(struct rbd_core *core, unsigned int number,
		    const char *text)
{
	struct rbd_core_action *a;

	if (core->tail - core->head >= RBD_CORE_ACTIONS - KEPT_FOR_ACTIONS)
		return;
	a = rbd_core_act(core, RBD_CORE_EVENT);
	a->number = (u16)number;
	a->text = text;
}

struct rbd_view *rbd_core_begin(struct rbd_core *core)
{
	rbd_view_begin(&core->next, &core->view);
	rbd_view_fence_drop_retired(&core->next);
	return &core->next;
}

bool rbd_core_propose(struct rbd_core *core)
{
	if (rbd_view_bytes(&core->next) > RBD_VIEW_MAX_BYTES) {
		rbd_core_event(core, core->id.number,
			       "the view would exceed 64 KiB");
		return false;
	}
	if (!rbd_core_act(core, RBD_CORE_CAS))
		return false;
	core->cas_busy = true;
	return true;
}

/*
 * One change at a time, the most urgent first: to live, to clear others, then
 * what ends a fence, then what begins one, then the rest.
 */
static bool change_view(struct rbd_core *core)
{
	if (core->cas_busy || core->blind)
		return false;
	return rbd_core_refute(core) || rbd_core_fence_record(core) ||
	       rbd_core_confirm(core) || rbd_core_fence_order(core) ||
	       rbd_core_accuse(core) || rbd_core_cut(core) ||
	       rbd_core_membership(core) || rbd_core_register(core) ||
	       rbd_core_ls_change(core) || rbd_core_timing_change(core);
}

static void publish(struct rbd_core *core, const struct rbd_daemon_part *before)
{
	if (memcmp(before, &core->part, sizeof(*before)))
		rbd_core_act(core, RBD_CORE_PART);
}

/* Everything that follows from what is known now. */
void rbd_core_step(struct rbd_core *core)
{
	struct rbd_daemon_part before = core->part;

	if (!core->view.seq || !core->going)
		return;
	rbd_core_self_step(core);
	rbd_core_timing_step(core);
	rbd_core_hears(core);
	rbd_core_ls_step(core);
	rbd_core_comms_step(core);
	rbd_core_fence_step(core);
	change_view(core);
	publish(core, &before);
}

void rbd_core_slot(struct rbd_core *core, const struct rbd_hb_peer *peer,
		   const struct rbd_hb_slot *slot)
{
	struct rbd_core_peer *p;
	bool fresh;

	if (slot->number >= RBD_VIEW_MAX_NODES)
		return;
	p = &core->peers[slot->number];
	fresh = p->incarnation != peer->incarnation ||
		p->counter != slot->counter;
	p->incarnation = peer->incarnation;
	p->counter = slot->counter;
	p->still_ticks = peer->still_ticks;
	p->moves = peer->moves;
	p->flags = slot->flags;
	p->dead_after_ms = slot->dead_after_ms;
	p->slow_after_ms = slot->slow_after_ms;
	if (slot->incarnation != peer->incarnation ||
	    (fresh &&
	     rbd_daemon_part_decode(&p->part, slot->daemon, slot->daemon_len)))
		memset(&p->part, 0, sizeof(p->part));
	if (slot->incarnation != peer->incarnation)
		p->dead_after_ms = 0;
}

void rbd_core_go(struct rbd_core *core)
{
	core->going = true;
	rbd_core_step(core);
}

void rbd_core_clash(struct rbd_core *core)
{
	core->clash = true;
}

void rbd_core_tick(struct rbd_core *core, u64 now_ms, enum rbd_core_tick kind)
{
	core->now_ms = now_ms;
	if (kind != RBD_CORE_TICK_EXTRA) {
		/* It may be this daemon that did not run, not the kernel. */
		if (now_ms - core->ticked_ms > core->timing.gap_ms)
			kind = RBD_CORE_TICK_GAP;
		core->ticked_ms = now_ms;
		rbd_core_peers_tick(core, kind);
		if (kind == RBD_CORE_TICK_GOOD) {
			rbd_core_cut_tick(core);
			rbd_core_join_tick(core);
			rbd_core_ls_tick(core);
		}
	}
	rbd_core_step(core);
}

void rbd_core_view(struct rbd_core *core, const struct rbd_view *view)
{
	core->blind = false;
	if (view->seq > core->view.seq) {
		rbd_view_copy(&core->view, view);
		rbd_core_timing_follow(core);
	}
	rbd_core_step(core);
}

void rbd_core_cas_done(struct rbd_core *core, enum rbd_core_cas outcome)
{
	if (!core->cas_busy)
		return;
	core->cas_busy = false;
	if (outcome == RBD_CORE_CAS_WON) {
		if (core->next.seq > core->view.seq) {
			rbd_view_copy(&core->view, &core->next);
			rbd_core_timing_follow(core);
		}
		rbd_core_step(core);
		return;
	}
	core->blind = true;
	rbd_core_act(core, RBD_CORE_READ);
}

void rbd_core_heard(struct rbd_core *core, unsigned int number, u64 incarnation,
		    u64 heard_ms)
{
	struct rbd_core_peer *p;

	if (number >= RBD_VIEW_MAX_NODES || number == core->id.number)
		return;
	p = &core->peers[number];
	if (heard_ms > core->now_ms)
		core->now_ms = heard_ms;
	if (p->heard_incarnation == incarnation && p->heard_ms != U64_MAX &&
	    p->heard_ms > heard_ms)
		return;
	p->heard_ms = heard_ms;
	p->heard_incarnation = incarnation;
}
