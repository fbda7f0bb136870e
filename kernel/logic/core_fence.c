// SPDX-License-Identifier: GPL-2.0
/* Fences: who carries them out, when, and what is recorded. */
#include "core_fence.h"

#include "core_peer.h"
#include "core_rules.h"
#include "view_fence.h"

static void add_victim(struct rbd_core *core, const struct rbd_view_fence *f)
{
	struct rbd_core_victim *b = &core->batch[core->n_batch++];

	b->number = f->number;
	b->n_instances = f->n_instances;
	b->incarnation = f->incarnation;
}

/*
 * Members in turn. Of the own number earlier incarnations too, by a node that
 * is no member yet: there may be nobody else.
 */
static bool our_task(const struct rbd_core *core,
		     const struct rbd_view_fence *f)
{
	if (f->state != RBD_FENCE_FENCING)
		return false;
	if (f->number == core->id.number)
		return core->want_in && !core->condemned && core->ticked;
	return rbd_core_rule_may_decide(core) &&
	       rbd_core_turn(core, core->fencing_ticks);
}

static void start(struct rbd_core *core, enum rbd_core_do what)
{
	if (!core->n_batch || !rbd_core_act(core, what))
		return;
	core->fence_busy = true;
	core->fence_done = false;
	core->verifying = what == RBD_CORE_VERIFY;
}

static void verify(struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;
	unsigned int i;

	if (core->now_ms - core->verified_ms < RBD_CORE_VERIFY_MS ||
	    !rbd_core_rule_may_decide(core) || !rbd_core_turn(core, 0))
		return;
	if (core->verify_from >= v->n_fences)
		core->verify_from = 0;
	for (i = core->verify_from; i < v->n_fences; i++) {
		if (core->n_batch == RBD_CORE_FENCE_BATCH)
			break;
		if (v->fences[i].state == RBD_FENCE_FENCED)
			add_victim(core, &v->fences[i]);
	}
	core->verify_from = (u16)i;
	if (i >= v->n_fences)
		core->verified_ms = core->now_ms;
	start(core, RBD_CORE_VERIFY);
}

void rbd_core_fence_step(struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;
	unsigned int i;

	if (core->fence_busy)
		return;
	core->n_batch = 0;
	for (i = 0; i < v->n_fences; i++)
		if (core->n_batch < RBD_CORE_FENCE_BATCH &&
		    our_task(core, &v->fences[i]))
			add_victim(core, &v->fences[i]);
	if (core->n_batch)
		start(core, RBD_CORE_FENCE);
	else
		verify(core);
}

void rbd_core_fence_done(struct rbd_core *core, int err, u64 epoch)
{
	if (!core->fence_busy)
		return;
	core->fence_done = !err && (epoch || core->verifying);
	core->fence_epoch = epoch;
	if (core->verifying && epoch)
		rbd_core_event(
			core, core->batch[0].number,
			"a blocklist entry was missing and was made anew");
	if (!core->fence_done) {
		/* Not at once: the storage may need time. */
		core->fence_busy = false;
		return;
	}
	rbd_core_step(core);
}

void rbd_core_fence_found(struct rbd_core *core, unsigned int number,
			  u64 incarnation, const struct rbd_instance *instance)
{
	struct rbd_core_found *f;

	if (core->n_found == RBD_CORE_FOUND)
		return;
	f = &core->found[core->n_found++];
	f->number = (u16)number;
	f->incarnation = incarnation;
	f->instance = *instance;
	rbd_core_step(core);
}

static bool record_found(struct rbd_core *core)
{
	struct rbd_view *next = rbd_core_begin(core);
	bool any = false;
	unsigned int i;

	for (i = 0; i < core->n_found; i++)
		if (!rbd_view_fence_found(next, core->found[i].number,
					  core->found[i].incarnation,
					  &core->found[i].instance))
			any = true;
	if (!any)
		core->n_found = 0;
	return any && rbd_core_propose(core);
}

static const char *record(const struct rbd_core *core, struct rbd_view *next,
			  const struct rbd_core_victim *b)
{
	if (core->verifying && core->fence_epoch)
		return rbd_view_fence_renewed(next, b->number, b->incarnation,
					      core->fence_epoch);
	if (core->verifying)
		return rbd_view_fence_retire(next, b->number, b->incarnation);
	return rbd_view_fenced(next, b->number, b->incarnation, b->n_instances,
			       core->fence_epoch);
}

bool rbd_core_fence_record(struct rbd_core *core)
{
	struct rbd_view *next;
	bool any = false;
	unsigned int i;

	if (core->n_found && record_found(core))
		return true;
	if (!core->fence_busy || !core->fence_done)
		return false;
	next = rbd_core_begin(core);
	for (i = 0; i < core->n_batch; i++)
		if (!record(core, next, &core->batch[i]))
			any = true;
	/* It stands in the view, or something was missed: look again. */
	if (!any) {
		core->fence_busy = false;
		core->fence_done = false;
	}
	return any && rbd_core_propose(core);
}

const char *rbd_core_fence(struct rbd_core *core, unsigned int number)
{
	const struct rbd_view_member *m = rbd_view_peek(&core->view, number);

	if (!rbd_core_me(core) || core->condemned)
		return "this node is not a member of the cluster";
	if (!rbd_member_is_in(m))
		return "the node is not a member of the cluster";
	if (core->fence_wanted != RBD_VIEW_NOBODY)
		return "another node is just being fenced; try again";
	core->fence_wanted = (u16)number;
	rbd_core_step(core);
	return NULL;
}

bool rbd_core_fence_order(struct rbd_core *core)
{
	const struct rbd_view_member *m;
	struct rbd_view *next;
	const char *bad;

	if (core->fence_wanted == RBD_VIEW_NOBODY)
		return false;
	m = rbd_view_peek(&core->view, core->fence_wanted);
	if (!rbd_member_is_in(m) || core->condemned) {
		core->fence_wanted = RBD_VIEW_NOBODY;
		return false;
	}
	next = rbd_core_begin(core);
	bad = rbd_view_condemn(next, m->number, m->incarnation, core->id.number,
			       RBD_ACCUSED_ADMIN, "by command");
	if (bad) {
		rbd_core_event(core, core->fence_wanted, bad);
		core->fence_wanted = RBD_VIEW_NOBODY;
		return false;
	}
	return rbd_core_propose(core);
}
