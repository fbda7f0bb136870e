// SPDX-License-Identifier: GPL-2.0
/* Views to bytes and back. */
#include "view_codec.h"

#include "crc32c.h"
#include "cursor.h"
#include "hb_timing.h"

#define HEAD_BYTES 10
#define CRC_BYTES 4
#define RETIME_BYTES 16

/* Short text: a byte of length, no zero inside. */
static void put_name(struct rbd_cursor *c, const char *text)
{
	size_t len = strlen(text);
	u8 *at;

	rbd_put_8(c, (u8)len);
	at = rbd_cursor_take(c, len);
	if (at)
		memcpy(at, text, len);
}

static void get_name(struct rbd_cursor *c, char *text, size_t room)
{
	size_t len = rbd_get_8(c);
	const u8 *at = rbd_cursor_take(c, len);
	size_t i;

	memset(text, 0, room + 1);
	if (!at || len > room) {
		c->bad = true;
		return;
	}
	for (i = 0; i < len; i++)
		c->bad = c->bad || !at[i];
	memcpy(text, at, len);
}

static void put_bytes(struct rbd_cursor *c, const void *p, size_t len)
{
	u8 *at = rbd_cursor_take(c, len);

	if (at)
		memcpy(at, p, len);
}

static void get_bytes(struct rbd_cursor *c, void *p, size_t len)
{
	const u8 *at = rbd_cursor_take(c, len);

	if (at)
		memcpy(p, at, len);
	else
		memset(p, 0, len);
}

static u8 set_byte(const struct rbd_nodeset *s, unsigned int i)
{
	return (u8)(s->w[i / 8] >> (8 * (i % 8)));
}

/* A set without its high zero bytes. */
static void put_set(struct rbd_cursor *c, const struct rbd_nodeset *s)
{
	unsigned int bytes = RBD_NODESET_BYTES;
	unsigned int i;

	while (bytes && !set_byte(s, bytes - 1))
		bytes--;
	rbd_put_8(c, (u8)bytes);
	for (i = 0; i < bytes; i++)
		rbd_put_8(c, set_byte(s, i));
}

static void get_set(struct rbd_cursor *c, struct rbd_nodeset *s)
{
	unsigned int bytes = rbd_get_8(c);
	unsigned int i;

	rbd_nodeset_zero(s);
	if (bytes > RBD_NODESET_BYTES) {
		c->bad = true;
		return;
	}
	for (i = 0; i < bytes; i++)
		s->w[i / 8] |= (u64)rbd_get_8(c) << (8 * (i % 8));
	/* Number 255 is no node. */
	if (s->w[RBD_NODESET_WORDS - 1] >> 63)
		c->bad = true;
}

static void put_address(struct rbd_cursor *c, const struct rbd_address *a)
{
	rbd_put_8(c, a->family);
	put_bytes(c, a->ip, a->family == 4 ? 4 : a->family == 6 ? 16 : 0);
}

static void get_address(struct rbd_cursor *c, struct rbd_address *a)
{
	memset(a, 0, sizeof(*a));
	a->family = rbd_get_8(c);
	if (a->family && a->family != 4 && a->family != 6)
		c->bad = true;
	get_bytes(c, a->ip, a->family == 4 ? 4 : a->family == 6 ? 16 : 0);
}

static void put_instances(struct rbd_cursor *c, const struct rbd_instance *i,
			  u8 count)
{
	rbd_put_8(c, count);
	for (; count; count--, i++) {
		rbd_put_32(c, i->nonce);
		put_address(c, &i->addr);
	}
}

static u8 get_instances(struct rbd_cursor *c, struct rbd_instance *i, u8 room)
{
	u8 count = rbd_get_8(c);
	u8 k;

	if (count > room) {
		c->bad = true;
		return 0;
	}
	for (k = 0; k < count; k++) {
		i[k].nonce = rbd_get_32(c);
		get_address(c, &i[k].addr);
	}
	return count;
}

static void put_member(struct rbd_cursor *c, const struct rbd_view_member *m)
{
	rbd_put_le(c, m->number, 2);
	rbd_put_8(c, m->state);
	rbd_put_8(c, m->resume);
	rbd_put_8(c, m->accusation);
	rbd_put_le(c, m->accuser, 2);
	rbd_put_le(c, m->weight, 2);
	rbd_put_64(c, m->incarnation);
	rbd_put_64(c, m->joined_seq);
	rbd_put_64(c, m->accused_seq);
	rbd_put_64(c, m->holds_seq);
	put_bytes(c, m->boot_id, sizeof(m->boot_id));
	put_address(c, &m->address);
	put_name(c, m->name);
	put_instances(c, m->instances, m->n_instances);
}

/* What an accusation that is refuted gives back must be a state to be in. */
static bool is_coherent(const struct rbd_view_member *m)
{
	bool accused = m->state == RBD_MEMBER_SUSPECT ||
		       m->state == RBD_MEMBER_CUT;

	if (!m->state || m->state >= RBD_MEMBER_STATES ||
	    m->accusation >= RBD_ACCUSATIONS)
		return false;
	if (!accused)
		return m->resume == RBD_MEMBER_NONE;
	return m->accused_seq && m->accusation &&
	       (m->resume == RBD_MEMBER_ACTIVE ||
		(m->resume == RBD_MEMBER_JOINING &&
		 m->state == RBD_MEMBER_SUSPECT));
}

static bool get_member(struct rbd_cursor *c, struct rbd_view *v)
{
	u16 number = (u16)rbd_get_le(c, 2);
	struct rbd_view_member *m = rbd_view_member_insert(v, number);

	/* Ascending, so that equal views are equal bytes. */
	if (!m || m != &v->members[v->n_members - 1])
		return false;
	m->state = rbd_get_8(c);
	m->resume = rbd_get_8(c);
	m->accusation = rbd_get_8(c);
	m->accuser = (u16)rbd_get_le(c, 2);
	m->weight = (u16)rbd_get_le(c, 2);
	m->incarnation = rbd_get_64(c);
	m->joined_seq = rbd_get_64(c);
	m->accused_seq = rbd_get_64(c);
	m->holds_seq = rbd_get_64(c);
	get_bytes(c, m->boot_id, sizeof(m->boot_id));
	get_address(c, &m->address);
	get_name(c, m->name, RBD_VIEW_NAME);
	m->n_instances = get_instances(c, m->instances, RBD_VIEW_MAX_INSTANCES);
	return is_coherent(m) && m->incarnation && m->weight && m->name[0];
}

static void put_lockspace(struct rbd_cursor *c,
			  const struct rbd_view_lockspace *ls)
{
	rbd_put_8(c, ls->index);
	rbd_put_8(c, ls->settled);
	rbd_put_32(c, ls->generation);
	put_set(c, &ls->members);
	put_set(c, &ls->failed);
	put_set(c, &ls->left);
	put_name(c, ls->name);
}

static bool get_lockspace(struct rbd_cursor *c, struct rbd_view *v, u32 *used)
{
	struct rbd_view_lockspace *ls = &v->lockspaces[v->n_lockspaces];
	int n;

	ls->index = rbd_get_8(c);
	ls->settled = rbd_get_8(c);
	ls->generation = rbd_get_32(c);
	get_set(c, &ls->members);
	get_set(c, &ls->failed);
	get_set(c, &ls->left);
	get_name(c, ls->name, RBD_VIEW_NAME);
	if (rbd_cursor_bad(c) || ls->index >= RBD_VIEW_MAX_LOCKSPACES ||
	    *used >> ls->index & 1 || !ls->name[0] ||
	    ls->generation > v->generation ||
	    rbd_nodeset_meets(&ls->members, &ls->failed) ||
	    rbd_nodeset_meets(&ls->members, &ls->left))
		return false;
	rbd_nodeset_for_each(n, &ls->members)
	{
		if (!rbd_member_was_active(rbd_view_peek(v, (unsigned int)n)))
			return false;
	}
	*used |= 1u << ls->index;
	v->n_lockspaces++;
	return true;
}

static void put_fence(struct rbd_cursor *c, const struct rbd_view_fence *f)
{
	rbd_put_le(c, f->number, 2);
	rbd_put_le(c, f->by, 2);
	rbd_put_8(c, f->state);
	rbd_put_8(c, f->accusation);
	rbd_put_64(c, f->incarnation);
	rbd_put_64(c, f->epoch);
	put_bytes(c, f->boot_id, sizeof(f->boot_id));
	put_instances(c, f->instances, f->n_instances);
	put_name(c, f->reason);
	put_name(c, f->evidence);
}

static bool get_fence(struct rbd_cursor *c, struct rbd_view_fence *f)
{
	f->number = (u16)rbd_get_le(c, 2);
	f->by = (u16)rbd_get_le(c, 2);
	f->state = rbd_get_8(c);
	f->accusation = rbd_get_8(c);
	f->incarnation = rbd_get_64(c);
	f->epoch = rbd_get_64(c);
	get_bytes(c, f->boot_id, sizeof(f->boot_id));
	f->n_instances = get_instances(c, f->instances,
				       RBD_VIEW_MAX_FENCE_INSTANCES);
	get_name(c, f->reason, RBD_VIEW_REASON);
	get_name(c, f->evidence, RBD_VIEW_EVIDENCE);
	return f->number < RBD_VIEW_MAX_NODES && f->incarnation &&
	       f->accusation < RBD_ACCUSATIONS &&
	       f->state >= RBD_FENCE_FENCING && f->state <= RBD_FENCE_RETIRED &&
	       (f->state == RBD_FENCE_FENCING) == !f->epoch;
}

static void put_body(struct rbd_cursor *c, const struct rbd_view *v)
{
	unsigned int i;

	rbd_put_64(c, v->seq);
	put_bytes(c, v->token, sizeof(v->token));
	put_bytes(c, v->cluster_id, sizeof(v->cluster_id));
	put_bytes(c, v->key, sizeof(v->key));
	rbd_put_le(c, v->protocol, 2);
	rbd_put_32(c, v->dead_after_ms);
	rbd_put_32(c, v->slow_after_ms);
	rbd_put_32(c, v->generation);
	put_name(c, v->cluster);
	rbd_put_le(c, v->n_members, 2);
	for (i = 0; i < v->n_members; i++)
		put_member(c, &v->members[i]);
	rbd_put_8(c, (u8)v->n_lockspaces);
	for (i = 0; i < v->n_lockspaces; i++)
		put_lockspace(c, &v->lockspaces[i]);
	rbd_put_le(c, v->n_fences, 2);
	for (i = 0; i < v->n_fences; i++)
		put_fence(c, &v->fences[i]);
	rbd_put_32(c, v->next_dead_after_ms);
	rbd_put_32(c, v->next_slow_after_ms);
	rbd_put_64(c, v->retime_seq);
}

ssize_t rbd_view_encode(const struct rbd_view *v, void *buf, size_t size)
{
	struct rbd_cursor c;
	u8 *start = buf;
	u8 *len;

	if (size > RBD_VIEW_MAX_BYTES)
		size = RBD_VIEW_MAX_BYTES;
	rbd_cursor_init(&c, buf, size);
	rbd_put_32(&c, RBD_VIEW_MAGIC);
	len = rbd_put_start(&c, RBD_VIEW_VERSION, RBD_VIEW_COMPAT);
	put_body(&c, v);
	rbd_put_end(&c, len);
	if (!rbd_cursor_bad(&c))
		rbd_put_32(&c, rbd_crc32c(start, (size_t)(c.p - start)));
	return rbd_cursor_bad(&c) ? -EFBIG : (ssize_t)(c.p - start);
}

static size_t address_bytes(const struct rbd_address *a)
{
	return a->family == 4 ? 5 : a->family == 6 ? 17 : 1;
}

static size_t instances_bytes(const struct rbd_instance *i, u8 count)
{
	size_t bytes = 1;

	for (; count; count--, i++)
		bytes += 4 + address_bytes(&i->addr);
	return bytes;
}

static size_t set_bytes(const struct rbd_nodeset *s)
{
	unsigned int bytes = RBD_NODESET_BYTES;

	while (bytes && !set_byte(s, bytes - 1))
		bytes--;
	return 1 + bytes;
}

size_t rbd_view_bytes(const struct rbd_view *v)
{
	size_t bytes = HEAD_BYTES + 8 + 16 + 16 + RBD_VIEW_KEY_BYTES + 2 + 4 +
		       4 + 4 + 1 + strlen(v->cluster) + 2 + 1 + 2 +
		       RETIME_BYTES + CRC_BYTES;
	unsigned int i;

	for (i = 0; i < v->n_members; i++) {
		const struct rbd_view_member *m = &v->members[i];

		bytes += 9 + 32 + sizeof(m->boot_id) +
			 address_bytes(&m->address) + 1 + strlen(m->name) +
			 instances_bytes(m->instances, m->n_instances);
	}
	for (i = 0; i < v->n_lockspaces; i++) {
		const struct rbd_view_lockspace *ls = &v->lockspaces[i];

		bytes += 6 + set_bytes(&ls->members) + set_bytes(&ls->failed) +
			 set_bytes(&ls->left) + 1 + strlen(ls->name);
	}
	for (i = 0; i < v->n_fences; i++) {
		const struct rbd_view_fence *f = &v->fences[i];

		bytes += 6 + 16 + sizeof(f->boot_id) +
			 instances_bytes(f->instances, f->n_instances) + 1 +
			 strlen(f->reason) + 1 + strlen(f->evidence);
	}
	return bytes;
}

/* Not there in views of version 1. */
static bool get_retime(struct rbd_cursor *c, struct rbd_view *v)
{
	struct rbd_hb_timing t;

	v->next_dead_after_ms = 0;
	v->next_slow_after_ms = 0;
	v->retime_seq = 0;
	if (rbd_cursor_bad(c) || !rbd_cursor_left(c))
		return true;
	v->next_dead_after_ms = rbd_get_32(c);
	v->next_slow_after_ms = rbd_get_32(c);
	v->retime_seq = rbd_get_64(c);
	if (!v->retime_seq)
		return !v->next_dead_after_ms && !v->next_slow_after_ms;
	return v->retime_seq <= v->seq &&
	       !rbd_hb_timing_derive(&t, v->next_dead_after_ms,
				     v->next_slow_after_ms);
}

static int get_body(struct rbd_cursor *c, struct rbd_view *v)
{
	u32 used = 0;
	u32 count;

	v->seq = rbd_get_64(c);
	get_bytes(c, v->token, sizeof(v->token));
	get_bytes(c, v->cluster_id, sizeof(v->cluster_id));
	get_bytes(c, v->key, sizeof(v->key));
	v->protocol = (u16)rbd_get_le(c, 2);
	v->dead_after_ms = rbd_get_32(c);
	v->slow_after_ms = rbd_get_32(c);
	v->generation = rbd_get_32(c);
	get_name(c, v->cluster, RBD_VIEW_CLUSTER_NAME);
	for (count = (u32)rbd_get_le(c, 2); count; count--)
		if (rbd_cursor_bad(c) || !get_member(c, v))
			return -EINVAL;
	count = rbd_get_8(c);
	if (count > RBD_VIEW_MAX_LOCKSPACES)
		return -EINVAL;
	for (; count; count--)
		if (rbd_cursor_bad(c) || !get_lockspace(c, v, &used))
			return -EINVAL;
	count = (u32)rbd_get_le(c, 2);
	if (count > RBD_VIEW_MAX_FENCES)
		return -EINVAL;
	for (; count; count--)
		if (rbd_cursor_bad(c) ||
		    !get_fence(c, &v->fences[v->n_fences++]))
			return -EINVAL;
	if (!get_retime(c, v))
		return -EINVAL;
	return rbd_cursor_bad(c) || !v->seq || !v->cluster[0] ? -EINVAL : 0;
}

int rbd_view_decode(struct rbd_view *v, const void *buf, size_t len)
{
	struct rbd_cursor c;
	struct rbd_cursor body;
	u32 body_len;
	u8 compat;

	if (!len)
		return -ENODATA;
	if (len > RBD_VIEW_MAX_BYTES)
		return -EFBIG;
	rbd_cursor_init(&c, buf, len);
	if (len >= 4 && rbd_get_32(&c) != RBD_VIEW_MAGIC)
		return -EBADMSG;
	if (len < HEAD_BYTES + CRC_BYTES)
		return -EMSGSIZE;
	rbd_get_8(&c);
	compat = rbd_get_8(&c);
	body_len = rbd_get_32(&c);
	if (body_len != len - HEAD_BYTES - CRC_BYTES)
		return -EMSGSIZE;
	rbd_cursor_init(&body, rbd_cursor_take(&c, body_len), body_len);
	if (rbd_get_32(&c) != rbd_crc32c(buf, len - CRC_BYTES))
		return -EBADMSG;
	if (compat > RBD_VIEW_VERSION)
		return -EPROTONOSUPPORT;
	v->n_members = 0;
	v->n_lockspaces = 0;
	v->n_fences = 0;
	memset(v->place, 255, sizeof(v->place));
	return get_body(&body, v);
}
