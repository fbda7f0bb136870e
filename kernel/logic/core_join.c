// SPDX-License-Identifier: GPL-2.0
/* Membership of this node. */
#include "core_join.h"

#include "core_accuse.h"
#include "core_peer.h"
#include "core_timing.h"
#include "view_fence.h"
#include "view_lockspace.h"

/* That long nobody else may write our slot until we call an entry dead. */
#define CALM_TICKS 5

const struct rbd_view_member *rbd_core_me(const struct rbd_core *core)
{
	const struct rbd_view_member *m = rbd_view_peek(&core->view,
							core->id.number);

	return m && m->incarnation == core->id.incarnation ? m : NULL;
}

static void answer_clients(struct rbd_core *core)
{
	struct rbd_core_action *a;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++) {
		struct rbd_core_client *c = &core->clients[i];
		bool known = rbd_view_instance_known(&core->view,
						     core->id.number,
						     core->id.incarnation,
						     &c->instance);

		if (!c->used || !c->asked || (!known && !core->condemned))
			continue;
		a = rbd_core_act(core, known ? RBD_CORE_ADMIT : RBD_CORE_DENY);
		if (!a)
			return;
		a->instance = c->instance;
		a->text = known ? NULL : "this node is fenced";
		c->asked = false;
	}
}

static void condemn_self(struct rbd_core *core, const char *why)
{
	if (core->condemned || !rbd_core_act(core, RBD_CORE_FREEZE))
		return;
	core->condemned = true;
	rbd_core_event(core, core->id.number, why);
}

/*
 * Another host had our number under a later incarnation, and is gone. Ours
 * cannot be registered behind that one; only a new one can.
 */
static bool overtaken(const struct rbd_core *core)
{
	const struct rbd_view_member *m = rbd_view_peek(&core->view,
							core->id.number);

	return m && m->incarnation > core->id.incarnation &&
	       (m->state == RBD_MEMBER_FENCED || m->state == RBD_MEMBER_LEFT);
}

void rbd_core_self_step(struct rbd_core *core)
{
	const struct rbd_view_member *me = rbd_core_me(core);
	bool over;

	if (rbd_member_is_in(me))
		core->registered = true;
	over = core->registered && !rbd_member_is_in(me) &&
	       !(me && me->state == RBD_MEMBER_LEFT && !core->want_in);
	/* After a restart of the daemon it is not known that we registered. */
	over = over || (me && (me->state == RBD_MEMBER_FENCING ||
			       me->state == RBD_MEMBER_FENCED));
	if (over)
		condemn_self(core, "this node is fenced");
	else if (overtaken(core))
		condemn_self(core, "another host has had the number of this "
				   "node since it began: this life of it ends");
	answer_clients(core);
}

void rbd_core_shut_out(struct rbd_core *core)
{
	condemn_self(core, "this node is fenced");
	rbd_core_step(core);
}

void rbd_core_join_tick(struct rbd_core *core)
{
	const struct rbd_view_member *me = rbd_core_me(core);
	unsigned int i;

	core->joining_ticks = me ? core->joining_ticks + 1 : 0;
	for (i = 0; me && i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];
		struct rbd_core_peer *p = &core->peers[m->number];

		if (m != me && rbd_member_is_in(m) && rbd_core_alive(core, m) &&
		    !p->barred && rbd_core_linked(core, me, m))
			p->mesh_ticks++;
		else
			p->mesh_ticks = 0;
	}
}

/*
 * We and all who may be alive have heard each other for long enough. It is
 * counted with those who are about to join too, since one of them may be in
 * before us. Somebody whose heartbeat is late is waited for until there is
 * reason to accuse it: it still has its locks, and may be back in a moment.
 */
static bool is_meshed(const struct rbd_core *core,
		      const struct rbd_view_member *me)
{
	u32 enough = core->timing.edge_up_ticks;
	unsigned int i;

	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];

		if (m == me || !rbd_member_was_active(m) ||
		    (!rbd_core_alive(core, m) && rbd_core_reason(core, m)))
			continue;
		if (core->peers[m->number].mesh_ticks < enough)
			return false;
	}
	return core->joining_ticks >= enough;
}

void rbd_core_bar(struct rbd_core *core, unsigned int number, bool barred)
{
	if (number < RBD_VIEW_MAX_NODES)
		core->peers[number].barred = barred;
}

/* Those that are alive; who is not will be fenced, or acknowledges later. */
static bool all_know_us(const struct rbd_core *core,
			const struct rbd_view_member *me)
{
	unsigned int i;

	for (i = 0; i < core->view.n_members; i++) {
		const struct rbd_view_member *m = &core->view.members[i];

		if (m != me && rbd_member_was_active(m) &&
		    rbd_core_alive(core, m) &&
		    core->peers[m->number].part.view_seq < me->joined_seq)
			return false;
	}
	return true;
}

static bool enter(struct rbd_core *core)
{
	struct rbd_instance instances[RBD_VIEW_MAX_INSTANCES];
	struct rbd_view *next = rbd_core_begin(core);
	unsigned int count = 0;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++)
		if (core->clients[i].used && !core->clients[i].gone)
			instances[count++] = core->clients[i].instance;
	return !rbd_view_register(next, &core->id, instances, count) &&
	       rbd_core_propose(core);
}

/*
 * An earlier incarnation of this node stands in the view as if it lived. With
 * another name it may be another host, which only its storage keeps from
 * writing: that is given as long as any other member would be.
 */
static bool replace(struct rbd_core *core, const struct rbd_view_member *old)
{
	bool same = !memcmp(old->name, core->id.name, sizeof(old->name));
	struct rbd_view *next;

	if (core->calm_ticks < CALM_TICKS ||
	    (!same && core->calm_ticks < core->timing.slow_ticks))
		return false;
	next = rbd_core_begin(core);
	return !rbd_view_condemn(
		       next, old->number, old->incarnation, core->id.number,
		       RBD_ACCUSED_REPLACED,
		       same ? "its host has a new incarnation" :
			      "its number belongs to another node now") &&
	       rbd_core_propose(core);
}

static bool leave(struct rbd_core *core, const struct rbd_view_member *me)
{
	struct rbd_view *next;
	unsigned int i;

	if (me->state != RBD_MEMBER_JOINING && me->state != RBD_MEMBER_ACTIVE)
		return false;
	for (i = 0; i < RBD_VIEW_MAX_LOCKSPACES; i++)
		if (core->ls[i].want)
			return false;
	next = rbd_core_begin(core);
	return !rbd_view_leave(next, me->number, me->incarnation) &&
	       rbd_core_propose(core);
}

bool rbd_core_membership(struct rbd_core *core)
{
	const struct rbd_view_member *old = rbd_view_peek(&core->view,
							  core->id.number);
	const struct rbd_view_member *me = rbd_core_me(core);
	struct rbd_view *next;

	if (core->condemned)
		return false;
	if (!core->want_in)
		return rbd_member_is_in(me) && leave(core, me);
	if (!core->ticked)
		return false;
	if (!me && rbd_member_is_in(old))
		return replace(core, old);
	if (!me)
		return rbd_core_timing_paced(core) && enter(core);
	if (me->state != RBD_MEMBER_JOINING || !is_meshed(core, me) ||
	    !all_know_us(core, me))
		return false;
	next = rbd_core_begin(core);
	return !rbd_view_activate(next, me->number, me->incarnation) &&
	       rbd_core_propose(core);
}

/* Into the view or out of it; is there something to be done? */
static bool differs(struct rbd_core *core, struct rbd_core_client *c)
{
	bool known = rbd_view_instance_known(&core->view, core->id.number,
					     core->id.incarnation,
					     &c->instance);

	if (c->used && c->gone && !known)
		c->used = false;
	return c->used && c->gone == known;
}

bool rbd_core_register(struct rbd_core *core)
{
	const struct rbd_view_member *me = rbd_core_me(core);
	struct rbd_view *next = NULL;
	bool any = false;
	const char *bad;
	unsigned int i;

	if (!rbd_member_is_in(me) || core->condemned)
		return false;
	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++) {
		struct rbd_core_client *c = &core->clients[i];

		if (!differs(core, c))
			continue;
		next = next ? next : rbd_core_begin(core);
		if (c->gone)
			bad = rbd_view_instance_remove(next, me->number,
						       me->incarnation,
						       &c->instance);
		else
			bad = rbd_view_instance_add(next, me->number,
						    me->incarnation,
						    &c->instance);
		any = any || !bad;
	}
	return any && rbd_core_propose(core);
}

static struct rbd_core_client *find(struct rbd_core *core,
				    const struct rbd_instance *instance)
{
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES; i++)
		if (core->clients[i].used &&
		    rbd_instance_equal(&core->clients[i].instance, instance))
			return &core->clients[i];
	return NULL;
}

static struct rbd_core_client *add(struct rbd_core *core,
				   const struct rbd_instance *instance)
{
	struct rbd_core_client *c = NULL;
	unsigned int i;

	for (i = 0; i < RBD_VIEW_MAX_INSTANCES && !c; i++)
		if (!core->clients[i].used)
			c = &core->clients[i];
	if (!c)
		return NULL;
	memset(c, 0, sizeof(*c));
	c->used = true;
	c->instance = *instance;
	return c;
}

const char *rbd_core_client_add(struct rbd_core *core,
				const struct rbd_instance *instance, bool asked)
{
	struct rbd_core_client *c = find(core, instance);

	if (core->condemned)
		return "this node is fenced";
	if (c) {
		c->asked = asked;
		return NULL;
	}
	c = add(core, instance);
	if (!c)
		return "a node has at most 32 clients of Ceph";
	c->asked = asked;
	rbd_core_step(core);
	return NULL;
}

void rbd_core_client_gone(struct rbd_core *core,
			  const struct rbd_instance *instance)
{
	struct rbd_core_client *c = find(core, instance);

	/* Registered by an earlier daemon: this one never heard of it. */
	if (!c && rbd_view_instance_known(&core->view, core->id.number,
					  core->id.incarnation, instance))
		c = add(core, instance);
	if (c)
		c->gone = true;
	rbd_core_step(core);
}

void rbd_core_join(struct rbd_core *core)
{
	core->want_in = true;
	rbd_core_step(core);
}

void rbd_core_leave(struct rbd_core *core)
{
	core->want_in = false;
	rbd_core_step(core);
}
