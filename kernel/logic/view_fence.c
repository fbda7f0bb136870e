// SPDX-License-Identifier: GPL-2.0
/* Changes of the fences of a view. */
#include "view_fence.h"

#include "view_lockspace.h"

static const char none[] = "the view has no such fence";

static void set_text(char *to, size_t room, const char *from)
{
	size_t len = strlen(from);

	if (len > room)
		len = room;
	memcpy(to, from, len);
	memset(to + len, 0, room + 1 - len);
}

struct rbd_view_fence *rbd_view_fence_find(struct rbd_view *v, unsigned int n,
					   u64 incarnation)
{
	unsigned int i;

	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].number == n &&
		    v->fences[i].incarnation == incarnation)
			return &v->fences[i];
	return NULL;
}

static bool may_condemn(const struct rbd_view_member *m, u8 accusation)
{
	if (accusation == RBD_ACCUSED_REPLACED ||
	    accusation == RBD_ACCUSED_ADMIN)
		return true;
	return (m->state == RBD_MEMBER_SUSPECT || m->state == RBD_MEMBER_CUT) &&
	       m->accusation == accusation;
}

const char *rbd_view_condemn(struct rbd_view *v, unsigned int n,
			     u64 incarnation, unsigned int by, u8 accusation,
			     const char *evidence)
{
	struct rbd_view_member *m = rbd_view_member(v, n);
	struct rbd_view_fence *f;

	if (!m || m->incarnation != incarnation)
		return "the view has another incarnation of the node";
	if (!rbd_member_may(m->state, RBD_MEMBER_FENCING))
		return "the node's state admits no fence";
	if (!may_condemn(m, accusation))
		return "a node is fenced in two steps, so that it can object";
	if (v->n_fences == RBD_VIEW_MAX_FENCES)
		rbd_view_fence_drop_retired(v);
	if (v->n_fences == RBD_VIEW_MAX_FENCES)
		return "the view has no room for another fence";
	f = &v->fences[v->n_fences++];
	memset(f, 0, sizeof(*f));
	f->number = (u16)n;
	f->by = (u16)by;
	f->state = RBD_FENCE_FENCING;
	f->accusation = accusation;
	f->incarnation = incarnation;
	memcpy(f->boot_id, m->boot_id, sizeof(f->boot_id));
	f->n_instances = m->n_instances;
	memcpy(f->instances, m->instances,
	       m->n_instances * sizeof(m->instances[0]));
	set_text(f->reason, RBD_VIEW_REASON, rbd_accusation_str(accusation));
	set_text(f->evidence, RBD_VIEW_EVIDENCE, evidence);
	m->state = RBD_MEMBER_FENCING;
	m->resume = RBD_MEMBER_NONE;
	m->accusation = accusation;
	m->n_instances = 0;
	memset(m->instances, 0, sizeof(m->instances));
	rbd_view_ls_fail(v, n);
	return NULL;
}

const char *rbd_view_fence_found(struct rbd_view *v, unsigned int n,
				 u64 incarnation,
				 const struct rbd_instance *instance)
{
	struct rbd_view_fence *f = rbd_view_fence_find(v, n, incarnation);
	unsigned int i;

	if (!f || f->state != RBD_FENCE_FENCING)
		return none;
	for (i = 0; i < f->n_instances; i++)
		if (rbd_instance_equal(&f->instances[i], instance))
			return "the client is listed already";
	if (f->n_instances == RBD_VIEW_MAX_FENCE_INSTANCES)
		return "the fence has no room for another client";
	f->instances[f->n_instances++] = *instance;
	return NULL;
}

const char *rbd_view_fenced(struct rbd_view *v, unsigned int n, u64 incarnation,
			    unsigned int instances, u64 epoch)
{
	struct rbd_view_fence *f = rbd_view_fence_find(v, n, incarnation);
	struct rbd_view_member *m = rbd_view_member(v, n);

	if (!f || !epoch)
		return none;
	if (f->state != RBD_FENCE_FENCING)
		return "the fence is proved already";
	if (f->n_instances != instances)
		return "a client was found meanwhile that is not cut off yet";
	f->state = RBD_FENCE_FENCED;
	f->epoch = epoch;
	if (m && m->incarnation == incarnation &&
	    m->state == RBD_MEMBER_FENCING)
		m->state = RBD_MEMBER_FENCED;
	return NULL;
}

const char *rbd_view_fence_renewed(struct rbd_view *v, unsigned int n,
				   u64 incarnation, u64 epoch)
{
	struct rbd_view_fence *f = rbd_view_fence_find(v, n, incarnation);

	if (!f || f->state != RBD_FENCE_FENCED)
		return none;
	if (epoch <= f->epoch)
		return "the fence has a newer proof already";
	f->epoch = epoch;
	return NULL;
}

const char *rbd_view_fence_retire(struct rbd_view *v, unsigned int n,
				  u64 incarnation)
{
	struct rbd_view_fence *f = rbd_view_fence_find(v, n, incarnation);
	const struct rbd_view_member *m = rbd_view_peek(v, n);

	if (!f || f->state != RBD_FENCE_FENCED)
		return none;
	if (!rbd_member_is_in(m) ||
	    !memcmp(f->boot_id, m->boot_id, sizeof(f->boot_id)))
		return "the host has not been seen to boot anew";
	f->state = RBD_FENCE_RETIRED;
	return NULL;
}

bool rbd_view_fence_drop_retired(struct rbd_view *v)
{
	unsigned int to = 0;
	unsigned int i;
	bool dropped;

	for (i = 0; i < v->n_fences; i++) {
		const struct rbd_view_fence *f = &v->fences[i];

		if (f->state == RBD_FENCE_RETIRED &&
		    !rbd_view_ls_pending(v, f->number))
			continue;
		if (to != i)
			v->fences[to] = *f;
		to++;
	}
	dropped = to != v->n_fences;
	v->n_fences = (u16)to;
	return dropped;
}

bool rbd_view_fencing(const struct rbd_view *v)
{
	unsigned int i;

	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].state == RBD_FENCE_FENCING)
			return true;
	return false;
}

u64 rbd_view_fence_epoch(const struct rbd_view *v)
{
	u64 epoch = 0;
	unsigned int i;

	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].epoch > epoch)
			epoch = v->fences[i].epoch;
	return epoch;
}
