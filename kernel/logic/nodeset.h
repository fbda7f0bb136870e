/* SPDX-License-Identifier: GPL-2.0 */
/* A set of node numbers, 0 to 254. */
#ifndef RBD_LOGIC_NODESET_H
#define RBD_LOGIC_NODESET_H

#include "base.h"

#define RBD_NODESET_WORDS 4
#define RBD_NODESET_BYTES 32
/* Numbers beyond are in no set. */
#define RBD_NODESET_MAX 255

struct rbd_nodeset {
	u64 w[RBD_NODESET_WORDS];
};

static inline bool rbd_nodeset_has(const struct rbd_nodeset *s, unsigned int n)
{
	return n < RBD_NODESET_MAX && (s->w[n / 64] >> (n % 64) & 1);
}

static inline void rbd_nodeset_add(struct rbd_nodeset *s, unsigned int n)
{
	if (n < RBD_NODESET_MAX)
		s->w[n / 64] |= (u64)1 << (n % 64);
}

static inline void rbd_nodeset_del(struct rbd_nodeset *s, unsigned int n)
{
	if (n < RBD_NODESET_MAX)
		s->w[n / 64] &= ~((u64)1 << (n % 64));
}

static inline void rbd_nodeset_zero(struct rbd_nodeset *s)
{
	memset(s, 0, sizeof(*s));
}

static inline bool rbd_nodeset_empty(const struct rbd_nodeset *s)
{
	return !(s->w[0] | s->w[1] | s->w[2] | s->w[3]);
}

static inline bool rbd_nodeset_equal(const struct rbd_nodeset *a,
				     const struct rbd_nodeset *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool rbd_nodeset_meets(const struct rbd_nodeset *a,
				     const struct rbd_nodeset *b)
{
	return (a->w[0] & b->w[0]) | (a->w[1] & b->w[1]) | (a->w[2] & b->w[2]) |
	       (a->w[3] & b->w[3]);
}

static inline void rbd_nodeset_join(struct rbd_nodeset *a,
				    const struct rbd_nodeset *b)
{
	unsigned int i;

	for (i = 0; i < RBD_NODESET_WORDS; i++)
		a->w[i] |= b->w[i];
}

/* The smallest number of the set that is at least @from, or -1. */
static inline int rbd_nodeset_next(const struct rbd_nodeset *s,
				   unsigned int from)
{
	unsigned int i = from / 64;
	u64 w;

	if (from >= RBD_NODESET_MAX)
		return -1;
	w = s->w[i] & (~(u64)0 << (from % 64));
	while (!w) {
		if (++i == RBD_NODESET_WORDS)
			return -1;
		w = s->w[i];
	}
	return (int)(i * 64) + __builtin_ctzll(w);
}

static inline unsigned int rbd_nodeset_count(const struct rbd_nodeset *s)
{
	unsigned int count = 0;
	int n;

	for (n = rbd_nodeset_next(s, 0); n >= 0;
	     n = rbd_nodeset_next(s, (unsigned int)n + 1))
		count++;
	return count;
}

/* For every number @n (an int) of the set @s, ascending. */
#define rbd_nodeset_for_each(n, s)                     \
	for ((n) = rbd_nodeset_next((s), 0); (n) >= 0; \
	     (n) = rbd_nodeset_next((s), (unsigned int)(n) + 1))

#endif
