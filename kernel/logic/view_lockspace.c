// SPDX-License-Identifier: GPL-2.0
/* Changes of who holds a lockspace. */
#include "view_lockspace.h"

const struct rbd_view_lockspace *rbd_view_ls_peek(const struct rbd_view *v,
						  const char *name)
{
	size_t len = strlen(name);
	unsigned int i;

	for (i = 0; i < v->n_lockspaces && len <= RBD_VIEW_NAME; i++)
		if (!memcmp(v->lockspaces[i].name, name, len + 1))
			return &v->lockspaces[i];
	return NULL;
}

struct rbd_view_lockspace *rbd_view_ls_find(struct rbd_view *v,
					    const char *name)
{
	return (struct rbd_view_lockspace *)rbd_view_ls_peek(v, name);
}

/* The set has changed. */
static void next_generation(struct rbd_view *v, struct rbd_view_lockspace *ls)
{
	ls->generation = ++v->generation;
	ls->settled = false;
}

static void drop_empty(struct rbd_view *v)
{
	unsigned int i = 0;

	while (i < v->n_lockspaces) {
		if (!rbd_nodeset_empty(&v->lockspaces[i].members)) {
			i++;
			continue;
		}
		v->n_lockspaces--;
		memmove(&v->lockspaces[i], &v->lockspaces[i + 1],
			(v->n_lockspaces - i) * sizeof(v->lockspaces[0]));
	}
}

static u8 free_index(const struct rbd_view *v)
{
	u32 used = 0;
	u8 index = 0;
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		used |= 1u << v->lockspaces[i].index;
	while (used >> index & 1)
		index++;
	return index;
}

static void note_holder(struct rbd_view *v, unsigned int n)
{
	struct rbd_view_member *m = rbd_view_member(v, n);

	if (!m)
		return;
	if (!rbd_view_ls_holds(v, n))
		m->holds_seq = 0;
	else if (!m->holds_seq)
		m->holds_seq = v->seq;
}

const char *rbd_view_ls_join(struct rbd_view *v, const char *name,
			     unsigned int n)
{
	const struct rbd_view_member *m = rbd_view_peek(v, n);
	struct rbd_view_lockspace *ls = rbd_view_ls_find(v, name);
	size_t len = strlen(name);

	if (!m || m->state != RBD_MEMBER_ACTIVE)
		return "the node is not an active member of the cluster";
	if (!len || len > RBD_VIEW_NAME)
		return "a lockspace's name has 1 to 64 bytes";
	if (v->generation == U32_MAX)
		return "the generations of lockspaces are used up";
	if (!ls) {
		if (v->n_lockspaces == RBD_VIEW_MAX_LOCKSPACES)
			return "there are 32 lockspaces already";
		ls = &v->lockspaces[v->n_lockspaces];
		memset(ls, 0, sizeof(*ls));
		ls->index = free_index(v);
		memcpy(ls->name, name, len);
		v->n_lockspaces++;
	}
	if (rbd_nodeset_has(&ls->members, n))
		return "the node holds the lockspace already";
	if (rbd_nodeset_has(&ls->failed, n) || rbd_nodeset_has(&ls->left, n))
		return "the lockspace has not recovered yet from the node's last leave or failure";
	rbd_nodeset_add(&ls->members, n);
	next_generation(v, ls);
	note_holder(v, n);
	return NULL;
}

const char *rbd_view_ls_leave(struct rbd_view *v, const char *name,
			      unsigned int n)
{
	struct rbd_view_lockspace *ls = rbd_view_ls_find(v, name);

	if (!ls || !rbd_nodeset_has(&ls->members, n))
		return "the node does not hold the lockspace";
	if (v->generation == U32_MAX)
		return "the generations of lockspaces are used up";
	rbd_nodeset_del(&ls->members, n);
	rbd_nodeset_add(&ls->left, n);
	next_generation(v, ls);
	drop_empty(v);
	note_holder(v, n);
	return NULL;
}

const char *rbd_view_ls_restart(struct rbd_view *v, const char *name,
				unsigned int n)
{
	struct rbd_view_lockspace *ls = rbd_view_ls_find(v, name);

	if (!ls || !rbd_nodeset_has(&ls->members, n))
		return "the node does not hold the lockspace";
	if (v->generation == U32_MAX)
		return "the generations of lockspaces are used up";
	next_generation(v, ls);
	return NULL;
}

const char *rbd_view_ls_settle(struct rbd_view *v, const char *name,
			       u32 generation)
{
	struct rbd_view_lockspace *ls = rbd_view_ls_find(v, name);

	if (!ls || ls->generation != generation)
		return "the lockspace has another generation by now";
	if (ls->settled)
		return "the lockspace is settled already";
	ls->settled = true;
	rbd_nodeset_zero(&ls->failed);
	rbd_nodeset_zero(&ls->left);
	return NULL;
}

/*
 * A node that left and then fails, before all have noticed the former, has
 * failed: its connection to the DLM goes away, and who starts late would take
 * it for a failure anyway.
 */
void rbd_view_ls_fail(struct rbd_view *v, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++) {
		struct rbd_view_lockspace *ls = &v->lockspaces[i];

		if (!rbd_nodeset_has(&ls->members, n) &&
		    !rbd_nodeset_has(&ls->left, n))
			continue;
		rbd_nodeset_del(&ls->members, n);
		rbd_nodeset_del(&ls->left, n);
		rbd_nodeset_add(&ls->failed, n);
		next_generation(v, ls);
	}
	drop_empty(v);
	note_holder(v, n);
}

bool rbd_view_ls_pending(const struct rbd_view *v, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].failed, n) ||
		    rbd_nodeset_has(&v->lockspaces[i].left, n))
			return true;
	return false;
}

bool rbd_view_ls_holds(const struct rbd_view *v, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < v->n_lockspaces; i++)
		if (rbd_nodeset_has(&v->lockspaces[i].members, n))
			return true;
	return false;
}
