// SPDX-License-Identifier: GPL-2.0
#include "plock.h"

/* What one operation may need: a lock, and the second half of a split one. */
#define OP_ENTRIES 2

static u32 *bucket_of(const struct rbd_plock_table *t, u64 resource)
{
	u64 mixed = resource * 0x9e3779b97f4a7c15ULL;

	return (u32 *)&t->buckets[(mixed >> 56) % RBD_PLOCK_BUCKETS];
}

void rbd_plock_grow(struct rbd_plock_table *t, struct rbd_plock_entry *entries,
		    u32 size)
{
	u32 i;

	t->entries = entries;
	for (i = t->size; i < size; i++) {
		entries[i].next = t->free;
		t->free = i;
		t->unused++;
	}
	t->size = size;
}

void rbd_plock_init(struct rbd_plock_table *t, struct rbd_plock_entry *entries,
		    u32 size)
{
	u32 i;

	t->size = 0;
	t->unused = 0;
	t->free = RBD_PLOCK_NONE;
	for (i = 0; i < RBD_PLOCK_BUCKETS; i++)
		t->buckets[i] = RBD_PLOCK_NONE;
	rbd_plock_grow(t, entries, size);
}

static bool same_owner(const struct rbd_plock_op *a,
		       const struct rbd_plock_op *b)
{
	return a->resource == b->resource && a->node == b->node &&
	       a->owner == b->owner;
}

static bool overlap(const struct rbd_plock_op *a, const struct rbd_plock_op *b)
{
	return a->start <= b->end && b->start <= a->end;
}

/* One begins right behind the other. */
static bool touch(const struct rbd_plock_op *a, const struct rbd_plock_op *b)
{
	return (a->end != U64_MAX && a->end + 1 == b->start) ||
	       (b->end != U64_MAX && b->end + 1 == a->start);
}

static void put(struct rbd_plock_table *t, const struct rbd_plock_op *op,
		bool waiting)
{
	u32 at = t->free;
	struct rbd_plock_entry *e = &t->entries[at];
	u32 *link = bucket_of(t, op->resource);

	t->free = e->next;
	t->unused--;
	e->op = *op;
	e->waiting = waiting;
	e->next = RBD_PLOCK_NONE;
	while (*link != RBD_PLOCK_NONE)
		link = &t->entries[*link].next;
	*link = at;
}

static void drop(struct rbd_plock_table *t, u32 *link)
{
	u32 at = *link;

	*link = t->entries[at].next;
	t->entries[at].next = t->free;
	t->free = at;
	t->unused++;
}

const struct rbd_plock_op *rbd_plock_conflict(const struct rbd_plock_table *t,
					      const struct rbd_plock_op *op)
{
	const struct rbd_plock_entry *e;
	u32 at;

	for (at = *bucket_of(t, op->resource); at != RBD_PLOCK_NONE;
	     at = e->next) {
		e = &t->entries[at];
		if (!e->waiting && e->op.resource == op->resource &&
		    !same_owner(&e->op, op) && overlap(&e->op, op) &&
		    (e->op.ex || op->ex))
			return &e->op;
	}
	return NULL;
}

/* Takes @op's bytes out of @e. Return: nothing is left of it. */
static bool cut(struct rbd_plock_table *t, struct rbd_plock_entry *e,
		const struct rbd_plock_op *op)
{
	struct rbd_plock_op right = e->op;

	if (e->op.start >= op->start && e->op.end <= op->end)
		return true;
	if (e->op.start < op->start && e->op.end > op->end) {
		right.start = op->end + 1;
		e->op.end = op->start - 1;
		put(t, &right, false);
	} else if (e->op.start < op->start) {
		e->op.end = op->start - 1;
	} else {
		e->op.start = op->end + 1;
	}
	return false;
}

/*
 * Makes the owner's locks on these bytes what @op says. Locks of the same mode
 * that overlap or touch become one, so an owner's locks never overlap.
 */
static void set_range(struct rbd_plock_table *t, const struct rbd_plock_op *op)
{
	bool lock = op->type == RBD_PLOCK_LOCK;
	u32 *link = bucket_of(t, op->resource);
	struct rbd_plock_op whole = *op;
	struct rbd_plock_entry *e;

	while (*link != RBD_PLOCK_NONE) {
		e = &t->entries[*link];
		if (e->waiting || !same_owner(&e->op, op)) {
			link = &e->next;
		} else if (lock && e->op.ex == op->ex &&
			   (overlap(&e->op, op) || touch(&e->op, op))) {
			if (e->op.start < whole.start)
				whole.start = e->op.start;
			if (e->op.end > whole.end)
				whole.end = e->op.end;
			drop(t, link);
		} else if (overlap(&e->op, op) && cut(t, e, op)) {
			drop(t, link);
		} else {
			link = &e->next;
		}
	}
	if (lock)
		put(t, &whole, false);
}

static u32 count_waiting(const struct rbd_plock_table *t, u64 resource)
{
	const struct rbd_plock_entry *e;
	u32 at, n = 0;

	for (at = *bucket_of(t, resource); at != RBD_PLOCK_NONE; at = e->next) {
		e = &t->entries[at];
		n += e->waiting && e->op.resource == resource;
	}
	return n;
}

/*
 * Grants whoever can be. A grant can set others free (an owner's exclusive
 * lock becomes shared), so it begins anew after each.
 */
static void grant(struct rbd_plock_table *t, u64 resource,
		  rbd_plock_granted granted, void *arg)
{
	u32 *first = bucket_of(t, resource), *link = first;
	struct rbd_plock_entry *e;
	struct rbd_plock_op op;

	while (*link != RBD_PLOCK_NONE) {
		e = &t->entries[*link];
		if (!e->waiting || e->op.resource != resource ||
		    rbd_plock_conflict(t, &e->op)) {
			link = &e->next;
			continue;
		}
		op = e->op;
		drop(t, link);
		set_range(t, &op);
		if (granted)
			granted(arg, &op);
		link = first;
	}
}

static void forget_waits(struct rbd_plock_table *t,
			 const struct rbd_plock_op *op)
{
	u32 *link = bucket_of(t, op->resource);

	while (*link != RBD_PLOCK_NONE) {
		if (t->entries[*link].waiting &&
		    same_owner(&t->entries[*link].op, op))
			drop(t, link);
		else
			link = &t->entries[*link].next;
	}
}

u32 rbd_plock_each_wait(const struct rbd_plock_table *t,
			const struct rbd_plock_op *op, rbd_plock_granted each,
			void *arg)
{
	const struct rbd_plock_entry *e;
	u32 at, n = 0;

	for (at = *bucket_of(t, op->resource); at != RBD_PLOCK_NONE;
	     at = e->next) {
		e = &t->entries[at];
		if (!e->waiting || !same_owner(&e->op, op))
			continue;
		n++;
		if (each)
			each(arg, &e->op);
	}
	return n;
}

bool rbd_plock_same_wait(const struct rbd_plock_op *wait,
			 const struct rbd_plock_op *op)
{
	return same_owner(wait, op) && wait->ex == op->ex &&
	       wait->start == op->start && wait->end == op->end &&
	       wait->pid == op->pid;
}

static int cancel(struct rbd_plock_table *t, const struct rbd_plock_op *op)
{
	u32 *link = bucket_of(t, op->resource);
	const struct rbd_plock_entry *e;

	for (; *link != RBD_PLOCK_NONE; link = &t->entries[*link].next) {
		e = &t->entries[*link];
		if (!e->waiting || !rbd_plock_same_wait(&e->op, op))
			continue;
		drop(t, link);
		return 0;
	}
	return -ENOENT;
}

int rbd_plock_apply(struct rbd_plock_table *t, const struct rbd_plock_op *op,
		    rbd_plock_granted granted, void *arg)
{
	if (op->end < op->start || op->type > RBD_PLOCK_CANCEL)
		return -EINVAL;
	if (op->type == RBD_PLOCK_CANCEL)
		return cancel(t, op);
	if (t->unused < OP_ENTRIES + count_waiting(t, op->resource))
		return -ENOMEM;
	if (op->type == RBD_PLOCK_LOCK && rbd_plock_conflict(t, op)) {
		if (!op->wait)
			return -EAGAIN;
		put(t, op, true);
		return 1;
	}
	if (op->type == RBD_PLOCK_UNLOCK && op->close)
		forget_waits(t, op);
	set_range(t, op);
	grant(t, op->resource, granted, arg);
	return 0;
}

/*
 * The smallest number of a resource in a bucket that the node has to do with.
 * The order in the bucket says nothing: it depends on how the table came
 * about, and all nodes have to do the same.
 */
static bool next_resource(const struct rbd_plock_table *t, u32 at, u32 node,
			  u64 *resource)
{
	const struct rbd_plock_entry *e;
	bool found = false;

	for (; at != RBD_PLOCK_NONE; at = e->next) {
		e = &t->entries[at];
		if (e->op.node != node ||
		    (found && e->op.resource >= *resource))
			continue;
		*resource = e->op.resource;
		found = true;
	}
	return found;
}

static u32 count_all_waiting(const struct rbd_plock_table *t)
{
	u32 i, at, n = 0;

	for (i = 0; i < RBD_PLOCK_BUCKETS; i++)
		for (at = t->buckets[i]; at != RBD_PLOCK_NONE;
		     at = t->entries[at].next)
			n += t->entries[at].waiting;
	return n;
}

/* All of a resource's waits of the node go before anybody is granted. */
static void drop_all(struct rbd_plock_table *t, u32 *bucket, u32 node,
		     u64 resource)
{
	u32 *link = bucket;
	const struct rbd_plock_entry *e;

	while (*link != RBD_PLOCK_NONE) {
		e = &t->entries[*link];
		if (e->op.node == node && e->op.resource == resource)
			drop(t, link);
		else
			link = &t->entries[*link].next;
	}
}

int rbd_plock_purge(struct rbd_plock_table *t, u32 node,
		    rbd_plock_granted granted, void *arg)
{
	u64 resource = 0;
	u32 i;

	if (t->unused < OP_ENTRIES + count_all_waiting(t))
		return -ENOMEM;
	for (i = 0; i < RBD_PLOCK_BUCKETS; i++) {
		while (next_resource(t, t->buckets[i], node, &resource)) {
			drop_all(t, &t->buckets[i], node, resource);
			grant(t, resource, granted, arg);
		}
	}
	return 0;
}

int rbd_plock_each(const struct rbd_plock_table *t, u32 node,
		   int (*each)(void *arg, const struct rbd_plock_op *op,
			       bool waiting),
		   void *arg)
{
	const struct rbd_plock_entry *e;
	u32 pass, i, at;
	int ret = 0;

	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < RBD_PLOCK_BUCKETS; i++) {
			for (at = t->buckets[i]; !ret && at != RBD_PLOCK_NONE;
			     at = e->next) {
				e = &t->entries[at];
				if (e->waiting == !!pass &&
				    (node == RBD_PLOCK_NONE ||
				     e->op.node == node))
					ret = each(arg, &e->op, e->waiting);
			}
		}
	}
	return ret;
}
