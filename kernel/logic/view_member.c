// SPDX-License-Identifier: GPL-2.0
/* Changes of the members of a view. */
#include "view_member.h"

#include "view_lockspace.h"

static const char gone[] = "the view has another incarnation of the node";

static struct rbd_view_member *find(struct rbd_view *v, unsigned int n,
				    u64 incarnation)
{
	struct rbd_view_member *m = rbd_view_member(v, n);

	return m && m->incarnation == incarnation ? m : NULL;
}

u64 rbd_view_next_incarnation(const struct rbd_view *v, unsigned int n,
			      u64 seen, u32 random)
{
	const struct rbd_view_member *m = rbd_view_peek(v, n);
	unsigned int i;

	if (m && m->incarnation > seen)
		seen = m->incarnation;
	for (i = 0; i < v->n_fences; i++)
		if (v->fences[i].number == n && v->fences[i].incarnation > seen)
			seen = v->fences[i].incarnation;
	return ((seen >> 24) + 1) << 24 | (random & 0xffffff);
}

static const char *check_id(const struct rbd_view *v,
			    const struct rbd_node_id *id)
{
	const struct rbd_view_member *m = rbd_view_peek(v, id->number);

	if (id->number >= RBD_VIEW_MAX_NODES)
		return "a node's number is 0 to 254";
	if (!id->incarnation)
		return "an incarnation is not 0";
	if (!id->weight || id->weight > 1000)
		return "a node's weight is 1 to 1000";
	if (!id->name[0] || id->name[RBD_VIEW_NAME])
		return "a node's name has 1 to 64 bytes";
	if (!m)
		return NULL;
	if (id->incarnation <= m->incarnation)
		return "incarnations of a node only grow";
	if (!rbd_member_may(m->state, RBD_MEMBER_JOINING))
		return "an earlier incarnation of the node is not fenced yet";
	return NULL;
}

const char *rbd_view_register(struct rbd_view *v, const struct rbd_node_id *id,
			      const struct rbd_instance *instances,
			      unsigned int count)
{
	const char *bad = check_id(v, id);
	struct rbd_view_member *m;

	if (bad)
		return bad;
	if (!count || count > RBD_VIEW_MAX_INSTANCES)
		return "a node has 1 to 32 clients of Ceph";
	if (rbd_view_ls_pending(v, id->number))
		return "a lockspace has not recovered yet from the node's last leave or failure";
	m = rbd_view_member(v, id->number);
	if (!m)
		m = rbd_view_member_insert(v, id->number);
	memset(m, 0, sizeof(*m));
	m->number = id->number;
	m->state = RBD_MEMBER_JOINING;
	m->accuser = RBD_VIEW_NOBODY;
	m->weight = id->weight;
	m->incarnation = id->incarnation;
	m->joined_seq = v->seq;
	memcpy(m->boot_id, id->boot_id, sizeof(m->boot_id));
	m->address = id->address;
	memcpy(m->name, id->name, sizeof(m->name));
	m->n_instances = (u8)count;
	memcpy(m->instances, instances, count * sizeof(*instances));
	return NULL;
}

const char *rbd_view_activate(struct rbd_view *v, unsigned int n,
			      u64 incarnation)
{
	struct rbd_view_member *m = find(v, n, incarnation);

	if (!m)
		return gone;
	if (m->state != RBD_MEMBER_JOINING)
		return "the node is not joining";
	m->state = RBD_MEMBER_ACTIVE;
	return NULL;
}

const char *rbd_view_leave(struct rbd_view *v, unsigned int n, u64 incarnation)
{
	struct rbd_view_member *m = find(v, n, incarnation);

	if (!m)
		return gone;
	if (!rbd_member_may(m->state, RBD_MEMBER_LEFT))
		return "only a node that is not accused can leave";
	if (rbd_view_ls_holds(v, n))
		return "the node still holds a lockspace";
	m->state = RBD_MEMBER_LEFT;
	m->n_instances = 0;
	memset(m->instances, 0, sizeof(m->instances));
	return NULL;
}

static int place_of(const struct rbd_view_member *m,
		    const struct rbd_instance *instance)
{
	int i;

	for (i = 0; i < m->n_instances; i++)
		if (rbd_instance_equal(&m->instances[i], instance))
			return i;
	return -1;
}

const char *rbd_view_instance_add(struct rbd_view *v, unsigned int n,
				  u64 incarnation,
				  const struct rbd_instance *instance)
{
	struct rbd_view_member *m = find(v, n, incarnation);

	if (!m)
		return gone;
	if (!rbd_member_is_in(m))
		return "the node is fenced or has left";
	if (place_of(m, instance) >= 0)
		return "the client is registered already";
	if (m->n_instances == RBD_VIEW_MAX_INSTANCES)
		return "a node has at most 32 clients of Ceph";
	m->instances[m->n_instances++] = *instance;
	return NULL;
}

const char *rbd_view_instance_remove(struct rbd_view *v, unsigned int n,
				     u64 incarnation,
				     const struct rbd_instance *instance)
{
	struct rbd_view_member *m = find(v, n, incarnation);
	int i;

	if (!m)
		return gone;
	i = place_of(m, instance);
	if (!rbd_member_is_in(m) || i < 0)
		return "the client is not registered";
	if (m->n_instances == 1)
		return "the last client goes with the node";
	m->instances[i] = m->instances[--m->n_instances];
	memset(&m->instances[m->n_instances], 0, sizeof(m->instances[0]));
	return NULL;
}

bool rbd_view_instance_known(const struct rbd_view *v, unsigned int n,
			     u64 incarnation,
			     const struct rbd_instance *instance)
{
	const struct rbd_view_member *m = rbd_view_peek(v, n);

	return rbd_member_is_in(m) && m->incarnation == incarnation &&
	       place_of(m, instance) >= 0;
}

const char *rbd_view_accuse(struct rbd_view *v, unsigned int n, u64 incarnation,
			    u8 accusation, unsigned int by)
{
	struct rbd_view_member *m = find(v, n, incarnation);
	u8 state = accusation == RBD_ACCUSED_CUT ? RBD_MEMBER_CUT :
						   RBD_MEMBER_SUSPECT;

	if (!m)
		return gone;
	if (accusation < RBD_ACCUSED_SILENT || accusation > RBD_ACCUSED_CUT)
		return "this is no accusation that can be refuted";
	if (!rbd_member_may(m->state, state))
		return "the node's state admits no such accusation";
	if (m->state != RBD_MEMBER_CUT)
		m->resume = m->state;
	m->state = state;
	m->accusation = accusation;
	m->accuser = (u16)by;
	m->accused_seq = v->seq;
	return NULL;
}

const char *rbd_view_refute(struct rbd_view *v, unsigned int n, u64 incarnation)
{
	struct rbd_view_member *m = find(v, n, incarnation);

	if (!m)
		return gone;
	if (m->state != RBD_MEMBER_SUSPECT && m->state != RBD_MEMBER_CUT)
		return "the node is not accused";
	m->state = m->resume;
	m->resume = RBD_MEMBER_NONE;
	m->accusation = RBD_ACCUSED_NOT;
	m->accuser = RBD_VIEW_NOBODY;
	m->accused_seq = 0;
	return NULL;
}
