// SPDX-License-Identifier: GPL-2.0
/* Finding one's way in a view, and which changes of state there are. */
#include "view.h"

#include "hb_timing.h"

#define NOWHERE 255
#define TO(state) (1u << RBD_MEMBER_##state)

/* From the state of the line to any of those in it. */
static const u16 allowed[RBD_MEMBER_STATES] = {
	[RBD_MEMBER_NONE] = TO(JOINING),
	[RBD_MEMBER_JOINING] = TO(ACTIVE) | TO(SUSPECT) | TO(FENCING) |
			       TO(LEFT),
	[RBD_MEMBER_ACTIVE] = TO(SUSPECT) | TO(CUT) | TO(FENCING) | TO(LEFT),
	[RBD_MEMBER_SUSPECT] = TO(JOINING) | TO(ACTIVE) | TO(FENCING),
	[RBD_MEMBER_CUT] = TO(ACTIVE) | TO(SUSPECT) | TO(FENCING),
	[RBD_MEMBER_FENCING] = TO(FENCED),
	[RBD_MEMBER_FENCED] = TO(JOINING) | TO(NONE),
	[RBD_MEMBER_LEFT] = TO(JOINING) | TO(NONE),
};

bool rbd_member_may(u8 from, u8 to)
{
	return from < RBD_MEMBER_STATES && to < RBD_MEMBER_STATES &&
	       (allowed[from] >> to & 1);
}

bool rbd_member_is_in(const struct rbd_view_member *m)
{
	return m && m->state >= RBD_MEMBER_JOINING &&
	       m->state <= RBD_MEMBER_CUT;
}

bool rbd_member_was_active(const struct rbd_view_member *m)
{
	if (!m)
		return false;
	if (m->state == RBD_MEMBER_SUSPECT || m->state == RBD_MEMBER_CUT)
		return m->resume == RBD_MEMBER_ACTIVE;
	return m->state == RBD_MEMBER_ACTIVE;
}

const char *rbd_member_state_str(u8 state)
{
	static const char *const text[RBD_MEMBER_STATES] = {
		"none", "joining", "active", "suspect",
		"cut",	"fencing", "fenced", "left"
	};

	return state < RBD_MEMBER_STATES ? text[state] : "?";
}

const char *rbd_accusation_str(u8 accusation)
{
	static const char *const text[RBD_ACCUSATIONS] = {
		"not accused",
		"no heartbeat, and no node hears it",
		"no heartbeat although the network works",
		"its incarnation writes no heartbeat",
		"does not take part in a change",
		"cannot talk with nodes that go on",
		"its host was started anew",
		"fenced by the administrator",
	};

	return accusation < RBD_ACCUSATIONS ? text[accusation] : "?";
}

bool rbd_instance_equal(const struct rbd_instance *a,
			const struct rbd_instance *b)
{
	return a->nonce == b->nonce && a->addr.family == b->addr.family &&
	       !memcmp(a->addr.ip, b->addr.ip, sizeof(a->addr.ip));
}

const char *rbd_view_init(struct rbd_view *v, const char *cluster,
			  u32 dead_after_ms, u32 slow_after_ms)
{
	struct rbd_hb_timing timing;
	size_t len = strlen(cluster);
	const char *bad;
	size_t i;

	if (!len || len > RBD_VIEW_CLUSTER_NAME)
		return "a cluster's name has 1 to 16 letters and digits";
	for (i = 0; i < len; i++)
		if (!((cluster[i] >= '0' && cluster[i] <= '9') ||
		      (cluster[i] >= 'a' && cluster[i] <= 'z') ||
		      (cluster[i] >= 'A' && cluster[i] <= 'Z')))
			return "a cluster's name has 1 to 16 letters and digits";
	bad = rbd_hb_timing_derive(&timing, dead_after_ms, slow_after_ms);
	if (bad)
		return bad;
	memset(v, 0, sizeof(*v));
	memset(v->place, NOWHERE, sizeof(v->place));
	memcpy(v->cluster, cluster, len);
	v->protocol = RBD_VIEW_PROTOCOL;
	v->dead_after_ms = dead_after_ms;
	v->slow_after_ms = slow_after_ms;
	return NULL;
}

void rbd_view_copy(struct rbd_view *to, const struct rbd_view *from)
{
	memcpy(to, from, offsetof(struct rbd_view, members));
	memcpy(to->members, from->members,
	       from->n_members * sizeof(from->members[0]));
	memcpy(to->lockspaces, from->lockspaces,
	       from->n_lockspaces * sizeof(from->lockspaces[0]));
	memcpy(to->fences, from->fences,
	       from->n_fences * sizeof(from->fences[0]));
}

void rbd_view_begin(struct rbd_view *next, const struct rbd_view *v)
{
	rbd_view_copy(next, v);
	next->seq++;
}

const struct rbd_view_member *rbd_view_peek(const struct rbd_view *v,
					    unsigned int n)
{
	if (n >= RBD_VIEW_MAX_NODES || v->place[n] == NOWHERE)
		return NULL;
	return &v->members[v->place[n]];
}

struct rbd_view_member *rbd_view_member(struct rbd_view *v, unsigned int n)
{
	return (struct rbd_view_member *)rbd_view_peek(v, n);
}

static void set_places(struct rbd_view *v)
{
	unsigned int i;

	memset(v->place, NOWHERE, sizeof(v->place));
	for (i = 0; i < v->n_members; i++)
		v->place[v->members[i].number] = (u8)i;
}

struct rbd_view_member *rbd_view_member_insert(struct rbd_view *v,
					       unsigned int n)
{
	unsigned int i = 0;

	if (n >= RBD_VIEW_MAX_NODES || v->place[n] != NOWHERE)
		return NULL;
	while (i < v->n_members && v->members[i].number < n)
		i++;
	memmove(&v->members[i + 1], &v->members[i],
		(v->n_members - i) * sizeof(v->members[0]));
	memset(&v->members[i], 0, sizeof(v->members[0]));
	v->members[i].number = (u16)n;
	v->members[i].accuser = RBD_VIEW_NOBODY;
	v->n_members++;
	set_places(v);
	return &v->members[i];
}

void rbd_view_member_remove(struct rbd_view *v, unsigned int n)
{
	unsigned int i;

	if (n >= RBD_VIEW_MAX_NODES || v->place[n] == NOWHERE)
		return;
	i = v->place[n];
	v->n_members--;
	memmove(&v->members[i], &v->members[i + 1],
		(v->n_members - i) * sizeof(v->members[0]));
	set_places(v);
}
