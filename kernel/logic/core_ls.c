// SPDX-License-Identifier: GPL-2.0
/* Lockspaces of this node. */
#include "core_ls.h"

#include "core_peer.h"
#include "core_rules.h"
#include "view_fence.h"
#include "view_lockspace.h"

static struct rbd_core_ls *find(struct rbd_core *core, const char *name)
{
	size_t len = strlen(name);
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES && len <= RBD_VIEW_NAME; i++)
		if (core->ls[i].want &&
		    !memcmp(core->ls[i].name, name, len + 1))
			return &core->ls[i];
	return NULL;
}

/* The lockspace in the view, if this incarnation is a member of it. */
static const struct rbd_view_lockspace *held(const struct rbd_core *core,
					     const struct rbd_core_ls *s)
{
	const struct rbd_view_lockspace *ls = rbd_view_ls_peek(&core->view,
							       s->name);

	return ls && rbd_core_me(core) && !core->condemned &&
			       rbd_nodeset_has(&ls->members, core->id.number) ?
		       ls :
		       NULL;
}

static void act(struct rbd_core *core, struct rbd_core_ls *s,
		enum rbd_core_do what)
{
	struct rbd_core_action *a = rbd_core_act(core, what);

	if (!a)
		return;
	a->slot = (u8)(s - core->ls);
	a->generation = s->generation;
	a->epoch = rbd_view_fence_epoch(&core->view);
	memcpy(a->name, s->name, sizeof(a->name));
	if (what == RBD_CORE_LS_REFUSE || what == RBD_CORE_LS_RELEASE) {
		memset(s, 0, sizeof(*s));
		return;
	}
	s->doing = (u8)what;
	s->doing_generation = s->generation;
}

/* Not, or no longer, a member of it. */
static void step_outside(struct rbd_core *core, struct rbd_core_ls *s)
{
	if (s->running) {
		act(core, s, RBD_CORE_LS_STOP);
		return;
	}
	if (s->want == RBD_CORE_RELEASE)
		act(core, s, RBD_CORE_LS_RELEASE);
	else if (core->condemned && !s->served)
		act(core, s, RBD_CORE_LS_REFUSE);
}

static void step(struct rbd_core *core, struct rbd_core_ls *s)
{
	const struct rbd_view_lockspace *ls = held(core, s);

	if (s->doing)
		return;
	if (!ls) {
		if (core->condemned || s->want == RBD_CORE_RELEASE)
			step_outside(core, s);
		return;
	}
	if (s->generation != ls->generation) {
		s->generation = ls->generation;
		s->phase = RBD_LS_NONE;
		s->started_ticks = 0;
		s->lost = false;
	}
	/* Stopped on this node alone: only a new generation mends that. */
	if (s->lost)
		return;
	if (s->phase == RBD_LS_NONE && !s->running)
		s->phase = RBD_LS_STOPPED;
	if (s->phase == RBD_LS_NONE ||
	    (s->want == RBD_CORE_RELEASE && s->running))
		act(core, s, RBD_CORE_LS_STOP);
	else if (s->want == RBD_CORE_RELEASE)
		return;
	else if (s->phase == RBD_LS_STOPPED &&
		 rbd_core_rule_fences_proved(core) &&
		 rbd_core_rule_comms(core, ls))
		act(core, s, RBD_CORE_LS_PREPARE);
	else if (s->phase == RBD_LS_READY && rbd_core_rule_all_ready(core, ls))
		act(core, s, RBD_CORE_LS_START);
}

void rbd_core_ls_step(struct rbd_core *core)
{
	unsigned int i;

	memset(core->part.acks, 0, sizeof(core->part.acks));
	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		struct rbd_core_ls *s = &core->ls[i];
		const struct rbd_view_lockspace *ls;

		if (!s->want)
			continue;
		step(core, s);
		ls = s->want ? held(core, s) : NULL;
		if (!ls || s->generation != ls->generation || !s->phase)
			continue;
		core->part.acks[ls->index].generation = s->generation;
		core->part.acks[ls->index].phase = s->phase;
	}
}

void rbd_core_ls_done(struct rbd_core *core, unsigned int slot, int err)
{
	struct rbd_core_ls *s = &core->ls[slot];
	u8 did = s->doing;
	bool current = s->doing_generation == s->generation;

	if (slot >= RBD_VIEW_MAX_LOCKSPACES || !did)
		return;
	s->doing = 0;
	/* What failed is tried again with the next tick. */
	if (err)
		return;
	if (did == RBD_CORE_LS_STOP) {
		s->running = false;
		s->lost = false;
		if (current && s->phase == RBD_LS_NONE)
			s->phase = RBD_LS_STOPPED;
	} else if (did == RBD_CORE_LS_PREPARE) {
		if (current && s->phase == RBD_LS_STOPPED)
			s->phase = RBD_LS_READY;
	} else {
		s->running = true;
		s->served = true;
		if (current && s->phase == RBD_LS_READY)
			s->phase = RBD_LS_STARTED;
	}
	rbd_core_step(core);
}

static bool all_started(const struct rbd_core *core,
			const struct rbd_view_lockspace *ls)
{
	int n;

	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (!m || rbd_core_ack(core, m, ls) < RBD_LS_STARTED)
			return false;
	}
	return true;
}

void rbd_core_ls_tick(struct rbd_core *core)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		struct rbd_core_ls *s = &core->ls[i];
		const struct rbd_view_lockspace *ls = s->want ? held(core, s) :
								NULL;

		if (ls && !ls->settled && all_started(core, ls))
			s->started_ticks++;
		else
			s->started_ticks = 0;
	}
}

/* May we take part without cutting somebody off at once? */
static bool linked_with_all(const struct rbd_core *core, const char *name)
{
	const struct rbd_view_lockspace *ls = rbd_view_ls_peek(&core->view,
							       name);
	const struct rbd_view_member *me = rbd_core_me(core);
	int n;

	if (!ls)
		return true;
	rbd_nodeset_for_each(n, &ls->members)
	{
		const struct rbd_view_member *m = rbd_view_peek(
			&core->view, (unsigned int)n);

		if (m && m != me && rbd_core_alive(core, m) &&
		    !rbd_core_linked(core, me, m))
			return false;
	}
	return true;
}

/* One wish for one lockspace; false when there is none. */
static bool wish(struct rbd_core *core, struct rbd_core_ls *s,
		 struct rbd_view *next)
{
	const struct rbd_view_lockspace *ls = held(core, s);
	unsigned int me = core->id.number;

	if (s->doing)
		return false;
	if (!ls) {
		if (s->want != RBD_CORE_HOLD || s->running || !core->ticked ||
		    !linked_with_all(core, s->name))
			return false;
		return !rbd_view_ls_join(next, s->name, me);
	}
	if (s->want == RBD_CORE_RELEASE)
		return !s->running && !rbd_view_ls_leave(next, s->name, me);
	if (s->lost && s->generation == ls->generation)
		return !rbd_view_ls_restart(next, s->name, me);
	if (!ls->settled && s->phase == RBD_LS_STARTED &&
	    all_started(core, ls) && rbd_core_turn(core, s->started_ticks))
		return !rbd_view_ls_settle(next, s->name, ls->generation);
	return false;
}

/* A mount that was given up is still in the view. */
static bool abandon(struct rbd_core *core, struct rbd_view *next)
{
	const struct rbd_view *v = &core->view;
	bool any = false;
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].members,
				    core->id.number) &&
		    !find(core, v->lockspaces[i].name))
			any |= !rbd_view_ls_leave(next, v->lockspaces[i].name,
						  core->id.number);
	return any;
}

/* Everything runs, and the view knows of nothing else. */
static bool at_rest(struct rbd_core *core)
{
	const struct rbd_view *v = &core->view;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		const struct rbd_core_ls *s = &core->ls[i];
		const struct rbd_view_lockspace *ls = s->want ? held(core, s) :
								NULL;

		if (s->want && (!ls || !ls->settled ||
				s->want != RBD_CORE_HOLD || s->lost))
			return false;
	}
	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].members,
				    core->id.number) &&
		    !find(core, v->lockspaces[i].name))
			return false;
	return true;
}

bool rbd_core_ls_change(struct rbd_core *core)
{
	struct rbd_view *next;
	bool any = false;
	unsigned int i;

	if (core->condemned || !rbd_core_me(core) || at_rest(core))
		return false;
	next = rbd_core_begin(core);
	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (core->ls[i].want)
			any |= wish(core, &core->ls[i], next);
	any |= abandon(core, next);
	return any && rbd_core_propose(core);
}

static struct rbd_core_ls *new_slot(struct rbd_core *core, const char *name)
{
	size_t len = strlen(name);
	unsigned int i;

	if (!len || len > RBD_VIEW_NAME)
		return NULL;
	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++) {
		struct rbd_core_ls *s = &core->ls[i];

		if (s->want)
			continue;
		memset(s, 0, sizeof(*s));
		s->want = RBD_CORE_HOLD;
		memcpy(s->name, name, len);
		return s;
	}
	return NULL;
}

const char *rbd_core_ls_online(struct rbd_core *core, const char *name)
{
	struct rbd_core_ls *s = find(core, name);

	if (core->condemned)
		return "this node is fenced";
	if (s)
		return s->want == RBD_CORE_HOLD ?
			       NULL :
			       "the lockspace is still being released";
	if (!new_slot(core, name))
		return "a node holds at most 32 lockspaces, with names of 1 to 64 bytes";
	rbd_core_step(core);
	return NULL;
}

void rbd_core_ls_offline(struct rbd_core *core, const char *name)
{
	struct rbd_core_ls *s = find(core, name);

	if (!s)
		return;
	s->want = RBD_CORE_RELEASE;
	rbd_core_step(core);
}

const char *rbd_core_ls_found(struct rbd_core *core, const char *name,
			      bool running, bool served)
{
	const struct rbd_view_lockspace *ls;
	struct rbd_core_ls *s;

	if (find(core, name))
		return NULL;
	s = new_slot(core, name);
	if (!s)
		return "a node holds at most 32 lockspaces, with names of 1 to 64 bytes";
	s->running = running;
	s->served = served;
	ls = held(core, s);
	if (!ls)
		return NULL;
	if (core->part.acks[ls->index].generation == ls->generation) {
		s->generation = ls->generation;
		s->phase = core->part.acks[ls->index].phase;
	}
	/* The kernel has stopped what we said runs, or nobody knows. */
	if ((s->phase == RBD_LS_STARTED && !running) ||
	    (s->phase != RBD_LS_STARTED && ls->settled)) {
		s->generation = ls->generation;
		s->lost = true;
	}
	return NULL;
}

void rbd_core_ls_lost(struct rbd_core *core, const char *name)
{
	struct rbd_core_ls *s = find(core, name);

	if (!s || !s->running)
		return;
	s->running = false;
	s->lost = true;
	rbd_core_step(core);
}
